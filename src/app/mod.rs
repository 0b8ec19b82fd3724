//! The use cases, one file a subject: authorise, load, apply a rule, store, record. The only place that opens a
//! transaction. API, pages, jobs and command line all call it, so nothing is decided twice.
//!
//! Every use case is a plain function that blocks on the database; servers run it through [`App::run`].

pub mod accounts;
pub mod answer_table;
pub mod associations;
pub mod business_case;
pub mod caseload;
pub mod changes;
pub mod comments;
pub mod costs;
pub mod counts;
pub mod cuts;
pub mod demand;
pub mod demo;
pub mod enrolment;
pub mod error;
pub mod explanations;
pub mod exports;
mod facts;
pub mod feedback;
pub mod funding;
pub mod gaps;
pub mod history;
pub mod hospitals;
pub mod idempotency;
pub mod imports;
pub mod kept_entries;
pub mod keys;
pub mod kpis;
pub mod mail;
pub mod mails;
pub mod national_report;
pub mod offline;
pub mod open_data;
pub mod openid;
pub mod outbox;
pub mod own_account;
pub mod published;
pub mod quality;
pub mod questionnaires;
pub mod receipts;
pub mod register;
pub mod reminders;
pub mod responses;
pub mod rounds;
pub mod scenario_kpis;
pub mod scenarios;
pub mod section_links;
pub mod sessions;
pub mod sign_in;
pub mod standards;
pub mod texts;
pub mod translations;
pub mod uncovered;

use std::sync::{Arc, Mutex};

use chrono::{DateTime, SubsecRound as _, Utc};

pub use error::AppError;

use crate::auth::key::ServerKey;
use crate::auth::openid::{OpenIdSettings, Provider};
use crate::domain::access::{Permission, Principal};
use crate::domain::questionnaire::definition::Questionnaire;
use crate::domain::reference::{Methodology, Reference};
use crate::domain::round::Round;
use crate::store::transaction::{read_tx, write_tx};
use crate::store::{self, Database, DbConn, StoreError};

/// Tells the time.
pub type Clock = dyn Fn() -> DateTime<Utc> + Send + Sync;

/// Fills a buffer with unpredictable bytes.
pub type Entropy = dyn Fn(&mut [u8]) -> Result<(), String> + Send + Sync;

/// Where time and chance come from; tests fix them.
#[derive(Clone)]
pub struct Environment {
    /// The clock.
    pub clock: Arc<Clock>,
    /// The random source.
    pub entropy: Arc<Entropy>,
}

impl Environment {
    /// The clock and the random source of the machine.
    pub fn system() -> Self {
        Self {
            clock: Arc::new(Utc::now),
            entropy: Arc::new(|buffer| getrandom::fill(buffer).map_err(|error| error.to_string())),
        }
    }
}

/// What may differ from one installation to the next.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The database is made for the demo: its figures are marked as synthetic, and anyone may sign in as one of its
    /// people.
    pub demo: bool,
    /// Cookies are sent over TLS alone.
    pub secure_cookies: bool,
    /// The address under which people reach the service, without a slash at its end.
    pub public_url: String,
    /// The server's key. Commands that seal nothing do without.
    pub key: Option<ServerKey>,
    /// What sends mail. Without one it waits in the outbox.
    pub mail: Option<Arc<dyn outbox::Sender>>,
    /// The OpenID provider with which people sign in, if any.
    pub openid: Option<OpenIdSettings>,
    /// The audit team's e-mail address, for the contact page.
    pub contact: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        let public_url = "http://127.0.0.1:8080".into();
        Self { demo: false, secure_cookies: false, public_url, key: None, mail: None, openid: None, contact: None }
    }
}

/// The application: the database, the reference data and the settings. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

