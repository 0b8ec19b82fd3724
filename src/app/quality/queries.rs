//! Query threads: opened by the audit team, answered by the people of the service, closed by the audit team.
//!
//! A step is what somebody writes and where that leads; it names the version of the query that it was based on, so that of
//! two people who act at once one is told. Whoever is to act next is written to.

use chrono::{DateTime, Duration, NaiveDate, Utc};

use crate::app::error::InputProblem;
use crate::app::history::{self, actor_name};
use crate::app::mail::{self, Mail};
use crate::app::register::{round_in, service_in};
use crate::app::rounds::must_run_rounds;
use crate::app::{App, AppError, round_of};
use crate::domain::access::{Permission, Principal, Role};
use crate::domain::history::{Event, Object};
use crate::domain::kpi::year::COUNTED;
use crate::domain::quality::outlier::Outlier;
use crate::domain::quality::query::{Age, QueryState, Side, Subject};
use crate::domain::questionnaire::definition::Questionnaire;
use crate::domain::register::{Register, Service};
use crate::domain::round::{end_of_day, london_day_of};
use crate::store::data_queries::{self as table, QueryMessage};
use crate::store::{self, DbConn};

/// Characters that a message may have.
const LONGEST: usize = 4_000;

/// A query as somebody may see it.
#[derive(Debug, Clone, PartialEq)]
pub struct DataQuery {
    /// As it is stored.
    pub query: table::DataQuery,
    /// The service.
    pub service: Service,
    /// What it is about, in words: `10.1 How often does the group meet?`, `KPI 4, 2021-03`.
    pub about: String,
    /// Its owner, by name.
    pub owner: String,
    /// Days since it was opened; of a closed one until it was closed.
    pub days: i64,
    /// The class of these days.
    pub age: Age,
    /// Its day is past and somebody is still to act.
    pub overdue: bool,
}

/// A message with who wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedMessage {
    /// As it is stored.
    pub message: QueryMessage,
    /// What to call the author.
    pub author: String,
}

/// A query with everything that was written about it.
#[derive(Debug, Clone, PartialEq)]
pub struct QueryThread {
    /// The query.
    pub query: DataQuery,
    /// The messages, the oldest first.
    pub messages: Vec<NamedMessage>,
    /// Where the reader may lead it.
    pub may: Vec<QueryState>,
    /// On which side the reader stands.
    pub side: Side,
}

/// A query to be opened.
#[derive(Debug, Clone)]
pub struct NewQuery {
    /// The audit year.
    pub year: i32,
    /// The service.
    pub service: String,
    /// What it is about: an answer or a month. Outliers have a way of their own.
    pub subject: Subject,
    /// What is asked.
    pub body: String,
    /// By when the service is to answer; `None`: in the usual time.
    pub due_on: Option<NaiveDate>,
}

/// What somebody writes, and where it leads.
#[derive(Debug, Clone)]
pub struct Step {
    /// The version of the query that it is based on.
    pub version: i64,
    /// The state to which it leads.
    pub to: QueryState,
    /// The words.
    pub body: String,
    /// By when whoever is next is to act, for the audit team to say; `None`: in the usual time.
    pub due_on: Option<NaiveDate>,
}

/// How many queries of a round wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Waiting {
    /// For the audit team.
    pub team: usize,
    /// For a service.
    pub services: usize,
    /// Of these, past their day.
    pub overdue: usize,
}

fn about(questionnaire: &Questionnaire, query: &table::DataQuery) -> String {
    match (&query.subject, &query.found) {
        (Subject::Item(link_id), _) => {
            questionnaire.item(link_id).map_or_else(|| link_id.clone(), |item| format!("{} {}", item.number, item.text))
        }
        (Subject::Month { kpi, month }, _) => format!("KPI {kpi}, {month}"),
        (Subject::Outlier { kpi }, Some(found)) => {
            format!("KPI {kpi}, year {}: {} ({})", query.year, found.side(), found.level.as_str())
        }
        (Subject::Outlier { kpi }, None) => format!("KPI {kpi}, year {}", query.year),
    }
}

fn is_overdue(query: &table::DataQuery, today: NaiveDate) -> bool {
    query.state.waits_for().is_some() && query.due_on.is_some_and(|due| due < today)
}

fn side_of(who: &Principal) -> Side {
    if who.may_everywhere(Permission::RunRounds) { Side::Team } else { Side::Service }
}

