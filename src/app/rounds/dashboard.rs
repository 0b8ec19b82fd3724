//! How a round is coming on: who has answered, where services are stuck, what the checks found, whom to chase.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;

use super::{asked, must_run_rounds};
use crate::app::comments;
use crate::app::quality::{self, Waiting};
use crate::app::register::round_in;
use crate::app::responses::{Digest, ResponseRate, digests};
use crate::app::{App, AppError};
use crate::domain::access::Principal;
use crate::domain::area::{Area, AreaKind};
use crate::domain::questionnaire::definition::{Questionnaire, Section, Severity};
use crate::domain::register::Service;
use crate::domain::round::{Round, london_day_of};
use crate::store::responses::{Response, ResponseState};
use crate::store::{self, DbConn};

/// How far the services of an area have come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AreaProgress {
    /// The area: a region of England, or a nation.
    pub area: Area,
    /// The services that are asked there.
    pub rate: ResponseRate,
}

/// How many services have come how far with a section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SectionProgress {
    /// The section.
    pub link_id: String,
    /// Its printed number.
    pub number: String,
    /// Its title.
    pub title: String,
    /// Responses in progress that have finished it.
    pub finished: usize,
    /// Responses in progress that have begun it.
    pub begun: usize,
    /// Responses in progress that have not begun it.
    pub not_begun: usize,
}

/// What the checks found of an item, and how often it was carried forward.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ItemProgress {
    /// The item.
    pub link_id: String,
    /// Its printed number.
    pub number: String,
    /// The question.
    pub text: String,
    /// Responses with an error in it.
    pub errors: usize,
    /// Responses with a query that waits for an explanation.
    pub queries: usize,
    /// Responses with a query that the service has explained.
    pub explained: usize,
    /// Responses in which it stands as it was carried forward.
    pub carried: usize,
}

/// How a round is coming on.
#[derive(Debug, Clone)]
pub struct Dashboard {
    /// The round.
    pub round: Round,
    /// Its response rate.
    pub rate: ResponseRate,
    /// The services that are asked and have begun.
    pub in_progress: usize,
    /// The services that are asked and have not begun.
    pub not_started: usize,
    /// The response rate by area, in the order of the areas.
    pub areas: Vec<AreaProgress>,
    /// How many responses stood submitted at the end of each day, as they stand now; days without a submission are left
    /// out.
    pub days: Vec<(NaiveDate, usize)>,
    /// The sections, over the responses in progress.
    pub sections: Vec<SectionProgress>,
    /// The items with something found or carried, in printed order.
    pub items: Vec<ItemProgress>,
    /// Comment threads in which the service spoke last.
    pub comments_waiting: usize,
    /// Queries that wait for the audit team, that wait for services, and those of either past their day.
    pub queries: Waiting,
    /// Hospitals that services hold are not theirs, or are, and that are not decided.
    pub challenges_open: usize,
    /// Services that are asked and for which nobody has ever signed in; with whether anybody could.
    pub never_signed_in: Vec<(Service, bool)>,
    /// Services that submitted in the round before and have not yet in this one.
    pub missing_since_last: Vec<Service>,
    /// The audit year of the round before.
    pub last_year: Option<i32>,
}

/// The running total of submissions by day.
fn by_day(headings: &[Response], asked: &BTreeSet<String>) -> Vec<(NaiveDate, usize)> {
    let mut days: BTreeMap<NaiveDate, usize> = BTreeMap::new();
    let submitted = headings.iter().filter(|heading| asked.contains(&heading.service_code));
    for at in submitted.filter(|heading| heading.state == ResponseState::Submitted).filter_map(|one| one.submitted_at) {
        *days.entry(london_day_of(at)).or_default() += 1;
    }
    let mut total = 0;
    days.into_iter()
        .map(|(day, n)| {
            total += n;
            (day, total)
        })
        .collect()
}

fn sections(questionnaire: &Questionnaire, in_progress: &[&Digest]) -> Vec<SectionProgress> {
    let section = |(place, section): (usize, &Section)| {
        let mut progress = SectionProgress {
            link_id: section.link_id.clone(),
            number: section.number.clone(),
            title: section.title.clone(),
            finished: 0,
            begun: 0,
            not_begun: 0,
        };
        for of in in_progress.iter().filter_map(|digest| digest.sections.get(place)) {
            match (of.left, of.answered) {
                (0, _) => progress.finished += 1,
                (_, 0) => progress.not_begun += 1,
                _ => progress.begun += 1,
            }
        }
        progress
    };
    questionnaire.sections.iter().enumerate().map(section).collect()
}

