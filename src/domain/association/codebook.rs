//! The data behind the associations as a statistician takes them: a row a service, its variables described, and a script
//! that reads them into R with their labels.

use super::dataset::{Dataset, Design, NoOutcome};
use super::exposure::{Exposure, Value};
use super::plan::AnalysisPlan;
use super::words::{heading, unit};

/// A variable of the data.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variable {
    /// The column's name.
    pub name: String,
    /// What it is.
    pub label: String,
    /// `text`, `number`, `flag`, `ordered`, `groups`.
    pub kind: &'static str,
    /// Its unit or groups in words.
    pub unit: String,
    /// The groups: code and label; an ordered variable's in increasing order.
    pub levels: Vec<(&'static str, &'static str)>,
}

/// One column of the data.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Column {
    Service,
    Records,
    Exposure(Exposure),
    WhyMissing(Exposure),
    Numerator(i32),
    Denominator(i32),
    Percent(i32),
    WhyNoKpi(i32),
}

/// A cell of the data.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text, a code of a group among it.
    Text(String),
    /// A number, unrounded.
    Number(f64),
    /// Nothing is known.
    Missing,
}

fn columns(data: &Dataset, plan: &AnalysisPlan) -> Vec<Column> {
    let mut columns = vec![Column::Service, Column::Records];
    let asked = plan.exposures.iter().filter(|exposure| data.kind(**exposure).is_some());
    columns.extend(asked.flat_map(|exposure| [Column::Exposure(*exposure), Column::WhyMissing(*exposure)]));
    for kpi in &plan.outcomes {
        if !matches!(data.design, Design::Change { .. }) {
            columns.extend([Column::Numerator(*kpi), Column::Denominator(*kpi)]);
        }
        columns.extend([Column::Percent(*kpi), Column::WhyNoKpi(*kpi)]);
    }
    columns
}

/// The variables, in the order of the columns; `kpi_name` gives the name of a KPI.
pub fn variables(data: &Dataset, plan: &AnalysisPlan, kpi_name: impl Fn(i32) -> String) -> Vec<Variable> {
    let change = match data.design {
        Design::Change { since } => Some(since),
        Design::OneRound | Design::Earlier { .. } => None,
    };
    let of_change = |label: String| change.map_or(label.clone(), |since| format!("{label}, change since {since}"));
    let text =
        |name: String, label: String| Variable { name, label, kind: "text", unit: String::new(), levels: Vec::new() };
    let number = |name: String, label: String, unit: &str| Variable {
        name,
        label,
        kind: "number",
        unit: unit.to_owned(),
        levels: Vec::new(),
    };
    let variable = |column: Column| match column {
        Column::Service => text("service".into(), "Unit code of the service".into()),
        Column::Records => number("records".into(), format!("Patient records in {}", data.year), "records"),
        Column::Exposure(exposure) => {
            let kind = data.kind(exposure).unwrap_or(exposure.kind());
            Variable {
                name: exposure.key().to_owned(),
                label: of_change(heading(exposure)),
                kind: kind.as_str(),
                unit: unit(kind),
                levels: kind.levels().iter().map(|level| (level.code, level.label)).collect(),
            }
        }
        Column::WhyMissing(exposure) => {
            text(format!("{}_missing", exposure.key()), format!("Why “{}” is missing", heading(exposure)))
        }
        Column::Numerator(kpi) => number(
            format!("kpi_{kpi}_numerator"),
            format!("KPI {kpi} {}, cases above the line", kpi_name(kpi)),
            "cases",
        ),
        Column::Denominator(kpi) => number(
            format!("kpi_{kpi}_denominator"),
            format!("KPI {kpi} {}, cases under the line", kpi_name(kpi)),
            "cases",
        ),
        Column::Percent(kpi) => number(
            format!("kpi_{kpi}_percent"),
            of_change(format!("KPI {kpi} {}", kpi_name(kpi))),
            if change.is_some() { "percentage points" } else { "%" },
        ),
        Column::WhyNoKpi(kpi) => text(format!("kpi_{kpi}_missing"), format!("Why KPI {kpi} is missing")),
    };
    columns(data, plan).into_iter().map(variable).collect()
}

