//! `{{boxes kind name options}}`: the options of radios (`radio`), checkboxes (`checkbox`) or a select (`option`), each
//! an object with `id`, `value`, `text`, `checked` and `exclusive`.
//!
//! Written here and not by a template: a service chooses among every hospital and every area, and the engine would look
//! each of their fields up from the page's root, which took longer than all the rest of the page.

use handlebars::{
    Context, Handlebars, Helper, HelperDef, HelperResult, JsonValue, Output, RenderContext, RenderErrorReason,
    html_escape,
};

use super::wording::Say;

/// The helper, with what says a text in the reader's language.
pub(super) struct Boxes(pub(super) Say);

impl Boxes {
    /// Writes one option.
    fn write(&self, kind: &str, name: &str, option: &JsonValue, out: &mut String) {
        let field = |name: &str| html_escape(option.get(name).and_then(JsonValue::as_str).unwrap_or_default());
        let is = |name: &str| option.get(name).and_then(JsonValue::as_bool) == Some(true);
        let (value, text) = (field("value"), option.get("text").and_then(JsonValue::as_str).unwrap_or_default());
        if kind == "option" {
            let selected = if is("checked") { " selected" } else { "" };
            out.push_str(&format!("<option value=\"{value}\"{selected}>{}</option>", html_escape(&self.0.plain(text))));
            return;
        }
        let (block, group) = if kind == "radio" {
            ("nhsuk-radios", String::new())
        } else {
            let exclusive = if is("exclusive") { " data-checkbox-exclusive" } else { "" };
            ("nhsuk-checkboxes", format!("{exclusive} data-checkbox-exclusive-group=\"{name}\""))
        };
        let (id, checked) = (field("id"), if is("checked") { " checked" } else { "" });
        let label = self.0.marked(text);
        out.push_str(&format!(
            "<div class=\"{block}__item\"><input class=\"{block}__input\" id=\"{id}\" name=\"v.{name}\" type=\"{kind}\" \
             value=\"{value}\"{checked}{group}><label class=\"nhsuk-label {block}__label\" for=\"{id}\">{label}</label>\
             </div>"
        ));
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
            self.write(kind, &name, option, &mut written);
        }
        out.write(&written)?;
        Ok(())
    }
}
