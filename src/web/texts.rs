//! The privacy page, the accessibility statement and the contact page: for anybody to read, for the audit team to edit.

use poem::http::StatusCode;
use poem::web::{Data, Path};
use poem::{Response, handler};
use serde::Serialize;

use super::Web;
use super::errors::PageError;
use super::fields::{Field, Form};
use super::forms::Posted;
use super::page::Page;
use super::reader::{Reader, SignedInReader};
use super::sign_in::redirect;
use crate::app::AppError;
use crate::app::error::InputProblem;
use crate::app::texts::{self, TextName};
use crate::domain::access::Permission;
use crate::formats::display::day;

/// A part of a text: a heading, or a paragraph as its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(super) struct Block {
    heading: String,
    lines: Vec<String>,
}

/// The parts of a text: paragraphs are parted by empty lines, and lines that begin with `# ` are headings.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let mut open = false;
    for line in text.lines().map(str::trim) {
        if let Some(heading) = line.strip_prefix("# ") {
            blocks.push(Block { heading: heading.trim().to_owned(), lines: Vec::new() });
            open = false;
        } else if line.is_empty() {
            open = false;
        } else if let Some(last) = blocks.last_mut().filter(|_| open) {
            last.lines.push(line.to_owned());
        } else {
            blocks.push(Block { heading: String::new(), lines: vec![line.to_owned()] });
            open = true;
        }
    }
    blocks
}

#[derive(Debug, Serialize)]
struct TextView {
    title: &'static str,
    blocks: Vec<Block>,
    edited: String,
    /// The audit team's e-mail address, on the contact page, where one is set.
    address: String,
    /// Where the reader may edit it; empty where they may not.
    edit: String,
}

async fn show(web: &Web, reader: &Reader, name: TextName) -> poem::Result<Response> {
    let text = web.app.run(move |app| texts::read(app, name)).await.map_err(PageError::from)?;
    let may_edit = reader.principal.as_ref().is_some_and(|who| who.may_everywhere(Permission::EditTexts));
    let view = TextView {
        title: name.title(),
        blocks: blocks(&text.body),
        edited: text.edited_at.map(|at| day(at.date_naive())).unwrap_or_default(),
        address: match name {
            TextName::Contact => web.app.settings().contact.clone().unwrap_or_default(),
            TextName::Privacy | TextName::Accessibility | TextName::Patients => String::new(),
        },
        edit: if may_edit { format!("/texts/{}/edit", name.as_str()) } else { String::new() },
    };
    web.page("text", &Page::new(reader, name.title(), view))
}

/// `GET /privacy`
#[handler]
pub(super) async fn privacy(Data(web): Data<&Web>, reader: &Reader) -> poem::Result<Response> {
    show(web, reader, TextName::Privacy).await
}

/// `GET /accessibility`
#[handler]
pub(super) async fn accessibility(Data(web): Data<&Web>, reader: &Reader) -> poem::Result<Response> {
    show(web, reader, TextName::Accessibility).await
}

/// `GET /contact`
#[handler]
pub(super) async fn contact(Data(web): Data<&Web>, reader: &Reader) -> poem::Result<Response> {
    show(web, reader, TextName::Contact).await
}

#[derive(Debug, Serialize)]
struct EditView {
    form: Form,
    title: &'static str,
    page: String,
    action: String,
    preview: Option<Vec<Block>>,
}

fn named(word: &str) -> Result<TextName, PageError> {
    TextName::parse(word).ok_or_else(|| {
        let there: Vec<&str> = TextName::ALL.into_iter().map(TextName::as_str).collect();
        PageError::not_found(format!("There is no text {word:?}. The texts are: {}.", there.join(", ")))
    })
}

fn editor(
    web: &Web,
    reader: &SignedInReader,
    name: TextName,
    body: &str,
    preview: bool,
    problems: &[InputProblem],
) -> poem::Result<Response> {
    let hint = "An empty line begins a new paragraph. A line that begins with # and a space is a heading.";
    let field = Field::lines("body", "Text", 24).hint(hint).value(body);
    let wrong = !problems.is_empty();
    let view = EditView {
        form: Form::new([field]).refused(problems),
        title: name.title(),
        page: format!("/{}", name.as_str()),
        action: format!("/texts/{}/edit", name.as_str()),
        preview: preview.then(|| blocks(body)),
    };
    let title = format!("Edit: {}", name.title());
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    web.page_with(status, "text_edit", &Page::new(&reader.reader, &title, view).with_errors(wrong).with_form(true))
}

/// `GET /texts/{name}/edit`
#[handler]
pub(super) async fn edit_page(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(name): Path<String>,
) -> poem::Result<Response> {
    let name = named(&name)?;
    let text = web.app.run(move |app| texts::read(app, name)).await.map_err(PageError::from)?;
    editor(web, &reader, name, &text.body, false, &[])
}

/// `POST /texts/{name}/edit`: shows what the text would look like, or keeps it.
#[handler]
pub(super) async fn edit(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(name): Path<String>,
    form: Posted,
) -> poem::Result<Response> {
    let name = named(&name)?;
    let body = form.first("body").unwrap_or_default().to_owned();
    if form.first("then") == Some("preview") {
        return editor(web, &reader, name, &body, true, &[]);
    }
    let (who, text) = (reader.who.clone(), body.clone());
    match web.app.run(move |app| texts::edit(app, &who, name, &text)).await {
        Ok(()) => Ok(redirect(&format!("/{}", name.as_str())).finish()),
        Err(AppError::Invalid(found)) => editor(web, &reader, name, &body, false, &found),
        Err(error) => Err(PageError::from(error).into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_have_headings_and_paragraphs() {
        let found = blocks("# One\r\nfirst\r\nsecond\r\n\r\n\r\nthird\n# Two\n#no heading");
        let plain: Vec<(&str, Vec<&str>)> = found
            .iter()
            .map(|block| (block.heading.as_str(), block.lines.iter().map(String::as_str).collect()))
            .collect();
        let expected = [
            ("One", vec![]),
            ("", vec!["first", "second"]),
            ("", vec!["third"]),
            ("Two", vec![]),
            ("", vec!["#no heading"]),
        ];
        assert_eq!(plain, expected);
    }
}
