//! The survey in a browser: filled, left, come back to, in conflict, without a session, and submitted by two people; with
//! JavaScript and without, on a phone, and by keyboard alone. Every page is held to WCAG 2.2 AA in every state.

use std::time::Duration;

use facilities_audit_tests::{Backend, Browser, PageReader, Server, World, accessible};
use thirtyfour::error::WebDriverResult;
use thirtyfour::prelude::{ElementQueryable as _, ElementWaitable as _};
use thirtyfour::{By, Key, WebDriver, WebElement};

use crate::browser::{demo, link_of, overtype, press, sign_in, submit, text};

const SURVEY: &str = "/survey/2022/FLS012";
const PATIENCE: Duration = Duration::from_secs(20);
const OFTEN: Duration = Duration::from_millis(50);

/// Waits until the page says that something was saved, or was not.
async fn told(driver: &WebDriver, words: &str) -> WebDriverResult<String> {
    let status = driver.query(By::Id("save-status")).wait(PATIENCE, OFTEN).with_text(stringmatch::contains(words));
    status.first().await?.text().await
}

mod stringmatch {
    use thirtyfour::stringmatch::StringMatch;

    pub(super) fn contains(words: &str) -> StringMatch {
        StringMatch::new(words).partial()
    }
}

/// Puts a text into a field in the place of what stands there, and goes on to the next.
async fn enter(driver: &WebDriver, id: &str, typed: &str) -> WebDriverResult<()> {
    let field = driver.find(By::Id(id)).await?;
    overtype(&field, typed).await?;
    field.send_keys("" + Key::Tab).await
}

async fn value(driver: &WebDriver, id: &str) -> WebDriverResult<String> {
    Ok(driver.find(By::Id(id)).await?.value().await?.unwrap_or_default())
}

async fn tick(driver: &WebDriver, id: &str) -> WebDriverResult<()> {
    let script = "document.getElementById(arguments[0]).click()";
    driver.execute(script, vec![id.into()]).await.map(|_| ())
}

async fn add_post(driver: &WebDriver, row: &str) -> WebDriverResult<()> {
    press(driver, &format!("#add-post option[value='{row}']")).await?;
    submit(driver, ".app-add-post button").await
}

