//! The national report: of a data cut, the same bytes whenever and wherever it is written; its sentences say what its
//! figures say; and nobody reads it before their time.

use std::collections::BTreeSet;
use std::sync::Arc;

use facilities_audit::app::gaps::{self, GapQuery, WorkbookQuery};
use facilities_audit::app::national_report::{self, FullReport, ReportQuery};
use facilities_audit::app::rounds::{self, Step};
use facilities_audit::app::{App, Environment, Settings, cuts, demo, feedback, responses};
use facilities_audit::domain::access::{Membership, Principal, Role};
use facilities_audit::domain::language::Language;
use facilities_audit::domain::round::RoundStatus;
use facilities_audit::formats::report::{Block, Document, report_workbook};
use facilities_audit::locales::Words;
use facilities_audit_tests::{Backend, PageReader, World, on_both_databases};

fn team() -> Principal {
    Principal::command_line()
}

fn lead() -> Principal {
    let held = Membership::new(Role::FlsLead, Some("FLS012"), None).unwrap();
    Principal { actor: "account:1".into(), memberships: vec![held], ..team() }
}

fn of(app: &App, year: i32, cut: Option<&str>) -> (FullReport, Document) {
    let query = ReportQuery { year, with: None, cut: cut.map(Into::into) };
    let full = national_report::report(app, &team(), &query, &|_, _| {}).unwrap();
    let document = national_report::document(&full, &app.reference().published).unwrap();
    (full, document)
}

/// The gap workbook of 2021, with its associations, cascade and KPIs.
fn gap_workbook(app: &App, cut: Option<&str>, language: Language) -> Vec<u8> {
    let gaps = GapQuery { year: 2021, cut: cut.map(Into::into), ..GapQuery::default() };
    gaps::workbook(app, &team(), &WorkbookQuery { language, ..gaps.into() }).unwrap().1
}

fn words(language: Language) -> Words {
    Words::new(language)
}

/// Every sentence of a document.
fn sentences(document: &Document, language: Language) -> Vec<String> {
    document.sections.iter().flat_map(|section| Document::sentences(section, words(language))).collect()
}

fn section(document: &Document, id: &str) -> Vec<String> {
    let found = document.sections.iter().find(|section| section.id == id).unwrap();
    Document::sentences(found, words(Language::English))
}

/// A world whose clock stands still and whose ids are the same each time.
fn fixed(backend: Backend) -> (World, App) {
    let world = World::new(backend);
    let counter = Arc::new(std::sync::atomic::AtomicU64::new(1));
    let environment = Environment {
        clock: Arc::new(|| "2026-06-01T09:00:00Z".parse().unwrap()),
        entropy: Arc::new(move |bytes| {
            let n = counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            bytes.iter_mut().zip(n.to_le_bytes().iter().cycle()).for_each(|(byte, with)| *byte = *with);
            Ok(())
        }),
    };
    let app = world.app_with(Settings::default(), environment);
    demo::load_country(&app, &mut |_, _, _| {}).unwrap();
    (world, app)
}

#[test]
fn one_cut_gives_the_same_bytes_on_both_databases_whatever_is_corrected_later() {
    let written = |backend: Backend| {
        let (world, app) = fixed(backend);
        let cut = cuts::make(&app, &team(), 2021, "the report").unwrap();
        let files = |app: &App| {
            let (_, document) = of(app, 2021, Some(&cut.id));
            let mut files = Vec::new();
            for language in Language::ALL {
                files.push(document.html(words(language)).unwrap().into_bytes());
                files.push(report_workbook(&document, words(language)).unwrap());
                files.push(gap_workbook(app, Some(&cut.id), language));
            }
            files
        };
        let first = files(&app);
        let live = gap_workbook(&app, None, Language::English);
        // A response is opened again and stands no more; the cut does not hear of it.
        let service = responses::list(&app, &team(), 2021).unwrap();
        let one = service.iter().find(|one| one.response.submitted_at.is_some() || one.started).unwrap();
        assert!(!one.service.code.is_empty());
        let changed = "code,name,trust_code,trust_name,area_code,valid_from,valid_to,successor_code\n\
                       FLS012,Renamed Service,,,QOQ,,,\n";
        let folder = world.path("change");
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(folder.join("services.csv"), changed).unwrap();
        let nurses = "service_code,year,link_id,row,value\nFLS012,2021,staff_in_post,nurse/6,9\n";
        std::fs::write(folder.join("responses.csv"), nurses).unwrap();
        world.import(&folder).succeeded();
        let again = files(&world.app());
        assert!(first == again, "the same cut gives the same bytes");
        assert!(gap_workbook(&world.app(), None, Language::English) != live, "what is not of the cut has moved");
        (cut.hash, first)
    };
    let (sqlite, postgres) = (written(Backend::Sqlite), written(Backend::Postgres));
    assert_eq!(sqlite.0, postgres.0, "the same data have the same hash");
    assert!(sqlite.1 == postgres.1, "the same bytes on both databases");
}

