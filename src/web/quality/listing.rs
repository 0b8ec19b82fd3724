//! The queries of a round: of every service for the audit team, of their own for those who answer for one.

use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::{tag, waits_for};
use crate::app::quality::{self, DataQuery};
use crate::app::{App, rounds};
use crate::domain::access::Permission;
use crate::domain::quality::query::{Age, Side};
use crate::domain::round::Round;
use crate::formats::display::{capitalised, day};
use crate::formats::table::{Cell, Column, Table, TableRow};
use crate::web::Web;
use crate::web::costs::csv;
use crate::web::errors::PageError;
use crate::web::forms::address;
use crate::web::page::Page;
use crate::web::reader::SignedInReader;
use crate::web::rounds::read_year;

#[derive(Debug, Serialize)]
struct Row {
    href: String,
    about: String,
    service: String,
    name: String,
    state: &'static str,
    tag: &'static str,
    waits: &'static str,
    due: String,
    overdue: bool,
    days: i64,
    owner: String,
}

impl Row {
    fn new(one: &DataQuery) -> Self {
        let stored = &one.query;
        Self {
            href: format!("/queries/{}", stored.id),
            about: one.about.clone(),
            service: stored.service.clone(),
            name: one.service.name.clone(),
            state: stored.state.label(),
            tag: tag(stored.state),
            waits: waits_for(stored.state),
            due: stored.due_on.map(day).unwrap_or_default(),
            overdue: one.overdue,
            days: one.days,
            owner: capitalised(&one.owner),
        }
    }
}

#[derive(Debug, Serialize)]
struct Filter {
    text: &'static str,
    href: String,
    chosen: bool,
    count: usize,
}

#[derive(Debug, Serialize)]
struct AgeView {
    label: &'static str,
    count: usize,
}

#[derive(Debug, Serialize)]
struct ListView {
    year: i32,
    names: String,
    team: bool,
    all: usize,
    filters: Vec<Filter>,
    ages: Vec<AgeView>,
    rows: Vec<Row>,
    file: String,
}

/// Which of the queries are asked for.
const SHOWN: [(&str, &str); 5] = [
    ("open", "Open"),
    ("team", "Waiting for the audit team"),
    ("service", "Waiting for a service"),
    ("overdue", "Overdue"),
    ("closed", "Closed"),
];

fn is(one: &DataQuery, shown: &str) -> bool {
    let waits = one.query.state.waits_for();
    match shown {
        "team" => waits == Some(Side::Team),
        "service" => waits == Some(Side::Service),
        "overdue" => one.overdue,
        "closed" => waits.is_none(),
        _ => waits.is_some(),
    }
}

/// What the address asks for.
#[derive(Debug, Deserialize)]
pub(in crate::web) struct Asked {
    show: Option<String>,
}

impl Asked {
    /// A word of [`SHOWN`].
    fn shown(&self) -> Result<&'static str, PageError> {
        let asked = self.show.as_deref().unwrap_or("open");
        let found = SHOWN.iter().find(|(word, _)| *word == asked).map(|(word, _)| *word);
        found.ok_or_else(|| PageError::bad_request(format!("There are no queries of the kind {asked:?}.")))
    }
}

async fn load(web: &Web, reader: &SignedInReader, year: i32) -> Result<(Round, Vec<DataQuery>), PageError> {
    let who = reader.who.clone();
    let work = move |app: &App| Ok((rounds::one(app, &who, year)?, quality::list(app, &who, year)?));
    Ok(web.app.run(work).await?)
}

/// `GET /rounds/{year}/queries`
#[handler]
pub(in crate::web) async fn list(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let (year, shown) = (read_year(&year)?, asked.shown()?);
    let (round, found) = load(web, &reader, year).await?;
    let path = format!("/rounds/{year}/queries");
    let filter = |(word, text): (&'static str, &'static str)| Filter {
        text,
        href: address(&path, &[("show", word)]),
        chosen: word == shown,
        count: found.iter().filter(|one| is(one, word)).count(),
    };
    let of_age = |age: Age| AgeView {
        label: age.label(),
        count: found.iter().filter(|one| is(one, "open") && one.age == age).count(),
    };
    let view = ListView {
        year,
        names: capitalised(&round.names()),
        team: reader.who.may_everywhere(Permission::RunRounds),
        all: found.len(),
        filters: SHOWN.into_iter().map(filter).collect(),
        ages: Age::ALL.into_iter().map(of_age).collect(),
        rows: found.iter().filter(|one| is(one, shown)).map(Row::new).collect(),
        file: format!("{path}.csv"),
    };
    let title = format!("Queries of {year}");
    web.page("queries", &Page::new(&reader.reader, &title, view).wide())
}

fn table(year: i32, found: &[DataQuery]) -> Table {
    let row = |one: &DataQuery| {
        let stored = &one.query;
        TableRow {
            own: false,
            cells: vec![
                Cell::text(&stored.id),
                Cell::text(&stored.service),
                Cell::text(stored.subject.to_string()),
                Cell::text(&one.about),
                Cell::text(stored.state.as_str()),
                Cell::text(waits_for(stored.state)),
                Cell::text(&one.owner),
                stored.due_on.map_or_else(|| Cell::missing(""), |due| Cell::text(due.to_string())),
                Cell::text(if one.overdue { "yes" } else { "no" }),
                Cell::count(Some(one.days)),
                Cell::text(stored.opened_at.to_rfc3339()),
            ],
        }
    };
    Table {
        caption: format!("Queries of {year}"),
        columns: vec![
            Column::text("id", "Id"),
            Column::text("service_code", "Service"),
            Column::text("subject", "Subject"),
            Column::text("about", "About"),
            Column::text("state", "State"),
            Column::text("waits_for", "Waits for"),
            Column::text("owner", "Owner"),
            Column::text("due_on", "Due"),
            Column::text("overdue", "Overdue"),
            Column::number("days_open", "Days open"),
            Column::text("opened_at", "Opened"),
        ],
        rows: found.iter().map(row).collect(),
    }
}

/// `GET /rounds/{year}/queries.csv`: all of them.
#[handler]
pub(in crate::web) async fn list_csv(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
) -> poem::Result<Response> {
    let year = read_year(&year)?;
    let (_, found) = load(web, &reader, year).await?;
    Ok(csv(&table(year, &found), &format!("queries-{year}.csv"))?)
}
