//! Signing in, with everything that belongs to it, in a browser on a server that is no demonstration. The links are read
//! from the mails that the server has queued.

use std::time::SystemTime;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, SqliteConnection};
use facilities_audit::app::section_links::{self, NewSectionLink};
use facilities_audit::app::sessions::Visit;
use facilities_audit::app::{App, accounts, sign_in};
use facilities_audit::auth::second_factor::SecondFactor;
use facilities_audit::domain::access::{Principal, Role};
use facilities_audit_tests::{Backend, Browser, PageReader, Server, World};
use thirtyfour::error::WebDriverResult;
use thirtyfour::{By, WebDriver};

use crate::browser::{press, submit, text};
use crate::sign_in::{EMAIL, PASSWORD, with_password};

const BY_LINK: &str = "form[action='/sign-in/link'] button[type=submit]";
const BY_PASSWORD: &str = "form[action='/sign-in'] button[type=submit]";
const SIGN_OUT: &str = "header form[action='/sign-out'] button";
const MAIN_BUTTON: &str = "main form button[type=submit]";

async fn fill(driver: &WebDriver, selector: &str, value: &str) -> WebDriverResult<()> {
    let field = driver.find(By::Css(selector)).await?;
    field.clear().await?;
    field.send_keys(value).await
}

async fn path(driver: &WebDriver) -> WebDriverResult<String> {
    Ok(driver.current_url().await?.path().to_owned())
}

/// Adds a person who reads what all services have submitted, or runs the audit; the path of their first sign-in link.
fn add(app: &App, email: &str, role: Role) -> String {
    let who = Principal::command_line();
    format!("/sign-in/{}", accounts::add_user(app, &who, email, Some("Ann Lee"), role, None, None).unwrap())
}

/// Asks for a sign-in link as its reader does, and opens it from the mail.
async fn by_link(driver: &WebDriver, server: &Server, world: &World, email: &str) -> WebDriverResult<()> {
    driver.goto(server.address("/sign-in")).await?;
    fill(driver, "#link-email", email).await?;
    submit(driver, BY_LINK).await?;
    driver.goto(world.link_to(email)).await?;
    submit(driver, MAIN_BUTTON).await
}

async fn by_password(driver: &WebDriver, server: &Server, password: &str) -> WebDriverResult<()> {
    driver.goto(server.address("/sign-in")).await?;
    fill(driver, "#email", EMAIL).await?;
    fill(driver, "#password", password).await?;
    submit(driver, BY_PASSWORD).await
}

fn unix_time() -> i64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs().try_into().unwrap()
}

#[test]
fn a_mailed_link_leads_to_the_page_that_was_asked_for() {
    let world = World::new(Backend::Sqlite);
    add(&world.app(), EMAIL, Role::Commissioner);
    let (server, browser) = (world.serve(), Browser::start());
    browser.visit(async |driver| {
        driver.goto(server.address("/account/name")).await?;
        assert!(text(&driver, "main").await?.contains("You need to sign in to see that page"));
        fill(&driver, "#link-email", EMAIL).await?;
        submit(&driver, BY_LINK).await?;
        let known = text(&driver, "main").await?;
        assert!(known.contains("If this address has an account, a sign-in link is on its way"), "{known}");

        let link = world.link_to(EMAIL);
        driver.goto(&link).await?;
        submit(&driver, MAIN_BUTTON).await?;
        assert_eq!(path(&driver).await?, "/account/name");
        assert!(text(&driver, "header").await?.contains("Ann Lee"));

        submit(&driver, SIGN_OUT).await?;
        assert!(text(&driver, "main").await?.contains("You have signed out"));
        driver.goto(&link).await?;
        submit(&driver, MAIN_BUTTON).await?;
        assert!(text(&driver, "h1").await?.contains("does not work any more"), "it works once");

        // The same words for an address that nobody has.
        driver.goto(server.address("/sign-in")).await?;
        fill(&driver, "#link-email", "nobody@example.org").await?;
        submit(&driver, BY_LINK).await?;
        assert_eq!(text(&driver, "main").await?, known);
        Ok(())
    });
}

