//! The hospitals of a service: what the register maps to it, how many hip fractures they had, how many cases are to be
//! expected, and what the service holds against that. The register decides, not the answer.

use std::collections::BTreeSet;

use chrono::NaiveDate;

use super::history::{self, actor_name};
use super::register::{round_in, service_in};
use super::{App, AppError, round_of};
use crate::domain::access::{Permission, Principal};
use crate::domain::challenge::{Claim, Source, differences};
use crate::domain::history::{Event, Object};
use crate::domain::questionnaire::answer::{AnswerValue, Document};
use crate::domain::register::{Hospital, Register, Service};
use crate::domain::round::{Act, Round};
use crate::store::challenges::{Challenge, Decision};
use crate::store::{self, DbConn};

/// The item that asks for the hospitals.
const ITEM: &str = "hospitals";

/// Characters that a reason or a note may have.
const LONGEST: usize = 2_000;

/// A hospital with its hip fractures in the years asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct HospitalLine {
    /// The hospital.
    pub hospital: Hospital,
    /// Its hip fractures, by year; `None` where there is no figure.
    pub cases: Vec<Option<i64>>,
}

/// A challenge with its names.
#[derive(Debug, Clone, PartialEq)]
pub struct ChallengeLine {
    /// The challenge.
    pub challenge: Challenge,
    /// The service.
    pub service_name: String,
    /// The hospital.
    pub hospital_name: String,
    /// Who made it.
    pub made_by: String,
    /// Who decided it; empty while it is open.
    pub decided_by: String,
    /// It was accepted, and the register still says otherwise.
    pub register_lags: bool,
}

/// The hospitals of a service in a round.
#[derive(Debug, Clone)]
pub struct ServiceHospitals {
    /// The round.
    pub round: Round,
    /// The service.
    pub service: Service,
    /// The years of the figures, the oldest first.
    pub years: Vec<i32>,
    /// The hospitals that the register maps to the service, by name.
    pub hospitals: Vec<HospitalLine>,
    /// The hospitals that it maps elsewhere, or to nobody, by name.
    pub others: Vec<Hospital>,
    /// Expected cases by year: as stated in the register, else the multiplier × the hip fractures.
    pub expected: Vec<Option<i64>>,
    /// Expected cases for each hip fracture.
    pub multiplier: i64,
    /// Where the answer on hospitals differs from the register now.
    pub differences: Vec<(Hospital, Claim)>,
    /// What was held against the register.
    pub challenges: Vec<ChallengeLine>,
    /// The reader may challenge now.
    pub can_challenge: bool,
    /// The last day to do so, where it is known.
    pub closes_on: Option<NaiveDate>,
}

/// What is challenged.
#[derive(Debug, Clone)]
pub struct NewChallenge<'a> {
    /// The hospital, by NHFD code.
    pub hospital: &'a str,
    /// What is claimed, by its word.
    pub claim: &'a str,
    /// Why.
    pub reason: &'a str,
}

fn mapped<'a>(hospitals: impl IntoIterator<Item = &'a Hospital>, service: &str) -> BTreeSet<String> {
    let own = hospitals.into_iter().filter(|hospital| hospital.service_code.as_deref() == Some(service));
    own.map(|hospital| hospital.code.clone()).collect()
}

/// What the answer on hospitals says; `None` where there is none.
fn answered(document: &Document) -> Option<BTreeSet<String>> {
    match document.value(ITEM)? {
        AnswerValue::Choices(codes) => Some(codes.iter().cloned().collect()),
        _ => None,
    }
}

fn must_read(register: &Register, who: &Principal, service: &Service) -> Result<(), AppError> {
    if who.may_for(Permission::ReadDraft, service, &register.tree) {
        return Ok(());
    }
    Err(AppError::Forbidden { action: format!("see the hospitals of {}", service.code) })
}

