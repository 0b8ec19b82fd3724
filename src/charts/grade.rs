//! How red, amber and green are drawn: each with a shape and a letter of its own, and apart in grey.

use super::canvas::{Canvas, INK, Shape};
use crate::domain::kpi::figure::Figure;
use crate::domain::reference::Grade;

/// A grade, or that there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GradeMark {
    /// Green: at or above the upper edge.
    Green,
    /// Amber.
    Amber,
    /// Red.
    Red,
    /// The method gives no edges for it.
    Ungraded,
}

impl From<Grade> for GradeMark {
    fn from(grade: Grade) -> Self {
        match grade {
            Grade::Green => Self::Green,
            Grade::Amber => Self::Amber,
            Grade::Red => Self::Red,
        }
    }
}

impl GradeMark {
    /// That of a figure.
    pub fn of(figure: &Figure) -> Self {
        figure.grade.map_or(Self::Ungraded, Self::from)
    }

    /// The word for it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Amber => "amber",
            Self::Red => "red",
            Self::Ungraded => "no grade",
        }
    }

    pub(super) fn letter(self) -> &'static str {
        match self {
            Self::Green => "G",
            Self::Amber => "A",
            Self::Red => "R",
            Self::Ungraded => "",
        }
    }

    /// Dark green, pale amber, red between them: grey keeps them apart.
    pub(super) fn fill(self) -> &'static str {
        match self {
            Self::Green => "#00573f",
            Self::Amber => "#ffd478",
            Self::Red => "#d5281b",
            Self::Ungraded => "#aeb7bd",
        }
    }

    /// Letters that are read on the fill.
    pub(super) fn ink(self) -> &'static str {
        match self {
            Self::Green | Self::Red => "#ffffff",
            Self::Amber | Self::Ungraded => INK,
        }
    }

    pub(super) fn shape(self) -> Shape {
        match self {
            Self::Green => Shape::Circle,
            Self::Amber => Shape::Diamond,
            Self::Red => Shape::Down,
            Self::Ungraded => Shape::Square,
        }
    }

    pub(super) fn draw(self, canvas: &mut Canvas, at: (f64, f64), size: f64) {
        canvas.mark(self.shape(), at, size, self.fill(), INK);
    }
}
