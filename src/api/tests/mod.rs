//! The API through its real router, over a real database with the demo's country.

mod access;
mod document;
mod errors;
mod files;
mod gaps;
mod kpis;
mod responses;

use std::path::PathBuf;
use std::sync::LazyLock;

use poem::endpoint::BoxEndpoint;
use poem::http::{Method, StatusCode};
use poem::test::{TestClient, TestRequestBuilder, TestResponse};
use poem::{EndpointExt as _, Route};
use serde_json::Value;

use crate::app::{App, Environment, Settings, demo, keys};
use crate::auth::key::ServerKey;
use crate::domain::access::{Principal, Role};
use crate::formats::seeds::{SeedFiles, read_reference};

/// The database of the demo's country, loaded once; each test works on a copy.
static COUNTRY: LazyLock<(tempfile::TempDir, PathBuf)> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("country.db");
    demo::load_country(&open(&file), &mut |_, _, _| {}).unwrap();
    (folder, file)
});

fn open(file: &std::path::Path) -> App {
    let reference = read_reference(&SeedFiles::Embedded).unwrap();
    let settings = Settings { demo: true, key: Some(ServerKey::from_bytes(b"tests")), ..Settings::default() };
    App::open(&format!("sqlite:{}", file.display()), reference, settings, Environment::system()).unwrap()
}

/// A fresh copy of the country behind the routes, as the server mounts them.
struct Country {
    app: App,
    client: TestClient<BoxEndpoint<'static>>,
    _folder: tempfile::TempDir,
}

impl Country {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("audit.db");
        std::fs::copy(&COUNTRY.1, &file).unwrap();
        let app = open(&file);
        let routes = Route::new().nest("/api/v1", super::routes(app.clone()));
        let client = TestClient::new(routes.boxed());
        Self { app, client, _folder: folder }
    }

    fn key(&self, role: Role, service: Option<&str>, area: Option<&str>) -> String {
        keys::make(&self.app, &Principal::command_line(), "test", role, service, area, None).unwrap().1
    }

    fn team(&self) -> String {
        self.key(Role::AuditTeam, None, None)
    }

    fn ask(&self, method: Method, path: &str, key: &str) -> TestRequestBuilder<'_, BoxEndpoint<'static>> {
        self.client.request(method, format!("/api/v1{path}")).header("authorization", format!("Bearer {key}"))
    }

    async fn get(&self, path: &str, key: &str) -> TestResponse {
        self.ask(Method::GET, path, key).send().await
    }
}

/// The body of a reply with a status, which for problems has to be a problem document about that status.
async fn body(reply: TestResponse, status: u16) -> Value {
    let found = reply.0.status().as_u16();
    let media = reply.0.content_type().unwrap_or_default().to_owned();
    assert!(reply.0.header("x-request-id").is_some());
    let text = reply.0.into_body().into_string().await.unwrap();
    assert_eq!(found, status, "{text}");
    let body: Value = serde_json::from_str(&text).unwrap();
    if status >= 400 {
        assert_eq!(media, "application/problem+json");
        assert_eq!(body["status"], status);
        assert_eq!(body["type"], format!("/problems/{}", body["code"].as_str().unwrap()));
        assert!(!body["detail"].as_str().unwrap().is_empty() && body["errors"].is_array());
    }
    body
}

/// The pointers and codes of a problem.
fn places(problem: &Value) -> Vec<(&str, &str)> {
    let errors = problem["errors"].as_array().unwrap();
    errors.iter().map(|e| (e["pointer"].as_str().unwrap(), e["code"].as_str().unwrap())).collect()
}
