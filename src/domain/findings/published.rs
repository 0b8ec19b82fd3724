//! Figures as a report printed them, to lay beside ours.

use serde::Deserialize;

/// A published figure. The type of the rows of `seeds/published/facts.csv`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PublishedFact {
    /// Stable name.
    pub key: String,
    /// As printed: `43`, `1.59`, `1/5`, `2022-05`.
    pub value: String,
    /// What it counts.
    pub unit: String,
    /// Audit year, or a span of years.
    pub year: String,
    /// The words in which it was found.
    pub quote: String,
    /// Where in the report.
    pub section: String,
    /// What is above the line, where that is printed or follows.
    pub numerator: String,
    /// What is under the line.
    pub denominator: String,
    /// What there is to know of it.
    pub note: String,
}

impl PublishedFact {
    /// Whether a figure is the published one, as far as it was printed: it rounds to it (half up). `None` where what was
    /// printed is no number.
    pub fn agrees(&self, value: f64) -> Option<bool> {
        if let Some((one, of)) = self.value.split_once('/') {
            // "One in five": the nearest such share. Other printed slashes are no number.
            let of: f64 = of.parse().ok().filter(|_| one == "1")?;
            return Some(value > 0.0 && ((1.0 / value).round() - of).abs() < 0.5);
        }
        let printed: f64 = self.value.parse().ok()?;
        if self.unit.contains("less than, all services") {
            return Some(value < printed);
        }
        if self.unit.contains("(nearly)") {
            return Some(value <= printed && value >= printed - 5.0);
        }
        let places = self.value.split_once('.').map_or(0, |(_, places)| places.len());
        let scale = 10_f64.powi(i32::try_from(places).ok()?);
        // Half up, and a hair of room: 0.45 × 100 is not exactly 45.
        let rounded = (value * scale + 0.5 + 1e-9).floor() / scale;
        Some((rounded - printed).abs() < 1e-9)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fact(value: &str, unit: &str) -> PublishedFact {
        PublishedFact {
            key: "key".into(),
            value: value.into(),
            unit: unit.into(),
            year: "2021".into(),
            quote: String::new(),
            section: String::new(),
            numerator: String::new(),
            denominator: String::new(),
            note: String::new(),
        }
    }

    #[test]
    fn a_figure_agrees_as_far_as_it_was_printed() {
        for (printed, unit, value, agrees) in [
            ("43", "%", 42.5, Some(true)),
            ("43", "%", 42.4999, Some(false)),
            ("43", "%", 43.5, Some(false)),
            ("1.59", "WTE", 1.594, Some(true)),
            ("0.45", "WTE", 0.45, Some(true)),
            ("0.45", "WTE", 0.4549, Some(true)),
            ("0.45", "WTE", 0.46, Some(false)),
            ("1/5", "share of services", 0.2, Some(true)),
            ("1/3", "share of nurse time (approx.)", 0.342, Some(true)),
            ("1/3", "share of nurse time (approx.)", 0.5, Some(false)),
            ("15", "% (less than, all services)", 14.9, Some(true)),
            ("15", "% (less than, all services)", 15.0, Some(false)),
            ("50", "% (less than)", 50.0, Some(true)),
            ("100", "% (nearly)", 98.2, Some(true)),
            ("2022-05", "month", 2022.0, None),
            ("80/50/80", "%", 80.0, None),
            ("50-79", "%", 50.0, None),
        ] {
            assert_eq!(fact(printed, unit).agrees(value), agrees, "{printed} {unit} against {value}");
        }
    }
}
