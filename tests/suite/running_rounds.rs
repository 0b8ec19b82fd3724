//! Running a round: its states and what each allows, its days, more time, reminders, what happens by itself, and the
//! dashboard over all of it.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, NaiveDate, Utc};
use facilities_audit::app::mail::Mail;
use facilities_audit::app::reminders;
use facilities_audit::app::responses::{self, AnswerChange};
use facilities_audit::app::rounds::{self, RoundText, Step};
use facilities_audit::app::{App, AppError, Environment, Settings, accounts, cuts, enrolment, history};
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit::domain::questionnaire::answer::{AnswerValue, Entry};
use facilities_audit::domain::round::{Round, RoundStatus};
use facilities_audit::store::responses::ResponseState;
use facilities_audit_tests::{Backend, PageReader, World, on_both_databases, session_of};

const SERVICE: &str = "FLS012";

fn team() -> Principal {
    Principal::command_line()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Applications on one database, as many processes would be, with one clock that the test moves.
struct Clocked {
    now: Arc<Mutex<DateTime<Utc>>>,
}

impl Clocked {
    fn new(now: &str) -> Self {
        Self { now: Arc::new(Mutex::new(at(now))) }
    }

    fn set(&self, now: &str) {
        *self.now.lock().unwrap() = at(now);
    }

    fn app(&self, world: &World) -> App {
        let clock = Arc::clone(&self.now);
        let environment = Environment { clock: Arc::new(move || *clock.lock().unwrap()), ..Environment::system() };
        world.app_with(Settings::default(), environment)
    }
}

fn text_of(app: &App, year: i32) -> (RoundText, i64) {
    let round = rounds::one(app, &team(), year).unwrap();
    (RoundText::of(&round), round.version)
}

fn copied(app: &App, from: i32) -> Result<Round, AppError> {
    let version = rounds::one(app, &team(), from).unwrap().version;
    rounds::copy(app, &team(), from, version)
}

fn step(app: &App, year: i32, step: &Step) -> Result<Round, AppError> {
    let version = rounds::one(app, &team(), year).unwrap().version;
    rounds::transition(app, &team(), year, version, step)
}

fn with_reason(to: RoundStatus, reason: &str) -> Step {
    Step { reason: Some(reason.into()), ..Step::to(to) }
}

fn answer(app: &App, cycles: i64) -> Result<(), AppError> {
    let view = responses::view(app, &team(), 2022, SERVICE)?;
    let change = AnswerChange {
        link_id: "improvement_cycles".into(),
        based_on: view.response.document.version("improvement_cycles"),
        entry: Entry::Value(AnswerValue::Integer(cycles)),
        explanation: None,
    };
    responses::save(app, &team(), 2022, SERVICE, vec![change]).map(drop)
}

fn code<T: std::fmt::Debug>(result: Result<T, AppError>) -> &'static str {
    result.unwrap_err().code()
}

/// The field that a refusal names.
fn field<T: std::fmt::Debug>(result: Result<T, AppError>) -> String {
    match result.unwrap_err() {
        AppError::Invalid(problems) => problems[0].field.clone(),
        other => panic!("{other:?}"),
    }
}

fn actions(app: &App, object: &str) -> Vec<String> {
    let filter = history::HistoryFilter { object: Some(object.into()), ..history::HistoryFilter::default() };
    let mut entries = history::newest(app, &team(), &filter, 1_000).unwrap();
    entries.reverse();
    entries.into_iter().map(|named| named.entry.action).collect()
}

