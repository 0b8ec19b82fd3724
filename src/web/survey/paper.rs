//! The whole questionnaire on paper: blank, with the answers of a service, or as it was submitted.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Serialize;

use super::overview::HeadView;
use super::printed::{printed, stored_entry};
use super::response;
use crate::app::responses::{ResponseView, SubmissionView};
use crate::app::{App, rounds};
use crate::domain::questionnaire::answer::{Document, Entry};
use crate::domain::questionnaire::conditions::Shown;
use crate::domain::questionnaire::definition::{Condition, Item, ItemType, Questionnaire, limit_text};
use crate::domain::register::Register;
use crate::domain::submission::content_hash;
use crate::formats::display::capitalised;
use crate::web::Web;
use crate::web::errors::PageError;
use crate::web::page::Page;
use crate::web::reader::SignedInReader;
use crate::web::rounds::read_year;

/// The questionnaire on paper.
#[derive(Debug, Serialize)]
struct PrintView {
    /// The response; none where the questionnaire is blank.
    head: Option<HeadView>,
    /// The submitted version that it shows, rather than the answers as they are.
    submission: Option<SubmissionFacts>,
    names: String,
    title: String,
    /// Version of the questionnaire.
    questionnaire: String,
    printed_at: DateTime<Utc>,
    /// SHA-256 of the answers as they are stored, in groups of eight.
    hash: String,
    sections: Vec<PrintedSection>,
}

/// A submitted version.
#[derive(Debug, Serialize)]
struct SubmissionFacts {
    number: i32,
    at: DateTime<Utc>,
    by: String,
    version: i64,
}

#[derive(Debug, Serialize)]
struct PrintedSection {
    number: String,
    title: String,
    intro: String,
    items: Vec<PrintedItem>,
}

#[derive(Debug, Serialize)]
struct PrintedItem {
    number: String,
    text: String,
    help: String,
    unit: String,
    required: bool,
    /// When it is asked, in words; empty where it always is.
    condition: Vec<ConditionWords>,
    /// It is not asked with the answers as they are.
    not_applicable: bool,
    /// Boxes to tick, on a blank questionnaire.
    options: Vec<String>,
    many: bool,
    /// Roles with their bands, on a blank questionnaire.
    posts: Vec<PrintedRole>,
    /// A line to write on, on a blank questionnaire.
    line: bool,
    answer: String,
    explanation: String,
}

#[derive(Debug, Serialize)]
struct PrintedRole {
    role: String,
    bands: Vec<String>,
}

/// What a condition asks for: the number of its question, and the answers, one of which it takes.
#[derive(Debug, Serialize)]
struct ConditionWords {
    number: String,
    /// `any`, `none`, `above`, `answered` or `unanswered`.
    kind: &'static str,
    answers: Vec<String>,
}

fn condition_words(questionnaire: &Questionnaire, condition: &Condition) -> Option<ConditionWords> {
    let item = questionnaire.item(condition.item.split('/').next().unwrap_or(&condition.item))?;
    let texts = |codes: &[String]| codes.iter().filter_map(|code| item.option(code)).map(|o| o.text.clone()).collect();
    let (kind, answers) = match condition {
        Condition { has_any: Some(codes), .. } => ("any", texts(codes)),
        Condition { lacks_all: Some(codes), .. } => ("none", texts(codes)),
        Condition { is: Some(yes), .. } => ("any", vec![if *yes { "Yes" } else { "No" }.to_owned()]),
        Condition { above: Some(limit), .. } => ("above", vec![limit_text(*limit)]),
        Condition { answered: Some(true), .. } => ("answered", Vec::new()),
        _ => ("unanswered", Vec::new()),
    };
    Some(ConditionWords { number: item.number.clone(), kind, answers })
}

fn printed_item(questionnaire: &Questionnaire, item: &Item) -> PrintedItem {
    let options = match item.kind {
        ItemType::Boolean => vec!["Yes".to_owned(), "No".to_owned()],
        _ => item.options.iter().map(|option| option.text.clone()).collect(),
    };
    let posts = item.grid.iter().flat_map(|grid| &grid.roles);
    PrintedItem {
        number: item.number.clone(),
        text: item.text.clone(),
        help: item.help.clone(),
        unit: item.unit.clone().unwrap_or_default(),
        required: item.required,
        condition: item.enable_when.iter().filter_map(|c| condition_words(questionnaire, c)).collect(),
        not_applicable: false,
        line: options.is_empty() && item.grid.is_none(),
        many: item.kind == ItemType::Choices,
        options,
        posts: posts.map(|role| PrintedRole { role: role.text.clone(), bands: role.bands.clone() }).collect(),
        answer: String::new(),
        explanation: String::new(),
    }
}

/// A hash in groups of eight, for people to compare.
fn grouped(hash: &str) -> String {
    hash.as_bytes().chunks(8).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
}

