//! Who is who: services, hospitals and their expected cases.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::NaiveDate;

use super::area::AreaTree;
use super::kpi::caseload::{Cases, Stated};
use super::questionnaire::reading::RegisterCodes;
use super::round::Round;

/// The whole register as it stands at one moment. It never changes; a change of the register is another value.
#[derive(Debug)]
pub struct Register {
    /// The rounds, oldest first.
    pub rounds: Vec<Round>,
    /// The areas, as at the newest change on record.
    pub tree: AreaTree,
    /// The services by code.
    pub services: BTreeMap<String, Service>,
    /// The hospitals, in the order of their codes.
    pub hospitals: Vec<Hospital>,
    /// Hip fractures by year and hospital.
    pub hip_fractures: BTreeMap<i32, BTreeMap<String, i64>>,
    /// Stated caseloads by year and service.
    pub stated: BTreeMap<i32, BTreeMap<String, Stated>>,
    /// Cases that were worked out, by year and multiplier: every benchmark and every check asks for them.
    cases: Mutex<BTreeMap<(i32, i64), Arc<Cases>>>,
    /// Codes that were gathered, by year: every save asks for them.
    codes: Mutex<BTreeMap<i32, Arc<RegisterCodes>>>,
}

impl Register {
    /// Puts a register together.
    pub fn new(
        rounds: Vec<Round>,
        tree: AreaTree,
        services: Vec<Service>,
        hospitals: Vec<Hospital>,
        hip_fractures: BTreeMap<i32, BTreeMap<String, i64>>,
        stated: BTreeMap<i32, BTreeMap<String, Stated>>,
    ) -> Self {
        let services = services.into_iter().map(|service| (service.code.clone(), service)).collect();
        Self {
            rounds,
            tree,
            services,
            hospitals,
            hip_fractures,
            stated,
            cases: Mutex::default(),
            codes: Mutex::default(),
        }
    }

    /// The round of an audit year.
    pub fn round(&self, year: i32) -> Option<&Round> {
        self.rounds.iter().find(|round| round.year == year)
    }

    /// The last round before an audit year.
    pub fn round_before(&self, year: i32) -> Option<&Round> {
        self.rounds.iter().rev().find(|round| round.year < year)
    }

    /// The services that exist in a year, in the order of their codes.
    pub fn services_in(&self, year: i32) -> impl Iterator<Item = &Service> {
        self.services.values().filter(move |service| valid_in_year(service.valid_from, service.valid_to, year))
    }

    /// The hospitals whose mapping holds in a year, in the order of their codes.
    pub fn hospitals_in(&self, year: i32) -> impl Iterator<Item = &Hospital> {
        self.hospitals.iter().filter(move |hospital| valid_in_year(hospital.valid_from, hospital.valid_to, year))
    }

    /// A hospital by its code.
    pub fn hospital(&self, code: &str) -> Option<&Hospital> {
        let at = self.hospitals.binary_search_by(|hospital| hospital.code.as_str().cmp(code)).ok()?;
        self.hospitals.get(at)
    }

    /// A hospital's hip fractures in a year; `None` where there is no figure.
    pub fn hip_fractures_of(&self, hospital: &str, year: i32) -> Option<i64> {
        self.hip_fractures.get(&year)?.get(hospital).copied()
    }

    /// The codes that an answer for a year may name.
    pub fn codes_in(&self, year: i32) -> Arc<RegisterCodes> {
        let mut kept = self.codes.lock().unwrap_or_else(PoisonError::into_inner);
        let of_year = || {
            Arc::new(RegisterCodes {
                hospitals: self.hospitals_in(year).map(|hospital| hospital.code.clone()).collect(),
                areas: self.tree.iter().map(|area| area.code.clone()).collect::<BTreeSet<_>>(),
            })
        };
        Arc::clone(kept.entry(year).or_insert_with(of_year))
    }

    /// Who covers which cases in a year, at `multiplier` cases for each hip fracture.
    pub fn cases(&self, year: i32, multiplier: i64) -> Arc<Cases> {
        let mut kept = self.cases.lock().unwrap_or_else(PoisonError::into_inner);
        let of_year = || {
            let hip_fractures = self.hip_fractures.get(&year).cloned().unwrap_or_default();
            let stated = self.stated.get(&year).cloned().unwrap_or_default();
            Arc::new(Cases::of_year(year, multiplier, &self.hospitals, &hip_fractures, stated))
        };
        Arc::clone(kept.entry((year, multiplier)).or_insert_with(of_year))
    }

    /// A service's expected cases in a year, at `multiplier` cases for each hip fracture; `None` where it has no hospital
    /// with a figure and none was stated.
    pub fn expected_cases(&self, service: &str, year: i32, multiplier: i64) -> Option<i64> {
        self.cases(year, multiplier).services.get(service).and_then(|caseload| caseload.expected)
    }
}

/// A Fracture Liaison Service. Its key is the audit's unit code, `[A-Z0-9]{3,8}`, which is not an ODS code.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// Unit code.
    pub code: String,
    /// Name as printed.
    pub name: String,
    /// ODS code of the host trust; community interest companies have none.
    pub trust_code: Option<String>,
    /// Name of the host trust.
    pub trust_name: Option<String>,
    /// Host area: an ICB, a health board or a nation.
    pub area_code: String,
    /// First day of the service, if known.
    pub valid_from: Option<NaiveDate>,
    /// Last day of the service, if it has ended.
    pub valid_to: Option<NaiveDate>,
    /// The service that took over.
    pub successor_code: Option<String>,
}

/// A hospital of the National Hip Fracture Database, mapped to a service or to none.
#[derive(Debug, Clone, PartialEq)]
pub struct Hospital {
    /// NHFD hospital code.
    pub code: String,
    /// Name as printed.
    pub name: String,
    /// The area it lies in.
    pub area_code: String,
    /// The service that covers it; `None` is an unmapped hospital.
    pub service_code: Option<String>,
    /// First day of the mapping, if known.
    pub valid_from: Option<NaiveDate>,
    /// Last day of the mapping, if it has ended.
    pub valid_to: Option<NaiveDate>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
}

/// True where something valid `from`–`to` (both inclusive, open where `None`) exists on some day of the calendar year.
pub fn valid_in_year(from: Option<NaiveDate>, to: Option<NaiveDate>, year: i32) -> bool {
    use chrono::Datelike as _;
    from.is_none_or(|d| d.year() <= year) && to.is_none_or(|d| d.year() >= year)
}

/// True where `code` has the form of a unit code: three to eight capitals and digits.
pub fn is_service_code(code: &str) -> bool {
    (3..=8).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}
