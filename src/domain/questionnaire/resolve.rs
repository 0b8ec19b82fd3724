//! From the item bank that all years share and one year's selection to the questionnaire of that year.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::definition::{Condition, FactKind, Item, ItemType, Must, Questionnaire, Rule, Section};

/// A file of the item bank.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemFile {
    /// The items.
    #[serde(rename = "item")]
    pub items: Vec<Item>,
}

/// The file of the cross-item rules.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    /// The rules.
    #[serde(rename = "rule")]
    pub rules: Vec<Rule>,
}

/// One year's selection from the bank.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearFile {
    /// Audit year.
    pub year: i32,
    /// Version of the questionnaire.
    pub version: String,
    /// Title.
    pub title: String,
    /// Sections in printed order.
    #[serde(rename = "section")]
    pub sections: Vec<YearSection>,
    /// What this year words or demands otherwise than the bank, by item.
    #[serde(default)]
    pub changes: BTreeMap<String, ItemChange>,
}

/// A section of one year.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct YearSection {
    /// Stable name.
    pub link_id: String,
    /// Printed number.
    pub number: String,
    /// Title.
    pub title: String,
    /// What it is about.
    pub intro: String,
    /// Link ids of its items in printed order.
    pub items: Vec<String>,
}

/// What one year changes in an item of the bank.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemChange {
    /// Another wording.
    pub text: Option<String>,
    /// Another help text.
    pub help: Option<String>,
    /// Another printed number.
    pub number: Option<String>,
    /// Required, or no longer.
    pub required: Option<bool>,
    /// Reworded since the round before.
    pub reworded: Option<bool>,
    /// Asked afresh, or no longer: whether the answer of the round before may be carried forward.
    pub ask_afresh: Option<bool>,
}

/// What is wrong with a selection: the name in the file that is at fault, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{reason}")]
pub struct ResolveError {
    /// The text in the file that the reason is about, to find its line by.
    pub at: String,
    /// The reason.
    pub reason: String,
}

impl ResolveError {
    fn new(at: &str, reason: String) -> Self {
        Self { at: at.to_owned(), reason }
    }
}

/// Checks one item of the bank for what its type needs.
pub fn check_item(item: &Item) -> Result<(), ResolveError> {
    let id = &item.link_id;
    let fail = |reason: &str| Err(ResolveError::new(id, format!("item `{id}` {reason}")));
    let needs_options = matches!(item.kind, ItemType::Choice | ItemType::Choices);
    if id.is_empty() || !id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_') {
        return fail("must have a link_id of lower-case letters, digits and underscores");
    }
    if needs_options == item.options.is_empty() {
        return fail(if needs_options { "needs options" } else { "has options, which its type does not take" });
    }
    let codes: BTreeSet<&str> = item.options.iter().map(|option| option.code.as_str()).collect();
    if codes.len() != item.options.len() {
        return fail("names an option code twice");
    }
    if codes.iter().any(|code| code.is_empty() || code.contains(';') || *code == "not_known" || code.starts_with('\\'))
    {
        return fail(
            "has an option code that files could not carry (empty, with `;`, `not_known`, or starting with `\\`)",
        );
    }
    if (item.kind == ItemType::Grid) != item.grid.is_some() {
        return fail("must have a grid exactly if its type is grid");
    }
    if item.kind == ItemType::Text && item.max_length.is_none() {
        return fail("needs a max_length");
    }
    if let (Some(min), Some(max)) = (item.min, item.max)
        && min > max
    {
        return fail("has a min above its max");
    }
    if item.fact.is_some_and(|fact| !can_be(item.kind, fact)) {
        return fail("gives a fact of a kind that its type cannot be");
    }
    Ok(())
}

/// Whether an item of a type can give a fact of a kind.
fn can_be(kind: ItemType, fact: FactKind) -> bool {
    match fact {
        FactKind::Flag => kind == ItemType::Boolean,
        FactKind::Measure => matches!(kind, ItemType::Integer | ItemType::Decimal | ItemType::Grid),
        FactKind::Dimension => matches!(
            kind,
            ItemType::Choice | ItemType::Choices | ItemType::Month | ItemType::Hospitals | ItemType::Area
        ),
    }
}