#[test]
fn a_field_is_saved_when_it_is_left_and_nothing_typed_is_lost() {
    let world = World::new(Backend::Sqlite);
    let (server, browser) = (demo(&world), Browser::start());
    let link = link_of(&server, "FLS lead of FLS012");
    let mut colleague = PageReader::signed_in(&server, &link_of(&server, "FLS contributor of FLS012"));
    browser.visit(async |driver| {
        sign_in(&driver, &link).await?;
        accessible(&driver, "home").await?;
        driver.goto(server.address(SURVEY)).await?;
        accessible(&driver, "the task list").await?;

        // The table of posts: hours are taken, what is vacant follows, and nothing was submitted by a button.
        driver.goto(server.address(&format!("{SURVEY}/staffing"))).await?;
        accessible(&driver, "an untouched section").await?;
        add_post(&driver, "pharmacist/7").await?;
        enter(&driver, "v-staff_establishment-pharmacist-7", "1").await?;
        enter(&driver, "v-staff_in_post-pharmacist-7", "22,5 h").await?;
        enter(&driver, "v-vacant_since-pharmacist-7", "May 2022").await?;
        let vacant = driver.query(By::Id("vacant-pharmacist-7")).wait(PATIENCE, OFTEN);
        vacant.with_text(stringmatch::contains("0.4")).first().await?;
        told(&driver, "Saved at").await?;
        driver.refresh().await?;
        assert_eq!(value(&driver, "v-staff_in_post-pharmacist-7").await?, "0.6");
        assert_eq!(value(&driver, "v-vacant_since-pharmacist-7").await?, "May 2022");
        // The table and the answer contradict each other, which is said beside the question.
        let said = text(&driver, "#errors-vacancy_over_6_months").await?;
        assert!(said.contains("By the table of posts, Pharmacist, band 7"), "{said}");
        accessible(&driver, "a filled section").await?;

        // What cannot be read is kept and told, beside the field and in words.
        enter(&driver, "v-staff_in_post-pharmacist-7", "a bit").await?;
        driver.query(By::Css("#errors-staff_in_post .nhsuk-error-message")).wait(PATIENCE, OFTEN).first().await?;
        assert_eq!(value(&driver, "v-staff_in_post-pharmacist-7").await?, "a bit");
        accessible(&driver, "a section with an error").await?;
        enter(&driver, "v-staff_in_post-pharmacist-7", "0").await?;
        told(&driver, "Saved at").await?;

        // A question that hangs on an answer comes up and goes.
        assert!(driver.find_all(By::Id("item-setting_other")).await?.is_empty());
        tick(&driver, "v-setting-other").await?;
        driver.query(By::Id("item-setting_other")).wait(PATIENCE, OFTEN).first().await?;
        tick(&driver, "v-setting-acute").await?;
        driver.query(By::Id("item-setting")).first().await?;
        told(&driver, "Saved at").await?;

        // A colleague answers the same question meanwhile: both answers stand side by side, and one is chosen.
        driver.goto(server.address(&format!("{SURVEY}/population"))).await?;
        let page = colleague.get(&format!("{SURVEY}/population")).text();
        let (_, seen) = page.split_once("name=\"b.population_all_ages\" value=\"").expect("the item's version");
        let seen = seen.split('"').next().unwrap();
        let answer = colleague.post(
            &format!("{SURVEY}/population"),
            &[("b.population_all_ages", seen), ("o.population_all_ages", "x"), ("v.population_all_ages", "250,000")],
        );
        assert_eq!(answer.status, 303, "{}", answer.text());
        enter(&driver, "v-population_all_ages", "260000").await?;
        told(&driver, "somebody else changed an answer").await?;
        let conflict = text(&driver, "#item-population_all_ages .app-conflict").await?;
        assert!(conflict.contains("250,000") && conflict.contains("260,000"), "{conflict}");
        accessible(&driver, "a section in conflict").await?;
        tick(&driver, "c-population_all_ages-mine").await?;
        told(&driver, "Saved at").await?;
        driver.refresh().await?;
        assert_eq!(value(&driver, "v-population_all_ages").await?, "260000");

        // The network goes: what was typed waits on the page, and is saved once it is back.
        browser.network(&driver, false);
        enter(&driver, "v-population_all_ages", "261000").await?;
        told(&driver, "We keep trying").await?;
        accessible(&driver, "a section that cannot be saved").await?;
        browser.network(&driver, true);
        told(&driver, "Saved at").await?;

        // The session ends: the page says so, keeps what was typed, and saves it after a sign-in in another window.
        driver.delete_all_cookies().await?;
        enter(&driver, "v-population_all_ages", "262000").await?;
        told(&driver, "no longer signed in").await?;
        assert_eq!(value(&driver, "v-population_all_ages").await?, "262000");
        let survey = driver.window().await?;
        let other = driver.new_tab().await?;
        // Somebody else's sign-in is not theirs.
        for (email, saved) in [("fls.nurse@demo.example", false), ("fls.lead@demo.example", true)] {
            driver.switch_to_window(other.clone()).await?;
            driver.delete_all_cookies().await?;
            driver.goto(server.address("/sign-in")).await?;
            submit(&driver, &format!("form:has(input[value='{email}']) button")).await?;
            driver.switch_to_window(survey.clone()).await?;
            enter(&driver, "v-population_all_ages", if saved { "264000" } else { "263000" }).await?;
            told(&driver, if saved { "Saved at" } else { "no longer signed in" }).await?;
        }
        driver.refresh().await?;
        assert_eq!(value(&driver, "v-population_all_ages").await?, "264000");
        assert!(text(&driver, "#saved-population_all_ages").await?.contains("by you"));
        Ok(())
    });
}