on_both_databases! {
    fn nobody_reads_it_before_their_time(world: World) {
        let world = World::with_demo_data(world.backend());
        let app = world.app();
        let ask = |who: &Principal| {
            let query = ReportQuery { year: 2022, with: None, cut: None };
            national_report::report(&app, who, &query, &|_, _| {}).map(drop).map_err(|error| error.code())
        };
        let public = || national_report::public(&app, 2022).map(drop).map_err(|error| error.code());
        let step = |to: RoundStatus, cut: Option<String>| {
            let version = rounds::one(&app, &team(), 2022).unwrap().version;
            rounds::transition(&app, &team(), 2022, version, &Step { to, reason: Some("A test".into()), cut }).unwrap();
        };
        assert_eq!((ask(&team()), ask(&lead()), public()), (Ok(()), Err("not_published"), Err("not_found")));
        step(RoundStatus::Closed, None);
        assert_eq!(ask(&lead()), Err("not_published"));
        let cut = cuts::make(&app, &team(), 2022, "the report").unwrap().id;
        step(RoundStatus::Preview, Some(cut.clone()));
        assert_eq!((ask(&team()), ask(&lead()), public()), (Ok(()), Ok(()), Err("not_found")));
        let (full, document) = of(&app, 2022, None);
        assert_eq!(full.quoted.cut.as_ref().map(|cut| cut.id.clone()), Some(cut), "it quotes the round's cut");
        let html = document.html(words(Language::English)).unwrap();
        assert!(html.contains("Under embargo") && html.contains("SHA-256"), "it says so");
        step(RoundStatus::Published, None);
        assert_eq!((ask(&lead()), public()), (Ok(()), Ok(())));
        assert!(!of(&app, 2022, None).1.html(words(Language::English)).unwrap().contains("embargo"));
    }
}

