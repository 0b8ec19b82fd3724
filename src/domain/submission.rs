//! Submitted versions of a response: what proves one, and how two differ.

use std::collections::BTreeSet;

use sha2::{Digest as _, Sha256};

use super::questionnaire::answer::{Answer, Document};

/// The hash of what was submitted, in hexadecimal: SHA-256 over a line each with the audit year, the service and the
/// version of the questionnaire, and then the answers as canonical JSON. Who printed what can be told from the next by it.
pub fn content_hash(
    year: i32,
    service: &str,
    questionnaire: &str,
    document: &Document,
) -> Result<String, serde_json::Error> {
    let text = format!("{year}\n{service}\n{questionnaire}\n{}", serde_json::to_string(document)?);
    Ok(data_encoding::HEXLOWER.encode(&Sha256::digest(text)))
}

/// An item of which two versions say different things.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The item.
    pub link_id: String,
    /// What the one says; `None` where the item was never touched.
    pub old: Option<Answer>,
    /// What the other says.
    pub new: Option<Answer>,
}

/// The items of which two documents say different things, by name. Who said it when makes no difference.
pub fn differences(old: &Document, new: &Document) -> Vec<Difference> {
    let items: BTreeSet<&String> = old.answers.keys().chain(new.answers.keys()).collect();
    let says = |document: &Document, link_id: &str| {
        document.get(link_id).map(|answer| (answer.entry(), answer.explanation.clone()))
    };
    items
        .into_iter()
        .filter(|link_id| says(old, link_id) != says(new, link_id))
        .map(|link_id| Difference {
            link_id: link_id.clone(),
            old: old.get(link_id).cloned(),
            new: new.get(link_id).cloned(),
        })
        .collect()
}
