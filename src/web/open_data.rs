//! The open data of a published round: a page that says what there is, and the files.

use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Serialize;

use super::Web;
use super::errors::PageError;
use super::page::Page;
use super::reader::Reader;
use super::rounds::read_year;
use crate::app::{AppError, open_data};
use crate::formats::display::{capitalised, thousands};
use crate::formats::open_data::{DESCRIPTOR, Package};
use crate::formats::table::Table;

#[derive(Debug, Serialize)]
struct FileView {
    name: String,
    href: String,
    about: String,
    rows: String,
    columns: Vec<ColumnView>,
}

#[derive(Debug, Serialize)]
struct ColumnView {
    key: &'static str,
    about: &'static str,
}

#[derive(Debug, Serialize)]
struct DataView {
    year: i32,
    names: String,
    cut: String,
    descriptor: String,
    files: Vec<FileView>,
}

async fn package(web: &Web, year: &str) -> Result<Package, PageError> {
    let year = read_year(year)?;
    Ok(web.app.run(move |app| open_data::of_round(app, year)).await?)
}

/// `GET /published/{year}/data`
#[handler]
pub(super) async fn list(Data(web): Data<&Web>, reader: &Reader, Path(year): Path<String>) -> poem::Result<Response> {
    let found = package(web, &year).await?;
    let view = |(name, table): &(&'static str, Table)| FileView {
        name: format!("{name}.csv"),
        href: format!("/published/{}/data/{name}.csv", found.year),
        about: table.caption.clone(),
        rows: thousands(i64::try_from(table.rows.len()).unwrap_or(i64::MAX)),
        columns: table.columns.iter().map(|column| ColumnView { key: column.key, about: column.heading }).collect(),
    };
    let content = DataView {
        year: found.year,
        names: capitalised(&found.names),
        cut: found.cut.clone().unwrap_or_default(),
        descriptor: format!("/published/{}/data/{DESCRIPTOR}", found.year),
        files: found.tables.iter().map(view).collect(),
    };
    let title = format!("Open data of {}", found.year);
    web.page("open_data", &Page::new(reader, &title, content))
}

/// `GET /published/{year}/data/{file}`
#[handler]
pub(super) async fn file(Data(web): Data<&Web>, Path((year, file)): Path<(String, String)>) -> poem::Result<Response> {
    let found = package(web, &year).await?;
    let bytes = found.file(&file).map_err(|error| PageError::internal(error.to_string()))?;
    let Some((media, bytes)) = bytes else {
        let hint = format!("The files are: {}.", found.files().join(", "));
        return Err(PageError::from(AppError::not_found("file of the open data", &file, hint)).into());
    };
    Ok(Response::builder()
        .content_type(media)
        .header("Content-Disposition", format!("inline; filename=\"{file}\""))
        .header("Access-Control-Allow-Origin", "*")
        .body(bytes))
}
