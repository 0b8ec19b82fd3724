//! The words of pages, mails and workbooks in every language: a message catalogue in Project Fluent's format, a file a page group
//! in `en/` and `cy/`.
//!
//! English is complete; what another language lacks is shown in English, and [`coverage`] lists it. A message may hold
//! markup where a template alone uses it: templates print a message as it is, with its arguments escaped.

mod coverage;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::LazyLock;

use chrono::{DateTime, Datelike as _, NaiveDate, Timelike as _, Utc};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource};
use rust_embed::RustEmbed;
use unic_langid::LanguageIdentifier;

pub use self::coverage::{Coverage, coverage};
use crate::domain::cut::CutQuote;
pub use crate::domain::language::Language;
use crate::domain::report::{Phrase, Said};
pub use fluent_bundle::FluentValue as Value;

#[derive(RustEmbed)]
#[folder = "src/locales"]
#[include = "*/*.ftl"]
struct Files;

type Bundle = FluentBundle<FluentResource>;

/// A catalogue a language, in the order of [`Language::ALL`]. They are part of the program: a message that cannot be
/// read is a bug, which the tests find.
static CATALOGUES: LazyLock<Vec<(Language, Bundle)>> =
    LazyLock::new(|| Language::ALL.into_iter().map(|language| (language, bundle(language))).collect());

/// The files of a language: name and text.
fn files(language: Language) -> impl Iterator<Item = (String, String)> {
    let folder = format!("{language}/");
    Files::iter().filter(move |path| path.starts_with(&folder)).filter_map(|path| {
        let text = String::from_utf8(Files::get(&path)?.data.into_owned()).ok()?;
        Some((path.into_owned(), text))
    })
}

fn bundle(language: Language) -> Bundle {
    let locale: LanguageIdentifier = language.as_str().parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![locale]);
    // Both are written from left to right, so nothing has to be kept apart.
    bundle.set_use_isolating(false);
    for (path, text) in files(language) {
        let resource = FluentResource::try_new(text).unwrap_or_else(|(read, errors)| {
            tracing::error!(path, ?errors, "a catalogue has mistakes");
            read
        });
        if let Err(errors) = bundle.add_resource(resource) {
            tracing::error!(path, ?errors, "a catalogue says something twice");
        }
    }
    bundle
}

/// The texts that the program says in English.
const LABELS: &str = "en/labels.ftl";

/// The key of a message by its English text, of messages without arguments. Where two say the same in English, what
/// `labels` says counts.
static BY_ENGLISH: LazyLock<HashMap<String, String>> = LazyLock::new(|| {
    let mut files: Vec<(String, String)> = files(Language::English).collect();
    files.sort_by(|(one, _), (other, _)| (one == LABELS, one).cmp(&(other == LABELS, other)));
    let messages = files.into_iter().flat_map(|(_, text)| coverage::messages(text));
    messages.filter(|message| message.variables.is_empty()).map(|message| (message.says, message.key)).collect()
});

/// The words of one language.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Words(Language);

impl Words {
    /// The words of a language.
    pub fn new(language: Language) -> Self {
        Self(language)
    }

    /// The language.
    pub fn language(self) -> Language {
        self.0
    }

    /// A message without arguments.
    pub fn t(self, key: &str) -> Cow<'static, str> {
        self.formatted(key, None)
    }

    /// A message with arguments: numbers choose the plural.
    pub fn with(self, key: &str, arguments: &[(&str, Value<'_>)]) -> String {
        let arguments: FluentArgs<'_> = arguments.iter().map(|(name, value)| (*name, value.clone())).collect();
        self.formatted(key, Some(&arguments)).into_owned()
    }

    /// What this language has for a text that the program says in English: a label, a state, a sentence. `None` where
    /// it has nothing, so that whoever shows the English can say that it is English.
    pub fn say(self, english: &str) -> Option<Cow<'static, str>> {
        if self.0 == Language::English {
            return None;
        }
        let key = BY_ENGLISH.get(english)?;
        let (_, bundle) = CATALOGUES.iter().find(|(language, _)| *language == self.0)?;
        let pattern = bundle.get_message(key)?.value()?;
        Some(bundle.format_pattern(pattern, None, &mut Vec::new()))
    }

    /// The same with the English where this language has nothing, for what cannot be marked as English.
    pub fn said(self, english: &str) -> Cow<'_, str> {
        self.say(english).unwrap_or(Cow::Borrowed(english))
    }

    /// A message with arguments as Fluent takes them. What this language lacks is said in English.
    pub fn formatted(self, key: &str, arguments: Option<&FluentArgs<'_>>) -> Cow<'static, str> {
        let own = CATALOGUES.iter().filter(|(language, _)| *language == self.0);
        let english = CATALOGUES.iter().take(1);
        let found = own.chain(english).find_map(|(_, bundle)| {
            let pattern = bundle.get_message(key)?.value()?;
            let mut errors = Vec::new();
            let text = bundle.format_pattern(pattern, arguments, &mut errors);
            if !errors.is_empty() {
                tracing::error!(key, ?errors, "a message could not be put together");
            }
            Some(text)
        });
        found.unwrap_or_else(|| {
            tracing::error!(key, "there is no such message");
            Cow::Owned(key.to_owned())
        })
    }

    /// A sentence with the figures that stand in it.
    pub fn phrase(self, said: &Phrase) -> String {
        let value = |argument: &Said| match argument {
            Said::Count(number) => Value::from(i64::try_from(*number).unwrap_or(i64::MAX)),
            Said::Text(text) => Value::from(text.clone()),
            Said::Named(text) => Value::from(self.said(text).into_owned()),
            Said::Day(day) => Value::from(self.day(*day)),
            Said::Part(part) => Value::from(self.phrase(part)),
        };
        let arguments: Vec<(&str, Value<'_>)> =
            said.arguments.iter().map(|(name, argument)| (*name, value(argument))).collect();
        self.with(said.key, &arguments)
    }

    /// The sentence by which results quote a data cut.
    pub fn data_cut(self, cut: &CutQuote) -> String {
        let made = self.day(cut.made_at.date_naive());
        self.with(
            "data-cut",
            &[("id", cut.id.as_str().into()), ("day", made.into()), ("hash", cut.hash.as_str().into())],
        )
    }

    /// `1 April 2022`. The day before all days, which a geography without any dated area has, is not stated.
    pub fn day(self, date: NaiveDate) -> String {
        if date == NaiveDate::MIN {
            return self.t("date-not-stated").into_owned();
        }
        format!("{} {} {}", date.day(), self.t(&format!("month-{}", date.month())), date.year())
    }

    /// `23 November 2022 at 14:05`, by the clocks of the United Kingdom.
    pub fn moment(self, at: DateTime<Utc>) -> String {
        let at = at.with_timezone(&chrono_tz::Europe::London);
        let time = format!("{:02}:{:02}", at.hour(), at.minute());
        self.with("date-moment", &[("day", self.day(at.date_naive()).into()), ("time", time.into())])
    }

    /// `23 November 2022 at 14:05 (UTC)`
    pub fn day_and_time(self, at: DateTime<Utc>) -> String {
        let time = format!("{:02}:{:02}", at.hour(), at.minute());
        self.with("date-day-and-time", &[("day", self.day(at.date_naive()).into()), ("time", time.into())])
    }
}