fn view(app: &App, conn: &mut DbConn, register: &Register, query: table::DataQuery) -> Result<DataQuery, AppError> {
    let questionnaire = app.questionnaire_of(round_in(register, query.year)?)?;
    let closed = query.state.waits_for().is_none();
    let until = if closed { query.moved_at } else { app.now() };
    let days = (until - query.opened_at).num_days();
    Ok(DataQuery {
        service: service_in(register, &query.service)?.clone(),
        about: about(&questionnaire, &query),
        owner: actor_name(conn, &query.owner)?,
        days,
        age: Age::of(days),
        overdue: is_overdue(&query, london_day_of(app.now())),
        query,
    })
}

/// The query of an id, for whoever may see it: for others there is none.
fn visible(app: &App, conn: &mut DbConn, who: &Principal, id: &str) -> Result<(DataQuery, Side), AppError> {
    let register = app.register(conn)?;
    let none = || AppError::not_found("query", id, "The list of the round's queries has those that you may read.");
    let query = store::data_queries::find(conn, id)?.ok_or_else(none)?;
    let service = service_in(&register, &query.service)?;
    if !who.may_for(Permission::ReadDraft, service, &register.tree) {
        return Err(none());
    }
    Ok((view(app, conn, &register, query)?, side_of(who)))
}

/// The queries of a round that somebody may see: those that wait first, by their day.
pub fn list(app: &App, who: &Principal, year: i32) -> Result<Vec<DataQuery>, AppError> {
    app.read(|conn| {
        round_of(conn, year)?;
        let register = app.register(conn)?;
        let mine = |query: &table::DataQuery| {
            let service = register.services.get(&query.service);
            service.is_some_and(|service| who.may_for(Permission::ReadDraft, service, &register.tree))
        };
        let mut found = Vec::new();
        for query in store::data_queries::of_round(conn, year)?.into_iter().filter(mine) {
            found.push(view(app, conn, &register, query)?);
        }
        let closed = |one: &DataQuery| one.query.state.waits_for().is_none();
        found.sort_by_key(|one| (closed(one), one.query.due_on, one.query.opened_at, one.query.id.clone()));
        Ok(found)
    })
}

/// How many queries wait for a service, as far as somebody may see them.
pub fn waiting_for(app: &App, who: &Principal, year: i32, service: &str) -> Result<usize, AppError> {
    app.read(|conn| {
        let register = app.register(conn)?;
        if !who.may_for(Permission::ReadDraft, service_in(&register, service)?, &register.tree) {
            return Ok(0);
        }
        let mut found = store::data_queries::of_round(conn, year)?;
        found.retain(|query| query.service == service && query.state.waits_for() == Some(Side::Service));
        Ok(found.len())
    })
}

/// How many queries of a round wait, for whom.
pub(in crate::app) fn waiting(conn: &mut DbConn, year: i32, today: NaiveDate) -> Result<Waiting, AppError> {
    let mut found = Waiting::default();
    for query in store::data_queries::of_round(conn, year)? {
        match query.state.waits_for() {
            Some(Side::Team) => found.team += 1,
            Some(Side::Service) => found.services += 1,
            None => {}
        }
        found.overdue += usize::from(is_overdue(&query, today));
    }
    Ok(found)
}

/// A query with what was written about it.
pub fn one(app: &App, who: &Principal, id: &str) -> Result<QueryThread, AppError> {
    app.read(|conn| thread(app, conn, who, id))
}

fn thread(app: &App, conn: &mut DbConn, who: &Principal, id: &str) -> Result<QueryThread, AppError> {
    let (query, side) = visible(app, conn, who, id)?;
    let mut messages = Vec::new();
    for message in store::data_queries::messages_of(conn, id)? {
        let author = actor_name(conn, &message.author)?;
        messages.push(NamedMessage { message, author });
    }
    let may = query.query.state.next(side, query.overdue).to_vec();
    Ok(QueryThread { query, messages, may, side })
}

/// The words of a message.
fn body_of(body: &str) -> Result<String, AppError> {
    let body = body.replace("\r\n", "\n").trim().to_owned();
    if body.is_empty() {
        return Err(AppError::invalid("body", "empty", "Write what the others are to know."));
    }
    if body.chars().count() > LONGEST || body.contains('\0') {
        return Err(AppError::invalid("body", "too_long", format!("Keep the text under {LONGEST} characters.")));
    }
    Ok(body)
}

