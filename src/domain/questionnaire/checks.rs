//! The checks of a response: one engine for page, API and import.
//!
//! Three levels: *format* (the entry cannot be read; it is kept as typed), *error* (stops the submit), *query* (the
//! submit needs a written explanation).

use super::answer::{AnswerStatus, Document};
use super::conditions::Shown;
use super::definition::{Item, Must, Rule, Severity, limit_text};
use super::reading::{limit_problems, unreadable_cells};

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// How much it weighs.
    pub severity: Severity,
    /// Stable code: of the rule, or of the limit.
    pub code: String,
    /// The item to go to.
    pub link_id: String,
    /// What is wrong and what to do, in plain sentences that stand beside the question.
    pub message: String,
    /// A query that the service has explained.
    pub explained: bool,
}

/// What checks know beside the response itself.
#[derive(Debug, Clone, Copy)]
pub struct CheckContext<'a> {
    /// The response of the round before, and its year.
    pub previous: Option<(i32, &'a Document)>,
    /// Expected cases of the year.
    pub expected_caseload: Option<f64>,
    /// The last month that a month answer may name, `YYYY-MM`.
    pub latest_month: &'a str,
}

/// The code of the finding that a required item has no answer yet.
pub const REQUIRED: &str = "required";

/// The code of the finding that nobody has confirmed a carried answer yet.
pub const UNCONFIRMED: &str = "unconfirmed";

impl Finding {
    /// It says that something is still to be done, rather than that something is wrong.
    pub fn is_still_to_do(&self) -> bool {
        [REQUIRED, UNCONFIRMED].contains(&self.code.as_str())
    }
}

/// Runs every check on the items that are shown. Findings come in the printed order of their items.
pub fn check(shown: &Shown<'_>, context: &CheckContext<'_>) -> Vec<Finding> {
    let items = shown.items().flat_map(|item| check_item(shown, item, context));
    let rules = shown.questionnaire.rules.iter().filter_map(|rule| check_rule(shown, rule, context));
    let mut findings: Vec<Finding> =
        items.chain(rules).chain(super::posts::findings(shown, context.latest_month)).collect();
    findings.sort_by_key(|finding| shown.questionnaire.place(&finding.link_id));
    findings
}

/// True where nothing found stops a submit: no unreadable entry, no error, no query without an explanation.
pub fn can_submit(findings: &[Finding]) -> bool {
    findings.iter().all(|finding| finding.severity == Severity::Query && finding.explained)
}

fn finding(shown: &Shown<'_>, severity: Severity, code: &str, link_id: &str, message: String) -> Finding {
    let explanation = shown.document.get(link_id).and_then(|answer| answer.explanation.as_deref());
    let explained = severity == Severity::Query && explanation.is_some_and(|text| !text.trim().is_empty());
    Finding { severity, code: code.to_owned(), link_id: link_id.to_owned(), message, explained }
}

fn check_item(shown: &Shown<'_>, item: &Item, context: &CheckContext<'_>) -> Vec<Finding> {
    let found = |severity, code: &str, message| finding(shown, severity, code, &item.link_id, message);
    let mut findings = match shown.status(&item.link_id) {
        AnswerStatus::Unanswered if item.required => {
            vec![found(Severity::Error, REQUIRED, "Give an answer, or say that it is not known.".to_owned())]
        }
        AnswerStatus::Unanswered | AnswerStatus::NotKnown => Vec::new(),
        AnswerStatus::Invalid => {
            let entered =
                shown.document.get(&item.link_id).and_then(|answer| answer.entered.clone()).unwrap_or_default();
            vec![found(Severity::Format, "unreadable", unreadable(item, &entered))]
        }
        AnswerStatus::Answered => {
            let Some(value) = shown.value(&item.link_id) else { return Vec::new() };
            let impossible = limit_problems(item, value, context.latest_month)
                .into_iter()
                .map(|(code, problem)| found(Severity::Error, code, format!("The answer {problem}.")));
            impossible.chain(unusual(shown, item)).collect()
        }
    };
    let carried = shown.document.get(&item.link_id).filter(|answer| answer.is_unconfirmed());
    if let Some(year) = carried.and_then(|answer| answer.carried_from) {
        let message = format!("This is your answer for {year}. Say that it is still the same, or change it.");
        findings.push(found(Severity::Error, UNCONFIRMED, message));
    }
    findings
}

