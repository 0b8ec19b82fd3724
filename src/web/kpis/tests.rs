//! Every view of the KPIs through the router, over the demo's country.

use poem::endpoint::BoxEndpoint;
use poem::http::StatusCode;
use poem::test::{TestClient, TestResponse};
use poem::{EndpointExt as _, Route};

use super::query::Kind;
use crate::app::{App, Environment, Settings, accounts, demo, keys, sessions, sign_in};
use crate::auth::key::ServerKey;
use crate::domain::access::{Principal, Role};
use crate::formats::seeds::{SeedFiles, read_reference};

struct Site {
    client: TestClient<BoxEndpoint<'static>>,
    app: App,
    _folder: tempfile::TempDir,
}

impl Site {
    fn new(loaded: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let reference = read_reference(&SeedFiles::Embedded).unwrap();
        let settings = Settings { demo: true, key: Some(ServerKey::from_bytes(b"tests")), ..Settings::default() };
        let url = format!("sqlite:{}", folder.path().join("audit.db").display());
        let app = App::open(&url, reference, settings, Environment::system()).unwrap();
        if loaded {
            demo::load_country(&app, &mut |_, _, _| {}).unwrap();
        }
        let client = TestClient::new(crate::web::routes(app.clone()).map_to_response().boxed());
        Self { client, app, _folder: folder }
    }

    /// The cookie of somebody new.
    fn person(&self, role: Role, service: Option<&str>) -> String {
        let email = format!("{role}@audit.example");
        let token =
            accounts::add_user(&self.app, &Principal::command_line(), &email, None, role, service, None).unwrap();
        let signed_in = sign_in::with_link(&self.app, &sessions::Visit::unknown(), &token).unwrap();
        format!("facilities_audit_session={}", signed_in.session)
    }

    async fn get(&self, cookie: &str, path: &str) -> TestResponse {
        self.client.get(path).header("cookie", cookie).send().await
    }

    /// The answer of the API to somebody who reaches everything.
    async fn api(&self, path: &str) -> serde_json::Value {
        let team = Principal::command_line();
        let key = keys::make(&self.app, &team, "test", Role::AuditTeam, None, None, None).unwrap().1;
        let routes = Route::new().nest("/api/v1", crate::api::routes(self.app.clone()));
        let client = TestClient::new(routes.boxed());
        let asked = client.get(format!("/api/v1{path}")).header("authorization", format!("Bearer {key}"));
        let response = asked.send().await;
        let status = response.0.status();
        let text = response.0.into_body().into_string().await.unwrap();
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        serde_json::from_str(&text).unwrap()
    }

    async fn text(&self, cookie: &str, path: &str) -> String {
        let response = self.get(cookie, path).await;
        let status = response.0.status();
        let text = response.0.into_body().into_string().await.unwrap();
        assert_eq!(status, StatusCode::OK, "{path}: {text}");
        text
    }
}

fn path(kind: Kind, kpi: i32, extension: &str) -> String {
    let kind_word = kind.as_str();
    if kind.is_of_one_kpi() {
        format!("/kpis/{kpi}/{kind_word}{extension}")
    } else {
        format!("/kpis/{kind_word}{extension}")
    }
}

/// The rows of a file for people.
fn rows(csv: &str) -> Vec<Vec<String>> {
    let csv = csv.strip_prefix('\u{feff}').unwrap();
    let mut reader = ::csv::ReaderBuilder::new().has_headers(false).from_reader(csv.as_bytes());
    reader.records().map(|row| row.unwrap().iter().map(ToOwned::to_owned).collect()).collect()
}

