//! The language of pages: chosen before and after signing in, kept, and switched without losing what was typed.

use super::*;

const VISITOR: &str = "facilities_audit_visitor=somebody";

impl Site {
    /// Presses the switch of a page, with what its form holds.
    async fn switch(&self, cookie: &str, here: &str, language: &str, fields: &[(&str, &str)]) -> TestResponse {
        let mut fields: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        fields.push(("language".to_owned(), language.to_owned()));
        self.post(cookie, &crate::web::forms::address("/language", &[("here", here)]), &fields).await
    }

    async fn text(&self, cookie: &str, path: &str) -> String {
        let response = self.get(cookie, path).await;
        assert_eq!(response.0.status(), StatusCode::OK, "{path}");
        response.0.into_body().into_string().await.unwrap()
    }
}

fn language_cookie(response: &TestResponse) -> String {
    let cookies = response.0.headers().get_all(header::SET_COOKIE).iter();
    let cookie = cookies.map(|value| value.to_str().unwrap()).find(|value| value.starts_with("facilities_audit_lang"));
    cookie.unwrap().split(';').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_language_is_chosen_before_signing_in_and_kept_with_the_account() {
    let site = Site::new();
    let english = site.text(VISITOR, "/sign-in").await;
    assert!(english.contains("<html lang=\"en\">") && english.contains("lang=\"cy\" form=\"app-form\""));
    assert!(!english.contains("Drafft"));
    let chosen = site.switch(VISITOR, "/sign-in", "cy", &[]).await;
    assert_eq!(location(&chosen), "/sign-in");
    let cookie = language_cookie(&chosen);
    let welsh = site.text(&format!("{VISITOR}; {cookie}"), "/sign-in").await;
    assert!(welsh.contains("<html lang=\"cy\">") && welsh.contains("Mewngofnodi") && welsh.contains("Drafft"));

    // Signing in keeps what was chosen on the way, with the account: no cookie is needed any more.
    let who = Principal::command_line();
    let token = accounts::add_user(&site.app, &who, "a@audit.example", None, Role::FlsLead, Some("AAA"), None).unwrap();
    let csrf = crate::web::reader::new_token(&site.app.key().unwrap().fingerprint("csrf", "somebody"));
    let enter = site.client.post(format!("/sign-in/{token}")).header(header::COOKIE, format!("{VISITOR}; {cookie}"));
    let enter = enter.header("sec-fetch-site", "same-origin");
    let enter = enter.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    let signed_in = enter.body(format!("csrf={csrf}")).send().await;
    let cookies = signed_in.0.headers().get_all(header::SET_COOKIE).iter();
    let session = cookies.map(|value| value.to_str().unwrap()).find(|value| value.starts_with("facilities_audit_sess"));
    let session = session.unwrap().split(';').next().unwrap().to_owned();
    assert_eq!(language_cookie(&signed_in), "facilities_audit_language=cy");
    assert!(site.text(&session, "/").await.contains("<html lang=\"cy\">"));

    // The account's choice counts more than one that somebody else left in the browser.
    assert_eq!(location(&site.switch(&session, "/account", "en", &[]).await), "/account");
    let shared = format!("{session}; facilities_audit_language=cy");
    assert!(site.text(&shared, "/").await.contains("<html lang=\"en\">"));
}

#[tokio::test]
async fn switching_shows_what_was_typed_and_does_nothing_with_it() {
    let site = Site::new();
    let audit = site.person(Role::AuditTeam, None, None);
    let typed = [("email", "new@audit.example"), ("name", "<Nia>"), ("role", "commissioner"), ("area", "QOQ")];
    let response = site.switch(&audit, "/accounts/invite", "cy", &typed).await;
    response.assert_status_is_ok();
    assert_eq!(language_cookie(&response), "facilities_audit_language=cy");
    let page = response.0.into_body().into_string().await.unwrap();
    assert!(page.contains("<html lang=\"cy\">") && page.contains("action=\"/accounts/invite\""));
    assert!(page.contains("value=\"new@audit.example\"") && page.contains("value=\"&lt;Nia&gt;\""), "{page}");
    assert!(page.contains("value=\"commissioner\" checked") && page.contains("value=\"QOQ\" selected"));
    assert!(!site.text(&audit, "/accounts").await.contains("new@audit.example"), "nobody was invited");
    // Loading that page anew is loading the page itself.
    assert_eq!(location(&site.get(&audit, "/language?here=%2Faccounts%2Finvite").await), "/accounts/invite");
}

#[tokio::test]
async fn the_switch_leads_to_our_own_pages_alone() {
    let site = Site::new();
    for foreign in ["https://evil.example", "//evil.example", "nowhere"] {
        assert_eq!(location(&site.switch(VISITOR, foreign, "cy", &[]).await), "/");
    }
    site.switch(VISITOR, "/", "fr", &[]).await.assert_status(StatusCode::BAD_REQUEST);
    // What was typed is of no use on a page that the reader may not see.
    let lead = site.person(Role::FlsLead, Some("AAA"), None);
    let refused = site.switch(&lead, "/accounts/enrol", "cy", &[("x", "y")]).await;
    refused.assert_status(StatusCode::FORBIDDEN);
    let page = refused.0.into_body().into_string().await.unwrap();
    assert!(page.contains("Ni chewch wneud hyn"), "{page}");
}

#[tokio::test]
async fn every_page_renders_in_welsh() {
    let site = Site::new();
    let lead = site.person(Role::FlsLead, Some("AAA"), None);
    let audit = site.person(Role::AuditTeam, None, None);
    let commissioner = site.person(Role::Commissioner, None, None);
    let welsh = |cookie: &str| format!("{cookie}; facilities_audit_language=cy");
    for (cookie, paths) in [
        (&lead, &["/", "/survey", "/survey/2022/AAA", "/survey/2022/AAA/staffing", "/survey/2022/AAA/check"][..]),
        (&lead, &["/survey/2021/AAA/staffing", "/survey/2022/AAA/history", "/survey/2022/AAA/links", "/gaps"][..]),
        (&lead, &["/account", "/account/name", "/account/password", "/account/second-factor"][..]),
        (&lead, &["/account/sessions", "/account/hand-over", "/accounts", "/accounts/invite"][..]),
        (&audit, &["/", "/rounds", "/rounds/2021", "/gaps?year=2021", "/accounts", "/accounts/enrol", "/mails"][..]),
        (&audit, &["/history", "/texts/privacy/edit", "/privacy", "/accessibility", "/published"][..]),
        (&audit, &["/published/2021", "/demo/mails", "/translations"][..]),
        (&commissioner, &["/gaps?year=2021"][..]),
    ] {
        for path in paths {
            let page = site.text(&welsh(cookie), path).await;
            assert!(page.contains("<html lang=\"cy\">") && page.contains("Drafft"), "{path}");
        }
    }
    for path in ["/sign-in", "/sign-in/forgotten", "/sign-in/link-sent", "/sign-in/some-token", "/section/some-token"] {
        assert!(site.text("facilities_audit_language=cy", path).await.contains("<html lang=\"cy\">"), "{path}");
    }
}
