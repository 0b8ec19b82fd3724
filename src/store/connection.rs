//! Connections: SQLite or PostgreSQL by the scheme of the address, behind one type and one pool.

#![allow(missing_docs, reason = "the derive of the common connection type makes undocumented items")]

use std::ops::{Deref, DerefMut};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection as _;
use diesel::r2d2::{ManageConnection, Pool, PooledConnection, R2D2Connection};
use diesel::{Connection as _, PgConnection, RunQueryDsl as _, SqliteConnection};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness as _, embed_migrations};

use super::error::StoreError;
use super::transaction::write_tx;

/// A connection to either database. Ordinary queries take `&mut DbConn` and run unchanged on both.
#[derive(diesel::MultiConnection)]
pub enum DbConn {
    /// PostgreSQL.
    Postgres(PgConnection),
    /// SQLite.
    Sqlite(SqliteConnection),
}

/// Runs the same body on the inner connection, for statements that the common type cannot express (`on_conflict`,
/// batch insert, raw batches).
macro_rules! on_backend {
    ($conn:expr, |$inner:ident| $body:expr) => {
        match $conn {
            $crate::store::DbConn::Postgres($inner) => $body,
            $crate::store::DbConn::Sqlite($inner) => $body,
        }
    };
}
pub(crate) use on_backend;

/// Where the database is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Address {
    /// A file.
    Sqlite(PathBuf),
    /// A server, as libpq reads it (`sslmode`, `sslrootcert` … included).
    Postgres(String),
}

impl Address {
    /// Reads `sqlite:PATH` or `postgres://…`. Anything else is refused rather than guessed at.
    pub fn parse(url: &str) -> Result<Self, StoreError> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(Self::Postgres(url.to_owned()));
        }
        let Some(path) = url.strip_prefix("sqlite:") else {
            let scheme = url.split_once(':').map_or("no scheme", |(scheme, _)| scheme);
            return Err(StoreError::Address(format!(
                "the database address must begin with sqlite: or postgres:// (it has {scheme:?}), for example \
                 sqlite:facilities-audit.db"
            )));
        };
        // `sqlite:///abs/path` and `sqlite:path` are both in use.
        let path = path.strip_prefix("//").unwrap_or(path);
        if path.is_empty() || path.starts_with(':') {
            let why = "the database address names no file; write for example sqlite:facilities-audit.db";
            return Err(StoreError::Address(why.into()));
        }
        Ok(Self::Sqlite(PathBuf::from(path)))
    }

    /// The address without its password, for logs and messages.
    pub fn shown(&self) -> String {
        match self {
            Self::Sqlite(path) => format!("sqlite:{}", path.display()),
            Self::Postgres(url) => {
                let Some((scheme, rest)) = url.split_once("://") else { return "postgres".into() };
                let host = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
                let host = host.split_once('?').map_or(host, |(host, _)| host);
                format!("{scheme}://{host}")
            }
        }
    }

    fn connect(&self) -> Result<DbConn, StoreError> {
        match self {
            Self::Sqlite(path) => open_sqlite(path).map(DbConn::Sqlite),
            Self::Postgres(url) => PgConnection::establish(url).map(DbConn::Postgres).map_err(|error| {
                StoreError::Unreachable(format!(
                    "the PostgreSQL server at {} cannot be used: {}",
                    self.shown(),
                    error.to_string().trim_end()
                ))
            }),
        }
    }
}

/// How long a new connection waits for others that are turning the same file.
const LOCK_PATIENCE: Duration = Duration::from_secs(30);

fn open_sqlite(path: &Path) -> Result<SqliteConnection, StoreError> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(StoreError::Unreachable(format!(
            "the folder {} of the database does not exist; create it or name another file",
            folder.display()
        )));
    }
    let failed = |error: &dyn std::fmt::Display| {
        StoreError::Unreachable(format!("the SQLite file {} cannot be opened: {error}", path.display()))
    };
    let text = path.to_str().ok_or_else(|| failed(&"its path is not UTF-8"))?;
    let mut conn = SqliteConnection::establish(text).map_err(|error| failed(&error))?;
    // FULL, not NORMAL: a save that was acknowledged must survive a power cut. The log is copied back every 16 MB, not
    // every 4: a page that many saves change is then copied once for more of them.
    let pragmas = "PRAGMA busy_timeout = 30000; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; \
                   PRAGMA wal_autocheckpoint = 4000;";
    conn.batch_execute(pragmas).map_err(|error| failed(&error))?;
    keep_journal(&mut conn).map_err(|error| failed(&error))?;
    Ok(conn)
}

/// Turns the file to a write-ahead log. Of several that turn a new file at once SQLite refuses all but one at once,
/// whatever the time to wait for locks says, so those ask again.
fn keep_journal(conn: &mut SqliteConnection) -> diesel::QueryResult<()> {
    let begun = Instant::now();
    loop {
        match conn.batch_execute("PRAGMA journal_mode = WAL;") {
            Err(error) if error.to_string().contains("locked") && begun.elapsed() < LOCK_PATIENCE => {
                std::thread::sleep(Duration::from_millis(10));
            }
            other => return other,
        }
    }
}

