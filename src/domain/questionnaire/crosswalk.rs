//! From one version of the questionnaire to the next: what became of each item, and whether its answers compare.
//!
//! An item is known by its `link_id`. Where its answers mean something else than before (other options, another unit,
//! parts of an old item, several old ones) the crosswalk of the newer version says from what it comes and how the old
//! answers read now, or that they do not compare. Nothing draws a trend across an item without that.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use serde::Deserialize;

use super::answer::{Answer, AnswerValue, Document};
use super::definition::{Grid, Item, Questionnaire};
use super::facts::Fact;

/// Where an item comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    /// The items of the version before that it comes from.
    pub from: Vec<String>,
    /// Which option an old option reads as now. An old option with the same code needs no line.
    #[serde(default)]
    pub codes: BTreeMap<String, String>,
    /// Its answers do not compare with the old ones: no trend is drawn across it.
    #[serde(default)]
    pub incomparable: bool,
}

/// What a version says of itself beside the version that it follows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Crosswalk {
    /// Items that come from others, or that are recoded.
    #[serde(default)]
    pub items: BTreeMap<String, Origin>,
    /// Items that are asked for the first time.
    #[serde(default)]
    pub new: BTreeSet<String>,
    /// Items that are asked no more.
    #[serde(default)]
    pub dropped: BTreeSet<String>,
}

/// What became of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Relation {
    /// It asks the same in the same words.
    Same,
    /// It asks the same in other words.
    Reworded,
    /// Its answers are of another kind, unit or set of options.
    Recoded,
    /// It is a part of an old item.
    Split,
    /// It takes the place of several old items.
    Merged,
    /// It is asked for the first time.
    New,
    /// It is asked no more.
    Dropped,
}

impl Relation {
    /// Every relation.
    pub const ALL: [Self; 7] =
        [Self::Same, Self::Reworded, Self::Recoded, Self::Split, Self::Merged, Self::New, Self::Dropped];

    /// The word in the API and on pages.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::Reworded => "reworded",
            Self::Recoded => "recoded",
            Self::Split => "split",
            Self::Merged => "merged",
            Self::New => "new",
            Self::Dropped => "dropped",
        }
    }
}

impl fmt::Display for Relation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// How the answers to an old item read as answers to a newer one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// As they are.
    AsTheyAre,
    /// Options read as others; those that are not named read as they are.
    Codes(BTreeMap<String, String>),
    /// Not at all.
    Never,
}

/// A part of an item that is not as it was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Which: `text`, `help`, `number`, `type`, `unit`, `options`, `cells`, `required`.
    pub part: &'static str,
    /// As it was.
    pub before: String,
    /// As it is.
    pub after: String,
}

/// An item of either version beside the other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The item: of the newer version, or of the older one where it was dropped.
    pub link_id: String,
    /// Its printed number.
    pub number: String,
    /// The question.
    pub text: String,
    /// What became of it.
    pub relation: Relation,
    /// The old items that it comes from.
    pub from: Vec<String>,
    /// What is not as it was, where it comes from one old item.
    pub changes: Vec<Change>,
    /// Its answers compare with the old ones, as they are or by the crosswalk.
    pub compares: bool,
    /// What the crosswalk lacks; nothing may be published with it.
    pub lacks: Option<String>,
}

/// The options or cells of an item, as a reader sees them.
fn answers_of(item: &Item) -> String {
    let options = item.options.iter().map(|option| option.code.clone());
    let cells = item.grid.iter().flat_map(Grid::cells).map(|(role, band)| match band {
        Some(band) => format!("{}/{band}", role.role),
        None => role.role.clone(),
    });
    options.chain(cells).collect::<Vec<_>>().join(", ")
}

