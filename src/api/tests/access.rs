//! Accounts, roles, keys, sessions and the history, through the API.

use serde_json::{Value, json};

use super::*;

impl Country {
    pub(super) async fn send(&self, method: Method, path: &str, key: &str, sent: Value, status: u16) -> Value {
        body(self.ask(method, path, key).body_json(&sent).send().await, status).await
    }
}

#[tokio::test]
async fn a_key_is_made_shown_once_used_and_revoked() {
    let country = Country::new();
    let team = country.team();
    let new = json!({"name": "Dashboard", "role": "commissioner", "area": "Y60"});
    let made = country.send(Method::POST, "/keys", &team, new, 201).await;
    let (id, secret) = (made["id"].as_str().unwrap(), made["secret"].as_str().unwrap());
    assert!(secret.starts_with("fa_") && made["usable"] == true && made["membership"]["area"] == "Y60");
    body(country.get("/services", secret).await, 200).await;
    let listed = body(country.get("/keys?limit=500", &team).await, 200).await.to_string();
    assert!(listed.contains(id) && !listed.contains(secret) && !listed.contains("\"secret\""));
    let used = body(country.get(&format!("/keys/{id}"), &team).await, 200).await;
    assert!(used["last_used_at"].is_string());
    for _ in 0..2 {
        country.ask(Method::DELETE, &format!("/keys/{id}"), &team).send().await.assert_status(StatusCode::NO_CONTENT);
    }
    let refused = body(country.get("/services", secret).await, 401).await;
    assert_eq!(refused["code"], "key_unknown");
    let past = json!({"name": "Late", "role": "commissioner", "expires_at": "2020-01-01T00:00:00Z"});
    let late = country.send(Method::POST, "/keys", &team, past, 422).await;
    assert_eq!(places(&late), [("expires_at", "in_the_past")]);
}

/// No key makes one that may do more.
#[tokio::test]
async fn a_lead_makes_keys_of_no_more_than_they_may() {
    let country = Country::new();
    let lead = country.key(Role::FlsLead, Some("FLS001"), None);
    for role in ["fls_lead", "fls_contributor"] {
        let new = json!({"name": "own", "role": role, "service": "FLS001"});
        country.send(Method::POST, "/keys", &lead, new, 201).await;
    }
    for new in [
        json!({"name": "more", "role": "audit_team"}),
        json!({"name": "more", "role": "commissioner"}),
        json!({"name": "more", "role": "clinical_lead", "service": "FLS001"}),
        json!({"name": "other", "role": "fls_lead", "service": "FLS002"}),
    ] {
        country.send(Method::POST, "/keys", &lead, new, 403).await;
    }
    let listed = body(country.get("/keys", &lead).await, 200).await;
    assert!(listed["items"].as_array().unwrap().iter().all(|key| key["membership"]["service"] == "FLS001"));
}

#[tokio::test]
async fn a_role_is_given_taken_and_the_person_erased() {
    let country = Country::new();
    let (team, lead) = (country.team(), country.key(Role::FlsLead, Some("FLS001"), None));
    let new = json!({"email": "New.Nurse@example.org", "role": "fls_contributor", "service": "FLS001"});
    let account = country.send(Method::PUT, "/memberships", &lead, new.clone(), 200).await;
    let again = country.send(Method::PUT, "/memberships", &lead, new, 200).await;
    assert_eq!(
        (account["id"].clone(), account["email"].as_str()),
        (again["id"].clone(), Some("new.nurse@example.org"))
    );
    let id = account["id"].as_str().unwrap();
    // A lead gives the roles of colleagues, not their own; another service's account is not theirs to know of.
    let own = json!({"email": "x@example.org", "role": "fls_lead", "service": "FLS001"});
    country.send(Method::PUT, "/memberships", &lead, own, 403).await;
    let other = country.key(Role::FlsLead, Some("FLS002"), None);
    body(country.get(&format!("/accounts/{id}"), &other).await, 404).await;
    let query = format!("/memberships?account={id}&role=fls_contributor&service=FLS001");
    body(country.ask(Method::DELETE, &query, &other).send().await, 404).await;
    let taken = body(country.ask(Method::DELETE, &query, &lead).send().await, 200).await;
    assert_eq!(taken["memberships"], json!([]));
    body(country.ask(Method::DELETE, &query, &team).send().await, 404).await;
    let disabled = country.send(Method::PATCH, &format!("/accounts/{id}"), &team, json!({"disabled": true}), 200).await;
    assert!(disabled["disabled_at"].is_string());
    let erase = country.ask(Method::DELETE, &format!("/accounts/{id}"), &team).send().await;
    erase.assert_status(StatusCode::NO_CONTENT);
    let erased = body(country.get(&format!("/accounts/{id}"), &team).await, 200).await;
    assert!(erased["erased_at"].is_string() && erased.get("email").is_none() && erased.get("name").is_none());
    for bad in ["no-at-sign", "a@b.example\r\nBcc: c@d.example", "a@b", "<a@b.example>"] {
        let new = json!({"email": bad, "role": "commissioner"});
        let refused = country.send(Method::PUT, "/memberships", &team, new, 422).await;
        assert_eq!(places(&refused), [("email", "not_an_address")], "{bad:?}");
    }
}

#[tokio::test]
async fn the_history_is_read_page_by_page() {
    let country = Country::new();
    let (team, lead) = (country.team(), country.key(Role::FlsLead, Some("FLS012"), None));
    let mut seen = Vec::new();
    let mut after = String::new();
    loop {
        let page = body(country.get(&format!("/history?limit=400{after}"), &team).await, 200).await;
        let items = page["items"].as_array().unwrap().clone();
        seen.extend(items.iter().map(|entry| (entry["object"].to_string(), entry["seq"].as_i64().unwrap())));
        let Some(next) = page["next"].as_str() else { break };
        after = format!("&after={}", form_urlencoded::byte_serialize(next.as_bytes()).collect::<String>());
    }
    let different: std::collections::BTreeSet<_> = seen.iter().collect();
    assert!(seen.len() > 4_000, "{}", seen.len());
    assert_eq!(different.len(), seen.len(), "no entry twice");
    let all = crate::app::history::heads(&country.app, &Principal::command_line()).unwrap();
    assert_eq!(i64::try_from(seen.len()).unwrap(), all.values().map(|head| head.seq).sum::<i64>(), "and none left out");

    let path = "/rounds/2022/responses/FLS012/history";
    let first = body(country.get(&format!("{path}?limit=2"), &lead).await, 200).await;
    assert_eq!((first["items"][0]["seq"].as_i64(), first["next"].as_str()), (Some(1), Some("2")));
    assert_eq!(first["items"][0]["action"], "answered");
    assert!(first["items"][0]["new"].as_str().unwrap().contains("\"status\""));
    let second = body(country.get(&format!("{path}?limit=2&after=2"), &lead).await, 200).await;
    assert_eq!(second["items"][0]["seq"], 3);
    body(country.get("/history?after=nonsense", &team).await, 400).await;
}
