//! The second step of signing in: a code of the second factor, or a recovery code.

use poem::http::StatusCode;
use poem::web::{Data, Query};
use poem::{Response, handler};
use serde::Serialize;

use super::{Next, NextQuery, redirect, refused, step_of, welcome};
use crate::app::{AppError, sign_in};
use crate::store::sessions::Stage;
use crate::web::Web;
use crate::web::errors::PageError;
use crate::web::fields::{Field, Form};
use crate::web::forms::Posted;
use crate::web::page::Page;
use crate::web::reader::Reader;

#[derive(Debug, Serialize)]
struct CodeView {
    name: String,
    next: Next,
    code: Form,
    /// Recovery codes have letters, which the keys that a telephone shows for a code have not.
    recovery: Form,
}

impl CodeView {
    fn new(name: &str, next: Next) -> Self {
        let hint = "The six digits that your authenticator shows now.";
        let recovery_hint = "Sixteen letters and digits. Each recovery code works once.";
        let recovery = Field::new("code", "Recovery code").id("recovery-code").hint(recovery_hint).width(20);
        Self {
            name: name.to_owned(),
            next,
            code: Form::new([Field::code("Code").hint(hint)]),
            recovery: Form::new([recovery]),
        }
    }
}

/// `GET /sign-in/code`
#[handler]
pub(in crate::web) fn show(
    Data(web): Data<&Web>,
    reader: &Reader,
    Query(query): Query<NextQuery>,
) -> poem::Result<Response> {
    let next = query.next();
    match &reader.arriving {
        Some((who, Stage::NeedsCode)) => {
            web.page("sign_in_code", &Page::new(reader, "Second step", CodeView::new(&who.name, next)))
        }
        Some((_, stage)) => Ok(redirect(&step_of(*stage, &next)).finish()),
        None if reader.principal.is_some() => Ok(redirect(next.or_home()).finish()),
        None => Ok(redirect(&next.by_way_of("/sign-in")).finish()),
    }
}

/// `POST /sign-in/code`
#[handler]
pub(in crate::web) async fn enter(Data(web): Data<&Web>, reader: &Reader, form: Posted) -> poem::Result<Response> {
    let (Some((who, _)), Some(session)) = (&reader.arriving, reader.session.clone()) else {
        return Err(PageError::NotSignedIn.into());
    };
    let next = Next::of_form(&form);
    let (visit, code) = (reader.visit.clone(), form.first("code").unwrap_or_default().to_owned());
    match web.app.run(move |app| sign_in::with_code(app, &visit, &session, &code)).await {
        Ok(signed_in) => welcome(web, reader, &signed_in, &next).await,
        Err(error @ AppError::CodeRefused) => {
            let view = CodeView::new(&who.name, next);
            let view = if form.has("recovery") {
                CodeView { recovery: view.recovery.refused_for("code", &error), ..view }
            } else {
                CodeView { code: view.code.refused_for("code", &error), ..view }
            };
            let page = Page::new(reader, "Second step", view).with_errors(true);
            web.page_with(StatusCode::UNAUTHORIZED, "sign_in_code", &page)
        }
        Err(error) => refused(web, reader, error),
    }
}