fn unreadable(item: &Item, entered: &str) -> String {
    use super::definition::ItemType;
    let wanted = match item.kind {
        ItemType::Integer => "a whole number, such as 350000",
        ItemType::Decimal => "a number with at most two decimal places, such as 0.5",
        ItemType::Grid => "WTE with at most two decimal places, such as 0.6",
        ItemType::Month => "a month, such as 2015-04",
        _ => "one of the options",
    };
    if let Some(grid) = &item.grid {
        let cells: Vec<String> = unreadable_cells(grid, entered)
            .map(|(row, typed)| format!("‘{typed}’ for {}", row.replace('/', " band ")))
            .collect();
        format!("{} cannot be read. Enter {wanted}.", cells.join(", "))
    } else {
        format!("‘{entered}’ cannot be read. Enter {wanted}.")
    }
}

/// The soft limits of a number.
fn unusual(shown: &Shown<'_>, item: &Item) -> Option<Finding> {
    let number = shown.quantity(&item.link_id)?;
    let low = item.query_below.filter(|limit| number < *limit).map(|limit| format!("below {}", limit_text(limit)));
    let high = item.query_above.filter(|limit| number > *limit).map(|limit| format!("above {}", limit_text(limit)));
    let how = low.or(high)?;
    let message = format!("{} is unusual ({how}). Correct it, or say why it is right.", limit_text(number));
    Some(finding(shown, Severity::Query, "unusual", &item.link_id, message))
}

fn check_rule(shown: &Shown<'_>, rule: &Rule, context: &CheckContext<'_>) -> Option<Finding> {
    let applies = rule.when.iter().all(|condition| shown.holds(condition));
    let broken = applies.then(|| broken(shown, &rule.must, context)).flatten()?;
    let mut message = rule.message.clone();
    for (name, value) in &broken {
        message = message.replace(&format!("{{{name}}}"), value);
    }
    let link_id = rule.items.iter().find(|item| shown.is_shown(item)).or(rule.items.first())?;
    Some(finding(shown, rule.severity, &rule.code, link_id, message))
}

type Words = Vec<(&'static str, String)>;

/// The words for a rule's message where the rule is broken; `None` where it holds or does not apply.
fn broken(shown: &Shown<'_>, must: &Must, context: &CheckContext<'_>) -> Option<Words> {
    let quantity = |name: &str| quantity(shown, name, context);
    match must {
        Must::LessThan([a, b]) => {
            let (a, b) = (quantity(a)?, quantity(b)?);
            (a >= b).then(|| vec![("value", limit_text(a)), ("high", limit_text(b))])
        }
        Must::AtMost([a, b]) => {
            let (a, b) = (quantity(a)?, quantity(b)?);
            (a > b + TOLERANCE).then(|| vec![("value", limit_text(a)), ("high", limit_text(b))])
        }
        Must::Ratio(rule) => {
            let (of, to) = (quantity(&rule.of)?, quantity(&rule.to)?);
            let ratio = (to != 0.0).then(|| of / to * rule.per)?;
            let words = || {
                vec![("value", format!("{ratio:.2}")), ("low", limit_text(rule.low)), ("high", limit_text(rule.high))]
            };
            (ratio < rule.low || ratio > rule.high).then(words)
        }
        Must::Conditions(conditions) => {
            let answered = conditions.iter().all(|c| match (c.above, c.answered) {
                (Some(_), _) => shown.quantity(&c.item).is_some(),
                (_, Some(_)) => true,
                _ => shown.value(&c.item).is_some(),
            });
            (answered && !conditions.iter().all(|condition| shown.holds(condition))).then(Vec::new)
        }
        Must::ChangeWithin(rule) => {
            let (previous_year, previous) = context.previous?;
            let (current, before) = (quantity(&rule.of)?, previous.quantity(&rule.of)?);
            let change = (current - before).abs();
            let too_far = rule.amount.is_some_and(|limit| change > limit + TOLERANCE)
                || rule.percent.is_some_and(|limit| change > before.abs() * limit / 100.0);
            let words = || {
                vec![
                    ("current", limit_text(current)),
                    ("previous", limit_text(before)),
                    ("previous_year", previous_year.to_string()),
                    ("year", shown.questionnaire.year.to_string()),
                ]
            };
            too_far.then(words)
        }
        Must::Sum(rule) => {
            let total = quantity(&rule.total)?;
            let parts = rule.parts.iter().map(|part| quantity(part)).sum::<Option<f64>>()?;
            let words = || vec![("value", limit_text(total)), ("current", limit_text(parts))];
            ((total - parts).abs() > rule.tolerance + TOLERANCE).then(words)
        }
    }
}

/// Sums of hundredths as floating point may differ in the last place.
const TOLERANCE: f64 = 1e-9;

/// A quantity by its name, `previous:` and `expected_caseload` included.
fn quantity(shown: &Shown<'_>, name: &str, context: &CheckContext<'_>) -> Option<f64> {
    match (name, name.strip_prefix("previous:")) {
        ("expected_caseload", _) => context.expected_caseload,
        (_, Some(of)) => context.previous?.1.quantity(of),
        _ => shown.quantity(name),
    }
}
