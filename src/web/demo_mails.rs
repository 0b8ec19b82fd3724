//! The mails of the demo, which are shown instead of sent.

use poem::http::header;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Serialize;

use super::Web;
use super::errors::PageError;
use super::page::Page;
use super::reader::Reader;
use crate::app::mails::{self, DemoMail};
use crate::formats::display::day_and_time;

/// The HTML of a mail is another document than our pages: it has its styles within, and nothing else. The sandbox makes
/// it a stranger to the pages; a browser shows no sandboxed document that also asks for an opener's isolation.
const MAIL_HEADERS: [(&str, &str); 2] = [
    (
        "content-security-policy",
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; \
         sandbox",
    ),
    ("cross-origin-opener-policy", "unsafe-none"),
];

#[derive(Debug, Serialize)]
struct MailLink {
    href: String,
    subject: &'static str,
    recipient: String,
    queued: String,
}

#[derive(Debug, Serialize)]
struct ListView {
    mails: Vec<MailLink>,
}

/// A line of a mail's text.
#[derive(Debug, Serialize)]
struct LineView {
    text: String,
    is_link: bool,
}

#[derive(Debug, Serialize)]
struct MailView {
    #[serde(flatten)]
    mail: MailLink,
    html: String,
    lines: Vec<LineView>,
}

fn link(mail: &DemoMail) -> MailLink {
    MailLink {
        href: format!("/demo/mails/{}", mail.line.id),
        subject: mail.words.subject,
        recipient: mail.line.recipient.clone().unwrap_or_else(|| "erased".into()),
        queued: day_and_time(mail.line.queued),
    }
}

/// `GET /demo/mails`
#[handler]
pub(super) async fn list(Data(web): Data<&Web>, reader: &Reader) -> poem::Result<Response> {
    let mails = web.app.run(mails::of_demo).await.map_err(PageError::from)?;
    let view = ListView { mails: mails.iter().map(link).collect() };
    web.page("demo_mails", &Page::new(reader, "Mails of the demonstration", view))
}

async fn read(web: &Web, id: String) -> Result<DemoMail, PageError> {
    Ok(web.app.run(move |app| mails::one_of_demo(app, &id)).await?)
}

/// `GET /demo/mails/{id}`: the text.
#[handler]
pub(super) async fn text(Data(web): Data<&Web>, reader: &Reader, Path(id): Path<String>) -> poem::Result<Response> {
    let mail = read(web, id).await?;
    let line = |text: &str| LineView { is_link: text.starts_with("http"), text: text.to_owned() };
    let mail = MailView {
        html: format!("/demo/mails/{}/html", mail.line.id),
        lines: mail.words.text.trim_end().lines().map(line).collect(),
        mail: link(&mail),
    };
    web.page("demo_mail", &Page::new(reader, mail.mail.subject, &mail))
}

/// `GET /demo/mails/{id}/html`: the HTML, as a mail program shows it.
#[handler]
pub(super) async fn html(Data(web): Data<&Web>, Path(id): Path<String>) -> poem::Result<Response> {
    let mail = read(web, id).await?;
    let response = Response::builder()
        .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
        .header(header::CACHE_CONTROL, "no-store");
    let response = MAIL_HEADERS.iter().fold(response, |response, (name, value)| response.header(*name, *value));
    Ok(response.body(mail.words.html))
}
