//! The KPIs as they are read: benchmarks, a service's own, its months, strata and the cascade.
//!
//! Who may read what: everybody who takes part sees every service by name, as in the audit's own live tables, for years
//! up to that of the newest published round. Of later years they see their own beside the nation, until the report is out.

mod across;
mod benchmark;
mod cascade;
mod figures;
mod findings;
mod map;
mod service;
mod strata;

pub use across::by_service;
pub use benchmark::{BenchmarkQuery, BenchmarkReport, Size, benchmark, benchmark_by, overview, years};
pub use cascade::{CascadeOf, CascadeReport, cascade};
pub(in crate::app) use figures::Figures;
pub use figures::{Quoted, YearOf};
pub use findings::{FindingsQuery, FindingsReport, national as national_findings};
pub use map::{AreaSum, MapReport, map};
pub use service::{Months, ServiceKpi, ServiceKpis, months, months_of, service_kpis};
pub use strata::{StrataReport, StratumFigure, strata};

use std::sync::Arc;

use super::{App, AppError, authorise};
use crate::domain::access::{Permission, Principal};
use crate::domain::kpi::caseload::Cases;
use crate::domain::reference::Methodology;

/// The definitions of the KPIs in a year, with the year of the methodology that gives them.
pub fn definitions(app: &App, who: &Principal, year: i32) -> Result<Methodology, AppError> {
    authorise(who, Permission::ReadReference, "read the definitions of the KPIs")?;
    app.read(|conn| Ok(Figures::open(app, conn, &year.into())?.method(year)?.clone()))
}

/// The expected cases of every service in a year, and the hospitals that none covers.
pub fn cases(app: &App, who: &Principal, of: impl Into<YearOf>) -> Result<(Arc<Cases>, Quoted), AppError> {
    let of = of.into();
    authorise(who, Permission::ReadReference, "read the expected caseloads")?;
    app.read(|conn| {
        let figures = Figures::open(app, conn, &of)?;
        Ok((figures.cases(of.year)?, figures.quoted(of.year)?))
    })
}