/// The rows, in the order of the services' codes; each has a cell a variable. `shown` says whether a service is shown at
/// all, and whether its value of an exposure is: one that is not is missing as `suppressed`.
pub fn rows(data: &Dataset, plan: &AnalysisPlan, shown: impl Fn(&str, Option<Exposure>) -> bool) -> Vec<Vec<Cell>> {
    let columns = columns(data, plan);
    let services = data.services.iter().enumerate().filter(|(_, service)| shown(service, None));
    let cell_of = |row: usize, service: &str, column: Column| match column {
        Column::Exposure(exposure) if !shown(service, Some(exposure)) => Cell::Missing,
        Column::WhyMissing(exposure) if !shown(service, Some(exposure)) => Cell::Text("suppressed".into()),
        _ => cell(data, row, service, column),
    };
    services.map(|(row, service)| columns.iter().map(|column| cell_of(row, service, *column)).collect()).collect()
}

fn cell(data: &Dataset, row: usize, service: &str, column: Column) -> Cell {
    let number = |value: Option<f64>| value.map_or(Cell::Missing, Cell::Number);
    let outcome = |kpi: i32| data.outcome(kpi).get(row).copied().unwrap_or(Err(NoOutcome::NoData));
    match column {
        Column::Service => Cell::Text(service.to_owned()),
        Column::Records => number(data.records.get(row).copied().flatten().map(crate::domain::kpi::real)),
        Column::Exposure(exposure) => match data.exposure(exposure).get(row) {
            Some(Ok(value)) => value_cell(data, exposure, *value),
            _ => Cell::Missing,
        },
        Column::WhyMissing(exposure) => match data.exposure(exposure).get(row) {
            Some(Err(missing)) => Cell::Text(missing.as_str().to_owned()),
            _ => Cell::Missing,
        },
        Column::Numerator(kpi) => number(outcome(kpi).ok().and_then(|found| found.counted).map(|c| c.numerator)),
        Column::Denominator(kpi) => number(outcome(kpi).ok().and_then(|found| found.counted).map(|c| c.denominator)),
        Column::Percent(kpi) => number(outcome(kpi).ok().map(|found| found.percent)),
        Column::WhyNoKpi(kpi) => match outcome(kpi) {
            Ok(_) => Cell::Missing,
            Err(NoOutcome::NoData) => Cell::Text("no_kpi".into()),
            Err(NoOutcome::SmallDenominator) => Cell::Text("small_denominator".into()),
        },
    }
}

/// A value as the data have it: a number, or the code of its group.
pub fn value_cell(data: &Dataset, exposure: Exposure, value: Value) -> Cell {
    match value {
        Value::Number(number) => Cell::Number(number),
        Value::Level(place) => {
            let kind = data.kind(exposure).unwrap_or(exposure.kind());
            kind.levels().get(place).map_or(Cell::Missing, |level| Cell::Text(level.code.to_owned()))
        }
    }
}

/// A script that reads the data into R: groups become factors in their order, and every variable carries its label.
pub fn r_script(variables: &[Variable], head: &[String]) -> String {
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    let list = |words: Vec<String>| format!("c({})", words.join(", "));
    let mut script = String::new();
    for line in head {
        script.push_str(&format!("# {}\n", line.replace('\n', " ")));
    }
    script.push_str("\n# Save data.csv beside this script.\n");
    script.push_str(
        "data <- read.csv(\"data.csv\", na.strings = \"\", fileEncoding = \"UTF-8-BOM\", stringsAsFactors = FALSE)\n\n",
    );
    for variable in variables {
        let column = format!("data${}", variable.name);
        if !variable.levels.is_empty() {
            let codes = list(variable.levels.iter().map(|(code, _)| quoted(code)).collect());
            let labels = list(variable.levels.iter().map(|(_, label)| quoted(label)).collect());
            let ordered = if variable.kind == "ordered" { "TRUE" } else { "FALSE" };
            script.push_str(&format!(
                "{column} <- factor({column}, levels = {codes}, labels = {labels}, ordered = {ordered})\n"
            ));
        }
        let unit = if variable.unit.is_empty() || !variable.levels.is_empty() {
            String::new()
        } else {
            format!(" [{}]", variable.unit)
        };
        script.push_str(&format!("attr({column}, \"label\") <- {}\n", quoted(&format!("{}{unit}", variable.label))));
    }
    script
}