#[test]
fn a_link_that_has_run_out_does_not_work() {
    let world = World::new(Backend::Sqlite);
    add(&world.app(), EMAIL, Role::Commissioner);
    let (server, browser) = (world.serve(), Browser::start());
    browser.visit(async |driver| {
        driver.goto(server.address("/sign-in")).await?;
        fill(&driver, "#link-email", EMAIL).await?;
        submit(&driver, BY_LINK).await?;
        let mut database = SqliteConnection::establish(world.url().strip_prefix("sqlite:").unwrap()).unwrap();
        database.batch_execute("UPDATE account_links SET expires_at = created_at").unwrap();
        driver.goto(world.link_to(EMAIL)).await?;
        submit(&driver, MAIN_BUTTON).await?;
        assert!(text(&driver, "h1").await?.contains("does not work any more"));
        assert!(text(&driver, "main").await?.contains("Get a new sign-in link"));
        Ok(())
    });
}

#[test]
fn a_password_is_set_used_forgotten_and_chosen_anew() {
    let world = World::new(Backend::Sqlite);
    let invitation = add(&world.app(), EMAIL, Role::Commissioner);
    let (server, browser) = (world.serve(), Browser::start());
    browser.visit(async |driver| {
        driver.goto(server.address(&invitation)).await?;
        submit(&driver, MAIN_BUTTON).await?;
        driver.goto(server.address("/account/password")).await?;
        fill(&driver, "#password", "password1234").await?;
        submit(&driver, MAIN_BUTTON).await?;
        assert!(text(&driver, ".nhsuk-error-summary").await?.contains("easy to guess"));
        fill(&driver, "#password", PASSWORD).await?;
        submit(&driver, MAIN_BUTTON).await?;
        assert!(text(&driver, "main").await?.contains("Your password is set"));

        submit(&driver, SIGN_OUT).await?;
        by_password(&driver, &server, "not this password").await?;
        assert!(text(&driver, ".nhsuk-error-summary").await?.contains("do not go together"));
        let kept = driver.find(By::Css("#email")).await?.prop("value").await?;
        assert_eq!(kept.as_deref(), Some(EMAIL), "what was typed is kept");
        by_password(&driver, &server, PASSWORD).await?;
        assert!(text(&driver, "header").await?.contains("Ann Lee"));
        submit(&driver, SIGN_OUT).await?;

        driver.goto(server.address("/sign-in/forgotten")).await?;
        fill(&driver, "#email", EMAIL).await?;
        submit(&driver, MAIN_BUTTON).await?;
        let link = world.link_to(EMAIL);
        driver.goto(&link).await?;
        fill(&driver, "#password", "short").await?;
        submit(&driver, MAIN_BUTTON).await?;
        assert!(text(&driver, ".nhsuk-error-summary").await?.contains("12 characters or more"));
        fill(&driver, "#password", "walrus ladder tangent").await?;
        submit(&driver, MAIN_BUTTON).await?;
        assert!(text(&driver, "main").await?.contains("You have a new password"));
        by_password(&driver, &server, PASSWORD).await?;
        assert!(text(&driver, ".nhsuk-error-summary").await?.contains("do not go together"), "the old one is void");
        by_password(&driver, &server, "walrus ladder tangent").await?;
        assert!(text(&driver, "header").await?.contains("Ann Lee"));
        driver.goto(&link).await?;
        assert!(text(&driver, "h1").await?.contains("does not work any more"));
        Ok(())
    });
}

