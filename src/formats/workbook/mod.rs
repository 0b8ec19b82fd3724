//! The gap report as an Excel workbook whose figures are live formulas.
//!
//! Every formula is written with its computed value, because readers that do not calculate would show 0 otherwise. The
//! same report gives the same bytes, so a hash of them can serve as an ETag.

mod areas;
mod associations;
mod assumptions;
mod feedback;
mod layout;
mod measures;
mod readme;
mod response;
mod services;
mod summary;
#[cfg(test)]
mod tests;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use self::assumptions::AssumptionsSheet;
use self::layout::Heading;
use self::services::ServicesSheet;
use crate::domain::workforce::report::GapReport;

pub use self::associations::AssociationSheet;
pub use self::feedback::{FeedbackSheet, FeedbackTable, feedback_workbook};
pub use self::response::{
    FilledCell, FilledWorkbook, ResponseBook, Unreadable, read as read_response, response_workbook,
};

/// Why a workbook cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum WorkbookError {
    /// Administrators are stated per nurse, which such a standard does not allow.
    #[error("the staffing standard {0:?} recommends no nurses, so administrators per nurse cannot be stated")]
    NoNurses(String),
    /// More rows or columns than a sheet can hold.
    #[error("the report has more rows than a workbook can hold")]
    TooLarge,
    /// The writer refused a cell or a setting.
    #[error("the workbook cannot be written: {0}")]
    Write(#[from] XlsxError),
}

/// The sheets, in their order.
const README: &str = "Read me";
const SUMMARY: &str = "Summary";
const SERVICES: &str = "Services";
const AREAS: &str = "Areas";
const ASSOCIATIONS: &str = "Associations";
const ASSUMPTIONS: &str = "Assumptions";

/// Writes the report as an xlsx file, with what the staffing and the other answers have to do with the KPIs. Pure: the same
/// report gives the same bytes.
pub fn gap_workbook(report: &GapReport, associations: Option<&AssociationSheet<'_>>) -> Result<Vec<u8>, WorkbookError> {
    if report.standard.nurse_wte <= 0.0 {
        return Err(WorkbookError::NoNurses(report.standard.id.clone()));
    }
    let heading = Heading::new(report);
    let assumptions = AssumptionsSheet::new(report, &heading)?;
    let services = ServicesSheet::new(report, &heading)?;

    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(report)?);
    readme::write(&mut workbook, report, &heading)?;
    summary::write(&mut workbook, report, &services, &heading)?;
    services.write(&mut workbook, report, &assumptions, &heading)?;
    areas::write(&mut workbook, report, &services, &heading)?;
    if let Some(associations) = associations {
        associations::write(&mut workbook, associations, &heading)?;
    }
    assumptions.write(&mut workbook, report, &heading)?;
    Ok(workbook.save_to_buffer()?)
}

fn properties(report: &GapReport) -> Result<DocProperties, WorkbookError> {
    // A fixed time: the writer would put in the time of writing, and two copies of one report would differ.
    let created = ExcelDateTime::from_ymd(2022, 1, 1)?;
    let synthetic = if report.synthetic { ", synthetic data" } else { "" };
    Ok(DocProperties::new()
        .set_title(format!("Staffing gap of Fracture Liaison Services{synthetic}"))
        .set_subject(report.round.names())
        .set_author("facilities-audit")
        .set_keywords("Fracture Liaison Service, staffing, gap")
        .set_comment(report.statement())
        .set_creation_datetime(&created))
}
