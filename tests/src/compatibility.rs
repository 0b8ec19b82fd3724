//! What breaks those who wrote a client against an earlier OpenAPI document of ours.
//!
//! Of what is sent to us nothing may narrow: an accepted value, a field or a parameter must stay acceptable. Of what we
//! answer nothing may widen: what a client was promised must come, and nothing that it was not told of where it has to
//! handle every case (a value of an enumeration, a kind of success).

use std::collections::BTreeSet;

use serde_json::Value;

/// Every breaking change from `old` to `new`, in words that say where.
pub fn breaking_changes(old: &Value, new: &Value) -> Vec<String> {
    let mut found = Comparison { old, new, seen: BTreeSet::new(), breaks: Vec::new() };
    for (path, methods) in object(&old["paths"]) {
        for (method, operation) in object(methods) {
            let place = format!("{} {path}", method.to_uppercase());
            match new["paths"][path.as_str()].get(method) {
                Some(now) => found.operation(&place, operation, now),
                None => found.say(&place, "the operation is gone"),
            }
        }
    }
    found.breaks
}

/// Which way a value goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Way {
    /// From a client to us.
    Sent,
    /// From us to a client.
    Answered,
}

struct Comparison<'a> {
    old: &'a Value,
    new: &'a Value,
    /// Schemas are compared once a direction; some contain themselves.
    seen: BTreeSet<(Way, String, String)>,
    breaks: Vec<String>,
}

fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

fn array(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn texts(value: &Value) -> BTreeSet<String> {
    array(value).map(|value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned)).collect()
}

fn resolved<'a>(document: &'a Value, schema: &'a Value) -> &'a Value {
    let target = schema["$ref"].as_str().and_then(|to| document.pointer(to.trim_start_matches('#')));
    target.unwrap_or(schema)
}

impl<'a> Comparison<'a> {
    fn say(&mut self, place: &str, what: impl AsRef<str>) {
        self.breaks.push(format!("{place}: {}", what.as_ref()));
    }

    fn operation(&mut self, place: &str, old: &'a Value, new: &'a Value) {
        for (key, what) in [
            ("operationId", "its operationId has changed"),
            ("security", "what it takes to be let in has changed"),
            ("x-required-permission", "the permission that it needs has changed"),
        ] {
            if old[key] != new[key] {
                self.say(place, what);
            }
        }
        self.parameters(place, old, new);
        self.request(place, &old["requestBody"], &new["requestBody"]);
        for (status, answer) in object(&old["responses"]) {
            match new["responses"].get(status) {
                Some(now) => self.answer(&format!("{place} {status}"), answer, now),
                None => self.say(place, format!("status {status} is gone")),
            }
        }
        for (status, _) in object(&new["responses"]) {
            if status.starts_with('2') && old["responses"].get(status).is_none() {
                self.say(place, format!("status {status} is a new kind of success"));
            }
        }
    }

    fn parameters(&mut self, place: &str, old: &'a Value, new: &'a Value) {
        let same = |one: &Value, other: &Value| one["name"] == other["name"] && one["in"] == other["in"];
        for parameter in array(&old["parameters"]) {
            let place = format!("{place} parameter {}", parameter["name"]);
            match array(&new["parameters"]).find(|now| same(parameter, now)) {
                None => self.say(&place, "it is gone"),
                Some(now) => {
                    if now["required"] == true && parameter["required"] != true {
                        self.say(&place, "it is required now");
                    }
                    self.schema(&place, Way::Sent, &parameter["schema"], &now["schema"]);
                }
            }
        }
        for parameter in array(&new["parameters"]) {
            let is_new = !array(&old["parameters"]).any(|before| same(before, parameter));
            if is_new && parameter["required"] == true {
                self.say(place, format!("the new parameter {} is required", parameter["name"]));
            }
        }
    }

    fn request(&mut self, place: &str, old: &'a Value, new: &'a Value) {
        let place = format!("{place} body");
        if new["required"] == true && old["required"] != true {
            self.say(&place, "it is required now");
        }
        for (media, content) in object(&old["content"]) {
            match new["content"].get(media) {
                Some(now) => self.schema(&place, Way::Sent, &content["schema"], &now["schema"]),
                None => self.say(&place, format!("{media} is not taken any more")),
            }
        }
    }

