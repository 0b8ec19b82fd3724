//! Every page through the real router, with a real database.

mod handing_in;
mod kept;
mod kit;
mod language;

use poem::EndpointExt as _;
use poem::endpoint::BoxEndpoint;
use poem::http::{StatusCode, header};
use poem::test::{TestClient, TestResponse};

use super::routes;
use crate::app::imports::{self, ImportOptions};
use crate::app::sessions::Visit;
use crate::app::{App, Environment, Settings, accounts, responses, sign_in};
use crate::auth::key::ServerKey;
use crate::domain::access::{Principal, Role};
use crate::domain::interchange::FileKind;
use crate::domain::reference::Reference;
use crate::formats::seeds::{SeedFiles, read_reference};

const SERVICES: &str = "code,name,trust_code,trust_name,area_code,valid_from,valid_to,successor_code
AAA,Alpha Fracture Liaison Service,,,QOQ,,,
BBB,Beta & Sons <Service>,,,QOQ,,,
";
const HOSPITALS: &str = "code,name,area_code,service_code,valid_from,valid_to,latitude,longitude
H001,North Hospital,QOQ,AAA,,,,
H002,South Hospital,QOQ,,,,,
";
const ANSWERS: &str = "service_code,year,link_id,row,value
AAA,2021,population_all_ages,,494945
AAA,2021,staff_in_post,administrator/3,0.45
AAA,2021,staff_in_post,nurse/7,1.59
AAA,2021,setting,,acute
BBB,2021,population_50_plus,,90000
BBB,2021,population_all_ages,,250000
";

struct Site {
    app: App,
    client: TestClient<BoxEndpoint<'static, poem::Response>>,
    _folder: tempfile::TempDir,
}

impl Site {
    fn new() -> Self {
        Self::of(|_| (), Environment::system())
    }

    /// A site whose reference data was changed first, with an environment of the test's own.
    fn of(change: impl FnOnce(&mut Reference), environment: Environment) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("audit.db").display());
        let key = Some(ServerKey::from_bytes(b"tests"));
        let settings = Settings { demo: true, key, ..Settings::default() };
        let mut reference = read_reference(&SeedFiles::Embedded).unwrap();
        change(&mut reference);
        let app = App::open(&url, reference, settings, environment).unwrap();
        let files = [(FileKind::Services, SERVICES), (FileKind::Hospitals, HOSPITALS), (FileKind::Responses, ANSWERS)];
        for (kind, text) in files {
            let who = Principal::command_line();
            let options = ImportOptions { dry_run: false, skip_bad_rows: false };
            let report = imports::file(&app, &who, kind, text.as_bytes(), options, &mut |_| {}).unwrap();
            assert!(report.stored, "{report:?}");
        }
        let client = TestClient::new(routes(app.clone()).map_to_response().boxed());
        Self { app, client, _folder: folder }
    }

    /// A signed-in person: the value of the Cookie header.
    fn person(&self, role: Role, service: Option<&str>, area: Option<&str>) -> String {
        let email = format!("{role}{}@audit.example", service.or(area).unwrap_or_default());
        let who = Principal::command_line();
        let token = accounts::add_user(&self.app, &who, &email, None, role, service, area).unwrap();
        let session = sign_in::with_link(&self.app, &Visit::unknown(), &token).unwrap().session;
        format!("facilities_audit_session={session}")
    }

    async fn get(&self, cookie: &str, path: &str) -> TestResponse {
        self.client.get(path).header(header::COOKIE, cookie).send().await
    }

    /// The text of a page that must be there.
    async fn page(&self, cookie: &str, path: &str) -> String {
        let response = self.get(cookie, path).await;
        assert_eq!(response.0.status(), StatusCode::OK, "{path}");
        for (name, value) in [("cache-control", "no-store"), ("content-type", "text/html; charset=utf-8")] {
            response.assert_header(name, value);
        }
        let text = response.0.into_body().into_string().await.unwrap();
        assert!(!text.contains("NaN") && !text.contains(" style=") && text.contains("Synthetic data"), "{path}");
        text
    }

    async fn post(&self, cookie: &str, path: &str, fields: &[(String, String)]) -> TestResponse {
        let cookie = if cookie.is_empty() { "facilities_audit_visitor=somebody" } else { cookie };
        let (_, secret) = cookie.split_once('=').unwrap();
        let csrf = super::reader::new_token(&self.app.key().unwrap().fingerprint("csrf", secret));
        let mut body = form_urlencoded::Serializer::new(String::new());
        let own = fields.iter().filter(|(name, _)| name != "csrf");
        let body = body.extend_pairs(own).append_pair("csrf", &csrf).finish();
        let request = self.client.post(path).header(header::COOKIE, cookie);
        let request = request.header("sec-fetch-site", "same-origin");
        request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(body).send().await
    }
}

