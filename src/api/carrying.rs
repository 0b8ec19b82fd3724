//! `/rounds/{year}/responses/{service}/carry-forward`, `…/confirm` and `…/progress`: last year's answers, and how far a
//! response has come.

use poem::web::Data;
use poem_openapi::param::Path;
use poem_openapi::payload::Json;
use poem_openapi::{Object, OpenApi};
use serde::Deserialize;

use super::Tag;
use super::answers::Answer;
use super::body::JsonBody;
use super::key::Key;
use super::problem::{Problem, ProblemPlace, Refusal};
use super::responses::{Changed, located};
use crate::app::App;
use crate::app::responses::{self, Extent, Seen};
use crate::domain::questionnaire::progress;

/// An item as it was read.
#[derive(Debug, Clone, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ItemVersion {
    /// The item.
    pub link_id: String,
    /// Its version; 0 where it was never touched.
    #[oai(validator(minimum(value = "0")))]
    pub version: i64,
}

/// Which answers are meant: those of `items`, those of a `section`, or with neither all of them. With `section` and
/// `items` both, the section is meant and `items` say which versions were read.
#[derive(Debug, Clone, Default, Object, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CarryRequest {
    /// A section of the questionnaire.
    #[serde(default)]
    pub section: Option<String>,
    /// Items with the versions that were read. One that has moved since gives 412, and nothing is stored.
    #[serde(default)]
    pub items: Option<Vec<ItemVersion>>,
}

impl CarryRequest {
    fn read(self) -> Result<(Extent, Seen), Problem> {
        let items = self.items.unwrap_or_default();
        let mut seen = Seen::new();
        for (place, item) in items.iter().enumerate() {
            if item.version < 0 {
                let message = "Versions are counted from 0.";
                return Err(Problem::invalid(vec![ProblemPlace::new(
                    format!("/items/{place}/version"),
                    "out_of_range",
                    message,
                )]));
            }
            if seen.insert(item.link_id.clone(), item.version).is_some() {
                let message = format!("{} is in the request twice; send each item once.", item.link_id);
                return Err(Problem::invalid(vec![ProblemPlace::new(
                    format!("/items/{place}/link_id"),
                    "item_twice",
                    message,
                )]));
            }
        }
        let extent = match self.section {
            Some(section) => Extent::Section(section),
            None if items.is_empty() => Extent::Whole,
            None => Extent::Items(items.into_iter().map(|item| item.link_id).collect()),
        };
        Ok((extent, seen))
    }
}

/// What was said of an item the round before.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct LastAnswer {
    /// The item.
    pub link_id: String,
    /// What was said.
    pub answer: Answer,
    /// It can be carried forward.
    pub carries: bool,
    /// Why it cannot: `asked_afresh`, `not_known`, `other_kind`, `dropped`.
    pub reason: Option<String>,
}

/// How far some items have come. Only items that are shown count.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct Progress {
    /// The section; absent for the whole.
    pub section: Option<String>,
    /// Items that are shown.
    pub items: u64,
    /// Of these: answered, or said not to be known.
    pub answered: u64,
    /// Of the answered: as they were the round before.
    pub unchanged: u64,
    /// Of the answered: carried forward, and not confirmed yet.
    pub unconfirmed: u64,
    /// Items that still want something: unconfirmed, unreadable, or without an answer.
    pub left: u64,
    /// About how many minutes what is left takes: 20 seconds for a choice, 40 for several or a month, 60 for a number,
    /// 90 for a text, 4 minutes for a table of posts, 10 seconds to confirm; above ten minutes rounded up to five.
    pub minutes_left: u64,
}

impl Progress {
    fn of(section: Option<&str>, progress: &progress::Progress) -> Self {
        Self {
            section: section.map(ToOwned::to_owned),
            items: progress.items as u64,
            answered: progress.answered as u64,
            unchanged: progress.unchanged as u64,
            unconfirmed: progress.unconfirmed as u64,
            left: progress.left as u64,
            minutes_left: u64::from(progress.minutes_left),
        }
    }
}

