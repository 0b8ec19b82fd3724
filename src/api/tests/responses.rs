//! Answers over HTTP: reading, changing item by item, handing in, opening again.

use poem::http::Method;
use serde_json::{Value, json};

use super::{Country, body, places};
use crate::domain::access::Role;

/// A service that has not begun its answers for 2022.
const BLANK: &str = "/rounds/2022/responses/FLS001";

/// A service whose answers for 2022 came from a file; the round is open.
const OWN: &str = "/rounds/2022/responses/FLS012";

fn version_of(response: &Value, link_id: &str) -> Value {
    answer(response, link_id)["version"].clone()
}

fn answer<'a>(response: &'a Value, link_id: &str) -> &'a Value {
    response["answers"].as_array().unwrap().iter().find(|answer| answer["link_id"] == link_id).unwrap()
}

impl Country {
    async fn patch(&self, path: &str, key: &str, answers: Value, status: u16) -> Value {
        let request = self.ask(Method::PATCH, path, key).body_json(&json!({ "answers": answers }));
        body(request.send().await, status).await
    }

    async fn reopen(&self, path: &str, key: &str, if_match: Option<&str>, status: u16) -> Value {
        let request = self.ask(Method::POST, path, key).body_json(&json!({ "reason": "A wrong figure" }));
        let request = if let Some(tag) = if_match { request.header("if-match", tag) } else { request };
        body(request.send().await, status).await
    }

    async fn post(&self, path: &str, key: &str, if_match: Option<&str>, status: u16) -> Value {
        let request = self.ask(Method::POST, path, key);
        let request = if let Some(tag) = if_match { request.header("if-match", tag) } else { request };
        body(request.send().await, status).await
    }
}

#[tokio::test]
async fn every_type_of_answer_is_written_and_read_alike() {
    let country = Country::new();
    let key = country.key(Role::FlsContributor, Some("FLS001"), None);
    let blank = body(country.get(BLANK, &key).await, 200).await;
    assert_eq!((&blank["version"], &blank["state"]), (&0.into(), &"in_progress".into()));
    assert_eq!(answer(&blank, "setting"), &json!({"link_id": "setting", "version": 0, "status": "unanswered"}));
    let changed = country
        .patch(
            BLANK,
            &key,
            json!([
                {"link_id": "setting", "version": 0, "choice": "acute"},
                {"link_id": "patient_groups", "version": 0, "choices": ["other_inpatients_orthopaedic", "hip_inpatients"]},
                {"link_id": "hospitals", "version": 0, "choices": ["H013"]},
                {"link_id": "host_area", "version": 0, "choice": "QOQ"},
                {"link_id": "population_all_ages", "version": 0, "integer": 350_000, "explanation": "merged"},
                {"link_id": "population_50_plus", "version": 0, "status": "not_known"},
                {"link_id": "consultant_pas", "version": 0, "decimal": 1.25},
                {"link_id": "funding_recurrent", "version": 0, "boolean": false},
                {"link_id": "service_start", "version": 0, "month": "2015-04"},
                {"link_id": "staff_in_post", "version": 0, "grid": [
                    {"role": "nurse", "band": "7", "wte": 1.6},
                    {"role": "nurse", "band": "6", "status": "not_known"},
                ]},
            ]),
            200,
        )
        .await;
    assert_eq!(changed["version"], 1);
    assert_eq!(
        answer(&changed, "patient_groups")["choices"],
        json!(["hip_inpatients", "other_inpatients_orthopaedic"])
    );
    let population = answer(&changed, "population_all_ages");
    assert_eq!((&population["integer"], &population["explanation"]), (&350_000.into(), &"merged".into()));
    assert_eq!(answer(&changed, "population_50_plus")["status"], "not_known");
    assert_eq!(answer(&changed, "consultant_pas")["decimal"], 1.25);
    assert_eq!(answer(&changed, "funding_recurrent")["boolean"], false);
    assert_eq!(answer(&changed, "service_start")["month"], "2015-04");
    let cells = answer(&changed, "staff_in_post")["grid"].as_array().unwrap();
    let cell = |band: &str| cells.iter().find(|cell| cell["role"] == "nurse" && cell["band"] == band).unwrap();
    assert_eq!(cell("7"), &json!({"role": "nurse", "band": "7", "wte": 1.6, "status": "answered"}));
    assert_eq!(cell("6"), &json!({"role": "nurse", "band": "6", "status": "not_known"}));
    assert_eq!(cell("8a")["status"], "unanswered");
    assert_eq!(body(country.get(BLANK, &key).await, 200).await, changed);

    // What was read can be sent back as it is, and is no change.
    let mut grid = answer(&changed, "staff_in_post").clone();
    grid["status"] = "answered".into();
    let same = country.patch(BLANK, &key, json!([grid]), 200).await;
    assert_eq!(same["version"], 1);
    // A hidden item says nothing, whatever it said before.
    assert_eq!(answer(&changed, "setting_other")["status"], "not_applicable");
    // The explanation can change alone; the status takes an answer back.
    let again = country
        .patch(
            BLANK,
            &key,
            json!([
                {"link_id": "population_all_ages", "version": 1, "explanation": ""},
                {"link_id": "setting", "version": 1, "status": "unanswered"},
            ]),
            200,
        )
        .await;
    assert_eq!(
        answer(&again, "population_all_ages"),
        &json!({"link_id": "population_all_ages", "version": 2, "status": "answered", "integer": 350_000})
    );
    assert_eq!(answer(&again, "setting"), &json!({"link_id": "setting", "version": 2, "status": "unanswered"}));
}

