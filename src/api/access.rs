//! Who may call which operation. An operation that is not in the table is refused to everybody, and a test holds the
//! table to the document: nothing undeclared, nothing extra.

use crate::domain::access::{Access, Outside, Permission};

use Outside::{Filtered, Forbidden};
use Permission as P;

const READ_REFERENCE: Access = Access::May(&[P::ReadReference], Filtered);
const READ_GAPS: Access = Access::May(&[P::ReadGaps], Filtered);
const READ_RESPONSES: Access = Access::May(&[P::ReadSubmitted], Filtered);
const READ_RESPONSE: Access = Access::May(&[P::ReadSubmitted], Forbidden);

/// Every operation by its id, with who may call it.
pub const OPERATIONS: &[(&str, Access)] = &[
    ("list_areas", READ_REFERENCE),
    ("get_area", READ_REFERENCE),
    ("list_services", READ_REFERENCE),
    ("get_service", READ_REFERENCE),
    ("list_hospitals", READ_REFERENCE),
    ("list_rounds", READ_REFERENCE),
    ("get_round", READ_REFERENCE),
    ("get_questionnaire", READ_REFERENCE),
    ("list_staffing_standards", READ_REFERENCE),
    ("list_responses", READ_RESPONSES),
    ("get_response", READ_RESPONSE),
    ("check_response", READ_RESPONSE),
    ("change_answers", Access::May(&[P::EditResponse], Forbidden)),
    ("submit_response", Access::May(&[P::SubmitResponse], Forbidden)),
    ("reopen_response", Access::Everywhere(P::ReopenResponse)),
    ("list_staffing_gaps", READ_GAPS),
    ("download_staffing_gaps", READ_GAPS),
    ("import_files", Access::Everywhere(P::Import)),
    ("list_imports", Access::Everywhere(P::Import)),
    ("get_import", Access::Everywhere(P::Import)),
    ("export_file", Access::Everywhere(P::Export)),
];

/// Who may call an operation; `None` where nobody was named.
pub fn access_of(operation_id: &str) -> Option<Access> {
    OPERATIONS.iter().find(|(id, _)| *id == operation_id).map(|(_, access)| *access)
}
