//! Where somebody goes once they have signed in: the page that they asked for. It comes back to us from addresses and
//! forms, which anybody can write, so that nothing but a path of our own is taken.

use poem::Request;
use poem::http::{Method, header};
use serde::{Deserialize, Serialize};

use crate::web::forms::{Posted, address};

/// Characters of the longest path that is carried along.
const LONGEST: usize = 1_000;

/// The path of one of our pages; empty where none was asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(in crate::web) struct Next(String);

/// The part of an address that carries it.
#[derive(Debug, Default, Deserialize)]
pub(in crate::web) struct NextQuery {
    next: Option<String>,
}

impl NextQuery {
    /// Where the address says to go.
    pub(in crate::web) fn next(&self) -> Next {
        Next::read(self.next.as_deref().unwrap_or_default())
    }
}

impl Next {
    /// A path, if it is one of ours: browsers take `//host` and `/\host` for other sites, and leave control characters
    /// out before they look. The pages of signing in itself lead nowhere.
    pub(in crate::web) fn read(text: &str) -> Self {
        let leads_on = text != "/" && !text.starts_with("/sign-") && !text.starts_with("/language");
        Self(if Self::is_own(text) && leads_on { text.to_owned() } else { String::new() })
    }

    /// Whether an address is a path of one of our own pages.
    pub(in crate::web) fn is_own(text: &str) -> bool {
        let mut bytes = text.bytes();
        bytes.next() == Some(b'/')
            && bytes.next() != Some(b'/')
            && text.len() <= LONGEST
            && text.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\')
    }

    /// The address of the page that a request came from or is for, whatever it is; home where that is not known.
    pub(in crate::web) fn here(request: &Request) -> String {
        let here = asked_page(request).filter(|path| Self::is_own(path) && !path.starts_with("/language"));
        here.unwrap_or("/").to_owned()
    }

    /// Where a form says to go.
    pub(in crate::web) fn of_form(form: &Posted) -> Self {
        Self::read(form.first("next").unwrap_or_default())
    }

    /// The page that a request is for; for a form, the page that it stands on.
    pub(in crate::web) fn wanted(request: &Request) -> Self {
        Self::read(asked_page(request).unwrap_or_default())
    }

    /// The path, if there is one.
    pub(in crate::web) fn path(&self) -> Option<&str> {
        Some(self.0.as_str()).filter(|path| !path.is_empty())
    }

    /// The path, or the home page.
    pub(in crate::web) fn or_home(&self) -> &str {
        self.path().unwrap_or("/")
    }

    /// The address of a page that goes on to carry it.
    pub(in crate::web) fn by_way_of(&self, page: &str) -> String {
        address(page, &[("next", &self.0)])
    }
}

/// The page that a request is for; for a form, the page that it stands on.
fn asked_page(request: &Request) -> Option<&str> {
    if request.method() == Method::GET {
        return request.original_uri().path_and_query().map(poem::http::uri::PathAndQuery::as_str);
    }
    let (_, rest) = request.header(header::REFERER)?.split_once("://")?;
    rest.get(rest.find('/')?..)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_paths_of_our_own_are_taken() {
        for path in ["/gaps?year=2021&q=a%20b#x", "/survey/2022/FLS012", "/account"] {
            assert_eq!(Next::read(path).path(), Some(path));
        }
        let long = format!("/{}", "x".repeat(LONGEST));
        for foreign in [
            "",
            "/",
            "gaps",
            "https://evil.example",
            "//evil.example",
            "///evil.example",
            "/\\evil.example",
            "/x\\evil.example",
            "\\\\evil.example",
            "/\t/evil.example",
            "/\n/evil.example",
            " /gaps",
            "/gaps\r\nSet-Cookie: x=y",
            "/gaps\0",
            "/é",
            "javascript:alert(1)",
            "/sign-in?next=/sign-in",
            "/sign-out",
            &long,
        ] {
            assert_eq!(Next::read(foreign).path(), None, "{foreign:?}");
        }
    }

    #[test]
    fn a_form_leads_back_to_its_page() {
        let post = Request::builder().method(Method::POST).uri_str("/survey/2022/FLS012/staffing");
        let sent = post.header("referer", "https://audit.example:8080/survey/2022/FLS012/staffing?saved=yes").finish();
        assert_eq!(Next::wanted(&sent).path(), Some("/survey/2022/FLS012/staffing?saved=yes"));
        assert_eq!(Next::wanted(&Request::builder().method(Method::POST).finish()).path(), None);
        let next = Next::read("/gaps?year=2021");
        assert_eq!(next.by_way_of("/sign-in/code"), "/sign-in/code?next=%2Fgaps%3Fyear%3D2021");
        assert_eq!(Next::default().by_way_of("/sign-in/code"), "/sign-in/code");
    }
}
