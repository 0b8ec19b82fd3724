//! Scenarios over a gap: tried out, saved under a name, shared, compared.
//!
//! A scenario is its owner's. Shared, it is read by whoever may read the same gaps; the audit team reads all. Its figures
//! are worked out from the data as they stand whenever it is read, so only what is done is kept, never a result.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::error::InputProblem;
use super::gaps::{self, GapQuery};
use super::kpis::Figures;
use super::{App, AppError, authorise, costs, history};
use crate::domain::access::{Permission, Principal, Role, Scope};
use crate::domain::history::{Event, Object};
use crate::domain::hundredths::Hundredths;
use crate::domain::kpi::real;
use crate::domain::questionnaire::facts::Fact;
use crate::domain::workforce::cost::{Costing, CostingChoice};
use crate::domain::workforce::gap::GapRow;
use crate::domain::workforce::report::GapReport;
use crate::domain::workforce::scenario::{Outcome, Scenario, ScenarioService, outcome};
use crate::store::scenarios::StoredScenario;
use crate::store::{self, DbConn};

/// What a scenario is laid over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    /// Audit year.
    pub year: i32,
    /// One service, by its code.
    pub service: Option<String>,
    /// An area; `None` of both: every service, for who reads the gaps of all.
    pub area: Option<String>,
    /// Id of the standard; `None`: the round's.
    pub standard: Option<String>,
}

impl Subject {
    /// Whether it is this one service in this year.
    pub(super) fn is_service(&self, code: &str, year: i32) -> bool {
        self.service.as_deref() == Some(code) && self.year == year
    }
}

/// What is asked and done.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// What it is laid over.
    pub subject: Subject,
    /// What is done.
    pub scenario: Scenario,
    /// What posts are assumed to cost.
    pub costing: CostingChoice,
}

/// A scenario as somebody saves it.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct NewScenario {
    /// Its name, which its owner has no other scenario under.
    pub name: String,
    /// Whoever may read the same gaps may read it.
    pub shared: bool,
    /// What is asked and done.
    pub plan: Plan,
}

/// A saved scenario.
#[derive(Debug, Clone, PartialEq)]
pub struct SavedScenario {
    /// Its id.
    pub id: String,
    /// Counts its changes; a change names it.
    pub version: i64,
    /// What people call its owner.
    pub owner: String,
    /// It is the reader's own, who may change it.
    pub own: bool,
    /// The reader may delete it.
    pub may_delete: bool,
    /// Its name.
    pub name: String,
    /// Whoever may read the same gaps may read it.
    pub shared: bool,
    /// When it was last changed.
    pub updated_at: DateTime<Utc>,
    /// What is asked and done.
    pub plan: Plan,
}

/// A scenario worked out.
#[derive(Debug)]
pub struct ScenarioReport {
    /// What is asked and done.
    pub plan: Plan,
    /// The gap that it is laid over.
    pub gaps: GapReport,
    /// Code and name of the one service, where the subject is one.
    pub service: Option<(String, String)>,
    /// What posts cost.
    pub costing: Costing,
    /// What becomes of the gap.
    pub outcome: Outcome,
}

/// How many scenarios are compared at once.
pub const COMPARED: std::ops::RangeInclusive<usize> = 2..=4;

/// Characters that a name may have.
const LONGEST_NAME: usize = 100;

/// Works out a scenario without saving it.
pub fn preview(app: &App, who: &Principal, plan: &Plan) -> Result<ScenarioReport, AppError> {
    authorise(who, Permission::ReadGaps, "read staffing gaps")?;
    app.read(|conn| report_in(app, conn, who, plan))
}

