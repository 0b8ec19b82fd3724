//! Our markup of the kit's components agrees with the kit's own: every component ships fixtures, what it is given and the
//! HTML that it makes of it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::Value;

use super::{Role, Site};

/// An element with classes of the kit.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Element {
    tag: String,
    classes: Vec<String>,
    module: Option<String>,
    /// The classes of what it stands in.
    within: BTreeSet<String>,
}

const VOID: [&str; 9] = ["input", "br", "meta", "link", "hr", "img", "path", "circle", "rect"];

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(rest.split_once('"')?.0.to_owned())
}

/// Every element of a page that has a class of the kit.
fn elements(html: &str) -> Vec<Element> {
    let (mut found, mut open) = (Vec::new(), Vec::<(String, Vec<String>)>::new());
    for tag in html.split('<').skip(1) {
        let name: String = tag.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect();
        if let Some(closed) = name.strip_prefix('/') {
            while let Some((last, _)) = open.pop() {
                if last == closed {
                    break;
                }
            }
            continue;
        }
        if name.is_empty() {
            continue;
        }
        let classes = attribute(tag, "class").unwrap_or_default();
        let classes: Vec<String> =
            classes.split_whitespace().filter(|class| class.starts_with("nhsuk-")).map(ToOwned::to_owned).collect();
        if !classes.is_empty() {
            let within = open.iter().flat_map(|(_, classes)| classes).cloned().collect();
            let module = attribute(tag, "data-module");
            found.push(Element { tag: name.clone(), classes: classes.clone(), module, within });
        }
        let closes_itself = tag.split_once('>').is_some_and(|(head, _)| head.ends_with('/'));
        if !VOID.contains(&name.as_str()) && !closes_itself {
            open.push((name, classes));
        }
    }
    found
}

fn components() -> PathBuf {
    let fetched = PathBuf::from(env!("OUT_DIR")).join("npm/node_modules");
    let packages = std::env::var_os("NODE_MODULES_DIR").map_or(fetched, PathBuf::from);
    packages.join("nhsuk-frontend/dist/nhsuk/components")
}

/// The name of the component that a class belongs to: `nhsuk-radios__item` → `nhsuk-radios`.
fn block_of(class: &str) -> &str {
    class.split("__").next().and_then(|block| block.split("--").next()).unwrap_or(class)
}

/// What the kit's fixtures hold: by class, the tags that have it and the module that starts it.
#[derive(Debug, Default)]
struct Kit {
    tags: BTreeMap<String, BTreeSet<String>>,
    modules: BTreeMap<String, BTreeSet<Option<String>>>,
}

impl Kit {
    fn read() -> Self {
        let mut kit = Self::default();
        for folder in std::fs::read_dir(components()).expect("the kit is unpacked") {
            let file = folder.unwrap().path().join("fixtures.json");
            let Ok(text) = std::fs::read_to_string(&file) else { continue };
            let fixtures: Value = serde_json::from_str(&text).unwrap();
            for fixture in fixtures["fixtures"].as_array().unwrap() {
                for element in elements(fixture["html"].as_str().unwrap_or_default()) {
                    for class in element.classes {
                        kit.modules.entry(class.clone()).or_default().insert(element.module.clone());
                        kit.tags.entry(class).or_default().insert(element.tag.clone());
                    }
                }
            }
        }
        assert!(kit.tags.len() > 100, "the fixtures hold the components: {}", kit.tags.len());
        kit
    }

    /// Where an element of ours differs from the kit's.
    fn differs(&self, element: &Element) -> Option<String> {
        for class in &element.classes {
            // Helpers are no components, and the typography is of any element.
            let block = block_of(class);
            let is_component = self.tags.contains_key(block) && class != "nhsuk-table-responsive__heading";
            if !is_component || class.starts_with("nhsuk-u-") || class.starts_with("nhsuk-heading") {
                continue;
            }
            let Some(tags) = self.tags.get(class) else {
                return Some(format!("the kit has no {class} in {block}"));
            };
            if !tags.contains(&element.tag) {
                return Some(format!("the kit has {class} on {tags:?}, not on {}", element.tag));
            }
            let begins = class == block;
            // Parts of a table stand in a responsive one as well.
            let stands_in = |block: &str| element.within.iter().any(|outer| block_of(outer).starts_with(block));
            if !begins && class.contains("__") && !stands_in(block) {
                return Some(format!("{class} stands outside {block}"));
            }
            let modules = self.modules.get(class);
            // What the script that saves takes over is not started again.
            let quiet = class == "nhsuk-error-summary";
            if begins
                && !quiet
                && modules.is_some_and(|modules| !modules.contains(&None) && !modules.contains(&element.module))
            {
                return Some(format!("{class} needs one of {modules:?}, and has {:?}", element.module));
            }
        }
        None
    }
}

#[tokio::test]
async fn the_markup_of_components_agrees_with_the_kits_own() {
    let (site, kit) = (Site::new(), Kit::read());
    let lead = site.person(Role::FlsLead, Some("AAA"), None);
    let team = site.person(Role::AuditTeam, None, None);
    let mut pages = vec![(String::new(), "/sign-in".to_owned()), (String::new(), "/privacy".to_owned())];
    let survey =
        ["", "/staffing", "/population", "/monitoring", "/governance", "/check", "/links", "/history", "/print"];
    pages.extend(survey.iter().map(|end| (lead.clone(), format!("/survey/2022/AAA{end}"))));
    let past = ["", "/staffing", "/check", "/feedback", "/submissions", "/submissions/1"];
    pages.extend(past.iter().map(|end| (lead.clone(), format!("/survey/2021/AAA{end}"))));
    let others = ["/no-return", "/workbook", "/hospitals", "/comments", "/comments/setting", "/staffing?check=yes"];
    pages.extend(others.iter().map(|end| (lead.clone(), format!("/survey/2022/AAA{end}"))));
    pages.extend(["/", "/account", "/survey"].iter().map(|path| (lead.clone(), (*path).to_owned())));
    pages.extend(
        ["/rounds", "/rounds/2021", "/accounts", "/mails", "/history"]
            .iter()
            .map(|path| (team.clone(), (*path).to_owned())),
    );
    let mut wrong = BTreeSet::new();
    for (who, path) in pages {
        let html = site.page(&who, &path).await;
        let found = elements(&html);
        assert!(found.len() > 10, "{path}");
        wrong.extend(found.iter().filter_map(|element| Some(format!("{path}: {}", kit.differs(element)?))));
    }
    assert!(wrong.is_empty(), "{}", wrong.into_iter().collect::<Vec<_>>().join("\n"));
}
