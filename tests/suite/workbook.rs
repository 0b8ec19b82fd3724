//! The gap workbook as an office suite sees it.

use std::path::Path;
use std::process::Command;

use facilities_audit_tests::{Backend, Ran, World};

/// The Python that `tests/run` has furnished with what the judge needs.
fn python() -> Command {
    Command::new(std::env::var_os("TEST_PYTHON").expect("TEST_PYTHON is not set: run the tests by tests/run"))
}

fn judge(workbook: &Path, arguments: &[&str]) {
    let judge = Path::new(env!("CARGO_MANIFEST_DIR")).join("workbook/judge.py");
    Ran::run(python().arg(judge).arg(workbook).args(arguments)).succeeded();
}

#[test]
fn the_stored_values_are_what_the_formulas_give() {
    let world = World::with_demo_data(Backend::Sqlite);
    world.run(&["gaps", "--year", "2021", "-o", "gaps.xlsx"]).succeeded();
    let workbook = world.path("gaps.xlsx");
    judge(&workbook, &[]);
    judge(&workbook, &["--self-test-assumptions"]);
}
