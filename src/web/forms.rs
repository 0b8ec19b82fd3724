//! Reading posted forms, and writing addresses with a query.

use std::collections::BTreeMap;

use poem::http::StatusCode;
use poem::{FromRequest, Request, RequestBody};
use serde::Serialize;

use super::errors::PageError;

/// Most bytes that a form may have: the longest section with every text full is far below.
pub(super) const LARGEST: usize = 1024 * 1024;

/// The fields of a posted form; a name may come several times.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(super) struct Posted(BTreeMap<String, Vec<String>>);

impl Posted {
    /// Reads the bytes of a form.
    pub(super) fn read(bytes: &[u8]) -> Self {
        let mut fields: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (name, value) in form_urlencoded::parse(bytes) {
            // Nobody types a zero byte, and PostgreSQL has no text for one.
            fields.entry(name.into_owned()).or_default().push(value.replace('\0', "\u{FFFD}"));
        }
        Self(fields)
    }

    /// A form that holds some fields.
    pub(super) fn of(fields: &[(&str, &str)]) -> Self {
        Self(fields.iter().map(|(name, value)| ((*name).to_owned(), vec![(*value).to_owned()])).collect())
    }

    /// A form of fields that were kept.
    pub(super) fn of_fields(fields: Vec<(String, String)>) -> Self {
        let mut form = Self::default();
        for (name, value) in fields {
            form.0.entry(name).or_default().push(value);
        }
        form
    }

    /// The form without some of its fields.
    pub(super) fn without(mut self, names: &[&str]) -> Self {
        self.0.retain(|name, _| !names.contains(&name.as_str()));
        self
    }

    /// Whether the form has no fields.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether the form has a field.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Takes the fields away whose name has this ending.
    pub(super) fn remove_ending(&mut self, ending: &str) {
        self.0.retain(|name, _| !name.ends_with(ending));
    }

    /// Every field with each of its values.
    pub(super) fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().flat_map(|(name, values)| values.iter().map(move |value| (name.as_str(), value.as_str())))
    }

    /// The first value of a field.
    pub(super) fn first(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.first().map(String::as_str)
    }

    /// Every value of a field.
    pub(super) fn all(&self, name: &str) -> &[String] {
        self.0.get(name).map_or(&[], Vec::as_slice)
    }
}

impl<'a> FromRequest<'a> for Posted {
    async fn from_request(_request: &'a Request, body: &mut RequestBody) -> poem::Result<Self> {
        let bytes = body.take()?.into_bytes_limit(LARGEST).await.map_err(|_| {
            PageError::Said(StatusCode::PAYLOAD_TOO_LARGE, "The form is too large to be read, or broke off.".into())
        })?;
        Ok(Self::read(&bytes))
    }
}

/// An address with a query; empty values are left out.
pub(super) fn address(path: &str, query: &[(&str, &str)]) -> String {
    let mut encoded = form_urlencoded::Serializer::new(String::new());
    for (name, value) in query.iter().filter(|(_, value)| !value.is_empty()) {
        encoded.append_pair(name, value);
    }
    let query = encoded.finish();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_keep_every_value_in_order() {
        let form = Posted::read(b"v.a=1&v.a=%C3%A9+x&b=");
        assert_eq!(form.all("v.a"), ["1", "é x"]);
        assert_eq!((form.first("b"), form.has("c")), (Some(""), false));
        assert!(form.all("c").is_empty());
    }

    #[test]
    fn addresses_leave_out_what_is_empty() {
        assert_eq!(address("/gaps", &[("year", "2021"), ("q", ""), ("area", "A&B")]), "/gaps?year=2021&area=A%26B");
        assert_eq!(address("/gaps", &[]), "/gaps");
    }
}
