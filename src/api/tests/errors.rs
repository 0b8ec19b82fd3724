//! Whatever goes wrong leaves as a problem document.

use diesel::RunQueryDsl as _;
use poem::http::Method;
use poem::test::TestClient;
use poem::{EndpointExt as _, Route};
use serde_json::json;

use super::super::health;
use super::{Country, body, places};
use crate::domain::access::Role;

#[tokio::test]
async fn a_key_is_needed_and_must_be_known() {
    let country = Country::new();
    let reply = country.client.get("/api/v1/rounds").send().await;
    reply.assert_header("www-authenticate", "Bearer realm=\"facilities-audit\"");
    assert_eq!(body(reply, 401).await["code"], "key_missing");
    let reply = country.get("/rounds", "fa_wrong").await;
    reply.assert_header("www-authenticate", "Bearer realm=\"facilities-audit\", error=\"invalid_token\"");
    assert_eq!(body(reply, 401).await["code"], "key_unknown");
    // Without a key, nothing is said about parameters.
    body(country.client.get("/api/v1/rounds/x").send().await, 401).await;
}

#[tokio::test]
async fn what_a_role_may_not_do_is_forbidden() {
    let country = Country::new();
    let lead = country.key(Role::FlsLead, Some("FLS012"), None);
    for path in ["/exports/areas.csv", "/imports", "/rounds/2022/responses/FLS013"] {
        assert_eq!(body(country.get(path, &lead).await, 403).await["code"], "forbidden");
    }
    let mine = body(country.get("/rounds/2021/responses", &lead).await, 200).await;
    let services: Vec<_> = mine["items"].as_array().unwrap().iter().map(|item| item["service"].clone()).collect();
    assert_eq!(services, [json!("FLS012")]);
}

#[tokio::test]
async fn parameters_are_refused_in_the_words_of_the_document() {
    let country = Country::new();
    let key = country.team();
    for (path, place, says) in [
        ("/rounds/x", ("year", "bad_parameter"), "`year` must be a whole number from 1900 to 2999."),
        ("/rounds?limit=0", ("limit", "bad_parameter"), "`limit` must be a whole number from 1 to 500."),
        ("/areas?as_at=soon", ("as_at", "bad_parameter"), "`as_at` must be a date such as 2022-07-01."),
        ("/workforce/gaps", ("year", "bad_parameter"), "`year` must be a whole number from 1900 to 2999."),
        (
            "/workforce/gaps?year=2021&basis=both",
            ("basis", "bad_parameter"),
            "`basis` must be one of as_reported, aged_50_plus.",
        ),
        ("/services/%00", ("code", "bad_parameter"), "`code` must be text of the form ^[A-Z0-9]{3,8}$."),
        (
            "/workforce/gaps?year=2021&aera=Y60",
            ("aera", "unknown_parameter"),
            "This operation has no parameter \"aera\"; it has year, area, standard, basis, geography_as_at, cut, limit, \
             after, fields.",
        ),
    ] {
        let problem = body(country.get(path, &key).await, 400).await;
        assert_eq!((places(&problem), problem["detail"].as_str().unwrap()), (vec![place], says), "{path}");
    }
    let problem = body(country.get("/exports/secrets.csv", &key).await, 400).await;
    assert!(problem["detail"].as_str().unwrap().starts_with("`file` must be one of areas.csv, "));
}

#[tokio::test]
async fn addresses_and_methods_that_there_are_not() {
    let country = Country::new();
    let key = country.team();
    assert_eq!(body(country.get("/nothing", &key).await, 404).await["code"], "no_such_path");
    let reply = country.ask(Method::DELETE, "/rounds/2022/responses/FLS012", &key).send().await;
    reply.assert_header("allow", "GET, PATCH, PUT, HEAD");
    body(reply, 405).await;
    let reply = country.ask(Method::OPTIONS, "/imports", &key).send().await;
    reply.assert_header("allow", "GET, POST, HEAD");
    body(reply, 405).await;
    let problem = body(country.get("/rounds/2020", &key).await, 404).await;
    assert!(problem["detail"].as_str().unwrap().contains("2019, 2021, 2022"), "{problem}");
}

#[tokio::test]
async fn bodies_that_cannot_be_read() {
    let country = Country::new();
    let key = country.team();
    let patch = || country.ask(Method::PATCH, "/rounds/2022/responses/FLS012", &key);
    let json = |text: &str| patch().content_type("application/json").body(text.to_owned());
    assert_eq!(body(json("{").send().await, 400).await["code"], "malformed_json");
    assert_eq!(body(json("").send().await, 400).await["code"], "malformed_json");
    let problem = body(json(r#"{"answers":[{"link_id":"x","version":"1"}]}"#).send().await, 422).await;
    assert_eq!(places(&problem), [("/answers/0/version", "wrong_shape")]);
    let detail = problem["detail"].as_str().unwrap();
    assert!(detail.ends_with("expected a whole number."), "{detail}");
    for (array, pointer) in [(r#"[[["setting",0]]]"#, ""), (r#"{"answers":[["setting",0]]}"#, "/answers/0")] {
        let problem = body(json(array).send().await, 422).await;
        assert_eq!(places(&problem), [(pointer, "wrong_shape")], "an array where an object belongs");
    }
    let problem = body(patch().content_type("text/plain").body("{}").send().await, 415).await;
    assert!(problem["detail"].as_str().unwrap().contains("application/json"));
    body(patch().body("{}").send().await, 415).await;
    let long = format!("{{\"answers\":[],\"x\":\"{}\"}}", "x".repeat(super::super::body::JSON_LIMIT));
    body(json(&long).send().await, 413).await;
}

#[tokio::test]
async fn a_failure_of_ours_is_told_by_its_id_alone() {
    let country = Country::new();
    let key = country.team();
    diesel::sql_query("DROP TABLE response_facts").execute(&mut *country.app.database().connection().unwrap()).unwrap();
    let reply = country.get("/workforce/gaps?year=2021", &key).await;
    let id = reply.0.header("x-request-id").unwrap().to_owned();
    let problem = body(reply, 500).await;
    assert_eq!(problem["request_id"], id);
    assert!(!problem.to_string().contains("response_facts"));
}

#[tokio::test]
async fn health_and_readiness_need_no_key() {
    let country = Country::new();
    let routes = Route::new()
        .at("/health", poem::get(health::health))
        .at("/ready", poem::get(health::ready))
        .data(country.app.clone());
    let client = TestClient::new(routes);
    client.get("/health").send().await.assert_text("ok").await;
    client.get("/ready").send().await.assert_text("ready").await;
    diesel::sql_query("ALTER TABLE rounds RENAME TO gone")
        .execute(&mut *country.app.database().connection().unwrap())
        .unwrap();
    let reply = client.get("/ready").send().await;
    reply.assert_status(poem::http::StatusCode::SERVICE_UNAVAILABLE);
    reply.assert_content_type("application/problem+json");
    client.get("/health").send().await.assert_status_is_ok();
}
