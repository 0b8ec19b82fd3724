//! `/rounds/{year}/report/document`, `report.html`, `report.xlsx`: the national report, in words.

use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::{Binary, Json, PlainText};
use poem_openapi::{ApiResponse, Object, OpenApi};

use super::Tag;
use super::key::Key;
use super::problem::Refusal;
use crate::app::national_report::{self, ReportQuery};
use crate::app::{App, AppError};
use crate::domain::access::Principal;
use crate::domain::language::Language;
use crate::formats::report::{Block, Document, Section, Text, report_workbook};
use crate::formats::table::Table;
use crate::locales::Words;

/// A column of a table.
#[derive(Debug, Object)]
pub struct ReportColumn {
    /// Its name, the same in every language.
    pub key: String,
    /// Its heading.
    pub heading: String,
}

/// A table of the report.
#[derive(Debug, Object)]
pub struct ReportTable {
    /// What it shows.
    pub caption: String,
    /// Its columns.
    pub columns: Vec<ReportColumn>,
    /// Its rows, as a CSV file of it would hold them: numbers unrounded, and nothing where there are no data.
    pub rows: Vec<Vec<String>>,
}

impl ReportTable {
    fn new(table: &Table, words: Words) -> Self {
        let column = |column: &crate::formats::table::Column| ReportColumn {
            key: column.key.to_owned(),
            heading: Text::said(words, column.heading).text,
        };
        Self {
            caption: Text::said(words, &table.caption).text,
            columns: table.columns.iter().map(column).collect(),
            rows: table
                .rows
                .iter()
                .map(|row| row.cells.iter().map(crate::formats::table::Cell::field).collect())
                .collect(),
        }
    }
}

/// A section of the report.
#[derive(Debug, Object)]
pub struct ReportSection {
    /// Its id, the same in every language.
    pub id: String,
    /// Its heading.
    pub title: String,
    /// Its sentences, each true of the figures beside it.
    pub sentences: Vec<String>,
    /// Its tables.
    pub tables: Vec<ReportTable>,
}

impl ReportSection {
    fn new(section: &Section, words: Words) -> Self {
        let tables = section.blocks.iter().filter_map(|block| match block {
            Block::Table(table) => Some(ReportTable::new(table, words)),
            _ => None,
        });
        Self {
            id: section.id.to_owned(),
            title: Text::said(words, section.title).text,
            sentences: Document::sentences(section, words),
            tables: tables.collect(),
        }
    }
}

/// The national report of a round.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ReportDocument {
    /// Audit year.
    pub year: i32,
    /// The language that it is in, as far as it is translated.
    pub language: String,
    /// What stands over it: that it is a draft, or under embargo.
    pub standing: Vec<String>,
    /// The data cut that it quotes, in words.
    pub cut: Option<String>,
    /// Every figure is invented.
    pub synthetic: bool,
    /// Its sections, in order.
    pub sections: Vec<ReportSection>,
}

/// The report as a page.
#[derive(Debug, ApiResponse)]
enum ReportPage {
    /// One HTML file with everything that it needs to be read and printed.
    #[oai(status = 200, content_type = "text/html; charset=utf-8")]
    Found(
        PlainText<String>,
        /// The name to keep it under.
        #[oai(header = "Content-Disposition")]
        String,
    ),
}

/// The report as a workbook.
#[derive(Debug, ApiResponse)]
enum ReportWorkbook {
    /// A sheet a section.
    #[oai(status = 200, content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")]
    Found(
        Binary<Vec<u8>>,
        /// The name to keep it under.
        #[oai(header = "Content-Disposition")]
        String,
    ),
}

fn words(language: Option<&str>) -> Words {
    Words::new(language.and_then(Language::parse).unwrap_or_default())
}

fn document(app: &App, who: &Principal, query: &ReportQuery) -> Result<Document, AppError> {
    let full = national_report::report(app, who, query, &|_, _| {})?;
    national_report::document(&full, &app.reference().published)
}

/// The operations on the report as a document.
#[derive(Debug)]
pub struct ReportDocuments;

#[OpenApi(tag = "Tag::Rounds")]
impl ReportDocuments {
    /// Get the national report of a round in words
    ///
    /// For whoever takes part once the round is in preview, before that for the audit team. It quotes the data cut of the
    /// round where there is one, and then says the same whenever it is asked for.
    #[oai(path = "/rounds/:year/report/document", method = "get", operation_id = "get_report_document")]
    async fn get(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The earlier audit year to lay beside it; by default that of the round before.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        with: Query<Option<i32>>,
        /// Of this data cut; by default of the one that the round's report quotes.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        cut: Query<Option<String>>,
        /// `en` or `cy`.
        #[oai(validator(pattern = "^(en|cy)$"))]
        language: Query<Option<String>>,
    ) -> Result<Json<ReportDocument>, Refusal<404, 409>> {
        let query = ReportQuery { year: year.0, with: with.0, cut: cut.0 };
        let words = words(language.0.as_deref());
        let found = app.run(move |app| document(app, &key.0, &query)).await?;
        let standing = found.standing.iter().map(|said| words.phrase(said));
        Ok(Json(ReportDocument {
            year: found.year,
            language: words.language().to_string(),
            standing: standing.collect(),
            cut: found.cut.as_ref().map(|cut| words.data_cut(cut)),
            synthetic: found.synthetic,
            sections: found.sections.iter().map(|section| ReportSection::new(section, words)).collect(),
        }))
    }

    /// Download the national report of a round as one page
    ///
    /// One HTML file without scripts, which opens without a network. The same data cut gives the same bytes.
    #[oai(path = "/rounds/:year/report.html", method = "get", operation_id = "download_report_page")]
    async fn page(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// Of this data cut; by default of the one that the round's report quotes.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        cut: Query<Option<String>>,
        /// `en` or `cy`.
        #[oai(validator(pattern = "^(en|cy)$"))]
        language: Query<Option<String>>,
    ) -> Result<ReportPage, Refusal<404, 409>> {
        let query = ReportQuery { year: year.0, with: None, cut: cut.0 };
        let words = words(language.0.as_deref());
        let made = move |app: &App| document(app, &key.0, &query)?.html(words).map_err(AppError::Unexpected);
        let name = format!("attachment; filename=\"national-report-{}.html\"", year.0);
        Ok(ReportPage::Found(PlainText(app.run(made).await?), name))
    }

    /// Download the national report of a round as a workbook
    ///
    /// Its tables, one a sheet. The same data cut gives the same bytes.
    #[oai(path = "/rounds/:year/report.xlsx", method = "get", operation_id = "download_report_workbook")]
    async fn workbook(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// Of this data cut; by default of the one that the round's report quotes.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        cut: Query<Option<String>>,
        /// `en` or `cy`.
        #[oai(validator(pattern = "^(en|cy)$"))]
        language: Query<Option<String>>,
    ) -> Result<ReportWorkbook, Refusal<404, 409>> {
        let query = ReportQuery { year: year.0, with: None, cut: cut.0 };
        let words = words(language.0.as_deref());
        let made = move |app: &App| {
            let found = document(app, &key.0, &query)?;
            report_workbook(&found, words).map_err(|error| AppError::Unexpected(error.to_string()))
        };
        let name = format!("attachment; filename=\"national-report-{}.xlsx\"", year.0);
        Ok(ReportWorkbook::Found(Binary(app.run(made).await?), name))
    }
}
