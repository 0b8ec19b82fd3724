//! The program dies without warning, as in a power cut of the machine it runs on.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Stdio;
use std::time::{Duration, Instant};

use facilities_audit_tests::{World, demo_folder, on_both_databases};

fn exported(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_str().unwrap().to_owned(), fs::read(&path).unwrap()))
        .collect()
}

/// How often an import is killed, spread over the time that one takes.
const KILLS: u32 = 6;

/// How often at the most, where the machine has become so much faster or slower that no kill hit one.
const MOST_KILLS: u32 = 5 * KILLS;

on_both_databases! {
    /// Each file is one transaction: after the crash it is there whole or not at all.
    fn a_killed_import_leaves_whole_files(world: World) {
        let complete = world;
        complete.app();
        let empty = exported(&complete.export("empty"));
        let began = Instant::now();
        complete.import(&demo_folder()).succeeded();
        let takes = began.elapsed();
        let whole = exported(&complete.export("whole"));

        let (mut whole_files, mut absent_files) = (0, 0);
        for kill in 0..MOST_KILLS {
            if kill >= KILLS && whole_files > 0 && absent_files > 0 {
                break;
            }
            let world = World::new(complete.backend());
            let mut command = world.program(&["import"]);
            command.arg(demo_folder()).stdout(Stdio::null()).stderr(Stdio::null());
            let mut import = command.spawn().unwrap();
            std::thread::sleep(takes * (kill % KILLS) / KILLS + jitter(takes / KILLS));
            import.kill().unwrap();
            import.wait().unwrap();

            // Opening it is what the next start of the service does.
            world.app();
            let left = exported(&world.export("left"));
            for (name, bytes) in &left {
                if *bytes == whole[name] {
                    whole_files += 1;
                } else if *bytes == empty[name] {
                    absent_files += 1;
                } else {
                    panic!("{name} is there in part after kill {kill}: {} bytes", bytes.len());
                }
            }
            // And the work can be taken up where it broke off.
            if kill == KILLS / 2 {
                world.import(&demo_folder()).succeeded();
                assert!(exported(&world.export("after")) == whole, "taking up the work gives other files");
            }
        }
        assert!(whole_files > 0 && absent_files > 0, "{whole_files} whole, {absent_files} absent: no kill hit an import");
    }
}

/// Some part of a span, another each time: which one does not matter, so the clock's fine digits do for chance.
fn jitter(span: Duration) -> Duration {
    let chance = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().subsec_nanos() % 1000;
    span * chance / 1000
}
