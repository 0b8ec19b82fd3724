//! Brings the framework's document into the form that is published and committed.
//!
//! The framework writes what its types say; some of that is not what generators understand or what we answer: media
//! types with a charset, formats of its own, header names in capitals, and no word of the problems that any operation
//! may answer. Keys are sorted, so that a change of the document is a change of the interface.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::annotations::annotate;
use super::forms::Forms;
use super::offers::{offer_forms, offer_idempotency};
use super::problem::{PROBLEM_JSON, title};

/// The document in its published form.
pub fn normalised(spec: &str, forms: &Forms) -> String {
    let mut document: Value = serde_json::from_str(spec).unwrap_or_default();
    plain(&mut document);
    for operation in operations(&mut document) {
        complete(operation);
    }
    close_requests(&mut document);
    offer_forms(&mut document, forms);
    offer_idempotency(&mut document);
    annotate(&mut document);
    let mut text = serde_json::to_string_pretty(&sorted(document)).unwrap_or_default();
    text.push('\n');
    text
}

/// Every operation.
pub(super) fn operations(document: &mut Value) -> Vec<&mut Map<String, Value>> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut);
    paths
        .into_iter()
        .flat_map(|paths| paths.values_mut())
        .filter_map(Value::as_object_mut)
        .flat_map(|path| path.values_mut())
        .filter_map(Value::as_object_mut)
        .collect()
}

/// Media types without a charset, formats that are in the specification, header names as they are written, limits of
/// whole numbers as whole numbers, nothing that says no more than its absence.
fn plain(value: &mut Value) {
    match value {
        Value::Object(object) => {
            plain_object(object);
            object.values_mut().for_each(plain);
        }
        Value::Array(items) => items.iter_mut().for_each(plain),
        _ => {}
    }
}

fn plain_object(object: &mut Map<String, Value>) {
    if let Some(Value::String(format)) = object.get_mut("format") {
        let plain = match format.as_str() {
            "naive-date" => Some("date"),
            "uint8" | "uint16" | "int8" | "int16" => Some("int32"),
            "uint32" | "uint64" => Some("int64"),
            _ => None,
        };
        if let Some(plain) = plain {
            plain.clone_into(format);
            if plain == "int64" {
                object.entry("minimum").or_insert_with(|| 0.into());
            }
        }
    }
    for limit in ["minimum", "maximum"] {
        if let Some(limit) = object.get_mut(limit)
            && let Some(whole) = limit.as_f64().and_then(whole)
        {
            *limit = whole.into();
        }
    }
    // A paragraph is one line: where our lines break means nothing to a reader of the document.
    if let Some(Value::String(description)) = object.get_mut("description") {
        *description = description.split("\n\n").map(|part| part.replace('\n', " ")).collect::<Vec<_>>().join("\n\n");
    }
    // A reference beside its description: the description stands outside already.
    if let Some(Value::Array(all)) = object.get_mut("allOf") {
        all.retain(|part| part.as_object().is_none_or(|part| part.keys().any(|key| key != "description")));
    }
    if object.get("deprecated") == Some(&Value::Bool(false)) {
        object.remove("deprecated");
    }
    if object.contains_key("in") {
        object.remove("explode");
    }
    // The handlers take it as optional to answer 428 themselves; for whoever calls them it is required.
    if object.get("name") == Some(&json!("If-Match")) {
        object.insert("required".into(), true.into());
    }
    rename_keys(object, "content", |media| media.split(';').next().unwrap_or(media).to_owned());
    rename_keys(object, "headers", header_name);
}

/// A whole number that was written as a fraction.
#[expect(clippy::cast_possible_truncation, reason = "limits are far below 2^52")]
fn whole(number: f64) -> Option<i64> {
    (number.fract() == 0.0 && number.abs() < 1e15).then_some(number as i64)
}

fn rename_keys(object: &mut Map<String, Value>, key: &str, rename: impl Fn(&str) -> String) {
    if let Some(Value::Object(inner)) = object.get_mut(key) {
        *inner = std::mem::take(inner).into_iter().map(|(name, value)| (rename(&name), value)).collect();
    }
}

