//! FHIR R4: a questionnaire and a response as resources, out and in. Plain types with the code lists of the
//! specification; what it has no place for is left out, never bent.
//!
//! | Ours | There |
//! |---|---|
//! | section, item | `group`, and an item with the same `linkId` and the printed number as `prefix` |
//! | WTE grid | a `group` of decimals, `staff_in_post/nurse/7` |
//! | not known | an answer without a value, its `data-absent-reason` `asked-unknown` |
//! | unanswered | an item without an answer |
//! | not applicable (not shown) | no item |
//! | not readable | an item without an answer, the text as typed as `originalText` |

pub mod questionnaire;
pub mod response;

use serde::{Deserialize, Serialize};

pub use questionnaire::Questionnaire;
pub use response::QuestionnaireResponse;

/// The media type.
pub const FHIR_JSON: &str = "application/fhir+json";

/// Why a value is absent: <http://hl7.org/fhir/R4/extension-data-absent-reason.html>.
pub(super) const DATA_ABSENT_REASON: &str = "http://hl7.org/fhir/StructureDefinition/data-absent-reason";
/// The code of [`DATA_ABSENT_REASON`] for "not known".
pub(super) const ASKED_UNKNOWN: &str = "asked-unknown";
/// What was typed: <http://hl7.org/fhir/R4/extension-originaltext.html>.
pub(super) const ORIGINAL_TEXT: &str = "http://hl7.org/fhir/StructureDefinition/originalText";
const MIN_VALUE: &str = "http://hl7.org/fhir/StructureDefinition/minValue";
const MAX_VALUE: &str = "http://hl7.org/fhir/StructureDefinition/maxValue";

/// A code of a system.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Coding {
    /// The code system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The code.
    pub code: String,
    /// Its words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
}

/// A business identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identifier {
    /// Whose it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub system: Option<String>,
    /// The identifier.
    pub value: String,
}

/// A reference by identifier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reference {
    /// The identifier.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub identifier: Option<Identifier>,
    /// In words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub display: Option<String>,
}

/// A value of one of the types that are used here; the name of the field says which.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Value {
    /// Yes or no.
    ValueBoolean(bool),
    /// A number with a fraction.
    ValueDecimal(f64),
    /// A whole number.
    ValueInteger(i64),
    /// A day, a month or a year.
    ValueDate(String),
    /// Text.
    ValueString(String),
    /// A code.
    ValueCode(String),
    /// A code of a system.
    ValueCoding(Coding),
}

/// An extension.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Extension {
    /// What it means.
    pub url: String,
    /// Its value.
    #[serde(flatten)]
    pub value: Option<Value>,
}

impl Extension {
    fn new(url: &str, value: Value) -> Self {
        Self { url: url.to_owned(), value: Some(value) }
    }
}

/// The code system of an item's options.
pub(super) fn options_of(canonical: &str, link_id: &str) -> String {
    format!("{canonical}#{link_id}")
}