/// What is not as it was. The first say that answers mean something else.
fn changes(old: &Item, new: &Item) -> Vec<Change> {
    let unit = |item: &Item| item.unit.clone().unwrap_or_default();
    let required = |item: &Item| if item.required { "yes" } else { "no" }.to_owned();
    let answers = if new.grid.is_some() || old.grid.is_some() { "cells" } else { "options" };
    [
        ("type", old.kind.as_str().to_owned(), new.kind.as_str().to_owned()),
        ("unit", unit(old), unit(new)),
        (answers, answers_of(old), answers_of(new)),
        ("text", old.text.clone(), new.text.clone()),
        ("help", old.help.clone(), new.help.clone()),
        ("number", old.number.clone(), new.number.clone()),
        ("required", required(old), required(new)),
    ]
    .into_iter()
    .filter(|(_, before, after)| before != after)
    .map(|(part, before, after)| Change { part, before, after })
    .collect()
}

/// Whether a change makes answers mean something else.
fn recodes(change: &Change) -> bool {
    matches!(change.part, "type" | "unit" | "options" | "cells")
}

/// Where an item of the newer version comes from, by the crosswalk or by its name.
fn origin<'a>(old: &Questionnaire, crosswalk: &'a Crosswalk, item: &'a Item) -> (Vec<&'a str>, Option<&'a Origin>) {
    match crosswalk.items.get(&item.link_id) {
        Some(origin) => (origin.from.iter().map(String::as_str).collect(), Some(origin)),
        None if old.item(&item.link_id).is_some() && !crosswalk.new.contains(&item.link_id) => {
            (vec![item.link_id.as_str()], None)
        }
        None => (Vec::new(), None),
    }
}

/// What the crosswalk says wrongly, or leaves open, of a recoded item.
fn open_codes(old: &Item, new: &Item, origin: Option<&Origin>) -> Option<String> {
    let Some(origin) = origin else {
        return Some("say how old answers read now, or that they do not compare".into());
    };
    if origin.incomparable {
        return None;
    }
    if old.options.is_empty() || new.options.is_empty() {
        return Some("old answers of this kind cannot be read as new ones: say that they do not compare".into());
    }
    let lost = old.options.iter().map(|option| &option.code).find(|code| {
        let now = origin.codes.get(*code).unwrap_or(code);
        new.option(now).is_none()
    });
    lost.map(|code| format!("say as what the old option `{code}` reads now"))
}

/// Every item of two versions beside each other: those of the newer one in printed order, then those that were dropped.
pub fn differences(old: &Questionnaire, new: &Questionnaire, crosswalk: &Crosswalk) -> Vec<Difference> {
    let mut uses: BTreeMap<&str, usize> = BTreeMap::new();
    for item in new.items() {
        for from in origin(old, crosswalk, item).0 {
            *uses.entry(from).or_default() += 1;
        }
    }
    let mut found: Vec<Difference> = new.items().map(|item| difference(old, crosswalk, item, &uses)).collect();
    found.extend(old.items().filter(|item| !uses.contains_key(item.link_id.as_str())).map(|item| {
        Difference {
            link_id: item.link_id.clone(),
            number: item.number.clone(),
            text: item.text.clone(),
            relation: Relation::Dropped,
            from: Vec::new(),
            changes: Vec::new(),
            compares: false,
            lacks: (!crosswalk.dropped.contains(&item.link_id))
                .then(|| "say that it is dropped, or which item comes from it".into()),
        }
    }));
    found
}

