//! The words of templates: `{{t "key" argument=value}}` prints a message of the catalogue, and `(t "key")` hands one on;
//! `{{say text}}` prints a text of the program in the reader's language, and `{{said text}}` marks it as English where
//! there is none in theirs. `{{moment at}}` prints a moment or a day.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use fluent_bundle::FluentArgs;
use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, JsonRender as _, JsonValue, Output, RenderContext,
    RenderError, RenderErrorReason, ScopedJson, html_escape,
};

use super::options::Boxes;
use crate::domain::questionnaire::translation::Translation;
use crate::locales::{Language, Value, Words};

/// Teaches a registry the words of a language. `templates` are all of them, by name.
/// `questionnaires` is what the questionnaires say in it. Gives what writes options outside a template.
pub(super) fn register(
    registry: &mut Handlebars<'static>,
    words: Words,
    questionnaires: Translation,
    templates: &[(&'static str, &'static str)],
) -> Boxes {
    let questionnaires = Arc::new(questionnaires);
    registry.register_helper("t", Box::new(Translate(words)));
    registry.register_helper("say", Box::new(Say { words, questionnaires: Arc::clone(&questionnaires), marks: false }));
    let marked = Say { words, questionnaires, marks: true };
    let boxes = Boxes(marked.clone());
    registry.register_helper("boxes", Box::new(boxes.clone()));
    registry.register_helper("said", Box::new(marked));
    let translated = templates.iter().filter(|(_, source)| source.contains("{{t \"")).map(|(name, _)| *name);
    registry.register_helper("main_language", Box::new(MainLanguage { words, translated: translated.collect() }));
    let foreign = if words.language() == Language::English { "" } else { " lang=\"en\"" };
    registry.register_helper("english", Box::new(Constant(foreign)));
    registry.register_helper("moment", Box::new(Moment(words)));
    registry.register_helper("typed", Box::new(typed));
    registry.register_helper("typed_choice", Box::new(typed_choice));
    boxes
}

/// `{{t "key" name=value …}}`
struct Translate(Words);

impl Translate {
    fn text(&self, helper: &Helper<'_>, escape: bool) -> Result<String, RenderError> {
        let key = helper.param(0).and_then(|key| key.value().as_str());
        let key = key.ok_or(RenderErrorReason::ParamNotFoundForIndex("t", 0))?;
        let hash = helper.hash();
        if hash.is_empty() {
            return Ok(self.0.t(key).into_owned());
        }
        let arguments: FluentArgs<'_> = hash
            .iter()
            .map(|(name, value)| {
                let value = match value.value() {
                    JsonValue::Number(number) => Value::from(number.as_f64().unwrap_or_default()),
                    other if escape => Value::from(html_escape(&other.render())),
                    other => Value::from(other.render()),
                };
                (*name, value)
            })
            .collect();
        Ok(self.0.formatted(key, Some(&arguments)).into_owned())
    }
}

impl HelperDef for Translate {
    /// Handed on to a partial or another helper, which escape it.
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        Ok(ScopedJson::Derived(JsonValue::from(self.text(helper, false)?)))
    }

    /// Printed where it stands: a message may hold markup, its arguments are escaped.
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        out.write(&self.text(helper, true)?)?;
        Ok(())
    }
}

/// `{{say text}}`, for attributes and options, and `{{said text}}`.
#[derive(Clone)]
pub(super) struct Say {
    words: Words,
    questionnaires: Arc<Translation>,
    /// Marks as English what is not translated.
    marks: bool,
}

