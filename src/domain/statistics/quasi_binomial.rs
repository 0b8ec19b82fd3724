//! Logistic regression of counted proportions whose spread may exceed the binomial (McCullagh and Nelder 1989).

use std::collections::BTreeMap;

use nalgebra::{Cholesky, DMatrix, DVector, Dyn};
use serde::Serialize;

use super::design::{Basis, Design};
pub use super::design::{Term, Values};
use super::distributions::{t_half_width, t_two_sided};
use super::{Refusal, count, finite, present};

/// Whether a model could be fitted, and if not, why not. The first reason that applies, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// Fitted.
    Ok,
    /// No more rows than columns.
    InsufficientDf,
    /// A column is constant or follows from the others.
    RankDeficient,
    /// The covariates tell some rows' outcomes for certain: a coefficient would be infinite.
    Separation,
}

/// A model, or why there is none.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QuasiBinomial {
    /// Whether it could be fitted.
    pub status: Status,
    /// Rows fitted.
    pub n_used: usize,
    /// Rows left out: a value is missing, or the denominator is not above 0.
    pub n_dropped: usize,
    /// The columns: `(intercept)`, `nurse_wte`, `governance=none`.
    pub names: Vec<String>,
    /// The estimates; present exactly where the status is [`Status::Ok`].
    #[serde(flatten)]
    pub fit: Option<Fit>,
}

/// The estimates. Those of coefficients stand in the order of the names; intervals are of 95 %.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Fit {
    /// Log odds for one unit more of the covariate.
    pub coef: Vec<f64>,
    /// Standard errors if the spread were binomial.
    pub se_binomial: Vec<f64>,
    /// Standard errors with the dispersion: √(φ · diag (X′WX)⁻¹). `None` where the model fits without any residual,
    /// which leaves no spread to judge by; so are t, p and the interval.
    pub se: Vec<Option<f64>>,
    /// φ, Pearson's χ² ÷ (n − p): 1 where the spread is binomial.
    pub dispersion: f64,
    /// Pearson's χ².
    pub pearson_chi2: f64,
    /// The deviance.
    pub deviance: f64,
    /// n − p.
    pub df_resid: usize,
    /// t statistics.
    pub t: Vec<Option<f64>>,
    /// Their two-sided p values on n − p degrees of freedom.
    pub p_t: Vec<Option<f64>>,
    /// Intervals of the coefficients.
    pub ci_t: Vec<Option<[f64; 2]>>,
    /// e to the coefficient; `None` where it overflows.
    pub odds_ratio: Vec<Option<f64>>,
    /// Fitted proportions of the used rows, in their order.
    pub fitted: Vec<f64>,
    /// Standard errors that allow for likeness within clusters, where clusters are given.
    #[serde(flatten)]
    pub clustered: Option<Clustered>,
}

/// Sandwich standard errors, with each cluster's scores summed.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct Clustered {
    /// Clusters among the used rows.
    pub clusters: usize,
    /// Without correction. `None` where the scores of the clusters leave nothing to judge by: those of a single one sum
    /// to 0, as do those of a cluster that has a column of its own.
    pub se_cluster_cr0: Vec<Option<f64>>,
    /// With the correction G ÷ (G − 1) · (N − 1) ÷ (N − p).
    pub se_cluster_cr1: Vec<Option<f64>>,
}

/// A fitted proportion this near to 0 or 1 is a sign of separation.
const SEPARATED: f64 = 1e-8;

/// Newton steps. A fit takes under ten; under separation each moves the furthest log odds by about 1.
const STEPS: usize = 60;

/// A step that moves no log odds by more is the last: the next would move them by its square.
const CONVERGED: f64 = 1e-8;

/// Fits `num[i]` out of `den[i]` on the terms, with an intercept. All lists have one entry a row. `cluster` names each
/// row's cluster, such as its region.
pub fn quasi_binomial(
    num: &[Option<f64>],
    den: &[Option<f64>],
    terms: &[Term],
    cluster: Option<&[Option<String>]>,
) -> Result<QuasiBinomial, Refusal> {
    let rows = num.len();
    let lengths = [den.len()].into_iter().chain(terms.iter().map(Term::len)).chain(cluster.map(<[_]>::len));
    if lengths.into_iter().any(|length| length != rows) {
        return Err(Refusal::UnequalLengths);
    }
    let usable = |(row, (num, den)): (usize, (&Option<f64>, &Option<f64>))| {
        let counts = Counts { num: present(*num)?, den: present(*den).filter(|den| *den > 0.0)? };
        let in_cluster = cluster.is_none_or(|cluster| cluster.get(row).is_some_and(Option::is_some));
        (in_cluster && terms.iter().all(|term| term.has(row))).then_some((row, counts))
    };
    let (used, counts): (Vec<usize>, Vec<Counts>) = num.iter().zip(den).enumerate().filter_map(usable).unzip();
    counts.iter().try_for_each(Counts::check)?;
    let design = Design::new(terms, &used)?;
    let fitted = fit(&design, &counts);
    let fit = fitted.map(|model| {
        let clustered =
            cluster.map(|cluster| model.clustered(used.iter().filter_map(|row| cluster.get(*row)?.as_deref())));
        Fit { clustered, ..model.estimates() }
    });
    Ok(QuasiBinomial {
        status: fit.as_ref().map_or_else(|status| *status, |_| Status::Ok),
        n_used: used.len(),
        n_dropped: rows - used.len(),
        names: design.names,
        fit: fit.ok(),
    })
}

