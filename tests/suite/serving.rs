//! What `demo` prints, what `serve` will not start with, and how it behaves behind a proxy with TLS.

use facilities_audit::domain::access::Role;
use facilities_audit_tests::raw::send;
use facilities_audit_tests::{Backend, PageReader, Ran, SECRET_KEY, Server, World, until};

fn serve(world: &World, settings: &[(&str, &str)]) -> Ran {
    let mut command = world.program(&["serve", "--port", "0"]);
    for (name, value) in settings {
        command.env(name, value);
    }
    Ran::run(&mut command)
}

#[test]
fn it_does_not_start_unsafely() {
    let world = World::new(Backend::Sqlite);
    let bind = ("FACILITIES_AUDIT_BIND", "0.0.0.0");
    let public = |url| ("FACILITIES_AUDIT_PUBLIC_URL", url);
    serve(&world, &[bind]).refused_with(2, &["--public-url"]);
    serve(&world, &[bind, public("http://audit.example")])
        .refused_with(2, &["in the clear", "--tls-cert", "--allow-plain-http"]);
    for url in [
        "audit.example",
        "ftp://audit.example",
        "https://",
        "https://audit.example/path",
        "https://a@audit.example",
        "https://audit.example?x",
    ] {
        serve(&world, &[public(url)]).refused_with(2, &["must be like https://"]);
    }
    serve(&world, &[("FACILITIES_AUDIT_TRUSTED_PROXIES", "10.0.0.0/99")]).refused_with(2, &["such as 192.0.2.7"]);
    serve(&world, &[("FACILITIES_AUDIT_LIMIT_KEY", "lots")]).refused_with(2, &["RATE/BURST"]);
    serve(&world, &[("FACILITIES_AUDIT_HOSTS", "a b")]).refused_with(2, &["no host name"]);
    serve(&world, &[("FACILITIES_AUDIT_SECRET_KEY", "short")]).refused_with(2, &["32 characters"]);
    let mut command = world.program(&["serve", "--port", "0"]);
    command.env_remove("FACILITIES_AUDIT_SECRET_KEY");
    Ran::run(&mut command).refused_with(2, &["there is no secret key"]);
    assert!(!world.path("facilities-audit.db").exists(), "nothing was made before it was refused");
}

/// Whoever runs it may change their mind at once; it ends by itself all the same, with nothing half done.
#[test]
fn it_can_be_told_to_stop_as_soon_as_it_says_that_it_runs() {
    let world = World::new(Backend::Sqlite);
    for _ in 0..3 {
        Server::start_early(world.program(&["serve"])).stop();
    }
}

/// What the demonstration prints leads somewhere: each link to a page of that role, the key to the API.
#[test]
fn the_demonstration_lets_every_role_in() {
    let world = World::new(Backend::Sqlite);
    let server = Server::start(world.program(&["demo", "--dir", "demo"]));
    let printed = until("it has printed all", || Some(server.printed()).filter(|text| text.contains("Stop with")));
    for role in Role::HELD {
        let line =
            printed.lines().map(str::trim).find(|line| line.starts_with(role.label()) && line.contains("/sign-in/"));
        let link = line.unwrap_or_else(|| panic!("no link for {role}:\n{printed}")).split_whitespace().last().unwrap();
        assert_eq!(PageReader::signed_in(&server, link).get("/account").status, 200, "{role}");
    }
    for line in printed.lines().filter_map(|line| line.trim().strip_prefix(server.base())) {
        // The path, what it shows, and for whom.
        let path = line.split_whitespace().next().unwrap_or("/gaps");
        let who = match line.rsplit_once(" (").map_or("", |(_, reader)| reader.trim_end_matches(')')) {
            "commissioner" => "commissioner@demo.example",
            "FLS lead" => "fls.lead@demo.example",
            _ => "audit.team@demo.example",
        };
        let mut reader = PageReader::new(&server);
        reader.get("/sign-in");
        assert_eq!(reader.post("/sign-in/demo", &[("email", who)]).status, 303);
        assert_eq!(reader.get(path).status, 200, "{path}");
    }
    let key = printed.split_whitespace().find(|word| word.starts_with("fa_")).unwrap();
    let answer = send(&server, "GET /api/v1/rounds", &[("authorization", &format!("Bearer {key}"))], b"");
    assert_eq!(answer.status, 200, "{}", answer.body);
}

#[test]
fn no_secret_is_shown_by_help_or_an_error() {
    let world = World::new(Backend::Sqlite);
    for arguments in
        [&["serve", "--help"][..], &["--help"], &["demo", "--help"], &["serve", "--port", "x"], &["nonsense"]]
    {
        let mut command = world.program(arguments);
        command.env("DATABASE_URL", "postgres://audit:opensesame@localhost/audit");
        let ran = Ran::run(&mut command);
        for secret in [SECRET_KEY, "opensesame"] {
            assert!(!ran.out.contains(secret) && !ran.err.contains(secret), "{arguments:?}: {}{}", ran.out, ran.err);
        }
    }
    // A file that holds something else than a key is not quoted.
    let file = world.path("key");
    std::fs::write(&file, "too short: opensesame").unwrap();
    let ran = serve(&world, &[("FACILITIES_AUDIT_SECRET_KEY_FILE", file.to_str().unwrap())])
        .refused_with(2, &["32 characters"]);
    assert!(!ran.err.contains("opensesame"), "{}", ran.err);
}

