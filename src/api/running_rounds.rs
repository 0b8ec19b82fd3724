//! Running a round: opening, closing and publishing it; enrolment, extensions and reminders.

use poem::web::Data;
use poem_openapi::OpenApi;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;

use super::Tag;
use super::body::JsonBody;
use super::key::Key;
use super::paging::{default_limit, page};
use super::problem::{Problem, ProblemPlace, Refusal};
use super::round_shapes::{
    EnrolmentReport, Enrolments, Extension, ExtensionList, NewExtension, NewReminders, NonSubmitterList, Reminded,
    ReminderList, RoundJobList, RoundStep, RoundToCopy,
};
use super::rounds::Round;
use crate::app::rounds::{self, Step};
use crate::app::{App, enrolment, reminders};
use crate::formats::enrolment::EnrolmentRow;

/// The operations of running rounds.
#[derive(Debug)]
pub struct RunningRounds;

#[OpenApi(tag = "Tag::Rounds")]
impl RunningRounds {
    /// Copy a round for the year after it
    ///
    /// For the audit team. The new one is a draft with the same questionnaire, method and standard, its days a year later
    /// where these are not past, and the same services enrolled, or those that came after them.
    #[oai(path = "/rounds/:year/copy", method = "post", operation_id = "copy_round")]
    async fn copy(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year of the round that is copied.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        body: JsonBody<RoundToCopy>,
    ) -> Result<Json<Round>, Refusal<404, 409, 422>> {
        let version = body.0.version;
        Ok(Json(app.run(move |app| rounds::copy(app, &key.0, year.0, version)).await?.into()))
    }

    /// Take a step in a round
    ///
    /// For the audit team: draft → open → closed → preview → published, and with a reason one step back, but from
    /// published. The preview names the data cut that the report quotes. What a state does not allow answers 409.
    #[oai(path = "/rounds/:year/transition", method = "post", operation_id = "transition_round")]
    async fn transition(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        body: JsonBody<RoundStep>,
    ) -> Result<Json<Round>, Refusal<404, 409, 422>> {
        let RoundStep { version, to, reason, cut } = body.0;
        let step = Step { to: to.into(), reason, cut };
        Ok(Json(app.run(move |app| rounds::transition(app, &key.0, year.0, version, &step)).await?.into()))
    }

    /// List what the service does by itself in a round
    ///
    /// For the audit team: what is due, what was done, and what failed and is tried again.
    #[oai(path = "/rounds/:year/jobs", method = "get", operation_id = "list_round_jobs")]
    async fn jobs(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
    ) -> Result<Json<RoundJobList>, Refusal<404>> {
        let jobs = app.run(move |app| rounds::jobs(app, &key.0, year.0)).await?;
        Ok(Json(RoundJobList { items: jobs.into_iter().map(Into::into).collect() }))
    }

    /// Enrol services and invite their people
    ///
    /// For the audit team; all rows or none. Doing it again changes nothing and invites nobody again. Rows that cannot be
    /// accepted are in `problems`, and then nothing was stored.
    #[oai(path = "/rounds/:year/enrolments", method = "put", operation_id = "enrol_services")]
    async fn enrol(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// Say what would happen, and store nothing.
        #[oai(default)]
        dry_run: Query<bool>,
        body: JsonBody<Enrolments>,
    ) -> Result<Json<EnrolmentReport>, Refusal<404, 409, 422>> {
        if body.0.items.is_empty() {
            let place = ProblemPlace::new("/items", "too_few", "Send one row or more.");
            return Err(Problem::invalid(vec![place]).into());
        }
        let rows = (0..).zip(body.0.items).map(|(line, row)| {
            Ok(EnrolmentRow {
                line,
                service: row.service.trim().to_owned(),
                role: row.role.unwrap_or_default().trim().to_owned(),
                email: row.email.unwrap_or_default().trim().to_owned(),
                name: row.name.unwrap_or_default().trim().to_owned(),
            })
        });
        let rows = rows.collect();
        let report = app.run(move |app| enrolment::rows_in(app, &key.0, year.0, rows, dry_run.0)).await?;
        Ok(Json(report.into()))
    }

    /// List the services that were given more time
    ///
    /// With the day until which each may answer, and why.
    #[oai(path = "/rounds/:year/extensions", method = "get", operation_id = "list_extensions")]
    async fn extensions(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
    ) -> Result<Json<ExtensionList>, Refusal<404>> {
        let found = app.run(move |app| rounds::extensions(app, &key.0, year.0)).await?;
        Ok(Json(ExtensionList { items: found.into_iter().map(Into::into).collect() }))
    }

    /// Give a service more time
    ///
    /// For the audit team, while the round is open or closed: until that day ends in London the service can answer and
    /// submit although the round has closed.
    #[oai(path = "/rounds/:year/responses/:service/extension", method = "put", operation_id = "extend_response")]
    async fn extend(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Path<String>,
        body: JsonBody<NewExtension>,
    ) -> Result<Json<Extension>, Refusal<404, 409, 422>> {
        let NewExtension { until, reason } = body.0;
        let extended = move |app: &App| rounds::extend(app, &key.0, year.0, &service.0, until, &reason);
        Ok(Json(app.run(extended).await?.into()))
    }

    /// Take an extension back
    ///
    /// The service may then answer no longer than the round is open.
    #[oai(path = "/rounds/:year/responses/:service/extension", method = "delete", operation_id = "take_back_extension")]
    async fn take_back(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Path<String>,
    ) -> Result<(), Refusal<404>> {
        Ok(app.run(move |app| rounds::take_back(app, &key.0, year.0, &service.0)).await?)
    }

    /// List the services that have not submitted
    ///
    /// For the audit team: those that the round asks and that have neither submitted nor said that they make no return.
    #[oai(path = "/rounds/:year/non-submitters", method = "get", operation_id = "list_non_submitters")]
    async fn non_submitters(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        after: Query<Option<String>>,
    ) -> Result<Json<NonSubmitterList>, Refusal<404>> {
        let late = app.run(move |app| reminders::non_submitters(app, &key.0, year.0)).await?;
        let (items, next) = page(late, after.0.as_deref(), limit.0, |late| late.service.code.clone());
        Ok(Json(NonSubmitterList { items: items.into_iter().map(Into::into).collect(), next }))
    }

    /// List the reminders of a round
    ///
    /// Who was reminded, when, and whether by plan or by hand.
    #[oai(path = "/rounds/:year/reminders", method = "get", operation_id = "list_reminders")]
    async fn reminders(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
    ) -> Result<Json<ReminderList>, Refusal<404>> {
        let sent = app.run(move |app| reminders::sent(app, &key.0, year.0)).await?;
        Ok(Json(ReminderList { items: sent.into_iter().map(Into::into).collect() }))
    }

    /// Remind services that have not submitted
    ///
    /// For the audit team. A service that has submitted, or that was reminded in the last seven days, is left out and named
    /// with why.
    #[oai(path = "/rounds/:year/reminders", method = "post", operation_id = "send_reminders")]
    async fn remind(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        body: JsonBody<NewReminders>,
    ) -> Result<Json<Reminded>, Refusal<404, 409, 422>> {
        let NewReminders { services, wording } = body.0;
        let send = move |app: &App| {
            let wording = match wording {
                Some(wording) => wording,
                None => reminders::wording(app, &key.0)?,
            };
            reminders::send(app, &key.0, year.0, &services, &wording)
        };
        Ok(Json(app.run(send).await?.into()))
    }
}
