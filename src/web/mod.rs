//! Pages for people: one file a page group, each a handler that reads the request, calls one use case and fills a
//! template.
//!
//! Every page works without JavaScript and is made on the server. What is the same for all of them (who is signed in,
//! security headers, error pages, where forms may come from) is in `frame`; what they look like, in `page`.

mod account;
mod assets;
mod associations;
mod business_case;
mod caseloads;
mod choices;
mod compressed;
mod confirm;
mod costs;
mod counts;
mod csrf;
mod cut_comparison;
mod cuts;
mod demand;
mod demo_mails;
mod errors;
mod explanations;
mod fields;
mod findings;
mod forms;
mod frame;
mod funding;
mod gaps;
mod glossary;
mod history;
mod home;
mod keys;
mod kpis;
mod language;
mod mails;
mod national_report;
mod open_data;
mod openid;
mod options;
mod page;
mod parts;
mod patients;
mod people;
mod plain_table;
mod public_benchmarks;
mod published;
mod quality;
mod questionnaires;
mod reader;
mod rounds;
mod scenarios;
mod sign_in;
mod site;
mod standards;
mod survey;
mod templates;
#[cfg(test)]
mod tests;
mod texts;
mod translations;
mod uncovered;
mod wording;

use std::sync::Arc;

use poem::http::StatusCode;
use poem::{Endpoint, EndpointExt as _, Request, Response, Route, get};
use serde::Serialize;

use self::errors::PageError;
use self::page::Page;
use self::site::Site;
use self::templates::Pages;
use crate::app::App;
use crate::domain::access::{Access, Outside, Permission};
use crate::server::limits::Wait;

pub use self::site::PageRoute;

/// What every handler needs.
#[derive(Clone)]
struct Web {
    app: App,
    pages: Arc<Pages>,
}

impl Web {
    /// A page with status 200.
    fn page<T: Serialize>(&self, template: &str, page: &Page<'_, T>) -> poem::Result<Response> {
        Ok(self.pages.response(StatusCode::OK, template, page)?)
    }

    /// A page with another status.
    fn page_with<T: Serialize>(
        &self,
        status: StatusCode,
        template: &str,
        page: &Page<'_, T>,
    ) -> poem::Result<Response> {
        Ok(self.pages.response(status, template, page)?)
    }

    /// A list of rounds is needed by most pages.
    async fn rounds(&self, reader: &reader::SignedInReader) -> Result<Vec<crate::domain::round::Round>, PageError> {
        let who = reader.who.clone();
        Ok(self.app.run(move |app| crate::app::rounds::list(app, &who)).await?)
    }
}

/// National figures name no service: whoever takes part reads them.
const READ_KPIS: Access = Access::May(&[Permission::ReadKpis], Outside::Filtered);
const READ_GAPS: Access = Access::May(&[Permission::ReadGaps], Outside::Filtered);
/// Of one service.
const READ_GAP: Access = Access::May(&[Permission::ReadGaps], Outside::Forbidden);
/// A scenario that is not shared, or over gaps that somebody may not read, is not theirs to know of.
const SCENARIO: Access = Access::May(&[Permission::ReadGaps], Outside::NotFound);
const READ_REFERENCE: Access = Access::May(&[Permission::ReadReference], Outside::Filtered);
/// The state of every service's response is for those who run the round.
const RUN_ROUNDS: Access = Access::Everywhere(Permission::ReadDraft);
/// Preparing, opening, closing and publishing them, and chasing services.
const MANAGE_ROUNDS: Access = Access::Everywhere(Permission::RunRounds);
/// A query about a service that somebody does not answer for is not theirs to know of.
const READ_QUERY: Access = Access::May(&[Permission::ReadDraft], Outside::NotFound);
const READ_DRAFTS: Access = Access::May(&[Permission::ReadDraft], Outside::Filtered);
const READ_RESPONSES: Access = Access::May(&[Permission::ReadSubmitted], Outside::Forbidden);
const READ_RESPONSE: Access = Access::May(&[Permission::ReadSubmitted, Permission::FillSection], Outside::Forbidden);
const EDIT_RESPONSE: Access = Access::May(&[Permission::EditResponse, Permission::FillSection], Outside::Forbidden);
/// All of it, not the one section of a link.
const WRITE_RESPONSE: Access = Access::May(&[Permission::EditResponse], Outside::Forbidden);
const SUBMIT_RESPONSE: Access = Access::May(&[Permission::SubmitResponse], Outside::Forbidden);
const READ_DRAFT: Access = Access::May(&[Permission::ReadDraft], Outside::Forbidden);
/// Whoever may read the draft, and whoever fills in a section of it.
const DISCUSS: Access = Access::May(&[Permission::ReadDraft, Permission::FillSection], Outside::Forbidden);
const SIGN_OFF: Access = Access::May(&[Permission::SignOffResponse], Outside::Forbidden);
const REOPEN_RESPONSE: Access = Access::Everywhere(Permission::ReopenResponse);
/// As opening a response again is, since it changes what the audit counts.
const DECIDE_CHALLENGES: Access = REOPEN_RESPONSE;
const SHARE_SECTION: Access = Access::May(&[Permission::ShareSection], Outside::Forbidden);
const READ_HISTORY: Access = Access::May(&[Permission::ReadHistory], Outside::Forbidden);
const READ_FULL_HISTORY: Access = Access::Everywhere(Permission::ReadFullHistory);
const MANAGE_PEOPLE: Access =
    Access::May(&[Permission::ManageAccounts, Permission::ManageContributors], Outside::NotFound);
