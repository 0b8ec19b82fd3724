//! `/rounds/{year}/responses/{service}/hospitals`: what the register maps to a service, and what it holds against that.

use chrono::{DateTime, Utc};
use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde::Deserialize;

use super::Tag;
use super::body::JsonBody;
use super::key::Key;
use super::paging::{default_limit, page};
use super::problem::Refusal;
use crate::app::App;
use crate::app::hospitals::{self, NewChallenge, ServiceHospitals};
use crate::domain::challenge;
use crate::store::challenges::Challenge as StoredChallenge;

/// What a service claims of a hospital.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum, Deserialize)]
#[oai(rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
pub enum Claim {
    /// The service covers it, and the register does not say so.
    Ours,
    /// The register says that the service covers it, and it does not.
    NotOurs,
    /// The number of its hip fractures is wrong.
    Figure,
}

impl From<challenge::Claim> for Claim {
    fn from(claim: challenge::Claim) -> Self {
        match claim {
            challenge::Claim::Ours => Self::Ours,
            challenge::Claim::NotOurs => Self::NotOurs,
            challenge::Claim::Figure => Self::Figure,
        }
    }
}

impl Claim {
    fn word(self) -> &'static str {
        match self {
            Self::Ours => challenge::Claim::Ours.as_str(),
            Self::NotOurs => challenge::Claim::NotOurs.as_str(),
            Self::Figure => challenge::Claim::Figure.as_str(),
        }
    }
}

/// How a challenge stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum ChallengeState {
    /// The audit team has not decided yet.
    Open,
    /// The service is right: the register is to be changed.
    Accepted,
    /// The register stays.
    Rejected,
}

/// What is held against the register.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HospitalChallenge {
    /// Its id.
    pub id: String,
    /// Unit code of the service.
    pub service: String,
    /// NHFD code of the hospital.
    pub hospital: String,
    /// What is claimed.
    pub claim: Claim,
    /// It was opened by the submitted answer, not written by somebody.
    pub by_answer: bool,
    /// Why.
    pub reason: String,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// How it stands.
    pub state: ChallengeState,
    /// What the service is told about the decision.
    pub note: Option<String>,
    /// When it was decided.
    pub decided_at: Option<DateTime<Utc>>,
}

impl From<StoredChallenge> for HospitalChallenge {
    fn from(stored: StoredChallenge) -> Self {
        let state = match &stored.decision {
            None => ChallengeState::Open,
            Some(decision) if decision.accepted => ChallengeState::Accepted,
            Some(_) => ChallengeState::Rejected,
        };
        Self {
            id: stored.id,
            service: stored.service,
            hospital: stored.hospital,
            claim: stored.claim.into(),
            by_answer: stored.source == challenge::Source::Answer,
            reason: stored.reason,
            made_at: stored.made_at,
            state,
            decided_at: stored.decision.as_ref().map(|decision| decision.at),
            note: stored.decision.map(|decision| decision.note),
        }
    }
}

/// The hip fractures of a hospital in a year.
#[derive(Debug, Object)]
pub struct HipFractures {
    /// NHFD code of the hospital.
    pub hospital: String,
    /// Calendar year.
    pub year: i32,
    /// Hip fractures.
    pub hip_fractures: i64,
}

/// The expected cases of a service in a year.
#[derive(Debug, Object)]
pub struct ExpectedCases {
    /// Calendar year.
    pub year: i32,
    /// Expected cases.
    pub expected: i64,
}

/// Where the answer on hospitals differs from the register.
#[derive(Debug, Object)]
pub struct HospitalDifference {
    /// NHFD code of the hospital.
    pub hospital: String,
    /// What the answer comes to.
    pub claim: Claim,
}

/// The hospitals of a service in a round.
#[derive(Debug, Object)]
pub struct HospitalsOfService {
    /// Unit code of the service.
    pub service: String,
    /// The audit year.
    pub year: i32,
    /// NHFD codes of the hospitals that the register maps to the service.
    pub hospitals: Vec<String>,
    /// Their hip fractures; a year without a figure has none here.
    pub hip_fractures: Vec<HipFractures>,
    /// Expected cases for each hip fracture.
    pub multiplier: i64,
    /// Expected cases; a year without is not here.
    pub expected: Vec<ExpectedCases>,
    /// Where the answer differs from the register as it is.
    pub differences: Vec<HospitalDifference>,
    /// What was held against the register, the oldest first.
    pub challenges: Vec<HospitalChallenge>,
    /// The key may challenge now.
    pub can_challenge: bool,
}

