//! The page for patients and carers: what a Fracture Liaison Service does, what to expect, where to find help, and which
//! services there are where.

use poem::web::Data;
use poem::{Response, handler};
use serde::Serialize;

use super::Web;
use super::errors::PageError;
use super::page::Page;
use super::reader::Reader;
use super::texts::{Block, blocks};
use crate::app::published::{self, AreaServices};
use crate::app::texts::{self, TextName};
use crate::domain::access::Permission;

#[derive(Debug, Serialize)]
struct AreaView {
    name: String,
    services: Vec<ServiceView>,
}

#[derive(Debug, Serialize)]
struct ServiceView {
    name: String,
    hospitals: String,
}

#[derive(Debug, Serialize)]
struct PatientsView {
    blocks: Vec<Block>,
    areas: Vec<AreaView>,
    /// Where the reader may edit the text; empty where they may not.
    edit: String,
}

fn area(found: AreaServices) -> AreaView {
    let service = |(name, hospitals): (String, Vec<String>)| ServiceView { name, hospitals: hospitals.join(", ") };
    AreaView { name: found.area, services: found.services.into_iter().map(service).collect() }
}

/// `GET /patients`
#[handler]
pub(super) async fn show(Data(web): Data<&Web>, reader: &Reader) -> poem::Result<Response> {
    let work = |app: &crate::app::App| Ok((texts::read(app, TextName::Patients)?, published::services_by_area(app)?));
    let (text, areas) = web.app.run(work).await.map_err(PageError::from)?;
    let may_edit = reader.principal.as_ref().is_some_and(|who| who.may_everywhere(Permission::EditTexts));
    let view = PatientsView {
        blocks: blocks(&text.body),
        areas: areas.into_iter().map(area).collect(),
        edit: if may_edit { "/texts/patients/edit".to_owned() } else { String::new() },
    };
    web.page("patients", &Page::new(reader, TextName::Patients.title(), view))
}
