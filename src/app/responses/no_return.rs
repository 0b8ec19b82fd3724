//! A service that makes no return this year, and what that does to the response rate.

use super::handing_in::given_reason;
use super::{ResponseView, Subject, write_over};
use crate::app::{App, AppError, round_of, rounds};
use crate::domain::access::{Permission, Principal};
use crate::domain::history::Event;
use crate::store::DbConn;
use crate::store::responses::{Response, ResponseState};

/// Why there will be no answers.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoReturn {
    /// There is a service, which makes no return this year for this reason.
    ThisYear(String),
    /// No service is commissioned; with what there is to say about it, if anything.
    NotCommissioned(Option<String>),
}

/// Says that there will be no answers this year. What was answered so far is kept, and the lead can take it back while
/// the round is open. `version` is the one that was read.
pub fn make_no_return(
    app: &App,
    who: &Principal,
    year: i32,
    service: &str,
    version: i64,
    why: NoReturn,
) -> Result<ResponseView, AppError> {
    change(app, who, year, service, version, |subject, response| {
        subject.must_be_open(response)?;
        let (state, reason) = match why {
            NoReturn::ThisYear(reason) => {
                (ResponseState::NoReturn, Some(given_reason(&reason, "Say why there is no return this year.")?))
            }
            NoReturn::NotCommissioned(reason) => {
                let reason = reason.filter(|reason| !reason.trim().is_empty());
                let reason = reason.map(|reason| given_reason(&reason, "")).transpose()?;
                (ResponseState::NotCommissioned, reason)
            }
        };
        response.state = state;
        response.reason.clone_from(&reason);
        response.signed_off_at = None;
        response.signed_off_by = None;
        Ok(Event { action: state.as_str(), new: reason, ..Event::default() })
    })
}

/// Takes back that there is no return: the response is open again, with what was answered before.
pub fn take_back_no_return(
    app: &App,
    who: &Principal,
    year: i32,
    service: &str,
    version: i64,
) -> Result<ResponseView, AppError> {
    change(app, who, year, service, version, |subject, response| {
        subject.may_answer()?;
        if !response.state.is_without_return() {
            let reason = "The service has not said that it makes no return, so there is nothing to take back.";
            return Err(AppError::Refused { code: "no_return_not_made", reason: reason.into() });
        }
        let old = Some(response.state.as_str().to_owned());
        response.state = ResponseState::InProgress;
        response.reason = None;
        Ok(Event { action: "no_return_taken_back", old, ..Event::default() })
    })
}

fn change(
    app: &App,
    who: &Principal,
    year: i32,
    service: &str,
    version: i64,
    make: impl FnOnce(&Subject, &mut Response) -> Result<Event, AppError>,
) -> Result<ResponseView, AppError> {
    app.write(|conn| {
        let (subject, response) = Subject::locked(app, conn, year, service)?;
        if !who.may_for(Permission::SubmitResponse, &subject.service, &subject.register.tree) {
            return Err(AppError::Forbidden { action: "say whether this service makes a return; its lead can".into() });
        }
        let mut response = subject.begun(app, conn, response)?;
        Subject::must_be_at(&response, version)?;
        let event = make(&subject, &mut response)?;
        let from = response.version;
        response.version += 1;
        response.updated_at = Some(app.now());
        write_over(app, conn, who, &response, from, vec![event])?;
        subject.view(app, conn, who, response)
    })
}

/// How many services of a round have answered, of how many that count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ResponseRate {
    /// Services that the round asks: those enrolled in it, or before any is, all that there were in the year.
    pub services: usize,
    /// Of these: submitted.
    pub submitted: usize,
    /// Of these: no return this year.
    pub no_return: usize,
    /// Of these: no service commissioned.
    pub not_commissioned: usize,
    /// The services of which the rate is taken: all but those that the round's method leaves out.
    pub counted: usize,
}

impl ResponseRate {
    /// Counts a service. `left_out` are the outcomes that the round's method leaves out of what the rate is taken of.
    pub(in crate::app) fn count(&mut self, state: ResponseState, left_out: &[String]) {
        self.services += 1;
        self.submitted += usize::from(state == ResponseState::Submitted);
        self.no_return += usize::from(state == ResponseState::NoReturn);
        self.not_commissioned += usize::from(state == ResponseState::NotCommissioned);
        self.counted += usize::from(!left_out.iter().any(|word| word == state.as_str()));
    }
}

/// The response rate of a round, over the services that it asks and the reader may see.
pub fn rate(app: &App, who: &Principal, year: i32) -> Result<ResponseRate, AppError> {
    let mut summaries = super::list(app, who, year)?;
    let (left_out, asked) = app.read(|conn: &mut DbConn| {
        let round = round_of(conn, year)?;
        let register = app.register(conn)?;
        Ok((app.methodology_of(&round)?.response_rate_leaves_out.clone(), rounds::asked(conn, &register, year)?))
    })?;
    summaries.retain(|summary| asked.contains(&summary.service.code));
    let mut rate = ResponseRate::default();
    for summary in &summaries {
        rate.count(summary.response.state, &left_out);
    }
    Ok(rate)
}
