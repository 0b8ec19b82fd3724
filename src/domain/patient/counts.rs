//! Adding records up: by service, month, KPI and stratum.

use std::collections::{BTreeMap, BTreeSet};
use std::str::FromStr;

use super::record::{LEAST_AGE, PatientRecord, Treatment};
use super::rules::{Case, case, month};
use crate::domain::count::{Counts, Period};

/// From this age on a patient is in the older band.
const OLDER_BAND_FROM: u16 = 75;
const NOT_RECORDED: &str = "not_recorded";
const KPIS: std::ops::RangeInclusive<i32> = 2..=11;

/// By what a stratum divides the records. In alphabetical order, as a stratum names its keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum StratumKey {
    /// Under 75, or 75 and over.
    AgeBand,
    /// The treatments of KPI 7 that are no recommendation. These divide no records: each has the whole denominator.
    Outcome,
    /// Where the patient lived.
    Residence,
    /// Sex.
    Sex,
    /// The bone.
    Site,
}

impl StratumKey {
    /// Every key.
    pub const ALL: [Self; 5] = [Self::AgeBand, Self::Outcome, Self::Residence, Self::Sex, Self::Site];

    /// Its name in a stratum.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AgeBand => "age_band",
            Self::Outcome => "outcome",
            Self::Residence => "residence",
            Self::Sex => "sex",
            Self::Site => "site",
        }
    }

    fn value(self, record: &PatientRecord) -> &'static str {
        match self {
            Self::AgeBand if record.age >= OLDER_BAND_FROM => "75+",
            Self::AgeBand => "under_75",
            Self::Outcome => record.treatment.map_or(NOT_RECORDED, Treatment::as_str),
            Self::Residence => record.residence.map_or(NOT_RECORDED, |value| value.as_str()),
            Self::Sex => record.sex.map_or(NOT_RECORDED, |value| value.as_str()),
            Self::Site => record.site.map_or(NOT_RECORDED, |value| value.as_str()),
        }
    }
}

/// One way to divide the records: by one key, or by several at once.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Division(Vec<StratumKey>);

impl Division {
    /// By each key alone.
    pub fn each() -> Vec<Self> {
        StratumKey::ALL.into_iter().map(|key| Self(vec![key])).collect()
    }

    fn is_by_outcome(&self) -> bool {
        self.0.contains(&StratumKey::Outcome)
    }

    /// The stratum that a record lies in.
    fn stratum(&self, record: &PatientRecord) -> String {
        let parts: Vec<String> = self.0.iter().map(|key| format!("{}={}", key.as_str(), key.value(record))).collect();
        parts.join(";")
    }
}

impl FromStr for Division {
    type Err = String;

    /// Reads `sex`, `age_band+sex`.
    fn from_str(text: &str) -> Result<Self, String> {
        let known = || StratumKey::ALL.map(StratumKey::as_str).join(", ");
        let keys = text.split('+').map(|word| {
            let found = StratumKey::ALL.into_iter().find(|key| key.as_str() == word);
            found.ok_or_else(|| format!("{word:?} is not one of {}", known()))
        });
        let keys: Vec<StratumKey> = keys.collect::<Result<_, _>>()?;
        let once: BTreeSet<StratumKey> = keys.iter().copied().collect();
        if once.len() != keys.len() {
            return Err(format!("{text:?} names a key twice"));
        }
        if once.len() > 1 && once.contains(&StratumKey::Outcome) {
            return Err("outcome goes with no other key".into());
        }
        Ok(Self(once.into_iter().collect()))
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    numerator: i64,
    denominator: i64,
    eligible: i64,
    complete: i64,
}

impl Tally {
    fn add(&mut self, case: Case) {
        self.numerator += i64::from(case.numerator);
        self.denominator += i64::from(case.denominator);
        self.eligible += i64::from(case.eligible);
        self.complete += i64::from(case.complete);
    }

    fn is_empty(self) -> bool {
        self.numerator == 0 && self.denominator == 0 && self.eligible == 0
    }
}

/// What one service has: the months with records, by when they count, and the tallies by KPI and stratum.
#[derive(Debug, Default)]
struct ServiceTallies {
    months: BTreeMap<Period, BTreeSet<i32>>,
    tallies: BTreeMap<(i32, String), BTreeMap<Period, Tally>>,
}

/// A row of `kpi_counts.csv`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CountedRow {
    /// Unit code.
    pub service: String,
    /// The month in which the cases count.
    pub month: Period,
    /// 2 to 11.
    pub kpi: i32,
    /// Empty for all patients.
    pub stratum: String,
    /// The numbers.
    pub counts: Counts,
}

/// Adds records up. Memory grows with the services, months and strata, not with the records.
#[derive(Debug)]
pub struct Counting {
    divisions: Vec<Division>,
    year: Option<i32>,
    services: BTreeMap<String, ServiceTallies>,
    counted: u64,
    too_young: u64,
}

