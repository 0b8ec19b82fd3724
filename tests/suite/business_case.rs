//! The business case over the demo's country: its figures are those of the gap, cost and demand pages, it claims a shortfall
//! only where every reading has one, and page, text, file and API say the same.

use std::fs;

use facilities_audit::app::business_case::{self, BusinessCaseQuery, BusinessCaseReport};
use facilities_audit::app::costs::{self, CostQuery};
use facilities_audit::app::gaps::GapQuery;
use facilities_audit::app::scenarios::{self, NewScenario, Plan, Subject};
use facilities_audit::app::{App, keys};
use facilities_audit::domain::access::{Principal, Role as AccountRole};
use facilities_audit::domain::workforce::benefit::BenefitChoice;
use facilities_audit::domain::workforce::business_case::{Holds, Part, Said};
use facilities_audit::domain::workforce::gap::GapStatus;
use facilities_audit::domain::workforce::scenario::{NewPost, Scenario};
use facilities_audit::domain::workforce::standard::{Basis, Role};
use facilities_audit_tests::{Backend, Person, World, on_both_databases};
use serde_json::Value;

const LEAD: Person<'_> = Person { email: "lead@example.org", role: AccountRole::FlsLead, service: Some("FLS012") };

fn team() -> Principal {
    Principal::command_line()
}

fn query(service: &str) -> BusinessCaseQuery {
    BusinessCaseQuery { year: 2021, service: service.into(), ..BusinessCaseQuery::default() }
}

fn case(app: &App, service: &str) -> BusinessCaseReport {
    business_case::of_service(app, &team(), &query(service)).unwrap()
}

/// The numbers of a sentence, without those of its fixed words.
fn numbers(text: &str) -> Vec<String> {
    let text = text.replace("aged 50 and over", "").replace("per 1,000", "");
    let parts = text.split(|c: char| !(c.is_ascii_digit() || ".,-−£".contains(c)));
    let trimmed = parts.map(|part| part.trim_end_matches(['.', ',']).trim_start_matches(['.', ',']));
    trimmed.filter(|part| part.bytes().any(|byte| byte.is_ascii_digit())).map(ToOwned::to_owned).collect()
}

fn fact(report: &BusinessCaseReport, key: &str) -> Option<f64> {
    report.case.facts().into_iter().find(|fact| fact.key == key).map(|fact| fact.value)
}

on_both_databases! {
    fn each_number_is_that_of_the_gap_and_cost_pages(world: World) {
        let world = World::with_demo_data(world.backend());
        let app = world.app();
        let gaps = GapQuery { year: 2021, ..GapQuery::default() };
        let all = costs::report(&app, &team(), &CostQuery { gaps, ..CostQuery::default() }).unwrap();
        let mut services: Vec<&str> = all.gaps.rows.iter().map(|row| row.service.as_str()).collect();
        services.dedup();
        // What is said does not depend on the database: of every service on one, of some on the other.
        let (step, enough) = if world.backend() == Backend::Sqlite { (1, (50, 5)) } else { (9, (5, 0)) };
        let (mut whole, mut short) = (0, 0);
        for code in services.into_iter().step_by(step) {
            let report = case(&app, code);
            for part in [Part::Need, Part::Current, Part::Gap, Part::Options, Part::Cost, Part::Risks] {
                let said: &[Said] = report.case.section(part).map_or(&[], |section| &section.sentences);
                for said in said {
                    let shown: Vec<&str> = said.facts.iter().map(|fact| fact.shown.as_str()).collect();
                    for number in numbers(&said.text) {
                        assert!(shown.contains(&number.as_str()), "{code}: {number} of {:?} is not in {shown:?}", said.text);
                    }
                }
            }
            for (row, closing) in all.rows().filter(|(row, _)| row.service == code) {
                let basis = row.basis.as_str();
                for role in Role::ALL {
                    let (gap, name) = (row.role(role), role.as_str());
                    assert_eq!(fact(&report, &format!("gap.{name}.{basis}.low")), gap.gap_low, "{code} {name} {basis}");
                    assert_eq!(fact(&report, &format!("gap.{name}.{basis}.high")), gap.gap_high);
                    assert_eq!(fact(&report, &format!("need.{name}.{basis}.low")), gap.need_low);
                    assert_eq!(fact(&report, &format!("staff.{name}.in_post")), gap.in_post);
                    let added = fact(&report, &format!("option.close_high.{basis}.{name}.added"));
                    assert_eq!(added, closing.role(role).ok().map(|cost| cost.shortfall.high));
                }
                let cost = |end: &str| fact(&report, &format!("option.close_{end}.{basis}.cost"));
                let total = closing.total();
                assert_eq!((cost("low"), cost("high")), (total.map(|of| of.low.0), total.map(|of| of.high.0)));
                let new = fact(&report, &format!("option.close_low.{basis}.new_money"));
                assert_eq!(new, total.and(closing.split()).map(|split| split.new_money.low.0));
                whole += usize::from(total.is_some());
            }
            for readings in &report.case.readings {
                let claims = report.case.text().contains(&format!("short of {}", readings.role.plural()));
                let every = readings.found.iter().all(|reading| reading.gap >= 0.01);
                assert_eq!(claims, matches!(readings.holds(), Holds::Short { .. }), "{code}");
                assert!(!claims || every, "{code} claims what a reading denies");
                short += usize::from(claims);
            }
        }
        assert!(whole > enough.0 && short > enough.1, "{whole} priced, {short} claims");
    }
}

