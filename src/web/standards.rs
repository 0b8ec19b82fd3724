//! The staffing standards: the list of those that gaps can be run against, and the form with which the audit team adds one.

use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Request, Response, handler};
use serde::Serialize;

use super::Web;
use super::choices::{Choice, Choices, DateField};
use super::errors::PageError;
use super::fields::{Field, Form};
use super::forms::{Posted, address};
use super::page::Page;
use super::reader::SignedInReader;
use super::sign_in::redirect;
use crate::app::error::InputProblem;
use crate::app::standards::{self, ListedStandard, WrittenStandard};
use crate::app::{App, AppError};
use crate::domain::access::{Permission, Principal};
use crate::domain::workforce::standard::{Basis, StaffingStandard};
use crate::formats::display::{day, people};

#[derive(Debug, Serialize)]
struct StandardView {
    id: String,
    name: String,
    ratio: String,
    basis: String,
    source: String,
    note: String,
    not_known: Vec<String>,
    dates: String,
    draft: bool,
    /// Where a draft is changed, for who may.
    change: Option<String>,
    gaps: String,
}

#[derive(Debug, Serialize)]
struct StandardsView {
    standards: Vec<StandardView>,
    may_add: bool,
    notice: &'static str,
}

#[derive(Debug, Serialize)]
struct EditView {
    heading: String,
    action: String,
    version: i64,
    is_new: bool,
    form: Form,
    bases: Choices,
    valid_from: DateField,
    valid_to: DateField,
    texts: Form,
    problems: bool,
}

/// What the standard asks for, in words.
pub(super) fn ratio_words(standard: &StaffingStandard) -> String {
    let (low, high) = (people(standard.population_low), people(standard.population_high));
    let range = if low == high { low } else { format!("{low} to {high}") };
    format!(
        "{} nurse WTE and {} administrator WTE for every {range} people",
        standard.nurse_wte, standard.administrator_wte
    )
}

fn dates_words(standard: &StaffingStandard) -> String {
    match (standard.valid_from, standard.valid_to) {
        (Some(from), Some(to)) => format!("Holds from {} to {}.", day(from), day(to)),
        (Some(from), None) => format!("Holds from {}.", day(from)),
        (None, Some(to)) => format!("Held up to {}.", day(to)),
        (None, None) => String::new(),
    }
}

fn standard_view(listed: ListedStandard, may_change: bool) -> StandardView {
    let standard = listed.standard;
    StandardView {
        ratio: ratio_words(&standard),
        basis: standard.basis_words(),
        dates: dates_words(&standard),
        draft: !listed.published,
        change: (may_change && !listed.published).then(|| format!("/standards/{}/edit", standard.id)),
        gaps: address("/gaps", &[("standard", &standard.id)]),
        id: standard.id,
        name: standard.name,
        source: standard.source,
        note: standard.basis_note,
        not_known: standard.not_known,
    }
}

/// `GET /standards`
#[handler]
pub(super) async fn list(Data(web): Data<&Web>, reader: SignedInReader, request: &Request) -> poem::Result<Response> {
    let who = reader.who.clone();
    let all = web.app.run(move |app| standards::list(app, &who)).await.map_err(PageError::from)?;
    let may_add = reader.who.may_everywhere(Permission::ManageStandards);
    let done = Posted::read(request.uri().query().unwrap_or_default().as_bytes());
    let view = StandardsView {
        standards: all.into_iter().map(|listed| standard_view(listed, may_add)).collect(),
        may_add,
        notice: match done.first("done") {
            Some("draft") => {
                "The draft was saved. Gaps can be run against it by the audit team alone until it is published."
            }
            Some("published") => "The standard is published: anybody can run gaps against it, and it changes no more.",
            _ => "",
        },
    };
    web.page("standards", &Page::new(&reader.reader, "Staffing standards", view))
}

/// The form of a standard as it is, before anybody typed.
fn posted_of(standard: &StaffingStandard) -> Posted {
    let bases = match standard.bases.as_slice() {
        [only] => only.as_str(),
        _ => "both",
    };
    Posted::of(&[
        ("id", &standard.id),
        ("name", &standard.name),
        ("nurse_wte", &standard.nurse_wte.to_string()),
        ("administrator_wte", &standard.administrator_wte.to_string()),
        ("population_low", &standard.population_low.to_string()),
        ("population_high", &standard.population_high.to_string()),
        ("bases", bases),
        ("source", &standard.source),
        ("basis_note", &standard.basis_note),
        ("not_known", &standard.not_known.join("\n")),
    ])
}

