//! Nothing that was typed is lost: by a session that ends meanwhile, nor by switching the language.

use std::sync::{Arc, Mutex};

use chrono::{DateTime, Duration, Utc};

use super::*;

const PATH: &str = "/survey/2022/AAA/population";

/// A site with a clock that a test moves.
fn site() -> (Site, Arc<Mutex<DateTime<Utc>>>) {
    let now = Arc::new(Mutex::new("2023-05-02T09:00:00Z".parse::<DateTime<Utc>>().unwrap()));
    let clock = Arc::clone(&now);
    let environment = Environment { clock: Arc::new(move || *clock.lock().unwrap()), ..Environment::system() };
    (Site::of(|_| (), environment), now)
}

#[tokio::test]
async fn what_was_typed_after_a_session_had_ended_stands_in_its_section_again() {
    let (site, now) = site();
    let lead = site.person(Role::FlsLead, Some("AAA"), None);
    let open = form_of(&site.page(&lead, PATH).await);
    let typed = with(&open, "v.population_all_ages", "<about> 300,000");
    *now.lock().unwrap() += Duration::hours(3);
    let refused = site.post(&lead, PATH, &typed).await;
    refused.assert_status(StatusCode::UNAUTHORIZED);
    let page = refused.0.into_body().into_string().await.unwrap();
    assert!(page.contains("It is kept for you") && page.contains("<h1"), "{page}");

    // Somebody else who signs in on the same computer finds nothing of it.
    let nurse = site.person(Role::FlsContributor, Some("AAA"), None);
    assert!(!site.page(&nurse, PATH).await.contains("&lt;about&gt;"));
    // Whoever typed it finds it where it belongs, unsaved.
    let lead = site.person(Role::FlsLead, Some("AAA"), None);
    let page = site.page(&lead, PATH).await;
    assert!(page.contains("value=\"&lt;about&gt; 300,000\"") && page.contains("stands here again"), "{page}");
    assert!(page.contains("data-block=\"population_all_ages\" data-unsaved"), "the script saves it too");
    location(&site.post(&lead, PATH, &form_of(&page)).await);
    let page = site.page(&lead, PATH).await;
    assert!(page.contains("&lt;about&gt; 300,000") && !page.contains("stands here again"), "{page}");

    // A colleague answers while it is kept: both are there to choose from. What is not wanted goes.
    let late = with(&form_of(&page), "v.population_all_ages", "310000");
    *now.lock().unwrap() += Duration::hours(3);
    site.post(&lead, PATH, &late).await.assert_status(StatusCode::UNAUTHORIZED);
    let nurse = site.person(Role::FlsContributor, Some("AAA"), None);
    let theirs = with(&form_of(&site.page(&nurse, PATH).await), "v.population_all_ages", "305000");
    location(&site.post(&nurse, PATH, &theirs).await);
    let lead = site.person(Role::FlsLead, Some("AAA"), None);
    let page = site.page(&lead, PATH).await;
    assert!(page.contains("305,000 people") && page.contains("310,000 people"), "{page}");
    let discards = with(&form_of(&page), "then", "discard");
    assert_eq!(location(&site.post(&lead, PATH, &discards).await), PATH);
    let page = site.page(&lead, PATH).await;
    assert!(page.contains("value=\"305000\"") && !page.contains("310,000 people"), "{page}");
}

#[tokio::test]
async fn nobody_leaves_entries_without_the_form_of_the_session_that_ended() {
    let (site, now) = site();
    let lead = site.person(Role::FlsLead, Some("AAA"), None);
    let open = form_of(&site.page(&lead, PATH).await);
    let typed = with(&open, "v.population_all_ages", "300000");
    *now.lock().unwrap() += Duration::hours(3);
    // The token of another session, and no token at all.
    let other = site.person(Role::FlsContributor, Some("AAA"), None);
    let secret = other.split_once('=').unwrap().1;
    let foreign = crate::web::reader::new_token(&site.app.key().unwrap().fingerprint("csrf", secret));
    for token in [foreign.as_str(), ""] {
        let mut body = form_urlencoded::Serializer::new(String::new());
        let own = typed.iter().filter(|(name, _)| name != "csrf");
        let body = body.extend_pairs(own).append_pair("csrf", token).finish();
        let request = site.client.post(PATH).header(header::COOKIE, &lead).header("sec-fetch-site", "same-origin");
        let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        let refused = request.body(body).send().await;
        refused.assert_status(StatusCode::UNAUTHORIZED);
        assert!(!refused.0.into_body().into_string().await.unwrap().contains("It is kept for you"));
    }
    let lead = site.person(Role::FlsLead, Some("AAA"), None);
    assert!(!site.page(&lead, PATH).await.contains("300000"));
}

#[tokio::test]
async fn switching_the_language_keeps_what_was_typed_in_a_section() {
    let site = Site::new();
    let lead = site.person(Role::FlsLead, Some("AAA"), None);
    for (path, name, typed) in [
        (PATH, "v.population_all_ages", "300 & more"),
        ("/survey/2022/AAA/staffing", "v.staff_in_post.nurse/7", "about one"),
    ] {
        let page = site.page(&lead, path).await;
        assert!(page.contains("form=\"app-form\""), "the switch sends the form");
        let mut fields = with(&form_of(&page), name, typed);
        fields = with(&fields, "v.setting", "community");
        fields.push(("language".into(), "cy".into()));
        let shown = site.post(&lead, &crate::web::forms::address("/language", &[("here", path)]), &fields).await;
        shown.assert_status_is_ok();
        let page = shown.0.into_body().into_string().await.unwrap();
        assert!(page.contains("<html lang=\"cy\">") && page.contains("Cadw a pharhau"), "{page}");
        assert!(plain(&page).contains(&format!("value=\"{typed}\"")), "{page}");
        assert!(page.contains(&format!("action=\"{path}\"")), "the form goes where it belongs");
        let stored = responses::view(&site.app, &Principal::command_line(), 2022, "AAA").unwrap().response;
        assert_eq!(stored.version, 0, "nothing was saved");
        let english = [("language".to_owned(), "en".to_owned())];
        location(&site.post(&lead, &crate::web::forms::address("/language", &[("here", path)]), &english).await);
    }
    // And a conflict that was not decided is still to be decided.
    let open = form_of(&site.page(&lead, PATH).await);
    location(&site.post(&lead, PATH, &with(&open, "v.population_all_ages", "250000")).await);
    let conflict = site.post(&lead, PATH, &with(&open, "v.population_all_ages", "260000")).await;
    let mut fields = form_of(&conflict.0.into_body().into_string().await.unwrap());
    fields.push(("language".into(), "en".into()));
    let shown = site.post(&lead, &crate::web::forms::address("/language", &[("here", PATH)]), &fields).await;
    let page = shown.0.into_body().into_string().await.unwrap();
    assert!(page.contains("250,000 people") && page.contains("260,000 people"), "{page}");
}
