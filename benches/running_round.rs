//! What the page of a round and the national report cost, at several times the services of the demonstration:
//! `cargo bench --bench running_round`; `-- COPIES …` says how many times, 1, 4 and 14 unless told (75, 300 and 1,050 services).
//!
//! Prints a line of JSON for each: milliseconds and megabytes of the wide table of answers, milliseconds of the dashboard at
//! first and once its counts are kept, the ratio of the latter to the plain list of responses in the same run, and
//! milliseconds of the report, of which those of its HTML.

use std::time::Instant;

use facilities_audit::app::imports::{self, ImportOptions};
use facilities_audit::app::national_report::{self, ReportQuery};
use facilities_audit::app::{App, Environment, Settings, answer_table, responses, rounds};
use facilities_audit::domain::access::Principal;
use facilities_audit::domain::interchange::FileKind;
use facilities_audit::domain::language::Language;
use facilities_audit::formats::seeds::{SeedFiles, read_reference};
use facilities_audit::locales::Words;
use serde_json::json;

type Failed = Box<dyn std::error::Error>;

/// The letters that the codes of a copy end with, two from the 27th on; those of the demonstration itself end as they are.
fn letters(copy: usize) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ";
    let Some(place) = copy.checked_sub(1) else { return String::new() };
    let letter = |place: usize| LETTERS.get(place).map(|letter| char::from(*letter));
    (place / 26).checked_sub(1).and_then(letter).into_iter().chain(letter(place % 26)).collect()
}

/// A line of a file with the codes of services and hospitals renamed.
fn renamed(line: &str, copy: usize) -> String {
    let ending = letters(copy);
    let is_code = |word: &str| {
        let digits = |rest: &str, n: usize| rest.len() == n && rest.bytes().all(|byte| byte.is_ascii_digit());
        word.strip_prefix("FLS").is_some_and(|rest| digits(rest, 3))
            || word.strip_prefix("EX").is_some_and(|rest| digits(rest, 2))
            || word.strip_prefix("NI").is_some_and(|rest| digits(rest, 2))
            || word.strip_prefix('H').is_some_and(|rest| digits(rest, 3))
    };
    let fields = line.split(',').map(|field| {
        let words =
            field.split(';').map(|word| if is_code(word) { format!("{word}{ending}") } else { word.to_owned() });
        words.collect::<Vec<_>>().join(";")
    });
    fields.collect::<Vec<_>>().join(",")
}

/// An application on a database of so many copies of the demonstration.
fn country(folder: &std::path::Path, copies: usize) -> Result<App, Failed> {
    let url = format!("sqlite:{}", folder.join("round.db").display());
    let app = App::open(&url, read_reference(&SeedFiles::Embedded)?, Settings::default(), Environment::system())?;
    let who = Principal::command_line();
    for kind in FileKind::ALL {
        let Ok(bytes) = SeedFiles::Embedded.bytes(&format!("demo/{}", kind.file_name())) else { continue };
        let text = String::from_utf8(bytes)?;
        let (head, body) = text.split_once('\n').ok_or("an empty file")?;
        let is_of_areas = matches!(kind, FileKind::Areas | FileKind::AreaPopulation);
        let mut file = format!("{head}\n{body}");
        for copy in 1..if is_of_areas { 1 } else { copies } {
            for line in body.lines() {
                file.push_str(&renamed(line, copy));
                file.push('\n');
            }
        }
        let report = imports::file(&app, &who, kind, file.as_bytes(), ImportOptions::default(), &mut |_| ())?;
        if let Some(problem) = report.problems.first() {
            return Err(format!("{}: {problem:?}", kind.file_name()).into());
        }
    }
    Ok(app)
}

/// Milliseconds of some work, the mean of `times`.
fn ms<T>(times: u32, mut work: impl FnMut() -> Result<T, Failed>) -> Result<f64, Failed> {
    let begun = Instant::now();
    for _ in 0..times {
        work()?;
    }
    Ok(begun.elapsed().as_secs_f64() * 1000.0 / f64::from(times))
}

/// Milliseconds of the wide table of answers of 2021, and by how many megabytes the process grew for it at the most.
fn wide_table(app: &App) -> Result<(f64, f64), Failed> {
    let who = Principal::command_line();
    let write = || Ok(answer_table::write(app, &who, 2021, &mut std::io::sink())?);
    // The peak that the system keeps begins anew with this.
    std::fs::write("/proc/self/clear_refs", "5")?;
    let before = status("VmRSS:")?;
    write()?;
    let grown = (status("VmHWM:")? - before) / 1024.0;
    Ok((ms(5, write)?, grown))
}

/// A figure of this process, in kilobytes.
fn status(name: &str) -> Result<f64, Failed> {
    let text = std::fs::read_to_string("/proc/self/status")?;
    let line = text.lines().find_map(|line| line.strip_prefix(name)).ok_or("no such figure")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse()?)
}

fn measure(copies: usize) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let app = country(folder.path(), copies)?;
    let who = Principal::command_line();
    let services = responses::list(&app, &who, 2022)?.len();
    let dashboard = || Ok(rounds::dashboard(&app, &who, 2022)?);
    let first = ms(1, dashboard)?;
    let kept = ms(20, dashboard)?;
    let list = ms(20, || Ok(responses::list(&app, &who, 2022)?))?;
    let query = ReportQuery { year: 2021, with: None, cut: None };
    let mut html = 0.0;
    let report = ms(1, || {
        let full = national_report::report(&app, &who, &query, &|_, _| {})?;
        let document = national_report::document(&full, &app.reference().published)?;
        html = ms(1, || Ok(document.html(Words::new(Language::English))?))?;
        Ok(())
    })?;
    let (answers, memory) = wide_table(&app)?;
    let line = json!({
        "services": services,
        "answers_ms": answers,
        "answers_memory_mb": memory,
        "dashboard_first_ms": first,
        "dashboard_ms": kept,
        "dashboard_to_list": kept / list,
        "report_ms": report,
        "of_which_html_ms": html,
    });
    println!("{line}");
    Ok(())
}

fn main() -> Result<(), Failed> {
    let asked: Vec<usize> = std::env::args().skip(1).filter_map(|argument| argument.parse().ok()).collect();
    for copies in if asked.is_empty() { vec![1, 4, 14] } else { asked } {
        measure(copies)?;
    }
    Ok(())
}
