//! A response away from the web: downloaded, filled in by an office program's hand, uploaded, with a report on every cell.

use std::path::{Path, PathBuf};

use facilities_audit::app::App;
use facilities_audit::app::offline::{self, CellVerdict, UploadReport};
use facilities_audit::app::responses::{self, AnswerChange};
use facilities_audit::app::{AppError, keys};
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit::domain::questionnaire::answer::{AnswerStatus, AnswerValue, Entry};
use facilities_audit_tests::{Person, Ran, World, on_both_databases};
use serde_json::{Value, json};

const SERVICE: &str = "FLS012";
const TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

const SERVICES: &str = "code,name,trust_code,trust_name,area_code,valid_from,valid_to,successor_code
FLS012,A service,,,QOQ,,,
FLS013,Another,,,QOQ,,,
";
const ANSWERS: &str = "service_code,year,link_id,row,value
FLS012,2021,population_all_ages,,390000
FLS012,2021,staff_in_post,nurse/7,1.2
FLS012,2022,population_all_ages,,400000
FLS012,2022,setting,,acute
FLS012,2022,staff_in_post,nurse/7,1.5
FLS012,2022,unit_code,,FLS012
";

fn country(world: &World) -> App {
    let folder = world.path("register");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("services.csv"), SERVICES).unwrap();
    std::fs::write(folder.join("responses.csv"), ANSWERS).unwrap();
    world.import(&folder).succeeded();
    world.app()
}

/// Fills in a workbook, by the Python that `tests/run` has furnished.
fn filled(world: &World, workbook: &[u8], edits: &Value) -> Vec<u8> {
    let (source, target): (PathBuf, PathBuf) = (world.path("out.xlsx"), world.path("back.xlsx"));
    std::fs::write(&source, workbook).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("workbook/fill.py");
    let python = std::env::var_os("TEST_PYTHON").expect("TEST_PYTHON is not set: run the tests by tests/run");
    let mut command = std::process::Command::new(python);
    Ran::run(command.arg(script).arg(source).arg(&target).arg(edits.to_string())).succeeded();
    std::fs::read(target).unwrap()
}

fn verdicts(report: &UploadReport) -> Vec<(&str, CellVerdict)> {
    report.lines.iter().map(|line| (line.link_id.as_str(), line.verdict)).collect()
}

