//! Exchange files over HTTP.

use poem::http::Method;
use poem::test::{TestForm, TestFormField};
use serde_json::{Value, json};

use super::{Country, body, places};
use crate::domain::access::Role;

const SERVICES: &str = "code,name,trust_code,trust_name,area_code,valid_from,valid_to,successor_code\n";

fn form(files: &[(&str, String)]) -> TestForm {
    files.iter().fold(TestForm::new(), |form, (name, text)| {
        form.field(TestFormField::text(text.clone()).name("files").filename(*name))
    })
}

impl Country {
    async fn import(&self, query: &str, key: &str, files: &[(&str, String)], status: u16) -> Value {
        let request = self.ask(Method::POST, &format!("/imports{query}"), key).multipart(form(files));
        body(request.send().await, status).await
    }

    async fn export(&self, file: &str, key: &str) -> String {
        let reply = self.get(&format!("/exports/{file}"), key).await;
        reply.assert_status_is_ok();
        reply.assert_content_type("text/csv; charset=utf-8");
        reply.assert_header("content-disposition", format!("attachment; filename=\"{file}\""));
        reply.0.into_body().into_string().await.unwrap()
    }
}

#[tokio::test]
async fn files_are_loaded_in_the_order_in_which_they_depend() {
    let country = Country::new();
    let key = country.team();
    // The service's hospital comes first in the request, and is loaded after the service.
    let files = [
        (
            "hospitals.csv",
            "code,name,area_code,service_code,valid_from,valid_to,latitude,longitude\nHNEW,New,QOQ,NEW1,,,,\n".into(),
        ),
        ("services.csv", format!("{SERVICES}NEW1,New,,,QOQ,,,\n")),
    ];
    let result = country.import("", &key, &files, 200).await;
    let loaded: Vec<_> = result["items"].as_array().unwrap().iter().map(|r| (&r["file"], &r["rows_changed"])).collect();
    assert_eq!(loaded, [(&json!("services.csv"), &json!(1)), (&json!("hospitals.csv"), &json!(1))]);
    let id = result["items"][1]["id"].as_str().unwrap();
    assert_eq!(body(country.get(&format!("/imports/{id}"), &key).await, 200).await["file"], "hospitals.csv");
    let listed = body(country.get("/imports?limit=1", &key).await, 200).await;
    assert_eq!(listed["items"][0]["id"], id);
    let next = listed["next"].as_str().unwrap();
    let listed = body(country.get(&format!("/imports?limit=1&after={next}"), &key).await, 200).await;
    assert_eq!(listed["items"][0]["file"], "services.csv");
    body(country.get("/imports/nothing", &key).await, 404).await;
}

#[tokio::test]
async fn a_file_with_a_bad_row_is_refused_and_named() {
    let country = Country::new();
    let key = country.team();
    let files = [
        ("services.csv", format!("{SERVICES}NEW1,New,,,QOQ,,,\n")),
        ("hip_fractures.csv", "hospital_code,year,hip_fractures\nH013,2022,12\nH013,2021,many\nNONE,2021,1\n".into()),
    ];
    let problem = country.import("", &key, &files, 422).await;
    assert_eq!(problem["code"], "file_refused");
    assert_eq!(
        places(&problem),
        [("hip_fractures.csv/3/hip_fractures", "bad_row"), ("hip_fractures.csv/4/hospital_code", "bad_row")]
    );
    let stored: Vec<_> = problem["files"].as_array().unwrap().iter().map(|r| (&r["file"], &r["stored"])).collect();
    assert_eq!(stored, [(&json!("services.csv"), &json!(true)), (&json!("hip_fractures.csv"), &json!(false))]);

    let before = country.export("hip_fractures.csv", &key).await;
    assert!(!before.contains("H013,2022,12\n"));
    // A dry run answers as the real one would, and stores nothing.
    country.import("?dry_run=true", &key, &files[1..], 422).await;
    let rehearsed = country.import("?dry_run=true&skip_bad_rows=true", &key, &files[1..], 200).await;
    assert_eq!((&rehearsed["dry_run"], &rehearsed["items"][0]["stored"]), (&true.into(), &false.into()));
    assert_eq!(country.export("hip_fractures.csv", &key).await, before);
    let skipped = country.import("?skip_bad_rows=true", &key, &files[1..], 200).await;
    assert_eq!((&skipped["items"][0]["rows_rejected"], &skipped["items"][0]["stored"]), (&2.into(), &true.into()));
    assert!(country.export("hip_fractures.csv", &key).await.contains("H013,2022,12\n"));
}

#[tokio::test]
async fn requests_that_hold_no_exchange_files() {
    let country = Country::new();
    let key = country.team();
    let services = || ("services.csv", SERVICES.to_owned());
    for (files, code) in [
        (vec![], "files_missing"),
        (vec![("staff.csv", String::new())], "unknown_file"),
        (vec![services(), services()], "file_twice"),
        (vec![("services.csv", "code,title\n".to_owned())], "bad_row"),
        (vec![("services.csv", String::new())], "bad_row"),
    ] {
        let problem = country.import("?skip_bad_rows=true", &key, &files, 422).await;
        assert_eq!(problem["errors"][0]["code"], code, "{problem}");
    }
    let request = || country.ask(Method::POST, "/imports", &key);
    body(request().content_type("multipart/form-data; boundary=x").body("nothing").send().await, 400).await;
    body(request().content_type("text/csv").body(SERVICES).send().await, 415).await;
    let long = (super::super::upload::UPLOAD_LIMIT * 2).to_string();
    let huge = request().content_type("multipart/form-data; boundary=x").header("content-length", long);
    body(huge.send().await, 413).await;
    // Whoever may not import is told so before their file is read.
    let lead = country.key(Role::FlsLead, Some("FLS012"), None);
    country.import("", &lead, &[services()], 403).await;
}

#[tokio::test]
async fn what_is_exported_imports_and_exports_as_the_same_bytes() {
    let country = Country::new();
    let key = country.team();
    for file in ["areas.csv", "services.csv", "responses.csv", "expected_caseload.csv"] {
        let first = country.export(file, &key).await;
        country.import("", &key, &[(file, first.clone())], 200).await;
        assert!(country.export(file, &key).await == first, "{file}");
    }
}