on_both_databases! {
    fn a_round_goes_its_way_and_each_state_allows_its_own(world: World) {
        let app = world.app_with_answers_of(&[SERVICE]);
        answer(&app, 1).unwrap();
        // What is not the next state cannot be taken, and a state that others have left is told as moved.
        assert_eq!(code(step(&app, 2022, &Step::to(RoundStatus::Preview))), "no_such_step");
        let before = rounds::one(&app, &team(), 2022).unwrap().version;
        step(&app, 2022, &Step::to(RoundStatus::Closed)).unwrap();
        assert_eq!(code(rounds::transition(&app, &team(), 2022, before, &Step::to(RoundStatus::Open))), "round_moved");

        // Nobody answers, and the method changes no more.
        assert_eq!(code(answer(&app, 2)), "round_not_open");
        let (mut text, version) = text_of(&app, 2022);
        text.methodology = 2021;
        assert_eq!(code(rounds::put(&app, &team(), 2022, &text, version)), "round_state");

        // One step back wants a reason.
        assert_eq!(field(step(&app, 2022, &Step::to(RoundStatus::Open))), "reason");
        step(&app, 2022, &with_reason(RoundStatus::Open, "Two sites were late")).unwrap();
        answer(&app, 2).unwrap();
        step(&app, 2022, &Step::to(RoundStatus::Closed)).unwrap();

        // The report quotes a cut, of this round.
        assert_eq!(field(step(&app, 2022, &Step::to(RoundStatus::Preview))), "cut");
        let other = cuts::make(&app, &team(), 2021, "another round").unwrap().id;
        assert_eq!(field(step(&app, 2022, &Step { cut: Some(other), ..Step::to(RoundStatus::Preview) })), "cut");
        let cut = cuts::make(&app, &team(), 2022, "the report").unwrap().id;
        let preview = Step { cut: Some(cut.clone()), ..Step::to(RoundStatus::Preview) };
        assert_eq!(step(&app, 2022, &preview).unwrap().cut, Some(cut.clone()));
        // Nobody reads it without an account yet.
        assert!(facilities_audit::app::published::rounds(&app).unwrap().iter().all(|round| round.year != 2022));
        let back = step(&app, 2022, &with_reason(RoundStatus::Closed, "A count was wrong")).unwrap();
        assert_eq!(back.cut, None);
        step(&app, 2022, &preview).unwrap();
        step(&app, 2022, &Step::to(RoundStatus::Published)).unwrap();
        assert!(facilities_audit::app::published::rounds(&app).unwrap().iter().any(|round| round.year == 2022));
        for to in [RoundStatus::Preview, RoundStatus::Closed, RoundStatus::Open] {
            assert_eq!(code(step(&app, 2022, &with_reason(to, "Never"))), "no_such_step");
        }
        let expected = [
            "closed", "opened_again", "closed", "cut", "preview_begun", "preview_ended", "preview_begun", "published",
        ];
        assert_eq!(actions(&app, "round/2022"), expected);
    }

    fn the_next_year_is_a_copy_in_one_step(world: World) {
        let clocked = Clocked::new("2026-01-10T10:00:00Z");
        drop(world.app_with_answers_of(&[SERVICE]));
        let app = clocked.app(&world);
        let file = format!("service_code,role,email,name\n{SERVICE},fls_lead,lead@example.org,Ann Lee\nFLS013,,,\n");
        let report = enrolment::from_csv(&app, &team(), 2022, file.as_bytes(), false).unwrap();
        assert_eq!(report.services_enrolled, [SERVICE, "FLS013"]);
        let (mut text, version) = text_of(&app, 2022);
        text.opens_on = None;
        text.closes_on = Some(day("2026-02-28"));
        text.reminders = true;
        rounds::put(&app, &team(), 2022, &text, version).unwrap();

        let copy = copied(&app, 2022).unwrap();
        assert_eq!((copy.year, copy.status, copy.version), (2023, RoundStatus::Draft, 1));
        assert_eq!(copy.facilities_audit, "2024 facilities audit");
        assert_eq!((copy.closes_on, copy.staffing_as_at), (Some(day("2027-02-28")), day("2024-04-01")));
        assert_eq!((copy.questionnaire.as_str(), copy.methodology, copy.reminders), ("2022.1", 2022, true));
        assert_eq!(field(copied(&app, 2022)), "year");
        // The same services are asked, and nobody else is.
        let found = rounds::dashboard(&app, &team(), 2023).unwrap();
        assert_eq!((found.rate.services, found.not_started), (2, 2));
        // What was submitted last year is offered this year once it is open.
        assert_eq!(code(responses::save(&app, &team(), 2023, SERVICE, Vec::new())), "round_not_open");
        step(&app, 2023, &Step::to(RoundStatus::Open)).unwrap();
        assert!(responses::view(&app, &team(), 2023, SERVICE).unwrap().can_edit);

        // A draft that nobody has answered can be thrown away; the history keeps it.
        let third = copied(&app, 2023).unwrap();
        assert_eq!(code(rounds::discard(&app, &team(), 2023, 2)), "round_state");
        rounds::discard(&app, &team(), 2024, third.version).unwrap();
        assert_eq!(code(rounds::one(&app, &team(), 2024)), "not_found");
        assert_eq!(actions(&app, "round/2024"), ["added", "services_enrolled", "discarded"]);
    }

    fn what_is_wrong_with_a_round_is_said_field_by_field(world: World) {
        let clocked = Clocked::new("2026-05-01T10:00:00Z");
        let app = clocked.app(&world);
        let good = RoundText {
            facilities_audit: "2026 facilities audit".into(),
            report: None,
            opens_on: Some(day("2026-05-01")),
            closes_on: Some(day("2026-06-30")),
            publishes_on: Some(day("2026-12-01")),
            staffing_as_at: day("2026-04-01"),
            questionnaire: "2022.1".into(),
            methodology: 2022,
            standard: "ros".into(),
            sign_off: true,
            reminders: true,
        };
        let bad = RoundText {
            facilities_audit: " ".into(),
            opens_on: Some(day("2026-04-30")),
            closes_on: Some(day("2026-04-29")),
            publishes_on: Some(day("2026-04-29")),
            staffing_as_at: day("2030-04-01"),
            questionnaire: "1999.1".into(),
            methodology: 1999,
            standard: "none".into(),
            ..good.clone()
        };
        let AppError::Invalid(problems) = rounds::put(&app, &team(), 2025, &bad, 0).unwrap_err() else { panic!() };
        let fields: Vec<&str> = problems.iter().map(|problem| problem.field.as_str()).collect();
        let expected = [
            "facilities_audit", "closes_on", "opens_on", "closes_on", "publishes_on", "publishes_on", "staffing_as_at",
            "questionnaire", "methodology", "standard",
        ];
        assert_eq!(fields, expected);
        let lead = Principal { memberships: Vec::new(), ..team() };
        assert_eq!(code(rounds::put(&app, &lead, 2025, &good, 0)), "forbidden");
        let added = rounds::put(&app, &team(), 2025, &good, 0).unwrap();
        // The same again changes nothing; another of the year is none; a version that has moved on is refused.
        assert_eq!(rounds::put(&app, &team(), 2025, &good, 0).unwrap(), added);
        let other = RoundText { sign_off: false, ..good };
        assert_eq!(field(rounds::put(&app, &team(), 2025, &other, 0)), "year");
        assert_eq!(code(rounds::put(&app, &team(), 2025, &other, 7)), "round_moved");
        assert_eq!(rounds::put(&app, &team(), 2025, &other, 1).unwrap().version, 2);
        // Nobody is there to answer.
        assert_eq!(code(step(&app, 2025, &Step::to(RoundStatus::Open))), "nobody_enrolled");
    }

    fn a_service_with_more_time_answers_after_the_others(world: World) {
        let clocked = Clocked::new("2026-05-01T10:00:00Z");
        drop(world.app_with_answers_of(&[SERVICE]));
        let app = clocked.app(&world);
        step(&app, 2022, &Step::to(RoundStatus::Closed)).unwrap();
        assert_eq!(code(answer(&app, 1)), "round_not_open");
        assert_eq!(field(rounds::extend(&app, &team(), 2022, SERVICE, day("2026-04-30"), "Ill")), "until");
        assert_eq!(field(rounds::extend(&app, &team(), 2022, SERVICE, day("2026-05-14"), " ")), "reason");
        let extended = rounds::extend(&app, &team(), 2022, SERVICE, day("2026-05-14"), "The lead was ill").unwrap();
        assert!(extended.holds);
        answer(&app, 1).unwrap();
        let open = |app: &App| {
            let all = responses::list(app, &team(), 2022).unwrap();
            all.into_iter().filter(|one| one.open).map(|one| one.service.code).collect::<Vec<_>>()
        };
        assert_eq!(open(&app), [SERVICE]);
        // Its last day ends at midnight in London, which is an hour before midnight in Greenwich.
        clocked.set("2026-05-14T22:59:59Z");
        answer(&app, 2).unwrap();
        clocked.set("2026-05-14T23:00:00Z");
        assert_eq!(code(answer(&app, 3)), "round_not_open");
        assert!(open(&app).is_empty());
        clocked.set("2026-05-10T10:00:00Z");
        rounds::take_back(&app, &team(), 2022, SERVICE).unwrap();
        assert_eq!(code(answer(&app, 3)), "round_not_open");
        assert_eq!(code(rounds::take_back(&app, &team(), 2022, SERVICE)), "not_found");
        let told = actions(&app, &format!("response/2022/{SERVICE}"));
        assert!(told.contains(&"extended".to_owned()) && told.contains(&"extension_taken_back".to_owned()), "{told:?}");
    }

    fn a_submitted_response_is_opened_again_after_the_round_with_time_to_answer(world: World) {
        let clocked = Clocked::new("2026-05-01T10:00:00Z");
        drop(world.app_with_answers_of(&[SERVICE]));
        let app = clocked.app(&world);
        let view = crate::responses::complete(&app, &team());
        let submitted = responses::submit(&app, &team(), 2022, SERVICE, view.response.version).unwrap();
        step(&app, 2022, &Step::to(RoundStatus::Closed)).unwrap();
        let version = submitted.response.version;
        let reopen = |until| responses::reopen(&app, &team(), 2022, SERVICE, version, "One figure is wrong", until);
        assert_eq!(field(reopen(None)), "until");
        assert_eq!(responses::view(&app, &team(), 2022, SERVICE).unwrap().response.version, version, "nothing is stored");
        let view = reopen(Some(day("2026-05-08"))).unwrap();
        assert!(view.can_edit && view.can_submit);
        answer(&app, 3).unwrap();
        let all = responses::submissions(&app, &team(), 2022, SERVICE).unwrap();
        assert_eq!(all[0].submission.document, submitted.response.document, "what was submitted stays");
    }

    fn a_round_opens_closes_and_is_published_by_itself_once(world: World) {
        let clocked = Clocked::new("2026-03-01T10:00:00Z");
        drop(world.app_with_answers_of(&[SERVICE]));
        let app = clocked.app(&world);
        let mut text = text_of(&app, 2022).0;
        text.facilities_audit = "2026 facilities audit".into();
        text.staffing_as_at = day("2026-04-01");
        // The Sunday on which the clocks go forward: midnight is still an hour of winter.
        text.opens_on = Some(day("2026-03-29"));
        text.closes_on = Some(day("2026-04-30"));
        text.publishes_on = Some(day("2026-11-05"));
        rounds::put(&app, &team(), 2025, &text, 0).unwrap();
        let status = || rounds::one(&app, &team(), 2025).unwrap().status;
        // Four processes look at once, each time.
        let apps: Vec<App> = (0..4).map(|_| clocked.app(&world)).collect();
        let look = |now: &str| {
            clocked.set(now);
            std::thread::scope(|scope| {
                for app in &apps {
                    scope.spawn(|| rounds::run_due(app).unwrap());
                }
            });
        };
        look("2026-03-28T23:59:59Z");
        assert_eq!(status(), RoundStatus::Draft);
        look("2026-03-29T00:00:00Z");
        assert_eq!(status(), RoundStatus::Open);
        look("2026-04-30T22:59:59Z");
        assert_eq!(status(), RoundStatus::Open);
        look("2026-04-30T23:00:00Z");
        assert_eq!(status(), RoundStatus::Closed);
        let cut = cuts::make(&app, &team(), 2025, "report").unwrap().id;
        step(&app, 2025, &Step { cut: Some(cut), ..Step::to(RoundStatus::Preview) }).unwrap();
        look("2026-11-05T09:29:59Z");
        assert_eq!(status(), RoundStatus::Preview);
        look("2026-11-05T09:30:00Z");
        assert_eq!(status(), RoundStatus::Published);
        assert_eq!(actions(&app, "round/2025"), ["added", "opened", "closed", "cut", "preview_begun", "published"]);
        let jobs = rounds::jobs(&app, &team(), 2025).unwrap();
        assert!(jobs.iter().all(|job| job.done_at.is_some() && job.attempts == 0), "{jobs:?}");
    }

    fn a_job_that_fails_is_tried_again_and_one_planned_anew_is_not_done(world: World) {
        let clocked = Clocked::new("2026-03-01T10:00:00Z");
        let app = clocked.app(&world);
        let mut text = text_of(&app, 2022).0;
        text.staffing_as_at = day("2026-04-01");
        text.opens_on = Some(day("2026-03-10"));
        let round = rounds::put(&app, &team(), 2025, &text, 0).unwrap();
        clocked.set("2026-03-10T00:00:00Z");
        // Nobody is there to answer, so it cannot open.
        rounds::run_due(&app).unwrap();
        let jobs = rounds::jobs(&app, &team(), 2025).unwrap();
        assert_eq!((jobs[0].attempts, jobs[0].done_at), (1, None));
        assert!(jobs[0].last_error.as_ref().unwrap().contains("No service is enrolled"), "{jobs:?}");
        rounds::run_due(&app).unwrap();
        assert_eq!(rounds::jobs(&app, &team(), 2025).unwrap()[0].attempts, 1, "not before its time");
        drop(world.app_with_answers_of(&[SERVICE]));
        clocked.set("2026-03-10T00:02:00Z");
        rounds::run_due(&app).unwrap();
        let opened = rounds::one(&app, &team(), 2025).unwrap();
        assert_eq!(opened.status, RoundStatus::Open);

        text.closes_on = Some(day("2026-04-30"));
        let changed = rounds::put(&app, &team(), 2025, &text, opened.version).unwrap();
        text.closes_on = Some(day("2026-05-15"));
        rounds::put(&app, &team(), 2025, &text, changed.version).unwrap();
        clocked.set("2026-05-01T10:00:00Z");
        rounds::run_due(&app).unwrap();
        assert_eq!(rounds::one(&app, &team(), 2025).unwrap().status, RoundStatus::Open);
        assert!(round.version < changed.version);
    }

    fn services_are_reminded_by_plan_and_by_hand_and_never_twice(world: World) {
        let clocked = Clocked::new("2026-04-01T10:00:00Z");
        drop(world.app_with_answers_of(&[SERVICE]));
        let app = clocked.app(&world);
        let file = format!(
            "service_code,role,email,name\n{SERVICE},fls_lead,lead@example.org,Ann Lee\n\
             FLS013,fls_contributor,other@example.org,Bo Lee\nFLS014,,,\n"
        );
        enrolment::from_csv(&app, &team(), 2022, file.as_bytes(), false).unwrap();
        let (mut text, version) = text_of(&app, 2022);
        text.closes_on = Some(day("2026-04-30"));
        text.reminders = true;
        rounds::put(&app, &team(), 2022, &text, version).unwrap();
        let apps: Vec<App> = (0..4).map(|_| clocked.app(&world)).collect();
        let look = |now: &str| {
            clocked.set(now);
            std::thread::scope(|scope| {
                for app in &apps {
                    scope.spawn(|| rounds::run_due(app).unwrap());
                }
            });
        };
        let sent = || {
            let all = reminders::sent(&app, &team(), 2022).unwrap();
            all.into_iter().map(|one| format!("{} {}", one.service, one.occasion)).collect::<Vec<_>>()
        };
        look("2026-04-16T07:59:59Z");
        assert!(sent().is_empty());
        look("2026-04-16T08:00:00Z");
        let mut first = sent();
        first.sort();
        assert_eq!(first, ["FLS012 remind_14_before", "FLS013 remind_14_before"]);
        let reminded = |email: &str| {
            let mails = world.mails_to(email).into_iter();
            mails.filter(|mail| matches!(mail, Mail::Reminder { .. })).count()
        };
        assert_eq!((reminded("lead@example.org"), reminded("other@example.org")), (1, 1));

        // Within a week nobody is reminded by hand, with or without many who try at once.
        let one = [SERVICE.to_owned(), "FLS014".to_owned()];
        clocked.set("2026-04-18T10:00:00Z");
        let refused = reminders::send(&app, &team(), 2022, &one, "Please.").unwrap();
        assert!(refused.services.is_empty());
        assert!(refused.left_out[0].1.contains("less than 7 days"), "{refused:?}");
        assert!(refused.left_out[1].1.contains("nobody has an account"), "{refused:?}");
        look("2026-04-23T08:00:00Z");
        assert_eq!(reminded("lead@example.org"), 2);
        clocked.set("2026-04-30T08:00:01Z");
        let before = sent().len();
        std::thread::scope(|scope| {
            for app in &apps {
                scope.spawn(|| reminders::send(app, &team(), 2022, &one, "{service}, by {last_day}, please.").unwrap());
            }
        });
        assert_eq!(sent().len(), before + 1, "{:?}", sent());
        let Some(Mail::Reminder { note, over, .. }) = world.mails_to("lead@example.org").pop() else { panic!() };
        assert!(note.contains("by 30 April 2026, please.") && !over, "{note}");

        // The plan leaves a service out that was reminded by hand, and one that makes no return.
        look("2026-05-02T08:00:00Z");
        assert_eq!(rounds::one(&app, &team(), 2022).unwrap().status, RoundStatus::Closed);
        let after: Vec<String> = sent().into_iter().filter(|one| one.ends_with("2_after")).collect();
        assert_eq!(after, ["FLS013 remind_2_after"]);
        let Some(Mail::Reminder { over, .. }) = world.mails_to("other@example.org").pop() else { panic!() };
        assert!(over);
        let late = reminders::non_submitters(&app, &team(), 2022).unwrap();
        let codes: Vec<&str> = late.iter().map(|late| late.service.code.as_str()).collect();
        assert_eq!(codes, ["FLS012", "FLS013", "FLS014"]);
        assert_eq!((late[0].people, late[2].people, late[2].reminders), (1, 0, 0));
    }

    fn the_dashboard_counts_what_the_responses_say(world: World) {
        let world = World::with_demo_data(world.backend());
        let app = world.app();
        let file = format!("service_code,role,email,name\n{SERVICE},fls_lead,lead@example.org,Ann Lee\n");
        let view = crate::responses::complete(&app, &team());
        let found = rounds::dashboard(&app, &team(), 2022).unwrap();
        let rate = responses::rate(&app, &team(), 2022).unwrap();
        assert_eq!(found.rate, rate);
        let all = responses::list(&app, &team(), 2022).unwrap();
        let begun = all.iter().filter(|one| one.started).count();
        assert!(begun > 1 && all.iter().all(|one| one.response.state == ResponseState::InProgress));
        assert_eq!((found.in_progress, rate.submitted, found.not_started), (begun, 0, rate.services - begun));
        let by_area: usize = found.areas.iter().map(|of| of.rate.services).sum();
        assert_eq!(by_area, rate.services, "every service lies in one area");
        for of in &found.sections {
            assert_eq!(of.finished + of.begun + of.not_begun, begun, "{of:?}");
            assert!(of.finished >= 1, "one service has finished all: {of:?}");
        }
        assert!(found.days.is_empty());
        assert_eq!(found.last_year, Some(2021));
        assert_eq!(found.missing_since_last.len(), responses::rate(&app, &team(), 2021).unwrap().submitted);

        responses::submit(&app, &team(), 2022, SERVICE, view.response.version).unwrap();
        let after = rounds::dashboard(&app, &team(), 2022).unwrap();
        assert_eq!((after.rate.submitted, after.in_progress), (1, begun - 1));
        assert_eq!(after.days.len(), 1);
        assert_eq!(after.missing_since_last.len(), found.missing_since_last.len() - 1);
        // What is kept in memory follows the responses, whoever changes them.
        let other = world.app();
        assert_eq!(rounds::dashboard(&other, &team(), 2022).unwrap().items, after.items);
        let view = responses::view(&other, &team(), 2022, SERVICE).unwrap();
        responses::reopen(&other, &team(), 2022, SERVICE, view.response.version, "Again", None).unwrap();
        let again = rounds::dashboard(&app, &team(), 2022).unwrap();
        assert_eq!((again.rate.submitted, again.in_progress), (0, begun));
        // The past round: what the checks find and what was explained there, as one looks at each response.
        let past = rounds::dashboard(&app, &team(), 2021).unwrap();
        let explained = facilities_audit::app::explanations::of_round(&app, &team(), 2021).unwrap();
        let counted: usize = past.items.iter().map(|item| item.explained).sum();
        assert!(counted <= explained.len(), "a response counts once for an item");
        assert_eq!(past.rate.submitted, past.rate.services - past.not_started - past.in_progress);
        assert!(past.never_signed_in.len() == past.rate.services, "nobody has an account yet");
        assert_eq!(code(enrolment::from_csv(&app, &team(), 2021, file.as_bytes(), false)), "round_state");
        enrolment::from_csv(&app, &team(), 2022, file.as_bytes(), false).unwrap();
        let enrolled = rounds::dashboard(&app, &team(), 2022).unwrap();
        assert_eq!(enrolled.rate.services, 1, "those enrolled are asked");
        assert_eq!(enrolled.never_signed_in.iter().map(|(_, somebody)| *somebody).collect::<Vec<_>>(), [true]);
    }
}