/// The outcome of one row.
#[derive(Debug, Clone, Copy)]
struct Counts {
    num: f64,
    den: f64,
}

impl Counts {
    fn check(&self) -> Result<(), Refusal> {
        match self.num {
            num if num < 0.0 => Err(Refusal::NegativeCount),
            num if num > self.den => Err(Refusal::NumeratorExceedsDenominator),
            _ => Ok(()),
        }
    }
}

fn fit<'a>(design: &Design, counts: &'a [Counts]) -> Result<Model<'a>, Status> {
    if counts.len() <= design.width() {
        return Err(Status::InsufficientDf);
    }
    let basis = design.basis().ok_or(Status::RankDeficient)?;
    let (cases, people) = counts.iter().fold((0.0, 0.0), |(cases, people), row| (cases + row.num, people + row.den));
    let (none, all) = (counts.iter().all(|row| row.num == 0.0), counts.iter().all(|row| row.num == row.den));
    if none || all {
        return Err(Status::Separation);
    }
    // From the model without covariates; every step lowers the deviance, so the steps cannot run away.
    let level = (cases / (people - cases)).ln();
    let start = basis.vectors.tr_mul(&DVector::from_element(counts.len(), level));
    let mut model = Model::at(basis, counts, start);
    for _ in 0..STEPS {
        let moved = model.step().ok_or(Status::Separation)?;
        if moved <= CONVERGED {
            let certain = model.rows.iter().any(|row| row.fitted.min(row.rest) <= SEPARATED);
            return if certain { Err(Status::Separation) } else { Ok(model) };
        }
    }
    Err(Status::Separation)
}

/// A fitted row.
#[derive(Debug, Clone, Copy)]
struct Row {
    fitted: f64,
    /// 1 − fitted, with all its digits.
    rest: f64,
    residual: f64,
    /// The binomial variance of the numerator: the weight of the next step.
    variance: f64,
}

/// A model at some coordinates in the basis of its design.
struct Model<'a> {
    basis: Basis,
    counts: &'a [Counts],
    coordinates: DVector<f64>,
    log_odds: DVector<f64>,
    rows: Vec<Row>,
    deviance: f64,
}

impl<'a> Model<'a> {
    fn at(basis: Basis, counts: &'a [Counts], coordinates: DVector<f64>) -> Self {
        let mut model = Self {
            basis,
            counts,
            coordinates: DVector::zeros(0),
            log_odds: DVector::zeros(0),
            rows: Vec::new(),
            deviance: 0.0,
        };
        model.move_to(coordinates);
        model
    }

    fn move_to(&mut self, coordinates: DVector<f64>) {
        self.log_odds = &self.basis.vectors * &coordinates;
        self.coordinates = coordinates;
        self.rows.clear();
        self.deviance = 0.0;
        for (log_odds, counts) in self.log_odds.iter().zip(self.counts) {
            let (fitted, rest) = ((1.0 + (-log_odds).exp()).recip(), (1.0 + log_odds.exp()).recip());
            let Counts { num, den } = *counts;
            self.rows.push(Row { fitted, rest, residual: num - den * fitted, variance: den * fitted * rest });
            self.deviance += 2.0 * (surprise(num, den * fitted) + surprise(den - num, den * rest));
        }
    }

    /// X′WX in the basis, decomposed; `None` where too few rows are left with a weight.
    fn information(&self) -> Option<Cholesky<f64, Dyn>> {
        let mut weighted = self.basis.vectors.clone();
        for mut column in weighted.column_iter_mut() {
            column.iter_mut().zip(&self.rows).for_each(|(value, row)| *value *= row.variance);
        }
        self.basis.vectors.tr_mul(&weighted).cholesky()
    }