fn report_in(app: &App, conn: &mut DbConn, who: &Principal, plan: &Plan) -> Result<ScenarioReport, AppError> {
    let mut problems: Vec<InputProblem> = plan
        .scenario
        .problems()
        .into_iter()
        .map(|problem| InputProblem { field: problem.field, code: problem.code, message: problem.message })
        .collect();
    let costing = costs::costing(app, &plan.costing);
    if let Err(AppError::Invalid(of_costing)) = &costing {
        problems.extend(of_costing.iter().cloned());
    }
    if let Ok(costing) = &costing {
        for (place, post) in plan.scenario.posts.iter().enumerate() {
            if let Err(unpriced) = costing.cost_per_wte(&post.band) {
                let message = format!("The post cannot be priced: {unpriced}. Choose another band or pay year.");
                problems.push(InputProblem::new(&format!("posts/{place}/band"), "unpriced", message));
            }
        }
    }
    if !problems.is_empty() {
        return Err(AppError::Invalid(problems));
    }
    let costing = costing?;
    let subject = resolved(who, &plan.subject)?;
    let year = subject.year;
    let query =
        GapQuery { year, area: subject.area.clone(), standard: subject.standard.clone(), ..GapQuery::default() };
    let mut gaps = gaps::report_in(app, conn, who, &query)?;
    if let Some(code) = &subject.service {
        super::demand::only_service(conn, &mut gaps, code)?;
    }
    let service = subject.service.as_ref().and_then(|_| gaps.rows.first());
    let service = service.map(|row| (row.service.clone(), row.name.clone()));
    let services = services_of(&mut Figures::open(app, conn, &gaps.round.year.into())?, &gaps)?;
    let outcome = outcome(&gaps.standard, &costing, &plan.scenario, &services);
    let plan = Plan { subject, ..plan.clone() };
    Ok(ScenarioReport { plan, gaps, service, costing, outcome })
}

/// The services of a gap report as a scenario is laid over them.
pub(super) fn services_of<'a>(
    figures: &mut Figures<'_>,
    gaps: &'a GapReport,
) -> Result<Vec<ScenarioService<'a>>, AppError> {
    const SHARE: &str = "nurse_admin_share";
    let year = gaps.round.year;
    let shares = figures.facts(year, &[SHARE])?.0.remove(SHARE).unwrap_or_default();
    let data = figures.year(year, &[2])?;
    let mut by_service: BTreeMap<&str, Vec<&GapRow>> = BTreeMap::new();
    for row in &gaps.rows {
        by_service.entry(&row.service).or_default().push(row);
    }
    Ok(by_service
        .into_iter()
        .map(|(code, rows)| ScenarioService {
            rows,
            admin_share: shares
                .get(code)
                .and_then(Fact::measure)
                .map(Hundredths::as_f64)
                .map(|percent| percent / 100.0),
            expected: data.expected(code).map(real),
        })
        .collect())
}

/// The subject with what somebody means who names none: their one service, or their area.
fn resolved(who: &Principal, subject: &Subject) -> Result<Subject, AppError> {
    let mut subject = subject.clone();
    if subject.service.is_some() && subject.area.is_some() {
        let message = "A scenario is of a service or of an area, not of both.";
        return Err(AppError::invalid("service", "service_and_area", message));
    }
    if subject.service.is_some() || subject.area.is_some() || who.may_everywhere(Permission::ReadGaps) {
        return Ok(subject);
    }
    let mut scopes = who.scopes(Permission::ReadGaps);
    match (scopes.next(), scopes.next()) {
        (Some(Scope::Service(code)), None) => subject.service = Some(code.clone()),
        (Some(Scope::Area(code)), None) => subject.area = Some(code.clone()),
        _ => {
            let message = "Say which service or which area the scenario is of.";
            return Err(AppError::invalid("service", "no_subject", message));
        }
    }
    Ok(subject)
}

/// Whether somebody may read the gaps that a scenario is laid over.
fn reads(app: &App, conn: &mut DbConn, who: &Principal, subject: &Subject) -> Result<bool, AppError> {
    let register = app.register(conn)?;
    let tree = &register.tree;
    Ok(match (&subject.service, &subject.area) {
        (Some(code), _) => {
            // A service that is no longer in the register is nobody's to read.
            let service = register.services.get(code);
            service.is_some_and(|service| who.may_for(Permission::ReadGaps, service, tree))
        }
        (None, Some(area)) => who.scopes(Permission::ReadGaps).any(|scope| match scope {
            Scope::National => true,
            Scope::Area(own) => tree.is_within(area, own),
            Scope::Service(_) | Scope::Section { .. } => false,
        }),
        (None, None) => who.may_everywhere(Permission::ReadGaps),
    })
}

