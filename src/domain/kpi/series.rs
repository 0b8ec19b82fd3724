//! One KPI of one service month by month: what a run chart is drawn from.

use super::figure::Figure;
use super::real;
use crate::domain::count::{Counts, Period};
use crate::domain::reference::Kpi;

/// A KPI of a service over time.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Series {
    /// Every month from the first to the last that has counts; one without keeps its place.
    pub months: Vec<MonthPoint>,
    /// Years that were counted as a whole and have no months.
    pub years: Vec<(i32, Figure)>,
}

/// One month.
#[derive(Debug, Clone, PartialEq)]
pub struct MonthPoint {
    /// The month.
    pub month: Period,
    /// Its figure, empty where the month has no counts. That of KPI 2 and 3 is over a twelfth of the year's expected cases.
    pub figure: Figure,
    /// The counts.
    pub counts: Option<Counts>,
}

impl Series {
    /// Lays counts of all patients out by month. `of_year` gives the definition of the KPI in a year, and for KPI 2 and 3
    /// the cases expected in it.
    pub fn new(rows: &[(Period, Counts)], of_year: impl Fn(i32) -> (Kpi, Option<f64>)) -> Self {
        let mut series = Self::default();
        let figure = |year: i32, counts: Counts, parts: f64| {
            let (kpi, expected) = of_year(year);
            let denominator = if kpi.is_over_expected() {
                expected.map(|expected| expected / parts)
            } else {
                counts.denominator.map(real)
            };
            Figure::of(&kpi, Some(counts.numerator), denominator)
        };
        let mut rows = rows.to_vec();
        rows.sort_by_key(|(period, _)| *period);
        let mut next: Option<Period> = None;
        for (period, counts) in rows {
            if period.is_year() {
                series.years.push((period.year(), figure(period.year(), counts, 1.0)));
                continue;
            }
            while let Some(empty) = next.filter(|next| *next < period) {
                series.months.push(MonthPoint { month: empty, figure: Figure::default(), counts: None });
                next = Some(empty.next_month());
            }
            series.months.push(MonthPoint {
                month: period,
                figure: figure(period.year(), counts, 12.0),
                counts: Some(counts),
            });
            next = Some(period.next_month());
        }
        series
    }
}

#[cfg(test)]
mod tests {
    use super::super::figure::tests::kpi;
    use super::*;

    #[test]
    fn months_without_counts_keep_their_place() {
        let counts = |n| Counts { numerator: n, denominator: Some(10), eligible: None, complete: None };
        let at = |text: &str| text.parse::<Period>().unwrap();
        let rows = [(at("2021-02"), counts(4)), (at("2020-11"), counts(5)), (at("2019"), counts(1))];
        let series = Series::new(&rows, |_| (kpi(4), None));
        let months: Vec<_> = series.months.iter().map(|p| (p.month.to_string(), p.figure.percent)).collect();
        let wanted = [("2020-11", Some(50.0)), ("2020-12", None), ("2021-01", None), ("2021-02", Some(40.0))];
        assert_eq!(months, wanted.map(|(month, percent)| (month.to_owned(), percent)));
        assert_eq!(series.years[0].1.percent, Some(10.0));
    }

    #[test]
    fn a_month_expects_a_twelfth_of_the_year() {
        let counts = Counts { numerator: 103, denominator: None, eligible: None, complete: None };
        let series = Series::new(&[("2021-05".parse().unwrap(), counts)], |_| (kpi(2), Some(1200.0)));
        assert_eq!(series.months[0].figure.percent, Some(103.0));
    }
}
