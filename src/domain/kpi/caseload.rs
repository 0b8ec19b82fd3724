//! The expected caseload: how many fragility fractures a service should see in a year.

use std::collections::BTreeMap;

use crate::domain::register::{Hospital, valid_in_year};

/// The expected cases of one service in one year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caseload {
    /// Cases in the year; `None` where it has no hospital with a figure and none was stated.
    pub expected: Option<i64>,
    /// The figure that the audit team stated in place of the rule.
    pub stated: Option<Stated>,
    /// The hospitals that are mapped to it in the year, by code, with their hip fractures where there is a figure.
    pub hospitals: BTreeMap<String, Option<i64>>,
}

/// A stated expected caseload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stated {
    /// Cases in the year.
    pub expected: i64,
    /// Why, where that was written down.
    pub reason: Option<String>,
}

impl Caseload {
    /// Hip fractures of its hospitals; `None` where none has a figure.
    pub fn hip_fractures(&self) -> Option<i64> {
        let figures: Vec<i64> = self.hospitals.values().flatten().copied().collect();
        (!figures.is_empty()).then(|| figures.iter().sum())
    }
}

/// A hospital that no service covers in a year.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmapped {
    /// NHFD code.
    pub code: String,
    /// Name as printed.
    pub name: String,
    /// The area it lies in.
    pub area_code: String,
    /// Its hip fractures in the year, where there is a figure.
    pub hip_fractures: Option<i64>,
    /// Expected cases that no service sees.
    pub expected: Option<i64>,
}

/// Who covers which cases in a year.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Cases {
    /// The caseload of every service that has a hospital or a stated figure.
    pub services: BTreeMap<String, Caseload>,
    /// The hospitals that no service covers, in the order of their codes.
    pub unmapped: Vec<Unmapped>,
}

impl Cases {
    /// Works out a year's cases: `multiplier` × the hip fractures of the hospitals whose mapping holds on some day of the
    /// year, or what was stated instead.
    pub fn of_year(
        year: i32,
        multiplier: i64,
        hospitals: &[Hospital],
        hip_fractures: &BTreeMap<String, i64>,
        stated: BTreeMap<String, Stated>,
    ) -> Self {
        let mut cases = Self::default();
        for hospital in hospitals {
            let count = hip_fractures.get(&hospital.code).copied();
            let mapped = valid_in_year(hospital.valid_from, hospital.valid_to, year);
            match hospital.service_code.as_ref().filter(|_| mapped) {
                Some(service) => {
                    let caseload = cases.services.entry(service.clone()).or_default();
                    caseload.hospitals.insert(hospital.code.clone(), count);
                }
                None => cases.unmapped.push(Unmapped {
                    code: hospital.code.clone(),
                    name: hospital.name.clone(),
                    area_code: hospital.area_code.clone(),
                    hip_fractures: count,
                    expected: count.map(|count| count * multiplier),
                }),
            }
        }
        for (service, stated) in stated {
            cases.services.entry(service).or_default().stated = Some(stated);
        }
        for caseload in cases.services.values_mut() {
            let by_rule = caseload.hip_fractures().map(|count| count * multiplier);
            caseload.expected = caseload.stated.as_ref().map(|stated| stated.expected).or(by_rule);
        }
        cases
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hospital(code: &str, service: Option<&str>, to: Option<&str>) -> Hospital {
        Hospital {
            code: code.into(),
            name: code.into(),
            area_code: "QA".into(),
            service_code: service.map(Into::into),
            valid_from: None,
            valid_to: to.map(|day| day.parse().unwrap()),
            latitude: None,
            longitude: None,
        }
    }

    #[test]
    fn five_times_the_hip_fractures_of_mapped_hospitals() {
        let hospitals = [
            hospital("H1", Some("AAA"), None),
            hospital("H2", Some("AAA"), Some("2020-12-31")),
            hospital("H3", Some("BBB"), None),
            hospital("H4", None, None),
            hospital("H5", Some("CCC"), None),
        ];
        let fractures = [("H1", 100), ("H2", 40), ("H4", 7), ("H5", 9)].map(|(code, n)| (code.to_owned(), n)).into();
        let stated = BTreeMap::from([("CCC".to_owned(), Stated { expected: 60, reason: Some("two sites".into()) })]);
        let of = |year| Cases::of_year(year, 5, &hospitals, &fractures, stated.clone());
        let expected = |cases: &Cases, service: &str| cases.services.get(service).and_then(|c| c.expected);
        let cases = of(2020);
        assert_eq!(expected(&cases, "AAA"), Some(700), "the mapping of H2 holds in 2020");
        assert_eq!(expected(&cases, "BBB"), None, "a hospital without a figure is not a hospital without cases");
        assert_eq!(expected(&cases, "CCC"), Some(60), "what was stated goes before the rule");
        assert_eq!(cases.services["CCC"].hip_fractures(), Some(9));
        let later = of(2021);
        assert_eq!(expected(&later, "AAA"), Some(500));
        let unmapped: Vec<_> = later.unmapped.iter().map(|h| (h.code.as_str(), h.expected)).collect();
        assert_eq!(unmapped, [("H2", Some(200)), ("H4", Some(35))]);
    }
}
