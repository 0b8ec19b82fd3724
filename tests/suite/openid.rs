//! Signing in with a real OpenID provider, in a browser: the way through, and the ways on which nobody is signed in.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use facilities_audit::app::{App, accounts};
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit_tests::{
    Backend, Browser, OPENID_SECRET, OpenIdProvider, PATIENCE, PageReader, Ran, Server, World, certificates,
    configure_openid, on_both_databases, until,
};
use serde_json::{Value, json};
use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::ElementQueryable as _;
use thirtyfour::{By, WebDriver, WebElement};

/// Invites somebody who may read every area.
fn invite(app: &App, email: &str, name: &str, role: Role) {
    accounts::add_user(app, &Principal::command_line(), email, Some(name), role, None, None).unwrap();
}

fn people(world: &World, people: &Value) -> PathBuf {
    let file = world.path("people.json");
    fs::write(&file, people.to_string()).unwrap();
    file
}

fn serve_with(world: &World, provider: &OpenIdProvider) -> Server {
    let mut command = world.program(&["serve"]);
    provider.configure(&mut command);
    Server::start(command)
}

/// Finds something, on the page that may still be on its way.
async fn find(driver: &WebDriver, selector: &str) -> WebDriverResult<WebElement> {
    driver.query(By::Css(selector)).wait(PATIENCE, Duration::from_millis(50)).first().await
}

async fn press(driver: &WebDriver, selector: &str) -> WebDriverResult<()> {
    find(driver, selector).await?.click().await
}

async fn text(driver: &WebDriver, selector: &str) -> WebDriverResult<String> {
    find(driver, selector).await?.text().await
}

/// Goes from the sign-in page to the provider, and says there who one is. Ours is the page with a `main`.
async fn go_and_sign_in_as(driver: &WebDriver, server: &Server, page: &str, login: &str) -> WebDriverResult<()> {
    driver.goto(server.address(page)).await?;
    assert_eq!(text(driver, "main a[role=button]").await?, "Sign in with NHS CIS2");
    press(driver, "main a[role=button]").await?;
    find(driver, "input[name=login]").await?.send_keys(login).await?;
    find(driver, "input[name=password]").await?.send_keys("anything").await?;
    press(driver, "button[type=submit]").await?;
    agree(driver).await
}

/// Agrees that the service learns who one is.
async fn agree(driver: &WebDriver) -> WebDriverResult<()> {
    find(driver, "input[name=prompt][value=consent]").await?;
    press(driver, "button[type=submit]").await?;
    find(driver, "main").await.map(drop)
}

on_both_databases! {
    /// From the page that was asked for, by way of the provider, back to that page; and again after signing out.
    fn somebody_signs_in_with_the_provider(world: World) {
        let file = people(&world, &json!({"ann": {"email": "Ann@Example.org", "email_verified": true}}));
        invite(&world.app(), "ann@example.org", "Ann Lee", Role::Commissioner);
        let provider = OpenIdProvider::start(&file);
        let (server, browser) = (serve_with(&world, &provider), Browser::start());
        browser.visit(async |driver| {
            go_and_sign_in_as(&driver, &server, "/gaps?year=2021", "ann").await?;
            assert_eq!(driver.current_url().await?.as_str(), server.address("/gaps?year=2021"));
            assert!(text(&driver, "header").await?.contains("Ann Lee"));
            press(&driver, "header form button").await?;
            // The provider still knows who it is, and asks for no login.
            press(&driver, "main a[role=button]").await?;
            agree(&driver).await?;
            assert!(text(&driver, "header").await?.contains("Ann Lee"));
            Ok(())
        });
    }
}

/// Whoever is not invited, or whose address is not confirmed, is told so; an identity keeps its account whatever
/// becomes of its address; and whoever stops at the provider comes back to a page that says so.
#[test]
fn an_account_goes_to_the_identity_that_was_invited() {
    let world = World::new(Backend::Sqlite);
    let app = world.app();
    let confirmed = |email: &str| json!({"email": email, "email_verified": true});
    let mut known = json!({
        "ann": confirmed("ann@example.org"),
        "bob": confirmed("bob@example.org"),
        "cat": {"email": "cat@example.org", "email_verified": false},
    });
    let file = people(&world, &known);
    for (email, name) in [("ann@example.org", "Ann Lee"), ("cat@example.org", "Cat Moss")] {
        invite(&app, email, name, Role::Commissioner);
    }
    let provider = OpenIdProvider::start(&file);
    let (server, browser) = (serve_with(&world, &provider), Browser::start());
    let comes_as = |login: &str, expected: &str| {
        browser.visit(async |driver| {
            go_and_sign_in_as(&driver, &server, "/sign-in", login).await?;
            let page = text(&driver, "body").await?;
            assert!(page.contains(expected), "{login}: {page}");
            assert_eq!(page.contains("Sign out"), expected == "Ann Lee", "{login}: {page}");
            Ok(())
        });
    };
    comes_as("ann", "Ann Lee");
    comes_as("bob", "No account here is yours");
    comes_as("cat", "We cannot tell which account is yours");
    // Ann's address changes at the provider, and Bob is given her old one, not confirmed.
    known["ann"] = confirmed("ann.moss@example.org");
    known["bob"] = json!({"email": "ann@example.org", "email_verified": false});
    people(&world, &known);
    comes_as("ann", "Ann Lee");
    comes_as("bob", "We cannot tell which account is yours");

    browser.visit(async |driver| {
        driver.goto(server.address("/sign-in")).await?;
        press(&driver, "main a[role=button]").await?;
        press(&driver, "a[href$='/abort']").await?;
        assert_eq!(text(&driver, "h1").await?, "You did not sign in with NHS CIS2");
        // And may try again from there.
        press(&driver, "main a[role=button]").await?;
        find(&driver, "input[name=login]").await.map(drop)
    });
}