impl Counting {
    /// Begins. With a year only what counts in that audit year is counted.
    pub fn new(divisions: Vec<Division>, year: Option<i32>) -> Self {
        Self { divisions, year, services: BTreeMap::new(), counted: 0, too_young: 0 }
    }

    /// Counts a record, unless the patient is too young for the audit.
    pub fn add(&mut self, record: &PatientRecord) {
        if record.age < LEAST_AGE {
            self.too_young += 1;
            return;
        }
        self.counted += 1;
        let whole = self.divisions.iter().filter(|division| !division.is_by_outcome());
        let strata: Vec<String> = whole.map(|division| division.stratum(record)).collect();
        let by_outcome = self.divisions.iter().any(Division::is_by_outcome);
        for kpi in KPIS {
            let Some(month) = month(kpi, record) else { continue };
            if self.year.is_some_and(|year| month.stored() / 100 != year) {
                continue;
            }
            let case = case(kpi, record);
            let service = self.services.entry(record.service.clone()).or_default();
            service.months.entry(month).or_default().insert(kpi);
            let mut add = |stratum: String, case: Case| {
                service.tallies.entry((kpi, stratum)).or_default().entry(month).or_default().add(case);
            };
            add(String::new(), case);
            for stratum in &strata {
                add(stratum.clone(), case);
            }
            if kpi == 7 && by_outcome {
                for outcome in Treatment::ALL.iter().filter(|outcome| **outcome != Treatment::Recommended) {
                    let stratum = format!("{}={}", StratumKey::Outcome.as_str(), outcome.as_str());
                    add(stratum, Case { numerator: record.treatment == Some(*outcome), ..case });
                }
            }
        }
    }

    /// Records that were counted.
    pub fn counted(&self) -> u64 {
        self.counted
    }

    /// Records left out because the patient was under 50.
    pub fn too_young(&self) -> u64 {
        self.too_young
    }

    /// The services with records.
    pub fn services(&self) -> impl Iterator<Item = &str> {
        self.services.keys().map(String::as_str)
    }

    /// The rows, in the order of the file.
    ///
    /// Each month with records has a row for every KPI, and for every stratum of which the service has anybody in any
    /// month: a corrected file that is loaded over an earlier one then leaves no older figure standing.
    pub fn rows(&self) -> impl Iterator<Item = CountedRow> + '_ {
        self.services.iter().flat_map(|(code, service)| {
            let used: Vec<_> = service
                .tallies
                .iter()
                .filter(|((_, stratum), months)| stratum.is_empty() || months.values().any(|tally| !tally.is_empty()))
                .collect();
            service.months.iter().flat_map(move |(month, kpis)| {
                let rows: Vec<CountedRow> = used
                    .iter()
                    .filter(|((kpi, _), _)| kpis.contains(kpi))
                    .map(|((kpi, stratum), months)| CountedRow {
                        service: code.clone(),
                        month: *month,
                        kpi: *kpi,
                        stratum: stratum.clone(),
                        counts: counts(*kpi, months.get(month).copied().unwrap_or_default()),
                    })
                    .collect();
                rows
            })
        })
    }
}