impl From<ServiceHospitals> for HospitalsOfService {
    fn from(found: ServiceHospitals) -> Self {
        let mut hip_fractures = Vec::new();
        for line in &found.hospitals {
            let cases = found.years.iter().zip(&line.cases).filter_map(|(year, cases)| Some((*year, (*cases)?)));
            hip_fractures.extend(cases.map(|(year, cases)| HipFractures {
                hospital: line.hospital.code.clone(),
                year,
                hip_fractures: cases,
            }));
        }
        let expected = found.years.iter().zip(&found.expected);
        let expected = expected.filter_map(|(year, cases)| Some(ExpectedCases { year: *year, expected: (*cases)? }));
        Self {
            service: found.service.code.clone(),
            year: found.round.year,
            hospitals: found.hospitals.iter().map(|line| line.hospital.code.clone()).collect(),
            hip_fractures,
            multiplier: found.multiplier,
            expected: expected.collect(),
            differences: found
                .differences
                .into_iter()
                .map(|(hospital, claim)| HospitalDifference { hospital: hospital.code, claim: claim.into() })
                .collect(),
            challenges: found.challenges.into_iter().map(|line| line.challenge.into()).collect(),
            can_challenge: found.can_challenge,
        }
    }
}

/// A challenge to be sent.
#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub struct NewHospitalChallenge {
    /// NHFD code of the hospital.
    #[oai(validator(max_length = 20))]
    pub hospital: String,
    /// What is claimed.
    pub claim: Claim,
    /// Why.
    #[oai(validator(min_length = 1, max_length = 2000))]
    pub reason: String,
}

/// A decision.
#[derive(Debug, Object, Deserialize)]
#[oai(deny_unknown_fields)]
#[serde(deny_unknown_fields)]
pub struct ChallengeDecision {
    /// The service is right.
    pub accepted: bool,
    /// What the service is told.
    #[oai(validator(min_length = 1, max_length = 2000))]
    pub note: String,
}

/// Challenges of a round.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct HospitalChallengeList {
    /// The challenges, sorted by id.
    pub items: Vec<HospitalChallenge>,
    /// Send it as `after` to read on; absent on the last page.
    pub next: Option<String>,
}

/// The operations on the hospitals of services.
#[derive(Debug)]
pub struct ServicesHospitals;

#[OpenApi(tag = "Tag::Responses")]
impl ServicesHospitals {
    /// Get the hospitals of a service
    ///
    /// What the register maps to the service, with hip fractures and expected cases, and what is held against it.
    #[oai(path = "/rounds/:year/responses/:service/hospitals", method = "get", operation_id = "get_service_hospitals")]
    async fn one(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Path<String>,
    ) -> Result<Json<HospitalsOfService>, Refusal<404>> {
        Ok(Json(app.run(move |app| hospitals::of_service(app, &key.0, year.0, &service.0)).await?.into()))
    }

    /// Challenge what the register says of a hospital
    ///
    /// While the round is open. The register decides, not the answer: the audit team sees the challenge and decides it.
    #[oai(path = "/rounds/:year/responses/:service/hospitals", method = "post", operation_id = "challenge_hospital")]
    async fn challenge(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Path<String>,
        new: JsonBody<NewHospitalChallenge>,
    ) -> Result<Json<HospitalChallenge>, Refusal<404, 409, 422>> {
        let work = move |app: &App| {
            let NewHospitalChallenge { hospital, claim, reason } = &new.0;
            let new = NewChallenge { hospital, claim: claim.word(), reason };
            hospitals::challenge(app, &key.0, year.0, &service.0, &new)
        };
        Ok(Json(app.run(work).await?.into()))
    }

    /// List the challenged hospitals of a round
    ///
    /// What services say of the hospitals that are mapped to them, with what was decided.
    #[oai(path = "/rounds/:year/hospital-challenges", method = "get", operation_id = "list_hospital_challenges")]
    async fn list(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        after: Query<Option<String>>,
    ) -> Result<Json<HospitalChallengeList>, Refusal<404>> {
        let mut lines = app.run(move |app| hospitals::of_round(app, &key.0, year.0)).await?;
        lines.sort_by(|a, b| a.challenge.id.cmp(&b.challenge.id));
        let (lines, next) = page(lines, after.0.as_deref(), limit.0, |line| line.challenge.id.clone());
        Ok(Json(HospitalChallengeList { items: lines.into_iter().map(|line| line.challenge.into()).collect(), next }))
    }

    /// Decide a challenge
    ///
    /// For the audit team, once. Accepting it says that the register is to be changed, by an import of `hospitals.csv`.
    #[oai(
        path = "/rounds/:year/hospital-challenges/:challenge/decision",
        method = "post",
        operation_id = "decide_hospital_challenge"
    )]
    async fn decide(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The challenge's id.
        #[oai(validator(max_length = 80))]
        challenge: Path<String>,
        decision: JsonBody<ChallengeDecision>,
    ) -> Result<Json<HospitalChallenge>, Refusal<404, 409, 422>> {
        let work = move |app: &App| {
            let ChallengeDecision { accepted, note } = &decision.0;
            hospitals::decide(app, &key.0, year.0, &challenge.0, Some(*accepted), note)
        };
        Ok(Json(app.run(work).await?.into()))
    }
}