fn difference(old: &Questionnaire, crosswalk: &Crosswalk, item: &Item, uses: &BTreeMap<&str, usize>) -> Difference {
    let (from, origin) = origin(old, crosswalk, item);
    let unknown = from.iter().find(|id| old.item(id).is_none());
    let single = match from.as_slice() {
        [only] => old.item(only),
        _ => None,
    };
    let changes = single.map(|old| changes(old, item)).unwrap_or_default();
    let recoded = changes.iter().any(recodes);
    let relation = match (from.len(), single) {
        (0, _) => Relation::New,
        (1, Some(old)) if uses.get(old.link_id.as_str()).is_some_and(|uses| *uses > 1) => Relation::Split,
        (1, _) if recoded => Relation::Recoded,
        (1, _) if changes.iter().any(|change| change.part == "text") => Relation::Reworded,
        (1, _) => Relation::Same,
        _ => Relation::Merged,
    };
    let incomparable = origin.is_some_and(|origin| origin.incomparable);
    let lacks = match (unknown, relation, single) {
        (Some(id), ..) => Some(format!("the version before has no item `{id}`")),
        (None, Relation::New, _) if !crosswalk.new.contains(&item.link_id) => {
            Some("say that it is new, or which item it comes from".into())
        }
        // A part, or several together, is no answer to the same question.
        (None, Relation::Split | Relation::Merged, _) if !incomparable => {
            Some("answers to a part, or to several, do not compare: say so (incomparable = true)".into())
        }
        (None, Relation::Recoded, Some(old)) => open_codes(old, item, origin),
        _ => None,
    };
    Difference {
        link_id: item.link_id.clone(),
        number: item.number.clone(),
        text: item.text.clone(),
        compares: single.is_some()
            && lacks.is_none()
            && !incomparable
            && !matches!(relation, Relation::Split | Relation::Merged),
        relation,
        from: from.into_iter().map(ToOwned::to_owned).collect(),
        changes,
        lacks,
    }
}

/// Codes as they read now, each once.
fn read_as(codes: &BTreeMap<String, String>, said: &[String]) -> Vec<String> {
    let mut now: Vec<String> = Vec::new();
    for code in said.iter().map(|code| codes.get(code).unwrap_or(code)) {
        if !now.contains(code) {
            now.push(code.clone());
        }
    }
    now
}

/// How answers to an older version read as answers to a newer one, item by item.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comparison(BTreeMap<String, (String, Reading)>);

impl Comparison {
    /// From a version to the one after it.
    pub fn new(old: &Questionnaire, new: &Questionnaire, crosswalk: &Crosswalk) -> Self {
        let reading = |difference: Difference| {
            let from = difference.from.first()?.clone();
            let codes = crosswalk.items.get(&difference.link_id).map(|origin| origin.codes.clone()).unwrap_or_default();
            let reading = match (difference.compares, codes.is_empty()) {
                (false, _) => Reading::Never,
                (true, true) => Reading::AsTheyAre,
                (true, false) => Reading::Codes(codes),
            };
            Some((difference.link_id, (from, reading)))
        };
        Self(differences(old, new, crosswalk).into_iter().filter_map(reading).collect())
    }

    /// This comparison and then that of a newer version with the one in between.
    pub fn then(&self, newer: &Self) -> Self {
        let through = |(link_id, (between, second)): (&String, &(String, Reading))| {
            let (from, first) = self.0.get(between)?;
            let reading = match (first, second) {
                (Reading::Never, _) | (_, Reading::Never) => Reading::Never,
                (Reading::AsTheyAre, other) | (other, Reading::AsTheyAre) => other.clone(),
                (Reading::Codes(first), Reading::Codes(second)) => {
                    let mut codes = second.clone();
                    for (code, between) in first {
                        codes.insert(code.clone(), second.get(between).unwrap_or(between).clone());
                    }
                    Reading::Codes(codes)
                }
            };
            Some((link_id.clone(), (from.clone(), reading)))
        };
        Self(newer.0.iter().filter_map(through).collect())
    }

    /// The old item whose answers can be laid beside those of an item, if there is one.
    pub fn from(&self, link_id: &str) -> Option<&str> {
        let (from, reading) = self.0.get(link_id)?;
        (*reading != Reading::Never).then_some(from.as_str())
    }

    /// Items that compare with nothing that was asked then, though something is asked that they come from.
    pub fn never(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter(|(_, (_, reading))| *reading == Reading::Never).map(|(link_id, _)| link_id.as_str())
    }

