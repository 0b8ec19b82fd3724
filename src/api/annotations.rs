//! What stands in our tables and not in the handlers, brought into the document: who may call an operation, what will go,
//! an example of every call, and the order of the work.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::access::access_of;
use super::deprecation::{DEPRECATED, find};
use super::key::words;
use crate::domain::access::{Access, Outside};
use crate::formats::fhir::FHIR_JSON;

/// The tags in the order in which a round needs them.
const ORDER: [&str; 9] =
    ["rounds", "register", "responses", "quality", "files", "kpis", "workforce", "associations", "access"];

/// An example of every call, recorded from the synthetic country. The tests play them all.
const EXAMPLES: &str = include_str!("../../openapi/examples.json");

/// See [`EXAMPLES`].
#[derive(Debug, Default, Deserialize)]
struct Examples {
    /// What a parameter stands for where the call does not say.
    parameters: BTreeMap<String, Value>,
    /// The calls, in the order in which they are played.
    calls: Vec<Call>,
}

#[derive(Debug, Deserialize)]
struct Call {
    operation: String,
    #[serde(default)]
    parameters: BTreeMap<String, Value>,
    body: Option<Value>,
    answer: Option<Value>,
}

/// Adds what the tables say.
pub fn annotate(document: &mut Value) {
    let examples: Examples = serde_json::from_str(EXAMPLES).unwrap_or_default();
    if let Some(tags) = document.get_mut("tags").and_then(Value::as_array_mut) {
        let place = |tag: &Value| ORDER.iter().position(|name| tag.get("name") == Some(&json!(name)));
        tags.sort_by_key(place);
    }
    for operation in super::document::operations(document) {
        let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
        if let Some(access) = access_of(&id) {
            permission(operation, access);
        }
        exemplify(operation, &examples, &id);
        if let Some(deprecated) = find(DEPRECATED, &id) {
            deprecated.mark(operation);
        }
    }
}

/// Adds a paragraph to the description of an operation.
pub fn add_paragraph(operation: &mut Map<String, Value>, paragraph: &str) {
    let before = operation.get("description").and_then(Value::as_str).unwrap_or_default();
    let text = if before.is_empty() { paragraph.to_owned() } else { format!("{before}\n\n{paragraph}") };
    operation.insert("description".into(), text.into());
}

fn permission(operation: &mut Map<String, Value>, access: Access) {
    let (any_of, outside) = match access {
        Access::May(permissions, outside) => (permissions, Some(outside)),
        Access::Everywhere(ref permission) => (std::slice::from_ref(permission), None),
        Access::Public | Access::SignedIn | Access::Account => (&[][..], None),
    };
    let names: Vec<&str> = any_of.iter().map(|permission| permission.words()).collect();
    let (scope, beyond) = match outside {
        Some(Outside::Filtered) => ("own", " What lies outside its scope is left out."),
        Some(Outside::Forbidden) => ("own", " Outside its scope it is refused with 403."),
        Some(Outside::NotFound) => ("own", " What lies outside its scope is not found."),
        None => ("everywhere", ""),
    };
    operation.insert("x-required-permission".into(), json!({ "any_of": names, "scope": scope }));
    let needs = words(access).replace("it needs", "The key needs");
    add_paragraph(operation, &format!("{needs}.{beyond}"));
}

fn exemplify(operation: &mut Map<String, Value>, examples: &Examples, id: &str) {
    let call = examples.calls.iter().find(|call| call.operation == id);
    for parameter in operation.get_mut("parameters").and_then(Value::as_array_mut).into_iter().flatten() {
        let name = parameter.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
        let own = call.and_then(|call| call.parameters.get(&name));
        let Some(example) = own.or_else(|| examples.parameters.get(&name)) else { continue };
        if let Some(parameter) = parameter.as_object_mut() {
            parameter.insert("example".into(), example.clone());
        }
    }
    let Some(call) = call else { return };
    if let Some(body) = &call.body
        && let Some(json) = json_of(operation.get_mut("requestBody"))
    {
        json.insert("example".into(), body.clone());
    }
    let answers = operation.get_mut("responses").and_then(Value::as_object_mut);
    let success = answers.and_then(|all| all.iter_mut().find(|(status, _)| status.starts_with('2')));
    if let (Some((_, success)), Some(answer)) = (success, &call.answer)
        && let Some(json) = json_of(Some(success))
    {
        json.insert("example".into(), answer.clone());
    }
}

/// The JSON of a body or an answer.
fn json_of(message: Option<&mut Value>) -> Option<&mut Map<String, Value>> {
    let content = message?.get_mut("content")?.as_object_mut()?;
    let (_, json) = content.iter_mut().find(|(media, _)| matches!(media.as_str(), "application/json" | FHIR_JSON))?;
    json.as_object_mut()
}
