//! The page that asks once more before something that is not easily undone.

use poem::Response;
use poem::http::StatusCode;
use serde::Serialize;

use super::Web;
use super::choices::{Choices, DateField};
use super::fields::Form;
use super::page::Page;
use super::reader::SignedInReader;

/// A field that the form carries along.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Hidden {
    pub(super) name: &'static str,
    pub(super) value: String,
}

/// Things under a heading: what goes, what stays.
#[derive(Debug, Clone, Serialize)]
pub(super) struct List {
    pub(super) title: &'static str,
    pub(super) lines: Vec<String>,
}

/// What is asked.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Confirm {
    pub(super) heading: String,
    pub(super) sentences: Vec<String>,
    pub(super) lists: Vec<List>,
    /// Where the form goes.
    pub(super) action: String,
    pub(super) hidden: Vec<Hidden>,
    /// Something to type, where a press of a button is too little.
    pub(super) form: Form,
    /// Something to choose.
    pub(super) selects: Vec<Choices>,
    /// A day to name.
    pub(super) dates: Vec<DateField>,
    pub(super) button: &'static str,
    /// Where whoever thinks better of it goes.
    pub(super) back: String,
    pub(super) back_text: &'static str,
}

impl Confirm {
    /// The page.
    pub(super) fn page(&self, web: &Web, reader: &SignedInReader) -> poem::Result<Response> {
        let has_errors = self.form.is_refused();
        let status = if has_errors { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        let page = Page::new(&reader.reader, &self.heading, self).with_errors(has_errors);
        web.page_with(status, "confirm", &page)
    }
}
