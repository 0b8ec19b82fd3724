//! A whole year, played through the API by an audit team and an FLS lead: enrol, open, invite, remind, answer, ask, extend,
//! close, cut, check, preview, publish, and the next year's round with what was said carried forward.

use facilities_audit::app::accounts;
use facilities_audit::app::keys;
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit_tests::{Backend, PageReader, Server, World, on_both_databases, session_of};
use serde_json::{Value, json};

const SERVICE: &str = "FLS012";

/// A client of the API with a key.
pub struct Client<'a> {
    server: &'a Server,
    key: String,
    agent: ureq::Agent,
}

impl<'a> Client<'a> {
    /// A client with a new key of a role.
    pub fn new(world: &World, server: &'a Server, role: Role, service: Option<&str>) -> Self {
        let team = Principal::command_line();
        Self::with_key(server, keys::make(&world.app(), &team, "year", role, service, None, None).unwrap().1)
    }

    /// A client with a key that there is.
    pub fn with_key(server: &'a Server, key: String) -> Self {
        let agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        Self { server, key, agent }
    }

    /// The answer to a request, whatever its status.
    pub fn answer(
        &self,
        method: &str,
        path: &str,
        if_match: Option<i64>,
        body: Option<&Value>,
    ) -> ureq::http::Response<ureq::Body> {
        let mut request = ureq::http::Request::builder()
            .method(method)
            .uri(self.server.address(&format!("/api/v1{path}")))
            .header("Authorization", format!("Bearer {}", self.key));
        if let Some(version) = if_match {
            request = request.header("If-Match", format!("\"{version}\""));
        }
        match body {
            Some(body) => {
                let request = request.header("Content-Type", "application/json");
                self.agent.run(request.body(body.to_string()).unwrap()).unwrap()
            }
            None => self.agent.run(request.body(()).unwrap()).unwrap(),
        }
    }

    fn send(&self, method: &str, path: &str, if_match: Option<i64>, body: Option<&Value>) -> (u16, Value) {
        let mut answer = self.answer(method, path, if_match, body);
        let status = answer.status().as_u16();
        let text = answer.body_mut().read_to_string().unwrap();
        (status, serde_json::from_str(&text).unwrap_or(Value::String(text)))
    }

    /// What the API answers to a request that must succeed.
    fn ok(&self, method: &str, path: &str, body: Option<&Value>) -> Value {
        let (status, answer) = self.send(method, path, None, body);
        assert_eq!(status, 200, "{method} {path}: {answer}");
        answer
    }

    fn get(&self, path: &str) -> Value {
        self.ok("GET", path, None)
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        self.ok("POST", path, Some(body))
    }

    /// The code with which a request is refused.
    fn refused(&self, method: &str, path: &str, body: &Value) -> String {
        let (status, answer) = self.send(method, path, None, Some(body));
        assert!(status >= 400, "{method} {path}: {answer}");
        answer["code"].as_str().unwrap_or_default().to_owned()
    }

    fn copy(&self, year: i32) -> Value {
        let version = self.get(&format!("/rounds/{year}"))["version"].clone();
        self.post(&format!("/rounds/{year}/copy"), &json!({ "version": version }))
    }

    fn step(&self, year: i32, to: &str, more: &Value) -> Value {
        let version = self.get(&format!("/rounds/{year}"))["version"].clone();
        let mut body = json!({ "version": version, "to": to });
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        self.post(&format!("/rounds/{year}/transition"), &body)
    }

    /// Answers everything that stops a submit, and submits.
    fn answer_all(&self, year: i32) {
        let checks = self.answer_everything(year, SERVICE);
        let path = format!("/rounds/{year}/responses/{SERVICE}/submit");
        let (status, answer) = self.send("POST", &path, checks["version"].as_i64(), None);
        assert_eq!(status, 200, "{answer}");
    }

