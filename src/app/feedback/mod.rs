//! The feedback of a service: on one page, the moment it has submitted, what its answers come to and what it means to do.

mod sheet;

use std::collections::BTreeMap;

use chrono::NaiveDate;

use super::gaps::{self, GapQuery};
use super::history::{self, actor_name};
use super::kpis::{self, ServiceKpis};
use super::responses::{self, ResponseView};
use super::{App, AppError};
use crate::domain::access::{Permission, Principal};
use crate::domain::feedback::peers::{Comparison, Peer, compare};
use crate::domain::feedback::recommendations::{self, KpiPercents};
use crate::domain::history::{Event, Object};
use crate::domain::questionnaire::answer::{Answer, AnswerValue, Document, Entry};
use crate::domain::questionnaire::conditions::Shown;
use crate::domain::questionnaire::offline::{Part, RegisterNames, cell_text};
use crate::domain::workforce::gap::GapRow;
use crate::formats::display::thousands;
use crate::store::action_plans::ActionPlan;
use crate::store::responses::ResponseState;
use crate::store::{self};

/// Characters that an action and its owner may have.
const LONGEST: (usize, usize) = (1_000, 100);

/// One of the main facts, last year and now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What it is.
    pub fact: &'static str,
    /// Last year, in words; empty where there is none.
    pub before: String,
    /// Now, in words; empty where there is none.
    pub now: String,
}

/// A recommendation with what the service means to do about it.
#[derive(Debug, Clone, PartialEq)]
pub struct RecommendationLine {
    /// Its number in the report.
    pub number: i32,
    /// What calls for it; empty where nothing does any more and there is a plan all the same.
    pub because: Vec<String>,
    /// This year's plan.
    pub plan: Option<ActionPlan>,
    /// What the service said last year.
    pub you_said: Option<ActionPlan>,
    /// Who changed the plan last.
    pub changed_by: String,
}

/// The feedback of a service.
#[derive(Debug, Clone)]
pub struct Feedback {
    /// The response that it rests on, submitted.
    pub view: ResponseView,
    /// The gap on each basis.
    pub gaps: Vec<GapRow>,
    /// The sentence that holds on either basis.
    pub statement: String,
    /// The service among its like; `None` where it is not counted.
    pub comparison: Option<Comparison>,
    /// The year before, where that was submitted.
    pub previous_year: Option<i32>,
    /// The main facts that were answered in either year.
    pub changes: Vec<Change>,
    /// The KPIs of the newest year with data up to the audit year, and which year that is.
    pub kpis: Option<(i32, ServiceKpis)>,
    /// The recommendations that are called for or planned about.
    pub recommendations: Vec<RecommendationLine>,
    /// The reader may plan.
    pub can_plan: bool,
}

/// What is planned about a recommendation.
#[derive(Debug, Clone, Default)]
pub struct NewPlan {
    /// The version that it is based on; 0 where there was none.
    pub based_on: i64,
    /// What is to be done; nothing takes the plan back.
    pub what: String,
    /// By whom.
    pub owner: String,
    /// By when.
    pub due: Option<NaiveDate>,
}

fn must_be_submitted(view: &ResponseView) -> Result<(), AppError> {
    if view.response.state == ResponseState::Submitted {
        return Ok(());
    }
    let reason = "There is feedback once the response is submitted.";
    Err(AppError::Refused { code: "not_submitted", reason: reason.into() })
}

