//! The words of the questionnaire, for anybody.

use poem::web::Data;
use poem::{Response, handler};
use serde::Serialize;

use super::Web;
use super::page::Page;
use super::reader::Reader;
use crate::domain::reference::Term;

#[derive(Debug, Serialize)]
struct GlossaryView<'a> {
    terms: &'a [Term],
}

/// `GET /glossary`
#[handler]
pub(super) fn glossary(Data(web): Data<&Web>, reader: &Reader) -> poem::Result<Response> {
    let view = GlossaryView { terms: &web.app.reference().glossary };
    web.page("glossary", &Page::new(reader, "Glossary", view))
}
