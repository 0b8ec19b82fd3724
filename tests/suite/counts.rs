//! KPI counts as they are written: whatever is written by however many at once, the yearly totals are the sums of the
//! months, and nothing that stood there is lost.

use std::collections::BTreeMap;
use std::fs;
use std::sync::Barrier;
use std::thread;

use diesel::sql_types::BigInt;
use diesel::{QueryableByName, RunQueryDsl as _, sql_query};
use facilities_audit::app::App;
use facilities_audit::app::counts::{self, Removal, Sent};
use facilities_audit::app::imports::{self, ImportOptions};
use facilities_audit::domain::access::Principal;
use facilities_audit::domain::history::Object;
use facilities_audit::domain::interchange::FileKind;
use facilities_audit::store::{DbConn, history};
use facilities_audit_tests::{World, on_both_databases};

const HEADER: &str = "service_code,month,kpi,stratum,numerator,denominator,eligible,complete\n";
const SERVICES: [&str; 3] = ["AAA", "BBB", "CCC"];

fn team() -> Principal {
    Principal::command_line()
}

/// The service on a world with three services.
fn app(world: &World) -> App {
    let folder = world.path("register");
    fs::create_dir(&folder).unwrap();
    let rows: String = SERVICES.iter().map(|code| format!("{code},{code} Service,,,QOQ,,,\n")).collect();
    let header = "code,name,trust_code,trust_name,area_code,valid_from,valid_to,successor_code\n";
    fs::write(folder.join("services.csv"), format!("{header}{rows}")).unwrap();
    world.import(&folder).succeeded();
    world.app()
}

#[derive(QueryableByName)]
struct Found {
    #[diesel(sql_type = BigInt)]
    n: i64,
}

/// How many yearly totals differ from the sums of their months, and how many totals there are.
fn differing(app: &App) -> (i64, i64) {
    let kept = "SELECT kpi, year, stratum, service_code, numerator, denominator, eligible, complete, periods, \
                denominators, eligibles FROM kpi_totals";
    let sum = |column: &str| format!("CAST(COALESCE(SUM({column}), 0) AS BIGINT)");
    let summed = format!(
        "SELECT kpi, month / 100, stratum, service_code, {}, {}, {}, {}, COUNT(*), COUNT(denominator), COUNT(eligible) \
         FROM kpi_counts GROUP BY kpi, month / 100, stratum, service_code",
        sum("numerator"),
        sum("denominator"),
        sum("eligible"),
        sum("complete"),
    );
    let sql = format!(
        "SELECT COUNT(*) AS n FROM (SELECT * FROM ({kept} EXCEPT {summed}) AS a \
         UNION ALL SELECT * FROM ({summed} EXCEPT {kept}) AS b) AS differing"
    );
    let count = |sql: &str| {
        let mut conn = app.database().connection().unwrap();
        let rows: Vec<Found> = match &mut *conn {
            DbConn::Postgres(conn) => sql_query(sql).load(conn).unwrap(),
            DbConn::Sqlite(conn) => sql_query(sql).load(conn).unwrap(),
        };
        rows[0].n
    };
    (count(&sql), count("SELECT COUNT(*) AS n FROM kpi_totals"))
}

/// Numbers that look random and are the same every time (a linear congruence of Knuth's).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

fn count_row(dice: &mut Dice) -> String {
    let service = SERVICES[usize::try_from(dice.roll(3)).unwrap()];
    let (year, kpi) = (2019 + dice.roll(2), 2 + dice.roll(3));
    let month = format!("{year}-{:02}", 1 + dice.roll(3));
    let stratum = ["", "sex=male"][usize::try_from(dice.roll(2)).unwrap()];
    let numerator = dice.roll(50);
    let denominator = if kpi < 4 { String::new() } else { (50 + dice.roll(50)).to_string() };
    let complete = if dice.roll(2) == 0 { String::new() } else { dice.roll(40).to_string() };
    let eligible = if complete.is_empty() { "" } else { "40" };
    format!("{service},{month},{kpi},{stratum},{numerator},{denominator},{eligible},{complete}\n")
}