/// The feedback of a service for a round.
pub fn of_service(app: &App, who: &Principal, year: i32, service: &str) -> Result<Feedback, AppError> {
    let view = responses::view(app, who, year, service)?;
    must_be_submitted(&view)?;
    let report = gaps::report(app, who, &GapQuery { year, ..GapQuery::default() })?;
    let own: Vec<GapRow> = report.rows.iter().filter(|row| row.service == service).cloned().collect();
    let kpis = newest_kpis(app, who, service, year)?;
    let percents: KpiPercents = kpis
        .iter()
        .flat_map(|(_, kpis)| &kpis.kpis)
        .filter_map(|kpi| Some((kpi.kpi.kpi, kpi.figure.percent?)))
        .collect();
    let shown = Shown::new(&view.questionnaire, &view.response.document);
    let called = recommendations::triggered(&shown, &percents, &own.iter().collect::<Vec<_>>());
    let previous_year = view.before.as_ref().map(|before| before.response.year);
    let (comparison, recommendations) = app.read(|conn| {
        let mut settings = store::responses::submitted_choices(conn, year, "setting")?;
        let facts = store::facts::staffing_of_round(conn, year)?;
        let peer = |(service, facts)| Peer { setting: settings.remove(&service), facts, service };
        let peers: Vec<Peer> = facts.into_iter().map(peer).collect();
        let mut plans = by_number(store::action_plans::of_response(conn, service, year)?);
        let said = app.register(conn)?.round_before(year).map(|round| round.year);
        let mut before = match said {
            Some(then) => by_number(store::action_plans::of_response(conn, service, then)?),
            None => BTreeMap::new(),
        };
        let mut lines = Vec::new();
        for number in recommendations::NUMBERS {
            let because = called.iter().find(|found| found.number == number).map(|found| found.because.clone());
            let plan = plans.remove(&number);
            let you_said = before.remove(&number).filter(|plan| !plan.what.is_empty());
            let planned = plan.as_ref().is_some_and(|plan| !plan.what.is_empty());
            if because.is_none() && !planned && you_said.is_none() {
                continue;
            }
            let changed_by = match &plan {
                Some(plan) => actor_name(conn, &plan.updated_by)?,
                None => String::new(),
            };
            let because = because.unwrap_or_default();
            lines.push(RecommendationLine { number, because, plan, you_said, changed_by });
        }
        Ok((compare(&peers, service), lines))
    })?;
    Ok(Feedback {
        statement: statement(&own),
        gaps: own,
        comparison,
        previous_year,
        changes: changes(&view),
        kpis,
        recommendations,
        can_plan: may_plan(who, &view),
        view,
    })
}

fn by_number(plans: Vec<ActionPlan>) -> BTreeMap<i32, ActionPlan> {
    plans.into_iter().map(|plan| (plan.recommendation, plan)).collect()
}

/// What holds of the service on either basis.
fn statement(gaps: &[GapRow]) -> String {
    let least = |gap: fn(&GapRow) -> Option<f64>| {
        let all: Vec<f64> = gaps.iter().filter_map(gap).collect();
        let least = all.iter().copied().fold(f64::INFINITY, f64::min);
        (all.len() == gaps.len() && least > 0.0 && least.is_finite()).then_some((least * 100.0).floor() / 100.0)
    };
    let nurses = least(|row| row.nurses.gap_low).map(|wte| format!("{wte:.2} nurse WTE"));
    let administrators = least(|row| row.administrators.gap_low).map(|wte| format!("{wte:.2} administrator WTE"));
    let short: Vec<String> = [nurses, administrators].into_iter().flatten().collect();
    if short.is_empty() {
        "There is no shortage that holds on either basis, or it cannot be worked out from the answers.".into()
    } else {
        format!("Short of at least {} on either basis.", short.join(" and "))
    }
}

