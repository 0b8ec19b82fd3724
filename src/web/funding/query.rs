//! What the page of funding is asked for.

use crate::app::error::InputProblem;
use crate::app::funding::FundingQuery;
use crate::domain::round::Round;
use crate::domain::workforce::allocation::{Budget, Goal, Posts};
use crate::domain::workforce::gap::End;
use crate::domain::workforce::standard::{Basis, Role};
use crate::web::costs::query::{Asked, given};
use crate::web::errors::PageError;
use crate::web::forms::Posted;

/// The roles that can be chosen: a word of addresses, and its name.
pub(super) const ROLES: [(&str, &str); 3] =
    [("both", "Nurses and administrators"), ("nurse", "Nurses alone"), ("administrator", "Administrators alone")];

/// What budgets can be given in.
pub(super) const UNITS: [(&str, &str); 2] = [("pounds", "Pounds a year"), ("wte", "WTE")];

/// What is asked for. Numbers stay as they were typed until they are used, so that a form shows them again.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct FundingAsked {
    /// Whose gaps, at which prices.
    pub(super) asked: Asked,
    /// The budget as typed.
    pub(super) budget: String,
    /// What it is given in.
    pub(super) in_wte: bool,
    /// The smallest team as typed.
    pub(super) minimum_team: String,
    pub(super) goal: Goal,
    pub(super) posts: Posts,
    pub(super) end: End,
    /// A word of [`ROLES`].
    pub(super) roles: &'static str,
}

fn word<T: Copy>(form: &Posted, name: &str, all: &[T], of: fn(T) -> &'static str, usual: T) -> Result<T, PageError> {
    let Some(word) = given(form, name) else { return Ok(usual) };
    all.iter().copied().find(|one| of(*one) == word).ok_or_else(|| {
        let known = all.iter().map(|one| of(*one)).collect::<Vec<_>>().join(", ");
        PageError::bad_request(format!("{word:?} is no value of {name}. It takes {known}."))
    })
}

impl FundingAsked {
    /// Reads the query of an address.
    pub(super) fn read(form: &Posted, rounds: &[Round]) -> Result<Self, PageError> {
        let asked = Asked::read(form, rounds)?;
        let usual = FundingQuery::of(asked.query().gaps);
        let typed = |name: &str| given(form, name).unwrap_or_default().to_owned();
        Ok(Self {
            asked: Asked { basis: asked.basis.or(Some(usual.basis)), ..asked },
            budget: typed("budget"),
            in_wte: word(form, "unit", &UNITS, |unit| unit.0, UNITS[0])?.0 == "wte",
            minimum_team: typed("minimum_team"),
            goal: word(form, "goal", &Goal::ALL, Goal::as_str, usual.goal)?,
            posts: word(form, "posts", &Posts::ALL, Posts::as_str, usual.posts)?,
            end: word(form, "up_to", &End::ALL, End::as_str, usual.end)?,
            roles: word(form, "roles", &ROLES, |roles| roles.0, ROLES[0])?.0,
        })
    }

    /// The question as the use case takes it, or what of it cannot be read.
    pub(super) fn query(&self) -> Result<FundingQuery, Vec<InputProblem>> {
        let mut problems = Vec::new();
        let mut number = |field: &str, typed: &str, example: &str| {
            // `£500,000`, as people write money.
            let plain: String = typed.chars().filter(|letter| !matches!(letter, '£' | ',' | ' ')).collect();
            if plain.is_empty() {
                return None;
            }
            let read = plain.parse::<f64>().ok();
            if read.is_none() {
                let message = format!("{typed:?} is not a number. Write it as {example}.");
                problems.push(InputProblem::new(field, "not_a_number", message));
            }
            read
        };
        let budget = number("budget", &self.budget, "500000");
        let minimum_team = number("minimum_team", &self.minimum_team, "2 or 1.5").unwrap_or(0.0);
        if !problems.is_empty() {
            return Err(problems);
        }
        let query = self.asked.query();
        Ok(FundingQuery {
            basis: self.asked.basis.unwrap_or(Basis::Aged50Plus),
            end: self.end,
            budget: budget.map(|budget| if self.in_wte { Budget::Wte(budget) } else { Budget::Pounds(budget) }),
            goal: self.goal,
            posts: self.posts,
            roles: match self.roles {
                "nurse" => vec![Role::Nurse],
                "administrator" => vec![Role::Administrator],
                _ => Role::ALL.to_vec(),
            },
            minimum_team,
            costs: query,
        })
    }

    /// An address that asks for the same.
    pub(super) fn address(&self, path: &str) -> String {
        self.asked.address(
            path,
            &[
                ("budget", &self.budget),
                ("unit", if self.in_wte { "wte" } else { "" }),
                ("goal", self.goal.as_str()),
                ("posts", self.posts.as_str()),
                ("up_to", self.end.as_str()),
                ("roles", self.roles),
                ("minimum_team", &self.minimum_team),
            ],
        )
    }
}
