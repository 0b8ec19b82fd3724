//! A response away from the web: it goes out as a workbook, and comes back with a report on every cell. What is taken is
//! saved as anything else is, by [`responses::save`].

use std::collections::BTreeMap;

use super::responses::{self, AnswerChange, ResponseView};
use super::{App, AppError};
use crate::domain::access::Principal;
use crate::domain::questionnaire::answer::{Answer, Entry};
use crate::domain::questionnaire::definition::Item;
use crate::domain::questionnaire::offline::{FilledItem, Part, RegisterNames, Verdict, cell_text, judge};
use crate::formats::workbook::{FilledCell, FilledWorkbook, ResponseBook, read_response, response_workbook};

/// What became of a cell.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CellVerdict {
    /// It is taken.
    Accepted,
    /// It says what is saved already, or nobody touched it.
    Unchanged,
    /// It cannot be taken.
    Refused,
    /// Somebody else changed the answer since the workbook was downloaded: what is saved stays.
    Conflict,
}

/// One cell of the report. Cells that nobody touched are counted, not listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CellLine {
    /// The sheet.
    pub sheet: String,
    /// The cell, such as `D12`.
    pub cell: String,
    /// The item.
    pub link_id: String,
    /// Its printed number; empty where the questionnaire has no such item.
    pub number: String,
    /// The question.
    pub question: String,
    /// Which part of it: an option's words, `nurse/7`; empty for the whole.
    pub part: String,
    /// What became of it.
    pub verdict: CellVerdict,
    /// What the cell says.
    pub entered: String,
    /// What is saved now, before anything of the workbook is.
    pub saved: String,
    /// Why it was refused, who changed it, or what is still to be put right.
    pub reason: String,
}

/// What would become, or became, of a workbook.
#[derive(Debug, Clone)]
pub struct UploadReport {
    /// The cells that somebody touched, in the order of the workbook.
    pub lines: Vec<CellLine>,
    /// Cells that nobody touched, or that say what is saved already.
    pub unchanged: usize,
    /// The accepted cells are saved; false after a rehearsal, and where there was nothing to save.
    pub stored: bool,
    /// The version of the response as it is now.
    pub version: i64,
}

impl UploadReport {
    /// How many of the listed cells have a verdict.
    pub fn count(&self, verdict: CellVerdict) -> usize {
        self.lines.iter().filter(|line| line.verdict == verdict).count()
    }
}

fn names(view: &ResponseView) -> RegisterNames {
    RegisterNames {
        hospitals: view.register.hospitals_in(view.round.year).map(|h| (h.code.clone(), h.name.clone())).collect(),
        areas: view.register.tree.iter().map(|a| (a.code.clone(), a.name.clone())).collect(),
    }
}

/// The workbook of a response. The same response gives the same bytes.
pub fn download(app: &App, who: &Principal, year: i32, service: &str) -> Result<Vec<u8>, AppError> {
    let view = responses::view(app, who, year, service)?;
    let names = names(&view);
    let own = view.register.hospitals_in(view.round.year);
    let own = own.filter(|h| h.service_code.as_deref() == Some(view.service.code.as_str()));
    let book = ResponseBook {
        service: &view.service.code,
        service_name: &view.service.name,
        year: view.round.year,
        round: view.round.names(),
        questionnaire: &view.questionnaire,
        document: &view.response.document,
        previous: view.before.as_ref().map(|before| (before.response.year, &before.response.document)),
        own_hospitals: own.map(|hospital| hospital.code.clone()).collect(),
        names: &names,
        synthetic: app.is_synthetic(),
    };
    response_workbook(&book).map_err(|error| AppError::Unexpected(error.to_string()))
}

/// How often a save is tried anew when others save at the same moment.
const TRIES: usize = 5;