    /// Answers everything that stops a submit, as a client would that reads the checks; gives the checks after it.
    pub fn answer_everything(&self, year: i32, service: &str) -> Value {
        let base = format!("/rounds/{year}/responses/{service}");
        let asked = self.get(&format!("/rounds/{year}/questionnaire"));
        let sections = asked["sections"].as_array().unwrap();
        let items: Vec<&Value> = sections.iter().flat_map(|section| section["items"].as_array().unwrap()).collect();
        for _ in 0..6 {
            let checks = self.get(&format!("{base}/checks"));
            let response = self.get(&base);
            let version = |link_id: &Value| {
                let answers = response["answers"].as_array().unwrap();
                let answer = answers.iter().find(|answer| answer["link_id"] == *link_id);
                answer.map_or(json!(0), |answer| answer["version"].clone())
            };
            let mut answers: Vec<Value> = Vec::new();
            for finding in checks["items"].as_array().unwrap().iter().filter(|one| one["explained"] == json!(false)) {
                let link_id = &finding["link_id"];
                if answers.iter().any(|answer| answer["link_id"] == *link_id) {
                    continue;
                }
                let item = items.iter().find(|item| item["link_id"] == *link_id).unwrap();
                let mut answer = json!({ "link_id": link_id, "version": version(link_id) });
                let (name, value) = match (finding["severity"].as_str().unwrap(), item["type"].as_str().unwrap()) {
                    ("query", _) => ("explanation", json!("Checked with the finance team.")),
                    (_, "boolean") => ("boolean", json!(false)),
                    _ => ("status", json!("not_known")),
                };
                answer[name] = value;
                answers.push(answer);
            }
            if answers.is_empty() {
                break;
            }
            self.ok("PATCH", &base, Some(&json!({ "answers": answers })));
        }
        let checks = self.get(&format!("{base}/checks"));
        assert_eq!(checks["passes"], json!(true), "{checks}");
        checks
    }
}

