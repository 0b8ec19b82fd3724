//! A version of the questionnaire as the audit team uploads it: TOML in the form of `seeds/questionnaires/`, in one file.
//!
//! It names the version that it follows (`base`), and asks its items as that asks them, unless the file has an item of its
//! own under the same `link_id`. What a reader is told of a mistake has the line.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::seeds::{SeedError, SeedText};
use crate::domain::questionnaire::crosswalk::{Crosswalk, Relation, differences};
use crate::domain::questionnaire::definition::{Item, Questionnaire, Rule};
use crate::domain::questionnaire::resolve::{
    ItemChange, ResolveError, YearFile, YearSection, check_item, check_rule, resolve,
};

/// Characters that a file may have.
pub const LONGEST: usize = 512 * 1024;

/// Items that a questionnaire may ask.
const MOST_ITEMS: usize = 500;

/// Names of sections that stand for something else in addresses.
const RESERVED: [&str; 16] = [
    "check",
    "submitted",
    "comments",
    "hospitals",
    "feedback",
    "workbook",
    "carry",
    "sign-off",
    "no-return",
    "reopen",
    "submissions",
    "print",
    "history",
    "links",
    "queries",
    "new",
];

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct VersionFile {
    year: i32,
    version: String,
    title: String,
    base: String,
    #[serde(rename = "section")]
    sections: Vec<YearSection>,
    #[serde(default)]
    changes: BTreeMap<String, ItemChange>,
    #[serde(default, rename = "item")]
    items: Vec<Item>,
    #[serde(default, rename = "rule")]
    rules: Vec<Rule>,
    #[serde(default)]
    crosswalk: Crosswalk,
}

/// A version that was read.
#[derive(Debug, Clone, PartialEq)]
pub struct Version {
    /// What it asks.
    pub questionnaire: Questionnaire,
    /// The version that it follows.
    pub base: String,
    /// What became of the items of that.
    pub crosswalk: Crosswalk,
}

/// What a version rests on: the program's items and rules, and the version that it follows.
#[derive(Debug, Clone, Copy)]
pub struct Grounds<'a> {
    /// The item bank of the program.
    pub bank: &'a BTreeMap<String, Item>,
    /// Its rules across items.
    pub rules: &'a [Rule],
}

/// The version that a file follows, to be found before the file is read whole.
pub fn base_of(text: &str) -> Result<String, SeedError> {
    #[derive(Deserialize)]
    struct Base {
        base: String,
    }
    Ok(SeedText::new("questionnaire", text).parse::<Base>()?.base)
}

/// Reads a version. The error names the line.
pub fn read_version(text: &str, grounds: Grounds<'_>, base: &Questionnaire) -> Result<Version, SeedError> {
    let source = SeedText::new("questionnaire", text);
    let file: VersionFile = source.parse()?;
    let fail = |at: &str, reason: &str| source.resolve_error(ResolveError { at: at.into(), reason: reason.into() });
    check_head(&file).map_err(|(at, reason)| fail(&at, &reason))?;
    let mut bank = grounds.bank.clone();
    for item in base.items() {
        bank.insert(item.link_id.clone(), Item { reworded: false, ..item.clone() });
    }
    for item in &file.items {
        check_item(item).map_err(|error| source.resolve_error(error))?;
        bank.insert(item.link_id.clone(), item.clone());
    }
    let mut rules: BTreeMap<&str, &Rule> = grounds.rules.iter().map(|rule| (rule.code.as_str(), rule)).collect();
    rules.extend(base.rules.iter().chain(&file.rules).map(|rule| (rule.code.as_str(), rule)));
    // What this file brings is to be right; a rule from before may rest on an option that is there no more.
    for rule in &file.rules {
        check_rule(&bank, rule).map_err(|error| source.resolve_error(error))?;
    }
    let kept: Vec<Rule> = rules.into_values().filter(|rule| check_rule(&bank, rule).is_ok()).cloned().collect();
    let year = YearFile {
        year: file.year,
        version: file.version,
        title: file.title,
        sections: file.sections,
        changes: file.changes,
    };
    let mut questionnaire = resolve(&bank, &kept, &year).map_err(|error| source.resolve_error(error))?;
    mark_reworded(base, &mut questionnaire, &file.crosswalk);
    Ok(Version { questionnaire, base: file.base, crosswalk: file.crosswalk })
}

/// An item that is worded otherwise than in the version before says so.
fn mark_reworded(base: &Questionnaire, questionnaire: &mut Questionnaire, crosswalk: &Crosswalk) {
    let found = differences(base, questionnaire, crosswalk).into_iter();
    let reworded: BTreeSet<String> =
        found.filter(|one| one.relation == Relation::Reworded).map(|one| one.link_id).collect();
    for item in questionnaire.sections.iter_mut().flat_map(|section| &mut section.items) {
        item.reworded |= reworded.contains(&item.link_id);
    }
}

