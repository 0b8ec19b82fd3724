//! The national findings of a round beside an earlier one. They are of the nation and name no service, so everybody who
//! takes part reads all of them.

use std::collections::BTreeMap;

use super::super::{App, AppError, authorise};
use super::figures::{Figures, Quoted, YearOf};
use crate::domain::access::{Permission, Principal};
use crate::domain::findings::{FACTS, NationalFindings, STRATA, YearInputs};
use crate::domain::kpi::year::COUNTED;
use crate::domain::round::Round;

/// Which findings are asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FindingsQuery {
    /// Audit year.
    pub year: i32,
    /// The earlier audit year to lay beside it; by default that of the round before.
    pub with: Option<i32>,
    /// Of this data cut; `None`: of the data as they stand.
    pub cut: Option<String>,
}

/// Findings with what they were worked out from.
#[derive(Debug, Clone)]
pub struct FindingsReport {
    /// The findings.
    pub findings: NationalFindings,
    /// Questions whose earlier answers do not compare with those of the round, so that no change is given.
    pub not_compared: Vec<String>,
    /// What they rest on.
    pub quoted: Quoted,
}

/// The findings of a round beside those of an earlier one.
pub fn national(app: &App, who: &Principal, query: &FindingsQuery) -> Result<FindingsReport, AppError> {
    authorise(who, Permission::ReadKpis, Permission::ReadKpis.words())?;
    let year = query.year;
    if query.with.is_some_and(|with| with >= year) {
        return Err(AppError::Refused {
            code: "not_an_earlier_round",
            reason: format!(
                "Findings of {year} are laid beside those of an earlier round, not of a later one or its own."
            ),
        });
    }
    app.read(|conn| {
        let mut figures = Figures::open(app, conn, &YearOf { year, cut: query.cut.clone() })?;
        let round = figures.round(year)?.clone();
        let earlier = match query.with {
            Some(with) => Some(figures.round(with)?.clone()),
            None => figures.round_before(year).cloned(),
        };
        let now = inputs(&mut figures, &round, year)?;
        let before = earlier.as_ref().map(|round| inputs(&mut figures, round, year)).transpose()?;
        let not_compared = match &earlier {
            Some(earlier) => not_compared(&mut figures, earlier.year, year)?,
            None => Vec::new(),
        };
        let findings = NationalFindings::new(&now, before.as_ref(), app.is_synthetic());
        Ok(FindingsReport { findings, not_compared, quoted: figures.quoted(year)? })
    })
}

/// The questions that findings rest on and whose answers of an earlier round do not compare with those of a later one.
fn not_compared(figures: &mut Figures<'_>, earlier: i32, year: i32) -> Result<Vec<String>, AppError> {
    let comparison = figures.comparison(earlier, year)?;
    let questionnaire = figures.questionnaire(year)?;
    let items = comparison.never().filter(|link_id| FACTS.contains(link_id));
    Ok(items
        .filter_map(|link_id| questionnaire.item(link_id))
        .map(|item| format!("{} {}", item.number, item.text))
        .collect())
}

/// What the findings of a round are worked out from; its answers as they read in the questionnaire of `as_of`.
fn inputs(figures: &mut Figures<'_>, round: &Round, as_of: i32) -> Result<YearInputs, AppError> {
    let all: Vec<i32> = COUNTED.collect();
    let data = figures.year(round.year, &all)?;
    let mut strata: BTreeMap<(i32, String), BTreeMap<String, _>> = BTreeMap::new();
    let mut kpis: Vec<i32> = STRATA.iter().map(|(kpi, _)| *kpi).collect();
    kpis.sort_unstable();
    kpis.dedup();
    for kpi in kpis {
        for total in figures.strata(kpi, round.year)? {
            if STRATA.contains(&(kpi, total.stratum.as_str())) {
                strata.entry((kpi, total.stratum)).or_default().insert(total.service_code, total.counts);
            }
        }
    }
    let (facts, staffing) = if round.year == as_of {
        figures.facts(round.year, FACTS)?
    } else {
        figures.facts_beside(round.year, FACTS, as_of)?
    };
    Ok(YearInputs { names: round.names(), data, strata, facts, staffing })
}