/// The day by which somebody is to act in a state: the one that was set, or the usual one.
fn due(asked: Option<NaiveDate>, state: QueryState, now: DateTime<Utc>) -> Result<Option<NaiveDate>, AppError> {
    let today = london_day_of(now);
    let Some(days) = state.usual_days() else { return Ok(None) };
    match asked {
        Some(day) if day < today => {
            Err(AppError::invalid("due_on", "past", "Choose a day that is not past, or leave it empty."))
        }
        Some(day) => Ok(Some(day)),
        None => Ok(today.checked_add_signed(Duration::days(days))),
    }
}

/// What a query of a service can be about.
fn checked_subject(app: &App, register: &Register, new: &NewQuery) -> Result<(), AppError> {
    let questionnaire = app.questionnaire_of(round_in(register, new.year)?)?;
    let wrong = |field: &str, message: String| Err(AppError::invalid(field, "unknown", message));
    match &new.subject {
        Subject::Item(link_id) if questionnaire.item(link_id).is_none() => {
            wrong("link_id", format!("The questionnaire of {} has no item {link_id:?}.", new.year))
        }
        Subject::Month { kpi, .. } if !COUNTED.contains(kpi) => {
            wrong("kpi", "The KPIs that are counted by month are 2 to 11.".into())
        }
        Subject::Month { month, .. } if month.is_year() || month.year() != new.year => {
            wrong("month", format!("Choose a month of {}, such as {}-03.", new.year, new.year))
        }
        Subject::Outlier { .. } => {
            wrong("subject", "A figure is looked into from the list of figures beyond the limits.".into())
        }
        Subject::Item(_) | Subject::Month { .. } => Ok(()),
    }
}

/// Asks a service something, for the audit team.
pub fn open(app: &App, who: &Principal, new: &NewQuery) -> Result<QueryThread, AppError> {
    must_run_rounds(who)?;
    app.write(|conn| {
        let register = app.register(conn)?;
        checked_subject(app, &register, new)?;
        let id = begin(app, conn, who, new, None)?;
        thread(app, conn, who, &id)
    })
}

/// Adds a query with its first message, under the lock of the response.
pub(super) fn begin(
    app: &App,
    conn: &mut DbConn,
    who: &Principal,
    new: &NewQuery,
    found: Option<Outlier>,
) -> Result<String, AppError> {
    let register = app.register(conn)?;
    let service = service_in(&register, &new.service)?.code.clone();
    let (state, now) = (QueryState::first(&new.subject), app.now());
    let (body, due_on) = AppError::both(body_of(&new.body), due(new.due_on, state, now))?;
    store::history::lock(conn, &Object::response(new.year, &service))?;
    let query = table::DataQuery {
        id: app.new_id()?,
        year: new.year,
        service,
        subject: new.subject.clone(),
        state,
        owner: who.actor.clone(),
        due_on,
        found,
        version: 1,
        opened_by: who.actor.clone(),
        opened_at: now,
        moved_at: now,
    };
    if !store::data_queries::add(conn, &query)? {
        let reason = "Somebody looks into this figure already. The list of queries has the thread.";
        return Err(AppError::Refused { code: "query_exists", reason: reason.into() });
    }
    write(app, conn, who, &query, body, true)?;
    Ok(query.id)
}

/// Writes a message into a thread, the event into the history, and to whoever is to act next.
fn write(
    app: &App,
    conn: &mut DbConn,
    who: &Principal,
    query: &table::DataQuery,
    body: String,
    opened: bool,
) -> Result<(), AppError> {
    let number = i32::try_from(query.version).map_err(|_| AppError::Unexpected("a query of too many steps".into()))?;
    let message = QueryMessage {
        id: app.new_id()?,
        query: query.id.clone(),
        number,
        author: who.actor.clone(),
        from_team: side_of(who) == Side::Team,
        state: query.state,
        body,
        at: app.now(),
    };
    store::data_queries::add_message(conn, &message)?;
    let part = match &query.subject {
        Subject::Item(link_id) => link_id.clone(),
        subject => subject.to_string(),
    };
    let event = Event::of(if opened { "query_opened" } else { "query_moved" }).item(part);
    let event = event.new_value(query.state.label());
    history::record(app, conn, who, &Object::response(query.year, &query.service), vec![event])?;
    tell(app, conn, who, query, &message)
}

