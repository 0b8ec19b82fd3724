//! A version as the people of a service will see it: a response that nobody has begun, of no service.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::app::responses::ResponseView;
use crate::app::{App, AppError};
use crate::domain::access::Principal;
use crate::domain::questionnaire::progress::Progress;
use crate::domain::register::Service;
use crate::domain::round::{Round, RoundStatus};
use crate::store::responses::Response;
use crate::store::{self};

/// The code of the service that previews are of: longer than any in the register.
const NOBODY: &str = "PREVIEW00";

/// A blank response to a version, with every question shown, whatever it hangs on.
pub fn blank(app: &App, who: &Principal, version: &str) -> Result<ResponseView, AppError> {
    let found = super::one(app, who, version, None)?;
    let questionnaire = Arc::clone(&found.questionnaire);
    app.read(|conn| {
        let newest = store::rounds::all_rounds(conn)?.into_iter().next_back();
        let like = newest.ok_or_else(|| AppError::Unexpected("there is no round".into()))?;
        let year = questionnaire.year;
        Ok(ResponseView {
            round: Round {
                year,
                facilities_audit: questionnaire.title.clone(),
                report: None,
                status: RoundStatus::Draft,
                questionnaire: questionnaire.version.clone(),
                ..like
            },
            service: Service {
                code: NOBODY.into(),
                name: "Preview".into(),
                trust_code: None,
                trust_name: None,
                area_code: String::new(),
                valid_from: None,
                valid_to: None,
                successor_code: None,
            },
            response: Response::blank(NOBODY, year),
            before: None,
            progress: Progress::default(),
            progress_of_sections: BTreeMap::new(),
            findings: Vec::new(),
            shown: questionnaire.items().map(|item| item.link_id.clone()).collect(),
            register: app.register(conn)?,
            names: BTreeMap::new(),
            can_edit: true,
            can_submit: false,
            can_make_no_return: false,
            can_take_back_no_return: false,
            needs_sign_off: false,
            can_sign_off: false,
            sign_off_undone: false,
            can_reopen: false,
            can_share: false,
            can_read_history: false,
            comments: BTreeMap::new(),
            only_section: None,
            questionnaire,
        })
    })
}
