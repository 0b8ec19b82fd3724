//! Small numbers are hidden, so that nobody is recognised in them.

/// Whether each group of a split is hidden, from its cases and its people: where 1 to 4 have something, or 1 to 4 have it
/// not. Where one group alone would be hidden, the one with the fewest people of the others is hidden with it, since the
/// total would give it away.
pub fn hidden(groups: &[(i64, f64)]) -> Vec<bool> {
    let few = |count: f64| count > 0.0 && count < 5.0;
    let small = |(cases, people): &(i64, f64)| few(super::real(*cases)) || few(people - super::real(*cases));
    let mut hidden: Vec<bool> = groups.iter().map(small).collect();
    if hidden.iter().filter(|hidden| **hidden).count() == 1 {
        let others = groups.iter().zip(&mut hidden).filter(|(_, hidden)| !**hidden);
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