fn is_team(who: &Principal) -> bool {
    who.has_role(Role::AuditTeam)
}

fn saved(conn: &mut DbConn, who: &Principal, stored: StoredScenario) -> Result<SavedScenario, AppError> {
    let plan = serde_json::from_str(&stored.document)
        .map_err(|error| AppError::Unexpected(format!("the scenario {} cannot be read: {error}", stored.id)))?;
    let own = stored.owner == who.actor;
    Ok(SavedScenario {
        id: stored.id,
        version: stored.version,
        owner: history::actor_name(conn, &stored.owner)?,
        own,
        may_delete: own || is_team(who),
        name: stored.name,
        shared: stored.shared,
        updated_at: stored.updated_at,
        plan,
    })
}

/// The scenarios that somebody may read, sorted by name.
pub fn list(app: &App, who: &Principal) -> Result<Vec<SavedScenario>, AppError> {
    authorise(who, Permission::ReadGaps, "read staffing gaps")?;
    app.read(|conn| {
        let reader = (!is_team(who)).then_some(who.actor.as_str());
        let mut found = Vec::new();
        for stored in store::scenarios::of(conn, reader)? {
            let scenario = saved(conn, who, stored)?;
            if reads(app, conn, who, &scenario.plan.subject)? {
                found.push(scenario);
            }
        }
        Ok(found)
    })
}

/// A scenario that somebody may read. One that they may not is not there for them.
fn find(app: &App, conn: &mut DbConn, who: &Principal, id: &str) -> Result<SavedScenario, AppError> {
    if let Some(stored) = store::scenarios::find(conn, id)? {
        let open = stored.shared || stored.owner == who.actor || is_team(who);
        let scenario = saved(conn, who, stored)?;
        if open && reads(app, conn, who, &scenario.plan.subject)? {
            return Ok(scenario);
        }
    }
    Err(AppError::not_found("scenario", id, "The list of scenarios has those that you may read."))
}

/// A saved scenario, worked out.
pub fn one(app: &App, who: &Principal, id: &str) -> Result<(SavedScenario, ScenarioReport), AppError> {
    authorise(who, Permission::ReadGaps, "read staffing gaps")?;
    app.read(|conn| {
        let scenario = find(app, conn, who, id)?;
        let report = report_in(app, conn, who, &scenario.plan)?;
        Ok((scenario, report))
    })
}

/// Several saved scenarios, worked out, in the order that they were asked for.
pub fn compare(app: &App, who: &Principal, ids: &[String]) -> Result<Vec<(SavedScenario, ScenarioReport)>, AppError> {
    if !COMPARED.contains(&ids.len()) {
        return Err(AppError::invalid("ids", "wrong_number", "Choose two to four scenarios to compare."));
    }
    ids.iter().map(|id| one(app, who, id)).collect()
}

/// Saves a scenario under a new name. The same again gives the one that is there.
pub fn add(app: &App, who: &Principal, new: &NewScenario) -> Result<SavedScenario, AppError> {
    authorise(who, Permission::ReadGaps, "read staffing gaps")?;
    let name = checked_name(&new.name)?;
    app.write(|conn| {
        // What is saved can be worked out, and is of gaps that its owner may read.
        let plan = report_in(app, conn, who, &new.plan)?.plan;
        let document = written(&plan)?;
        if let Some(there) = store::scenarios::named(conn, &who.actor, &name)? {
            return if (&there.document, there.shared) == (&document, new.shared) {
                saved(conn, who, there)
            } else {
                Err(name_taken(&name))
            };
        }
        let stored = StoredScenario {
            id: app.new_id()?,
            version: 1,
            owner: who.actor.clone(),
            name: name.clone(),
            shared: new.shared,
            document,
            updated_at: app.now(),
        };
        if !store::scenarios::add(conn, &stored)? {
            return Err(name_taken(&name));
        }
        let event = Event { new: Some(words(&stored)), ..Event::of("added") };
        history::record(app, conn, who, &Object::Scenario(stored.id.clone()), vec![event])?;
        saved(conn, who, stored)
    })
}

