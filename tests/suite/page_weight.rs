//! What pages weigh on the way to a browser: under 150 kB on the first visit, under 40 kB for each page after.

use facilities_audit_tests::raw::send;
use facilities_audit_tests::{Backend, PageReader, Server, World};

use crate::browser::{demo, link_of};

/// Bytes of a body as it travels to a browser.
fn bytes(server: &Server, reader: &PageReader, path: &str) -> usize {
    let headers = [("accept-encoding", "gzip, deflate, br, zstd"), ("cookie", &reader.cookie_header())];
    let answer = send(server, &format!("GET {path}"), &headers, b"");
    assert_eq!((answer.status, answer.header("content-encoding")), (200, Some("gzip")), "{path}");
    answer.header("content-length").expect("it says how long it is").parse().unwrap()
}

#[test]
fn pages_are_light() {
    const FIRST: usize = 150_000;
    const AFTER: usize = 40_000;
    let world = World::new(Backend::Sqlite);
    let server = demo(&world);
    let reader = &mut PageReader::signed_in(&server, &link_of(&server, "FLS lead of FLS012"));
    let page = reader.get("/survey/2022/FLS012/staffing").text();
    let assets: Vec<&str> = page.split('"').filter(|part| part.starts_with("/assets/")).collect();
    let base = assets[0].rsplit_once('/').unwrap().0;
    // The script loads two others.
    let scripts = ["nhsuk-frontend.min.js", "saving.js"].map(|name| format!("{base}/{name}"));
    let loaded: usize =
        assets.iter().copied().chain(scripts.iter().map(String::as_str)).map(|path| bytes(&server, reader, path)).sum();
    let paths = ["", "/staffing", "/population", "/governance", "/check", "/print"]
        .map(|end| format!("/survey/2022/FLS012{end}"));
    for path in paths {
        let weight = bytes(&server, reader, &path);
        println!("{path}: {weight} bytes, and {loaded} on the first visit");
        assert!(weight < AFTER, "{path} weighs {weight} bytes");
        assert!(weight + loaded < FIRST, "{path} weighs {} bytes on the first visit", weight + loaded);
    }
    // Each page carries another token, so that its length tells nothing of it.
    let first = reader.csrf.clone();
    reader.get("/survey/2022/FLS012/staffing");
    assert_ne!(first, reader.csrf);
}
