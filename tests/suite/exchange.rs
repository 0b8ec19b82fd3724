//! Files in and out: the synthetic country goes through both databases and comes out as it went in.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use facilities_audit_tests::{Backend, World, demo_folder, on_both_databases};

type Files = BTreeMap<String, Vec<u8>>;

fn files(folder: &Path) -> Files {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "csv"))
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap()))
        .collect()
}

fn rows(files: &Files, name: &str) -> usize {
    files[name].split(|byte| *byte == b'\n').count() - 2
}

/// Compares file by file, and shows the first line that differs rather than megabytes.
#[track_caller]
fn assert_same(left: &Files, right: &Files) {
    assert_eq!(left.keys().collect::<Vec<_>>(), right.keys().collect::<Vec<_>>());
    for (name, bytes) in left {
        if *bytes == right[name] {
            continue;
        }
        let (left, right) = (String::from_utf8_lossy(bytes), String::from_utf8_lossy(&right[name]));
        let differs = left.lines().zip(right.lines()).enumerate().find(|(_, (left, right))| left != right);
        panic!("{name} differs: {differs:?} ({} and {} bytes)", left.len(), right.len());
    }
}

on_both_databases! {
    fn every_row_of_the_country_arrives(world: World) {
        world.import(&demo_folder()).succeeded();
        let (came, went) = (files(&world.export("out")), files(&demo_folder()));
        assert_eq!(rows(&came, "kpi_counts.csv"), 17_273);
        assert_eq!(rows(&came, "hospitals.csv"), 165);
        assert_eq!(rows(&came, "responses.csv"), rows(&went, "responses.csv"));
        for name in ["services.csv", "hospitals.csv", "hip_fractures.csv", "kpi_counts.csv", "responses.csv"] {
            let sorted = |files: &Files| {
                let text = String::from_utf8(files[name].clone()).unwrap();
                let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
                lines.sort();
                lines
            };
            assert_eq!(sorted(&came), sorted(&went), "{name} holds other facts");
        }
    }

    fn a_second_import_changes_nothing(world: World) {
        world.import(&demo_folder()).succeeded();
        let before = files(&world.export("before"));
        let again = world.import(&demo_folder()).succeeded();
        let lines: Vec<&str> = again.out.lines().filter(|line| line.contains("rows read")).collect();
        assert!(!lines.is_empty());
        for line in lines {
            assert!(line.contains(", 0 new or changed, 0 rejected"), "{line}");
        }
        assert_same(&files(&world.export("after")), &before);
    }
}

/// Export → import into a fresh database → export gives the same bytes, and the database does not show.
#[test]
fn the_exported_bytes_do_not_depend_on_the_database_or_the_journey() {
    let first = World::with_demo_data(Backend::Sqlite);
    let exported = first.export("out");
    let bytes = files(&exported);
    for backend in [Backend::Sqlite, Backend::Postgres] {
        let next = World::new(backend);
        next.import(&exported).succeeded();
        assert_same(&files(&next.export("out")), &bytes);
    }
}

on_both_databases! {
    fn a_byte_order_mark_and_crlf_are_accepted(world: World) {
        let folder = world.path("windows");
        fs::create_dir(&folder).unwrap();
        for (name, bytes) in files(&demo_folder()) {
            let text = String::from_utf8(bytes).unwrap().replace('\n', "\r\n");
            fs::write(folder.join(name), format!("\u{feff}{text}")).unwrap();
        }
        world.import(&folder).succeeded();
        let other = World::with_demo_data(Backend::Sqlite);
        assert_same(&files(&world.export("out")), &files(&other.export("out")));
    }
}
