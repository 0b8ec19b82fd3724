//! What is not translated yet: the messages of pages and mails, and the texts of every questionnaire.

use super::{App, AppError, authorise};
use crate::domain::access::{Permission, Principal};
use crate::domain::questionnaire::translation::Translation;
use crate::domain::reference::Reference;
use crate::locales::{Language, coverage};

/// Texts that belong together: a file of the message catalogue, or a questionnaire.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// The file of the catalogue, such as `sign-in`, or the version of the questionnaire.
    pub name: String,
    /// It is a questionnaire.
    pub is_questionnaire: bool,
    /// How many texts there are.
    pub texts: usize,
    /// Those that are missing: where each stands (a key, a link_id, a rule's code), and what it says in English.
    pub missing: Vec<(String, String)>,
}

impl Part {
    /// How many texts have been translated.
    pub fn translated(&self) -> usize {
        self.texts - self.missing.len()
    }
}

/// How far a language has come: the message catalogue in one part, then each questionnaire, the newest first.
pub fn report(reference: &Reference, language: Language) -> Vec<Part> {
    let catalogue = coverage(language);
    let messages = catalogue.missing.into_iter().flat_map(|(file, messages)| {
        messages.into_iter().map(move |message| (format!("{file}: {}", message.key), message.says))
    });
    let pages =
        Part { name: "pages".into(), is_questionnaire: false, texts: catalogue.messages, missing: messages.collect() };
    let nothing = Translation::default();
    let translation = reference.translations.get(&language).unwrap_or(&nothing);
    let questionnaires = reference.questionnaires.iter().rev().map(|(version, questionnaire)| {
        let found = translation.coverage(questionnaire);
        let missing = found.missing.iter().map(|text| (text.of.to_owned(), text.english.to_owned()));
        Part { name: version.clone(), is_questionnaire: true, texts: found.texts, missing: missing.collect() }
    });
    std::iter::once(pages).chain(questionnaires).collect()
}

/// The same, for those who edit texts.
pub fn of(app: &App, who: &Principal, language: Language) -> Result<Vec<Part>, AppError> {
    authorise(who, Permission::EditTexts, "see what is not translated; the audit team can")?;
    Ok(report(app.reference(), language))
}