/// The form with what was typed and what is wrong with it. `stored` is the draft that is changed.
fn edit_view(stored: Option<&ListedStandard>, form: &Posted, problems: &[InputProblem]) -> EditView {
    let mut fields = Vec::new();
    if stored.is_none() {
        let hint =
            "Small letters, digits and underscores, such as bone_2025. It stands in addresses and never changes.";
        fields.push(Field::new("id", "Id").hint(hint).width(20));
    }
    fields.extend([
        Field::new("name", "Name"),
        Field::new("nurse_wte", "Nurse WTE").hint("For the population below, such as 1.").inputmode("decimal").width(5),
        Field::new("administrator_wte", "Administrator WTE").hint("Such as 0.5.").inputmode("decimal").width(5),
        Field::new("population_low", "From this many people")
            .hint("It gives the higher need.")
            .inputmode("numeric")
            .width(10),
        Field::new("population_high", "To this many people")
            .hint("It gives the lower need. The same number again where there is no range.")
            .inputmode("numeric")
            .width(10),
    ]);
    let chosen = form.first("bases").unwrap_or("both");
    let mut bases = vec![Choice::new("both", "Not stated, or both: all ages and aged 50 and over", chosen)];
    bases.extend(Basis::ALL.map(|basis| Choice::new(basis.as_str(), basis.label(), chosen)));
    let texts = Form::new([
        Field::lines("source", "Source", 3).hint("The document and its date, so that readers can look it up."),
        Field::lines("basis_note", "Note (optional)", 3),
        Field::lines("not_known", "What is not known of it (optional)", 3).hint("A line each."),
    ]);
    let standard = stored.map(|stored| &stored.standard);
    EditView {
        heading: standard
            .map_or_else(|| "Add a staffing standard".into(), |standard| format!("Change the draft {}", standard.id)),
        action: standard.map_or_else(|| "/standards/new".into(), |standard| format!("/standards/{}/edit", standard.id)),
        // What was based on an older version stays so, however often it is sent.
        version: form
            .first("version")
            .and_then(|version| version.parse().ok())
            .or(stored.and_then(|stored| stored.version))
            .unwrap_or_default(),
        is_new: stored.is_none(),
        form: Form::new(fields).filled(form).refused(problems),
        bases: Choices::new("bases", "On which population is it read?", bases, problems)
            .hint("Gaps come on both all the same; this says which one the standard means."),
        valid_from: DateField::new(
            "valid_from",
            "It holds from (optional)",
            form,
            standard.and_then(|standard| standard.valid_from),
            problems,
        ),
        valid_to: DateField::new(
            "valid_to",
            "It held up to (optional)",
            form,
            standard.and_then(|standard| standard.valid_to),
            problems,
        ),
        texts: texts.filled(form).refused(problems),
        problems: !problems.is_empty(),
    }
}

