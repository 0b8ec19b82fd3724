//! The staffing gap over HTTP.

use poem::http::Method;

use super::{Country, body};
use crate::domain::access::Role;

#[tokio::test]
async fn a_gap_row_has_the_fields_that_were_promised() {
    let country = Country::new();
    let list = body(country.get("/workforce/gaps?year=2021&limit=500", &country.team()).await, 200).await;
    assert!(list["round"].as_str().unwrap().starts_with("audit year 2021, the 2022 facilities audit"));
    assert!(list["statement"].as_str().unwrap().starts_with("On either basis"));
    assert_eq!((&list["synthetic"], &list["standard"]["id"]), (&true.into(), &"ros".into()));
    assert!(list.get("next").is_none() && list.get("available").is_none());
    let items = list["items"].as_array().unwrap();
    let row = items.iter().find(|row| row["service"] == "FLS012" && row["basis"] == "as_reported").unwrap();
    let mut fields: Vec<_> = row.as_object().unwrap().keys().map(String::as_str).collect();
    fields.sort_unstable();
    let expected =
        ["administrators", "area", "basis", "estimated", "name", "nurses", "population", "service", "status", "year"];
    assert_eq!(fields, expected);
    let nurses = &row["nurses"];
    let number = |field: &str| nurses[field].as_f64().unwrap();
    let split = number("unfunded_low") + number("vacant");
    assert!((number("gap_low") - split).abs() < 1e-9);
    assert!((number("gap_low") - (number("need_low") - number("in_post"))).abs() < 1e-9);
    assert!((number("cover_low") - number("in_post") / number("need_high")).abs() < 1e-9);
    assert!(["below", "within", "meets"].contains(&nurses["position"].as_str().unwrap()));
    // What is not known is absent, never null or 0.
    assert!(!list.to_string().contains("null"));
    let missing = items.iter().find(|row| row["status"] == "no_response").unwrap();
    assert!(missing.get("population").is_none() && missing["nurses"].get("in_post").is_none());
    let all = &list["areas"][0];
    assert_eq!((&all["code"], &all["kind"]), (&"all".into(), &"all".into()));
    assert!(all["nurses"]["shortfall_low"].as_f64() >= all["nurses"]["net_gap_low"].as_f64());
}

#[tokio::test]
async fn an_area_without_a_counted_service_has_no_sums() {
    let country = Country::new();
    let list = body(country.get("/workforce/gaps?year=2022", &country.team()).await, 200).await;
    let all = list["areas"].as_array().unwrap().iter().find(|area| area["code"] == "all").unwrap();
    assert_eq!((&all["services_counted"], &all["nurses"]["services_counted"]), (&0.into(), &0.into()));
    for field in ["in_post", "need_low", "net_gap_low", "shortfall_high"] {
        assert!(all["nurses"].get(field).is_none(), "{field} of no service is given as {}", all["nurses"][field]);
    }
    assert!(all.get("population_served").is_none() && all["nurses"]["split"].get("vacant").is_none());
}

#[tokio::test]
async fn pages_meet_and_bases_are_apart() {
    let country = Country::new();
    let key = country.team();
    let whole = body(country.get("/workforce/gaps?year=2021&limit=500", &key).await, 200).await;
    let mut read = Vec::new();
    let mut after = String::new();
    loop {
        let path = format!("/workforce/gaps?year=2021&limit=31{after}");
        let page = body(country.get(&path, &key).await, 200).await;
        read.extend(page["items"].as_array().unwrap().iter().cloned());
        match page["next"].as_str() {
            Some(next) => after = format!("&after={next}"),
            None => break,
        }
    }
    assert_eq!(&read, whole["items"].as_array().unwrap());
    let one = body(country.get("/workforce/gaps?year=2021&basis=aged_50_plus&limit=500", &key).await, 200).await;
    assert_eq!(one["items"].as_array().unwrap().len() * 2, read.len());
    assert!(one["areas"].as_array().unwrap().iter().all(|sum| sum["basis"] == "aged_50_plus"));
}

#[tokio::test]
async fn what_there_is_not_says_what_there_is() {
    let country = Country::new();
    let key = country.team();
    let problem = body(country.get("/workforce/gaps?year=2020", &key).await, 404).await;
    assert_eq!(problem["type"], "/problems/not_found");
    assert!(problem["detail"].as_str().unwrap().contains("2019, 2021, 2022"));
    body(country.get("/workforce/gaps?year=2021&area=NOWHERE", &key).await, 404).await;
    body(country.get("/workforce/gaps?year=2021&standard=none", &key).await, 404).await;
    // An area without services is no error: it says where there are some.
    let list = body(country.get("/workforce/gaps?year=2021&area=QOC", &key).await, 200).await;
    assert_eq!(list["items"], serde_json::json!([]));
    assert!(list["available"]["areas"].as_array().unwrap().contains(&"Y60".into()), "{list}");
}

