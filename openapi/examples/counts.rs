//! Rehearses a month of KPI counts, and sends it if nothing is wrong with it. BASE ends in /api/v1, KEY is an API key.
//! `cargo run -p facilities-audit-client --example counts`

use facilities_audit_client::client::Client;
use facilities_audit_client::client::types::{Count, CountsPut};
use reqwest::header::{AUTHORIZATION, HeaderMap, HeaderValue};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut headers = HeaderMap::new();
    headers.insert(AUTHORIZATION, HeaderValue::try_from(format!("Bearer {}", std::env::var("KEY")?))?);
    let http = reqwest::Client::builder().default_headers(headers).build()?;
    let client = Client::new_with_client(&std::env::var("BASE")?, http);

    let count = Count::builder().service("FLS012").month("2022-03").kpi(4).stratum(String::new());
    let counts: CountsPut =
        CountsPut::builder().items(vec![count.numerator(37).denominator(58).try_into()?]).try_into()?;
    let rehearsed = client.put_counts().dry_run(true).body(counts.clone()).send().await?.into_inner();
    for problem in &rehearsed.problems {
        println!("line {}, {}: {}", problem.line, problem.column, problem.reason);
    }
    if rehearsed.problems.is_empty() {
        let stored = client.put_counts().body(counts).send().await?.into_inner();
        println!("{} added, {} changed, {} as they were", stored.added, stored.changed, stored.unchanged);
    }
    Ok(())
}