/// The hash of the answers as they are: two prints with the same one say the same, and that of a submitted response is
/// the one which is kept with its submission.
fn hash(view: &ResponseView) -> Result<String, PageError> {
    let hash = content_hash(view.round.year, &view.service.code, &view.questionnaire.version, &view.response.document);
    Ok(grouped(&hash.map_err(|error| PageError::internal(error.to_string()))?))
}

/// Answers to print.
struct Answers<'a> {
    document: &'a Document,
    /// The items that are asked with the answers as they are.
    shown: BTreeSet<String>,
    register: &'a Register,
    /// The one section that the reader may see.
    only: Option<&'a str>,
}

fn sections(questionnaire: &Questionnaire, answers: Option<&Answers<'_>>) -> Vec<PrintedSection> {
    let wanted = |link_id: &str| answers.and_then(|answers| answers.only).is_none_or(|only| only == link_id);
    let item = |item: &Item| {
        let mut printed_item = printed_item(questionnaire, item);
        if let Some(answers) = answers {
            let answer = answers.document.get(&item.link_id);
            let entry = stored_entry(answer);
            printed_item.not_applicable = !answers.shown.contains(&item.link_id);
            if entry != Entry::Unanswered {
                printed_item.answer = printed(item, &entry, answers.register);
            }
            printed_item.explanation = answer.and_then(|answer| answer.explanation.clone()).unwrap_or_default();
        }
        printed_item
    };
    let section = |section: &crate::domain::questionnaire::definition::Section| PrintedSection {
        number: section.number.clone(),
        title: section.title.clone(),
        intro: section.intro.clone(),
        items: section.items.iter().map(item).collect(),
    };
    questionnaire.sections.iter().filter(|found| wanted(&found.link_id)).map(section).collect()
}

/// A submitted version on paper.
pub(super) fn submission_page(
    web: &Web,
    reader: &SignedInReader,
    view: &ResponseView,
    found: &SubmissionView,
) -> poem::Result<Response> {
    let (one, questionnaire) = (&found.submission, &found.questionnaire);
    let shown = Shown::new(questionnaire, &one.document);
    let answers = Answers {
        document: &one.document,
        shown: shown.items().map(|item| item.link_id.clone()).collect(),
        register: &view.register,
        only: None,
    };
    let content = PrintView {
        head: Some(HeadView::new(view)),
        submission: Some(SubmissionFacts {
            number: one.number,
            at: one.submitted_at,
            by: found.submitted_by_name.clone(),
            version: one.version,
        }),
        names: capitalised(&view.round.names()),
        title: questionnaire.title.clone(),
        questionnaire: questionnaire.version.clone(),
        printed_at: web.app.now(),
        hash: grouped(&one.hash),
        sections: sections(questionnaire, Some(&answers)),
    };
    web.page("survey_print", &Page::new(&reader.reader, "Submitted version", content))
}

fn print_view(view: &ResponseView, now: DateTime<Utc>) -> Result<PrintView, PageError> {
    let answers = Answers {
        document: &view.response.document,
        shown: view.shown.clone(),
        register: &view.register,
        only: view.only_section.as_deref(),
    };
    Ok(PrintView {
        submission: None,
        names: capitalised(&view.round.names()),
        title: view.questionnaire.title.clone(),
        questionnaire: view.questionnaire.version.clone(),
        printed_at: now,
        hash: hash(view)?,
        sections: sections(&view.questionnaire, Some(&answers)),
        head: Some(HeadView::new(view)),
    })
}

/// `GET /survey/{year}/{service}/print`: the answers as they are, to be printed.
#[handler]
pub(in crate::web) async fn print(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
) -> poem::Result<Response> {
    let view = response(web, &reader, &year, &service).await?;
    let content = print_view(&view, web.app.now())?;
    let title = format!("Answers of {} for audit year {}", view.service.code, view.round.year);
    web.page("survey_print", &Page::new(&reader.reader, &title, content))
}

/// `GET /rounds/{year}/questionnaire/print`: the questionnaire, blank.
#[handler]
pub(in crate::web) async fn print_blank(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
) -> poem::Result<Response> {
    let (who, year) = (reader.who.clone(), read_year(&year)?);
    let read = move |app: &App| Ok((rounds::one(app, &who, year)?, rounds::questionnaire(app, &who, year)?));
    let (round, questionnaire) = web.app.run(read).await.map_err(PageError::from)?;
    let content = PrintView {
        submission: None,
        head: None,
        names: capitalised(&round.names()),
        title: questionnaire.title.clone(),
        questionnaire: questionnaire.version.clone(),
        printed_at: web.app.now(),
        hash: String::new(),
        sections: sections(&questionnaire, None),
    };
    web.page("survey_print", &Page::new(&reader.reader, &questionnaire.title, content))
}
