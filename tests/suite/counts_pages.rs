//! The pages on which counts are entered, caseloads stated and data cut.

use facilities_audit::app::kpis;
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit_tests::{Backend, PageAnswer, PageReader, Person, World};

const TEAM: Person<'_> = Person { email: "team@example.org", role: Role::AuditTeam, service: None };
const LEAD: Person<'_> = Person { email: "lead@example.org", role: Role::FlsLead, service: Some("FLS012") };
const HEADER: &str = "service_code,month,kpi,stratum,numerator,denominator,eligible,complete\n";

fn upload(reader: &mut PageReader, rows: &str, enter: bool) -> PageAnswer {
    let text = format!("{HEADER}{rows}");
    let then: &[u8] = if enter { b"enter" } else { b"" };
    reader.post_files("/kpis/upload", &[("file", "kpi_counts.csv", text.as_bytes()), ("then", "", then)])
}

/// The figure beside a word of the summary.
fn told(page: &PageAnswer, word: &str) -> String {
    let text = page.text();
    let (_, after) = text.split_once(&format!("{word}</dt><dd class=\"nhsuk-summary-list__value\">")).expect(word);
    after.split_once('<').unwrap().0.to_owned()
}

#[test]
fn a_lead_sees_what_would_happen_before_anything_is_stored() {
    let world = World::with_demo_data(Backend::Sqlite);
    let (app, team) = (world.app(), Principal::command_line());
    let server = world.serve();
    let mut lead = world.reader(&server, LEAD);
    assert!(lead.get("/kpis/upload").text().contains("Counts of FLS012"));
    assert_eq!(lead.get("/kpis/upload/template.csv").text(), HEADER);
    let rows = "FLS012,2022-01,4,,30,60,,\nFLS012,2021-01,4,,1,60,,\n";
    let preview = upload(&mut lead, rows, false);
    assert_eq!(preview.status, 200);
    assert_eq!((told(&preview, "New counts"), told(&preview, "Corrections")), ("1".into(), "1".into()));
    assert!(preview.text().contains("1 of 60"), "what would stand there");
    let stored = || facilities_audit::app::counts::of_service(&app, &team, "FLS012", Some(2022), None).unwrap().len();
    assert_eq!(stored(), 0);
    let entered = upload(&mut lead, rows, true);
    assert!(entered.text().contains("Counts entered"));
    assert_eq!(stored(), 1);
    let again = upload(&mut lead, rows, false);
    assert!(again.text().contains("There is nothing to enter"));

    let refused = upload(&mut lead, "FLS013,2022-01,4,,30,60,,\nFLS012,2022-01,4,,61,60,,\n", true);
    assert_eq!(refused.status, 422);
    let text = refused.text();
    assert!(text.contains("not a service that you may enter counts for") && text.contains("Nothing was stored"));
    let empty = lead.post_files("/kpis/upload", &[("file", "kpi_counts.csv", b"")]);
    assert!(empty.status == 422 && empty.text().contains("Choose a file"));
    let other = lead.post_files("/kpis/upload", &[("file", "x.csv", b"a,b\n1,2\n")]);
    assert!(other.status == 422 && other.text().contains("header must be"));
}

#[test]
fn the_audit_team_states_a_caseload_and_cuts_the_data() {
    let world = World::with_demo_data(Backend::Sqlite);
    let server = world.serve();
    let mut team = world.reader(&server, TEAM);
    let expected = || {
        let (cases, _) = kpis::cases(&world.app(), &Principal::command_line(), 2021).unwrap();
        cases.services["FLS012"].expected
    };
    let by_rule = expected();
    let page = team.get("/kpis/caseloads?year=2021").text();
    assert!(page.contains("86 hospitals") && page.contains("State a caseload"));
    let form = |expected: &'static str, reason: &'static str| {
        [("year", "2021"), ("service", "fls012"), ("expected", expected), ("reason", reason)]
    };
    let refused = team.post("/kpis/caseloads", &form("many", ""));
    assert!(refused.status == 422 && refused.text().contains("value=\"many\""), "what was typed stays");
    let unknown = [("year", "2021"), ("service", "NONE"), ("expected", "1"), ("reason", "x")];
    assert!(team.post("/kpis/caseloads", &unknown).text().contains("There is no service"));
    let stated = team.post("/kpis/caseloads", &form("2,000", "A second site"));
    assert_eq!(stated.status, 303);
    let page = team.get(stated.location.as_deref().unwrap()).text();
    assert!(page.contains("A second site") && page.contains("The caseload was stated"));
    assert_eq!(expected(), Some(2_000));

    team.get("/rounds/2021/cuts");
    let cut = team.post("/rounds/2021/cuts", &[("note", "Report")]);
    let page = team.get(cut.location.as_deref().unwrap()).text();
    assert!(page.contains("Report</h2>") && page.contains("caseload_reasons.json"));
    assert_eq!(team.post("/kpis/caseloads", &[("year", "2021"), ("withdraw", "FLS012")]).status, 303);
    assert_eq!(expected(), by_rule);
    // Both stand in the history, with the reason.
    let history = team.get("/history?kind=caseload").text();
    assert!(history.contains("2000 cases: A second site") && history.contains("Withdrawn"));

    // Others see the caseloads, and may not state them.
    let mut lead = world.reader(&server, LEAD);
    assert!(!lead.get("/kpis/caseloads?year=2021").text().contains("State a caseload"));
    assert_eq!(lead.get("/rounds/2021/cuts").status, 403);
}
