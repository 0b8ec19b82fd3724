//! The two visits that the service is for, in a browser: a commissioner reads the gap, a lead fills in the survey.

use std::fs;
use std::time::Duration;

use facilities_audit_tests::{Backend, Browser, PATIENCE, Ran, Server, World};
use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::ElementWaitable as _;
use thirtyfour::{By, Key, WebDriver, WebElement};

/// A demonstration, and the sign-in link that it prints for someone.
pub(crate) fn demo(world: &World) -> Server {
    Server::start(world.program(&["demo", "--dir", "demo"]))
}

pub(crate) fn link_of(server: &Server, person: &str) -> String {
    let printed = server.printed();
    let line = printed.lines().find(|line| line.trim_start().starts_with(person)).expect("the person has a link");
    line.split_whitespace().last().unwrap().to_owned()
}

/// Opens a sign-in link and presses its button.
pub(crate) async fn sign_in(driver: &WebDriver, link: &str) -> WebDriverResult<()> {
    driver.goto(link).await?;
    submit(driver, "main form button").await
}

/// Types over what stands in a field. The driver's own way of emptying one leaves it, which would save it empty.
pub(crate) async fn overtype(field: &WebElement, typed: &str) -> WebDriverResult<()> {
    field.send_keys(Key::Control + "a").await?;
    field.send_keys(typed).await
}

pub(crate) async fn press(driver: &WebDriver, selector: &str) -> WebDriverResult<()> {
    driver.find(By::Css(selector)).await?.click().await
}

/// Presses a button and waits for the page that it leads to: leaving earlier would take the request back.
pub(crate) async fn submit(driver: &WebDriver, selector: &str) -> WebDriverResult<()> {
    let page = driver.find(By::Css("html")).await?;
    press(driver, selector).await?;
    page.wait_until().wait(PATIENCE, Duration::from_millis(50)).stale().await
}

pub(crate) async fn text(driver: &WebDriver, selector: &str) -> WebDriverResult<String> {
    driver.find(By::Css(selector)).await?.text().await
}

#[test]
fn a_commissioner_reads_the_gap_and_takes_the_workbook_away() {
    let world = World::new(Backend::Sqlite);
    let (server, browser) = (demo(&world), Browser::start());
    let link = link_of(&server, "Commissioner of all areas");
    browser.visit(async |driver| {
        sign_in(&driver, &link).await?;
        driver.goto(server.address("/gaps?year=2021")).await?;
        assert!(text(&driver, "h1").await?.contains("Staffing gap"));
        // What holds on either reading of the recommendation comes first.
        assert!(text(&driver, ".app-statement").await?.to_lowercase().contains("short of at least"));
        let page = text(&driver, "main").await?;
        assert!(page.contains("FLS002"), "the services are listed");
        press(&driver, "a[href*='gaps.xlsx']").await?;
        // The browser must stay open until it has the whole file.
        browser.downloaded(".xlsx");
        Ok(())
    });
    let downloaded = fs::read(browser.downloaded(".xlsx")).unwrap();
    // The command gives the same bytes as the page.
    let database = format!("sqlite:{}", world.path("demo/facilities-audit-demo.db").display());
    let mut command = world.program(&["gaps", "--year", "2021", "-o", "gaps.xlsx"]);
    Ran::run(command.env("DATABASE_URL", database)).succeeded();
    assert!(downloaded == fs::read(world.path("gaps.xlsx")).unwrap(), "the page and the command give other workbooks");
}

#[test]
fn a_lead_fills_in_a_section_leaves_and_comes_back() {
    const FREQUENCY: &str = "input[type=radio][name='v.governance_frequency'][value='monthly']";
    const POPULATION: &str = "input[name='v.population_all_ages']";
    let world = World::new(Backend::Sqlite);
    let (server, browser) = (demo(&world), Browser::start());
    let link = link_of(&server, "FLS lead of FLS012");
    browser.visit(async |driver| {
        let survey = server.address("/survey/2022/FLS012");
        sign_in(&driver, &link).await?;

        driver.goto(format!("{survey}/governance")).await?;
        assert!(!driver.find(By::Css(FREQUENCY)).await?.is_selected().await?, "nobody has answered yet");
        press(&driver, FREQUENCY).await?;
        submit(&driver, "main form button[value='list']").await?;

        driver.goto("about:blank").await?;
        driver.goto(format!("{survey}/governance")).await?;
        assert!(driver.find(By::Css(FREQUENCY)).await?.is_selected().await?, "the answer is still there");

        // What cannot be read is said at once and kept as typed.
        driver.goto(format!("{survey}/population")).await?;
        let field = driver.find(By::Css(POPULATION)).await?;
        overtype(&field, "about half a million").await?;
        submit(&driver, "main form button[value='next']").await?;
        let summary = text(&driver, ".nhsuk-error-summary").await?;
        assert!(summary.contains("about half a million"), "{summary}");

        // And stands in the way of submitting, with the sections that are not begun.
        driver.goto(format!("{survey}/check")).await?;
        let summary = text(&driver, ".nhsuk-error-summary").await?;
        assert!(summary.contains("To put right before you can submit"), "{summary}");
        assert!(summary.contains("about half a million"), "{summary}");
        assert!(driver.find_all(By::Css("main form[action$='/check']")).await?.is_empty(), "nothing can be submitted");
        Ok(())
    });
}

#[test]
fn a_page_is_closed_to_whoever_is_not_signed_in() {
    let world = World::new(Backend::Sqlite);
    let (server, browser) = (demo(&world), Browser::start());
    let link = link_of(&server, "FLS lead of FLS012");
    browser.visit(async |driver| {
        driver.goto(server.address("/survey/2022/FLS012")).await?;
        let page = text(&driver, "main").await?;
        assert!(page.contains("ign in") && !page.contains("Staffing"), "{page}");
        sign_in(&driver, &link).await?;
        // Another service's draft is not theirs to read.
        driver.goto(server.address("/survey/2022/FLS013")).await?;
        let page = text(&driver, "main").await?;
        assert!(page.contains("You may not") || page.contains("There is no"), "{page}");
        Ok(())
    });
}
