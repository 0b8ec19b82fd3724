//! The versions of the questionnaire: those that come with the program, and those that the audit team uploads.
//!
//! An uploaded version is a draft until it is published. A draft is the team's alone, can be uploaded anew and looked at
//! as services will see it. It is published once it says of every item what became of it since the version that it
//! follows; then a round can ask it, and nothing changes it any more.

mod preview;
mod versions;

use std::sync::Arc;

use super::error::InputProblem;
use super::rounds::must_run_rounds;
use super::{App, AppError, authorise, history};
use crate::domain::access::{Permission, Principal};
use crate::domain::association::exposure;
use crate::domain::findings::{self, Governance};
use crate::domain::history::{Event, Object};
use crate::domain::questionnaire::crosswalk::{Difference, differences};
use crate::domain::questionnaire::definition::Questionnaire;
use crate::formats::questionnaire_file::LONGEST;
use crate::store::questionnaires::StoredVersion;
use crate::store::{self, DbConn};

pub use preview::blank;
pub(super) use versions::KeptVersions;

/// A version as the list has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListedVersion {
    /// Its name, such as `2023.1`.
    pub version: String,
    /// The audit year that it is for.
    pub year: i32,
    /// Its title.
    pub title: String,
    /// The version that it follows; `None` of the first one.
    pub base: Option<String>,
    /// A round can ask it, and it changes no more.
    pub published: bool,
    /// Of an uploaded one: counts its changes; `None` of one that comes with the program.
    pub revision: Option<i64>,
    /// The audit years of the rounds that ask it.
    pub rounds: Vec<i32>,
}

/// A version with how it lies to another.
#[derive(Debug, Clone)]
pub struct VersionReport {
    /// The version.
    pub listed: ListedVersion,
    /// What it asks.
    pub questionnaire: Arc<Questionnaire>,
    /// The version that it is laid beside; `None` of the first one.
    pub against: Option<String>,
    /// Every item of both.
    pub differences: Vec<Difference>,
    /// What findings and associations would go without.
    pub warnings: Vec<String>,
    /// The file, of an uploaded one.
    pub document: Option<String>,
}

impl VersionReport {
    /// What the crosswalk lacks before it can be published: items, each with what is to be said of it.
    pub fn lacks(&self) -> impl Iterator<Item = (&str, &str)> {
        self.differences.iter().filter_map(|one| Some((one.link_id.as_str(), one.lacks.as_deref()?)))
    }
}

/// Whether somebody sees a version: drafts are for who may change them.
fn sees(who: &Principal, listed: &ListedVersion) -> bool {
    listed.published || who.may_everywhere(Permission::RunRounds)
}

fn listed(
    version: &versions::Known,
    stored: Option<&StoredVersion>,
    rounds: &[crate::domain::round::Round],
) -> ListedVersion {
    let questionnaire = &version.questionnaire;
    let name = &questionnaire.version;
    ListedVersion {
        version: name.clone(),
        year: questionnaire.year,
        title: questionnaire.title.clone(),
        base: version.base.clone(),
        published: stored.is_none_or(|stored| stored.published),
        revision: stored.map(|stored| stored.revision),
        rounds: rounds.iter().filter(|round| round.questionnaire == *name).map(|round| round.year).collect(),
    }
}

/// The versions that somebody sees, by name.
pub fn list(app: &App, who: &Principal) -> Result<Vec<ListedVersion>, AppError> {
    authorise(who, Permission::ReadReference, "read the questionnaires")?;
    app.read(|conn| {
        let rounds = store::rounds::all_rounds(conn)?;
        let mut all: Vec<ListedVersion> =
            app.versions_of_program().map(|known| listed(&known, None, &rounds)).collect();
        for stored in store::questionnaires::all(conn)? {
            all.push(listed(&*app.parsed_version(conn, &stored)?, Some(&stored), &rounds));
        }
        all.retain(|version| sees(who, version));
        all.sort_by(|a, b| a.version.cmp(&b.version));
        Ok(all)
    })
}

