//! What the document says of a path: which methods it has and what its parameters take. Problems are worded from it, so
//! that they say what the document says.

use std::collections::BTreeMap;

use serde_json::Value;

/// The paths of the document.
#[derive(Debug)]
pub struct Surface {
    paths: Vec<PathShape>,
}

#[derive(Debug)]
struct PathShape {
    /// `None` for a parameter.
    segments: Vec<Option<String>>,
    operations: BTreeMap<String, Operation>,
}

/// One operation's parameters.
#[derive(Debug, Default)]
pub struct Operation {
    /// Its operation id.
    pub id: String,
    path_parameters: Vec<Parameter>,
    other_parameters: Vec<Parameter>,
}

/// One parameter.
#[derive(Debug)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// What it takes: "a whole number from 1 to 500".
    pub takes: String,
    in_query: bool,
}

impl Surface {
    /// Reads the paths of a document.
    pub fn new(document: &Value) -> Self {
        let paths = document.get("paths").and_then(Value::as_object);
        let paths = paths.into_iter().flatten().map(|(path, operations)| PathShape {
            segments: segments(path).map(|part| (!part.starts_with('{')).then(|| part.to_owned())).collect(),
            operations: operations
                .as_object()
                .into_iter()
                .flatten()
                .map(|(method, operation)| (method.to_uppercase(), Operation::new(document, operation)))
                .collect(),
        });
        Self { paths: paths.collect() }
    }

    fn find(&self, path: &str) -> Option<&PathShape> {
        let asked: Vec<&str> = segments(path).collect();
        let fits = |shape: &&PathShape| {
            shape.segments.len() == asked.len()
                && shape.segments.iter().zip(&asked).all(|(known, part)| known.as_deref().is_none_or(|k| k == *part))
        };
        // A path without parameters goes before one with them, as in the router.
        self.paths.iter().filter(fits).min_by_key(|shape| shape.segments.iter().filter(|part| part.is_none()).count())
    }

    /// The methods of a path, for `Allow`.
    pub fn methods(&self, path: &str) -> Vec<String> {
        let mut methods: Vec<String> = self.find(path).into_iter().flat_map(|p| p.operations.keys().cloned()).collect();
        if methods.iter().any(|method| method == "GET") {
            methods.push("HEAD".into());
        }
        methods
    }

    /// The operation of a path and method. `HEAD` is answered by `GET`.
    pub fn operation(&self, path: &str, method: &str) -> Option<&Operation> {
        let method = if method == "HEAD" { "GET" } else { method };
        self.find(path)?.operations.get(method)
    }
}

fn segments(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter(|part| !part.is_empty())
}

impl Operation {
    fn new(document: &Value, operation: &Value) -> Self {
        let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default().to_owned();
        let mut found = Self { id, ..Self::default() };
        for parameter in operation.get("parameters").and_then(Value::as_array).into_iter().flatten() {
            let text = |key: &str| parameter.get(key).and_then(Value::as_str).unwrap_or_default();
            let takes = parameter.get("schema").map(|schema| takes(document, schema)).unwrap_or_default();
            let place = text("in");
            let parameter = Parameter { name: text("name").to_owned(), takes, in_query: place == "query" };
            if place == "path" {
                found.path_parameters.push(parameter);
            } else {
                found.other_parameters.push(parameter);
            }
        }
        found
    }

    /// A parameter by the name that the framework gives it; it counts those of the path.
    pub fn parameter(&self, name: &str) -> Option<&Parameter> {
        match name.strip_prefix("param").and_then(|number| number.parse::<usize>().ok()) {
            Some(place) => self.path_parameters.get(place),
            None => self.path_parameters.iter().chain(&self.other_parameters).find(|p| p.name == name),
        }
    }

    /// The names of the query parameters.
    pub fn query_names(&self) -> impl Iterator<Item = &str> {
        self.other_parameters.iter().filter(|parameter| parameter.in_query).map(|parameter| parameter.name.as_str())
    }
}

/// What a schema takes, in words.
fn takes(document: &Value, schema: &Value) -> String {
    let schema = match schema.get("$ref").and_then(Value::as_str).and_then(|to| to.strip_prefix('#')) {
        Some(pointer) => document.pointer(pointer).unwrap_or(schema),
        None => schema,
    };
    let text = |key: &str| schema.get(key).and_then(Value::as_str);
    let limit = |key: &str| schema.get(key).and_then(Value::as_f64);
    if let Some(options) = schema.get("enum").and_then(Value::as_array) {
        let options: Vec<&str> = options.iter().filter_map(Value::as_str).collect();
        return format!("one of {}", options.join(", "));
    }
    match (text("type"), text("format")) {
        (Some("integer"), _) => match (limit("minimum"), limit("maximum")) {
            (Some(low), Some(high)) => format!("a whole number from {low} to {high}"),
            _ => "a whole number".into(),
        },
        (Some("number"), _) => match (limit("minimum"), limit("maximum")) {
            (Some(low), Some(high)) => format!("a number from {low} to {high}"),
            _ => "a number".into(),
        },
        (Some("boolean"), _) => "true or false".into(),
        (_, Some("date")) => "a date such as 2022-07-01".into(),
        (_, Some("date-time")) => "an instant such as 2022-07-01T09:30:00Z".into(),
        _ => text("pattern").map_or_else(|| "text".into(), |pattern| format!("text of the form {pattern}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_a_path_takes() {
        let surface = Surface::new(&serde_json::json!({"paths": {
            "/a/{year}": {"get": {"parameters": [
                {"in": "path", "name": "year", "schema": {"type": "integer", "minimum": 1.0, "maximum": 9.0}},
                {"in": "query", "name": "day", "schema": {"type": "string", "format": "date"}},
            ]}, "patch": {}},
            "/a/b": {"post": {}},
        }}));
        assert_eq!(surface.methods("/a/2021"), ["GET", "PATCH", "HEAD"]);
        assert_eq!(surface.methods("/a/b"), ["POST"]);
        assert!(surface.methods("/c").is_empty());
        let operation = surface.operation("/a/2021", "HEAD").unwrap();
        assert_eq!(operation.parameter("param0").unwrap().takes, "a whole number from 1 to 9");
        assert_eq!(operation.parameter("day").unwrap().takes, "a date such as 2022-07-01");
        assert_eq!(operation.query_names().collect::<Vec<_>>(), ["day"]);
    }
}
