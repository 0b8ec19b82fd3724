//! Finding a version and what it follows. Published versions never change, so each process keeps those that it has read.

use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

use crate::app::{App, AppError};
use crate::domain::questionnaire::crosswalk::{Comparison, Crosswalk, Relation, differences};
use crate::domain::questionnaire::definition::Questionnaire;
use crate::formats::questionnaire_file::{Grounds, base_of, read_version};
use crate::formats::seeds::SeedError;
use crate::store::questionnaires::StoredVersion;
use crate::store::transaction::read_tx;
use crate::store::{self, DbConn};

/// A version with what it says of the one that it follows.
#[derive(Debug, Clone)]
pub(in crate::app) struct Known {
    /// What it asks.
    pub(in crate::app) questionnaire: Arc<Questionnaire>,
    /// The version that it follows; `None` of the first one.
    pub(in crate::app) base: Option<String>,
    /// What became of the items of that.
    pub(in crate::app) crosswalk: Crosswalk,
}

/// The published versions that were read, by name.
pub(in crate::app) type KeptVersions = BTreeMap<String, Arc<Known>>;

/// How many versions may follow each other. Each follows one that was there before it, so there is no circle.
const LONGEST_CHAIN: usize = 64;

fn wrong(error: &SeedError) -> AppError {
    AppError::invalid("document", "questionnaire", format!("Line {}: {}.", error.line, error.reason))
}

impl App {
    /// The versions that come with the program, the oldest first; each follows the one before it, item by item of the same
    /// name.
    pub(super) fn versions_of_program(&self) -> impl Iterator<Item = Known> {
        let mut base: Option<String> = None;
        self.program_questionnaires().map(move |questionnaire| {
            let follows = base.replace(questionnaire.version.clone());
            Known { questionnaire: Arc::clone(questionnaire), base: follows, crosswalk: Crosswalk::default() }
        })
    }

    /// A version by its name: of the program, or uploaded, a draft too.
    pub(in crate::app) fn known_version(&self, conn: &mut DbConn, version: &str) -> Result<Arc<Known>, AppError> {
        if let Some(known) = self.versions_of_program().find(|known| known.questionnaire.version == version) {
            return Ok(Arc::new(known));
        }
        if let Some(kept) = self.kept_versions().get(version) {
            return Ok(Arc::clone(kept));
        }
        match store::questionnaires::find(conn, version)? {
            Some(stored) => self.parsed_version(conn, &stored),
            None => Err(self.no_version(conn, version)),
        }
    }

    /// An uploaded version, read.
    pub(super) fn parsed_version(&self, conn: &mut DbConn, stored: &StoredVersion) -> Result<Arc<Known>, AppError> {
        if let Some(kept) = self.kept_versions().get(&stored.version) {
            return Ok(Arc::clone(kept));
        }
        let known = self.read_version(conn, &stored.document).map_err(|error| {
            AppError::Unexpected(format!("the questionnaire {} cannot be read again: {error}", stored.version))
        })?;
        let known = Arc::new(known);
        if stored.published {
            self.kept_versions().insert(stored.version.clone(), Arc::clone(&known));
        }
        Ok(known)
    }

    /// Reads a file, with the published version that it follows.
    pub(super) fn read_version(&self, conn: &mut DbConn, document: &str) -> Result<Known, AppError> {
        let base = base_of(document).map_err(|error| wrong(&error))?;
        let is_draft = store::questionnaires::find(conn, &base)?.is_some_and(|stored| !stored.published);
        let old = self.known_version(conn, &base).ok().filter(|_| !is_draft).ok_or_else(|| {
            let message =
                format!("The version {base:?}, which this one says that it follows (base), is not published.");
            AppError::invalid("document", "unknown_base", message)
        })?;
        let grounds = Grounds { bank: &self.reference().item_bank, rules: &self.reference().item_rules };
        let read = read_version(document, grounds, &old.questionnaire).map_err(|error| wrong(&error))?;
        if read.questionnaire.version <= base {
            let message = format!("A version comes after the one that it follows: {base} is not before this one.");
            return Err(AppError::invalid("document", "not_after_base", message));
        }
        Ok(Known { questionnaire: Arc::new(read.questionnaire), base: Some(read.base), crosswalk: read.crosswalk })
    }

    /// There is no version of a name, and these instead.
    pub(super) fn no_version(&self, conn: &mut DbConn, version: &str) -> AppError {
        let known = super::published(self, conn).unwrap_or_default();
        AppError::not_found("questionnaire", version, format!("The versions are: {}.", known.join(", ")))
    }

    /// A published version of a name, for whoever has no connection at hand.
    pub(in crate::app) fn published_version(&self, version: &str) -> Result<Arc<Questionnaire>, AppError> {
        if let Some(kept) = self.kept_versions().get(version) {
            return Ok(Arc::clone(&kept.questionnaire));
        }
        let known = read_tx(&mut *self.database().connection()?, |conn| self.known_version(conn, version));
        let known =
            known.map_err(|_| AppError::Unexpected(format!("there is no questionnaire {version}, which is in use")))?;
        Ok(Arc::clone(&known.questionnaire))
    }

    /// How answers to one version read as answers to a later one.
    pub(in crate::app) fn comparison(&self, conn: &mut DbConn, old: &str, new: &str) -> Result<Comparison, AppError> {
        let target = self.known_version(conn, old)?;
        let mut steps = Vec::new();
        let mut at = self.known_version(conn, new)?;
        for _ in 0..LONGEST_CHAIN {
            if at.questionnaire.version == old {
                break;
            }
            let Some(base) = at.base.clone() else { break };
            let before = self.known_version(conn, &base)?;
            steps.push(Comparison::new(&before.questionnaire, &at.questionnaire, &at.crosswalk));
            at = before;
        }
        if at.questionnaire.version != old {
            // Neither follows the other.
            let new = self.known_version(conn, new)?;
            let crosswalk = complete(&target.questionnaire, &new.questionnaire);
            return Ok(Comparison::new(&target.questionnaire, &new.questionnaire, &crosswalk));
        }
        let mut steps = steps.into_iter().rev();
        let first = steps.next();
        Ok(match first {
            Some(first) => steps.fold(first, |through, step| through.then(&step)),
            None => Comparison::new(&at.questionnaire, &at.questionnaire, &Crosswalk::default()),
        })
    }

    fn kept_versions(&self) -> std::sync::MutexGuard<'_, KeptVersions> {
        self.0.versions.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What two versions that do not follow each other say of each other: what is new and what is dropped; what is recoded is left
/// open, and so without a trend.
pub(super) fn complete(old: &Questionnaire, new: &Questionnaire) -> Crosswalk {
    let mut crosswalk = Crosswalk::default();
    for one in differences(old, new, &Crosswalk::default()) {
        match one.relation {
            Relation::New => crosswalk.new.insert(one.link_id),
            Relation::Dropped => crosswalk.dropped.insert(one.link_id),
            _ => false,
        };
    }
    crosswalk
}
