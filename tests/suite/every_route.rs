//! Every route of pages and API, as every role, inside and outside its scope, against the table of who may do what.
//!
//! The routes come from the program itself, so a new one is walked without being named here; one with a parameter or a
//! body that this file does not know fails until it is told what to send.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use facilities_audit::api::OPERATIONS;
use facilities_audit::app::hospitals::{self, NewChallenge};
use facilities_audit::app::quality::{self, NewQuery};
use facilities_audit::app::scenarios::{self, NewScenario, Plan, Subject};
use facilities_audit::app::section_links::{self, NewSectionLink};
use facilities_audit::app::{App, accounts, cuts, keys, rounds};
use facilities_audit::domain::access::{Access, Outside, PERMISSIONS, Principal, Role};
use facilities_audit::domain::quality::query::Subject as QuerySubject;
use facilities_audit::domain::workforce::scenario::Scenario;
use facilities_audit_tests::{PageReader, Server, World, on_both_databases, session_of, with_factor};
use serde_json::Value;

const SERVICES: &str = "code,name,trust_code,trust_name,area_code,valid_from,valid_to,successor_code
AAA,Alpha Service,,,QOQ,,,
BBB,Beta Service,,,QWO,,,
";
const HOSPITALS: &str = "code,name,area_code,service_code,valid_from,valid_to,latitude,longitude
H001,North Hospital,QOQ,AAA,,,,
H002,South Hospital,QWO,BBB,,,,
";
const ANSWERS: &str = "service_code,year,link_id,row,value
AAA,2021,population_all_ages,,494945
BBB,2021,population_all_ages,,250000
";

/// Somebody who walks: what they hold, of the service AAA or its area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Walker {
    Nobody,
    Holder(Role),
    /// A commissioner of every area.
    National,
    /// Who came by a section link.
    Link,
}

const WALKERS: [Walker; 8] = [
    Walker::Nobody,
    Walker::Holder(Role::FlsLead),
    Walker::Holder(Role::FlsContributor),
    Walker::Holder(Role::ClinicalLead),
    Walker::Holder(Role::Commissioner),
    Walker::National,
    Walker::Link,
    Walker::Holder(Role::AuditTeam),
];

impl Walker {
    fn role(self) -> Option<Role> {
        match self {
            Self::Nobody => None,
            Self::Holder(role) => Some(role),
            Self::National => Some(Role::Commissioner),
            Self::Link => Some(Role::SectionLink),
        }
    }

    /// Nothing lies outside their scope.
    fn reaches_all(self) -> bool {
        matches!(self, Self::National | Self::Holder(Role::AuditTeam))
    }

    fn scope(self) -> (Option<&'static str>, Option<&'static str>) {
        match self {
            Self::Holder(Role::FlsLead | Role::FlsContributor | Role::ClinicalLead) => (Some("AAA"), None),
            Self::Holder(Role::Commissioner) => (None, Some("QOQ")),
            _ => (None, None),
        }
    }
}

/// What the parameters of paths stand for: a thing inside the scope of AAA, or one outside.
struct Things {
    service: &'static str,
    area: &'static str,
    account: String,
    session: String,
    key: String,
    link: String,
    import: String,
    cut: String,
    challenge: String,
    scenario: String,
    query: String,
}

/// The country, with people and keys on both sides.
struct Country {
    world: World,
    app: App,
    server: Server,
    inside: Things,
    outside: Things,
}