/// Puts the questionnaire of one year together. Rules that rest on an item the year does not ask are left
/// out.
pub fn resolve(bank: &BTreeMap<String, Item>, rules: &[Rule], year: &YearFile) -> Result<Questionnaire, ResolveError> {
    let asked: BTreeSet<&str> = year.sections.iter().flat_map(|section| &section.items).map(String::as_str).collect();
    let total: usize = year.sections.iter().map(|section| section.items.len()).sum();
    if asked.len() != total {
        let mut seen = BTreeSet::new();
        let twice = year.sections.iter().flat_map(|s| &s.items).find(|id| !seen.insert(id.as_str()));
        let id = twice.map_or("", String::as_str);
        return Err(ResolveError::new(id, format!("item `{id}` is listed twice")));
    }
    if let Some(id) = year.changes.keys().find(|id| !asked.contains(id.as_str())) {
        return Err(ResolveError::new(id, format!("[changes.{id}] changes an item that the year does not ask")));
    }
    let mut sections = Vec::new();
    for section in &year.sections {
        let items = section.items.iter().map(|id| resolve_item(bank, year, id, &asked)).collect::<Result<_, _>>()?;
        sections.push(Section {
            link_id: section.link_id.clone(),
            number: section.number.clone(),
            title: section.title.clone(),
            intro: section.intro.clone(),
            items,
        });
    }
    let is_asked = |id: &String| asked.contains(id.as_str());
    let rules = rules
        .iter()
        .filter(|rule| operands(rule).iter().all(is_asked) && rule.items.iter().any(is_asked))
        .cloned()
        .map(|mut rule| {
            rule.items.retain(is_asked);
            rule
        })
        .collect();
    Ok(Questionnaire::new(year.year, year.version.clone(), year.title.clone(), sections, rules))
}

fn resolve_item(
    bank: &BTreeMap<String, Item>,
    year: &YearFile,
    id: &str,
    asked: &BTreeSet<&str>,
) -> Result<Item, ResolveError> {
    let mut item =
        bank.get(id).cloned().ok_or_else(|| ResolveError::new(id, format!("item `{id}` is not in the item bank")))?;
    for condition in &item.enable_when {
        check_condition(bank, condition).map_err(|reason| ResolveError::new(id, format!("item `{id}`: {reason}")))?;
    }
    // A condition on an item that this year does not ask cannot be met or missed: the item is then always shown.
    item.enable_when.retain(|condition| asked.contains(quantity_item(&condition.item)));
    if let Some(change) = year.changes.get(id).cloned() {
        item.text = change.text.unwrap_or(item.text);
        item.help = change.help.unwrap_or(item.help);
        item.number = change.number.unwrap_or(item.number);
        item.required = change.required.unwrap_or(item.required);
        item.reworded = change.reworded.unwrap_or(item.reworded);
        item.ask_afresh = change.ask_afresh.unwrap_or(item.ask_afresh);
    }
    Ok(item)
}

/// Checks that a rule names items, options and quantities that exist in the bank.
pub fn check_rule(bank: &BTreeMap<String, Item>, rule: &Rule) -> Result<(), ResolveError> {
    let code = &rule.code;
    let fail = |reason: String| ResolveError::new(code, format!("rule `{code}`: {reason}"));
    if rule.items.is_empty() {
        return Err(fail("names no item to show its message at".into()));
    }
    if let Some(id) = rule.items.iter().cloned().chain(operands(rule)).find(|id| !bank.contains_key(id)) {
        return Err(fail(format!("`{id}` is not an item of the bank")));
    }
    let demanded = match &rule.must {
        Must::Conditions(conditions) => conditions.as_slice(),
        _ => &[],
    };
    rule.when.iter().chain(demanded).try_for_each(|condition| check_condition(bank, condition)).map_err(fail)
}

fn check_condition(bank: &BTreeMap<String, Item>, condition: &Condition) -> Result<(), String> {
    let id = quantity_item(&condition.item);
    let item = bank.get(id).ok_or_else(|| format!("a condition names `{id}`, which is not an item of the bank"))?;
    let tests = [
        condition.has_any.is_some(),
        condition.lacks_all.is_some(),
        condition.is.is_some(),
        condition.above.is_some(),
        condition.answered.is_some(),
    ];
    if tests.iter().filter(|given| **given).count() != 1 {
        return Err(format!("a condition on `{id}` must give exactly one of has_any, lacks_all, is, above, answered"));
    }
    let codes = condition.has_any.iter().chain(&condition.lacks_all).flatten();
    match codes.into_iter().find(|code| item.option(code).is_none()) {
        Some(code) => Err(format!("a condition names option `{code}`, which `{id}` does not have")),
        None => Ok(()),
    }
}

/// The item that a quantity belongs to.
fn quantity_item(quantity: &str) -> &str {
    let current = quantity.strip_prefix("previous:").unwrap_or(quantity);
    current.split_once('/').map_or(current, |(grid, _)| grid)
}

/// Every item that a rule rests on.
fn operands(rule: &Rule) -> BTreeSet<String> {
    let mut names: Vec<&str> = rule.when.iter().map(|condition| condition.item.as_str()).collect();
    match &rule.must {
        Must::LessThan(pair) | Must::AtMost(pair) => names.extend(pair.iter().map(String::as_str)),
        Must::Ratio(ratio) => names.extend([ratio.of.as_str(), ratio.to.as_str()]),
        Must::Conditions(conditions) => names.extend(conditions.iter().map(|condition| condition.item.as_str())),
        Must::ChangeWithin(change) => names.push(&change.of),
        Must::Sum(sum) => {
            names.push(&sum.total);
            names.extend(sum.parts.iter().map(String::as_str));
        }
    }
    names.into_iter().map(quantity_item).filter(|name| *name != "expected_caseload").map(ToOwned::to_owned).collect()
}
