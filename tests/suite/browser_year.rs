//! The main steps of a year, in a browser: the audit team asks, the lead answers and submits, the round is closed, its data
//! are cut, the report is read under embargo and published, and the next round opens with what was said.

use facilities_audit_tests::{Backend, Browser, World};
use thirtyfour::error::WebDriverResult;
use thirtyfour::{By, Cookie, WebDriver};

use super::year_played::Client;
use crate::browser::{demo, link_of, press, sign_in, submit, text};

const SERVICE: &str = "FLS012";

/// Goes on as somebody who had signed in, or as nobody.
async fn go_on_as(driver: &WebDriver, cookies: &[Cookie]) -> WebDriverResult<()> {
    driver.delete_all_cookies().await?;
    for cookie in cookies {
        driver.add_cookie(cookie.clone()).await?;
    }
    Ok(())
}

/// Takes a step of a round by its button, and confirms it.
async fn step(driver: &WebDriver, round: &str, to: &str) -> WebDriverResult<()> {
    driver.goto(round).await?;
    submit(driver, &format!("a[href$='/step/{to}']")).await?;
    submit(driver, "main form button[type='submit']").await
}

#[test]
fn a_year_is_run_in_a_browser() {
    let world = World::new(Backend::Sqlite);
    let (server, browser) = (demo(&world), Browser::start());
    let key = server.printed().split_whitespace().find(|word| word.starts_with("fa_")).unwrap().to_owned();
    let (team, lead) = (link_of(&server, "Audit team"), link_of(&server, "FLS lead of FLS012"));
    let round = server.address("/rounds/2022");
    let survey = server.address(&format!("/survey/2022/{SERVICE}"));
    Client::with_key(&server, key).answer_everything(2022, SERVICE);

    browser.visit(async |driver| {
        sign_in(&driver, &lead).await?;
        let lead = driver.get_all_cookies().await?;
        driver.delete_all_cookies().await?;
        sign_in(&driver, &team).await?;
        let team = driver.get_all_cookies().await?;
        driver.goto(format!("{round}/queries/new?service={SERVICE}&item=setting")).await?;
        driver.find(By::Css("textarea[name='body']")).await?.send_keys("Is the service based in a hub?").await?;
        submit(&driver, "main form button[type='submit']").await?;
        assert!(text(&driver, "main").await?.contains("Is the service based in a hub?"));

        go_on_as(&driver, &lead).await?;
        driver.goto(format!("{round}/queries")).await?;
        submit(&driver, "main a[href^='/queries/']").await?;
        driver.find(By::Css("textarea[name='body']")).await?.send_keys("No, in the hospital.").await?;
        submit(&driver, "#app-form button[type='submit']").await?;
        assert!(text(&driver, "main").await?.contains("No, in the hospital."));
        driver.goto(format!("{survey}/check")).await?;
        press(&driver, "label[for='declared']").await?;
        submit(&driver, "main form[action$='/check'] button").await?;
        assert!(text(&driver, "h1").await?.contains("submitted"));

        go_on_as(&driver, &team).await?;
        driver.goto(&round).await?;
        assert!(text(&driver, "#rate").await?.contains("1 of"));
        step(&driver, &round, "closed").await?;
        driver.goto(format!("{round}/cuts")).await?;
        driver.find(By::Css("input[name='note']")).await?.send_keys("The report").await?;
        submit(&driver, "main form button[type='submit']").await?;
        step(&driver, &round, "preview").await?;

        go_on_as(&driver, &lead).await?;
        driver.goto(format!("{round}/report")).await?;
        assert!(text(&driver, ".report-standing").await?.contains("embargo"));

        // Nobody without an account reads it before it is out.
        go_on_as(&driver, &[]).await?;
        driver.goto(server.address("/published/2022/report")).await?;
        assert!(!text(&driver, "body").await?.contains("National report, audit year 2022"));
        go_on_as(&driver, &team).await?;
        step(&driver, &round, "published").await?;
        go_on_as(&driver, &[]).await?;
        driver.goto(server.address("/published/2022/report")).await?;
        assert!(text(&driver, "h1").await?.contains("National report, audit year 2022"));

        // The next round: what was said stands beside each question.
        go_on_as(&driver, &team).await?;
        driver.goto(server.address("/rounds")).await?;
        submit(&driver, "main form[action='/rounds/2022/copy'] button").await?;
        step(&driver, &server.address("/rounds/2023"), "open").await?;
        go_on_as(&driver, &lead).await?;
        driver.goto(server.address(&format!("/survey/2023/{SERVICE}/governance"))).await?;
        assert!(text(&driver, "main").await?.contains("2022"), "last year's answers are at hand");
        Ok(())
    });
}
