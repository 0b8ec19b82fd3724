//! The place of a service among its like: services of the same setting, and of the same third by population.

use std::collections::BTreeMap;

use crate::domain::hundredths::Hundredths;
use crate::domain::statistics::quantiles::median;
use crate::domain::workforce::gap::StaffingFacts;

/// With fewer services, the place of one tells little and gives the others away.
pub const FEWEST: usize = 5;

/// A service's part in the comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Peer {
    /// Unit code.
    pub service: String,
    /// Its setting, by code.
    pub setting: Option<String>,
    /// What it answered about population and staff.
    pub facts: StaffingFacts,
}

/// A third of the services by their population of all ages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    /// The smallest third.
    Smallest,
    /// The middle third.
    Middle,
    /// The largest third.
    Largest,
}

impl Size {
    /// In words, for a sentence.
    pub fn words(self) -> &'static str {
        match self {
            Self::Smallest => "the smallest third by population",
            Self::Middle => "the middle third by population",
            Self::Largest => "the largest third by population",
        }
    }
}

/// What is compared. More is better for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Measure {
    /// Nurses in post, WTE per 100,000 people of all ages.
    Nurses,
    /// Administrators in post, WTE per 100,000 people of all ages.
    Administrators,
    /// Administrators for each nurse, WTE per WTE.
    AdministratorsPerNurse,
}

impl Measure {
    /// Every measure.
    pub const ALL: [Self; 3] = [Self::Nurses, Self::Administrators, Self::AdministratorsPerNurse];

    /// The word in the API.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Nurses => "nurses_per_100000",
            Self::Administrators => "administrators_per_100000",
            Self::AdministratorsPerNurse => "administrators_per_nurse",
        }
    }

    /// What it is, with its unit.
    pub fn words(self) -> &'static str {
        match self {
            Self::Nurses => "Nurse WTE in post per 100,000 people (all ages)",
            Self::Administrators => "Administrator WTE in post per 100,000 people (all ages)",
            Self::AdministratorsPerNurse => "Administrator WTE for each nurse WTE",
        }
    }

    /// Its value; `None` where what it needs was not answered.
    fn of(self, facts: &StaffingFacts) -> Option<f64> {
        #[expect(clippy::cast_precision_loss, reason = "populations are far below 2^52")]
        let people = facts.population_all_ages.filter(|people| *people > 0).map(|people| people as f64);
        let (nurses, administrators) =
            (facts.nurses.in_post?.as_f64(), facts.administrators.in_post.map(Hundredths::as_f64));
        match self {
            Self::Nurses => Some(nurses * 100_000.0 / people?),
            Self::Administrators => Some(administrators? * 100_000.0 / people?),
            Self::AdministratorsPerNurse => (nurses > 0.0).then_some(administrators? / nurses),
        }
    }
}

/// One measure of a service among its like.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// The measure.
    pub measure: Measure,
    /// The service's own value; `None` where it did not answer what it needs.
    pub own: Option<f64>,
    /// Its place, 1 being the highest; services with equal values share the better place. `None` where it has no value or
    /// there are too few like it.
    pub place: Option<usize>,
    /// The median of the like services, its own included; `None` where there are too few.
    pub median: Option<f64>,
    /// Like services with a value, its own included.
    pub n: usize,
}

/// A service among its like.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// The setting that they share; `None` where the service did not say, so that all settings are compared.
    pub setting: Option<String>,
    /// The third that they share; `None` where the service gave no population.
    pub size: Option<Size>,
    /// Like services, its own included.
    pub services: usize,
    /// The measures.
    pub places: Vec<Place>,
}

/// The services, grouped by what makes them alike.
#[derive(Debug)]
pub struct Groups<'a> {
    peers: &'a [Peer],
    thirds: BTreeMap<&'a str, Size>,
}

impl<'a> Groups<'a> {
    /// Groups all that submitted.
    pub fn new(peers: &'a [Peer]) -> Self {
        Self { peers, thirds: thirds(peers) }
    }

