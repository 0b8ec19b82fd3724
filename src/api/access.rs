//! Who may call which operation. An operation that is not in the table is refused to everybody, and a test holds the
//! table to the document: nothing undeclared, nothing extra.

use crate::domain::access::{Access, Outside, Permission};

use Outside::{Filtered, Forbidden, NotFound};
use Permission as P;

const READ_REFERENCE: Access = Access::May(&[P::ReadReference], Filtered);
const READ_GAPS: Access = Access::May(&[P::ReadGaps], Filtered);
/// A scenario that is not shared, or over gaps that somebody may not read, is not theirs to know of.
const SCENARIO: Access = Access::May(&[P::ReadGaps], NotFound);
const READ_KPIS: Access = Access::May(&[P::ReadKpis], Filtered);
const READ_RESPONSES: Access = Access::May(&[P::ReadSubmitted], Filtered);
const READ_RESPONSE: Access = Access::May(&[P::ReadSubmitted], Forbidden);
const READ_RESPONSE_HISTORY: Access = Access::May(&[P::ReadHistory], Forbidden);
const EDIT_RESPONSE: Access = Access::May(&[P::EditResponse], Forbidden);
const MANAGE_PEOPLE: Access = Access::May(&[P::ManageAccounts, P::ManageContributors], NotFound);
/// Preparing, opening, closing and publishing them, and chasing services.
const RUN_ROUNDS: Access = Access::Everywhere(P::RunRounds);
/// A query about a service that somebody does not answer for is not theirs to know of.
const QUERY: Access = Access::May(&[P::ReadDraft], NotFound);
const GIVE_ROLES: Access = Access::May(&[P::ManageAccounts, P::ManageContributors], Forbidden);