on_both_databases! {
    /// What was changed is saved, what was not is left alone, and the same file sent again changes nothing.
    fn a_workbook_goes_out_and_comes_back(world: World) {
        let (app, team) = (country(&world), Principal::command_line());
        let before = responses::view(&app, &team, 2022, SERVICE).unwrap().response;
        let workbook = offline::download(&app, &team, 2022, SERVICE).unwrap();
        let edits = json!([
            ["population_50_plus", "whole", 151_000],
            ["setting", "whole", "Community"],
            ["contract", "whole", "Not known"],
            ["service_start", "whole", "April 2015"],
            ["staff_in_post", "row:nurse/5", 0.4],
            ["staff_in_post", "row:nurse/6", "0,6"],
            ["digitisable_tasks", "option:letters", "Yes"],
            ["population_50_plus", "explanation", "From the ICB's own count."],
        ]);
        let file = filled(&world, &workbook, &edits);
        let rehearsal = offline::upload(&app, &team, 2022, SERVICE, &file, true).unwrap();
        assert!(!rehearsal.stored && rehearsal.count(CellVerdict::Accepted) > 0, "{:?}", rehearsal.lines);
        assert_eq!(responses::view(&app, &team, 2022, SERVICE).unwrap().response, before, "a rehearsal stores nothing");
        let done = offline::upload(&app, &team, 2022, SERVICE, &file, false).unwrap();
        assert!(done.stored, "{:?}", done.lines);
        assert_eq!(verdicts(&done), verdicts(&rehearsal));
        assert_eq!(done.count(CellVerdict::Refused) + done.count(CellVerdict::Conflict), 0, "{:?}", done.lines);
        let after = responses::view(&app, &team, 2022, SERVICE).unwrap().response;
        let document = &after.document;
        assert_eq!(document.value("population_50_plus"), Some(&AnswerValue::Integer(151_000)));
        let explained = document.get("population_50_plus").unwrap().explanation.as_deref();
        assert_eq!(explained, Some("From the ICB's own count."));
        assert_eq!(document.value("setting"), Some(&AnswerValue::Choice("community".into())));
        assert_eq!(document.status("contract"), AnswerStatus::NotKnown);
        assert_eq!(document.value("service_start"), Some(&AnswerValue::Month("2015-04".into())));
        let Some(AnswerValue::Grid(cells)) = document.value("staff_in_post") else { panic!("no grid") };
        let wte = |row: &str| cells.iter().find(|cell| cell.row() == row).and_then(|cell| cell.wte).unwrap().to_string();
        assert_eq!((wte("nurse/5"), wte("nurse/6")), ("0.4".into(), "0.6".into()));
        let untouched = |link_id: &str| document.get(link_id) == before.document.get(link_id);
        assert!(untouched("population_all_ages") && untouched("unit_code"), "what nobody touched is as it was");
        let again = offline::upload(&app, &team, 2022, SERVICE, &file, false).unwrap();
        assert!(!again.stored && again.lines.is_empty() && again.version == done.version, "{:?}", again.lines);
    }

    /// What a colleague saved meanwhile stays, both values are shown, and the rest is taken.
    fn an_old_base_is_a_conflict_and_never_an_overwrite(world: World) {
        let (app, team) = (country(&world), Principal::command_line());
        let workbook = offline::download(&app, &team, 2022, SERVICE).unwrap();
        let view = responses::view(&app, &team, 2022, SERVICE).unwrap();
        let based_on = view.response.document.version("population_all_ages");
        let entry = Entry::Value(AnswerValue::Integer(401_000));
        let change = AnswerChange { link_id: "population_all_ages".into(), based_on, entry, explanation: None };
        responses::save(&app, &team, 2022, SERVICE, vec![change]).unwrap();
        let edits = json!([["population_all_ages", "whole", 402_000], ["population_50_plus", "whole", 151_000]]);
        let file = filled(&world, &workbook, &edits);
        let report = offline::upload(&app, &team, 2022, SERVICE, &file, false).unwrap();
        let conflict = report.lines.iter().find(|line| line.verdict == CellVerdict::Conflict).unwrap();
        assert_eq!((conflict.link_id.as_str(), conflict.entered.as_str(), conflict.saved.as_str()), ("population_all_ages", "402000", "401000"));
        assert!(conflict.reason.contains("audit team"), "who: {}", conflict.reason);
        assert!(report.stored && report.count(CellVerdict::Accepted) == 1);
        let document = responses::view(&app, &team, 2022, SERVICE).unwrap().response.document;
        assert_eq!(document.value("population_all_ages"), Some(&AnswerValue::Integer(401_000)));
        assert_eq!(document.value("population_50_plus"), Some(&AnswerValue::Integer(151_000)));
    }

    /// A cell that cannot be read is refused with its place and reason; the others are taken.
    fn cells_are_refused_one_by_one(world: World) {
        let (app, team) = (country(&world), Principal::command_line());
        let workbook = offline::download(&app, &team, 2022, SERVICE).unwrap();
        let edits = json!([
            ["population_all_ages", "whole", "about 400k"],
            ["setting", "whole", "The moon"],
            ["hospitals", "whole", "XXXX"],
            ["staff_establishment", "row:nurse/7", "two"],
            ["population_50_plus", "whole", 12],
        ]);
        let file = filled(&world, &workbook, &edits);
        let report = offline::upload(&app, &team, 2022, SERVICE, &file, false).unwrap();
        let refused: Vec<&str> =
            report.lines.iter().filter(|line| line.verdict == CellVerdict::Refused).map(|line| line.link_id.as_str()).collect();
        assert_eq!(refused, ["setting", "hospitals", "staff_establishment", "population_all_ages"]);
        for line in &report.lines {
            assert!(line.cell.starts_with('D') && !line.reason.is_empty() && !line.sheet.is_empty(), "{line:?}");
        }
        let odd = report.lines.iter().find(|line| line.verdict == CellVerdict::Accepted).unwrap();
        assert!(odd.reason.contains("To put right before the submit"), "{}", odd.reason);
    }

    /// What is not the workbook of this response is refused, through API and page, with a sentence.
    fn other_workbooks_are_refused(world: World) {
        let (app, team) = (country(&world), Principal::command_line());
        let code = |result: Result<UploadReport, AppError>| match result {
            Err(AppError::Invalid(problems)) => problems[0].code,
            Err(AppError::Refused { code, .. }) => code,
            other => panic!("{other:?}"),
        };
        let upload = |bytes: &[u8]| code(offline::upload(&app, &team, 2022, SERVICE, bytes, false));
        assert_eq!(upload(&offline::download(&app, &team, 2022, "FLS013").unwrap()), "other_service");
        assert_eq!(upload(&offline::download(&app, &team, 2021, SERVICE).unwrap()), "other_round");
        assert_eq!(upload(b"PK nothing"), "unreadable");
        // Locked means locked.
        let own = offline::download(&app, &team, 2021, SERVICE).unwrap();
        assert_eq!(code(offline::upload(&app, &team, 2021, SERVICE, &own, true)), "round_not_open");
        let lead = Person { email: "lead@example.org", role: Role::FlsLead, service: Some(SERVICE) };
        let server = world.serve();
        let mut reader = world.reader(&server, lead);
        let page = format!("/survey/2022/{SERVICE}/workbook");
        let answer = reader.post_files(&page, &[("file", "x.xlsx", b"nonsense")]);
        assert_eq!(answer.status, 422);
        assert!(answer.text().contains("cannot be read as an Excel workbook"));
    }

    /// The page rehearses, then saves what the rehearsal showed; the API does the same.
    fn page_and_api_take_a_workbook(world: World) {
        let (app, team) = (country(&world), Principal::command_line());
        let lead = Person { email: "lead@example.org", role: Role::FlsLead, service: Some(SERVICE) };
        let key = keys::make(&app, &team, "test", Role::FlsLead, Some(SERVICE), None, None).unwrap().1;
        let server = world.serve();
        let mut reader = world.reader(&server, lead);
        let page = format!("/survey/2022/{SERVICE}/workbook");
        let downloaded = reader.get(&format!("{page}.xlsx"));
        assert_eq!(downloaded.bytes, offline::download(&app, &team, 2022, SERVICE).unwrap());
        let file = filled(&world, &downloaded.bytes, &json!([["population_50_plus", "whole", 151_000]]));
        reader.get(&page);
        let preview = reader.post_files(&page, &[("file", "back.xlsx", &file)]);
        assert_eq!(preview.status, 200);
        assert!(preview.text().contains("Nothing is saved yet") && preview.text().contains("151000"));
        let text = preview.text();
        let kept = text.split_once("name=\"kept\" value=\"").unwrap().1.split_once('"').unwrap().0.replace("&#x3D;", "=");
        let done = reader.post_files(&page, &[("kept", "", kept.as_bytes()), ("then", "", b"apply")]);
        assert_eq!((done.status, done.location.as_deref()), (303, Some(format!("{page}?saved=1").as_str())));
        let document = responses::view(&app, &team, 2022, SERVICE).unwrap().response.document;
        assert_eq!(document.value("population_50_plus"), Some(&AnswerValue::Integer(151_000)));

        let address = server.address(&format!("/api/v1/rounds/2022/responses/{SERVICE}/workbook"));
        let bearer = format!("Bearer {key}");
        let workbook = ureq::get(&address).header("Authorization", &bearer).call().unwrap().body_mut().read_to_vec().unwrap();
        let file = filled(&world, &workbook, &json!([["population_50_plus", "whole", 152_000]]));
        for (query, stored) in [("?dry_run=true", false), ("", true)] {
            let request = ureq::post(format!("{address}{query}")).header("Authorization", &bearer).header("Content-Type", TYPE);
            let report: Value = request.send(&file).unwrap().body_mut().read_json().unwrap();
            assert_eq!((report["stored"].as_bool(), report["accepted"].as_u64()), (Some(stored), Some(1)), "{report}");
            assert_eq!(report["items"][0]["saved"], "151000");
        }
    }
}
