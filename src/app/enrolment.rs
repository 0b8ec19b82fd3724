//! Enrolling the services of a round and the people who answer for them, from one file.

use super::accounts::{self, Invitation};
use super::imports::RowProblem;
use super::{App, AppError, history, round_of};
use crate::domain::access::{Membership, Permission, Principal, Role};
use crate::domain::history::{Event, Object};
use crate::domain::register::valid_in_year;
use crate::domain::round::Act;
use crate::formats::enrolment::{self, BadRow, EnrolmentRow};
use crate::store::{self, DbConn};

/// What an enrolment did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct EnrolmentReport {
    /// It was a rehearsal, or there are problems: nothing was stored and nobody invited.
    pub nothing_stored: bool,
    /// Rows that could be read.
    pub rows: usize,
    /// Services that were not enrolled before.
    pub services_enrolled: Vec<String>,
    /// People who had no account before.
    pub accounts_made: usize,
    /// Memberships that people did not have before; each gets an invitation.
    pub people_invited: Vec<String>,
    /// What is wrong, and where.
    pub problems: Vec<RowProblem>,
}

/// How the transaction ends without storing anything.
enum Stop {
    Nothing(Box<EnrolmentReport>),
    Failed(AppError),
}

impl<E: Into<AppError>> From<E> for Stop {
    fn from(error: E) -> Self {
        Self::Failed(error.into())
    }
}

/// Enrols from a file, all of it or nothing. Doing it again changes nothing and invites nobody again.
pub fn from_csv(
    app: &App,
    who: &Principal,
    year: i32,
    file: &[u8],
    dry_run: bool,
) -> Result<EnrolmentReport, AppError> {
    let rows = enrolment::read(file)
        .map_err(|reason| AppError::invalid("file", "file_unreadable", format!("{}.", capital(&reason))))?;
    rows_in(app, who, year, rows, dry_run)
}

/// The same from rows that were read.
pub fn rows_in(
    app: &App,
    who: &Principal,
    year: i32,
    rows: Vec<Result<EnrolmentRow, BadRow>>,
    dry_run: bool,
) -> Result<EnrolmentReport, AppError> {
    if !who.may_everywhere(Permission::ManageAccounts) {
        return Err(AppError::Forbidden { action: "enrol services and people; the audit team can".into() });
    }
    let mut connection = app.database().connection()?;
    let done = store::transaction::write_tx(&mut connection, |conn| {
        let round = round_of(conn, year)?;
        round.must_allow(Act::Enrol).map_err(AppError::from)?;
        let enrolled = store::enrolments::of_round(conn, year)?;
        let mut report = EnrolmentReport::default();
        for row in rows {
            let row = match row {
                Ok(row) => row,
                Err(bad) => {
                    let (column, reason) = (bad.problem.column, bad.problem.reason);
                    report.problems.push(RowProblem { line: bad.line, column, reason });
                    continue;
                }
            };
            report.rows += 1;
            match one_row(app, conn, who, year, &row, &mut report)? {
                Ok(()) => {}
                Err((column, reason)) => {
                    report.problems.push(RowProblem { line: row.line, column: column.into(), reason });
                }
            }
        }
        report.services_enrolled.retain(|code| !enrolled.contains(code));
        if dry_run || !report.problems.is_empty() {
            report.nothing_stored = true;
            return Err(Stop::Nothing(Box::new(report)));
        }
        if !report.services_enrolled.is_empty() {
            let event = Event::of("services_enrolled").new_value(report.services_enrolled.join(";"));
            history::record(app, conn, who, &Object::Round(round.year), vec![event])?;
        }
        Ok(report)
    });
    match done {
        Ok(report) => Ok(report),
        Err(Stop::Nothing(report)) => Ok(*report),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// Does what one row says, or says what is wrong in which column.
fn one_row(
    app: &App,
    conn: &mut DbConn,
    who: &Principal,
    year: i32,
    row: &EnrolmentRow,
    report: &mut EnrolmentReport,
) -> Result<Result<(), (&'static str, String)>, AppError> {
    let Some(service) = store::register::service_by_code(conn, &row.service)? else {
        return Ok(Err(("service_code", format!("{:?} is not in the register of services", row.service))));
    };
    if !valid_in_year(service.valid_from, service.valid_to, year) {
        return Ok(Err(("service_code", format!("{} did not exist in {year}", service.code))));
    }
    if store::enrolments::add(conn, year, &service.code, app.now())? {
        report.services_enrolled.push(service.code.clone());
    }
    if row.email.is_empty() {
        let said = [("role", &row.role), ("name", &row.name)].into_iter().find(|(_, text)| !text.is_empty());
        return Ok(match said {
            Some((column, _)) => Err((column, "somebody is named without an e-mail address".into())),
            None => Ok(()),
        });
    }
    let Ok(role @ (Role::FlsLead | Role::FlsContributor | Role::ClinicalLead)) = row.role.parse::<Role>() else {
        return Ok(Err(("role", "it must be fls_lead, fls_contributor or clinical_lead".into())));
    };
    let held =
        Membership::new(role, Some(&service.code), None).map_err(|error| AppError::Unexpected(error.to_string()))?;
    let invitation = Invitation {
        email: row.email.clone(),
        name: Some(row.name.clone()),
        role,
        service: Some(service.code),
        area: None,
    };
    let before = store::accounts::by_email(conn, &super::sign_in::plain_email(&row.email))?;
    let given = match accounts::give(app, conn, who, &invitation, &held) {
        Ok(given) => given,
        Err(AppError::Invalid(problems)) => {
            let first = problems.into_iter().next();
            let reason = first.as_ref().map(|problem| problem.message.trim_end_matches('.').to_owned());
            let column = if first.is_some_and(|problem| problem.field == "name") { "name" } else { "email" };
            return Ok(Err((column, reason.unwrap_or_default())));
        }
        Err(error) => return Err(error),
    };
    report.accounts_made += usize::from(before.is_none());
    if given.is_new {
        accounts::send_invitation(app, conn, who, &given.account, &held)?;
        report.people_invited.push(given.account.email);
    }
    Ok(Ok(()))
}

fn capital(text: &str) -> String {
    crate::formats::display::capitalised(text)
}
