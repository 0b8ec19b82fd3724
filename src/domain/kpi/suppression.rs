//! Small numbers are hidden, so that nobody is recognised in them.

use super::figure::Figure;
use super::year::YearData;
use crate::domain::reference::Kpi;

/// The figures of the services that count, as the public may read them, by code; `None` where one is hidden. The national
/// total is published, so one that is hidden takes another with it. A service without data has a figure without a
/// percentage.
pub fn public_figures(data: &YearData, kpi: &Kpi) -> Vec<(String, Option<Figure>)> {
    let figures: Vec<(String, Figure)> = data
        .inclusion()
        .included
        .into_iter()
        .map(|service| {
            let figure = data.figure(kpi, &service);
            (service, figure)
        })
        .collect();
    // Without data there is nothing to hide.
    let counts: Vec<(i64, f64)> =
        figures.iter().map(|(_, figure)| figure.numerator.zip(figure.denominator).unwrap_or_default()).collect();
    let hidden = hidden(&counts);
    figures.into_iter().zip(hidden).map(|((service, figure), hidden)| (service, (!hidden).then_some(figure))).collect()
}

/// Whether each group of a split is hidden, from its cases and its people: where 1 to 4 have something, or 1 to 4 have it
/// not. Where one group alone would be hidden, the one with the fewest people of the others is hidden with it, since the
/// total would give it away.
pub fn hidden(groups: &[(i64, f64)]) -> Vec<bool> {
    let few = |count: f64| count > 0.0 && count < 5.0;
    let small = |(cases, people): &(i64, f64)| few(super::real(*cases)) || few(people - super::real(*cases));
    let mut hidden: Vec<bool> = groups.iter().map(small).collect();
    if hidden.iter().filter(|hidden| **hidden).count() == 1 {
        // A group of nobody hides nothing.
        let others = groups.iter().zip(&mut hidden).filter(|(group, hidden)| group.1 > 0.0 && !**hidden);
        if let Some((_, next)) = others.min_by(|(a, _), (b, _)| a.1.total_cmp(&b.1)) {
            *next = true;
        }
    }
    hidden
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_hidden_group_takes_another_with_it() {
        assert_eq!(hidden(&[(3, 40.0), (20, 60.0), (90, 200.0)]), [true, true, false]);
        assert_eq!(hidden(&[(36, 40.0), (20, 60.0)]), [true, true], "4 without it are as few as 4 with it");
        assert_eq!(hidden(&[(0, 40.0), (60, 60.0)]), [false, false], "none and all tell of nobody");
        assert_eq!(hidden(&[(2, 10.0), (1, 10.0), (50, 100.0)]), [true, true, false]);
    }

    proptest! {
        /// What is shown is not small, and no single hidden group can be worked out from the total.
        #[test]
        fn totals_undo_nothing(groups in prop::collection::vec((0_i64..40, 0_i64..40), 2..8)) {
            let groups: Vec<(i64, f64)> = groups.into_iter().map(|(x, more)| (x, crate::domain::kpi::real(x + more))).collect();
            let found = hidden(&groups);
            prop_assert_ne!(found.iter().filter(|hidden| **hidden).count(), 1);
            for ((cases, people), hidden) in groups.iter().zip(found) {
                let rest = people - crate::domain::kpi::real(*cases);
                let small = (1..5).contains(cases) || rest > 0.0 && rest < 5.0;
                prop_assert!(hidden || !small);
            }
        }
    }
}
