//! The templates, and the pages that are made of them.
//!
//! A partial is put into the template that includes it before that is read. The template engine would copy what a partial
//! is given, and all that stands in it, each time that one is included: for the page of a section that was three quarters
//! of its cost. Only a partial that is given values by name is left to the engine.
//!
//! The engine also looks every field up along its path from the page's root. What stands deep in a page and has many
//! fields, such as a question, is cheaper as a part: a template of its own, put into the page as markup.

use std::collections::BTreeSet;
use std::sync::{PoisonError, RwLock};

use handlebars::Handlebars;
use poem::Response;
use poem::http::{StatusCode, header};
use serde::Serialize;

use super::errors::PageError;
use super::options::{Boxes, OptionView};
use super::page::Page;
use super::parts::{PartKey, Parts};
use super::wording;
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
    ("rounds", include_str!("templates/rounds/list.hbs")),
    ("rounds_table", include_str!("templates/rounds/table.hbs")),
    ("public_benchmarks", include_str!("templates/public/benchmarks.hbs")),
    ("public_benchmark", include_str!("templates/public/benchmark.hbs")),
    ("questionnaires", include_str!("templates/questionnaires/list.hbs")),
    ("questionnaire", include_str!("templates/questionnaires/one.hbs")),
    ("questionnaire_upload", include_str!("templates/questionnaires/upload.hbs")),
    ("questionnaire_preview", include_str!("templates/questionnaires/preview.hbs")),
    ("outliers", include_str!("templates/quality/outliers.hbs")),
    ("queries", include_str!("templates/quality/queries.hbs")),
    ("query", include_str!("templates/quality/query.hbs")),
    ("query_new", include_str!("templates/quality/new.hbs")),
    ("round", include_str!("templates/rounds/one.hbs")),
    ("round_responses", include_str!("templates/rounds/responses.hbs")),
    ("round_edit", include_str!("templates/rounds/edit.hbs")),
    ("round_extensions", include_str!("templates/rounds/extensions.hbs")),
    ("round_reminders", include_str!("templates/rounds/reminders.hbs")),
    ("counts_upload", include_str!("templates/counts/upload.hbs")),
    ("caseloads", include_str!("templates/counts/caseloads.hbs")),
    ("cuts", include_str!("templates/counts/cuts.hbs")),
    ("findings", include_str!("templates/findings.hbs")),
    ("findings_body", crate::formats::findings::BODY),
    ("report_body", crate::formats::report::BODY),
    ("patients", include_str!("templates/patients.hbs")),
    ("cut_comparison", include_str!("templates/counts/cut_comparison.hbs")),
    ("open_data", include_str!("templates/open_data.hbs")),
    ("national_report", include_str!("templates/rounds/report.hbs")),
    ("kpis", include_str!("templates/kpis/index.hbs")),
    ("kpi_view", include_str!("templates/kpis/view.hbs")),
    ("kpi_table", include_str!("templates/kpis/table.hbs")),
    ("kpi_field", include_str!("templates/kpis/field.hbs")),
    ("associations", include_str!("templates/associations/grid.hbs")),
    ("association", include_str!("templates/associations/pair.hbs")),
    ("associations_form", include_str!("templates/associations/form.hbs")),
    ("scenarios", include_str!("templates/scenarios/list.hbs")),
    ("scenario", include_str!("templates/scenarios/one.hbs")),
    ("scenario_edit", include_str!("templates/scenarios/edit.hbs")),
    ("scenario_outcome", include_str!("templates/scenarios/outcome.hbs")),
    ("scenarios_compare", include_str!("templates/scenarios/compare.hbs")),
    ("standards", include_str!("templates/standards/list.hbs")),
    ("standard_edit", include_str!("templates/standards/edit.hbs")),
    ("plain_table", include_str!("templates/plain_table.hbs")),
    ("demand", include_str!("templates/demand/page.hbs")),
    ("gaps", include_str!("templates/gaps.hbs")),
    ("gaps_filter", include_str!("templates/gaps_filter.hbs")),
    ("gaps_services", include_str!("templates/gaps_services.hbs")),
    ("gaps_areas", include_str!("templates/gaps_areas.hbs")),
    ("gaps_none", include_str!("templates/gaps_none.hbs")),
    ("plain_table", include_str!("templates/plain_table.hbs")),
    ("uncovered", include_str!("templates/costs/uncovered.hbs")),
    ("funding", include_str!("templates/funding/funding.hbs")),
    ("costs", include_str!("templates/costs/costs.hbs")),
    ("business_case", include_str!("templates/costs/business_case.hbs")),
    ("survey_links", include_str!("templates/survey/links.hbs")),
    ("answer_row", include_str!("templates/answer_row.hbs")),
    ("surveys", include_str!("templates/survey/surveys.hbs")),
    ("survey", include_str!("templates/survey/tasks.hbs")),
    ("survey_section", include_str!("templates/survey/section.hbs")),
    ("survey_check", include_str!("templates/survey/check.hbs")),
    ("survey_print", include_str!("templates/survey/print.hbs")),
    ("survey_submitted", include_str!("templates/survey/submitted.hbs")),
    ("survey_no_return", include_str!("templates/survey/no_return.hbs")),
    ("survey_submissions", include_str!("templates/survey/submissions.hbs")),
    ("survey_differences", include_str!("templates/survey/differences.hbs")),
    ("survey_state", include_str!("templates/survey/state.hbs")),
    ("round_explanations", include_str!("templates/rounds/explanations.hbs")),
    ("comment_threads", include_str!("templates/comments/threads.hbs")),
    ("comment_thread", include_str!("templates/comments/thread.hbs")),
    ("survey_hospitals", include_str!("templates/hospitals/service.hbs")),
    ("round_hospitals", include_str!("templates/hospitals/round.hbs")),
    ("survey_feedback", include_str!("templates/survey/feedback.hbs")),
    ("survey_workbook", include_str!("templates/survey/workbook.hbs")),
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
    ("survey_section_links", include_str!("templates/survey/section_links.hbs")),
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
];

