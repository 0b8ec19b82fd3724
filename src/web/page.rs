//! The frame that every page stands in.

use std::borrow::Cow;

use serde::Serialize;

use super::assets;
use super::forms::Posted;
use super::language::Switch;
use super::reader::Reader;
use crate::domain::access::{Permission, Role, Scope};
use crate::locales::{Language, Words};

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

    /// The language that it is in.
    pub(super) fn language(&self) -> Language {
        self.words.language()
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
    if [Role::FlsLead, Role::FlsContributor, Role::ClinicalLead].iter().any(|role| who.has_role(*role)) {
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
        links.push(NavigationLink {
            href: "/associations",
            text: "Facilities beside KPIs",
            current: at("/associations"),
        });
    }
    links.push(NavigationLink { href: "/gaps", text: "Staffing gap", current: at("/gaps") });
    if who.may(Permission::ReadGaps) {
        links.push(NavigationLink { href: "/demand", text: "Staff needed", current: at("/demand") });
        links.push(NavigationLink { href: "/scenarios", text: "Scenarios", current: at("/scenarios") });
    }
    // Whoever reads more than single services has a choice to make between them.
    if who.scopes(Permission::ReadGaps).any(|scope| !matches!(scope, Scope::Service(_) | Scope::Section { .. })) {
        links.push(NavigationLink { href: "/funding", text: "Funding", current: at("/funding") });
    }
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
