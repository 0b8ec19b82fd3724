//! The hospitals of a service: what the lead sees, what they may challenge and until when, who decides, and what a differing
//! answer opens. The register stays what it is.

use facilities_audit::app::hospitals::{self, NewChallenge};
use facilities_audit::app::responses::{self, AnswerChange};
use facilities_audit::app::{App, AppError};
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit::domain::challenge::{Claim, Source};
use facilities_audit::domain::questionnaire::answer::{AnswerValue, Entry};
use facilities_audit_tests::{Person, World, complete, on_both_databases};

const SERVICES: &str = "code,name,trust_code,trust_name,area_code,valid_from,valid_to,successor_code
AAA,Alpha Service,,,QOQ,,,
BBB,Beta Service,,,QWO,,,
";
const HOSPITALS: &str = "code,name,area_code,service_code,valid_from,valid_to,latitude,longitude
H001,North Hospital,QOQ,AAA,,,,
H002,South Hospital,QWO,BBB,,,,
H003,East Hospital,QOQ,,,,,
";
const CASES: &str = "hospital_code,year,hip_fractures
H001,2021,100
H001,2022,120
H002,2022,80
";
const LEAD: Person<'_> = Person { email: "lead@example.org", role: Role::FlsLead, service: Some("AAA") };
const NURSE: Person<'_> = Person { email: "nurse@example.org", role: Role::FlsContributor, service: Some("AAA") };

fn country(world: &World) -> App {
    let folder = world.path("register");
    std::fs::create_dir(&folder).unwrap();
    for (name, text) in [("services", SERVICES), ("hospitals", HOSPITALS), ("hip_fractures", CASES)] {
        std::fs::write(folder.join(format!("{name}.csv")), text).unwrap();
    }
    world.import(&folder).succeeded();
    world.app()
}

fn new(hospital: &'static str, claim: &'static str) -> NewChallenge<'static> {
    NewChallenge { hospital, claim, reason: "The trauma unit moved." }
}

