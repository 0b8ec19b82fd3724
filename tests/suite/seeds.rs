//! Reference data with something wrong in it stops the start, and is told by file, line and reason.

use std::fs;
use std::path::Path;

use facilities_audit_tests::{Backend, World};

/// A file, what is replaced in it by what, and what is to be said.
const FAULTS: &[(&str, &str, &str, &str)] = &[
    ("questionnaires/items/02-population.toml", "type = \"integer\"", "type = \"intger\"", "unknown variant `intger`"),
    ("questionnaires/items/01-staffing.toml", "link_id = \"setting\"", "link_id = \"Setting\"", "lower-case letters"),
    ("questionnaires/2021.toml", "\"setting\",", "\"settingg\",", "`settingg` is not in the item bank"),
    ("questionnaires/rules.toml", "has_any = [\"hip_inpatients\"]", "has_any = [\"hip\"]", "option `hip`"),
    ("methodology/kpis.toml", "at_least = 80", "at_least = 8", "from the highest edge to the lowest"),
    ("methodology/2021.toml", "spine_share = 0.20", "spine_share = 20", "spine share 0 to 1"),
    ("standards/ros.toml", "population_low = 40000", "population_low = 50000", "population range"),
    (
        "rounds.toml",
        "questionnaire = \"2021.1\"",
        "questionnaire = \"2021.9\"",
        "no questionnaire of version \"2021.9\"",
    ),
    ("rounds.toml", "status = \"open\"", "state = \"open\"", "unknown field `state`"),
    ("areas.csv", ",icb,Y63,", ",icbx,Y63,", "\"icbx\" is not a kind of area"),
    ("pay/afc_england.csv", "20270", "many", "invalid digit"),
    ("benefits/mclellan_2011.toml", "value = 266", "value = -266", "must be 0 or more"),
    ("pay/assumptions.toml", "multiplier = 1.27", "multiplier = 0.27", "multiplier within them"),
];

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}

#[test]
fn a_malformed_seed_file_stops_the_start() {
    let world = World::new(Backend::Sqlite);
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../seeds");
    for (number, (file, right, wrong, reason)) in FAULTS.iter().enumerate() {
        let folder = world.path(&format!("seeds-{number}"));
        copy(&seeds, &folder);
        let path = folder.join(file);
        let text = fs::read_to_string(&path).unwrap();
        let line =
            text.lines().position(|line| line.contains(right)).unwrap_or_else(|| panic!("{file} has no {right}"));
        fs::write(&path, text.replacen(right, wrong, 1)).unwrap();
        let place = format!("seed file {file}, line ");
        let ran = world.run(&["--seeds", folder.to_str().unwrap(), "serve", "--port", "0"]);
        let said = ran.failed_saying(&[&place, reason]);
        // The line itself, but where the fault is one of the entry that the line belongs to.
        let named: usize = said.err.split(&place).nth(1).unwrap().split(':').next().unwrap().parse().unwrap();
        assert!(named.abs_diff(line + 1) <= 12, "{file}: line {named} is told, the fault is in line {}", line + 1);
    }
    assert!(!world.path("facilities-audit.db").exists(), "the database was made before the seeds were read");
}
