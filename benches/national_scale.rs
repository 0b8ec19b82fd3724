//! Benchmarks at the scale of a continent: 10,000 services, 120 months, 10 KPIs, on both databases.
//!
//! `cargo bench --bench national_scale`, with `TEST_POSTGRES_URL` on PostgreSQL as well; `-- SERVICES YEARS` for another
//! size. The country is generated from a seed, goes in by the import's own way, a year a file, and is asked for one KPI of
//! one year. Prints a line of JSON for each database: rows a second of a bulk PUT, beside bare inserts of the same rows;
//! milliseconds of the totals read, of the whole national benchmark and of its page; and the plan of the read. CPU seconds
//! are those of this process: the work of a PostgreSQL server is not in them.

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Instant;

use diesel::RunQueryDsl as _;
use diesel::connection::SimpleConnection as _;
use diesel::sql_types::Text;
use facilities_audit::app::imports::{self, ImportOptions};
use facilities_audit::app::kpis::{self, BenchmarkQuery};
use facilities_audit::app::{App, Environment, Settings, accounts, counts, sessions, sign_in};
use facilities_audit::auth::key::ServerKey;
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit::domain::interchange::FileKind;
use facilities_audit::formats::csv::header;
use facilities_audit::formats::seeds::{SeedFiles, read_reference};
use facilities_audit::store::{self, DbConn};
use poem::http::StatusCode;
use poem::{Endpoint as _, EndpointExt as _, Request};
use serde_json::json;

#[path = "measuring/cpu.rs"]
mod cpu;
#[path = "measuring/databases.rs"]
mod databases;

type Failed = Box<dyn std::error::Error>;

/// The year that is asked for, a round with a methodology; the generated years end with it.
const YEAR: i32 = 2021;
const KPI: i32 = 4;
/// Counts in one bulk PUT.
const BULK: usize = 100_000;

fn main() -> Result<(), Failed> {
    let mut sizes = std::env::args().skip(1).filter_map(|argument| argument.parse::<u16>().ok());
    let services = sizes.next().unwrap_or(10_000).into();
    let years = sizes.next().unwrap_or(10).into();
    databases::on_each("facilities_audit_national_scale", |database, url| measure(database, url, services, years))
}

fn measure(database: &str, url: &str, services: usize, years: i32) -> Result<(), Failed> {
    let reference = read_reference(&SeedFiles::Embedded)?;
    let settings = Settings { demo: true, key: Some(ServerKey::from_bytes(b"bench")), ..Settings::default() };
    let app = App::open(url, reference, settings, Environment::system())?;
    let who = Principal::command_line();
    let mut chance = Chance(0x5eed);
    for (kind, text) in registers(services, &mut chance) {
        import(&app, &who, kind, &text)?;
    }
    let began = Instant::now();
    let mut rows = 0;
    for year in YEAR - years + 1..=YEAR {
        let text = counts_of_year(services, year, &mut chance);
        rows += text.lines().count() - 1;
        import(&app, &who, FileKind::KpiCounts, &text)?;
        eprintln!("{database}: {year} is in");
    }
    let import_rate = rate(rows, began);

    let sent = bulk(services, YEAR + 1, &mut chance);
    let (began, cpu_before) = (Instant::now(), cpu::seconds_of("self")?);
    let report = counts::put(&app, &who, counts::Sent::Csv(sent.as_bytes()), ImportOptions::default())?;
    let (put_rate, put_cpu) = (rate(BULK, began), cpu::seconds_of("self")? - cpu_before);
    if !report.problems.is_empty() {
        return Err(format!("the bulk PUT was refused: {:?}", report.problems.first()).into());
    }
    let began = Instant::now();
    bare_inserts(&mut *app.database().connection()?, &sent)?;
    let bare_rate = rate(BULK, began);

    let mut conn = app.database().connection()?;
    if let DbConn::Postgres(conn) = &mut *conn {
        conn.batch_execute("VACUUM ANALYZE")?;
    }
    let read = median(|| Ok(black_box(store::totals::cases_of_kpi(&mut conn, KPI, YEAR)?.len()) == services))?;
    let plan = plan(&mut conn)?;
    drop(conn);
    let query = BenchmarkQuery { kpi: KPI, year: YEAR, ..BenchmarkQuery::default() };
    let whole = median(|| Ok(!kpis::benchmark(&app, &who, &query)?.benchmark.rows.is_empty()))?;
    let cpu_before = cpu::seconds_of("self")?;
    let page = page(&app)?;
    let page_cpu = (cpu::seconds_of("self")? - cpu_before) * 1_000.0 / f64::from(RUNS);
    println!(
        "{}",
        json!({
            "database": database,
            "counts": rows,
            "import_rows_a_second": import_rate,
            "put_rows_a_second": put_rate,
            "put_cpu_seconds": put_cpu,
            "bare_rows_a_second": bare_rate,
            "put_to_bare": put_rate / bare_rate,
            "totals_ms": read,
            "benchmark_ms": whole,
            "page_ms": page,
            "page_cpu_ms": page_cpu,
            "plan": plan,
        })
    );
    Ok(())
}

