//! What to fund first: the services of an area in order, each with its reason; what a budget buys; and what further money
//! would buy. The form is a link, so that a plan can be passed on.

mod query;
mod tables;

use std::collections::BTreeSet;

use poem::http::StatusCode;
use poem::web::Data;
use poem::{Request, Response, handler};
use serde::Serialize;

use self::query::{FundingAsked, ROLES, UNITS};
use super::Web;
use super::costs::{Problem, csv, place, plan_fields, plan_notes};
use super::errors::PageError;
use super::forms::Posted;
use super::kpis::{Field, both, download, select};
use super::page::Page;
use super::plain_table::PlainTable;
use super::reader::SignedInReader;
use crate::app::AppError;
use crate::app::error::InputProblem;
use crate::app::funding::{self, FundingReport};
use crate::charts::canvas::{Caption, Drawing};
use crate::charts::frontier::{FrontierChart, frontier};
use crate::domain::workforce::allocation::{Allocation, Budget, Goal, Posts};
use crate::domain::workforce::cost::Pounds;
use crate::domain::workforce::gap::End;
use crate::domain::workforce::report::display_wte;
use crate::domain::workforce::standard::Basis;
use crate::formats::display::{capitalised, people, percent};

#[derive(Debug, Serialize)]
struct Figure {
    name: &'static str,
    value: String,
}

