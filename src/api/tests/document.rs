//! The document says what the routes do, and the committed one is it.

use std::path::Path;

use serde_json::Value;

use super::super::document;

fn parsed() -> Value {
    serde_json::from_str(document()).unwrap()
}

fn operations(document: &Value) -> Vec<(String, &Value)> {
    let paths = document["paths"].as_object().unwrap();
    paths
        .iter()
        .flat_map(|(path, operations)| {
            let operations = operations.as_object().unwrap();
            operations.iter().map(move |(method, operation)| (format!("{method} {path}"), operation))
        })
        .collect()
}

#[test]
fn the_committed_document_is_this_one() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/openapi.json");
    let committed = std::fs::read_to_string(file).unwrap();
    assert!(
        committed == document(),
        "openapi/openapi.json is not what the handlers say. If the change is meant, write it anew:\n    cargo run -- \
         openapi > openapi/openapi.json"
    );
}

#[test]
fn every_operation_documents_itself_and_its_problems() {
    let document = parsed();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.0"));
    let mut ids = std::collections::BTreeSet::new();
    for (name, operation) in operations(&document) {
        for status in ["400", "401", "403", "429", "500"] {
            let media = &operation["responses"][status]["content"]["application/problem+json"];
            assert_eq!(media["schema"]["$ref"], "#/components/schemas/Problem", "{name} {status}");
        }
        let successes = operation["responses"].as_object().unwrap().keys().filter(|s| s.starts_with('2')).count();
        assert_eq!(successes, 1, "{name} needs one success");
        assert!(operation["summary"].is_string(), "{name} needs a summary");
        assert!(ids.insert(operation["operationId"].as_str().unwrap()), "{name}: operationId twice");
        assert_eq!(operation["security"][0]["api_key"], serde_json::json!([]), "{name}");
        let guarded = operation["responses"].get("428").is_some();
        let parameters = operation["parameters"].as_array().into_iter().flatten();
        assert_eq!(parameters.clone().any(|p| p["name"] == "If-Match" && p["required"] == true), guarded, "{name}");
        for parameter in parameters {
            assert!(parameter["description"].is_string(), "{name} {}", parameter["name"]);
            let schema = &parameter["schema"];
            let bounded = schema["minimum"].is_i64() && schema["maximum"].is_i64();
            assert!(schema["type"] != "integer" || bounded, "{name} {} needs whole limits", parameter["name"]);
        }
    }
}

/// What the layer does for all of them stands in the document of each, and what the tables hold.
#[test]
fn every_operation_offers_the_same() {
    let document = parsed();
    for (name, operation) in operations(&document) {
        assert!(operation["description"].as_str().is_some_and(|text| text.contains("he key needs")), "{name}");
        let permission = &operation["x-required-permission"];
        assert!(permission["any_of"].as_array().is_some_and(|any| !any.is_empty()), "{name}");
        let parameters = || operation["parameters"].as_array().into_iter().flatten();
        for parameter in parameters().filter(|parameter| parameter["in"] != "header") {
            assert!(parameter.get("example").is_some(), "{name} {} needs an example", parameter["name"]);
        }
        for (_, body) in operation["requestBody"]["content"].as_object().into_iter().flatten() {
            let is_json = body["schema"]["$ref"].is_string();
            assert!(!is_json || body.get("example").is_some(), "{name} needs a body to show");
        }
        let success = operation["responses"].as_object().unwrap().iter().find(|(status, _)| status.starts_with('2'));
        let (_, success) = success.unwrap();
        let Some(json) = success["content"].get("application/json") else { continue };
        assert!(json.get("example").is_some(), "{name} needs an answer to show");
        if !name.starts_with("get ") {
            continue;
        }
        assert!(success["headers"].get("ETag").is_some() && operation["responses"].get("304").is_some(), "{name}");
        for wanted in ["fields", "If-None-Match"] {
            assert!(parameters().any(|parameter| parameter["name"] == wanted), "{name} takes {wanted}");
        }
        let is_list = parameters().any(|parameter| parameter["name"] == "after");
        assert!(!is_list || success["content"].get("text/csv").is_some(), "{name} is a table");
    }
    let tags: Vec<&str> = document["tags"].as_array().unwrap().iter().filter_map(|tag| tag["name"].as_str()).collect();
    assert_eq!(tags[0], "rounds", "in the order of the work");
    assert_eq!(document["info"]["license"]["name"], "MIT OR Apache-2.0");
    assert!(document["info"]["contact"]["name"].is_string());
}

#[test]
fn requests_are_closed_and_answers_are_open() {
    let schemas = &parsed()["components"]["schemas"];
    for request in ["AnswerPatch", "AnswerChange", "GridCellChange"] {
        assert_eq!(schemas[request]["additionalProperties"], false, "{request}");
    }
    for answer in ["Answer", "Problem", "GapRow"] {
        assert!(schemas[answer].get("additionalProperties").is_none(), "{answer}");
    }
}

#[test]
fn nothing_of_the_framework_is_left_in_it() {
    let text = document();
    for word in ["charset=", "naive-date", "uint32", "uint64", "\"nullable\"", "ETAG"] {
        assert!(!text.contains(word), "{word}");
    }
    assert!(text.ends_with("}\n"));
}

#[test]
fn everything_is_described() {
    let document = parsed();
    for (name, schema) in document["components"]["schemas"].as_object().unwrap() {
        assert!(schema["description"].is_string(), "{name}");
        for (field, property) in schema["properties"].as_object().into_iter().flatten() {
            assert!(property["description"].is_string(), "{name}.{field}");
        }
    }
}

#[tokio::test]
async fn the_browsable_page_shows_it_under_its_own_policy() {
    let client = poem::test::TestClient::new(super::super::docs());
    let reply = client.get("/").send().await;
    reply.assert_status_is_ok();
    let policy = reply.0.header("content-security-policy").unwrap().to_owned();
    assert_eq!(policy.matches("'sha256-").count(), 2, "{policy}");
    assert!(!policy.contains("script-src 'unsafe-inline'"));
    let page = reply.0.into_body().into_string().await.unwrap();
    assert!(page.starts_with("<!DOCTYPE html>"));
    assert!(page.contains("application/problem+json") && !page.contains("naive-date"));
}
