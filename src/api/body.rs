//! Bodies: JSON that is read with a limit and refused by pointer, and files that are sent as they are.

use poem::http::HeaderValue;
use poem::{Body, IntoResponse, Request, RequestBody, Response, Result};
use poem_openapi::payload::{ParsePayload, Payload};
use poem_openapi::registry::{MetaSchema, MetaSchemaRef, Registry};
use poem_openapi::types::Type;
use poem_openapi::{ApiExtractor, ApiExtractorType, ApiResponse, ExtractParamOptions};
use serde::de::DeserializeOwned;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::problem::{Problem, ProblemPlace};
use super::responses::none_match;

/// Bytes that a JSON body may have.
pub const JSON_LIMIT: usize = 2 * 1024 * 1024;

/// A JSON body. Unlike the framework's own it has a limit, and says by pointer what it cannot accept.
#[derive(Debug)]
pub struct JsonBody<T>(pub T);

impl<T: Type> Payload for JsonBody<T> {
    const CONTENT_TYPE: &'static str = "application/json";

    fn check_content_type(content_type: &str) -> bool {
        content_type.parse::<mime::Mime>().is_ok_and(|mime| mime.essence_str() == Self::CONTENT_TYPE)
    }

    fn schema_ref() -> MetaSchemaRef {
        T::schema_ref()
    }

    fn register(registry: &mut Registry) {
        T::register(registry);
    }
}

impl<T: Type + DeserializeOwned> ParsePayload for JsonBody<T> {
    const IS_REQUIRED: bool = true;

    async fn from_request(_request: &Request, body: &mut RequestBody) -> Result<Self> {
        let bytes = body.take()?.into_bytes_limit(JSON_LIMIT).await?;
        Ok(Self(parse(&bytes)?))
    }
}

/// Reads JSON, or says by pointer what does not fit.
pub(super) fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    // The reader would also take an object's fields in order, as an array; that depends on how we wrote the type.
    if let Ok(value) = serde_json::from_slice::<Value>(bytes) {
        if let Some(pointer) = array_for_object(&value) {
            let message = "This does not fit what is expected here: an array where an object belongs.";
            return Err(Problem::invalid(vec![ProblemPlace::new(pointer, "wrong_shape", message.to_owned())]));
        }
        if let Some(pointer) = null(&value) {
            let message = "This is null. Leave out what has no value.".to_owned();
            return Err(Problem::invalid(vec![ProblemPlace::new(pointer, "null", message)]));
        }
        if let Some(pointer) = null_character(&value) {
            let message = "The character U+0000 cannot be part of a text. Leave it out.".to_owned();
            return Err(Problem::invalid(vec![ProblemPlace::new(pointer, "null_character", message)]));
        }
    }
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let pointer = pointer(error.path());
        let cause = error.into_inner();
        match cause.classify() {
            serde_json::error::Category::Data => Problem::invalid(vec![ProblemPlace::new(
                pointer,
                "wrong_shape",
                format!("This does not fit what is expected here: {}.", plain(&cause)),
            )]),
            _ => not_json(&cause),
        }
    })?;
    reader.end().map_err(|cause| not_json(&cause))?;
    Ok(value)
}

/// Where an array stands in the place of an object. Objects of ours are the whole body, or the elements of an array.
fn array_for_object(body: &Value) -> Option<String> {
    fn inside(value: &Value, pointer: &str) -> Option<String> {
        match value {
            Value::Array(elements) => elements.iter().enumerate().find_map(|(i, element)| {
                let here = format!("{pointer}/{i}");
                if element.is_array() { Some(here) } else { inside(element, &here) }
            }),
            Value::Object(fields) => {
                fields.iter().find_map(|(name, value)| inside(value, &format!("{pointer}/{}", escaped(name))))
            }
            _ => None,
        }
    }
    if body.is_array() { Some(String::new()) } else { inside(body, "") }
}

