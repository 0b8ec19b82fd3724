//! The columns of a regression, and an orthonormal basis of them to compute in.
//!
//! Covariates come in any unit: a population in people beside a share. Columns are centred and brought to length 1
//! before anything is decomposed, so that neither the fit nor the test for collinearity depends on units.

use std::collections::BTreeSet;

use nalgebra::{DMatrix, DVector};

use super::{Refusal, count, present};

/// A covariate, one value a row.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// Its name, which begins the names of its columns.
    pub name: String,
    /// Its values.
    pub values: Values,
}

/// The values of a covariate.
#[derive(Debug, Clone, PartialEq)]
pub enum Values {
    /// A number in any unit: one column.
    Continuous(Vec<Option<f64>>),
    /// A choice: one column a level other than the reference.
    Categorical {
        /// The level of each row. One that is not declared counts as missing.
        values: Vec<Option<String>>,
        /// The levels in order; `None` takes those of the used rows, sorted. A declared level without a row keeps its
        /// column.
        levels: Option<Vec<String>>,
        /// The level that the others are compared with; `None` takes the first.
        reference: Option<String>,
    },
}

impl Term {
    /// A number.
    pub fn continuous(name: &str, values: &[Option<f64>]) -> Self {
        Self { name: name.to_owned(), values: Values::Continuous(values.to_vec()) }
    }

    /// A choice with declared levels, the first of which is the reference.
    pub fn categorical(name: &str, values: &[Option<&str>], levels: &[&str]) -> Self {
        let owned = |text: &&str| (*text).to_owned();
        Self {
            name: name.to_owned(),
            values: Values::Categorical {
                values: values.iter().map(|value| value.as_ref().map(owned)).collect(),
                levels: Some(levels.iter().map(owned).collect()),
                reference: None,
            },
        }
    }

    /// How many rows it has.
    pub(super) fn len(&self) -> usize {
        match &self.values {
            Values::Continuous(values) => values.len(),
            Values::Categorical { values, .. } => values.len(),
        }
    }

    /// Whether a row has a value that can be used.
    pub(super) fn has(&self, row: usize) -> bool {
        match &self.values {
            Values::Continuous(values) => values.get(row).copied().and_then(present).is_some(),
            Values::Categorical { values, levels, .. } => values
                .get(row)
                .and_then(Option::as_ref)
                .is_some_and(|value| levels.as_ref().is_none_or(|levels| levels.contains(value))),
        }
    }

    /// Its columns over the used rows.
    fn columns(&self, used: &[usize]) -> Result<Vec<(String, Vec<f64>)>, Refusal> {
        match &self.values {
            Values::Continuous(values) => {
                let column = used.iter().filter_map(|row| values.get(*row).copied().flatten()).collect();
                Ok(vec![(self.name.clone(), column)])
            }
            Values::Categorical { values, levels, reference } => {
                let used: Vec<&str> = used.iter().filter_map(|row| values.get(*row)?.as_deref()).collect();
                let levels: Vec<&str> = match levels {
                    Some(declared) => declared.iter().map(String::as_str).collect(),
                    None => {
                        used.iter().copied().chain(reference.as_deref()).collect::<BTreeSet<_>>().into_iter().collect()
                    }
                };
                let reference = reference.as_deref().or_else(|| levels.first().copied());
                if reference.is_some_and(|reference| !levels.contains(&reference)) {
                    return Err(Refusal::UnknownReference);
                }
                let column = |level: &str| used.iter().map(|value| f64::from(u8::from(*value == level))).collect();
                let compared = levels.into_iter().filter(|level| Some(*level) != reference);
                Ok(compared.map(|level| (format!("{}={level}", self.name), column(level))).collect())
            }
        }
    }
}

/// The columns of a model over its used rows: the intercept, then the terms in order.
pub(super) struct Design {
    /// Their names.
    pub names: Vec<String>,
    columns: Vec<Vec<f64>>,
    rows: usize,
}

impl Design {
    pub(super) fn new(terms: &[Term], used: &[usize]) -> Result<Self, Refusal> {
        let mut names = vec!["(intercept)".to_owned()];
        let mut columns = Vec::new();
        for term in terms {
            for (name, column) in term.columns(used)? {
                names.push(name);
                columns.push(column);
            }
        }
        Ok(Self { names, columns, rows: used.len() })
    }

    /// Columns, the intercept among them.
    pub(super) fn width(&self) -> usize {
        self.names.len()
    }

    /// An orthonormal basis of the columns; `None` where one of them follows from the others.
    pub(super) fn basis(&self) -> Option<Basis> {
        let columns: Vec<Standardised> =
            self.columns.iter().map(|column| Standardised::new(column)).collect::<Option<_>>()?;
        let (rows, width) = (self.rows, self.width());
        let level = count(rows).sqrt().recip();
        let intercept = std::iter::repeat_n(level, rows);
        let cells = intercept.chain(columns.iter().flat_map(|column| column.values.iter().copied()));
        let decomposed = DMatrix::from_iterator(rows, width, cells).col_piv_qr();
        let r = decomposed.r();
        // The columns have length 1, so what a diagonal element is short of 1 lies in the columns before it.
        if r.diagonal().iter().any(|length| length.abs() < COLLINEAR) {
            return None;
        }
        let mut from_basis = r.solve_upper_triangular(&DMatrix::identity(width, width))?;
        decomposed.p().inv_permute_rows(&mut from_basis);
        // Undoes the centring and the scaling.
        let to_units = DMatrix::from_fn(width, width, |row, place| {
            match place.checked_sub(1).and_then(|place| columns.get(place)) {
                None if row == 0 => level,
                Some(column) if row == 0 => -column.mean / column.length,
                Some(column) if row == place => column.length.recip(),
                _ => 0.0,
            }
        });
        Some(Basis { vectors: decomposed.q(), to_coefficients: to_units * from_basis })
    }
}

/// The share of a column's length that must not follow from the other columns. Rounding leaves some 1e-15 of it.
const COLLINEAR: f64 = 1e-9;

/// The share of a column's size that must vary.
const CONSTANT: f64 = 1e-13;

/// A column that was centred and brought to length 1.
struct Standardised {
    values: Vec<f64>,
    mean: f64,
    length: f64,
}

impl Standardised {
    /// `None` for a constant column: it follows from the intercept.
    fn new(column: &[f64]) -> Option<Self> {
        let largest = column.iter().fold(0.0_f64, |largest, value| largest.max(value.abs()));
        // Divided by the largest value first: squares of numbers near the ends of the range would not be finite.
        let scaled = DVector::from_iterator(column.len(), column.iter().map(|value| value / largest));
        let mean = scaled.mean();
        let mut centred = scaled.add_scalar(-mean);
        // Once more, for what rounding left in the first mean.
        let rest = centred.mean();
        centred.add_scalar_mut(-rest);
        let length = centred.norm();
        // Written so that a column of zeros, of which nothing is a number, is constant too.
        let varies = length > CONSTANT * count(column.len()).sqrt();
        varies.then(|| Self {
            values: centred.iter().map(|value| value / length).collect(),
            mean: (mean + rest) * largest,
            length: length * largest,
        })
    }
}

/// An orthonormal basis of a design.
pub(super) struct Basis {
    /// Its vectors, as columns.
    pub vectors: DMatrix<f64>,
    /// What turns coordinates in the basis into coefficients of the design's columns.
    pub to_coefficients: DMatrix<f64>,
}
