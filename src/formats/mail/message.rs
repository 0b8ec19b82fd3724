//! The bytes of a message (RFC 5322), the same each time that the same letter is sent.

use std::time::SystemTime;

use chrono::{DateTime, Utc};
use lettre::Message;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MultiPart, SinglePart};

use super::Words;

/// A mail that is ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The mail's id in the outbox, which makes the message's own.
    pub id: String,
    /// To whom.
    pub to: String,
    /// When it was queued.
    pub queued: DateTime<Utc>,
    /// What it says.
    pub words: Words,
}

/// The message of a letter. Nothing in it depends on when or by whom it is sent, so that a receiver who gets it twice
/// can tell by its Message-ID, and keeps one.
pub fn message(letter: &Letter, from: &Mailbox) -> Result<Message, String> {
    let to = letter.to.parse().map_err(|_| "the recipient's address is no e-mail address".to_owned())?;
    let part = |kind, body: &str| SinglePart::builder().header(kind).body(body.to_owned());
    let bodies = MultiPart::alternative()
        .boundary(format!("part-{}", letter.id))
        .singlepart(part(ContentType::TEXT_PLAIN, &letter.words.text))
        .singlepart(part(ContentType::TEXT_HTML, &letter.words.html));
    Message::builder()
        .message_id(Some(format!("<{}@{}>", letter.id, from.email.domain())))
        .date(SystemTime::from(letter.queued))
        .from(from.clone())
        .to(Mailbox::new(None, to))
        .subject(letter.words.subject)
        // Keeps "out of office" answers away.
        .raw_header(HeaderValue::new(HeaderName::new_from_ascii_str("Auto-Submitted"), "auto-generated".into()))
        .multipart(bodies)
        .map_err(|error| format!("the message cannot be made: {error}"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{at, samples};
    use super::super::words;
    use super::*;
    use crate::domain::mail::Mail;

    fn letter(mail: &Mail, to: &str) -> Letter {
        let id = "0c0ffee0-1111-4222-8333-444455556666".to_owned();
        Letter { id, to: to.into(), queued: at("2022-11-23T19:00:00Z"), words: words(mail).unwrap() }
    }

    fn from() -> Mailbox {
        "Facilities audit <audit@example.org>".parse().unwrap()
    }

    fn headers(message: &Message) -> String {
        let bytes = String::from_utf8(message.formatted()).unwrap();
        bytes.split_once("\r\n\r\n").unwrap().0.to_owned()
    }

    #[test]
    fn a_letter_makes_the_same_message_each_time() {
        for mail in samples("Zoë") {
            let letter = letter(&mail, "ann@example.com");
            let first = message(&letter, &from()).unwrap();
            assert_eq!(first.formatted(), message(&letter, &from()).unwrap().formatted());
            let headers = headers(&first);
            for line in [
                "Message-ID: <0c0ffee0-1111-4222-8333-444455556666@example.org>",
                "Date: Wed, 23 Nov 2022 19:00:00 +0000",
                "From: \"Facilities audit\" <audit@example.org>",
                "To: ann@example.com",
                "Auto-Submitted: auto-generated",
                "MIME-Version: 1.0",
            ] {
                assert!(headers.lines().any(|header| header == line), "{line} is missing in\n{headers}");
            }
        }
    }

    /// Line breaks in names, services, sections and notes make no header, and addresses with them no message.
    #[test]
    fn nobody_writes_headers() {
        let evil = "Ann\r\nBcc: everybody@evil.example\r\n\r\nBuy this\u{85}\u{2028}x\0";
        let plain: Vec<String> = samples("Ann").iter().map(headers_of).collect();
        let injected: Vec<String> = samples(evil).iter().map(headers_of).collect();
        assert_eq!(plain, injected, "the headers depend on nothing that is typed");
        let mail = &samples("Ann")[0];
        for to in [
            "ann@example.com\r\nBcc: x@evil.example",
            "ann@example.com\nBcc:x@evil.example",
            "ann@example.com, x@evil.example",
            "ann@example.com> x",
            "\"a\r\nb\"@example.com",
            "ann",
            "",
        ] {
            message(&letter(mail, to), &from()).unwrap_err();
        }
    }

    fn headers_of(mail: &Mail) -> String {
        headers(&message(&letter(mail, "ann@example.com"), &from()).unwrap())
    }
}
