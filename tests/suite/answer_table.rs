//! The answers of a round as one wide table.

use std::collections::BTreeMap;

use facilities_audit::app::{App, answer_table, keys, responses};
use facilities_audit::domain::access::{Membership, Principal, Role};
use facilities_audit::domain::questionnaire::answer::{AnswerStatus, AnswerValue};
use facilities_audit::store::responses::ResponseState;
use facilities_audit_tests::{Backend, World, on_both_databases};

const YEAR: i32 = 2021;

fn table(app: &App, who: &Principal, year: i32) -> Vec<BTreeMap<String, String>> {
    let mut bytes = Vec::new();
    let rows = answer_table::write(app, who, year, &mut bytes).unwrap();
    let mut reader = csv::Reader::from_reader(bytes.as_slice());
    let names = reader.headers().unwrap().clone();
    let of = |row: csv::StringRecord| {
        names.iter().zip(&row).map(|(name, cell)| (name.to_owned(), cell.to_owned())).collect::<BTreeMap<_, _>>()
    };
    let read: Vec<BTreeMap<String, String>> = reader.records().map(|row| of(row.unwrap())).collect();
    assert_eq!(read.len() as u64, rows, "it says how many rows it has");
    assert!(read.iter().all(|row| row.len() == names.len()), "no column stands twice");
    read
}

on_both_databases! {
    /// Every cell of every row is what the response says, and nothing that it says is missing.
    fn a_row_says_what_its_response_says(world: World) {
        let world = World::with_demo_data(world.backend());
        let (app, team) = (world.app(), Principal::command_line());
        let rows = table(&app, &team, YEAR);
        assert!(rows.len() >= 70, "{} rows", rows.len());
        let mut filled = 0;
        for row in &rows {
            let view = responses::view(&app, &team, YEAR, &row["service"]).unwrap();
            assert_eq!((&row["name"], &row["version"]), (&view.service.name, &view.response.version.to_string()));
            for item in view.questionnaire.items() {
                let Some(answer) = view.response.document.get(&item.link_id) else { continue };
                let cell = row.get(&item.link_id).map(String::as_str);
                match (answer.status, &answer.value) {
                    (AnswerStatus::NotKnown, None) if item.grid.is_none() => assert_eq!(cell, Some("not_known")),
                    (_, Some(AnswerValue::Integer(number))) => assert_eq!(cell, Some(number.to_string().as_str())),
                    (_, Some(AnswerValue::Boolean(yes))) => assert_eq!(cell, Some(if *yes { "yes" } else { "no" })),
                    (_, Some(AnswerValue::Choice(code))) => assert_eq!(cell, Some(code.as_str())),
                    (_, Some(AnswerValue::Choices(codes))) => assert_eq!(cell, Some(codes.join(";").as_str())),
                    (_, Some(AnswerValue::Grid(cells))) => {
                        let of_item = |name: &&String| name.starts_with(&format!("{}.", item.link_id));
                        let shown = row.keys().filter(of_item).filter(|name| !row[*name].is_empty()).count();
                        assert_eq!(shown, cells.len(), "{} {}", row["service"], item.link_id);
                        for cell in cells {
                            let expected = cell.wte.map_or("not_known".to_owned(), |wte| wte.to_string());
                            assert_eq!(row[&format!("{}.{}", item.link_id, cell.row())], expected);
                        }
                    }
                    _ => {}
                }
                filled += 1;
            }
        }
        assert!(filled > 1_000, "{filled} answers");
    }
}

/// Both databases print the same, but for when it was that the country was read in.
#[test]
fn one_table_on_both_databases() {
    let rows = |backend| {
        let world = World::with_demo_data(backend);
        let mut rows = table(&world.app(), &Principal::command_line(), YEAR);
        for row in &mut rows {
            assert!(row.remove("submitted_at").is_some_and(|at| at.ends_with('Z')));
        }
        rows
    };
    assert_eq!(rows(Backend::Sqlite), rows(Backend::Postgres));
}

/// Whoever reads it has the rows that they may read one by one, and no other.
#[test]
fn everybody_has_the_rows_that_they_may_read() {
    let world = World::with_demo_data(Backend::Sqlite);
    let (app, team) = (world.app(), Principal::command_line());
    let readers = [
        (Role::Commissioner, None, None),
        (Role::Commissioner, None, Some("Y60")),
        (Role::FlsLead, Some("FLS012"), None),
    ];
    let server = world.serve();
    for (role, service, area) in readers {
        let (_, key) = keys::make(&app, &team, "reader", role, service, area, None).unwrap();
        let held = Membership::new(role, service, area).unwrap();
        let who = Principal { actor: "key:1".into(), memberships: vec![held], ..team.clone() };
        let listed = responses::list(&app, &who, 2022).unwrap();
        let expected: Vec<String> =
            listed.into_iter().filter(|one| one.response.version > 0).map(|one| one.service.code).collect();
        let rows = table(&app, &who, 2022);
        let found: Vec<String> = rows.iter().map(|row| row["service"].clone()).collect();
        assert_eq!(found, expected, "{role:?}");
        let is_draft = |row: &BTreeMap<String, String>| row["state"] == ResponseState::InProgress.as_str();
        assert_eq!(rows.iter().any(is_draft), role == Role::FlsLead, "a commissioner reads no drafts");
        let mut got = ureq::get(server.address("/api/v1/rounds/2022/answers.csv"))
            .header("authorization", format!("Bearer {key}"))
            .call()
            .unwrap();
        assert_eq!(got.headers()["x-row-count"], found.len().to_string().as_str());
        assert_eq!(got.body_mut().read_to_string().unwrap().lines().count(), found.len() + 1);
    }
}
