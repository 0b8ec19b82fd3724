//! A linear scale that holds 0, with round steps.

/// Where values lie between the left edge (0) and the right edge (100) of a plot.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    step: f64,
}

impl Scale {
    /// A scale that holds 0 and every finite value given, in about `steps` steps of 1, 2 or 5 times a power of ten.
    pub(super) fn around(values: impl IntoIterator<Item = f64>, steps: f64) -> Self {
        let finite = values.into_iter().filter(|value| value.is_finite());
        let (low, high) = finite.fold((0.0_f64, 0.0_f64), |(low, high), value| (low.min(value), high.max(value)));
        let high = if high - low > 0.0 { high } else { low + 1.0 };
        let rough = (high - low) / steps;
        let power = 10_f64.powf(rough.log10().floor());
        let step = [1.0, 2.0, 5.0].into_iter().map(|m| m * power).find(|s| *s >= rough).unwrap_or(10.0 * power);
        Self { low: (low / step).floor() * step, high: (high / step).ceil() * step, step }
    }

    /// A scale from one value to another, without round ends.
    pub(super) fn between(low: f64, high: f64) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        Self { low, high, step: high - low }
    }

    /// The place of a value in per cent of the plot.
    pub(super) fn place(&self, value: f64) -> f64 {
        (value - self.low) / (self.high - self.low) * 100.0
    }

    /// The values at which the axis is marked, with their words.
    pub(super) fn ticks(&self) -> Vec<(f64, String)> {
        let places = if self.step >= 1.0 { 0 } else { 2 };
        let mut ticks = Vec::new();
        let mut at = self.low;
        while at <= self.high + self.step / 2.0 && ticks.len() < 50 {
            let shown = if at.abs() < self.step / 2.0 { 0.0 } else { at };
            ticks.push((shown, format!("{shown:.places$}")));
            at += self.step;
        }
        ticks
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn steps_are_round_and_hold_every_value() {
        let scale = Scale::around([1.6, 12.37, f64::NAN], 5.0);
        assert_eq!(scale.ticks().iter().map(|(_, words)| words.as_str()).collect::<Vec<_>>(), ["0", "5", "10", "15"]);
        assert_eq!((scale.place(0.0), scale.place(15.0)), (0.0, 100.0));
        assert!(Scale::around([-0.3, 0.4], 5.0).place(-0.3) >= 0.0);
    }

    #[test]
    fn nothing_to_show_is_still_a_scale() {
        let scale = Scale::around([], 5.0);
        assert!(scale.place(0.5).is_finite());
        assert!(scale.ticks().len() >= 2);
    }
}
