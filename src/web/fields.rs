//! The forms of signing in and of accounts as they are shown: their fields, what was typed, and what is wrong with it.

use serde::Serialize;

use super::forms::Posted;
use crate::app::error::InputProblem;

/// A field of one line.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Field {
    id: &'static str,
    name: &'static str,
    label: &'static str,
    hint: String,
    kind: &'static str,
    value: String,
    autocomplete: &'static str,
    inputmode: &'static str,
    /// About how many characters it takes; 0 for a whole line.
    width: u8,
    /// Lines of a text of several; 0 for a single line.
    rows: u8,
    error: String,
}

impl Field {
    /// A field for a text.
    pub(super) fn new(name: &'static str, label: &'static str) -> Self {
        Self {
            id: name,
            name,
            label,
            hint: String::new(),
            kind: "text",
            value: String::new(),
            autocomplete: "off",
            inputmode: "text",
            width: 0,
            rows: 0,
            error: String::new(),
        }
    }

    /// A field for an e-mail address; `autocomplete` says whose.
    pub(super) fn email(label: &'static str, autocomplete: &'static str) -> Self {
        Self { kind: "email", inputmode: "email", autocomplete, ..Self::new("email", label) }
    }

    /// A field for a password, which is never filled in again.
    pub(super) fn password(name: &'static str, label: &'static str, autocomplete: &'static str) -> Self {
        Self { kind: "password", autocomplete, ..Self::new(name, label) }
    }

    /// A field for the code that an authenticator shows.
    pub(super) fn code(label: &'static str) -> Self {
        Self { inputmode: "numeric", autocomplete: "one-time-code", width: 10, ..Self::new("code", label) }
    }

    /// A field for a text of several lines.
    pub(super) fn lines(name: &'static str, label: &'static str, rows: u8) -> Self {
        Self { rows, ..Self::new(name, label) }
    }

    /// The same with an id of its own, where two forms of a page have a field of one name.
    pub(super) fn id(self, id: &'static str) -> Self {
        Self { id, ..self }
    }

    /// The same with a hint.
    pub(super) fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: hint.into(), ..self }
    }

    /// The same with what browsers may fill in.
    pub(super) fn autocomplete(self, autocomplete: &'static str) -> Self {
        Self { autocomplete, ..self }
    }

    /// The same with the keys that a telephone shows for it.
    pub(super) fn inputmode(self, inputmode: &'static str) -> Self {
        Self { inputmode, ..self }
    }

    /// The same with a width.
    pub(super) fn width(self, width: u8) -> Self {
        Self { width, ..self }
    }

    /// The same with a value to begin with.
    pub(super) fn value(self, value: impl Into<String>) -> Self {
        Self { value: value.into(), ..self }
    }
}

/// A line of the error summary.
#[derive(Debug, Clone, Serialize)]
struct Problem {
    href: String,
    text: String,
}

/// A form.
#[derive(Debug, Clone, Default, Serialize)]
pub(super) struct Form {
    fields: Vec<Field>,
    problems: Vec<Problem>,
}

impl Form {
    /// A form of these fields.
    pub(super) fn new(fields: impl Into<Vec<Field>>) -> Self {
        Self { fields: fields.into(), problems: Vec::new() }
    }

    /// The same with what was typed, passwords and codes apart.
    pub(super) fn filled(mut self, posted: &Posted) -> Self {
        for field in &mut self.fields {
            if field.kind != "password" && field.name != "code" {
                posted.first(field.name).unwrap_or_default().clone_into(&mut field.value);
            }
        }
        self
    }

    /// The same with what is wrong: each problem is told over the form, with a link to its field, and beside the field.
    pub(super) fn refused(mut self, problems: &[InputProblem]) -> Self {
        for problem in problems {
            let field = self.fields.iter_mut().find(|field| field.name == problem.field);
            let id = field.map_or(problem.field.as_str(), |field| {
                problem.message.clone_into(&mut field.error);
                field.id
            });
            self.problems.push(Problem { href: format!("#{id}"), text: problem.message.clone() });
        }
        self
    }

    /// The same with what is wrong told beside its fields alone, where another form tells it over the page.
    pub(super) fn beside(mut self, problems: &[InputProblem]) -> Self {
        for field in &mut self.fields {
            if let Some(problem) = problems.iter().find(|problem| problem.field == field.name) {
                problem.message.clone_into(&mut field.error);
            }
        }
        self
    }

    /// The same with one thing wrong.
    pub(super) fn refused_for(self, field: &str, message: &impl ToString) -> Self {
        self.refused(&[InputProblem::new(field, "refused", message.to_string())])
    }

    /// Something is wrong with what was sent.
    pub(super) fn is_refused(&self) -> bool {
        !self.problems.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_stays_but_for_secrets() {
        let fields =
            [Field::email("E-mail", "email"), Field::password("password", "Password", "x"), Field::code("Code")];
        let form = Form::new(fields).filled(&Posted::read(b"email=a%40b&password=secret&code=123456"));
        let values: Vec<&str> = form.fields.iter().map(|field| field.value.as_str()).collect();
        assert_eq!(values, ["a@b", "", ""]);
    }

    #[test]
    fn a_problem_leads_to_its_field() {
        let form = Form::new([Field::code("Code").id("own-code")]).refused_for("code", &"Wrong.");
        assert!(form.is_refused());
        assert_eq!((form.problems[0].href.as_str(), form.fields[0].error.as_str()), ("#own-code", "Wrong."));
    }
}