    /// The service itself among the peers.
    pub fn find(&self, service: &str) -> Option<&'a Peer> {
        self.peers.iter().find(|peer| peer.service == service)
    }

    /// The third of a service; `None` where it gave no population.
    pub fn size(&self, service: &str) -> Option<Size> {
        self.thirds.get(service).copied()
    }

    /// The services like one: of its setting and of its third, itself included. What it did not say is not asked of them.
    pub fn like(&self, own: &Peer) -> Vec<&'a Peer> {
        let size = self.size(&own.service);
        self.peers
            .iter()
            .filter(|peer| own.setting.is_none() || peer.setting == own.setting)
            .filter(|peer| size.is_none() || self.size(&peer.service) == size)
            .collect()
    }
}

/// The third of each service that gave a population: by rank, ties in the order of the codes.
fn thirds(peers: &[Peer]) -> BTreeMap<&str, Size> {
    let mut sized: Vec<(i64, &str)> =
        peers.iter().filter_map(|peer| Some((peer.facts.population_all_ages?, peer.service.as_str()))).collect();
    sized.sort_unstable();
    let count = sized.len();
    let third = |place: usize| match place * 3 / count.max(1) {
        0 => Size::Smallest,
        1 => Size::Middle,
        _ => Size::Largest,
    };
    sized.into_iter().enumerate().map(|(place, (_, service))| (service, third(place))).collect()
}

/// Lays a service beside its like, among all that submitted. `None` where it is not among them.
pub fn compare(peers: &[Peer], service: &str) -> Option<Comparison> {
    let groups = Groups::new(peers);
    let peer = groups.find(service)?;
    let like = groups.like(peer);
    let places = Measure::ALL.map(|measure| {
        let values: Vec<f64> = like.iter().filter_map(|peer| measure.of(&peer.facts)).collect();
        let own = measure.of(&peer.facts);
        let enough = values.len() >= FEWEST;
        Place {
            measure,
            own,
            place: own.filter(|_| enough).map(|own| 1 + values.iter().filter(|value| **value > own).count()),
            median: if enough { median(&values).ok() } else { None },
            n: values.len(),
        }
    });
    Some(Comparison {
        setting: peer.setting.clone(),
        size: groups.size(service),
        services: like.len(),
        places: places.into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::workforce::gap::RoleStaffing;

    fn peer(number: i64, setting: &str, people: i64, nurses: Option<i64>) -> Peer {
        let staffing = |wte: Option<i64>| RoleStaffing { in_post: wte.map(Hundredths), ..RoleStaffing::default() };
        Peer {
            service: format!("S{number:02}"),
            setting: Some(setting.into()),
            facts: StaffingFacts {
                population_all_ages: Some(people),
                nurses: staffing(nurses),
                administrators: staffing(Some(50)),
                ..StaffingFacts::default()
            },
        }
    }

    #[test]
    fn a_service_is_laid_beside_its_own_setting_and_third() {
        let mut peers: Vec<Peer> = (0..18).map(|n| peer(n, "acute", 100_000 * (n + 1), Some(100 + n))).collect();
        peers.push(peer(90, "community", 150_000, Some(900)));
        // Nineteen with a population, so the smallest third are seven, one of them a community service.
        let found = compare(&peers, "S00").unwrap();
        assert_eq!((found.setting.as_deref(), found.size, found.services), (Some("acute"), Some(Size::Smallest), 6));
        let nurses = &found.places[0];
        assert_eq!((nurses.own, nurses.place, nurses.n), (Some(1.0), Some(1), 6));
        assert_eq!(compare(&peers, "S05").unwrap().places[0].place, Some(6));
        assert_eq!(compare(&peers, "NONE"), None);
    }

    #[test]
    fn too_few_like_services_give_no_place_and_what_is_missing_is_not_zero() {
        let mut peers: Vec<Peer> = (0..9).map(|n| peer(n, "acute", 100_000, Some(100))).collect();
        peers[0].facts.nurses.in_post = None;
        let found = compare(&peers, "S00").unwrap();
        assert_eq!(found.services, 3);
        let nurses = &found.places[0];
        assert_eq!((nurses.own, nurses.place, nurses.median, nurses.n), (None, None, None, 2));
    }
}
