//! A version as the people of a service will see it, section by section. Nothing that is typed in it goes anywhere.

use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Serialize;

use crate::app::questionnaires;
use crate::app::responses::ResponseView;
use crate::web::Web;
use crate::web::errors::PageError;
use crate::web::page::Page;
use crate::web::reader::SignedInReader;
use crate::web::sign_in::redirect;
use crate::web::survey::drawn_blank;

#[derive(Debug, Serialize)]
struct Step {
    href: String,
    number: String,
    title: String,
    here: bool,
}

#[derive(Debug, Serialize)]
struct PreviewView {
    version: String,
    number: String,
    title: String,
    intro: String,
    sections: Vec<Step>,
    questions: Vec<String>,
}

async fn load(web: &Web, reader: &SignedInReader, version: &str) -> Result<ResponseView, PageError> {
    let (who, version) = (reader.who.clone(), version.to_owned());
    Ok(web.app.run(move |app| questionnaires::blank(app, &who, &version)).await?)
}

/// `GET /questionnaires/{version}/preview`: leads to the first section.
#[handler]
pub(in crate::web) async fn preview_start(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(version): Path<String>,
) -> poem::Result<Response> {
    let view = load(web, &reader, &version).await?;
    let first = view.questionnaire.sections.first().map(|section| section.link_id.clone()).unwrap_or_default();
    Ok(redirect(&format!("/questionnaires/{version}/preview/{first}")).finish())
}

/// `GET /questionnaires/{version}/preview/{section}`
#[handler]
pub(in crate::web) async fn preview_section(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((version, section)): Path<(String, String)>,
) -> poem::Result<Response> {
    let view = load(web, &reader, &version).await?;
    let found = view.questionnaire.section(&section).ok_or_else(|| {
        let there: Vec<&str> = view.questionnaire.sections.iter().map(|section| section.link_id.as_str()).collect();
        PageError::not_found(format!("There is no section {section:?}. The sections are: {}.", there.join(", ")))
    })?;
    let step = |one: &crate::domain::questionnaire::definition::Section| Step {
        href: format!("/questionnaires/{version}/preview/{}", one.link_id),
        number: one.number.clone(),
        title: one.title.clone(),
        here: one.link_id == section,
    };
    let content = PreviewView {
        version: version.clone(),
        number: found.number.clone(),
        title: found.title.clone(),
        intro: found.intro.clone(),
        sections: view.questionnaire.sections.iter().map(step).collect(),
        questions: drawn_blank(web, &reader, &view, found)?,
    };
    let title = format!("Preview of {version}: {}", found.title);
    web.page("questionnaire_preview", &Page::new(&reader.reader, &title, content))
}
