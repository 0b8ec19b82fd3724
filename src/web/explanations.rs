//! What services said about unusual answers, for the audit team.

use chrono::{DateTime, Utc};
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Serialize;

use super::Web;
use super::errors::PageError;
use super::page::Page;
use super::reader::SignedInReader;
use super::rounds::read_year;
use crate::app::explanations::{self, Explained};
use crate::app::{App, rounds};
use crate::formats::display::capitalised;

#[derive(Debug, Serialize)]
struct ExplanationRow {
    service: String,
    service_name: String,
    state: &'static str,
    number: String,
    question: String,
    href: String,
    message: String,
    explanation: String,
    by: String,
    at: DateTime<Utc>,
}

impl ExplanationRow {
    fn new(year: i32, explained: &Explained) -> Self {
        Self {
            service: explained.service.clone(),
            service_name: explained.service_name.clone(),
            state: if explained.submitted { "Submitted" } else { "In progress" },
            number: explained.number.clone(),
            question: explained.question.clone(),
            href: format!("/survey/{year}/{}/{}#item-{}", explained.service, explained.section, explained.link_id),
            message: explained.message.clone(),
            explanation: explained.explanation.clone(),
            by: capitalised(&explained.by),
            at: explained.at,
        }
    }
}

#[derive(Debug, Serialize)]
struct ExplanationsView {
    names: String,
    back: String,
    rows: Vec<ExplanationRow>,
}

/// `GET /rounds/{year}/explanations`
#[handler]
pub(super) async fn of_round(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
) -> poem::Result<Response> {
    let year = read_year(&year)?;
    let who = reader.who.clone();
    let work = move |app: &App| Ok((rounds::one(app, &who, year)?, explanations::of_round(app, &who, year)?));
    let (round, explained) = web.app.run(work).await.map_err(PageError::from)?;
    let content = ExplanationsView {
        names: capitalised(&round.names()),
        back: format!("/rounds/{year}"),
        rows: explained.iter().map(|explained| ExplanationRow::new(year, explained)).collect(),
    };
    let title = format!("Explained answers, audit year {year}");
    web.page("round_explanations", &Page::new(&reader.reader, &title, content).wide())
}