fn source_of(name: &str) -> Option<&'static str> {
    TEMPLATES.iter().find(|(of, _)| *of == name).map(|(_, source)| *source)
}

/// What an inclusion of a partial comes to: `{{> name}}`, `{{> name this}}` and `{{> name path}}` are the partial itself;
/// `None` for one that is given values by name, which the engine includes.
fn included(inclusion: &str) -> Option<String> {
    let mut parts = inclusion.split_whitespace();
    let source = expanded(source_of(parts.next()?)?);
    match (parts.next(), parts.next()) {
        (None | Some("this"), None) => Some(source),
        (Some(path), None) if !path.contains(['=', '"', '(']) => {
            Some(format!("{{{{#with {path}}}}}{source}{{{{/with}}}}"))
        }
        _ => None,
    }
}

/// A template with its partials, and the layout round it, put in.
fn expanded(source: &str) -> String {
    const LAYOUT: [&str; 2] = ["{{#> layout}}", "{{/layout}}"];
    if let Some((before, rest)) = source.split_once(LAYOUT[0])
        && let (Some((inside, after)), Some(layout)) = (rest.rsplit_once(LAYOUT[1]), source_of("layout"))
    {
        return expanded(&format!("{before}{}{after}", layout.replace("{{> @partial-block}}", inside)));
    }
    let mut pieces = source.split("{{> ");
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        let (inclusion, after) = piece.split_once("}}").unwrap_or((piece, ""));
        match included(inclusion) {
            Some(partial) => whole.push_str(partial.trim_end_matches('\n')),
            None => whole.push_str(&format!("{{{{> {inclusion}}}}}")),
        }
        whole.push_str(after);
    }
    whole
}

/// The partials that are given values by name, which the engine includes.
fn named_partials() -> BTreeSet<&'static str> {
    let inclusions = TEMPLATES.iter().flat_map(|(_, source)| source.split("{{> ").skip(1));
    let inclusions = inclusions.map(|piece| piece.split("}}").next().unwrap_or(piece));
    inclusions.filter(|inclusion| inclusion.contains('=')).filter_map(|one| one.split_whitespace().next()).collect()
}

/// A template with the messages in place that take no values: those are the same on every page of a language.
fn with_messages(source: &str, words: Words) -> String {
    let mut pieces = source.split("{{t \"");
    let mut whole = pieces.next().unwrap_or_default().to_owned();
    for piece in pieces {
        match piece.split_once("\"}}") {
            Some((key, after)) if !key.contains(['"', '}']) => {
                whole.push_str(&words.t(key));
                whole.push_str(after);
            }
            _ => {
                whole.push_str("{{t \"");
                whole.push_str(piece);
            }
        }
    }
    whole
}

/// The templates of one language, since a template's words are those of one; each is read when it is first needed.
struct Registry {
    language: Language,
    templates: RwLock<Handlebars<'static>>,
    boxes: Boxes,
}