/// Where a null stands: the document calls nothing nullable.
fn null(body: &Value) -> Option<String> {
    match body {
        Value::Null => Some(String::new()),
        Value::Array(elements) => {
            elements.iter().enumerate().find_map(|(i, element)| Some(format!("/{i}{}", null(element)?)))
        }
        Value::Object(fields) => {
            fields.iter().find_map(|(name, value)| Some(format!("/{}{}", escaped(name), null(value)?)))
        }
        _ => None,
    }
}

/// Where a text has the character U+0000, for which PostgreSQL has no text. A name of a field that has it is named by
/// the object that it stands in.
fn null_character(body: &Value) -> Option<String> {
    fn inside(value: &Value, pointer: &str) -> Option<String> {
        match value {
            Value::String(text) => text.contains('\0').then(|| pointer.to_owned()),
            Value::Array(elements) => {
                elements.iter().enumerate().find_map(|(i, element)| inside(element, &format!("{pointer}/{i}")))
            }
            Value::Object(fields) => fields.iter().find_map(|(name, value)| {
                if name.contains('\0') {
                    return Some(pointer.to_owned());
                }
                inside(value, &format!("{pointer}/{}", escaped(name)))
            }),
            _ => None,
        }
    }
    inside(body, "")
}

/// The name of a field as a part of a pointer (RFC 6901).
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// The parser's words without the names of our types.
fn plain(cause: &serde_json::Error) -> String {
    let text = cause.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    let text = text.replace("i64", "a whole number").replace("f64", "a number").replace("a sequence", "an array");
    match text.split_once("struct ") {
        Some((before, _)) => format!("{before}an object"),
        None => text.replace(": map", ": an object").replace(": sequence", ": an array"),
    }
}

fn not_json(cause: &serde_json::Error) -> Problem {
    Problem::new(400, "malformed_json", format!("The body is not JSON: {cause}."))
}

fn pointer(path: &serde_path_to_error::Path) -> String {
    use serde_path_to_error::Segment;
    path.iter()
        .map(|segment| match segment {
            Segment::Seq { index } => format!("/{index}"),
            Segment::Map { key } => format!("/{}", escaped(key)),
            Segment::Enum { variant } => format!("/{variant}"),
            Segment::Unknown => String::new(),
        })
        .collect()
}

impl<'a, T: Type + DeserializeOwned> ApiExtractor<'a> for JsonBody<T> {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn register(registry: &mut Registry) {
        <Self as Payload>::register(registry);
    }

    fn request_meta() -> Option<poem_openapi::registry::MetaRequest> {
        Some(request_meta::<Self>())
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _options: ExtractParamOptions<Self::ParamType>,
    ) -> Result<Self> {
        check_content_type::<Self>(request)?;
        <Self as ParsePayload>::from_request(request, body).await
    }
}

/// What the document says of a body.
pub fn request_meta<P: Payload>() -> poem_openapi::registry::MetaRequest {
    poem_openapi::registry::MetaRequest {
        description: None,
        content: vec![poem_openapi::registry::MetaMediaType { content_type: P::CONTENT_TYPE, schema: P::schema_ref() }],
        required: true,
    }
}

/// Refuses a body of another type than the operation takes.
pub fn check_content_type<P: Payload>(request: &Request) -> Result<(), Problem> {
    let given = request.content_type().unwrap_or_default();
    if P::check_content_type(given) {
        return Ok(());
    }
    let found = if given.is_empty() { "nothing".to_owned() } else { format!("{given:?}") };
    let detail = format!("Send the body as {}; the Content-Type says {found}.", P::CONTENT_TYPE);
    Err(Problem::new(415, "wrong_content_type", detail))
}

/// A workbook.
#[derive(Debug)]
pub struct Workbook(pub Vec<u8>);

impl Payload for Workbook {
    const CONTENT_TYPE: &'static str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new_with_format("string", "binary")))
    }
}

