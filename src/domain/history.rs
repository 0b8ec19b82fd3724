//! The history: what happened to each object, chained by hash so that nothing can be changed in it unnoticed.
//!
//! Every object (a response, an account, a key, a round, an import) has a chain of its own, so that writers of different
//! objects never wait for each other. An entry's hash covers the hash before it and every field; the last hash of each
//! chain stands besides in a table of heads.

use std::fmt;

use chrono::{DateTime, SecondsFormat, Utc};
use sha2::{Digest as _, Sha256};

/// What a history is kept of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Object {
    /// One service's response in one round.
    Response {
        /// The audit year.
        year: i32,
        /// The service.
        service: String,
    },
    /// An account, by its id.
    Account(String),
    /// An API key, by its id.
    Key(String),
    /// A round, by its audit year.
    Round(i32),
    /// An import, by its id.
    Import(String),
    /// A text that the audit team edits, by its name.
    Text(String),
    /// The KPI counts of a service.
    Counts(String),
    /// The expected caseload of a service.
    Caseload(String),
    /// A staffing standard that the audit team added, by its id.
    Standard(String),
    /// A saved scenario, by its id.
    Scenario(String),
    /// A version of the questionnaire that the audit team uploaded.
    Questionnaire(String),
}

impl Object {
    /// The history of a response.
    pub fn response(year: i32, service: &str) -> Self {
        Self::Response { year, service: service.to_owned() }
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Response { year, service } => write!(f, "response/{year}/{service}"),
            Self::Account(id) => write!(f, "account/{id}"),
            Self::Key(id) => write!(f, "key/{id}"),
            Self::Round(year) => write!(f, "round/{year}"),
            Self::Import(id) => write!(f, "import/{id}"),
            Self::Text(name) => write!(f, "text/{name}"),
            Self::Counts(service) => write!(f, "counts/{service}"),
            Self::Caseload(service) => write!(f, "caseload/{service}"),
            Self::Standard(id) => write!(f, "standard/{id}"),
            Self::Scenario(id) => write!(f, "scenario/{id}"),
            Self::Questionnaire(version) => write!(f, "questionnaire/{version}"),
        }
    }
}

/// What happened, before it is written down.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Event {
    /// What was done: `answered`, `submitted`, `reopened`, `invited` …
    pub action: &'static str,
    /// To which part: the link id of an item, a membership; empty for the whole.
    pub item: String,
    /// What was there before; text, or JSON for answers.
    pub old: Option<String>,
    /// What is there now.
    pub new: Option<String>,
}

impl Event {
    /// Something that was done to the whole.
    pub fn of(action: &'static str) -> Self {
        Self { action, ..Self::default() }
    }

    /// With a part of the object.
    pub fn item(mut self, item: impl Into<String>) -> Self {
        self.item = item.into();
        self
    }

    /// With what was there before.
    pub fn old(mut self, old: impl Into<String>) -> Self {
        self.old = Some(old.into());
        self
    }

    /// With what is there now.
    pub fn new_value(mut self, new: impl Into<String>) -> Self {
        self.new = Some(new.into());
        self
    }
}

/// One line of the history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The object, as text.
    pub object: String,
    /// Its place in the object's chain, from 1.
    pub seq: i64,
    /// When.
    pub at: DateTime<Utc>,
    /// Who: `account:ID`, `key:ID`, `link:ID`, `command`, `job`.
    pub actor: String,
    /// By which door: `page`, `api`, `command`, `job`.
    pub channel: String,
    /// From which network address: the id of a row that can be erased.
    pub origin: Option<String>,
    /// What was done.
    pub action: String,
    /// To which part.
    pub item: String,
    /// What was there before.
    pub old: Option<String>,
    /// What is there now.
    pub new: Option<String>,
    /// The hash of this entry and all before it.
    pub hash: String,
}

