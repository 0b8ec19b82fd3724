//! One KPI of one year by stratum: age band, sex, residence, outcome.

use std::collections::BTreeMap;

use super::super::{App, AppError, authorise};
use super::figures::{Figures, Quoted, YearOf};
use super::service::seen;
use crate::domain::access::{Permission, Principal};
use crate::domain::count::Counts;
use crate::domain::kpi::benchmark::Summary;
use crate::domain::kpi::figure::Figure;
use crate::domain::kpi::real;
use crate::domain::reference::Kpi;
use crate::domain::register::Service;

/// One stratum.
#[derive(Debug, Clone)]
pub struct StratumFigure {
    /// `key=value`, several joined by `;`.
    pub stratum: String,
    /// Its figure over the services that have it. A stratum without a denominator is a share of all patients of the same
    /// services: men among the records of KPI 2.
    pub figure: Figure,
    /// The numerator is a share of all patients, for want of a denominator of its own.
    pub is_share: bool,
    /// Services that have it.
    pub services: usize,
}

/// The strata of a KPI.
#[derive(Debug, Clone)]
pub struct StrataReport {
    /// By the year's method.
    pub kpi: Kpi,
    /// The one service that they are of; `None`: all that count.
    pub service: Option<Service>,
    /// All patients.
    pub all: Figure,
    /// The strata, sorted.
    pub strata: Vec<StratumFigure>,
    /// What it was worked out from.
    pub quoted: Quoted,
}

/// A KPI, 2 to 11, of a year by stratum, over all services that count or of one.
pub fn strata(
    app: &App,
    who: &Principal,
    kpi: i32,
    of: impl Into<YearOf>,
    service: Option<&str>,
) -> Result<StrataReport, AppError> {
    authorise(who, Permission::ReadKpis, Permission::ReadKpis.words())?;
    let of = of.into();
    let year = of.year;
    app.read(|conn| {
        let mut figures = Figures::open(app, conn, &of)?;
        let definition = figures.kpi(kpi, year)?.clone();
        let service = service.map(|code| seen(&figures, who, code, year)).transpose()?;
        let data = figures.year(year, &[kpi])?;
        let included = data.inclusion().included;
        let counts = |code: &str| match &service {
            Some(service) => service.code == code,
            None => included.contains(code),
        };
        let mut by_stratum: BTreeMap<String, Vec<(String, Counts)>> = BTreeMap::new();
        for total in figures.strata(kpi, year)? {
            if !total.stratum.is_empty() && counts(&total.service_code) {
                by_stratum.entry(total.stratum).or_default().push((total.service_code, total.counts));
            }
        }
        let strata = by_stratum.into_iter().map(|(stratum, rows)| {
            let numerator = rows.iter().map(|(_, counts)| counts.numerator).sum();
            let own: Option<i64> = rows.iter().map(|(_, counts)| counts.denominator).sum();
            let all = || -> Option<i64> {
                rows.iter().map(|(code, _)| data.counts(kpi, code).map(|counts| counts.numerator)).sum()
            };
            let figure = match own {
                Some(own) => {
                    Figure::of(&Kpi { bands: Vec::new(), ..definition.clone() }, Some(numerator), Some(real(own)))
                }
                None => all().map_or_else(Figure::default, |all| Figure::share(Some(numerator), real(all))),
            };
            StratumFigure { stratum, figure, is_share: own.is_none(), services: rows.len() }
        });
        let strata = strata.collect();
        let of = data.totals.get(&kpi).into_iter().flatten().map(|(code, _)| code.as_str()).filter(|code| counts(code));
        let of: Vec<(&str, Figure)> = of.map(|code| (code, data.figure(&definition, code))).collect();
        let all = Summary::of(&data, &definition, of.iter().map(|(c, f)| (*c, f)));
        Ok(StrataReport { quoted: figures.quoted(year)?, service, all: all.figure, strata, kpi: definition })
    })
}
