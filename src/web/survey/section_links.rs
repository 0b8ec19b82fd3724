//! Handing one section of a response to somebody without an account, by a link.

use poem::http::StatusCode;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::overview::HeadView;
use crate::app::error::InputProblem;
use crate::app::section_links::{self, NewSectionLink, SectionLinkLine, USUAL_DAYS};
use crate::app::{AppError, responses};
use crate::domain::questionnaire::definition::Questionnaire;
use crate::formats::display::{capitalised, day_and_time};
use crate::web::Web;
use crate::web::choices::{Choice, Choices};
use crate::web::confirm::Confirm;
use crate::web::errors::PageError;
use crate::web::fields::{Field, Form};
use crate::web::forms::Posted;
use crate::web::page::Page;
use crate::web::reader::SignedInReader;
use crate::web::rounds::read_year;
use crate::web::sign_in::redirect;

#[derive(Debug, Serialize)]
struct LinkRow {
    section: String,
    recipient: String,
    made_by: String,
    made: String,
    expires: String,
    state: &'static str,
    tag: &'static str,
    /// Where it is revoked; empty where there is nothing to revoke.
    revoke: String,
}

fn section_title(questionnaire: &Questionnaire, link_id: &str) -> String {
    let found = questionnaire.section(link_id);
    found.map_or_else(|| link_id.to_owned(), |section| format!("{} {}", section.number, section.title))
}

fn recipient(line: &SectionLinkLine) -> String {
    if line.recipient.is_empty() { "Somebody who was erased".into() } else { line.recipient.clone() }
}

impl LinkRow {
    fn new(line: &SectionLinkLine, questionnaire: &Questionnaire, base: &str) -> Self {
        let link = &line.link;
        let (state, tag) = match (line.is_usable, link.revoked_at) {
            (true, _) => ("Works", "green"),
            (false, Some(_)) => ("Revoked", "grey"),
            (false, None) => ("Expired", "grey"),
        };
        Self {
            section: section_title(questionnaire, &link.section),
            recipient: recipient(line),
            made_by: capitalised(&line.made_by),
            made: day_and_time(link.created_at),
            expires: day_and_time(link.expires_at),
            state,
            tag,
            revoke: if line.is_usable { format!("{base}/links/{}/revoke", link.id) } else { String::new() },
        }
    }
}

#[derive(Debug, Serialize)]
struct LinksView {
    head: HeadView,
    notice: &'static str,
    section: Choices,
    form: Form,
    links: Vec<LinkRow>,
}

async fn page(
    web: &Web,
    reader: &SignedInReader,
    (year, service): (i32, &str),
    form: &Posted,
    notice: &'static str,
    problems: &[InputProblem],
) -> poem::Result<Response> {
    let (who, code) = (reader.who.clone(), service.to_owned());
    let work = move |app: &crate::app::App| {
        let lines = section_links::list(app, &who, year, &code)?;
        Ok((responses::view(app, &who, year, &code)?, lines))
    };
    let (view, lines) = web.app.run(work).await.map_err(PageError::from)?;
    let of = |name: &str| form.first(name).unwrap_or_default();
    let head = HeadView::new(&view);
    let sections = view.questionnaire.sections.iter();
    let sections = sections
        .map(|section| Choice::new(&section.link_id, &format!("{} {}", section.number, section.title), of("section")));
    let fields = [
        Field::email("Their e-mail address", "off"),
        Field::lines("note", "What you want to tell them (optional)", 3)
            .hint("It stands in the mail, beside your name."),
        Field::new("days", "For how many days the link works").inputmode("numeric").width(4),
    ];
    let content = LinksView {
        notice,
        section: Choices::new("section", "Section", sections.collect(), problems),
        form: Form::new(fields).filled(form).refused(problems),
        links: lines.iter().map(|line| LinkRow::new(line, &view.questionnaire, &head.base)).collect(),
        head,
    };
    let wrong = !problems.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = format!("Hand a section of {service} to a colleague");
    let has_form = content.head.can_share;
    let page = Page::new(&reader.reader, &title, content).with_errors(wrong).with_form(has_form);
    web.page_with(status, "survey_section_links", &page)
}

/// What the address may say besides.
#[derive(Debug, Default, Deserialize)]
struct LinksQuery {
    #[serde(default)]
    section: String,
    done: Option<String>,
}

/// `GET /survey/{year}/{service}/links`
#[handler]
pub(in crate::web) async fn link_list(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
    Query(query): Query<LinksQuery>,
) -> poem::Result<Response> {
    let notice = match query.done.as_deref() {
        Some("made") => "The section was handed out. A mail with the link is on its way.",
        Some("revoked") => "The link was revoked. It no longer works.",
        _ => "",
    };
    let form = Posted::of(&[("section", &query.section), ("days", &USUAL_DAYS.to_string())]);
    page(web, &reader, (read_year(&year)?, &service), &form, notice, &[]).await
}

/// `POST /survey/{year}/{service}/links`
#[handler]
pub(in crate::web) async fn make_link(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
    form: Posted,
) -> poem::Result<Response> {
    let year = read_year(&year)?;
    let (who, code, sent) = (reader.who.clone(), service.clone(), form.clone());
    let made = web
        .app
        .run(move |app| {
            let of = |name: &str| sent.first(name).unwrap_or_default();
            // What is no number is as far out of range as 0.
            let days = of("days").trim().parse().unwrap_or(0);
            let new = NewSectionLink { section: of("section"), email: of("email"), note: of("note"), days };
            section_links::make(app, &who, year, &code, &new)
        })
        .await;
    match made {
        Ok(_) => Ok(redirect(&format!("/survey/{year}/{service}/links?done=made")).finish()),
        Err(AppError::Invalid(found)) => page(web, &reader, (year, &service), &form, "", &found).await,
        Err(error) => Err(PageError::from(error).into()),
    }
}

/// `GET /survey/{year}/{service}/links/{id}/revoke`: asks.
#[handler]
pub(in crate::web) async fn revoke_link_page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service, id)): Path<(String, String, String)>,
) -> poem::Result<Response> {
    let year = read_year(&year)?;
    let (who, code, link) = (reader.who.clone(), service.clone(), id.clone());
    let line = web.app.run(move |app| section_links::one(app, &who, year, &code, &link)).await;
    let line = line.map_err(PageError::from)?;
    let confirm = Confirm {
        heading: format!("Revoke the link of {}", recipient(&line)),
        sentences: vec![
            "The link stops to work at once, and whoever is filling in the section with it is signed out. What they \
             have saved stays. You can hand the section out again."
                .into(),
        ],
        action: format!("/survey/{year}/{service}/links/{id}/revoke"),
        button: "Revoke the link",
        back: format!("/survey/{year}/{service}/links"),
        back_text: "Back to the links",
        ..Confirm::default()
    };
    confirm.page(web, &reader)
}

/// `POST /survey/{year}/{service}/links/{id}/revoke`
#[handler]
pub(in crate::web) async fn revoke_link(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service, id)): Path<(String, String, String)>,
) -> poem::Result<Response> {
    let year = read_year(&year)?;
    let (who, code) = (reader.who.clone(), service.clone());
    let done = web.app.run(move |app| section_links::revoke(app, &who, year, &code, &id)).await;
    done.map_err(PageError::from)?;
    Ok(redirect(&format!("/survey/{year}/{service}/links?done=revoked")).finish())
}