#[test]
fn its_sentences_say_what_its_figures_say() {
    let world = World::with_demo_data(Backend::Sqlite);
    let app = world.app();
    let (full, document) = of(&app, 2021, None);
    let findings = &full.report.findings;
    let all = sentences(&document, Language::English);
    // The report's own figures, as they were published in January 2023.
    for told in [
        "2021: 70 services count in the clinical figures, with 70,384 patient records, and 70 in the facilities figures; 69 \
         are in both.",
        "2019: 67 services count in the clinical figures, with 70,614 patient records",
        "KPI 4 (Assessment within 90 days) was 67",
        "In 2019 it was 69",
        "27 of 70 services (38.6%) had complete data in 2021",
        "In 20 of 70 services (28.6%) the FLS gives the first prescription.",
        "86 hospitals that treat hip fractures were covered by no service",
    ] {
        assert!(all.iter().any(|sentence| sentence.contains(told)), "{told:?} in\n{}", all.join("\n"));
    }
    // Of each KPI: the percentage, what is above and under the line, and how many services, as the table has them.
    let kpis = section(&document, "kpis").join(" ");
    for line in &findings.now.kpis {
        let figure = &line.all.figure;
        let percent = format!("{:.1}%", (figure.percent.unwrap() * 10.0).round() / 10.0);
        assert!(kpis.contains(&percent), "KPI {}: {percent}", line.kpi);
        let numerator = facilities_audit::formats::display::thousands(figure.numerator.unwrap());
        assert!(kpis.contains(&numerator), "KPI {}: {numerator}", line.kpi);
    }
    // The recommendations concern whom the services' own feedback says they concern.
    for number in [4, 7, 8, 11] {
        let mut called = 0;
        for summary in responses::list(&app, &team(), 2021).unwrap() {
            let counts = findings.now.facilities.contains(&summary.service.code);
            if !counts {
                continue;
            }
            let told = feedback::of_service(&app, &team(), 2021, &summary.service.code).unwrap();
            let lines = told.recommendations.iter().filter(|line| line.number == number && !line.because.is_empty());
            called += usize::from(lines.count() > 0 && findings.now.clinical.contains(&summary.service.code));
        }
        let concern = full.report.concerns.iter().find(|concern| concern.number == number).unwrap();
        // The feedback has a service's newest KPIs, the report those of the round: what they share is not more.
        assert!(concern.services >= called && concern.services <= concern.of, "{number}: {called} of {concern:?}");
    }
    assert_eq!(
        full.report.concerns.iter().map(|concern| concern.number).collect::<Vec<_>>(),
        (4..=13).collect::<Vec<_>>()
    );
    // Every section is there, in print, as a sheet and in Welsh.
    let ids: Vec<&str> = document.sections.iter().map(|section| section.id).collect();
    assert_eq!(
        ids,
        [
            "at-a-glance",
            "methods",
            "participation",
            "kpis",
            "outliers",
            "facilities",
            "staffing",
            "cascade",
            "associations",
            "map",
            "recommendations",
            "excluded",
            "dictionary",
        ]
    );
    let welsh = document.html(words(Language::Welsh)).unwrap();
    assert!(welsh.contains("<html lang=\"cy\">") && welsh.contains("Adroddiad cenedlaethol, blwyddyn archwilio 2021"));
    let (english, own) = (all.iter().collect::<BTreeSet<_>>(), sentences(&document, Language::Welsh));
    let shared = own.iter().filter(|sentence| english.contains(sentence)).count();
    assert!(shared * 3 < own.len(), "most sentences are Welsh: {shared} of {}", own.len());
    let tables = document.sections.iter().flat_map(|section| &section.blocks);
    let rows: usize =
        tables.filter_map(|block| if let Block::Table(table) = block { Some(table.rows.len()) } else { None }).sum();
    assert!(rows > 200, "{rows} rows");
}

/// What is English in the Welsh report are names of services and areas, and the keys of figures.
#[test]
fn in_welsh_everything_but_names_is_welsh() {
    let (_world, app) = fixed(Backend::Sqlite);
    let (full, document) = of(&app, 2021, None);
    let services = full.report.services.values().map(|service| service.name.as_str());
    let names: BTreeSet<&str> = services.chain(full.report.tree.iter().map(|area| area.name.as_str())).collect();
    let html = document.html(words(Language::Welsh)).unwrap();
    let english: Vec<&str> = html.split(" lang=\"en\">").skip(1).filter_map(|rest| rest.split('<').next()).collect();
    assert!(english.len() > 50, "names are marked");
    for text in english {
        let text = text.replace("&#x27;", "'").replace("&amp;", "&");
        let is_key = text.contains('.') && !text.contains(' ');
        assert!(names.contains(text.as_str()) || is_key, "{text:?} is English");
    }
    let pairs = sentences(&document, Language::English).into_iter().zip(sentences(&document, Language::Welsh));
    for (english, welsh) in pairs {
        assert_ne!(english, welsh);
    }
}

#[test]
fn anybody_reads_what_is_out_on_a_page_and_takes_it_away() {
    let world = World::with_demo_data(Backend::Sqlite);
    let server = world.serve();
    let mut reader = PageReader::new(&server);
    let list = reader.get("/published");
    assert!(list.text().contains("href=\"/published/2021/report\""), "{}", list.text());
    let page = reader.get("/published/2021/report");
    assert_eq!(page.status, 200);
    let text = page.text();
    for told in ["National report, audit year 2021", "At a glance", "<svg", "Data dictionary"] {
        assert!(text.contains(told), "{told}");
    }
    let file = reader.get("/published/2021/report.html");
    assert!(
        file.text().starts_with("<!DOCTYPE html>") && !file.text().contains("<script"),
        "one file, nothing that runs"
    );
    assert_eq!(reader.get("/published/2021/report.xlsx").status, 200);
    assert_eq!(reader.get("/published/2022/report").status, 404, "not out yet");
    let patients = reader.get("/patients");
    for told in ["0808 800 0035", "What you can expect", "Services by area", "Wales", "Fracture Liaison Service"] {
        assert!(patients.text().contains(told), "{told}");
    }
    assert_eq!(reader.get("/rounds/2021/report").status, 401);
}