const MANAGE_ACCOUNTS: Access = Access::Everywhere(Permission::ManageAccounts);
const MANAGE_KEYS: Access = Access::May(&[Permission::ManageKeys], Outside::NotFound);
const ENTER_COUNTS: Access = Access::May(&[Permission::EnterCounts], Outside::Filtered);
const MANAGE_STANDARDS: Access = Access::Everywhere(Permission::ManageStandards);
const EDIT_TEXTS: Access = Access::Everywhere(Permission::EditTexts);

/// Every page with who may call it.
fn site() -> Site {
    Site::default()
        .get("/", Access::SignedIn, home::home)
        .get("/sign-in", Access::Public, sign_in::show)
        .post("/sign-in", Access::Public, sign_in::password::enter)
        .post("/sign-in/link", Access::Public, sign_in::link::request)
        .get("/sign-in/link-sent", Access::Public, sign_in::link::sent)
        .get("/sign-in/code", Access::Public, sign_in::code::show)
        .post("/sign-in/code", Access::Public, sign_in::code::enter)
        .get("/sign-in/forgotten", Access::Public, sign_in::password::forgotten)
        .post("/sign-in/forgotten", Access::Public, sign_in::password::request_reset)
        .get("/sign-in/reset-sent", Access::Public, sign_in::password::reset_sent)
        .post("/sign-in/demo", Access::Public, sign_in::demo)
        .get("/sign-in/openid", Access::Public, openid::begin)
        .get(crate::app::openid::CALLBACK, Access::Public, openid::callback)
        .get("/sign-in/:token", Access::Public, sign_in::link::show)
        .post("/sign-in/:token", Access::Public, sign_in::link::enter)
        .get("/reset/:token", Access::Public, sign_in::password::reset_page)
        .post("/reset/:token", Access::Public, sign_in::password::reset)
        .get("/section/:token", Access::Public, sign_in::section::show)
        .post("/section/:token", Access::Public, sign_in::section::enter)
        .get("/demo/mails", Access::Public, demo_mails::list)
        .get("/demo/mails/:id", Access::Public, demo_mails::text)
        .get("/demo/mails/:id/html", Access::Public, demo_mails::html)
        .get("/mails", Access::Everywhere(Permission::ManageAccounts), mails::outbox)
        .post("/mails/:id/try-again", Access::Everywhere(Permission::ManageAccounts), mails::try_again)
        .get("/language", Access::Public, language::show)
        .post("/language", Access::Public, language::choose)
        .post("/sign-out", Access::Public, sign_in::sign_out)
        .get("/patients", Access::Public, patients::show)
        .get("/published", Access::Public, published::rounds)
        .get("/published/:year", Access::Public, published::staffing)
        .get("/published/:year/benchmarks", Access::Public, public_benchmarks::public_index)
        .get("/published/:year/benchmarks/:kpi", Access::Public, public_benchmarks::public_benchmark)
        .get("/published/:year/benchmarks/:kpi/services.csv", Access::Public, public_benchmarks::public_benchmark_csv)
        .get("/published/:year/data", Access::Public, open_data::list)
        .get("/published/:year/data/:file", Access::Public, open_data::file)
        .get("/published/:year/report", Access::Public, national_report::public)
        .get("/published/:year/report.html", Access::Public, national_report::public_html)
        .get("/published/:year/report.xlsx", Access::Public, national_report::public_workbook)
        .get("/account", Access::Account, account::show)
        .get("/account/name", Access::Account, account::name_page)
        .post("/account/name", Access::Account, account::rename)
        .get("/account/password", Access::Account, account::password::show)
        .post("/account/password", Access::Account, account::password::set)
        // Public, since setting one up is also a step of signing in; they ask for themselves who may go on.
        .get("/account/second-factor", Access::Public, account::second_factor::show)
        .get("/account/second-factor.svg", Access::Public, account::second_factor::picture)
        .post("/account/second-factor", Access::Public, account::second_factor::confirm)
        .post("/account/second-factor/recovery-codes", Access::Account, account::second_factor::new_recovery_codes)
        .post("/account/second-factor/remove", Access::Account, account::second_factor::remove)
        .get("/account/sessions", Access::Account, account::sessions::show)
        .post("/account/sessions/end-others", Access::Account, account::sessions::end_others)
        .post("/account/sessions/:session/end", Access::Account, account::sessions::end)
        .get("/account/hand-over", Access::Account, account::hand_over::show)
        .post("/account/hand-over", Access::Account, account::hand_over::hand_over)
        .get("/kpis", READ_KPIS, kpis::overview)
        .get("/kpis/:kpi/benchmark", READ_KPIS, kpis::show)
        .get("/kpis/:kpi/benchmark.svg", READ_KPIS, kpis::show)
        .get("/kpis/:kpi/benchmark.csv", READ_KPIS, kpis::show)
        .get("/kpis/:kpi/funnel", READ_KPIS, kpis::show)
        .get("/kpis/:kpi/funnel.svg", READ_KPIS, kpis::show)
        .get("/kpis/:kpi/funnel.csv", READ_KPIS, kpis::show)
        .get("/kpis/:kpi/run-chart", READ_KPIS, kpis::show)
        .get("/kpis/:kpi/run-chart.svg", READ_KPIS, kpis::show)
        .get("/kpis/:kpi/run-chart.csv", READ_KPIS, kpis::show)
        .get("/kpis/:kpi/distribution", READ_KPIS, kpis::show)
        .get("/kpis/:kpi/distribution.svg", READ_KPIS, kpis::show)
        .get("/kpis/:kpi/distribution.csv", READ_KPIS, kpis::show)
        .get("/kpis/:kpi/strata", READ_KPIS, kpis::show)
        .get("/kpis/:kpi/strata.svg", READ_KPIS, kpis::show)
        .get("/kpis/:kpi/strata.csv", READ_KPIS, kpis::show)
        .get("/kpis/grades", READ_KPIS, kpis::show)
        .get("/kpis/grades.svg", READ_KPIS, kpis::show)
        .get("/kpis/grades.csv", READ_KPIS, kpis::show)
        .get("/kpis/heat-map", READ_KPIS, kpis::show)
        .get("/kpis/heat-map.svg", READ_KPIS, kpis::show)
        .get("/kpis/heat-map.csv", READ_KPIS, kpis::show)
        .get("/kpis/scoreboard", READ_KPIS, kpis::show)
        .get("/kpis/scoreboard.svg", READ_KPIS, kpis::show)
        .get("/kpis/scoreboard.csv", READ_KPIS, kpis::show)
        .get("/kpis/map", READ_KPIS, kpis::show)
        .get("/kpis/map.svg", READ_KPIS, kpis::show)
        .get("/kpis/map.csv", READ_KPIS, kpis::show)
        .get("/kpis/cascade", READ_KPIS, kpis::show)
        .get("/kpis/cascade.svg", READ_KPIS, kpis::show)
        .get("/kpis/cascade.csv", READ_KPIS, kpis::show)
        .get("/associations", READ_KPIS, associations::show_grid)
        .get("/associations/grid.csv", READ_KPIS, associations::grid_csv)
        .get("/associations/data.csv", READ_KPIS, associations::data_csv)
        .get("/associations/codebook.csv", READ_KPIS, associations::codebook_csv)
        .get("/associations/labels.R", READ_KPIS, associations::r_labels)
        .get("/associations/:exposure/:kpi", READ_KPIS, associations::show_pair)
        .get("/associations/:exposure/:kpi/data.csv", READ_KPIS, associations::pair_csv)
        .get("/associations/:exposure/:kpi/chart.svg", READ_KPIS, associations::picture)
        .get("/associations/:exposure/:kpi/test.json", READ_KPIS, associations::test_input)
        .get("/associations/:exposure/:kpi/model.json", READ_KPIS, associations::model_input)
        .get("/gaps", READ_GAPS, gaps::page)
        .get("/gaps.xlsx", READ_GAPS, gaps::workbook)
        .get("/gaps/costs", READ_GAPS, costs::page)
        .get("/gaps/costs/services.csv", READ_GAPS, costs::services_csv)
        .get("/gaps/costs/areas.csv", READ_GAPS, costs::areas_csv)
        .get("/gaps/business-case/:service", READ_GAP, business_case::page)
        .get("/gaps/business-case/:service/text.txt", READ_GAP, business_case::text)
        .get("/gaps/business-case/:service/options.csv", READ_GAP, business_case::options_csv)
        .get("/scenarios", READ_GAPS, scenarios::list)
        .get("/scenarios/new", READ_GAPS, scenarios::new_page)
        .post("/scenarios/new", READ_GAPS, scenarios::make)
        .get("/scenarios/compare", READ_GAPS, scenarios::compare)
        .get("/scenarios/compare.csv", READ_GAPS, scenarios::compare_csv)
        .get("/scenarios/:scenario", SCENARIO, scenarios::one)
        .get("/scenarios/:scenario/years.csv", SCENARIO, scenarios::years_csv)
        .get("/scenarios/:scenario/edit", SCENARIO, scenarios::change_page)
        .post("/scenarios/:scenario/edit", SCENARIO, scenarios::change)
        .get("/scenarios/:scenario/delete", SCENARIO, scenarios::delete_page)
        .post("/scenarios/:scenario/delete", SCENARIO, scenarios::delete)
        .get("/standards", READ_REFERENCE, standards::list)
        .get("/standards/new", MANAGE_STANDARDS, standards::new_page)
        .post("/standards/new", MANAGE_STANDARDS, standards::add)
        .get("/standards/:standard/edit", MANAGE_STANDARDS, standards::edit_page)
        .post("/standards/:standard/edit", MANAGE_STANDARDS, standards::change)
        .get("/demand", READ_GAPS, demand::page)
        .get("/demand/views.csv", READ_GAPS, demand::views_csv)
        .get("/demand/workload.csv", READ_GAPS, demand::workload_csv)
        .get("/gaps/costs/benefits.csv", READ_GAPS, costs::benefits_csv)
        .get("/gaps/uncovered", READ_GAPS, uncovered::page)
        .get("/gaps/uncovered/areas.csv", READ_GAPS, uncovered::areas_csv)
        .get("/gaps/uncovered/hospitals.csv", READ_GAPS, uncovered::hospitals_csv)
        .get("/funding", READ_GAPS, funding::page)
        .get("/funding/allocation.csv", READ_GAPS, funding::allocation_csv)
        .get("/funding/ranking.csv", READ_GAPS, funding::ranking_csv)
        .get("/funding/frontier.csv", READ_GAPS, funding::frontier_csv)
        .get("/funding/frontier.svg", READ_GAPS, funding::picture)
        .get("/funding/left-out.csv", READ_GAPS, funding::left_out_csv)
        .get("/kpis/upload", ENTER_COUNTS, counts::upload_page)
        .post("/kpis/upload", ENTER_COUNTS, counts::upload)
        .get("/kpis/upload/template.csv", ENTER_COUNTS, counts::template)
        .get("/kpis/caseloads", Access::May(&[Permission::ReadReference], Outside::Filtered), caseloads::show)
        .post("/kpis/caseloads", Access::Everywhere(Permission::StateCaseload), caseloads::state)
        .get("/rounds", RUN_ROUNDS, rounds::list)
        .get("/rounds/new", MANAGE_ROUNDS, rounds::edit::new_page)
        .post("/rounds/new", MANAGE_ROUNDS, rounds::edit::add)
        .get("/rounds/:year", MANAGE_ROUNDS, rounds::show)
        .get("/rounds/:year/submissions.svg", MANAGE_ROUNDS, rounds::picture)
        .get("/rounds/:year/responses", RUN_ROUNDS, rounds::every_response)
        .get("/rounds/:year/edit", MANAGE_ROUNDS, rounds::edit::edit_page)
        .post("/rounds/:year/edit", MANAGE_ROUNDS, rounds::edit::edit)
        .post("/rounds/:year/copy", MANAGE_ROUNDS, rounds::edit::copy)
        .get("/rounds/:year/discard", MANAGE_ROUNDS, rounds::edit::discard_page)
        .post("/rounds/:year/discard", MANAGE_ROUNDS, rounds::edit::discard)
        .get("/rounds/:year/step/:status", MANAGE_ROUNDS, rounds::steps::page)
        .post("/rounds/:year/step/:status", MANAGE_ROUNDS, rounds::steps::take)
        .get("/rounds/:year/extensions", MANAGE_ROUNDS, rounds::extensions::list)
        .post("/rounds/:year/extensions", MANAGE_ROUNDS, rounds::extensions::extend)
        .get("/rounds/:year/extensions/:service/take-back", MANAGE_ROUNDS, rounds::extensions::take_back_page)
        .post("/rounds/:year/extensions/:service/take-back", MANAGE_ROUNDS, rounds::extensions::take_back)
        .get("/rounds/:year/reminders", MANAGE_ROUNDS, rounds::reminders::show)
        .post("/rounds/:year/reminders", MANAGE_ROUNDS, rounds::reminders::send)
        .get("/rounds/:year/non-submitters.csv", MANAGE_ROUNDS, rounds::reminders::non_submitters_csv)
        .get("/rounds/:year/outliers", MANAGE_ROUNDS, quality::outliers_page)
        .get("/rounds/:year/outliers.csv", MANAGE_ROUNDS, quality::outliers_csv)
        .get("/rounds/:year/outliers/:service/:kpi", MANAGE_ROUNDS, quality::look_into_page)
        .post("/rounds/:year/outliers/:service/:kpi", MANAGE_ROUNDS, quality::look_into)
        .get("/rounds/:year/queries", READ_DRAFTS, quality::list)
        .get("/rounds/:year/queries.csv", READ_DRAFTS, quality::list_csv)
        .get("/rounds/:year/queries/new", MANAGE_ROUNDS, quality::ask_page)
        .post("/rounds/:year/queries/new", MANAGE_ROUNDS, quality::ask)
        .get("/queries/:id", READ_QUERY, quality::show)
        .post("/queries/:id", READ_QUERY, quality::step)
        .post("/queries/:id/owner", MANAGE_ROUNDS, quality::hand_over)
        .get("/rounds/:year/cuts", Access::Everywhere(Permission::CutData), cuts::list)
        .post("/rounds/:year/cuts", Access::Everywhere(Permission::CutData), cuts::make)
        .get("/rounds/:year/cuts/compare", Access::Everywhere(Permission::CutData), cut_comparison::show)
        .get("/rounds/:year/findings", READ_KPIS, findings::national)
        .get("/rounds/:year/report", READ_KPIS, national_report::show)
        .get("/rounds/:year/report.html", READ_KPIS, national_report::show_html)
        .get("/rounds/:year/report.xlsx", READ_KPIS, national_report::show_workbook)
        .get("/questionnaires", READ_REFERENCE, questionnaires::list)
        .get("/questionnaires/upload", MANAGE_ROUNDS, questionnaires::upload_page)
        .post("/questionnaires/upload", MANAGE_ROUNDS, questionnaires::upload)
        .get("/questionnaires/:version", READ_REFERENCE, questionnaires::show)
        .get("/questionnaires/:version/file.toml", READ_REFERENCE, questionnaires::file)
        .get("/questionnaires/:version/preview", READ_REFERENCE, questionnaires::preview_start)
        .get("/questionnaires/:version/preview/:section", READ_REFERENCE, questionnaires::preview_section)
        .post("/questionnaires/:version/publish", MANAGE_ROUNDS, questionnaires::publish)
        .get("/questionnaires/:version/discard", MANAGE_ROUNDS, questionnaires::discard_page)
        .post("/questionnaires/:version/discard", MANAGE_ROUNDS, questionnaires::discard)
        .get("/rounds/:year/questionnaire/print", READ_REFERENCE, survey::print_blank)
        .get("/survey", READ_DRAFTS, survey::surveys)
        .get("/survey/:year/:service", READ_RESPONSE, survey::task_list)
        .get("/survey/:year/:service/check", READ_RESPONSES, survey::check)
        .post("/survey/:year/:service/check", SUBMIT_RESPONSE, survey::submit)
        .get("/survey/:year/:service/submitted", READ_RESPONSES, survey::after_submit)
        .get("/rounds/:year/explanations", RUN_ROUNDS, explanations::of_round)
        .get("/rounds/:year/comments", RUN_ROUNDS, survey::comment_threads_of_round)
        .get("/rounds/:year/hospitals", RUN_ROUNDS, survey::challenges_of_round)
        .post("/rounds/:year/hospitals/:challenge", DECIDE_CHALLENGES, survey::decide_challenge)
        .get("/survey/:year/:service/comments", DISCUSS, survey::comment_threads)
        .get("/survey/:year/:service/comments/:item", DISCUSS, survey::comment_thread)
        .post("/survey/:year/:service/comments/:item", DISCUSS, survey::send_comment)
        .get("/survey/:year/:service/hospitals", READ_DRAFT, survey::show_hospitals)
        .post("/survey/:year/:service/hospitals", SUBMIT_RESPONSE, survey::challenge_hospital)
        .get("/survey/:year/:service/feedback", READ_RESPONSES, survey::show_feedback)
        .get("/survey/:year/:service/feedback.xlsx", READ_RESPONSES, survey::download_feedback)
        .post("/survey/:year/:service/feedback", WRITE_RESPONSE, survey::plan_actions)
        .get("/survey/:year/:service/workbook", READ_RESPONSES, survey::workbook_page)
        .post("/survey/:year/:service/workbook", WRITE_RESPONSE, survey::upload_workbook)
        .get("/survey/:year/:service/workbook.xlsx", READ_RESPONSES, survey::download_workbook)
        .post("/survey/:year/:service/carry", EDIT_RESPONSE, survey::carry)
        .post("/survey/:year/:service/sign-off", SIGN_OFF, survey::sign_off)
        .get("/survey/:year/:service/no-return", SUBMIT_RESPONSE, survey::no_return_page)
        .post("/survey/:year/:service/no-return", SUBMIT_RESPONSE, survey::make_no_return)
        .post("/survey/:year/:service/no-return/take-back", SUBMIT_RESPONSE, survey::take_back_no_return)
        .get("/survey/:year/:service/reopen", REOPEN_RESPONSE, survey::reopen_page)
        .post("/survey/:year/:service/reopen", REOPEN_RESPONSE, survey::reopen)
        .get("/survey/:year/:service/submissions", READ_HISTORY, survey::submission_list)
        .get("/survey/:year/:service/submissions/:number", READ_HISTORY, survey::one_submission)
        .get("/survey/:year/:service/print", READ_RESPONSE, survey::print)
        .get("/survey/:year/:service/history", READ_HISTORY, history::of_response)
        .get("/survey/:year/:service/history.csv", READ_HISTORY, history::of_response_csv)
        .get("/survey/:year/:service/links", SHARE_SECTION, survey::link_list)
        .post("/survey/:year/:service/links", SHARE_SECTION, survey::make_link)
        .get("/survey/:year/:service/links/:link/revoke", SHARE_SECTION, survey::revoke_link_page)
        .post("/survey/:year/:service/links/:link/revoke", SHARE_SECTION, survey::revoke_link)
        .get("/survey/:year/:service/:section", READ_RESPONSE, survey::one_section)
        .post("/survey/:year/:service/:section", EDIT_RESPONSE, survey::save)
        .get("/accounts", MANAGE_PEOPLE, people::list)
        .get("/accounts/invite", MANAGE_PEOPLE, people::invite_page)
        .post("/accounts/invite", MANAGE_PEOPLE, people::invite)
        .get("/accounts/enrol", MANAGE_ACCOUNTS, people::enrol_page)
        .post("/accounts/enrol", MANAGE_ACCOUNTS, people::enrol)
        .get("/accounts/enrol/template.csv", MANAGE_ACCOUNTS, people::template)
        .get("/accounts/:id", MANAGE_PEOPLE, people::one)
        .post("/accounts/:id/memberships", MANAGE_PEOPLE, people::give)
        .get("/accounts/:id/memberships/remove", MANAGE_PEOPLE, people::remove_page)
        .post("/accounts/:id/memberships/remove", MANAGE_PEOPLE, people::remove)
        .post("/accounts/:id/invite-again", MANAGE_PEOPLE, people::invite_again)
        .post("/accounts/:id/sessions/:session/end", MANAGE_ACCOUNTS, people::end_session)
        .post("/accounts/:id/disable", MANAGE_ACCOUNTS, people::disable)
        .post("/accounts/:id/enable", MANAGE_ACCOUNTS, people::enable)
        .get("/accounts/:id/second-factor/remove", MANAGE_ACCOUNTS, people::remove_second_factor_page)
        .post("/accounts/:id/second-factor/remove", MANAGE_ACCOUNTS, people::remove_second_factor)
        .get("/accounts/:id/erase", MANAGE_ACCOUNTS, people::erase_page)
        .post("/accounts/:id/erase", MANAGE_ACCOUNTS, people::erase)
        .get("/keys", MANAGE_KEYS, keys::list)
        .get("/keys/make", MANAGE_KEYS, keys::make_page)
        .post("/keys/make", MANAGE_KEYS, keys::make)
        .get("/keys/:id/revoke", MANAGE_KEYS, keys::revoke_page)
        .post("/keys/:id/revoke", MANAGE_KEYS, keys::revoke)
        .get("/history", READ_FULL_HISTORY, history::all)
        .get("/history.csv", READ_FULL_HISTORY, history::all_csv)
        .get("/privacy", Access::Public, texts::privacy)
        .get("/accessibility", Access::Public, texts::accessibility)
        .get("/translations", EDIT_TEXTS, translations::missing)
        .get("/contact", Access::Public, texts::contact)
        .get("/glossary", Access::Public, glossary::glossary)
        .get("/texts/:name/edit", EDIT_TEXTS, texts::edit_page)
        .post("/texts/:name/edit", EDIT_TEXTS, texts::edit)
}

