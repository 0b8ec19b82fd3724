//! What will go: one table, from which the document marks an operation `deprecated` and every answer of it carries the
//! headers `Deprecation` (RFC 9745) and `Sunset` (RFC 8594). The policy is in `openapi/README.md`.

use chrono::{DateTime, NaiveDate, Utc};
use poem::Response;
use poem::http::{HeaderName, HeaderValue};
use serde_json::{Map, Value};

/// An operation that will go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Deprecated {
    /// Its operation id.
    pub operation: &'static str,
    /// The day on which it was announced.
    pub since: NaiveDate,
    /// The first day on which it may be gone.
    pub sunset: NaiveDate,
    /// The operation to call instead.
    pub instead: &'static str,
}

/// Every operation that will go. None so far.
pub const DEPRECATED: &[Deprecated] = &[];

/// The entry of an operation in a table.
pub fn find<'a>(table: &'a [Deprecated], operation: &str) -> Option<&'a Deprecated> {
    table.iter().find(|deprecated| deprecated.operation == operation)
}

fn midnight(day: NaiveDate) -> DateTime<Utc> {
    day.and_time(chrono::NaiveTime::MIN).and_utc()
}

impl Deprecated {
    /// Says so in an answer.
    pub fn tell(&self, response: &mut Response) {
        let since = format!("@{}", midnight(self.since).timestamp());
        let sunset = midnight(self.sunset).format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        let link = "</api/docs>; rel=\"deprecation\"; type=\"text/html\"".to_owned();
        for (name, value) in [("deprecation", since), ("sunset", sunset), ("link", link)] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                response.headers_mut().append(HeaderName::from_static(name), value);
            }
        }
    }

    /// Says so in the document.
    pub fn mark(&self, operation: &mut Map<String, Value>) {
        operation.insert("deprecated".into(), true.into());
        operation.insert("x-sunset".into(), self.sunset.to_string().into());
        let words =
            format!("Deprecated since {}; it may be gone from {}. Call `{}`.", self.since, self.sunset, self.instead);
        super::annotations::add_paragraph(operation, &words);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_and_the_document_say_when_it_goes() {
        let day = |text: &str| text.parse().unwrap();
        let table =
            [Deprecated { operation: "old", since: day("2026-12-01"), sunset: day("2027-12-01"), instead: "new" }];
        assert_eq!(find(&table, "new"), None);
        let old = find(&table, "old").unwrap();
        let mut response = Response::default();
        old.tell(&mut response);
        let header = |name: &str| response.header(name).unwrap().to_owned();
        assert_eq!(header("deprecation"), "@1796083200");
        assert_eq!(header("sunset"), "Wed, 01 Dec 2027 00:00:00 GMT");
        assert!(header("link").contains("rel=\"deprecation\""));
        let mut operation = Map::new();
        operation.insert("description".into(), "Gets it.".into());
        old.mark(&mut operation);
        assert_eq!(operation["deprecated"], true);
        let description = operation["description"].as_str().unwrap();
        assert!(description.starts_with("Gets it.\n\nDeprecated since 2026-12-01"), "{description}");
    }

    /// The policy: a year between the word and the end, and something to call instead that is there.
    #[test]
    fn the_table_keeps_to_the_policy() {
        for deprecated in DEPRECATED {
            let year = deprecated.since + chrono::Months::new(12);
            assert!(deprecated.sunset >= year, "{}", deprecated.operation);
            assert!(super::super::access::access_of(deprecated.operation).is_some(), "{}", deprecated.operation);
            assert!(super::super::access::access_of(deprecated.instead).is_some(), "{}", deprecated.instead);
        }
    }
}