impl Say {
    /// The text in the reader's language, if there is one.
    fn own(&self, english: &str) -> Option<Cow<'_, str>> {
        self.words.say(english).or_else(|| self.questionnaires.of(english).map(Cow::Borrowed))
    }

    /// The text in the reader's language, or as it is.
    pub(super) fn plain<'a>(&'a self, english: &'a str) -> Cow<'a, str> {
        self.own(english).unwrap_or(Cow::Borrowed(english))
    }

    /// The text as markup, in which what is not translated is marked as English.
    pub(super) fn marked(&self, english: &str) -> String {
        match self.own(english) {
            Some(own) => html_escape(&own),
            None if self.words.language() != Language::English && !english.is_empty() => {
                format!("<span lang=\"en\">{}</span>", html_escape(english))
            }
            None => html_escape(english),
        }
    }
}

impl HelperDef for Say {
    /// Handed on to another helper, which escapes it.
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let english = helper.param(0).map(|text| text.value().render()).unwrap_or_default();
        Ok(ScopedJson::Derived(JsonValue::from(self.plain(&english).into_owned())))
    }

    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let Some(value) = helper.param(0) else { return Ok(()) };
        let english = value.value().render();
        let said = if self.marks { self.marked(&english) } else { html_escape(&self.plain(&english)) };
        out.write(&said)?;
        Ok(())
    }
}

/// `{{moment at}}`: a moment or a day, as it is serialized, in the reader's language and by the clocks of the United
/// Kingdom; nothing where there is none.
struct Moment(Words);

impl HelperDef for Moment {
    fn call_inner<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
    ) -> Result<ScopedJson<'rc>, RenderError> {
        let text = helper.param(0).and_then(|at| at.value().as_str()).unwrap_or_default();
        let moment = text.parse::<DateTime<Utc>>().map(|at| self.0.moment(at));
        let words = moment.or_else(|_| text.parse::<NaiveDate>().map(|day| self.0.day(day))).unwrap_or_default();
        Ok(ScopedJson::Derived(JsonValue::from(words)))
    }
}

/// `{{main_language}}`: says that what stands within the frame is English, where its template was not translated.
struct MainLanguage {
    words: Words,
    translated: BTreeSet<&'static str>,
}

impl HelperDef for MainLanguage {
    fn call<'reg: 'rc, 'rc>(
        &self,
        _: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        context: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let of_page = context.get_root_template_name().map(String::as_str).unwrap_or_default();
        if self.words.language() != Language::English && !self.translated.contains(of_page) {
            out.write(" lang=\"en\"")?;
        }
        Ok(())
    }
}

/// `{{english}}`: says of an element that what stands in it is English, on pages that are not.
struct Constant(&'static str);

impl HelperDef for Constant {
    fn call<'reg: 'rc, 'rc>(
        &self,
        _: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        out.write(self.0)?;
        Ok(())
    }
}

/// What was typed into a field of this name before the language was switched.
fn typed_values<'a>(helper: &'a Helper<'_>) -> Option<&'a Vec<JsonValue>> {
    let name = helper.param(1)?.value().as_str()?;
    helper.param(0)?.value().get(name)?.as_array()
}

/// `{{typed @root.typed name value}}`: the value of a field, or what was typed before the language was switched.
fn typed(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let typed = typed_values(helper).and_then(|values| values.first());
    let value = typed.or_else(|| helper.param(2).map(handlebars::PathAndJson::value));
    out.write(&html_escape(&value.map(JsonValue::render).unwrap_or_default()))?;
    Ok(())
}

/// `{{typed_choice @root.typed name value chosen " checked"}}`: the last where the choice is made, or was before the
/// language was switched.
fn typed_choice(
    helper: &Helper<'_>,
    _: &Handlebars<'_>,
    _: &Context,
    _: &mut RenderContext<'_, '_>,
    out: &mut dyn Output,
) -> HelperResult {
    let chosen = match (typed_values(helper), helper.param(2)) {
        (Some(values), Some(value)) => values.contains(value.value()),
        _ => helper.param(3).is_some_and(|chosen| chosen.value().as_bool() == Some(true)),
    };
    if chosen {
        out.write(&helper.param(4).map(|word| word.value().render()).unwrap_or_default())?;
    }
    Ok(())
}