/// The pages and who may call each, for those who check it.
pub fn declared() -> Vec<PageRoute> {
    site().declared()
}

/// The pages that say why a request was refused before it reached one.
pub struct ErrorPages(Web);

impl ErrorPages {
    /// The error pages.
    pub fn new(app: App) -> Self {
        let pages = Arc::new(Pages::load(app.reference()));
        Self(Web { app, pages })
    }

    /// A page; `wait` is after how long it is worth trying again.
    pub fn page(&self, status: StatusCode, sentence: &str, wait: Option<Wait>) -> Response {
        let error = match wait {
            Some(wait) => PageError::TooMany { sentence: sentence.to_owned(), seconds: wait.seconds() },
            None => PageError::Said(status, sentence.to_owned()),
        };
        let reader = reader::Reader::nobody(&self.0, &Request::default());
        frame::error_page(&self.0, &reader, &error.into())
    }
}

/// All pages, to be mounted at `/`.
pub fn routes(app: App) -> impl Endpoint {
    let pages = Arc::new(Pages::load(app.reference()));
    let web = Web { app, pages };
    let framed = frame::Frame::new(web.clone(), site().route().data(web));
    Route::new()
        .at("/assets/:version/*name", get(assets::serve).head(assets::serve))
        .nest("/", compressed::Compressed(framed))
}
