//! `/rounds/{year}/cuts`: data cuts.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::{Binary, Json};
use poem_openapi::{ApiResponse, Object, OpenApi};
use serde::Deserialize;

use super::Tag;
use super::body::JsonBody;
use super::key::Key;
use super::paging::{default_limit, page};
use super::problem::Refusal;
use crate::app::{App, cuts};

/// A data cut: a round's answers, counts, caseload and method as they stood.
#[derive(Debug, Clone, Object)]
pub struct DataCut {
    /// Its id, for `cut=`.
    pub id: String,
    /// The audit year of its round.
    pub year: i32,
    /// The SHA-256 of its manifest, in hexadecimal. The manifest has a line for each part: its name, length and hash.
    pub hash: String,
    /// What it was made for.
    pub note: String,
    /// When.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub made_by: String,
}

impl From<cuts::Cut> for DataCut {
    fn from(cut: cuts::Cut) -> Self {
        let cuts::Cut { id, year, hash, note, made_at, made_by } = cut;
        Self { id, year, hash, note, made_at, made_by }
    }
}

/// A part of a data cut.
#[derive(Debug, Clone, Object)]
pub struct DataCutPart {
    /// Its name, such as `kpi_counts.csv`.
    pub name: String,
    /// Bytes.
    pub length: i64,
    /// The SHA-256 of the bytes, in hexadecimal.
    pub hash: String,
}

/// A data cut with its parts.
#[derive(Debug, Object)]
pub struct DataCutParts {
    /// The cut.
    pub cut: DataCut,
    /// Its parts, sorted by name.
    pub parts: Vec<DataCutPart>,
}

/// Some of the data cuts of a round.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct DataCutList {
    /// The cuts, the newest first.
    pub items: Vec<DataCut>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
}

/// A row that is not the same in both cuts.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct CutRowDifference {
    /// Its key columns.
    pub key: String,
    /// What it says besides in the first; absent where it is not there.
    pub from: Option<String>,
    /// What it says besides in the second; absent where it is not there.
    pub to: Option<String>,
}

/// A part that is not the same in both cuts.
#[derive(Debug, Object)]
pub struct CutPartDifference {
    /// Its name.
    pub name: String,
    /// Rows that the second has alone.
    pub added: usize,
    /// Rows that the first has alone.
    pub removed: usize,
    /// Rows that say something else.
    pub changed: usize,
    /// The first 50 of these rows.
    pub rows: Vec<CutRowDifference>,
}

/// Two data cuts beside each other.
#[derive(Debug, Object)]
pub struct DataCutComparison {
    /// The one.
    pub from: DataCut,
    /// The other.
    pub to: DataCut,
    /// How many parts are the same.
    pub same: usize,
    /// The parts that differ; none where both hold the same data.
    pub parts: Vec<CutPartDifference>,
}

impl From<cuts::CutComparison> for DataCutComparison {
    fn from(found: cuts::CutComparison) -> Self {
        let row = |row: cuts::RowDifference| CutRowDifference { key: row.key, from: row.from, to: row.to };
        let part = |part: cuts::PartDifference| CutPartDifference {
            name: part.name,
            added: part.added,
            removed: part.removed,
            changed: part.changed,
            rows: part.rows.into_iter().map(row).collect(),
        };
        Self {
            from: found.from.into(),
            to: found.to.into(),
            same: found.same,
            parts: found.parts.into_iter().map(part).collect(),
        }
    }
}

/// What is to be cut.
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewDataCut {
    /// What it is for.
    #[oai(validator(max_length = 500))]
    pub note: String,
}

/// A part's bytes.
#[derive(Debug, ApiResponse)]
enum Part {
    /// The bytes, as they were frozen.
    #[oai(status = 200)]
    Found(
        Binary<Vec<u8>>,
        /// The name to keep it under.
        #[oai(header = "Content-Disposition")]
        String,
    ),
}

/// The operations on data cuts.
#[derive(Debug)]
pub struct DataCuts;

#[OpenApi(tag = "Tag::Rounds")]
impl DataCuts {
    /// List the data cuts of a round
    ///
    /// The frozen copies of the round's data that reports quote, the newest first.
    #[oai(path = "/rounds/:year/cuts", method = "get", operation_id = "list_data_cuts")]
    async fn list(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        after: Query<Option<String>>,
    ) -> Result<Json<DataCutList>, Refusal<404>> {
        let found = app.run(move |app| cuts::list(app, &key.0, year.0)).await?;
        // Counted down from the oldest, so that a place stays what it is when a newer cut comes before it.
        let places: Vec<(usize, cuts::Cut)> = found.into_iter().rev().enumerate().rev().collect();
        let place = |(at, _): &(usize, cuts::Cut)| format!("{:09}", 999_999_999 - at);
        let (items, next) = page(places, after.0.as_deref(), limit.0, place);
        Ok(Json(DataCutList { items: items.into_iter().map(|(_, cut)| cut.into()).collect(), next }))
    }

    /// Freeze a round's data
    ///
    /// Its submitted answers, KPI counts, registers, caseloads and method, and those of the rounds before it, under an id and
    /// a hash. The same data give the same hash on any database. For the audit team.
    #[oai(path = "/rounds/:year/cuts", method = "post", operation_id = "make_data_cut")]
    async fn make(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        body: JsonBody<NewDataCut>,
    ) -> Result<Json<DataCut>, Refusal<404, 422>> {
        Ok(Json(app.run(move |app| cuts::make(app, &key.0, year.0, &body.0.note)).await?.into()))
    }

    /// Compare two data cuts of a round
    ///
    /// Which parts differ, and which of their rows: the first 50 of each part are named. For the audit team.
    #[oai(path = "/rounds/:year/cuts/compare", method = "get", operation_id = "compare_data_cuts")]
    async fn compare(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The id of the one.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        from: Query<String>,
        /// The id of the other.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        to: Query<String>,
    ) -> Result<Json<DataCutComparison>, Refusal<404>> {
        let found = app.run(move |app| cuts::compare(app, &key.0, year.0, &from.0, &to.0)).await?;
        Ok(Json(found.into()))
    }

    /// Get a data cut
    ///
    /// With the hashes of its parts.
    #[oai(path = "/rounds/:year/cuts/:id", method = "get", operation_id = "get_data_cut")]
    async fn one(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The cut's id.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        id: Path<String>,
    ) -> Result<Json<DataCutParts>, Refusal<404>> {
        let (cut, parts) = app.run(move |app| cuts::one(app, &key.0, year.0, &id.0)).await?;
        let part = |part: cuts::CutPart| DataCutPart { name: part.name, length: part.length, hash: part.hash };
        Ok(Json(DataCutParts { cut: cut.into(), parts: parts.into_iter().map(part).collect() }))
    }

    /// Download a part of a data cut
    ///
    /// The bytes whose hash the cut names. For the audit team.
    #[oai(path = "/rounds/:year/cuts/:id/parts/:name", method = "get", operation_id = "download_data_cut_part")]
    async fn part(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The cut's id.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        id: Path<String>,
        /// The part's name.
        #[oai(validator(pattern = "^[a-z_]{1,40}\\.(csv|json)$"))]
        name: Path<String>,
    ) -> Result<Part, Refusal<404>> {
        let kept = format!("attachment; filename=\"{}\"", name.0);
        let bytes = app.run(move |app| cuts::part(app, &key.0, year.0, &id.0, &name.0)).await?;
        Ok(Part::Found(Binary(bytes), kept))
    }
}
