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
use crate::domain::kpi::suppression::hidden;
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
    /// Its figure is left out: so few have something, or have it not, that people could be recognised.
    pub hidden: bool,
}

impl StratumFigure {
    /// The keys that it is split by: those of `age_band=75+;sex=male` are `age_band;sex`.
    pub fn split(&self) -> String {
        let keys = self.stratum.split(';').map(|part| part.split_once('=').map_or("", |(key, _)| key));
        keys.collect::<Vec<_>>().join(";")
    }
}

/// Takes the figures of small groups out, split by split.
fn hide_small(strata: &mut [StratumFigure]) {
    strata.sort_by(|a, b| (a.split(), &a.stratum).cmp(&(b.split(), &b.stratum)));
    for split in strata.chunk_by_mut(|a, b| a.split() == b.split()) {
        let counts: Vec<(i64, f64)> = split
            .iter()
            .map(|s| (s.figure.numerator.unwrap_or_default(), s.figure.denominator.unwrap_or_default()))
            .collect();
        for (stratum, hidden) in split.iter_mut().zip(hidden(&counts)) {
            if hidden {
                stratum.figure = Figure::default();
                stratum.hidden = true;
            }
        }
    }
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
    /// The strata, split by split; the figures of small groups are left out.
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
            StratumFigure { stratum, figure, is_share: own.is_none(), services: rows.len(), hidden: false }
        });
        let mut strata: Vec<StratumFigure> = strata.collect();
        hide_small(&mut strata);
        let of = data.totals.get(&kpi).into_iter().flatten().map(|(code, _)| code.as_str()).filter(|code| counts(code));
        let of: Vec<(&str, Figure)> = of.map(|code| (code, data.figure(&definition, code))).collect();
        let all = Summary::of(&data, &definition, of.iter().map(|(c, f)| (*c, f)));
        Ok(StrataReport { quoted: figures.quoted(year)?, service, all: all.figure, strata, kpi: definition })
    })
}