fn things(app: &App, service: &'static str, area: &'static str, import: &str) -> Things {
    let team = Principal::command_line();
    let email = format!("{}.colleague@example.org", service.to_lowercase());
    let link = accounts::add_user(app, &team, &email, None, Role::FlsContributor, Some(service), None).unwrap();
    let signed_in = session_of(app, &link);
    let account = signed_in.principal.account().unwrap().to_owned();
    let sessions = facilities_audit::app::sessions::of_account(app, &team, &account).unwrap();
    let key = keys::make(app, &team, "theirs", Role::FlsContributor, Some(service), None, None).unwrap().0.key.id;
    let cut = cuts::make(app, &team, 2021, "walked").unwrap().id;
    let new = NewSectionLink { section: "staffing", email: "finance@example.org", note: "", days: 7 };
    let link = section_links::make(app, &team, 2022, service, &new).unwrap().0.link.id;
    let hospital = if service == "AAA" { "H001" } else { "H002" };
    let new = NewChallenge { hospital, claim: "not_ours", reason: "It moved." };
    let challenge = hospitals::challenge(app, &team, 2022, service, &new).unwrap().id;
    let subject = Subject { year: 2021, service: Some(service.into()), ..Subject::default() };
    let plan = Plan { subject, scenario: Scenario { years: 1, ..Scenario::default() }, ..Plan::default() };
    let new = NewScenario { name: format!("Of {service}"), shared: true, plan };
    let scenario = scenarios::add(app, &team, &new).unwrap().id;
    let subject = QuerySubject::Item("setting".into());
    let new = NewQuery { year: 2022, service: service.into(), subject, body: "Why?".into(), due_on: None };
    let query = quality::open(app, &team, &new).unwrap().query.query.id;
    rounds::extend(app, &team, 2022, service, "2099-01-01".parse().unwrap(), "walked").unwrap();
    Things {
        service,
        scenario,
        query,
        challenge,
        cut,
        area,
        session: sessions[0].id.clone(),
        account,
        key,
        link,
        import: import.to_owned(),
    }
}

impl Country {
    fn new(world: World) -> Self {
        let folder = world.path("register");
        fs::create_dir(&folder).unwrap();
        fs::write(folder.join("services.csv"), SERVICES).unwrap();
        fs::write(folder.join("hospitals.csv"), HOSPITALS).unwrap();
        fs::write(folder.join("responses.csv"), ANSWERS).unwrap();
        world.import(&folder).succeeded();
        let app = world.app();
        let imports = facilities_audit::app::imports::list(&app, &Principal::command_line(), None, 1).unwrap();
        let (inside, outside) =
            (things(&app, "AAA", "QOQ", &imports[0].id), things(&app, "BBB", "QWO", &imports[0].id));
        let server = world.serve();
        Self { world, app, server, inside, outside }
    }

    fn reader(&self, walker: Walker) -> PageReader {
        let mut reader = PageReader::new(&self.server);
        let team = Principal::command_line();
        let secret = match walker {
            Walker::Nobody => None,
            Walker::Link => {
                let new = NewSectionLink { section: "staffing", email: "walker@example.org", note: "", days: 7 };
                let (_, secret) = section_links::make(&self.app, &team, 2022, "AAA", &new).unwrap();
                let visit = facilities_audit::app::sessions::Visit::unknown();
                let signed_in = facilities_audit::app::sign_in::with_section_link(&self.app, &visit, &secret);
                Some(signed_in.unwrap().session)
            }
            Walker::Holder(_) | Walker::National => {
                let (service, area) = walker.scope();
                let role = walker.role().unwrap();
                let link =
                    accounts::add_user(&self.app, &team, "walker@example.org", None, role, service, area).unwrap();
                let signed_in = session_of(&self.app, &link);
                // With a second factor all of them, so that what calls for one is reached.
                let has_factor = signed_in.principal.second_factor;
                Some(if has_factor { signed_in } else { with_factor(&self.app, &signed_in) }.session)
            }
        };
        if let Some(secret) = secret {
            reader.cookies.insert("facilities_audit_session".into(), secret);
        }
        reader.get("/privacy");
        reader
    }
}

/// The path with its parameters filled in, or the parameter that nobody explained.
fn filled(path: &str, year: i32, things: &Things) -> Result<String, String> {
    let mut parts: Vec<String> = Vec::new();
    for part in path.split('/') {
        let name = part.strip_prefix(':').or_else(|| part.strip_prefix('{').and_then(|part| part.strip_suffix('}')));
        let Some(name) = name else {
            parts.push(part.to_owned());
            continue;
        };
        let before = parts.last().map(String::as_str).unwrap_or_default();
        parts.push(match (before, name) {
            (_, "year") => year.to_string(),
            (_, "service") | ("services", "code") => things.service.to_owned(),
            ("areas", "code") => things.area.to_owned(),
            ("kpis", "kpi") => "4".to_owned(),
            ("associations", "exposure") => "setting".to_owned(),
            (_, "section") => "staffing".to_owned(),
            (_, "token") => "no-such-token".to_owned(),
            ("step", "status") => "closed".to_owned(),
            ("data", "file") => "services.csv".to_owned(),
            ("accounts", "id") => things.account.clone(),
            ("sessions", "id" | "session") => things.session.clone(),
            ("submissions", "number") => "1".into(),
            ("keys", "id") => things.key.clone(),
            ("links", "id" | "link") => things.link.clone(),
            // In the section that the links are for.
            (_, "item") => "setting".to_owned(),
            (_, "recommendation") => "8".to_owned(),
            (_, "challenge") => things.challenge.clone(),
            ("imports", "id") => things.import.clone(),
            (_, "kpi") => "4".to_owned(),
            ("cuts", "id") => things.cut.clone(),
            ("parts", "name") => "kpi_counts.csv".to_owned(),
            ("questionnaires", "version") => "2022.1".to_owned(),
            ("queries", "id") => things.query.clone(),
            ("scenarios", "id" | "scenario") => things.scenario.clone(),
            ("standards", "id" | "standard") => "ros".to_owned(),
            ("texts", "name") => "privacy".to_owned(),
            ("exports", "file") => "services.csv".to_owned(),
            // Mails are made by a demo, or sent within the second: none is there to be found.
            ("mails", "id") => "no-such-mail".to_owned(),
            _ => return Err(format!("{path}: say in this test what {name:?} stands for")),
        });
    }
    Ok(parts.join("/"))
}