struct Inner {
    database: Database,
    reference: Reference,
    questionnaires: std::collections::BTreeMap<String, Arc<Questionnaire>>,
    settings: Settings,
    environment: Environment,
    openid: Option<Provider>,
    synthetic: bool,
    /// Wakes whoever sends the mail.
    mail_queued: tokio::sync::Notify,
    /// The data cut that was read last. It never changes, so no write in another process can make it wrong.
    cut: Mutex<Option<Arc<cuts::Frozen>>>,
    /// The register as it was read last.
    register: Mutex<Option<register::KeptRegister>>,
    /// The versions of the questionnaire that were uploaded, as far as they were read.
    versions: Mutex<questionnaires::KeptVersions>,
    /// What services said the round before, as it was read last.
    before: Mutex<responses::KeptBefore>,
    /// What was counted of responses for those who run the round.
    digests: Mutex<responses::KeptDigests>,
}

impl App {
    /// Opens the database, brings it up to date, and adds the reference data that is missing from it.
    pub fn open(
        url: &str,
        reference: Reference,
        settings: Settings,
        environment: Environment,
    ) -> Result<Self, StoreError> {
        let database = Database::open(url)?;
        let questionnaires: std::collections::BTreeMap<String, Arc<Questionnaire>> =
            reference.questionnaires.iter().map(|(version, q)| (version.clone(), Arc::new(q.clone()))).collect();
        let synthetic = write_tx(&mut *database.connection()?, |conn| {
            store::register::add_missing_areas(conn, &reference.areas)?;
            store::rounds::add_missing_rounds(conn, &reference.rounds)?;
            facts::keep_in_step(conn, &questionnaires)?;
            if settings.demo {
                store::installation::mark_synthetic(conn)?;
            }
            store::installation::is_synthetic(conn)
        })?;
        let mail_queued = tokio::sync::Notify::new();
        let openid = settings.openid.clone().map(Provider::new);
        let inner = Inner {
            database,
            reference,
            questionnaires,
            settings,
            environment,
            openid,
            synthetic,
            mail_queued,
            cut: Mutex::new(None),
            register: Mutex::new(None),
            versions: Mutex::default(),
            before: Mutex::default(),
            digests: Mutex::default(),
        };
        Ok(Self(Arc::new(inner)))
    }

