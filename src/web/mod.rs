//! Pages for people: one file a page group, each a handler that reads the request, calls one use case and fills a
//! template.
//!
//! Every page works without JavaScript and is made on the server. What is the same for all of them (who is signed in,
//! security headers, error pages, where forms may come from) is in `frame`; what they look like, in `page`.

mod assets;
mod errors;
mod forms;
mod frame;
mod gaps;
mod home;
mod page;
mod reader;
mod rounds;
mod sign_in;
mod survey;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use poem::http::StatusCode;
use poem::{Endpoint, EndpointExt as _, Response, Route, get, post};
use serde::Serialize;

use self::errors::PageError;
use self::page::{Page, Pages};
use crate::app::App;

/// What every handler needs.
#[derive(Clone)]
struct Web {
    app: App,
    pages: Arc<Pages>,
}

impl Web {
    /// A page with status 200.
    fn page<T: Serialize>(&self, template: &str, page: &Page<'_, T>) -> poem::Result<Response> {
        Ok(self.pages.response(StatusCode::OK, template, page)?)
    }

    /// A page with another status.
    fn page_with<T: Serialize>(
        &self,
        status: StatusCode,
        template: &str,
        page: &Page<'_, T>,
    ) -> poem::Result<Response> {
        Ok(self.pages.response(status, template, page)?)
    }

    /// A list of rounds is needed by most pages.
    async fn rounds(&self, reader: &reader::SignedInReader) -> Result<Vec<crate::domain::round::Round>, PageError> {
        let who = reader.who.clone();
        Ok(self.app.run(move |app| crate::app::rounds::list(app, &who)).await?)
    }
}

/// All pages, to be mounted at `/`.
pub fn routes(app: App) -> impl Endpoint {
    let web = Web { app, pages: Arc::new(Pages::load()) };
    let pages = Route::new()
        .at("/", get(home::home))
        .at("/sign-in", get(sign_in::sign_in))
        .at("/sign-in/demo", post(sign_in::sign_in_demo))
        .at("/sign-in/:token", get(sign_in::link).post(sign_in::use_link))
        .at("/sign-out", post(sign_in::sign_out))
        .at("/gaps", get(gaps::page))
        .at("/gaps.xlsx", get(gaps::workbook))
        .at("/rounds", get(rounds::list))
        .at("/rounds/:year", get(rounds::one))
        .at("/survey", get(survey::surveys))
        .at("/survey/:year/:service", get(survey::task_list))
        .at("/survey/:year/:service/check", get(survey::check).post(survey::submit))
        .at("/survey/:year/:service/submitted", get(survey::after_submit))
        .at("/survey/:year/:service/:section", get(survey::one_section).post(survey::save));
    let framed = frame::Frame::new(web.clone(), pages.data(web));
    let assets = get(assets::serve)
        .head(assets::serve)
        .after(|response| async move { response.map(frame::with_security_headers) });
    Route::new().at("/assets/:version/*name", assets).nest("/", framed)
}