#[tokio::test]
async fn every_view_is_a_page_a_picture_and_a_file() {
    let site = Site::new(true);
    let lead = site.person(Role::FlsLead, Some("FLS012"));
    let index = site.text(&lead, "/kpis").await;
    assert!(index.contains("Audit year 2021") && index.contains("FLS012") && index.contains("43.0%"), "{index}");
    for kpi in [2, 4, 7] {
        for kind in Kind::ALL {
            let page = site.text(&lead, &format!("{}?year=2021", path(kind, kpi, ""))).await;
            for part in [
                "<svg",
                "app-kpi-chart--wide",
                "app-kpi-chart--narrow",
                "as a table",
                "Synthetic data",
                "id=\"method\"",
            ] {
                let table_first = part == "as a table" && matches!(kind, Kind::Benchmark | Kind::Scoreboard);
                // Counts by group are not there for every KPI: there is nothing to draw then.
                let nothing_drawn =
                    kind == Kind::Strata && kpi == 4 && ["<svg", "chart--", "table"].iter().any(|p| part.contains(p));
                assert!(table_first || nothing_drawn || page.contains(part), "{part} in {kind:?} of KPI {kpi}");
            }
            assert!(!page.contains(" style=") && !page.contains("NaN"), "{kind:?}");
            let svg = site.text(&lead, &format!("{}?year=2021", path(kind, kpi, ".svg"))).await;
            assert!(
                svg.starts_with("<svg xmlns=") && svg.contains("font-family") && svg.contains("Synthetic data"),
                "{kind:?}"
            );
            let file = rows(&site.text(&lead, &format!("{}?year=2021", path(kind, kpi, ".csv"))).await);
            let empty_here = kind == Kind::Strata && kpi == 4;
            assert!(file.len() > 1 || empty_here, "{kind:?} of KPI {kpi}: {file:?}");
            assert!(file.iter().all(|row| row.len() == file[0].len()), "{kind:?}");
        }
    }
}

#[tokio::test]
async fn page_picture_and_file_agree() {
    let site = Site::new(true);
    let lead = site.person(Role::FlsLead, Some("FLS012"));
    let file = rows(&site.text(&lead, "/kpis/4/benchmark.csv?year=2021").await);
    let column = |name: &str| file[0].iter().position(|head| head == name).unwrap();
    assert_eq!(file.len(), 71, "seventy services count in 2021");
    let own = file.iter().find(|row| row[0] == "FLS012").unwrap();
    let number = |name: &str| own[column(name)].parse::<f64>().unwrap();
    let percent = number("percent");
    assert!((percent - 100.0 * number("numerator") / number("denominator")).abs() < 1e-9);
    assert!(number("interval_low") < percent && percent < number("interval_high"));
    let shown = format!("{}%", crate::formats::display::percent(percent / 100.0));
    for path in ["/kpis/4/benchmark?year=2021", "/kpis/4/benchmark.svg?year=2021", "/kpis/4/funnel.svg?year=2021"] {
        assert!(site.text(&lead, path).await.contains(&shown), "{shown} in {path}");
    }
    // One rule: what the table says of a service the funnel says too.
    let funnel = rows(&site.text(&lead, "/kpis/4/funnel.csv?year=2021").await);
    assert_eq!(funnel, file);
    let flagged =
        file.iter().filter(|row| !["similar", "compared"].contains(&row[column("compared")].as_str())).count();
    assert!(flagged < 20, "limits widened for the spread flag few: {flagged}");
    // The services that do not count are named with why.
    let page = site.text(&lead, "/kpis/4/benchmark?year=2021").await;
    assert!(page.contains("EX01") && page.contains("too few records"), "{page}");
    // An edge of a grade belongs to one grade, and every service is in the counts.
    let grades = rows(&site.text(&lead, "/kpis/grades.csv?year=2021").await);
    let of = grades.iter().find(|row| row[0] == "KPI 2" && row[2] == "2021").unwrap();
    assert_eq!((&of[3][..], &of[4][..], &of[5][..]), ("5", "23", "42"), "as published: 28 at 50% or more, 5 at 80%");
}

/// A file as a map from its first column (or first and another) to a column.
fn column_of(rows: &[Vec<String>], name: &str) -> std::collections::BTreeMap<String, String> {
    let place = rows[0].iter().position(|head| head == name).unwrap_or_else(|| panic!("{name} in {:?}", rows[0]));
    rows[1..].iter().map(|row| (row[0].clone(), row[place].clone())).collect()
}

