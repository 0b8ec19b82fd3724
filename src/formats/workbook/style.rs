//! How cells look: fonts, colours, number formats.

use rust_xlsxwriter::{Color, Format, FormatAlign, FormatBorder};

use crate::domain::workforce::standard::Role;

const INK: u32 = 0x0021_2B32;
const BLUE: u32 = 0x0000_5EB8;
pub(super) const NAVY: u32 = 0x0000_3087;
pub(super) const PALE_BLUE: u32 = 0x009F_C5E8;
const TEAL: u32 = 0x0000_6F73;
pub(super) const RED: u32 = 0x00B0_101A;
pub(super) const GREY: u32 = 0x00D8_DDE0;
const INPUT: u32 = 0x00FF_F2CC;

/// How a cell looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Style {
    /// Title of a sheet.
    Title,
    /// The line that says that all is invented.
    Warning,
    /// A line under the title.
    Lead,
    /// Column header.
    Header(Group, Look),
    /// A heading between rows.
    Section,
    /// Text in one line.
    Text,
    /// Text over several lines.
    Wrapped,
    /// Whole numbers: people, services, cases.
    Count,
    /// WTE, two places.
    Wte,
    /// Probabilities, three places.
    Probability,
    /// Pounds a year.
    Pounds,
    /// Ratios, as a percentage with one place.
    Percent,
    /// A calendar year.
    Year,
    /// A cell to type a whole number into.
    InputCount,
    /// A cell to type a ratio into.
    InputRatio,
    /// A cell to type a percentage into.
    InputPercent,
    /// A cell to type pounds into.
    InputPounds,
    /// A question.
    Question,
    /// An option or a post under a question.
    Part,
    /// A cell to answer in, on a sheet that is locked: text.
    AnswerText,
    /// The same for a whole number.
    AnswerCount,
    /// The same for a number with two places.
    AnswerWte,
}

/// What a column is about; each has its own header colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Group {
    /// Who, where, how many people.
    Subject,
    /// A role's figures.
    Role(Role),
}

/// How a column's header stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Look {
    /// Over text.
    Words,
    /// Over figures.
    Figures,
    /// Upright, over narrow figures: a wide table fits a page, and its headers keep their words.
    Turned,
}

impl Style {
    /// Every one, always in the same order.
    pub(super) fn all() -> impl Iterator<Item = Self> {
        const OTHERS: [Style; 21] = [
            Style::Title,
            Style::Warning,
            Style::Lead,
            Style::Section,
            Style::Text,
            Style::Wrapped,
            Style::Count,
            Style::Wte,
            Style::Probability,
            Style::Pounds,
            Style::Percent,
            Style::Year,
            Style::InputCount,
            Style::InputRatio,
            Style::InputPercent,
            Style::InputPounds,
            Style::Question,
            Style::Part,
            Style::AnswerText,
            Style::AnswerCount,
            Style::AnswerWte,
        ];
        let groups = [Group::Subject].into_iter().chain(Role::ALL.map(Group::Role));
        let header = |group| [Look::Words, Look::Figures, Look::Turned].map(|look| Self::Header(group, look));
        groups.flat_map(header).chain(OTHERS)
    }

    /// It is not seen where a cell is empty.
    pub(super) fn suits_a_column(self) -> bool {
        matches!(
            self,
            Self::Text
                | Self::Wrapped
                | Self::Count
                | Self::Wte
                | Self::Probability
                | Self::Pounds
                | Self::Percent
                | Self::Year
        )
    }

    pub(super) fn format(self) -> Format {
        let base = Format::new().set_font_name("Arial").set_font_size(10).set_font_color(Color::RGB(INK));
        let cell = || base.clone().set_align(FormatAlign::Top);
        let input = || {
            cell()
                .set_background_color(Color::RGB(INPUT))
                .set_border(FormatBorder::Thin)
                .set_border_color(Color::RGB(BLUE))
                .set_bold()
                .set_unlocked()
        };
        let answer = || {
            let fill = cell().set_background_color(Color::RGB(INPUT)).set_unlocked();
            fill.set_border(FormatBorder::Thin).set_border_color(Color::RGB(GREY))
        };
        match self {
            Self::Title => base.set_font_size(14).set_bold(),
            Self::Warning => base.set_font_size(12).set_bold().set_font_color(Color::RGB(RED)),
            Self::Lead => base,
            Self::Header(group, look) => {
                let fill = match group {
                    Group::Subject => BLUE,
                    Group::Role(Role::Nurse) => NAVY,
                    Group::Role(Role::Administrator) => TEAL,
                };
                let header =
                    base.set_bold().set_font_color(Color::White).set_background_color(Color::RGB(fill)).set_text_wrap();
                match look {
                    Look::Words => header.set_align(FormatAlign::Bottom).set_align(FormatAlign::Left).set_indent(1),
                    Look::Figures => header.set_align(FormatAlign::Bottom).set_align(FormatAlign::Right),
                    Look::Turned => header.set_align(FormatAlign::Bottom).set_rotation(90),
                }
            }
            Self::Section => {
                cell().set_bold().set_background_color(Color::RGB(GREY)).set_align(FormatAlign::Left).set_indent(1)
            }
            Self::Text => cell().set_align(FormatAlign::Left).set_indent(1),
            Self::Wrapped => cell().set_text_wrap().set_align(FormatAlign::Left).set_indent(1),
            // A word in a column of figures ("n/a") lines up with them.
            Self::Count => cell().set_num_format("#,##0").set_align(FormatAlign::Right),
            Self::Wte => cell().set_num_format("0.00").set_align(FormatAlign::Right),
            Self::Probability => cell().set_num_format("0.000").set_align(FormatAlign::Right),
            Self::Pounds => cell().set_num_format("£#,##0").set_align(FormatAlign::Right),
            Self::Percent => cell().set_num_format("0.0%").set_align(FormatAlign::Right),
            Self::Year => cell().set_num_format("0").set_align(FormatAlign::Left).set_indent(1),
            Self::InputCount => input().set_num_format("#,##0").set_align(FormatAlign::Right),
            Self::InputRatio => input().set_num_format("0.00##").set_align(FormatAlign::Right),
            Self::InputPercent => input().set_num_format("0.0%").set_align(FormatAlign::Right),
            Self::InputPounds => input().set_num_format("£#,##0").set_align(FormatAlign::Right),
            Self::Question => cell().set_bold().set_text_wrap().set_align(FormatAlign::Left),
            Self::Part => cell().set_text_wrap().set_align(FormatAlign::Left).set_indent(2),
            // As text, so that no program makes a date of 2015-04.
            Self::AnswerText => answer().set_num_format("@").set_text_wrap().set_align(FormatAlign::Left),
            Self::AnswerCount => answer().set_num_format("#,##0").set_align(FormatAlign::Right),
            Self::AnswerWte => answer().set_num_format("0.##").set_align(FormatAlign::Right),
        }
    }
}
