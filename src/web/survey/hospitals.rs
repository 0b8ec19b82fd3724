//! The hospitals of a service with their hip fractures, and what it holds against the register; and for the audit team the
//! challenges of a round.

use poem::http::StatusCode;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use crate::app::error::InputProblem;
use crate::app::hospitals::{self, ChallengeLine, NewChallenge, ServiceHospitals};
use crate::app::{App, AppError, rounds};
use crate::domain::challenge::{Claim, Source};
use crate::domain::register::Hospital;
use crate::formats::display::{capitalised, day, day_and_time, thousands};
use crate::web::Web;
use crate::web::choices::{Choice, Choices};
use crate::web::errors::PageError;
use crate::web::fields::{Field, Form};
use crate::web::forms::Posted;
use crate::web::page::Page;
use crate::web::reader::SignedInReader;
use crate::web::rounds::read_year;
use crate::web::sign_in::redirect;

#[derive(Debug, Serialize)]
struct HospitalRow {
    name: String,
    code: String,
    cases: Vec<String>,
}

#[derive(Debug, Serialize)]
struct ChallengeRow {
    id: String,
    service: String,
    service_name: String,
    survey: String,
    hospital: String,
    claim: &'static str,
    by_answer: bool,
    reason: String,
    made_by: String,
    made_at: String,
    open: bool,
    state: &'static str,
    tag: &'static str,
    note: String,
    decided: String,
    register_lags: bool,
}

impl ChallengeRow {
    fn new(line: &ChallengeLine) -> Self {
        let challenge = &line.challenge;
        let (state, tag) = match &challenge.decision {
            None => ("With the audit team", "blue"),
            Some(decision) if decision.accepted => ("Accepted", "green"),
            Some(_) => ("Rejected", "grey"),
        };
        let decision = challenge.decision.as_ref();
        Self {
            id: challenge.id.clone(),
            service: challenge.service.clone(),
            service_name: line.service_name.clone(),
            survey: format!("/survey/{}/{}/hospitals", challenge.year, challenge.service),
            hospital: named(&line.hospital_name, &challenge.hospital),
            claim: challenge.claim.words(),
            by_answer: challenge.source == Source::Answer,
            reason: challenge.reason.clone(),
            made_by: capitalised(&line.made_by),
            made_at: day_and_time(challenge.made_at),
            open: decision.is_none(),
            state,
            tag,
            note: decision.map(|decision| decision.note.clone()).unwrap_or_default(),
            decided: decision
                .map(|decision| format!("{}, {}", capitalised(&line.decided_by), day_and_time(decision.at)))
                .unwrap_or_default(),
            register_lags: line.register_lags,
        }
    }
}

fn named(name: &str, code: &str) -> String {
    if name == code { code.to_owned() } else { format!("{name} ({code})") }
}

#[derive(Debug, Serialize)]
struct HospitalsView {
    year: i32,
    service: String,
    service_name: String,
    names: String,
    base: String,
    notice: &'static str,
    years: Vec<i32>,
    hospitals: Vec<HospitalRow>,
    expected: Vec<String>,
    expected_now: String,
    multiplier: i64,
    differences: Vec<String>,
    challenges: Vec<ChallengeRow>,
    can_challenge: bool,
    closes_on: String,
    hospital: Choices,
    claim: Choices,
    form: Form,
}

fn figure(number: Option<i64>) -> String {
    number.map_or_else(|| "no figure".to_owned(), thousands)
}

fn view(found: &ServiceHospitals, notice: &'static str, form: &Posted, problems: &[InputProblem]) -> HospitalsView {
    let of = |name: &str| form.first(name).unwrap_or_default();
    let choice =
        |hospital: &Hospital| Choice::new(&hospital.code, &named(&hospital.name, &hospital.code), of("hospital"));
    let own = found.hospitals.iter().map(|line| choice(&line.hospital));
    let choices = [Choice::new("", "Choose", of("hospital"))].into_iter().chain(own);
    let choices = choices.chain(found.others.iter().map(choice)).collect();
    let claims = Claim::ALL.map(|claim| Choice::new(claim.as_str(), claim.words(), of("claim"))).into();
    let row = |line: &hospitals::HospitalLine| HospitalRow {
        name: line.hospital.name.clone(),
        code: line.hospital.code.clone(),
        cases: line.cases.iter().map(|cases| figure(*cases)).collect(),
    };
    HospitalsView {
        year: found.round.year,
        service: found.service.code.clone(),
        service_name: found.service.name.clone(),
        names: capitalised(&found.round.names()),
        base: format!("/survey/{}/{}", found.round.year, found.service.code),
        notice,
        years: found.years.clone(),
        hospitals: found.hospitals.iter().map(row).collect(),
        expected: found.expected.iter().map(|cases| figure(*cases)).collect(),
        expected_now: found.expected.last().copied().flatten().map(thousands).unwrap_or_default(),
        multiplier: found.multiplier,
        differences: found
            .differences
            .iter()
            .map(|(hospital, claim)| format!("{}: {}", named(&hospital.name, &hospital.code), claim.words()))
            .collect(),
        challenges: found.challenges.iter().map(ChallengeRow::new).collect(),
        can_challenge: found.can_challenge,
        closes_on: found.closes_on.map(day).unwrap_or_default(),
        hospital: Choices::new("hospital", "Hospital", choices, problems),
        claim: Choices::new("claim", "What is wrong", claims, problems),
        form: Form::new([Field::lines("reason", "Why", 3)
            .hint("For example: the trauma unit moved to the other site in April 2021.")])
        .filled(form)
        .refused(problems),
    }
}

