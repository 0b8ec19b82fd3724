//! The privacy page, the accessibility statement, the contact page and the one for patients: texts that come with the service and that the audit team edits.

use chrono::{DateTime, Utc};

use super::{App, AppError, authorise, history};
use crate::domain::access::{Permission, Principal};
use crate::domain::history::{Event, Object};
use crate::store;

/// A text that can be edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TextName {
    /// What is kept about people, why and for how long.
    Privacy,
    /// How far the service can be used by everybody.
    Accessibility,
    /// Whom to ask.
    Contact,
    /// What patients and carers want to know.
    Patients,
}

impl TextName {
    /// Every text.
    pub const ALL: [Self; 4] = [Self::Privacy, Self::Accessibility, Self::Contact, Self::Patients];

    /// The word in addresses and storage.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Privacy => "privacy",
            Self::Accessibility => "accessibility",
            Self::Contact => "contact",
            Self::Patients => "patients",
        }
    }

    /// The heading of its page.
    pub fn title(self) -> &'static str {
        match self {
            Self::Privacy => "Privacy",
            Self::Accessibility => "Accessibility statement",
            Self::Contact => "Contact the audit team",
            Self::Patients => "For patients and carers",
        }
    }

    /// The text of that word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|name| name.as_str() == word)
    }
}

/// A text as it stands: paragraphs, parted by empty lines; lines that begin with `# ` are headings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Text {
    /// The words.
    pub body: String,
    /// When it was last edited; `None` while it is the one that comes with the service.
    pub edited_at: Option<DateTime<Utc>>,
}

/// Characters that a text may have at the most.
const LONGEST: usize = 50_000;

/// A text, for anybody.
pub fn read(app: &App, name: TextName) -> Result<Text, AppError> {
    let stored = app.read(|conn| Ok(store::texts::find(conn, name.as_str())?))?;
    if let Some((body, at)) = stored {
        return Ok(Text { body, edited_at: Some(at) });
    }
    let body = match name {
        TextName::Privacy => &app.reference().texts.privacy,
        TextName::Accessibility => &app.reference().texts.accessibility,
        TextName::Contact => &app.reference().texts.contact,
        TextName::Patients => &app.reference().texts.patients,
    };
    Ok(Text { body: body.clone(), edited_at: None })
}

/// Edits a text.
pub fn edit(app: &App, who: &Principal, name: TextName, body: &str) -> Result<(), AppError> {
    authorise(who, Permission::EditTexts, Permission::EditTexts.words())?;
    let body = body.replace("\r\n", "\n").trim().to_owned();
    if body.is_empty() {
        return Err(AppError::invalid("body", "empty", "The page needs some text."));
    }
    if body.chars().count() > LONGEST {
        let message = format!("The text has more than {LONGEST} characters; make it shorter.");
        return Err(AppError::invalid("body", "too_long", message));
    }
    app.write(|conn| {
        let before = store::texts::find(conn, name.as_str())?.map(|(body, _)| body);
        if before.as_ref() == Some(&body) {
            return Ok(());
        }
        store::texts::set(conn, name.as_str(), &body, app.now())?;
        let event = Event { action: "edited", old: before, new: Some(body.clone()), ..Event::default() };
        history::record(app, conn, who, &Object::Text(name.as_str().into()), vec![event])
    })
}