impl Entry {
    /// The hash that the entry should have after one with the hash `before` (empty for the first).
    pub fn expected_hash(&self, before: &str) -> String {
        let mut hash = Sha256::new();
        // Each part goes in with its length, so that no two entries make the same bytes.
        let mut part = |text: Option<&str>| match text {
            None => hash.update([0]),
            Some(text) => {
                hash.update([1]);
                hash.update((text.len() as u64).to_le_bytes());
                hash.update(text.as_bytes());
            }
        };
        part(Some(before));
        part(Some(&self.object));
        part(Some(&self.seq.to_string()));
        part(Some(&self.at.to_rfc3339_opts(SecondsFormat::Micros, true)));
        part(Some(&self.actor));
        part(Some(&self.channel));
        part(self.origin.as_deref());
        part(Some(&self.action));
        part(Some(&self.item));
        part(self.old.as_deref());
        part(self.new.as_deref());
        data_encoding::HEXLOWER.encode(&hash.finalize())
    }
}

/// The end of an object's chain.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Head {
    /// The object.
    pub object: String,
    /// The place of its last entry.
    pub seq: i64,
    /// The hash of its last entry.
    pub hash: String,
}

/// What is wrong with a chain.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// An entry is not what was written.
    #[error("{object}: entry {seq} was altered")]
    Altered {
        /// The object.
        object: String,
        /// The entry.
        seq: i64,
    },
    /// Entries are not there any more.
    #[error("{object}: {} removed", places(*.from, *.to))]
    Removed {
        /// The object.
        object: String,
        /// The first that is missing.
        from: i64,
        /// The last that is missing.
        to: i64,
    },
    /// An entry was put in that was not written by the service.
    #[error("{object}: entry {seq} was inserted")]
    Inserted {
        /// The object.
        object: String,
        /// The entry.
        seq: i64,
    },
    /// The head of a chain is not what was written.
    #[error("{object}: the head of the chain was altered or removed")]
    HeadAltered {
        /// The object.
        object: String,
    },
    /// The chain is not the one of which the head was kept elsewhere.
    #[error("{object}: entry {seq} is not the one of which the head was kept; the chain was written anew")]
    Rewritten {
        /// The object.
        object: String,
        /// The entry of the kept head.
        seq: i64,
    },
}

fn places(from: i64, to: i64) -> String {
    if from == to { format!("entry {from} was") } else { format!("entries {from} to {to} were") }
}

/// Checks one object's chain as its entries go by, in the order of their places.
#[derive(Debug)]
pub struct ChainCheck {
    object: String,
    seq: i64,
    hash: String,
    fault: Option<Fault>,
    kept: Option<Head>,
    met_kept: bool,
}

impl ChainCheck {
    /// The check of an object; `kept` is a head of it that was kept elsewhere.
    pub fn new(object: &str, kept: Option<Head>) -> Self {
        Self { object: object.to_owned(), seq: 0, hash: String::new(), fault: None, kept, met_kept: false }
    }

    /// Takes the next entry. `end` is the place that the head names, if there is a head.
    pub fn take(&mut self, entry: &Entry, end: Option<i64>) {
        if self.fault.is_some() {
            return;
        }
        let object = self.object.clone();
        if entry.seq <= self.seq || end.is_some_and(|end| entry.seq > end) {
            self.fault = Some(Fault::Inserted { object, seq: entry.seq });
        } else if entry.seq > self.seq + 1 {
            self.fault = Some(Fault::Removed { object, from: self.seq + 1, to: entry.seq - 1 });
        } else if entry.expected_hash(&self.hash) != entry.hash {
            self.fault = Some(Fault::Altered { object, seq: entry.seq });
        } else {
            self.seq = entry.seq;
            self.hash.clone_from(&entry.hash);
            if let Some(kept) = self.kept.as_ref().filter(|kept| kept.seq == entry.seq) {
                self.met_kept = true;
                if kept.hash != entry.hash {
                    self.fault = Some(Fault::Rewritten { object, seq: entry.seq });
                }
            }
        }
    }

