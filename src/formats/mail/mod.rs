//! E-mail: the words of each mail, as text and as HTML, and the bytes of the message.
//!
//! The HTML is plain: one column, no pictures, nothing from elsewhere, nothing that tells us whether it was read. The
//! whole address of a link is its own text, so that its reader sees where it leads. What people typed never reaches a
//! header, and is escaped in the HTML.

mod message;

use handlebars::{Handlebars, no_escape};
use serde_json::{Map, Value};

pub use message::{Letter, message};

use super::display::london_time;
use crate::domain::mail::Mail;

/// Every template by its name: the text, the HTML.
const TEMPLATES: &[(&str, &str, &str)] = &[
    ("sign_in_link", include_str!("templates/sign_in_link.text.hbs"), include_str!("templates/sign_in_link.html.hbs")),
    ("invitation", include_str!("templates/invitation.text.hbs"), include_str!("templates/invitation.html.hbs")),
    (
        "password_reset",
        include_str!("templates/password_reset.text.hbs"),
        include_str!("templates/password_reset.html.hbs"),
    ),
    (
        "security_notice",
        include_str!("templates/security_notice.text.hbs"),
        include_str!("templates/security_notice.html.hbs"),
    ),
    ("receipt", include_str!("templates/receipt.text.hbs"), include_str!("templates/receipt.html.hbs")),
    ("comment", include_str!("templates/comment.text.hbs"), include_str!("templates/comment.html.hbs")),
    ("data_query", include_str!("templates/data_query.text.hbs"), include_str!("templates/data_query.html.hbs")),
    ("section_link", include_str!("templates/section_link.text.hbs"), include_str!("templates/section_link.html.hbs")),
    ("reminder", include_str!("templates/reminder.text.hbs"), include_str!("templates/reminder.html.hbs")),
];

/// What stands round the HTML of each.
const LAYOUT: &str = include_str!("templates/layout.html.hbs");

/// The words of a mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// Its subject: fixed words, nothing that somebody typed.
    pub subject: &'static str,
    /// Its text.
    pub text: String,
    /// The same as an HTML page.
    pub html: String,
}

/// Puts a mail into words. An error is a bug in a template.
pub fn words(mail: &Mail) -> Result<Words, String> {
    let failed = |error: &dyn std::fmt::Display| format!("the mail {} cannot be worded: {error}", mail.name());
    let (name, text, html) =
        TEMPLATES.iter().find(|(name, ..)| *name == mail.name()).ok_or_else(|| failed(&"it has no template"))?;
    let subject = subject(mail);
    let said = said(mail, subject).map_err(|error| failed(&error))?;
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    registry.register_partial("layout", LAYOUT).map_err(|error| failed(&error))?;
    registry.register_template_string(name, html).map_err(|error| failed(&error))?;
    let html = registry.render(name, &said).map_err(|error| failed(&error))?;
    registry.register_escape_fn(no_escape);
    let text = registry.render_template(text, &said).map_err(|error| failed(&error))?;
    Ok(Words { subject, text, html })
}

fn subject(mail: &Mail) -> &'static str {
    match mail {
        Mail::SignInLink { .. } => "Sign in to the facilities audit",
        Mail::Invitation { .. } => "Your invitation to the facilities audit",
        Mail::PasswordReset { .. } => "Choose a new password for the facilities audit",
        Mail::SecurityNotice { .. } => "A change to your facilities audit account",
        Mail::Receipt { .. } => "Receipt: the facilities questionnaire was submitted",
        Mail::Comment { .. } => "A comment on the facilities questionnaire",
        Mail::DataQuery { .. } => "A query in the facilities audit",
        Mail::SectionLink { .. } => "Fill in a section of the facilities audit",
        Mail::Reminder { .. } => "Reminder: the facilities questionnaire",
    }
}

/// What the templates read: the mail's own fields, each on one line; the lines of a note; the moment in words.
fn said(mail: &Mail, subject: &str) -> Result<Map<String, Value>, serde_json::Error> {
    let Value::Object(fields) = serde_json::to_value(mail)? else { return Ok(Map::new()) };
    let mut said: Map<String, Value> = fields
        .into_iter()
        .map(|(name, value)| match value {
            Value::String(text) if name == "note" => (name, Value::from(lines(&text))),
            Value::String(text) => (name, Value::from(one_line(&text))),
            other => (name, other),
        })
        .collect();
    said.insert("subject".into(), subject.into());
    said.insert("when".into(), london_time(mail.moment()).into());
    Ok(said)
}

