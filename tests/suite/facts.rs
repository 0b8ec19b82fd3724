//! The facts of submitted responses, as analysis reads them.

use std::collections::BTreeMap;

use diesel::RunQueryDsl as _;
use facilities_audit::app::{App, Environment, Settings};
use facilities_audit::domain::hundredths::Hundredths;
use facilities_audit::domain::questionnaire::facts::Fact;
use facilities_audit::store::DbConn;
use facilities_audit::store::facts::{self, FactsByName};
use facilities_audit_tests::on_both_databases;

const NAMES: [&str; 10] = [
    "setting",
    "first_prescription",
    "governance_frequency",
    "monitoring_provided",
    "monitoring_scope",
    "monitoring_responsible",
    "vacancy_over_6_months",
    "nurse_admin_share",
    "staff_in_post/nurse",
    "staff_establishment/nurse",
];

fn read(app: &App, year: i32) -> FactsByName {
    facts::of_round(&mut app.database().connection().unwrap(), year, &NAMES).unwrap()
}

fn run(app: &App, sql: &str) {
    match &mut *app.database().connection().unwrap() {
        DbConn::Sqlite(conn) => diesel::sql_query(sql).execute(conn).unwrap(),
        DbConn::Postgres(conn) => diesel::sql_query(sql).execute(conn).unwrap(),
    };
}

fn count(of: &BTreeMap<String, Fact>, wanted: impl Fn(&Fact) -> bool) -> usize {
    of.values().filter(|fact| wanted(fact)).count()
}

on_both_databases! {
    /// An import of a round that is over projects its answers; what is not asked, not shown and not known stays apart.
    fn the_facts_of_an_imported_country(world: World) {
        let app = world.app_with(Settings::default(), Environment::system());
        facilities_audit::app::demo::load_country(&app, &mut |_, _, _| {}).unwrap();
        let facts = read(&app, 2021);
        assert!(facts.values().all(|of| of.len() == 70), "each of 70 services says something of every fact");
        assert_eq!(count(&facts["monitoring_provided"], |fact| fact.flag() == Some(true)), 56);
        assert_eq!(count(&facts["monitoring_scope"], |fact| *fact == Fact::NotApplicable), 14);
        assert_eq!(count(&facts["monitoring_scope"], |fact| fact.codes().is_some()), 56);
        assert_eq!(count(&facts["staff_establishment/nurse"], |fact| *fact == Fact::Unanswered), 13);
        assert_eq!(count(&facts["first_prescription"], |fact| fact.has("fls_prescribes") == Some(true)), 20);
        assert_eq!(count(&facts["governance_frequency"], |fact| fact.has("none") == Some(true)), 28);
        let nurses: i64 = facts["staff_in_post/nurse"].values().filter_map(Fact::measure).map(|wte| wte.0).sum();
        assert_eq!(nurses, 11_130);
        let earlier = read(&app, 2019);
        assert_eq!(earlier["first_prescription"].len(), 63);
        assert!(!earlier.contains_key("monitoring_scope"), "2019 does not ask what monitoring covers");
        assert!(read(&app, 2022).is_empty(), "nobody has submitted yet");

        // A program that finds facts of another basis, or none, projects them anew; one that finds its own does not.
        run(&app, "DELETE FROM item_facts WHERE year = 2019");
        run(&app, "UPDATE item_facts SET number = 7 WHERE fact = 'staff_in_post/nurse'");
        let seven = |facts: &FactsByName| facts["staff_in_post/nurse"]["FLS002"] == Fact::Measure(Hundredths(7));
        assert!(seven(&read(&world.app(), 2021)));
        run(&app, "UPDATE installation SET value = 'another' WHERE name = 'facts_basis'");
        let reopened = world.app();
        assert_eq!(read(&reopened, 2021), facts);
        assert_eq!(read(&reopened, 2019), earlier);
        run(&app, "DELETE FROM item_facts");
        run(&app, "DELETE FROM installation WHERE name = 'facts_basis'");
        assert_eq!(read(&world.app(), 2021), facts);
    }
}
