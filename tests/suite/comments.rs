//! Comment threads: who may write and read, who is told by e-mail and how often, and the way of a thread through pages and
//! API. With the receipt of a submit, which goes the same way.

use facilities_audit::app::responses::{self, AnswerChange};
use facilities_audit::app::{App, AppError, keys};
use facilities_audit::app::{comments, explanations};
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit::domain::mail::Mail;
use facilities_audit::domain::questionnaire::answer::{AnswerValue, Entry};
use facilities_audit_tests::{PageReader, Person, World, complete, on_both_databases};
use serde_json::{Value, json};

const SERVICES: &str = "code,name,trust_code,trust_name,area_code,valid_from,valid_to,successor_code
AAA,Alpha Service,,,QOQ,,,
BBB,Beta Service,,,QWO,,,
";

const LEAD: Person<'_> = Person { email: "lead@example.org", role: Role::FlsLead, service: Some("AAA") };
const NURSE: Person<'_> = Person { email: "nurse@example.org", role: Role::FlsContributor, service: Some("AAA") };
const STRANGER: Person<'_> = Person { email: "other@example.org", role: Role::FlsLead, service: Some("BBB") };
const TEAM: Person<'_> = Person { email: "team@example.org", role: Role::AuditTeam, service: None };

fn country(world: &World) -> App {
    let folder = world.path("register");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(folder.join("services.csv"), SERVICES).unwrap();
    world.import(&folder).succeeded();
    world.app()
}

fn who(world: &World, person: Person<'_>) -> Principal {
    world.session(person).principal
}

/// The comments that were mailed to somebody.
fn mailed(world: &World, person: Person<'_>) -> Vec<String> {
    let mails = world.mails_to(person.email).into_iter();
    mails.filter_map(|mail| if let Mail::Comment { note, .. } = mail { Some(note) } else { None }).collect()
}

