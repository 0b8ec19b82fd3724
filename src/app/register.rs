//! Who is who: areas, services, hospitals.

use std::cell::RefCell;
use std::sync::{Arc, PoisonError};

use chrono::NaiveDate;

use super::{App, AppError, authorise, no_round};
use crate::domain::access::{Permission, Principal};
use crate::domain::area::AreaTree;
use crate::domain::register::{Hospital, Register, Service};
use crate::domain::round::Round;
use crate::store::{self, DbConn};

/// A register, and how often it had changed when it was read.
pub(super) type KeptRegister = (i64, Arc<Register>);

thread_local! {
    /// What the transaction that runs on this thread has read of the register. Others may have it once the transaction
    /// has ended well: before that it may hold what is never committed.
    static READ: RefCell<Option<KeptRegister>> = const { RefCell::new(None) };
}

impl App {
    /// The register as this transaction sees it: read once and kept, until the database counts another change of it.
    pub(super) fn register(&self, conn: &mut DbConn) -> Result<Arc<Register>, AppError> {
        let revision = store::register::revision(conn)?;
        self.register_at(conn, revision)
    }

    /// The same where the transaction has read of which revision it is.
    pub(super) fn register_at(&self, conn: &mut DbConn, revision: i64) -> Result<Arc<Register>, AppError> {
        let is_this = |(of, register): &KeptRegister| (*of == revision).then(|| Arc::clone(register));
        let kept = self.kept_register().as_ref().and_then(is_this);
        if let Some(register) = kept.or_else(|| READ.with_borrow(|read| read.as_ref().and_then(is_this))) {
            return Ok(register);
        }
        let register = Arc::new(store::register::whole(conn)?);
        // A writer on PostgreSQL sees what others commit between two of its statements.
        if store::register::revision(conn)? == revision {
            READ.set(Some((revision, Arc::clone(&register))));
        }
        Ok(register)
    }

    fn kept_register(&self) -> std::sync::MutexGuard<'_, Option<KeptRegister>> {
        self.0.register.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A transaction on this thread has ended: what it read of the register is kept if it ended well.
    pub(super) fn keep_register(&self, ended_well: bool) {
        if let Some(read) = READ.take().filter(|_| ended_well) {
            *self.kept_register() = Some(read);
        }
    }
}

/// The round of a year, or the rounds that there are instead.
pub(super) fn round_in(register: &Register, year: i32) -> Result<&Round, AppError> {
    register.round(year).ok_or_else(|| no_round(year, &register.rounds))
}

/// A service of the register by its code.
pub(super) fn service_in<'a>(register: &'a Register, code: &str) -> Result<&'a Service, AppError> {
    register.services.get(code).ok_or_else(|| unknown_service(code))
}

fn unknown_service(code: &str) -> AppError {
    AppError::not_found("service", code, "The list of services has every code.")
}

/// The whole register.
pub fn whole(app: &App, who: &Principal) -> Result<Arc<Register>, AppError> {
    authorise(who, Permission::ReadReference, "read the register")?;
    app.read(|conn| app.register(conn))
}

/// The areas as at a day; `None`: as at the newest change on record.
pub fn area_tree(app: &App, who: &Principal, as_at: Option<NaiveDate>) -> Result<AreaTree, AppError> {
    authorise(who, Permission::ReadReference, "read the areas")?;
    app.read(|conn| Ok(app.register(conn)?.tree.on(as_at)))
}

/// Every service, sorted by code.
pub fn services(app: &App, who: &Principal) -> Result<Vec<Service>, AppError> {
    authorise(who, Permission::ReadReference, "read the services")?;
    app.read(|conn| Ok(app.register(conn)?.services.values().cloned().collect()))
}

/// One service.
pub fn service(app: &App, who: &Principal, code: &str) -> Result<Service, AppError> {
    authorise(who, Permission::ReadReference, "read the services")?;
    app.read(|conn| service_of(conn, code))
}

/// Every hospital, sorted by code.
pub fn hospitals(app: &App, who: &Principal) -> Result<Vec<Hospital>, AppError> {
    authorise(who, Permission::ReadReference, "read the hospitals")?;
    app.read(|conn| Ok(app.register(conn)?.hospitals.clone()))
}

/// A service by its code.
pub(super) fn service_of(conn: &mut DbConn, code: &str) -> Result<Service, AppError> {
    store::register::service_by_code(conn, code)?.ok_or_else(|| unknown_service(code))
}