async fn page(
    web: &Web,
    reader: &SignedInReader,
    (year, service): (i32, &str),
    notice: &'static str,
    form: &Posted,
    problems: &[InputProblem],
) -> poem::Result<Response> {
    let (who, code) = (reader.who.clone(), service.to_owned());
    let found = web.app.run(move |app| hospitals::of_service(app, &who, year, &code)).await;
    let content = view(&found.map_err(PageError::from)?, notice, form, problems);
    let wrong = !problems.is_empty();
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = format!("Hospitals of {service}, audit year {year}");
    let has_form = content.can_challenge;
    let page = Page::new(&reader.reader, &title, content).with_errors(wrong).with_form(has_form);
    web.page_with(status, "survey_hospitals", &page)
}

/// What the address may say besides.
#[derive(Debug, Default, Deserialize)]
struct DoneQuery {
    done: Option<String>,
}

/// `GET /survey/{year}/{service}/hospitals`
#[handler]
pub(in crate::web) async fn show_hospitals(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
    Query(query): Query<DoneQuery>,
) -> poem::Result<Response> {
    let notice = if query.done.is_some() { "The challenge was sent to the audit team, who decide." } else { "" };
    page(web, &reader, (read_year(&year)?, &service), notice, &Posted::default(), &[]).await
}

/// `POST /survey/{year}/{service}/hospitals`: challenges.
#[handler]
pub(in crate::web) async fn challenge_hospital(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
    form: Posted,
) -> poem::Result<Response> {
    let number = read_year(&year)?;
    let (who, code, sent) = (reader.who.clone(), service.clone(), form.clone());
    let work = move |app: &App| {
        let of = |name: &str| sent.first(name).unwrap_or_default();
        let new = NewChallenge { hospital: of("hospital"), claim: of("claim"), reason: of("reason") };
        hospitals::challenge(app, &who, number, &code, &new)
    };
    match web.app.run(work).await {
        Ok(_) => Ok(redirect(&format!("/survey/{number}/{service}/hospitals?done=yes")).finish()),
        Err(AppError::Invalid(problems)) => page(web, &reader, (number, &service), "", &form, &problems).await,
        Err(error @ AppError::Refused { code: "challenge_open", .. }) => {
            let problems = [InputProblem::new("hospital", "challenge_open", error.to_string())];
            page(web, &reader, (number, &service), "", &form, &problems).await
        }
        Err(error) => Err(PageError::from(error).into()),
    }
}

#[derive(Debug, Serialize)]
struct RoundChallengesView {
    names: String,
    back: String,
    notice: &'static str,
    open: usize,
    problems: Form,
    challenges: Vec<ChallengeRow>,
}

async fn round_page(
    web: &Web,
    reader: &SignedInReader,
    year: i32,
    notice: &'static str,
    problems: &[InputProblem],
) -> poem::Result<Response> {
    let who = reader.who.clone();
    let work = move |app: &App| Ok((rounds::one(app, &who, year)?, hospitals::of_round(app, &who, year)?));
    let (round, lines) = web.app.run(work).await.map_err(PageError::from)?;
    let challenges: Vec<ChallengeRow> = lines.iter().map(ChallengeRow::new).collect();
    let wrong = !problems.is_empty();
    let content = RoundChallengesView {
        names: capitalised(&round.names()),
        back: format!("/rounds/{year}"),
        notice,
        open: challenges.iter().filter(|challenge| challenge.open).count(),
        problems: Form::default().refused(problems),
        challenges,
    };
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = format!("Challenged hospitals, audit year {year}");
    web.page_with(status, "round_hospitals", &Page::new(&reader.reader, &title, content).wide().with_errors(wrong))
}

/// `GET /rounds/{year}/hospitals`: for the audit team.
#[handler]
pub(in crate::web) async fn challenges_of_round(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
    Query(query): Query<DoneQuery>,
) -> poem::Result<Response> {
    let notice = if query.done.is_some() { "The decision was kept, and the service sees it." } else { "" };
    round_page(web, &reader, read_year(&year)?, notice, &[]).await
}

/// `POST /rounds/{year}/hospitals/{challenge}`: decides.
#[handler]
pub(in crate::web) async fn decide_challenge(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, id)): Path<(String, String)>,
    form: Posted,
) -> poem::Result<Response> {
    let number = read_year(&year)?;
    let accepted = match form.first("decision") {
        Some("accept") => Some(true),
        Some("reject") => Some(false),
        _ => None,
    };
    let (who, note, challenge) = (reader.who.clone(), form.first("note").unwrap_or_default().to_owned(), id.clone());
    let work = move |app: &App| hospitals::decide(app, &who, number, &challenge, accepted, &note);
    match web.app.run(work).await {
        Ok(_) => Ok(redirect(&format!("/rounds/{number}/hospitals?done=yes")).finish()),
        Err(AppError::Invalid(problems)) => {
            let problems: Vec<InputProblem> = problems
                .into_iter()
                .map(|problem| InputProblem { field: format!("{}-{id}", problem.field), ..problem })
                .collect();
            round_page(web, &reader, number, "", &problems).await
        }
        Err(error) => Err(PageError::from(error).into()),
    }
}
