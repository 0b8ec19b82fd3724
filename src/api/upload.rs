//! Files that are sent to us: spooled to temporary files, with a limit, never whole in memory.

use std::collections::BTreeMap;
use std::io::{Seek as _, SeekFrom};

use poem::web::Multipart;
use poem::{Body, FromRequest, Request, RequestBody, Result};
use poem_openapi::payload::Payload;
use poem_openapi::registry::{MetaSchema, MetaSchemaRef};
use poem_openapi::{ApiExtractor, ApiExtractorType, ExtractParamOptions};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::body::{check_content_type, request_meta};
use super::problem::{Problem, ProblemPlace};
use crate::domain::interchange::FileKind;

/// Bytes that the files of one request may have together.
pub const UPLOAD_LIMIT: u64 = 256 * 1024 * 1024;

/// What the parts of a body may add to their files.
const FRAMING: u64 = 64 * 1024;

/// Exchange files, not yet read.
pub struct Upload {
    parts: Multipart,
}

impl std::fmt::Debug for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Upload")
    }
}

impl Payload for Upload {
    const CONTENT_TYPE: &'static str = "multipart/form-data";

    fn check_content_type(content_type: &str) -> bool {
        content_type.parse::<mime::Mime>().is_ok_and(|mime| mime.essence_str() == Self::CONTENT_TYPE)
    }

    fn schema_ref() -> MetaSchemaRef {
        let inline = |schema| MetaSchemaRef::Inline(Box::new(schema));
        let files = MetaSchema {
            items: Some(Box::new(inline(MetaSchema::new_with_format("string", "binary")))),
            description: Some("The files; the filename of each part says which it is, such as `services.csv`."),
            min_items: Some(1),
            ..MetaSchema::new("array")
        };
        inline(MetaSchema {
            properties: vec![("files", inline(files))],
            required: vec!["files"],
            ..MetaSchema::new("object")
        })
    }
}

impl<'a> ApiExtractor<'a> for Upload {
    const TYPES: &'static [ApiExtractorType] = &[ApiExtractorType::RequestObject];

    type ParamType = ();
    type ParamRawType = ();

    fn request_meta() -> Option<poem_openapi::registry::MetaRequest> {
        Some(request_meta::<Self>())
    }

    async fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
        _options: ExtractParamOptions<Self::ParamType>,
    ) -> Result<Self> {
        check_content_type::<Self>(request)?;
        let length = request.header("content-length").and_then(|length| length.parse::<u64>().ok());
        if length.is_some_and(|length| length > UPLOAD_LIMIT + FRAMING) {
            return Err(too_large().into());
        }
        // Nothing beyond the limit is ever read, whatever the headers of the parts say.
        let limited = body.take()?.into_async_read().take(UPLOAD_LIMIT + FRAMING);
        let mut body = RequestBody::new(Body::from_async_read(limited));
        Ok(Self { parts: <Multipart as FromRequest>::from_request(request, &mut body).await? })
    }
}

fn too_large() -> Problem {
    let detail = format!("The files are more than {} MB together. Send them one by one.", UPLOAD_LIMIT >> 20);
    Problem::new(413, "too_large", detail)
}

impl Upload {
    /// Reads the files into temporary ones, by kind: in the order in which they must be loaded.
    pub async fn spool(mut self) -> Result<BTreeMap<FileKind, std::fs::File>, Problem> {
        let mut files = BTreeMap::new();
        let mut left = UPLOAD_LIMIT;
        while let Some(part) = self.parts.next_field().await.map_err(|error| malformed(&error))? {
            let name = part.file_name().unwrap_or_default().to_owned();
            let kind = FileKind::by_file_name(&name).ok_or_else(|| unknown_file(&name))?;
            let file = tempfile::tempfile().map_err(|error| Problem::internal(&error))?;
            let mut file = tokio::fs::File::from_std(file);
            let mut reader = part.into_async_read().take(left + 1);
            let mut buffer = vec![0; 64 * 1024];
            loop {
                let read = reader.read(&mut buffer).await.map_err(|error| malformed(&error))?;
                if read == 0 {
                    break;
                }
                left = left.checked_sub(read as u64).ok_or_else(too_large)?;
                let bytes = buffer.get(..read).unwrap_or_default();
                file.write_all(bytes).await.map_err(|error| Problem::internal(&error))?;
            }
            file.flush().await.map_err(|error| Problem::internal(&error))?;
            let mut file = file.into_std().await;
            file.seek(SeekFrom::Start(0)).map_err(|error| Problem::internal(&error))?;
            if files.insert(kind, file).is_some() {
                let message = format!("{name} is in the request twice; send each file once.");
                return Err(Problem::invalid(vec![ProblemPlace::new(name, "file_twice", message)]));
            }
        }
        if files.is_empty() {
            let message = "There is no file in the request. Send each as a part with its name as filename.";
            return Err(Problem::invalid(vec![ProblemPlace::new("files", "files_missing", message)]));
        }
        Ok(files)
    }
}

fn malformed(cause: &dyn std::fmt::Display) -> Problem {
    tracing::debug!(%cause, "a multipart body could not be read");
    let detail = "The body is not multipart/form-data as its header says, or it ends early. Send it again.";
    Problem::new(400, "malformed_multipart", detail)
}

fn unknown_file(name: &str) -> Problem {
    let known: Vec<String> = FileKind::ALL.into_iter().map(FileKind::file_name).collect();
    let found = if name.is_empty() { "A part has no filename".into() } else { format!("{name:?} is no exchange file") };
    let message = format!("{found}; the files are {}.", known.join(", "));
    Problem::invalid(vec![ProblemPlace::new("files", "unknown_file", message)])
}
