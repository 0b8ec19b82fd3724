//! The gap report as an Excel workbook whose figures are live formulas.
//!
//! Every formula is written with its computed value, because readers that do not calculate would show 0 otherwise. The
//! same report gives the same bytes, so a hash of them can serve as an ETag.
//!
//! What the program says is written here in English and said in the language of the reader as it goes into a cell; a
//! formula that compares with a word takes the word in that language too. Names of cells are the same in every language.

mod allocation;
mod allocation_services;
mod areas;
mod association_words;
mod associations;
mod assumptions;
mod cascade;
mod costs;
mod dictionary;
mod feedback;
mod kpis;
mod layout;
mod measures;
mod named_cells;
mod readme;
mod response;
mod scenario;
mod scenario_sums;
mod services;
mod sources;
mod style;
mod summary;
#[cfg(test)]
mod tests;
mod vacancies;
mod writing;

use std::collections::BTreeMap;

use rust_xlsxwriter::{DocProperties, ExcelDateTime, Workbook, XlsxError};

use self::allocation::AllocationSheet;
use self::assumptions::AssumptionsSheet;
use self::layout::Heading;
use self::scenario::ScenarioSheet;
use self::services::ServicesSheet;
use self::writing::{Keeps, Sheets, Writing};
use super::wording::{round_names, statement};
use crate::domain::kpi::benchmark::Benchmark;
use crate::domain::kpi::cascade::Cascade;
use crate::domain::questionnaire::facts::Fact;
use crate::domain::workforce::closing::CostReport;
use crate::domain::workforce::report::GapReport;
use crate::domain::workforce::scenario::{Scenario, ScenarioService};
use crate::locales::Words;

pub use self::allocation::AllocationInput;
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

/// The sheets, in their order; in another language they have its names.
const README: &str = "Read me";
const SUMMARY: &str = "Summary";
const SERVICES: &str = "Services";
const AREAS: &str = "Areas";
const VACANCIES: &str = "Vacancies";
const COST: &str = "Cost";
const SCENARIO: &str = "Scenario";
const ALLOCATION: &str = "Allocation";
const CASCADE: &str = "Cascade";
const KPIS: &str = "KPIs";
const ASSOCIATIONS: &str = "Associations";
const ASSUMPTIONS: &str = "Assumptions";
const SOURCES: &str = "Method and sources";
const DICTIONARY: &str = "Data dictionary";

/// How hard a workbook is packed, of 9: at the usual 6 packing takes nearly three times as long and saves a fifth of the
/// bytes; at 1 it takes three quarters of the time and the bytes are a third more.
const COMPRESSION: u8 = 2;

/// What the workbook is written from.
#[derive(Debug, Clone)]
pub struct GapBook<'a> {
    /// The words of the reader's language. What they lack, and what the data say, is in English.
    pub words: Words,
    /// The gap report.
    pub report: &'a GapReport,
    /// What closing the gaps costs.
    pub costs: Option<&'a CostReport>,
    /// What each service says of posts that have been vacant for over six months, by code.
    pub long_vacancies: BTreeMap<String, Fact>,
    /// The clinical figures, where the reader may see them.
    pub clinical: Option<ClinicalSheets>,
    /// What the staffing and the other answers have to do with the KPIs.
    pub associations: Option<AssociationSheet<'a>>,
    /// What is done about the gap, where it is priced too.
    pub scenario: Option<ScenarioBook<'a>>,
    /// What a budget does that goes down the list of short services, where both roles are priced.
    pub allocation: Option<AllocationBook<'a>>,
}

/// What the sheet *Scenario* is written from.
#[derive(Debug, Clone)]
pub struct ScenarioBook<'a> {
    /// What its cells say is done; by default nothing, so that every year is like today. Of each role it may have new
    /// posts of one start, of the band at which the role is priced.
    pub scenario: Scenario,
    /// The services of the report.
    pub services: Vec<ScenarioService<'a>>,
}

