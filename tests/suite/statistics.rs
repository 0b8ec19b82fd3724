//! `statistics ros_gap`: any gap that the service shows can be redone by hand.

use std::io::Write as _;
use std::process::Stdio;

use facilities_audit::app::gaps::{self, GapQuery};
use facilities_audit::domain::access::Principal;
use facilities_audit_tests::{Backend, Ran, World};
use serde_json::{Value, json};

/// Runs the method on some input.
fn statistics(world: &World, method: &str, input: &str) -> Ran {
    let mut command = world.program(&["statistics", method]);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    // The program may refuse its method before it reads; a pipe that it has closed is no failure of the test.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap().into()
}

#[test]
fn every_gap_of_the_country_is_redone() {
    let world = World::with_demo_data(Backend::Sqlite);
    let query = GapQuery { year: 2021, ..GapQuery::default() };
    let report = gaps::report(&world.app(), &Principal::command_line(), &query).unwrap();
    let rows: Vec<_> = report.rows.iter().filter(|row| row.population.is_some()).collect();
    assert_eq!(rows.len(), 140);
    let input: Vec<Value> = rows
        .iter()
        .map(|row| {
            let people = row.population.as_ref().unwrap().people;
            let (nurse, administrator) = (row.nurses.in_post, row.administrators.in_post);
            json!({"population": people, "nurse_wte": nurse, "administrator_wte": administrator})
        })
        .collect();
    let ran = statistics(&world, "ros_gap", &Value::Array(input).to_string()).succeeded();
    let output: Vec<Value> = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(output.len(), rows.len());
    for (redone, row) in output.iter().zip(rows) {
        for (who, gap) in [("nurse", &row.nurses), ("administrator", &row.administrators)] {
            let value = |field: &str| redone[format!("{who}_{field}")].as_f64();
            assert_eq!((value("need_low"), value("need_high")), (gap.need_low, gap.need_high), "{}", row.service);
            assert_eq!((value("gap_low"), value("gap_high")), (gap.gap_low, gap.gap_high), "{}", row.service);
            assert_eq!((value("cover_low"), value("cover_high")), (gap.cover_low, gap.cover_high), "{}", row.service);
            assert_eq!(redone[format!("{who}_position")], gap.position.as_str(), "{}", row.service);
        }
    }
}

#[test]
fn what_is_missing_is_null_and_a_wrong_call_is_told() {
    let world = World::new(Backend::Sqlite);
    let one =
        |input: &str| -> Value { serde_json::from_str(&statistics(&world, "ros_gap", input).succeeded().out).unwrap() };
    assert_eq!(one("{}")["status"], "population_missing");
    assert_eq!(one(r#"{"population": 0, "nurse_wte": 1}"#)["status"], "population_not_positive");
    let unstaffed = one(r#"{"population": 92000, "nurse_wte": 0}"#);
    assert_eq!((&unstaffed["nurse_cover_low"], &unstaffed["people_per_nurse"]), (&json!(0.0), &Value::Null));
    assert_eq!(
        (&unstaffed["administrator_gap_low"], &unstaffed["administrator_position"]),
        (&Value::Null, &json!("missing"))
    );
    statistics(&world, "ros_gap", "{").refused_with(2, &["not JSON"]);
    statistics(&world, "ros_gap", r#"{"people": 1}"#).refused_with(2, &["people"]);
    statistics(&world, "no_such", "{}").refused_with(2, &["no_such", "ros_gap"]);
}
