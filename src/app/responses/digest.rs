//! What the audit team counts of every response of a round. Working it out takes a millisecond a response, so it is kept
//! until the response, or the one before it, has moved.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::Subject;
use crate::app::{App, AppError};
use crate::domain::questionnaire::answer::Answer;
use crate::domain::questionnaire::checks::Finding;
use crate::domain::questionnaire::conditions::Shown;
use crate::domain::questionnaire::definition::Severity;
use crate::domain::questionnaire::progress::Progress;
use crate::domain::register::Register;
use crate::store::responses::Response;
use crate::store::{self, DbConn};

/// What the checks found of one item in one response.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The item.
    pub link_id: String,
    /// How much it weighs.
    pub severity: Severity,
    /// A query that the service has explained.
    pub explained: bool,
}

/// What is counted of one response.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Digest {
    /// How far each section has come, in printed order.
    pub sections: Vec<Progress>,
    /// What the checks found, apart from what is still to be answered or confirmed.
    pub found: Vec<Found>,
    /// The items that stand as they were carried forward, confirmed or not.
    pub carried: Vec<String>,
}

/// At which versions a response and the one before it were read; `None`: there is none.
type Versions = (i64, Option<i64>);

/// What was counted under one register: the checks know the caseload, and choices hang on its hospitals and areas.
#[derive(Debug, Default)]
pub(in crate::app) struct KeptDigests {
    register: Option<Arc<Register>>,
    /// By year and service.
    counted: HashMap<(i32, String), (Versions, Arc<Digest>)>,
}

/// Digests that are kept: a few rounds of a large country, at about 2 kB each.
const KEPT: usize = 4_096;

impl KeptDigests {
    fn find(&self, register: &Arc<Register>, key: &(i32, String), versions: Versions) -> Option<Arc<Digest>> {
        self.register.as_ref().filter(|kept| Arc::ptr_eq(kept, register))?;
        self.counted.get(key).filter(|(of, _)| *of == versions).map(|(_, digest)| Arc::clone(digest))
    }

    fn keep(&mut self, register: &Arc<Register>, key: (i32, String), versions: Versions, digest: Arc<Digest>) {
        if self.counted.len() >= KEPT || !self.register.as_ref().is_some_and(|kept| Arc::ptr_eq(kept, register)) {
            self.counted.clear();
            self.register = Some(Arc::clone(register));
        }
        self.counted.insert(key, (versions, digest));
    }
}

/// What is counted of each response of a round that somebody has begun, by service. The headings are those of the round.
pub(in crate::app) fn digests(
    app: &App,
    conn: &mut DbConn,
    year: i32,
    headings: &[Response],
) -> Result<BTreeMap<String, Arc<Digest>>, AppError> {
    let register = app.register(conn)?;
    let before: HashMap<String, i64> = match register.round_before(year) {
        Some(round) => store::responses::versions(conn, round.year)?.into_iter().collect(),
        None => HashMap::new(),
    };
    let mut digests = BTreeMap::new();
    for heading in headings.iter().filter(|heading| heading.version > 0) {
        let code = &heading.service_code;
        let key = (year, code.clone());
        let versions = (heading.version, before.get(code).copied());
        let kept = app.kept_digests().find(&register, &key, versions);
        let digest = if let Some(digest) = kept {
            digest
        } else {
            let digest = Arc::new(digest(app, conn, year, code)?);
            app.kept_digests().keep(&register, key, versions, Arc::clone(&digest));
            digest
        };
        digests.insert(code.clone(), digest);
    }
    Ok(digests)
}

fn digest(app: &App, conn: &mut DbConn, year: i32, service: &str) -> Result<Digest, AppError> {
    let (subject, response) = Subject::read(app, conn, year, service)?;
    let before = subject.before(app, conn)?;
    let shown = Shown::new(&subject.questionnaire, &response.document);
    let none = BTreeMap::new();
    let last = before.as_ref().map_or(&none, |before| &before.last);
    let (sections, _) = Progress::of_sections(&shown, last);
    let findings = subject.findings(&shown, before.as_deref());
    let found =
        |finding: Finding| Found { link_id: finding.link_id, severity: finding.severity, explained: finding.explained };
    let is_carried = |answer: &Answer| answer.carried_from.is_some();
    let answers = response.document.answers.iter();
    Ok(Digest {
        sections,
        found: findings.into_iter().filter(|finding| !finding.is_still_to_do()).map(found).collect(),
        carried: answers.filter(|(_, answer)| is_carried(answer)).map(|(link_id, _)| link_id.clone()).collect(),
    })
}