/// `ETAG` → `ETag`, `CONTENT-DISPOSITION` → `Content-Disposition`.
fn header_name(name: &str) -> String {
    if name.eq_ignore_ascii_case("etag") {
        return "ETag".into();
    }
    let capital = |part: &str| {
        let mut letters = part.chars();
        let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
        first + &letters.as_str().to_lowercase()
    };
    name.split('-').map(capital).collect::<Vec<_>>().join("-")
}

/// The problems that an operation may answer whatever it does.
fn complete(operation: &mut Map<String, Value>) {
    let has_body = operation.contains_key("requestBody");
    // 400: a parameter that cannot be read, or one that the operation does not have.
    let mut statuses = vec![400, 401, 403, 429, 500];
    if has_body {
        statuses.extend([413, 415]);
    }
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    for status in statuses {
        responses.entry(status.to_string()).or_insert_with(|| problem_response(status));
    }
    for (status, response) in responses.iter_mut() {
        let Some(response) = response.as_object_mut() else { continue };
        let described = response.get("description").and_then(Value::as_str).is_some_and(|text| !text.is_empty());
        if !described {
            let text = match status.parse().unwrap_or(500) {
                200..=299 => "As asked",
                304 => "Not changed since",
                other => title(other),
            };
            response.insert("description".into(), text.into());
        }
    }
}

/// An answer that is a problem.
pub(super) fn problem_response(status: u16) -> Value {
    let mut response = json!({
        "description": title(status),
        "content": { PROBLEM_JSON: { "schema": { "$ref": "#/components/schemas/Problem" } } },
    });
    let header = match status {
        401 => Some(("WWW-Authenticate", json!({ "type": "string" }))),
        429 => Some(("Retry-After", json!({ "type": "integer", "minimum": 0 }))),
        _ => None,
    };
    if let (Some((name, schema)), Some(response)) = (header, response.as_object_mut()) {
        response.insert("headers".into(), json!({ name: { "schema": schema } }));
    }
    response
}

/// What is sent to us has no fields but those named.
fn close_requests(document: &mut Value) {
    let mut names = BTreeSet::new();
    for operation in operations(document) {
        if let Some(body) = operation.get_mut("requestBody") {
            references(body, &mut names);
            inline_objects(body);
        }
    }
    let Some(schemas) = document.pointer_mut("/components/schemas").and_then(Value::as_object_mut) else { return };
    let mut open: Vec<String> = names.iter().cloned().collect();
    while let Some(name) = open.pop() {
        let Some(schema) = schemas.get_mut(&name) else { continue };
        inline_objects(schema);
        let mut inner = BTreeSet::new();
        references(schema, &mut inner);
        open.extend(inner.into_iter().filter(|name| names.insert(name.clone())));
    }
}

fn references(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Object(object) => {
            if let Some(name) = object.get("$ref").and_then(Value::as_str).and_then(|to| to.rsplit('/').next()) {
                names.insert(name.to_owned());
            }
            object.values().for_each(|value| references(value, names));
        }
        Value::Array(items) => items.iter().for_each(|value| references(value, names)),
        _ => {}
    }
}

fn inline_objects(value: &mut Value) {
    let Value::Object(object) = value else { return };
    if object.contains_key("properties") {
        object.entry("additionalProperties").or_insert(Value::Bool(false));
    }
    object.values_mut().for_each(inline_objects);
}

fn sorted(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let mut entries: Vec<(String, Value)> = object.into_iter().collect();
            // The form that comes when nothing is asked for stands first: generators take the first that they know.
            entries.sort_by_key(|(key, _)| (!key.starts_with("application/json"), key.clone()));
            Value::Object(entries.into_iter().map(|(key, value)| (key, sorted(value))).collect())
        }
        Value::Array(items) => Value::Array(items.into_iter().map(sorted).collect()),
        other => other,
    }
}
