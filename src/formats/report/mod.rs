//! The national report as a document: sections of sentences, tables and pictures, which the page, the file, the workbook
//! and the JSON all print, so that none of them can say what another does not.

mod workbook;

use std::borrow::Cow;

use handlebars::Handlebars;
use serde::Serialize;

use super::cascade::cascade_steps;
use super::table::{Cell, Table};
use crate::charts::canvas::{Caption, Drawing, Layout};
use crate::charts::cascade::cascade as draw_cascade;
use crate::charts::map::{Bubble, MapChart, map};
use crate::charts::tiles::Tile;
use crate::domain::cut::CutQuote;
use crate::domain::kpi::cascade::Cascade;
use crate::domain::report::Phrase;
use crate::locales::{Value, Words};

pub use workbook::report_workbook;

/// The sections, for whoever puts them into a page.
pub const BODY: &str = include_str!("body.hbs");

/// The report of a round.
#[derive(Debug, Clone)]
pub struct Document {
    /// Audit year.
    pub year: i32,
    /// The round under its names.
    pub names: Phrase,
    /// What stands over it.
    pub standing: Vec<Phrase>,
    /// The data cut that it quotes.
    pub cut: Option<CutQuote>,
    /// Every figure is invented.
    pub synthetic: bool,
    /// The sections, in order.
    pub sections: Vec<Section>,
}

/// A section.
#[derive(Debug, Clone)]
pub struct Section {
    /// Its id, which addresses and workbooks name it by.
    pub id: &'static str,
    /// Its heading, in English.
    pub title: &'static str,
    /// What it holds.
    pub blocks: Vec<Block>,
}

/// A part of a section.
#[derive(Debug, Clone)]
pub enum Block {
    /// A paragraph.
    Says(Vec<Phrase>),
    /// A list.
    Points(Vec<Phrase>),
    /// A heading within the section, a text of the program.
    Heading(String),
    /// Sentences that the program has in English, and in other languages where they are translated.
    English(Vec<String>),
    /// A table.
    Table(Table),
    /// A picture.
    Picture {
        /// Its id within the document.
        id: &'static str,
        /// What is drawn.
        picture: Picture,
        /// What it shows, in short.
        title: Phrase,
        /// What is to be seen, for whoever does not see it.
        description: Phrase,
    },
}

/// What a picture is drawn from, in whichever language.
#[derive(Debug, Clone)]
pub enum Picture {
    /// The cascade in people.
    Cascade(Cascade),
    /// Services and areas on the map.
    Map {
        /// The services, and the hospitals that no service covers.
        bubbles: Vec<Bubble>,
        /// The areas.
        tiles: Vec<Tile>,
    },
}

impl Picture {
    /// How it is drawn, wide and narrow.
    fn drawings(&self, words: Words) -> [Drawing; 2] {
        match self {
            Self::Cascade(cascade) => {
                let steps = cascade_steps(cascade, words);
                Layout::ALL.map(|layout| draw_cascade(&steps, words, layout))
            }
            Self::Map { bubbles, tiles } => Layout::ALL.map(|layout| map(&MapChart { bubbles, tiles, words }, layout)),
        }
    }
}

/// A text, and whether it is English where the document is not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Text {
    /// The words.
    pub text: String,
    /// They are English in a document of another language.
    pub english: bool,
}

impl Text {
    fn own(text: String) -> Self {
        Self { text, english: false }
    }

    /// A text of the program in the words of a language.
    pub fn said(words: Words, english: &str) -> Self {
        let is_english = words.language() == crate::locales::Language::English;
        if let Some(text) = words.say(english).map(Cow::into_owned).or_else(|| composed(words, english)) {
            return Self::own(text);
        }
        // Figures and codes are the same in every language.
        let has_words = english.split(|c: char| !c.is_alphabetic()).any(|word| word.chars().count() > 2);
        Self { text: english.to_owned(), english: !is_english && has_words }
    }
}

