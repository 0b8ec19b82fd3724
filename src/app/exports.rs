//! Writing everything out again, in the canonical form of the exchange files.

use std::io::{self, Write};

use super::{App, AppError, authorise};
use crate::domain::access::{Permission, Principal};
use crate::domain::interchange::FileKind;
use crate::domain::questionnaire::answer::{AnswerStatus, AnswerValue, Document};
use crate::formats::csv::{NOT_KNOWN, RowWriter, escape_value};
use crate::store::responses::ResponseState;
use crate::store::{self, DbConn};

/// Writes one file and returns how many rows it has. Entries that could not be read are no facts and are left out.
pub fn file(app: &App, who: &Principal, kind: FileKind, output: &mut dyn Write) -> Result<u64, AppError> {
    authorise(who, Permission::Export, "export the data")?;
    app.read(|conn| write(conn, kind, Extent::default(), output))
}

/// How much of everything is written.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Extent {
    /// Of years up to this one alone.
    pub(super) up_to: Option<i32>,
    /// Answers of submitted responses alone.
    pub(super) submitted_alone: bool,
}

impl Extent {
    fn holds(self, year: i32) -> bool {
        self.up_to.is_none_or(|last| year <= last)
    }
}

/// Writes one file within a transaction, and returns how many rows it has.
pub(super) fn write(
    conn: &mut DbConn,
    kind: FileKind,
    extent: Extent,
    output: &mut dyn Write,
) -> Result<u64, AppError> {
    let mut export = Export { writer: RowWriter::new(kind, output).map_err(failed)?, rows: 0, extent };
    match kind {
        FileKind::Areas => areas(conn, &mut export)?,
        FileKind::AreaPopulation => area_population(conn, &mut export)?,
        FileKind::Services => services(conn, &mut export)?,
        FileKind::Hospitals => hospitals(conn, &mut export)?,
        FileKind::HipFractures => numbers(store::register::all_hip_fractures(conn)?, &mut export)?,
        FileKind::ExpectedCaseload => numbers(store::register::all_expected_caseloads(conn)?, &mut export)?,
        FileKind::Responses => responses(conn, &mut export)?,
        FileKind::KpiCounts => kpi_counts(conn, &mut export)?,
    }
    let rows = export.rows;
    export.writer.finish().map_err(failed)?;
    Ok(rows)
}

#[expect(clippy::needless_pass_by_value, reason = "it is the argument of map_err")]
fn failed(error: io::Error) -> AppError {
    AppError::Unexpected(format!("the export could not be written: {error}"))
}

struct Export<'a> {
    writer: RowWriter<&'a mut dyn Write>,
    rows: u64,
    extent: Extent,
}

impl Export<'_> {
    fn row<const N: usize>(&mut self, fields: [String; N]) -> Result<(), AppError> {
        self.rows += 1;
        self.writer.write(fields).map_err(failed)
    }
}

fn text<T: ToString>(value: Option<T>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}

fn areas(conn: &mut DbConn, export: &mut Export<'_>) -> Result<(), AppError> {
    for area in store::register::all_areas(conn)? {
        let (from, to) = (text(area.valid_from), text(area.valid_to));
        let kind = area.kind.to_string();
        export.row([area.code, area.name, kind, text(area.parent_code), from, to, text(area.successor_code)])?;
    }
    Ok(())
}

fn area_population(conn: &mut DbConn, export: &mut Export<'_>) -> Result<(), AppError> {
    for (code, p) in store::register::area_populations(conn)? {
        export.row([code, p.year.to_string(), p.all_ages.to_string(), p.aged_50_plus.to_string()])?;
    }
    Ok(())
}

fn services(conn: &mut DbConn, export: &mut Export<'_>) -> Result<(), AppError> {
    for s in store::register::all_services(conn)? {
        let (from, to, successor) = (text(s.valid_from), text(s.valid_to), text(s.successor_code));
        export.row([s.code, s.name, text(s.trust_code), text(s.trust_name), s.area_code, from, to, successor])?;
    }
    Ok(())
}

fn hospitals(conn: &mut DbConn, export: &mut Export<'_>) -> Result<(), AppError> {
    for h in store::register::all_hospitals(conn)? {
        let (from, to) = (text(h.valid_from), text(h.valid_to));
        // Display of f64 is the shortest decimal that reads back as the same number.
        let (north, east) = (text(h.latitude), text(h.longitude));
        export.row([h.code, h.name, h.area_code, text(h.service_code), from, to, north, east])?;
    }
    Ok(())
}

fn numbers(rows: Vec<(String, i32, i64)>, export: &mut Export<'_>) -> Result<(), AppError> {
    let extent = export.extent;
    for (code, year, number) in rows.into_iter().filter(|(_, year, _)| extent.holds(*year)) {
        export.row([code, year.to_string(), number.to_string()])?;
    }
    Ok(())
}

fn responses(conn: &mut DbConn, export: &mut Export<'_>) -> Result<(), AppError> {
    let extent = export.extent;
    for (service, year) in store::responses::keys(conn)?.into_iter().filter(|(_, year)| extent.holds(*year)) {
        let Some(response) = store::responses::find(conn, &service, year)? else { continue };
        if extent.submitted_alone && response.state != ResponseState::Submitted {
            continue;
        }
        for (link_id, cell, value) in answer_rows(&response.document) {
            export.row([service.clone(), year.to_string(), link_id, cell, value])?;
        }
    }
    Ok(())
}

/// The rows of a document, sorted by item and cell.
fn answer_rows(document: &Document) -> Vec<(String, String, String)> {
    let mut rows = Vec::new();
    for (link_id, answer) in &document.answers {
        let mut row = |cell: String, value: String| rows.push((link_id.clone(), cell, value));
        match (answer.status, &answer.value) {
            (AnswerStatus::NotKnown, _) => row(String::new(), NOT_KNOWN.into()),
            (_, Some(AnswerValue::Grid(cells))) => {
                for cell in cells {
                    row(cell.row(), cell.wte.map_or_else(|| NOT_KNOWN.into(), |wte| wte.to_string()));
                }
            }
            (_, Some(value)) => row(String::new(), value_text(value)),
            (_, None) => {}
        }
    }
    rows.sort();
    rows
}

/// A value as files have it; that of a grid is in its cells.
pub(super) fn value_text(value: &AnswerValue) -> String {
    match value {
        AnswerValue::Choice(code) => escape_value(code),
        AnswerValue::Choices(codes) => escape_value(&codes.join(";")),
        AnswerValue::Integer(number) => number.to_string(),
        AnswerValue::Decimal(number) => number.to_string(),
        AnswerValue::Boolean(true) => "yes".into(),
        AnswerValue::Boolean(false) => "no".into(),
        AnswerValue::Text(text) => escape_value(text),
        AnswerValue::Month(month) => month.clone(),
        AnswerValue::Grid(_) => String::new(),
    }
}

fn kpi_counts(conn: &mut DbConn, export: &mut Export<'_>) -> Result<(), AppError> {
    let years = store::totals::all_years(conn)?.into_iter().filter(|year| export.extent.holds(*year));
    let periods: Vec<i32> = years.flat_map(|year| year * 100..=year * 100 + 12).collect();
    for service in store::counts::services_with_counts(conn)? {
        for row in store::counts::of_service(conn, &service, &periods)? {
            let counts = row.counts;
            export.row([
                row.service_code,
                row.period.to_string(),
                row.kpi.to_string(),
                row.stratum,
                counts.numerator.to_string(),
                text(counts.denominator),
                text(counts.eligible),
                text(counts.complete),
            ])?;
        }
    }
    Ok(())
}