/// As the audit team does it on the pages, without a script.
#[test]
fn the_audit_team_runs_a_round_on_the_pages() {
    let world = World::with_demo_data(Backend::Sqlite);
    let app = world.app();
    let server = world.serve();
    let link = accounts::add_user(&app, &team(), "team@example.org", None, Role::AuditTeam, None, None).unwrap();
    let mut reader = PageReader::new(&server);
    reader.cookies.insert("facilities_audit_session".into(), session_of(&app, &link).session);
    let page = reader.get("/rounds/2022");
    assert!(
        page.text().contains("Response rate: 0 of") && page.text().contains("Nothing is planned"),
        "{}",
        page.text()
    );
    assert!(reader.get("/rounds/2021").text().contains("By area"));

    // A last day that is past is said beside its field, and what was typed stays.
    let version = rounds::one(&app, &team(), 2022).unwrap().version.to_string();
    let typed = |year: &'static str| {
        [
            ("version", version.clone()),
            ("facilities_audit", "2023 facilities audit".to_owned()),
            ("closes_on-day", "30".to_owned()),
            ("closes_on-month", "4".to_owned()),
            ("closes_on-year", year.to_owned()),
            ("reminders", "yes".to_owned()),
        ]
    };
    let posted = |fields: &[(&'static str, String)]| -> Vec<(&'static str, String)> { fields.to_vec() };
    let send = |reader: &mut PageReader, path: &str, fields: Vec<(&'static str, String)>| {
        let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (*name, value.as_str())).collect();
        reader.post(path, &fields)
    };
    let wrong = send(&mut reader, "/rounds/2022/edit", posted(&typed("2020")));
    assert_eq!(wrong.status, 422);
    assert!(
        wrong.text().contains("The last day is past") && wrong.text().contains("value=\"2020\""),
        "{}",
        wrong.text()
    );
    let right = send(&mut reader, "/rounds/2022/edit", posted(&typed("2099")));
    assert_eq!(right.location.as_deref(), Some("/rounds/2022?done=changed"));
    let page = reader.get("/rounds/2022");
    assert!(page.text().contains("The round closes at 12:00am on Friday 1 May 2099"), "{}", page.text());
    assert!(page.text().contains("Services that have not submitted are reminded"), "{}", page.text());

    // Reminders: a look at what would go out, then the deed.
    let file = format!("service_code,role,email,name\n{SERVICE},fls_lead,lead@example.org,Ann Lee\n");
    enrolment::from_csv(&app, &team(), 2022, file.as_bytes(), false).unwrap();
    let fields = |then: &str| {
        vec![("service", SERVICE.to_owned()), ("wording", "Dear {service}".to_owned()), ("then", then.to_owned())]
    };
    let preview = send(&mut reader, "/rounds/2022/reminders", fields("preview"));
    assert!(preview.text().contains("You can answer until 11:59pm on Thursday 30 April 2099"), "{}", preview.text());
    assert!(reminders::sent(&app, &team(), 2022).unwrap().is_empty(), "a look sends nothing");
    let sent = send(&mut reader, "/rounds/2022/reminders", fields("send"));
    assert_eq!(sent.location.as_deref(), Some("/rounds/2022/reminders?services=1&people=1&left_out=0"));
    let page = reader.get("/rounds/2022/reminders");
    assert!(page.text().contains("Reminded a short while ago"), "{}", page.text());
    assert_eq!(reminders::wording(&app, &team()).unwrap(), "Dear {service}", "kept for the next time");
    let csv = reader.get("/rounds/2022/non-submitters.csv");
    assert!(
        csv.text().contains("service_code,name,area_code,state,until,people,reminders,reminded_at"),
        "{}",
        csv.text()
    );
    assert_eq!(csv.text().lines().count(), 2);

    // More time, then the steps; the preview asks for its cut.
    let fields = vec![
        ("service", SERVICE.to_owned()),
        ("until-day", "14".to_owned()),
        ("until-month", "5".to_owned()),
        ("until-year", "2099".to_owned()),
        ("reason", "The lead is ill".to_owned()),
    ];
    let extended = send(&mut reader, "/rounds/2022/extensions", fields);
    assert_eq!(extended.location.as_deref(), Some("/rounds/2022/extensions?done=extended"));
    assert!(reader.get("/rounds/2022/extensions").text().contains("14 May 2099"));
    let version = || rounds::one(&app, &team(), 2022).unwrap().version.to_string();
    assert!(reader.get("/rounds/2022/step/closed").text().contains("Services can no longer answer"));
    let closed = send(&mut reader, "/rounds/2022/step/closed", vec![("version", version())]);
    assert_eq!(closed.location.as_deref(), Some("/rounds/2022?done=closed"));
    let uncut = send(&mut reader, "/rounds/2022/step/preview", vec![("version", version())]);
    assert!(uncut.status == 422 && uncut.text().contains("Cut the data first"), "{}", uncut.text());
    let copied = send(&mut reader, "/rounds/2022/copy", vec![("version", version())]);
    assert_eq!(copied.location.as_deref(), Some("/rounds/2023?done=copied"));
    let discarded = send(&mut reader, "/rounds/2023/discard", vec![("version", "1".to_owned())]);
    assert_eq!(discarded.location.as_deref(), Some("/rounds?done=discarded"));
}