/// The KPIs of the newest year up to this one in which the service has any data that the reader may see.
fn newest_kpis(app: &App, who: &Principal, service: &str, year: i32) -> Result<Option<(i32, ServiceKpis)>, AppError> {
    let years: Vec<i32> = app.read(|conn| {
        let register = app.register(conn)?;
        Ok(register.rounds.iter().map(|round| round.year).filter(|of| *of <= year).rev().collect())
    })?;
    for of in years {
        match kpis::service_kpis(app, who, service, of) {
            Ok(found) if found.kpis.iter().any(|kpi| kpi.figure.percent.is_some()) => return Ok(Some((of, found))),
            Ok(_) | Err(AppError::Forbidden { .. } | AppError::NotFound { .. }) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(None)
}

fn may_plan(who: &Principal, view: &ResponseView) -> bool {
    who.may_for(Permission::EditResponse, &view.service, &view.register.tree)
}

/// The facts that a governance meeting asks about first.
const FACTS: [(&str, &str); 9] = [
    ("population_all_ages", "Population, all ages"),
    ("population_50_plus", "Population aged 50 and over"),
    ("staff_in_post/nurse", "Nurses in post, WTE"),
    ("staff_in_post/administrator", "Administrators in post, WTE"),
    ("vacancy_over_6_months", "A post vacant over six months"),
    ("governance_frequency", "Governance meetings"),
    ("monitoring_provided", "Patients are monitored"),
    ("falls_assessment", "Falls assessment"),
    ("patient_survey", "Patient survey"),
];

fn changes(view: &ResponseView) -> Vec<Change> {
    let Some(before) = &view.before else { return Vec::new() };
    let words = |document: &Document, name: &str| match name.split_once('/') {
        Some((grid, role)) => document.grid_total(grid, Some(role)).map(|total| total.to_string()).unwrap_or_default(),
        None => match (document.value(name), view.questionnaire.item(name)) {
            (Some(AnswerValue::Integer(number)), Some(_)) => thousands(*number),
            (_, Some(item)) => {
                let entry = document.get(name).map_or(Entry::Unanswered, Answer::entry);
                cell_text(item, &entry, &Part::Whole, &RegisterNames::default())
            }
            (_, None) => String::new(),
        },
    };
    let change = |(name, fact): &(&str, &'static str)| Change {
        fact,
        before: words(&before.response.document, name),
        now: words(&view.response.document, name),
    };
    FACTS.iter().map(change).filter(|change| !(change.before.is_empty() && change.now.is_empty())).collect()
}

/// Refuses whoever may not plan what a service does, and that before it has submitted.
fn must_plan(app: &App, who: &Principal, year: i32, service: &str) -> Result<(), AppError> {
    let view = responses::view(app, who, year, service)?;
    if !may_plan(who, &view) {
        return Err(AppError::Forbidden { action: format!("plan what {service} does; its people can") });
    }
    must_be_submitted(&view)
}

/// Plans what to do about a recommendation. Also after the close: what a service does about its feedback is not an answer.
pub fn plan(
    app: &App,
    who: &Principal,
    year: i32,
    service: &str,
    recommendation: i32,
    new: &NewPlan,
) -> Result<ActionPlan, AppError> {
    must_plan(app, who, year, service)?;
    keep_plan(app, who, year, service, recommendation, new)
}

/// Plans what to do about several recommendations; what is wrong with one keeps no other from being saved, and is
/// returned. Whoever may not plan is refused before what they sent is looked at.
pub fn plan_each(
    app: &App,
    who: &Principal,
    year: i32,
    service: &str,
    plans: Vec<(i32, Result<NewPlan, AppError>)>,
) -> Result<BTreeMap<i32, AppError>, AppError> {
    must_plan(app, who, year, service)?;
    let keep = |number, new: NewPlan| keep_plan(app, who, year, service, number, &new);
    let wrong = |(number, new): (i32, Result<NewPlan, _>)| Some((number, new.and_then(|new| keep(number, new)).err()?));
    Ok(plans.into_iter().filter_map(wrong).collect())
}

/// Checks a plan and stores it.
fn keep_plan(
    app: &App,
    who: &Principal,
    year: i32,
    service: &str,
    recommendation: i32,
    new: &NewPlan,
) -> Result<ActionPlan, AppError> {
    if !recommendations::NUMBERS.contains(&recommendation) {
        let hint = "The recommendations for services are 4 to 11.";
        return Err(AppError::not_found("recommendation", &recommendation.to_string(), hint));
    }
    let what = checked(&new.what, "what", LONGEST.0)?;
    let owner = checked(&new.owner, "owner", LONGEST.1)?;
    if what.is_empty() && (!owner.is_empty() || new.due.is_some()) {
        return Err(AppError::invalid("what", "missing", "Say what is to be done."));
    }
    app.write(|conn| {
        let stored = by_number(store::action_plans::of_response(conn, service, year)?).remove(&recommendation);
        let says = |plan: &ActionPlan| (plan.what.clone(), plan.owner.clone(), plan.due);
        if let Some(stored) = stored.as_ref().filter(|stored| says(stored) == (what.clone(), owner.clone(), new.due)) {
            return Ok(stored.clone());
        }
        let from = stored.as_ref().map_or(0, |stored| stored.version);
        let plan = ActionPlan {
            year,
            service: service.to_owned(),
            recommendation,
            version: from + 1,
            what,
            owner,
            due: new.due,
            updated_at: app.now(),
            updated_by: who.actor.clone(),
        };
        if from != new.based_on || !store::action_plans::write(conn, &plan, from)? {
            let reason = "Somebody else changed this plan while you were writing. Nothing was saved: look at both, and save \
                          again.";
            return Err(AppError::Refused { code: "plan_moved", reason: reason.into() });
        }
        let said = |plan: &ActionPlan| {
            let due = plan.due.map(|due| format!(", by {due}")).unwrap_or_default();
            format!("{} ({}{due})", plan.what, plan.owner)
        };
        let event = Event {
            action: "action_planned",
            item: format!("recommendation {recommendation}"),
            old: stored.as_ref().map(said),
            new: Some(said(&plan)),
        };
        history::record(app, conn, who, &Object::response(year, service), vec![event])?;
        Ok(plan)
    })
}

fn checked(text: &str, field: &'static str, longest: usize) -> Result<String, AppError> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if text.chars().count() > longest || text.contains('\0') {
        return Err(AppError::invalid(field, "too_long", format!("Keep it under {longest} characters.")));
    }
    Ok(text)
}
