//! Versions of the questionnaire: the list, one beside another, uploading, publishing.

mod preview;

use poem::http::StatusCode;
use poem::web::{Data, Multipart, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

pub(super) use preview::{preview_section, preview_start};

use super::Web;
use super::confirm::Confirm;
use super::errors::PageError;
use super::forms::{Posted, address};
use super::page::Page;
use super::reader::SignedInReader;
use super::sign_in::redirect;
use crate::app::error::InputProblem;
use crate::app::questionnaires::{self, ListedVersion, VersionReport};
use crate::app::{App, AppError};
use crate::domain::access::Permission;
use crate::domain::questionnaire::crosswalk::{Difference, Relation};

#[derive(Debug, Serialize)]
struct VersionLine {
    version: String,
    title: String,
    href: String,
    base: String,
    draft: bool,
    rounds: String,
}

impl From<&ListedVersion> for VersionLine {
    fn from(listed: &ListedVersion) -> Self {
        let rounds: Vec<String> = listed.rounds.iter().map(ToString::to_string).collect();
        Self {
            href: format!("/questionnaires/{}", listed.version),
            version: listed.version.clone(),
            title: listed.title.clone(),
            base: listed.base.clone().unwrap_or_default(),
            draft: !listed.published,
            rounds: rounds.join(", "),
        }
    }
}

#[derive(Debug, Serialize)]
struct ListView {
    versions: Vec<VersionLine>,
    may_upload: bool,
    notice: &'static str,
}

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Asked {
    done: Option<String>,
    against: Option<String>,
    all: Option<String>,
}

/// `GET /questionnaires`
#[handler]
pub(super) async fn list(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let who = reader.who.clone();
    let found = web.app.run(move |app| questionnaires::list(app, &who)).await.map_err(PageError::from)?;
    let view = ListView {
        versions: found.iter().rev().map(Into::into).collect(),
        may_upload: reader.who.may_everywhere(Permission::RunRounds),
        notice: if asked.done.as_deref() == Some("discarded") { "The draft was thrown away." } else { "" },
    };
    web.page("questionnaires", &Page::new(&reader.reader, "Questionnaires", view))
}

#[derive(Debug, Serialize)]
struct ChangeView {
    part: &'static str,
    before: String,
    after: String,
}

#[derive(Debug, Serialize)]
struct DifferenceView {
    link_id: String,
    number: String,
    text: String,
    relation: &'static str,
    from: String,
    changes: Vec<ChangeView>,
    compares: bool,
    lacks: String,
}

impl From<&Difference> for DifferenceView {
    fn from(one: &Difference) -> Self {
        let renamed = one.from.as_slice() != [one.link_id.clone()];
        let change = |change: &crate::domain::questionnaire::crosswalk::Change| ChangeView {
            part: change.part,
            before: change.before.clone(),
            after: change.after.clone(),
        };
        Self {
            link_id: one.link_id.clone(),
            number: one.number.clone(),
            text: one.text.clone(),
            relation: one.relation.as_str(),
            from: if renamed { one.from.join(", ") } else { String::new() },
            changes: one.changes.iter().map(change).collect(),
            compares: one.compares,
            lacks: one.lacks.clone().unwrap_or_default(),
        }
    }
}

#[derive(Debug, Serialize)]
struct CountView {
    relation: &'static str,
    count: usize,
}

#[derive(Debug, Serialize)]
struct Other {
    version: String,
    chosen: bool,
}

#[derive(Debug, Serialize)]
struct OneView {
    version: VersionLine,
    year: i32,
    items: usize,
    notice: &'static str,
    problems: Vec<ProblemLine>,
    against: String,
    others: Vec<Other>,
    counts: Vec<CountView>,
    lacking: usize,
    differences: Vec<DifferenceView>,
    all: bool,
    warnings: Vec<String>,
    /// Of an uploaded one: the revision that forms are based on; 0 of one that comes with the service.
    revision: i64,
    may_change: bool,
}

#[derive(Debug, Serialize)]
struct ProblemLine {
    href: String,
    text: String,
}

fn one_view(report: &VersionReport, others: &[ListedVersion], asked: &Asked, team: bool) -> OneView {
    let all = asked.all.is_some();
    let count = |relation: Relation| CountView {
        relation: relation.as_str(),
        count: report.differences.iter().filter(|one| one.relation == relation).count(),
    };
    let against = report.against.clone().unwrap_or_default();
    let worth =
        |one: &&Difference| all || one.relation != Relation::Same || one.lacks.is_some() || !one.changes.is_empty();
    OneView {
        version: (&report.listed).into(),
        year: report.listed.year,
        items: report.questionnaire.items().count(),
        notice: match asked.done.as_deref() {
            Some("kept") => "The draft is kept.",
            Some("published") => "The version is published: a round can ask it, and it changes no more.",
            _ => "",
        },
        problems: Vec::new(),
        others: others
            .iter()
            .filter(|other| other.version != report.listed.version)
            .map(|other| Other { version: other.version.clone(), chosen: other.version == against })
            .collect(),
        against,
        counts: Relation::ALL.into_iter().map(count).filter(|line| line.count > 0).collect(),
        lacking: report.lacks().count(),
        differences: report.differences.iter().filter(worth).map(Into::into).collect(),
        all,
        warnings: report.warnings.clone(),
        revision: report.listed.revision.unwrap_or_default(),
        may_change: team && !report.listed.published,
    }
}

async fn one_page(
    web: &Web,
    reader: &SignedInReader,
    version: String,
    asked: &Asked,
    problems: &[InputProblem],
) -> poem::Result<Response> {
    let who = reader.who.clone();
    let against = asked.against.clone().filter(|against| !against.is_empty());
    let work = move |app: &App| {
        Ok((questionnaires::one(app, &who, &version, against.as_deref())?, questionnaires::list(app, &who)?))
    };
    let (report, others) = web.app.run(work).await.map_err(PageError::from)?;
    let mut view = one_view(&report, &others, asked, reader.who.may_everywhere(Permission::RunRounds));
    let line = |problem: &InputProblem| ProblemLine {
        href: format!("#item-{}", problem.field),
        text: problem.message.clone(),
    };
    view.problems = problems.iter().map(line).collect();
    let wrong = !problems.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = format!("Questionnaire {}", report.listed.version);
    web.page_with(status, "questionnaire", &Page::new(&reader.reader, &title, view).with_errors(wrong).wide())
}

/// `GET /questionnaires/{version}`
#[handler]
pub(super) async fn show(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(version): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    one_page(web, &reader, version, &asked, &[]).await
}

/// `GET /questionnaires/{version}/file.toml`: the file of an uploaded version.
#[handler]
pub(super) async fn file(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(version): Path<String>,
) -> poem::Result<Response> {
    let (who, asked) = (reader.who.clone(), version.clone());
    let report = web.app.run(move |app| questionnaires::one(app, &who, &asked, None)).await.map_err(PageError::from)?;
    let Some(document) = report.document else {
        let reason =
            format!("The questionnaire {version} comes with the service and was not uploaded, so it has no file.");
        return Err(PageError::from(AppError::Refused { code: "not_uploaded", reason }).into());
    };
    Ok(Response::builder()
        .content_type("application/toml")
        .header("Content-Disposition", format!("attachment; filename=\"questionnaire-{version}.toml\""))
        .body(document))
}

#[derive(Debug, Serialize)]
struct UploadView {
    document: String,
    revision: i64,
    error: String,
}

fn upload_form(
    web: &Web,
    reader: &SignedInReader,
    (document, revision, error): (String, i64, String),
) -> poem::Result<Response> {
    let wrong = !error.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let view = UploadView { document, revision, error };
    web.page_with(
        status,
        "questionnaire_upload",
        &Page::new(&reader.reader, "Upload a questionnaire", view).with_errors(wrong),
    )
}

/// What the address of the upload names: the draft that is to be replaced.
#[derive(Debug, Deserialize)]
pub(super) struct Replaced {
    version: Option<String>,
}

/// `GET /questionnaires/upload`
#[handler]
pub(super) async fn upload_page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Query(asked): Query<Replaced>,
) -> poem::Result<Response> {
    let Some(version) = asked.version else { return upload_form(web, &reader, (String::new(), 0, String::new())) };
    let who = reader.who.clone();
    let report =
        web.app.run(move |app| questionnaires::one(app, &who, &version, None)).await.map_err(PageError::from)?;
    let revision = report.listed.revision.unwrap_or_default();
    upload_form(web, &reader, (report.document.unwrap_or_default(), revision, String::new()))
}

