//! The gap workbook in Welsh beside the one in English: the same figures, and nothing left in English that has a Welsh text.

use std::collections::BTreeSet;
use std::io::{Cursor, Read as _};
use std::path::Path;

use calamine::{Data, Reader as _, Xlsx, open_workbook_from_rs};
use facilities_audit::app::associations;
use facilities_audit::app::costs::{self, CostQuery};
use facilities_audit::app::gaps::{self, GapQuery, WorkbookQuery};
use facilities_audit::domain::access::Principal;
use facilities_audit::domain::association::words::{self, Subject};
use facilities_audit::domain::workforce::allocation::{Goal, Posts};
use facilities_audit::domain::workforce::gap::End;
use facilities_audit::domain::workforce::scenario::{FillVacancies, MoveAdministration, MovedTo, Scenario};
use facilities_audit::domain::workforce::standard::{Basis, Role};
use facilities_audit::formats::workbook::AllocationInput;
use facilities_audit::locales::{Language, Words};
use facilities_audit_tests::{Backend, World};
use serde_json::{Value, json};

use super::workbook::judge;

/// A budget, so that every sheet has something to say.
fn query(area: Option<&str>, language: Language) -> WorkbookQuery {
    let gaps = GapQuery { year: 2021, area: area.map(ToOwned::to_owned), ..GapQuery::default() };
    let allocation = AllocationInput { budget: 3_000_000.0, ..AllocationInput::default() };
    WorkbookQuery { allocation, language, ..WorkbookQuery::from(gaps) }
}

fn written(world: &World, query: &WorkbookQuery) -> Vec<u8> {
    gaps::workbook(&world.app(), &Principal::command_line(), query).unwrap().1
}

fn open(bytes: &[u8]) -> Xlsx<Cursor<&[u8]>> {
    open_workbook_from_rs(Cursor::new(bytes)).unwrap()
}

#[test]
fn both_languages_have_the_same_figures() {
    let world = World::with_demo_data(Backend::Sqlite);
    for area in [None, Some("W92000004")] {
        let [english, welsh] = Language::ALL.map(|language| written(&world, &query(area, language)));
        let (mut english, mut welsh) = (open(&english), open(&welsh));
        let names: Vec<(String, String)> = english.sheet_names().into_iter().zip(welsh.sheet_names()).collect();
        assert_eq!((names.len(), welsh.sheet_names().len()), (14, 14));
        let mut numbers = 0;
        for (name, name_welsh) in &names {
            let [one, other] = [english.worksheet_range(name).unwrap(), welsh.worksheet_range(name_welsh).unwrap()];
            assert_eq!((one.start(), one.end()), (other.start(), other.end()), "{name}");
            for ((row, column, cell), (_, _, other)) in one.used_cells().zip(other.used_cells()) {
                match (cell, other) {
                    (Data::Float(number), other) => {
                        assert_eq!(*other, Data::Float(*number), "{name} {row} {column}");
                        numbers += 1;
                    }
                    (Data::String(_), Data::String(_)) => {}
                    _ => panic!("{name} {row} {column}: {cell:?}, {other:?}"),
                }
            }
            let [one, other] = [english.worksheet_formula(name).unwrap(), welsh.worksheet_formula(name_welsh).unwrap()];
            assert_eq!(one.used_cells().count(), other.used_cells().count(), "{name}");
        }
        assert!(numbers > 1_000, "{numbers}");
    }
}

/// The texts of the workbook's catalogue that have no arguments.
fn english_texts() -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../src/locales/en/workbook.ftl");
    let text = std::fs::read_to_string(path).unwrap();
    let said = text.lines().filter(|line| line.starts_with("book-") && !line.contains("{ $"));
    said.filter_map(|line| line.split_once(" = ")).map(|(_, text)| text.to_owned()).collect()
}