/// The words of a text that is put together: `KPI 4`, `KPI 4: Assessment within 90 days`, `The method, 2019 and 2021`,
/// `12 of 70`, `12 of 300, 70 services`, `+0.23 to +0.62`, `+4.5 points`, `Clinical lead` of the name `a clinical lead`.
fn composed(words: Words, english: &str) -> Option<String> {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let is_figure = |text: &str| text.chars().any(char::is_numeric) && !text.chars().any(char::is_alphabetic);
    let figures = |between: &str| {
        let (one, other) = english.split_once(between)?;
        (is_figure(one) && is_figure(other)).then_some((one, other))
    };
    let kpi = |text: &str| {
        let number = text.strip_prefix("KPI ").filter(|number| is_number(number))?;
        words.say("KPI").map(|kpi| format!("{kpi} {number}"))
    };
    let both = |key, names: [&'static str; 2], (one, other): (&str, &str)| {
        words.phrase(&Phrase::new(key).text(names[0], one).text(names[1], other))
    };
    if let Some(named) = kpi(english) {
        return Some(named);
    }
    if let Some(found) = figures(" of ") {
        return Some(both("report-is-of", ["part", "whole"], found));
    }
    if let Some(found) = figures(" to ") {
        return Some(both("report-from-to", ["low", "high"], found));
    }
    for (unit, key) in [(" points", "report-points"), (" services", "report-services")] {
        if let Some(value) = english.strip_suffix(unit).filter(|value| is_figure(value)) {
            return Some(words.phrase(&Phrase::new(key).text("value", value)));
        }
    }
    if english.starts_with(|first: char| first.is_numeric())
        && let Some((one, rest)) = english.split_once(", ")
    {
        let one = if is_figure(one) { one.to_owned() } else { composed(words, one)? };
        return Some(format!("{one}, {}", composed(words, rest)?));
    }
    if let Some((head, name)) = english.split_once(": ") {
        let head = kpi(head).or_else(|| words.say(head).map(Cow::into_owned))?;
        return Some(format!("{head}: {}", words.say(name)?));
    }
    named(words, english).or_else(|| {
        let (name, years) = english.rsplit_once(", ")?;
        let years: Vec<&str> = years.split(" and ").collect();
        let name = years.iter().all(|year| is_number(year)).then(|| words.say(name))??;
        Some(format!("{name}, {}", years.join(&format!(" {} ", words.say("and")?))))
    })
}

/// The heading that a name makes: its words with a capital.
fn named(words: Words, heading: &str) -> Option<String> {
    let mut letters = heading.chars();
    let name: String = letters.next()?.to_lowercase().chain(letters).collect();
    let said = words.say(&name).or_else(|| words.say(&format!("a {name}")))?;
    Some(super::display::capitalised(&said))
}

#[derive(Debug, Serialize)]
struct HeadView {
    text: Text,
    numeric: bool,
}

#[derive(Debug, Serialize)]
struct CellView {
    text: Text,
    beside: Option<Text>,
    numeric: bool,
    first: bool,
    /// The column holds nothing long, and is not broken into lines.
    short: bool,
}

/// Characters of a text that stays in one line.
const SHORT: usize = 16;

#[derive(Debug, Serialize)]
struct TableView {
    caption: Text,
    heads: Vec<HeadView>,
    rows: Vec<Vec<CellView>>,
    /// It has so many columns that it is set smaller.
    dense: bool,
}

#[derive(Debug, Serialize)]
struct PictureView {
    title: String,
    svg: Vec<String>,
}

/// A block as the template takes it; one of them is there.
#[derive(Debug, Default, Serialize)]
struct BlockView {
    paragraph: Option<Vec<Text>>,
    points: Option<Vec<Text>>,
    heading: Option<Text>,
    table: Option<TableView>,
    picture: Option<PictureView>,
}

#[derive(Debug, Serialize)]
struct SectionView {
    id: &'static str,
    title: Text,
    blocks: Vec<BlockView>,
}

/// A document in the words of a language, as the templates take it.
#[derive(Debug, Serialize)]
pub struct DocumentView {
    year: i32,
    language: &'static str,
    title: String,
    names: String,
    contents: String,
    standing: Vec<Text>,
    cut: Option<String>,
    synthetic: Option<String>,
    sections: Vec<SectionView>,
}

