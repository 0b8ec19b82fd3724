//! Many comparisons at once.

use serde::Serialize;

use super::{Refusal, count};

/// The q values of a family of tests.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct FalseDiscovery {
    /// The smallest false discovery rate at which each test would be called, in the order of the tests; `None` for one
    /// without a p value.
    pub q: Vec<Option<f64>>,
}

/// Benjamini and Hochberg's adjustment (1995). The family is declared before the run; tests without a p value do not
/// count towards its size.
pub fn benjamini_hochberg(p: &[Option<f64>]) -> Result<FalseDiscovery, Refusal> {
    if !p.iter().flatten().all(|p| (0.0..=1.0).contains(p)) {
        return Err(Refusal::ProbabilityOutOfRange);
    }
    let mut order: Vec<(usize, f64)> = p.iter().enumerate().filter_map(|(place, p)| Some((place, (*p)?))).collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    let size = count(order.len());
    let mut q = vec![None; p.len()];
    let mut least = 1.0_f64;
    for (rank, (place, p)) in order.into_iter().enumerate().rev() {
        // In this order the largest p value is its own q value, to the last digit.
        least = least.min(p * (size / count(rank + 1)));
        if let Some(slot) = q.get_mut(place) {
            *slot = Some(least);
        }
    }
    Ok(FalseDiscovery { q })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_worked_family() {
        let q = benjamini_hochberg(&[Some(0.1), None, Some(0.4), Some(0.375), Some(0.05)]).unwrap().q;
        assert_eq!(q, [Some(0.2), None, Some(0.4), Some(0.4), Some(0.2)]);
        assert_eq!(benjamini_hochberg(&[Some(1.1)]), Err(Refusal::ProbabilityOutOfRange));
    }

    proptest! {
        /// A q value is between its p value and 1, and keeps the order of the p values.
        #[test]
        fn order_is_kept(p in prop::collection::vec(0.0..=1.0, 1..50)) {
            let q = benjamini_hochberg(&p.iter().copied().map(Some).collect::<Vec<_>>()).unwrap().q;
            let mut both: Vec<_> = p.into_iter().zip(q.into_iter().flatten()).collect();
            prop_assert!(both.iter().all(|(p, q)| p <= q && *q <= 1.0));
            both.sort_by(|a, b| a.0.total_cmp(&b.0));
            prop_assert!(both.is_sorted_by(|a, b| a.1 <= b.1));
        }
    }
}
