//! The frame that every page stands in, and the templates.

use std::borrow::Cow;

use handlebars::Handlebars;
use poem::Response;
use poem::http::{StatusCode, header};
use serde::Serialize;

use super::assets;
use super::errors::PageError;
use super::forms::Posted;
use super::language::Switch;
use super::reader::Reader;
use super::wording;
use crate::domain::access::{Permission, Role};
use crate::domain::reference::Reference;
use crate::locales::{Language, Words};

/// Every template by its name.
const TEMPLATES: &[(&str, &str)] = &[
    ("layout", include_str!("templates/layout.hbs")),
    ("language_switch", include_str!("templates/language_switch.hbs")),
    ("csrf", include_str!("templates/csrf.hbs")),
    ("error", include_str!("templates/error.hbs")),
    ("sign_in", include_str!("templates/sign_in.hbs")),
    ("sign_in_link", include_str!("templates/sign_in_link.hbs")),
    ("sign_in_link_used", include_str!("templates/sign_in_link_used.hbs")),
    ("sign_in_sent", include_str!("templates/sign_in/sent.hbs")),
    ("sign_in_code", include_str!("templates/sign_in/code.hbs")),
    ("sign_in_forgotten", include_str!("templates/sign_in/forgotten.hbs")),
    ("sign_in_reset", include_str!("templates/sign_in/reset.hbs")),
    ("sign_in_reset_used", include_str!("templates/sign_in/reset_used.hbs")),
    ("sign_in_too_many", include_str!("templates/sign_in/too_many.hbs")),
    ("section_link", include_str!("templates/sign_in/section_link.hbs")),
    ("section_link_used", include_str!("templates/sign_in/section_link_used.hbs")),
    ("account", include_str!("templates/account/account.hbs")),
    ("account_name", include_str!("templates/account/name.hbs")),
    ("account_password", include_str!("templates/account/password.hbs")),
    ("account_second_factor", include_str!("templates/account/second_factor.hbs")),
    ("account_second_factor_new", include_str!("templates/account/second_factor_new.hbs")),
    ("account_recovery_codes", include_str!("templates/account/recovery_codes.hbs")),
    ("account_sessions", include_str!("templates/account/sessions.hbs")),
    ("account_hand_over", include_str!("templates/account/hand_over.hbs")),
    ("fields", include_str!("templates/fields.hbs")),
    ("next", include_str!("templates/next.hbs")),
    ("notice", include_str!("templates/notice.hbs")),
    ("mails", include_str!("templates/mails.hbs")),
    ("demo_mails", include_str!("templates/demo_mails.hbs")),
    ("demo_mail", include_str!("templates/demo_mail.hbs")),
    ("openid_button", include_str!("templates/openid_button.hbs")),
    ("openid_failure", include_str!("templates/openid_failure.hbs")),
    ("home", include_str!("templates/home.hbs")),
    ("published_rounds", include_str!("templates/published_rounds.hbs")),
    ("published_staffing", include_str!("templates/published_staffing.hbs")),
    ("rounds", include_str!("templates/rounds.hbs")),
    ("rounds_table", include_str!("templates/rounds_table.hbs")),
    ("round", include_str!("templates/round.hbs")),
    ("counts_upload", include_str!("templates/counts/upload.hbs")),
    ("caseloads", include_str!("templates/counts/caseloads.hbs")),
    ("cuts", include_str!("templates/counts/cuts.hbs")),
    ("findings", include_str!("templates/findings.hbs")),
    ("findings_body", crate::formats::findings::BODY),
    ("kpis", include_str!("templates/kpis/index.hbs")),
    ("kpi_view", include_str!("templates/kpis/view.hbs")),
    ("kpi_table", include_str!("templates/kpis/table.hbs")),
    ("kpi_field", include_str!("templates/kpis/field.hbs")),
    ("gaps", include_str!("templates/gaps.hbs")),
    ("gaps_filter", include_str!("templates/gaps_filter.hbs")),
    ("gaps_services", include_str!("templates/gaps_services.hbs")),
    ("gaps_areas", include_str!("templates/gaps_areas.hbs")),
    ("gaps_none", include_str!("templates/gaps_none.hbs")),
    ("survey_links", include_str!("templates/survey_links.hbs")),
    ("answer_row", include_str!("templates/answer_row.hbs")),
    ("surveys", include_str!("templates/surveys.hbs")),
    ("survey", include_str!("templates/survey.hbs")),
    ("survey_section", include_str!("templates/survey_section.hbs")),
    ("survey_check", include_str!("templates/survey_check.hbs")),
    ("survey_print", include_str!("templates/survey_print.hbs")),
    ("survey_submitted", include_str!("templates/survey_submitted.hbs")),
    ("round_explanations", include_str!("templates/round_explanations.hbs")),
    ("comment_threads", include_str!("templates/comments/threads.hbs")),
    ("comment_thread", include_str!("templates/comments/thread.hbs")),
    ("survey_hospitals", include_str!("templates/hospitals/service.hbs")),
    ("round_hospitals", include_str!("templates/hospitals/round.hbs")),
    ("survey_feedback", include_str!("templates/survey_feedback.hbs")),
    ("survey_workbook", include_str!("templates/survey_workbook.hbs")),
    ("problems_now", include_str!("templates/problems_now.hbs")),
    ("error_summary", include_str!("templates/error_summary.hbs")),
    ("described", include_str!("templates/choices/described.hbs")),
    ("select", include_str!("templates/choices/select.hbs")),
    ("radios", include_str!("templates/choices/radios.hbs")),
    ("date", include_str!("templates/choices/date.hbs")),
    ("role_choices", include_str!("templates/choices/role.hbs")),
    ("confirm", include_str!("templates/confirm.hbs")),
    ("people", include_str!("templates/people/list.hbs")),
    ("person", include_str!("templates/people/person.hbs")),
    ("person_invite", include_str!("templates/people/invite.hbs")),
    ("people_enrol", include_str!("templates/people/enrol.hbs")),
    ("keys", include_str!("templates/keys/list.hbs")),
    ("key_make", include_str!("templates/keys/make.hbs")),
    ("key_made", include_str!("templates/keys/made.hbs")),
    ("second_factor_needed", include_str!("templates/keys/second_factor_needed.hbs")),
    ("history_table", include_str!("templates/history/table.hbs")),
    ("history", include_str!("templates/history/all.hbs")),
    ("response_history", include_str!("templates/history/response.hbs")),
    ("glossary", include_str!("templates/glossary.hbs")),
    ("text_blocks", include_str!("templates/texts/blocks.hbs")),
    ("translations", include_str!("templates/translations.hbs")),
    ("text", include_str!("templates/texts/text.hbs")),
    ("text_edit", include_str!("templates/texts/edit.hbs")),
    ("survey_section_links", include_str!("templates/survey_section_links.hbs")),
    ("item", include_str!("templates/items/item.hbs")),
    ("item_notes", include_str!("templates/items/notes.hbs")),
    ("comment_link", include_str!("templates/comments/link.hbs")),
    ("item_after", include_str!("templates/items/after.hbs")),
    ("item_not_known", include_str!("templates/items/not_known.hbs")),
    ("item_options", include_str!("templates/items/options.hbs")),
    ("item_line", include_str!("templates/items/line.hbs")),
    ("item_area", include_str!("templates/items/area.hbs")),
    ("item_grid", include_str!("templates/items/grid.hbs")),
    ("post_column", include_str!("templates/items/post_column.hbs")),
    ("item_errors", include_str!("templates/items/errors.hbs")),
    ("item_versions", include_str!("templates/items/versions.hbs")),
    ("item_saved", include_str!("templates/items/saved.hbs")),
    ("item_last", include_str!("templates/items/last.hbs")),
    ("item_extra", include_str!("templates/items/extra.hbs")),
];

