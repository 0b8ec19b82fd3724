//! The statistical methods: numbers in, numbers out.
//!
//! Every figure that a page, the API, a workbook or `facilities-audit statistics` prints comes from a function here.
//! What cannot be worked out is a [`Refusal`] or `None`, never NaN, an infinity or a 0 that stands for "unknown".
//! The fields of the results are named as the methods are described, and serialise so.

#![allow(clippy::float_cmp, reason = "ties, ends and sides are decided by exact comparison")]
#![allow(clippy::many_single_char_names, reason = "the letters are the field's")]

pub mod false_discovery;
pub mod funnel;
pub mod groups;
pub mod intervals;
pub mod power;
pub mod quantiles;
pub mod quasi_binomial;
pub mod rank;
pub mod run_chart;
pub mod two_groups;
pub mod xmr;

mod design;
mod distributions;

/// Why a method gives no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Refusal {
    /// A figure that the method cannot do without is missing, or is not a finite number.
    #[error("a figure that the method needs is missing")]
    Missing,
    /// A proportion or a ratio over nothing.
    #[error("the denominator is not above zero")]
    ZeroDenominator,
    /// More cases than people: not a proportion.
    #[error("the numerator exceeds the denominator, so this is not a proportion")]
    NumeratorExceedsDenominator,
    /// A count under zero.
    #[error("a count is negative")]
    NegativeCount,
    /// A confidence that is not between 0 and 1.
    #[error("the confidence must lie between 0 and 1")]
    ConfidenceOutOfRange,
    /// A probability or a share that is not within its range.
    #[error("a probability lies outside its range")]
    ProbabilityOutOfRange,
    /// Two lists that belong together differ in length.
    #[error("the lists differ in length")]
    UnequalLengths,
    /// A funnel without a single unit that has a denominator.
    #[error("no unit has a denominator")]
    NoUnits,
    /// A funnel around 0 or 1 has no width.
    #[error("the target must lie between 0 and 1")]
    DegenerateTarget,
    /// Every value of a variable is the same.
    #[error("every value of one variable is the same")]
    ZeroVariance,
    /// A correlation of fewer than three pairs.
    #[error("a correlation needs at least three pairs")]
    TooFewPairs,
    /// One of two groups has no values.
    #[error("a group is empty")]
    EmptyGroup,
    /// There are no two groups with values.
    #[error("fewer than two groups have values")]
    FewerThanTwoGroups,
    /// A trend over proportions of which none varies, or over a single group.
    #[error("the proportions leave no variance to test a trend against")]
    Degenerate,
    /// A categorical term's reference that is none of its levels.
    #[error("a term's reference is none of its levels")]
    UnknownReference,
    /// A series without values.
    #[error("there are no values")]
    NoData,
    /// A control chart of fewer than two points.
    #[error("a control chart needs at least two points")]
    TooFewPoints,
    /// No two neighbouring months both have a value.
    #[error("no two neighbouring points both have a value")]
    NoMovingRange,
}

impl Refusal {
    /// The stable name, as commands and the API give it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::ZeroDenominator => "zero_denominator",
            Self::NumeratorExceedsDenominator => "numerator_exceeds_denominator",
            Self::NegativeCount => "negative_count",
            Self::ConfidenceOutOfRange => "confidence_out_of_range",
            Self::ProbabilityOutOfRange => "probability_out_of_range",
            Self::UnequalLengths => "unequal_lengths",
            Self::NoUnits => "no_units",
            Self::DegenerateTarget => "degenerate_target",
            Self::ZeroVariance => "zero_variance",
            Self::TooFewPairs => "too_few_pairs",
            Self::EmptyGroup => "empty_group",
            Self::FewerThanTwoGroups => "fewer_than_two_groups",
            Self::Degenerate => "degenerate",
            Self::UnknownReference => "unknown_reference",
            Self::NoData => "no_data",
            Self::TooFewPoints => "too_few_points",
            Self::NoMovingRange => "no_moving_range",
        }
    }
}

/// Refuses a list with a value that is not a finite number.
fn all_finite(values: &[f64]) -> Result<(), Refusal> {
    if values.iter().all(|value| value.is_finite()) { Ok(()) } else { Err(Refusal::Missing) }
}

/// A number that can be shown; an overflow cannot.
fn finite(value: f64) -> Option<f64> {
    value.is_finite().then_some(value)
}

/// A value that is there. A number that is not finite counts as missing.
fn present(value: Option<f64>) -> Option<f64> {
    value.and_then(finite)
}

/// A length as a number to reckon with.
#[expect(clippy::cast_precision_loss, reason = "no list comes near 2^52 values")]
fn count(length: usize) -> f64 {
    length as f64
}
