//! What a service may hold against the register's hospitals. The register decides, not the answer: a claim is a query to the
//! audit team and changes nothing by itself.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

/// What a service claims of a hospital.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Claim {
    /// The service covers it, and the register does not say so.
    Ours,
    /// The register says that the service covers it, and it does not.
    NotOurs,
    /// The number of its hip fractures is wrong.
    Figure,
}

impl Claim {
    /// Every claim.
    pub const ALL: [Self; 3] = [Self::Ours, Self::NotOurs, Self::Figure];

    /// The word in storage, forms and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ours => "ours",
            Self::NotOurs => "not_ours",
            Self::Figure => "figure",
        }
    }

    /// What it says.
    pub fn words(self) -> &'static str {
        match self {
            Self::Ours => "We cover this hospital",
            Self::NotOurs => "We do not cover this hospital",
            Self::Figure => "The number of hip fractures is wrong",
        }
    }
}

impl fmt::Display for Claim {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Claim {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|claim| claim.as_str() == text).ok_or_else(|| format!("{text:?} is no claim"))
    }
}

/// How a challenge came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Somebody of the service wrote it.
    Lead,
    /// The submitted answer on hospitals differs from the register.
    Answer,
}

impl Source {
    /// The word in storage and the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Lead => "lead",
            Self::Answer => "answer",
        }
    }
}

impl FromStr for Source {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Lead, Self::Answer]
            .into_iter()
            .find(|source| source.as_str() == text)
            .ok_or_else(|| format!("{text:?} is no source of a challenge"))
    }
}

/// Where an answer on hospitals differs from the register, sorted by hospital.
pub fn differences(answered: &BTreeSet<String>, mapped: &BTreeSet<String>) -> Vec<(String, Claim)> {
    let ours = answered.difference(mapped).map(|code| (code.clone(), Claim::Ours));
    let not_ours = mapped.difference(answered).map(|code| (code.clone(), Claim::NotOurs));
    let mut all: Vec<(String, Claim)> = ours.chain(not_ours).collect();
    all.sort();
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_differs_both_ways() {
        let set = |codes: &[&str]| codes.iter().map(|code| (*code).to_owned()).collect();
        let found = differences(&set(&["A", "C"]), &set(&["A", "B"]));
        assert_eq!(found, [("B".to_owned(), Claim::NotOurs), ("C".to_owned(), Claim::Ours)]);
        assert!(differences(&set(&["A"]), &set(&["A"])).is_empty());
        for claim in Claim::ALL {
            assert_eq!(claim.as_str().parse(), Ok(claim));
        }
    }
}
