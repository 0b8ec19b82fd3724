//! Every statistical method beside SciPy, statsmodels and R, over some nine hundred cases from a fixed seed.

use std::path::{Path, PathBuf};
use std::process::Command;

use facilities_audit_tests::{Backend, Ran, World};
use serde_json::Value;

/// The Python that `tests/run` has furnished with what the judge needs.
pub fn python() -> Command {
    let mut python =
        Command::new(std::env::var_os("TEST_PYTHON").expect("TEST_PYTHON is not set: run the tests by tests/run"));
    // The judge imports its neighbour, and would leave its bytecode among the sources.
    python.env("PYTHONDONTWRITEBYTECODE", "1");
    python
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("statistics").join(name)
}

/// What each judge says of the answers in the folder.
fn judged(folder: &Path) -> [Ran; 2] {
    let r = Ran::run(Command::new("Rscript").arg("--vanilla").arg(script("judge.R")).arg(folder));
    [Ran::run(python().arg(script("judge.py")).arg(folder)), r]
}

#[test]
fn scipy_statsmodels_and_r_agree() {
    let world = World::new(Backend::Sqlite);
    let folder = world.path("cases");
    std::fs::create_dir(&folder).unwrap();
    Ran::run(python().arg(script("cases.py")).arg(&folder)).succeeded();
    let methods: Vec<PathBuf> = std::fs::read_dir(&folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let mut cases = 0;
    for path in &methods {
        let method = path.file_stem().unwrap().to_str().unwrap();
        let input = std::fs::read_to_string(path).unwrap();
        let printed = super::statistics::statistics(&world, method, &input).succeeded().out;
        for word in ["NaN", "nan", "Infinity", "inf", "-0.0,"] {
            assert!(
                !printed.contains(&format!(":{word}")) && !printed.contains(&format!(",{word}")),
                "{method}: {word}"
            );
        }
        let answers: Vec<Value> = serde_json::from_str(&printed).unwrap();
        cases += answers.len();
        std::fs::write(path.with_extension("out.json"), printed).unwrap();
    }
    assert!(methods.len() == 16 && cases >= 800, "{cases} cases of {} methods", methods.len());
    for verdict in judged(&folder) {
        println!("{}", verdict.succeeded().out);
    }

    // A judge that agrees with anything proves nothing: each must see one figure that is off by a hundred-thousandth.
    let path = folder.join("quasi_binomial.out.json");
    let mut answers: Vec<Value> = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    let answer = answers.iter_mut().rfind(|answer| answer["status"] == "ok").unwrap();
    answer["se"][1] = Value::from(answer["se"][1].as_f64().unwrap() * 1.000_01);
    std::fs::write(&path, Value::from(answers).to_string()).unwrap();
    for verdict in judged(&folder) {
        assert_eq!(verdict.status, Some(1), "{}", verdict.out);
        assert!(verdict.out.contains("1 differences"), "{}", verdict.out);
    }
}
