//! The national findings of a round beside an earlier one. They are of the nation and name no service, so everybody who
//! takes part reads all of them.

use std::collections::BTreeMap;

use super::super::{App, AppError, authorise, round_of};
use super::figures::Figures;
use crate::domain::access::{Permission, Principal};
use crate::domain::findings::{FACTS, NationalFindings, STRATA, YearInputs};
use crate::domain::kpi::year::COUNTED;
use crate::domain::round::Round;

/// The findings of a round beside those of an earlier one; `with` is by default the round before.
pub fn national(app: &App, who: &Principal, year: i32, with: Option<i32>) -> Result<NationalFindings, AppError> {
    authorise(who, Permission::ReadKpis, Permission::ReadKpis.words())?;
    if with.is_some_and(|with| with >= year) {
        return Err(AppError::Refused {
            code: "not_an_earlier_round",
            reason: format!(
                "Findings of {year} are laid beside those of an earlier round, not of a later one or its own."
            ),
        });
    }
    app.read(|conn| {
        let round = round_of(conn, year)?;
        let earlier = with.map(|with| round_of(conn, with)).transpose()?;
        let mut figures = Figures::open(app, conn, &year.into())?;
        let earlier = match earlier {
            Some(round) => Some(round),
            None => figures.round_before(year).cloned(),
        };
        let now = inputs(&mut figures, &round)?;
        let before = earlier.as_ref().map(|round| inputs(&mut figures, round)).transpose()?;
        Ok(NationalFindings::new(&now, before.as_ref(), app.is_synthetic()))
    })
}

fn inputs(figures: &mut Figures<'_>, round: &Round) -> Result<YearInputs, AppError> {
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
    let (facts, staffing) = figures.facts(round.year, FACTS)?;
    Ok(YearInputs { names: round.names(), data, strata, facts, staffing })
}
