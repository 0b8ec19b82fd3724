//! Saving a section.

use std::collections::{BTreeMap, BTreeSet};

use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};

use super::entries::{Choice, Written, read};
use super::items::{ItemContext, Unsaved};
use super::overview::HeadView;
use super::printed::Names;
use super::sections::{AfterSave, section_after, section_view};
use super::{named_section, response};
use crate::app::AppError;
use crate::app::responses::{self, AnswerChange, ResponseView};
use crate::domain::questionnaire::checks::can_submit;
use crate::domain::questionnaire::definition::Section;
use crate::domain::questionnaire::reading::RegisterCodes;
use crate::web::Web;
use crate::web::errors::PageError;
use crate::web::forms::{Posted, address};
use crate::web::page::Page;
use crate::web::reader::SignedInReader;
use crate::web::rounds::read_year;
use crate::web::sign_in::redirect;

fn register_codes(view: &ResponseView) -> RegisterCodes {
    RegisterCodes {
        hospitals: view.hospitals.iter().map(|hospital| hospital.code.clone()).collect(),
        areas: view.areas.iter().map(|area| area.code.clone()).collect(),
    }
}

/// `POST /survey/{year}/{service}/{section}`
#[handler]
pub(in crate::web) async fn save(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service, section)): Path<(String, String, String)>,
    form: Posted,
) -> poem::Result<Response> {
    let before = response(web, &reader, &year, &service).await?;
    let asked = named_section(&before, &section)?;
    let written = read(asked, &form, &before.response.document, &register_codes(&before));
    if written.iter().any(|one| one.choice == Choice::Open) {
        let open = |one: &Written| one.choice == Choice::Open;
        let moved = written.iter().filter(|one| open(one)).map(|one| one.link_id.clone()).collect();
        return again(web, &reader, &before, asked, &written, &moved, &BTreeMap::new());
    }
    let changes: Vec<AnswerChange> = written.iter().filter_map(Written::change).collect();
    let (who, number, code) = (reader.who.clone(), read_year(&year)?, service.clone());
    match web.app.run(move |app| responses::save(app, &who, number, &code, changes)).await {
        Ok(after) => Ok(redirect(&where_next(&before, &after, &section, &form)).finish()),
        Err(AppError::Moved(items)) => {
            let now = response(web, &reader, &year, &service).await?;
            let moved = items.into_iter().map(|item| item.link_id).collect();
            again(web, &reader, &now, named_section(&now, &section)?, &written, &moved, &BTreeMap::new())
        }
        Err(AppError::Invalid(problems)) => {
            let problems = problems.into_iter().map(|problem| (problem.field, problem.message)).collect();
            again(web, &reader, &before, asked, &written, &BTreeSet::new(), &problems)
        }
        Err(error) => Err(PageError::from(error).into()),
    }
}

/// The section with everything that was written and is not saved, so that nothing has to be typed twice.
fn again(
    web: &Web,
    reader: &SignedInReader,
    view: &ResponseView,
    section: &Section,
    written: &[Written],
    moved: &BTreeSet<String>,
    problems: &BTreeMap<String, String>,
) -> poem::Result<Response> {
    let kept = written.iter().filter(|one| one.change().is_some() || one.choice == Choice::Open);
    let unsaved = kept.map(|one| {
        let unsaved = Unsaved {
            entry: one.entry.clone(),
            explanation: one.explanation.clone(),
            conflict: moved.contains(&one.link_id),
            problem: problems.get(&one.link_id).cloned(),
        };
        (one.link_id.clone(), unsaved)
    });
    let context = ItemContext { names: Names::of(view), view, unsaved: unsaved.collect(), say_required: false };
    let content = section_view(section, &context, AfterSave::default());
    let status = if moved.is_empty() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::CONFLICT };
    let page = Page::new(&reader.reader, &section.title, content).with_errors(true);
    web.page_with(status, "survey_section", &page)
}

/// Where a save leads: on, unless something on the page wants a second look or has just come up, or there is nothing
/// else that the reader may see.
fn where_next(before: &ResponseView, after: &ResponseView, section: &str, form: &Posted) -> String {
    let base = HeadView::new(after).base;
    let by_link = after.only_section.is_some();
    if form.first("then") == Some("list") && !by_link {
        return base;
    }
    let in_section = |link_id: &str| after.questionnaire.section_of(link_id).is_some_and(|s| s.link_id == section);
    let appeared = after.shown.difference(&before.shown).filter(|link_id| in_section(link_id)).count();
    let open = after.findings.iter().any(|finding| {
        !finding.is_still_to_do() && in_section(&finding.link_id) && !can_submit(std::slice::from_ref(finding))
    });
    if open || appeared > 0 || by_link {
        let appeared = if appeared > 0 { appeared.to_string() } else { String::new() };
        return address(&format!("{base}/{section}"), &[("saved", "yes"), ("appeared", &appeared)]);
    }
    section_after(&after.questionnaire.sections, section)
        .map_or_else(|| format!("{base}/check"), |next| format!("{base}/{}", next.link_id))
}