/// A text without its control characters.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

fn lines(text: &str) -> Vec<String> {
    text.lines().map(one_line).collect()
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;

    const LINK: &str = "https://audit.example.org/sign-in/abc-DEF_123";

    /// One of each, with what people type set to `typed`.
    pub(super) fn samples(typed: &str) -> Vec<Mail> {
        let (link, expires) = (LINK.to_owned(), at("2022-07-01T13:05:00Z"));
        let typed = || typed.to_owned();
        vec![
            Mail::SignInLink { link: link.clone(), expires },
            Mail::Invitation { link: link.clone(), expires, invited_by: typed(), role: typed() },
            Mail::PasswordReset { link: link.clone(), expires },
            Mail::SecurityNotice { sentence: typed(), at: expires },
            Mail::Receipt {
                link: link.clone(),
                feedback: link.clone(),
                service: typed(),
                round: typed(),
                submitted_by: typed(),
                version: 9,
                answers: 60,
                at: expires,
            },
            Mail::Comment {
                link: link.clone(),
                author: typed(),
                service: typed(),
                item: typed(),
                note: typed(),
                at: expires,
            },
            Mail::DataQuery {
                link: link.clone(),
                author: typed(),
                service: typed(),
                about: typed(),
                state: "Data check".into(),
                note: typed(),
                is_due: true,
                at: expires,
            },
            Mail::SectionLink {
                link: link.clone(),
                expires,
                asked_by: typed(),
                service: typed(),
                section: typed(),
                note: format!("{}\n{}", typed(), typed()),
            },
            Mail::Reminder {
                link,
                service: typed(),
                round: typed(),
                note: typed(),
                over: false,
                has_last_day: true,
                at: expires,
            },
        ]
    }

    pub(super) fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn every_mail_says_what_it_has_to_as_text_and_as_html() {
        for mail in samples("O'Neil & Sons <FLS>") {
            let words = words(&mail).unwrap();
            assert!(words.text.contains("2:05pm on Friday 1 July 2022"), "{}", words.text);
            assert!(words.html.contains("2:05pm on Friday 1 July 2022"), "{}", words.html);
            if mail.expires().is_some() {
                assert!(words.text.lines().any(|line| line == LINK), "{}", words.text);
                assert!(words.html.contains(&format!("<a href=\"{LINK}\" style=\"color: #005eb8;\">{LINK}</a>")));
            }
            if !matches!(mail, Mail::SignInLink { .. } | Mail::PasswordReset { .. }) {
                assert!(words.text.contains("O'Neil & Sons <FLS>"), "text is not escaped: {}", words.text);
                assert!(words.html.contains("Sons &lt;FLS&gt;"), "HTML is: {}", words.html);
            }
            assert!(!words.html.contains("<FLS>"), "{}", words.html);
            for foreign in ["<img", "<script", "src=", "url(", "{{", "http://"] {
                assert!(!words.html.contains(foreign), "{foreign} in {}", words.html);
            }
            let blank = words.text.contains("\n\n\n") || words.text.starts_with('\n');
            assert!(!blank, "needless empty lines: {:?}", words.text);
        }
    }

    #[test]
    fn a_note_is_quoted_line_by_line_and_left_out_where_there_is_none() {
        let is_section_link = |mail: &Mail| matches!(mail, Mail::SectionLink { .. });
        let mut mail = samples("x").into_iter().find(is_section_link).unwrap();
        let Mail::SectionLink { note, .. } = &mut mail else { panic!("a section link") };
        *note = "Dear Ann,\r\n\r\nthe beds, please.\nUse this link: https://evil.example".into();
        let said = words(&mail).unwrap();
        assert!(said.text.contains("> Dear Ann,\n> \n> the beds, please.\n> Use this link"), "{}", said.text);
        assert!(said.html.contains("Dear Ann,<br><br>the beds, please.<br>Use"), "{}", said.html);
        let Mail::SectionLink { note, .. } = &mut mail else { panic!("a section link") };
        note.clear();
        let said = words(&mail).unwrap();
        assert!(!said.text.contains("writes:") && !said.html.contains("writes:"));
    }

    #[test]
    fn every_template_belongs_to_a_mail() {
        let names: Vec<&str> = samples("x").iter().map(Mail::name).collect();
        assert_eq!(TEMPLATES.iter().map(|(name, ..)| *name).collect::<Vec<_>>(), names);
        for name in names {
            assert_ne!(Mail::label(name), "Mail", "{name} has a label");
        }
    }
}
