//! What is not translated into Welsh yet, for the audit team.

use poem::web::Data;
use poem::{Response, handler};
use serde::Serialize;

use super::Web;
use super::errors::PageError;
use super::page::Page;
use super::reader::SignedInReader;
use crate::app::translations::{self, Part};
use crate::locales::Language;

#[derive(Debug, Serialize)]
struct PartView {
    name: String,
    is_questionnaire: bool,
    id: String,
    texts: usize,
    translated: usize,
    missing: Vec<MissingView>,
}

#[derive(Debug, Serialize)]
struct MissingView {
    place: String,
    says: String,
}

impl PartView {
    fn new(part: Part) -> Self {
        Self {
            id: part.name.replace('.', "-"),
            is_questionnaire: part.is_questionnaire,
            texts: part.texts,
            translated: part.translated(),
            missing: part.missing.into_iter().map(|(place, english)| MissingView { place, says: english }).collect(),
            name: part.name,
        }
    }
}

#[derive(Debug, Serialize)]
struct TranslationsView {
    parts: Vec<PartView>,
}

/// `GET /translations`
#[handler]
pub(super) async fn missing(Data(web): Data<&Web>, reader: SignedInReader) -> poem::Result<Response> {
    let who = reader.who.clone();
    let parts = web.app.run(move |app| translations::of(app, &who, Language::Welsh)).await.map_err(PageError::from)?;
    let view = TranslationsView { parts: parts.into_iter().map(PartView::new).collect() };
    web.page("translations", &Page::new(&reader.reader, "Translation into Welsh", view))
}
