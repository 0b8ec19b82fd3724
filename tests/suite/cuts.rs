//! Data cuts: the same data have the same hash on either database, and what is asked of a cut does not move.

use facilities_audit::app::counts::{self, Sent};
use facilities_audit::app::imports::{self, ImportOptions};
use facilities_audit::app::kpis::{self, BenchmarkQuery, CascadeOf, FindingsQuery, YearOf};
use facilities_audit::app::{App, cuts};
use facilities_audit::domain::access::Principal;
use facilities_audit::domain::interchange::FileKind;
use facilities_audit_tests::{Backend, World};

fn team() -> Principal {
    Principal::command_line()
}

fn import(app: &App, responses: &str) {
    let (kind, options) = (FileKind::Responses, ImportOptions::default());
    let report = imports::file(app, &team(), kind, responses.as_bytes(), options, &mut |_| ()).unwrap();
    assert_eq!((&report.problems[..], report.rows_changed), (&[][..], 1));
}

#[test]
fn the_same_data_give_the_same_cut_and_a_cut_does_not_move() {
    let worlds = [Backend::Sqlite, Backend::Postgres].map(World::with_demo_data);
    let [sqlite, postgres] = worlds.each_ref().map(World::app);
    let made = [&sqlite, &postgres].map(|app| cuts::make(app, &team(), 2021, "Report").unwrap());
    let parts = [(&sqlite, &made[0]), (&postgres, &made[1])]
        .map(|(app, cut)| cuts::one(app, &team(), 2021, &cut.id).unwrap().1);
    assert_eq!(parts[0], parts[1]);
    assert_eq!(made[0].hash, made[1].hash);

    let findings = |cut: Option<&str>| {
        let query = FindingsQuery { year: 2021, with: None, cut: cut.map(Into::into) };
        kpis::national_findings(&postgres, &team(), &query).unwrap()
    };
    let as_it_stood = findings(None).findings;
    import(&postgres, "service_code,year,link_id,row,value\nFLS012,2021,governance_frequency,,monthly\n");
    import(&postgres, "service_code,year,link_id,row,value\nFLS012,2019,staff_in_post,nurse/6,9\n");
    assert_ne!(findings(None).findings, as_it_stood);
    let frozen = findings(Some(&made[1].id));
    assert_eq!(frozen.findings, as_it_stood);
    assert_eq!(frozen.quoted.cut.unwrap().hash, made[1].hash);

    // A correction moves the live figures and not those of the cut, which are the same as before it.
    let app = postgres;
    let ask = |kpi, cut: Option<&str>| {
        let query = BenchmarkQuery { kpi, year: 2021, cut: cut.map(Into::into), ..BenchmarkQuery::default() };
        kpis::benchmark(&app, &team(), &query).unwrap()
    };
    let before: Vec<_> = (1..=11).map(|kpi| ask(kpi, None).benchmark).collect();
    let text = "service_code,month,kpi,stratum,numerator,denominator,eligible,complete\nFLS012,2021-01,4,,0,1,,\n";
    let entered = counts::put(&app, &team(), Sent::Csv(text.as_bytes()), ImportOptions::default()).unwrap();
    assert_eq!(entered.counts.changed, 1);
    let cut = &made[1];
    for (kpi, before) in (1..=11).zip(&before) {
        let frozen = ask(kpi, Some(&cut.id));
        assert_eq!(&frozen.benchmark, before, "KPI {kpi}");
        assert_eq!(frozen.quoted.cut.unwrap().hash, cut.hash);
    }
    assert_ne!(ask(4, None).benchmark, before[3]);
    let of = YearOf { year: 2021, cut: Some(cut.id.clone()) };
    assert_eq!(kpis::service_kpis(&app, &team(), "FLS012", of.clone()).unwrap().kpis[3].figure, {
        let row = before[3].rows.iter().find(|row| row.service == "FLS012").unwrap();
        row.figure.clone()
    });
    let recorded = kpis::cascade(&app, &team(), CascadeOf::Nation, of).unwrap().cascade.steps[1].people;
    assert_eq!(recorded, Some(70_384));
    let acute = BenchmarkQuery {
        kpi: 4,
        year: 2021,
        setting: Some("acute".into()),
        cut: Some(cut.id.clone()),
        ..BenchmarkQuery::default()
    };
    assert!(!kpis::benchmark(&app, &team(), &acute).unwrap().benchmark.rows.is_empty());
    // Another cut of the corrected data has another hash, and beside the first it says what was corrected.
    let corrected = cuts::make(&app, &team(), 2021, "").unwrap();
    assert_ne!(corrected.hash, cut.hash);
    let compared = cuts::compare(&app, &team(), 2021, &cut.id, &corrected.id).unwrap();
    let told: Vec<(&str, usize, usize, usize)> =
        compared.parts.iter().map(|part| (part.name.as_str(), part.added, part.removed, part.changed)).collect();
    assert_eq!(told, [("kpi_counts.csv", 0, 0, 1), ("responses.csv", 0, 2, 2)], "a grid comes in whole");
    let count = &compared.parts[0].rows[0];
    assert!(count.key.starts_with("FLS012 · 2021-01 · 4"), "{count:?}");
    assert!(count.to.as_ref().unwrap().starts_with("0 · 1"), "{count:?}");
    assert!(compared.same > 5);
    assert!(cuts::compare(&app, &team(), 2021, &cut.id, &cut.id).unwrap().parts.is_empty());
    assert_eq!(cuts::compare(&app, &team(), 2019, &cut.id, &cut.id).unwrap_err().code(), "not_found");
}
