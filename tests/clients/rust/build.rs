//! Generates the client from the committed document.

use std::error::Error;
use std::path::Path;

use progenitor::{GenerationSettings, Generator, InterfaceStyle};
use serde_json::{Map, Value};

const DOCUMENT: &str = "../../../openapi/openapi.json";

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed={DOCUMENT}");
    println!("cargo::rerun-if-changed=build.rs");
    let mut document: Value = serde_json::from_str(&std::fs::read_to_string(DOCUMENT)?)?;
    for path in document["paths"].as_object_mut().into_iter().flat_map(Map::values_mut).filter_map(Value::as_object_mut)
    {
        path.retain(|_, operation| takes_json(operation));
        path.values_mut().for_each(in_one_form);
    }
    let mut settings = GenerationSettings::default();
    settings.with_interface(InterfaceStyle::Builder);
    let tokens = Generator::new(&settings).generate_tokens(&serde_json::from_value(document)?)?;
    let client = prettyplease::unparse(&syn::parse2(tokens)?);
    Ok(std::fs::write(Path::new(&std::env::var("OUT_DIR")?).join("client.rs"), client)?)
}

/// The generator writes no bodies of files.
fn takes_json(operation: &Value) -> bool {
    let content = operation.pointer("/requestBody/content").and_then(Value::as_object);
    content.is_none_or(|content| content.keys().any(|media| media.starts_with("application/json")))
}

/// The generator knows one form of each answer, and errors in the same.
fn in_one_form(operation: &mut Value) {
    let answers = operation["responses"].as_object_mut().into_iter().flat_map(Map::values_mut);
    let answers: Vec<&mut Value> = answers.filter_map(|answer| answer.get_mut("content")).collect();
    answers.into_iter().for_each(plain);
    operation.pointer_mut("/requestBody/content").into_iter().for_each(plain);
}

fn plain(content: &mut Value) {
    let forms = content.as_object().into_iter().flatten();
    let json = forms
        .into_iter()
        .find(|(media, _)| media.starts_with("application/json") || media.starts_with("application/problem+json"));
    if let Some((_, form)) = json {
        *content = serde_json::json!({ "application/json": form });
    }
}