#[tokio::test]
async fn an_item_that_moved_stops_the_whole_patch() {
    let country = Country::new();
    let (mine, theirs) = (country.key(Role::FlsLead, Some("FLS001"), None), country.team());
    let say = |choice: &str, version: i64| json!([{"link_id": "setting", "version": version, "choice": choice}]);
    country.patch(BLANK, &theirs, say("community", 0), 200).await;
    // Another item has not moved, so it is applied.
    country.patch(BLANK, &mine, json!([{"link_id": "population_50_plus", "version": 0, "integer": 9}]), 200).await;
    let problem = country
        .patch(
            BLANK,
            &mine,
            json!([
                {"link_id": "setting", "version": 0, "choice": "acute"},
                {"link_id": "funding_recurrent", "version": 0, "boolean": true},
            ]),
            412,
        )
        .await;
    let conflict = &problem["conflicts"][0];
    assert_eq!((&conflict["link_id"], &conflict["based_on"]), (&"setting".into(), &0.into()));
    assert_eq!((&conflict["current"]["choice"], &conflict["current"]["version"]), (&"community".into(), &1.into()));
    assert!(conflict["changed_by"].is_string() && conflict["changed_at"].is_string());
    let now = body(country.get(BLANK, &mine).await, 200).await;
    assert_eq!(answer(&now, "funding_recurrent")["status"], "unanswered");
    assert_eq!(country.patch(BLANK, &mine, say("acute", 1), 200).await["version"], 3);
}

/// Clients that are generated send an empty list for every list that was not set.
#[tokio::test]
async fn an_empty_list_says_nothing_beside_a_value() {
    let country = Country::new();
    let key = country.key(Role::FlsContributor, Some("FLS001"), None);
    let changed = country
        .patch(
            BLANK,
            &key,
            json!([
                {"link_id": "setting", "version": 0, "choice": "acute", "choices": [], "grid": []},
                {"link_id": "hospitals", "version": 0, "choices": ["H013"], "grid": []},
                {"link_id": "population_50_plus", "version": 0, "status": "not_known", "choices": [], "grid": []},
                {"link_id": "staff_in_post", "version": 0, "choices": [], "grid": [{"role": "nurse", "band": "7", "wte": 1.0}]},
            ]),
            200,
        )
        .await;
    assert_eq!(answer(&changed, "setting")["choice"], "acute");
    assert_eq!(answer(&changed, "hospitals")["choices"], json!(["H013"]));
    assert_eq!(answer(&changed, "population_50_plus")["status"], "not_known");
    let posts = answer(&changed, "staff_in_post")["grid"].as_array().unwrap();
    assert!(posts.iter().any(|post| post["wte"] == 1.0), "{posts:?}");
    // Alone it says that nothing is chosen, or nothing more than the explanation.
    let version = |link_id| version_of(&changed, link_id);
    let none = json!([
        {"link_id": "hospitals", "version": version("hospitals"), "choices": []},
        {"link_id": "setting", "version": version("setting"), "explanation": "moved", "choices": [], "grid": []},
    ]);
    let changed = country.patch(BLANK, &key, none, 200).await;
    assert!(answer(&changed, "hospitals").get("choices").is_none(), "{changed}");
    assert_eq!(answer(&changed, "setting")["choice"], "acute");
    assert_eq!(answer(&changed, "setting")["explanation"], "moved");
}

