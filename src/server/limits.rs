//! How many requests are taken: by API key, and by network address.
//!
//! The limits are those of one process: where several serve the same database, each allows as much. They keep one
//! client from taking the service away from the others; what guards accounts (tries by account and address) is kept in
//! the database, by `app::sign_in`.

use std::collections::HashMap;
use std::fmt;
use std::hash::Hash;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::NonZeroU32;
use std::str::FromStr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use governor::clock::{Clock as _, DefaultClock};
use governor::nanos::Nanos;
use governor::state::StateStore;
use governor::{Quota, RateLimiter};

use crate::auth::secret_hash;

/// So many a second in the long run, and so many at once: `50/200`, or `0` for no limit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate(Option<(f64, NonZeroU32)>);

impl FromStr for Rate {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text.trim() == "0" {
            return Ok(Self(None));
        }
        let (each_second, burst) = text.split_once('/').unwrap_or((text, text));
        let each_second = each_second.trim().parse::<f64>().ok().filter(|rate| (0.000_1..=1e6).contains(rate));
        let burst = burst.trim().parse::<NonZeroU32>().ok();
        match (each_second, burst) {
            (Some(each_second), Some(burst)) => Ok(Self(Some((each_second, burst)))),
            _ => Err("write RATE/BURST, such as 50/200 (50 a second, 200 at once), or 0 for no limit".into()),
        }
    }
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some((each_second, burst)) => write!(f, "{each_second}/{burst}"),
            None => f.write_str("0"),
        }
    }
}

impl Rate {
    fn quota(self) -> Option<Quota> {
        // No limit is one that nothing can reach, so that which keys were seen is noted all the same.
        let Some((each_second, burst)) = self.0 else {
            return Quota::with_period(Duration::from_nanos(1)).map(|quota| quota.allow_burst(NonZeroU32::MAX));
        };
        Quota::with_period(Duration::from_secs_f64(1.0 / each_second)).map(|quota| quota.allow_burst(burst))
    }
}

/// After how long it is worth trying again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wait(pub Duration);

impl Wait {
    /// Whole seconds, as `Retry-After` has them.
    pub fn seconds(self) -> u64 {
        self.0.as_secs() + u64::from(self.0.subsec_nanos() > 0).max(u64::from(self.0.is_zero()))
    }
}

/// The limits of this process.
#[derive(Debug)]
pub struct Limits {
    keys: Limiter<String>,
    addresses: Limiter<IpAddr>,
    failures: Limiter<IpAddr>,
    forms: Limiter<IpAddr>,
}

impl Limits {
    /// The limits: of a key that is known, of an address, of unknown keys from an address, and of forms from an address
    /// that sign somebody in or send mail.
    pub fn new(key: Rate, address: Rate, failures: Rate, forms: Rate) -> Self {
        Self {
            keys: Limiter::new(key),
            addresses: Limiter::new(address),
            failures: Limiter::new(failures),
            forms: Limiter::new(forms),
        }
    }

    /// Takes a request: a key that was found before counts for itself, anything else for its address.
    pub fn request(&self, address: Option<IpAddr>, key: Option<&str>) -> Result<(), Wait> {
        match key.map(secret_hash).filter(|key| self.keys.knows(key)) {
            Some(key) => self.keys.take(&key),
            None => self.addresses.take(&network(address)),
        }
    }

    /// Notes that a key is known.
    pub fn key_found(&self, key: &str) {
        let key = secret_hash(key);
        if !self.keys.knows(&key) {
            let _ = self.keys.take(&key);
        }
    }

    /// Takes a request whose key is unknown.
    pub fn key_unknown(&self, address: Option<IpAddr>) -> Result<(), Wait> {
        self.failures.take(&network(address))
    }

    /// Takes a form that signs somebody in or sends mail.
    pub fn form(&self, address: Option<IpAddr>) -> Result<(), Wait> {
        self.forms.take(&network(address))
    }
}

/// What counts as one address: of IPv6 the network that one subscriber has (/64).
fn network(address: Option<IpAddr>) -> IpAddr {
    match address.map(|address| address.to_canonical()) {
        Some(IpAddr::V6(address)) => IpAddr::V6(Ipv6Addr::from_bits(address.to_bits() & !u128::from(u64::MAX))),
        Some(address) => address,
        None => IpAddr::V4(Ipv4Addr::UNSPECIFIED),
    }
}

struct Limiter<K: Clone + Eq + Hash> {
    limiter: Option<RateLimiter<K, Recent<K>, DefaultClock>>,
    recent: Recent<K>,
}

impl<K: Clone + Eq + Hash> fmt::Debug for Limiter<K> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Limiter")
    }
}

impl<K: Clone + Eq + Hash> Limiter<K> {
    fn new(rate: Rate) -> Self {
        let recent = Recent::default();
        let limiter = rate.quota().map(|quota| RateLimiter::new(quota, recent.clone(), DefaultClock::default()));
        Self { limiter, recent }
    }

