//! `/questionnaires`: the versions of the questionnaire, and adding one.

use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{Enum, Object, OpenApi};
use serde::Deserialize;

use super::Tag;
use super::body::JsonBody;
use super::key::Key;
use super::problem::{Problem, ProblemPlace, Refusal};
use super::questionnaire_shapes::Questionnaire;
use crate::app::App;
use crate::app::questionnaires::{self, ListedVersion, VersionReport};
use crate::domain::questionnaire::crosswalk;

/// A version of the questionnaire.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct QuestionnaireVersion {
    /// Its name, such as `2023.1`.
    pub version: String,
    /// The audit year that it is for.
    pub year: i32,
    /// Its title.
    pub title: String,
    /// The version that it follows; absent of the first one.
    pub base: Option<String>,
    /// A round can ask it, and it changes no more.
    pub published: bool,
    /// Of an uploaded one: counts its changes; absent of one that comes with the service.
    pub revision: Option<i64>,
    /// The audit years of the rounds that ask it.
    pub rounds: Vec<i32>,
}

impl From<ListedVersion> for QuestionnaireVersion {
    fn from(listed: ListedVersion) -> Self {
        let ListedVersion { version, year, title, base, published, revision, rounds } = listed;
        Self { version, year, title, base, published, revision, rounds }
    }
}

/// The versions.
#[derive(Debug, Object)]
pub struct QuestionnaireVersionList {
    /// The versions, by name.
    pub items: Vec<QuestionnaireVersion>,
}

/// What became of an item.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Enum)]
#[oai(rename_all = "snake_case")]
pub enum ItemRelation {
    /// It asks the same in the same words.
    Same,
    /// It asks the same in other words.
    Reworded,
    /// Its answers are of another kind, unit or set of options.
    Recoded,
    /// It is a part of an old item.
    Split,
    /// It takes the place of several old items.
    Merged,
    /// It is asked for the first time.
    New,
    /// It is asked no more.
    Dropped,
}

impl From<crosswalk::Relation> for ItemRelation {
    fn from(relation: crosswalk::Relation) -> Self {
        match relation {
            crosswalk::Relation::Same => Self::Same,
            crosswalk::Relation::Reworded => Self::Reworded,
            crosswalk::Relation::Recoded => Self::Recoded,
            crosswalk::Relation::Split => Self::Split,
            crosswalk::Relation::Merged => Self::Merged,
            crosswalk::Relation::New => Self::New,
            crosswalk::Relation::Dropped => Self::Dropped,
        }
    }
}

/// A part of an item that is not as it was.
#[derive(Debug, Object)]
pub struct ItemPartChange {
    /// `type`, `unit`, `options`, `cells`, `text`, `help`, `number` or `required`.
    pub part: String,
    /// As it was.
    pub before: String,
    /// As it is.
    pub after: String,
}

/// An item of either version beside the other.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ItemDifference {
    /// The item: of the newer version, or of the older one where it was dropped.
    pub link_id: String,
    /// Its printed number.
    pub number: String,
    /// The question.
    pub text: String,
    /// What became of it.
    pub relation: ItemRelation,
    /// The old items that it comes from.
    pub from: Vec<String>,
    /// What is not as it was.
    pub changes: Vec<ItemPartChange>,
    /// Its answers compare with the old ones, as they are or by the crosswalk.
    pub compares: bool,
    /// What the crosswalk lacks before the version can be published.
    pub lacks: Option<String>,
}

impl From<crosswalk::Difference> for ItemDifference {
    fn from(one: crosswalk::Difference) -> Self {
        let change = |change: crosswalk::Change| ItemPartChange {
            part: change.part.to_owned(),
            before: change.before,
            after: change.after,
        };
        Self {
            link_id: one.link_id,
            number: one.number,
            text: one.text,
            relation: one.relation.into(),
            from: one.from,
            changes: one.changes.into_iter().map(change).collect(),
            compares: one.compares,
            lacks: one.lacks,
        }
    }
}

/// A version with what it asks, beside another.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct QuestionnaireVersionReport {
    /// The version.
    pub version: QuestionnaireVersion,
    /// What it asks.
    pub questionnaire: Questionnaire,
    /// The version that it is laid beside; absent of the first one.
    pub against: Option<String>,
    /// Every item of both.
    pub differences: Vec<ItemDifference>,
    /// What findings and associations would go without.
    pub warnings: Vec<String>,
    /// The file, of an uploaded one.
    pub document: Option<String>,
}

impl From<VersionReport> for QuestionnaireVersionReport {
    fn from(found: VersionReport) -> Self {
        Self {
            questionnaire: found.questionnaire.as_ref().into(),
            version: found.listed.into(),
            against: found.against,
            differences: found.differences.into_iter().map(Into::into).collect(),
            warnings: found.warnings,
            document: found.document,
        }
    }
}