/// How far a response has come, and what was said the round before.
#[derive(Debug, Object)]
#[oai(skip_serializing_if_is_none)]
pub struct ResponseProgress {
    /// The version that this is about.
    pub version: i64,
    /// The whole.
    pub whole: Progress,
    /// Each section, in printed order.
    pub sections: Vec<Progress>,
    /// The audit year of the round before, where the service submitted a response for it.
    pub last_year: Option<i32>,
    /// What was said then of the items that are asked again, in printed order.
    pub last_answers: Vec<LastAnswer>,
}

impl From<&responses::ResponseView> for ResponseProgress {
    fn from(view: &responses::ResponseView) -> Self {
        let sections = view.questionnaire.sections.iter().filter_map(|section| {
            let progress = view.progress_of_sections.get(&section.link_id)?;
            Some(Progress::of(Some(&section.link_id), progress))
        });
        let last_answers = view.questionnaire.items().filter_map(|item| {
            let last = view.last(&item.link_id)?;
            let answer = view.before.as_ref()?.response.document.get(&item.link_id)?;
            Some(LastAnswer {
                link_id: item.link_id.clone(),
                answer: Answer::stored(&item.link_id, None, answer),
                carries: last.carried.is_ok(),
                reason: last.carried.as_ref().err().map(|reason| reason.code().to_owned()),
            })
        });
        Self {
            version: view.response.version,
            whole: Progress::of(None, &view.progress),
            sections: sections.collect(),
            last_year: view.before.as_ref().map(|before| before.response.year),
            last_answers: last_answers.collect(),
        }
    }
}

/// The operations that carry answers forward.
#[derive(Debug)]
pub struct Carrying;

#[OpenApi(tag = "Tag::Responses")]
impl Carrying {
    /// Carry last year's answers forward
    ///
    /// Into a response that is in progress, from the submitted response of the round before. A carried answer has
    /// `carried_from` and is unconfirmed: it stops the submit until it is confirmed or changed. Of the whole or a
    /// section, only items without an answer are carried; items that are named are carried whatever they hold.
    #[oai(
        path = "/rounds/:year/responses/:service/carry-forward",
        method = "post",
        operation_id = "carry_answers_forward"
    )]
    async fn carry_forward(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Path<String>,
        request: JsonBody<CarryRequest>,
    ) -> Result<Changed, Refusal<404, 409, 412, 422>> {
        let (extent, seen) = request.0.read()?;
        let run = move |app: &App| {
            let done = responses::carry_forward(app, &key.0, year.0, &service.0, &extent, &seen);
            Ok(done.map_err(|error| located(app, &key.0, year.0, error)))
        };
        Ok(app.run(run).await??.into())
    }

    /// Confirm that answers are still the same
    ///
    /// Carried answers are confirmed. An item without an answer, for which the round before has one, is carried and
    /// confirmed in one step. Of the whole or a section, only items that are shown are meant.
    #[oai(path = "/rounds/:year/responses/:service/confirm", method = "post", operation_id = "confirm_answers")]
    async fn confirm(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Path<String>,
        request: JsonBody<CarryRequest>,
    ) -> Result<Changed, Refusal<404, 409, 412, 422>> {
        let (extent, seen) = request.0.read()?;
        let run = move |app: &App| {
            let done = responses::confirm(app, &key.0, year.0, &service.0, &extent, &seen);
            Ok(done.map_err(|error| located(app, &key.0, year.0, error)))
        };
        Ok(app.run(run).await??.into())
    }

    /// Get how far a response has come
    ///
    /// What is answered, unchanged, unconfirmed and left, as a whole and by section, and what the service said the
    /// round before.
    #[oai(path = "/rounds/:year/responses/:service/progress", method = "get", operation_id = "get_response_progress")]
    async fn progress(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Path<i32>,
        /// The service's unit code.
        #[oai(validator(pattern = "^[A-Z0-9]{3,8}$"))]
        service: Path<String>,
    ) -> Result<Json<ResponseProgress>, Refusal<404>> {
        let view = app.run(move |app| responses::view(app, &key.0, year.0, &service.0)).await?;
        Ok(Json(ResponseProgress::from(&view)))
    }
}
