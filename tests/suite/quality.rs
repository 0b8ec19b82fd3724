//! Data quality: queries go back and forth between the audit team and a service, and nobody is called an outlier in public
//! before it has been asked, told and heard.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Utc};
use facilities_audit::app::national_report::{self, ReportQuery};
use facilities_audit::app::quality::{self, NewQuery, QueryThread, Step};
use facilities_audit::app::rounds;
use facilities_audit::app::{App, AppError, Environment, Settings, cuts, history, keys};
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit::domain::mail::Mail;
use facilities_audit::domain::quality::outlier::Level;
use facilities_audit::domain::quality::query::{QueryState, Side, Subject};
use facilities_audit::domain::round::{Round, RoundStatus};
use facilities_audit::formats::report::Document;
use facilities_audit::locales::{Language, Words};
use facilities_audit::store;
use facilities_audit_tests::{Person, World, on_both_databases};
use serde_json::{Value, json};

const TEAM: Person<'_> = Person { email: "team@example.org", role: Role::AuditTeam, service: None };

fn team() -> Principal {
    Principal::command_line()
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// An application whose clock the test moves.
fn clocked(world: &World, now: &Arc<Mutex<DateTime<Utc>>>) -> App {
    let clock = Arc::clone(now);
    let environment = Environment { clock: Arc::new(move || *clock.lock().unwrap()), ..Environment::system() };
    world.app_with(Settings::default(), environment)
}

fn lead_of(service: &str) -> Person<'_> {
    Person { email: "lead@example.org", role: Role::FlsLead, service: Some(service) }
}

/// The states and days of the queries that were mailed to somebody.
fn mailed(world: &World, email: &str) -> Vec<(String, bool)> {
    let mails = world.mails_to(email).into_iter();
    let told = |mail| if let Mail::DataQuery { state, is_due, .. } = mail { Some((state, is_due)) } else { None };
    mails.filter_map(told).collect()
}

/// The round of 2021, which the country has as published, in another state.
fn put_back(app: &App, status: RoundStatus) {
    let before = rounds::one(app, &team(), 2021).unwrap();
    let (version, round) = (before.version, Round { status, version: before.version + 1, ..before });
    let mut connection = app.database().connection().unwrap();
    assert!(store::rounds::update(&mut connection, &round, version).unwrap());
}

fn about_setting(service: &str) -> NewQuery {
    let subject = Subject::Item("setting".into());
    NewQuery { year: 2021, service: service.into(), subject, body: " Is it a hub? ".into(), due_on: None }
}

fn go(app: &App, who: &Principal, thread: &QueryThread, to: QueryState) -> Result<QueryThread, AppError> {
    let version = thread.query.query.version;
    let step = Step { version, to, body: "So it is.".into(), due_on: None };
    quality::take(app, who, &thread.query.query.id, &step)
}

