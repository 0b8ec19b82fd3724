//! Responses: reading, saving item by item, handing in, and opening again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::{DateTime, Utc};

use super::error::{InputProblem, MovedItem};
use super::history::{self, actor_name};
use super::register::service_of;
use super::{App, AppError, authorise, round_of};
use crate::domain::access::{Permission, Principal};
use crate::domain::area::{Area, AreaTree};
use crate::domain::history::{Event, Object};
use crate::domain::questionnaire::answer::{Answer, Entry};
use crate::domain::questionnaire::checks::{self, CheckContext, Finding};
use crate::domain::questionnaire::conditions::Shown;
use crate::domain::questionnaire::definition::Questionnaire;
use crate::domain::questionnaire::facts::staffing_facts;
use crate::domain::questionnaire::reading::{RegisterCodes, settle_entry};
use crate::domain::register::{Hospital, Service, valid_in_year};
use crate::domain::round::{Round, RoundStatus};
use crate::store::responses::{Response, ResponseState};
use crate::store::{self, DbConn};

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
    /// The answers of the round before, where they were submitted.
    pub previous: Option<Response>,
    /// What the checks found.
    pub findings: Vec<Finding>,
    /// The items that are shown.
    pub shown: BTreeSet<String>,
    /// The hospitals that can be chosen.
    pub hospitals: Vec<Hospital>,
    /// The areas that can be chosen.
    pub areas: Vec<Area>,
    /// What to call those who changed something.
    pub names: BTreeMap<String, String>,
    /// The reader may change it as it stands.
    pub can_edit: bool,
    /// The reader may hand it in as it stands, findings apart.
    pub can_submit: bool,
    /// The reader may hand out its sections.
    pub can_share: bool,
    /// The reader may read its history.
    pub can_read_history: bool,
    /// The reader came by a link to this section: everything else is left out.
    pub only_section: Option<String>,
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
    authorise(who, Permission::ReadSubmitted, "read responses")?;
    app.read(|conn| {
        let round = round_of(conn, year)?;
        let tree = store::register::area_tree(conn, None)?;
        let mut headings: BTreeMap<String, Response> =
            store::responses::headings(conn, year)?.into_iter().map(|r| (r.service_code.clone(), r)).collect();
        let mut summaries = Vec::new();
        for service in store::register::all_services(conn)? {
            if !valid_in_year(service.valid_from, service.valid_to, round.year) {
                continue;
            }
            let response = headings.remove(&service.code);
            let started = response.as_ref().is_some_and(|response| response.version > 0);
            let response = response.unwrap_or_else(|| Response::blank(&service.code, year));
            if may_read(who, &service, &tree, response.state) {
                summaries.push(ResponseSummary { service, response, started });
            }
        }
        Ok(summaries)
    })
}