#[test]
fn what_is_missing_is_named_with_what_to_do() {
    let world = World::with_demo_data(Backend::Sqlite);
    let app = world.app();
    let all = facilities_audit::app::gaps::report(&app, &team(), &GapQuery { year: 2021, ..GapQuery::default() });
    let all = all.unwrap();
    let silent = all.rows.iter().find(|row| row.status == GapStatus::NoResponse).unwrap();
    let text = case(&app, &silent.service).case.text();
    assert!(text.contains("WHAT IS MISSING") && text.contains("no answers for audit year 2021: answer the survey"));
    assert!(!text.contains("is short of") && text.contains("cannot be said on both populations"), "{text}");
    let unpriced = BusinessCaseQuery {
        costing: facilities_audit::domain::workforce::cost::CostingChoice {
            nurse_band: Some("8b".into()),
            ..Default::default()
        },
        ..query("FLS012")
    };
    let text = business_case::of_service(&app, &team(), &unpriced).unwrap().case.text();
    assert!(text.contains("Nurses are not priced: no pay figure was read for band 8b in 2022/23"), "{text}");
}

#[test]
fn a_service_without_an_answered_population_has_a_page_that_says_so() {
    let world = World::new(Backend::Sqlite);
    let folder = world.path("files");
    fs::create_dir(&folder).unwrap();
    let services = "code,name,trust_code,trust_name,area_code,valid_from,valid_to,successor_code\nAAA,Alpha,,,QOQ,,,\n";
    fs::write(folder.join("services.csv"), services).unwrap();
    let answers = "service_code,year,link_id,row,value\nAAA,2021,staff_in_post,nurse/7,1.59\n";
    fs::write(folder.join("responses.csv"), answers).unwrap();
    world.import(&folder).succeeded();
    let server = world.serve();
    let mut reader = world.reader(&server, Person { service: Some("AAA"), ..LEAD });
    let page = reader.get("/gaps/business-case/AAA?year=2021").text();
    for part in [
        "The population of all ages is not answered",
        "How many administrators are in post is not answered",
        "How many nurses are funded is not answered",
        "No cases are expected of the service",
        "In post: 1.59 nurse WTE; how many are funded is not known.",
        "Whether there is a gap in nurses cannot be said on both populations.",
    ] {
        assert!(page.contains(part), "{part}");
    }
    assert!(!page.contains("is short of") && !page.contains("not known: nurses"));
}

