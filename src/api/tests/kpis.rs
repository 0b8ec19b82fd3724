//! KPI counts in, KPIs out, caseloads and data cuts over HTTP.

use poem::http::Method;
use serde_json::{Value, json};
use sha2::Digest as _;

use super::{Country, body, places};
use crate::domain::access::Role;

const HEADER: &str = "service_code,month,kpi,stratum,numerator,denominator,eligible,complete\n";

impl Country {
    async fn put_csv(&self, query: &str, key: &str, rows: &str, status: u16) -> Value {
        let request = self.ask(Method::PUT, &format!("/kpis/counts{query}"), key);
        body(request.content_type("text/csv").body(format!("{HEADER}{rows}")).send().await, status).await
    }

    async fn put_json(&self, query: &str, key: &str, items: Value, status: u16) -> Value {
        let request = self.ask(Method::PUT, &format!("/kpis/counts{query}"), key);
        body(request.body_json(&json!({ "items": items })).send().await, status).await
    }
}

fn tally(report: &Value) -> [i64; 4] {
    ["added", "changed", "unchanged", "removed"].map(|name| report[name].as_i64().unwrap())
}

#[tokio::test]
async fn counts_come_in_both_forms_and_twice_changes_nothing() {
    let country = Country::new();
    let key = country.team();
    let rows = "FLS012,2022-01,4,,30,60,,\nFLS012,2022-01,2,,60,,,\nFLS012,2022-02,2,sex=male,9,,,\n";
    let rehearsed = country.put_csv("?dry_run=true", &key, rows, 200).await;
    assert_eq!((tally(&rehearsed), &rehearsed["stored"]), ([3, 0, 0, 0], &json!(false)));
    assert_eq!(tally(&country.put_csv("", &key, rows, 200).await), [3, 0, 0, 0]);
    let again = country.put_csv("", &key, rows, 200).await;
    assert_eq!((tally(&again), again.get("batch")), ([0, 0, 3, 0], None));
    let items = json!([
        {"service": "FLS012", "month": "2022-01", "kpi": 4, "numerator": 31, "denominator": 60},
        {"service": "FLS012", "month": "2022-01", "kpi": 2, "stratum": "", "numerator": 60},
    ]);
    let corrected = country.put_json("", &key, items, 200).await;
    assert_eq!(tally(&corrected), [0, 1, 1, 0]);
    let change = &corrected["changes"][0];
    assert_eq!((&change["old"]["numerator"], &change["new"]["numerator"]), (&json!(30), &json!(31)));
    let listed = body(country.get("/kpis/counts?service=FLS012&year=2022", &key).await, 200).await;
    assert_eq!(listed["items"].as_array().unwrap().len(), 3);
    assert_eq!(
        listed["items"][1],
        json!({"service": "FLS012", "month": "2022-01", "kpi": 4, "stratum": "",
        "numerator": 31, "denominator": 60})
    );

    // Nothing is lost: what stood there can be read, and so can who took it away.
    let gone = "/kpis/counts?service=FLS012&month=2022&kpi=4";
    let rehearsed = body(country.ask(Method::DELETE, &format!("{gone}&dry_run=true"), &key).send().await, 200).await;
    assert_eq!((tally(&rehearsed), &rehearsed["stored"]), ([0, 0, 0, 1], &json!(false)));
    assert_eq!(tally(&body(country.ask(Method::DELETE, gone, &key).send().await, 200).await), [0, 0, 0, 1]);
    assert_eq!(tally(&body(country.ask(Method::DELETE, gone, &key).send().await, 200).await), [0, 0, 0, 0]);
    let kept = body(country.get("/kpis/counts/corrections?service=FLS012", &key).await, 200).await;
    let kept: Vec<_> = kept["items"].as_array().unwrap().iter().map(|item| item["change"].clone()).collect();
    assert_eq!(kept.len(), 2);
    assert_eq!((kept[0].get("new"), &kept[0]["old"]["numerator"]), (None, &json!(31)));
    assert_eq!((&kept[1]["new"]["numerator"], &kept[1]["old"]["numerator"]), (&json!(31), &json!(30)));
}