on_both_databases! {
    fn a_query_goes_back_and_forth_until_the_audit_team_closes_it(world: World) {
        let now = Arc::new(Mutex::new(at("2022-06-01T09:00:00Z")));
        world.app_with_answers_of(&["FLS012", "FLS013"]);
        let app = clocked(&world, &now);
        let (lead, asker) = (world.session(lead_of("FLS012")).principal, world.session(TEAM).principal);
        let stranger = Person { email: "other@example.org", role: Role::FlsLead, service: Some("FLS013") };
        let stranger = world.session(stranger).principal;

        let asked = quality::open(&app, &asker, &about_setting("FLS012")).unwrap();
        let query = &asked.query.query;
        assert_eq!((query.state, query.due_on.unwrap().to_string().as_str()), (QueryState::Asked, "2022-06-15"));
        assert!(asked.query.about.starts_with('1'), "{}", asked.query.about);
        assert_eq!(mailed(&world, "lead@example.org"), [("Asked".to_owned(), true)]);
        assert_eq!(asked.messages[0].message.body, "Is it a hub?");
        assert_eq!(quality::waiting_for(&app, &lead, 2021, "FLS012").unwrap(), 1);

        // For others there is no such query, neither to read nor to write.
        assert_eq!(quality::one(&app, &stranger, &query.id).unwrap_err().code(), "not_found");
        assert_eq!(go(&app, &stranger, &asked, QueryState::Answered).unwrap_err().code(), "not_found");
        assert!(quality::list(&app, &stranger, 2021).unwrap().is_empty());
        // A service closes nothing, and an empty message says nothing.
        assert_eq!(go(&app, &lead, &asked, QueryState::Resolved).unwrap_err().code(), "no_such_step");
        let empty = Step { version: 1, to: QueryState::Answered, body: "  ".into(), due_on: None };
        assert!(matches!(quality::take(&app, &lead, &query.id, &empty), Err(AppError::Invalid(_))));

        *now.lock().unwrap() = at("2022-06-20T09:00:00Z");
        let late = quality::list(&app, &lead, 2021).unwrap();
        assert!(late[0].overdue && late[0].days == 19);
        let answered = go(&app, &lead, &asked, QueryState::Answered).unwrap();
        assert_eq!((answered.side, answered.query.overdue), (Side::Service, false));
        assert_eq!(mailed(&world, "team@example.org"), [("Answered".to_owned(), false)], "its owner alone is told");
        // Whoever read the older version is told, and nothing of theirs is half there.
        assert_eq!(go(&app, &lead, &asked, QueryState::Answered).unwrap_err().code(), "query_moved");
        assert_eq!(quality::one(&app, &lead, &query.id).unwrap().messages.len(), 2);

        let other = world.session(Person { email: "colleague@example.org", ..TEAM }).principal;
        assert!(quality::hand_over(&app, &lead, &query.id, 2, "colleague@example.org").is_err());
        let error = quality::hand_over(&app, &asker, &query.id, 2, "lead@example.org").unwrap_err();
        assert!(matches!(error, AppError::Invalid(_)), "a lead looks after no query");
        let handed = quality::hand_over(&app, &asker, &query.id, 2, "colleague@example.org").unwrap();
        let closed = go(&app, &other, &handed, QueryState::Resolved).unwrap();
        assert_eq!((closed.query.query.due_on, closed.messages.len()), (None, 3));
        assert_eq!(go(&app, &lead, &closed, QueryState::Answered).unwrap_err().code(), "no_such_step");
        assert_eq!(quality::waiting_for(&app, &lead, 2021, "FLS012").unwrap(), 0);
        let told = history::of_response(&app, &lead, 2021, "FLS012", 0, 100).unwrap();
        let actions: Vec<&str> = told.iter().map(|named| named.entry.action.as_str()).collect();
        assert_eq!(actions.iter().filter(|action| action.starts_with("query_")).count(), 4);

        // Nothing can be asked about what is not there.
        let month = |kpi, month: &str| Subject::Month { kpi, month: month.parse().unwrap() };
        let wrong = [Subject::Item("nonsense".into()), month(1, "2021-03"), month(4, "2022-03"), month(4, "2021")];
        for subject in wrong.into_iter().chain([Subject::Outlier { kpi: 4 }]) {
            let new = NewQuery { subject, ..about_setting("FLS012") };
            assert!(matches!(quality::open(&app, &asker, &new), Err(AppError::Invalid(_))), "{new:?}");
        }
        let counts = NewQuery { subject: month(4, "2021-03"), ..about_setting("FLS012") };
        assert_eq!(quality::open(&app, &asker, &counts).unwrap().query.about, "KPI 4, 2021-03");
        assert!(matches!(quality::open(&app, &lead, &counts), Err(AppError::Forbidden { .. })));
    }

    /// Of many who write at once in one thread, based on the same version, one comes through.
    fn one_of_many_writers_comes_through(world: World) {
        world.app_with_answers_of(&["FLS012"]);
        let app = world.app();
        let asked = quality::open(&app, &team(), &about_setting("FLS012")).unwrap();
        let codes: Vec<&str> = std::thread::scope(|scope| {
            let writers: Vec<_> = (0..6)
                .map(|_| {
                    let (app, asked) = (world.app(), &asked);
                    scope.spawn(move || go(&app, &team(), asked, QueryState::Asked).map_or_else(|error| error.code(), |_| "through"))
                })
                .collect();
            writers.into_iter().map(|writer| writer.join().unwrap()).collect()
        });
        assert_eq!(codes.iter().filter(|code| **code == "through").count(), 1, "{codes:?}");
        assert!(codes.iter().all(|code| ["through", "query_moved"].contains(code)), "{codes:?}");
        assert_eq!(quality::one(&app, &team(), &asked.query.query.id).unwrap().messages.len(), 2);
    }

    fn nobody_is_named_an_outlier_before_they_are_heard(world: World) {
        let world = World::with_demo_data(world.backend());
        let now = Arc::new(Mutex::new(at("2022-10-01T09:00:00Z")));
        let app = clocked(&world, &now);
        let found = quality::outliers(&app, &team(), 2021).unwrap();
        assert!(found.screened > 400 && !found.rows.is_empty());
        let far: Vec<f64> = found.rows.iter().map(|row| row.now.as_ref().unwrap().z.abs()).collect();
        assert!(far.windows(2).all(|pair| pair[0] >= pair[1]) && far.iter().all(|z| *z > 2.0));
        let row = &found.rows[0];
        let (service, outlier) = (row.service.code.as_str(), row.now.clone().unwrap());
        assert_eq!(outlier.level == Level::Alarm, outlier.z.abs() > 3.0);

        let figure = (2021, service, outlier.kpi);
        let asked = quality::open_outlier(&app, &team(), figure, "Please check.", None).unwrap();
        assert_eq!(asked.query.query.found, Some(outlier.clone()));
        let twice = quality::open_outlier(&app, &team(), figure, "Please check.", None).unwrap_err();
        assert_eq!(twice.code(), "query_exists");
        let within = quality::open_outlier(&app, &team(), (2021, service, 2), "Please check.", None).unwrap_err();
        assert_eq!(within.code(), "within_the_limits", "KPI 2 has no limits");

        let lead = world.session(lead_of(service)).principal;
        let named = |app: &App, cut: Option<&str>| {
            let query = ReportQuery { year: 2021, with: None, cut: cut.map(Into::into) };
            let full = national_report::report(app, &team(), &query, &|_, _| {}).unwrap();
            let document = national_report::document(&full, &app.reference().published).unwrap();
            let section = document.sections.iter().find(|section| section.id == "outliers").unwrap().clone();
            let said = Document::sentences(&section, Words::new(Language::English)).join(" ");
            let html = document.html(Words::new(Language::English)).unwrap();
            (said, html.contains("Outliers that were confirmed"))
        };
        let (said, is_named) = named(&app, None);
        assert!(said.contains("No outlier has been confirmed. One more figure") && !is_named, "{said}");

        // The audit team cannot confirm what the service was not told, nor before its day what it has not answered.
        for to in [QueryState::Confirmed, QueryState::Notified] {
            assert_eq!(go(&app, &team(), &asked, to).unwrap_err().code(), "no_such_step", "{to}");
        }
        let checked = go(&app, &lead, &asked, QueryState::DataChecked).unwrap();
        let notified = go(&app, &team(), &checked, QueryState::Notified).unwrap();
        assert_eq!(notified.query.query.due_on.unwrap().to_string(), "2022-11-05");
        assert_eq!(go(&app, &team(), &notified, QueryState::Confirmed).unwrap_err().code(), "no_such_step");
        let before = cuts::make(&app, &team(), 2021, "before").unwrap().id;
        // Its day passes: then its silence stops nothing.
        *now.lock().unwrap() = at("2022-11-06T09:00:00Z");
        let confirmed = go(&app, &team(), &notified, QueryState::Confirmed).unwrap();
        let after = cuts::make(&app, &team(), 2021, "after").unwrap().id;
        assert_eq!((named(&app, None).1, named(&app, Some(&after)).1), (true, true));
        assert!(!named(&app, Some(&before)).1, "the cut does not hear of it");

        // Opened again, it is not published by a report that quotes the cut with it.
        go(&app, &team(), &confirmed, QueryState::DataCheck).unwrap();
        let publish = |cut: &str| {
            let step = |to, cut: Option<&str>| {
                let version = rounds::one(&app, &team(), 2021).unwrap().version;
                let step = rounds::Step { to, reason: Some("A test".into()), cut: cut.map(Into::into) };
                rounds::transition(&app, &team(), 2021, version, &step).map(drop).map_err(|error| error.code())
            };
            step(RoundStatus::Preview, Some(cut)).and_then(|()| step(RoundStatus::Published, None))
        };
        put_back(&app, RoundStatus::Closed);
        assert_eq!(publish(&after), Err("outlier_not_through"));
        let version = rounds::one(&app, &team(), 2021).unwrap().version;
        let back = rounds::Step { to: RoundStatus::Closed, reason: Some("Another cut".into()), cut: None };
        rounds::transition(&app, &team(), 2021, version, &back).unwrap();
        assert_eq!(publish(&before), Ok(()));
    }

    fn pages_and_api_take_a_query_through(world: World) {
        world.app_with_answers_of(&["FLS012"]);
        let app = world.app();
        let server = world.serve();
        let (mut page, mut lead) = (world.reader(&server, TEAM), world.reader(&server, lead_of("FLS012")));
        assert!(page.get("/rounds/2021/queries").text().contains("Nobody has been asked anything"));
        page.get("/rounds/2021/queries/new");
        let form = [("service", "FLS012"), ("link_id", "setting"), ("body", "")];
        let refused = page.post("/rounds/2021/queries/new", &form);
        assert!(refused.status == 422 && refused.text().contains("Write what the others are to know."));
        let form = [("service", "FLS012"), ("link_id", "setting"), ("body", "Is it a <b>hub</b>?")];
        assert_eq!(page.post("/rounds/2021/queries/new", &form).status, 303);
        let id = quality::list(&app, &team(), 2021).unwrap()[0].query.id.clone();
        let path = format!("/queries/{id}");
        assert!(page.get(&path).text().contains("Is it a &lt;b&gt;hub&lt;/b&gt;?"));
        assert!(page.get("/rounds/2021/queries").text().contains(&path));

        assert!(lead.get("/survey/2021/FLS012").text().contains("waits for your answer"));
        lead.get(&path);
        assert_eq!(lead.post(&path, &[("version", "1"), ("body", "No hub.")]).status, 303);
        // Based on the version before: what was written is still there.
        let late = lead.post(&path, &[("version", "1"), ("body", "Written in vain?")]);
        assert!(late.status == 422 && late.text().contains("Written in vain?"));
        assert!(late.text().contains("Somebody else wrote in this thread"));

        let key = keys::make(&app, &team(), "test", Role::AuditTeam, None, None, None).unwrap().1;
        let bearer = format!("Bearer {key}");
        let read = |path: &str| -> Value {
            let address = server.address(&format!("/api/v1{path}"));
            ureq::get(&address).header("Authorization", &bearer).call().unwrap().body_mut().read_json().unwrap()
        };
        let thread = read(&path);
        assert_eq!((&thread["query"]["state"], &thread["query"]["version"]), (&json!("answered"), &json!(2)));
        assert_eq!(thread["may_lead_to"], json!(["resolved", "asked"]));
        let address = server.address(&format!("/api/v1{path}/steps"));
        let step = json!({ "version": 2, "to": "resolved", "body": "Thank you." });
        let sent = ureq::post(&address).header("Authorization", &bearer).send_json(step);
        let closed: Value = sent.unwrap().body_mut().read_json().unwrap();
        assert_eq!(closed["query"]["state"], "resolved");
        assert_eq!(read("/rounds/2021/queries?state=resolved")["items"][0]["id"], json!(id));
        assert_eq!(read("/rounds/2021/queries?overdue=true")["items"], json!([]));
        let csv = page.get("/rounds/2021/queries.csv").text();
        assert!(csv.contains("resolved") && csv.contains("item/setting"));
        assert_eq!(page.get("/rounds/2021/outliers").status, 200);
    }
}
