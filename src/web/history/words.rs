//! Entries of the history in words: who did what to what, and what was there before and after.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::Arc;

use serde::Serialize;

use crate::app::history::NamedEntry;
use crate::app::{App, AppError, register, rounds};
use crate::domain::access::Principal;
use crate::domain::questionnaire::answer::Answer;
use crate::domain::questionnaire::definition::{Item, Questionnaire};
use crate::domain::register::Register;
use crate::formats::display::{capitalised, day_and_time};
use crate::web::forms::address;
use crate::web::survey::answer_in_words;

/// Characters of a value that a table shows; downloads have all of it.
const SHOWN: usize = 300;

/// What putting answers in words needs.
#[derive(Debug)]
pub(in crate::web) struct Words {
    questionnaires: BTreeMap<i32, Arc<Questionnaire>>,
    register: Arc<Register>,
}

/// The audit year and the service of a response, if that is what an object is.
fn response_of(object: &str) -> Option<(i32, &str)> {
    let (year, service) = object.strip_prefix("response/")?.split_once('/')?;
    Some((year.parse().ok()?, service))
}

impl Words {
    /// What some entries need.
    pub(in crate::web) fn load<'a>(
        app: &App,
        who: &Principal,
        entries: impl Iterator<Item = &'a NamedEntry>,
    ) -> Result<Self, AppError> {
        let mut words = Self { questionnaires: BTreeMap::new(), register: register::whole(app, who)? };
        for (year, _) in entries.filter_map(|named| response_of(&named.entry.object)) {
            if let Entry::Vacant(missing) = words.questionnaires.entry(year) {
                missing.insert(rounds::questionnaire(app, who, year)?);
            }
        }
        Ok(words)
    }

    fn questionnaire(&self, object: &str) -> Option<&Questionnaire> {
        self.questionnaires.get(&response_of(object)?.0).map(Arc::as_ref)
    }

    /// An answer as the survey prints it, with the explanation beside it.
    fn answer(&self, item: &Item, json: &str) -> String {
        // What cannot be read is shown as it is: the history hides nothing.
        let Ok(answer) = serde_json::from_str::<Answer>(json) else { return json.to_owned() };
        let words = answer_in_words(item, &answer.entry(), &self.register);
        match &answer.explanation {
            Some(explanation) => format!("{words} (explanation: {explanation})"),
            None => words,
        }
    }

    /// The part of the object that an entry is about.
    fn part(&self, named: &NamedEntry) -> String {
        let entry = &named.entry;
        let questionnaire = self.questionnaire(&entry.object);
        if let Some(item) = questionnaire.and_then(|all| all.item(&entry.item)) {
            return format!("{} {}", item.number, item.text);
        }
        if let Some(section) = questionnaire.and_then(|all| all.section(&entry.item)) {
            return format!("{} {}", section.number, section.title);
        }
        match entry.action.as_str() {
            // By which a person signed in; the session's id tells nobody anything.
            "signed_in" => format!("by {}", entry.item.replace('_', " ")),
            "session_ended" => String::new(),
            // The id of a request.
            "counted" => String::new(),
            _ => entry.item.clone(),
        }
    }

    /// The values before and after.
    fn values(&self, named: &NamedEntry) -> (String, String) {
        let entry = &named.entry;
        let item = self.questionnaire(&entry.object).and_then(|all| all.item(&entry.item));
        let plain = |value: &Option<String>| value.clone().unwrap_or_default();
        match (entry.action.as_str(), item) {
            ("answered" | "carried_forward" | "confirmed", Some(item)) => {
                let words = |value: &Option<String>| {
                    value.as_ref().map_or_else(|| "No answer".to_owned(), |json| self.answer(item, json))
                };
                (words(&entry.old), words(&entry.new))
            }
            // The id of a link, the version of a response: neither tells a person anything.
            (
                "section_link_made"
                | "section_link_revoked"
                | "submitted"
                | "signed_off"
                | "sign_off_undone"
                | "commented",
                _,
            ) => Default::default(),
            ("handed_over", _) => (String::new(), named.named.clone().unwrap_or_default()),
            ("imported", _) => (String::new(), format!("{} rows changed", plain(&entry.new))),
            ("counted", _) => (String::new(), counted_words(&plain(&entry.new))),
            ("services_enrolled", _) => (String::new(), plain(&entry.new).replace(';', ", ")),
            _ => (plain(&entry.old), plain(&entry.new)),
        }
    }
}

/// How many counts were added, changed and removed.
fn counted_words(json: &str) -> String {
    let Ok(tally) = serde_json::from_str::<serde_json::Value>(json) else { return json.to_owned() };
    let parts = ["added", "changed", "removed"].into_iter().filter_map(|word| {
        let n = tally.get(word)?.as_i64().filter(|n| *n > 0)?;
        Some(format!("{n} {word}"))
    });
    parts.collect::<Vec<_>>().join(", ")
}

/// What was done, in words: `membership_given` → "Membership given".
fn action_words(action: &str) -> String {
    capitalised(&action.replace('_', " "))
}

/// An entry in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(in crate::web) struct EntryView {
    when: String,
    who: String,
    /// Everything that they did.
    who_href: String,
    /// By which door and from where.
    from: String,
    object: String,
    /// Its page, if it has one.
    object_href: String,
    action: String,
    part: String,
    old: String,
    new: String,
}

fn shortened(text: String) -> String {
    if text.chars().count() <= SHOWN {
        return text;
    }
    let mut short: String = text.chars().take(SHOWN).collect();
    short.push('…');
    short
}

fn object_href(object: &str) -> String {
    match object.split_once('/') {
        Some(("response", rest)) => format!("/survey/{rest}/history"),
        Some(("account", id)) => format!("/accounts/{id}"),
        Some(("key", _)) => "/keys".into(),
        Some(("round", year)) => format!("/rounds/{year}"),
        Some(("text", name)) => format!("/{name}"),
        Some(("questionnaire", version)) => format!("/questionnaires/{version}"),
        _ => String::new(),
    }
}

impl EntryView {
    /// An entry for a table.
    pub(in crate::web) fn new(named: &NamedEntry, words: &Words) -> Self {
        let entry = &named.entry;
        let (old, new) = words.values(named);
        let door = match entry.channel.as_str() {
            "api" => "API",
            "command" => "command line",
            "job" => "by itself",
            _ => "",
        };
        let from = [door, named.address.as_deref().unwrap_or_default()];
        Self {
            when: day_and_time(entry.at),
            who: capitalised(&named.actor_name),
            who_href: address("/history", &[("actor", &entry.actor)]),
            from: from.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", "),
            object: capitalised(&named.object_name),
            object_href: object_href(&entry.object),
            action: action_words(&entry.action),
            part: words.part(named),
            old: shortened(old),
            new: shortened(new),
        }
    }
}

/// The columns of a download.
pub(super) const COLUMNS: [&str; 9] = ["at", "who", "by", "address", "object", "action", "part", "before", "after"];

/// An entry for a download, in the order of the columns.
pub(super) fn fields(named: &NamedEntry, words: &Words) -> [String; 9] {
    let entry = &named.entry;
    let (old, new) = words.values(named);
    [
        entry.at.to_rfc3339_opts(chrono::SecondsFormat::Micros, true),
        named.actor_name.clone(),
        entry.channel.clone(),
        named.address.clone().unwrap_or_default(),
        named.object_name.clone(),
        action_words(&entry.action),
        words.part(named),
        old,
        new,
    ]
}
