//! The page of a round: where it stands, what comes next, how it is coming on.

use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::Serialize;

use super::steps::{StepLink, links};
use super::{Asked, read_year};
use crate::app::quality::Waiting;
use crate::app::responses::ResponseRate;
use crate::app::rounds::{self, AreaProgress, Dashboard, ItemProgress, PlannedJob, SectionProgress};
use crate::app::{App, AppError};
use crate::charts::canvas::{Caption, Drawing, Layout};
use crate::charts::submissions::{SubmissionsChart, submissions};
use crate::domain::register::Service;
use crate::domain::round::{Act, JobKind, RoundStatus};
use crate::formats::display::{capitalised, day, london_time, percent};
use crate::formats::table::{Cell, Column, Table, TableRow};
use crate::web::Web;
use crate::web::errors::PageError;
use crate::web::forms::address;
use crate::web::kpis::both;
use crate::web::page::Page;
use crate::web::plain_table::PlainTable;
use crate::web::reader::SignedInReader;

#[derive(Debug, Serialize)]
struct Fact {
    name: &'static str,
    value: String,
}

#[derive(Debug, Serialize)]
struct JobView {
    what: &'static str,
    when: String,
    /// Why it failed last; it is tried again.
    failed: String,
}

#[derive(Debug, Serialize)]
struct ServiceLink {
    code: String,
    name: String,
    href: String,
    note: &'static str,
}

#[derive(Debug, Serialize)]
struct DashboardView {
    year: i32,
    names: String,
    status: &'static str,
    notice: &'static str,
    facts: Vec<Fact>,
    steps: Vec<StepLink>,
    may_change: bool,
    may_discard: bool,
    may_remind: bool,
    may_extend: bool,
    jobs: Vec<JobView>,
    rate: String,
    counts: String,
    nothing_yet: bool,
    chart: Vec<String>,
    areas: PlainTable,
    sections: Option<PlainTable>,
    items: Option<PlainTable>,
    comments_waiting: usize,
    /// The queries that wait, in words.
    queries: String,
    challenges_open: usize,
    never_signed_in: Vec<ServiceLink>,
    missing: Vec<ServiceLink>,
    last_year: i32,
    base: String,
    gaps: String,
}

/// A rate in words: "69 of 71 (97.2%)".
fn rate_words(rate: &ResponseRate) -> String {
    if rate.counted == 0 {
        return "nobody is asked".into();
    }
    #[expect(clippy::cast_precision_loss, reason = "services are few")]
    let share = rate.submitted as f64 / rate.counted as f64;
    format!("{} of {} ({}%)", rate.submitted, rate.counted, percent(share))
}

fn number(n: usize) -> Cell {
    Cell::count(i64::try_from(n).ok())
}

fn areas(found: &Dashboard) -> Table {
    let row = |of: &AreaProgress| TableRow {
        own: false,
        cells: vec![
            Cell::text(&of.area.name),
            Cell::text(rate_words(&of.rate)),
            number(of.rate.services - of.rate.submitted - of.rate.no_return - of.rate.not_commissioned),
            number(of.rate.no_return + of.rate.not_commissioned),
        ],
    };
    Table {
        caption: "Responses submitted, by region or nation".into(),
        columns: vec![
            Column::text("area", "Area"),
            Column::text("submitted", "Submitted"),
            Column::number("to_come", "To come"),
            Column::number("without_return", "Without a return"),
        ],
        rows: found.areas.iter().map(row).collect(),
    }
}

fn sections(found: &Dashboard) -> Table {
    let row = |of: &SectionProgress| TableRow {
        own: false,
        cells: vec![
            Cell::text(format!("{} {}", of.number, of.title)),
            number(of.finished),
            number(of.begun),
            number(of.not_begun),
        ],
    };
    Table {
        caption: "Sections, over the responses in progress".into(),
        columns: vec![
            Column::text("section", "Section"),
            Column::number("finished", "Complete"),
            Column::number("begun", "Begun"),
            Column::number("not_begun", "Not begun"),
        ],
        rows: found.sections.iter().map(row).collect(),
    }
}

fn items(found: &Dashboard) -> Table {
    let row = |of: &ItemProgress| TableRow {
        own: false,
        cells: vec![
            Cell::text(format!("{} {}", of.number, of.text)),
            number(of.errors),
            number(of.queries),
            number(of.explained),
            number(of.carried),
        ],
    };
    Table {
        caption: "Questions with something found by the checks or carried forward, in responses begun or submitted"
            .into(),
        columns: vec![
            Column::text("item", "Question"),
            Column::number("errors", "Errors"),
            Column::number("queries", "Open queries"),
            Column::number("explained", "Explained"),
            Column::number("carried", "Unchanged from last year"),
        ],
        rows: found.items.iter().map(row).collect(),
    }
}