#[tokio::test]
async fn a_commissioner_reads_their_own_area() {
    let country = Country::new();
    let key = country.key(Role::Commissioner, None, Some("Y60"));
    let own = body(country.get("/workforce/gaps?year=2021", &key).await, 200).await;
    assert_eq!(own["area"], "Y60");
    body(country.get("/workforce/gaps?year=2021&area=Y61", &key).await, 403).await;
}

#[tokio::test]
async fn the_workbook_is_the_same_bytes_until_the_data_change() {
    let country = Country::new();
    let key = country.team();
    let first = country.get("/workforce/gaps.xlsx?year=2021", &key).await;
    first.assert_status_is_ok();
    first.assert_content_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    first.assert_header("content-disposition", "attachment; filename=\"staffing-gaps-2021.xlsx\"");
    let etag = first.0.header("etag").unwrap().to_owned();
    let bytes = first.0.into_body().into_vec().await.unwrap();
    assert!(bytes.starts_with(b"PK"));
    let again = country.ask(Method::GET, "/workforce/gaps.xlsx?year=2021", &key);
    let again = again.header("if-none-match", format!("\"other\", W/{etag}")).send().await;
    again.assert_status(poem::http::StatusCode::NOT_MODIFIED);
    body(country.get("/workforce/gaps.xlsx?year=2020", &key).await, 404).await;
}

#[tokio::test]
async fn standards_and_the_register() {
    let country = Country::new();
    let key = country.key(Role::FlsContributor, Some("FLS012"), None);
    let standards = body(country.get("/workforce/standards", &key).await, 200).await;
    assert_eq!(standards["items"][0]["bases"], serde_json::json!(["as_reported", "aged_50_plus"]));
    let before = body(country.get("/areas?as_at=2022-06-30&limit=500", &key).await, 200).await;
    assert_eq!(before["as_at"], "2022-06-30");
    assert_eq!(body(country.get("/areas/Y60", &key).await, 200).await["kind"], "region");
    body(country.get("/areas/NONE", &key).await, 404).await;
    assert_eq!(body(country.get("/services/FLS012", &key).await, 200).await["code"], "FLS012");
    let page = body(country.get("/services?limit=1&after=FLS011", &key).await, 200).await;
    assert_eq!((&page["items"][0]["code"], &page["next"]), (&"FLS012".into(), &"FLS012".into()));
    let hospitals = body(country.get("/hospitals?limit=500", &key).await, 200).await;
    assert!(hospitals["items"].as_array().unwrap().iter().any(|hospital| hospital.get("service_code").is_none()));
}

#[tokio::test]
async fn costs_say_what_they_assume_and_what_is_missing() {
    let country = Country::new();
    let key = country.team();
    let list = body(country.get("/workforce/costs?year=2021&limit=500", &key).await, 200).await;
    let costing = &list["costing"];
    assert_eq!((&costing["pay_year"], &costing["nurse_band"]), (&"2022/23".into(), &"7".into()));
    assert!((costing["nurse_cost"].as_f64().unwrap() - 43_806.0 * 1.27).abs() < 1e-6);
    let items = list["items"].as_array().unwrap();
    let row = items.iter().find(|row| row["service"] == "FLS012" && row["basis"] == "as_reported").unwrap();
    let nurses = &row["nurses"];
    let number = |field: &str| nurses[field].as_f64().unwrap();
    assert!((number("cost_low") - number("shortfall_low") * 43_806.0 * 1.27).abs() < 1e-6);
    assert!((number("new_money_high") + number("vacant_high") - number("cost_high")).abs() < 1e-6);
    let missing = items.iter().find(|row| row["status"] == "no_response").unwrap();
    assert!(missing["nurses"]["missing"] == "no_gap" && missing.get("cost_low").is_none());
    assert!(!list.to_string().contains("null"));
    let unpriced = body(country.get("/workforce/costs?year=2021&nurse_band=8b", &key).await, 200).await;
    assert_eq!(unpriced["areas"][0]["nurses"]["missing"], "unpriced");
    assert!(unpriced["costing"].get("nurse_cost").is_none() && unpriced["areas"][0].get("cost_low").is_none());
    let wrong = body(country.get("/workforce/costs?year=2021&nurse_band=4a&supplement=mars", &key).await, 422).await;
    let places: Vec<_> = wrong["errors"].as_array().unwrap().iter().map(|place| &place["pointer"]).collect();
    assert_eq!(places, ["supplement", "nurse_band"]);
}