/// The versions that a round can ask, by name.
pub(super) fn published(app: &App, conn: &mut DbConn) -> Result<Vec<String>, AppError> {
    let mut names: Vec<String> = app.program_questionnaires().map(|one| one.version.clone()).collect();
    let stored = store::questionnaires::all(conn)?.into_iter().filter(|stored| stored.published);
    names.extend(stored.map(|stored| stored.version));
    names.sort();
    Ok(names)
}

/// What a version lacks that findings and associations are worked out from.
fn warnings(questionnaire: &Questionnaire) -> Vec<String> {
    let mut facts: Vec<&str> = findings::FACTS.iter().chain(exposure::FACTS).copied().collect();
    facts.sort_unstable();
    facts.dedup();
    let missing = |fact: &&str| questionnaire.item(fact).is_none_or(|item| item.fact.is_none());
    let without_fact = facts
        .into_iter()
        .filter(missing)
        .map(|fact| format!("`{fact}` is not asked as a fact, so findings and associations of it will have no data."));
    let offers = |fact: &str, codes: &[&str]| {
        let options = questionnaire.item(fact).map(|item| &item.options).filter(|options| !options.is_empty());
        options.is_none_or(|options| options.iter().any(|option| codes.contains(&option.code.as_str())))
    };
    let without_option =
        findings::counted_codes().into_iter().filter(|(fact, codes)| !offers(fact, codes)).map(|(fact, codes)| {
            let codes = codes.join("` or `");
            format!("`{fact}` does not offer `{codes}`, so findings that count that answer will count nobody.")
        });
    let classes = Governance::CODES;
    let of_no_class = questionnaire
        .item(Governance::FACT)
        .into_iter()
        .flat_map(|item| &item.options)
        .filter(|option| classes.iter().all(|(code, _)| *code != option.code))
        .map(|option| {
            let (fact, code) = (Governance::FACT, &option.code);
            format!(
                "`{fact}` offers `{code}`, which is in no class that findings count, so who chooses it is left out."
            )
        });
    without_fact.chain(without_option).chain(of_no_class).collect()
}

fn report(
    app: &App,
    conn: &mut DbConn,
    (known, stored): (&versions::Known, Option<&StoredVersion>),
    against: Option<&str>,
) -> Result<VersionReport, AppError> {
    let rounds = store::rounds::all_rounds(conn)?;
    let against = against.map(ToOwned::to_owned).or_else(|| known.base.clone());
    let differences = match &against {
        Some(other) => {
            let old = app.known_version(conn, other)?;
            // What the program's own versions say of each other goes without saying.
            let is_of_program = app.reference().questionnaires.contains_key(&known.questionnaire.version);
            let says_itself = known.base.as_ref() == Some(other) && !is_of_program;
            let crosswalk = if says_itself {
                known.crosswalk.clone()
            } else {
                versions::complete(&old.questionnaire, &known.questionnaire)
            };
            differences(&old.questionnaire, &known.questionnaire, &crosswalk)
        }
        None => Vec::new(),
    };
    Ok(VersionReport {
        listed: listed(known, stored, &rounds),
        questionnaire: Arc::clone(&known.questionnaire),
        against,
        differences,
        warnings: warnings(&known.questionnaire),
        document: stored.map(|stored| stored.document.clone()),
    })
}

/// A version beside another: by default beside the one that it follows.
pub fn one(app: &App, who: &Principal, version: &str, against: Option<&str>) -> Result<VersionReport, AppError> {
    authorise(who, Permission::ReadReference, "read the questionnaires")?;
    app.read(|conn| {
        let stored = store::questionnaires::find(conn, version)?;
        let known = app.known_version(conn, version)?;
        if stored.as_ref().is_some_and(|stored| !stored.published) && !who.may_everywhere(Permission::RunRounds) {
            return Err(app.no_version(conn, version));
        }
        report(app, conn, (&*known, stored.as_ref()), against)
    })
}

/// Reads a file without keeping it.
pub fn preview(app: &App, who: &Principal, document: &str) -> Result<VersionReport, AppError> {
    must_run_rounds(who)?;
    app.read(|conn| {
        let known = read(app, conn, document)?;
        report(app, conn, (&known, None), None)
    })
}

fn read(app: &App, conn: &mut DbConn, document: &str) -> Result<versions::Known, AppError> {
    if document.len() > LONGEST || document.contains('\0') {
        let message = format!("A questionnaire has at most {} kB of text.", LONGEST / 1024);
        return Err(AppError::invalid("document", "too_long", message));
    }
    app.read_version(conn, document)
}

