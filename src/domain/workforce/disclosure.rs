//! What anybody may read of a service's staffing: WTE by role, never by band, and no small number, since a post that is
//! less than a whole one is a single person, whose hours everybody at the hospital could then read.

use crate::domain::hundredths::Hundredths;

/// Less than this is a small number, in WTE.
const SMALLEST_SHOWN: Hundredths = Hundredths(100);

/// The WTE of a role as the public reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicWte {
    /// The service did not give it.
    NotGiven,
    /// More than nothing and under one: suppressed.
    UnderOne,
    /// Suppressed with one that is under one, which the total of the group would give away otherwise.
    Withheld,
    /// None, or one and more.
    Shown(Hundredths),
}

impl From<Option<Hundredths>> for PublicWte {
    fn from(wte: Option<Hundredths>) -> Self {
        match wte {
            None => Self::NotGiven,
            Some(wte) if wte > Hundredths(0) && wte < SMALLEST_SHOWN => Self::UnderOne,
            Some(wte) => Self::Shown(wte),
        }
    }
}

/// The smallest WTE that is shown, where it is not none.
const SMALLEST: f64 = 1.0;

/// Which WTE of a group whose total is published are hidden: those of more than nothing and under one; and where that is one
/// alone, the smallest of the others with it, since the total would give it away.
pub fn hidden(group: &[Option<f64>]) -> Vec<bool> {
    let is_small = |wte: &Option<f64>| wte.is_some_and(|wte| wte > 0.0 && wte < SMALLEST);
    let mut hidden: Vec<bool> = group.iter().map(is_small).collect();
    if hidden.iter().filter(|hidden| **hidden).count() == 1 {
        let others =
            group.iter().zip(&mut hidden).filter_map(|(wte, hidden)| Some((wte.filter(|_| !*hidden)?, hidden)));
        // A service without anybody tells nothing by being hidden: that it has nobody may be known.
        let next = others.filter(|(wte, _)| *wte > 0.0).min_by(|(a, _), (b, _)| a.total_cmp(b));
        if let Some((_, next)) = next {
            *next = true;
        }
    }
    hidden
}

/// The WTE of a group of services whose total is published, as the public reads them.
pub fn public_wte(group: &[Option<Hundredths>]) -> Vec<PublicWte> {
    let values: Vec<Option<f64>> = group.iter().map(|wte| wte.map(Hundredths::as_f64)).collect();
    group
        .iter()
        .zip(hidden(&values))
        .map(|(wte, hidden)| match PublicWte::from(*wte) {
            PublicWte::Shown(_) if hidden => PublicWte::Withheld,
            public => public,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Whoever knows the total and every WTE that is shown works out no post of less than a whole one: where one is
        /// hidden and there is another, two are.
        #[test]
        fn a_total_gives_nobody_away(group in prop::collection::vec(prop::option::of(0_i64..400), 1..9)) {
            let group: Vec<Option<Hundredths>> = group.into_iter().map(|wte| wte.map(Hundredths)).collect();
            let public = public_wte(&group);
            let hidden = public.iter().filter(|wte| matches!(wte, PublicWte::UnderOne | PublicWte::Withheld)).count();
            let somebody = group.iter().flatten().filter(|wte| wte.0 > 0).count();
            prop_assert!(hidden != 1 || somebody == 1);
            for (wte, public) in group.iter().zip(public) {
                let small = wte.is_some_and(|wte| wte.0 > 0 && wte.0 < 100);
                prop_assert!(!small || public == PublicWte::UnderOne);
            }
        }
    }

    #[test]
    fn only_what_is_between_nobody_and_one_is_suppressed() {
        for (hundredths, public) in [
            (0, PublicWte::Shown(Hundredths(0))),
            (1, PublicWte::UnderOne),
            (99, PublicWte::UnderOne),
            (100, PublicWte::Shown(Hundredths(100))),
            (159, PublicWte::Shown(Hundredths(159))),
        ] {
            assert_eq!(PublicWte::from(Some(Hundredths(hundredths))), public);
        }
        assert_eq!(PublicWte::from(None), PublicWte::NotGiven);
    }
}
