//! Responses: reading, saving item by item, carrying forward, handing in, and opening again.

mod before;
mod carrying;
mod digest;
mod draft;
mod handing_in;
mod no_return;
mod subject;
mod submissions;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::register::round_in;
use super::{App, AppError, authorise, history, rounds};
use crate::domain::access::{Permission, Principal};
use crate::domain::history::Event;
use crate::domain::questionnaire::answer::{Answer, Entry};
use crate::domain::questionnaire::carry::LastAnswer;
use crate::domain::questionnaire::checks::Finding;
use crate::domain::questionnaire::definition::Questionnaire;
use crate::domain::questionnaire::progress::Progress;
use crate::domain::register::{Register, Service};
use crate::domain::round::{Act, Round};
use crate::store::responses::{Response, ResponseState};
use crate::store::{self, DbConn};

pub use before::Before;
pub(super) use before::KeptBefore;
pub use carrying::{Extent, Seen, carry_forward, confirm};
pub(super) use handing_in::given_reason;
pub use handing_in::{reopen, sign_off, submit};
pub use no_return::{NoReturn, ResponseRate, make_no_return, rate, take_back_no_return};
pub use submissions::{Comparison, SubmissionView, compare_submissions, submission, submissions};

pub(super) use digest::{Digest, KeptDigests, digests};
use draft::Draft;
pub(super) use draft::undo_sign_off;
use subject::{Subject, may_read};

/// A response with everything that showing and checking it needs.
#[derive(Debug, Clone)]
pub struct ResponseView {
    /// The round.
    pub round: Round,
    /// The service.
    pub service: Service,
    /// What is asked.
    pub questionnaire: Arc<Questionnaire>,
    /// The answers.
    pub response: Response,
    /// The round before, where its response was submitted.
    pub before: Option<Arc<Before>>,
    /// How far it has come; for a reader who came by a link, how far their section has.
    pub progress: Progress,
    /// How far each section has come.
    pub progress_of_sections: BTreeMap<String, Progress>,
    /// What the checks found.
    pub findings: Vec<Finding>,
    /// The items that are shown.
    pub shown: BTreeSet<String>,
    /// The register: the hospitals and areas that can be chosen are in it.
    pub register: Arc<Register>,
    /// What to call those who changed something.
    pub names: BTreeMap<String, String>,
    /// The reader may change it as it stands.
    pub can_edit: bool,
    /// The reader may hand it in as it stands, findings apart.
    pub can_submit: bool,
    /// The reader may say that there is no return this year.
    pub can_make_no_return: bool,
    /// The reader may take back that there is no return.
    pub can_take_back_no_return: bool,
    /// The round asks for a clinical lead's sign-off, and the response has none as it stands.
    pub needs_sign_off: bool,
    /// The reader may sign it off as it stands, findings apart.
    pub can_sign_off: bool,
    /// The save that this view answers has undone a sign-off.
    pub sign_off_undone: bool,
    /// The reader may open it again.
    pub can_reopen: bool,
    /// The reader may hand out its sections.
    pub can_share: bool,
    /// The reader may read its history.
    pub can_read_history: bool,
    /// How many comments there are on each item, for those who discuss answers; items without any are not there. Only
    /// [`view`] counts them: what answers a change has none.
    pub comments: BTreeMap<String, usize>,
    /// The reader came by a link to this section: everything else is left out.
    pub only_section: Option<String>,
}

impl ResponseView {
    /// What was said of an item the round before.
    pub fn last(&self, link_id: &str) -> Option<&LastAnswer> {
        self.before.as_ref()?.last.get(link_id)
    }

    /// Whether the reader's link, if they came by one, is for the section of an item.
    fn shows(&self, link_id: &str) -> bool {
        let Some(own) = &self.only_section else { return true };
        self.questionnaire.section_of(link_id).is_some_and(|section| section.link_id == *own)
    }
}

/// A line of the list of responses. The response's document is empty.
#[derive(Debug, Clone)]
pub struct ResponseSummary {
    /// The service.
    pub service: Service,
    /// The heading of its response.
    pub response: Response,
    /// Somebody has begun it.
    pub started: bool,
    /// Answers can still be changed: the round is open, or the service has been given more time.
    pub open: bool,
}

/// A change of one answer.
#[derive(Debug, Clone)]
pub struct AnswerChange {
    /// The item.
    pub link_id: String,
    /// The version of the item that the change is based on; 0 where it was never touched.
    pub based_on: i64,
    /// What is said.
    pub entry: Entry,
    /// Why a queried answer is right; `None` leaves what is there, an empty text takes it away.
    pub explanation: Option<String>,
}

/// The responses of a round that the reader may see, by service; those that nobody has begun have version 0.
pub fn list(app: &App, who: &Principal, year: i32) -> Result<Vec<ResponseSummary>, AppError> {
    app.read(|conn| list_in(app, conn, who, year))
}