#[test]
fn nothing_that_has_a_welsh_text_is_left_in_english() {
    let world = World::with_demo_data(Backend::Sqlite);
    let bytes = written(&world, &query(None, Language::Welsh));
    let welsh = Words::new(Language::Welsh);
    let mut book = open(&bytes);
    let mut said = BTreeSet::new();
    for name in book.sheet_names() {
        for (row, column, cell) in book.worksheet_range(&name).unwrap().used_cells() {
            let Data::String(text) = cell else { continue };
            // The code of the sum over all services is not a word.
            let left = welsh.say(text).filter(|welsh| welsh != text && text != "all");
            assert_eq!(left, None, "{name} {row} {column}: {text:?}");
            said.insert(text.clone());
        }
    }
    // What stands in no cell: charts, hints, footers, properties.
    let texts = english_texts();
    assert!(texts.len() > 400, "{}", texts.len());
    let sentences: Vec<String> = texts
        .into_iter()
        .filter(|text| text.len() > 12 && text.contains(' ') && welsh.say(text).is_some_and(|welsh| welsh != *text))
        .map(|text| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
        .collect();
    let mut archive = zip::ZipArchive::new(Cursor::new(&bytes)).unwrap();
    let (mut charts, mut alternatives) = (0, 0);
    for place in 0..archive.len() {
        let mut part = archive.by_index(place).unwrap();
        let (name, mut text) = (part.name().unwrap().into_owned(), String::new());
        part.read_to_string(&mut text).unwrap();
        for english in &sentences {
            for (open, close) in [(">", "<"), ("\"", "\"")] {
                assert!(!text.contains(&format!("{open}{english}{close}")), "{name}: {english:?}");
            }
        }
        charts += usize::from(text.contains("mewn swydd wrth ymyl yr ystod a argymhellir") && name.contains("chart"));
        alternatives += text.matches("descr=\"Colofnau o WTE ").count();
        if name == "docProps/core.xml" {
            assert!(text.contains("<dc:title>Bwlch staffio’r Gwasanaethau Cyswllt Toriadau"));
        }
    }
    assert_eq!((charts, alternatives), (2, 2));
    let all = said.into_iter().collect::<Vec<_>>().join("\n");
    for expected in ["Ar y naill sail a’r llall mae’r 70 gwasanaeth", "Nyrsys: mewn swydd", "Blwyddyn 10", "islaw"]
    {
        assert!(all.contains(expected), "{expected}");
    }
}

#[test]
fn the_stored_values_of_the_welsh_workbook_are_what_its_formulas_give() {
    let world = World::with_demo_data(Backend::Sqlite);
    std::fs::write(world.path("cy.xlsx"), written(&world, &query(None, Language::Welsh))).unwrap();
    judge(&world.path("cy.xlsx"), &[]);
}

/// The words that cells take in Welsh do what their English ones do.
#[test]
fn welsh_words_move_the_workbook_as_the_service_would() {
    let world = World::with_demo_data(Backend::Sqlite);
    let write = |name: &str, query: &WorkbookQuery| {
        std::fs::write(world.path(name), written(&world, query)).unwrap();
        world.path(name)
    };
    let usual = query(Some("Y63"), Language::Welsh);
    let scenario = Scenario {
        fill: Some(FillVacancies { share_percent: 100.0, months_to_hire: 6.0, turnover_percent: 12.0 }),
        administration: Some(MoveAdministration {
            admin_percent: Some(20.0),
            moved_percent: 50.0,
            to: MovedTo::Software(12_000.0),
        }),
        ..Scenario::default()
    };
    let allocation = |basis, end, goal, posts| AllocationInput { budget: 3_000_000.0, basis, end, goal, posts };
    let changes: [(Value, WorkbookQuery); 4] = [
        (
            json!({
                "scenario_fill": "ie", "scenario_months_to_hire": 6, "scenario_turnover": 0.12, "scenario_moved": 0.5,
                "scenario_admin_share": 0.2, "scenario_moved_to": "meddalwedd", "scenario_software_cost": 12_000,
            }),
            WorkbookQuery { scenario, ..usual.clone() },
        ),
        (
            json!({"allocation_basis": "Fel yr adroddwyd (pob oed)", "allocation_need": "uchel"}),
            WorkbookQuery {
                allocation: allocation(Basis::AsReported, End::High, Goal::WorstCoveredFirst, Posts::Tenths),
                ..usual.clone()
            },
        ),
        (
            json!({"allocation_order": "diffyg mwyaf", "allocation_posts": "cyfan"}),
            WorkbookQuery {
                allocation: allocation(Basis::Aged50Plus, End::Low, Goal::SmallestTotalShortfall, Posts::Whole),
                ..usual.clone()
            },
        ),
        (
            json!({"allocation_order": "mwyaf o achosion am £"}),
            WorkbookQuery {
                allocation: allocation(Basis::Aged50Plus, End::Low, Goal::MostExpectedCasesReached, Posts::Tenths),
                ..usual.clone()
            },
        ),
    ];
    let listed: Vec<Value> = changes
        .iter()
        .enumerate()
        .map(|(place, (typed, query))| json!({"set": typed, "like": write(&format!("like-{place}.xlsx"), query)}))
        .collect();
    let list = world.path("changes.json");
    std::fs::write(&list, Value::from(listed).to_string()).unwrap();
    judge(&write("cy.xlsx", &usual), &["--changes", list.to_str().unwrap()]);
}

/// What the English workbook puts together from its catalogue is what every other view says.
#[test]
fn the_english_sentences_are_those_of_the_service() {
    let world = World::with_demo_data(Backend::Sqlite);
    let (app, team) = (world.app(), Principal::command_line());
    for area in [None, Some("Y63"), Some("W92000004")] {
        let asked = query(area, Language::English);
        let bytes = written(&world, &asked);
        let mut book = open(&bytes);
        let mut texts = |sheet: &str, column: usize| -> Vec<String> {
            let range = book.worksheet_range(sheet).unwrap();
            range.rows().map(|row| row[column].to_string()).collect()
        };
        let costs =
            costs::report(&app, &team, &CostQuery { gaps: asked.costs.gaps.clone(), ..CostQuery::default() }).unwrap();
        assert!(texts("Read me", 1).contains(&costs.gaps.statement()));
        let method = texts("Method and sources", 1);
        for note in costs.costing.notes() {
            assert!(method.contains(&note), "{note}");
        }
        let missing: BTreeSet<String> = costs
            .rows()
            .flat_map(|(_, closing)| Role::ALL.map(|role| closing.role(role).as_ref().err().map(|why| why.words())))
            .flatten()
            .collect();
        let why: BTreeSet<String> = texts("Cost", 20).into_iter().filter(|text| missing.contains(text)).collect();
        assert_eq!(why, missing);
        let beside = associations::of_round(&app, &team, 2021).unwrap();
        let sentences: Vec<String> = beside
            .grid
            .cells()
            .map(|found| words::sentence(found, &Subject::of(&beside.data, beside.kpi_name(found.kpi), &beside.plan)))
            .collect();
        let shown = texts("Associations", 13);
        assert!(sentences.len() > 50);
        assert_eq!(shown[shown.len() - sentences.len()..], sentences);
    }
}
