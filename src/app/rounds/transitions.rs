//! The steps of a round from one state to the next, taken by somebody or by the service at a set time.

use chrono::NaiveDate;

use super::{asked, locked, must_be_at, must_run_rounds, write_over};
use crate::app::responses::given_reason;
use crate::app::{App, AppError, cuts, quality};
use crate::domain::access::Principal;
use crate::domain::history::Event;
use crate::domain::round::{Round, RoundStatus, london_day_of};
use crate::formats::display::day;
use crate::store::{self, DbConn};

/// A step to be taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// The state that the round is to have.
    pub to: RoundStatus,
    /// Why, of a step back.
    pub reason: Option<String>,
    /// The data cut that the report quotes, of the step into the preview.
    pub cut: Option<String>,
}

impl Step {
    /// A step forward without more.
    pub fn to(to: RoundStatus) -> Self {
        Self { to, reason: None, cut: None }
    }
}

/// Takes a step in a round that is at a version.
pub fn transition(app: &App, who: &Principal, year: i32, version: i64, step: &Step) -> Result<Round, AppError> {
    must_run_rounds(who)?;
    app.write(|conn| {
        let round = locked(conn, year)?;
        must_be_at(&round, version)?;
        take(app, conn, who, &round, step)
    })
}

/// Takes a step in a round that was locked.
pub(super) fn take(
    app: &App,
    conn: &mut DbConn,
    who: &Principal,
    round: &Round,
    step: &Step,
) -> Result<Round, AppError> {
    let next = round.status.next();
    if !next.contains(&step.to) {
        let words: Vec<&str> = next.iter().map(|status| status.as_str()).collect();
        let may = if words.is_empty() { "stay as it is".into() } else { format!("become {}", words.join(" or ")) };
        let reason = format!("The round is {}; it can {may}, and not become {}.", round.status, step.to);
        return Err(AppError::Refused { code: "no_such_step", reason });
    }
    let mut event = Event::of(action(step.to, round.status)).old(round.status.as_str());
    if step.to.is_back_from(round.status) {
        let reason = step.reason.as_deref().unwrap_or_default();
        let reason = given_reason(reason, "Say why the round goes a step back: the history keeps it.")?;
        event = event.new_value(reason);
    }
    let mut after = Round { status: step.to, ..round.clone() };
    match step.to {
        RoundStatus::Open => may_open(app, conn, round)?,
        RoundStatus::Preview => {
            let cut = the_cut(conn, round, step.cut.as_deref())?;
            event = event.new_value(cut.clone());
            after.cut = Some(cut);
        }
        RoundStatus::Closed => after.cut = None,
        RoundStatus::Published => {
            if let Some(cut) = &round.cut {
                let named = cuts::frozen(app, conn, cut)?;
                quality::must_stand(conn, round.year, &named.outliers)?;
            }
        }
        RoundStatus::Draft => {}
    }
    write_over(app, conn, who, round, after, event)
}

fn action(to: RoundStatus, from: RoundStatus) -> &'static str {
    match (to, to.is_back_from(from)) {
        (RoundStatus::Open, true) => "opened_again",
        (RoundStatus::Open, false) => "opened",
        (RoundStatus::Closed, true) => "preview_ended",
        (RoundStatus::Closed, false) => "closed",
        (RoundStatus::Preview, _) => "preview_begun",
        (RoundStatus::Draft | RoundStatus::Published, _) => "published",
    }
}

/// A round opens for somebody, and for some time.
fn may_open(app: &App, conn: &mut DbConn, round: &Round) -> Result<(), AppError> {
    let register = app.register(conn)?;
    if asked(conn, &register, round.year)?.is_empty() {
        let reason = "No service is enrolled in this round, so there is nobody to answer. Enrol the services first.";
        return Err(AppError::Refused { code: "nobody_enrolled", reason: reason.into() });
    }
    let over = |closes: &NaiveDate| *closes < london_day_of(app.now());
    if let Some(closes) = round.closes_on.filter(over) {
        let reason = format!(
            "The round's last day was {}, so it would close again at once. Set a later day first.",
            day(closes)
        );
        return Err(AppError::Refused { code: "last_day_past", reason });
    }
    Ok(())
}

/// The data cut that a report is to quote: one of the round itself.
fn the_cut(conn: &mut DbConn, round: &Round, asked: Option<&str>) -> Result<String, AppError> {
    let cuts = store::cuts::of_year(conn, round.year)?;
    let Some(asked) = asked.filter(|id| !id.is_empty()) else {
        let message = if cuts.is_empty() {
            "A report quotes a data cut, and this round has none yet. Cut the data first."
        } else {
            "Say which data cut the report quotes."
        };
        return Err(AppError::invalid("cut", "missing", message));
    };
    let found = cuts.into_iter().find(|cut| cut.id == asked);
    found.map(|cut| cut.id).ok_or_else(|| {
        AppError::invalid("cut", "unknown", format!("{asked:?} is no data cut of {}; its list has them.", round.year))
    })
}
