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
        let scripts =
            [("gaps.sh", Command::new("bash")), ("gaps.R", r), ("answers.py", python()), ("feed.mjs", Command::new("node"))];
        let words = ["150 gaps", "services short of nurses on either basis", "a conflict at version", "changes up to"];
        for ((script, mut command), words) in scripts.into_iter().zip(words) {
            command.arg(repository().join("openapi/examples").join(script)).current_dir(world.path(""));
            command.env("BASE", server.address("/api/v1")).env("KEY", &key);
            Ran::run(&mut command).succeeded_saying(words);
        }
        let listed = std::fs::read_dir(repository().join("openapi/examples")).unwrap().count();
        assert_eq!(listed, words.len(), "each script is run here");
    }
}