/// A number of an answer as a file has it: nothing where it is absent.
fn field(value: &serde_json::Value) -> String {
    value.as_f64().map(|number| number.to_string()).unwrap_or_default()
}

#[tokio::test]
async fn the_api_has_the_figures_of_the_files() {
    let site = Site::new(true);
    let team = site.person(Role::AuditTeam, None);
    for kpi in [2, 5] {
        let file = rows(&site.text(&team, &format!("/kpis/{kpi}/funnel.csv?year=2021")).await);
        let answer = site.api(&format!("/kpis/{kpi}/funnel?year=2021&limit=500")).await;
        let (percents, compared) = (column_of(&file, "percent"), column_of(&file, "compared"));
        let items = answer["items"].as_array().unwrap();
        assert_eq!(items.len(), 70);
        for item in items {
            let code = item["service"].as_str().unwrap();
            assert_eq!(percents[code], field(&item["percent"]), "{code}");
            let said = if item["compared"].as_str().unwrap() == "similar" { "similar" } else { "" };
            assert_eq!(compared[code] == "similar", said == "similar", "{code}");
        }
        assert_eq!(answer.get("tau2").is_some(), kpi == 5);
    }
    let months = rows(&site.text(&team, "/kpis/4/run-chart.csv?service=FLS012").await);
    let answer = site.api("/services/FLS012/kpis/4/run-chart").await;
    let percents = column_of(&months, "percent");
    for month in answer["months"].as_array().unwrap() {
        assert_eq!(percents[month["month"].as_str().unwrap()], field(&month["percent"]));
    }
    let medians = column_of(&rows(&site.text(&team, "/kpis/6/distribution.csv").await), "median");
    for year in site.api("/kpis/6/distribution").await["items"].as_array().unwrap() {
        assert_eq!(medians[&year["year"].to_string()], field(&year["median"]));
    }
    let groups = rows(&site.text(&team, "/kpis/5/strata.csv?year=2021").await);
    let found: Vec<String> = groups[1..].iter().map(|row| row[2].clone()).collect();
    let answer = site.api("/kpis/5/strata?year=2021").await;
    let told: Vec<String> = answer["items"].as_array().unwrap().iter().map(|item| field(&item["percent"])).collect();
    assert_eq!(found, told);
    let across = rows(&site.text(&team, "/kpis/heat-map.csv?year=2021").await);
    let answer = site.api("/kpis/heat-map?year=2021&limit=500").await;
    for item in answer["items"].as_array().unwrap() {
        let row = across.iter().find(|row| row[0] == item["service"].as_str().unwrap()).unwrap();
        let cells: Vec<String> = item["kpis"].as_array().unwrap().iter().map(|cell| field(&cell["percent"])).collect();
        assert_eq!(row[2..], cells);
    }
    let met = column_of(&rows(&site.text(&team, "/kpis/scoreboard.csv?year=2021").await), "targets_met");
    let all: f64 = met.values().map(|count| count.parse::<f64>().unwrap()).sum();
    let answer = site.api("/kpis/scoreboard?year=2021").await;
    let told: f64 = answer["items"].as_array().unwrap().iter().map(|item| item["met"].as_f64().unwrap()).sum();
    assert!((all - told).abs() < 0.5, "{all} and {told}");
    let grades = rows(&site.text(&team, "/kpis/grades.csv?year=2021").await);
    for item in site.api("/kpis/grades?year=2021").await["items"].as_array().unwrap() {
        let row = grades.iter().find(|row| row[0] == format!("KPI {}", item["kpi"]) && row[2] == "2021").unwrap();
        assert_eq!(row[3..6], ["green", "amber", "red"].map(|grade| field(&item[grade])));
    }
    let areas = column_of(&rows(&site.text(&team, "/kpis/map.csv?year=2021").await), "percent");
    let answer = site.api("/kpis/map?year=2021").await;
    for item in answer["areas"].as_array().unwrap() {
        assert_eq!(areas[item["area"].as_str().unwrap()], field(&item["percent"]));
    }
    let uncovered = answer["places"].as_array().unwrap().iter().filter(|place| place["uncovered"] == true).count();
    assert_eq!(uncovered, 86);
}

