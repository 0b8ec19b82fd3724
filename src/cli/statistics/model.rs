//! The regression: `quasi_binomial`.

use serde::{Deserialize, Deserializer, de};
use serde_json::{Map, Value};

use super::{CliError, answer};
use crate::domain::statistics::quasi_binomial::{self, Clustered, Fit, QuasiBinomial, Term, Values};

/// A model as it was asked for, its rows turned to columns.
#[derive(Debug)]
struct ModelInput {
    num: Vec<Option<f64>>,
    den: Vec<Option<f64>>,
    terms: Vec<Term>,
    cluster: Option<Vec<Option<String>>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawInput {
    rows: Vec<Map<String, Value>>,
    #[serde(default)]
    terms: Vec<RawTerm>,
    cluster: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct RawTerm {
    name: String,
    kind: Kind,
    levels: Option<Vec<String>>,
    reference: Option<String>,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Continuous,
    Categorical,
}

impl<'de> Deserialize<'de> for ModelInput {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let RawInput { rows, terms, cluster } = RawInput::deserialize(deserializer)?;
        let terms = terms.into_iter().map(|term| term.over(&rows)).collect::<Result<_, _>>();
        Ok(Self {
            num: column(&rows, "num", number).map_err(de::Error::custom)?,
            den: column(&rows, "den", number).map_err(de::Error::custom)?,
            terms: terms.map_err(de::Error::custom)?,
            cluster: cluster.map(|name| column(&rows, &name, word)).transpose().map_err(de::Error::custom)?,
        })
    }
}

impl RawTerm {
    fn over(self, rows: &[Map<String, Value>]) -> Result<Term, String> {
        let values = match self.kind {
            Kind::Continuous => Values::Continuous(column(rows, &self.name, number)?),
            Kind::Categorical => Values::Categorical {
                values: column(rows, &self.name, word)?,
                levels: self.levels,
                reference: self.reference,
            },
        };
        Ok(Term { name: self.name, values })
    }
}

/// One field of every row. A row without it is missing it; where no row has it, the name is wrong.
fn column<T>(rows: &[Map<String, Value>], name: &str, read: fn(&Value) -> Option<T>) -> Result<Vec<Option<T>>, String> {
    if !rows.is_empty() && !rows.iter().any(|row| row.contains_key(name)) {
        return Err(format!("no row has a field {name:?}"));
    }
    let cell = |(place, row): (usize, &Map<String, Value>)| match row.get(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => read(value).map(Some).ok_or_else(|| format!("rows[{place}]: {name} cannot be {value}")),
    };
    rows.iter().enumerate().map(cell).collect()
}

fn number(value: &Value) -> Option<f64> {
    value.as_f64()
}

fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(_) | Value::Bool(_) => Some(value.to_string()),
        _ => None,
    }
}

pub(super) fn quasi_binomial(item: Value) -> Result<Value, CliError> {
    let mut output = answer("quasi_binomial", item, |input: ModelInput| {
        let clustered = input.cluster.is_some();
        let model = quasi_binomial::quasi_binomial(&input.num, &input.den, &input.terms, input.cluster.as_deref())?;
        Ok(with_every_field(model, clustered))
    })?;
    if output.get("status").is_some_and(|status| status != "ok")
        && let Some(fields) = output.as_object_mut()
    {
        let estimates = fields.iter_mut().filter(|(name, _)| !OF_EVERY_MODEL.contains(&name.as_str()));
        estimates.for_each(|(_, value)| *value = Value::Null);
    }
    Ok(output)
}

/// The fields that have a value without a fit.
const OF_EVERY_MODEL: [&str; 4] = ["status", "n_used", "n_dropped", "names"];

/// A model without a fit has the fields of one, for whoever reads them by name; their values become null.
fn with_every_field(model: QuasiBinomial, clustered: bool) -> QuasiBinomial {
    let empty = || Fit { clustered: clustered.then(Clustered::default), ..Fit::default() };
    QuasiBinomial { fit: Some(model.fit.unwrap_or_else(empty)), ..model }
}