fn items(questionnaire: &Questionnaire, digests: &BTreeMap<String, Arc<Digest>>) -> Vec<ItemProgress> {
    let mut by_item: BTreeMap<&str, ItemProgress> = BTreeMap::new();
    let new = |link_id: &str| {
        let item = questionnaire.item(link_id)?;
        let (number, text) = (item.number.clone(), item.text.clone());
        Some(ItemProgress { link_id: link_id.into(), number, text, errors: 0, queries: 0, explained: 0, carried: 0 })
    };
    for digest in digests.values() {
        // A response counts once for an item, whatever was found there, and by what weighs most.
        let mut worst: BTreeMap<&str, (bool, bool)> = BTreeMap::new();
        for found in &digest.found {
            let (error, query) = worst.entry(&found.link_id).or_default();
            *error |= found.severity != Severity::Query;
            *query |= found.severity == Severity::Query && !found.explained;
        }
        for (link_id, (error, query)) in worst {
            let Some(new) = new(link_id) else { continue };
            let item = by_item.entry(link_id).or_insert(new);
            item.errors += usize::from(error);
            item.queries += usize::from(!error && query);
            item.explained += usize::from(!error && !query);
        }
        for link_id in &digest.carried {
            let Some(new) = new(link_id) else { continue };
            by_item.entry(link_id).or_insert(new).carried += 1;
        }
    }
    questionnaire.items().filter_map(|item| by_item.remove(item.link_id.as_str())).collect()
}

/// How a round is coming on, for those who run it.
pub fn dashboard(app: &App, who: &Principal, year: i32) -> Result<Dashboard, AppError> {
    must_run_rounds(who)?;
    app.read(|conn| of_round(app, conn, year))
}

fn of_round(app: &App, conn: &mut DbConn, year: i32) -> Result<Dashboard, AppError> {
    let register = app.register(conn)?;
    let round = round_in(&register, year)?.clone();
    let questionnaire = app.questionnaire_of(&round)?;
    let left_out = &app.methodology_of(&round)?.response_rate_leaves_out;
    let headings = store::responses::headings(conn, year)?;
    let by_service: BTreeMap<&str, &Response> =
        headings.iter().map(|heading| (heading.service_code.as_str(), heading)).collect();
    let state = |code: &str| by_service.get(code).map_or(ResponseState::InProgress, |heading| heading.state);
    let has_begun = |code: &str| by_service.get(code).is_some_and(|heading| heading.version > 0);
    let asked = asked(conn, &register, year)?;
    let digests = digests(app, conn, year, &headings)?;

    let mut rate = ResponseRate::default();
    let mut areas: BTreeMap<(AreaKind, String), AreaProgress> = BTreeMap::new();
    let (mut in_progress, mut not_started) = (0, 0);
    let services: Vec<&Service> = asked.iter().filter_map(|code| register.services.get(code)).collect();
    for service in &services {
        let state = state(&service.code);
        rate.count(state, left_out);
        if state == ResponseState::InProgress {
            *(if has_begun(&service.code) { &mut in_progress } else { &mut not_started }) += 1;
        }
        if let Some(area) = register.tree.region_of(&service.area_code) {
            let of = areas.entry((area.kind, area.code.clone()));
            let of = of.or_insert_with(|| AreaProgress { area: area.clone(), rate: ResponseRate::default() });
            of.rate.count(state, left_out);
        }
    }
    let under_way: Vec<&Digest> = digests
        .iter()
        .filter(|(code, _)| state(code) == ResponseState::InProgress)
        .map(|(_, digest)| digest.as_ref())
        .collect();
    let people = store::accounts::services_with_people(conn)?;
    let never = |service: &&Service| !people.get(&service.code).copied().unwrap_or_default();
    let before = register.round_before(year);
    let submitted_before: BTreeSet<String> = match before {
        Some(round) => {
            let headings = store::responses::headings(conn, round.year)?.into_iter();
            headings.filter(|one| one.state == ResponseState::Submitted).map(|one| one.service_code).collect()
        }
        None => BTreeSet::new(),
    };
    let missing = |service: &&Service| {
        submitted_before.contains(&service.code) && state(&service.code) == ResponseState::InProgress
    };
    let challenges = store::challenges::of_round(conn, year)?;
    Ok(Dashboard {
        rate,
        in_progress,
        not_started,
        areas: areas.into_values().collect(),
        days: by_day(&headings, &asked),
        sections: sections(&questionnaire, &under_way),
        items: items(&questionnaire, &digests),
        comments_waiting: comments::waiting_for_team(conn, year)?,
        queries: quality::waiting(conn, year, london_day_of(app.now()))?,
        challenges_open: challenges.iter().filter(|challenge| challenge.decision.is_none()).count(),
        never_signed_in: services
            .iter()
            .copied()
            .filter(never)
            .map(|service| (service.clone(), people.contains_key(&service.code)))
            .collect(),
        missing_since_last: services.iter().copied().filter(missing).cloned().collect(),
        last_year: before.map(|round| round.year),
        round,
    })
}
