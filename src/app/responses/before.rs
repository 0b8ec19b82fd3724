//! What a service said the round before: it is shown, compared and offered with every page and save of this round's
//! response, and hardly ever changes.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use super::Subject;
use crate::app::{App, AppError};
use crate::domain::questionnaire::answer::Document;
use crate::domain::questionnaire::carry::{LastAnswer, last_answers};
use crate::domain::questionnaire::conditions::Shown;
use crate::domain::register::Register;
use crate::store::responses::{Response, ResponseState};
use crate::store::{self, DbConn};

/// The submitted response of the round before.
#[derive(Debug, Clone)]
pub struct Before {
    /// The response, with its answers as far as they compare with what is asked now, under the names that items have now.
    pub response: Response,
    /// What was said of each item that is asked again, and what of it may be carried forward.
    pub last: BTreeMap<String, LastAnswer>,
}

impl Before {
    /// Its year and its answers, as the checks take them.
    pub(super) fn said(&self) -> (i32, &Document) {
        (self.response.year, &self.response.document)
    }
}

/// What was read of one response: at which version, and what follows where it was submitted.
type Read = (i64, Option<Arc<Before>>);

/// What was read of the round before under one register: what may be carried forward hangs on the hospitals and areas
/// that there are.
#[derive(Debug, Default)]
pub(in crate::app) struct KeptBefore {
    register: Option<Arc<Register>>,
    /// By service and the year that is asked about.
    read: HashMap<(String, i32), Read>,
}

/// Responses that are kept: a round of a large country, at about 50 kB each.
const KEPT: usize = 512;

impl KeptBefore {
    fn find(&self, register: &Arc<Register>, key: &(String, i32), version: i64) -> Option<Read> {
        self.register.as_ref().filter(|kept| Arc::ptr_eq(kept, register))?;
        self.read.get(key).filter(|(of, _)| *of == version).cloned()
    }

    fn keep(&mut self, register: &Arc<Register>, key: (String, i32), read: Read) {
        if self.read.len() >= KEPT || !self.register.as_ref().is_some_and(|kept| Arc::ptr_eq(kept, register)) {
            self.read.clear();
            self.register = Some(Arc::clone(register));
        }
        self.read.insert(key, read);
    }
}

impl Subject {
    /// The submitted response of the round before.
    pub(super) fn before(&self, app: &App, conn: &mut DbConn) -> Result<Option<Arc<Before>>, AppError> {
        let (Some(round), Some(version)) = (self.register.round_before(self.round.year), self.before_at) else {
            return Ok(None);
        };
        let key = (self.service.code.clone(), self.round.year);
        if let Some((_, before)) = app.kept_before().find(&self.register, &key, version) {
            return Ok(before);
        }
        let Some(response) = store::responses::find(conn, &self.service.code, round.year)? else { return Ok(None) };
        let version = response.version;
        let before = if response.state == ResponseState::Submitted {
            let asked = app.questionnaire_of(round)?;
            let comparison = app.comparison(conn, &asked.version, &self.questionnaire.version)?;
            let shown = Shown::new(&asked, &response.document);
            let last = last_answers(&self.questionnaire, &shown, &comparison, &self.register_codes());
            let document = comparison.document(&response.document);
            Some(Arc::new(Before { response: Response { document, ..response }, last }))
        } else {
            None
        };
        app.kept_before().keep(&self.register, key, (version, before.clone()));
        Ok(before)
    }
}
