//! The pages of the associations and what they hand out: the grid, a page a pair, files, and the way to redo a figure.

use std::fs;
use std::process::Command;

use facilities_audit::domain::access::Role;
use facilities_audit_tests::{Backend, PageReader, Person, Ran, Server, World};
use serde_json::Value;

use crate::browser::{demo, link_of};
use crate::statistics::statistics;

const TEAM: Person<'_> = Person { email: "team@example.org", role: Role::AuditTeam, service: None };
const LEAD: Person<'_> = Person { email: "lead@example.org", role: Role::FlsLead, service: Some("FLS012") };

/// What no page may say: as in the domain's own test, over the templates and the plan too.
const NEVER: [&str; 16] = [
    "improve",
    "drives",
    "driven by",
    "due to",
    "leads to",
    "led to",
    "causes",
    "caused",
    "because of",
    "results in",
    "effect of",
    "impact",
    "thanks to",
    "boost",
    "owing to",
    "contributes to",
];

fn page(reader: &mut PageReader, path: &str) -> String {
    let answer = reader.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", answer.text());
    answer.text()
}

/// The text of a page's main part, without its tags.
fn words(page: &str) -> String {
    let main = page.split_once("<main").expect("a main part").1.split_once("</main>").unwrap().0;
    main.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect::<Vec<_>>().join(" ")
}

fn country() -> (World, Server) {
    let world = World::with_demo_data(Backend::Sqlite);
    let server = world.serve();
    (world, server)
}

#[test]
fn the_grid_and_the_pairs_say_no_more_than_they_know() {
    let world = World::new(Backend::Sqlite);
    let server = demo(&world);
    let mut team = PageReader::signed_in(&server, &link_of(&server, "Commissioner of all areas"));
    let grid = page(&mut team, "/associations?year=2021");
    let said = words(&grid);
    for part in ["69 services", "220 tests", "strong evidence", "not clear", "facilities_and_kpis, version 1", "NI01"] {
        assert!(said.contains(part), "{part}");
    }
    assert!(grid.contains("Synthetic data"), "labelled");
    assert_eq!(grid.matches("class=\"nhsuk-table__cell app-pair ").count(), 26 * 10);
    let paths = [
        "/associations?year=2021",
        "/associations?year=2021&since=2019",
        "/associations?year=2022",
        "/associations/nurse_wte_per_1000_cases/2?year=2021",
        "/associations/vacancy_over_6_months/7?year=2021&covariates=records,setting",
        "/associations/governance_frequency/9?year=2021",
        "/associations/monitoring_responsible/6?year=2021",
        "/associations/nurse_wte_per_100k/11?year=2021",
        "/associations/patient_survey/4?year=2021&since=2019",
        "/associations/setting/4?year=2021&setting=community",
    ];
    for path in paths {
        let said = words(&page(&mut team, path)).to_lowercase();
        for word in NEVER {
            assert!(!said.contains(word), "{word:?} on {path}");
        }
        assert!(said.contains("how services") && said.contains("not why they do"), "{path}");
    }
    // The page says what its kind of pair has to say.
    let coupled = words(&page(&mut team, paths[3]));
    assert!(coupled.contains("mutual coupling") && coupled.contains("no odds and no model"), "{coupled}");
    let few = words(&page(&mut team, paths[9]));
    assert!(few.contains("Too few services: 11"), "{few}");
    let eleven = words(&page(&mut team, paths[7]));
    assert!(eleven.contains("The answers of audit year 2019 beside KPI 11 of 2021"), "{eleven}");
    let drawn = page(&mut team, "/associations/governance_frequency/9/chart.svg?year=2021");
    assert!(drawn.contains("Synthetic data") && drawn.contains("not why they do"), "a picture says so by itself");
    let held = words(&page(&mut team, paths[4]));
    assert!(held.contains("number of records and setting held alike"), "{held}");

    // What is not there, and how to go on.
    let missing = team.get("/associations/shoe_size/4?year=2021");
    assert!(missing.status == 404 && missing.text().contains("the list of associations has them all"));
    let wrong = team.get("/associations?year=2021&size=huge");
    assert!(wrong.status == 400 && wrong.text().contains("small, medium and large"), "{}", wrong.text());
    assert_eq!(team.get("/associations?year=2021&covariates=weather").status, 422);
}

#[test]
fn ones_own_service_is_ringed_and_small_posts_of_others_are_not_there() {
    let (world, server) = country();
    let mut lead = world.reader(&server, LEAD);
    let survey = page(&mut lead, "/associations/patient_survey/4?year=2021");
    assert!(
        survey.contains("(ringed)") && survey.matches("<circle").count() >= 3 && !survey.contains("more services are")
    );
    let nurses = page(&mut lead, "/associations/nurse_wte_per_100k/4?year=2021");
    assert!(nurses.contains("tell of a single person") && nurses.contains("FLS012"));
    let mut team = world.reader(&server, TEAM);
    let all = page(&mut team, "/associations/nurse_wte_per_100k/4/data.csv?year=2021");
    let own = page(&mut lead, "/associations/nurse_wte_per_100k/4/data.csv?year=2021");
    assert_eq!(all.lines().count(), 70);
    assert!(own.lines().count() < 70 && own.contains("FLS012"));
    let data = page(&mut lead, "/associations/data.csv?year=2021");
    assert!(data.lines().count() == 70 && data.contains("suppressed"));
    assert!(!page(&mut team, "/associations/data.csv?year=2021").contains("suppressed"));
}