on_both_databases! {
    fn a_thread_goes_back_and_forth_and_each_side_is_told_once_an_hour(world: World) {
        let app = country(&world);
        let (lead, nurse, team) = (who(&world, LEAD), who(&world, NURSE), who(&world, TEAM));
        comments::write(&app, &nurse, 2022, "AAA", "setting", " What counts as acute? ").unwrap();
        comments::write(&app, &lead, 2022, "AAA", "setting", "We are in a hub.").unwrap();
        assert_eq!(mailed(&world, TEAM), ["What counts as acute?"]);
        assert!(mailed(&world, LEAD).is_empty(), "one's own side is not told");
        let waiting = comments::of_round(&app, &team, 2022).unwrap();
        assert!(waiting.len() == 1 && waiting[0].waits_for_team());
        let thread = comments::write(&app, &team, 2022, "AAA", "setting", "A hub is “somewhere else”.").unwrap();
        assert!(!thread.waits_for_team() && thread.comments.len() == 3);
        assert_eq!(thread.comments.iter().map(|comment| comment.from_team).collect::<Vec<_>>(), [false, false, true]);
        for person in [LEAD, NURSE] {
            assert_eq!(mailed(&world, person), ["A hub is “somewhere else”."], "both who wrote, once");
        }
        let counts = responses::view(&app, &lead, 2022, "AAA").unwrap().comments;
        assert_eq!(counts.get("setting"), Some(&3));
        let history = facilities_audit::app::history::of_response(&app, &lead, 2022, "AAA", 0, 100).unwrap();
        assert_eq!(history.iter().filter(|named| named.entry.action == "commented").count(), 3);
    }

    fn others_neither_read_nor_write(world: World) {
        let app = country(&world);
        let (lead, stranger) = (who(&world, LEAD), who(&world, STRANGER));
        let forbidden = |result: Result<comments::Thread, AppError>| assert!(matches!(result, Err(AppError::Forbidden { .. })), "{result:?}");
        comments::write(&app, &lead, 2022, "AAA", "setting", "Ours.").unwrap();
        forbidden(comments::write(&app, &stranger, 2022, "AAA", "setting", "Mine."));
        forbidden(comments::thread(&app, &stranger, 2022, "AAA", "setting"));
        assert!(comments::of_response(&app, &stranger, 2022, "AAA").is_err() && comments::of_round(&app, &lead, 2022).is_err());
        for (link_id, body) in [("setting", "  "), ("setting", "x".repeat(5_000).as_str())] {
            assert!(matches!(comments::write(&app, &lead, 2022, "AAA", link_id, body), Err(AppError::Invalid(_))));
        }
        assert!(matches!(comments::write(&app, &lead, 2022, "AAA", "nonsense", "x"), Err(AppError::NotFound { .. })));
    }

    fn pages_and_api_show_the_thread(world: World) {
        let app = country(&world);
        let key = keys::make(&app, &Principal::command_line(), "test", Role::FlsLead, Some("AAA"), None, None).unwrap().1;
        let server = world.serve();
        let (mut lead, mut team) = (world.reader(&server, LEAD), world.reader(&server, TEAM));
        let page = "/survey/2022/AAA/comments/setting";
        assert!(lead.get(page).text().contains("Nobody has written anything"));
        let empty = lead.post(page, &[("body", " ")]);
        assert!(empty.status == 422 && empty.text().contains("Write something"));
        assert_eq!(lead.post(page, &[("body", "A <b>question</b>")]).status, 303);
        assert!(lead.get(page).text().contains("A &lt;b&gt;question&lt;/b&gt;"));
        assert!(lead.get("/survey/2022/AAA/comments").text().contains("Waits for the audit team"));
        assert!(team.get("/rounds/2022/comments").text().contains("Alpha Service"));
        team.get(page);
        assert_eq!(team.post(page, &[("body", "An answer")]).status, 303);
        assert!(lead.get("/survey/2022/AAA/comments").text().contains("Answered"));
        let section = lead.get("/survey/2022/AAA/staffing").text();
        assert!(section.contains(">2 comments on question 1.2<") && section.contains("comments/contract\">Ask or comment"));

        let address = server.address("/api/v1/rounds/2022/responses/AAA/comments");
        let bearer = format!("Bearer {key}");
        let sent = ureq::post(&address).header("Authorization", &bearer).send_json(json!({"link_id": "setting", "body": "Thanks"}));
        let thread: Value = sent.unwrap().body_mut().read_json().unwrap();
        assert_eq!(thread["comments"].as_array().unwrap().len(), 3);
        let listed: Value = ureq::get(&address).header("Authorization", &bearer).call().unwrap().body_mut().read_json().unwrap();
        assert_eq!(listed["items"][0]["comments"][1]["body"], "An answer");
        assert_eq!(listed["items"][0]["waits_for_team"], true);
    }

    /// Whoever submits and every lead of the service has a receipt, with the version that was submitted.
    fn a_submit_is_receipted(world: World) {
        let app = country(&world);
        let (lead, team) = (who(&world, LEAD), who(&world, TEAM));
        let second = Person { email: "second@example.org", role: Role::FlsLead, service: Some("AAA") };
        world.account(second);
        let view = complete(&app, &lead, 2022, "AAA");
        let version = view.response.version;
        responses::submit(&app, &team, 2022, "AAA", version).unwrap();
        for person in [LEAD, second, TEAM] {
            let mails = world.mails_to(person.email).into_iter();
            let receipts = mails.filter_map(|mail| if let Mail::Receipt { version, .. } = mail { Some(version) } else { None });
            assert_eq!(receipts.collect::<Vec<_>>(), [version + 1], "{}", person.email);
        }
    }

    /// What a service says about an unusual answer reaches the audit team, with what was unusual.
    fn explanations_reach_the_audit_team(world: World) {
        let app = country(&world);
        let (lead, session) = (who(&world, LEAD), world.session(TEAM));
        let team = session.principal.clone();
        let answer = |link_id: &str, number: i64, explanation: Option<&str>| AnswerChange {
            link_id: link_id.into(),
            based_on: 0,
            entry: Entry::Value(AnswerValue::Integer(number)),
            explanation: explanation.map(ToOwned::to_owned),
        };
        // Seven in ten aged over 50: unusual.
        let changes = vec![answer("population_all_ages", 100_000, None), answer("population_50_plus", 70_000, Some("A seaside town."))];
        let view = responses::save(&app, &lead, 2022, "AAA", changes).unwrap();
        assert!(view.findings.iter().any(|finding| finding.explained), "{:?}", view.findings);
        let found = explanations::of_round(&app, &team, 2022).unwrap();
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!((found[0].service.as_str(), found[0].explanation.as_str(), found[0].submitted), ("AAA", "A seaside town.", false));
        assert!(matches!(explanations::of_round(&app, &lead, 2022), Err(AppError::Forbidden { .. })));
        let server = world.serve();
        let text = PageReader::with_session(&server, &session.session).get("/rounds/2022/explanations").text();
        assert!(text.contains("A seaside town.") && text.contains("Alpha Service"), "{text}");
    }
}
