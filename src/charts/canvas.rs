//! What every chart of the KPIs is drawn on: lines, text and marks in pixels, within a title and a description.
//!
//! A chart is drawn twice, for a wide and for a narrow place, and the page shows the one that fits; within each the
//! picture stretches as a whole, so labels that were kept apart stay apart. As a file of its own a drawing carries its
//! title, its notes, its size, its font and its colours.

use super::escape;

/// The colour of text and of most marks.
pub(super) const INK: &str = "#212b32";
/// Second lines, and what stands back.
pub(super) const QUIET: &str = "#4c6272";
/// Lines of the axis.
pub(super) const GRID: &str = "#d8dde0";
/// What carries the figures where no grade does.
pub(super) const BLUE: &str = "#005eb8";

/// The place that a drawing is made for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Layout {
    /// A desk, or paper.
    Wide,
    /// A telephone.
    Narrow,
}

impl Layout {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Wide, Self::Narrow];

    /// The width of a drawing.
    pub(super) fn width(self) -> f64 {
        match self {
            Self::Wide => 760.0,
            Self::Narrow => 340.0,
        }
    }

    /// One of two values.
    pub(super) fn pick<T>(self, wide: T, narrow: T) -> T {
        match self {
            Self::Wide => wide,
            Self::Narrow => narrow,
        }
    }
}

/// What stands round a drawing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Caption {
    /// What it shows, in a line.
    pub title: String,
    /// How to read it, for those who cannot see it.
    pub description: String,
    /// What whoever is handed the picture alone has to know: the rule, the method, that the figures are invented.
    pub notes: Vec<String>,
}

/// A chart without its caption.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    layout: Layout,
    height: f64,
    body: String,
}

impl Drawing {
    /// The drawing within a page; `id` is unique there.
    pub fn inline(&self, id: &str, caption: &Caption) -> String {
        let (id, title, description) = (escape(id), escape(&caption.title), escape(&caption.description));
        let (width, height) = (self.layout.width(), self.height);
        let class = self.layout.pick("wide", "narrow");
        format!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" class="app-kpi-chart app-kpi-chart--{class}" role="img" aria-labelledby="{id}-{class}-title {id}-{class}-desc" viewBox="0 0 {width:.0} {height:.0}" font-family="Arial, Helvetica, sans-serif" font-size="13" fill="{INK}"><title id="{id}-{class}-title">{title}</title><desc id="{id}-{class}-desc">{description}</desc>{}</svg>"#,
            self.body
        )
    }

    /// The drawing as a file: with its title and notes in print, on white.
    pub fn standalone(&self, caption: &Caption) -> String {
        let margin = 16.0;
        let width = self.layout.width();
        let mut head = Canvas::new(self.layout);
        let mut top = 0.0;
        for line in wrapped(&caption.title, 18.0, width) {
            top += 24.0;
            head.text(Text { bold: true, size: 18.0, ..Text::at(0.0, top - 4.0) }, &line);
        }
        let mut foot = Canvas::new(self.layout);
        let mut below = 8.0;
        for line in caption.notes.iter().flat_map(|note| wrapped(note, 11.0, width)) {
            below += 15.0;
            foot.text(Text { size: 11.0, fill: QUIET, ..Text::at(0.0, below - 4.0) }, &line);
        }
        top += 8.0;
        let (all_width, all_height) = (width + 2.0 * margin, top + self.height + below + 2.0 * margin);
        let (title, description) = (escape(&caption.title), escape(&caption.description));
        format!(
            r##"<svg xmlns="http://www.w3.org/2000/svg" width="{all_width:.0}" height="{all_height:.0}" viewBox="0 0 {all_width:.0} {all_height:.0}" role="img" aria-labelledby="title desc" font-family="Arial, Helvetica, sans-serif" font-size="13" fill="{INK}"><title id="title">{title}</title><desc id="desc">{description}</desc><rect width="100%" height="100%" fill="#ffffff"/><g transform="translate({margin} {margin})">{}<g transform="translate(0 {top:.0})">{}</g><g transform="translate(0 {:.0})">{}</g></g></svg>
"##,
            head.body,
            self.body,
            top + self.height,
            foot.body
        )
    }
}

