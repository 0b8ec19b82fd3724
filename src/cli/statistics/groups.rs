//! Ranks and groups: `spearman`, `mann_whitney`, `kruskal_wallis`, `jonckheere`, `cochran_armitage`.
//!
//! The tests of groups refuse a missing value: whoever leaves one out says so, and counts it.

use serde::Deserialize;
use serde_json::Value;

use super::{CliError, List, answer, complete, given};
use crate::domain::statistics::{Refusal, groups, rank, two_groups};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct PairsInput {
    x: List,
    y: List,
}

pub(super) fn spearman(item: Value) -> Result<Value, CliError> {
    answer("spearman", item, |input: PairsInput| Ok(rank::spearman(&given(input.x)?, &given(input.y)?)?))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TwoGroupsInput {
    a: List,
    b: List,
}

pub(super) fn mann_whitney(item: Value) -> Result<Value, CliError> {
    answer("mann_whitney", item, |input: TwoGroupsInput| {
        Ok(two_groups::mann_whitney(&complete(input.a)?, &complete(input.b)?)?)
    })
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct GroupsInput {
    groups: Option<Vec<List>>,
}

impl GroupsInput {
    fn complete(self) -> Result<Vec<Vec<f64>>, Refusal> {
        given(self.groups)?.into_iter().map(complete).collect()
    }
}

pub(super) fn kruskal_wallis(item: Value) -> Result<Value, CliError> {
    answer("kruskal_wallis", item, |input: GroupsInput| Ok(groups::kruskal_wallis(&input.complete()?)?))
}

pub(super) fn jonckheere(item: Value) -> Result<Value, CliError> {
    answer("jonckheere", item, |input: GroupsInput| Ok(groups::jonckheere(&input.complete()?)?))
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct TrendInput {
    x: List,
    n: List,
}

pub(super) fn cochran_armitage(item: Value) -> Result<Value, CliError> {
    answer("cochran_armitage", item, |input: TrendInput| {
        Ok(groups::cochran_armitage(&complete(input.x)?, &complete(input.n)?)?)
    })
}