#[tokio::test]
async fn filters_sorting_and_pages_are_in_the_address() {
    let site = Site::new(true);
    let team = site.person(Role::AuditTeam, None);
    let sorted = rows(&site.text(&team, "/kpis/2/benchmark.csv?year=2021&sort=percent&order=descending").await);
    let place = sorted[0].iter().position(|head| head == "percent").unwrap();
    let percents: Vec<f64> = sorted[1..].iter().map(|row| row[place].parse().unwrap()).collect();
    assert!(percents.is_sorted_by(|a, b| a >= b) && percents[0] > 100.0, "never clamped: {}", percents[0]);
    let all = sorted.len();
    for filter in ["area=QOQ", "area=W92000004", "setting=acute", "size=large"] {
        let some = rows(&site.text(&team, &format!("/kpis/2/benchmark.csv?year=2021&{filter}")).await).len();
        assert!(some < all, "{filter}: {some} of {all}");
    }
    let matched = rows(&site.text(&team, "/kpis/2/benchmark.csv?year=2021&matched=1").await);
    let change = matched[0].iter().position(|head| head == "change").unwrap();
    assert!(matched[1..].iter().all(|row| !row[change].is_empty()) && matched.len() < all);
    let page = site.text(&team, "/kpis/2/benchmark?year=2021&service=FLS012&sort=percent").await;
    assert!(page.contains("(ringed)") && page.contains("aria-sort=\"ascending\""));
    for (path, status) in [
        ("/kpis/12/benchmark", StatusCode::NOT_FOUND),
        ("/kpis/1/funnel", StatusCode::NOT_FOUND),
        ("/kpis/2/benchmark?year=x", StatusCode::BAD_REQUEST),
        ("/kpis/2/benchmark?size=huge", StatusCode::BAD_REQUEST),
        ("/kpis/2/benchmark?area=NOPE", StatusCode::NOT_FOUND),
        ("/kpis/4/run-chart?service=NOPE", StatusCode::NOT_FOUND),
        ("/kpis/2/benchmark?page=0", StatusCode::BAD_REQUEST),
    ] {
        assert_eq!(site.get(&team, path).await.0.status(), status, "{path}");
    }
    // KPI 2 is over an estimate and has no funnel, and says so.
    let page = site.text(&team, "/kpis/2/funnel?year=2021").await;
    assert!(page.contains("has no funnel") && page.contains("Byar"));
    let page = site.text(&team, "/kpis/4/funnel?year=2021").await.replace("&#x3D;", "=");
    assert!(page.contains("φ =") && page.contains("τ² ="), "{page}");
    let page = site.text(&team, "/kpis/4/funnel?year=2021&overdispersion=none").await;
    assert!(page.contains("otherwise than by the rule"));
    // Months without data keep their place: 2020 lies between.
    let months = rows(&site.text(&team, "/kpis/4/run-chart.csv?service=FLS012").await);
    let empty = months.iter().filter(|row| row[0].starts_with("2020-") && row[1].is_empty()).count();
    assert_eq!(empty, 12);
    assert!(site.text(&team, "/kpis/4/run-chart?service=FLS012&method=xmr").await.contains("moving range"));
    assert!(site.text(&team, "/kpis/cascade?year=2021").await.contains("people never seen"));
}

#[tokio::test]
async fn an_empty_country_says_what_to_do() {
    let site = Site::new(false);
    let team = site.person(Role::AuditTeam, None);
    assert!(site.text(&team, "/kpis").await.contains("Choose another year"));
    for kind in Kind::ALL {
        for extension in ["", ".svg", ".csv"] {
            let text = site.text(&team, &path(kind, 5, extension)).await;
            let says = ["Choose another", "Enter the code", "have been sent", "Send counts in"];
            assert!(!extension.is_empty() || says.iter().any(|words| text.contains(words)), "{kind:?}: {text}");
        }
    }
}