#[tokio::test]
async fn bad_counts_are_named_and_nothing_is_stored() {
    let country = Country::new();
    let key = country.team();
    let rows = "FLS012,2022-01,4,,70,60,,\nFLS012,2022-13,4,,1,2,,\nNONE,2022-01,4,,1,2,,\nFLS012,2022-03,4,,1,2,,\n\
        FLS012,2022,4,,1,2,,\n";
    let problem = country.put_csv("", &key, rows, 422).await;
    assert_eq!(problem["code"], "counts_refused");
    let wanted = ["2/numerator", "3/month", "4/service_code", "6/month"].map(|at| format!("kpi_counts.csv/{at}"));
    assert_eq!(places(&problem), wanted.each_ref().map(|at| (at.as_str(), "bad_row")));
    assert_eq!(problem["counts"]["rejected"], 4);
    let listed = || async { body(country.get("/kpis/counts?service=FLS012&year=2022", &key).await, 200).await };
    assert_eq!(listed().await["items"], json!([]));
    assert_eq!(tally(&country.put_csv("?skip_bad_rows=true", &key, rows, 200).await), [1, 0, 0, 0]);
    assert_eq!(listed().await["items"].as_array().unwrap().len(), 1);

    let item = json!([{"service": "FLS012", "month": "2022-04", "kpi": 1, "numerator": -1}]);
    let problem = country.put_json("", &key, item, 422).await;
    assert_eq!(places(&problem), [("/items/0/kpi", "bad_row"), ("/items/0/numerator", "bad_row")]);
    let request = || country.ask(Method::PUT, "/kpis/counts", &key);
    body(request().content_type("text/csv").body("month,kpi\n").send().await, 422).await;
    body(request().content_type("text/plain").body("x").send().await, 415).await;
}

#[tokio::test]
async fn a_lead_enters_the_counts_of_their_service_alone() {
    let country = Country::new();
    let lead = country.key(Role::FlsLead, Some("FLS012"), None);
    assert_eq!(tally(&country.put_csv("", &lead, "FLS012,2022-01,2,,60,,,\n", 200).await), [1, 0, 0, 0]);
    let rows = "FLS012,2022-02,2,,60,,,\nFLS013,2022-02,2,,60,,,\n";
    let problem = country.put_csv("", &lead, rows, 422).await;
    assert_eq!(places(&problem), [("kpi_counts.csv/3/service_code", "bad_row")]);
    let other = "/kpis/counts?service=FLS013&month=2021";
    body(country.ask(Method::DELETE, other, &lead).send().await, 403).await;
    body(country.get("/kpis/counts?service=FLS013", &lead).await, 403).await;
    let contributor = country.key(Role::FlsContributor, Some("FLS012"), None);
    country.put_csv("", &contributor, "FLS012,2022-01,2,,60,,,\n", 403).await;
}

