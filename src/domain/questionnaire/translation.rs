//! The questionnaire in another language. A translation is one of a wording: it is found by what is said in English, so
//! that an item whose wording has changed is asked in English until the new wording is translated.

use std::collections::BTreeMap;

use super::definition::{Item, Questionnaire};

/// Where translations stand that belong to no one item or section.
pub const COMMON: &str = "common";

/// What a questionnaire says in another language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Translation(BTreeMap<String, String>);

/// A text of a questionnaire, and which part of it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Text<'a> {
    /// The link_id of the section or item, or the code of the rule.
    pub of: &'a str,
    /// What it says in English.
    pub english: &'a str,
}

/// How much of a questionnaire has been translated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Translated<'a> {
    /// Texts that the questionnaire has.
    pub texts: usize,
    /// Those that are not translated, in the order of the questionnaire.
    pub missing: Vec<Text<'a>>,
}

impl Translation {
    /// The translation of these texts, from English.
    pub fn new(texts: BTreeMap<String, String>) -> Self {
        Self(texts)
    }

    /// A text in this language, if it has been translated.
    pub fn of(&self, english: &str) -> Option<&str> {
        self.0.get(english).map(String::as_str)
    }

    /// The texts and their translations.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(english, own)| (english.as_str(), own.as_str()))
    }

    /// How much of a questionnaire has been translated.
    pub fn coverage<'a>(&self, questionnaire: &'a Questionnaire) -> Translated<'a> {
        let all = texts(questionnaire);
        let count = all.len();
        let missing = all.into_iter().filter(|text| self.of(text.english).is_none()).collect();
        Translated { texts: count, missing }
    }
}

fn item_texts(item: &Item) -> impl Iterator<Item = &str> {
    let options = item.options.iter().map(|option| option.text.as_str());
    let roles = item.grid.iter().flat_map(|grid| grid.roles.iter().map(|role| role.text.as_str()));
    [item.text.as_str(), item.help.as_str()].into_iter().chain(options).chain(roles).chain(item.unit.as_deref())
}

/// Everything that a questionnaire says, once a part, in its order: sections, items with their options, rules.
pub fn texts(questionnaire: &Questionnaire) -> Vec<Text<'_>> {
    let mut found = Vec::new();
    for section in &questionnaire.sections {
        found.extend([&section.title, &section.intro].map(|english| Text { of: &section.link_id, english }));
        for item in &section.items {
            found.extend(item_texts(item).map(|english| Text { of: &item.link_id, english }));
        }
    }
    found.extend(questionnaire.rules.iter().map(|rule| Text { of: &rule.code, english: &rule.message }));
    found.retain(|text| !text.english.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;
    use crate::formats::seeds::{SeedFiles, read_reference};

    #[test]
    fn what_is_not_translated_is_listed_once_a_part() {
        let reference = read_reference(&SeedFiles::Embedded).unwrap();
        let questionnaire = &reference.questionnaires["2022.1"];
        let nothing = Translation::default().coverage(questionnaire);
        assert_eq!(nothing.missing.len(), nothing.texts);
        let welsh = &reference.translations[&Language::Welsh];
        let some = welsh.coverage(questionnaire);
        assert!(some.missing.len() < some.texts);
        let missing = |english: &str| some.missing.iter().any(|text| text.english == english);
        assert!(!missing("How often do you hold governance meetings with minutes?"));
        assert!(missing("Who do the meetings report to?"));
    }
}