fn facts(found: &Dashboard) -> Vec<Fact> {
    let round = &found.round;
    let of = |name, value: Option<String>| value.map(|value| Fact { name, value });
    [
        of("Opens", round.opens_on.map(day)),
        of("Last day", round.closes_on.map(day)),
        of("Report", round.report.clone()),
        of("Report comes out", round.publishes_on.map(|on| format!("{} at 9:30am", day(on)))),
        of("Questionnaire", Some(round.questionnaire.clone())),
        of("Methodology", Some(round.methodology.to_string())),
        of("Staffing standard", Some(round.standard.clone())),
        of("Staffing as at", Some(day(round.staffing_as_at))),
        of("Sign-off", Some(if round.sign_off { "by a clinical lead".into() } else { "not asked".into() })),
        of("Reminders by plan", Some(if round.reminders { "on".into() } else { "off".into() })),
        of("Data cut of the report", round.cut.clone()),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn job(job: &PlannedJob) -> Option<JobView> {
    job.done_at.is_none().then(|| JobView {
        what: match job.kind {
            JobKind::Open => "The round opens",
            JobKind::Close => "The round closes",
            JobKind::Publish => "The report comes out",
            JobKind::Remind(_) => "Services that have not submitted are reminded",
        },
        when: london_time(job.due_at),
        failed: job.last_error.clone().unwrap_or_default(),
    })
}

fn link(year: i32, service: &Service, note: &'static str) -> ServiceLink {
    ServiceLink {
        code: service.code.clone(),
        name: service.name.clone(),
        href: format!("/survey/{year}/{}", service.code),
        note,
    }
}

fn queries(waiting: &Waiting) -> String {
    let parts = [
        (waiting.team, "wait for the audit team"),
        (waiting.services, "wait for a service"),
        (waiting.overdue, "of them are overdue"),
    ];
    let parts = parts.into_iter().filter(|(count, _)| *count > 0).map(|(count, words)| format!("{count} {words}"));
    parts.collect::<Vec<_>>().join(", ")
}

fn drawings(found: &Dashboard) -> [Drawing; 2] {
    both(|layout: Layout| submissions(&SubmissionsChart { days: &found.days, asked: found.rate.counted }, layout))
}

fn caption(found: &Dashboard) -> Caption {
    let total = found.days.last().map_or(0, |(_, total)| *total);
    Caption {
        title: format!("Responses submitted by day, audit year {}", found.round.year),
        description: format!(
            "The number of responses that stand submitted, rising by day to {total} of {} that are asked for.",
            found.rate.counted
        ),
        notes: vec![capitalised(&found.round.names())],
    }
}

fn notice(done: Option<&str>) -> &'static str {
    match done {
        Some("added") => "The round was added. Enrol its services, then open it, or let it open by itself.",
        Some("copied") => {
            "This round was copied from the one before: the same questionnaire, method and services. Check its days."
        }
        Some("changed") => "The round was changed.",
        Some("open") => "The round is open: services can answer.",
        Some("closed") => "The round is closed.",
        Some("preview") => "The round is in preview: those who take part read the results.",
        Some("published") => "The round is published.",
        _ => "",
    }
}

fn view(found: &Dashboard, jobs: &[PlannedJob], done: Option<&str>) -> DashboardView {
    let round = &found.round;
    let year = round.year;
    let (rate, status) = (&found.rate, round.status);
    let without = rate.no_return + rate.not_commissioned;
    let asked = rate.services;
    DashboardView {
        year,
        names: capitalised(&round.names()),
        status: status.label(),
        notice: notice(done),
        facts: facts(found),
        steps: links(round),
        may_change: status.allows(Act::NameReport),
        may_discard: status.allows(Act::Discard),
        may_remind: status.allows(Act::Remind),
        may_extend: status.allows(Act::Extend),
        jobs: jobs.iter().filter_map(job).collect(),
        rate: rate_words(rate),
        counts: format!(
            "{asked} services are asked: {} have submitted, {} are in progress, {} have not started, {without} make no \
             return.",
            rate.submitted, found.in_progress, found.not_started
        ),
        nothing_yet: status == RoundStatus::Draft,
        chart: if found.days.is_empty() {
            Vec::new()
        } else {
            drawings(found).iter().map(|drawing| drawing.inline("submitted", &caption(found))).collect()
        },
        areas: (&areas(found)).into(),
        sections: (found.in_progress > 0).then(|| (&sections(found)).into()),
        items: (!found.items.is_empty()).then(|| (&items(found)).into()),
        comments_waiting: found.comments_waiting,
        queries: queries(&found.queries),
        challenges_open: found.challenges_open,
        never_signed_in: found
            .never_signed_in
            .iter()
            .map(|(service, somebody)| link(year, service, if *somebody { "" } else { "nobody has an account" }))
            .collect(),
        missing: found.missing_since_last.iter().map(|service| link(year, service, "")).collect(),
        last_year: found.last_year.unwrap_or_default(),
        base: format!("/rounds/{year}"),
        gaps: address("/gaps", &[("year", &year.to_string())]),
    }
}

async fn load(web: &Web, reader: &SignedInReader, year: i32) -> Result<(Dashboard, Vec<PlannedJob>), PageError> {
    let who = reader.who.clone();
    let work = move |app: &App| Ok((rounds::dashboard(app, &who, year)?, rounds::jobs(app, &who, year)?));
    Ok(web.app.run(work).await?)
}

/// `GET /rounds/{year}`
#[handler]
pub(in crate::web) async fn show(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let (found, jobs) = load(web, &reader, read_year(&year)?).await?;
    let title = format!("Round of audit year {}", found.round.year);
    web.page("round", &Page::new(&reader.reader, &title, view(&found, &jobs, asked.done.as_deref())))
}

/// `GET /rounds/{year}/submissions.svg`
#[handler]
pub(in crate::web) async fn picture(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
) -> poem::Result<Response> {
    let (found, _) = load(web, &reader, read_year(&year)?).await?;
    if found.days.is_empty() {
        let hint = "Nobody has submitted yet.";
        return Err(PageError::from(AppError::not_found("chart of submissions", &year, hint)).into());
    }
    let [wide, _] = drawings(&found);
    Ok(Response::builder().content_type("image/svg+xml").body(wide.standalone(&caption(&found))))
}