fn counts(kpi: i32, tally: Tally) -> Counts {
    Counts {
        numerator: tally.numerator,
        denominator: (kpi > 3).then_some(tally.denominator),
        eligible: Some(tally.eligible),
        complete: Some(tally.complete),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{Days, NaiveDate};
    use proptest::option;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::domain::count::{check_counts, check_stratum};
    use crate::domain::patient::record::{Event, Falls, FirstFollowUp, Residence, Sex, Site, TwelveMonths};

    fn event(fracture: NaiveDate) -> impl Strategy<Value = Event> {
        prop_oneof![
            Just(Event::NotRecorded),
            Just(Event::NotDone),
            (80_u64..120).prop_map(move |days| Event::On(fracture + Days::new(days))),
        ]
    }

    fn any_record() -> impl Strategy<Value = PatientRecord> {
        (0_u64..800).prop_flat_map(|day| {
            let fracture = NaiveDate::from_ymd_opt(2020, 1, 1).unwrap() + Days::new(day);
            let who = (
                select(vec!["FLS001", "FLS002"]),
                prop_oneof![48_u16..52, 73_u16..78],
                option::of(select(Sex::ALL)),
                option::of(select(Residence::ALL)),
                option::of(select(Site::ALL)),
                option::of(0_u64..400),
            );
            let what = (
                event(fracture),
                option::of(any::<bool>()),
                event(fracture),
                option::of(select(Falls::ALL)),
                option::of(select(Treatment::ALL)),
                event(fracture),
                event(fracture),
                option::of(select(FirstFollowUp::ALL)),
                option::of(select(TwelveMonths::ALL)),
            );
            (who, what).prop_map(move |(who, what)| PatientRecord {
                service: who.0.to_owned(),
                fracture,
                age: who.1,
                sex: who.2,
                residence: who.3,
                site: who.4,
                death: who.5.map(|days| fracture + Days::new(days)),
                assessment: what.0,
                dxa_ordered: what.1,
                dxa: what.2,
                falls: what.3,
                treatment: what.4,
                strength_balance: what.5,
                follow_up: what.6,
                treatment_at_follow_up: what.7,
                treatment_at_12_months: what.8,
            })
        })
    }

    fn sum<'a>(rows: impl Iterator<Item = &'a CountedRow>) -> [i64; 4] {
        rows.fold([0; 4], |[n, d, e, c], row| {
            let counts = row.counts;
            let or_0 = |count: Option<i64>| count.unwrap_or(0);
            [n + counts.numerator, d + or_0(counts.denominator), e + or_0(counts.eligible), c + or_0(counts.complete)]
        })
    }

    proptest! {
        /// The parts of each division add up to the whole, every row is one that an import takes, and nothing is
        /// counted twice or lost.
        #[test]
        fn strata_add_up_to_the_total(records in prop::collection::vec(any_record(), 0..60)) {
            let pairs: Division = "sex+age_band".parse().unwrap();
            let mut counting = Counting::new([Division::each(), vec![pairs]].concat(), None);
            for record in &records {
                counting.add(record);
            }
            let rows: Vec<CountedRow> = counting.rows().collect();
            let keys: Vec<_> = rows.iter().map(|r| (&r.service, r.month, r.kpi, &r.stratum)).collect();
            prop_assert!(keys.is_sorted_by(|a, b| a < b), "in the order of the file, each key once");
            for row in &rows {
                prop_assert_eq!(check_counts(row.kpi, row.counts), Vec::new());
                prop_assert_eq!(check_stratum(&row.stratum), Ok(()));
            }
            let old_enough = records.iter().filter(|record| record.age >= LEAST_AGE).count();
            prop_assert_eq!(counting.counted(), u64::try_from(old_enough).unwrap());
            let identified = sum(rows.iter().filter(|row| row.kpi == 2 && row.stratum.is_empty()));
            prop_assert_eq!(identified[0], i64::try_from(old_enough).unwrap());
            for whole in rows.iter().filter(|row| row.stratum.is_empty()) {
                let beside = |row: &&CountedRow| {
                    row.service == whole.service && row.month == whole.month && row.kpi == whole.kpi
                };
                for key in ["age_band=", "residence=", "sex=", "site="] {
                    for pair in [false, true] {
                        let parts = rows.iter().filter(beside).filter(|row| {
                            row.stratum.starts_with(key) && row.stratum.contains(';') == pair
                        });
                        let expected = if pair && key != "age_band=" { [0; 4] } else { sum(std::iter::once(whole)) };
                        prop_assert_eq!(sum(parts), expected, "{}", key);
                    }
                }
                let outcomes: Vec<_> =
                    rows.iter().filter(beside).filter(|row| row.stratum.starts_with("outcome=")).collect();
                if whole.kpi == 7 {
                    prop_assert_eq!(outcomes.len(), 5);
                    let others: i64 = outcomes.iter().map(|row| row.counts.numerator).sum();
                    let recorded = whole.counts.complete.unwrap();
                    prop_assert_eq!(others + whole.counts.numerator, recorded, "each has one outcome");
                } else {
                    prop_assert_eq!(outcomes.len(), 0);
                }
            }
        }
    }

    #[test]
    fn ages_at_the_edges_and_empty_months() {
        let day = |month| NaiveDate::from_ymd_opt(2021, month, 1).unwrap();
        let mut counting = Counting::new(vec!["age_band".parse().unwrap()], Some(2021));
        for (age, month) in [(49, 1), (50, 1), (74, 1), (75, 1), (75, 3)] {
            counting.add(&PatientRecord::blank("FLS001", day(month), age));
        }
        assert_eq!((counting.counted(), counting.too_young()), (4, 1));
        let rows: Vec<(String, String, i64)> = counting
            .rows()
            .filter(|row| row.kpi == 2)
            .map(|row| (row.month.to_string(), row.stratum, row.counts.numerator))
            .collect();
        let row = |month: &str, stratum: &str, n| (month.to_owned(), stratum.to_owned(), n);
        assert_eq!(
            rows,
            [
                row("2021-01", "", 3),
                row("2021-01", "age_band=75+", 1),
                row("2021-01", "age_band=under_75", 2),
                row("2021-03", "", 1),
                row("2021-03", "age_band=75+", 1),
                // A stratum that the service has elsewhere is 0 here; a month without records has no rows at all.
                row("2021-03", "age_band=under_75", 0),
            ]
        );
        assert!(counting.rows().all(|row| row.kpi != 11), "their checks fall due in 2022");
    }

    #[test]
    fn divisions_are_read() {
        assert_eq!("sex+age_band".parse::<Division>(), Ok(Division(vec![StratumKey::AgeBand, StratumKey::Sex])));
        for wrong in ["", "shoe_size", "sex+sex", "outcome+sex"] {
            assert!(wrong.parse::<Division>().is_err(), "{wrong}");
        }
    }
}
