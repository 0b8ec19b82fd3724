//! Data cuts: the same data have the same hash on either database, and what is asked of a cut does not move.

use facilities_audit::app::counts::{self, Sent};
use facilities_audit::app::cuts;
use facilities_audit::app::imports::ImportOptions;
use facilities_audit::app::kpis::{self, BenchmarkQuery, CascadeOf, YearOf};
use facilities_audit::domain::access::Principal;
use facilities_audit_tests::{Backend, World};

fn team() -> Principal {
    Principal::command_line()
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
    // Another cut of the corrected data has another hash.
    assert_ne!(cuts::make(&app, &team(), 2021, "").unwrap().hash, cut.hash);
}