/// What is shown of a report.
#[derive(Debug, Serialize)]
struct Plan {
    names: String,
    place: String,
    statement: String,
    basis: &'static str,
    figures: Vec<Figure>,
    grants: Option<PlainTable>,
    grants_file: String,
    ranking: PlainTable,
    has_ranking: bool,
    ranking_file: String,
    chart: Option<[String; 2]>,
    frontier: PlainTable,
    frontier_file: String,
    picture: String,
    left_out: PlainTable,
    has_left_out: bool,
    left_out_file: String,
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
struct FundingPage {
    gaps: String,
    costs: String,
    uncovered: String,
    fields: Vec<Field>,
    problems: Vec<Problem>,
    plan: Option<Plan>,
}

fn fields(asked: &FundingAsked, mut rest: Vec<Field>) -> Vec<Field> {
    let words = |all: &[(&str, &str)]| all.iter().map(|(key, name)| ((*key).to_owned(), (*name).to_owned())).collect();
    let goals = Goal::ALL.map(|goal| (goal.as_str(), goal.label()));
    let posts = Posts::ALL
        .map(|posts| (posts.as_str(), if posts == Posts::Whole { "Whole posts" } else { "Tenths of a post" }));
    let ends = End::ALL.map(|end| (end.as_str(), if end == End::Low { "The lowest need" } else { "The highest need" }));
    let bases = Basis::ALL.map(|basis| (basis.as_str(), basis.label()));
    let now = asked.asked.basis.map(Basis::as_str).unwrap_or_default();
    let unit = if asked.in_wte { UNITS[1].0 } else { UNITS[0].0 };
    let mut fields = vec![
        Field::text("budget", "Budget", asked.budget.clone()),
        select("unit", "In", words(&UNITS), unit),
        select("goal", "Goal", words(&goals), asked.goal.as_str()),
        select("basis", "Population", words(&bases), now),
        select("up_to", "Up to", words(&ends), asked.end.as_str()),
        select("posts", "Posts", words(&posts), asked.posts.as_str()),
        select("roles", "Roles", words(&ROLES), asked.roles),
        Field::text("minimum_team", "Smallest viable team, WTE", asked.minimum_team.clone()),
    ];
    fields.append(&mut rest);
    fields
}

fn figures(report: &FundingReport, allocation: &Allocation) -> Vec<Figure> {
    let amount = |amount: f64| match report.rules.budget {
        Budget::Pounds(_) => format!("{} a year", Pounds(amount).shown()),
        Budget::Wte(_) => format!("{} WTE", display_wte(amount)),
    };
    let cover = |cover: Option<f64>| cover.map_or_else(|| "none".into(), |cover| format!("{}%", percent(cover)));
    let known = report.claimants.iter().filter(|claimant| claimant.expected_cases.is_some()).count();
    let figure = |name, value| Figure { name, value };
    let mut figures = vec![
        figure("Spent", amount(allocation.spent)),
        figure("Funded", format!("{} WTE in {} services", display_wte(allocation.wte), allocation.grants.len())),
        figure(
            "WTE short, before and after",
            format!("{} and {}", display_wte(allocation.shortfall.0), display_wte(allocation.shortfall.1)),
        ),
        figure(
            "Expected cases in services staffed for them, before and after",
            format!(
                "{} and {} (n = {known} services whose cases are known)",
                people(allocation.cases.0),
                people(allocation.cases.1)
            ),
        ),
        figure(
            "Lowest cover of a service that could take more, before and after",
            format!("{} and {}", cover(allocation.lowest_cover.0), cover(allocation.lowest_cover.1)),
        ),
        figure(
            "Could anything do better at this goal?",
            if allocation.proven { "No: that is proved." } else { "Not found; the search was cut short." }.to_owned(),
        ),
    ];
    figures.extend(report.down_the_list.as_ref().map(|went| {
        let wte = display_wte(went.wte[0] + went.wte[1]);
        let words = format!("{wte} WTE in {} services, {} left over", went.reached(), amount(went.left));
        figure("The same budget, simply down the order below", words)
    }));
    figures
}

fn caption(report: &FundingReport) -> Caption {
    let basis = report.query.basis.in_a_sentence();
    let mut notes = vec![
        format!("{}. {}", report.query.goal.label(), report.query.goal.words()),
        format!("Needs rest on the {basis}. {}", report.costs.gaps.standard.name),
        format!("Pay of {}, × {}.", report.costs.costing.pay_year, report.costs.costing.on_cost),
    ];
    if report.costs.gaps.synthetic {
        notes.push("Synthetic data: every figure is invented.".to_owned());
    }
    Caption {
        title: format!("What budgets buy: {}", tables::measure(report.query.goal).0.to_lowercase()),
        description: "A line through what each budget buys, from nothing on. The figures are in the table.".into(),
        notes,
    }
}

fn drawings(report: &FundingReport) -> [Drawing; 2] {
    let goal = report.query.goal;
    let points: Vec<(f64, f64)> =
        report.frontier.iter().map(|point| (point.budget, tables::figure(goal, &point.allocation))).collect();
    let last = points.last().map_or(0.0, |(budget, _)| *budget);
    let (Budget::Pounds(budget) | Budget::Wte(budget)) = report.rules.budget;
    let asked = report.allocation.as_ref().map(|allocation| (budget, tables::figure(goal, allocation)));
    let (side, unit) = tables::measure(goal);
    let foot = if matches!(report.rules.budget, Budget::Wte(_)) { "Budget, WTE" } else { "Budget, £ a year" };
    let chart = FrontierChart {
        points: &points,
        // Beyond the last point nothing more is bought.
        asked: asked.filter(|(budget, _)| *budget <= last),
        foot,
        side,
        unit,
    };
    both(|layout| frontier(&chart, layout))
}

fn plan(asked: &FundingAsked, report: &FundingReport, own: &BTreeSet<String>) -> Plan {
    let query = &report.query;
    let mut notes = vec![
        format!("Goal: {}. {}", query.goal.label().to_lowercase(), query.goal.words()),
        format!(
            "Needs rest on the {}, and posts are given up to the {} need. What is short on one population may not be on \
             the other: look at both before deciding.",
            query.basis.in_a_sentence(),
            if query.end == End::Low { "lowest" } else { "highest" },
        ),
        "Cover is what is in post ÷ what is needed of the roles that get posts, each role up to its need. A WTE counts the \
         same whichever its role, so that within a service the cheaper role is filled first: choose one role to see it by \
         itself. A vacant post that is funded counts as short, since nobody is in it; what of the cost is in budgets \
         already is on the page of costs."
            .to_owned(),
        "Posts are given in whole steps, never beyond what a role is short of. With a smallest team a service gets nothing \
         unless its staff in post and what it gets come to that many WTE."
            .to_owned(),
        "Simply down the order: each service in turn gets nurses, then administrators, up to what it is short of and as far \
         as what is left of the budget reaches. It is easy to follow, never better at the goal, and live in the workbook of \
         the gap, on the sheet Allocation."
            .to_owned(),
    ];
    notes.extend(plan_notes(&report.costs));
    let ranking = tables::ranking(report, own);
    let left_out = tables::left_out(report);
    let caption = caption(report);
    Plan {
        names: capitalised(&report.costs.gaps.round.names()),
        place: place(&report.costs).to_owned(),
        statement: report.statement(),
        basis: query.basis.label(),
        figures: report.allocation.as_ref().map(|allocation| figures(report, allocation)).unwrap_or_default(),
        grants: report
            .allocation
            .as_ref()
            .filter(|allocation| !allocation.grants.is_empty())
            .map(|allocation| (&tables::grants(report, allocation, own)).into()),
        grants_file: asked.address("/funding/allocation.csv"),
        has_ranking: !ranking.rows.is_empty(),
        ranking: (&ranking).into(),
        ranking_file: asked.address("/funding/ranking.csv"),
        chart: (report.frontier.len() > 1)
            .then(|| drawings(report).map(|drawing| drawing.inline("frontier", &caption))),
        frontier: (&tables::frontier(report)).into(),
        frontier_file: asked.address("/funding/frontier.csv"),
        picture: asked.address("/funding/frontier.svg"),
        has_left_out: !left_out.rows.is_empty(),
        left_out: (&left_out).into(),
        left_out_file: asked.address("/funding/left-out.csv"),
        notes,
    }
}

/// What is read for the page: the form, and what it comes to or what is wrong with it.
struct Loaded {
    asked: FundingAsked,
    fields: Vec<Field>,
    report: Result<FundingReport, Vec<InputProblem>>,
}

async fn load(web: &Web, reader: &SignedInReader, request: &Request) -> Result<Loaded, PageError> {
    let rounds = web.rounds(reader).await?;
    let form = Posted::read(request.uri().query().unwrap_or_default().as_bytes());
    let asked = FundingAsked::read(&form, &rounds)?;
    let who = reader.who.clone();
    let loaded = web.app.run(move |app| {
        let report = match asked.query().map(|query| funding::report(app, &who, &query)) {
            Ok(Ok(report)) => Ok(report),
            Ok(Err(AppError::Invalid(problems))) | Err(problems) => Err(problems),
            Ok(Err(error)) => return Err(error),
        };
        let fields = fields(&asked, plan_fields(app, &who, &asked.asked, &rounds)?);
        Ok(Loaded { asked, fields, report })
    });
    Ok(loaded.await?)
}

/// `GET /funding`
#[handler]
pub(super) async fn page(Data(web): Data<&Web>, reader: SignedInReader, request: &Request) -> poem::Result<Response> {
    let Loaded { asked, fields, report } = load(web, &reader, request).await?;
    let own = own_services(&reader);
    let view = FundingPage {
        gaps: asked.asked.address("/gaps", &[]),
        costs: asked.asked.address("/gaps/costs", &[]),
        uncovered: asked.asked.address("/gaps/uncovered", &[]),
        fields,
        problems: report.as_ref().err().map(|problems| Problem::all(problems)).unwrap_or_default(),
        plan: report.as_ref().ok().map(|report| plan(&asked, report, &own)),
    };
    let wrong = !view.problems.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = format!("What to fund first, audit year {}", asked.asked.year);
    let page = Page::new(&reader.reader, &title, view).wide().with_errors(wrong);
    web.page_with(status, "funding", &page)
}

fn own_services(reader: &SignedInReader) -> BTreeSet<String> {
    reader.who.own_services().map(ToOwned::to_owned).collect()
}

/// What is asked for and its report, for a download.
async fn report(
    web: &Web,
    reader: &SignedInReader,
    request: &Request,
) -> Result<(FundingAsked, FundingReport), PageError> {
    let loaded = load(web, reader, request).await?;
    let report = loaded.report.map_err(|problems| PageError::from(AppError::Invalid(problems)))?;
    Ok((loaded.asked, report))
}

/// `GET /funding/allocation.csv`
#[handler]
pub(super) async fn allocation_csv(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
) -> poem::Result<Response> {
    let (asked, report) = report(web, &reader, request).await?;
    let allocation = report
        .allocation
        .as_ref()
        .ok_or_else(|| PageError::bad_request("Give a budget to see what it buys.".to_owned()))?;
    let table = tables::grants(&report, allocation, &own_services(&reader));
    Ok(csv(&table, &format!("allocation-{}.csv", asked.asked.span()))?)
}

/// `GET /funding/ranking.csv`
#[handler]
pub(super) async fn ranking_csv(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
) -> poem::Result<Response> {
    let (asked, report) = report(web, &reader, request).await?;
    let table = tables::ranking(&report, &own_services(&reader));
    Ok(csv(&table, &format!("funding-order-{}.csv", asked.asked.span()))?)
}

/// `GET /funding/frontier.csv`
#[handler]
pub(super) async fn frontier_csv(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
) -> poem::Result<Response> {
    let (asked, report) = report(web, &reader, request).await?;
    Ok(csv(&tables::frontier(&report), &format!("budgets-{}.csv", asked.asked.span()))?)
}

/// `GET /funding/left-out.csv`
#[handler]
pub(super) async fn left_out_csv(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
) -> poem::Result<Response> {
    let (asked, report) = report(web, &reader, request).await?;
    Ok(csv(&tables::left_out(&report), &format!("not-funded-{}.csv", asked.asked.span()))?)
}

/// `GET /funding/frontier.svg`
#[handler]
pub(super) async fn picture(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    request: &Request,
) -> poem::Result<Response> {
    let (asked, report) = report(web, &reader, request).await?;
    let [wide, _] = drawings(&report);
    let name = format!("budgets-{}.svg", asked.asked.span());
    Ok(download(wide.standalone(&caption(&report)), "image/svg+xml; charset=utf-8", &name))
}