impl IntoResponse for Workbook {
    fn into_response(self) -> Response {
        Response::builder().content_type(Self::CONTENT_TYPE).body(self.0)
    }
}

/// A workbook, or word that the reader has it already.
#[derive(Debug, ApiResponse)]
pub enum Download {
    /// The workbook.
    #[oai(status = 200)]
    Found(
        Workbook,
        /// The hash of its bytes.
        #[oai(header = "ETag")]
        String,
        /// The name to keep it under.
        #[oai(header = "Content-Disposition")]
        String,
    ),
    /// The workbook is the one of `If-None-Match`.
    #[oai(status = 304)]
    NotModified(
        /// The hash of its bytes.
        #[oai(header = "ETag")]
        String,
    ),
}

impl Download {
    /// A workbook under a name, unless the reader has these bytes.
    pub fn of(bytes: Vec<u8>, name: &str, if_none_match: Option<&str>) -> Self {
        let etag = format!("\"{}\"", data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes)));
        if none_match(if_none_match, &etag) {
            return Self::NotModified(etag);
        }
        Self::Found(Workbook(bytes), etag, format!("attachment; filename=\"{name}\""))
    }
}

/// A CSV file, as it is read from a temporary one.
#[derive(Debug)]
pub struct CsvFile {
    /// The file, read from its start.
    pub file: tokio::fs::File,
    /// Its length in bytes.
    pub length: u64,
}

impl Payload for CsvFile {
    const CONTENT_TYPE: &'static str = "text/csv; charset=utf-8";

    fn schema_ref() -> MetaSchemaRef {
        MetaSchemaRef::Inline(Box::new(MetaSchema::new("string")))
    }
}

impl IntoResponse for CsvFile {
    fn into_response(self) -> Response {
        let body = Body::from_async_read(self.file);
        let mut response = Response::builder().content_type(Self::CONTENT_TYPE).body(body);
        response.headers_mut().insert("content-length", HeaderValue::from(self.length));
        response
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        parts: Vec<Inner>,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        #[expect(dead_code, reason = "read by serde alone")]
        n: i64,
        #[serde(default)]
        text: String,
    }

    #[test]
    fn what_does_not_fit_is_named_by_pointer() {
        for (body, status, place) in [
            (r#"{"parts":[{"n":1},{"n":"x"}]}"#, 422, Some("/parts/1/n")),
            (r#"{"parts":[{"n":1,"m":2}]}"#, 422, Some("/parts/0/m")),
            (r#"{"parts":{}}"#, 422, Some("/parts")),
            (r"[]", 422, Some("")),
            (r#"{"parts":["#, 400, None),
            ("", 400, None),
            (r#"{"parts":[]} x"#, 400, None),
            (r#"{"parts":[{"n":1,"text":null}]}"#, 422, Some("/parts/0/text")),
            (r#"{"parts":[{"n":1},{"n":1,"text":"a\u0000"}]}"#, 422, Some("/parts/1/text")),
            (r#"{"parts":[{"n":1,"a\u0000":2}]}"#, 422, Some("/parts/0")),
        ] {
            let problem = parse::<Outer>(body.as_bytes()).unwrap_err();
            let found = problem.errors.first().map(|error| error.pointer.as_str());
            assert_eq!((problem.status, found), (status, place), "{body}");
        }
    }

    /// A backslash that is itself written with one says nothing of what follows it.
    #[test]
    fn only_the_character_itself_is_refused() {
        let body = r#"{"parts":[{"n":1,"text":"write \\u0000, or \\\\u0000"}]}"#;
        assert_eq!(parse::<Outer>(body.as_bytes()).unwrap().parts[0].text, r"write \u0000, or \\u0000");
        let odd = r#"{"parts":[{"n":1,"text":"\\\u0000"}]}"#;
        assert_eq!(parse::<Outer>(odd.as_bytes()).unwrap_err().status, 422);
    }
}
