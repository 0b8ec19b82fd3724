//! Ways out of a folder.

use facilities_audit::domain::access::Role;
use facilities_audit_tests::raw::send;
use facilities_audit_tests::{Backend, World};

use super::{Scene, filled, is_sound, operations, pages};

const WAYS_OUT: [&str; 12] = [
    "../../../../../../etc/passwd",
    "..%2f..%2f..%2f..%2fetc%2fpasswd",
    "%2e%2e/%2e%2e/%2e%2e/etc/passwd",
    "....//....//etc/passwd",
    "..%5c..%5c..%5cwindows%5cwin.ini",
    "%2fetc%2fpasswd",
    "/etc/passwd",
    "..%252f..%252fetc%252fpasswd",
    "services.csv%00.png",
    "..%c0%af..%c0%afetc/passwd",
    "file:%2f%2f%2fetc%2fpasswd",
    "Cargo.toml",
];

#[test]
fn no_path_leads_out() {
    let scene = Scene::new(World::new(Backend::Sqlite));
    let key = scene.key(Role::AuditTeam, None, None);
    let team = scene.person(Role::AuditTeam, None, None).cookie_header();
    for way in WAYS_OUT {
        let mut paths =
            vec![format!("/assets/{way}"), format!("/assets/x/{way}"), format!("/{way}"), format!("/api/docs/{way}")];
        paths.extend([format!("/api/v1/{way}"), format!("/assets/x/app.css/{way}")]);
        let routes =
            pages().into_iter().chain(operations()).filter(|(method, path)| method == "GET" && path.contains('{'));
        paths.extend(routes.map(|(_, path)| filled(&path, |_| way.into())));
        for path in paths {
            let bearer = format!("Bearer {key}");
            let headers = [("authorization", bearer.as_str()), ("cookie", team.as_str())];
            let answer = send(&scene.server, &format!("GET {path}"), &headers, b"");
            is_sound(&answer, &path);
            for secret in ["root:", "[package]", "[fonts]"] {
                assert!(!answer.body.contains(secret), "{path}: {}", answer.body);
            }
            // What is still a page or the form of a mailed link is one of ours; a file is never.
            let is_link = path.starts_with("/sign-in/") || path.starts_with("/section/");
            assert!(answer.status >= 400 || is_link, "{path}: {}", answer.status);
        }
    }
}