/// The items of a page that have no answer yet, by their "not known".
async fn unanswered(driver: &WebDriver) -> WebDriverResult<Vec<WebElement>> {
    let mut open = Vec::new();
    for block in driver.find_all(By::Css("#items > [data-block]")).await? {
        let answered = block.find_all(By::Css("input:checked")).await?.len();
        let typed = block.find_all(By::Css("input[type=text], textarea, select")).await?;
        let mut any = answered > 0;
        for field in typed {
            any |= field.value().await?.is_some_and(|value| !value.is_empty());
        }
        if !any {
            open.push(block);
        }
    }
    Ok(open)
}

/// Answers what a section leaves open: that it is not known, but for the figures that nobody may leave out.
async fn answer_section(driver: &WebDriver) -> WebDriverResult<()> {
    for _ in 0..8 {
        match answer_what_is_open(driver).await {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            // A block that a save has just put in the place of the one that was found.
            Err(error) if format!("{error:?}").contains("StaleElement") => {}
            Err(error) => return Err(error),
        }
    }
    panic!("{} is not answered", driver.current_url().await?)
}

/// Answers what is open on the page and saves it: true where nothing is open then.
async fn answer_what_is_open(driver: &WebDriver) -> WebDriverResult<bool> {
    for block in unanswered(driver).await? {
        let id = block.attr("data-block").await?.unwrap_or_default();
        if id == "posts" {
            continue;
        }
        match block.find(By::Css("[id^='n-'] + label")).await {
            Ok(label) => label.click().await?,
            Err(_) if id == "host_area" => block.find(By::Css("option[value='not_known']")).await?.click().await?,
            // Texts may stay empty.
            Err(_) => {}
        }
    }
    submit(driver, "main form .app-buttons button[value='stay'], main form .app-buttons button[value='next']").await?;
    if driver.find_all(By::Css("#items")).await?.is_empty() {
        return Ok(true);
    }
    for block in unanswered(driver).await? {
        if block.find(By::Css("[id^='n-']")).await.is_ok() {
            return Ok(false);
        }
    }
    Ok(true)
}

fn sections(server: &Server) -> Vec<String> {
    let names = [
        "staffing",
        "population",
        "identification",
        "assessment",
        "treatment",
        "falls",
        "communication",
        "monitoring",
        "patient_experience",
        "governance",
    ];
    names.iter().map(|name| server.address(&format!("{SURVEY}/{name}"))).collect()
}

/// Fills the whole round as a contributor, submits it as the lead.
fn fill_and_submit(browser: &Browser) {
    let scripts = browser.runs_scripts();
    let world = World::new(Backend::Sqlite);
    let server = demo(&world);
    let contributor = link_of(&server, "FLS contributor of FLS012");
    let lead = link_of(&server, "FLS lead of FLS012");
    browser.visit(async |driver| {
        sign_in(&driver, &contributor).await?;
        driver.goto(&sections(&server)[0]).await?;
        if driver.find_all(By::Id("v-staff_in_post-nurse-7")).await?.is_empty() {
            add_post(&driver, "nurse/7").await?;
        }
        for (id, wte) in [("v-staff_establishment-nurse-7", "1"), ("v-staff_in_post-nurse-7", "37.5 hours")] {
            let field = driver.find(By::Id(id)).await?;
            overtype(&field, wte).await?;
        }
        for section in sections(&server) {
            driver.goto(&section).await?;
            answer_section(&driver).await?;
        }
        driver.goto(server.address(&format!("{SURVEY}/check"))).await?;
        let page = text(&driver, "main").await?;
        assert!(page.contains("FLS lead"), "a contributor is told who submits");
        assert!(driver.find_all(By::Css("main form[action$='/check']")).await?.is_empty());
        Ok(())
    });
    browser.visit(async |driver| {
        sign_in(&driver, &lead).await?;
        driver.goto(server.address(&format!("{SURVEY}/check"))).await?;
        let page = text(&driver, "main").await?;
        assert!(driver.find_all(By::Css("main form[action$='/check']")).await?.len() == 1, "{page}");
        // Without the declaration nothing is submitted.
        submit(&driver, "main form[action$='/check'] button").await?;
        assert!(text(&driver, ".nhsuk-error-summary").await?.contains("declar"), "the declaration is asked for");
        checked(&driver, scripts, "a submit without the declaration").await?;
        press(&driver, "label[for='declared']").await?;
        submit(&driver, "main form[action$='/check'] button").await?;
        assert!(text(&driver, "h1").await?.contains("submitted"));
        checked(&driver, scripts, "the receipt").await?;
        for path in ["", "/staffing", "/feedback", "/submissions", "/submissions/1", "/check"] {
            driver.goto(server.address(&format!("{SURVEY}{path}"))).await?;
            checked(&driver, scripts, &format!("{path} of a submitted response")).await?;
        }
        driver.goto(server.address(&format!("{SURVEY}/print"))).await?;
        assert!(text(&driver, "main").await?.contains("Submitted by"));
        Ok(())
    });
}