impl Registry {
    fn new(language: Language, reference: &Reference) -> Self {
        let mut templates = Handlebars::new();
        templates.set_strict_mode(true);
        let questionnaires = reference.translations.get(&language).cloned().unwrap_or_default();
        let boxes = wording::register(&mut templates, Words::new(language), questionnaires, TEMPLATES);
        Self { language, templates: RwLock::new(templates), boxes }
    }

    /// Reads a template, with the partials that the engine includes. They are part of the program: one that cannot be
    /// read is a bug, which the tests find and which costs its own page alone.
    fn read(&self, template: &str) -> Result<(), PageError> {
        let mut templates = self.templates.write().unwrap_or_else(PoisonError::into_inner);
        let words = Words::new(self.language);
        for name in named_partials().into_iter().chain([template]) {
            let source = source_of(name).ok_or_else(|| PageError::internal(format!("there is no template {name}")))?;
            if !templates.has_template(name) {
                let read = templates.register_template_string(name, with_messages(&expanded(source), words));
                read.map_err(|error| PageError::internal(format!("template {name}: {error}")))?;
            }
        }
        Ok(())
    }

    fn html<T: Serialize>(&self, template: &str, content: &T) -> Result<String, PageError> {
        let render = || {
            let templates = self.templates.read().unwrap_or_else(PoisonError::into_inner);
            templates.has_template(template).then(|| templates.render(template, content))
        };
        let rendered = if let Some(rendered) = render() {
            rendered
        } else {
            self.read(template)?;
            render().ok_or_else(|| PageError::internal(format!("template {template} was not read")))?
        };
        rendered.map_err(|error| PageError::internal(format!("template {template}: {error}")))
    }
}

/// The templates of every language, and what was drawn of them of late.
pub(super) struct Pages {
    registries: Vec<Registry>,
    parts: Parts,
}

impl Pages {
    /// The templates, with the translations of the questionnaires.
    pub(super) fn load(reference: &Reference) -> Self {
        let registries = Language::ALL.into_iter().map(|language| Registry::new(language, reference)).collect();
        Self { registries, parts: Parts::default() }
    }

    /// The bytes of a page.
    pub(super) fn html<T: Serialize>(&self, template: &str, page: &Page<'_, T>) -> Result<String, PageError> {
        self.of(page.language())?.html(template, page)
    }

    /// The markup of a part of a page, to be put into it, unless it was drawn of late `from` the same. Its `content` may
    /// be some of that as markup already.
    pub(super) fn part<T: Serialize>(
        &self,
        language: Language,
        template: &str,
        from: &impl Serialize,
        content: impl FnOnce() -> Result<T, PageError>,
    ) -> Result<String, PageError> {
        let key = PartKey::new(language, template, from)?;
        self.parts.get(key, || self.of(language)?.html(template, &content()?))
    }

    /// The markup of radios, checkboxes or the options of a select.
    pub(super) fn boxes(
        &self,
        language: Language,
        kind: &str,
        name: &str,
        options: &[OptionView],
    ) -> Result<String, PageError> {
        let written = self.of(language)?.boxes.all(kind, name, options);
        written.map_err(|error| PageError::internal(format!("the options of {name}: {error}")))
    }

    fn of(&self, language: Language) -> Result<&Registry, PageError> {
        let registry = self.registries.iter().find(|registry| registry.language == language);
        registry.ok_or_else(|| PageError::internal(format!("no templates for {language}")))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_template_can_be_read() {
        for (name, source) in TEMPLATES {
            let read = handlebars::Template::compile(source);
            assert!(read.is_ok(), "{name}: {:?}", read.err());
            let inside = expanded(source);
            assert!(!inside.contains("{{> this") && !inside.contains("{{#> "), "{name}");
        }
    }

    #[test]
    fn partials_are_put_in_but_for_those_with_values_by_name() {
        let source = source_of("csrf").unwrap();
        let token = source.trim_end();
        assert_eq!(expanded("a {{> csrf}} b"), format!("a {token} b"));
        assert_eq!(expanded("{{> csrf this}}"), token);
        assert_eq!(expanded("{{> csrf some.path}}"), format!("{{{{#with some.path}}}}{source}{{{{/with}}}}"));
        assert_eq!(expanded("{{> notice notice=x}}"), "{{> notice notice=x}}");
        let page = expanded("{{#> layout}}the page{{/layout}}");
        assert!(page.contains("the page") && page.contains("</html>") && !page.contains("{{>"), "{page}");
        assert!(named_partials().contains("error_summary"));
    }
}
