//! What becomes of a response besides being answered: sign-off, no return, opening it again, and its submitted versions.

use super::*;

fn fields(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

async fn text(response: TestResponse) -> String {
    response.0.into_body().into_string().await.unwrap()
}

#[tokio::test]
async fn a_clinical_lead_signs_off_and_a_change_undoes_it() {
    let site = Site::of(
        |reference| reference.rounds.iter_mut().for_each(|round| round.sign_off = true),
        Environment::system(),
    );
    let lead = site.person(Role::FlsLead, Some("BBB"), None);
    let clinician = site.person(Role::ClinicalLead, Some("BBB"), None);
    let check = "/survey/2022/BBB/check";
    assert!(site.page(&clinician, "/").await.contains("href=\"/survey\""), "they find the way");
    let early = site.page(&clinician, check).await;
    assert!(early.contains("waits for your sign-off") && !early.contains("/sign-off\" method"), "{early}");
    answer_not_known(&site, &lead).await;
    let page = site.page(&lead, check).await;
    assert!(page.contains("ask yours to sign the response off") && !page.contains("name=\"declared\""), "{page}");

    let version = version_of(&site.page(&clinician, check).await);
    let signs = |version: &str| fields(&[("version", version)]);
    site.post(&lead, "/survey/2022/BBB/sign-off", &signs(&version)).await.assert_status(StatusCode::FORBIDDEN);
    let stale = text(site.post(&clinician, "/survey/2022/BBB/sign-off", &signs("1")).await).await;
    assert!(stale.contains("changed while you were checking"), "{stale}");
    assert_eq!(location(&site.post(&clinician, "/survey/2022/BBB/sign-off", &signs(&version)).await), check);
    assert!(site.page(&lead, check).await.contains("Signed off by"));

    // A change undoes it, and the page says so.
    let path = "/survey/2022/BBB/governance";
    let changed = with(&form_of(&site.page(&lead, path).await), "v.governance_frequency", "monthly");
    let after = location(&site.post(&lead, path, &changed).await);
    assert!(site.page(&lead, &after).await.contains("has undone the clinical lead"), "{after}");

    let version = version_of(&site.page(&clinician, check).await);
    location(&site.post(&clinician, "/survey/2022/BBB/sign-off", &signs(&version)).await);
    let version = version_of(&site.page(&lead, check).await);
    let submits = fields(&[("version", &version), ("declared", "yes")]);
    assert_eq!(location(&site.post(&lead, check, &submits).await), "/survey/2022/BBB/submitted");
    assert!(site.page(&lead, "/survey/2022/BBB").await.contains("Signed off by"));
}

#[tokio::test]
async fn no_return_is_said_with_a_reason_and_taken_back() {
    let site = Site::new();
    let lead = site.person(Role::FlsLead, Some("AAA"), None);
    let nurse = site.person(Role::FlsContributor, Some("AAA"), None);
    let path = "/survey/2022/AAA/no-return";
    assert!(site.page(&lead, "/survey/2022/AAA").await.contains(path));
    assert!(!site.page(&nurse, "/survey/2022/AAA").await.contains(path));
    let version = version_of(&site.page(&lead, path).await);
    let refused = site.post(&lead, path, &fields(&[("version", &version), ("reason", "x")])).await;
    refused.assert_status(StatusCode::UNPROCESSABLE_ENTITY);
    assert!(text(refused).await.contains("Choose which of the two it is."));
    let silent = site.post(&lead, path, &fields(&[("version", &version), ("outcome", "no_return")])).await;
    assert!(text(silent).await.contains("Say why there is no return this year."));
    let said = fields(&[("version", &version), ("outcome", "no_return"), ("reason", "The <only> nurse left.")]);
    assert_eq!(location(&site.post(&lead, path, &said).await), "/survey/2022/AAA");
    let page = site.page(&lead, "/survey/2022/AAA").await;
    assert!(page.contains("makes no return this year") && page.contains("The &lt;only&gt; nurse left."), "{page}");
    assert!(!site.page(&lead, "/survey/2022/AAA/staffing").await.contains("Save and continue"));
    let team = site.person(Role::AuditTeam, None, None);
    assert!(site.page(&team, "/rounds/2022/responses").await.contains("No return this year"));
    let back = fields(&[("version", &version_of(&page))]);
    location(&site.post(&lead, "/survey/2022/AAA/no-return/take-back", &back).await);
    assert!(site.page(&lead, "/survey/2022/AAA/staffing").await.contains("Save and continue"));
}

#[tokio::test]
async fn what_was_submitted_stays_and_can_be_compared() {
    let site = Site::new();
    let lead = site.person(Role::FlsLead, Some("BBB"), None);
    let team = site.person(Role::AuditTeam, None, None);
    let list = "/survey/2022/BBB/submissions";
    assert!(site.page(&lead, list).await.contains("Nothing was submitted yet"));
    answer_not_known(&site, &lead).await;
    let check = "/survey/2022/BBB/check";
    let submit = async || {
        let version = version_of(&site.page(&lead, check).await);
        location(&site.post(&lead, check, &fields(&[("version", &version), ("declared", "yes")])).await);
    };
    submit().await;
    assert!(!site.page(&lead, "/survey/2022/BBB").await.contains("/reopen"), "the audit team opens it again");
    assert!(site.page(&team, "/survey/2022/BBB").await.contains("/survey/2022/BBB/reopen"));
    let version = version_of(&site.page(&team, "/survey/2022/BBB/reopen").await);
    let silent = site.post(&team, "/survey/2022/BBB/reopen", &fields(&[("version", &version)])).await;
    silent.assert_status(StatusCode::UNPROCESSABLE_ENTITY);
    let why = fields(&[("version", &version), ("reason", "A wrong month.")]);
    location(&site.post(&team, "/survey/2022/BBB/reopen", &why).await);
    let path = "/survey/2022/BBB/governance";
    let changed = with(&form_of(&site.page(&lead, path).await), "v.governance_frequency", "monthly");
    location(&site.post(&lead, path, &changed).await);
    submit().await;

    let page = site.page(&lead, list).await;
    assert!(page.contains("/submissions/1\"") && page.contains("/submissions/2?from&#x3D;1"), "{page}");
    let first = plain(&site.page(&lead, "/survey/2022/BBB/submissions/1").await);
    assert!(first.contains("Submitted version 1, by fls_leadbbb"), "{first}");
    assert!(!first.contains("Every month"));
    let second = site.page(&lead, "/survey/2022/BBB/submissions/2").await;
    assert!(second.contains("Every month"));
    // The print of what is submitted proves itself by the hash that is kept.
    let hash = |page: &str| page.split("app-hash\">").nth(1).unwrap().split('<').next().unwrap().to_owned();
    assert_eq!(hash(&site.page(&lead, "/survey/2022/BBB/print").await), hash(&second));
    assert_ne!(hash(&first), hash(&second));
    let between = site.page(&lead, "/survey/2022/BBB/submissions/2?from=1").await;
    assert!(between.contains("Not known") && between.contains("Every month"), "{between}");
    for number in ["3", "x"] {
        let missing = site.get(&lead, &format!("/survey/2022/BBB/submissions/{number}")).await;
        assert_eq!(missing.0.status(), StatusCode::NOT_FOUND, "{number}");
    }
}