/// Changes one's own scenario that is at version `based_on`.
pub fn change(
    app: &App,
    who: &Principal,
    id: &str,
    new: &NewScenario,
    based_on: i64,
) -> Result<SavedScenario, AppError> {
    authorise(who, Permission::ReadGaps, "read staffing gaps")?;
    let name = checked_name(&new.name)?;
    app.write(|conn| {
        let object = Object::Scenario(id.to_owned());
        store::history::lock(conn, &object)?;
        let before = find(app, conn, who, id)?;
        if !before.own {
            return Err(AppError::Forbidden { action: format!("change this scenario, which is {}’s", before.owner) });
        }
        let plan = report_in(app, conn, who, &new.plan)?.plan;
        if let Some(other) = store::scenarios::named(conn, &who.actor, &name)?
            && other.id != id
        {
            return Err(name_taken(&name));
        }
        let stored_before = StoredScenario {
            id: id.to_owned(),
            version: before.version,
            owner: who.actor.clone(),
            name: before.name.clone(),
            shared: before.shared,
            document: written(&before.plan)?,
            updated_at: before.updated_at,
        };
        let stored = StoredScenario {
            version: based_on.saturating_add(1),
            name: name.clone(),
            shared: new.shared,
            document: written(&plan)?,
            updated_at: app.now(),
            ..stored_before.clone()
        };
        if words(&stored_before) == words(&stored) {
            return Ok(before);
        }
        if before.version != based_on || !store::scenarios::change(conn, &stored, based_on)? {
            let reason =
                "The scenario was changed while you were writing. Nothing was saved: read it again, and save again.";
            return Err(AppError::Refused { code: "scenario_moved", reason: reason.into() });
        }
        let event = Event { old: Some(words(&stored_before)), new: Some(words(&stored)), ..Event::of("changed") };
        history::record(app, conn, who, &object, vec![event])?;
        saved(conn, who, stored)
    })
}

/// Deletes a scenario: its owner's, or the audit team's to do. The history keeps what it was.
pub fn delete(app: &App, who: &Principal, id: &str) -> Result<(), AppError> {
    authorise(who, Permission::ReadGaps, "read staffing gaps")?;
    app.write(|conn| {
        let object = Object::Scenario(id.to_owned());
        store::history::lock(conn, &object)?;
        let scenario = find(app, conn, who, id)?;
        if !scenario.may_delete {
            return Err(AppError::Forbidden {
                action: format!("delete this scenario, which is {}’s", scenario.owner)
            });
        }
        let stored = store::scenarios::find(conn, id)?;
        store::scenarios::remove(conn, id)?;
        let event = Event { old: stored.as_ref().map(words), ..Event::of("deleted") };
        history::record(app, conn, who, &object, vec![event])
    })
}

fn checked_name(name: &str) -> Result<String, AppError> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME {
        let message = format!("Give the scenario a name of 1 to {LONGEST_NAME} characters.");
        return Err(AppError::invalid("name", "bad_name", message));
    }
    Ok(name.to_owned())
}

fn name_taken(name: &str) -> AppError {
    AppError::invalid("name", "taken", format!("You have another scenario named {name:?}. Give this one another name."))
}

fn written(plan: &Plan) -> Result<String, AppError> {
    serde_json::to_string(plan).map_err(|error| AppError::Unexpected(error.to_string()))
}

/// A scenario as the history keeps it.
fn words(stored: &StoredScenario) -> String {
    let shared = if stored.shared { "shared" } else { "not shared" };
    format!("{} ({shared}): {}", stored.name, stored.document)
}