/// The hospitals of a service, its expected cases, and what it holds against them.
pub fn of_service(app: &App, who: &Principal, year: i32, service: &str) -> Result<ServiceHospitals, AppError> {
    app.read(|conn| {
        let register = app.register(conn)?;
        let round = round_in(&register, year)?.clone();
        let service = service_in(&register, service)?.clone();
        must_read(&register, who, &service)?;
        let multiplier = app.methodology_of(&round)?.caseload_multiplier;
        let mut all: Vec<Hospital> = register.hospitals_in(year).cloned().collect();
        all.sort_by(|a, b| (&a.name, &a.code).cmp(&(&b.name, &b.code)));
        let own = mapped(&all, &service.code);
        let counted = register.hip_fractures.range(..=year);
        let counted = counted.filter(|(_, of)| own.iter().any(|hospital| of.contains_key(hospital)));
        let years: BTreeSet<i32> = counted.map(|(of, _)| *of).chain([year]).collect();
        let years: Vec<i32> = years.into_iter().collect();
        let expected = years.iter().map(|of| register.expected_cases(&service.code, *of, multiplier)).collect();
        let stored = store::responses::find(conn, &service.code, year)?;
        let answer = stored.as_ref().and_then(|response| answered(&response.document));
        let found = answer.map(|answer| differences(&answer, &own)).unwrap_or_default();
        let named = |code: &String| all.iter().find(|hospital| hospital.code == *code).cloned();
        let differences = found.iter().filter_map(|(code, claim)| Some((named(code)?, *claim))).collect();
        let challenges = store::challenges::of_response(conn, &service.code, year)?;
        let challenges = challenges
            .into_iter()
            .map(|challenge| line(conn, challenge, &all, &service.name))
            .collect::<Result<_, _>>()?;
        let can_challenge =
            round.status.allows(Act::Answer) && who.may_for(Permission::SubmitResponse, &service, &register.tree);
        let (own, others): (Vec<_>, Vec<_>) = all.into_iter().partition(|hospital| own.contains(&hospital.code));
        let hospitals = own.into_iter().map(|hospital| {
            let cases = years.iter().map(|of| register.hip_fractures_of(&hospital.code, *of)).collect();
            HospitalLine { hospital, cases }
        });
        Ok(ServiceHospitals {
            hospitals: hospitals.collect(),
            closes_on: round.closes_on,
            round,
            service,
            years,
            others,
            expected,
            multiplier,
            differences,
            challenges,
            can_challenge,
        })
    })
}

fn line(
    conn: &mut DbConn,
    challenge: Challenge,
    hospitals: &[Hospital],
    service_name: &str,
) -> Result<ChallengeLine, AppError> {
    let hospital = hospitals.iter().find(|hospital| hospital.code == challenge.hospital);
    let ours = hospital.is_some_and(|hospital| hospital.service_code.as_deref() == Some(challenge.service.as_str()));
    let accepted = challenge.decision.as_ref().is_some_and(|decision| decision.accepted);
    let says_otherwise = match challenge.claim {
        Claim::Ours => !ours,
        Claim::NotOurs => ours,
        Claim::Figure => false,
    };
    Ok(ChallengeLine {
        service_name: service_name.to_owned(),
        hospital_name: hospital.map_or_else(|| challenge.hospital.clone(), |hospital| hospital.name.clone()),
        made_by: actor_name(conn, &challenge.made_by)?,
        decided_by: match &challenge.decision {
            Some(decision) => actor_name(conn, &decision.by)?,
            None => String::new(),
        },
        register_lags: accepted && says_otherwise,
        challenge,
    })
}

/// Challenges what the register says of a hospital, for the audit team to decide.
pub fn challenge(
    app: &App,
    who: &Principal,
    year: i32,
    service: &str,
    new: &NewChallenge<'_>,
) -> Result<Challenge, AppError> {
    app.write(|conn| {
        let register = app.register(conn)?;
        let round = round_in(&register, year)?;
        let service = service_in(&register, service)?;
        if !who.may_for(Permission::SubmitResponse, service, &register.tree) {
            let action = format!("challenge the hospitals of {}; its FLS lead can", service.code);
            return Err(AppError::Forbidden { action });
        }
        if !round.status.allows(Act::Answer) {
            let reason =
                format!("The round for {} is {}, so it is too late to challenge.", round.names(), round.status);
            return Err(AppError::Refused { code: "round_not_open", reason });
        }
        let hospitals: Vec<Hospital> = register.hospitals_in(year).cloned().collect();
        let (claim, reason) =
            AppError::both(checked_claim(new, &hospitals, &service.code), checked(new.reason, "reason"))?;
        let challenge = Challenge {
            id: app.new_id()?,
            year,
            service: service.code.clone(),
            hospital: new.hospital.to_owned(),
            claim,
            source: Source::Lead,
            reason,
            made_by: who.actor.clone(),
            made_at: app.now(),
            decision: None,
        };
        if !store::challenges::add(conn, &challenge)? {
            let reason = "This was challenged already, and the audit team has not decided yet.";
            return Err(AppError::Refused { code: "challenge_open", reason: reason.into() });
        }
        record_opened(app, conn, who, &challenge)?;
        Ok(challenge)
    })
}

fn record_opened(app: &App, conn: &mut DbConn, who: &Principal, challenge: &Challenge) -> Result<(), AppError> {
    let said = format!("{}: {}", challenge.hospital, challenge.claim.words());
    let event = Event::of("hospital_challenged").item(ITEM).new_value(said);
    history::record(app, conn, who, &Object::response(challenge.year, &challenge.service), vec![event])
}

/// A text that has to be there.
fn checked(text: &str, field: &'static str) -> Result<String, AppError> {
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if text.is_empty() {
        return Err(AppError::invalid(field, "missing", "Say why in a sentence or two."));
    }
    if text.chars().count() > LONGEST || text.contains('\0') {
        return Err(AppError::invalid(field, "too_long", format!("Keep it under {LONGEST} characters.")));
    }
    Ok(text)
}

