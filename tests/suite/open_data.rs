//! Open data: what the descriptor says of the files is so, and what is left out cannot be worked out from what is there.

use std::collections::BTreeMap;

use facilities_audit::app::national_report::{self, ReportQuery};
use facilities_audit::app::open_data;
use facilities_audit::domain::access::Principal;
use facilities_audit::formats::open_data::DESCRIPTOR;
use facilities_audit::formats::report::{Block, Document};
use facilities_audit_tests::{Backend, PageReader, World, on_both_databases};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

/// A CSV file: a map of column to value a row.
fn rows(text: &[u8]) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_reader(text);
    let heads = reader.headers().unwrap().clone();
    let row = |record: csv::StringRecord| {
        heads.iter().map(ToOwned::to_owned).zip(record.iter().map(ToOwned::to_owned)).collect()
    };
    reader.records().map(|record| row(record.unwrap())).collect()
}

fn document(world: &World) -> Document {
    let app = world.app();
    let query = ReportQuery { year: 2021, with: None, cut: None };
    let full = national_report::report(&app, &Principal::command_line(), &query, &|_, _| {}).unwrap();
    national_report::document(&full, &app.reference().published).unwrap()
}

on_both_databases! {
    fn the_descriptor_says_what_the_files_are(world: World) {
        let world = World::with_demo_data(world.backend());
        let server = world.serve();
        let mut reader = PageReader::new(&server);
        assert_eq!(reader.get("/published/2022/data").status, 404, "not out yet");
        let page = reader.get("/published/2021/data");
        assert!(page.text().contains("kpis.csv") && page.text().contains("Patients above the line"), "{}", page.text());
        let package: Value = serde_json::from_str(&reader.get("/published/2021/data/datapackage.json").text()).unwrap();
        assert_eq!(package["profile"], "tabular-data-package");
        let resources = package["resources"].as_array().unwrap();
        assert_eq!(resources.len(), 5);
        for resource in resources {
            let path = resource["path"].as_str().unwrap();
            let text = reader.get(&format!("/published/2021/data/{path}")).text();
            assert_eq!(resource["bytes"].as_u64().unwrap(), text.len() as u64, "{path}");
            let hash = data_encoding::HEXLOWER.encode(&Sha256::digest(text.as_bytes()));
            assert_eq!(resource["hash"], format!("sha256:{hash}"), "{path}");
            let fields = resource["schema"]["fields"].as_array().unwrap();
            let names: Vec<&str> = fields.iter().map(|field| field["name"].as_str().unwrap()).collect();
            assert_eq!(text.lines().next().unwrap(), names.join(","), "{path}");
            let found = rows(text.as_bytes());
            assert!(!found.is_empty(), "{path}");
            for field in fields.iter().filter(|field| field["type"] == "number") {
                let name = field["name"].as_str().unwrap();
                let numbers = found.iter().map(|row| &row[name]).filter(|value| !value.is_empty());
                assert!(numbers.clone().count() > 0, "{path} {name}");
                for value in numbers {
                    assert!(value.parse::<f64>().is_ok(), "{path} {name} {value}");
                }
            }
        }
        assert_eq!(reader.get("/published/2021/data/secrets.csv").status, 404);
    }
}

/// Somebody who has all that is published tries to work out what is not: from totals of the nation, of regions and nations.
#[test]
fn nobody_works_out_what_is_left_out() {
    let world = World::with_demo_data(Backend::Sqlite);
    let app = world.app();
    let package = open_data::of_round(&app, 2021).unwrap();
    let file = |name: &str| rows(&package.file(name).unwrap().unwrap().1);
    assert!(package.files().contains(&DESCRIPTOR.to_owned()));

    // Patients: no small number is shown, and of no KPI a single one is hidden, which its national total would give away.
    let mut hidden: BTreeMap<String, usize> = BTreeMap::new();
    let mut shown = 0;
    for row in file("kpis.csv") {
        let of = hidden.entry(row["kpi"].clone()).or_default();
        if row["suppressed"].is_empty() {
            let numerator: f64 = row["numerator"].parse().unwrap();
            assert!(!(1.0..5.0).contains(&numerator), "{row:?}");
            shown += 1;
        } else {
            assert!(
                row["numerator"].is_empty() && row["denominator"].is_empty() && row["percent"].is_empty(),
                "{row:?}"
            );
            *of += 1;
        }
    }
    assert!(shown > 500 && hidden.values().all(|n| *n != 1), "{hidden:?}");

    // Posts: by role and region, of which the report gives the sums.
    let services: BTreeMap<String, String> =
        file("services.csv").into_iter().map(|row| (row["service"].clone(), row["area"].clone())).collect();
    let tree = facilities_audit::app::register::area_tree(&app, &Principal::command_line(), None).unwrap();
    let mut regions: BTreeMap<(String, String), (f64, usize)> = BTreeMap::new();
    let mut hidden_posts = 0;
    for row in file("staffing.csv") {
        let Some(area) = services.get(&row["service"]) else { continue };
        let region = tree.region_of(area).unwrap().name.clone();
        let (sum, unknown) = regions.entry((region, row["role"].clone())).or_default();
        match row["suppressed"].as_str() {
            "" => {
                let wte: f64 = row["wte"].parse().unwrap();
                assert!(wte == 0.0 || wte >= 1.0, "{row:?}");
                *sum += wte;
            }
            "small_numbers" => {
                *unknown += 1;
                hidden_posts += 1;
            }
            _ => {}
        }
    }
    assert!(hidden_posts > 10, "the country has small posts: {hidden_posts}");
    let report = document(&world);
    let staffing = report.sections.iter().find(|section| section.id == "staffing").unwrap();
    for block in &staffing.blocks {
        let Block::Table(table) = block else { continue };
        let place = |key: &str| table.columns.iter().position(|column| column.key == key).unwrap();
        for row in &table.rows {
            for (role, key) in [("nurse", "nurses_in_post"), ("administrator", "administrators_in_post")] {
                let Some((sum, unknown)) = regions.get(&(row.cells[0].shown.clone(), role.to_owned())) else {
                    continue;
                };
                let Some(total) = row.cells[place(key)].as_number() else { continue };
                let rest = total - sum;
                assert!(*unknown != 1 || rest >= 1.0, "{} {role}: {rest} is one service's", row.cells[0].shown);
            }
        }
        let shortfall =
            |row: &facilities_audit::formats::table::TableRow| row.cells[place("administrators_shortfall")].as_number();
        let post =
            |row: &facilities_audit::formats::table::TableRow| row.cells[place("administrators_in_post")].as_number();
        assert!(
            table.rows.iter().all(|row| post(row).is_some() == shortfall(row).is_some()),
            "need less post gives it away"
        );
        assert!(table.rows.iter().any(|row| post(row).is_none()), "an area has less than one administrator");
    }
}
