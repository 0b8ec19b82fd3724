//! Who is who: areas, services, hospitals.

use chrono::NaiveDate;

use super::{App, AppError, authorise};
use crate::domain::access::{Permission, Principal};
use crate::domain::area::AreaTree;
use crate::domain::register::{Hospital, Service};
use crate::store::{self, DbConn};

/// The areas as at a day; `None`: as at the newest change on record.
pub fn area_tree(app: &App, who: &Principal, as_at: Option<NaiveDate>) -> Result<AreaTree, AppError> {
    authorise(who, Permission::ReadReference, "read the areas")?;
    app.read(|conn| Ok(store::register::area_tree(conn, as_at)?))
}

/// Every service, sorted by code.
pub fn services(app: &App, who: &Principal) -> Result<Vec<Service>, AppError> {
    authorise(who, Permission::ReadReference, "read the services")?;
    app.read(|conn| Ok(store::register::all_services(conn)?))
}

/// One service.
pub fn service(app: &App, who: &Principal, code: &str) -> Result<Service, AppError> {
    authorise(who, Permission::ReadReference, "read the services")?;
    app.read(|conn| service_of(conn, code))
}

/// Every hospital, sorted by code.
pub fn hospitals(app: &App, who: &Principal) -> Result<Vec<Hospital>, AppError> {
    authorise(who, Permission::ReadReference, "read the hospitals")?;
    app.read(|conn| Ok(store::register::all_hospitals(conn)?))
}

/// A service by its code.
pub(super) fn service_of(conn: &mut DbConn, code: &str) -> Result<Service, AppError> {
    store::register::service_by_code(conn, code)?
        .ok_or_else(|| AppError::not_found("service", code, "The list of services has every code."))
}