/// The same within a transaction.
pub(super) fn list_in(
    app: &App,
    conn: &mut DbConn,
    who: &Principal,
    year: i32,
) -> Result<Vec<ResponseSummary>, AppError> {
    authorise(who, Permission::ReadSubmitted, "read responses")?;
    let register = app.register(conn)?;
    let round = round_in(&register, year)?;
    let extended = if round.status.allows(Act::Answer) { Vec::new() } else { rounds::extended(app, conn, round)? };
    let may_answer = |code: &String| round.status.allows(Act::Answer) || extended.contains(code);
    let mut headings: BTreeMap<String, Response> =
        store::responses::headings(conn, year)?.into_iter().map(|r| (r.service_code.clone(), r)).collect();
    let mut summaries = Vec::new();
    for service in register.services_in(year) {
        let response = headings.remove(&service.code);
        let started = response.as_ref().is_some_and(|response| response.version > 0);
        let response = response.unwrap_or_else(|| Response::blank(&service.code, year));
        if may_read(who, service, &register.tree, response.state) {
            let open = response.state == ResponseState::InProgress && may_answer(&service.code);
            summaries.push(ResponseSummary { service: service.clone(), response, started, open });
        }
    }
    Ok(summaries)
}

/// A response, begun or not.
pub fn view(app: &App, who: &Principal, year: i32, service: &str) -> Result<ResponseView, AppError> {
    app.read(|conn| {
        let (subject, response) = Subject::read(app, conn, year, service)?;
        subject.may_read(who, &response)?;
        let mut view = subject.view(app, conn, who, response)?;
        if view.can_read_history || view.only_section.is_some() {
            let mut comments = store::comments::counts(conn, service, year)?;
            comments.retain(|link_id, _| view.shows(link_id));
            view.comments = comments;
        }
        Ok(view)
    })
}

/// Saves answers. If any item has moved since the version a change is based on, nothing is stored. A change that says
/// what is there already is no change, so a save may be sent again when its reply was lost.
pub fn save(
    app: &App,
    who: &Principal,
    year: i32,
    service: &str,
    changes: Vec<AnswerChange>,
) -> Result<ResponseView, AppError> {
    app.write(|conn| {
        let (subject, response) = Subject::locked(app, conn, year, service)?;
        subject.may_edit(who)?;
        subject.must_be_within(who, changes.iter().map(|change| change.link_id.as_str()))?;
        let mut draft = Draft::open(app, conn, &subject, response)?;
        let codes = subject.register_codes();
        let mut problems = Vec::new();
        for change in changes {
            let entry = match subject.settled(&change, &codes) {
                Ok(entry) => entry,
                Err(problem) => {
                    problems.push(problem);
                    continue;
                }
            };
            let current = draft.answer(&change.link_id);
            let explanation = match change.explanation {
                Some(text) => (!text.trim().is_empty()).then(|| text.trim().to_owned()),
                None => current.and_then(|answer| answer.explanation.clone()),
            };
            let carried_from = current.and_then(|answer| answer.carried_from);
            let (is_same, explains_same) = match current {
                Some(answer) => (answer.entry() == entry, answer.explanation == explanation),
                None => (entry == Entry::Unanswered, explanation.is_none()),
            };
            if is_same && explains_same || !draft.is_as_seen(&change.link_id, change.based_on) {
                continue;
            }
            let mut new = new_answer(entry, explanation, change.based_on.saturating_add(1), app.now(), &who.actor);
            // Whoever explains a carried answer has looked at it.
            new.carried_from = carried_from.filter(|_| is_same);
            new.confirmed = new.carried_from.is_some();
            draft.put("answered", change.link_id, new)?;
        }
        if !problems.is_empty() {
            return Err(AppError::Invalid(problems));
        }
        draft.store(app, conn, who, subject)
    })
}

/// An answer as it is stored.
pub(super) fn new_answer(
    entry: Entry,
    explanation: Option<String>,
    version: i64,
    now: DateTime<Utc>,
    actor: &str,
) -> Answer {
    let status = entry.status();
    let (value, entered) = match entry {
        Entry::Value(value) => (Some(value), None),
        Entry::Invalid(text) => (None, Some(text)),
        Entry::NotKnown | Entry::Unanswered => (None, None),
    };
    Answer {
        version,
        status,
        value,
        entered,
        explanation,
        carried_from: None,
        confirmed: false,
        changed_at: now,
        changed_by: actor.to_owned(),
    }
}

/// How the history tells that an answer changed.
pub(super) fn answer_event(
    action: &'static str,
    link_id: String,
    old: Option<&Answer>,
    new: &Answer,
) -> Result<Event, AppError> {
    let json = |answer: &Answer| serde_json::to_string(answer).map_err(|error| AppError::Unexpected(error.to_string()));
    Ok(Event { action, item: link_id, old: old.map(json).transpose()?, new: Some(json(new)?) })
}

/// Writes a response over the version it was read at, and what happened to it into its history.
pub(super) fn write_over(
    app: &App,
    conn: &mut DbConn,
    who: &Principal,
    response: &Response,
    from: i64,
    events: Vec<Event>,
) -> Result<(), AppError> {
    let written = history::authored(app, conn, who, |conn, author| {
        store::response_writes::update(conn, response, from, author, events)
    })?;
    // The row is locked, so this holds; if it ever did not, a lost update would be worse than a failed save.
    if written { Ok(()) } else { Err(AppError::VersionMoved { current: response.version }) }
}
