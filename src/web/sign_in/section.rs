//! Coming in by a section link, which lets somebody without an account fill in one section. Used by a button too.

use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Serialize;

use super::link::in_address;
use super::{Next, refused, welcome};
use crate::app::{AppError, sign_in};
use crate::web::Web;
use crate::web::page::Page;
use crate::web::reader::Reader;
use crate::web::survey::section_of_link;

#[derive(Debug, Serialize)]
struct SectionLinkView {
    action: String,
    /// Who is signed in as it is, and will not be any more.
    signed_in_as: String,
}

/// `GET /section/{token}`
#[handler]
pub(in crate::web) fn show(
    Data(web): Data<&Web>,
    reader: &Reader,
    Path(token): Path<String>,
) -> poem::Result<Response> {
    let view = SectionLinkView {
        action: format!("/section/{}", in_address(&token)),
        signed_in_as: reader.principal.as_ref().map(|who| who.name.clone()).unwrap_or_default(),
    };
    web.page("section_link", &Page::new(reader, "Fill in a section", view))
}

/// `POST /section/{token}`
#[handler]
pub(in crate::web) async fn enter(
    Data(web): Data<&Web>,
    reader: &Reader,
    Path(token): Path<String>,
) -> poem::Result<Response> {
    let visit = reader.visit.clone();
    match web.app.run(move |app| sign_in::with_section_link(app, &visit, &token)).await {
        Ok(signed_in) => {
            let section = section_of_link(&signed_in.principal).unwrap_or_default();
            welcome(web, reader, &signed_in, &Next::read(&section)).await
        }
        Err(AppError::LinkUnusable) => {
            let page = Page::new(reader, "This link does not work any more", ());
            web.page_with(StatusCode::GONE, "section_link_used", &page)
        }
        Err(error) => refused(web, reader, error),
    }
}