/// What `facilities-audit statistics` makes of the inputs is what the page and the API say, to the last digit.
#[test]
fn every_figure_can_be_redone_by_hand() {
    let (world, server) = country();
    let mut team = world.reader(&server, TEAM);
    let (_, key) = facilities_audit::app::keys::make(
        &world.app(),
        &facilities_audit::domain::access::Principal::command_line(),
        "reader",
        Role::AuditTeam,
        None,
        None,
        None,
    )
    .unwrap();
    let api = |query: &str| -> (String, Value) {
        let url = server.address(&format!("/api/v1/associations?year=2021&{query}"));
        let mut answer = ureq::get(&url).header("Authorization", &format!("Bearer {key}")).call().unwrap();
        let tag = answer.headers().get("etag").unwrap().to_str().unwrap().to_owned();
        (tag, answer.body_mut().read_json().unwrap())
    };
    let redone = |method: &str, input: &str| -> Value {
        serde_json::from_str(&statistics(&world, method, input).succeeded().out).unwrap()
    };
    for (exposure, kpi, method) in [
        ("nurse_wte_per_1000_cases", 9, "spearman"),
        ("vacancy_over_6_months", 7, "mann_whitney"),
        ("governance_frequency", 6, "jonckheere"),
        ("monitoring_responsible", 6, "kruskal_wallis"),
    ] {
        let (_, found) = api(&format!("exposure={exposure}&outcome={kpi}&covariates=records"));
        let cell = &found["items"][0];
        assert_eq!((cell["test"]["method"].as_str(), cell["n"].as_u64()), (Some(method), Some(69)), "{cell}");
        let path = |file: &str| format!("/associations/{exposure}/{kpi}/{file}?year=2021&covariates=records");
        let test = redone(method, &page(&mut team, &path("test.json")));
        assert_eq!(test["p"], cell["test"]["p"], "{exposure}");
        let model = redone("quasi_binomial", &page(&mut team, &path("model.json")));
        assert_eq!(model["odds_ratio"][1], cell["odds_ratios"][0]["ratio"], "{exposure}");
        assert_eq!(model["dispersion"], cell["dispersion"]);
        assert_eq!(found["pair"]["services"].as_array().unwrap().len(), 69);
        assert!(
            page(&mut team, &format!("/associations/{exposure}/{kpi}?year=2021"))
                .contains(&format!("statistics {method}"))
        );
    }
    // The same data give the same bytes, and whoever has them is told so.
    let (tag, all) = api("");
    assert_eq!((tag.clone(), all.clone()), api(""));
    assert_eq!(all["items"].as_array().unwrap().len(), 260);
    assert_eq!((all["linked"].as_u64(), all["tests"].as_u64()), (Some(69), Some(220)));
    let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
    let again = agent
        .get(server.address("/api/v1/associations?year=2021"))
        .header("Authorization", &format!("Bearer {key}"))
        .header("If-None-Match", &tag)
        .call()
        .unwrap();
    assert_eq!(again.status().as_u16(), 304);
    let grid = page(&mut team, "/associations/grid.csv?year=2021");
    assert_eq!((grid.lines().count(), &grid), (261, &page(&mut team, "/associations/grid.csv?year=2021")));
}

/// The script gives the data their factors and labels.
#[test]
fn r_reads_the_data_with_their_labels() {
    let (world, server) = country();
    let mut team = world.reader(&server, TEAM);
    let folder = world.path("r");
    fs::create_dir(&folder).unwrap();
    for (file, path) in [("data.csv", "data.csv"), ("labels.R", "labels.R")] {
        fs::write(folder.join(file), page(&mut team, &format!("/associations/{path}?year=2021"))).unwrap();
    }
    let codebook = page(&mut team, "/associations/codebook.csv?year=2021");
    assert!(
        codebook.contains("governance_frequency,Frequency of governance meetings,ordered,4 ordered groups"),
        "{codebook}"
    );
    let check = "source('labels.R')\n\
        stopifnot(nrow(data) == 69, is.ordered(data$governance_frequency), nlevels(data$setting) == 3)\n\
        stopifnot(identical(attr(data$nurse_wte_per_1000_cases, 'label'), 'Nurse WTE per 1,000 expected cases [WTE]'))\n\
        fit <- cor.test(data$nurse_wte_per_1000_cases, data$kpi_9_percent, method = 'spearman', exact = FALSE)\n\
        stopifnot(fit$estimate > 0.5, sum(is.na(data$vacancy_rate)) == 13)\n\
        cat('read\\n')";
    let read = Ran::run(Command::new("Rscript").args(["--vanilla", "-e", check]).current_dir(&folder)).succeeded();
    assert_eq!(read.out.trim(), "read");
}