#[tokio::test]
async fn a_benchmark_carries_what_it_was_worked_out_from() {
    let country = Country::new();
    let key = country.key(Role::FlsLead, Some("FLS012"), None);
    let found = body(country.get("/kpis/2/benchmark?year=2021&limit=2", &key).await, 200).await;
    assert_eq!((&found["national"]["numerator"], &found["n"]), (&json!(70_384), &json!(70)));
    assert_eq!(found["quoted"]["synthetic"], true);
    assert_eq!((found["items"].as_array().unwrap().len(), &found["next"]), (2, &json!("FLS002")));
    let row = &found["items"][0];
    for field in ["numerator", "denominator", "percent", "interval_low", "interval_high", "rag", "percentile"] {
        assert!(!row[field].is_null(), "{field}: {row}");
    }
    assert!(found["maximum"].as_f64().unwrap() > 100.0, "nothing is clamped");
    // KPI 3 has no edges in its new meaning.
    let spine = body(country.get("/kpis/3/benchmark?year=2021&limit=1", &key).await, 200).await;
    assert_eq!((spine["items"][0].get("rag"), &spine["grades"]), (None, &json!([])));
    let reasons = found["excluded"].as_array().unwrap().iter().map(|e| e["reason"].as_str().unwrap());
    assert_eq!(reasons.filter(|reason| *reason == "too_few_records").count(), 4);
    let none = body(country.get("/kpis/4/benchmark?year=2020", &key).await, 200).await;
    assert_eq!((&none["items"], &none["available"]), (&json!([]), &json!([2019, 2021])));
    assert_eq!((none["national"].get("percent"), &none["n"]), (None, &json!(0)), "no data is no percentage");
    body(country.get("/kpis/12/benchmark?year=2021", &key).await, 400).await;
    let own = body(country.get("/services/FLS012/kpis?year=2021", &key).await, 200).await;
    assert_eq!(own["kpis"].as_array().unwrap().len(), 11);
    let nation = body(country.get("/kpis/cascade?year=2021", &key).await, 200).await;
    assert_eq!((&nation["steps"][5]["cohort"], nation["steps"][5].get("lost")), (&json!(2020), None));
    body(country.get("/areas/QWO/cascade?year=2021", &key).await, 200).await;
}

#[tokio::test]
async fn a_caseload_is_stated_with_its_reason_and_a_cut_keeps_the_old_one() {
    let country = Country::new();
    let key = country.team();
    let cut = country.ask(Method::POST, "/rounds/2021/cuts", &key).body_json(&json!({"note": "Report"}));
    let cut = body(cut.send().await, 200).await;
    let id = cut["id"].as_str().unwrap().to_owned();
    let expected = |found: &Value| -> i64 {
        let items = found["items"].as_array().unwrap();
        items.iter().find(|item| item["service"] == "FLS012").unwrap()["expected"].as_i64().unwrap()
    };
    let by_rule = expected(&body(country.get("/kpis/caseloads?year=2021", &key).await, 200).await);
    let path = "/services/FLS012/caseloads/2021";
    let state = |reason: &'static str| {
        country.ask(Method::PUT, path, &key).body_json(&json!({"expected": 1234, "reason": reason})).send()
    };
    body(state("").await, 422).await;
    assert_eq!(body(state("A second site").await, 200).await["reason"], "A second site");
    let now = body(country.get("/kpis/caseloads?year=2021", &key).await, 200).await;
    assert_eq!((expected(&now), now["unmapped"].as_array().unwrap().len()), (1234, 86));
    let then = body(country.get(&format!("/kpis/caseloads?year=2021&cut={id}"), &key).await, 200).await;
    assert_eq!((expected(&then), &then["quoted"]["cut"]["hash"]), (by_rule, &cut["hash"]));
    let other = body(country.ask(Method::DELETE, path, &key).send().await, 200).await;
    assert_eq!(other["expected"], by_rule);

    let parts = body(country.get(&format!("/rounds/2021/cuts/{id}"), &key).await, 200).await;
    let part = parts["parts"].as_array().unwrap().iter().find(|part| part["name"] == "kpi_counts.csv").unwrap();
    let bytes = country.get(&format!("/rounds/2021/cuts/{id}/parts/kpi_counts.csv"), &key).await;
    let bytes = bytes.0.into_body().into_bytes().await.unwrap();
    assert_eq!(part["hash"], data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(&bytes)));
    body(country.get(&format!("/rounds/2019/cuts/{id}"), &key).await, 404).await;
    body(country.get("/kpis/2/benchmark?year=2021&cut=nothing", &key).await, 404).await;
    let lead = country.key(Role::FlsLead, Some("FLS012"), None);
    body(country.ask(Method::POST, "/rounds/2021/cuts", &lead).body_json(&json!({"note": ""})).send().await, 403).await;
}