/// Holds a page to WCAG, where scripts run: the judge is one.
async fn checked(driver: &WebDriver, scripts: bool, place: &str) -> WebDriverResult<()> {
    if scripts { accessible(driver, place).await } else { Ok(()) }
}

#[test]
fn two_people_fill_in_a_round_and_submit_it() {
    fill_and_submit(&Browser::start());
}

#[test]
fn two_people_fill_in_a_round_without_javascript() {
    fill_and_submit(&Browser::start().without_scripts());
}

#[test]
fn two_people_fill_in_a_round_on_a_phone() {
    fill_and_submit(&Browser::start().on_a_phone());
}

#[test]
fn the_pages_of_a_survey_are_accessible_on_a_phone() {
    let world = World::new(Backend::Sqlite);
    let (server, browser) = (demo(&world), Browser::start().on_a_phone());
    let link = link_of(&server, "FLS lead of FLS012");
    browser.visit(async |driver| {
        sign_in(&driver, &link).await?;
        driver.goto(server.address(&format!("{SURVEY}/staffing"))).await?;
        add_post(&driver, "nurse/8b").await?;
        let longest = "Nobody knows ".repeat(30);
        enter(&driver, "v-staff_in_post-nurse-8b", &longest).await?;
        driver.query(By::Css("#errors-staff_in_post .nhsuk-error-message")).wait(PATIENCE, OFTEN).first().await?;
        accessible(&driver, "long text in the table of posts").await?;
        let paths =
            ["", "/staffing", "/population", "/governance", "/check", "/print", "/history", "/links", "/workbook"];
        let others = ["/hospitals", "/comments", "/comments/setting", "/no-return", "/submissions"];
        for path in paths.into_iter().chain(others) {
            driver.goto(server.address(&format!("{SURVEY}{path}"))).await?;
            accessible(&driver, &format!("{path} on a phone")).await?;
        }
        // Forms that are sent empty say what is wrong.
        for path in ["/no-return", "/hospitals", "/comments/setting", "/links", "/workbook"] {
            driver.goto(server.address(&format!("{SURVEY}{path}"))).await?;
            submit(&driver, "main form button[type='submit']").await?;
            assert!(text(&driver, ".nhsuk-error-summary").await?.len() > 10, "{path} says what is wrong");
            accessible(&driver, &format!("{path} with an error")).await?;
        }
        // In Welsh, with what was typed still in its field, and not saved.
        driver.goto(server.address(&format!("{SURVEY}/population"))).await?;
        let field = driver.find(By::Id("v-population_all_ages")).await?;
        overtype(&field, "many").await?;
        submit(&driver, ".app-language__button[value='cy']").await?;
        assert_eq!(driver.find(By::Css("html")).await?.attr("lang").await?.as_deref(), Some("cy"));
        assert_eq!(value(&driver, "v-population_all_ages").await?, "many");
        accessible(&driver, "a section in Welsh").await?;
        driver.goto(server.address(&format!("{SURVEY}/check"))).await?;
        accessible(&driver, "the check in Welsh").await?;
        driver.goto(server.address("/rounds/2022/questionnaire/print")).await?;
        accessible(&driver, "the blank questionnaire").await
    });
}

