//! The answers of a round as one wide table: a row a response, a column an item or a cell of a grid, for warehouses and
//! spreadsheets that open a table at once.

use std::io::Write;

use super::register::round_in;
use super::responses::{ResponseSummary, list_in};
use super::{App, AppError, exports};
use crate::domain::access::Principal;
use crate::domain::questionnaire::answer::{Answer, AnswerStatus, AnswerValue, grid_row};
use crate::domain::questionnaire::definition::{Item, Questionnaire};
use crate::formats::csv::{NOT_KNOWN, guarded};
use crate::store::{self, DbConn};

/// Responses whose answers are in memory at once.
const AT_ONCE: usize = 100;

/// Columns that say whose answers they are.
const HEADING: [&str; 6] = ["service", "name", "area", "state", "version", "submitted_at"];

/// Writes the answers of every response of a round that the reader may see, by service, and returns how many rows it has.
/// Responses that nobody has begun have no row. What is not known is `not_known`, what was not answered is empty.
pub fn write(app: &App, who: &Principal, year: i32, output: &mut dyn Write) -> Result<u64, AppError> {
    app.read(|conn| {
        let begun: Vec<ResponseSummary> =
            list_in(app, conn, who, year)?.into_iter().filter(|summary| summary.response.version > 0).collect();
        let questionnaire = app.questionnaire_of(round_in(&*app.register(conn)?, year)?)?;
        let mut writer = csv::Writer::from_writer(output);
        writer.write_record(heading(&questionnaire)).map_err(failed)?;
        for some in begun.chunks(AT_ONCE) {
            rows(conn, year, some, &questionnaire, &mut writer)?;
        }
        writer.flush().map_err(|error| failed(error.into()))?;
        Ok(u64::try_from(begun.len()).unwrap_or(u64::MAX))
    })
}

#[expect(clippy::needless_pass_by_value, reason = "it is the argument of map_err")]
fn failed(error: csv::Error) -> AppError {
    AppError::Unexpected(format!("the table of answers could not be written: {error}"))
}

/// The names of the columns: those of the items, and of cells as `staff_in_post.nurse/7`.
fn heading(questionnaire: &Questionnaire) -> Vec<String> {
    let mut columns: Vec<String> = HEADING.map(ToOwned::to_owned).to_vec();
    for item in questionnaire.items() {
        match &item.grid {
            Some(grid) => columns
                .extend(grid.cells().map(|(role, band)| format!("{}.{}", item.link_id, grid_row(&role.role, band)))),
            None => columns.push(item.link_id.clone()),
        }
    }
    columns
}

fn rows(
    conn: &mut DbConn,
    year: i32,
    summaries: &[ResponseSummary],
    questionnaire: &Questionnaire,
    writer: &mut csv::Writer<&mut dyn Write>,
) -> Result<(), AppError> {
    let services: Vec<&str> = summaries.iter().map(|summary| summary.service.code.as_str()).collect();
    let documents = store::responses::documents(conn, year, &services)?;
    for ResponseSummary { service, response, .. } in summaries {
        let submitted = response.submitted_at.map(|at| at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true));
        let mut row = vec![
            service.code.clone(),
            guarded(service.name.clone()),
            service.area_code.clone(),
            response.state.as_str().to_owned(),
            response.version.to_string(),
            submitted.unwrap_or_default(),
        ];
        let document = documents.get(&service.code);
        for item in questionnaire.items() {
            add_answer(&mut row, item, document.and_then(|document| document.get(&item.link_id)));
        }
        writer.write_record(row).map_err(failed)?;
    }
    Ok(())
}

/// The cells of an item: one, or one of each cell of its grid.
fn add_answer(row: &mut Vec<String>, item: &Item, answer: Option<&Answer>) {
    let is_not_known = answer.is_some_and(|answer| answer.status == AnswerStatus::NotKnown);
    let value = answer.and_then(|answer| answer.value.as_ref());
    let Some(grid) = &item.grid else {
        row.push(match value {
            _ if is_not_known => NOT_KNOWN.to_owned(),
            Some(value @ (AnswerValue::Integer(_) | AnswerValue::Decimal(_))) => exports::value_text(value),
            Some(value) => guarded(exports::value_text(value)),
            None => String::new(),
        });
        return;
    };
    let filled = match value {
        Some(AnswerValue::Grid(cells)) => cells.as_slice(),
        _ => &[],
    };
    for (role, band) in grid.cells() {
        let cell = filled.iter().find(|cell| cell.role == role.role && cell.band.as_deref() == band);
        row.push(match cell {
            _ if is_not_known => NOT_KNOWN.to_owned(),
            Some(cell) => cell.wte.map_or_else(|| NOT_KNOWN.to_owned(), |wte| wte.to_string()),
            None => String::new(),
        });
    }
}