/// What the sheet *Allocation* is written from.
#[derive(Debug, Clone)]
pub struct AllocationBook<'a> {
    /// What its cells say.
    pub input: AllocationInput,
    /// The expected cases of the services where they are known, by code.
    pub expected: BTreeMap<&'a str, f64>,
}

/// The clinical figures of the workbook's services.
#[derive(Debug, Clone)]
pub struct ClinicalSheets {
    /// Whose cascade it is.
    pub cascade_of: String,
    /// The cascade.
    pub cascade: Cascade,
    /// Each KPI over the services of the workbook.
    pub kpis: Vec<Benchmark>,
    /// The services' names, by code.
    pub service_names: BTreeMap<String, String>,
}

/// Writes the workbook as an xlsx file. Pure: the same figures give the same bytes.
pub fn gap_workbook(book: &GapBook<'_>) -> Result<Vec<u8>, WorkbookError> {
    let report = book.report;
    if report.standard.nurse_wte <= 0.0 {
        return Err(WorkbookError::NoNurses(report.standard.id.clone()));
    }
    let heading = Heading::new(report, book.words);
    let assumptions = AssumptionsSheet::new(report, book.costs.map(|costs| &costs.costing), &heading)?;
    let services = ServicesSheet::new(report, &heading)?;

    let heading = &heading;
    let (services, assumptions) = (&services, &assumptions);
    let mut sheets = Sheets::default();
    sheets.add(Keeps::Rows, |writing| readme::write(writing, report, heading));
    sheets.add(Keeps::Rows, |writing| summary::write(writing, report, services, heading));
    sheets.add(Keeps::OneRow, |writing| services.write(writing, report, assumptions, heading));
    sheets.add(Keeps::OneRow, |writing| areas::write(writing, report, services, heading));
    sheets.add(Keeps::OneRow, |writing| vacancies::write(writing, book, heading));
    if let Some(costs) = book.costs {
        sheets.add(Keeps::OneRowBeside, |writing| costs::write(writing, costs, services, heading));
        if let Some(scenario) = &book.scenario {
            sheets.add(Keeps::OneRowBeside, |writing| {
                ScenarioSheet::new(report, &costs.costing, scenario, heading)?.write(writing, services, heading)
            });
        }
        if let Some(allocation) = &book.allocation
            && let Some(sheet) = AllocationSheet::new(report, &costs.costing, allocation, heading)?
        {
            sheets.add(Keeps::OneRowBeside, move |writing| sheet.write(writing, services, heading));
        }
    }
    if let Some(clinical) = &book.clinical {
        sheets.add(Keeps::Rows, |writing| cascade::write(writing, clinical, heading));
        sheets.add(Keeps::Rows, |writing| kpis::write(writing, clinical, heading));
    }
    if let Some(associations) = &book.associations {
        sheets.add(Keeps::Rows, |writing| associations::write(writing, associations, heading));
    }
    sheets.add(Keeps::Rows, |writing| assumptions.write(writing, report, heading));
    sheets.add(Keeps::Rows, |writing| sources::write(writing, book, heading));

    let mut workbook = Workbook::new();
    workbook.set_properties(&properties(report, book.words)?);
    workbook.set_zip_compression_level(COMPRESSION);
    let described = sheets.write(&mut workbook)?;
    dictionary::write(&mut Writing::new(workbook.add_worksheet()), &described, heading)?;
    Ok(workbook.save_to_buffer()?)
}

fn properties(report: &GapReport, words: Words) -> Result<DocProperties, WorkbookError> {
    // A fixed time: the writer would put in the time of writing, and two copies of one report would differ.
    let created = ExcelDateTime::from_ymd(2022, 1, 1)?;
    let title = if report.synthetic {
        "Staffing gap of Fracture Liaison Services, synthetic data"
    } else {
        "Staffing gap of Fracture Liaison Services"
    };
    Ok(DocProperties::new()
        .set_title(words.said(title))
        .set_subject(words.phrase(&round_names(&report.round)))
        .set_author("facilities-audit")
        .set_keywords(words.said("Fracture Liaison Service, staffing, gap"))
        .set_comment(words.phrase(&statement(report)))
        .set_creation_datetime(&created))
}