/// What an answer comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Verdict {
    /// They are to sign in, or to send a key.
    NotSignedIn,
    Forbidden,
    Hidden,
    /// They came through; what they sent may still be refused for what it is.
    Through,
    /// Something else that should not be.
    Broken(u16),
}

fn verdict(status: u16) -> Verdict {
    match status {
        401 => Verdict::NotSignedIn,
        403 => Verdict::Forbidden,
        404 => Verdict::Hidden,
        500.. => Verdict::Broken(status),
        _ => Verdict::Through,
    }
}

/// Whether a walker comes past the door of a route.
trait Admits {
    fn admits_walker(self, walker: Walker) -> bool;
}

impl Admits for Access {
    fn admits_walker(self, walker: Walker) -> bool {
        walker.role().is_some_and(|role| self.admits(role))
    }
}

/// What the table says. `names_one` is whether the route is about one thing that can lie outside.
fn expected(access: Access, walker: Walker, is_outside: bool, names_one: bool) -> Verdict {
    let Some(role) = walker.role() else {
        return if access == Access::Public { Verdict::Through } else { Verdict::NotSignedIn };
    };
    if !access.admits(role) {
        return Verdict::Forbidden;
    }
    match access {
        Access::May(_, outside) if is_outside && names_one && !walker.reaches_all() => match outside {
            Outside::Forbidden => Verdict::Forbidden,
            Outside::NotFound => Verdict::Hidden,
            Outside::Filtered => Verdict::Through,
        },
        _ => Verdict::Through,
    }
}

/// Whether a path is about one thing of somebody's.
fn names_one(path: &str) -> bool {
    [
        ":service",
        "{service}",
        "/scenarios/:",
        "/scenarios/{",
        "/accounts/:",
        "/accounts/{",
        "/keys/:",
        "/keys/{",
        "/queries/:",
        "/queries/{",
    ]
    .iter()
    .any(|part| path.contains(part))
}

