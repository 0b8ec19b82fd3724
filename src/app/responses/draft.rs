//! A response while it is being changed: kept from other writers, with what has changed in it so far.

use super::{ResponseView, Subject, answer_event, write_over};
use crate::app::error::MovedItem;
use crate::app::history::actor_name;
use crate::app::{App, AppError};
use crate::domain::access::Principal;
use crate::domain::history::Event;
use crate::domain::questionnaire::answer::{Answer, Document};
use crate::store::DbConn;
use crate::store::responses::Response;

pub(super) struct Draft {
    response: Response,
    events: Vec<Event>,
    /// Items that have changed since whoever saves saw them, with the version that they saw.
    moved: Vec<(String, i64)>,
}

impl Draft {
    /// Opens a response that is kept from other writers and can still be changed, begun or not.
    pub(super) fn open(app: &App, conn: &mut DbConn, subject: &Subject, response: Response) -> Result<Self, AppError> {
        let response = subject.begun(app, conn, response)?;
        subject.must_be_open(&response)?;
        Ok(Self { response, events: Vec::new(), moved: Vec::new() })
    }

    pub(super) fn document(&self) -> &Document {
        &self.response.document
    }

    pub(super) fn answer(&self, link_id: &str) -> Option<&Answer> {
        self.response.document.get(link_id)
    }

    /// Whether an item is at the version that somebody saw. One that is not stops the whole.
    pub(super) fn is_as_seen(&mut self, link_id: &str, seen: i64) -> bool {
        let is_as_seen = self.response.document.version(link_id) == seen;
        if !is_as_seen && !self.moved.iter().any(|(moved, _)| moved == link_id) {
            self.moved.push((link_id.to_owned(), seen));
        }
        is_as_seen
    }

    /// Puts an answer in the place of what is there.
    pub(super) fn put(&mut self, action: &'static str, link_id: String, new: Answer) -> Result<(), AppError> {
        self.events.push(answer_event(action, link_id.clone(), self.answer(&link_id), &new)?);
        self.response.document.answers.insert(link_id, new);
        Ok(())
    }

    /// Stores what changed, unless an item had moved.
    pub(super) fn store(
        mut self,
        app: &App,
        conn: &mut DbConn,
        who: &Principal,
        subject: Subject,
    ) -> Result<ResponseView, AppError> {
        if !self.moved.is_empty() {
            return Err(self.moved_items(conn)?);
        }
        let mut sign_off_undone = false;
        if !self.events.is_empty() {
            if let Some(event) = undo_sign_off(&mut self.response) {
                self.events.push(event);
                sign_off_undone = true;
            }
            let from = self.response.version;
            self.response.version += 1;
            self.response.updated_at = Some(app.now());
            write_over(app, conn, who, &self.response, from, self.events)?;
        }
        Ok(ResponseView { sign_off_undone, ..subject.view(app, conn, who, self.response)? })
    }

    fn moved_items(self, conn: &mut DbConn) -> Result<AppError, AppError> {
        let mut items = Vec::with_capacity(self.moved.len());
        for (link_id, based_on) in self.moved {
            let current = self.response.document.get(&link_id).cloned();
            let actor = current.as_ref().map_or("", |answer| answer.changed_by.as_str());
            let changed_by_name = actor_name(conn, actor)?;
            items.push(MovedItem { link_id, based_on, current, changed_by_name });
        }
        Ok(AppError::Moved(items))
    }
}

/// Takes a clinical lead's sign-off from a response that is no longer what they signed; what the history says of it.
pub(in crate::app) fn undo_sign_off(response: &mut Response) -> Option<Event> {
    response.signed_off_at.take()?;
    let old = response.signed_off_by.take();
    Some(Event { action: "sign_off_undone", old, ..Event::default() })
}