    fn knows(&self, key: &K) -> bool {
        self.recent.lock().contains_key(key)
    }

    fn take(&self, key: &K) -> Result<(), Wait> {
        let Some(limiter) = &self.limiter else { return Ok(()) };
        limiter.check_key(key).map_err(|until| Wait(until.wait_time_from(limiter.clock().now())))
    }
}

/// Most entries of a limiter, each some hundred bytes.
const MOST: usize = 20_000;

/// When each key may send again. When it is full, the half is forgotten that has sent least of late.
#[derive(Clone)]
struct Recent<K>(Arc<Mutex<HashMap<K, Nanos>>>);

impl<K> Default for Recent<K> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<K: Clone + Eq + Hash> Recent<K> {
    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<K, Nanos>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Clone + Eq + Hash> StateStore for Recent<K> {
    type Key = K;

    fn measure_and_replace<T, F, E>(&self, key: &K, f: F) -> Result<T, E>
    where
        F: Fn(Option<Nanos>) -> Result<(T, Nanos), E>,
    {
        let mut times = self.lock();
        if let Some(time) = times.get_mut(key) {
            let (outcome, next) = f(Some(*time))?;
            *time = next;
            return Ok(outcome);
        }
        if times.len() >= MOST {
            let mut all: Vec<Nanos> = times.values().copied().collect();
            let (_, median, _) = all.select_nth_unstable(MOST / 2);
            let median = *median;
            times.retain(|_, time| *time > median);
        }
        let (outcome, next) = f(None)?;
        times.insert(key.clone(), next);
        Ok(outcome)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rate(text: &str) -> Rate {
        text.parse().unwrap()
    }

    fn nth(n: u32) -> IpAddr {
        IpAddr::V4(Ipv4Addr::from_bits(n))
    }

    #[test]
    fn rates_are_read() {
        assert_eq!(rate("50/200").to_string(), "50/200");
        assert_eq!(rate("0.5/30").to_string(), "0.5/30");
        assert_eq!((rate("0").to_string().as_str(), rate("7").to_string().as_str()), ("0", "7/7"));
        for text in ["", "x", "1/0", "-1/2", "1/2/3", "NaN/3", "inf/3", "0/5", "1e9/5"] {
            assert!(text.parse::<Rate>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_known_key_counts_for_itself_and_the_rest_for_its_address() {
        let limits = Limits::new(rate("0.001/2"), rate("0.001/3"), rate("0.001/1"), rate("0.001/1"));
        limits.request(Some(nth(1)), Some("key")).unwrap();
        limits.key_found("key");
        // The first that told that it is known has been counted.
        limits.request(Some(nth(1)), Some("key")).unwrap();
        let wait = limits.request(Some(nth(1)), Some("key")).unwrap_err();
        assert!((900..=1000).contains(&wait.seconds()), "{wait:?}");
        limits.request(Some(nth(1)), None).unwrap();
        limits.request(Some(nth(1)), Some("another")).unwrap();
        limits.request(Some(nth(1)), None).unwrap_err();
        limits.request(Some(nth(2)), None).unwrap();
        limits.key_unknown(Some(nth(1))).unwrap();
        limits.key_unknown(Some(nth(1))).unwrap_err();
        limits.form(Some(nth(1))).unwrap();
        limits.form(Some(nth(1))).unwrap_err();
        limits.form(None).unwrap();
    }

    #[test]
    fn zero_is_no_limit() {
        let limits = Limits::new(rate("0"), rate("0"), rate("0"), rate("0"));
        limits.key_found("key");
        for _ in 0..1000 {
            limits.request(Some(nth(1)), Some("key")).unwrap();
            limits.request(Some(nth(1)), None).unwrap();
            limits.form(Some(nth(1))).unwrap();
        }
    }

    #[test]
    fn addresses_of_one_subscriber_are_one() {
        let address = |text: &str| network(text.parse().ok());
        assert_eq!(address("2001:db8:1:2:3::4"), address("2001:db8:1:2:ffff::"));
        assert_ne!(address("2001:db8:1:2::1"), address("2001:db8:1:3::1"));
        assert_eq!(address("::ffff:192.0.2.1"), address("192.0.2.1"));
    }

    #[test]
    fn memory_is_bounded_and_those_who_send_most_are_kept() {
        let limits = Limits::new(rate("0"), rate("0.001/3"), rate("0"), rate("0"));
        for _ in 0..3 {
            limits.request(Some(nth(0)), None).unwrap();
        }
        for n in 1..50_000 {
            limits.request(Some(nth(n)), None).unwrap();
        }
        assert!(limits.addresses.recent.lock().len() <= MOST);
        limits.request(Some(nth(0)), None).unwrap_err();
    }

    #[test]
    fn a_wait_is_never_nothing() {
        for (wait, seconds) in [(0, 1), (1, 1), (999, 1), (1000, 1), (1001, 2)] {
            assert_eq!(Wait(Duration::from_millis(wait)).seconds(), seconds, "{wait}");
        }
    }
}