#[test]
fn a_section_is_filled_in_by_keyboard_alone() {
    let world = World::new(Backend::Sqlite);
    let (server, browser) = (demo(&world), Browser::start());
    let link = link_of(&server, "FLS lead of FLS012");
    browser.visit(async |driver| {
        sign_in(&driver, &link).await?;
        driver.goto(server.address(&format!("{SURVEY}/staffing"))).await?;
        // To the select of another post, by the first letters of its words, and to its button.
        reach(&driver, "add-post").await?;
        driver.active_element().await?.send_keys("Pharmacist, band 6").await?;
        driver.active_element().await?.send_keys("" + Key::Tab).await?;
        let page = driver.find(By::Css("html")).await?;
        driver.active_element().await?.send_keys("" + Key::Enter).await?;
        page.wait_until().wait(PATIENCE, OFTEN).stale().await?;
        reach(&driver, "v-staff_establishment-pharmacist-6").await?;
        driver.active_element().await?.send_keys(".5" + Key::Tab).await?;
        driver.active_element().await?.send_keys("0" + Key::Tab).await?;
        told(&driver, "Saved at").await?;
        let vacant = driver.query(By::Id("vacant-pharmacist-6")).wait(PATIENCE, OFTEN);
        vacant.with_text(stringmatch::contains("0.5")).first().await?;
        let focus = driver.active_element().await?.id().await?;
        assert_eq!(focus.as_deref(), Some("v-vacant_since-pharmacist-6"), "saving leaves the focus where it is");
        Ok(())
    });
}

#[test]
fn a_round_is_handed_in_by_keyboard_alone() {
    let world = World::new(Backend::Sqlite);
    let (server, browser) = (demo(&world), Browser::start());
    let link = link_of(&server, "FLS lead of FLS012");
    browser.visit(async |driver| {
        sign_in(&driver, &link).await?;
        driver.goto(server.address(SURVEY)).await?;
        follow(&driver, "form[action$='/carry'] button").await?;
        for section in sections(&server) {
            driver.goto(&section).await?;
            if !driver.find_all(By::Css("#same button")).await?.is_empty() {
                follow(&driver, "#same button").await?;
            }
        }
        driver.goto(server.address(&format!("{SURVEY}/check"))).await?;
        reach_any(&driver, "#declared").await?;
        driver.active_element().await?.send_keys(" ").await?;
        follow(&driver, "main form[action$='/check'] button").await?;
        assert!(text(&driver, "h1").await?.contains("submitted"), "{}", text(&driver, "main").await?);
        Ok(())
    });
}

/// Goes to a button or a link by Tab, presses Enter, and waits for the page that it leads to.
async fn follow(driver: &WebDriver, selector: &str) -> WebDriverResult<()> {
    reach_any(driver, selector).await?;
    let page = driver.find(By::Css("html")).await?;
    driver.active_element().await?.send_keys("" + Key::Enter).await?;
    page.wait_until().wait(PATIENCE, OFTEN).stale().await
}

/// Presses Tab until what a selector names has the focus.
async fn reach_any(driver: &WebDriver, selector: &str) -> WebDriverResult<()> {
    for _ in 0..400 {
        let script = "return document.activeElement.matches(arguments[0])";
        if driver.execute(script, vec![selector.into()]).await?.json().as_bool() == Some(true) {
            return Ok(());
        }
        driver.active_element().await?.send_keys("" + Key::Tab).await?;
    }
    panic!("Tab does not reach {selector}");
}

/// Presses Tab until something has the focus.
async fn reach(driver: &WebDriver, id: &str) -> WebDriverResult<()> {
    for _ in 0..400 {
        let focus = driver.active_element().await?;
        if focus.id().await?.as_deref() == Some(id) {
            return Ok(());
        }
        focus.send_keys("" + Key::Tab).await?;
    }
    panic!("Tab does not reach {id}");
}
