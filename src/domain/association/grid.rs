//! Every exposure of a plan beside every KPI, and the q values over all of them.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::thread;

use super::dataset::Dataset;
use super::exposure::Exposure;
use super::model::Covariate;
use super::pair::{Association, pair};
use super::plan::{AnalysisPlan, Strength};
use crate::domain::statistics::false_discovery::benjamini_hochberg;

/// A grid.
#[derive(Debug, Clone, PartialEq)]
pub struct Grid {
    /// The cells: a row an exposure in the plan's order, and in it a cell a KPI.
    pub rows: Vec<Vec<Association>>,
    /// How many tests the family has.
    pub tests: usize,
}

impl Grid {
    /// Works out every pair of a plan. `progress` hears how many rows of how many are done.
    pub fn new(
        data: &Dataset,
        plan: &AnalysisPlan,
        covariates: &[Covariate],
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Self {
        let row = |exposure: &Exposure| -> Vec<Association> {
            plan.outcomes.iter().map(|kpi| pair(data, plan, covariates, *exposure, *kpi)).collect()
        };
        let mut grid = Self { rows: by_threads(&plan.exposures, row, progress), tests: 0 };
        grid.judge(plan);
        grid
    }

    /// The cell of a pair.
    pub fn cell(&self, exposure: Exposure, kpi: i32) -> Option<&Association> {
        self.cells().find(|cell| cell.exposure == exposure && cell.kpi == kpi)
    }

    /// All cells, row by row.
    pub fn cells(&self) -> impl Iterator<Item = &Association> {
        self.rows.iter().flatten()
    }

    /// Fills in the q values. An exposure that restates another one of the plan has that one's tests, which count once.
    fn judge(&mut self, plan: &AnalysisPlan) {
        let twin = |exposure: Exposure| exposure.restates().filter(|of| plan.exposures.contains(of));
        let own = self.cells().filter(|cell| twin(cell.exposure).is_none());
        let (keys, family): (Vec<(Exposure, i32)>, Vec<Option<f64>>) =
            own.map(|cell| ((cell.exposure, cell.kpi), cell.estimate().map(|found| found.tested.p))).unzip();
        self.tests = family.iter().flatten().count();
        let Ok(found) = benjamini_hochberg(&family) else { return };
        let q: BTreeMap<(Exposure, i32), Option<f64>> = keys.into_iter().zip(found.q).collect();
        for cell in self.rows.iter_mut().flatten() {
            let of = twin(cell.exposure).unwrap_or(cell.exposure);
            cell.q = q.get(&(of, cell.kpi)).copied().flatten().filter(|_| cell.found.is_ok());
            cell.strength = cell.q.map(|q| plan.evidence.of(q));
        }
    }

    /// How many tests of the family are at least this strong.
    pub fn at_least(&self, strength: Strength) -> usize {
        let distinct = self.cells().filter(|cell| cell.exposure.restates().is_none());
        distinct.filter(|cell| cell.strength.is_some_and(|found| found >= strength)).count()
    }
}

/// The rows, worked out on as many threads as there are processors; in their order whichever is done first.
fn by_threads<T: Send>(
    exposures: &[Exposure],
    row: impl Fn(&Exposure) -> T + Sync,
    progress: &(dyn Fn(usize, usize) + Sync),
) -> Vec<T> {
    let threads = thread::available_parallelism().map_or(1, NonZero::get).min(8);
    let done = std::sync::atomic::AtomicUsize::new(0);
    let one = |exposure: &Exposure| {
        let made = row(exposure);
        progress(done.fetch_add(1, std::sync::atomic::Ordering::Relaxed) + 1, exposures.len());
        made
    };
    let size = exposures.len().div_ceil(threads).max(1);
    thread::scope(|scope| {
        let parts: Vec<_> =
            exposures.chunks(size).map(|part| scope.spawn(|| part.iter().map(&one).collect::<Vec<T>>())).collect();
        let join = |part: thread::ScopedJoinHandle<'_, Vec<T>>| {
            part.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        };
        parts.into_iter().flat_map(join).collect()
    })
}
