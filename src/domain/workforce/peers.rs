//! What like services have: the quartiles of their staff for their people and for their expected cases, turned into the
//! staff that a service of this size would have. It says what is, not what is needed.

use std::collections::BTreeMap;

use super::standard::Role;
use crate::domain::feedback::peers::{FEWEST, Groups, Peer, Size};
use crate::domain::hundredths::Hundredths;
use crate::domain::statistics::quantiles::quantiles;

/// What staff are set against.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Per {
    /// 100,000 people of all ages.
    People,
    /// 1,000 expected cases.
    Cases,
}

impl Per {
    /// Both.
    pub const ALL: [Self; 2] = [Self::People, Self::Cases];

    /// The word in the API and in files.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::People => "per_100000_people",
            Self::Cases => "per_1000_expected_cases",
        }
    }

    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::People => "WTE per 100,000 people of all ages",
            Self::Cases => "WTE per 1,000 expected cases",
        }
    }

    fn unit(self) -> f64 {
        match self {
            Self::People => 100_000.0,
            Self::Cases => 1_000.0,
        }
    }
}

/// The lower quartile, the median and the upper quartile (type 7).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Quartiles {
    /// A quarter has less.
    pub lower: f64,
    /// The middle.
    pub median: f64,
    /// A quarter has more.
    pub upper: f64,
}

impl Quartiles {
    fn of(values: &[f64]) -> Option<Self> {
        match quantiles(values, &[0.25, 0.5, 0.75]).ok()?.as_slice() {
            [lower, median, upper] => Some(Self { lower: *lower, median: *median, upper: *upper }),
            _ => None,
        }
    }

    fn times(self, factor: f64) -> Self {
        Self { lower: self.lower * factor, median: self.median * factor, upper: self.upper * factor }
    }

    fn plus(self, other: Self) -> Self {
        Self { lower: self.lower + other.lower, median: self.median + other.median, upper: self.upper + other.upper }
    }
}

/// Why peers say nothing of a service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoPeers {
    /// It submitted no answers, so it is like nobody.
    NoResponse,
    /// Its own people, or its expected cases, are not known.
    SizeMissing,
    /// Fewer than five like services have the figures.
    TooFew,
}

impl NoPeers {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoResponse => "no answers submitted",
            Self::SizeMissing => "its own size is not known",
            Self::TooFew => "fewer than five like services with figures",
        }
    }
}

/// What the services like one have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LikeServices {
    /// Like services with the figures, itself included.
    pub n: usize,
    /// Their staff for the unit.
    pub rates: Quartiles,
    /// The same for the service's own people or cases, WTE.
    pub wte: Quartiles,
}

/// What like services have, over the services of a subject.
#[derive(Debug, Clone, PartialEq)]
pub struct PeerNeed {
    /// The role.
    pub role: Role,
    /// What staff are set against.
    pub per: Per,
    /// Services that it counts.
    pub services_counted: usize,
    /// Services of which peers say nothing.
    pub services_missing: usize,
    /// The sums over the services that it counts, WTE; `None` where it counts none.
    pub wte: Option<Quartiles>,
    /// The fewest and the most like services that one of them was laid beside.
    pub n: Option<(usize, usize)>,
    /// Where the subject is one service: the rates of its like, or why there are none.
    pub one: Option<Result<LikeServices, NoPeers>>,
}

/// Everything that peers are found among.
#[derive(Debug)]
pub struct PeerSet<'a> {
    groups: Groups<'a>,
    expected: &'a BTreeMap<String, f64>,
}

impl<'a> PeerSet<'a> {
    /// All services that submitted in the round, and the expected cases where they are known.
    pub fn new(peers: &'a [Peer], expected: &'a BTreeMap<String, f64>) -> Self {
        Self { groups: Groups::new(peers), expected }
    }

    /// The people or the cases of a service; `None` where not known or not above zero.
    #[expect(clippy::cast_precision_loss, reason = "populations are far below 2^52")]
    fn size(&self, peer: &Peer, per: Per) -> Option<f64> {
        let size = match per {
            Per::People => peer.facts.population_all_ages.map(|people| people as f64),
            Per::Cases => self.expected.get(&peer.service).copied(),
        };
        size.filter(|size| *size > 0.0)
    }