/// Writes, corrects or removes something.
fn act(app: &App, dice: &mut Dice) {
    let options = ImportOptions { dry_run: dice.roll(10) == 0, skip_bad_rows: true };
    match dice.roll(4) {
        0 => {
            let removal = Removal {
                service: SERVICES[usize::try_from(dice.roll(3)).unwrap()].into(),
                period: ["2019", "2020-02", "2019-01"][usize::try_from(dice.roll(3)).unwrap()].parse().unwrap(),
                kpi: (dice.roll(2) == 0).then_some(4),
                stratum: (dice.roll(2) == 0).then(String::new),
            };
            counts::remove(app, &team(), &removal, options.dry_run).unwrap();
        }
        kind => {
            let rows: String = (0..=dice.roll(12)).map(|_| count_row(dice)).collect();
            let text = format!("{HEADER}{rows}");
            if kind == 1 {
                imports::file(app, &team(), FileKind::KpiCounts, text.as_bytes(), options, &mut |_| {}).unwrap();
            } else {
                counts::put(app, &team(), Sent::Csv(text.as_bytes()), options).unwrap();
            }
        }
    }
}

fn put(app: &App, rows: &str) -> counts::CountsChanged {
    let text = format!("{HEADER}{rows}");
    counts::put(app, &team(), Sent::Csv(text.as_bytes()), ImportOptions::default()).unwrap().counts
}

on_both_databases! {
    fn yearly_totals_are_the_sums_of_the_months_whoever_writes(world: World) {
        const WRITERS: u64 = 4;
        let app = app(&world);
        for seed in 0..4 {
            let start = Barrier::new(usize::try_from(WRITERS).unwrap());
            thread::scope(|scope| {
                for writer in 0..WRITERS {
                    let (app, start) = (&app, &start);
                    scope.spawn(move || {
                        let mut dice = Dice(seed * WRITERS + writer);
                        start.wait();
                        for _ in 0..6 {
                            act(app, &mut dice);
                        }
                    });
                }
            });
            let (differing, totals) = differing(&app);
            assert_eq!(differing, 0, "after seed {seed}");
            assert!(totals > 0, "seed {seed} left nothing to compare");
        }
        let mut conn = app.database().connection().unwrap();
        assert_eq!(history::verify(&mut conn, &BTreeMap::new()).unwrap().faults, []);
    }

    fn a_correction_keeps_what_stood_there(world: World) {
        let app = app(&world);
        put(&app, "AAA,2021-01,4,,5,10,10,9\nAAA,2021-02,4,,6,10,,\nBBB,2021-01,4,,1,2,,\n");
        let corrected = put(&app, "AAA,2021-01,4,,7,10,10,9\nAAA,2021-02,4,,6,10,,\n");
        assert_eq!((corrected.added, corrected.changed, corrected.unchanged), (0, 1, 1));
        let kept = counts::corrections(&app, &team(), "AAA").unwrap();
        assert_eq!(kept.len(), 1);
        let (old, new) = (kept[0].change.old.unwrap(), kept[0].change.new.unwrap());
        assert_eq!((old.numerator, new.numerator, old.eligible), (5, 7, Some(10)));
        assert_eq!(Some(&kept[0].batch), corrected.batch.as_ref());
        assert_eq!(counts::corrections(&app, &team(), "BBB").unwrap(), []);
        // The chained history has a line a service and request, and the correction's with its digest.
        let mut conn = app.database().connection().unwrap();
        let entries = history::of_object(&mut conn, &Object::Counts("AAA".into()), 0, 10).unwrap();
        assert_eq!(entries.len(), 2);
        assert!(!entries[0].new.as_ref().unwrap().contains("corrections"));
        assert!(entries[1].new.as_ref().unwrap().contains("\"corrections\":\""));
        world.run(&["verify"]).succeeded();
        // What is changed behind the history's back is found.
        let sql = "UPDATE count_corrections SET old_numerator = 6";
        match &mut *conn {
            DbConn::Postgres(conn) => sql_query(sql).execute(conn).unwrap(),
            DbConn::Sqlite(conn) => sql_query(sql).execute(conn).unwrap(),
        };
        world.run(&["verify"]).failed_saying(&["corrections of AAA", "not what the history says"]);
    }

    fn a_year_beside_its_months_is_refused_across_requests(world: World) {
        let app = app(&world);
        put(&app, "AAA,2021-01,4,,5,10,,\n");
        let text = format!("{HEADER}AAA,2021,4,,50,100,,\n");
        let refused = counts::put(&app, &team(), Sent::Csv(text.as_bytes()), ImportOptions::default()).unwrap();
        assert!(!refused.stored && refused.problems[0].column == "month");
        assert_eq!(differing(&app), (0, 1));
    }
}
