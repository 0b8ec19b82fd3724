//! `{{boxes kind name options}}`: the options of radios (`radio`), checkboxes (`checkbox`) or a select (`option`), each
//! an object with `value`, `text`, and where they are true `checked` and `exclusive`. Its id is `v-name-value`.
//!
//! Written here and not by a template: a service chooses among every hospital and every area, and the engine would look
//! each of their fields up from the page's root, which took longer than all the rest of the page. The hundreds of hospitals
//! of other services do not even become values of the engine: [`Boxes::all`] writes them as they are.

use std::fmt::{self, Write as _};

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, JsonValue, Output, RenderContext, RenderErrorReason,
    html_escape,
};

use serde::Serialize;

use super::wording::Say;

/// One option of radios, checkboxes or a select.
#[derive(Debug, Clone, Serialize)]
pub(super) struct OptionView {
    /// What is sent.
    pub(super) value: String,
    /// What stands beside it.
    pub(super) text: String,
    /// It is chosen. (Left out where it is not, as nearly everywhere.)
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) checked: bool,
    /// Choosing it takes back the others.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(super) exclusive: bool,
}

/// The same as the writer takes it.
#[derive(Clone, Copy)]
struct Written<'a> {
    value: &'a str,
    text: &'a str,
    checked: bool,
    exclusive: bool,
}

impl<'a> From<&'a OptionView> for Written<'a> {
    fn from(option: &'a OptionView) -> Self {
        let OptionView { value, text, checked, exclusive } = option;
        Self { value, text, checked: *checked, exclusive: *exclusive }
    }
}

impl<'a> From<&'a JsonValue> for Written<'a> {
    fn from(option: &'a JsonValue) -> Self {
        let field = |name: &str| option.get(name).and_then(JsonValue::as_str).unwrap_or_default();
        let is = |name: &str| option.get(name).and_then(JsonValue::as_bool) == Some(true);
        Self { value: field("value"), text: field("text"), checked: is("checked"), exclusive: is("exclusive") }
    }
}

/// The helper, with what says a text in the reader's language.
#[derive(Clone)]
pub(super) struct Boxes(pub(super) Say);

impl Boxes {
    /// The markup of options, outside a template.
    pub(super) fn all(&self, kind: &str, name: &str, options: &[OptionView]) -> Result<String, fmt::Error> {
        let mut written = String::with_capacity(options.len() * 320);
        for option in options {
            self.write(kind, &html_escape(name), option.into(), &mut written)?;
        }
        Ok(written)
    }

    /// Writes one option.
    fn write(&self, kind: &str, name: &str, option: Written<'_>, out: &mut String) -> fmt::Result {
        let (value, text) = (html_escape(option.value), option.text);
        if kind == "option" {
            let selected = if option.checked { " selected" } else { "" };
            return write!(out, "<option value=\"{value}\"{selected}>{}</option>", html_escape(&self.0.plain(text)));
        }
        let block = if kind == "radio" { "nhsuk-radios" } else { "nhsuk-checkboxes" };
        write!(
            out,
            "<div class=\"{block}__item\"><input class=\"{block}__input\" id=\"v-{name}-{value}\" name=\"v.{name}\" \
             type=\"{kind}\" value=\"{value}\""
        )?;
        if option.checked {
            out.push_str(" checked");
        }
        if kind != "radio" {
            let exclusive = if option.exclusive { " data-checkbox-exclusive" } else { "" };
            write!(out, "{exclusive} data-checkbox-exclusive-group=\"{name}\"")?;
        }
        let label = self.0.marked(text);
        write!(out, "><label class=\"nhsuk-label {block}__label\" for=\"v-{name}-{value}\">{label}</label></div>")
    }
}

impl HelperDef for Boxes {
    fn call<'reg: 'rc, 'rc>(
        &self,
        helper: &Helper<'rc>,
        _: &'reg Handlebars<'reg>,
        _: &'rc Context,
        _: &mut RenderContext<'reg, 'rc>,
        out: &mut dyn Output,
    ) -> HelperResult {
        let text = |place| helper.param(place).and_then(|param| param.value().as_str());
        let kind = text(0).ok_or(RenderErrorReason::ParamNotFoundForIndex("boxes", 0))?;
        let name = html_escape(text(1).unwrap_or_default());
        let options = helper.param(2).and_then(|options| options.value().as_array());
        let mut written = String::new();
        for option in options.into_iter().flatten() {
            self.write(kind, &name, option.into(), &mut written)
                .map_err(|error| RenderErrorReason::Other(error.to_string()))?;
        }
        out.write(&written)?;
        Ok(())
    }
}
