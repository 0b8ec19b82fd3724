//! One answer in several forms, the same for every operation that answers JSON: as a table (`text/csv`) where it is one,
//! with some of its fields left out (`fields`), and not at all where the reader has it (`If-None-Match`).
//!
//! What a form may hold follows from the shapes of the handlers, in the order in which they name their fields, so an
//! operation that is added has all of this at once.

use std::collections::{BTreeMap, BTreeSet};

use poem::http::header::{ACCEPT, CONTENT_LENGTH, CONTENT_TYPE, ETAG, IF_NONE_MATCH, LINK, VARY};
use poem::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri};
use poem::{Body, Request, Response};
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::problem::Problem;
use super::responses::none_match;
use crate::formats::csv::guarded;
use crate::formats::fhir::FHIR_JSON;

/// The header that says how many rows a table has below its header.
const ROW_COUNT: HeaderName = HeaderName::from_static("x-row-count");

/// The name of the parameter that leaves fields out.
pub const FIELDS: &str = "fields";

/// The forms of every operation that answers JSON, by operation id.
pub type Forms = BTreeMap<String, Form>;

/// The forms of one operation's answer.
#[derive(Debug, Clone, Default)]
pub struct Form {
    /// The field that holds the rows, where the answer is a table.
    pub rows: Option<String>,
    /// The fields of a row, or of the answer where it is no table.
    pub fields: Vec<String>,
    /// Those of them that are always there.
    required: BTreeSet<String>,
    /// The columns of the table: where a row has each.
    columns: Vec<Vec<String>>,
}

/// The forms of the operations of a document, which is not sorted yet.
pub fn forms(document: &Value, registry: &Registry) -> Forms {
    let mut forms = Forms::new();
    for path in document.get("paths").and_then(Value::as_object).into_iter().flat_map(|paths| paths.values()) {
        let Some(get) = path.get("get") else { continue };
        let answer = get.pointer("/responses/200/content").and_then(Value::as_object);
        let json = answer.into_iter().flatten().find(|(media, _)| media.starts_with("application/json"));
        let target = json.and_then(|(_, json)| json.pointer("/schema/$ref")).and_then(Value::as_str);
        let schema = target.and_then(|to| registry.schemas.get(to.rsplit('/').next().unwrap_or_default()));
        if let (Some(id), Some(schema)) = (get.get("operationId").and_then(Value::as_str), schema) {
            forms.insert(id.to_owned(), Form::of(schema, registry));
        }
    }
    forms
}

/// The schema that a reference stands for, also one beside a description.
fn resolved<'a>(schema: &'a MetaSchemaRef, registry: &'a Registry) -> Option<&'a MetaSchema> {
    match schema {
        MetaSchemaRef::Reference(name) => registry.schemas.get(name),
        MetaSchemaRef::Inline(schema) => {
            match schema.all_of.iter().find(|part| matches!(part, MetaSchemaRef::Reference(_))) {
                Some(part) => resolved(part, registry),
                None => Some(schema),
            }
        }
    }
}

impl Form {
    fn of(schema: &MetaSchema, registry: &Registry) -> Self {
        let row_of = |property: &'_ MetaSchemaRef| -> Option<MetaSchema> {
            let list = resolved(property, registry)?;
            let row = resolved(list.items.as_ref()?, registry)?;
            (!row.properties.is_empty()).then(|| row.clone())
        };
        let lists: Vec<(&str, MetaSchema)> =
            schema.properties.iter().filter_map(|(name, property)| Some((*name, row_of(property)?))).collect();
        let rows = match lists.as_slice() {
            [only] => Some(only),
            several => several.iter().find(|(name, _)| *name == "items"),
        };
        let row = rows.map_or(schema, |(_, row)| row);
        let mut columns = Vec::new();
        if rows.is_some() {
            add_columns(&mut columns, &mut Vec::new(), row, registry);
        }
        Self {
            rows: rows.map(|(name, _)| (*name).to_owned()),
            fields: row.properties.iter().map(|(name, _)| (*name).to_owned()).collect(),
            required: row.required.iter().map(|name| (*name).to_owned()).collect(),
            columns,
        }
    }

    /// The names of the table's columns.
    pub fn column_names(&self) -> Vec<String> {
        self.columns.iter().map(|column| column.join(".")).collect()
    }

    /// Leaves out the fields that are neither wanted nor required.
    fn thin(&self, answer: &mut Value, wanted: &BTreeSet<String>) {
        let rows: Vec<&mut Value> = match &self.rows {
            Some(rows) => answer.get_mut(rows).and_then(Value::as_array_mut).into_iter().flatten().collect(),
            None => vec![answer],
        };
        for row in rows.into_iter().filter_map(Value::as_object_mut) {
            row.retain(|name, _| wanted.contains(name) || self.required.contains(name));
        }
    }

    /// The rows as CSV: of the wanted fields, or of all.
    fn table(&self, answer: &Value, wanted: Option<&BTreeSet<String>>) -> Result<Vec<u8>, csv::Error> {
        let is_wanted = |column: &&Vec<String>| {
            wanted.is_none_or(|wanted| column.first().is_some_and(|field| wanted.contains(field)))
        };
        let columns: Vec<&Vec<String>> = self.columns.iter().filter(is_wanted).collect();
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(columns.iter().map(|column| column.join(".")))?;
        let rows = self.rows.as_ref().and_then(|rows| answer.get(rows)).and_then(Value::as_array);
        for row in rows.into_iter().flatten() {
            writer.write_record(columns.iter().map(|column| {
                let found = column.iter().try_fold(row, |value, name| value.get(name));
                found.map(cell).unwrap_or_default()
            }))?;
        }
        writer.into_inner().map_err(|error| error.into_error().into())
    }
}