#[test]
fn the_audit_team_sets_up_a_second_factor_and_signs_in_with_it() {
    const TEAM: &str = "team@example.org";
    let world = World::new(Backend::Sqlite);
    let invitation = add(&world.app(), TEAM, Role::AuditTeam);
    let (server, browser) = (world.serve(), Browser::start());
    browser.visit(async |driver| {
        driver.goto(server.address(&format!("{invitation}?next=%2Frounds"))).await?;
        submit(&driver, MAIN_BUTTON).await?;
        assert_eq!(text(&driver, "h1").await?, "Set up a second factor");
        // Nothing else is to be had before that.
        driver.goto(server.address("/rounds")).await?;
        assert_eq!(path(&driver).await?, "/account/second-factor");
        let width = driver.find(By::Css("img.app-qr")).await?.prop("naturalWidth").await?;
        assert!(width.is_some_and(|width| width != "0"), "the picture is one");
        fill(&driver, "#code", "000000").await?;
        submit(&driver, MAIN_BUTTON).await?;
        assert!(text(&driver, ".nhsuk-error-summary").await?.contains("not the code"));

        let secret = text(&driver, "#secret").await?.replace(' ', "");
        let factor = SecondFactor::new(&secret, TEAM).unwrap();
        fill(&driver, "#code", &factor.code_at(unix_time())).await?;
        submit(&driver, MAIN_BUTTON).await?;
        let mut codes = Vec::new();
        for code in driver.find_all(By::Css(".app-recovery-codes code")).await? {
            codes.push(code.text().await?);
        }
        assert_eq!(codes.len(), 10, "{codes:?}");
        submit(&driver, ".app-actions a").await?;
        assert_eq!(path(&driver).await?, "/rounds", "where they wanted to go at first");

        submit(&driver, SIGN_OUT).await?;
        by_link(&driver, &server, &world, TEAM).await?;
        assert_eq!(path(&driver).await?, "/sign-in/code");
        driver.goto(server.address("/rounds")).await?;
        assert_eq!(path(&driver).await?, "/sign-in/code");
        // The next code, since the one before was used and the present one may be the same.
        fill(&driver, "#code", &factor.code_at(unix_time() + 30)).await?;
        submit(&driver, MAIN_BUTTON).await?;
        assert_eq!(path(&driver).await?, "/rounds");

        for works in [true, false] {
            submit(&driver, SIGN_OUT).await?;
            by_link(&driver, &server, &world, TEAM).await?;
            press(&driver, "summary").await?;
            fill(&driver, "#recovery-code", &codes[0]).await?;
            submit(&driver, "details button[type=submit]").await?;
            if works {
                assert!(text(&driver, "header").await?.contains("Ann Lee"));
                driver.goto(server.address("/account")).await?;
                assert!(text(&driver, "main").await?.contains("9 recovery codes left"));
            } else {
                assert!(text(&driver, ".nhsuk-error-summary").await?.contains("was used before"));
            }
        }
        Ok(())
    });
}

#[test]
fn sessions_are_listed_and_ended() {
    let world = World::new(Backend::Sqlite);
    with_password(&world.app());
    let (server, browser) = (world.serve(), Browser::start());
    let elsewhere = || {
        let mut reader = PageReader::new(&server);
        reader.get("/sign-in");
        assert_eq!(reader.post("/sign-in", &[("email", EMAIL), ("password", PASSWORD)]).status, 303);
        assert_eq!(reader.get("/account").status, 200);
        reader
    };
    browser.visit(async |driver| {
        const END_ONE: &str = "form[action$='/end'] button";
        by_password(&driver, &server, PASSWORD).await?;
        let mut other = elsewhere();
        driver.goto(server.address("/account/sessions")).await?;
        assert_eq!(driver.find_all(By::Css(".app-this-session")).await?.len(), 1);
        let this = text(&driver, ".app-this-session").await?;
        assert!(this.contains("Chrome on Linux") && this.contains("127.0.0.1"), "{this}");
        // One more from before, when the password was set in the test's own process.
        assert_eq!(driver.find_all(By::Css(END_ONE)).await?.len(), 2);
        submit(&driver, END_ONE).await?;
        assert!(text(&driver, "main").await?.contains("The session is ended"));
        assert_eq!(other.get("/account").status, 401, "the newest of the others was ended");

        let mut readers = [elsewhere(), elsewhere()];
        driver.goto(server.address("/account/sessions")).await?;
        submit(&driver, "form[action$='/end-others'] button").await?;
        assert!(text(&driver, "main").await?.contains("You are signed in nowhere else"));
        for reader in &mut readers {
            assert_eq!(reader.get("/account").status, 401);
        }
        driver.goto(server.address("/account")).await?;
        assert!(text(&driver, "main").await?.contains("Here alone"));
        Ok(())
    });
}