on_both_databases! {
    fn a_lead_sees_the_figures_challenges_and_is_told_the_decision(world: World) {
        let app = country(&world);
        let (lead, nurse, team) = (world.session(LEAD).principal, world.session(NURSE).principal, Principal::command_line());
        let seen = hospitals::of_service(&app, &nurse, 2022, "AAA").unwrap();
        assert_eq!((seen.years.as_slice(), seen.expected.as_slice()), (&[2021, 2022][..], &[Some(500), Some(600)][..]));
        assert_eq!(seen.hospitals[0].cases, [Some(100), Some(120)]);
        assert!(!seen.can_challenge, "a contributor reads");
        assert!(matches!(hospitals::challenge(&app, &nurse, 2022, "AAA", &new("H003", "ours")), Err(AppError::Forbidden { .. })));
        assert!(matches!(hospitals::of_service(&app, &lead, 2022, "BBB"), Err(AppError::Forbidden { .. })));
        // What the register says already, or does not say, is no claim.
        for (hospital, claim) in [("H001", "ours"), ("H003", "not_ours"), ("H002", "figure"), ("H009", "ours"), ("H003", "")] {
            let refused = hospitals::challenge(&app, &lead, 2022, "AAA", &new(hospital, claim));
            assert!(matches!(refused, Err(AppError::Invalid(_))), "{hospital} {claim}: {refused:?}");
        }
        let made = hospitals::challenge(&app, &lead, 2022, "AAA", &new("H003", "ours")).unwrap();
        let twice = hospitals::challenge(&app, &lead, 2022, "AAA", &new("H003", "ours"));
        assert!(matches!(twice, Err(AppError::Refused { code: "challenge_open", .. })), "{twice:?}");
        assert!(matches!(hospitals::decide(&app, &lead, 2022, &made.id, Some(true), "x"), Err(AppError::Forbidden { .. })));
        assert!(matches!(hospitals::decide(&app, &team, 2022, &made.id, None, ""), Err(AppError::Invalid(_))));
        hospitals::decide(&app, &team, 2022, &made.id, Some(true), "Yes, from the next register.").unwrap();
        let again = hospitals::decide(&app, &team, 2022, &made.id, Some(false), "No.");
        assert!(matches!(again, Err(AppError::Refused { code: "challenge_decided", .. })), "{again:?}");
        let seen = hospitals::of_service(&app, &lead, 2022, "AAA").unwrap();
        let line = &seen.challenges[0];
        assert!(line.challenge.decision.as_ref().unwrap().accepted && line.register_lags);
        assert_eq!(seen.hospitals.len(), 1, "the register decides, and is changed by an import alone");
        // A round that is over takes none.
        let late = hospitals::challenge(&app, &lead, 2021, "AAA", &new("H003", "ours"));
        assert!(matches!(late, Err(AppError::Refused { code: "round_not_open", .. })), "{late:?}");
    }

    /// An answer that differs from the register opens a query on each hospital, once, when it is submitted.
    fn a_differing_answer_opens_a_query(world: World) {
        let app = country(&world);
        let (lead, team) = (world.session(LEAD).principal, Principal::command_line());
        let entry = Entry::Value(AnswerValue::Choices(vec!["H003".into()]));
        let change = AnswerChange { link_id: "hospitals".into(), based_on: 0, entry, explanation: None };
        responses::save(&app, &lead, 2022, "AAA", vec![change]).unwrap();
        let seen = hospitals::of_service(&app, &lead, 2022, "AAA").unwrap();
        let differs: Vec<(&str, Claim)> = seen.differences.iter().map(|(hospital, claim)| (hospital.code.as_str(), *claim)).collect();
        assert_eq!(differs, [("H001", Claim::NotOurs), ("H003", Claim::Ours)]);
        assert!(seen.challenges.is_empty(), "a draft opens nothing");
        for _ in 0..2 {
            let view = complete(&app, &lead, 2022, "AAA");
            let view = responses::submit(&app, &lead, 2022, "AAA", view.response.version).unwrap();
            responses::reopen(&app, &team, 2022, "AAA", view.response.version, "Another look.", None).unwrap();
        }
        let lines = hospitals::of_round(&app, &team, 2022).unwrap();
        let opened: Vec<(&str, Claim, Source)> = lines
            .iter()
            .map(|line| (line.challenge.hospital.as_str(), line.challenge.claim, line.challenge.source))
            .collect();
        assert_eq!(opened, [("H001", Claim::NotOurs, Source::Answer), ("H003", Claim::Ours, Source::Answer)]);
    }

    fn the_pages_do_the_same(world: World) {
        country(&world);
        let server = world.serve();
        let team = Person { email: "team@example.org", role: Role::AuditTeam, service: None };
        let (mut lead, mut team) = (world.reader(&server, LEAD), world.reader(&server, team));
        let page = "/survey/2022/AAA/hospitals";
        let text = lead.get(page).text();
        assert!(text.contains("North Hospital") && text.contains("600"), "{text}");
        assert_eq!(lead.post(page, &[("hospital", "H003"), ("claim", "ours")]).status, 422);
        assert_eq!(lead.post(page, &[("hospital", "H003"), ("claim", "ours"), ("reason", "Since April.")]).status, 303);
        let listed = team.get("/rounds/2022/hospitals").text();
        assert!(listed.contains("1 to decide") && listed.contains("Since April."), "{listed}");
        let action = listed.split_once("<form action=\"/rounds/").unwrap().1.split_once('"').unwrap().0;
        let action = format!("/rounds/{action}");
        assert_eq!(team.post(&action, &[("decision", "reject")]).status, 422);
        assert_eq!(team.post(&action, &[("decision", "reject"), ("note", "It is Beta's.")]).status, 303);
        assert!(lead.get(page).text().contains("Beta&#x27;s"));
    }
}