    fn answer(&mut self, place: &str, old: &'a Value, new: &'a Value) {
        for (header, _) in object(&old["headers"]) {
            if new["headers"].get(header).is_none() {
                self.say(place, format!("the header {header} is gone"));
            }
        }
        for (media, content) in object(&old["content"]) {
            match new["content"].get(media) {
                Some(now) => self.schema(place, Way::Answered, &content["schema"], &now["schema"]),
                None => self.say(place, format!("{media} is not answered any more")),
            }
        }
    }

    fn schema(&mut self, place: &str, way: Way, old: &'a Value, new: &'a Value) {
        if let (Some(before), Some(now)) = (old["$ref"].as_str(), new["$ref"].as_str())
            && !self.seen.insert((way, before.to_owned(), now.to_owned()))
        {
            return;
        }
        let (old, new) = (resolved(self.old, old), resolved(self.new, new));
        let (before, now) = (old["type"].as_str().unwrap_or_default(), new["type"].as_str().unwrap_or_default());
        let widened = match way {
            Way::Sent => (before, now) == ("integer", "number"),
            Way::Answered => (before, now) == ("number", "integer"),
        };
        if before != now && !widened {
            self.say(place, format!("the type was {before:?} and is {now:?}"));
        }
        if old["format"] != new["format"] {
            self.say(place, format!("the format was {} and is {}", old["format"], new["format"]));
        }
        self.options(place, way, old, new);
        if way == Way::Sent {
            self.limits(place, old, new);
        }
        self.properties(place, way, old, new);
        if old.get("items").is_some() {
            self.schema(&format!("{place}[]"), way, &old["items"], &new["items"]);
        }
        for key in ["allOf", "oneOf", "anyOf"] {
            let (before, now) = (array(&old[key]).count(), array(&new[key]).count());
            if before > now || (before < now && way == Way::Answered) {
                self.say(place, format!("{key} had {before} parts and has {now}"));
            }
            for (before, now) in array(&old[key]).zip(array(&new[key])) {
                self.schema(place, way, before, now);
            }
        }
    }

    /// Values of an enumeration.
    fn options(&mut self, place: &str, way: Way, old: &Value, new: &Value) {
        let (before, now) = (texts(&old["enum"]), texts(&new["enum"]));
        let (has_lost, has_won) = match way {
            Way::Sent if before.is_empty() => (false, !now.is_empty()),
            Way::Sent => (!now.is_empty() && !before.is_subset(&now), false),
            Way::Answered if now.is_empty() => (false, !before.is_empty()),
            Way::Answered => (false, !before.is_empty() && !now.is_subset(&before)),
        };
        if has_lost {
            self.say(place, format!("these values are not taken any more: {:?}", before.difference(&now)));
        }
        if has_won {
            self.say(place, format!("the values were {before:?} and are {now:?}"));
        }
    }

    fn limits(&mut self, place: &str, old: &Value, new: &Value) {
        for (limit, is_upper) in [
            ("maximum", true),
            ("maxLength", true),
            ("maxItems", true),
            ("minimum", false),
            ("minLength", false),
            ("minItems", false),
        ] {
            let Some(now) = new[limit].as_f64() else { continue };
            let narrower = |before: f64| if is_upper { now < before } else { now > before };
            if old[limit].as_f64().is_none_or(narrower) {
                self.say(place, format!("{limit} was {} and is {}", old[limit], new[limit]));
            }
        }
        if !new["pattern"].is_null() && old["pattern"] != new["pattern"] {
            self.say(place, format!("the pattern was {} and is {}", old["pattern"], new["pattern"]));
        }
    }

    fn properties(&mut self, place: &str, way: Way, old: &'a Value, new: &'a Value) {
        for (name, property) in object(&old["properties"]) {
            let place = format!("{place}.{name}");
            match new["properties"].get(name) {
                Some(now) => self.schema(&place, way, property, now),
                None => self.say(&place, "the field is gone"),
            }
        }
        let (before, now) = (texts(&old["required"]), texts(&new["required"]));
        let changed: Vec<&String> = match way {
            Way::Sent => now.difference(&before).collect(),
            Way::Answered => before.difference(&now).collect(),
        };
        for name in changed {
            let what = if way == Way::Sent { "it is required now" } else { "it may be absent now" };
            self.say(&format!("{place}.{name}"), what);
        }
    }
}