on_both_databases! {
    fn a_whole_year(world: World) {
        let world = World::with_demo_data(world.backend());
        let server = world.serve();
        let team = Client::new(&world, &server, Role::AuditTeam, None);
        let lead = Client::new(&world, &server, Role::FlsLead, Some(SERVICE));

        // A round: copied, given its days, its services enrolled and its people invited, and opened.
        assert_eq!(team.copy(2022)["status"], "draft");
        let mut round = team.get("/rounds/2023");
        for derived in ["year", "names", "status", "cut"] {
            round.as_object_mut().unwrap().remove(derived);
        }
        round["closes_on"] = json!("2099-05-31");
        round["publishes_on"] = json!("2099-11-05");
        round["reminders"] = json!(true);
        assert_eq!(team.ok("PUT", "/rounds/2023", Some(&round))["version"], 2);
        let people = json!({ "items": [
            { "service": SERVICE, "role": "fls_lead", "email": "lead@example.org", "name": "Ann Lee" },
            { "service": "FLS013", "role": "fls_lead", "email": "other@example.org", "name": "Bo Lee" },
        ] });
        let rehearsed = team.ok("PUT", "/rounds/2023/enrolments?dry_run=true", Some(&people));
        assert_eq!((&rehearsed["nothing_stored"], &rehearsed["people_invited"]), (&json!(true), &json!(2)));
        assert_eq!(team.ok("PUT", "/rounds/2023/enrolments", Some(&people))["people_invited"], 2);
        assert_eq!(team.ok("PUT", "/rounds/2023/enrolments", Some(&people))["people_invited"], 0, "nobody twice");
        assert_eq!(lead.refused("PATCH", &format!("/rounds/2023/responses/{SERVICE}"), &json!({ "answers": [] })), "round_not_open");
        team.step(2023, "open", &json!({}));

        // Who has not begun is reminded, and answers.
        assert_eq!(team.get("/rounds/2023/dashboard")["not_started"], 2);
        let late = team.get("/rounds/2023/non-submitters?limit=1");
        assert_eq!((&late["items"][0]["service"], &late["next"]), (&json!(SERVICE), &json!(SERVICE)));
        let reminded = team.post("/rounds/2023/reminders", &json!({ "services": [SERVICE, "FLS013"] }));
        assert_eq!((&reminded["people"], &reminded["left_out"]), (&json!(2), &json!([])));
        let again = team.post("/rounds/2023/reminders", &json!({ "services": [SERVICE] }));
        assert_eq!(again["left_out"][0]["service"], SERVICE, "not twice in a week");
        lead.answer_all(2023);
        assert_eq!(team.get("/rounds/2023/dashboard")["counts"]["submitted"], 1);

        // The team asks about an answer, and again; the service says what is right.
        let asked = team.post(
            "/rounds/2023/queries",
            &json!({ "service": SERVICE, "link_id": "setting", "body": "Is the service based in a hub?" }),
        );
        let steps = format!("/queries/{}/steps", asked["query"]["id"].as_str().unwrap());
        assert_eq!(team.get("/rounds/2023/dashboard")["queries_for_services"], 1);
        let replied = lead.post(&steps, &json!({ "version": 1, "to": "answered", "body": "No, in the hospital." }));
        assert_eq!(replied["query"]["waits_for"], "audit_team");
        let stale = json!({ "version": 1, "to": "resolved", "body": "Thank you." });
        assert_eq!(team.send("POST", &steps, None, Some(&stale)).0, 409, "the reply is to be read first");
        let resolved = team.post(&steps, &json!({ "version": 2, "to": "resolved", "body": "Thank you." }));
        assert_eq!((&resolved["query"]["state"], &resolved["query"]["waits_for"]), (&json!("resolved"), &json!(null)));

        // It asks in a comment, opens the response again; the service answers and submits anew.
        let base = format!("/rounds/2023/responses/{SERVICE}");
        team.post(&format!("{base}/comments"), &json!({ "link_id": "setting", "body": "Is that so?" }));
        lead.post(&format!("{base}/comments"), &json!({ "link_id": "setting", "body": "We shall look." }));
        assert_eq!(team.get("/rounds/2023/dashboard")["comments_waiting"], 1);
        let version = team.get(&base)["version"].as_i64();
        let reopen = json!({ "reason": "The setting" });
        let (status, _) = team.send("POST", &format!("{base}/reopen"), version, Some(&reopen));
        assert_eq!(status, 200);
        lead.answer_all(2023);

        // It closes; one service gets more time, and then makes no return.
        team.step(2023, "closed", &json!({}));
        let other = Client::new(&world, &server, Role::FlsLead, Some("FLS013"));
        let patch = json!({ "answers": [{ "link_id": "setting", "version": 0, "choice": "acute" }] });
        assert_eq!(other.refused("PATCH", "/rounds/2023/responses/FLS013", &patch), "round_not_open");
        let extension = json!({ "until": "2099-06-14", "reason": "The lead was ill" });
        team.ok("PUT", "/rounds/2023/responses/FLS013/extension", Some(&extension));
        other.ok("PATCH", "/rounds/2023/responses/FLS013", Some(&patch));
        assert_eq!(team.get("/rounds/2023/extensions")["items"][0]["holds"], true);

        // The data are cut, the report is read by the team, by those who take part, and by everybody.
        assert_eq!(team.refused("POST", "/rounds/2023/transition", &json!({ "version": 4, "to": "preview" })), "invalid");
        let cut = team.post("/rounds/2023/cuts", &json!({ "note": "the report" }));
        let hash = cut["hash"].as_str().unwrap();
        let (status, early) = lead.send("GET", "/rounds/2023/report/document", None, None);
        assert_eq!((status, &early["code"]), (409, &json!("not_published")));
        team.step(2023, "preview", &json!({ "cut": cut["id"] }));
        let report = lead.get("/rounds/2023/report/document?language=cy");
        assert!(report["cut"].as_str().unwrap().contains(hash), "{report}");
        assert!(report["standing"][0].as_str().unwrap().starts_with("Dan embargo"), "{report}");
        let took_part = report["sections"][0]["sentences"][0].as_str().unwrap();
        assert!(took_part.starts_with("2022: "), "{took_part}");
        let anybody = PageReader::new(&server).get("/published/2023/report");
        assert_eq!(anybody.status, 404);
        team.step(2023, "published", &json!({}));
        assert_eq!(lead.get("/rounds/2023/report/document")["standing"], json!([]));
        let anybody = PageReader::new(&server).get("/published/2023/report");
        assert!(anybody.status == 200 && anybody.text().contains(hash));
        assert_eq!(team.refused("POST", "/rounds/2023/transition", &json!({ "version": 6, "to": "closed", "reason": "x" })), "no_such_step");

        // Next year: the same services, and what was said stands beside each question and is carried forward.
        assert_eq!(team.copy(2023)["year"], 2024);
        team.step(2024, "open", &json!({}));
        assert_eq!(team.get("/rounds/2024/dashboard")["counts"]["asked"], 2);
        let base = format!("/rounds/2024/responses/{SERVICE}");
        lead.post(&format!("{base}/carry-forward"), &json!({}));
        let carried = lead.get(&base);
        let answers = carried["answers"].as_array().unwrap();
        assert!(answers.iter().any(|answer| answer["carried_from"] == json!(2023)), "{carried}");
        let jobs = team.get("/rounds/2023/jobs");
        assert!(jobs["items"].as_array().unwrap().iter().all(|job| job["done_at"].is_null()), "nothing is due yet: {jobs}");
        let history = team.get("/history?kind=round&limit=100");
        let of_2023 = |entry: &&Value| entry["object"] == json!("round/2023");
        let told = history["items"].as_array().unwrap().iter().filter(of_2023).count();
        assert!(told >= 7, "{history}");
    }
}

