//! The steps of a round from one state to the next: each is asked once more, with what it does.

use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Serialize;

use super::read_year;
use crate::app::error::InputProblem;
use crate::app::rounds::{self, Step};
use crate::app::{App, AppError, cuts};
use crate::domain::round::{Round, RoundStatus};
use crate::formats::display::{capitalised, day, day_and_time};
use crate::web::Web;
use crate::web::choices::{Choice, Choices};
use crate::web::confirm::{Confirm, Hidden};
use crate::web::errors::PageError;
use crate::web::fields::{Field, Form};
use crate::web::forms::{Posted, address};
use crate::web::reader::SignedInReader;
use crate::web::sign_in::redirect;

/// A step that can be taken, as a link.
#[derive(Debug, Serialize)]
pub(super) struct StepLink {
    href: String,
    text: &'static str,
    back: bool,
}

/// The steps that can be taken from where a round stands.
pub(super) fn links(round: &Round) -> Vec<StepLink> {
    let link = |to: &RoundStatus| StepLink {
        href: format!("/rounds/{}/step/{to}", round.year),
        text: button(*to, to.is_back_from(round.status)),
        back: to.is_back_from(round.status),
    };
    round.status.next().iter().map(link).collect()
}

fn button(to: RoundStatus, back: bool) -> &'static str {
    match (to, back) {
        (RoundStatus::Open, false) => "Open the round",
        (RoundStatus::Open, true) => "Open the round again",
        (RoundStatus::Closed, false) => "Close the round",
        (RoundStatus::Closed, true) => "End the preview",
        (RoundStatus::Preview, _) => "Begin the preview",
        (RoundStatus::Published, _) => "Publish",
        (RoundStatus::Draft, _) => "",
    }
}

fn sentences(round: &Round, to: RoundStatus) -> Vec<String> {
    let mut sentences =
        vec![format!("{}. It is {} now.", capitalised(&round.names()), round.status.label().to_lowercase())];
    sentences.push(
        match (to, to.is_back_from(round.status)) {
            (RoundStatus::Open, false) => {
                "Services can answer from now on. The questionnaire, the method and the standard change no more."
            }
            (RoundStatus::Open, true) => "Services can answer again, and submitted responses can be opened again.",
            (RoundStatus::Closed, false) => {
                "Services can no longer answer, but for those that you give more time. What is not submitted does not \
                 count."
            }
            (RoundStatus::Closed, true) => {
                "Those who take part no longer read the results of others, and the report quotes no data cut any more."
            }
            (RoundStatus::Preview, _) => {
                "Everybody who takes part reads the results of every service, under embargo until the report is out. \
                 The report quotes the data cut that you choose."
            }
            (RoundStatus::Published, _) => {
                "Anybody can read the results, without an account. This cannot be taken back."
            }
            (RoundStatus::Draft, _) => "",
        }
        .to_owned(),
    );
    match (to, round.closes_on, round.publishes_on) {
        (RoundStatus::Open, Some(closes), _) => {
            sentences.push(format!("It closes by itself at the end of {}.", day(closes)));
        }
        (RoundStatus::Preview, _, Some(publishes)) => {
            sentences.push(format!("It is published by itself at half past nine on {}.", day(publishes)));
        }
        _ => {}
    }
    sentences
}

fn target(word: &str) -> Result<RoundStatus, PageError> {
    word.parse().map_err(|_| PageError::not_found(format!("{word:?} is not a state of a round.")))
}

async fn ask(
    web: &Web,
    reader: &SignedInReader,
    year: i32,
    to: RoundStatus,
    form: &Posted,
    problems: &[InputProblem],
) -> poem::Result<Response> {
    let who = reader.who.clone();
    let (round, found) = web
        .app
        .run(move |app: &App| Ok((rounds::one(app, &who, year)?, cuts::list(app, &who, year)?)))
        .await
        .map_err(PageError::from)?;
    if !round.status.next().contains(&to) {
        let message = format!("The round of {year} is {}; from there it cannot become {to}.", round.status);
        return Err(PageError::not_found(message).into());
    }
    let back = to.is_back_from(round.status);
    let mut fields = Vec::new();
    if back {
        fields.push(Field::lines("reason", "Why", 3).hint("The history keeps it."));
    }
    let selects = if to == RoundStatus::Preview {
        let chosen = form
            .first("cut")
            .map_or_else(|| found.first().map(|cut| cut.id.clone()).unwrap_or_default(), ToOwned::to_owned);
        let choice = |cut: &cuts::Cut| {
            let note = if cut.note.is_empty() { String::new() } else { format!(": {}", cut.note) };
            Choice::new(&cut.id, &format!("Cut of {}{note}", day_and_time(cut.made_at)), &chosen)
        };
        vec![Choices::new("cut", "Data cut that the report quotes", found.iter().map(choice).collect(), problems)]
    } else {
        Vec::new()
    };
    let confirm = Confirm {
        heading: button(to, back).to_owned(),
        sentences: sentences(&round, to),
        action: format!("/rounds/{year}/step/{to}"),
        hidden: vec![Hidden { name: "version", value: round.version.to_string() }],
        form: Form::new(fields).filled(form).refused(problems),
        selects,
        button: button(to, back),
        back: format!("/rounds/{year}"),
        back_text: "Back to the round",
        ..Confirm::default()
    };
    confirm.page(web, reader)
}

/// `GET /rounds/{year}/step/{status}`
#[handler]
pub(in crate::web) async fn page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, status)): Path<(String, String)>,
) -> poem::Result<Response> {
    ask(web, &reader, read_year(&year)?, target(&status)?, &Posted::default(), &[]).await
}

/// `POST /rounds/{year}/step/{status}`
#[handler]
pub(in crate::web) async fn take(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, status)): Path<(String, String)>,
    form: Posted,
) -> poem::Result<Response> {
    let (who, year, to) = (reader.who.clone(), read_year(&year)?, target(&status)?);
    let version = form.first("version").and_then(|version| version.parse().ok()).unwrap_or_default();
    let given = |name: &str| form.first(name).map(ToOwned::to_owned);
    let step = Step { to, reason: given("reason"), cut: given("cut") };
    match web.app.run(move |app| rounds::transition(app, &who, year, version, &step)).await {
        Ok(_) => Ok(redirect(&address(&format!("/rounds/{year}"), &[("done", to.as_str())])).finish()),
        Err(AppError::Invalid(problems)) => ask(web, &reader, year, to, &form, &problems).await,
        Err(error) => Err(PageError::from(error).into()),
    }
}