impl Document {
    /// The document in the words of a language.
    pub fn view(&self, words: Words) -> DocumentView {
        let section = |section: &Section| SectionView {
            id: section.id,
            title: Text::said(words, section.title),
            blocks: section.blocks.iter().map(|block| BlockView::new(words, block)).collect(),
        };
        DocumentView {
            year: self.year,
            language: words.language().as_str(),
            title: words.with("report-title", &[("year", Value::from(self.year.to_string()))]),
            names: super::display::capitalised(&words.phrase(&self.names)),
            contents: words.t("report-contents").into_owned(),
            standing: self.standing.iter().map(|said| Text::own(words.phrase(said))).collect(),
            cut: self.cut.as_ref().map(|cut| words.data_cut(cut)),
            synthetic: self.synthetic.then(|| words.t("report-synthetic").into_owned()),
            sections: self.sections.iter().map(section).collect(),
        }
    }

    /// A file of its own, with everything that it needs to be read and printed. An error is a bug in a template.
    pub fn html(&self, words: Words) -> Result<String, String> {
        let mut registry = Handlebars::new();
        registry.set_strict_mode(true);
        registry.register_partial("report_body", BODY).map_err(|error| error.to_string())?;
        let file = include_str!("file.hbs");
        let view = serde_json::json!({ "content": self.view(words) });
        registry.render_template(file, &view).map_err(|error| error.to_string())
    }

    /// Every sentence of a section, in the words of a language.
    pub fn sentences(section: &Section, words: Words) -> Vec<String> {
        let mut said = Vec::new();
        for block in &section.blocks {
            match block {
                Block::Says(phrases) | Block::Points(phrases) => {
                    said.extend(phrases.iter().map(|one| words.phrase(one)));
                }
                Block::English(sentences) => {
                    said.extend(sentences.iter().map(|sentence| Text::said(words, sentence).text));
                }
                Block::Heading(_) | Block::Table(_) | Block::Picture { .. } => {}
            }
        }
        said
    }
}

impl BlockView {
    fn new(words: Words, block: &Block) -> Self {
        let said = |phrases: &[Phrase]| phrases.iter().map(|one| Text::own(words.phrase(one))).collect();
        match block {
            Block::Says(phrases) => Self { paragraph: Some(said(phrases)), ..Self::default() },
            Block::Points(phrases) => Self { points: Some(said(phrases)), ..Self::default() },
            Block::English(sentences) => {
                let sentences = sentences.iter().map(|sentence| Text::said(words, sentence)).collect();
                Self { paragraph: Some(sentences), ..Self::default() }
            }
            Block::Heading(text) => Self { heading: Some(Text::said(words, text)), ..Self::default() },
            Block::Table(table) => Self { table: Some(TableView::new(words, table)), ..Self::default() },
            Block::Picture { id, picture, title, description } => {
                let (title, description) = (words.phrase(title), words.phrase(description));
                let caption = Caption { title: title.clone(), description, notes: Vec::new() };
                let drawings = picture.drawings(words);
                let svg = drawings.iter().map(|drawing| drawing.inline(id, &caption)).collect();
                let picture = PictureView { title, svg };
                Self { picture: Some(picture), ..Self::default() }
            }
        }
    }
}

impl TableView {
    fn new(words: Words, table: &Table) -> Self {
        let shown = || table.columns.iter().enumerate().filter(|(_, column)| !column.heading.is_empty());
        let heads: Vec<HeadView> = shown()
            .map(|(_, column)| HeadView { text: Text::said(words, column.heading), numeric: column.numeric })
            .collect();
        let is_dense = heads.len() > 7;
        let is_short = |place: usize| {
            let mut cells = table.rows.iter().filter_map(|row| row.cells.get(place));
            !is_dense && cells.all(|cell| cell.shown.chars().count() <= SHORT)
        };
        let short: Vec<bool> = (0..table.columns.len()).map(is_short).collect();
        let cell = |place: usize, numeric: bool, cell: &Cell| CellView {
            short: short.get(place).is_some_and(|short| *short),
            text: Text::said(words, &cell.shown),
            beside: (!cell.beside.is_empty()).then(|| Text::said(words, &cell.beside)),
            numeric,
            first: place == 0,
        };
        let rows = table.rows.iter().map(|row| {
            let cells = shown().filter_map(|(place, column)| Some(cell(place, column.numeric, row.cells.get(place)?)));
            cells.collect()
        });
        Self { caption: Text::said(words, &table.caption), dense: is_dense, rows: rows.collect(), heads }
    }
}
