//! Two data cuts of a round beside each other, for the audit team.

use poem::web::{Data, Path, Query};
use poem::{Response, handler};
use serde::{Deserialize, Serialize};

use super::Web;
use super::choices::{Choice, Choices};
use super::errors::PageError;
use super::page::Page;
use super::reader::SignedInReader;
use super::rounds::read_year;
use crate::app::App;
use crate::app::cuts::{self, Cut, CutComparison, PartDifference};
use crate::formats::display::{day_and_time, thousands};

/// What the address asks for.
#[derive(Debug, Deserialize)]
pub(super) struct Asked {
    from: Option<String>,
    to: Option<String>,
}

#[derive(Debug, Serialize)]
struct RowView {
    key: String,
    from: String,
    to: String,
}

#[derive(Debug, Serialize)]
struct PartView {
    name: String,
    summary: String,
    rows: Vec<RowView>,
    more: String,
}

#[derive(Debug, Serialize)]
struct ComparisonView {
    year: i32,
    from: Choices,
    to: Choices,
    /// Both were chosen.
    compared: bool,
    same: usize,
    parts: Vec<PartView>,
}

fn count(n: usize) -> String {
    thousands(i64::try_from(n).unwrap_or(i64::MAX))
}

fn part(found: PartDifference) -> PartView {
    let differing = found.added + found.removed + found.changed;
    let shown = |text: Option<String>| text.unwrap_or_else(|| "not there".into());
    let more = differing.saturating_sub(found.rows.len());
    PartView {
        summary: format!(
            "{} rows added, {} removed, {} changed",
            count(found.added),
            count(found.removed),
            count(found.changed)
        ),
        name: found.name,
        rows: found
            .rows
            .into_iter()
            .map(|row| RowView { key: row.key, from: shown(row.from), to: shown(row.to) })
            .collect(),
        more: if more > 0 { format!("And {} more.", count(more)) } else { String::new() },
    }
}

fn choices(name: &'static str, label: &str, cuts: &[Cut], chosen: &str) -> Choices {
    let choice = |cut: &Cut| {
        let note = if cut.note.is_empty() { String::new() } else { format!(": {}", cut.note) };
        Choice::new(&cut.id, &format!("{}{note}", day_and_time(cut.made_at)), chosen)
    };
    Choices::new(name, label, cuts.iter().map(choice).collect(), &[])
}

/// `GET /rounds/{year}/cuts/compare`
#[handler]
pub(super) async fn show(
    Data(web): Data<&Web>,
    reader: SignedInReader,
    Path(year): Path<String>,
    Query(asked): Query<Asked>,
) -> poem::Result<Response> {
    let (who, year) = (reader.who.clone(), read_year(&year)?);
    let given = |id: Option<String>| id.filter(|id| !id.is_empty());
    let (from, to) = (given(asked.from), given(asked.to));
    let work = move |app: &App| {
        let all = cuts::list(app, &who, year)?;
        // Before anything is chosen, the two newest: what has changed since the last one.
        let from = from.or_else(|| all.get(1).map(|cut| cut.id.clone()));
        let to = to.or_else(|| all.first().map(|cut| cut.id.clone()));
        let found: Option<CutComparison> = match (&from, &to) {
            (Some(from), Some(to)) => Some(cuts::compare(app, &who, year, from, to)?),
            _ => None,
        };
        Ok((all, from, to, found))
    };
    let (all, from, to, found) = web.app.run(work).await.map_err(PageError::from)?;
    let view = ComparisonView {
        year,
        from: choices("from", "From", &all, from.as_deref().unwrap_or_default()),
        to: choices("to", "To", &all, to.as_deref().unwrap_or_default()),
        compared: found.is_some(),
        same: found.as_ref().map_or(0, |found| found.same),
        parts: found.map(|found| found.parts.into_iter().map(part).collect()).unwrap_or_default(),
    };
    let title = format!("Compare data cuts of {year}");
    web.page("cut_comparison", &Page::new(&reader.reader, &title, view))
}