/// Takes a filled-in workbook, or with `dry_run` says what would become of it. What cannot be taken stays out, and keeps
/// nothing else out.
pub fn upload(
    app: &App,
    who: &Principal,
    year: i32,
    service: &str,
    bytes: &[u8],
    dry_run: bool,
) -> Result<UploadReport, AppError> {
    let mut view = responses::view(app, who, year, service)?;
    if !view.can_edit {
        // The save says why not.
        view = responses::save(app, who, year, service, Vec::new())?;
    }
    if bytes.is_empty() {
        return Err(AppError::invalid("file", "missing", "Choose the workbook that you filled in."));
    }
    let filled = read_response(bytes).map_err(|error| AppError::invalid("file", "unreadable", error.to_string()))?;
    must_belong(&filled, &view)?;
    for _ in 0..TRIES {
        let (mut report, changes) = judged(&filled, &view);
        if dry_run || changes.is_empty() {
            return Ok(report);
        }
        match responses::save(app, who, year, service, changes) {
            Ok(after) => {
                report.stored = true;
                report.version = after.response.version;
                return Ok(report);
            }
            // Somebody saved between our look and our save: look again, so that they are told of it as of any conflict.
            Err(AppError::Moved(_)) => view = responses::view(app, who, year, service)?,
            Err(error) => return Err(error),
        }
    }
    let reason = "Others are saving answers of this response at this moment. Nothing was saved; upload the file again.";
    Err(AppError::Refused { code: "busy", reason: reason.into() })
}

/// Refuses the workbook of another service, round or questionnaire.
fn must_belong(filled: &FilledWorkbook, view: &ResponseView) -> Result<(), AppError> {
    let (service, year, version) = (&view.service.code, view.round.year, &view.questionnaire.version);
    let (code, message) = if filled.service != *service {
        let message = format!("This is the workbook of {}, not of {service}. Nothing was taken.", filled.service);
        ("other_service", message)
    } else if filled.year != year {
        let message = format!(
            "This is the workbook of audit year {}, not of {year}. Download the one of {year} and fill that in.",
            filled.year
        );
        ("other_round", message)
    } else if filled.questionnaire != *version {
        let message = format!(
            "This workbook asks version {} of the questionnaire; the round uses {version}. Download it again.",
            filled.questionnaire
        );
        ("other_questionnaire", message)
    } else {
        return Ok(());
    };
    Err(AppError::invalid("file", code, message))
}

/// The rows of one item, in the order of the workbook.
fn by_item(cells: &[FilledCell]) -> Vec<(&str, Vec<&FilledCell>)> {
    let mut order: Vec<(&str, Vec<&FilledCell>)> = Vec::new();
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for cell in cells {
        let place = *places.entry(&cell.link_id).or_insert_with(|| {
            order.push((&cell.link_id, Vec::new()));
            order.len() - 1
        });
        if let Some((_, rows)) = order.get_mut(place) {
            rows.push(cell);
        }
    }
    order
}

fn filled_item(rows: &[&FilledCell]) -> FilledItem {
    let explanation = rows.iter().find_map(|row| row.explanation.clone()).unwrap_or_default();
    let cells = rows.iter().filter_map(|row| Some((row.part.clone()?, row.before.clone(), row.now.clone()))).collect();
    // Rows of one item carry one version; were one altered by hand, the oldest counts.
    let based_on = rows.iter().map(|row| row.version).min().unwrap_or_default();
    FilledItem { based_on, cells, explanation }
}