/// A response, begun or not.
pub fn view(app: &App, who: &Principal, year: i32, service: &str) -> Result<ResponseView, AppError> {
    app.read(|conn| {
        let subject = Subject::load(app, conn, year, service)?;
        let response = store::responses::find(conn, service, year)?.unwrap_or_else(|| Response::blank(service, year));
        subject.may_read(who, &response)?;
        subject.view(conn, who, response)
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
        let subject = Subject::load(app, conn, year, service)?;
        subject.may_edit(who)?;
        subject.must_be_within(who, changes.iter().map(|change| change.link_id.as_str()))?;
        store::responses::ensure(conn, service, year, app.now())?;
        let mut response = subject.locked(conn)?;
        subject.must_be_open(&response)?;
        let codes = subject.register_codes();
        let mut recorded = Vec::new();
        let (mut problems, mut moved) = (Vec::new(), Vec::new());
        for change in changes {
            let entry = match subject.settled(&change, &codes) {
                Ok(entry) => entry,
                Err(problem) => {
                    problems.push(problem);
                    continue;
                }
            };
            let current = response.document.get(&change.link_id).cloned();
            let explanation = match change.explanation {
                Some(text) => (!text.trim().is_empty()).then(|| text.trim().to_owned()),
                None => current.as_ref().and_then(|answer| answer.explanation.clone()),
            };
            let says_nothing_new = match &current {
                Some(answer) => answer.entry() == entry && answer.explanation == explanation,
                None => entry == Entry::Unanswered && explanation.is_none(),
            };
            let version = current.as_ref().map_or(0, |answer| answer.version);
            if says_nothing_new {
                continue;
            }
            if version != change.based_on {
                let name = current.as_ref().map_or(String::new(), |answer| answer.changed_by.clone());
                let changed_by_name = actor_name(conn, &name)?;
                let based_on = change.based_on;
                moved.push(MovedItem { link_id: change.link_id, based_on, current, changed_by_name });
                continue;
            }
            let new = new_answer(entry, explanation, version + 1, app.now(), &who.actor);
            response.document.answers.insert(change.link_id.clone(), new.clone());
            recorded.push(answer_event(change.link_id, current.as_ref(), &new)?);
        }
        if !problems.is_empty() {
            return Err(AppError::Invalid(problems));
        }
        if !moved.is_empty() {
            return Err(AppError::Moved(moved));
        }
        if !recorded.is_empty() {
            let from = response.version;
            response.version += 1;
            response.updated_at = Some(app.now());
            write_over(conn, &response, from)?;
            history::record(app, conn, who, &Object::response(year, &response.service_code), recorded)?;
        }
        subject.view(conn, who, response)
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
    Answer { version, status, value, entered, explanation, changed_at: now, changed_by: actor.to_owned() }
}

/// How the history tells that an answer changed.
pub(super) fn answer_event(link_id: String, old: Option<&Answer>, new: &Answer) -> Result<Event, AppError> {
    let json = |answer: &Answer| serde_json::to_string(answer).map_err(|error| AppError::Unexpected(error.to_string()));
    Ok(Event { action: "answered", item: link_id, old: old.map(json).transpose()?, new: Some(json(new)?) })
}

/// Writes a response over the version it was read at.
pub(super) fn write_over(conn: &mut DbConn, response: &Response, from: i64) -> Result<(), AppError> {
    // The row is locked, so this holds; if it ever did not, a lost update would be worse than a failed save.
    if store::responses::update(conn, response, from)? {
        Ok(())
    } else {
        Err(AppError::VersionMoved { current: response.version })
    }
}

/// Hands a response in, if the checks let it. `version` is the one that was checked.
pub fn submit(app: &App, who: &Principal, year: i32, service: &str, version: i64) -> Result<ResponseView, AppError> {
    app.write(|conn| {
        let subject = Subject::load(app, conn, year, service)?;
        let mut response = subject.locked(conn)?;
        subject.may_read(who, &response)?;
        if !who.may_for(Permission::SubmitResponse, &subject.service, &subject.tree) {
            return Err(AppError::Forbidden { action: "submit this response; its FLS lead can".into() });
        }
        subject.must_be_open(&response)?;
        Subject::must_be_at(&response, version)?;
        let previous = subject.previous(conn)?;
        let shown = Shown::new(&subject.questionnaire, &response.document);
        let findings = subject.findings(conn, &shown, previous.as_ref())?;
        let facts = staffing_facts(&shown);
        let stopping: Vec<Finding> =
            findings.into_iter().filter(|finding| !checks::can_submit(std::slice::from_ref(finding))).collect();
        if !stopping.is_empty() {
            return Err(AppError::NotSubmittable(stopping));
        }
        let from = response.version;
        response.version += 1;
        response.state = ResponseState::Submitted;
        response.submitted_at = Some(app.now());
        response.submitted_by = Some(who.actor.clone());
        response.updated_at = Some(app.now());
        write_over(conn, &response, from)?;
        let event = Event::of("submitted").new_value(response.version.to_string());
        history::record(app, conn, who, &Object::response(year, &response.service_code), vec![event])?;
        store::responses::set_facts(conn, service, year, Some(&facts))?;
        subject.view(conn, who, response)
    })
}

/// Opens a submitted response again; it no longer counts until it is handed in anew.
pub fn reopen(app: &App, who: &Principal, year: i32, service: &str, version: i64) -> Result<ResponseView, AppError> {
    if !who.may_everywhere(Permission::ReopenResponse) {
        return Err(AppError::Forbidden { action: "reopen a response; the audit team can".into() });
    }
    app.write(|conn| {
        let subject = Subject::load(app, conn, year, service)?;
        let mut response = subject.locked(conn)?;
        if response.state != ResponseState::Submitted {
            return Err(AppError::Refused {
                code: "not_submitted",
                reason: "The response is not submitted, so it is open already.".into(),
            });
        }
        subject.round_must_be_open()?;
        Subject::must_be_at(&response, version)?;
        let from = response.version;
        response.version += 1;
        response.state = ResponseState::InProgress;
        response.submitted_at = None;
        response.submitted_by = None;
        response.updated_at = Some(app.now());
        write_over(conn, &response, from)?;
        let event = Event::of("reopened").new_value(response.version.to_string());
        history::record(app, conn, who, &Object::response(year, &response.service_code), vec![event])?;
        store::responses::set_facts(conn, service, year, None)?;
        subject.view(conn, who, response)
    })
}

fn may_read(who: &Principal, service: &Service, tree: &AreaTree, state: ResponseState) -> bool {
    let permission = match state {
        ResponseState::InProgress => Permission::ReadDraft,
        ResponseState::Submitted => Permission::ReadSubmitted,
    };
    who.may_for(permission, service, tree)
}

/// Bytes that one answer's text may have at the most, so that a draft cannot be made to fill the disk.
const LONGEST: usize = 20_000;

/// One service's place in one round, with what its rules need.
struct Subject {
    round: Round,
    service: Service,
    questionnaire: Arc<Questionnaire>,
    tree: AreaTree,
    hospitals: Vec<Hospital>,
    caseload_multiplier: i64,
}

impl Subject {
    fn load(app: &App, conn: &mut DbConn, year: i32, service: &str) -> Result<Self, AppError> {
        let round = round_of(conn, year)?;
        let service = service_of(conn, service)?;
        let questionnaire = app.questionnaire_of(&round)?;
        let caseload_multiplier = app.methodology_of(&round)?.caseload_multiplier;
        let tree = store::register::area_tree(conn, None)?;
        let mut hospitals = store::register::all_hospitals(conn)?;
        hospitals.retain(|hospital| valid_in_year(hospital.valid_from, hospital.valid_to, year));
        Ok(Self { round, service, questionnaire, tree, hospitals, caseload_multiplier })
    }

    fn may_read(&self, who: &Principal, response: &Response) -> Result<(), AppError> {
        let by_link = self.section_of(who).is_some();
        if by_link || may_read(who, &self.service, &self.tree, response.state) {
            Ok(())
        } else {
            Err(AppError::Forbidden {
                action: format!("read the answers of {} for {}", self.service.code, self.round.year),
            })
        }
    }

    fn may_edit(&self, who: &Principal) -> Result<(), AppError> {
        if self.section_of(who).is_some() || who.may_for(Permission::EditResponse, &self.service, &self.tree) {
            Ok(())
        } else {
            Err(AppError::Forbidden { action: format!("answer for {}", self.service.code) })
        }
    }

    /// The one section that somebody may fill in by a link, where that is all they may.
    fn section_of<'a>(&self, who: &'a Principal) -> Option<&'a str> {
        who.section_of(&self.service.code, self.round.year)
    }

    /// Whether an item lies in a section.
    fn is_in(&self, section: &str, link_id: &str) -> bool {
        let found = self.questionnaire.sections.iter().find(|found| found.link_id == section);
        found.is_some_and(|found| found.items.iter().any(|item| item.link_id == link_id))
    }

    /// Refuses changes outside the section of whoever came by a link.
    fn must_be_within<'a>(&self, who: &Principal, items: impl Iterator<Item = &'a str>) -> Result<(), AppError> {
        let Some(section) = self.section_of(who) else { return Ok(()) };
        for link_id in items {
            if !self.is_in(section, link_id) {
                let action = format!("answer {link_id}: your link is for another section");
                return Err(AppError::Forbidden { action });
            }
        }
        Ok(())
    }

    /// The stored response, kept from other writers.
    fn locked(&self, conn: &mut DbConn) -> Result<Response, AppError> {
        let found = store::responses::find_for_update(conn, &self.service.code, self.round.year)?;
        Ok(found.unwrap_or_else(|| Response::blank(&self.service.code, self.round.year)))
    }

    fn round_must_be_open(&self) -> Result<(), AppError> {
        if self.round.status == RoundStatus::Open {
            return Ok(());
        }
        let reason = format!(
            "The round for {} is {}, so answers can no longer be changed. Ask the audit team.",
            self.round.names(),
            self.round.status
        );
        Err(AppError::Refused { code: "round_not_open", reason })
    }

    fn must_be_open(&self, response: &Response) -> Result<(), AppError> {
        self.round_must_be_open()?;
        if response.state == ResponseState::Submitted {
            let reason = "The response was submitted, so it can no longer be changed. Ask the audit team to reopen it.";
            return Err(AppError::Refused { code: "already_submitted", reason: reason.into() });
        }
        Ok(())
    }

    fn must_be_at(response: &Response, version: i64) -> Result<(), AppError> {
        if response.version == version { Ok(()) } else { Err(AppError::VersionMoved { current: response.version }) }
    }

    fn register_codes(&self) -> RegisterCodes {
        RegisterCodes {
            hospitals: self.hospitals.iter().map(|hospital| hospital.code.clone()).collect(),
            areas: self.tree.iter().map(|area| area.code.clone()).collect(),
        }
    }

    fn settled(&self, change: &AnswerChange, codes: &RegisterCodes) -> Result<Entry, InputProblem> {
        let Some(item) = self.questionnaire.item(&change.link_id) else {
            let message = format!("The questionnaire of {} has no item {:?}.", self.round.year, change.link_id);
            return Err(InputProblem::new(&change.link_id, "unknown_item", message));
        };
        let explanation = change.explanation.as_deref().unwrap_or_default();
        let typed = match &change.entry {
            Entry::Invalid(text) => text.as_str(),
            Entry::Value(crate::domain::questionnaire::answer::AnswerValue::Text(text)) => text,
            _ => "",
        };
        if explanation.len() > LONGEST || typed.len() > LONGEST || typed.contains('\0') || explanation.contains('\0') {
            let message = format!("{}: the text is too long or has characters that cannot be kept.", item.number);
            return Err(InputProblem::new(&change.link_id, "unstorable_text", message));
        }
        settle_entry(item, change.entry.clone(), codes)
            .map_err(|error| InputProblem::new(&change.link_id, "wrong_value", format!("{}: {error}.", item.number)))
    }

    /// The submitted response of the round before.
    fn previous(&self, conn: &mut DbConn) -> Result<Option<Response>, AppError> {
        let rounds = store::rounds::all_rounds(conn)?;
        let Some(before) = rounds.iter().rev().find(|round| round.year < self.round.year) else { return Ok(None) };
        let found = store::responses::find(conn, &self.service.code, before.year)?;
        Ok(found.filter(|response| response.state == ResponseState::Submitted))
    }

    fn findings(
        &self,
        conn: &mut DbConn,
        shown: &Shown<'_>,
        previous: Option<&Response>,
    ) -> Result<Vec<Finding>, AppError> {
        let (code, year) = (&self.service.code, self.round.year);
        let expected = super::kpis::expected_cases(conn, code, year, self.caseload_multiplier)?;
        let latest_month = self.round.latest_month();
        #[expect(clippy::cast_precision_loss, reason = "cases are far below 2^52")]
        let context = CheckContext {
            previous: previous.map(|response| (response.year, &response.document)),
            expected_caseload: expected.map(|cases| cases as f64),
            latest_month: &latest_month,
        };
        Ok(checks::check(shown, &context))
    }

    fn view(self, conn: &mut DbConn, who: &Principal, response: Response) -> Result<ResponseView, AppError> {
        let previous = self.previous(conn)?;
        let shown = Shown::new(&self.questionnaire, &response.document);
        let findings = self.findings(conn, &shown, previous.as_ref())?;
        let shown = shown.items().map(|item| item.link_id.clone()).collect();
        let mut names = BTreeMap::new();
        let actors = response.document.answers.values().map(|answer| &answer.changed_by).chain(&response.submitted_by);
        for actor in actors {
            if !names.contains_key(actor) {
                names.insert(actor.clone(), actor_name(conn, actor)?);
            }
        }
        let open = self.must_be_open(&response).is_ok();
        let only_section = self.section_of(who).map(ToOwned::to_owned);
        let mut view = ResponseView {
            can_edit: open && self.may_edit(who).is_ok(),
            can_submit: open && who.may_for(Permission::SubmitResponse, &self.service, &self.tree),
            can_share: open && who.may_for(Permission::ShareSection, &self.service, &self.tree),
            can_read_history: who.may_for(Permission::ReadHistory, &self.service, &self.tree),
            areas: self.tree.iter().cloned().collect(),
            round: self.round.clone(),
            service: self.service.clone(),
            questionnaire: self.questionnaire.clone(),
            response,
            previous,
            findings,
            shown,
            hospitals: self.hospitals.clone(),
            names,
            only_section,
        };
        self.leave_out_other_sections(&mut view);
        Ok(view)
    }

    /// Leaves out of a view what its reader's link is not for.
    fn leave_out_other_sections(&self, view: &mut ResponseView) {
        let Some(section) = view.only_section.clone() else { return };
        let own = |link_id: &str| self.is_in(&section, link_id);
        view.response.document.answers.retain(|link_id, _| own(link_id));
        if let Some(previous) = &mut view.previous {
            previous.document.answers.retain(|link_id, _| own(link_id));
        }
        view.shown.retain(|link_id| own(link_id));
        view.findings.retain(|finding| own(&finding.link_id));
    }
}
