//! Values → SVG. Pure, and written into the page by the server: nothing has to run in the browser.
//!
//! Positions across are in per cent of the drawing's width and everything else is in pixels, so that text keeps its size
//! at every width, on paper too. Shape carries every distinction that colour carries.

pub mod gap_bars;
mod scale;

/// Text as it may stand in a drawing.
fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}