/// An object's fields become columns of their own, its name before theirs; lists stay one cell.
fn add_columns(columns: &mut Vec<Vec<String>>, place: &mut Vec<String>, schema: &MetaSchema, registry: &Registry) {
    for (name, property) in &schema.properties {
        place.push((*name).to_owned());
        match resolved(property, registry) {
            // Deeper than this only what contains itself goes.
            Some(inner) if !inner.properties.is_empty() && place.len() < 4 => {
                add_columns(columns, place, inner, registry);
            }
            _ => columns.push(place.clone()),
        }
        place.pop();
    }
}

/// A value as a cell. Text that a spreadsheet would take for a formula is guarded; what is no plain value is JSON.
fn cell(value: &Value) -> String {
    match value {
        Value::String(text) => guarded(text.clone()),
        Value::Array(elements) if elements.iter().all(|element| !element.is_object() && !element.is_array()) => {
            elements.iter().map(cell).collect::<Vec<_>>().join(";")
        }
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

/// In which form a request wants its answer.
#[derive(Debug)]
pub struct Wanted {
    as_table: bool,
    fields: Option<BTreeSet<String>>,
    if_none_match: Option<String>,
    address: Uri,
}

impl Wanted {
    /// Reads a request, or says which field there is not.
    pub fn of(form: &Form, request: &Request) -> Result<Self, Problem> {
        let text = |name: HeaderName| request.headers().get(name).and_then(|value| value.to_str().ok());
        let params: Vec<(String, String)> = request.params().unwrap_or_default();
        let fields: Option<BTreeSet<String>> = params
            .iter()
            .find(|(name, _)| name == FIELDS)
            .map(|(_, fields)| fields.split(',').map(ToOwned::to_owned).collect());
        if let Some(unknown) = fields.iter().flatten().find(|field| !form.fields.contains(field)) {
            let message = format!("There is no field {unknown:?}; there are {}.", form.fields.join(", "));
            return Err(Problem::parameter(FIELDS, "bad_parameter", message));
        }
        Ok(Self {
            as_table: form.rows.is_some() && text(ACCEPT).is_some_and(prefers_csv),
            fields,
            if_none_match: text(IF_NONE_MATCH).map(ToOwned::to_owned),
            address: request.original_uri().clone(),
        })
    }
}

/// Whether CSV is wanted rather than JSON: named, and worth more than JSON, or as much as anything.
fn prefers_csv(accept: &str) -> bool {
    let worth = |names: &[&str]| {
        let parts = accept.split(',').filter_map(|part| {
            let (kind, parameters) = part.split_once(';').unwrap_or((part, ""));
            let quality = parameters.split(';').find_map(|parameter| parameter.trim().strip_prefix("q="));
            let quality = quality.map_or(Some(1.0), |quality| quality.trim().parse::<f64>().ok())?;
            names.contains(&kind.trim().to_ascii_lowercase().as_str()).then_some(quality)
        });
        parts.fold(0.0, f64::max)
    };
    let (csv, json, any) = (worth(&["text/csv"]), worth(&["application/json"]), worth(&["*/*", "application/*"]));
    csv > 0.0 && csv > json && csv >= any
}

/// The address of the next page.
fn next_page(address: &Uri, after: &str) -> String {
    let query = address.query().unwrap_or_default();
    let kept = form_urlencoded::parse(query.as_bytes()).filter(|(name, _)| name != "after");
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(kept).append_pair("after", after).finish();
    format!("<{}?{query}>; rel=\"next\"", address.path())
}

/// The text of a table.
const CSV: HeaderValue = HeaderValue::from_static("text/csv; charset=utf-8");

fn is_of(headers: &HeaderMap, kind: &str) -> bool {
    headers.get(CONTENT_TYPE).is_some_and(|found| found.as_bytes().starts_with(kind.as_bytes()))
}

/// Gives an answer the form that was wanted. What is no success in JSON passes, a FHIR resource but for its ETag, as it is.
pub async fn formed(form: &Form, wanted: &Wanted, response: Response) -> Response {
    let is_known = ["application/json", FHIR_JSON].iter().any(|kind| is_of(response.headers(), kind));
    if response.status() != StatusCode::OK || !is_known {
        return response;
    }
    match reformed(form, wanted, response).await {
        Ok(response) => response,
        Err(problem) => poem::IntoResponse::into_response(problem),
    }
}

async fn reformed(form: &Form, wanted: &Wanted, response: Response) -> Result<Response, Problem> {
    let (mut parts, body) = response.into_parts();
    let mut bytes = body.into_bytes().await.map_err(|error| Problem::internal(&error))?;
    let is_ours = is_of(&parts.headers, "application/json");
    if is_ours && (wanted.as_table || wanted.fields.is_some()) {
        let mut answer: Value = serde_json::from_slice(&bytes).map_err(|error| Problem::internal(&error))?;
        if wanted.as_table {
            let rows = form.rows.as_ref().and_then(|rows| answer.get(rows)?.as_array()).map_or(0, Vec::len);
            parts.headers.insert(ROW_COUNT, HeaderValue::from(rows));
            if let Some(after) = answer.get("next").map(cell).filter(|_| rows > 0)
                && let Ok(link) = HeaderValue::from_str(&next_page(&wanted.address, &after))
            {
                parts.headers.insert(LINK, link);
            }
            let table = form.table(&answer, wanted.fields.as_ref()).map_err(|error| Problem::internal(&error))?;
            bytes = table.into();
            parts.headers.insert(CONTENT_TYPE, CSV);
            // That of the same answer as JSON would be for other bytes.
            parts.headers.remove(ETAG);
        } else if let Some(fields) = &wanted.fields {
            form.thin(&mut answer, fields);
            bytes = answer.to_string().into();
        }
    }
    if form.rows.is_some() {
        parts.headers.append(VARY, HeaderValue::from_static("accept"));
    }
    if !parts.headers.contains_key(ETAG) {
        // Weak, since a compressed answer carries the same.
        let hash = data_encoding::HEXLOWER.encode(Sha256::digest(&bytes).get(..16).unwrap_or_default());
        let etag = format!("W/\"{hash}\"");
        parts.headers.insert(ETAG, HeaderValue::from_str(&etag).map_err(|error| Problem::internal(&error))?);
        if none_match(wanted.if_none_match.as_deref(), &etag) {
            parts.status = StatusCode::NOT_MODIFIED;
            parts.headers.remove(CONTENT_TYPE);
            return Ok(Response::from_parts(parts, Body::empty()));
        }
    }
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(bytes.len()));
    Ok(Response::from_parts(parts, Body::from_bytes(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_table_is_answered_to_who_wants_one() {
        for (accept, csv) in [
            ("text/csv", true),
            ("text/csv, */*;q=0.1", true),
            ("text/csv, */*", true),
            ("application/json, text/csv", false),
            ("application/json;q=0.2, text/csv", true),
            ("text/csv;q=0.2, */*", false),
            ("text/csv;q=0", false),
            ("*/*", false),
        ] {
            assert_eq!(prefers_csv(accept), csv, "{accept}");
        }
    }

    #[test]
    fn rows_become_cells() {
        let path = |text: &str| text.split('.').map(ToOwned::to_owned).collect::<Vec<_>>();
        let form = Form {
            rows: Some("items".into()),
            fields: vec!["a".into(), "b".into()],
            required: ["a".to_owned()].into(),
            columns: vec![path("a"), path("b.c"), path("b.d")],
        };
        let mut answer =
            json!({"items": [{"a": "=1", "b": {"c": [1, 2], "d": [{"e": 1}]}}, {"a": "x, y"}], "next": "x"});
        let text = String::from_utf8(form.table(&answer, None).unwrap()).unwrap();
        assert_eq!(text, "a,b.c,b.d\n'=1,1;2,\"[{\"\"e\"\":1}]\"\n\"x, y\",,\n");
        let wanted: BTreeSet<String> = ["b".to_owned()].into();
        let text = String::from_utf8(form.table(&answer, Some(&wanted)).unwrap()).unwrap();
        assert!(text.starts_with("b.c,b.d\n"), "{text}");
        form.thin(&mut answer, &BTreeSet::new());
        assert_eq!(answer, json!({"items": [{"a": "=1"}, {"a": "x, y"}], "next": "x"}));
        let next = next_page(&"/api/v1/a?limit=2&after=1".parse().unwrap(), "é");
        assert_eq!(next, "</api/v1/a?limit=2&after=%C3%A9>; rel=\"next\"");
    }
}
