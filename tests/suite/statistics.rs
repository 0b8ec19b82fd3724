//! The `statistics` command: any figure that the service shows can be redone by hand.

use std::io::Write as _;
use std::process::Stdio;

use facilities_audit::app::gaps::{self, GapQuery};
use facilities_audit::domain::access::Principal;
use facilities_audit_tests::{Backend, Ran, World};
use serde_json::{Value, json};

/// Runs the method on some input.
pub fn statistics(world: &World, method: &str, input: &str) -> Ran {
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

#[test]
fn a_refusal_is_an_answer() {
    let world = World::new(Backend::Sqlite);
    let refusal = |method: &str, input: &str| -> String {
        let printed = statistics(&world, method, input).succeeded().out;
        let answer: Value = serde_json::from_str(&printed).unwrap();
        assert!(answer["message"].as_str().is_some_and(|message| message.contains(' ')), "{printed}");
        answer["error"].as_str().unwrap().to_owned()
    };
    for (method, input, name) in [
        ("wilson", r#"{"x": 1, "n": 0}"#, "zero_denominator"),
        ("wilson", r#"{"x": 3, "n": 2}"#, "numerator_exceeds_denominator"),
        ("wilson", r#"{"x": 1, "n": 2, "confidence": 95}"#, "confidence_out_of_range"),
        ("byar", r#"{"observed": 1, "expected": 0}"#, "zero_denominator"),
        ("funnel", r#"{"x": [1], "n": [0]}"#, "no_units"),
        ("funnel", r#"{"x": [4], "n": [4]}"#, "degenerate_target"),
        ("spearman", r#"{"x": [1, 2, 3], "y": [4, 4, 4]}"#, "zero_variance"),
        ("spearman", r#"{"x": [1, 2, null], "y": [4, 5, 6]}"#, "too_few_pairs"),
        ("spearman", r#"{"x": [1], "y": []}"#, "unequal_lengths"),
        ("mann_whitney", r#"{"a": [], "b": [1]}"#, "empty_group"),
        ("mann_whitney", r#"{"a": [null], "b": [1]}"#, "missing"),
        ("kruskal_wallis", r#"{"groups": [[1], []]}"#, "fewer_than_two_groups"),
        ("jonckheere", r#"{"groups": [[1]]}"#, "fewer_than_two_groups"),
        ("cochran_armitage", r#"{"x": [0, 0], "n": [3, 3]}"#, "degenerate"),
        ("xmr", r#"{"y": [1, null]}"#, "too_few_points"),
        ("xmr", r#"{"y": [1, null, 2]}"#, "no_moving_range"),
        ("run_chart", r#"{"y": [null]}"#, "no_data"),
        ("quantiles", r#"{"v": []}"#, "no_data"),
        ("quasi_binomial", r#"{"rows": [{"num": 3, "den": 2}], "terms": []}"#, "numerator_exceeds_denominator"),
        ("wisn", r#"{"services": [], "category_percent": [100]}"#, "category_allowance_ge_100"),
        ("wisn", r#"{"services": [], "other": 260}"#, "no_available_time"),
        ("wisn", r#"{"services": [{"minutes": 0, "volume": 1}]}"#, "activity_standard_not_positive"),
    ] {
        assert_eq!(refusal(method, input), name, "{method} {input}");
    }
    for method in ["wilson", "byar", "funnel", "spearman", "mann_whitney", "kruskal_wallis", "xmr", "quantiles", "wisn"]
    {
        assert_eq!(refusal(method, "{}"), "missing", "{method}");
    }
}

#[test]
fn a_wrong_call_is_told_by_its_place() {
    let world = World::new(Backend::Sqlite);
    let refused = |method, input, words: &[&str]| {
        statistics(&world, method, input).refused_with(2, words);
    };
    refused("wilson", r#"{"x": "three", "n": 4}"#, &["wilson", "x", "three"]);
    refused("wilson", r#"[{"x": 3, "n": 4}, {"x": 3, "m": 4}]"#, &["wilson", "m"]);
    refused("funnel", r#"{"x": [1], "n": [2], "scale": "logit"}"#, &["scale", "logit", "arcsine"]);
    refused("quasi_binomial", r#"{"rows": [{"num": 1, "den": true}]}"#, &["rows[0]", "den", "true"]);
    let unknown = r#"{"rows": [{"num": 1, "den": 2}], "terms": [{"name": "nurses", "kind": "continuous"}]}"#;
    refused("quasi_binomial", unknown, &["no row", "nurses"]);
}