/// Each page asks for a provider that is not there, or does not answer.
#[test]
fn a_provider_that_is_down_is_named_and_nobody_waits_for_long() {
    let world = World::new(Backend::Sqlite);
    // One that takes connections and never answers, and an address where nobody listens.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let gone = std::net::SocketAddr::from(([127, 0, 0, 1], 1));
    for address in [silent.local_addr().unwrap(), gone] {
        let mut command = world.program(&["serve"]);
        configure_openid(&mut command, &format!("http://{address}"));
        let server = Server::start(command);
        let answer = PageReader::new(&server).get("/sign-in/openid");
        assert_eq!(answer.status, 502);
        let page = answer.text();
        assert!(page.contains("We cannot reach NHS CIS2") && page.contains("Number of this request"), "{page}");
        assert!(!page.contains(&address.to_string()), "{page}");
        until("the log says so", || server.printed().contains("the provider cannot be reached").then_some(()));
        assert_eq!(PageReader::new(&server).get("/sign-in").status, 200, "the other ways in are open");
    }
}

#[test]
fn without_a_provider_there_is_no_button() {
    let world = World::new(Backend::Sqlite);
    let server = world.serve();
    let mut reader = PageReader::new(&server);
    assert!(!reader.get("/sign-in").text().contains("/sign-in/openid"));
    for path in ["/sign-in/openid", "/sign-in/openid/callback?code=x&state=y"] {
        assert_eq!(reader.get(path).status, 404, "{path}");
    }
}

/// The certificate of a provider is checked against the authorities that the machine trusts.
#[test]
fn a_provider_is_trusted_by_its_certificate() {
    let world = World::new(Backend::Sqlite);
    let provider = OpenIdProvider::rogue_over_tls();
    let begun = |issuer: &str, authority: &Path| {
        let mut command = world.program(&["serve"]);
        configure_openid(&mut command, issuer);
        command.env("SSL_CERT_FILE", authority);
        let server = Server::start(command);
        PageReader::new(&server).get("/sign-in/openid")
    };
    let (authority, other) = (certificates().join("authority.pem"), certificates().join("other-authority.pem"));
    let answer = begun(provider.issuer(), &authority);
    assert_eq!(answer.status, 303, "{}", answer.text());
    assert!(answer.location.unwrap().starts_with(&format!("{}/authorize?", provider.issuer())));
    assert_eq!(begun(provider.issuer(), &other).status, 502);
    // The certificate is for another name.
    assert_eq!(begun(&provider.issuer().replace("localhost", "127.0.0.1"), &authority).status, 502);
}

#[test]
fn settings_that_cannot_work_stop_the_start() {
    let world = World::new(Backend::Sqlite);
    let serve = |settings: &[(&str, &str)]| {
        let mut command = world.program(&["serve", "--port", "0"]);
        for (name, value) in settings {
            command.env(format!("FACILITIES_AUDIT_OIDC_{name}"), value);
        }
        Ran::run(&mut command)
    };
    let issuer = ("ISSUER", "https://id.example.org");
    serve(&[issuer]).refused_with(2, &["no client id", "FACILITIES_AUDIT_OIDC_CLIENT_ID"]);
    serve(&[("CLIENT_ID", "audit")]).refused_with(2, &["no issuer", "FACILITIES_AUDIT_OIDC_ISSUER"]);
    serve(&[("ISSUER", "http://id.example.org"), ("CLIENT_ID", "audit")]).refused_with(2, &["https://"]);
    let no_file = [issuer, ("CLIENT_ID", "audit"), ("CLIENT_SECRET_FILE", "/nowhere")];
    serve(&no_file).refused_with(2, &["/nowhere"]);
    // A secret has no place among the arguments, and the help does not show the one that is set.
    let argument = world.run(&["serve", "--oidc-client-secret", OPENID_SECRET]);
    argument.refused_with(2, &["--oidc-client-secret"]);
    let mut command: Command = world.program(&["serve", "--help"]);
    let help = Ran::run(command.env("FACILITIES_AUDIT_OIDC_CLIENT_SECRET", OPENID_SECRET)).succeeded();
    assert!(help.out.contains("FACILITIES_AUDIT_OIDC_CLIENT_SECRET") && !help.out.contains(OPENID_SECRET));
}
