//! The national findings of a round beside an earlier one: who took part, the KPIs, the services at or above each
//! threshold, and what the facilities audit found, each figure under the key by which a report published it.
//!
//! The clinical and the facilities figures are of different sets of services: a figure says how many it is of.

mod clinical;
mod facilities;
pub mod published;
pub mod table;

use std::collections::{BTreeMap, BTreeSet};

use crate::domain::count::Counts;
use crate::domain::kpi::benchmark::Summary;
use crate::domain::kpi::figure::Figure;
use crate::domain::kpi::year::{Excluded, YearData};
use crate::domain::questionnaire::facts::Fact;
use crate::domain::workforce::gap::StaffingFacts;

pub use clinical::STRATA;
pub use facilities::{FACTS, Governance, counted_codes, multiple_responsible, prescribes};

/// One figure, unrounded and in the unit in which it is published.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Value {
    /// The figure.
    pub value: f64,
    /// What is above the line, where it is a share, a count out of many or a mean.
    pub numerator: Option<f64>,
    /// What is under the line.
    pub denominator: Option<f64>,
    /// The services that it rests on, where it rests on services.
    pub n: Option<usize>,
}

/// Figures by key. A figure that does not follow from the data is not there.
pub type Values = BTreeMap<String, Value>;

/// The counts of one stratum of one KPI, by service.
pub type StratumCounts = BTreeMap<String, Counts>;

/// Everything that the findings of one year are worked out from.
#[derive(Debug, Clone)]
pub struct YearInputs {
    /// The round under its names.
    pub names: String,
    /// The year's counts, cases and method.
    pub data: YearData,
    /// The counts of [`STRATA`].
    pub strata: BTreeMap<(i32, String), StratumCounts>,
    /// What submitted responses say of [`FACTS`], by fact and service.
    pub facts: BTreeMap<String, BTreeMap<String, Fact>>,
    /// The staffing of every service that submitted a response.
    pub staffing: BTreeMap<String, StaffingFacts>,
}

/// One KPI of one year.
#[derive(Debug, Clone, PartialEq)]
pub struct KpiLine {
    /// 1 to 11.
    pub kpi: i32,
    /// Printed name.
    pub name: String,
    /// Over all services that count.
    pub all: Summary,
    /// Over the services that count in both years.
    pub matched: Option<Summary>,
}

/// The findings of one year.
#[derive(Debug, Clone, PartialEq)]
pub struct YearFindings {
    /// Audit year.
    pub year: i32,
    /// The round under its names.
    pub names: String,
    /// The year of the methodology.
    pub methodology: i32,
    /// The figures over all services that count.
    pub values: Values,
    /// The figures over the services that count in both years.
    pub matched: Values,
    /// The KPIs in order.
    pub kpis: Vec<KpiLine>,
    /// The services in the clinical figures.
    pub clinical: BTreeSet<String>,
    /// The services in the facilities figures.
    pub facilities: BTreeSet<String>,
    /// Services with counts that are not in the clinical figures, and why.
    pub excluded: Vec<Excluded>,
}

impl YearFindings {
    /// How many services are in both sets: those of which an association can be asked.
    pub fn linked(&self) -> usize {
        self.clinical.intersection(&self.facilities).count()
    }
}

/// One figure as the report carries it: under its published key, for a year or from one to another.
#[derive(Debug, Clone, PartialEq)]
pub struct NationalFact {
    /// The published key.
    pub key: String,
    /// `2021`, or `2019-2021` of a change.
    pub year: String,
    /// The figure.
    pub value: Value,
    /// The published unit.
    pub unit: &'static str,
}

/// A round's findings beside those of an earlier one.
#[derive(Debug, Clone, PartialEq)]
pub struct NationalFindings {
    /// The round's.
    pub now: YearFindings,
    /// The earlier one's.
    pub before: Option<YearFindings>,
    /// Changes from the earlier round to this one.
    pub changes: Values,
    /// Every figure is invented.
    pub synthetic: bool,
}

impl NationalFindings {
    /// Works out the findings of a year beside those of an earlier one.
    pub fn new(now: &YearInputs, before: Option<&YearInputs>, synthetic: bool) -> Self {
        let common = |set: fn(&YearInputs) -> BTreeSet<String>| -> Option<BTreeSet<String>> {
            let before = set(before?);
            Some(set(now).intersection(&before).cloned().collect())
        };
        let clinical = common(|inputs| inputs.data.inclusion().included);
        let facilities = common(|inputs| inputs.staffing.keys().cloned().collect());
        let matched = clinical.as_ref().zip(facilities.as_ref());
        let year = |inputs: &YearInputs| findings_of(inputs, matched);
        let (now, before) = (year(now), before.map(year));
        let changes = before.as_ref().map(|before| changes(&before.values, &now.values)).unwrap_or_default();
        Self { now, before, changes, synthetic }
    }