fn walk_pages(country: &Country, walker: Walker, wrong: &mut Vec<String>) {
    let mut reader = country.reader(walker);
    // What would end the walk comes last.
    let mut routes = facilities_audit::web::declared();
    routes.sort_by_key(|route| (route.path == "/sign-out", ends_something(route.path)));
    for route in routes {
        for (things, is_outside) in [(&country.outside, true), (&country.inside, false)] {
            // Of no service, and it works once.
            if route.path == "/sign-out" && is_outside {
                continue;
            }
            let is_post = route.method.as_str() == "POST";
            let of_2022 = is_post
                || walker == Walker::Link
                || route.path.contains("/links/")
                || route.path.contains("/extensions/")
                || route.path.contains("/step/");
            let year = if of_2022 { 2022 } else { 2021 };
            let path = match filled(route.path, year, things) {
                Ok(path) => path,
                Err(problem) => {
                    wrong.push(problem);
                    continue;
                }
            };
            let answer = if is_post { reader.post(&path, &[]) } else { reader.get(&path) };
            let mut found = verdict(answer.status);
            // The pages of signing in refuse what is wrong, and the demo's own are not there outside it; a session of
            // somebody else, and a mail that is none, are not there for anybody.
            let refuses_itself = matches!(found, Verdict::Hidden | Verdict::Forbidden | Verdict::NotSignedIn);
            let is_nobodys = route.path.contains("/account/sessions/") || route.path.contains("/mails/");
            if (route.access == Access::Public && refuses_itself)
                || (is_nobodys && found == Verdict::Hidden && route.access.admits_walker(walker))
            {
                found = Verdict::Through;
            }
            let wanted = expected(route.access, walker, is_outside, names_one(route.path));
            let is_owners = is_post || route.path.ends_with("/edit") || route.path.ends_with("/delete");
            if is_of_a_scenario(route.path, is_owners, walker) && wanted == Verdict::Through && refuses_itself {
                found = Verdict::Through;
            }
            let to_set_up = answer.location.as_deref().is_some_and(|to| to.starts_with("/sign-in"));
            if found != wanted
                || (to_set_up && wanted == Verdict::Through && walker != Walker::Nobody && route.path != "/sign-out")
            {
                wrong
                    .push(format!("{} {path} as {walker:?}: {wanted:?} wanted, {} found", route.method, answer.status));
            }
            let own_alone = !walker.reaches_all() && !matches!(route.access, Access::Public);
            // The register, its caseloads with it, is everybody's to read.
            let tells_all = ["/rounds", "/survey", "/kpis/caseloads"].contains(&route.path);
            if own_alone && !tells_all && !is_post && answer.status == 200 && answer.text().contains("Beta Service") {
                wrong.push(format!("GET {path} as {walker:?} tells of a service outside"));
            }
        }
    }
}

/// Whether a scenario may refuse who came past the door: it is its owner's to change and to delete, and once the audit
/// team, who walks last, has deleted it, it is not there.
fn is_of_a_scenario(path: &str, is_owners: bool, walker: Walker) -> bool {
    path.contains("/scenarios/") && (is_owners || walker == Walker::Holder(Role::AuditTeam))
}

/// Whether a route takes away what later ones need.
fn ends_something(path: &str) -> u8 {
    let endings = ["remove", "disable", "revoke", "end", "erase", "hand-over", "others", "delete"];
    u8::from(endings.iter().any(|ending| path.contains(ending))) + u8::from(path.contains("erase"))
}

/// The query that an operation needs.
fn query(operation: &str, things: &Things) -> String {
    match operation {
        "list_staffing_gaps"
        | "download_staffing_gaps"
        | "list_staffing_costs"
        | "get_staffing_demand"
        | "get_uncovered" => "?year=2021".into(),
        "get_business_case" => format!("?year=2021&service={}", things.service),
        "compare_scenarios" => format!("?ids={0},{0}", things.scenario),
        "list_kpis"
        | "list_caseloads"
        | "get_benchmark"
        | "get_service_kpis"
        | "get_national_cascade"
        | "get_area_cascade"
        | "get_service_cascade" => "?year=2021".into(),
        "list_counts" | "list_count_corrections" => format!("?service={}", things.service),
        "remove_counts" => format!("?service={}&month=2021-01", things.service),
        "compare_submissions" => "?from=1".into(),
        "compare_data_cuts" => format!("?from={0}&to={0}", things.cut),
        "discard_round" => "?version=99".into(),
        "discard_questionnaire_version" => "?revision=99".into(),
        "get_funnel" | "get_strata" | "get_grades" | "get_heat_map" | "get_scoreboard" | "get_kpi_map" => {
            "?year=2021".into()
        }
        "get_service_feedback" | "plan_recommendation" | "get_associations" => "?year=2021".into(),
        "list_sessions" | "end_session" => format!("?account={}", things.account),
        "take_membership" => format!("?account={}&role=fls_contributor&service={}", things.account, things.service),
        _ => String::new(),
    }
}

