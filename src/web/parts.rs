//! Markup of parts of pages that was drawn of late.
//!
//! Each field that somebody leaves is saved and its section shown again, with one question changed: the markup of the
//! others is taken from here. It is a function of the language, the template and what the part is drawn from, and is found
//! by a hash of those, so nothing has to be told that an answer has changed, and nobody is shown another's.

use std::sync::Arc;

use quick_cache::Weighter;
use quick_cache::sync::Cache;
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::errors::PageError;
use crate::locales::Language;

/// Bytes of markup that are kept: the open sections of some hundred services.
const KEPT: u64 = 16 * 1024 * 1024;

/// Parts that fit into that, about.
const PARTS: usize = 4_096;

/// What a part is drawn from, as a hash.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct PartKey([u8; 32]);

impl PartKey {
    /// Of a template in a language, and of everything that its markup depends on.
    pub(super) fn new<T: Serialize>(language: Language, template: &str, content: &T) -> Result<Self, PageError> {
        let read = serde_json::to_vec(&(language.as_str(), template, content));
        let read = read.map_err(|error| PageError::internal(format!("the content of {template}: {error}")))?;
        Ok(Self(Sha256::digest(read).into()))
    }
}

/// A part weighs its bytes, and what finding it again takes.
#[derive(Debug, Clone)]
struct Bytes;

impl Weighter<PartKey, Arc<str>> for Bytes {
    fn weight(&self, _: &PartKey, markup: &Arc<str>) -> u64 {
        u64::try_from(markup.len()).unwrap_or(u64::MAX).saturating_add(100)
    }
}

/// The markup, by what it was drawn from; what is asked for least goes first.
pub(super) struct Parts(Cache<PartKey, Arc<str>, Bytes>);

impl Default for Parts {
    fn default() -> Self {
        Self(Cache::with_weighter(PARTS, KEPT, Bytes))
    }
}

impl Parts {
    /// The markup of a part, drawn if it is not at hand.
    pub(super) fn get(
        &self,
        key: PartKey,
        draw: impl FnOnce() -> Result<String, PageError>,
    ) -> Result<String, PageError> {
        if let Some(markup) = self.0.get(&key) {
            return Ok(markup.to_string());
        }
        let markup = draw()?;
        self.0.insert(key, markup.as_str().into());
        Ok(markup)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_drawn_once_for_each_content_template_and_language() {
        let parts = Parts::default();
        let drawn = std::cell::Cell::new(0);
        let get = |language, template: &str, content: &str| {
            let key = PartKey::new(language, template, &content).unwrap();
            let draw = || {
                drawn.set(drawn.get() + 1);
                Ok(format!("{template} {content} in {language}"))
            };
            parts.get(key, draw).unwrap()
        };
        let (english, welsh) = (Language::English, Language::Welsh);
        let asked = [(english, "item", "4"), (english, "item", "5"), (english, "grid", "4"), (welsh, "item", "4")];
        for _ in 0..3 {
            for (language, template, content) in asked {
                assert_eq!(get(language, template, content), format!("{template} {content} in {language}"));
            }
        }
        assert_eq!(drawn.get(), asked.len());
    }

    #[test]
    fn what_cannot_be_drawn_is_not_kept() {
        let parts = Parts::default();
        let key = PartKey::new(Language::English, "item", &1).unwrap();
        assert!(parts.get(key, || Err(PageError::internal("no"))).is_err());
        assert_eq!(parts.get(key, || Ok("drawn".into())).unwrap(), "drawn");
    }

    #[test]
    fn memory_stays_within_its_bounds() {
        let parts = Parts::default();
        for number in 0..1_000 {
            let key = PartKey::new(Language::English, "item", &number).unwrap();
            parts.get(key, || Ok("x".repeat(100_000))).unwrap();
        }
        assert!(parts.0.weight() <= KEPT && parts.0.len() > 10, "{} in {}", parts.0.weight(), parts.0.len());
    }
}
