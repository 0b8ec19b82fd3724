//! The migrations of both databases: the same steps, up and down, by one process or by two at once.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use diesel::sql_types::Text;
use diesel::{Connection as _, PgConnection, QueryableByName, RunQueryDsl as _, SqliteConnection, sql_query};
use diesel_migrations::{EmbeddedMigrations, MigrationHarness};
use facilities_audit::store::connection::{Address, POSTGRES_MIGRATIONS, SQLITE_MIGRATIONS};
use facilities_audit_tests::{Backend, Ran, World, demo_folder, on_both_databases};

fn names(folder: &str) -> BTreeSet<String> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../migrations").join(folder);
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
}

#[test]
fn both_databases_take_the_same_steps() {
    assert_eq!(names("sqlite"), names("postgres"));
}

#[derive(QueryableByName)]
struct Described {
    #[diesel(sql_type = Text)]
    described: String,
}

/// Every table and index as the database describes it.
fn schema(world: &World) -> Vec<String> {
    let (sqlite, postgres) = (
        "SELECT sql AS described FROM sqlite_schema \
         WHERE sql IS NOT NULL AND name NOT LIKE '\\_\\_diesel%' ESCAPE '\\' ORDER BY 1",
        "SELECT concat_ws(' ', table_name, ordinal_position, column_name, data_type, is_nullable) AS described \
         FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_diesel%' \
         UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename NOT LIKE '\\_\\_diesel%' \
         ORDER BY 1",
    );
    let rows: Vec<Described> = match world.backend() {
        Backend::Sqlite => sql_query(sqlite).load(&mut sqlite_connection(world)).unwrap(),
        Backend::Postgres => sql_query(postgres).load(&mut PgConnection::establish(world.url()).unwrap()).unwrap(),
    };
    rows.into_iter().map(|row| row.described).collect()
}

fn sqlite_connection(world: &World) -> SqliteConnection {
    let Address::Sqlite(path) = Address::parse(world.url()).unwrap() else { panic!("not SQLite") };
    SqliteConnection::establish(path.to_str().unwrap()).unwrap()
}

fn up_and_down<C>(mut conn: C, migrations: fn() -> EmbeddedMigrations, schema: impl Fn() -> Vec<String>)
where
    C: MigrationHarness<C::Backend> + diesel::Connection,
{
    conn.run_pending_migrations(migrations()).unwrap();
    let once = schema();
    assert!(!once.is_empty());
    conn.revert_all_migrations(migrations()).unwrap();
    assert_eq!(schema(), Vec::<String>::new(), "going down leaves something behind");
    conn.run_pending_migrations(migrations()).unwrap();
    assert_eq!(schema(), once);
}

on_both_databases! {
    fn down_takes_back_what_up_made(world: World) {
        match world.backend() {
            Backend::Sqlite => up_and_down(sqlite_connection(&world), || SQLITE_MIGRATIONS, || schema(&world)),
            Backend::Postgres => {
                let conn = PgConnection::establish(world.url()).unwrap();
                up_and_down(conn, || POSTGRES_MIGRATIONS, || schema(&world));
            }
        }
    }

    /// Four programs start on one empty database at the same moment.
    fn programs_may_start_at_once(world: World) {
        let folder = world.path("register");
        fs::create_dir(&folder).unwrap();
        fs::copy(demo_folder().join("services.csv"), folder.join("services.csv")).unwrap();
        let started: Vec<_> = (0..4)
            .map(|_| {
                let mut command = world.program(&["import"]);
                command.arg(&folder).stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::piped());
                command.spawn().unwrap()
            })
            .collect();
        for child in started {
            Ran::from(child.wait_with_output().unwrap()).succeeded();
        }
    }
}