    /// What is wrong first, once all entries have gone by.
    pub fn finish(self, head: Option<&Head>) -> Option<Fault> {
        let Self { object, seq, hash, fault, kept, met_kept } = self;
        if fault.is_some() {
            return fault;
        }
        match head {
            None => return Some(Fault::HeadAltered { object }),
            Some(head) if head.seq > seq => return Some(Fault::Removed { object, from: seq + 1, to: head.seq }),
            Some(head) if head.hash != hash => return Some(Fault::HeadAltered { object }),
            Some(_) => {}
        }
        let kept = kept.filter(|_| !met_kept)?;
        Some(Fault::Removed { object, from: seq + 1, to: kept.seq })
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeZone as _;
    use proptest::prelude::*;

    use super::*;

    fn chain(length: i64) -> Vec<Entry> {
        let mut hash = String::new();
        (1..=length)
            .map(|seq| {
                let mut entry = Entry {
                    object: "account/1".into(),
                    seq,
                    at: Utc.timestamp_micros(1_700_000_000_000_000 + seq).unwrap(),
                    actor: "account:1".into(),
                    channel: "page".into(),
                    origin: None,
                    action: "did".into(),
                    item: String::new(),
                    old: None,
                    new: Some(seq.to_string()),
                    hash: String::new(),
                };
                entry.hash = entry.expected_hash(&hash);
                hash.clone_from(&entry.hash);
                entry
            })
            .collect()
    }

    fn check(entries: &[Entry], head: Option<&Head>, kept: Option<Head>) -> Option<Fault> {
        let mut check = ChainCheck::new("account/1", kept);
        for entry in entries {
            check.take(entry, head.map(|head| head.seq));
        }
        check.finish(head)
    }

    fn head_of(entries: &[Entry]) -> Head {
        let last = entries.last().unwrap();
        Head { object: last.object.clone(), seq: last.seq, hash: last.hash.clone() }
    }

    proptest! {
        #[test]
        fn whatever_is_done_to_one_entry_is_named(length in 1_i64..20, pick in 0_usize..20, field in 0..8) {
            let entries = chain(length);
            let head = head_of(&entries);
            prop_assert_eq!(check(&entries, Some(&head), Some(head.clone())), None);
            let place = pick % entries.len();
            let seq = entries[place].seq;
            let object = "account/1".to_owned();

            let mut removed = entries.clone();
            removed.remove(place);
            let gone = Fault::Removed { object: object.clone(), from: seq, to: seq };
            prop_assert_eq!(check(&removed, Some(&head), None), Some(gone));

            let mut altered = entries.clone();
            let entry = &mut altered[place];
            match field {
                0 => entry.at += chrono::Duration::microseconds(1),
                1 => entry.actor.push('x'),
                2 => entry.channel.push('x'),
                3 => entry.origin = Some(String::new()),
                4 => entry.action.push('x'),
                5 => entry.item.push('x'),
                6 => entry.old = Some(String::new()),
                _ => entry.new = None,
            }
            let changed = Fault::Altered { object: object.clone(), seq };
            prop_assert_eq!(check(&altered, Some(&head), None), Some(changed));

            // One more entry, chained as it should be: only the head gives it away.
            let mut longer = chain(length + 1);
            longer.truncate(usize::try_from(length).unwrap() + 1);
            let more = Fault::Inserted { object, seq: length + 1 };
            prop_assert_eq!(check(&longer, Some(&head), None), Some(more));
        }

        #[test]
        fn a_chain_written_anew_does_not_meet_a_kept_head(length in 1_i64..20, shorter in 1_i64..20) {
            let entries = chain(length);
            let kept = head_of(&entries);
            let mut anew = chain(length);
            let mut hash = String::new();
            for entry in &mut anew {
                entry.actor = "account:2".into();
                entry.hash = entry.expected_hash(&hash);
                hash.clone_from(&entry.hash);
            }
            let rewritten = Fault::Rewritten { object: "account/1".into(), seq: length };
            prop_assert_eq!(check(&anew, Some(&head_of(&anew)), Some(kept.clone())), Some(rewritten));
            if shorter < length {
                let cut = chain(shorter);
                let gone = Fault::Removed { object: "account/1".into(), from: shorter + 1, to: length };
                prop_assert_eq!(check(&cut, Some(&head_of(&cut)), Some(kept)), Some(gone));
            }
        }
    }

    #[test]
    fn a_chain_without_a_head_is_named() {
        let entries = chain(2);
        assert_eq!(check(&entries, None, None), Some(Fault::HeadAltered { object: "account/1".into() }));
    }
}
