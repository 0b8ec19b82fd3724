//! Answers from `responses.csv`: rows become documents, with versions and history as if someone had typed them.

use std::collections::BTreeMap;

use super::super::responses::{answer_event, new_answer, undo_sign_off, write_over};
use super::super::{App, AppError};
use super::{AnswerRules, ImportReport};
use crate::domain::access::Principal;
use crate::domain::interchange::Cell;
use crate::domain::questionnaire::answer::{AnswerValue, Entry, GridCell};
use crate::domain::questionnaire::conditions::Shown;
use crate::domain::questionnaire::definition::{Item, ItemType};
use crate::domain::questionnaire::facts::ResponseFacts;
use crate::domain::questionnaire::reading::{ReadError, RegisterCodes, limit_problems, read_cell, read_text, settle};
use crate::domain::round::{Act, Round};
use crate::formats::csv::{FieldProblem, unescape_value};
use crate::store::responses::{Response, ResponseState};
use crate::store::staging::{self, StagedAnswer};
use crate::store::{self, DbConn};

/// A round that is over takes imported answers as handed in; one that is open takes them as a draft.
fn is_over(round: &Round) -> bool {
    round.status.allows(Act::ImportAsSubmitted)
}

/// Types and range-checks one row.
pub(super) fn check_row(rules: &AnswerRules, cells: &[Cell]) -> Result<(), FieldProblem> {
    let [_, Cell::Integer(year), Cell::Text(Some(link_id)), Cell::Text(Some(cell)), Cell::Text(Some(value))] = cells
    else {
        return Err(FieldProblem::new("", "the row is not complete"));
    };
    let (round, questionnaire) = rules.rounds.get(year).ok_or_else(|| {
        let years: Vec<String> = rules.rounds.keys().map(ToString::to_string).collect();
        FieldProblem::new("year", format!("there is no round for {year}, only for {}", years.join(", ")))
    })?;
    let item = questionnaire
        .item(link_id)
        .ok_or_else(|| FieldProblem::new("link_id", format!("{link_id:?} is not asked for {year}")))?;
    let entry = read_row(&rules.codes, item, cell, value)
        .map_err(|error| FieldProblem::new(if of_cell(&error) { "row" } else { "value" }, error.to_string()))?;
    let Entry::Value(value) = entry else { return Ok(()) };
    // An open round takes the answer as a draft, and a draft may be wrong until it is handed in. Answers to a round that
    // is over count at once: what is impossible of one of them is refused here.
    if !is_over(round) {
        return Ok(());
    }
    let mut problems = limit_problems(item, &value, &round.latest_month()).into_iter();
    match problems.find(|(code, _)| !matches!(*code, "exclusive_option" | "total_zero")) {
        Some((_, reason)) => Err(FieldProblem::new("value", reason)),
        None => Ok(()),
    }
}

fn of_cell(error: &ReadError) -> bool {
    matches!(error, ReadError::UnknownCell(_) | ReadError::CellMissing | ReadError::NotAGrid)
}

/// What one row says; of a grid, as a grid with that one cell.
fn read_row(codes: &RegisterCodes, item: &Item, cell: &str, value: &str) -> Result<Entry, ReadError> {
    let (not_known, text) = unescape_value(value);
    match (&item.grid, cell) {
        (None, "") if not_known => Ok(Entry::NotKnown),
        (None, "") => {
            // Choices and numbers are never literally a reserved word; only text is written with a backslash.
            let text = if item.kind == ItemType::Text { text } else { value };
            read_text(item, text, codes).map(Entry::Value)
        }
        (None, _) => Err(ReadError::NotAGrid),
        (Some(_), "") if not_known => Ok(Entry::NotKnown),
        (Some(_), "") => Err(ReadError::CellMissing),
        (Some(grid), row) => read_cell(grid, row, value).map(|cell| Entry::Value(AnswerValue::Grid(vec![cell]))),
    }
}

/// Merges the staged answers into their responses. Returns how many rows belong to items that changed.
pub(super) fn merge(
    app: &App,
    who: &Principal,
    conn: &mut DbConn,
    rules: &AnswerRules,
    report: &mut ImportReport,
) -> Result<i64, AppError> {
    let mut changed = 0;
    for (service, year) in staging::staged_responses(conn)? {
        let Some((round, questionnaire)) = rules.rounds.get(&year) else { continue };
        let mut by_item: BTreeMap<String, Vec<StagedAnswer>> = BTreeMap::new();
        for answer in staging::staged_answers(conn, &service, year)? {
            by_item.entry(answer.link_id.clone()).or_default().push(answer);
        }
        let mut entries = BTreeMap::new();
        for (link_id, rows) in by_item {
            let Some(item) = questionnaire.item(&link_id) else { continue };
            if report.is_broken(&service, year, &link_id) {
                for row in &rows {
                    let reason = "another row of the same answer is rejected, and the rest would be another answer";
                    report.reject(row.line, vec![FieldProblem::new("row", reason)]);
                }
                continue;
            }
            match entry_of(rules, round, item, &rows) {
                Ok(entry) => {
                    entries.insert(link_id, (entry, rows));
                }
                Err(problem) => {
                    for row in &rows {
                        report.reject(row.line, vec![problem.clone()]);
                    }
                }
            }
        }
        changed += merge_response(app, who, conn, (round, questionnaire), &service, entries, report)?;
    }
    Ok(changed)
}