/// Where text is hung.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Anchor {
    Start,
    Middle,
    End,
}

/// How a text stands: its base line begins, has its middle or ends at a point.
#[derive(Debug, Clone, Copy)]
pub(super) struct Text {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) anchor: Anchor,
    pub(super) size: f64,
    pub(super) bold: bool,
    pub(super) fill: &'static str,
    /// An edge of white round the letters, for text over lines and marks.
    pub(super) edged: bool,
}

impl Text {
    pub(super) fn at(x: f64, y: f64) -> Self {
        Self { x, y, anchor: Anchor::Start, size: 13.0, bold: false, fill: INK, edged: false }
    }

    pub(super) fn middle(self) -> Self {
        Self { anchor: Anchor::Middle, ..self }
    }

    pub(super) fn end(self) -> Self {
        Self { anchor: Anchor::End, ..self }
    }

    pub(super) fn sized(self, size: f64) -> Self {
        Self { size, ..self }
    }

    pub(super) fn bold(self) -> Self {
        Self { bold: true, ..self }
    }

    pub(super) fn quiet(self) -> Self {
        Self { fill: QUIET, ..self }
    }

    pub(super) fn edged(self) -> Self {
        Self { edged: true, ..self }
    }
}

/// The shape of a mark; every distinction of colour has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Circle,
    Square,
    Diamond,
    Up,
    Down,
}

/// A line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stroke {
    pub(super) colour: &'static str,
    pub(super) width: f64,
    pub(super) dash: &'static str,
}

impl Stroke {
    pub(super) fn new(colour: &'static str, width: f64) -> Self {
        Self { colour, width, dash: "" }
    }

    pub(super) fn dashed(self, dash: &'static str) -> Self {
        Self { dash, ..self }
    }