fn import(app: &App, who: &Principal, kind: FileKind, text: &str) -> Result<(), Failed> {
    let report = imports::file(app, who, kind, text.as_bytes(), ImportOptions::default(), &mut |_| ())?;
    report.problems.first().map_or(Ok(()), |problem| Err(format!("{kind:?}: {problem:?}").into()))
}

#[expect(clippy::cast_precision_loss, reason = "row counts are far below 2^52")]
fn rate(rows: usize, began: Instant) -> f64 {
    rows as f64 / began.elapsed().as_secs_f64()
}

/// How often each reading is timed.
const RUNS: u32 = 15;

/// Milliseconds of the median of 15 runs; each says whether it found what it should.
fn median(mut run: impl FnMut() -> Result<bool, Failed>) -> Result<f64, Failed> {
    let mut times = Vec::new();
    for _ in 0..RUNS {
        let began = Instant::now();
        if !run()? {
            return Err("a benchmark without its rows".into());
        }
        times.push(began.elapsed().as_secs_f64() * 1_000.0);
    }
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().ok_or_else(|| "no time".into())
}

/// The benchmark's page through the pages' own router, signed in.
fn page(app: &App) -> Result<f64, Failed> {
    let token = accounts::add_user(
        app,
        &Principal::command_line(),
        "lead@audit.example",
        None,
        Role::FlsLead,
        Some(&code(1)),
        None,
    )?;
    let session = sign_in::with_link(app, &sessions::Visit::unknown(), &token)?.session;
    let routes = facilities_audit::web::routes(app.clone()).map_to_response();
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    median(|| {
        let request = Request::builder()
            .uri_str(format!("/kpis/{KPI}/benchmark?year={YEAR}"))
            .header("cookie", format!("facilities_audit_session={session}"))
            .finish();
        let (status, body) = runtime.block_on(async {
            let response = routes.get_response(request).await;
            (response.status(), response.into_body().into_string().await)
        });
        Ok(status == StatusCode::OK && body?.contains("<svg"))
    })
}

fn plan(conn: &mut DbConn) -> Result<Vec<String>, Failed> {
    #[derive(diesel::QueryableByName)]
    struct Sqlite {
        #[diesel(sql_type = Text)]
        detail: String,
    }
    #[derive(diesel::QueryableByName)]
    struct Postgres {
        #[diesel(sql_type = Text, column_name = "QUERY PLAN")]
        line: String,
    }
    let asked = format!(
        "SELECT service_code, numerator, denominator, denominators FROM kpi_totals \
         WHERE kpi = {KPI} AND year = {YEAR} AND stratum = ''"
    );
    Ok(match conn {
        DbConn::Sqlite(conn) => {
            let rows: Vec<Sqlite> = diesel::sql_query(format!("EXPLAIN QUERY PLAN {asked}")).load(conn)?;
            rows.into_iter().map(|row| row.detail).collect()
        }
        DbConn::Postgres(conn) => {
            let rows: Vec<Postgres> = diesel::sql_query(format!("EXPLAIN (ANALYZE, BUFFERS) {asked}")).load(conn)?;
            rows.into_iter().map(|row| row.line).collect()
        }
    })
}