fn checked_claim(new: &NewChallenge<'_>, hospitals: &[Hospital], service: &str) -> Result<Claim, AppError> {
    let claim = new.claim.parse::<Claim>();
    let claim = claim.map_err(|_| AppError::invalid("claim", "missing", "Choose what is wrong."));
    let hospital = hospitals.iter().find(|hospital| hospital.code == new.hospital);
    let hospital = hospital.ok_or_else(|| AppError::invalid("hospital", "unknown_hospital", "Choose a hospital."));
    let (claim, hospital) = AppError::both(claim, hospital)?;
    let ours = hospital.service_code.as_deref() == Some(service);
    match (claim, ours) {
        (Claim::Ours, true) => {
            let message = format!("The register says already that you cover {}.", hospital.name);
            Err(AppError::invalid("hospital", "mapped_already", message))
        }
        (Claim::NotOurs | Claim::Figure, false) => {
            let message = format!("The register does not say that you cover {}.", hospital.name);
            Err(AppError::invalid("hospital", "not_mapped", message))
        }
        _ => Ok(claim),
    }
}

/// Opens a challenge for each hospital in which a submitted answer differs from the register, unless the same was open or
/// decided before; within the transaction of the submit.
pub(super) fn challenge_by_answer(
    app: &App,
    conn: &mut DbConn,
    who: &Principal,
    year: i32,
    service: &str,
    document: &Document,
) -> Result<(), AppError> {
    let Some(answer) = answered(document) else { return Ok(()) };
    let own = mapped(app.register(conn)?.hospitals_in(year), service);
    let before = store::challenges::of_response(conn, service, year)?;
    let explanation = document.get(ITEM).and_then(|answer| answer.explanation.clone());
    let reason = explanation.unwrap_or_else(|| "The submitted answer differs from the register.".into());
    for (hospital, claim) in differences(&answer, &own) {
        if before.iter().any(|known| known.hospital == hospital && known.claim == claim) {
            continue;
        }
        let challenge = Challenge {
            id: app.new_id()?,
            year,
            service: service.to_owned(),
            hospital,
            claim,
            source: Source::Answer,
            reason: reason.clone(),
            made_by: who.actor.clone(),
            made_at: app.now(),
            decision: None,
        };
        if store::challenges::add(conn, &challenge)? {
            record_opened(app, conn, who, &challenge)?;
        }
    }
    Ok(())
}

/// The challenges of a round, for the audit team: the open ones first, each the oldest first.
pub fn of_round(app: &App, who: &Principal, year: i32) -> Result<Vec<ChallengeLine>, AppError> {
    if !who.may_everywhere(Permission::ReadDraft) {
        return Err(AppError::Forbidden { action: "read the challenges of a round; the audit team can".into() });
    }
    app.read(|conn| {
        round_of(conn, year)?;
        let register = app.register(conn)?;
        let mut lines = Vec::new();
        for challenge in store::challenges::of_round(conn, year)? {
            let name = register.services.get(&challenge.service).map_or("", |service| service.name.as_str());
            lines.push(line(conn, challenge, &register.hospitals, name)?);
        }
        lines.sort_by_key(|line| line.challenge.decision.is_some());
        Ok(lines)
    })
}

/// Decides a challenge. Accepting it says that the register is to be changed (by an import of `hospitals.csv`); it changes
/// no mapping by itself, since a mapping counts in every round.
pub fn decide(
    app: &App,
    who: &Principal,
    year: i32,
    id: &str,
    accepted: Option<bool>,
    note: &str,
) -> Result<Challenge, AppError> {
    if !who.may_everywhere(Permission::ReopenResponse) {
        return Err(AppError::Forbidden { action: "decide challenges; the audit team can".into() });
    }
    app.write(|conn| {
        round_of(conn, year)?;
        let found = store::challenges::by_id(conn, id)?.filter(|challenge| challenge.year == year);
        let challenge = found.ok_or_else(|| {
            AppError::not_found("challenge", id, format!("The list of challenges of {year} has those that there are."))
        })?;
        let chosen = accepted.ok_or_else(|| AppError::invalid("decision", "missing", "Choose: accept or reject."));
        let (accepted, note) = AppError::both(chosen, checked(note, "note"))?;
        let decision = Decision { accepted, by: who.actor.clone(), at: app.now(), note };
        if !store::challenges::decide(conn, id, &decision)? {
            let reason = "This challenge was decided already.";
            return Err(AppError::Refused { code: "challenge_decided", reason: reason.into() });
        }
        let word = if accepted { "accepted" } else { "rejected" };
        let said = format!("{}: {}: {word}: {}", challenge.hospital, challenge.claim.words(), decision.note);
        let event = Event::of("hospital_challenge_decided").item(ITEM).new_value(said);
        history::record(app, conn, who, &Object::response(year, &challenge.service), vec![event])?;
        Ok(Challenge { decision: Some(decision), ..challenge })
    })
}