#[test]
fn the_page_its_text_its_file_and_the_interface_agree() {
    let world = World::with_demo_data(Backend::Sqlite);
    let app = world.app();
    let server = world.serve();
    let mut lead = world.reader(&server, LEAD);
    let path = "/gaps/business-case/FLS012";
    let report = case(&app, "FLS012");
    let page = lead.get(&format!("{path}?year=2021")).text();
    let text = lead.get(&format!("{path}/text.txt?year=2021"));
    assert_eq!((text.status, text.text()), (200, report.case.text()));
    let opening = &report.case.section(Part::Need).unwrap().sentences[0].text;
    assert!(page.contains(opening), "{opening}");
    for section in &report.case.sections {
        assert!(page.contains(&format!("id=\"{}\"", section.part.as_str())) && !section.sentences.is_empty());
    }
    // Nothing is promised until somebody asks, and then it is told whose figures they are.
    assert!(page.contains("No benefit is claimed here") && !page.contains("McLellan AR"));
    let asked = lead.get(&format!("{path}?year=2021&benefit=mclellan_2011&coefficient-fractures=20")).text();
    for part in ["McLellan AR", "other people’s figures", "the reader’s own coefficient", "value=\"20\""] {
        assert!(asked.contains(part), "{part}");
    }
    let wrong = lead.get(&format!("{path}?year=2021&benefit=mclellan_2011&coefficient-fractures=many"));
    assert!(wrong.status == 422 && wrong.text().contains("is not a coefficient"), "{}", wrong.status);
    // What posts cost can be changed; the text follows.
    let dearer = lead.get(&format!("{path}/text.txt?year=2021&on_cost=1.5")).text();
    assert!(dearer != report.case.text() && dearer.contains("pay × 1.5"));
    // It is reached from the gaps and from the feedback, and is nobody else's.
    assert!(lead.get("/gaps?year=2021").text().contains("/gaps/business-case/FLS012?year&#x3D;2021"));
    assert!(lead.get("/survey/2021/FLS012/feedback").text().contains("/gaps/business-case/FLS012?year&#x3D;2021"));
    assert_eq!(lead.get("/gaps/business-case/FLS013?year=2021").status, 403);
    assert_eq!(lead.get("/gaps/business-case/NOWHERE?year=2021").status, 404);

    // A saved scenario stands among the options where it is named, and one of another service does not.
    let post = NewPost { role: Role::Nurse, band: "7".into(), wte: 1.0, start_year: 1, start_month: 1 };
    let add = |name: &str, service: &str| {
        let plan = Plan {
            subject: Subject { year: 2021, service: Some(service.into()), ..Subject::default() },
            scenario: Scenario { years: 2, posts: vec![post.clone()], ..Scenario::default() },
            ..Plan::default()
        };
        scenarios::add(&app, &team(), &NewScenario { name: name.into(), shared: true, plan }).unwrap().id
    };
    let (own, other) = (add("One nurse more", "FLS012"), add("Elsewhere", "FLS013"));
    let file = lead.get(&format!("{path}/options.csv?year=2021&scenario={own}")).text();
    assert_eq!(file.lines().count(), 1 + 5 * Basis::ALL.len(), "{file}");
    let line = file.lines().find(|line| line.starts_with(&format!("scenario_{own}"))).unwrap();
    assert!(line.contains("One nurse more") && line.contains("FLS012,2021"), "{line}");
    assert!(lead.get(&format!("{path}?year=2021")).text().contains("One nurse more"), "it is offered");
    assert!(!lead.get(&format!("{path}?year=2021")).text().contains("Elsewhere"));

    let key = keys::make(&app, &team(), "reader", AccountRole::AuditTeam, None, None, None).unwrap().1;
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let get = |query: &str| {
        let url = server.address(&format!("/api/v1/workforce/business-case?year=2021&service=FLS012{query}"));
        let mut answer = agent.get(&url).header("authorization", format!("Bearer {key}")).call().unwrap();
        let status = answer.status().as_u16();
        (status, serde_json::from_str::<Value>(&answer.body_mut().read_to_string().unwrap()).unwrap())
    };
    let (status, body) = get("");
    assert_eq!((status, body["text"].as_str()), (200, Some(report.case.text().as_str())));
    let facts = body["facts"].as_array().unwrap();
    for sentence in body["sections"].as_array().unwrap().iter().flat_map(|one| one["sentences"].as_array().unwrap()) {
        for key in sentence["facts"].as_array().unwrap() {
            assert!(facts.iter().any(|fact| fact["key"] == *key), "{key}");
        }
    }
    assert!(body["benefits"].is_null() && !get("&benefit=ros_campaign").1["benefits"].is_null());
    let (status, refused) = get(&format!("&scenarios={other}"));
    assert_eq!((status, refused["errors"][0]["code"].as_str()), (422, Some("of_another_service")));
    let many = BenefitChoice { model: "nobody".into(), own: Vec::new() };
    let refused =
        business_case::of_service(&app, &team(), &BusinessCaseQuery { benefit: Some(many), ..query("FLS012") });
    assert_eq!(refused.unwrap_err().code(), "invalid");
}
