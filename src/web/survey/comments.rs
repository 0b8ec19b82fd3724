//! Comment threads on items: of a response, of one item, and of a round for the audit team.

use poem::http::StatusCode;
use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use crate::app::comments::{self, LONGEST, Thread};
use crate::app::error::InputProblem;
use crate::app::{App, AppError, rounds};
use crate::formats::display::{capitalised, day_and_time};
use crate::web::Web;
use crate::web::errors::PageError;
use crate::web::fields::{Field, Form};
use crate::web::forms::Posted;
use crate::web::page::Page;
use crate::web::reader::SignedInReader;
use crate::web::rounds::read_year;
use crate::web::sign_in::redirect;

#[derive(Debug, Serialize)]
struct CommentView {
    author: String,
    from_team: bool,
    at: String,
    lines: Vec<String>,
}

#[derive(Debug, Serialize)]
struct ThreadView {
    service: String,
    service_name: String,
    question: String,
    href: String,
    item_href: String,
    waits: bool,
    count: usize,
    last_at: String,
    last_by: String,
    comments: Vec<CommentView>,
}

impl ThreadView {
    fn new(thread: &Thread) -> Self {
        let base = format!("/survey/{}/{}", thread.year, thread.service.code);
        let last = thread.comments.last();
        let view = |comment: &comments::NamedComment| CommentView {
            author: capitalised(&comment.author),
            from_team: comment.from_team,
            at: day_and_time(comment.at),
            lines: comment.body.lines().map(ToOwned::to_owned).collect(),
        };
        Self {
            service: thread.service.code.clone(),
            service_name: thread.service.name.clone(),
            question: format!("{} {}", thread.number, thread.question),
            href: format!("{base}/comments/{}", thread.link_id),
            item_href: format!("{base}/{}#item-{}", thread.section, thread.link_id),
            waits: thread.waits_for_team(),
            count: thread.comments.len(),
            last_at: last.map(|comment| day_and_time(comment.at)).unwrap_or_default(),
            last_by: last.map(|comment| capitalised(&comment.author)).unwrap_or_default(),
            comments: thread.comments.iter().map(view).collect(),
        }
    }
}

#[derive(Debug, Serialize)]
struct ThreadsView {
    /// The service that they are of; empty where they are of several.
    service: String,
    /// The round that they are of.
    names: String,
    back: String,
    of_round: bool,
    waiting: usize,
    threads: Vec<ThreadView>,
}

/// `GET /survey/{year}/{service}/comments`
#[handler]
pub(in crate::web) async fn comment_threads(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service)): Path<(String, String)>,
) -> poem::Result<Response> {
    let number = read_year(&year)?;
    let (who, code) = (reader.who.clone(), service.clone());
    let found = web.app.run(move |app| comments::of_response(app, &who, number, &code)).await;
    let threads: Vec<ThreadView> = found.map_err(PageError::from)?.iter().map(ThreadView::new).collect();
    let content = ThreadsView {
        service: service.clone(),
        names: String::new(),
        back: format!("/survey/{number}/{service}"),
        of_round: false,
        waiting: threads.iter().filter(|thread| thread.waits).count(),
        threads,
    };
    let title = format!("Comments of {service}, audit year {number}");
    web.page("comment_threads", &Page::new(&reader.reader, &title, content))
}

/// `GET /rounds/{year}/comments`: for the audit team.
#[handler]
pub(in crate::web) async fn comment_threads_of_round(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
) -> poem::Result<Response> {
    let number = read_year(&year)?;
    let who = reader.who.clone();
    let work = move |app: &App| Ok((rounds::one(app, &who, number)?, comments::of_round(app, &who, number)?));
    let (round, found) = web.app.run(work).await.map_err(PageError::from)?;
    let threads: Vec<ThreadView> = found.iter().map(ThreadView::new).collect();
    let content = ThreadsView {
        service: String::new(),
        names: round.names(),
        back: format!("/rounds/{number}"),
        of_round: true,
        waiting: threads.iter().filter(|thread| thread.waits).count(),
        threads,
    };
    let title = format!("Comments, audit year {number}");
    web.page("comment_threads", &Page::new(&reader.reader, &title, content))
}

#[derive(Debug, Serialize)]
struct OneThreadView {
    thread: ThreadView,
    back: String,
    notice: &'static str,
    form: Form,
}

fn thread_page(
    web: &Web,
    reader: &SignedInReader,
    thread: &Thread,
    notice: &'static str,
    body: &str,
    problems: &[InputProblem],
) -> poem::Result<Response> {
    let hint =
        format!("The audit team and the people of the service read it. Name no patients. Up to {LONGEST} characters.");
    let field = Field::lines("body", "Your comment", 5).hint(hint).value(body);
    let wrong = !problems.is_empty();
    let content = OneThreadView {
        back: format!("/survey/{}/{}/comments", thread.year, thread.service.code),
        thread: ThreadView::new(thread),
        notice,
        form: Form::new([field]).refused(problems),
    };
    let status = if wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = format!("Comments on {} of {}", thread.number, thread.service.code);
    let page = Page::new(&reader.reader, &title, content).with_errors(wrong).with_form(true);
    web.page_with(status, "comment_thread", &page)
}

/// What the address may say besides.
#[derive(Debug, Default, Deserialize)]
struct ThreadQuery {
    sent: Option<String>,
}

/// `GET /survey/{year}/{service}/comments/{item}`
#[handler]
pub(in crate::web) async fn comment_thread(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service, item)): Path<(String, String, String)>,
    Query(query): Query<ThreadQuery>,
) -> poem::Result<Response> {
    let number = read_year(&year)?;
    let who = reader.who.clone();
    let found = web.app.run(move |app| comments::thread(app, &who, number, &service, &item)).await;
    let notice = if query.sent.is_some() { "Your comment was sent." } else { "" };
    thread_page(web, &reader, &found.map_err(PageError::from)?, notice, "", &[])
}

/// `POST /survey/{year}/{service}/comments/{item}`
#[handler]
pub(in crate::web) async fn send_comment(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path((year, service, item)): Path<(String, String, String)>,
    form: Posted,
) -> poem::Result<Response> {
    let number = read_year(&year)?;
    let body = form.first("body").unwrap_or_default().to_owned();
    let (who, code, link_id, text) = (reader.who.clone(), service.clone(), item.clone(), body.clone());
    match web.app.run(move |app| comments::write(app, &who, number, &code, &link_id, &text)).await {
        Ok(_) => Ok(redirect(&format!("/survey/{number}/{service}/comments/{item}?sent=yes")).finish()),
        Err(AppError::Invalid(problems)) => {
            let who = reader.who.clone();
            let found = web.app.run(move |app| comments::thread(app, &who, number, &service, &item)).await;
            thread_page(web, &reader, &found.map_err(PageError::from)?, "", &body, &problems)
        }
        Err(error) => Err(PageError::from(error).into()),
    }
}