/// The entry that all rows of one item make together; a problem is one of all of them.
fn entry_of(rules: &AnswerRules, round: &Round, item: &Item, rows: &[StagedAnswer]) -> Result<Entry, FieldProblem> {
    let entry = entry_of_cells(&rules.codes, item, rows.iter().map(|row| (row.cell.as_str(), row.value.as_str())))?;
    let Entry::Value(value @ AnswerValue::Grid(_)) = &entry else { return Ok(entry) };
    let mut problems = if is_over(round) { limit_problems(item, value, &round.latest_month()) } else { Vec::new() };
    match problems.drain(..).find(|(code, _)| *code == "out_of_range") {
        Some((_, reason)) => Err(FieldProblem::new("value", reason)),
        None => Ok(entry),
    }
}

/// The entry that the rows of one item make together, each a cell with what it says.
pub(in super::super) fn entry_of_cells<'a>(
    codes: &RegisterCodes,
    item: &Item,
    rows: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> Result<Entry, FieldProblem> {
    let wrong = |error: ReadError| FieldProblem::new("value", error.to_string());
    let mut cells: Vec<GridCell> = Vec::new();
    let mut whole = None;
    for (cell, value) in rows {
        match read_row(codes, item, cell, value).map_err(wrong)? {
            Entry::Value(AnswerValue::Grid(cell)) => cells.extend(cell),
            other => whole = Some(other),
        }
    }
    match whole {
        Some(_) if !cells.is_empty() => {
            Err(FieldProblem::new("row", "the question as a whole is not known, but other rows give its cells"))
        }
        Some(entry) => Ok(entry),
        None => settle(item, AnswerValue::Grid(cells), codes).map(Entry::Value).map_err(wrong),
    }
}

type RowsOf = BTreeMap<String, (Entry, Vec<StagedAnswer>)>;

fn merge_response(
    app: &App,
    who: &Principal,
    conn: &mut DbConn,
    (round, questionnaire): (&Round, &crate::domain::questionnaire::definition::Questionnaire),
    service: &str,
    entries: RowsOf,
    report: &mut ImportReport,
) -> Result<i64, AppError> {
    store::responses::ensure(conn, service, round.year, app.now())?;
    let mut response = store::responses::find_for_update(conn, service, round.year)?
        .unwrap_or_else(|| Response::blank(service, round.year));
    let mut recorded = Vec::new();
    let mut changed = 0;
    let locked = match response.state {
        ResponseState::Submitted if !response.imported => {
            Some("the response was submitted with another answer; reopen it before importing over it")
        }
        ResponseState::NoReturn | ResponseState::NotCommissioned => {
            Some("the service makes no return for this year; take that back before importing its answers")
        }
        _ => None,
    };
    for (link_id, (entry, rows)) in entries {
        let current = response.document.get(&link_id).cloned();
        if current.as_ref().is_some_and(|answer| answer.entry() == entry) {
            continue;
        }
        if let Some(reason) = locked {
            let line = rows.first().map_or(0, |row| row.line);
            report.reject(line, vec![FieldProblem::new("value", reason)]);
            continue;
        }
        changed += i64::try_from(rows.len()).unwrap_or(i64::MAX);
        let (version, explanation) = current.as_ref().map_or((0, None), |a| (a.version, a.explanation.clone()));
        let new = new_answer(entry, explanation, version + 1, app.now(), &who.actor);
        response.document.answers.insert(link_id.clone(), new.clone());
        recorded.push(answer_event("answered", link_id, current.as_ref(), &new)?);
    }
    if recorded.is_empty() {
        return Ok(0);
    }
    recorded.extend(undo_sign_off(&mut response));
    let from = response.version;
    response.version += 1;
    response.imported = true;
    response.updated_at = Some(app.now());
    if is_over(round) {
        response.state = ResponseState::Submitted;
        response.submitted_at.get_or_insert(app.now());
        response.submitted_by.get_or_insert_with(|| who.actor.clone());
        let facts = ResponseFacts::of(&Shown::new(questionnaire, &response.document));
        store::facts::set(conn, service, round.year, Some(&facts))?;
    }
    write_over(app, conn, who, &response, from, recorded)?;
    if is_over(round) {
        store::submissions::add(conn, &response, &questionnaire.version, app.now(), &who.actor)?;
    }
    Ok(changed)
}
