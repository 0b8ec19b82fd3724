//! What somebody typed and has not saved, shown in its section again: after the language was switched, or after a
//! session that ended meanwhile.

use std::collections::BTreeMap;

use poem::Request;
use poem::http::Method;

use super::entries::{Choice, read};
use super::items::Unsaved;
use super::printed::stored_entry;
use super::saving::register_codes;
use crate::app::kept_entries;
use crate::app::responses::ResponseView;
use crate::app::{App, AppError};
use crate::domain::questionnaire::definition::Section;
use crate::domain::questionnaire::posts::VACANT;
use crate::web::Web;
use crate::web::forms::{LARGEST, Posted};
use crate::web::reader::{CSRF_FIELD, CSRF_HEADER, Reader};

/// Keeps the form of a section for whoever sent it after their session had ended: true where it is kept. Whose it is, is
/// told by the session's secret and the form's token, which belong together.
pub(in crate::web) async fn keep_typed(web: &Web, reader: &Reader, request: &mut Request) -> bool {
    let path = request.uri().path().to_owned();
    let ["", "survey", year, service, section] = path.split('/').collect::<Vec<_>>()[..] else { return false };
    let Ok(year) = year.parse() else { return false };
    if request.method() != Method::POST || !reader.has_ended() {
        return false;
    }
    let header = request.header(CSRF_HEADER).map(ToOwned::to_owned);
    let Ok(bytes) = request.take_body().into_bytes_limit(LARGEST).await else { return false };
    let form = Posted::read(&bytes);
    let token = header.as_deref().or(form.first(CSRF_FIELD)).unwrap_or_default();
    let Some(secret) = reader.ended_with(web, token).map(ToOwned::to_owned) else { return false };
    let form = form.without(&[CSRF_FIELD, "then"]);
    let fields: Vec<(String, String)> = form.fields().map(|(name, value)| (name.into(), value.into())).collect();
    if !fields.iter().any(|(name, _)| name.starts_with("b.")) {
        return false;
    }
    let (service, section) = (service.to_owned(), section.to_owned());
    let keep = move |app: &App| {
        let Some(keeper) = kept_entries::keeper(app, &secret)? else { return Ok(false) };
        kept_entries::keep_entries(app, &keeper, year, &service, &section, &fields).map(|()| true)
    };
    match web.app.run(keep).await {
        Ok(kept) => kept,
        // Such a section is not there: what was sent is no form of ours.
        Err(AppError::NotFound { .. }) => false,
        Err(error) => {
            tracing::error!(%error, "what was typed after a session had ended could not be kept");
            false
        }
    }
}

/// What a form says otherwise than what is stored, by item. What a colleague changed after the form was shown is to be
/// chosen from.
pub(super) fn unsaved(view: &ResponseView, section: &Section, form: &Posted) -> BTreeMap<String, Unsaved> {
    let document = &view.response.document;
    let mut unsaved = BTreeMap::new();
    for one in read(section, form, document, &register_codes(view)) {
        let stored = document.get(&one.link_id);
        let explained = stored.and_then(|answer| answer.explanation.as_deref()).unwrap_or_default();
        let explains = one.explanation.as_deref().is_some_and(|explanation| explanation != explained);
        let is_open = one.change().is_some() || one.choice == Choice::Open;
        // What is vacant follows from the table, and is not typed.
        let says = one.entry != stored_entry(stored) && one.link_id != VACANT;
        if is_open && (says || explains) {
            let conflict = one.based_on != document.version(&one.link_id) || one.choice != Choice::NotAsked;
            let (entry, explanation) = (one.entry, one.explanation);
            unsaved.insert(one.link_id, Unsaved { entry, explanation, conflict, problem: None });
        }
    }
    unsaved
}
