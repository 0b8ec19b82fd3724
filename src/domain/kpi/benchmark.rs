//! A benchmark: one KPI of one year over all services that count, beside each other and the nation.

use std::collections::{HashMap, HashSet};

use super::figure::Figure;
use super::real;
use super::year::{Excluded, YearData};
use crate::domain::reference::{Grade, Kpi};
use crate::domain::statistics::quantiles::{percentile_rank, quantiles};

/// One KPI of one year over the services that count.
#[derive(Debug, Clone, PartialEq)]
pub struct Benchmark {
    /// The KPI by the year's method.
    pub kpi: Kpi,
    /// Audit year.
    pub year: i32,
    /// The year that it is laid beside, where there is an earlier one.
    pub previous_year: Option<i32>,
    /// Only services that count in both years.
    pub matched: bool,
    /// A row for each service that counts, sorted by code.
    pub rows: Vec<Row>,
    /// All of them together.
    pub national: Summary,
    /// The same of the year before: over the services that counted then, or over the matched ones.
    pub previous: Option<Summary>,
    /// Services with counts that do not count, and why.
    pub excluded: Vec<Excluded>,
}

/// One service in a benchmark.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Unit code.
    pub service: String,
    /// Its figure.
    pub figure: Figure,
    /// Where it stands among all: 0 to 100, 50 in the middle, more is better.
    pub percentile: Option<f64>,
    /// Its percentage in the year before, where it counted then.
    pub previous_percent: Option<f64>,
    /// Its records in the year.
    pub records: Option<i64>,
    /// Its expected cases in the year; of KPI 2 and 3 alone, which are divided by them.
    pub expected: Option<i64>,
}

impl Row {
    /// Percentage points more than in the year before.
    pub fn change(&self) -> Option<f64> {
        Some(self.figure.percent? - self.previous_percent?)
    }
}

/// Several services together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Summary {
    /// Pooled: numerators and denominators added up over the services that have both. KPI 1: complete services out of all.
    pub figure: Figure,
    /// The mean of the services' percentages.
    pub mean_of_services: Option<f64>,
    /// The smallest percentage.
    pub minimum: Option<f64>,
    /// The lower quartile (type 7).
    pub lower_quartile: Option<f64>,
    /// The median.
    pub median: Option<f64>,
    /// The upper quartile.
    pub upper_quartile: Option<f64>,
    /// The largest percentage.
    pub maximum: Option<f64>,
    /// Services with a percentage.
    pub n: usize,
    /// Services that count, with or without data.
    pub services: usize,
    /// How many services have each grade, in the order of the bands; empty where there are none.
    pub grades: Vec<(Grade, usize)>,
    /// Services at or above the percentage that the KPI counts from, where it has no bands.
    pub at_least: Option<(f64, usize)>,
}

impl Summary {
    /// Sums up services of one year.
    pub fn of<'a>(data: &YearData, kpi: &Kpi, services: impl IntoIterator<Item = (&'a str, &'a Figure)>) -> Self {
        let services: Vec<(&str, &Figure)> = services.into_iter().collect();
        let percents: Vec<f64> = services.iter().filter_map(|(_, figure)| figure.percent).collect();
        let found = quantiles(&percents, &[0.0, 0.25, 0.5, 0.75, 1.0]).unwrap_or_default();
        let quantile = |place: usize| found.get(place).copied();
        let n = percents.len();
        let graded = |grade: Grade| services.iter().filter(|(_, figure)| figure.grade == Some(grade)).count();
        let from = |edge: f64| percents.iter().filter(|percent| **percent >= edge).count();
        #[expect(clippy::cast_precision_loss, reason = "a number of services")]
        let mean = (n > 0).then(|| percents.iter().sum::<f64>() / n as f64);
        Self {
            figure: pooled(data, kpi, &services),
            mean_of_services: mean,
            minimum: quantile(0),
            lower_quartile: quantile(1),
            median: quantile(2),
            upper_quartile: quantile(3),
            maximum: quantile(4),
            n,
            services: services.len(),
            grades: kpi.bands.iter().map(|band| (band.grade, graded(band.grade))).collect(),
            at_least: kpi.counted_at_least.map(|edge| (edge, from(edge))),
        }
    }
}

/// The figure of several services as one.
fn pooled(data: &YearData, kpi: &Kpi, services: &[(&str, &Figure)]) -> Figure {
    if kpi.kpi == 1 {
        let complete = services.iter().filter(|(service, _)| data.completeness(service).is_complete).count();
        let of = i64::try_from(services.len()).unwrap_or(i64::MAX);
        return if of == 0 { Figure::default() } else { Figure::of(kpi, i64::try_from(complete).ok(), Some(real(of))) };
    }
    let both = services.iter().filter_map(|(_, figure)| figure.numerator.zip(figure.denominator));
    let sum = both.fold(None, |sum: Option<(i64, f64)>, (n, d)| {
        let (numerator, denominator) = sum.unwrap_or_default();
        Some((numerator + n, denominator + d))
    });
    sum.map_or_else(Figure::default, |(numerator, denominator)| Figure::of(kpi, Some(numerator), Some(denominator)))
}

impl Benchmark {
    /// The benchmark of a KPI, 1 to 11; `None` where the year's method does not have it. `matched` leaves out services
    /// that do not count, with a percentage, in both years.
    pub fn new(kpi: i32, now: &YearData, before: Option<&YearData>, matched: bool) -> Option<Self> {
        let definition = now.method.kpi(kpi)?.clone();
        let inclusion = now.inclusion();
        let then = before.and_then(|before| {
            let definition = before.method.kpi(kpi)?;
            let included = before.inclusion().included;
            Some(included.into_iter().map(|service| (before.figure(definition, &service), service)).collect())
        });
        let then: Vec<(Figure, String)> = then.unwrap_or_default();
        let percents_then: HashMap<&str, f64> =
            then.iter().filter_map(|(figure, service)| Some((service.as_str(), figure.percent?))).collect();
        let mut rows: Vec<Row> = inclusion
            .included
            .iter()
            .map(|service| Row {
                figure: now.figure(&definition, service),
                percentile: None,
                previous_percent: percents_then.get(service.as_str()).copied(),
                records: now.records(service),
                expected: if definition.is_over_expected() { now.expected(service) } else { None },
                service: service.clone(),
            })
            .filter(|row| !matched || row.change().is_some())
            .collect();
        let percents: Vec<Option<f64>> = rows.iter().map(|row| row.figure.percent).collect();
        for (row, rank) in rows.iter_mut().zip(percentile_rank(&percents, true).rank) {
            row.percentile = rank;
        }
        let kept: HashSet<&str> = rows.iter().filter(|_| matched).map(|row| row.service.as_str()).collect();
        let previous = before.and_then(|before| {
            let then = then.iter().map(|(figure, service)| (service.as_str(), figure));
            let then = then.filter(|(service, _)| !matched || kept.contains(service));
            Some(Summary::of(before, before.method.kpi(kpi)?, then))
        });
        let national = Summary::of(now, &definition, rows.iter().map(|row| (row.service.as_str(), &row.figure)));
        Some(Self {
            kpi: definition,
            year: now.year,
            previous_year: before.map(|before| before.year),
            matched,
            rows,
            national,
            previous,
            excluded: inclusion.excluded,
        })
    }

    /// Services with a percentage above an edge, or from it on where `inclusive`.
    pub fn services_from(&self, edge: f64, inclusive: bool) -> usize {
        let percents = self.rows.iter().filter_map(|row| row.figure.percent);
        percents.filter(|percent| if inclusive { *percent >= edge } else { *percent > edge }).count()
    }
}