/// A proxy ends TLS: cookies and headers are those of TLS, and whoever came by plain HTTP is sent on.
#[test]
fn behind_a_proxy_with_tls() {
    let world = World::new(Backend::Sqlite);
    let mut command = world.program(&["serve"]);
    command
        .env("FACILITIES_AUDIT_PUBLIC_URL", "https://audit.example")
        .env("FACILITIES_AUDIT_TRUSTED_PROXIES", "127.0.0.1");
    let server = Server::start(command);
    let host = ("host", "audit.example");
    let by = |proto| ("x-forwarded-proto", proto);
    let page = send(&server, "GET /sign-in", &[host, by("https")], b"");
    let cookie = page.header("set-cookie").unwrap();
    for part in ["__Host-facilities_audit_visitor=", "; Secure", "; HttpOnly", "SameSite=Lax", "Path=/"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    assert_eq!(page.header("strict-transport-security"), Some("max-age=31536000"));
    let sent_on = send(&server, "GET /gaps?year=2021", &[host, by("http")], b"");
    assert_eq!((sent_on.status, sent_on.header("location")), (308, Some("https://audit.example/gaps?year=2021")));
    assert_eq!(sent_on.header("strict-transport-security"), None, "it means nothing over plain HTTP");
    let refused = send(&server, "GET /api/v1/rounds", &[host, by("http"), ("authorization", "Bearer x")], b"");
    assert_eq!(refused.status, 403);
    assert!(refused.body.contains("tls_required"), "{}", refused.body);
    assert_eq!(send(&server, "POST /sign-out", &[host, by("http")], b"").status, 403);
    assert_eq!(send(&server, "GET /health", &[by("http")], b"").status, 200);
    // A form's origin is the public one, under whatever name the proxy asks us.
    let visitor = cookie.split(';').next().unwrap();
    let link = send(&server, "GET /sign-in/x", &[host, ("cookie", visitor)], b"");
    let csrf = link.body.split_once("name=\"csrf\" value=\"").unwrap().1.split_once('"').unwrap().0;
    let headers =
        |origin| [("cookie", visitor), ("origin", origin), ("content-type", "application/x-www-form-urlencoded")];
    let body = format!("csrf={csrf}");
    assert_eq!(send(&server, "POST /sign-in/x", &headers("https://audit.example"), body.as_bytes()).status, 410);
    assert_eq!(send(&server, "POST /sign-in/x", &headers("https://evil.example"), body.as_bytes()).status, 403);
}

/// Every kind of answer carries the headers that keep browsers from mischief, and nothing keeps a copy of data.
#[test]
fn every_answer_has_its_headers() {
    let world = World::new(Backend::Sqlite);
    let server = world.serve();
    let sign_in = send(&server, "GET /sign-in", &[], b"").body;
    let asset =
        sign_in.split('"').find(|part| part.starts_with("/assets/") && part.ends_with(".css")).unwrap().to_owned();
    for (line, status) in [
        ("GET /health", 200),
        ("GET /ready", 200),
        ("POST /health", 405),
        ("GET /sign-in", 200),
        ("GET /", 401),
        ("GET /nothing", 404),
        ("GET /api/v1/rounds", 401),
        ("GET /api/v1/nothing", 404),
        ("GET /api/v1/openapi.json", 200),
        ("GET /api/docs", 200),
        ("GET /assets/x/none.css", 404),
        (&format!("GET {asset}"), 200),
        ("DELETE /sign-in", 403),
    ] {
        let answer = send(&server, line, &[], b"");
        assert_eq!(answer.status, status, "{line}");
        for header in [
            "content-security-policy",
            "x-content-type-options",
            "referrer-policy",
            "cross-origin-opener-policy",
            "permissions-policy",
            "cache-control",
            "content-type",
            "x-request-id",
        ] {
            assert_eq!(
                answer.head.to_lowercase().matches(&format!("{header}:")).count(),
                1,
                "{line}: {header}: {}",
                answer.head
            );
        }
        let policy = answer.header("content-security-policy").unwrap();
        assert!(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{line}: {policy}");
        let kept = answer.header("cache-control").unwrap();
        let is_asset = line.contains(&asset);
        assert_eq!(kept, if is_asset { "public, max-age=31536000, immutable" } else { "no-store" }, "{line}");
        assert_eq!(answer.header("strict-transport-security"), None, "{line}: not by plain HTTP");
        assert!(answer.header("server").is_none(), "{line}: nobody need know what serves");
    }
}