/// The templates, read once at start: a registry a language, since a template's words are those of one language.
pub(super) struct Pages(Vec<(Language, Handlebars<'static>)>);

/// Reads the templates. They are part of the program: one that cannot be read is a bug, which the tests find and which
/// costs its own page alone.
fn registry(language: Language, reference: &Reference) -> Handlebars<'static> {
    let mut registry = Handlebars::new();
    registry.set_strict_mode(true);
    for (name, source) in TEMPLATES {
        if let Err(error) = registry.register_template_string(name, source) {
            tracing::error!(name, %error, "a template cannot be read");
        }
    }
    let questionnaires = reference.translations.get(&language).cloned().unwrap_or_default();
    wording::register(&mut registry, Words::new(language), questionnaires, TEMPLATES);
    registry
}

impl Pages {
    /// Reads the templates, with the translations of the questionnaires.
    pub(super) fn load(reference: &Reference) -> Self {
        Self(Language::ALL.into_iter().map(|language| (language, registry(language, reference))).collect())
    }

    /// The bytes of a page.
    pub(super) fn html<T: Serialize>(&self, template: &str, page: &Page<'_, T>) -> Result<String, PageError> {
        let wanted = page.words.language();
        let registry = self.0.iter().find(|(language, _)| *language == wanted).map(|(_, registry)| registry);
        let registry = registry.ok_or_else(|| PageError::internal(format!("no templates for {wanted}")))?;
        registry.render(template, page).map_err(|error| PageError::internal(format!("template {template}: {error}")))
    }

    /// A page as a response. What pages show is for their reader alone, so nothing keeps a copy.
    pub(super) fn response<T: Serialize>(
        &self,
        status: StatusCode,
        template: &str,
        page: &Page<'_, T>,
    ) -> Result<Response, PageError> {
        let html = self.html(template, page)?;
        Ok(Response::builder()
            .status(status)
            .header(header::CONTENT_TYPE, "text/html; charset=utf-8")
            .header(header::CACHE_CONTROL, "no-store")
            .body(html))
    }
}

/// A link of the navigation.
#[derive(Debug, Serialize)]
pub(super) struct NavigationLink {
    href: &'static str,
    text: &'static str,
    current: bool,
}

/// The reader, as the header names them.
#[derive(Debug, Serialize)]
struct ReaderView<'a> {
    name: &'a str,
    /// They have an account, and did not come by a section link.
    has_account: bool,
}

