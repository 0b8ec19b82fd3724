//! What anybody may read of a service's staffing: WTE by role, never by band, and no small number, since a post that is
//! less than a whole one is a single person, whose hours everybody at the hospital could then read.

use crate::domain::hundredths::Hundredths;

/// Less than this is a small number, in WTE.
const SMALLEST_SHOWN: Hundredths = Hundredths(100);

/// The WTE of a role as the public reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublicWte {
    /// The service did not give it.
    NotGiven,
    /// More than nothing and under one: suppressed.
    UnderOne,
    /// None, or one and more.
    Shown(Hundredths),
}

impl From<Option<Hundredths>> for PublicWte {
    fn from(wte: Option<Hundredths>) -> Self {
        match wte {
            None => Self::NotGiven,
            Some(wte) if wte > Hundredths(0) && wte < SMALLEST_SHOWN => Self::UnderOne,
            Some(wte) => Self::Shown(wte),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_between_nobody_and_one_is_suppressed() {
        for (hundredths, public) in [
            (0, PublicWte::Shown(Hundredths(0))),
            (1, PublicWte::UnderOne),
            (99, PublicWte::UnderOne),
            (100, PublicWte::Shown(Hundredths(100))),
            (159, PublicWte::Shown(Hundredths(159))),
        ] {
            assert_eq!(PublicWte::from(Some(Hundredths(hundredths))), public);
        }
        assert_eq!(PublicWte::from(None), PublicWte::NotGiven);
    }
}
