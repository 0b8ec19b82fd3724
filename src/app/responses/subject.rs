//! One service's place in one round: what every use case of a response loads, and the rules that all of them keep.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::NaiveDate;

use super::before::Before;
use super::{AnswerChange, ResponseView};
use crate::app::error::InputProblem;
use crate::app::history::actor_name;
use crate::app::register::{round_in, service_in};
use crate::app::{App, AppError, rounds};
use crate::domain::access::{Permission, Principal};
use crate::domain::area::AreaTree;
use crate::domain::questionnaire::answer::{AnswerValue, Entry};
use crate::domain::questionnaire::checks::{self, CheckContext, Finding};
use crate::domain::questionnaire::conditions::Shown;
use crate::domain::questionnaire::definition::Questionnaire;
use crate::domain::questionnaire::progress::Progress;
use crate::domain::questionnaire::reading::{RegisterCodes, settle_entry};
use crate::domain::register::{Register, Service};
use crate::domain::round::{Act, Round, RoundStatus};
use crate::store::responses::{Found, Response, ResponseState};
use crate::store::{self, DbConn};

pub(super) fn may_read(who: &Principal, service: &Service, tree: &AreaTree, state: ResponseState) -> bool {
    let permission = match state {
        ResponseState::InProgress => Permission::ReadDraft,
        ResponseState::Submitted | ResponseState::NoReturn | ResponseState::NotCommissioned => {
            Permission::ReadSubmitted
        }
    };
    who.may_for(permission, service, tree)
}

/// Bytes that one answer's text may have at the most, so that a draft cannot be made to fill the disk.
const LONGEST: usize = 20_000;

/// One service's place in one round, with what its rules need.
pub(super) struct Subject {
    pub(super) round: Round,
    pub(super) service: Service,
    pub(super) questionnaire: Arc<Questionnaire>,
    pub(super) register: Arc<Register>,
    /// At which version the response of the round before stands; `None`: there is none.
    pub(super) before_at: Option<i64>,
    /// Until when the service may answer although the round has closed.
    pub(super) extended_until: Option<NaiveDate>,
    caseload_multiplier: i64,
}

impl Subject {
    /// With the response as it is stored, or one that nobody has begun.
    pub(super) fn read(app: &App, conn: &mut DbConn, year: i32, service: &str) -> Result<(Self, Response), AppError> {
        let found = store::responses::find_beside(conn, service, year)?;
        Self::of(app, conn, year, service, found)
    }

    /// The same with the stored response kept from other writers.
    pub(super) fn locked(app: &App, conn: &mut DbConn, year: i32, service: &str) -> Result<(Self, Response), AppError> {
        let found = store::responses::find_beside_for_update(conn, service, year)?;
        Self::of(app, conn, year, service, found)
    }

    fn of(
        app: &App,
        conn: &mut DbConn,
        year: i32,
        service: &str,
        found: Option<Found>,
    ) -> Result<(Self, Response), AppError> {
        let register = match found.as_ref().and_then(|found| found.revision) {
            Some(revision) => app.register_at(conn, revision)?,
            None => app.register(conn)?,
        };
        let round = round_in(&register, year)?.clone();
        let service = service_in(&register, service)?.clone();
        let questionnaire = app.questionnaire_of(&round)?;
        let caseload_multiplier = app.methodology_of(&round)?.caseload_multiplier;
        // While the round is open nobody needs more time, so nothing is read.
        let extended_until = match round.status {
            RoundStatus::Closed => rounds::granted_until(app, conn, year, &service.code)?,
            _ => None,
        };
        let (response, before_at) = if let Some(Found { response, before_at, .. }) = found {
            (response, before_at)
        } else {
            let before = register.round_before(year).map(|before| before.year);
            let at = before.map(|before| store::responses::version(conn, &service.code, before)).transpose()?;
            (Response::blank(&service.code, year), at.flatten())
        };
        let subject = Self { round, service, questionnaire, register, before_at, extended_until, caseload_multiplier };
        Ok((subject, response))
    }