#[tokio::test]
async fn what_cannot_be_an_answer_is_named_by_pointer() {
    let country = Country::new();
    let key = country.team();
    for (answers, place) in [
        (json!([{"link_id": "no_such_item", "version": 0, "boolean": true}]), ("/answers/0/link_id", "unknown_item")),
        (json!([{"link_id": "setting", "version": 0, "integer": 1}]), ("/answers/0", "wrong_value")),
        (json!([{"link_id": "setting", "version": 0, "choice": "moon"}]), ("/answers/0", "wrong_value")),
        (
            json!([{"link_id": "setting", "version": 0, "choice": "acute", "text": "a"}]),
            ("/answers/0/text", "several_values"),
        ),
        (json!([{"link_id": "setting", "version": 0}]), ("/answers/0", "value_missing")),
        (
            json!([{"link_id": "setting", "version": 0, "choice": "acute", "status": "not_known"}]),
            ("/answers/0/choice", "value_beside_status"),
        ),
        (
            json!([{"link_id": "setting", "version": 0, "status": "not_applicable"}]),
            ("/answers/0/status", "status_not_settable"),
        ),
        (json!([{"link_id": "setting", "version": -1, "choice": "acute"}]), ("/answers/0/version", "bad_version")),
        (json!([{"link_id": "consultant_pas", "version": 0, "decimal": 0.333}]), ("/answers/0/decimal", "too_precise")),
        (
            json!([{"link_id": "staff_in_post", "version": 0, "grid": [{"role": "nurse", "band": "7"}]}]),
            ("/answers/0/grid/0", "value_missing"),
        ),
        (json!([{"link_id": "setting", "version": 0, "value": "acute"}]), ("/answers/0/value", "wrong_shape")),
        (
            json!([
                {"link_id": "setting", "version": 0, "choice": "acute"},
                {"link_id": "setting", "version": 0, "choice": "other"},
            ]),
            ("/answers/1/link_id", "item_twice"),
        ),
    ] {
        let problem = country.patch(BLANK, &key, answers.clone(), 422).await;
        assert_eq!(places(&problem), [place], "{answers}");
    }
    assert_eq!(body(country.get(BLANK, &key).await, 200).await["version"], 0);
    body(country.get("/rounds/2022/responses/NOONE", &key).await, 404).await;
    let closed = json!([{"link_id": "setting", "version": 1, "choice": "acute"}]);
    assert_eq!(country.patch("/rounds/2021/responses/FLS012", &key, closed, 409).await["code"], "round_not_open");
}

/// Does what the checks ask for: says "not known" where an answer is missing, and explains what is queried.
async fn put_right(country: &Country, path: &str, key: &str) {
    let checks = body(country.get(&format!("{path}/checks"), key).await, 200).await;
    let response = body(country.get(path, key).await, 200).await;
    let mut asked = std::collections::BTreeMap::new();
    for finding in checks["items"].as_array().unwrap() {
        let link_id = finding["link_id"].as_str().unwrap();
        let version = &answer(&response, link_id)["version"];
        let change = if finding["severity"] == "query" {
            json!({"link_id": link_id, "version": version, "explanation": "It is so."})
        } else {
            json!({"link_id": link_id, "version": version, "status": "not_known"})
        };
        asked.insert(link_id.to_owned(), change);
    }
    country.patch(path, key, asked.into_values().collect(), 200).await;
}