/// The body that an operation needs; `None` where the test was not told.
fn body(operation: &str, things: &Things) -> Option<String> {
    Some(match operation {
        "change_answers" => r#"{"answers":[{"link_id":"setting","version":0,"status":"unanswered"}]}"#.into(),
        "carry_answers_forward" | "confirm_answers" => r#"{"section":"staffing"}"#.into(),
        "put_fhir_response" => r#"{"resourceType":"QuestionnaireResponse","status":"in-progress"}"#.into(),
        "reopen_response" => r#"{"reason":"A test"}"#.into(),
        "make_no_return" => r#"{"outcome":"not_commissioned"}"#.into(),
        "change_account" => r#"{"disabled":false}"#.into(),
        "give_membership" => {
            format!(r#"{{"email":"new@example.org","role":"fls_contributor","service":"{}"}}"#, things.service)
        }
        "make_key" => format!(r#"{{"name":"new","role":"fls_contributor","service":"{}"}}"#, things.service),
        "import_files" => String::new(),
        "put_counts" => {
            format!(r#"{{"items":[{{"service":"{}","month":"2021-01","kpi":2,"numerator":1}}]}}"#, things.service)
        }
        "state_caseload" => r#"{"expected":5,"reason":"two sites"}"#.into(),
        "save_scenario" | "change_scenario" => {
            format!(r#"{{"version":1,"name":"Walked","plan":{{"year":2021,"service":"{}","years":1}}}}"#, things.service)
        }
        "preview_scenario" => format!(r#"{{"year":2021,"service":"{}","years":1}}"#, things.service),
        "put_staffing_standard" => r#"{"version":0,"name":"Ours","nurse_wte":1,"administrator_wte":0.5,"population_low":1,"population_high":2,"source":"A test","bases":["as_reported"]}"#.into(),
        "share_out_budget" => r#"{"year":2021,"budget_pounds":100000}"#.into(),
        // No questionnaire: refused for what it is, once it came through.
        "upload_questionnaire_version" => r#"{"document":"x","revision":0}"#.into(),
        "publish_questionnaire_version" => r#"{"revision":99}"#.into(),
        "open_data_query" => format!(r#"{{"service":"{}","link_id":"setting","body":"Why?"}}"#, things.service),
        "step_data_query" => r#"{"version":99,"to":"answered","body":"So it is."}"#.into(),
        "hand_over_data_query" => r#"{"version":99,"email":"somebody@example.org"}"#.into(),
        "make_data_cut" => r#"{"note":"walked"}"#.into(),
        // Refused for what they are, once they came through: the round is to stay open for the walk.
        "put_round" => r#"{"version":0,"facilities_audit":"","staffing_as_at":"2023-04-01","questionnaire":"","methodology":0,"standard":"","sign_off":false,"reminders":false}"#.into(),
        "copy_round" => r#"{"version":99}"#.into(),
        "transition_round" => r#"{"version":99,"to":"closed"}"#.into(),
        "extend_response" => r#"{"until":"2099-01-01","reason":"A test"}"#.into(),
        "send_reminders" => r#"{"services":["AAA"]}"#.into(),
        "enrol_services" => r#"{"items":[{"service":"ZZZ"}]}"#.into(),
        "plan_recommendation" => r#"{"version":0,"action":"Meet every month.","owner":"The lead"}"#.into(),
        "add_comment" => r#"{"link_id":"setting","body":"What counts as acute?"}"#.into(),
        "challenge_hospital" => r#"{"hospital":"H001","claim":"figure","reason":"It had more."}"#.into(),
        "decide_hospital_challenge" => r#"{"accepted":true,"note":"You are right."}"#.into(),
        // No workbook: refused for what it is, once it came through.
        "upload_response_workbook" => "no workbook".into(),
        _ => return None,
    })
}

fn walk_api(country: &Country, walker: Walker, wrong: &mut Vec<String>) {
    let team = Principal::command_line();
    let key = match walker {
        Walker::Nobody => "fa_unknown".to_owned(),
        // A section link is no key.
        Walker::Link => return,
        Walker::Holder(_) | Walker::National => {
            let ((service, area), role) = (walker.scope(), walker.role().unwrap());
            keys::make(&country.app, &team, "walker", role, service, area, None).unwrap().1
        }
    };
    let document: Value = serde_json::from_str(facilities_audit::api::document()).unwrap();
    let table: BTreeMap<&str, Access> = OPERATIONS.iter().copied().collect();
    let mut undeclared: BTreeSet<&str> = table.keys().copied().collect();
    let mut operations: Vec<(&str, &str, &Value)> = Vec::new();
    for (path, methods) in document["paths"].as_object().unwrap() {
        for (method, operation) in methods.as_object().unwrap() {
            operations.push((path, method, operation));
        }
    }
    operations.sort_by_key(|(path, method, _)| (*method == "delete", path.starts_with("/accounts"), *path));
    for (path, method, operation) in operations {
        let id = operation["operationId"].as_str().unwrap();
        undeclared.remove(id);
        let Some(access) = table.get(id).copied() else {
            wrong.push(format!("{id} is not in the table"));
            continue;
        };
        for (things, is_outside) in [(&country.outside, true), (&country.inside, false)] {
            let year = if method == "get" { 2021 } else { 2022 };
            let path = match filled(path, year, things) {
                Ok(path) => path,
                Err(problem) => {
                    wrong.push(problem);
                    continue;
                }
            };
            let sent = operation.get("requestBody").map(|_| body(id, things));
            if sent == Some(None) {
                wrong.push(format!("say in this test what to send to {id}"));
                continue;
            }
            let url = country.server.address(&format!("/api/v1{path}{}", query(id, things)));
            let status = call(method, &url, &key, sent.flatten().map(|sent| (content_type(id), sent)));
            // About one thing: by its path, or by what the query or the body names.
            let one = names_one(&path_of(operation, &path))
                || body(id, things).is_some_and(|body| body.contains(things.service));
            let one = one || ["account=", "service="].iter().any(|name| query(id, things).contains(name));
            let one = one || query(id, things).contains(&things.scenario);
            let (wanted, mut found) = (expected(access, walker, is_outside, one), verdict(status));
            if is_of_a_scenario(&path, method != "get", walker)
                && wanted == Verdict::Through
                && matches!(found, Verdict::Hidden | Verdict::Forbidden)
            {
                found = Verdict::Through;
            }
            if found != wanted {
                wrong.push(format!("{method} {path} ({id}) as {walker:?}: {wanted:?} wanted, {status} found"));
            }
        }
    }
    wrong.extend(undeclared.into_iter().map(|id| format!("{id} is in the table and not in the document")));
}

/// The path as the document has it: by the parameters that the operation names.
fn path_of(operation: &Value, filled: &str) -> String {
    let parameters = operation["parameters"].as_array();
    let names = parameters.into_iter().flatten().filter(|parameter| parameter["in"] == "path");
    let mut path = filled.to_owned();
    for name in names.filter_map(|parameter| parameter["name"].as_str()) {
        if name == "service" {
            path.push_str("/{service}");
        }
        // A service is in the register for everybody; what it hears of its answers is not.
        if name == "code" && filled.contains("/feedback") {
            path.push_str("/{service}");
        }
        if name == "id" && filled.starts_with("/queries/") {
            path.push_str("/queries/{");
        }
        if name == "id" && filled.starts_with("/accounts/") {
            path.push_str("/accounts/{");
        }
        if name == "id" && filled.starts_with("/workforce/scenarios/") {
            path.push_str("/scenarios/{");
        }
        if name == "id" && filled.starts_with("/keys/") {
            path.push_str("/keys/{");
        }
    }
    path
}

/// What an operation takes.
fn content_type(operation: &str) -> &'static str {
    match operation {
        "put_fhir_response" => "application/fhir+json",
        "upload_response_workbook" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        _ => "application/json",
    }
}

fn call(method: &str, url: &str, key: &str, body: Option<(&str, String)>) -> u16 {
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let request = ureq::http::Request::builder()
        .method(method.to_uppercase().as_str())
        .uri(url)
        .header("Authorization", format!("Bearer {key}"))
        .header("If-Match", "\"0\"");
    let response = match body {
        Some((kind, body)) => agent.run(request.header("Content-Type", kind).body(body).unwrap()),
        None => agent.run(request.body(()).unwrap()),
    };
    response.expect("the server answers").status().as_u16()
}

on_both_databases! {
    fn who_may_call_what(world: World) {
        let mut wrong = Vec::new();
        let backend = world.backend();
        let mut worlds = vec![world];
        for walker in WALKERS {
            for walk in [walk_pages, walk_api] {
                // A country of their own: one walk takes away what another needs.
                let country = Country::new(worlds.pop().unwrap_or_else(|| World::new(backend)));
                walk(&country, walker, &mut wrong);
                drop(country.world);
            }
        }
        assert!(wrong.is_empty(), "{} differ from the table:\n{}", wrong.len(), wrong.join("\n"));
    }
}

#[test]
fn every_role_and_permission_is_in_the_table_once() {
    let permissions: BTreeSet<_> = PERMISSIONS.iter().map(|(permission, _)| *permission).collect();
    assert_eq!(permissions.len(), PERMISSIONS.len());
    for role in Role::ALL {
        assert!(PERMISSIONS.iter().any(|(_, roles)| roles.contains(&role)), "{role} may do nothing");
    }
}
