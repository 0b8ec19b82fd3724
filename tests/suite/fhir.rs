//! FHIR R4 resources: what goes out is judged by others' models of them, and what comes in is what went out.

use std::process::Command;

use facilities_audit::domain::access::Role;
use facilities_audit_tests::{Ran, Server, World, on_both_databases};
use serde_json::{Value, json};

use super::contract::{key, repository};
use super::statistics_judges::python;

const FHIR: &str = "application/fhir+json";

struct Caller {
    server: Server,
    bearer: String,
}

impl Caller {
    /// Status, ETag and body of a call.
    fn call(&self, method: &str, path: &str, headers: &[(&str, &str)], body: Option<&Value>) -> (u16, String, Value) {
        let agent: ureq::Agent = ureq::Agent::config_builder().http_status_as_error(false).build().into();
        let address = self.server.address(&format!("/api/v1{path}"));
        let mut request =
            ureq::http::Request::builder().method(method).uri(address).header("Authorization", &self.bearer);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let mut reply = match body {
            Some(body) => agent.run(request.header("Content-Type", FHIR).body(body.to_string()).unwrap()).unwrap(),
            None => agent.run(request.body(()).unwrap()).unwrap(),
        };
        let etag = reply.headers().get("etag").map_or("", |etag| etag.to_str().unwrap()).to_owned();
        (reply.status().as_u16(), etag, reply.body_mut().read_json().unwrap())
    }

    fn resource(&self, path: &str) -> (String, Value) {
        let (status, etag, resource) = self.call("GET", path, &[("Accept", FHIR)], None);
        assert_eq!(status, 200, "{resource}");
        (etag, resource)
    }
}

/// The item of a resource.
fn item<'a>(resource: &'a mut Value, link_id: &str) -> &'a mut Value {
    let sections = resource["item"].as_array_mut().unwrap().iter_mut();
    let mut items = sections.flat_map(|section| section["item"].as_array_mut().unwrap());
    items.find(|item| item["linkId"] == link_id).unwrap_or_else(|| panic!("{link_id} is there"))
}

fn judge(world: &World, resources: &[Value]) -> Ran {
    let files = resources.iter().enumerate().map(|(place, resource)| {
        let file = world.path(&format!("resource-{place}.json"));
        std::fs::write(&file, resource.to_string()).unwrap();
        file
    });
    let mut judge: Command = python();
    Ran::run(judge.arg(repository().join("tests/contract/judge_fhir.py")).args(files))
}

on_both_databases! {
    fn resources_go_out_and_come_in(world: World) {
        facilities_audit::app::demo::load_country(&world.app(), &mut |_, _, _| {}).unwrap();
        let bearer = format!("Bearer {}", key(&world, Role::AuditTeam, ""));
        let caller = Caller { server: world.serve(), bearer };
        let mut out: Vec<Value> = Vec::new();
        for year in [2019, 2021, 2022] {
            out.push(caller.resource(&format!("/rounds/{year}/questionnaire")).1);
        }
        for service in ["FLS001", "FLS012", "FLS042"] {
            for year in [2021, 2022] {
                out.push(caller.resource(&format!("/rounds/{year}/responses/{service}")).1);
            }
        }
        println!("{}", judge(&world, &out).succeeded().out);
        // A judge that takes anything proves nothing.
        let mut broken = out[0].clone();
        broken["item"][0].as_object_mut().unwrap().remove("linkId");
        assert_ne!(judge(&world, &[broken]).status, Some(0));

        let path = "/rounds/2022/responses/FLS012";
        let (etag, mut resource) = caller.resource(path);
        let before = caller.call("GET", path, &[], None).2;
        let put = |resource: &Value, etag: &str| caller.call("PUT", path, &[("If-Match", etag)], Some(resource));
        let (status, same, after) = put(&resource, &etag);
        assert_eq!((status, same.as_str(), &after["answers"]), (200, etag.as_str(), &before["answers"]), "{after}");

        item(&mut resource, "patient_survey")["answer"] = json!([{"valueBoolean": true}]);
        item(&mut resource, "population_all_ages")["answer"] = json!([{"extension": [{
            "url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "asked-unknown",
        }]}]);
        let (status, moved, after) = put(&resource, &etag);
        let answer = |link_id: &str| after["answers"].as_array().unwrap().iter().find(|a| a["link_id"] == link_id).unwrap();
        assert_eq!((status, &answer("patient_survey")["boolean"]), (200, &json!(true)), "{after}");
        assert_eq!(answer("population_all_ages")["status"], "not_known");
        assert_ne!(moved, etag);
        let again = caller.resource(path).1;
        assert_eq!(judge(&world, &[again]).status, Some(0));

        assert_eq!(put(&resource, &etag).0, 412);
        assert_eq!(caller.call("PUT", path, &[], Some(&resource)).0, 428);
        for (link_id, answer, place) in [
            ("patient_survey", json!([{"valueString": "yes"}]), "patient_survey"),
            ("patient_survey", json!([{"valueBoolean": true}, {"valueBoolean": false}]), "patient_survey"),
            ("setting", json!([{"valueCoding": {"code": "elsewhere"}}]), "setting"),
        ] {
            let wrong = json!({"resourceType": "QuestionnaireResponse", "status": "in-progress",
                "item": [{"linkId": link_id, "answer": answer}]});
            let (status, _, problem) = put(&wrong, &moved);
            assert_eq!((status, &problem["errors"][0]["pointer"]), (422, &json!(place)), "{problem}");
        }
        let unknown = json!({"resourceType": "QuestionnaireResponse", "status": "in-progress", "item": [{"linkId": "x"}]});
        assert_eq!(put(&unknown, &moved).0, 422);
        let other = json!({"resourceType": "Patient", "status": "in-progress"});
        assert_eq!(put(&other, &moved).0, 422);
    }
}
