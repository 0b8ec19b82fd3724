//! The languages of pages, mails and questionnaires.

use std::fmt;

/// A language in which people read the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub enum Language {
    /// English, in which everything is written first.
    #[default]
    English,
    /// Welsh, in which everything may be read as far as it has been translated.
    Welsh,
}

impl Language {
    /// Every language, the one of the originals first.
    pub const ALL: [Self; 2] = [Self::English, Self::Welsh];

    /// Its tag (BCP 47), as in the `lang` of a page: `en`, `cy`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Welsh => "cy",
        }
    }

    /// The language of a tag.
    pub fn parse(tag: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|language| language.as_str() == tag)
    }

    /// What tells the name of a file in it from that of the same file in English: nothing, `-cy`.
    pub fn suffix(self) -> &'static str {
        match self {
            Self::English => "",
            Self::Welsh => "-cy",
        }
    }

    /// What its speakers call it.
    pub fn own_name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::Welsh => "Cymraeg",
        }
    }
}

impl fmt::Display for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
