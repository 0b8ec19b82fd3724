//! `kpi-counts`: patient-level records become counts on the user's own machine.

use std::fs;
use std::path::PathBuf;

use facilities_audit_tests::{Backend, Ran, World, demo_folder, program};

const HEADER: &str = "service_code,fracture_date,age,sex,residence,fracture_site,assessment_date,dxa_ordered,dxa_date,\
                      falls_assessment,treatment,strength_balance_date,follow_up_date,treatment_at_follow_up,\
                      treatment_at_12_months,death_date";

/// A folder with one file of records, and the command on it. No database is named or made.
struct Machine(tempfile::TempDir);

impl Machine {
    fn with(records: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("records.csv"), records).unwrap();
        Self(folder)
    }

    fn output(&self) -> PathBuf {
        self.0.path().join("kpi_counts.csv")
    }

    fn count(&self, arguments: &[&str]) -> Ran {
        let mut command = program();
        command.current_dir(self.0.path()).args(["kpi-counts", "--from", "records.csv", "-o", "kpi_counts.csv"]);
        Ran::run(command.args(arguments))
    }

    fn rows(&self) -> Vec<String> {
        fs::read_to_string(self.output()).unwrap().lines().skip(1).map(ToOwned::to_owned).collect()
    }
}

#[test]
fn records_become_counts_that_import_takes() {
    let machine = Machine::with(&format!(
        "{HEADER}\n\
         FLS010,2021-03-05,80,female,home,spine,2021-04-01,yes,2021-05-01,assessed,recommended,2021-06-01,2021-06-20,started,,\n\
         FLS010,2021-03-09,67,male,home,forearm,,no,,not_done,declined,,,,,\n\
         FLS010,2021-03-10,49,male,home,forearm,,,,,,,,,,\n\
         FLS011,2020-03-10,90,,care_home,hip,not_done,,,,referred_gp,,,,taking,\n"
    ));
    let ran = machine.count(&["--year", "2021", "--by", "sex,outcome"]);
    ran.succeeded_saying("records counted: 3, of services: 2, of people under 50 left out: 1");
    let rows = machine.rows();
    for row in [
        "FLS010,2021-03,2,,2,,2,2",
        "FLS010,2021-03,2,sex=male,1,,1,1",
        "FLS010,2021-03,3,,1,,2,2",
        "FLS010,2021-03,4,,1,2,2,1",
        "FLS010,2021-03,5,,1,1,1,1",
        "FLS010,2021-03,6,,1,2,2,2",
        "FLS010,2021-03,7,,1,2,2,2",
        "FLS010,2021-03,7,outcome=declined,1,2,2,2",
        "FLS010,2021-03,7,outcome=inappropriate,0,2,2,2",
        "FLS010,2021-03,8,,1,1,1,1",
        "FLS010,2021-03,9,,1,1,1,1",
        "FLS010,2021-03,10,,1,1,1,1",
        "FLS011,2021-03,11,,1,1,1,1",
        "FLS011,2021-03,11,sex=not_recorded,1,1,1,1",
    ] {
        assert!(rows.contains(&row.to_owned()), "{row} is not among\n{}", rows.join("\n"));
    }
    assert!(!rows.iter().any(|row| row.starts_with("FLS011,2020")), "2020 was not asked for");
    assert_eq!(fs::read_dir(machine.0.path()).unwrap().count(), 2, "nothing but the counts was made");
    // What it wrote is a file that import takes, and export gives back byte for byte.
    let world = World::new(Backend::Sqlite);
    let folder = world.path("counts");
    fs::create_dir(&folder).unwrap();
    for name in ["areas.csv", "services.csv"] {
        fs::copy(demo_folder().join(name), folder.join(name)).unwrap();
    }
    fs::copy(machine.output(), folder.join("kpi_counts.csv")).unwrap();
    world.import(&folder).succeeded();
    let exported = fs::read(world.export("out").join("kpi_counts.csv")).unwrap();
    assert_eq!(exported, fs::read(machine.output()).unwrap());
}

#[test]
fn bad_rows_are_named_and_nothing_is_written() {
    let machine = Machine::with(&format!(
        "\u{feff}{HEADER}\r\n\
         FLS010,2021-03-05,80,woman,,spine,2021-02-01,,,,,,,,,\r\n\
         fls,05/03/2021,eighty,,,,,,,,,,,,,\r\n\
         FLS010,2021-03-05\r\n\
         FLS010,2021-03-05,80,,,,,,,,,,,,,\r\n"
    ));
    machine.count(&[]).failed_saying(&[
        "records.csv: line 2, column sex: \"woman\" is none of male, female, other and not empty",
        "line 2, column assessment_date: 2021-02-01 is before the fracture on 2021-03-05",
        "line 3, column service_code: \"fls\" is not a unit code",
        "line 3, column fracture_date: \"05/03/2021\" is not a day (YYYY-MM-DD)",
        "line 3, column age: \"eighty\" is not an age",
        "line 4: the row has 2 fields, the header 16",
        "wrong rows: 3; mend them, or leave them out with --skip-bad-rows",
    ]);
    assert!(!machine.output().exists());
    let ran = machine.count(&["--skip-bad-rows", "--totals-only"]);
    ran.succeeded_saying("records counted: 1, of services: 1, wrong rows left out: 3");
    assert!(machine.rows().contains(&"FLS010,2021-03,4,,0,1,1,0".to_owned()));
}

#[test]
fn what_the_file_and_the_call_must_have() {
    let own = HEADER.replacen("service_code,", "", 1);
    let machine = Machine::with(&format!("{own},nhs_number\n2021-03-05,80,,,,,,,,,,,,,,9434765919\n"));
    machine.count(&[]).failed_saying(&["the header lacks service_code"]);
    let ran = machine.count(&["--service", "FLS010"]).succeeded();
    assert!(ran.err.contains("these columns are not read: nhs_number"), "{}", ran.err);
    let written = fs::read_to_string(machine.output()).unwrap();
    assert!(written.contains("FLS010,2021-03,2,,1,,1,1") && !written.contains("9434765919"));
    machine.count(&["--service", "fls"]).refused_with(2, &["--service \"fls\" is not a unit code"]);
    machine
        .count(&["--service", "FLS010", "--by", "shoe_size"])
        .refused_with(2, &["--by: \"shoe_size\" is not one of"]);
}
