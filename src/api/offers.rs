//! What the layer around the operations does for all of them alike, as the document says it.

use serde_json::{Map, Value, json};

use super::document::{operations, problem_response};
use super::forms::{FIELDS, Form, Forms};
use super::idempotency;

/// The forms in which answers can be had.
pub fn offer_forms(document: &mut Value, forms: &Forms) {
    for operation in operations(document) {
        let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
        if let Some(form) = forms.get(id) {
            offer_form(operation, form);
        }
    }
}

fn offer_form(operation: &mut Map<String, Value>, form: &Form) {
    let of_what = if form.rows.is_some() { "each row" } else { "the answer" };
    let description = format!(
        "The fields of {of_what} that are wanted; required ones always come{}.",
        if form.rows.is_some() { ", but for CSV, which has these alone" } else { "" }
    );
    add_parameter(
        operation,
        json!({
            "name": FIELDS, "in": "query", "required": false, "description": description, "style": "form", "explode": false,
            "schema": { "type": "array", "items": { "type": "string", "enum": form.fields }, "minItems": 1 },
            "example": form.fields.iter().take(2).collect::<Vec<_>>(),
        }),
    );
    add_parameter(
        operation,
        json!({
            "name": "If-None-Match", "in": "header", "required": false, "schema": { "type": "string" },
            "description": "The ETag of the answer that the reader has.",
        }),
    );
    let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { return };
    let etag = json!({ "schema": { "type": "string" }, "description": "Names these bytes, for `If-None-Match`." });
    let not_modified = responses.entry("304").or_insert_with(|| json!({ "description": "Not changed since" }));
    add_header(not_modified, "ETag", &etag);
    let Some(found) = responses.get_mut("200") else { return };
    add_header(found, "ETag", &etag);
    if form.rows.is_none() {
        return;
    }
    let link = json!({ "schema": { "type": "string" }, "description": "Of CSV: the next page, `rel=\"next\"`." });
    add_header(found, "Link", &link);
    let rows =
        json!({ "schema": { "type": "integer", "minimum": 0 }, "description": "Of CSV: the rows below its header." });
    add_header(found, "X-Row-Count", &rows);
    if let Some(content) = found.get_mut("content").and_then(Value::as_object_mut) {
        let table = json!({
            "schema": { "type": "string", "description": "UTF-8, with a header; one row a line." },
            "x-columns": form.column_names(),
        });
        content.insert("text/csv".into(), table);
    }
}

/// That a request can be named, so that it is done once.
pub fn offer_idempotency(document: &mut Value) {
    for operation in operations(document) {
        let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
        if !idempotency::OPERATIONS.contains(&id) {
            continue;
        }
        add_parameter(
            operation,
            json!({
                "name": idempotency::HEADER, "in": "header", "required": false,
                "description": "A name for this request, unique among those of the key, such as a UUID. Sent again under it \
                                within 24 hours, the request is not done again and the first answer comes back.",
                "schema": { "type": "string", "pattern": "^[!-~]{1,100}$" },
                "example": "8e03978e-40d5-43e8-bc93-6894a57f9324",
            }),
        );
        let Some(responses) = operation.get_mut("responses").and_then(Value::as_object_mut) else { continue };
        for status in [409, 422] {
            responses.entry(status.to_string()).or_insert_with(|| problem_response(status));
        }
    }
}

fn add_parameter(operation: &mut Map<String, Value>, parameter: Value) {
    let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
    let Some(parameters) = parameters.as_array_mut() else { return };
    if parameters.iter().all(|known| known.get("name") != parameter.get("name")) {
        parameters.push(parameter);
    }
}

fn add_header(response: &mut Value, name: &str, header: &Value) {
    if let Some(response) = response.as_object_mut() {
        let headers = response.entry("headers").or_insert_with(|| json!({}));
        if let Some(headers) = headers.as_object_mut() {
            headers.entry(name).or_insert_with(|| header.clone());
        }
    }
}