fn location(response: &TestResponse) -> String {
    assert_eq!(response.0.status(), StatusCode::SEE_OTHER);
    response.0.header(header::LOCATION).unwrap().to_owned()
}

fn plain(text: &str) -> String {
    let entities = [("&quot;", "\""), ("&#x27;", "'"), ("&#x3D;", "="), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")];
    entities.iter().fold(text.to_owned(), |text, (entity, letter)| text.replace(entity, letter))
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(plain(rest.split_once('"')?.0))
}

/// What a browser would send of the survey's form, left as it is.
fn form_of(page: &str) -> Vec<(String, String)> {
    let (_, form) = page.split_once("<form action=\"/survey/").unwrap();
    let mut fields = Vec::new();
    let mut select = String::new();
    for tag in form.split("</form>").next().unwrap().split('<') {
        let name = attribute(tag, "name").unwrap_or_default();
        if tag.starts_with("input ") {
            let chosen = tag.contains(" checked") || !(tag.contains("\"checkbox\"") || tag.contains("\"radio\""));
            if chosen {
                fields.push((name, attribute(tag, "value").unwrap_or_default()));
            }
        } else if tag.starts_with("textarea ") {
            fields.push((name, plain(tag.split_once('>').unwrap().1)));
        } else if tag.starts_with("select ") {
            select = name;
        } else if tag.starts_with("option ") && tag.contains(" selected") {
            fields.push((select.clone(), attribute(tag, "value").unwrap()));
        }
    }
    fields
}

fn with(fields: &[(String, String)], name: &str, value: &str) -> Vec<(String, String)> {
    let others = fields.iter().filter(|(field, _)| field != name).cloned();
    others.chain([(name.to_owned(), value.to_owned())]).collect()
}

#[tokio::test]
async fn every_page_of_every_role() {
    let site = Site::new();
    let audit = site.person(Role::AuditTeam, None, None);
    let lead = site.person(Role::FlsLead, Some("AAA"), None);
    let commissioner = site.person(Role::Commissioner, None, None);
    assert!(site.page("", "/sign-in").await.contains("E-mail me a sign-in link"));
    assert!(site.page(&audit, "/").await.contains("/rounds/2022"));
    assert!(site.page(&audit, "/rounds").await.contains("/rounds/2021"));
    assert!(site.page(&audit, "/rounds/2021").await.contains("Beta &amp; Sons &lt;Service&gt;"));
    assert_eq!(location(&site.get(&audit, "/survey").await), "/rounds");
    assert_eq!(location(&site.get(&commissioner, "/").await), "/gaps");
    assert!(site.page(&lead, "/").await.contains("9.17 to 10.78"), "the lead's own gap");
    assert!(site.page(&lead, "/survey").await.contains("/survey/2022/AAA"));
    assert!(site.page(&lead, "/survey/2022/AAA").await.contains("Not started"));
    assert!(site.page(&lead, "/survey/2021/AAA").await.contains("no longer changed"));
    let questionnaire = site.app.reference().questionnaires["2022.1"].clone();
    for section in &questionnaire.sections {
        let page = site.page(&lead, &format!("/survey/2022/AAA/{}", section.link_id)).await;
        assert!(page.contains(&section.number) && page.contains("Save and continue"));
    }
    assert!(site.page(&lead, "/survey/2022/AAA/check").await.contains("Give an answer"));
    assert!(site.page(&lead, "/survey/2021/AAA/staffing").await.contains("Nurse, band 7: 1.59"), "read only");
    assert!(site.page(&commissioner, "/survey/2021/AAA").await.contains("AAA"));
}

#[tokio::test]
async fn who_may_not_see_what() {
    let site = Site::new();
    let lead = site.person(Role::FlsLead, Some("AAA"), None);
    let commissioner = site.person(Role::Commissioner, None, None);
    for (cookie, path, status) in [
        ("", "/", StatusCode::UNAUTHORIZED),
        ("facilities_audit_session=stale", "/gaps", StatusCode::UNAUTHORIZED),
        (lead.as_str(), "/rounds", StatusCode::FORBIDDEN),
        (lead.as_str(), "/rounds/2022", StatusCode::FORBIDDEN),
        (lead.as_str(), "/survey/2022/BBB", StatusCode::FORBIDDEN),
        (commissioner.as_str(), "/survey/2022/AAA", StatusCode::FORBIDDEN),
        (commissioner.as_str(), "/rounds/2022", StatusCode::FORBIDDEN),
        (lead.as_str(), "/survey/2022/AAA/nonsense", StatusCode::NOT_FOUND),
        (lead.as_str(), "/survey/last/AAA", StatusCode::NOT_FOUND),
        (lead.as_str(), "/nowhere", StatusCode::NOT_FOUND),
        (lead.as_str(), "/sign-out", StatusCode::METHOD_NOT_ALLOWED),
        (commissioner.as_str(), "/gaps?sort=colour", StatusCode::BAD_REQUEST),
    ] {
        let response = site.get(cookie, path).await;
        assert_eq!(response.0.status(), status, "{path}");
        response.assert_header_exist("content-security-policy");
        let text = response.0.into_body().into_string().await.unwrap();
        assert!(text.contains("<h1"), "{path} has a page: {text}");
    }
    let request = site.client.post("/sign-out").header(header::COOKIE, &lead);
    request.header("sec-fetch-site", "cross-site").send().await.assert_status(StatusCode::FORBIDDEN);
    assert!(site.page(&lead, "/").await.contains("Sign out"), "still signed in");
}

#[tokio::test]
async fn a_link_is_used_by_its_button_and_once() {
    let site = Site::new();
    let who = Principal::command_line();
    let token = accounts::add_user(&site.app, &who, "a@audit.example", None, Role::AuditTeam, None, None).unwrap();
    let path = format!("/sign-in/{token}");
    assert!(site.page("", &path).await.contains(&format!("action=\"{path}\"")));
    let signed_in = site.post("", &path, &[]).await;
    assert_eq!(location(&signed_in), "/");
    let cookie = signed_in.0.header(header::SET_COOKIE).unwrap().to_owned();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && !cookie.contains("Secure"), "{cookie}");
    let cookie = cookie.split(';').next().unwrap().to_owned();
    assert!(site.page(&cookie, "/").await.contains("Sign out"));
    let again = site.post("", &path, &[]).await;
    assert_eq!(again.0.status(), StatusCode::GONE);
    assert!(again.0.into_body().into_string().await.unwrap().contains("Get a new sign-in link"));
    assert_eq!(location(&site.post(&cookie, "/sign-out", &[]).await), "/sign-in?done=signed-out");
    assert_eq!(site.get(&cookie, "/").await.0.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn the_gap_page_and_its_workbook() {
    let site = Site::new();
    let who = site.person(Role::Commissioner, None, None);
    let page = plain(&site.page(&who, "/gaps").await);
    assert!(page.find("nhsuk-lede-text") < page.find("<table"), "the statement comes first");
    for expected in [
        "audit year 2021",
        "9.17 to 10.78",
        "12.8% to 14.8%",
        "494,945 people",
        "Staffing missing",
        "estimated",
        "aria-sort=\"descending\"",
        "<title id=\"chart-1-title\">",
        "A service counts in its host area alone",
        "1 July 2022",
        "/gaps.xlsx?year=2021",
    ] {
        assert!(page.to_lowercase().contains(&expected.to_lowercase()), "{expected}");
    }
    let filtered = site.page(&who, "/gaps?year=2021&q=beta&role=administrator&sort=service").await;
    assert!(
        filtered.contains("1 of 2 services have “beta”")
            && !filtered.contains("<th class=\"nhsuk-table__header\" scope=\"row\">AAA")
    );
    assert!(site.page(&who, "/gaps?year=2021&area=QOQ&geography_as_at=2022-07-01").await.contains("Humber"));
    let own = site.person(Role::Commissioner, None, Some("QOQ"));
    let page = site.page(&own, "/gaps?year=2021").await;
    assert!(page.contains("value=\"QOQ\"") && !page.contains("value=\"E92000001\""), "no area that is not theirs");
    site.get(&own, "/gaps?year=2021&area=E92000001").await.assert_status(StatusCode::FORBIDDEN);
    assert!(site.page(&who, "/gaps?year=2021&area=W92000004").await.contains("no gap to show"));
    assert!(page.contains("Need of everybody in the area"));
    let lead = site.person(Role::FlsLead, Some("AAA"), None);
    let page = site.page(&lead, "/gaps?year=2021").await;
    assert!(page.contains("(yours)") && !page.contains("Need of everybody") && !page.contains("id=\"areas\""));
    assert!(site.page(&who, "/gaps?year=2022").await.contains("No answers submitted"));
    let none = site.get(&who, "/gaps?year=1999").await;
    assert_eq!(none.0.status(), StatusCode::NOT_FOUND);
    assert!(plain(&none.0.into_body().into_string().await.unwrap()).contains("/gaps?year=2021"));
    let book = site.get(&who, "/gaps.xlsx?year=2021&area=QOQ").await;
    book.assert_status_is_ok();
    book.assert_content_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet");
    book.assert_header("content-disposition", "attachment; filename=\"staffing-gap-2021-QOQ.xlsx\"");
    assert!(book.0.into_body().into_bytes().await.unwrap().starts_with(b"PK"));
}

#[tokio::test]
async fn a_section_sent_back_as_it_is_changes_nothing() {
    let site = Site::new();
    let lead = site.person(Role::FlsLead, Some("AAA"), None);
    let answers = "service_code,year,link_id,row,value\nAAA,2022,consultant_pas,,0.5\nAAA,2022,contract,,block\n\
         AAA,2022,funding_recurrent,,not_known\nAAA,2022,headcount_nurses,,0\nAAA,2022,hospitals,,H001;H002\n\
         AAA,2022,host_area,,QOQ\nAAA,2022,service_start,,2015-04\nAAA,2022,setting,,other\n\
         AAA,2022,setting_other,,\"A \"\"van\"\" & <tent>\"\nAAA,2022,staff_in_post,nurse/6,not_known\n\
         AAA,2022,staff_in_post,other,0\nAAA,2022,unit_code,,AAA\nAAA,2022,vacancy_over_6_months,,no\n";
    let who = Principal::command_line();
    let options = ImportOptions { dry_run: false, skip_bad_rows: false };
    let report = imports::file(&site.app, &who, FileKind::Responses, answers.as_bytes(), options, &mut |_| {}).unwrap();
    assert!(report.stored, "{report:?}");
    let before = responses::view(&site.app, &who, 2022, "AAA").unwrap().response;
    if before.state == crate::store::responses::ResponseState::Submitted {
        responses::reopen(&site.app, &who, 2022, "AAA", before.version, "test", None).unwrap();
    }
    let before = responses::view(&site.app, &who, 2022, "AAA").unwrap().response;
    let path = "/survey/2022/AAA/staffing";
    let fields = form_of(&site.page(&lead, path).await);
    assert!(fields.len() > 40, "{fields:?}");
    location(&site.post(&lead, path, &fields).await);
    let after = responses::view(&site.app, &who, 2022, "AAA").unwrap().response;
    assert_eq!((after.version, &after.document), (before.version, &before.document));
}

#[tokio::test]
async fn saving_conflicts_and_handing_in() {
    let site = Site::new();
    let lead = site.person(Role::FlsLead, Some("AAA"), None);
    let colleague = site.person(Role::FlsContributor, Some("AAA"), None);
    let path = "/survey/2022/AAA/population";
    let open = form_of(&site.page(&lead, path).await);
    // What cannot be read is kept as typed and flagged; the page comes back.
    let saved = location(&site.post(&lead, path, &with(&open, "v.population_all_ages", "350k")).await);
    assert!(saved.starts_with(path) && saved.contains("saved=yes"), "{saved}");
    let page = site.page(&lead, &saved).await;
    assert!(
        page.contains("value=\"350k\"")
            && page.contains("‘350k’ cannot be read")
            && page.contains("#item-population_all_ages")
    );
    // A colleague whose page is older changes the same item: both values are shown and one is chosen.
    let theirs = with(&open, "v.population_all_ages", "200,000");
    let conflict = site.post(&colleague, path, &theirs).await;
    assert_eq!(conflict.0.status(), StatusCode::CONFLICT);
    let page = conflict.0.into_body().into_string().await.unwrap();
    assert!(
        page.contains("fls_leadaaa changed this answer") && page.contains("‘350k’") && page.contains("200,000 people")
    );
    let undecided = form_of(&page);
    assert_eq!(site.post(&colleague, path, &undecided).await.0.status(), StatusCode::CONFLICT, "no choice, no save");
    location(&site.post(&colleague, path, &with(&undecided, "c.population_all_ages", "mine")).await);
    let page = site.page(&lead, path).await;
    assert!(page.contains("value=\"200000\""), "the choice counts");
    // Half of last year's: a query, which takes an explanation.
    assert!(page.contains("name=\"e.population_all_ages\""), "{page}");
    let explained = with(&form_of(&page), "e.population_all_ages", "Two towns left.");
    location(&site.post(&lead, path, &with(&explained, "then", "list")).await);
    assert!(site.page(&lead, "/survey/2022/AAA/check").await.contains("Two towns left."));
    // Nothing else is answered, so it cannot be handed in, by whatever form.
    let version = responses::view(&site.app, &Principal::command_line(), 2022, "AAA").unwrap().response.version;
    let fields = [("version".to_owned(), version.to_string()), ("declared".to_owned(), "yes".to_owned())];
    let refused = site.post(&lead, "/survey/2022/AAA/check", &fields).await;
    assert!(refused.0.into_body().into_string().await.unwrap().contains("To put right before you can submit"));
    let stale = site.post(&lead, "/survey/2022/AAA/check", &with(&fields, "version", "0")).await;
    assert!(stale.0.into_body().into_string().await.unwrap().contains("changed while you were checking"));
    site.post(&colleague, "/survey/2022/AAA/check", &fields).await.assert_status(StatusCode::FORBIDDEN);
}

/// Answers everything that is asked of BBB with "not known".
async fn answer_not_known(site: &Site, lead: &str) {
    let questionnaire = site.app.reference().questionnaires["2022.1"].clone();
    for section in &questionnaire.sections {
        let path = format!("/survey/2022/BBB/{}", section.link_id);
        let mut fields = form_of(&site.page(lead, &path).await);
        for item in &section.items {
            let name = match item.kind.as_str() {
                "choice" | "boolean" | "area" => format!("v.{}", item.link_id),
                "text" => continue,
                _ => format!("n.{}", item.link_id),
            };
            fields = with(&fields, &name, "not_known");
        }
        location(&site.post(lead, &path, &fields).await);
    }
}

/// The version that the form of a page is for.
fn version_of(page: &str) -> String {
    attribute(page.split("<input").find(|tag| tag.contains("\"version\"")).unwrap(), "value").unwrap()
}

#[tokio::test]
async fn everything_not_known_can_be_handed_in_and_is_then_read_only() {
    let site = Site::new();
    let lead = site.person(Role::FlsLead, Some("BBB"), None);
    answer_not_known(&site, &lead).await;
    let check = site.page(&lead, "/survey/2022/BBB/check").await;
    assert!(check.contains("Submit the response of BBB"), "{check}");
    let fields = [("version".to_owned(), version_of(&check))];
    let undeclared = site.post(&lead, "/survey/2022/BBB/check", &fields).await;
    assert!(undeclared.0.into_body().into_string().await.unwrap().contains("the declaration is missing"));
    let done = site.post(&lead, "/survey/2022/BBB/check", &with(&fields, "declared", "yes")).await;
    assert_eq!(location(&done), "/survey/2022/BBB/submitted");
    assert!(site.page(&lead, "/survey/2022/BBB/submitted").await.contains("Response submitted"));
    assert!(site.page(&lead, "/survey/2022/BBB").await.contains("no longer changed"));
    let section = site.page(&lead, "/survey/2022/BBB/staffing").await;
    assert!(section.contains("Not known") && !section.contains("Save and continue"));
    let late = site.post(&lead, "/survey/2022/BBB/staffing", &[("b.setting".into(), "1".into())]).await;
    assert_eq!(late.0.status(), StatusCode::CONFLICT);
}

#[tokio::test]
async fn the_demo_shows_its_mails_to_anybody() {
    let site = Site::new();
    assert!(site.page("", "/demo/mails").await.contains("There is no mail yet"));
    let lead = site.person(Role::FlsLead, Some("AAA"), None);
    sign_in::request_link(&site.app, "fls_leadAAA@audit.example", None).unwrap();
    let list = site.page("", "/demo/mails").await;
    assert!(list.contains("fls_leadaaa@audit.example") && list.contains("Sign in to the facilities audit"), "{list}");
    let href = attribute(list.split('<').find(|tag| tag.contains("\"/demo/mails/")).unwrap(), "href").unwrap();
    let mail = site.page("", &href).await;
    let tag = mail.split('<').find(|tag| tag.starts_with("a ") && tag.contains("/sign-in/")).unwrap();
    let link = attribute(tag, "href").unwrap();
    assert!(tag.ends_with(&format!(">{link}")), "the whole link is seen: {tag}");
    // The HTML as a mail program shows it: sealed off from the pages, and under no policy of theirs.
    let html = site.client.get(format!("{href}/html")).send().await;
    html.assert_status_is_ok();
    html.assert_header("cross-origin-opener-policy", "unsafe-none");
    let policy = html.0.header("content-security-policy").unwrap().to_owned();
    assert!(policy.starts_with("default-src 'none'; style-src 'unsafe-inline'; ") && policy.ends_with("; sandbox"));
    assert!(html.0.into_body().into_string().await.unwrap().contains(&link));
    // The link works.
    let path = link.strip_prefix("http://127.0.0.1:8080").unwrap();
    assert_eq!(location(&site.post("", path, &[]).await), "/");
    site.client.get("/demo/mails/none").send().await.assert_status(StatusCode::NOT_FOUND);
    site.client.get("/demo/mails/none/html").send().await.assert_status(StatusCode::NOT_FOUND);
    // The outbox is the audit team's.
    let team = site.person(Role::AuditTeam, None, None);
    let page = site.page(&team, "/mails").await;
    assert!(
        page.contains("Waiting (1)") && page.contains("read the mails here") && !page.contains("/sign-in/"),
        "{page}"
    );
    assert_eq!(site.get(&lead, "/mails").await.0.status(), StatusCode::FORBIDDEN);
    site.post(&team, "/mails/none/try-again", &[]).await.assert_status(StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn assets_are_kept_by_browsers_and_answer_head() {
    let site = Site::new();
    for name in ["app.css", "app.js", "saving.js", "favicon.svg", "nhsuk-frontend.min.css", "nhsuk-frontend.min.js"] {
        let path = format!("{}/{name}", *super::assets::BASE);
        let whole = site.client.get(&path).send().await;
        whole.assert_status_is_ok();
        whole.assert_header("cache-control", "public, max-age=31536000, immutable");
        let text = whole.0.into_body().into_string().await.unwrap();
        assert!(!text.contains("@font-face") && !text.contains("https://assets.nhs.uk"), "{name}");
        let head = site.client.head(&path).send().await;
        head.assert_status_is_ok();
        head.assert_header("content-length", text.len().to_string());
    }
    site.client.get("/assets/x/nothing.css").send().await.assert_status(StatusCode::NOT_FOUND);
}

/// The public reads published rounds alone, with WTE by role and never by band, and no small number.
#[tokio::test]
async fn the_public_reads_published_rounds_alone() {
    let site = Site::new();
    let list = site.page("", "/published").await;
    assert!(list.contains("href=\"/published/2021\"") && !list.contains("/published/2022"), "{list}");
    let page = site.page("", "/published/2021").await;
    assert!(
        page.contains("Alpha Fracture Liaison Service") && page.contains("1.59") && page.contains("under 1"),
        "{page}"
    );
    assert!(!page.contains("0.45"), "a part of one post is one person: {page}");
    assert!(!page.to_lowercase().contains("band"), "{page}");
    for path in ["/published/2022", "/published/1999", "/published/x"] {
        assert_eq!(site.get("", path).await.0.status(), StatusCode::NOT_FOUND, "{path}");
    }
}
