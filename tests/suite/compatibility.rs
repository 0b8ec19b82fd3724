//! The document against the last one that was released: who wrote a client against that one is not to be broken.

use std::path::{Path, PathBuf};

use facilities_audit_tests::breaking_changes;
use serde_json::{Value, json};

/// The documents in `openapi/released/`, the oldest first.
pub fn released() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../openapi/released");
    let version = |path: &PathBuf| -> Vec<u32> {
        let name = path.file_stem().unwrap().to_str().unwrap();
        name.split('.').map(|part| part.parse().expect("MAJOR.MINOR.PATCH.json")).collect()
    };
    let mut found: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    found.sort_by_key(version);
    found
}

fn newest() -> Value {
    serde_json::from_slice(&std::fs::read(released().last().unwrap()).unwrap()).unwrap()
}

#[test]
fn nothing_breaks_clients_of_the_last_release() {
    let now: Value = serde_json::from_str(facilities_audit::api::document()).unwrap();
    let breaks = breaking_changes(&newest(), &now);
    assert!(
        breaks.is_empty(),
        "{} changes break clients of the last release. Keep what was there beside what is new and deprecate it; \
         openapi/README.md says how:\n{}",
        breaks.len(),
        breaks.join("\n")
    );
}

/// Each is a way to break a client, done to a copy of the released document.
#[test]
fn every_kind_of_break_is_seen() {
    let gaps = "/paths/~1workforce~1gaps/get";
    let answers = "/paths/~1rounds~1{year}~1responses~1{service}/patch";
    let breaks: Vec<(String, &str, Value, &str)> = vec![
        ("/paths/~1workforce~1gaps".into(), "get", Value::Null, "the operation is gone"),
        (gaps.into(), "operationId", json!("gaps"), "operationId"),
        (gaps.into(), "security", json!([]), "let in"),
        (gaps.into(), "x-required-permission", json!({"any_of": [], "scope": "everywhere"}), "permission"),
        (format!("{gaps}/responses"), "200", Value::Null, "status 200 is gone"),
        (format!("{gaps}/responses"), "404", Value::Null, "status 404 is gone"),
        (format!("{gaps}/responses"), "202", json!({"description": "Later"}), "new kind of success"),
        (format!("{gaps}/responses/200/content"), "application/json", Value::Null, "not answered any more"),
        (format!("{gaps}/parameters/0"), "name", json!("another"), "is gone"),
        (format!("{gaps}/parameters/0"), "required", json!(true), "required"),
        (format!("{answers}/requestBody/content"), "application/json", Value::Null, "not taken any more"),
        ("/components/schemas/GapRow/properties".into(), "population", Value::Null, "the field is gone"),
        ("/components/schemas/GapRow/properties/population".into(), "type", json!("string"), "the type was"),
        ("/components/schemas/GapRow/properties/year".into(), "format", json!("int64"), "the format was"),
        ("/components/schemas/GapRow".into(), "required", json!(["service"]), "may be absent now"),
        ("/components/schemas/Basis".into(), "enum", json!(["as_reported"]), "not taken any more"),
        ("/components/schemas/Basis".into(), "enum", json!(["as_reported", "aged_50_plus", "all"]), "the values were"),
        ("/components/schemas/AnswerPatch".into(), "required", json!(["answers", "why"]), "required now"),
        ("/components/schemas/AnswerChange/properties".into(), "text", Value::Null, "the field is gone"),
        ("/components/schemas/AnswerChange/properties/text".into(), "maxLength", json!(1), "maxLength"),
        ("/components/schemas/AnswerChange/properties/version".into(), "minimum", json!(7), "minimum"),
        ("/components/schemas/AnswerChange/properties/text".into(), "pattern", json!("^a$"), "the pattern was"),
        ("/components/schemas/AnswerChange/properties/choices/items".into(), "enum", json!(["a"]), "the values were"),
    ];
    let released = newest();
    for (place, key, value, words) in breaks {
        let mut broken = released.clone();
        let object = broken.pointer_mut(&place).unwrap_or_else(|| panic!("{place} is there")).as_object_mut().unwrap();
        if key == "required" && value == true {
            // The first parameter that is not required yet.
            let parameters = broken.pointer_mut(&format!("{gaps}/parameters")).unwrap().as_array_mut().unwrap();
            parameters.iter_mut().find(|parameter| parameter["required"] != true).unwrap()["required"] = value;
        } else if value.is_null() {
            object.remove(key).unwrap_or_else(|| panic!("{place}/{key} is there"));
        } else {
            object.insert(key.to_owned(), value);
        }
        let found = breaking_changes(&released, &broken).join("\n");
        assert!(found.contains(words), "{place}/{key}: {words:?} is not in {found:?}");
    }
}

#[test]
fn what_only_adds_breaks_nobody() {
    let released = newest();
    let mut richer = released.clone();
    richer["paths"]["/new"] = json!({"get": {"operationId": "get_new", "responses": {}}});
    let gaps = &mut richer["paths"]["/workforce/gaps"]["get"];
    gaps["summary"] = json!("In other words");
    gaps["responses"]["503"] = json!({"description": "Not ready"});
    gaps["parameters"].as_array_mut().unwrap().push(json!({"in": "query", "name": "more", "required": false}));
    let schemas = &mut richer["components"]["schemas"];
    schemas["GapRow"]["properties"]["more"] = json!({"type": "string"});
    schemas["AnswerChange"]["properties"]["more"] = json!({"type": "string", "maxLength": 3});
    assert_eq!(breaking_changes(&released, &richer), Vec::<String>::new());
}