/// What is wrong with the head of a file and its sections: where, and why.
fn check_head(file: &VersionFile) -> Result<(), (String, String)> {
    let fail = |at: &str, reason: String| Err((at.to_owned(), reason));
    if !(1900..=2999).contains(&file.year) {
        return fail("year", format!("{} is not an audit year", file.year));
    }
    let number = file.version.strip_prefix(&format!("{}.", file.year)).unwrap_or_default();
    if number.is_empty() || number.len() > 3 || !number.bytes().all(|b| b.is_ascii_digit()) {
        let reason = format!("the version is the year, a full stop and a number, such as {}.1", file.year);
        return fail(&file.version, reason);
    }
    let long = |text: &str, most: usize| text.trim().is_empty() || text.chars().count() > most;
    if long(&file.title, 200) {
        return fail(&file.title, "the title has 1 to 200 characters".into());
    }
    if file.sections.iter().map(|section| section.items.len()).sum::<usize>() > MOST_ITEMS {
        return fail("section", format!("a questionnaire asks at most {MOST_ITEMS} items"));
    }
    let mut seen = BTreeSet::new();
    for section in &file.sections {
        let id = section.link_id.as_str();
        let plain = !id.is_empty() && id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_');
        if !plain || id.len() > 50 || RESERVED.contains(&id) {
            let reason = format!(
                "{id:?} cannot be the link_id of a section: use small letters, digits and underscores, and no word that an address has another page under"
            );
            return fail(id, reason);
        }
        if !seen.insert(id) {
            return fail(id, format!("section `{id}` is there twice"));
        }
        if long(&section.title, 200) || section.items.is_empty() {
            return fail(id, format!("section `{id}` needs a title and at least one item"));
        }
    }
    if seen.is_empty() {
        return fail("section", "a questionnaire has at least one section".into());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::reference::Reference;
    use crate::formats::seeds::{SeedFiles, read_reference};

    fn read(reference: &Reference, text: &str) -> Result<Version, SeedError> {
        let grounds = Grounds { bank: &reference.item_bank, rules: &reference.item_rules };
        read_version(text, grounds, &reference.questionnaires["2022.1"])
    }

    /// A version that asks what the one of 2022 asks, for a later year.
    fn file(rest: &str) -> String {
        let text =
            std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/seeds/questionnaires/2022.toml")).unwrap();
        // Without what that year changed, which is said once.
        let text = text.split("# Asked without an age group").next().unwrap();
        let text =
            text.replace("year = 2022\nversion = \"2022.1\"", "year = 2023\nversion = \"2023.1\"\nbase = \"2022.1\"");
        format!("{text}\n{rest}")
    }

    #[test]
    fn a_version_asks_as_the_one_before_unless_it_says_otherwise() {
        let reference = read_reference(&SeedFiles::Embedded).unwrap();
        let same = read(&reference, &file("")).unwrap();
        let base = &reference.questionnaires["2022.1"];
        assert_eq!((same.questionnaire.year, same.questionnaire.items().count()), (2023, base.items().count()));
        assert!(same.questionnaire.items().all(|item| !item.reworded));
        assert_eq!(same.questionnaire.rules.len(), base.rules.len());
        let own = "[[item]]\nlink_id = \"setting\"\nnumber = \"1.2\"\ntext = \"Where?\"\nhelp = \"Its desk.\"\ntype = \"choice\"\n\
                   required = true\nfact = \"dimension\"\noptions = [{ code = \"acute\", text = \"Acute\" }, { code = \"community\", text = \"Community\" }, { code = \"other\", text = \"Other\" }]\n";
        let changed = read(&reference, &file(own)).unwrap();
        let setting = changed.questionnaire.item("setting").unwrap();
        assert!(setting.text == "Where?" && setting.reworded);
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        let reference = read_reference(&SeedFiles::Embedded).unwrap();
        let wrong = |text: &str| read(&reference, text).unwrap_err();
        let error = wrong(&file("").replace("  \"setting\",\n", "  \"settings\",\n"));
        assert!(error.reason.contains("`settings` is not in the item bank") && error.line > 10, "{error:?}");
        assert_eq!(wrong("year = \"x\"\n").line, 1);
        assert!(wrong(&file("nonsense = 1")).reason.contains("nonsense"));
        assert!(wrong(&file("").replace("\"2023.1\"", "\"2024.1\"")).reason.contains("such as 2023.1"));
        assert!(wrong(&file("").replace("link_id = \"staffing\"", "link_id = \"check\"")).reason.contains("\"check\""));
        let missing = file("").replace("base = \"2022.1\"\n", "");
        assert!(base_of(&missing).unwrap_err().reason.contains("base"));
    }
}