    /// Runs blocking work on a thread for it.
    pub async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T, AppError> + Send + 'static,
    ) -> Result<T, AppError> {
        let app = self.clone();
        tokio::task::spawn_blocking(move || work(&app))
            .await
            .map_err(|error| AppError::Unexpected(format!("a task broke off: {error}")))?
    }

    /// The reference data.
    pub fn reference(&self) -> &Reference {
        &self.0.reference
    }

    /// The settings.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    /// Whether every figure in the database is invented; whatever shows one says so.
    pub fn is_synthetic(&self) -> bool {
        self.0.synthetic
    }

    /// Whether anyone may sign in as one of the demo's people.
    pub fn is_demo(&self) -> bool {
        self.0.settings.demo
    }

    /// Now, cut to microseconds, which is what both databases keep.
    pub fn now(&self) -> DateTime<Utc> {
        (self.0.environment.clock)().trunc_subsecs(6)
    }

    /// The database.
    pub fn database(&self) -> &Database {
        &self.0.database
    }

    /// The server's key.
    pub fn key(&self) -> Result<&ServerKey, AppError> {
        self.settings().key.as_ref().ok_or_else(|| AppError::Refused {
            code: "no_secret_key",
            reason: "The service runs without a secret key, which this needs. Set FACILITIES_AUDIT_SECRET_KEY.".into(),
        })
    }

    /// The OpenID provider with which people sign in.
    fn openid(&self) -> Option<&Provider> {
        self.0.openid.as_ref()
    }

    /// The whole address of a path of the pages.
    pub fn address(&self, path: &str) -> String {
        format!("{}{path}", self.settings().public_url.trim_end_matches('/'))
    }

    /// Random bytes.
    fn random<const N: usize>(&self) -> Result<[u8; N], AppError> {
        let mut bytes = [0_u8; N];
        (self.0.environment.entropy)(&mut bytes).map_err(AppError::Unexpected)?;
        Ok(bytes)
    }

    /// A secret of 256 bits as text that can stand in an address.
    fn secret(&self) -> Result<String, AppError> {
        Ok(data_encoding::BASE64URL_NOPAD.encode(&self.random::<32>()?))
    }

    /// An id that nobody else has.
    fn new_id(&self) -> Result<String, AppError> {
        Ok(uuid::Builder::from_random_bytes(self.random()?).into_uuid().to_string())
    }

    /// Reads one state of the database.
    fn read<T>(&self, body: impl FnOnce(&mut DbConn) -> Result<T, AppError>) -> Result<T, AppError> {
        let result = read_tx(&mut *self.0.database.connection()?, body);
        self.keep_register(result.is_ok());
        result
    }

    /// Reads and writes in one transaction.
    fn write<T>(&self, body: impl FnOnce(&mut DbConn) -> Result<T, AppError>) -> Result<T, AppError> {
        let result = write_tx(&mut *self.0.database.connection()?, body);
        self.keep_register(result.is_ok());
        // Not before the end of the transaction: whoever is woken could not see the mail yet.
        if mail::was_queued() && result.is_ok() {
            self.wake_outbox();
        }
        result
    }

    /// Has the outbox look at once for what is due.
    fn wake_outbox(&self) {
        self.0.mail_queued.notify_one();
    }

    /// Returns once this process has queued a mail, or has since this was called last.
    pub async fn mail_queued(&self) {
        self.0.mail_queued.notified().await;
    }

    /// What services said the round before, as it was read last.
    fn kept_before(&self) -> std::sync::MutexGuard<'_, responses::KeptBefore> {
        self.0.before.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// What was counted of responses for those who run the round.
    fn kept_digests(&self) -> std::sync::MutexGuard<'_, responses::KeptDigests> {
        self.0.digests.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    /// The data cut that was read last.
    fn kept_cut(&self) -> Option<Arc<cuts::Frozen>> {
        self.0.cut.lock().ok()?.clone()
    }

    /// Keeps a data cut that was read.
    fn keep_cut(&self, cut: &Arc<cuts::Frozen>) {
        if let Ok(mut kept) = self.0.cut.lock() {
            *kept = Some(Arc::clone(cut));
        }
    }

    /// The questionnaire that a round uses.
    fn questionnaire_of(&self, round: &Round) -> Result<Arc<Questionnaire>, AppError> {
        self.questionnaire_version(&round.questionnaire)
    }

    /// A questionnaire by its version.
    fn questionnaire_version(&self, version: &str) -> Result<Arc<Questionnaire>, AppError> {
        match self.0.questionnaires.get(version) {
            Some(questionnaire) => Ok(Arc::clone(questionnaire)),
            None => self.published_version(version),
        }
    }

    /// The questionnaires that come with the program, the oldest first.
    fn program_questionnaires(&self) -> impl Iterator<Item = &Arc<Questionnaire>> {
        self.0.questionnaires.values()
    }

    /// The methodology that a round uses.
    fn methodology_of(&self, round: &Round) -> Result<&Methodology, AppError> {
        self.reference().methodologies.get(&round.methodology).ok_or_else(|| {
            AppError::Unexpected(format!(
                "round {} uses methodology {}, which is not there",
                round.year, round.methodology
            ))
        })
    }
}

/// Refuses whoever may not do something anywhere.
fn authorise(who: &Principal, permission: Permission, action: &str) -> Result<(), AppError> {
    if who.may(permission) { Ok(()) } else { Err(AppError::Forbidden { action: action.into() }) }
}

/// The round of a year, or the rounds that there are instead.
fn round_of(conn: &mut DbConn, year: i32) -> Result<Round, AppError> {
    if let Some(round) = store::rounds::round_by_year(conn, year)? {
        return Ok(round);
    }
    Err(no_round(year, &store::rounds::all_rounds(conn)?))
}

/// There is no round of a year, and these instead.
fn no_round(year: i32, rounds: &[Round]) -> AppError {
    let years: Vec<String> = rounds.iter().map(|round| round.year.to_string()).collect();
    let hint = format!("There are rounds for the audit years {}.", years.join(", "));
    AppError::not_found("round", &year.to_string(), hint)
}

/// Whether the database answers.
pub fn ready(app: &App) -> Result<(), AppError> {
    app.read(|conn| store::rounds::all_rounds(conn).map(drop).map_err(AppError::from))
}
