//! How accessible a page is, by axe-core.

use std::path::Path;
use std::sync::LazyLock;

use serde_json::{Value, json};
use thirtyfour::WebDriver;
use thirtyfour::error::WebDriverResult;

static AXE: LazyLock<String> = LazyLock::new(|| {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("axe/node_modules/axe-core/axe.min.js");
    std::fs::read_to_string(path).expect("axe-core is missing: run the tests by tests/run, which installs it")
});

/// Fails where the page that a browser shows breaks a rule of WCAG 2.2 at level AA.
///
/// One exemption: the kit's own conditional radios and checkboxes carry `aria-expanded`, which axe reports under
/// `aria-allowed-attr`; on those inputs, and nowhere else, that rule is let pass.
pub async fn accessible(driver: &WebDriver, place: &str) -> WebDriverResult<()> {
    driver.execute(AXE.as_str(), Vec::new()).await?;
    let options = json!({
        "runOnly": { "type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"] },
        "resultTypes": ["violations"],
    });
    let script = "const done = arguments[1]; axe.run(document, arguments[0]).then(found => done(found.violations.map(v => ({ \
                  rule: v.id, nodes: v.nodes.map(n => ({ html: n.html, why: n.failureSummary })) }))))";
    let found = driver.execute_async(script, vec![options]).await?;
    let mut broken = Vec::new();
    for violation in found.json().as_array().into_iter().flatten() {
        let exempt = |node: &&Value| {
            violation["rule"] == "aria-allowed-attr"
                && node["html"].as_str().is_some_and(|html| html.contains("__input") && html.contains("aria-expanded"))
        };
        let nodes = violation["nodes"].as_array().into_iter().flatten().filter(|node| !exempt(node));
        broken.extend(nodes.map(|node| format!("{}: {}\n    {}", violation["rule"], node["html"], node["why"])));
    }
    assert!(broken.is_empty(), "{place} is not accessible:\n{}", broken.join("\n"));
    let overflow =
        driver.execute("return document.documentElement.scrollWidth - window.innerWidth", Vec::new()).await?;
    let overflow = overflow.json().as_i64().unwrap_or_default();
    assert!(overflow <= 0, "{place} is {overflow} pixels wider than its window");
    Ok(())
}
