//! Values → SVG. Pure, and written into the page by the server: nothing has to run in the browser.
//!
//! Shape carries every distinction that colour carries. In the bars of the staffing gap positions across are in per cent
//! of the drawing's width and everything else is in pixels, so that text keeps its size at every width; the charts of the
//! KPIs, whose labels have to be kept apart, are drawn once for each of two widths ([`canvas::Layout`]).

pub mod canvas;
pub mod cascade;
pub mod distribution;
pub mod frontier;
pub mod funnel;
pub mod gap_bars;
pub mod grade;
pub mod grade_bars;
pub mod heat_map;
pub mod map;
pub mod ranges;
pub mod ranked;
pub mod run;
pub mod scatter;
pub mod scoreboard;
pub mod strata;
pub mod submissions;
pub mod tiles;

mod labels;
mod plot;
mod scale;
#[cfg(test)]
mod tests;

/// Text as it may stand in a drawing.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