    /// Makes the row of a response that nobody has begun, and keeps it from other writers.
    pub(super) fn begun(&self, app: &App, conn: &mut DbConn, response: Response) -> Result<Response, AppError> {
        if response.updated_at.is_some() {
            return Ok(response);
        }
        let (code, year) = (&self.service.code, self.round.year);
        store::responses::ensure(conn, code, year, app.now())?;
        let found = store::responses::find_for_update(conn, code, year)?;
        found.ok_or_else(|| AppError::Unexpected("a response that was begun is not there".into()))
    }

    pub(super) fn may_read(&self, who: &Principal, response: &Response) -> Result<(), AppError> {
        let by_link = self.section_of(who).is_some();
        if by_link || may_read(who, &self.service, &self.register.tree, response.state) {
            Ok(())
        } else {
            Err(AppError::Forbidden {
                action: format!("read the answers of {} for {}", self.service.code, self.round.year),
            })
        }
    }

    pub(super) fn may_edit(&self, who: &Principal) -> Result<(), AppError> {
        if self.section_of(who).is_some() || who.may_for(Permission::EditResponse, &self.service, &self.register.tree) {
            Ok(())
        } else {
            Err(AppError::Forbidden { action: format!("answer for {}", self.service.code) })
        }
    }

    /// The one section that somebody may fill in by a link, where that is all they may.
    pub(super) fn section_of<'a>(&self, who: &'a Principal) -> Option<&'a str> {
        who.section_of(&self.service.code, self.round.year)
    }

    /// Whether an item lies in a section.
    pub(super) fn is_in(&self, section: &str, link_id: &str) -> bool {
        let found = self.questionnaire.sections.iter().find(|found| found.link_id == section);
        found.is_some_and(|found| found.items.iter().any(|item| item.link_id == link_id))
    }

    /// Refuses changes outside the section of whoever came by a link.
    pub(super) fn must_be_within<'a>(
        &self,
        who: &Principal,
        items: impl Iterator<Item = &'a str>,
    ) -> Result<(), AppError> {
        let Some(section) = self.section_of(who) else { return Ok(()) };
        for link_id in items {
            if !self.is_in(section, link_id) {
                let action = format!("answer {link_id}: your link is for another section");
                return Err(AppError::Forbidden { action });
            }
        }
        Ok(())
    }

    /// Refuses where neither the round is open nor the service has been given more time.
    pub(super) fn may_answer(&self) -> Result<(), AppError> {
        if self.extended_until.is_some() { Ok(()) } else { Ok(self.round.must_allow(Act::Answer)?) }
    }

    pub(super) fn must_be_open(&self, response: &Response) -> Result<(), AppError> {
        self.may_answer()?;
        if response.state == ResponseState::Submitted {
            let reason = "The response was submitted, so it can no longer be changed. Ask the audit team to reopen it.";
            return Err(AppError::Refused { code: "already_submitted", reason: reason.into() });
        }
        if response.state.is_without_return() {
            let reason = "The service has said that it makes no return this year, so nothing can be changed. Its FLS \
                          lead can take that back while the round is open.";
            return Err(AppError::Refused { code: "no_return", reason: reason.into() });
        }
        Ok(())
    }

    pub(super) fn must_be_at(response: &Response, version: i64) -> Result<(), AppError> {
        if response.version == version { Ok(()) } else { Err(AppError::VersionMoved { current: response.version }) }
    }

    pub(super) fn register_codes(&self) -> Arc<RegisterCodes> {
        self.register.codes_in(self.round.year)
    }

    pub(super) fn settled(&self, change: &AnswerChange, codes: &RegisterCodes) -> Result<Entry, InputProblem> {
        let Some(item) = self.questionnaire.item(&change.link_id) else {
            let message = format!("The questionnaire of {} has no item {:?}.", self.round.year, change.link_id);
            return Err(InputProblem::new(&change.link_id, "unknown_item", message));
        };
        let explanation = change.explanation.as_deref().unwrap_or_default();
        let typed = match &change.entry {
            Entry::Invalid(text) => text.as_str(),
            Entry::Value(AnswerValue::Text(text)) => text,
            _ => "",
        };
        if explanation.len() > LONGEST || typed.len() > LONGEST || typed.contains('\0') || explanation.contains('\0') {
            let message = format!("{}: the text is too long or has characters that cannot be kept.", item.number);
            return Err(InputProblem::new(&change.link_id, "unstorable_text", message));
        }
        settle_entry(item, change.entry.clone(), codes)
            .map_err(|error| InputProblem::new(&change.link_id, "wrong_value", format!("{}: {error}.", item.number)))
    }

    pub(super) fn findings(&self, shown: &Shown<'_>, before: Option<&Before>) -> Vec<Finding> {
        let (code, year) = (&self.service.code, self.round.year);
        let expected = self.register.expected_cases(code, year, self.caseload_multiplier);
        let latest_month = self.round.latest_month();
        #[expect(clippy::cast_precision_loss, reason = "cases are far below 2^52")]
        let context = CheckContext {
            previous: before.map(Before::said),
            expected_caseload: expected.map(|cases| cases as f64),
            latest_month: &latest_month,
        };
        checks::check(shown, &context)
    }

    pub(super) fn view(
        self,
        app: &App,
        conn: &mut DbConn,
        who: &Principal,
        response: Response,
    ) -> Result<ResponseView, AppError> {
        let before = self.before(app, conn)?;
        let none = BTreeMap::new();
        let last = before.as_ref().map_or(&none, |before| &before.last);
        let shown = Shown::new(&self.questionnaire, &response.document);
        let findings = self.findings(&shown, before.as_deref());
        let own = self.section_of(who).map(ToOwned::to_owned);
        let (of_each, of_whole) = Progress::of_sections(&shown, last);
        let sections = self.questionnaire.sections.iter().map(|section| section.link_id.clone());
        let of_sections: BTreeMap<String, Progress> = sections.zip(of_each).collect();
        let progress = own.as_ref().and_then(|section| of_sections.get(section)).copied().unwrap_or(of_whole);
        let shown = shown.items().map(|item| item.link_id.clone()).collect();
        let mut names = BTreeMap::new();
        let actors = response.document.answers.values().map(|answer| &answer.changed_by);
        for actor in actors.chain(&response.submitted_by).chain(&response.signed_off_by) {
            if !names.contains_key(actor) {
                names.insert(actor.clone(), actor_name(conn, actor)?);
            }
        }
        let can_read_history = who.may_for(Permission::ReadHistory, &self.service, &self.register.tree);
        let open = self.must_be_open(&response).is_ok();
        let leads = who.may_for(Permission::SubmitResponse, &self.service, &self.register.tree);
        let needs_sign_off = open && self.round.sign_off && response.signed_off_at.is_none();
        let mut view = ResponseView {
            can_edit: open && self.may_edit(who).is_ok(),
            can_submit: open && leads,
            can_make_no_return: open && leads,
            can_take_back_no_return: response.state.is_without_return() && self.may_answer().is_ok() && leads,
            needs_sign_off,
            can_sign_off: needs_sign_off
                && who.may_for(Permission::SignOffResponse, &self.service, &self.register.tree),
            sign_off_undone: false,
            can_reopen: response.state == ResponseState::Submitted
                && self.round.status.allows(Act::Reopen)
                && who.may_everywhere(Permission::ReopenResponse),
            can_share: open && who.may_for(Permission::ShareSection, &self.service, &self.register.tree),
            can_read_history,
            comments: BTreeMap::new(),
            round: self.round.clone(),
            service: self.service.clone(),
            questionnaire: self.questionnaire.clone(),
            response,
            before,
            progress,
            progress_of_sections: of_sections,
            findings,
            shown,
            register: self.register.clone(),
            names,
            only_section: own,
        };
        self.leave_out_other_sections(&mut view);
        Ok(view)
    }

    /// Leaves out of a view what its reader's link is not for.
    fn leave_out_other_sections(&self, view: &mut ResponseView) {
        let Some(section) = view.only_section.clone() else { return };
        let own = |link_id: &str| self.is_in(&section, link_id);
        view.response.document.answers.retain(|link_id, _| own(link_id));
        if let Some(before) = view.before.as_mut().map(Arc::make_mut) {
            before.response.document.answers.retain(|link_id, _| own(link_id));
            before.last.retain(|link_id, _| own(link_id));
        }
        view.progress_of_sections.retain(|of, _| *of == section);
        view.shown.retain(|link_id| own(link_id));
        view.findings.retain(|finding| own(&finding.link_id));
    }
}