/// `POST /questionnaires/upload`: keeps a draft.
#[handler]
pub(super) async fn upload(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    mut form: Multipart,
) -> poem::Result<Response> {
    let broken = || PageError::bad_request("The form broke off. Send it again.");
    let (mut document, mut chosen, mut revision) = (String::new(), String::new(), 0);
    while let Some(field) = form.next_field().await.map_err(|_| broken())? {
        let name = field.name().unwrap_or_default().to_owned();
        let bytes = field.bytes().await.map_err(|_| broken())?;
        let text = String::from_utf8_lossy(&bytes).into_owned();
        match name.as_str() {
            "file" => chosen = text,
            "document" => document = text,
            "revision" => revision = text.parse().unwrap_or_default(),
            _ => {}
        }
    }
    // A file that was chosen counts before the text that stood in the form.
    let document = if chosen.trim().is_empty() { document } else { chosen };
    if document.trim().is_empty() {
        let error = "Choose a file, or paste its text.".to_owned();
        return upload_form(web, &reader, (document, revision, error));
    }
    let (who, sent) = (reader.who.clone(), document.clone());
    match web.app.run(move |app| questionnaires::upload(app, &who, &sent, revision)).await {
        Ok(report) => {
            let path = format!("/questionnaires/{}", report.listed.version);
            Ok(redirect(&address(&path, &[("done", "kept")])).finish())
        }
        Err(error @ (AppError::Invalid(_) | AppError::Refused { .. })) => {
            upload_form(web, &reader, (document, revision, error.to_string()))
        }
        Err(error) => Err(PageError::from(error).into()),
    }
}