    /// An old fact as it reads now; `None` where it does not compare.
    pub fn fact(&self, link_id: &str, fact: &Fact) -> Option<Fact> {
        let (_, reading) = self.0.get(link_id)?;
        match (reading, fact) {
            (Reading::Never, _) => None,
            (Reading::Codes(codes), Fact::Dimension(said)) => Some(Fact::Dimension(read_as(codes, said))),
            _ => Some(fact.clone()),
        }
    }

    /// An old answer as it reads now; `None` where it does not compare.
    pub fn value(&self, link_id: &str, value: &AnswerValue) -> Option<AnswerValue> {
        let (_, reading) = self.0.get(link_id)?;
        match (reading, value) {
            (Reading::Never, _) => None,
            (Reading::Codes(codes), AnswerValue::Choice(said)) => {
                Some(AnswerValue::Choice(codes.get(said).unwrap_or(said).clone()))
            }
            (Reading::Codes(codes), AnswerValue::Choices(said)) => Some(AnswerValue::Choices(read_as(codes, said))),
            _ => Some(value.clone()),
        }
    }

    /// The answers to an older version as answers to the newer one: what compares, under the names that it has now.
    pub fn document(&self, old: &Document) -> Document {
        let mut now = Document::default();
        for (link_id, (from, _)) in &self.0 {
            let Some(answer) = old.get(from) else { continue };
            let value = match &answer.value {
                Some(value) => match self.value(link_id, value) {
                    Some(value) => Some(value),
                    None => continue,
                },
                None => None,
            };
            now.answers.insert(link_id.clone(), Answer { value, ..answer.clone() });
        }
        now
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::seeds::{SeedFiles, read_reference};

    fn version(name: &str) -> Questionnaire {
        read_reference(&SeedFiles::Embedded).unwrap().questionnaires[name].clone()
    }

    /// The same questionnaire with one item changed.
    fn changed(of: &Questionnaire, link_id: &str, change: impl FnOnce(&mut Item)) -> Questionnaire {
        let mut sections = of.sections.clone();
        let items = sections.iter_mut().flat_map(|section| &mut section.items);
        change(items.into_iter().find(|item| item.link_id == link_id).unwrap());
        Questionnaire::new(of.year + 1, "next".into(), of.title.clone(), sections, of.rules.clone())
    }

    fn of<'a>(found: &'a [Difference], link_id: &str) -> &'a Difference {
        found.iter().find(|one| one.link_id == link_id).unwrap()
    }

    fn fact(code: &str) -> Fact {
        Fact::Dimension(vec![code.to_owned()])
    }

    #[test]
    fn a_version_compares_with_itself() {
        let one = version("2022.1");
        let found = differences(&one, &one, &Crosswalk::default());
        assert!(found.iter().all(|one| one.relation == Relation::Same && one.compares && one.lacks.is_none()));
        let comparison = Comparison::new(&one, &one, &Crosswalk::default());
        assert_eq!(comparison.fact("setting", &fact("acute")), Some(fact("acute")));
        assert_eq!(comparison.then(&comparison), comparison);
    }

    #[test]
    fn rounds_of_the_seeds_compare_where_both_ask() {
        let (old, new) = (version("2019.1"), version("2021.1"));
        let comparison = Comparison::new(&old, &new, &Crosswalk::default());
        for item in new.items().filter(|item| item.fact.is_some() && old.item(&item.link_id).is_some()) {
            assert_eq!(comparison.from(&item.link_id), Some(item.link_id.as_str()));
        }
    }

    #[test]
    fn other_words_compare_and_other_options_want_a_mapping() {
        let old = version("2022.1");
        let reworded = changed(&old, "setting", |item| item.text = "Where does it sit?".into());
        let found = differences(&old, &reworded, &Crosswalk::default());
        let one = of(&found, "setting");
        assert_eq!((one.relation, one.compares, one.changes[0].part), (Relation::Reworded, true, "text"));

        let recoded = changed(&old, "setting", |item| item.options[0].code = "hospital".into());
        let open = differences(&old, &recoded, &Crosswalk::default());
        let one = of(&open, "setting");
        assert_eq!((one.relation, one.compares), (Relation::Recoded, false));
        assert!(one.lacks.is_some());
        let without = Comparison::new(&old, &recoded, &Crosswalk::default());
        assert_eq!((without.from("setting"), without.fact("setting", &fact("acute"))), (None, None), "no trend");

        let with = |codes: &[(&str, &str)], incomparable| {
            let codes = codes.iter().map(|(from, to)| ((*from).to_owned(), (*to).to_owned())).collect();
            let origin = Origin { from: vec!["setting".into()], codes, incomparable };
            Crosswalk { items: [("setting".to_owned(), origin)].into(), ..Crosswalk::default() }
        };
        let half = differences(&old, &recoded, &with(&[("acute", "nowhere")], false));
        assert_eq!(of(&half, "setting").lacks.as_deref(), Some("say as what the old option `acute` reads now"));
        let mapped = with(&[("acute", "hospital")], false);
        assert!(of(&differences(&old, &recoded, &mapped), "setting").lacks.is_none());
        let comparison = Comparison::new(&old, &recoded, &mapped);
        assert_eq!(comparison.fact("setting", &fact("acute")), Some(fact("hospital")));
        assert_eq!(comparison.fact("setting", &fact("community")), Some(fact("community")));
        let never = with(&[], true);
        assert!(of(&differences(&old, &recoded, &never), "setting").lacks.is_none());
        assert_eq!(Comparison::new(&old, &recoded, &never).from("setting"), None);
        // Over two versions, the second of which recodes again.
        let again = changed(&recoded, "setting", |item| item.options[0].code = "site".into());
        let second = Comparison::new(&recoded, &again, &with(&[("hospital", "site")], false));
        assert_eq!(comparison.then(&second).fact("setting", &fact("acute")), Some(fact("site")));
        assert_eq!(Comparison::new(&old, &recoded, &never).then(&second).from("setting"), None);
    }

    #[test]
    fn what_is_split_merged_new_or_dropped_is_said() {
        let old = version("2022.1");
        let renamed = changed(&old, "setting", |item| item.link_id = "place".into());
        let found = differences(&old, &renamed, &Crosswalk::default());
        assert_eq!(of(&found, "place").relation, Relation::New);
        assert_eq!(of(&found, "setting").relation, Relation::Dropped);
        assert_eq!(found.iter().filter(|one| one.lacks.is_some()).count(), 2, "neither is accounted for");
        let origin = |from: &[&str], incomparable| Origin {
            from: from.iter().map(|id| (*id).to_owned()).collect(),
            incomparable,
            ..Origin::default()
        };
        let walk = |origin| Crosswalk { items: [("place".to_owned(), origin)].into(), ..Crosswalk::default() };
        let found = differences(&old, &renamed, &walk(origin(&["setting"], false)));
        assert!(found.iter().all(|one| one.lacks.is_none()));
        assert_eq!(Comparison::new(&old, &renamed, &walk(origin(&["setting"], false))).from("place"), Some("setting"));
        let found = differences(&old, &renamed, &walk(origin(&["setting", "contract"], false)));
        assert!(of(&found, "place").relation == Relation::Merged && of(&found, "place").lacks.is_some());
        let found = differences(&old, &renamed, &walk(origin(&["contract"], true)));
        assert_eq!((of(&found, "place").relation, of(&found, "contract").relation), (Relation::Split, Relation::Split));
        let found = differences(&old, &renamed, &walk(origin(&["nonsense"], false)));
        assert_eq!(of(&found, "place").lacks.as_deref(), Some("the version before has no item `nonsense`"));
    }
}