#[tokio::test]
async fn the_version_guards_handing_in_and_opening_again() {
    let country = Country::new();
    let (team, lead) = (country.team(), country.key(Role::FlsLead, Some("FLS012"), None));
    let (submit, reopen, checks) = (format!("{OWN}/submit"), format!("{OWN}/reopen"), format!("{OWN}/checks"));
    let tag = |response: &Value| format!("\"{}\"", response["version"]);
    let blocked = body(country.get(&checks, &lead).await, 200).await;
    assert_eq!((&blocked["passes"], &blocked["can_submit"]), (&false.into(), &true.into()));
    let problem = country.post(&submit, &lead, Some(&tag(&blocked)), 422).await;
    assert_eq!(problem["code"], "not_submittable");
    assert_eq!(problem["errors"][0]["pointer"], blocked["items"][0]["link_id"]);
    assert_eq!(country.reopen(&reopen, &team, Some(&tag(&blocked)), 409).await["code"], "not_submitted");

    put_right(&country, OWN, &lead).await;
    let ready = body(country.get(&checks, &lead).await, 200).await;
    assert_eq!(ready["passes"], true, "{ready}");
    assert_eq!(country.post(&submit, &lead, None, 428).await["code"], "version_required");
    for moved in [tag(&blocked), format!("W/{}", tag(&ready)), "*".into(), "nonsense".into()] {
        assert_eq!(country.post(&submit, &lead, Some(&moved), 412).await["code"], "version_moved", "{moved}");
    }
    let handed_in = country.post(&submit, &lead, Some(&tag(&ready)), 200).await;
    assert_eq!(handed_in["state"], "submitted");
    assert!(handed_in["submitted_at"].is_string());
    let late = json!([{"link_id": "setting", "version": 0, "choice": "acute"}]);
    assert_eq!(country.patch(OWN, &lead, late, 409).await["code"], "already_submitted");

    country.reopen(&reopen, &lead, Some(&tag(&handed_in)), 403).await;
    country.reopen(&reopen, &team, None, 428).await;
    country.reopen(&reopen, &team, Some(&tag(&ready)), 412).await;
    let opened = country.reopen(&reopen, &team, Some(&tag(&handed_in)), 200).await;
    assert_eq!(opened["state"], "in_progress");
    assert!(opened.get("submitted_at").is_none());

    // What was submitted stays, and can be compared with what is submitted next.
    let late =
        json!([{"link_id": "improvement_cycles", "version": version_of(&opened, "improvement_cycles"), "integer": 2}]);
    let changed = country.patch(OWN, &lead, late, 200).await;
    country.post(&submit, &lead, Some(&tag(&changed)), 200).await;
    let submissions = format!("{OWN}/submissions");
    let list = body(country.get(&submissions, &lead).await, 200).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
    assert_ne!(list["items"][0]["hash"], list["items"][1]["hash"]);
    let first = body(country.get(&format!("{submissions}/1"), &lead).await, 200).await;
    assert_eq!(first["answers"].as_array().unwrap().len(), opened["answers"].as_array().unwrap().len());
    let compared = body(country.get(&format!("{submissions}/2/differences?from=1"), &lead).await, 200).await;
    assert_eq!(compared["differences"].as_array().unwrap().len(), 1, "{compared}");
    assert_eq!(compared["differences"][0]["new"]["integer"], 2);
    body(country.get(&format!("{submissions}/3"), &lead).await, 404).await;
}

#[tokio::test]
async fn a_reader_who_has_the_version_is_told_so() {
    let country = Country::new();
    let key = country.team();
    let reply = country.get(OWN, &key).await;
    let tag = reply.0.header("etag").unwrap().to_owned();
    assert_eq!(tag, format!("\"{}\"", body(reply, 200).await["version"]));
    let unchanged = country.ask(Method::GET, OWN, &key).header("if-none-match", &tag).send().await;
    unchanged.assert_status(poem::http::StatusCode::NOT_MODIFIED);
    unchanged.assert_header("etag", &tag);
    body(country.ask(Method::GET, OWN, &key).header("if-none-match", "\"0\"").send().await, 200).await;
}

#[tokio::test]
async fn a_questionnaire_says_all_that_a_form_needs() {
    let country = Country::new();
    let questionnaire = body(country.get("/rounds/2022/questionnaire", &country.team()).await, 200).await;
    let items: Vec<&Value> = questionnaire["sections"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|section| section["items"].as_array().unwrap())
        .collect();
    let item = |link_id: &str| *items.iter().find(|item| item["link_id"] == link_id).unwrap();
    assert_eq!(item("setting_other")["enable_when"], json!([{"item": "setting", "has_any": ["other"]}]));
    assert_eq!(item("staff_in_post")["grid"]["roles"][0]["role"], "nurse");
    assert!(item("population_all_ages")["max"].as_f64().unwrap() > 0.0);
    let rules = questionnaire["rules"].as_array().unwrap();
    assert!(rules.iter().all(|rule| rule["must"].as_object().unwrap().len() == 1));
}