fn revision_of(form: &Posted) -> i64 {
    form.first("revision").and_then(|revision| revision.parse().ok()).unwrap_or_default()
}

/// `POST /questionnaires/{version}/publish`
#[handler]
pub(super) async fn publish(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(version): Path<String>,
    form: Posted,
) -> poem::Result<Response> {
    let (who, asked, revision) = (reader.who.clone(), version.clone(), revision_of(&form));
    match web.app.run(move |app| questionnaires::publish(app, &who, &asked, revision)).await {
        Ok(_) => Ok(redirect(&address(&format!("/questionnaires/{version}"), &[("done", "published")])).finish()),
        Err(AppError::Invalid(problems)) => one_page(web, &reader, version, &Asked::default(), &problems).await,
        Err(error) => Err(PageError::from(error).into()),
    }
}

/// `GET /questionnaires/{version}/discard`
#[handler]
pub(super) async fn discard_page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(version): Path<String>,
) -> poem::Result<Response> {
    let (who, asked) = (reader.who.clone(), version.clone());
    let report = web.app.run(move |app| questionnaires::one(app, &who, &asked, None)).await.map_err(PageError::from)?;
    let revision = report.listed.revision.unwrap_or_default();
    let confirm = Confirm {
        heading: format!("Throw the draft {version} away"),
        sentences: vec!["The history keeps its text; nothing else does.".into()],
        action: address(&format!("/questionnaires/{version}/discard"), &[("revision", &revision.to_string())]),
        button: "Throw it away",
        back: format!("/questionnaires/{version}"),
        back_text: "Back to the draft",
        ..Confirm::default()
    };
    confirm.page(web, &reader)
}

/// What the address of the discard names.
#[derive(Debug, Deserialize)]
pub(super) struct OfRevision {
    revision: Option<i64>,
}

/// `POST /questionnaires/{version}/discard`
#[handler]
pub(super) async fn discard(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(version): Path<String>,
    Query(asked): Query<OfRevision>,
) -> poem::Result<Response> {
    let who = reader.who.clone();
    let revision = asked.revision.unwrap_or_default();
    web.app.run(move |app| questionnaires::discard(app, &who, &version, revision)).await.map_err(PageError::from)?;
    Ok(redirect(&address("/questionnaires", &[("done", "discarded")])).finish())
}
