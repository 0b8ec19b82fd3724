//! The feedback of a service: one page for the governance meeting, with a box for each recommendation that is called for.

use std::collections::BTreeMap;

use chrono::NaiveDate;
use poem::http::{StatusCode, header};
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::overview::HeadView;
use crate::app::error::InputProblem;
use crate::app::feedback::{self, Feedback, NewPlan, RecommendationLine};
use crate::app::{App, AppError};
use crate::domain::feedback::peers::{Comparison, Place};
use crate::domain::feedback::recommendations::{NUMBERS, SOURCE, words};
use crate::domain::workforce::gap::{GapRow, RoleGap};
use crate::domain::workforce::standard::Basis;
use crate::formats::display::{capitalised, cover_range, day, people, wte_range};
use crate::formats::workbook::feedback_workbook;
use crate::store::action_plans::ActionPlan;
use crate::web::Web;
use crate::web::business_case;
use crate::web::errors::PageError;
use crate::web::fields::Form;
use crate::web::forms::Posted;
use crate::web::page::Page;
use crate::web::reader::SignedInReader;
use crate::web::rounds::read_year;
use crate::web::sign_in::redirect;

#[derive(Debug, Serialize)]
struct RoleView {
    name: &'static str,
    in_post: String,
    need: String,
    gap: String,
    cover: String,
}

#[derive(Debug, Serialize)]
struct BasisView {
    basis: &'static str,
    population: String,
    estimated: bool,
    status: String,
    roles: Vec<RoleView>,
}

fn role_view(name: &'static str, gap: &RoleGap) -> RoleView {
    let range = |low: Option<f64>, high: Option<f64>| low.zip(high).map(|(low, high)| wte_range(low, high));
    let shown = |words: Option<String>| words.unwrap_or_else(|| "not known".into());
    RoleView {
        name,
        in_post: shown(gap.in_post.map(crate::domain::workforce::report::display_wte)),
        need: shown(range(gap.need_low, gap.need_high)),
        gap: shown(range(gap.gap_low, gap.gap_high)),
        cover: shown(gap.cover_low.zip(gap.cover_high).map(|(low, high)| cover_range(low, high))),
    }
}

fn basis_view(row: &GapRow) -> BasisView {
    BasisView {
        basis: match row.basis {
            Basis::AsReported => "As reported (all ages)",
            Basis::Aged50Plus => "Aged 50 and over",
        },
        population: row.population.as_ref().map(|population| people(population.people)).unwrap_or_default(),
        estimated: row.population.as_ref().is_some_and(|population| population.estimated_with.is_some()),
        status: row.status.label().to_owned(),
        roles: vec![role_view("Nurses", &row.nurses), role_view("Administrators", &row.administrators)],
    }
}

#[derive(Debug, Serialize)]
struct PlaceView {
    measure: &'static str,
    own: String,
    median: String,
    place: String,
    n: usize,
}

fn place_view(place: &Place) -> PlaceView {
    let figure = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |value| format!("{value:.2}"));
    PlaceView {
        measure: place.measure.words(),
        own: figure(place.own),
        median: figure(place.median),
        place: match (place.place, place.own) {
            (Some(at), _) => format!("{at} of {}", place.n),
            (None, Some(_)) => "too few like services".into(),
            (None, None) => "not answered".into(),
        },
        n: place.n,
    }
}

#[derive(Debug, Serialize)]
struct KpiView {
    name: String,
    own: String,
    cases: String,
    grade: String,
    national: String,
    n: usize,
}

#[derive(Debug, Clone, Serialize)]
struct PlanView {
    year: i32,
    what: String,
    owner: String,
    due: String,
    due_words: String,
}

impl PlanView {
    fn new(plan: &ActionPlan) -> Self {
        Self {
            year: plan.year,
            what: plan.what.clone(),
            owner: plan.owner.clone(),
            due: plan.due.map(|due| due.to_string()).unwrap_or_default(),
            due_words: plan.due.map(day).unwrap_or_default(),
        }
    }

    fn says_the_same(&self, other: &Self) -> bool {
        (&self.what, &self.owner, &self.due) == (&other.what, &other.owner, &other.due)
    }
}

#[derive(Debug, Serialize)]
struct RecommendationView {
    number: i32,
    words: &'static str,
    because: String,
    plan: PlanView,
    based_on: i64,
    changed_by: String,
    you_said: Option<PlanView>,
    /// What was wrong with what was sent, by field.
    errors: BTreeMap<String, String>,
    open: bool,
}

#[derive(Debug, Serialize)]
struct ChangeView {
    fact: &'static str,
    before: String,
    now: String,
    changed: bool,
}

#[derive(Debug, Serialize)]
struct FeedbackView {
    head: HeadView,
    notice: &'static str,
    problems: Form,
    statement: String,
    bases: Vec<BasisView>,
    /// The setting of like services, in words; empty for all.
    setting: String,
    size: &'static str,
    services: usize,
    places: Vec<PlaceView>,
    previous_year: i32,
    changes: Vec<ChangeView>,
    kpi_year: i32,
    kpi_of_another_year: bool,
    kpis: Vec<KpiView>,
    source: &'static str,
    recommendations: Vec<RecommendationView>,
    can_plan: bool,
    business_case: String,
    synthetic: bool,
}