#[tokio::test]
async fn a_budget_is_shared_out_and_nothing_is_stored() {
    let country = Country::new();
    let key = country.team();
    let ask =
        |sent: serde_json::Value, status| country.send(Method::POST, "/workforce/allocations", &key, sent, status);
    let sent = serde_json::json!({"year": 2021, "budget_pounds": 500_000, "posts": "whole", "minimum_team": 2});
    let result = ask(sent.clone(), 200).await;
    assert_eq!(result, ask(sent, 200).await);
    let figures = &result["figures"];
    assert!(figures["proven"] == true && figures["spent"].as_f64().unwrap() <= 500_000.0);
    let granted: f64 = result["grants"].as_array().unwrap().iter().map(|grant| grant["cost"].as_f64().unwrap()).sum();
    assert!((granted - figures["spent"].as_f64().unwrap()).abs() < 1e-3 && granted > 400_000.0);
    assert!(!result["ranking"].as_array().unwrap().is_empty() && result["frontier"].as_array().unwrap().len() > 3);
    let list = &result["down_the_list"];
    assert!((list["spent"].as_f64().unwrap() + list["left"].as_f64().unwrap() - 500_000.0).abs() < 1e-3);
    let in_order = |of: &serde_json::Value| {
        of.as_array().unwrap().iter().map(|one| one["service"].to_string()).collect::<Vec<_>>()
    };
    assert_eq!(in_order(&list["turns"]), in_order(&result["ranking"]));
    assert!(!result.to_string().contains("null"));
    for (wrong, pointer) in [
        (serde_json::json!({"year": 2021}), "/budget_pounds"),
        (serde_json::json!({"year": 2021, "budget_pounds": -1}), "budget"),
        (serde_json::json!({"year": 2021, "budget_wte": 1, "roles": []}), "roles"),
        (serde_json::json!({"year": 2021, "budget_pounds": 1, "nurse_band": "8b"}), "nurse_band"),
        (serde_json::json!({"year": 2021, "budget_wte": 1, "goal": "glory"}), "/goal"),
    ] {
        let refused = ask(wrong, 422).await;
        assert_eq!(refused["errors"][0]["pointer"], pointer, "{refused}");
    }
}

#[tokio::test]
async fn benefits_come_when_asked_for_and_the_uncovered_have_a_need() {
    let country = Country::new();
    let key = country.team();
    let plain = body(country.get("/workforce/costs?year=2021&limit=1", &key).await, 200).await;
    assert!(plain.get("benefits").is_none());
    let asked = "/workforce/costs?year=2021&limit=1&benefit=mclellan_2011&coefficients=fractures=20";
    let benefits = body(country.get(asked, &key).await, 200).await["benefits"].clone();
    let effects = benefits["effects"].as_array().unwrap();
    let of = |key: &str| effects.iter().find(|effect| effect["key"] == key).unwrap();
    assert!(of("fractures")["own"] == true && of("hip_fractures")["own"] == false);
    let (low, cases) = (&of("fractures")["figures"][1]["low"], &benefits["applied"][1]["cases_low"]);
    assert!((low.as_f64().unwrap() - cases.as_f64().unwrap() * 0.02).abs() < 1e-6);
    for (wrong, pointer) in
        [("benefit=miracle", "benefit"), ("benefit=ros_campaign&coefficients=joy=1", "coefficients")]
    {
        let refused = body(country.get(&format!("/workforce/costs?year=2021&{wrong}"), &key).await, 422).await;
        assert_eq!(refused["errors"][0]["pointer"], pointer);
    }
    let list = body(country.get("/workforce/uncovered?year=2021", &key).await, 200).await;
    let all = list["areas"].as_array().unwrap().iter().find(|area| area["code"] == "all").unwrap();
    assert_eq!(all["hospitals"], list["hospitals"].as_array().unwrap().len());
    assert!(all["new_service"]["nurses_low"].as_f64().unwrap() > 0.0 && list["people_per_hip"][0]["services"] != 0);
    assert!(!list.to_string().contains("null"));
}
