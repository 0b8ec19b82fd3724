use super::*;
use crate::domain::questionnaire::answer::{Answer, AnswerStatus};
use crate::domain::questionnaire::checks::{CheckContext, check};
use crate::formats::seeds::{SeedFiles, read_reference};

const BY: &str = "2023-04";

fn questionnaire() -> Questionnaire {
    read_reference(&SeedFiles::Embedded).unwrap().questionnaires.remove("2022.1").unwrap()
}

fn grid() -> Grid {
    table(&questionnaire()).unwrap().clone()
}

fn cells(pairs: &[(&str, &str)]) -> Entry {
    grid_entry(&grid(), &pairs.iter().map(|(row, text)| ((*row).to_owned(), (*text).to_owned())).collect())
}

fn since(text: &str) -> Entry {
    if text.is_empty() { Entry::Unanswered } else { Entry::Value(AnswerValue::Text(text.into())) }
}

fn document(answers: &[(&str, Entry)]) -> Document {
    let answer = |entry: &Entry| Answer {
        value: if let Entry::Value(value) = entry { Some(value.clone()) } else { None },
        entered: if let Entry::Invalid(text) = entry { Some(text.clone()) } else { None },
        status: entry.status(),
        ..serde_json::from_str(
            r#"{"version":1,"status":"unanswered","changed_at":"2023-01-01T00:00:00Z","changed_by":"x"}"#,
        )
        .unwrap()
    };
    Document { answers: answers.iter().map(|(id, entry)| ((*id).to_owned(), answer(entry))).collect() }
}

fn said(funded: &[(&str, &str)], in_post: &[(&str, &str)], months: &str) -> Said {
    Said { funded: cells(funded), in_post: cells(in_post), since: since(months), long_vacant: None }
}

#[test]
fn hours_are_taken_as_parts_of_a_whole_time_week() {
    for (hours, hundredths) in [(22.5, 60), (37.5, 100), (20.0, 53), (7.5, 20), (0.0, 0)] {
        assert_eq!(wte_of_hours(hours), Hundredths(hundredths), "{hours}");
    }
}

#[test]
fn what_is_vacant_follows_from_the_table() {
    let table =
        said(&[("nurse/6", "1.5"), ("nurse/7", "1")], &[("nurse/6", "1"), ("nurse/7", "1.2")], "nurse/6 2022-05");
    let derived = derive(&grid(), &Document::default(), &table, BY, None);
    assert_eq!(derived.vacant, cells(&[("nurse/6", "0.5"), ("nurse/7", "0")]), "too many in post leave nothing vacant");
    assert_eq!(derived.long_vacant, cells(&[("nurse/6", "0.5")]));
    assert!(derived.any_long_vacant);
    let blank = said(&[("nurse/6", "1.5")], &[], "");
    let derived = derive(&grid(), &Document::default(), &blank, BY, None);
    assert_eq!(derived.vacant, Entry::Unanswered, "a blank is not 0");
    let zero = said(&[("nurse/6", "1.5")], &[("nurse/6", "0")], "");
    assert_eq!(derive(&grid(), &Document::default(), &zero, BY, None).vacant, cells(&[("nurse/6", "1.5")]));
}

#[test]
fn more_than_six_months_are_more_whatever_the_day() {
    for (month, long) in
        [("2022-09", true), ("2022-10", false), ("2023-04", false), ("2021-12", true), ("spring", false)]
    {
        assert_eq!(is_long_vacant(month, BY), long, "{month}");
    }
}

#[test]
fn what_was_reported_of_other_rows_stands() {
    let before = document(&[
        (FUNDED, cells(&[("nurse/6", "1"), ("nurse/7", "1")])),
        (IN_POST, cells(&[("nurse/6", "1"), ("nurse/7", "1")])),
        (VACANT, cells(&[("nurse/6", "0.3"), ("nurse/7", "0.4")])),
    ]);
    let table = said(&[("nurse/6", "1"), ("nurse/7", "1")], &[("nurse/6", "1"), ("nurse/7", "0.8")], "");
    let derived = derive(&grid(), &before, &table, BY, None);
    assert_eq!(derived.vacant, cells(&[("nurse/6", "0.3"), ("nurse/7", "0.2")]));
    let gone = said(&[("nurse/7", "1")], &[("nurse/7", "1")], "");
    assert_eq!(derive(&grid(), &before, &gone, BY, Some("nurse/6")).vacant, cells(&[("nurse/7", "0.4")]));
}

#[test]
fn a_post_that_was_filled_again_is_told_by_hand() {
    let table = said(&[("nurse/6", "1"), ("nurse/7", "1")], &[("nurse/6", "1"), ("nurse/7", "0")], "nurse/7 2022-01");
    let by_hand = Said { long_vacant: Some(cells(&[("nurse/6", "0.5")])), ..table.clone() };
    let derived = derive(&grid(), &Document::default(), &by_hand, BY, None);
    assert_eq!(derived.long_vacant, cells(&[("nurse/6", "0.5"), ("nurse/7", "1")]));
    let before = document(&[
        (FUNDED, table.funded.clone()),
        (IN_POST, table.in_post.clone()),
        (VACANT_SINCE, table.since.clone()),
        (LONG_VACANT, derived.long_vacant),
    ]);
    let filled = Said { in_post: cells(&[("nurse/6", "1"), ("nurse/7", "1")]), since: since(""), ..table };
    let derived = derive(&grid(), &before, &filled, BY, None);
    assert_eq!(derived.long_vacant, cells(&[("nurse/6", "0.5")]), "what followed from the month goes with it");
}

#[test]
fn the_months_are_kept_as_they_stand_and_checked() {
    let months =
        [("nurse/6", "2022-05"), ("other", "in spring")].map(|(row, month)| (row.to_owned(), month.to_owned()));
    let entry = since_entry(&grid(), &months.clone().into());
    assert_eq!(entry, since("nurse/6 2022-05\nother in spring"));
    assert_eq!(since_by_row(&entry), months.into());
    let questionnaire = questionnaire();
    let codes = |entry: Entry, long: bool| {
        let document = document(&[
            (FUNDED, cells(&[("nurse/6", "1")])),
            (IN_POST, cells(&[("nurse/6", "0.4")])),
            (VACANT_SINCE, entry),
            (ANY_LONG_VACANT, Entry::Value(AnswerValue::Boolean(long))),
        ]);
        let shown = Shown::new(&questionnaire, &document);
        let context = CheckContext { previous: None, expected_caseload: None, latest_month: BY };
        let mine = [VACANT_SINCE, ANY_LONG_VACANT];
        let found = check(&shown, &context).into_iter().filter(|f| mine.contains(&f.link_id.as_str()));
        found.map(|finding| finding.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(since("nurse/6 2022-05"), true), Vec::<String>::new());
    assert_eq!(codes(since("nurse/6 2022-05"), false), ["long_vacancy_in_table"]);
    assert_eq!(codes(since("nurse/6 2023-01"), false), Vec::<String>::new());
    assert_eq!(codes(since("nurse/6 2023-05"), true), ["out_of_range"]);
    assert_eq!(codes(since("nurse/6 spring"), true), ["unreadable"]);
    assert_eq!(codes(since("midwife/6 2022-05"), true), ["unreadable"]);
    assert_eq!(codes(since("since May"), true), ["unreadable"]);
    assert_eq!(document(&[(VACANT, Entry::NotKnown)]).status(VACANT), AnswerStatus::NotKnown);
}