/// The setting of the services that are like this one; empty for all.
fn setting_words(comparison: &Comparison, feedback: &Feedback) -> String {
    let item = feedback.view.questionnaire.item("setting");
    let words = |code: &String| {
        let option = item.and_then(|item| item.option(code));
        option.map_or_else(|| code.clone(), |option| option.text.clone())
    };
    comparison.setting.as_ref().map(words).unwrap_or_default()
}

/// The size of the services that are like this one.
fn size_words(comparison: &Comparison) -> &'static str {
    comparison.size.map_or("all sizes", crate::domain::feedback::peers::Size::words)
}

fn recommendation_view(line: &RecommendationLine, sent: Option<&Sent<'_>>) -> RecommendationView {
    let empty =
        PlanView { year: 0, what: String::new(), owner: String::new(), due: String::new(), due_words: String::new() };
    let stored = line.plan.as_ref().map_or(empty, PlanView::new);
    let written = sent.and_then(|sent| sent.plan(line.number));
    let problems = sent.and_then(|sent| sent.problems.get(&line.number));
    let plan = written.unwrap_or_else(|| stored.clone());
    RecommendationView {
        number: line.number,
        words: words(line.number),
        because: capitalised(&line.because.join("; ")),
        based_on: line.plan.as_ref().map_or(0, |plan| plan.version),
        changed_by: line.changed_by.clone(),
        you_said: line.you_said.as_ref().map(PlanView::new),
        errors: problems.into_iter().flatten().map(|one| (one.field.clone(), one.message.clone())).collect(),
        open: problems.is_some() || !plan.says_the_same(&stored),
        plan,
    }
}

/// What was sent about the recommendations, and what is wrong with it, by recommendation; or what was typed before the
/// language was switched.
struct Sent<'a> {
    form: &'a Posted,
    problems: BTreeMap<i32, Vec<InputProblem>>,
}

/// A field of the plan about a recommendation.
fn field(form: &Posted, name: &str, number: i32) -> Option<String> {
    form.first(&format!("{name}-{number}")).map(|text| text.trim().to_owned())
}

impl Sent<'_> {
    /// What was written about a recommendation.
    fn plan(&self, number: i32) -> Option<PlanView> {
        let of = |name: &str| field(self.form, name, number);
        Some(PlanView {
            year: 0,
            what: of("what")?,
            owner: of("owner").unwrap_or_default(),
            due: of("due").unwrap_or_default(),
            due_words: String::new(),
        })
    }
}

fn feedback_view(feedback: &Feedback, notice: &'static str, sent: Option<&Sent<'_>>, synthetic: bool) -> FeedbackView {
    let head = HeadView::new(&feedback.view);
    let kpis = feedback.kpis.as_ref().map(|(_, kpis)| kpis.kpis.as_slice()).unwrap_or_default();
    let kpi_year = feedback.kpis.as_ref().map_or(0, |(year, _)| *year);
    let percent = |percent: Option<f64>| percent.map_or_else(|| "no data".into(), |percent| format!("{percent:.1}%"));
    let problems: Vec<InputProblem> = sent
        .iter()
        .flat_map(|sent| sent.problems.iter().flat_map(|(number, of)| of.iter().map(move |problem| (number, problem))))
        .map(|(number, problem)| InputProblem {
            field: format!("{}-{number}", problem.field),
            message: format!("Recommendation {number}: {}", problem.message),
            ..problem.clone()
        })
        .collect();
    let shown = |text: &str| if text.is_empty() { "–".to_owned() } else { text.to_owned() };
    FeedbackView {
        notice,
        problems: Form::default().refused(&problems),
        statement: feedback.statement.clone(),
        bases: feedback.gaps.iter().map(basis_view).collect(),
        setting: feedback.comparison.as_ref().map(|found| setting_words(found, feedback)).unwrap_or_default(),
        size: feedback.comparison.as_ref().map_or("", size_words),
        services: feedback.comparison.as_ref().map_or(0, |found| found.services),
        places: feedback.comparison.iter().flat_map(|found| found.places.iter().map(place_view)).collect(),
        previous_year: feedback.previous_year.unwrap_or_default(),
        changes: feedback
            .changes
            .iter()
            .map(|change| ChangeView {
                fact: change.fact,
                before: shown(&change.before),
                now: shown(&change.now),
                changed: change.before != change.now,
            })
            .collect(),
        kpi_year,
        kpi_of_another_year: kpi_year != head.year,
        kpis: kpis
            .iter()
            .map(|kpi| KpiView {
                name: format!("{} {}", kpi.kpi.kpi, kpi.kpi.name),
                own: percent(kpi.figure.percent),
                cases: kpi
                    .figure
                    .numerator
                    .zip(kpi.figure.denominator)
                    .map(|(n, d)| format!("{n} of {}", people(d)))
                    .unwrap_or_default(),
                grade: kpi.figure.grade.map(|grade| capitalised(grade.as_str())).unwrap_or_default(),
                national: percent(kpi.national.figure.percent),
                n: kpi.national.n,
            })
            .collect(),
        source: SOURCE,
        recommendations: feedback.recommendations.iter().map(|line| recommendation_view(line, sent)).collect(),
        can_plan: feedback.can_plan,
        business_case: business_case::href(feedback.view.round.year, &feedback.view.service.code),
        synthetic,
        head,
    }
}

