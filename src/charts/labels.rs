//! Keeps labels apart.

/// An upright box.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Area {
    left: f64,
    top: f64,
    right: f64,
    bottom: f64,
}

impl Area {
    fn meets(&self, other: &Self) -> bool {
        self.left < other.right && other.left < self.right && self.top < other.bottom && other.top < self.bottom
    }

    fn within(&self, other: &Self) -> bool {
        self.left >= other.left && self.right <= other.right && self.top >= other.top && self.bottom <= other.bottom
    }
}

/// Where a label has found room: its base line begins at `x`, `y`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Place {
    pub(super) x: f64,
    pub(super) y: f64,
    /// It stands so far off that a line has to lead to it.
    pub(super) far: bool,
}

/// The labels of a plot, each in the first free place about its point.
#[derive(Debug)]
pub(super) struct Labels {
    bounds: Area,
    taken: Vec<Area>,
}

impl Labels {
    /// For a plot between two corners.
    pub(super) fn new((left, top): (f64, f64), (right, bottom): (f64, f64)) -> Self {
        Self { bounds: Area { left, top, right, bottom }, taken: Vec::new() }
    }

    /// Keeps a place free, such as that of a mark.
    pub(super) fn reserve(&mut self, (x, y): (f64, f64), radius: f64) {
        self.taken.push(Area { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius });
    }

    /// Keeps the place of a text that is already set, by its base line.
    pub(super) fn reserve_text(&mut self, (x, y): (f64, f64), width: f64, size: f64) {
        self.taken.push(Area { left: x, top: y - size, right: x + width, bottom: y + size * 0.3 });
    }

    /// Room for a label of a width and a size of letters near a point, or none.
    pub(super) fn place(&mut self, (x, y): (f64, f64), width: f64, size: f64) -> Option<Place> {
        let near = [8.0, 14.0, 22.0, 32.0, 44.0];
        for (step, gap) in near.into_iter().enumerate() {
            let candidates = [
                (x + gap, y + size * 0.35),
                (x - gap - width, y + size * 0.35),
                (x - width / 2.0, y - gap),
                (x - width / 2.0, y + gap + size * 0.8),
                (x + gap * 0.7, y - gap * 0.7),
                (x + gap * 0.7, y + gap * 0.7 + size * 0.8),
                (x - gap * 0.7 - width, y - gap * 0.7),
                (x - gap * 0.7 - width, y + gap * 0.7 + size * 0.8),
            ];
            for (left, base) in candidates {
                let area =
                    Area { left: left - 1.0, top: base - size, right: left + width + 1.0, bottom: base + size * 0.3 };
                if area.within(&self.bounds) && !self.taken.iter().any(|taken| taken.meets(&area)) {
                    self.taken.push(area);
                    return Some(Place { x: left, y: base, far: step > 1 });
                }
            }
        }
        None
    }
}

/// Moves positions apart until each is `gap` from the next, within `low` and `high` where that has room for all; in
/// their order, each as near to where it was as the others let it.
pub(super) fn spread(positions: &[f64], gap: f64, low: f64, high: f64) -> Vec<f64> {
    let mut order: Vec<usize> = (0..positions.len()).collect();
    let at = |index: usize| positions.get(index).copied().unwrap_or(low);
    order.sort_by(|a, b| at(*a).total_cmp(&at(*b)));
    let mut placed: Vec<(usize, f64)> = Vec::with_capacity(order.len());
    let mut next = low;
    for index in order {
        let here = at(index).max(next);
        placed.push((index, here));
        next = here + gap;
    }
    let mut limit = high;
    for (_, here) in placed.iter_mut().rev() {
        *here = here.min(limit);
        limit = *here - gap;
    }
    placed.sort_by_key(|(index, _)| *index);
    placed.into_iter().map(|(_, here)| here).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// However crowded the points, no label lies on another or outside the plot.
        #[test]
        fn labels_never_meet(points in prop::collection::vec((0.0..700.0, 0.0..400.0), 1..300)) {
            let mut labels = Labels::new((0.0, 0.0), (700.0, 400.0));
            let mut areas: Vec<Area> = Vec::new();
            for point in points {
                if let Some(place) = labels.place(point, 60.0, 12.0) {
                    let area = Area { left: place.x, top: place.y - 12.0, right: place.x + 60.0, bottom: place.y + 3.0 };
                    prop_assert!(area.within(&labels.bounds));
                    prop_assert!(!areas.iter().any(|other| other.meets(&area)));
                    areas.push(area);
                }
            }
            prop_assert!(!areas.is_empty());
        }

        /// Spread positions keep their order and their distance.
        #[test]
        fn spread_positions_keep_apart(positions in prop::collection::vec(0.0..100.0, 1..8)) {
            let found = spread(&positions, 10.0, 0.0, 100.0);
            for (a, here) in positions.iter().zip(&found) {
                for (b, there) in positions.iter().zip(&found) {
                    prop_assert!(a >= b || there - here >= 10.0 - 1e-9);
                }
                prop_assert!((-1e-9..=100.0 + 1e-9).contains(here));
            }
        }
    }
}