/// Writes to whoever is to act: the people who answer for the service, or the owner; to the service also when it is closed.
fn tell(
    app: &App,
    conn: &mut DbConn,
    who: &Principal,
    query: &table::DataQuery,
    message: &QueryMessage,
) -> Result<(), AppError> {
    let mut subjects = if message.from_team {
        let mut all = store::accounts::holders(conn, Role::FlsLead, &query.service)?;
        all.extend(store::accounts::holders(conn, Role::ClinicalLead, &query.service)?);
        all
    } else if query.owner.starts_with("account:") {
        vec![query.owner.clone()]
    } else {
        // Opened by a key or a command, which reads no mail.
        store::accounts::holders(conn, Role::AuditTeam, "")?
    };
    subjects.sort();
    subjects.dedup();
    subjects.retain(|subject| *subject != who.actor);
    let register = app.register(conn)?;
    let questionnaire = app.questionnaire_of(round_in(&register, query.year)?)?;
    let asked = message.from_team && query.state.waits_for() == Some(Side::Service);
    let due = query.due_on.filter(|_| asked).map(end_of_day);
    let said = Mail::DataQuery {
        link: app.address(&format!("/queries/{}", query.id)),
        author: who.name.clone(),
        service: service_in(&register, &query.service)?.name.clone(),
        about: about(&questionnaire, query),
        state: query.state.label().to_owned(),
        note: message.body.clone(),
        is_due: due.is_some(),
        at: due.unwrap_or(message.at),
    };
    for subject in subjects {
        mail::queue(app, conn, &subject, &said)?;
    }
    Ok(())
}

fn moved() -> AppError {
    let reason = "Somebody else wrote in this thread while you were at it. Nothing was saved: read it again, and write \
                  again.";
    AppError::Refused { code: "query_moved", reason: reason.into() }
}

/// Takes a step in a query.
pub fn take(app: &App, who: &Principal, id: &str, step: &Step) -> Result<QueryThread, AppError> {
    app.write(|conn| {
        let (seen, _) = visible(app, conn, who, id)?;
        store::history::lock(conn, &Object::response(seen.query.year, &seen.query.service))?;
        // Read again now that nobody else writes.
        let (found, side) = visible(app, conn, who, id)?;
        if found.query.version != step.version {
            return Err(moved());
        }
        let may = found.query.state.next(side, found.overdue);
        if !may.contains(&step.to) {
            return Err(no_such_step(&found, may, step.to));
        }
        let asked = step.due_on.filter(|_| side == Side::Team);
        let now = app.now();
        let (body, due_on) = AppError::both(body_of(&step.body), due(asked, step.to, now))?;
        let next =
            table::DataQuery { state: step.to, due_on, version: found.query.version + 1, moved_at: now, ..found.query };
        if !store::data_queries::update(conn, &next)? {
            return Err(moved());
        }
        write(app, conn, who, &next, body, false)?;
        thread(app, conn, who, id)
    })
}

fn no_such_step(found: &DataQuery, may: &[QueryState], to: QueryState) -> AppError {
    let words: Vec<&str> = may.iter().map(|state| state.as_str()).collect();
    let can = if words.is_empty() {
        "it is closed, and the audit team alone opens it again".to_owned()
    } else {
        format!("you can lead it to {}", words.join(" or "))
    };
    let mut reason = format!("The query is in the state {}: {can}, and not to {to}.", found.query.state);
    if matches!(to, QueryState::Confirmed | QueryState::Notified) {
        reason.push_str(" A service is heard first, unless its day has passed.");
    }
    AppError::Refused { code: "no_such_step", reason }
}

/// Hands a query to somebody of the audit team, by their e-mail address.
pub fn hand_over(app: &App, who: &Principal, id: &str, version: i64, email: &str) -> Result<QueryThread, AppError> {
    must_run_rounds(who)?;
    app.write(|conn| {
        let (found, _) = visible(app, conn, who, id)?;
        if found.query.version != version {
            return Err(moved());
        }
        let team = store::accounts::holders(conn, Role::AuditTeam, "")?;
        let account = store::accounts::by_email(conn, email.trim())?;
        let owner = account.map(|account| format!("account:{}", account.id)).filter(|owner| team.contains(owner));
        let owner = owner.ok_or_else(|| {
            let message = "Write the e-mail address of somebody of the audit team who has an account.";
            AppError::Invalid(vec![InputProblem::new("owner", "unknown", message)])
        })?;
        let number = found.query.version + 1;
        let next = table::DataQuery { owner, version: number, ..found.query };
        if !store::data_queries::update(conn, &next)? {
            return Err(moved());
        }
        let object = Object::response(next.year, &next.service);
        let event =
            Event::of("query_handed_over").item(next.subject.to_string()).new_value(actor_name(conn, &next.owner)?);
        history::record(app, conn, who, &object, vec![event])?;
        thread(app, conn, who, id)
    })
}
