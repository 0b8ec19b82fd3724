//! `/workforce/gaps`: how far services are from the recommended staffing, as JSON and as a workbook.

use chrono::NaiveDate;
use poem::web::Data;
use poem_openapi::param::{Header, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, OpenApi};

use super::Tag;
use super::body::Download;
use super::gap_shapes::{AreaGap, Available, GapList, GapRow};
use super::key::Key;
use super::paging::{default_limit, page};
use super::problem::Refusal;
use super::workforce::{Basis, StaffingStandard};
use crate::app::gaps::{self, GapQuery, WorkbookQuery};
use crate::app::{App, AppError, rounds};
use crate::domain::access::Principal;
use crate::domain::language;
use crate::domain::workforce::report::GapReport;
use crate::domain::workforce::{gap, standard};

/// The language of a document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
pub enum Language {
    /// English.
    #[oai(rename = "en")]
    English,
    /// Welsh; what has not been translated is in English.
    #[oai(rename = "cy")]
    Welsh,
}

impl From<Language> for language::Language {
    fn from(language: Language) -> Self {
        match language {
            Language::English => Self::English,
            Language::Welsh => Self::Welsh,
        }
    }
}

/// The operations on gaps.
#[derive(Debug)]
pub struct Gaps;

#[OpenApi(tag = "Tag::Workforce")]
impl Gaps {
    /// List the staffing gaps of a round
    ///
    /// A row for each service and basis, with the sums of every area. The recommendation does not say which population
    /// it means, so every service comes on both bases, and `statement` says what holds on either.
    #[oai(path = "/workforce/gaps", method = "get", operation_id = "list_staffing_gaps")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn list(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Query<i32>,
        /// Only what lies in this area or below it.
        #[oai(validator(pattern = "^[A-Za-z0-9]{1,20}$"))]
        area: Query<Option<String>>,
        /// Id of the staffing standard; by default that of the round.
        #[oai(validator(pattern = "^[a-z0-9_]{1,40}$"))]
        standard: Query<Option<String>>,
        /// Rows and sums of this basis alone.
        basis: Query<Option<Basis>>,
        /// The day whose area tree groups the services; by default the newest.
        geography_as_at: Query<Option<NaiveDate>>,
        /// Of this data cut; by default of the data as they stand now.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        cut: Query<Option<String>>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        after: Query<Option<String>>,
    ) -> Result<Json<GapList>, Refusal<404>> {
        let query = GapQuery {
            year: year.0,
            area: area.0,
            standard: standard.0,
            geography_as_at: geography_as_at.0,
            cut: cut.0,
        };
        let (report, available) = app
            .run(move |app| {
                let report = gaps::report(app, &key.0, &query)?;
                let available = report.rows.is_empty().then(|| available(app, &key.0, query)).transpose()?;
                Ok((report, available))
            })
            .await?;
        let wanted = |of: standard::Basis| basis.0.is_none_or(|basis| basis == Basis::from(of));
        let rows = report.rows.iter().filter(|row| wanted(row.basis));
        let (rows, next) = page(rows, after.0.as_deref(), limit.0, |row| row_key(row));
        Ok(Json(GapList {
            statement: report.statement(),
            round: report.round.names(),
            geography_as_at: report.geography_as_at,
            data_as_at: report.data_as_at,
            cut: report.cut.clone().map(Into::into),
            synthetic: report.synthetic,
            area: report.area.as_ref().map(|(code, _)| code.clone()),
            standard: StaffingStandard::from(&report.standard),
            items: rows.into_iter().map(GapRow::from).collect(),
            areas: report.areas.iter().filter(|sum| wanted(sum.basis)).map(AreaGap::from).collect(),
            next,
            available,
        }))
    }

    /// Download the staffing gaps of a round as a workbook
    ///
    /// The same figures, with live formulas. The same data give the same bytes.
    #[oai(path = "/workforce/gaps.xlsx", method = "get", operation_id = "download_staffing_gaps")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn download(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Query<i32>,
        /// Only what lies in this area or below it.
        #[oai(validator(pattern = "^[A-Za-z0-9]{1,20}$"))]
        area: Query<Option<String>>,
        /// Id of the staffing standard; by default that of the round.
        #[oai(validator(pattern = "^[a-z0-9_]{1,40}$"))]
        standard: Query<Option<String>>,
        /// The day whose area tree groups the services; by default the newest.
        geography_as_at: Query<Option<NaiveDate>>,
        /// Of this data cut; by default of the data as they stand now.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        cut: Query<Option<String>>,
        /// The language of the workbook; by default English.
        language: Query<Option<Language>>,
        /// The ETag of the workbook that the reader has.
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Option<String>>,
    ) -> Result<Download, Refusal<404>> {
        let query = GapQuery {
            year: year.0,
            area: area.0,
            standard: standard.0,
            geography_as_at: geography_as_at.0,
            cut: cut.0,
        };
        let language = language.0.map(Into::into).unwrap_or_default();
        let (bytes, name) = app
            .run(move |app| {
                let query = WorkbookQuery { language, ..query.into() };
                let (report, bytes) = gaps::workbook(app, &key.0, &query)?;
                Ok((bytes, file_name(&report, language)))
            })
            .await?;
        Ok(Download::of(bytes, &name, if_none_match.0.as_deref()))
    }
}

/// What rows are sorted and paged by: `FLS012.0`, then `FLS012.1`. A full stop sorts before every letter and digit of a
/// code, so the keys sort as the services do.
pub(super) fn row_key(row: &gap::GapRow) -> String {
    let place = standard::Basis::ALL.iter().position(|basis| *basis == row.basis).unwrap_or_default();
    format!("{}.{place}", row.service)
}

fn file_name(report: &GapReport, language: language::Language) -> String {
    let area = report.area.as_ref().map(|(code, _)| format!("-{code}")).unwrap_or_default();
    format!("staffing-gaps-{}{area}{}.xlsx", report.round.year, language.suffix())
}

/// Where there are services, for a report that has none.
fn available(app: &App, who: &Principal, query: GapQuery) -> Result<Available, AppError> {
    let mut years = Vec::new();
    for round in rounds::list(app, who)? {
        let other = GapQuery { year: round.year, ..query.clone() };
        if !gaps::report(app, who, &other)?.rows.is_empty() {
            years.push(round.year);
        }
    }
    let everywhere = gaps::report(app, who, &GapQuery { area: None, ..query })?;
    let counted = everywhere.areas.iter().filter(|sum| sum.services > 0 && sum.code != "all");
    let mut areas: Vec<String> = counted.map(|sum| sum.code.clone()).collect();
    areas.sort();
    areas.dedup();
    Ok(Available { years, areas })
}
