use std::collections::BTreeSet;
use std::error::Error;
use std::num::NonZeroU64;

use futures_util::TryStreamExt as _;
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};

use crate::client::types::{
    AnswerChange, AnswerPatch, AnswerStatus, Count, CountsPut, GapRow, NewPost, Problem, ScenarioPlan, StaffRole,
};
use crate::client::{Client, Error as Refusal};

type Outcome<T> = Result<T, Box<dyn Error>>;

/// A warehouse's year against a service at `base` (`…/api/v1`); says what was done.
pub async fn year(base: &str, key: &str) -> Outcome<String> {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, HeaderValue::try_from(format!("Bearer {key}"))?);
    let http = reqwest::Client::builder().default_headers(headers).build()?;
    let client = Client::new_with_client(base, http);

    let (rows, pages) = gaps_over_several_pages(&client).await?;
    change_through_a_conflict(&client).await?;
    counts_with_a_bad_row(&client).await?;

    let benchmark = client.get_benchmark().kpi(NonZeroU64::MIN.saturating_add(3)).year(2021).send().await?.into_inner();
    holds(benchmark.national.denominator > Some(0.0) && !benchmark.items.is_empty(), &benchmark)?;
    let associations = client.get_associations().year(2021).send().await?.into_inner();
    holds(!associations.items.is_empty(), &associations)?;

    let post = NewPost::builder().role(StaffRole::Nurse).band("7").wte(1.0).start_year(1).start_month(4);
    let post: NewPost = post.try_into()?;
    let plan = ScenarioPlan::builder().year(2021).years(3).service("FLS012".to_owned()).posts(vec![post]);
    let outcome = client.preview_scenario().body(plan).send().await?.into_inner();
    holds(!outcome.years.is_empty(), &outcome)?;

    let workbook = client.download_staffing_gaps().year(2021).send().await?.into_inner();
    let bytes: Vec<u8> = workbook
        .into_inner()
        .try_fold(Vec::new(), |mut all, part| async move {
            all.extend_from_slice(&part);
            Ok(all)
        })
        .await?;
    holds(bytes.starts_with(b"PK"), &bytes.len())?;
    let (rows, bytes) = (rows.len(), bytes.len());
    Ok(format!("rust: {rows} rows over {pages} pages, a conflict, a bad row, a workbook of {bytes} bytes"))
}

async fn gaps_over_several_pages(client: &Client) -> Outcome<(Vec<GapRow>, usize)> {
    let (mut rows, mut pages, mut after) = (Vec::new(), 0, None);
    loop {
        let mut call = client.list_staffing_gaps().year(2021).limit(NonZeroU64::MIN.saturating_add(49));
        if let Some(after) = after {
            call = call.after::<String>(after);
        }
        let page = call.send().await?.into_inner();
        rows.extend(page.items);
        pages += 1;
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    let distinct: BTreeSet<(&str, String)> =
        rows.iter().map(|row| (row.service.as_str(), row.basis.to_string())).collect();
    holds(pages > 2 && distinct.len() == rows.len(), &pages)?;
    Ok((rows, pages))
}

fn surveyed(version: i64) -> Outcome<AnswerPatch> {
    let change = AnswerChange::builder().link_id("patient_survey").status(AnswerStatus::Answered);
    let change: AnswerChange = change.version(version).boolean(true).try_into()?;
    Ok(AnswerPatch::builder().answers(vec![change]).try_into()?)
}

/// What a refusal says; an error where there was none, or another.
fn problem<T: std::fmt::Debug>(outcome: Result<T, Refusal<Problem>>, status: u16) -> Outcome<Problem> {
    match outcome {
        Err(Refusal::ErrorResponse(refused)) if refused.status().as_u16() == status => Ok(refused.into_inner()),
        other => Err(format!("expected a refusal with {status}: {other:?}").into()),
    }
}

/// A change that is based on an older version comes back with what is there now, and is made on that.
async fn change_through_a_conflict(client: &Client) -> Outcome<()> {
    let change = |version| {
        Ok::<_, Box<dyn Error>>(client.change_answers().year(2022).service("FLS012").body(surveyed(version)?))
    };
    let refused = problem(change(7)?.send().await, 412)?;
    let current = refused.conflicts.first().and_then(|conflict| conflict.current.as_ref());
    let changed = change(current.map_or(0, |answer| answer.version))?.send().await?.into_inner();
    let answer = changed.answers.iter().find(|answer| answer.link_id == "patient_survey");
    holds(answer.is_some_and(|answer| answer.boolean == Some(true)), &changed)?;
    let read = client.get_response().year(2022).service("FLS012").send().await?.into_inner();
    holds(read.service == "FLS012", &read)
}

fn count(month: &str, kpi: i32, numerator: i64, denominator: i64) -> Outcome<Count> {
    let count = Count::builder().service("FLS012").month(month).kpi(kpi).numerator(numerator);
    Ok(count.denominator(denominator).stratum(String::new()).try_into()?)
}

async fn counts_with_a_bad_row(client: &Client) -> Outcome<()> {
    let items = vec![count("2022-01", 4, 41, 60)?, count("2022-02", 12, 1, 2)?];
    let counts: CountsPut = CountsPut::builder().items(items).try_into()?;
    let refused = problem(client.put_counts().body(counts.clone()).send().await, 422)?;
    holds(refused.counts.as_ref().is_some_and(|counts| counts.rejected == 1), &refused)?;
    let stored = client.put_counts().skip_bad_rows(true).body(counts).send().await?.into_inner();
    let column = stored.problems.first().map(|problem| problem.column.as_str());
    holds(stored.stored && stored.rejected == 1 && column == Some("kpi"), &stored)
}

fn holds(condition: bool, found: &dyn std::fmt::Debug) -> Outcome<()> {
    if condition { Ok(()) } else { Err(format!("{found:?}").into()) }
}