    /// Services that count in both years, in the clinical and in the facilities figures.
    pub fn matched_services(&self) -> Option<(usize, usize)> {
        let before = self.before.as_ref()?;
        let both = |a: &BTreeSet<String>, b: &BTreeSet<String>| a.intersection(b).count();
        Some((both(&self.now.clinical, &before.clinical), both(&self.now.facilities, &before.facilities)))
    }

    /// Every figure under its key, the earlier year's first.
    pub fn facts(&self) -> Vec<NationalFact> {
        let of = |year: String, values: &Values| -> Vec<NationalFact> {
            let fact = |(key, value): (&String, &Value)| {
                let unit = table::unit(key)?;
                Some(NationalFact { key: key.clone(), year: year.clone(), value: *value, unit })
            };
            values.iter().filter_map(fact).collect()
        };
        let before = self.before.iter().flat_map(|before| of(before.year.to_string(), &before.values));
        let span = self.before.iter().map(|before| format!("{}-{}", before.year, self.now.year));
        let changes = span.flat_map(|span| of(span, &self.changes));
        before.chain(of(self.now.year.to_string(), &self.now.values)).chain(changes).collect()
    }
}

fn findings_of(inputs: &YearInputs, matched: Option<(&BTreeSet<String>, &BTreeSet<String>)>) -> YearFindings {
    let inclusion = inputs.data.inclusion();
    let respondents: BTreeSet<String> = inputs.staffing.keys().cloned().collect();
    let of = |clinical: &BTreeSet<String>, facilities: &BTreeSet<String>| {
        let mut values = clinical::values(inputs, clinical);
        values.append(&mut facilities::values(inputs, facilities));
        values
    };
    let mut values = of(&inclusion.included, &respondents);
    values.append(&mut clinical::of_the_method(&inputs.data.method));
    values.append(&mut clinical::of_the_whole(inputs, &inclusion));
    let kpis = inputs.data.method.kpis.iter().map(|kpi| KpiLine {
        kpi: kpi.kpi,
        name: kpi.name.clone(),
        all: clinical::summary(inputs, kpi, &inclusion.included),
        matched: matched.map(|(clinical, _)| clinical::summary(inputs, kpi, clinical)),
    });
    YearFindings {
        year: inputs.data.year,
        names: inputs.names.clone(),
        methodology: inputs.data.method.year,
        kpis: kpis.collect(),
        matched: matched.map(|(clinical, facilities)| of(clinical, facilities)).unwrap_or_default(),
        values,
        clinical: inclusion.included,
        facilities: respondents,
        excluded: inclusion.excluded,
    }
}

/// What changed from one year to another, in per cent.
fn changes(before: &Values, now: &Values) -> Values {
    let mut changes = Values::new();
    let mean = |values: &Values| values.get("fac.population_mean").map(|value| value.value);
    if let Some((then, now)) = mean(before).zip(mean(now)).filter(|(then, _)| *then > 0.0) {
        let value = 100.0 * (now - then) / then;
        let change = Value { value, numerator: Some(now - then), denominator: Some(then), n: None };
        changes.insert("fac.population_change_pct".into(), change);
    }
    changes
}

/// A count out of many: the services for which something holds, of those that say whether it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Share {
    yes: usize,
    of: usize,
    n: usize,
}

#[expect(clippy::cast_precision_loss, reason = "numbers of services")]
impl Share {
    fn value(self, value: f64) -> Value {
        Value { value, numerator: Some(self.yes as f64), denominator: Some(self.of as f64), n: Some(self.n) }
    }

    /// How many.
    fn count(self) -> Option<Value> {
        (self.n > 0).then(|| self.value(self.yes as f64))
    }

    /// Per cent.
    fn percent(self) -> Option<Value> {
        (self.of > 0 && self.n > 0).then(|| self.value(100.0 * self.yes as f64 / self.of as f64))
    }

    /// A share of 1.
    fn ratio(self) -> Option<Value> {
        (self.of > 0 && self.n > 0).then(|| self.value(self.yes as f64 / self.of as f64))
    }
}

/// Adds a figure where there is one.
fn put(values: &mut Values, key: &str, value: Option<Value>) {
    if let Some(value) = value {
        values.insert(key.to_owned(), value);
    }
}

/// A number that stands by itself.
fn plain(value: f64) -> Value {
    Value { value, numerator: None, denominator: None, n: None }
}

/// A KPI's figure over services.
fn of_figure(figure: &Figure, n: usize) -> Option<Value> {
    #[expect(clippy::cast_precision_loss, reason = "counts of people are far below 2^52")]
    let numerator = figure.numerator.map(|count| count as f64);
    Some(Value { value: figure.percent?, numerator, denominator: figure.denominator, n: Some(n) })
}