fn judged(filled: &FilledWorkbook, view: &ResponseView) -> (UploadReport, Vec<AnswerChange>) {
    let names = names(view);
    let register = names.codes();
    let document = &view.response.document;
    let latest_month = view.round.latest_month();
    let mut changes = Vec::new();
    let (mut lines, mut unchanged) = (Vec::new(), 0);
    for (link_id, rows) in by_item(&filled.cells) {
        let item_filled = filled_item(&rows);
        let Some(item) = view.questionnaire.item(link_id) else {
            let reason = format!("The questionnaire of {} has no item {link_id:?}.", view.round.year);
            lines.extend(touched(&rows).map(|row| unknown_line(row, &reason)));
            continue;
        };
        let verdict = judge(item, &item_filled, document, &register, &latest_month);
        let saved = document.get(link_id).map_or(Entry::Unanswered, Answer::entry);
        let line = |row: &FilledCell, verdict: CellVerdict, reason: String| {
            line(item, row, verdict, cell_text(item, &saved, row.part.as_ref().unwrap_or(&Part::Whole), &names), reason)
        };
        match verdict {
            Verdict::Unchanged => {
                unchanged += rows.iter().filter(|row| row.part.is_some()).count();
                continue;
            }
            Verdict::Accepted { entry, notes } => {
                let explanation = item_filled.explanation_is_touched().then(|| item_filled.explanation.1.clone());
                let based_on = item_filled.based_on;
                changes.push(AnswerChange { link_id: link_id.to_owned(), based_on, entry, explanation });
                lines.extend(touched(&rows).map(|row| line(row, CellVerdict::Accepted, notes.join(" "))));
            }
            Verdict::Refused(problem) => lines.extend(touched(&rows).map(|row| {
                let own = row.part.as_ref() == Some(&problem.part);
                let reason = if own {
                    problem.reason.clone()
                } else {
                    format!("Not taken, because another cell of this question cannot be: {}", problem.reason)
                };
                line(row, CellVerdict::Refused, reason)
            })),
            Verdict::Conflict { .. } => {
                let actor = document.get(link_id).map(|answer| &answer.changed_by);
                let who = actor.and_then(|actor| view.names.get(actor)).map_or("Somebody", String::as_str);
                let reason = format!(
                    "{who} changed this answer after the workbook was downloaded. The saved answer stays; change it on \
                     the page if yours is right."
                );
                lines.extend(touched(&rows).map(|row| line(row, CellVerdict::Conflict, reason.clone())));
            }
        }
        unchanged += rows.iter().filter(|row| row.part.is_some() && !is_touched(row)).count();
    }
    (UploadReport { lines, unchanged, stored: false, version: view.response.version }, changes)
}

fn is_touched(row: &FilledCell) -> bool {
    let explained = row.explanation.as_ref().is_some_and(|(before, now)| before.trim() != now.trim());
    explained || (row.part.is_some() && row.before.trim() != row.now.trim())
}

fn touched<'a>(rows: &'a [&FilledCell]) -> impl Iterator<Item = &'a FilledCell> {
    rows.iter().copied().filter(|row| is_touched(row))
}

fn line(item: &Item, row: &FilledCell, verdict: CellVerdict, saved: String, reason: String) -> CellLine {
    let part = match &row.part {
        Some(Part::Option(code)) => item.option(code).map_or_else(|| code.clone(), |option| option.text.clone()),
        Some(Part::Row(grid_row)) => grid_row.replace('/', " band "),
        Some(Part::NotKnown) => "not known".into(),
        Some(Part::Whole) => String::new(),
        None => "explanation".into(),
    };
    let explanation = row.explanation.as_ref().map(|(_, now)| now.trim()).filter(|_| row.part.is_none());
    CellLine {
        sheet: row.sheet.clone(),
        cell: row.address.clone(),
        link_id: item.link_id.clone(),
        number: item.number.clone(),
        question: item.text.clone(),
        part,
        verdict,
        entered: explanation.unwrap_or(row.now.trim()).to_owned(),
        saved,
        reason,
    }
}

fn unknown_line(row: &FilledCell, reason: &str) -> CellLine {
    CellLine {
        sheet: row.sheet.clone(),
        cell: row.address.clone(),
        link_id: row.link_id.clone(),
        number: String::new(),
        question: String::new(),
        part: String::new(),
        verdict: CellVerdict::Refused,
        entered: row.now.trim().to_owned(),
        saved: String::new(),
        reason: reason.to_owned(),
    }
}
