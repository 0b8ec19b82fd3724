//! The scripts of `openapi/examples/`, run as their readers run them.

use std::process::Command;

use facilities_audit::domain::access::Role;
use facilities_audit_tests::{Ran, on_both_databases};

use super::contract::{key, repository};
use super::statistics_judges::python;

on_both_databases! {
    fn the_example_scripts_work(world: World) {
        facilities_audit::app::demo::load_country(&world.app(), &mut |_, _, _| {}).unwrap();
        let key = key(&world, Role::AuditTeam, "");
        let server = world.serve();
        let mut r = Command::new("Rscript");
        r.arg("--vanilla");
        // It was built with this test: `target/…/deps/suite-…` and `target/…/examples/counts`.
        let built = std::env::current_exe().unwrap();
        let counts = Command::new(built.parent().unwrap().with_file_name("examples").join("counts"));
        let scripts = [
            ("gaps.sh", Command::new("bash"), "150 gaps"),
            ("gaps.R", r, "services short of nurses on either basis"),
            ("answers.py", python(), "a conflict at version"),
            ("feed.mjs", Command::new("node"), "changes up to"),
            ("Answers.java", Command::new("java"), "the file is whole"),
            ("counts.rs", counts, "1 added"),
        ];
        let there = scripts.len();
        for (script, mut command, words) in scripts {
            if !script.ends_with(".rs") {
                command.arg(repository().join("openapi/examples").join(script));
            }
            command.current_dir(world.path(""));
            command.env("BASE", server.address("/api/v1")).env("KEY", &key);
            Ran::run(&mut command).succeeded_saying(words);
        }
        let listed = std::fs::read_dir(repository().join("openapi/examples")).unwrap().count();
        assert_eq!(listed, there, "each script is run here");
    }
}