/// Everything that a template reads: the frame, and the page's own content beside it.
#[derive(Debug, Serialize)]
pub(super) struct Page<'a, T> {
    #[serde(skip)]
    words: Words,
    language: &'static str,
    switch: Switch,
    /// What was typed before the language was switched: forms show it again.
    typed: Option<&'a Posted>,
    /// The page has a form with the id `app-form`, which the language switch sends along.
    has_form: bool,
    service_name: Cow<'static, str>,
    assets: &'static str,
    title: Cow<'a, str>,
    synthetic: bool,
    reader: Option<ReaderView<'a>>,
    /// What every form carries: `{{> csrf}}`.
    csrf: &'a str,
    navigation: Vec<NavigationLink>,
    /// More room than text needs, for wide tables.
    wide: bool,
    /// The title says that there is something to put right.
    has_errors: bool,
    /// What the page is about.
    content: T,
}

impl<'a, T: Serialize> Page<'a, T> {
    /// A page for a reader.
    pub(super) fn new(reader: &'a Reader, title: impl Into<Cow<'a, str>>, content: T) -> Self {
        Self {
            words: reader.words,
            language: reader.words.language().as_str(),
            switch: Switch::new(reader),
            typed: reader.typed.as_deref(),
            has_form: false,
            service_name: reader.words.t("service-name"),
            assets: assets::BASE.as_str(),
            title: title.into(),
            synthetic: reader.synthetic,
            reader: reader
                .principal
                .as_ref()
                .map(|who| ReaderView { name: &who.name, has_account: who.account().is_some() }),
            csrf: &reader.csrf,
            navigation: navigation(reader),
            wide: false,
            has_errors: false,
            content,
        }
    }

    /// The same with a form that people type into, whose id is `app-form`, if there is one.
    pub(super) fn with_form(mut self, has_form: bool) -> Self {
        self.has_form = has_form;
        self
    }

    /// The same with more room.
    pub(super) fn wide(mut self) -> Self {
        self.wide = true;
        self
    }

    /// The same with a title that says that something is wrong.
    pub(super) fn with_errors(mut self, has_errors: bool) -> Self {
        self.has_errors = has_errors;
        self
    }
}

fn navigation(reader: &Reader) -> Vec<NavigationLink> {
    // Whoever came by a section link has that section and nothing else.
    let Some(who) = reader.principal.as_ref().filter(|who| who.account().is_some()) else { return Vec::new() };
    let at = |prefix: &str| reader.path.starts_with(prefix);
    let mut links = vec![NavigationLink { href: "/", text: "Home", current: reader.path == "/" }];
    if who.has_role(Role::FlsLead) || who.has_role(Role::FlsContributor) {
        links.push(NavigationLink { href: "/survey", text: "Survey", current: at("/survey") });
    }
    if who.has_role(Role::AuditTeam) {
        let current = at("/rounds") || at("/survey");
        links.push(NavigationLink { href: "/rounds", text: "Rounds", current });
    }
    if who.may_everywhere(Permission::ManageAccounts) {
        links.push(NavigationLink { href: "/mails", text: "Mails", current: at("/mails") });
    }
    if who.may(Permission::ReadKpis) {
        links.push(NavigationLink { href: "/kpis", text: "KPIs", current: at("/kpis") });
    }
    links.push(NavigationLink { href: "/gaps", text: "Staffing gap", current: at("/gaps") });
    if who.may(Permission::ManageContributors) || who.may(Permission::ManageAccounts) {
        links.push(NavigationLink { href: "/accounts", text: "People", current: at("/accounts") });
    }
    if who.may(Permission::ManageKeys) {
        links.push(NavigationLink { href: "/keys", text: "API keys", current: at("/keys") });
    }
    if who.may_everywhere(Permission::ReadFullHistory) {
        links.push(NavigationLink { href: "/history", text: "History", current: at("/history") });
    }
    links
}
