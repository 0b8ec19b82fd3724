use super::*;
use crate::domain::questionnaire::answer::{Answer, AnswerStatus, AnswerValue, Document, GridCell};
use crate::domain::questionnaire::definition::Questionnaire;
use crate::domain::questionnaire::offline::{Part, RegisterNames};
use crate::formats::seeds::{SeedFiles, read_reference};

fn questionnaire() -> Questionnaire {
    read_reference(&SeedFiles::Embedded).unwrap().questionnaires.remove("2022.1").unwrap()
}

fn document() -> Document {
    let answer = |value| Answer {
        version: 7,
        status: AnswerStatus::Answered,
        value: Some(value),
        entered: None,
        explanation: Some("=why".into()),
        carried_from: None,
        confirmed: false,
        changed_at: chrono::DateTime::UNIX_EPOCH,
        changed_by: "command".into(),
    };
    let cell = GridCell { role: "nurse".into(), band: Some("7".into()), wte: Some("1.59".parse().unwrap()) };
    let answers = [
        ("population_all_ages", AnswerValue::Integer(494_945)),
        ("staff_in_post", AnswerValue::Grid(vec![cell])),
        ("service_start", AnswerValue::Month("2015-04".into())),
    ];
    Document { answers: answers.into_iter().map(|(id, value)| (id.to_owned(), answer(value))).collect() }
}

fn written() -> Vec<u8> {
    let (questionnaire, document) = (questionnaire(), document());
    let names = RegisterNames { hospitals: [("H001".into(), "North".into())].into(), ..RegisterNames::default() };
    let book = ResponseBook {
        service: "FLS012",
        service_name: "A service",
        year: 2022,
        round: "audit year 2022".into(),
        questionnaire: &questionnaire,
        document: &document,
        previous: Some((2021, &document)),
        names: &names,
        own_hospitals: vec!["H001".into()],
        synthetic: true,
    };
    response_workbook(&book).unwrap()
}

#[test]
fn what_was_written_is_read_back_untouched() {
    let bytes = written();
    assert_eq!(bytes, written(), "the same response gives the same bytes");
    let read = read(&bytes).unwrap();
    assert_eq!((read.service.as_str(), read.year, read.questionnaire.as_str()), ("FLS012", 2022, "2022.1"));
    let items = questionnaire();
    for item in items.items() {
        assert!(read.cells.iter().any(|cell| cell.link_id == item.link_id), "{} has a cell", item.link_id);
    }
    for cell in &read.cells {
        assert_eq!(cell.before, cell.now, "{} {:?}", cell.link_id, cell.part);
        if let Some((before, now)) = &cell.explanation {
            assert_eq!(before, now);
        }
    }
    let found = |link_id: &str, part: Part| {
        read.cells.iter().find(|cell| cell.link_id == link_id && cell.part.as_ref() == Some(&part)).unwrap()
    };
    let people = found("population_all_ages", Part::Whole);
    assert_eq!((people.now.as_str(), people.version), ("494945", 7));
    assert_eq!(people.explanation, Some(("=why".into(), "=why".into())));
    assert_eq!(found("staff_in_post", Part::Row("nurse/7".into())).now, "1.59");
    assert_eq!(found("service_start", Part::Whole).now, "2015-04");
}

#[test]
fn other_files_are_refused_with_a_sentence() {
    assert_eq!(read(b"no workbook"), Err(Unreadable::NotAWorkbook));
    let mut broken = written();
    broken.truncate(broken.len() / 2);
    assert_eq!(read(&broken), Err(Unreadable::NotAWorkbook));
    let mut other = rust_xlsxwriter::Workbook::new();
    other.add_worksheet().write_string(0, 0, "Budget").unwrap();
    assert_eq!(read(&other.save_to_buffer().unwrap()), Err(Unreadable::NotOurs));
    assert_eq!(read(&vec![b'P'; 6 * 1024 * 1024]), Err(Unreadable::TooLarge));
}

/// Three megabytes of nothing in some kilobytes.
#[test]
fn a_file_that_swells_is_refused_before_it_is_read() {
    use std::io::Write as _;
    let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    archive.start_file("xl/workbook.xml", zip::write::SimpleFileOptions::default()).unwrap();
    for _ in 0..3 {
        archive.write_all(&vec![b' '; 1024 * 1024]).unwrap();
    }
    let bytes = archive.finish().unwrap().into_inner();
    assert!(bytes.len() < 1024 * 1024);
    assert_eq!(read::measure(&bytes, 2 * 1024 * 1024), Err(Unreadable::TooLarge));
    assert_eq!(read::measure(&bytes, 4 * 1024 * 1024), Ok(()));
}