/// Keeps a draft: a new version (`revision` 0), or a draft that is at that revision.
pub fn upload(app: &App, who: &Principal, document: &str, revision: i64) -> Result<VersionReport, AppError> {
    must_run_rounds(who)?;
    app.write(|conn| {
        let known = read(app, conn, document)?;
        let version = known.questionnaire.version.clone();
        let object = Object::Questionnaire(version.clone());
        store::history::lock(conn, &object)?;
        let before = store::questionnaires::find(conn, &version)?;
        let published = before.as_ref().is_some_and(|before| before.published);
        if published || app.reference().questionnaires.contains_key(&version) {
            return Err(is_published(&version));
        }
        if before.as_ref().map_or(0, |before| before.revision) != revision {
            return Err(moved(&version));
        }
        let stored = StoredVersion {
            version,
            revision: revision + 1,
            published: false,
            document: document.to_owned(),
            updated_at: app.now(),
            updated_by: who.actor.clone(),
        };
        if !store::questionnaires::write(conn, &stored, revision)? {
            return Err(moved(&stored.version));
        }
        let event = Event::of(if before.is_some() { "changed" } else { "added" }).new_value(document);
        history::record(app, conn, who, &object, vec![event])?;
        report(app, conn, (&known, Some(&stored)), None)
    })
}

/// Publishes a draft whose crosswalk is complete.
pub fn publish(app: &App, who: &Principal, version: &str, revision: i64) -> Result<VersionReport, AppError> {
    must_run_rounds(who)?;
    app.write(|conn| {
        let object = Object::Questionnaire(version.to_owned());
        store::history::lock(conn, &object)?;
        let before = draft(app, conn, version)?;
        if before.revision != revision {
            return Err(moved(version));
        }
        let known = app.read_version(conn, &before.document)?;
        let found = report(app, conn, (&known, Some(&before)), None)?;
        let lacks: Vec<InputProblem> = found
            .lacks()
            .map(|(link_id, lacks)| InputProblem::new(link_id, "crosswalk", format!("{link_id}: {lacks}.")))
            .collect();
        if !lacks.is_empty() {
            return Err(AppError::Invalid(lacks));
        }
        let stored = StoredVersion {
            revision: revision + 1,
            published: true,
            updated_at: app.now(),
            updated_by: who.actor.clone(),
            ..before
        };
        if !store::questionnaires::write(conn, &stored, revision)? {
            return Err(moved(version));
        }
        history::record(app, conn, who, &object, vec![Event::of("published")])?;
        report(app, conn, (&known, Some(&stored)), None)
    })
}

/// Throws a draft away.
pub fn discard(app: &App, who: &Principal, version: &str, revision: i64) -> Result<(), AppError> {
    must_run_rounds(who)?;
    app.write(|conn| {
        let object = Object::Questionnaire(version.to_owned());
        store::history::lock(conn, &object)?;
        let before = draft(app, conn, version)?;
        if !store::questionnaires::discard(conn, version, revision)? {
            return Err(moved(version));
        }
        let event = Event::of("discarded").old(before.document);
        history::record(app, conn, who, &object, vec![event])
    })
}

fn draft(app: &App, conn: &mut DbConn, version: &str) -> Result<StoredVersion, AppError> {
    match store::questionnaires::find(conn, version)? {
        Some(stored) if stored.published => Err(is_published(version)),
        Some(stored) => Ok(stored),
        None if app.reference().questionnaires.contains_key(version) => Err(is_published(version)),
        None => Err(app.no_version(conn, version)),
    }
}

fn is_published(version: &str) -> AppError {
    let reason = format!(
        "The questionnaire {version} is published, and rounds may ask it, so it changes no more. Upload the next one under \
         a version of its own."
    );
    AppError::Refused { code: "questionnaire_published", reason }
}

fn moved(version: &str) -> AppError {
    let reason = format!(
        "Somebody else changed the draft {version} while you were at it. Nothing was saved: read it again, and try again."
    );
    AppError::Refused { code: "questionnaire_moved", reason }
}
