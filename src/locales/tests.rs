use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use fluent_bundle::FluentResource;

use super::coverage::{Message, coverage, messages};
use super::{Language, Value, Words, files};

fn catalogue(language: Language) -> BTreeMap<String, Message> {
    let all = files(language).flat_map(|(_, text)| messages(text));
    all.map(|message| (message.key.clone(), message)).collect()
}

fn sources(folder: &Path, ending: &str, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, ending, found);
        } else if path.to_string_lossy().ends_with(ending) {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
}

fn source_files(ending: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), ending, &mut found);
    found
}

/// What stands between a word and the next quote.
fn quoted_after<'a>(text: &'a str, word: &str) -> impl Iterator<Item = &'a str> {
    text.split(word).skip(1).filter_map(|rest| rest.split('"').next()).collect::<Vec<_>>().into_iter()
}

#[test]
fn every_file_can_be_read_and_says_nothing_twice() {
    for language in Language::ALL {
        let mut keys = BTreeSet::new();
        for (path, text) in files(language) {
            let read = FluentResource::try_new(text.clone());
            assert!(read.is_ok(), "{path}: {:?}", read.err().map(|(_, errors)| errors));
            for message in messages(text) {
                assert!(keys.insert(message.key.clone()), "{path}: {} is there twice", message.key);
            }
        }
        assert!(!keys.is_empty());
    }
}

#[test]
fn every_key_that_is_used_exists_in_english() {
    let english = catalogue(Language::English);
    let mut used = BTreeSet::new();
    for (path, text) in source_files(".hbs") {
        for key in quoted_after(&text, "{{t \"").chain(quoted_after(&text, "(t \"")) {
            assert!(english.contains_key(key), "{}: there is no message {key:?}", path.display());
            used.insert(key.to_owned());
        }
    }
    for (path, text) in source_files(".rs") {
        if path.ends_with("locales/tests.rs") {
            continue;
        }
        for key in quoted_after(&text, "words.t(\"").chain(quoted_after(&text, "words.with(\"")) {
            assert!(english.contains_key(key), "{}: there is no message {key:?}", path.display());
        }
    }
    assert!(used.len() > 50, "templates use keys");
}

#[test]
fn every_welsh_message_translates_an_english_one_with_the_same_arguments() {
    let english = catalogue(Language::English);
    for (key, message) in catalogue(Language::Welsh) {
        let original = english.get(&key).unwrap_or_else(|| panic!("{key} is not in the English catalogue"));
        assert_eq!(message.variables, original.variables, "the arguments of {key}");
        assert_eq!(message.says.matches('<').count(), original.says.matches('<').count(), "the markup of {key}");
    }
}

/// Labels and texts of workbooks are found by their English text, so one that the program no longer says is dead.
#[test]
fn every_label_is_something_that_the_program_says() {
    let mut program = String::new();
    for (_, text) in source_files(".rs").into_iter().chain(source_files(".hbs")) {
        // A text that goes on in the next line of a source.
        let mut pieces = text.split("\\\n");
        program.push_str(pieces.next().unwrap_or_default());
        for piece in pieces {
            program.push_str(piece.trim_start());
        }
    }
    let pieces: BTreeSet<&str> = program.split('"').collect();
    let named = include_str!("../../seeds/methodology/kpis.toml");
    for path in ["en/labels.ftl", "en/workbook.ftl", "en/report-tables.ftl"] {
        let (_, texts) = files(Language::English).find(|(found, _)| found == path).unwrap();
        for message in messages(texts) {
            assert!(!message.says.contains('<'), "{} has markup", message.key);
            let quoted = if message.variables.is_empty() {
                message.says.replace('"', "\\\"")
            } else {
                assert_eq!(path, "en/workbook.ftl", "{} has arguments", message.key);
                message.key
            };
            let is_said = pieces.contains(quoted.as_str())
                || named.contains(&message.says)
                || [", {", ": {"].iter().any(|rest| program.contains(&format!("\"{quoted}{rest}")))
                || program.contains(&format!("\"{quoted}\""));
            assert!(is_said, "nothing says {quoted:?}");
        }
    }
}

/// A reader of the Welsh workbook reads Welsh.
#[test]
fn the_workbook_is_translated_whole() {
    let missing = coverage(Language::Welsh).missing;
    assert!(!missing.iter().any(|(file, _)| file == "workbook"), "{missing:?}");
}

#[test]
fn plurals_follow_the_rules_of_each_language() {
    let text =
        |language, minutes: i64| Words::new(language).with("too-many-wait", &[("minutes", Value::from(minutes))]);
    assert!(text(Language::Welsh, 2).contains("2 funud"));
    assert!(text(Language::Welsh, 15).contains("15 munud"));
    assert_eq!(text(Language::English, 15), "Wait 15 minutes, then try again.");
}

#[test]
fn days_are_written_in_each_language() {
    let at = "2022-11-23T14:05:00Z".parse().unwrap();
    assert_eq!(Words::new(Language::English).day_and_time(at), crate::formats::display::day_and_time(at));
    assert_eq!(Words::new(Language::Welsh).day_and_time(at), "23 Tachwedd 2022 am 14:05 (UTC)");
}

#[test]
fn what_is_not_translated_is_said_in_english_and_listed() {
    let welsh = Words::new(Language::Welsh);
    assert_eq!(welsh.say("Not started").as_deref(), Some("Heb ddechrau"));
    assert_eq!(welsh.say("Something that nobody translated"), None);
    assert_eq!(Words::new(Language::English).say("Not started"), None);
    let found = coverage(Language::Welsh);
    assert_eq!(found.messages, catalogue(Language::English).len());
    assert_eq!(found.messages - found.missing_count(), catalogue(Language::Welsh).len());
    assert_eq!(coverage(Language::English).missing_count(), 0);
}
