//! The feedback of a service: what it says, that plans are kept and come back next year, and that page, API and workbook say
//! the same.

use facilities_audit::app::feedback::{self, NewPlan};
use facilities_audit::app::gaps::{self, GapQuery};
use facilities_audit::app::{App, AppError, keys, responses};
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit::domain::feedback::peers::FEWEST;
use facilities_audit_tests::{PageReader, Person, World, complete, demo_folder, on_both_databases};
use serde_json::{Value, json};

const SERVICE: &str = "FLS012";
const LEAD: Person<'_> = Person { email: "lead@example.org", role: Role::FlsLead, service: Some(SERVICE) };

fn country(world: &World) -> App {
    world.import(&demo_folder()).succeeded();
    world.app()
}

fn plan(based_on: i64, what: &str) -> NewPlan {
    NewPlan { based_on, what: what.into(), owner: "Dr Shah".into(), due: "2023-09-30".parse().ok() }
}

on_both_databases! {
    fn it_says_what_the_submitted_answers_come_to(world: World) {
        let app = country(&world);
        let lead = world.session(LEAD).principal;
        let found = feedback::of_service(&app, &lead, 2021, SERVICE).unwrap();
        // The gap is the gap page's, on both bases.
        let report = gaps::report(&app, &Principal::command_line(), &GapQuery { year: 2021, ..GapQuery::default() }).unwrap();
        let rows: Vec<_> = report.rows.iter().filter(|row| row.service == SERVICE).cloned().collect();
        assert_eq!((found.gaps.len(), &found.gaps), (2, &rows));
        // The place is among services of the same setting and third, and says of how many.
        let comparison = found.comparison.as_ref().unwrap();
        assert!(comparison.services >= FEWEST && comparison.services < 70, "{comparison:?}");
        for place in &comparison.places {
            assert!(place.place.is_some_and(|at| (1..=place.n).contains(&at)), "{place:?}");
        }
        assert_eq!(found.previous_year, Some(2019));
        assert!(found.changes.iter().any(|change| change.fact.starts_with("Nurses") && change.before != change.now));
        let (year, kpis) = found.kpis.as_ref().unwrap();
        assert_eq!((*year, kpis.kpis.len()), (2021, 11));
        // Every recommendation says what calls for it.
        assert!(!found.recommendations.is_empty());
        for line in &found.recommendations {
            assert!((4..=11).contains(&line.number) && !line.because.is_empty(), "{line:?}");
        }
        // All services are short on the reported basis, so the case for staff is called for.
        assert!(found.recommendations.iter().any(|line| line.number == 11));
    }

    fn a_draft_has_none_and_other_services_do_not_see_it(world: World) {
        let app = country(&world);
        let lead = world.session(LEAD).principal;
        let draft = feedback::of_service(&app, &lead, 2022, SERVICE);
        assert!(matches!(draft, Err(AppError::Refused { code: "not_submitted", .. })), "{draft:?}");
        let other = feedback::of_service(&app, &lead, 2021, "FLS013");
        assert!(matches!(other, Err(AppError::Forbidden { .. })), "{other:?}");
        let commissioner = keys::make(&app, &Principal::command_line(), "c", Role::Commissioner, None, None, None).unwrap().1;
        let commissioner = keys::principal_of_key(&app, &commissioner, &facilities_audit::app::sessions::Visit::unknown()).unwrap().unwrap();
        assert!(!feedback::of_service(&app, &commissioner, 2021, SERVICE).unwrap().can_plan, "who commissions reads");
        let planned = feedback::plan(&app, &commissioner, 2021, SERVICE, 8, &plan(0, "Mine"));
        assert!(matches!(planned, Err(AppError::Forbidden { .. })), "{planned:?}");
    }

    /// A plan is kept by version, and next year it is what the service said.
    fn a_plan_is_kept_and_comes_back_as_what_was_said(world: World) {
        let app = country(&world);
        let lead = world.session(LEAD).principal;
        let first = feedback::plan(&app, &lead, 2021, SERVICE, 8, &plan(0, "Meet every month.")).unwrap();
        assert_eq!(first.version, 1);
        let again = feedback::plan(&app, &lead, 2021, SERVICE, 8, &plan(0, "Meet every month.")).unwrap();
        assert_eq!(again.version, 1, "the same again is no change");
        let moved = feedback::plan(&app, &lead, 2021, SERVICE, 8, &plan(0, "Never meet."));
        assert!(matches!(moved, Err(AppError::Refused { code: "plan_moved", .. })), "{moved:?}");
        let changed = feedback::plan(&app, &lead, 2021, SERVICE, 8, &plan(1, "Meet on first Mondays.")).unwrap();
        assert_eq!(changed.version, 2);
        let no_such = feedback::plan(&app, &lead, 2021, SERVICE, 12, &plan(0, "x"));
        assert!(matches!(no_such, Err(AppError::NotFound { .. })), "{no_such:?}");
        let long = feedback::plan(&app, &lead, 2021, SERVICE, 9, &plan(0, &"x".repeat(2_000)));
        assert!(matches!(long, Err(AppError::Invalid(_))), "{long:?}");
        let view = complete(&app, &lead, 2022, SERVICE);
        responses::submit(&app, &lead, 2022, SERVICE, view.response.version).unwrap();
        let found = feedback::of_service(&app, &lead, 2022, SERVICE).unwrap();
        let line = found.recommendations.iter().find(|line| line.number == 8).unwrap();
        assert_eq!(line.you_said.as_ref().map(|plan| plan.what.as_str()), Some("Meet on first Mondays."));
        assert!(line.plan.is_none());
        let history = facilities_audit::app::history::of_response(&app, &lead, 2021, SERVICE, 0, 1_000).unwrap();
        assert_eq!(history.iter().filter(|named| named.entry.action == "action_planned").count(), 2);
    }

    fn page_api_and_workbook_say_the_same(world: World) {
        let app = country(&world);
        let key = keys::make(&app, &Principal::command_line(), "test", Role::FlsLead, Some(SERVICE), None, None).unwrap().1;
        let server = world.serve();
        let mut lead = world.reader(&server, LEAD);
        let page = format!("/survey/2021/{SERVICE}/feedback");
        let text = lead.get(&page).text();
        let address = server.address(&format!("/api/v1/services/{SERVICE}/feedback?year=2021"));
        let bearer = format!("Bearer {key}");
        let read = || -> Value { ureq::get(&address).header("Authorization", &bearer).call().unwrap().body_mut().read_json().unwrap() };
        let found = read();
        assert!(text.contains(found["statement"].as_str().unwrap()));
        let numbers: Vec<i64> = found["recommendations"].as_array().unwrap().iter().map(|line| line["recommendation"].as_i64().unwrap()).collect();
        for number in &numbers {
            assert!(text.contains(&format!("id=\"recommendation-{number}\"")), "{number}");
        }
        let number = numbers[0];
        let other = numbers[1];
        let plan = |number: i64, what: &str, due: &str| {
            [("based_on", "0"), ("what", what), ("owner", "The lead"), ("due", due)]
                .map(|(name, value)| (format!("{name}-{number}"), value.to_owned()))
        };
        let send = |lead: &mut PageReader, path: &str, fields: &[(String, String)]| {
            let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            lead.post(path, &fields)
        };
        // What is wrong with one plan keeps no other from being saved, and stays as it was written.
        let sent = [plan(number, "Find <more> people", "30/9/23"), plan(other, "Meet monthly", "")].concat();
        let wrong = send(&mut lead, &page, &sent);
        assert!(wrong.status == 422 && wrong.text().contains("such as 2023-09-30") && wrong.text().contains("Find &lt;more&gt; people"));
        assert_eq!(read()["recommendations"][1]["plan"]["action"], "Meet monthly");
        // Nor does a switch of the language lose it.
        let typed = [plan(number, "Find <more> people", "2023-09-30").to_vec(), vec![("language".to_owned(), "cy".to_owned())]].concat();
        let welsh = send(&mut lead, &format!("/language?here={page}"), &typed).text();
        assert!(welsh.contains("<html lang=\"cy\">") && welsh.contains("Find &lt;more&gt; people") && welsh.contains("2023-09-30"));
        assert!(read()["recommendations"][0].get("plan").is_none());
        assert_eq!(lead.post("/language?here=/", &[("language", "en")]).status, 303);
        assert_eq!(send(&mut lead, &page, &plan(number, "Find <more> people", "2023-09-30")).status, 303);
        assert!(lead.get(&page).text().contains("30 September 2023"));
        assert_eq!(read()["recommendations"][0]["plan"]["action"], "Find <more> people");
        let put = server.address(&format!("/api/v1/services/{SERVICE}/feedback/actions/{number}?year=2021"));
        let plan = json!({"version": 1, "action": "Find them sooner", "owner": "The lead"});
        let done: Value = ureq::put(&put).header("Authorization", &bearer).send_json(plan).unwrap().body_mut().read_json().unwrap();
        assert_eq!((done["version"].as_i64(), done["due"].as_str()), (Some(2), None));
        let workbook = lead.get(&format!("{page}.xlsx"));
        assert!(workbook.status == 200 && workbook.bytes.starts_with(b"PK"));
        let again = lead.get(&format!("{page}.xlsx"));
        assert_eq!(workbook.bytes, again.bytes, "the same feedback gives the same bytes");
        // Of a draft there is none: the list of sections says what is left.
        let draft = lead.get(&format!("/survey/2022/{SERVICE}/feedback"));
        assert_eq!(draft.status, 303);
    }
}