/// Every operation by its id, with who may call it.
pub const OPERATIONS: &[(&str, Access)] = &[
    ("list_areas", READ_REFERENCE),
    ("get_area", READ_REFERENCE),
    ("list_services", READ_REFERENCE),
    ("get_service", READ_REFERENCE),
    ("list_hospitals", READ_REFERENCE),
    ("list_rounds", READ_REFERENCE),
    ("get_round", READ_REFERENCE),
    ("put_round", RUN_ROUNDS),
    ("copy_round", RUN_ROUNDS),
    ("discard_round", RUN_ROUNDS),
    ("transition_round", RUN_ROUNDS),
    ("get_round_dashboard", RUN_ROUNDS),
    ("list_round_jobs", RUN_ROUNDS),
    ("enrol_services", Access::Everywhere(P::ManageAccounts)),
    ("list_extensions", RUN_ROUNDS),
    ("extend_response", RUN_ROUNDS),
    ("take_back_extension", RUN_ROUNDS),
    ("list_non_submitters", RUN_ROUNDS),
    ("list_reminders", RUN_ROUNDS),
    ("send_reminders", RUN_ROUNDS),
    ("list_outliers", RUN_ROUNDS),
    ("list_data_queries", Access::May(&[P::ReadDraft], Filtered)),
    ("open_data_query", RUN_ROUNDS),
    ("get_data_query", QUERY),
    ("step_data_query", QUERY),
    ("hand_over_data_query", RUN_ROUNDS),
    ("get_national_report", Access::May(&[P::ReadKpis], Filtered)),
    ("get_report_document", READ_KPIS),
    ("download_report_page", READ_KPIS),
    ("download_report_workbook", READ_KPIS),
    ("get_questionnaire", READ_REFERENCE),
    ("list_questionnaire_versions", READ_REFERENCE),
    ("upload_questionnaire_version", RUN_ROUNDS),
    ("get_questionnaire_version", READ_REFERENCE),
    ("discard_questionnaire_version", RUN_ROUNDS),
    ("publish_questionnaire_version", RUN_ROUNDS),
    ("list_staffing_standards", READ_REFERENCE),
    ("get_staffing_standard", READ_REFERENCE),
    ("put_staffing_standard", Access::Everywhere(P::ManageStandards)),
    ("list_responses", READ_RESPONSES),
    ("download_answers", READ_RESPONSES),
    ("get_response", READ_RESPONSE),
    ("check_response", READ_RESPONSE),
    ("change_answers", EDIT_RESPONSE),
    ("put_fhir_response", EDIT_RESPONSE),
    ("carry_answers_forward", EDIT_RESPONSE),
    ("confirm_answers", EDIT_RESPONSE),
    ("get_response_progress", READ_RESPONSE),
    ("download_response_workbook", READ_RESPONSE),
    ("upload_response_workbook", EDIT_RESPONSE),
    ("get_service_feedback", READ_RESPONSE),
    ("plan_recommendation", Access::May(&[P::EditResponse], Forbidden)),
    ("list_explanations", Access::Everywhere(P::ReadDraft)),
    ("list_comments", Access::May(&[P::ReadDraft], Forbidden)),
    ("add_comment", Access::May(&[P::ReadDraft], Forbidden)),
    ("get_service_hospitals", Access::May(&[P::ReadDraft], Forbidden)),
    ("challenge_hospital", Access::May(&[P::SubmitResponse], Forbidden)),
    ("list_hospital_challenges", Access::Everywhere(P::ReadDraft)),
    ("decide_hospital_challenge", Access::Everywhere(P::ReopenResponse)),
    ("submit_response", Access::May(&[P::SubmitResponse], Forbidden)),
    ("sign_off_response", Access::May(&[P::SignOffResponse], Forbidden)),
    ("reopen_response", Access::Everywhere(P::ReopenResponse)),
    ("make_no_return", Access::May(&[P::SubmitResponse], Forbidden)),
    ("take_back_no_return", Access::May(&[P::SubmitResponse], Forbidden)),
    ("list_submissions", READ_RESPONSE_HISTORY),
    ("get_submission", READ_RESPONSE_HISTORY),
    ("compare_submissions", READ_RESPONSE_HISTORY),
    ("get_response_rate", READ_RESPONSES),
    ("list_staffing_gaps", READ_GAPS),
    ("download_staffing_gaps", READ_GAPS),
    ("list_staffing_costs", READ_GAPS),
    ("get_staffing_demand", READ_GAPS),
    ("get_business_case", Access::May(&[P::ReadGaps], Forbidden)),
    ("list_scenarios", READ_GAPS),
    ("save_scenario", Access::May(&[P::ReadGaps], Forbidden)),
    ("preview_scenario", Access::May(&[P::ReadGaps], Forbidden)),
    ("compare_scenarios", SCENARIO),
    ("get_scenario", SCENARIO),
    ("change_scenario", SCENARIO),
    ("delete_scenario", SCENARIO),
    ("share_out_budget", READ_GAPS),
    ("get_uncovered", READ_GAPS),
    ("list_kpis", READ_REFERENCE),
    ("list_caseloads", READ_REFERENCE),
    ("get_benchmark", READ_KPIS),
    ("get_service_kpis", READ_KPIS),
    ("get_national_cascade", READ_KPIS),
    ("get_area_cascade", READ_KPIS),
    ("get_service_cascade", READ_KPIS),
    ("list_counts", Access::May(&[P::ReadKpis], Forbidden)),
    ("list_count_corrections", Access::May(&[P::ReadKpis], Forbidden)),
    // Rows of other services are named as bad ones.
    ("put_counts", Access::May(&[P::EnterCounts], Filtered)),
    ("remove_counts", Access::May(&[P::EnterCounts], Forbidden)),
    ("state_caseload", Access::Everywhere(P::StateCaseload)),
    ("withdraw_caseload", Access::Everywhere(P::StateCaseload)),
    ("list_data_cuts", READ_KPIS),
    ("get_data_cut", READ_KPIS),
    ("compare_data_cuts", Access::Everywhere(P::CutData)),
    ("make_data_cut", Access::Everywhere(P::CutData)),
    ("download_data_cut_part", Access::Everywhere(P::Export)),
    ("get_funnel", READ_KPIS),
    ("get_run_chart", READ_KPIS),
    ("get_distribution", READ_KPIS),
    ("get_strata", READ_KPIS),
    ("get_grades", READ_KPIS),
    ("get_heat_map", READ_KPIS),
    ("get_scoreboard", READ_KPIS),
    ("get_kpi_map", READ_KPIS),
    ("get_associations", READ_KPIS),
    ("import_files", Access::Everywhere(P::Import)),
    ("list_imports", Access::Everywhere(P::Import)),
    ("get_import", Access::Everywhere(P::Import)),
    ("export_file", Access::Everywhere(P::Export)),
    ("list_accounts", MANAGE_PEOPLE),
    ("get_account", MANAGE_PEOPLE),
    ("change_account", Access::Everywhere(P::ManageAccounts)),
    ("erase_account", Access::Everywhere(P::ManageAccounts)),
    ("give_membership", GIVE_ROLES),
    ("take_membership", MANAGE_PEOPLE),
    ("list_sessions", Access::Everywhere(P::ManageAccounts)),
    ("end_session", Access::Everywhere(P::ManageAccounts)),
    ("list_keys", Access::May(&[P::ManageKeys], Filtered)),
    ("make_key", Access::May(&[P::ManageKeys], Forbidden)),
    ("get_key", Access::May(&[P::ManageKeys], NotFound)),
    ("revoke_key", Access::May(&[P::ManageKeys], NotFound)),
    ("list_changes", Access::Everywhere(P::ReadFullHistory)),
    ("list_history", Access::Everywhere(P::ReadFullHistory)),
    ("list_response_history", READ_RESPONSE_HISTORY),
];

/// Who may call an operation; `None` where nobody was named.
pub fn access_of(operation_id: &str) -> Option<Access> {
    OPERATIONS.iter().find(|(id, _)| *id == operation_id).map(|(_, access)| *access)
}