#[test]
fn a_section_link_opens_its_section_and_nothing_else() {
    const NURSE: &str = "nurse@example.org";
    const FREQUENCY: &str = "input[type=radio][name='v.governance_frequency'][value='monthly']";
    let world = World::with_demo_data(Backend::Sqlite);
    let (app, server) = (world.app(), world.serve());
    let lead = lead(&app);
    let new = NewSectionLink { section: "governance", email: NURSE, note: "", days: 7 };
    let (line, secret) = section_links::make(&app, &lead, 2022, "FLS070", &new).unwrap();
    // The mail was queued by this process, which does not know where the server listens.
    let link = server.address(&format!("/section/{secret}"));
    assert!(world.link_to(NURSE).ends_with(&format!("/section/{secret}")));
    let browser = Browser::start();
    browser.visit(async |driver| {
        let section = "/survey/2022/FLS070/governance";
        driver.goto(&link).await?;
        submit(&driver, MAIN_BUTTON).await?;
        assert_eq!(path(&driver).await?, section);
        assert!(driver.find_all(By::Css(".nhsuk-header__navigation")).await?.is_empty());
        assert!(!text(&driver, "header").await?.contains("Your account"));
        let elsewhere = "main a[href^='/']:not([href^='/survey/2022/FLS070/comments/'])";
        if let Some(link) = driver.find_all(By::Css(elsewhere)).await?.first() {
            panic!("a way to other sections: {:?}", link.attr("href").await?);
        }
        for button in driver.find_all(By::Css("main button[type=submit]")).await? {
            let then = button.attr("value").await?.unwrap_or_default();
            let stays = then == "stay" || then.starts_with("same:");
            assert!(stays, "saving and confirming is all there is to do, and not {then:?}");
        }
        press(&driver, FREQUENCY).await?;
        submit(&driver, "main form .nhsuk-button[value=stay]").await?;
        assert_eq!(path(&driver).await?, section);
        assert!(text(&driver, "main").await?.contains("Saved."));
        for home in ["/", "/survey/2022/FLS070"] {
            driver.goto(server.address(home)).await?;
            assert_eq!(path(&driver).await?, section);
            assert!(driver.find(By::Css(FREQUENCY)).await?.is_selected().await?, "the answer is kept");
        }
        for closed in ["/survey/2022/FLS070/staffing", "/survey/2022/FLS070/check", "/gaps", "/account", "/rounds"] {
            driver.goto(server.address(closed)).await?;
            assert!(text(&driver, "h1").await?.contains("You may not"), "{closed}");
        }
        section_links::revoke(&app, &lead, 2022, "FLS070", &line.link.id).unwrap();
        driver.goto(server.address(section)).await?;
        assert!(text(&driver, "main").await?.contains("You need to sign in"));
        driver.goto(&link).await?;
        submit(&driver, MAIN_BUTTON).await?;
        assert!(text(&driver, "h1").await?.contains("does not work any more"));
        Ok(())
    });
}

/// The FLS lead of FLS070.
fn lead(app: &App) -> Principal {
    let who = Principal::command_line();
    let link = accounts::add_user(app, &who, EMAIL, None, Role::FlsLead, Some("FLS070"), None).unwrap();
    sign_in::with_link(app, &Visit::unknown(), &link).unwrap().principal
}