/// The same rows into a table with the same key and nothing else, in one transaction: the ceiling of the database.
fn bare_inserts(conn: &mut DbConn, csv: &str) -> Result<(), Failed> {
    const TABLE: &str = "CREATE TABLE bare_counts (kpi INTEGER NOT NULL, month INTEGER NOT NULL, service_code TEXT NOT NULL, \
         numerator BIGINT NOT NULL, denominator BIGINT, PRIMARY KEY (kpi, month, service_code))";
    let mut statements = String::new();
    let mut lines = csv.lines().skip(1).peekable();
    while lines.peek().is_some() {
        statements.push_str("INSERT INTO bare_counts VALUES ");
        for (place, line) in lines.by_ref().take(500).enumerate() {
            let fields: Vec<&str> = line.split(',').collect();
            let [service, month, kpi, _, numerator, denominator, ..] = fields.as_slice() else {
                return Err("a row of too few fields".into());
            };
            let denominator = if denominator.is_empty() { "NULL" } else { denominator };
            let comma = if place == 0 { "" } else { "," };
            let month = month.replace('-', "");
            write!(statements, "{comma}({kpi},{month},'{service}',{numerator},{denominator})")?;
        }
        statements.push(';');
    }
    match conn {
        DbConn::Sqlite(conn) => conn.batch_execute(&format!("{TABLE} WITHOUT ROWID; BEGIN; {statements} COMMIT"))?,
        DbConn::Postgres(conn) => conn.batch_execute(&format!("{TABLE}; BEGIN; {statements} COMMIT"))?,
    }
    Ok(())
}

/// A small generator of chance (xorshift), so that every run has the same country.
struct Chance(u64);

impl Chance {
    /// From 0 up to, and without, `bound`.
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound
    }
}

fn code(service: usize) -> String {
    format!("B{service:05}")
}

/// Services of one area with a hospital each.
fn registers(services: usize, chance: &mut Chance) -> Vec<(FileKind, String)> {
    let mut files =
        [FileKind::Services, FileKind::Hospitals, FileKind::HipFractures].map(|kind| (kind, header(kind) + "\n"));
    let [(_, service_rows), (_, hospitals), (_, hip_fractures)] = &mut files;
    for service in 1..=services {
        let code = code(service);
        let hips = 100 + chance.below(600);
        let _ = writeln!(service_rows, "{code},Service {service},R{service:05},Trust {service},{AREA},2010-01-01,,");
        let _ = writeln!(hospitals, "H{service:05},Hospital {service},{AREA},{code},2010-01-01,,,");
        for year in [YEAR - 2, YEAR] {
            let _ = writeln!(hip_fractures, "H{service:05},{year},{hips}");
        }
    }
    files.into()
}

const AREA: &str = "QMJ";

fn count_row(text: &mut String, service: usize, year: i32, month: u32, kpi: i32, chance: &mut Chance) {
    let cases = 20 + chance.below(80);
    let reached = cases * (20 + chance.below(60)) / 100;
    let code = code(service);
    let _ = match kpi {
        2 | 3 => writeln!(text, "{code},{year}-{month:02},{kpi},,{cases},,,"),
        _ => writeln!(text, "{code},{year}-{month:02},{kpi},,{reached},{cases},{cases},{reached}"),
    };
}

fn counts_of_year(services: usize, year: i32, chance: &mut Chance) -> String {
    let mut text = header(FileKind::KpiCounts) + "\n";
    for service in 1..=services {
        for month in 1..=12 {
            for kpi in 2..=11 {
                count_row(&mut text, service, year, month, kpi, chance);
            }
        }
    }
    text
}

/// Counts of a year that has none yet, as many as a bulk PUT holds.
fn bulk(services: usize, year: i32, chance: &mut Chance) -> String {
    let mut text = header(FileKind::KpiCounts) + "\n";
    let keys = (1..=services)
        .flat_map(|service| (1..=12).flat_map(move |month| (2..=11).map(move |kpi| (service, month, kpi))));
    for (service, month, kpi) in keys.take(BULK) {
        count_row(&mut text, service, year, month, kpi, chance);
    }
    text
}
