//! How fast a section is saved: 15 items with checks, versions and history, by one client, beside the bare rate at which
//! the same database takes single rows. `cargo bench --bench section_save`, with `TEST_POSTGRES_URL` on PostgreSQL as
//! well; `-- SAVES` says how many saves, 1,000 unless told.
//!
//! Prints a line of JSON for each database: rows and saves a second, their ratio, and the statements of one save.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use diesel::RunQueryDsl as _;
use diesel::connection::{InstrumentationEvent, SimpleConnection as _};
use facilities_audit::app::imports::{self, ImportOptions};
use facilities_audit::app::responses::{self, AnswerChange, Extent, Seen};
use facilities_audit::app::{App, Environment, Settings};
use facilities_audit::domain::access::Principal;
use facilities_audit::domain::interchange::FileKind;
use facilities_audit::formats::seeds::{SeedFiles, read_reference};
use facilities_audit::store::DbConn;
use serde_json::json;

#[path = "measuring/databases.rs"]
mod databases;

type Failed = Box<dyn std::error::Error>;

/// A service of the synthetic country that answered for 2021 and has not begun 2022.
const SERVICE: &str = "FLS003";
const YEAR: i32 = 2022;
const ITEMS: usize = 15;
/// Bare rows beside each save.
const INSERTS: u32 = 4;

static STATEMENTS: AtomicU64 = AtomicU64::new(0);

fn main() -> Result<(), Failed> {
    let saves = std::env::args().skip(1).find_map(|argument| argument.parse().ok()).unwrap_or(1_000);
    diesel::connection::set_default_instrumentation(|| {
        Some(Box::new(|event: InstrumentationEvent<'_>| {
            if let InstrumentationEvent::StartQuery { query, .. } = event {
                STATEMENTS.fetch_add(1, Ordering::Relaxed);
                if std::env::var_os("SHOW_STATEMENTS").is_some() {
                    eprintln!("{query}");
                }
            }
        }))
    })?;
    databases::on_each("facilities_audit_section_save", |database, url| measure(database, url, saves))
}

fn measure(database: &str, url: &str, saves: u32) -> Result<(), Failed> {
    let reference = read_reference(&SeedFiles::Embedded)?;
    let app = App::open(url, reference, Settings::default(), Environment::system())?;
    let who = Principal::command_line();
    for kind in FileKind::ALL.into_iter().filter(|kind| *kind != FileKind::KpiCounts) {
        let Ok(bytes) = SeedFiles::Embedded.bytes(&format!("demo/{}", kind.file_name())) else { continue };
        imports::file(&app, &who, kind, bytes.as_slice(), ImportOptions::default(), &mut |_| ())?;
    }

    let mut conn = app.database().connection()?;
    let conn: &mut DbConn = &mut conn;
    match conn {
        DbConn::Sqlite(conn) => conn.batch_execute("CREATE TABLE bare (id BIGINT PRIMARY KEY, value TEXT NOT NULL)")?,
        DbConn::Postgres(conn) => {
            conn.batch_execute("CREATE TABLE bare (id BIGINT PRIMARY KEY, value TEXT NOT NULL)")?;
        }
    }
    let section = Extent::Section("staffing".into());
    let mut view = responses::confirm(&app, &who, YEAR, SERVICE, &section, &Seen::new())?;
    let staffing = view.questionnaire.section("staffing").ok_or("no such section")?.items.clone();
    let (mut inserting, mut saving, mut statements) = (Duration::ZERO, Duration::ZERO, 0);
    // In turns, so that what else the machine does meets both alike.
    for save in 0..saves {
        let began = Instant::now();
        for id in save * INSERTS..(save + 1) * INSERTS {
            diesel::sql_query("INSERT INTO bare (id, value) VALUES ($1, $2)")
                .bind::<diesel::sql_types::BigInt, _>(i64::from(id))
                .bind::<diesel::sql_types::Text, _>("a value of a few words")
                .execute(conn)?;
        }
        inserting += began.elapsed();
        let changes = staffing.iter().take(ITEMS).map(|item| {
            let answer = view.response.document.get(&item.link_id);
            AnswerChange {
                link_id: item.link_id.clone(),
                based_on: answer.map_or(0, |answer| answer.version),
                entry: answer.map_or(
                    facilities_audit::domain::questionnaire::answer::Entry::NotKnown,
                    facilities_audit::domain::questionnaire::answer::Answer::entry,
                ),
                explanation: Some(format!("as told by the finance team, time {save}")),
            }
        });
        let changes = changes.collect();
        let (began, counted) = (Instant::now(), STATEMENTS.load(Ordering::Relaxed));
        view = responses::save(&app, &who, YEAR, SERVICE, changes)?;
        saving += began.elapsed();
        statements += STATEMENTS.load(Ordering::Relaxed) - counted;
    }
    let rows_a_second = f64::from(saves * INSERTS) / inserting.as_secs_f64();
    let saves_a_second = f64::from(saves) / saving.as_secs_f64();
    println!(
        "{}",
        json!({
            "database": database,
            "rows_a_second": rows_a_second,
            "saves_a_second": saves_a_second,
            "ratio": saves_a_second / rows_a_second,
            "statements_a_save": statements / u64::from(saves),
        })
    );
    Ok(())
}
