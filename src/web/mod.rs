//! Pages for people: one file a page group, each a handler that reads the request, calls one use case and fills a
//! template.
//!
//! Every page works without JavaScript and is made on the server. What is the same for all of them (who is signed in,
//! security headers, error pages, where forms may come from) is in `frame`; what they look like, in `page`.

mod assets;
mod csrf;
mod errors;
mod forms;
mod frame;
mod gaps;
mod home;
mod openid;
mod page;
mod reader;
mod rounds;
mod sign_in;
mod site;
mod survey;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use poem::http::StatusCode;
use poem::{Endpoint, EndpointExt as _, Response, Route, get};
use serde::Serialize;

use self::errors::PageError;
use self::page::{Page, Pages};
use self::site::Site;
use crate::app::App;
use crate::domain::access::{Access, Outside, Permission};

pub use self::site::PageRoute;

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

const READ_GAPS: Access = Access::May(&[Permission::ReadGaps], Outside::Filtered);
const READ_REFERENCE: Access = Access::May(&[Permission::ReadReference], Outside::Filtered);
const READ_RESPONSES: Access = Access::May(&[Permission::ReadSubmitted], Outside::Forbidden);
const READ_RESPONSE: Access = Access::May(&[Permission::ReadSubmitted, Permission::FillSection], Outside::Forbidden);
const EDIT_RESPONSE: Access = Access::May(&[Permission::EditResponse, Permission::FillSection], Outside::Forbidden);
const SUBMIT_RESPONSE: Access = Access::May(&[Permission::SubmitResponse], Outside::Forbidden);

/// Every page with who may call it.
fn site() -> Site {
    Site::default()
        .get("/", Access::SignedIn, home::home)
        .get("/sign-in", Access::Public, sign_in::sign_in_page)
        .post("/sign-in/demo", Access::Public, sign_in::sign_in_demo)
        .get("/sign-in/openid", Access::Public, openid::begin)
        .get(crate::app::openid::CALLBACK, Access::Public, openid::callback)
        .get("/sign-in/:token", Access::Public, sign_in::link)
        .post("/sign-in/:token", Access::Public, sign_in::use_link)
        .post("/sign-out", Access::Public, sign_in::sign_out)
        .get("/gaps", READ_GAPS, gaps::page)
        .get("/gaps.xlsx", READ_GAPS, gaps::workbook)
        .get("/rounds", READ_REFERENCE, rounds::list)
        .get("/rounds/:year", READ_RESPONSES, rounds::one)
        .get("/survey", READ_RESPONSES, survey::surveys)
        .get("/survey/:year/:service", READ_RESPONSE, survey::task_list)
        .get("/survey/:year/:service/check", READ_RESPONSES, survey::check)
        .post("/survey/:year/:service/check", SUBMIT_RESPONSE, survey::submit)
        .get("/survey/:year/:service/submitted", READ_RESPONSES, survey::after_submit)
        .get("/survey/:year/:service/:section", READ_RESPONSE, survey::one_section)
        .post("/survey/:year/:service/:section", EDIT_RESPONSE, survey::save)
}

/// The pages and who may call each, for those who check it.
pub fn declared() -> Vec<PageRoute> {
    site().declared()
}

/// All pages, to be mounted at `/`.
pub fn routes(app: App) -> impl Endpoint {
    let web = Web { app, pages: Arc::new(Pages::load()) };
    let framed = frame::Frame::new(web.clone(), site().route().data(web));
    let assets = get(assets::serve)
        .head(assets::serve)
        .after(|response| async move { response.map(frame::with_security_headers) });
    Route::new().at("/assets/:version/*name", assets).nest("/", framed)
}