    fn attributes(self) -> String {
        let dash = if self.dash.is_empty() { String::new() } else { format!(r#" stroke-dasharray="{}""#, self.dash) };
        format!(r#" stroke="{}" stroke-width="{}"{dash}"#, self.colour, self.width)
    }
}

/// What is drawn on.
#[derive(Debug)]
pub(super) struct Canvas {
    layout: Layout,
    body: String,
}

impl Canvas {
    pub(super) fn new(layout: Layout) -> Self {
        Self { layout, body: String::new() }
    }

    pub(super) fn finish(self, height: f64) -> Drawing {
        Drawing { layout: self.layout, height: height.ceil(), body: self.body }
    }

    pub(super) fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: Stroke) {
        self.body.push_str(&format!(
            r#"<line x1="{:.1}" y1="{:.1}" x2="{:.1}" y2="{:.1}"{}/>"#,
            from.0,
            from.1,
            to.0,
            to.1,
            stroke.attributes()
        ));
    }

    /// A line through points; it is broken where there is none.
    pub(super) fn polyline(&mut self, points: &[Option<(f64, f64)>], stroke: Stroke) {
        let mut path = String::new();
        let mut pen_down = false;
        for point in points {
            if let Some((x, y)) = point {
                path.push_str(&format!("{}{x:.1} {y:.1}", if pen_down { 'L' } else { 'M' }));
            }
            pen_down = point.is_some();
        }
        if !path.is_empty() {
            self.body
                .push_str(&format!(r#"<path d="{path}" fill="none" stroke-linejoin="round"{}/>"#, stroke.attributes()));
        }
    }

    /// Many dots of one kind as one path: ten thousand of them stay small.
    pub(super) fn dots(&mut self, points: impl IntoIterator<Item = (f64, f64)>, colour: &str, size: f64) {
        let path = joined(points.into_iter().map(|(x, y)| format!("M{x:.1} {y:.1}h0")));
        if !path.is_empty() {
            self.body.push_str(&format!(
                r#"<path d="{path}" fill="none" stroke="{colour}" stroke-width="{size}" stroke-linecap="round"/>"#
            ));
        }
    }

    /// Many upright lines of one kind as one path.
    pub(super) fn whiskers(&mut self, lines: impl IntoIterator<Item = (f64, f64, f64)>, stroke: Stroke) {
        let path = joined(lines.into_iter().map(|(x, from, to)| format!("M{x:.1} {from:.1}V{to:.1}")));
        if !path.is_empty() {
            self.body.push_str(&format!(r#"<path d="{path}" fill="none"{}/>"#, stroke.attributes()));
        }
    }

    /// Shapes given by their path.
    pub(super) fn path(&mut self, path: &str, fill: &str, stroke: Option<Stroke>) {
        let stroke = stroke.map(Stroke::attributes).unwrap_or_default();
        self.body.push_str(&format!(r#"<path d="{path}" fill="{fill}"{stroke}/>"#));
    }

    pub(super) fn rect(&mut self, corner: (f64, f64), size: (f64, f64), fill: &str, stroke: Option<Stroke>) {
        let stroke = stroke.map(Stroke::attributes).unwrap_or_default();
        self.body.push_str(&format!(
            r#"<rect x="{:.1}" y="{:.1}" width="{:.1}" height="{:.1}" fill="{fill}"{stroke}/>"#,
            corner.0,
            corner.1,
            size.0.max(0.0),
            size.1.max(0.0)
        ));
    }

    pub(super) fn circle(&mut self, centre: (f64, f64), radius: f64, fill: &str, stroke: Option<Stroke>) {
        let stroke = stroke.map(Stroke::attributes).unwrap_or_default();
        self.body.push_str(&format!(
            r#"<circle cx="{:.1}" cy="{:.1}" r="{radius:.1}" fill="{fill}"{stroke}/>"#,
            centre.0, centre.1
        ));
    }

    /// A mark of a shape, about `size` wide.
    pub(super) fn mark(&mut self, shape: Shape, (x, y): (f64, f64), size: f64, fill: &str, edge: &'static str) {
        let r = size / 2.0;
        let stroke = Some(Stroke::new(edge, 1.0));
        match shape {
            Shape::Circle => self.circle((x, y), r, fill, stroke),
            Shape::Square => self.rect((x - r * 0.9, y - r * 0.9), (r * 1.8, r * 1.8), fill, stroke),
            Shape::Diamond => {
                let r = r * 1.2;
                self.path(&format!("M{x:.1} {:.1}l{r:.1} {r:.1}l-{r:.1} {r:.1}l-{r:.1} -{r:.1}z", y - r), fill, stroke);
            }
            Shape::Up | Shape::Down => {
                let (r, up) = (r * 1.15, if shape == Shape::Up { 1.0 } else { -1.0 });
                let path = format!(
                    "M{x:.1} {:.1}L{:.1} {:.1}L{:.1} {:.1}z",
                    y - r * up,
                    x + r,
                    y + r * 0.8 * up,
                    x - r,
                    y + r * 0.8 * up
                );
                self.path(&path, fill, stroke);
            }
        }
    }

    /// The ring round the reader's own service.
    pub(super) fn ring(&mut self, centre: (f64, f64), radius: f64) {
        self.circle(centre, radius, "none", Some(Stroke::new("#ffffff", 4.0)));
        self.circle(centre, radius, "none", Some(Stroke::new(INK, 2.0)));
    }

    pub(super) fn text(&mut self, how: Text, words: &str) {
        let anchor = match how.anchor {
            Anchor::Start => "",
            Anchor::Middle => r#" text-anchor="middle""#,
            Anchor::End => r#" text-anchor="end""#,
        };
        let weight = if how.bold { r#" font-weight="bold""# } else { "" };
        let fill = if how.fill == INK { String::new() } else { format!(r#" fill="{}""#, how.fill) };
        let edge = if how.edged {
            r##" stroke="#ffffff" stroke-width="3" stroke-linejoin="round" paint-order="stroke""##
        } else {
            ""
        };
        let size = if (how.size - 13.0).abs() < 0.05 { String::new() } else { format!(r#" font-size="{}""#, how.size) };
        self.body.push_str(&format!(
            r#"<text x="{:.1}" y="{:.1}"{anchor}{size}{weight}{fill}{edge}>{}</text>"#,
            how.x,
            how.y,
            escape(words)
        ));
    }
}

/// About how wide a text is in Arial, in pixels.
pub(super) fn text_width(words: &str, size: f64) -> f64 {
    let of = |letter: char| match letter {
        'i' | 'j' | 'l' | '\'' | '|' => 0.23,
        ' ' | '.' | ',' | ':' | ';' | '!' | 't' | 'f' | 'I' | '/' => 0.29,
        'r' | '-' | '(' | ')' => 0.34,
        'm' | 'M' | 'W' | '%' => 0.87,
        'w' | 'A'..='Z' | '&' => 0.72,
        _ => 0.56,
    };
    words.chars().map(of).sum::<f64>() * size
}

/// The longest beginning of a text that fits, with an ellipsis where something is left out.
pub(super) fn shortened(words: &str, size: f64, room: f64) -> String {
    if text_width(words, size) <= room {
        return words.to_owned();
    }
    let mut kept = String::new();
    for letter in words.chars() {
        if text_width(&kept, size) + text_width("W…", size) > room {
            break;
        }
        kept.push(letter);
    }
    format!("{}…", kept.trim_end_matches([' ', ',']))
}

/// A text in lines that fit.
pub(super) fn wrapped(words: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in words.split_whitespace() {
        match lines.last_mut() {
            Some(line) if text_width(line, size) + text_width(" ", size) + text_width(word, size) <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

/// The parts of a path, one after the other.
fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_stands_by_itself() {
        let mut canvas = Canvas::new(Layout::Wide);
        canvas.text(Text::at(0.0, 10.0), "A & B <FLS>");
        let drawing = canvas.finish(100.0);
        let caption = Caption {
            title: "Services & <years>".into(),
            description: "One dot a service.".into(),
            notes: vec!["Synthetic data: every figure is invented. ".repeat(8)],
        };
        let file = drawing.standalone(&caption);
        for part in ["width=\"792\"", "font-family=\"Arial", "<title id=\"title\">Services &amp; &lt;years&gt;</title>"]
        {
            assert!(file.contains(part), "{part} in {file}");
        }
        assert!(file.matches("Synthetic data").count() >= 8, "{file}");
        assert!(!file.contains("class=") && !file.contains("style=") && !file.contains("<FLS>"), "{file}");
        let inline = drawing.inline("x", &caption);
        assert!(inline.contains("viewBox=\"0 0 760 100\"") && inline.contains("id=\"x-wide-title\""), "{inline}");
    }

    #[test]
    fn text_is_wrapped_and_shortened_to_its_room() {
        let lines = wrapped("a rather long sentence that has to be broken somewhere", 13.0, 120.0);
        assert!(lines.len() > 1 && lines.iter().all(|line| text_width(line, 13.0) <= 120.0), "{lines:?}");
        assert_eq!(shortened("FLS001", 13.0, 200.0), "FLS001");
        let cut = shortened("Quarnworth Fracture Liaison Service", 13.0, 90.0);
        assert!(cut.ends_with('…') && text_width(&cut, 13.0) <= 90.0, "{cut}");
    }

    #[test]
    fn a_line_is_broken_where_a_point_is_missing() {
        let mut canvas = Canvas::new(Layout::Narrow);
        canvas.polyline(&[Some((0.0, 1.0)), Some((1.0, 1.0)), None, Some((3.0, 1.0))], Stroke::new(INK, 1.0));
        assert!(canvas.body.contains("M0.0 1.0L1.0 1.0M3.0 1.0"), "{}", canvas.body);
    }
}
