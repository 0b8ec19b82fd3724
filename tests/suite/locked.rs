//! Locked means locked, whichever way one comes: page, API, upload, link, import.

use diesel::connection::SimpleConnection as _;
use facilities_audit::app::imports::{self, ImportOptions};
use facilities_audit::app::responses::{self, AnswerChange, NoReturn};
use facilities_audit::app::section_links::{self, NewSectionLink};
use facilities_audit::app::sessions::Visit;
use facilities_audit::app::{App, keys, offline, sign_in};
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit::domain::interchange::FileKind;
use facilities_audit::domain::questionnaire::answer::{AnswerValue, Entry};
use facilities_audit::store::DbConn;
use facilities_audit::store::responses::Response;
use facilities_audit_tests::{PageReader, Person, Server, World, on_both_databases};
use serde_json::{Value, json};

use crate::responses::complete;

const SERVICE: &str = "FLS012";
const ITEM: &str = "improvement_cycles";

fn team() -> Principal {
    Principal::command_line()
}

fn stored(app: &App) -> Response {
    responses::view(app, &team(), 2022, SERVICE).unwrap().response
}

/// Everybody who might change something, each with their way in.
struct Doors<'a> {
    app: &'a App,
    server: Server,
    lead: PageReader,
    key: String,
    guest: Principal,
}

impl<'a> Doors<'a> {
    fn open(world: &World, app: &'a App) -> Self {
        let server = world.serve();
        let lead = Person { email: "lead@example.org", role: Role::FlsLead, service: Some(SERVICE) };
        let session = world.session(lead);
        let mut lead = PageReader::new(&server);
        lead.cookies.insert("facilities_audit_session".into(), session.session);
        lead.get("/privacy");
        let key = keys::make(app, &team(), "test", Role::FlsLead, Some(SERVICE), None, None).unwrap().1;
        let new = NewSectionLink { section: "governance", email: "finance@example.org", note: "", days: 7 };
        let (_, secret) = section_links::make(app, &team(), 2022, SERVICE, &new).unwrap();
        let guest = sign_in::with_section_link(app, &Visit::unknown(), &secret).unwrap().principal;
        Self { app, server, lead, key, guest }
    }

    fn call(&self, method: &str, path: &str, body: &Value) -> u16 {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let url = self.server.address(&format!("/api/v1/rounds/2022/responses/{SERVICE}{path}"));
        let request = ureq::http::Request::builder()
            .method(method)
            .uri(url)
            .header("Authorization", format!("Bearer {}", self.key))
            .header("Content-Type", "application/json")
            .body(body.to_string())
            .unwrap();
        agent.run(request).expect("the server answers").status().as_u16()
    }

    /// Tries every door with another answer; those that let it through.
    fn let_through(&mut self, cycles: i64) -> Vec<&'static str> {
        let mut open = Vec::new();
        let mut try_door = |app: &App, name: &'static str, knock: &mut dyn FnMut(&str)| {
            let before = stored(app);
            knock(&before.document.version(ITEM).to_string());
            let after = stored(app);
            if (after.version, &after.document) != (before.version, &before.document) {
                open.push(name);
            }
        };
        let app = self.app;
        let version = || stored(app).document.version(ITEM);
        let entry = Entry::Value(AnswerValue::Integer(cycles));
        let lead = &mut self.lead;
        try_door(app, "page", &mut |based_on| {
            let path = format!("/survey/2022/{SERVICE}/governance");
            lead.post(
                &path,
                &[
                    (&format!("b.{ITEM}"), based_on),
                    (&format!("o.{ITEM}"), "another"),
                    (&format!("v.{ITEM}"), &cycles.to_string()),
                ],
            );
        });
        try_door(app, "API", &mut |_| {
            self.call(
                "PATCH",
                "",
                &json!({"answers": [{"link_id": ITEM, "version": version(), "integer": cycles + 1}]}),
            );
        });
        try_door(app, "carrying forward", &mut |_| {
            self.call("POST", "/carry-forward", &json!({}));
        });
        try_door(app, "link", &mut |_| {
            let change =
                AnswerChange { link_id: ITEM.into(), based_on: version(), entry: entry.clone(), explanation: None };
            drop(responses::save(app, &self.guest, 2022, SERVICE, vec![change]));
        });
        try_door(app, "import", &mut |_| {
            let file = format!("service_code,year,link_id,row,value\n{SERVICE},2022,{ITEM},,{}\n", (cycles + 3) % 12);
            let options = ImportOptions::default();
            imports::file(app, &team(), FileKind::Responses, file.as_bytes(), options, &mut |_| ()).unwrap();
        });
        open
    }
}

fn sql(app: &App, statement: &str) {
    match &mut *app.database().connection().unwrap() {
        DbConn::Sqlite(conn) => conn.batch_execute(statement).unwrap(),
        DbConn::Postgres(conn) => conn.batch_execute(statement).unwrap(),
    }
}

on_both_databases! {
    fn locked_means_locked_on_every_path(world: World) {
        let app = world.app_with_answers_of(&[SERVICE]);
        let mut doors = Doors::open(&world, &app);
        let all = ["page", "API", "carrying forward", "link", "import"];
        assert_eq!(doors.let_through(1), all, "the doors are doors");
        responses::confirm(&app, &team(), 2022, SERVICE, &responses::Extent::Whole, &responses::Seen::new()).unwrap();
        let ready = complete(&app, &team());
        let workbook = offline::download(&app, &team(), 2022, SERVICE).unwrap();

        let made = responses::make_no_return(
            &app, &team(), 2022, SERVICE, ready.response.version, NoReturn::NotCommissioned(None),
        ).unwrap();
        assert_eq!(doors.let_through(4), [] as [&str; 0], "no return");
        let back = responses::take_back_no_return(&app, &team(), 2022, SERVICE, made.response.version).unwrap();

        responses::submit(&app, &team(), 2022, SERVICE, back.response.version).unwrap();
        assert_eq!(doors.let_through(5), [] as [&str; 0], "submitted");
        drop(offline::upload(&app, &team(), 2022, SERVICE, &workbook, false));
        let submitted = stored(&app);

        for status in ["closed", "published"] {
            sql(&app, &format!("UPDATE rounds SET status = '{status}' WHERE year = 2022"));
            assert_eq!(doors.let_through(6), [] as [&str; 0], "{status}");
        }
        assert_eq!(stored(&app), submitted);
        // And it opens in place, to be read.
        assert_eq!(doors.lead.get(&format!("/survey/2022/{SERVICE}/governance")).status, 200);
    }
}