    /// The setting and the third of a service, where it gave them.
    pub fn group_of(&self, service: &str) -> (Option<String>, Option<Size>) {
        (self.groups.find(service).and_then(|peer| peer.setting.clone()), self.groups.size(service))
    }

    /// What the services like one have.
    pub fn like(&self, service: &str, role: Role, per: Per) -> Result<LikeServices, NoPeers> {
        let own = self.groups.find(service).ok_or(NoPeers::NoResponse)?;
        let size = self.size(own, per).ok_or(NoPeers::SizeMissing)?;
        let rate = |peer: &Peer| {
            let in_post = peer.facts.role(role).in_post.map(Hundredths::as_f64)?;
            Some(in_post * per.unit() / self.size(peer, per)?)
        };
        let rates: Vec<f64> = self.groups.like(own).into_iter().filter_map(rate).collect();
        let quartiles = Quartiles::of(&rates).filter(|_| rates.len() >= FEWEST).ok_or(NoPeers::TooFew)?;
        Ok(LikeServices { n: rates.len(), rates: quartiles, wte: quartiles.times(size / per.unit()) })
    }

    /// What the services like each of some have, added up.
    pub fn need(&self, services: &[&str], role: Role, per: Per) -> PeerNeed {
        let found: Vec<Result<LikeServices, NoPeers>> =
            services.iter().map(|service| self.like(service, role, per)).collect();
        let like: Vec<LikeServices> = found.iter().filter_map(|one| one.ok()).collect();
        let sizes = like.iter().map(|one| one.n);
        PeerNeed {
            role,
            per,
            services_counted: like.len(),
            services_missing: services.len() - like.len(),
            wte: like.iter().map(|one| one.wte).reduce(Quartiles::plus),
            n: sizes.clone().min().zip(sizes.max()),
            one: if services.len() == 1 { found.into_iter().next() } else { None },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::workforce::gap::{RoleStaffing, StaffingFacts};

    fn peer(number: i64, nurses: Option<i64>) -> Peer {
        let nurses = RoleStaffing { in_post: nurses.map(Hundredths), ..RoleStaffing::default() };
        Peer {
            service: format!("S{number}"),
            setting: Some("acute".into()),
            facts: StaffingFacts { population_all_ages: Some(200_000), nurses, ..StaffingFacts::default() },
        }
    }

    #[test]
    fn quartiles_of_like_services_are_those_of_a_service_of_this_size() {
        // One third has five services, with 1 to 5 nurses for 200,000 people each.
        let mut peers: Vec<Peer> = (0..5).map(|n| peer(n, Some(100 * (n + 1)))).collect();
        peers.extend((5..15).map(|n| {
            let mut other = peer(n, Some(900));
            other.facts.population_all_ages = Some(900_000 + n);
            other
        }));
        let expected = BTreeMap::from([("S0".to_owned(), 1000.0)]);
        let set = PeerSet::new(&peers, &expected);
        let like = set.like("S0", Role::Nurse, Per::People).unwrap();
        assert_eq!((like.n, like.rates), (5, Quartiles { lower: 1.0, median: 1.5, upper: 2.0 }));
        assert_eq!(like.wte, Quartiles { lower: 2.0, median: 3.0, upper: 4.0 });
        // Only one of them has expected cases.
        assert_eq!(set.like("S0", Role::Nurse, Per::Cases), Err(NoPeers::TooFew));
        assert_eq!(set.like("S1", Role::Nurse, Per::Cases), Err(NoPeers::SizeMissing));
        assert_eq!(set.like("NONE", Role::Nurse, Per::People), Err(NoPeers::NoResponse));
        let two = set.need(&["S0", "S1", "NONE"], Role::Nurse, Per::People);
        assert_eq!((two.services_counted, two.services_missing, two.n), (2, 1, Some((5, 5))));
        assert_eq!(two.wte, Some(Quartiles { lower: 4.0, median: 6.0, upper: 8.0 }));
        assert_eq!(two.one, None);
    }
}
