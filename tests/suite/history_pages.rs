//! The history in pages and downloads: of a response in the survey's own words, and of everything.

use facilities_audit::app::accounts::{self, Invitation};
use facilities_audit::app::imports::{self, ImportOptions};
use facilities_audit::app::responses::{self, AnswerChange};
use facilities_audit::app::{App, keys};
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit::domain::interchange::FileKind;
use facilities_audit::domain::questionnaire::answer::{AnswerValue, Entry};
use facilities_audit_tests::{PageReader, Person, World, on_both_databases};

const SERVICES: &str = "code,name,trust_code,trust_name,area_code,valid_from,valid_to,successor_code
FLS001,One Fracture Liaison Service,,,QOQ,,,
FLS002,Two Fracture Liaison Service,,,QOQ,,,
";

const TEAM: Person<'_> = Person { email: "team@example.org", role: Role::AuditTeam, service: None };
const LEAD: Person<'_> = Person { email: "lead@example.org", role: Role::FlsLead, service: Some("FLS001") };
const OTHER: Person<'_> = Person { email: "other@example.org", role: Role::FlsLead, service: Some("FLS002") };

fn with_services(world: &World) -> App {
    let app = world.app();
    let who = Principal::command_line();
    imports::file(&app, &who, FileKind::Services, SERVICES.as_bytes(), ImportOptions::default(), &mut |_| {}).unwrap();
    app
}

fn answer(app: &App, link_id: &str, based_on: i64, entry: Entry, explanation: Option<&str>) {
    let who = Principal::command_line();
    let explanation = explanation.map(ToOwned::to_owned);
    let change = AnswerChange { link_id: link_id.into(), based_on, entry, explanation };
    responses::save(app, &who, 2022, "FLS001", vec![change]).unwrap();
}

/// The text of a page that is there.
#[track_caller]
fn page(reader: &mut PageReader, path: &str) -> String {
    let answer = reader.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.text()
}

fn link(page: &str, text: &str) -> Option<String> {
    let (before, _) = page.split_once(&format!("\">{text}</a>"))?;
    let (_, href) = before.rsplit_once("href=\"")?;
    Some(href.replace("&amp;", "&").replace("&#x3D;", "="))
}