    /// One Newton step, halved until the deviance does not rise. Returns by how much it moved the furthest log odds;
    /// `None` where no step can be taken.
    fn step(&mut self) -> Option<f64> {
        let residuals = DVector::from_iterator(self.rows.len(), self.rows.iter().map(|row| row.residual));
        let mut step = self.information()?.solve(&self.basis.vectors.tr_mul(&residuals));
        let (from, before, deviance) = (self.coordinates.clone(), self.log_odds.clone(), self.deviance);
        for _ in 0..40 {
            self.move_to(&from + &step);
            // Near the end the deviance rises by its own rounding.
            if self.deviance <= deviance + 1e-10 * (deviance + 1.0) {
                return Some((&self.log_odds - before).amax());
            }
            step *= 0.5;
        }
        None
    }

    fn estimates(&self) -> Fit {
        let basis = &self.basis;
        let coef = &basis.to_coefficients * &self.coordinates;
        let df_resid = self.rows.len() - coef.len();
        let df = count(df_resid);
        let pearson_chi2: f64 = self.rows.iter().map(|row| row.residual.powi(2) / row.variance).sum();
        let people: f64 = self.counts.iter().map(|row| row.den).sum();
        let dispersion = pearson_chi2 / df;
        let se_binomial = self.standard_errors();
        // What is left of a perfect fit is the square of rounding.
        let spread = (pearson_chi2 > 1e-24 * people).then(|| dispersion.sqrt());
        let se: Vec<Option<f64>> = se_binomial.iter().map(|se| finite(se * spread?)).collect();
        let t: Vec<Option<f64>> = coef.iter().zip(&se).map(|(coef, se)| finite(coef / (*se)?)).collect();
        let half_width = t_half_width(df);
        let interval = |(coef, se): (&f64, &Option<f64>)| {
            let half = half_width? * (*se)?;
            Some([finite(coef - half)?, finite(coef + half)?])
        };
        Fit {
            se_binomial,
            dispersion,
            pearson_chi2,
            deviance: self.deviance.max(0.0),
            df_resid,
            p_t: t.iter().map(|t| t_two_sided((*t)?, df)).collect(),
            ci_t: coef.iter().zip(&se).map(interval).collect(),
            odds_ratio: coef.iter().map(|coef| finite(coef.exp())).collect(),
            fitted: self.rows.iter().map(|row| row.fitted).collect(),
            coef: coef.iter().copied().collect(),
            se,
            t,
            clustered: None,
        }
    }

    /// √diag (X′WX)⁻¹ with the weights of the fit.
    fn standard_errors(&self) -> Vec<f64> {
        let Some(information) = self.information() else { return Vec::new() };
        let root = information.l().solve_lower_triangular(&self.basis.to_coefficients.transpose());
        root.iter().flat_map(DMatrix::column_iter).map(|column| column.norm()).collect()
    }

    fn clustered<'b>(&self, cluster: impl Iterator<Item = &'b str>) -> Clustered {
        let width = self.coordinates.len();
        let mut scores: BTreeMap<&str, DVector<f64>> = BTreeMap::new();
        for ((name, row), vector) in cluster.zip(&self.rows).zip(self.basis.vectors.row_iter()) {
            let score = scores.entry(name).or_insert_with(|| DVector::zeros(width));
            score.axpy(row.residual, &vector.transpose(), 1.0);
        }
        let clusters = scores.len();
        let mut squares = DVector::zeros(width);
        if let Some(information) = self.information() {
            for score in scores.values() {
                let influence = &self.basis.to_coefficients * information.solve(score);
                squares += influence.component_mul(&influence);
            }
        }
        // What rounding leaves of a sum of scores is no standard error.
        let judged = |(square, binomial): (&f64, f64)| {
            let error = square.sqrt();
            (clusters > 1 && error > 1e-12 * binomial).then_some(error)
        };
        let cr0: Vec<Option<f64>> = squares.iter().zip(self.standard_errors()).map(judged).collect();
        let (groups, rows) = (count(clusters), count(self.rows.len()));
        let correction = (groups / (groups - 1.0) * (rows - 1.0) / (rows - count(width))).sqrt();
        let cr1 = cr0.iter().map(|error| finite((*error)? * correction)).collect();
        Clustered { clusters, se_cluster_cr0: cr0, se_cluster_cr1: cr1 }
    }
}

/// A count's part of half the deviance.
fn surprise(observed: f64, expected: f64) -> f64 {
    if observed > 0.0 { observed * (observed / expected).ln() } else { 0.0 }
}

#[cfg(test)]
mod tests;