/// The main steps of the same year, in the pages of the people who take them.
#[test]
fn the_main_steps_on_the_pages() {
    let world = World::with_demo_data(Backend::Sqlite);
    let server = world.serve();
    let app = world.app();
    let team = Principal::command_line();
    let open = |email: &str, role: Role, service: Option<&str>| {
        let link = accounts::add_user(&app, &team, email, None, role, service, None).unwrap();
        let mut reader = PageReader::new(&server);
        reader.cookies.insert("facilities_audit_session".into(), session_of(&app, &link).session);
        reader
    };
    let mut audit = open("team@example.org", Role::AuditTeam, None);
    let mut lead = open("lead@example.org", Role::FlsLead, Some(SERVICE));
    assert!(lead.get("/survey").text().contains(SERVICE));
    facilities_audit_tests::complete(&app, &team, 2022, SERVICE);
    let page = lead.get(&format!("/survey/2022/{SERVICE}/check"));
    assert!(page.text().contains("name=\"version\""), "it can be submitted");
    let version =
        || facilities_audit::app::responses::view(&app, &team, 2022, SERVICE).unwrap().response.version.to_string();
    let submitted = lead.post(
        &format!("/survey/2022/{SERVICE}/check"),
        &[("version", &version()), ("declaration", "yes"), ("declared", "yes"), ("agree", "yes")],
    );
    assert!(submitted.location.is_some(), "{}", submitted.text());
    assert!(audit.get("/rounds/2022").text().contains("Response rate: 1 of"));
    let round = || facilities_audit::app::rounds::one(&app, &team, 2022).unwrap();
    let step = |audit: &mut PageReader, to: &str, cut: &str| {
        let version = round().version.to_string();
        audit.post(&format!("/rounds/2022/step/{to}"), &[("version", &version), ("cut", cut)])
    };
    assert!(step(&mut audit, "closed", "").location.is_some());
    assert!(lead.get("/rounds/2022/report").status == 409, "not before its time");
    assert!(audit.post("/rounds/2022/cuts", &[("note", "the report")]).location.is_some());
    let cut = facilities_audit::app::cuts::list(&app, &team, 2022).unwrap()[0].id.clone();
    assert!(step(&mut audit, "preview", &cut).location.is_some());
    assert!(lead.get("/rounds/2022/report").text().contains("Under embargo"));
    assert!(step(&mut audit, "published", "").location.is_some());
    assert!(PageReader::new(&server).get("/published/2022/report").text().contains("National report, audit year 2022"));
    assert!(
        audit.post("/rounds/2022/copy", &[("version", &round().version.to_string())]).location.as_deref()
            == Some("/rounds/2023?done=copied")
    );
}