async fn load(web: &Web, reader: &SignedInReader, year: i32, service: &str) -> Result<Feedback, AppError> {
    let (who, code) = (reader.who.clone(), service.to_owned());
    web.app.run(move |app| feedback::of_service(app, &who, year, &code)).await
}

fn show(
    web: &Web,
    reader: &SignedInReader,
    found: &Feedback,
    notice: &'static str,
    sent: Option<&Sent<'_>>,
) -> poem::Result<Response> {
    let content = feedback_view(found, notice, sent, web.app.is_synthetic());
    let wrong = sent.is_some_and(|sent| !sent.problems.is_empty());
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = format!("Feedback for {}, audit year {}", found.view.service.code, found.view.round.year);
    web.page_with(
        status,
        "survey_feedback",
        &Page::new(&reader.reader, &title, content).with_errors(wrong).with_form(found.can_plan),
    )
}

/// What the address may say besides.
#[derive(Debug, Default, Deserialize)]
struct FeedbackQuery {
    planned: Option<String>,
}

/// `GET /survey/{year}/{service}/feedback`
#[handler]
pub(in crate::web) async fn show_feedback(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
    Query(query): Query<FeedbackQuery>,
) -> poem::Result<Response> {
    let year = read_year(&year)?;
    match load(web, &reader, year, &service).await {
        Ok(found) => {
            let notice = if query.planned.is_some() { "Your plan was saved." } else { "" };
            let typed = reader.reader.typed.as_deref().map(|form| Sent { form, problems: BTreeMap::new() });
            show(web, &reader, &found, notice, typed.as_ref())
        }
        // There is none yet: the list of sections says what is left to do.
        Err(AppError::Refused { code: "not_submitted", .. }) => {
            Ok(redirect(&format!("/survey/{year}/{service}")).finish())
        }
        Err(error) => Err(PageError::from(error).into()),
    }
}

/// What a form says about one recommendation.
fn read_plan(form: &Posted, number: i32) -> Option<Result<NewPlan, AppError>> {
    let of = |name: &str| field(form, name, number).unwrap_or_default();
    let what = field(form, "what", number)?;
    let typed = of("due");
    let due = if typed.is_empty() { None } else { typed.parse::<NaiveDate>().ok() };
    if due.is_none() && !typed.is_empty() {
        let message = "Write the day as year, month and day, such as 2023-09-30.";
        return Some(Err(AppError::invalid("due", "not_a_day", message)));
    }
    Some(Ok(NewPlan { based_on: of("based_on").parse().unwrap_or(0), what, owner: of("owner"), due }))
}

/// `POST /survey/{year}/{service}/feedback`: saves every plan that was changed. What is wrong with one keeps no other from
/// being saved.
#[handler]
pub(in crate::web) async fn plan_actions(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
    form: Posted,
) -> poem::Result<Response> {
    let year = read_year(&year)?;
    let plans: Vec<(i32, Result<NewPlan, AppError>)> =
        NUMBERS.filter_map(|number| Some((number, read_plan(&form, number)?))).collect();
    let (who, code) = (reader.who.clone(), service.clone());
    let work = move |app: &App| {
        let mut problems: BTreeMap<i32, Vec<InputProblem>> = BTreeMap::new();
        for (number, wrong) in feedback::plan_each(app, &who, year, &code, plans)? {
            let found = match wrong {
                AppError::Invalid(found) => found,
                error @ AppError::Refused { code: "plan_moved", .. } => {
                    vec![InputProblem::new("what", "plan_moved", error.to_string())]
                }
                error => return Err(error),
            };
            problems.insert(number, found);
        }
        Ok(problems)
    };
    let problems = web.app.run(work).await.map_err(PageError::from)?;
    if problems.is_empty() {
        return Ok(redirect(&format!("/survey/{year}/{service}/feedback?planned=yes")).finish());
    }
    let found = load(web, &reader, year, &service).await.map_err(PageError::from)?;
    show(web, &reader, &found, "", Some(&Sent { form: &form, problems }))
}

/// `GET /survey/{year}/{service}/feedback.xlsx`
#[handler]
pub(in crate::web) async fn download_feedback(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
) -> poem::Result<Response> {
    let year = read_year(&year)?;
    let found = load(web, &reader, year, &service).await.map_err(PageError::from)?;
    let bytes = feedback_workbook(&found.sheet(web.app.is_synthetic()));
    let bytes = bytes.map_err(|error| PageError::internal(error.to_string()))?;
    Ok(Response::builder()
        .header(header::CONTENT_TYPE, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
        .header(header::CONTENT_DISPOSITION, format!("attachment; filename=\"feedback-{service}-{year}.xlsx\""))
        .header(header::CACHE_CONTROL, "no-store")
        .body(bytes))
}
