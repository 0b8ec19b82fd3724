//! What of the catalogue is not translated yet.

use std::collections::{BTreeMap, BTreeSet};

use fluent_bundle::FluentResource;
use fluent_syntax::ast::{Entry, Message as Parsed, Resource};

use super::{Language, files};

/// How much of the catalogue a language has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// The language.
    pub language: Language,
    /// Messages that English has.
    pub messages: usize,
    /// Those that the language lacks, by file, in the order of the file.
    pub missing: Vec<(String, Vec<Message>)>,
}

impl Coverage {
    /// How many messages are missing.
    pub fn missing_count(&self) -> usize {
        self.missing.iter().map(|(_, messages)| messages.len()).sum()
    }
}

/// A message of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its key.
    pub key: String,
    /// What it says, as the file has it.
    pub says: String,
    /// The names of its arguments.
    pub variables: BTreeSet<String>,
}

impl Message {
    fn read(message: &Parsed<&str>) -> Self {
        let source = fluent_syntax::serializer::serialize(&Resource { body: vec![Entry::Message(message.clone())] });
        let says = source.split_once('=').map(|(_, says)| says.trim().to_owned()).unwrap_or_default();
        let name =
            |rest: &str| rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-' || *c == '_').collect();
        let variables = says.split("{ $").skip(1).map(name).collect();
        Self { key: message.id.name.to_owned(), says, variables }
    }
}

/// The messages of a file in their order.
pub(super) fn messages(text: String) -> Vec<Message> {
    let resource = FluentResource::try_new(text).unwrap_or_else(|(read, _)| read);
    let message = |entry: &Entry<&str>| match entry {
        Entry::Message(message) => Some(Message::read(message)),
        _ => None,
    };
    resource.entries().filter_map(message).collect()
}

/// What a language lacks.
pub fn coverage(language: Language) -> Coverage {
    let there: BTreeSet<String> =
        files(language).flat_map(|(_, text)| messages(text)).map(|message| message.key).collect();
    let english: BTreeMap<String, String> = files(Language::English).collect();
    let mut found = Coverage { language, messages: 0, missing: Vec::new() };
    for (path, text) in english {
        let messages = messages(text);
        found.messages += messages.len();
        let lacking: Vec<Message> = messages.into_iter().filter(|message| !there.contains(&message.key)).collect();
        if !lacking.is_empty() {
            let name = path.trim_start_matches("en/").trim_end_matches(".ftl").to_owned();
            found.missing.push((name, lacking));
        }
    }
    found
}