/// The standard that a form describes, or what is wrong with what was typed.
fn read(form: &Posted, id: Option<&str>) -> Result<StaffingStandard, Vec<InputProblem>> {
    let text = |name: &str| form.first(name).unwrap_or_default().replace("\r\n", "\n").trim().to_owned();
    let mut problems = Vec::new();
    let mut number = |name: &str, message: &str| {
        let plain: String = text(name).chars().filter(|c| *c != ',' && !c.is_whitespace()).collect();
        plain.parse::<f64>().unwrap_or_else(|_| {
            problems.push(InputProblem::new(name, "not_a_number", message));
            1.0
        })
    };
    let nurse_wte = number("nurse_wte", "Write the nurse WTE as a number, such as 1.");
    let administrator_wte = number("administrator_wte", "Write the administrator WTE as a number, such as 0.5.");
    let population_low = number("population_low", "Write the lower end of the range as a number, such as 40,000.");
    let population_high = number("population_high", "Write the upper end of the range as a number, such as 46,000.");
    let mut date = |name: &'static str| {
        DateField::read(name, form).unwrap_or_else(|()| {
            problems.push(InputProblem::new(
                name,
                "not_a_day",
                "Write a day that exists, such as 1 7 2025, or leave it empty.",
            ));
            None
        })
    };
    let (valid_from, valid_to) = (date("valid_from"), date("valid_to"));
    let bases = text("bases");
    let standard = StaffingStandard {
        id: id.map_or_else(|| text("id"), ToOwned::to_owned),
        name: text("name"),
        nurse_wte,
        administrator_wte,
        population_low,
        population_high,
        source: text("source"),
        bases: bases.parse().map_or_else(|_| Basis::ALL.to_vec(), |basis| vec![basis]),
        basis_note: text("basis_note"),
        not_known: text("not_known")
            .lines()
            .map(|line| line.trim().to_owned())
            .filter(|line| !line.is_empty())
            .collect(),
        valid_from,
        valid_to,
    };
    // Everything that is wrong is said at once.
    problems.extend(
        standard
            .problems()
            .into_iter()
            .map(|problem| InputProblem::new(problem.field(), problem.code(), problem.to_string())),
    );
    if problems.is_empty() { Ok(standard) } else { Err(problems) }
}

fn form_page(web: &Web, reader: &SignedInReader, view: EditView) -> poem::Result<Response> {
    let wrong = view.problems;
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = view.heading.clone();
    web.page_with(status, "standard_edit", &Page::new(&reader.reader, &title, view).with_errors(wrong).with_form(true))
}

/// A draft that the reader may change.
fn draft(app: &App, who: &Principal, id: &str) -> Result<ListedStandard, AppError> {
    let found = standards::one(app, who, id)?;
    if found.published {
        let reason = "This standard is published and changes no more. Add a corrected one with an id of its own.";
        return Err(AppError::Refused { code: "standard_published", reason: reason.into() });
    }
    Ok(found)
}

/// `GET /standards/new`
#[handler]
#[expect(clippy::needless_pass_by_value, reason = "the framework hands it over")]
pub(super) fn new_page(Data(web): Data<&Web>, reader: SignedInReader) -> poem::Result<Response> {
    form_page(web, &reader, edit_view(None, &Posted::default(), &[]))
}

/// `GET /standards/:standard/edit`
#[handler]
pub(super) async fn edit_page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
) -> poem::Result<Response> {
    let who = reader.who.clone();
    let stored = web.app.run(move |app| draft(app, &who, &id)).await.map_err(PageError::from)?;
    form_page(web, &reader, edit_view(Some(&stored), &posted_of(&stored.standard), &[]))
}

async fn save(web: &Web, reader: &SignedInReader, form: Posted, id: Option<String>) -> poem::Result<Response> {
    let publish = form.first("then") == Some("publish");
    let based_on = form.first("version").and_then(|version| version.parse().ok()).unwrap_or_default();
    let who = reader.who.clone();
    let stored = match id {
        Some(id) => Some(web.app.run(move |app| draft(app, &who, &id)).await.map_err(PageError::from)?),
        None => None,
    };
    let wrong = match read(&form, stored.as_ref().map(|stored| stored.standard.id.as_str())) {
        Ok(standard) => {
            let (who, written) = (reader.who.clone(), WrittenStandard { standard, publish });
            let based_on = if stored.is_some() { based_on } else { 0 };
            match web.app.run(move |app| standards::put(app, &who, &written, based_on)).await {
                Ok(_) => {
                    let done = if publish { "published" } else { "draft" };
                    return Ok(redirect(&address("/standards", &[("done", done)])).finish());
                }
                Err(AppError::Invalid(problems)) => problems,
                Err(error) => return Err(PageError::from(error).into()),
            }
        }
        Err(problems) => problems,
    };
    form_page(web, reader, edit_view(stored.as_ref(), &form, &wrong))
}

/// `POST /standards/new`
#[handler]
pub(super) async fn add(Data(web): Data<&Web>, reader: SignedInReader, form: Posted) -> poem::Result<Response> {
    save(web, &reader, form, None).await
}

/// `POST /standards/:standard/edit`
#[handler]
pub(super) async fn change(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(id): Path<String>,
    form: Posted,
) -> poem::Result<Response> {
    save(web, &reader, form, Some(id)).await
}