on_both_databases! {
    fn the_history_of_a_response_is_told_in_the_words_of_the_survey(world: World) {
        let app = with_services(&world);
        answer(&app, "population_all_ages", 0, Entry::Value(AnswerValue::Integer(432_798)), None);
        answer(&app, "population_all_ages", 1, Entry::NotKnown, Some("=HYPERLINK(\"x\")"));
        answer(&app, "setting", 0, Entry::Value(AnswerValue::Choice("acute".into())), None);
        let server = world.serve();
        let mut lead = world.reader(&server, LEAD);
        let text = page(&mut lead, "/survey/2022/FLS001/history");
        for words in ["2.1 How many people of all ages does the service cover?", "432,798 people", "Not known", "Acute hospital", "No answer"] {
            assert!(text.contains(words), "{words}\n{text}");
        }
        // The newest comes first.
        assert!(text.find("Acute hospital") < text.find("432,798 people"));
        assert!(page(&mut lead, "/survey/2022/FLS001").contains("/survey/2022/FLS001/history"));

        let answer = lead.get("/survey/2022/FLS001/history.csv");
        assert_eq!(answer.status, 200);
        let disposition = answer.headers.iter().find(|(name, _)| name == "content-disposition").unwrap();
        assert_eq!(disposition.1, "attachment; filename=\"history-2022-FLS001.csv\"");
        let csv = answer.text();
        assert_eq!(csv.lines().count(), 4, "{csv}");
        assert!(csv.contains("2.1 How many people of all ages does the service cover?,\"432,798 people\",\"Not known (explanation: =HYPERLINK"), "{csv}");

        let mut other = world.reader(&server, OTHER);
        for path in ["/survey/2022/FLS001/history", "/survey/2022/FLS001/history.csv"] {
            assert_eq!(other.get(path).status, 403, "{path}");
        }
        assert!(page(&mut other, "/survey/2022/FLS002/history").contains("Nobody has answered anything yet"));
        assert_eq!(other.get("/survey/1999/FLS002/history").status, 404);
    }

    /// Pages go on where the one before ended, though things happen in between; the download has everything once.
    fn the_history_of_everything_is_paged_filtered_and_downloaded(world: World) {
        let app = with_services(&world);
        let command = Principal::command_line();
        let invite = |n: usize| {
            let invitation = Invitation { email: format!("p{n}@example.org"), name: Some(format!("=Person {n}")), role: Role::Commissioner, service: None, area: None };
            accounts::invite(&app, &command, &invitation).unwrap();
        };
        (0..120).for_each(invite);
        keys::make(&app, &command, "-1+1|cmd", Role::Commissioner, None, None, None).unwrap();
        let server = world.serve();
        let mut team = world.reader(&server, TEAM);

        let mut seen = std::collections::BTreeSet::new();
        let mut next = Some("/history?kind=account&actor=command".to_owned());
        let mut pages = 0;
        while let Some(path) = next {
            let text = page(&mut team, &path);
            for cell in text.split("<a href=\"/accounts/").skip(1) {
                let id = cell.split('"').next().unwrap();
                let action = cell.split("<br>").nth(1).unwrap().split('<').next().unwrap();
                assert!(seen.insert(format!("{id} {action}")), "{id} {action} comes twice");
            }
            // Something happens while somebody reads.
            invite(1_000 + pages);
            pages += 1;
            next = link(&text, "Older");
        }
        assert_eq!(pages, 3);
        // Two entries for each of the 120, and for the two of the audit team who reads.
        assert_eq!(seen.len(), 242);

        let text = page(&mut team, "/history?kind=key");
        let (_, table) = text.split_once("<table").unwrap();
        assert_eq!(table.matches("<th class=\"nhsuk-table__header app-small\" scope=\"row\">").count(), 1, "{table}");
        assert!(table.contains("-1+1|cmd"), "{table}");
        assert!(page(&mut team, "/history?actor=job").contains("There is nothing of this kind"));
        for wrong in ["/history?kind=secrets", "/history?before=x", "/history.csv?kind=%25"] {
            assert_eq!(team.get(wrong).status, 400, "{wrong}");
        }
        let answer = team.get("/history.csv?kind=account");
        assert!(answer.bytes.starts_with("\u{feff}at,who,".as_bytes()));
        assert_eq!(answer.text().lines().filter(|line| line.contains("Made")).count(), 120 + 3 + 1);
        // No field begins as a formula does.
        let all = team.get("/history.csv").text();
        let fields = all.lines().flat_map(|line| line.split(','));
        let formulas: Vec<&str> = fields.filter(|field| field.trim_start_matches('"').starts_with(['=', '+', '-', '@'])).collect();
        assert_eq!(formulas, Vec::<&str>::new());
    }

    fn an_accounts_page_tells_what_happened_to_it_and_what_they_did(world: World) {
        with_services(&world);
        let server = world.serve();
        let mut team = world.reader(&server, TEAM);
        let lead = world.account(LEAD);
        team.post(&format!("/accounts/{lead}/disable"), &[]);
        let text = page(&mut team, &format!("/accounts/{lead}"));
        let (_, happened) = text.split_once("What happened to this account").unwrap();
        assert!(happened.contains("Disabled") && happened.contains("127.0.0.1"), "{happened}");
        let own = world.account(TEAM);
        let text = page(&mut team, &format!("/accounts/{own}"));
        let (_, did) = text.split_once("What this person did").unwrap();
        assert!(did.contains("Disabled") && did.contains(&format!("/accounts/{lead}")), "{did}");
        let all = link(&text, "Everything that this person did").unwrap();
        assert!(page(&mut team, &all).contains("Disabled"));
    }
}