/// A version to be kept as a draft.
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct UploadedQuestionnaire {
    /// The file: TOML.
    #[oai(validator(min_length = 1, max_length = 524288))]
    pub document: String,
    /// The revision of the draft that this takes the place of; 0 of a new version.
    #[oai(validator(minimum(value = "0")))]
    pub revision: i64,
}

/// A draft to be published.
#[derive(Debug, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionnaireRevision {
    /// The revision that was read.
    #[oai(validator(minimum(value = "1")))]
    pub revision: i64,
}

/// The operations on versions of the questionnaire.
#[derive(Debug)]
pub struct QuestionnaireVersions;

#[OpenApi(tag = "Tag::Rounds")]
impl QuestionnaireVersions {
    /// List the versions of the questionnaire
    ///
    /// Drafts are for the audit team alone. Never cut into pages.
    #[oai(path = "/questionnaires", method = "get", operation_id = "list_questionnaire_versions")]
    async fn list(&self, key: Key, app: Data<&App>) -> Result<Json<QuestionnaireVersionList>, Refusal> {
        let found = app.run(move |app| questionnaires::list(app, &key.0)).await?;
        Ok(Json(QuestionnaireVersionList { items: found.into_iter().map(Into::into).collect() }))
    }

    /// Upload a version of the questionnaire
    ///
    /// For the audit team: it is kept as a draft. What is wrong is told with its line. With `dry_run` nothing is kept. A
    /// draft that somebody else has changed, and a published version, answer 409.
    #[oai(path = "/questionnaires", method = "post", operation_id = "upload_questionnaire_version")]
    async fn upload(
        &self,
        key: Key,
        app: Data<&App>,
        /// Read the file, and keep nothing.
        #[oai(default)]
        dry_run: Query<bool>,
        body: JsonBody<UploadedQuestionnaire>,
    ) -> Result<Json<QuestionnaireVersionReport>, Refusal<409, 422>> {
        let UploadedQuestionnaire { document, revision } = body.0;
        if revision < 0 {
            let message = "A revision is 0, of a new version, or more.".to_owned();
            return Err(Problem::invalid(vec![ProblemPlace::new("/revision", "too_small", message)]).into());
        }
        let work = move |app: &App| {
            if dry_run.0 {
                questionnaires::preview(app, &key.0, &document)
            } else {
                questionnaires::upload(app, &key.0, &document, revision)
            }
        };
        Ok(Json(app.run(work).await?.into()))
    }

    /// Read a version beside another
    ///
    /// By default beside the one that it follows.
    #[oai(path = "/questionnaires/:version", method = "get", operation_id = "get_questionnaire_version")]
    async fn one(
        &self,
        key: Key,
        app: Data<&App>,
        /// The version.
        #[oai(validator(pattern = "^[0-9]{4}[.][0-9]{1,3}$"))]
        version: Path<String>,
        /// The version that it is laid beside.
        #[oai(validator(pattern = "^[0-9]{4}[.][0-9]{1,3}$"))]
        against: Query<Option<String>>,
    ) -> Result<Json<QuestionnaireVersionReport>, Refusal<404>> {
        let work = move |app: &App| questionnaires::one(app, &key.0, &version.0, against.0.as_deref());
        Ok(Json(app.run(work).await?.into()))
    }

    /// Throw a draft away
    #[oai(path = "/questionnaires/:version", method = "delete", operation_id = "discard_questionnaire_version")]
    async fn discard(
        &self,
        key: Key,
        app: Data<&App>,
        /// The version.
        #[oai(validator(pattern = "^[0-9]{4}[.][0-9]{1,3}$"))]
        version: Path<String>,
        /// The revision that was read.
        #[oai(validator(minimum(value = "1"), maximum(value = "1000000000")))]
        revision: Query<i64>,
    ) -> Result<(), Refusal<404, 409>> {
        Ok(app.run(move |app| questionnaires::discard(app, &key.0, &version.0, revision.0)).await?)
    }

    /// Publish a version
    ///
    /// For the audit team. Where the crosswalk lacks something it answers 422 with an error for each item. A published
    /// version can be asked by a round and changes no more.
    #[oai(path = "/questionnaires/:version/publish", method = "post", operation_id = "publish_questionnaire_version")]
    async fn publish(
        &self,
        key: Key,
        app: Data<&App>,
        /// The version.
        #[oai(validator(pattern = "^[0-9]{4}[.][0-9]{1,3}$"))]
        version: Path<String>,
        body: JsonBody<QuestionnaireRevision>,
    ) -> Result<Json<QuestionnaireVersionReport>, Refusal<404, 409, 422>> {
        let revision = body.0.revision;
        let work = move |app: &App| questionnaires::publish(app, &key.0, &version.0, revision);
        Ok(Json(app.run(work).await?.into()))
    }
}