/// A connection in the pool.
struct Pooled {
    conn: DbConn,
    /// When it last came back.
    used: Instant,
}

/// A connection from the pool, to which it goes back.
struct Lent(PooledConnection<Manager>);

impl Deref for Lent {
    type Target = DbConn;
    fn deref(&self) -> &DbConn {
        &self.0.conn
    }
}

impl DerefMut for Lent {
    fn deref_mut(&mut self) -> &mut DbConn {
        &mut self.0.conn
    }
}

/// For how long after its last use a connection counts as sound. A server that was started again in the meantime takes
/// about as long; asking before every transaction would cost each of them a journey.
const SOUND: Duration = Duration::from_secs(1);

/// Opens and checks connections for the pool.
#[derive(Debug)]
struct Manager(Address);

impl ManageConnection for Manager {
    type Connection = Pooled;
    type Error = StoreError;

    fn connect(&self) -> Result<Pooled, StoreError> {
        Ok(Pooled { conn: self.0.connect()?, used: Instant::now() })
    }

    fn is_valid(&self, pooled: &mut Pooled) -> Result<(), StoreError> {
        match &mut pooled.conn {
            // A file does not go away between two requests.
            DbConn::Sqlite(_) => Ok(()),
            DbConn::Postgres(_) if pooled.used.elapsed() < SOUND => Ok(()),
            DbConn::Postgres(conn) => conn.batch_execute("SELECT 1").map_err(StoreError::from),
        }
    }

    fn has_broken(&self, pooled: &mut Pooled) -> bool {
        pooled.used = Instant::now();
        // A transaction that could be neither committed nor rolled back: the server is gone.
        std::thread::panicking() || R2D2Connection::is_broken(&mut pooled.conn)
    }
}

/// The database: a pool of connections to it.
#[derive(Clone)]
pub struct Database {
    pool: Pool<Manager>,
    address: Address,
}

impl std::fmt::Debug for Database {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_tuple("Database").field(&self.address.shown()).finish()
    }
}

/// The migrations of SQLite.
pub const SQLITE_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
/// The migrations of PostgreSQL: the same steps under the same names.
pub const POSTGRES_MIGRATIONS: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Connections that one process keeps open at the most.
const POOL_SIZE: u32 = 16;

impl Database {
    /// Opens the database and brings it up to date.
    pub fn open(url: &str) -> Result<Self, StoreError> {
        let address = Address::parse(url)?;
        // Once outside the pool, so that a wrong address is said at once and in its own words.
        let mut conn = address.connect()?;
        migrate(&mut conn)?;
        drop(conn);
        let pool = Pool::builder()
            .max_size(POOL_SIZE)
            .min_idle(Some(0))
            .connection_timeout(Duration::from_secs(30))
            .build(Manager(address.clone()))
            .map_err(|error| StoreError::Unreachable(error.to_string()))?;
        Ok(Self { pool, address })
    }

    /// A connection from the pool.
    pub fn connection(&self) -> Result<impl DerefMut<Target = DbConn>, StoreError> {
        self.pool.get().map(Lent).map_err(|error| {
            StoreError::Unreachable(format!(
                "no connection to {} is free or can be made: {error}",
                self.address.shown()
            ))
        })
    }

    /// Where the database is.
    pub fn address(&self) -> &Address {
        &self.address
    }
}

/// What SQLite finds wrong with its file and with references between rows. PostgreSQL checks its pages and references as
/// it goes, and has its own tools for the rest.
pub fn unsound(conn: &mut DbConn) -> Result<Vec<String>, StoreError> {
    let DbConn::Sqlite(conn) = conn else { return Ok(Vec::new()) };
    let found: Vec<Finding> =
        diesel::sql_query("SELECT integrity_check AS found FROM pragma_integrity_check").load(conn)?;
    let mut unsound: Vec<String> = found.into_iter().map(|row| row.found).filter(|found| found != "ok").collect();
    let broken = "SELECT \"table\" || ': a row refers to one in ' || parent || ' that is not there' AS found \
                  FROM pragma_foreign_key_check";
    let broken: Vec<Finding> = diesel::sql_query(broken).load(conn)?;
    unsound.extend(broken.into_iter().map(|row| row.found));
    Ok(unsound)
}

#[derive(diesel::QueryableByName)]
struct Finding {
    #[diesel(sql_type = diesel::sql_types::Text)]
    found: String,
}

/// Runs the migrations that are missing, all in one transaction; on PostgreSQL one process at a time.
fn migrate(conn: &mut DbConn) -> Result<(), StoreError> {
    let failed = |error: Box<dyn std::error::Error + Send + Sync>| StoreError::Migration(error.to_string());
    write_tx(conn, |conn| {
        if let DbConn::Postgres(conn) = conn {
            // Released with the transaction. The number is arbitrary and ours.
            conn.batch_execute("SELECT pg_advisory_xact_lock(7305018446234112)")?;
        }
        match conn {
            DbConn::Postgres(conn) => conn.run_pending_migrations(POSTGRES_MIGRATIONS).map(drop).map_err(failed),
            DbConn::Sqlite(conn) => conn.run_pending_migrations(SQLITE_MIGRATIONS).map(drop).map_err(failed),
        }
    })
}
