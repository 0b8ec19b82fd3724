//! Enrolling from a file and making a key, in a browser.

use facilities_audit_tests::{Backend, Browser, Server, World};
use thirtyfour::By;

use crate::browser::{submit, text};

#[test]
fn the_audit_team_enrols_from_a_file_and_makes_a_key() {
    let world = World::new(Backend::Sqlite);
    let server = Server::start(world.program(&["demo", "--dir", "demo"]));
    let browser = Browser::start();
    let printed = server.printed();
    let line = printed.lines().find(|line| line.trim_start().starts_with("Audit team")).expect("a link");
    let link = line.split_whitespace().last().unwrap().to_owned();
    let file = world.path("people.csv");
    std::fs::write(&file, "service_code,role,email,name\nFLS001,fls_lead,new@demo.example,Ann Lee\nFLS002,,,\n")
        .unwrap();
    browser.visit(async |driver| {
        driver.goto(link).await?;
        submit(&driver, "main form button").await?;
        driver.goto(server.address("/accounts")).await?;
        submit(&driver, "a[href='/accounts/enrol']").await?;
        driver.find(By::Css("input[type=file]")).await?.send_keys(file.display().to_string()).await?;
        submit(&driver, "main form button").await?;
        assert!(text(&driver, "main").await?.contains("FLS001, FLS002"));
        submit(&driver, "main form button[value=enrol]").await?;
        assert!(text(&driver, "h1").await?.contains("Enrolled"));
        driver.goto(server.address("/accounts?q=ann")).await?;
        assert!(text(&driver, "main table").await?.contains("Ann Lee"));

        driver.goto(server.address("/keys/make")).await?;
        driver.find(By::Css("#name")).await?.send_keys("Trust dashboard").await?;
        driver.find(By::Css("input[value=commissioner]")).await?.click().await?;
        submit(&driver, "main form button").await?;
        let secret = text(&driver, "code.app-key").await?;
        assert!(secret.starts_with("fa_"), "{secret}");
        let address = server.address("/api/v1/rounds");
        let answer = ureq::get(address).header("Authorization", format!("Bearer {secret}")).call();
        assert_eq!(answer.unwrap().status().as_u16(), 200);
        // Coming back shows the key's name, and never again the key.
        driver.goto(server.address("/keys")).await?;
        let page = driver.source().await?;
        assert!(page.contains("Trust dashboard") && !page.contains(&secret));
        Ok(())
    });
}
