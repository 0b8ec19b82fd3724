//! What the gap page is asked for, and the addresses that ask for something else.

use chrono::NaiveDate;
use serde::Deserialize;

use crate::app::gaps::GapQuery;
use crate::domain::round::Round;
use crate::domain::workforce::standard::{Basis, Role};
use crate::web::errors::PageError;
use crate::web::forms::address;

/// The query as it came. Everything is optional, and an empty value (a form field left alone) is none.
#[derive(Debug, Clone, Default, Deserialize)]
pub(in crate::web) struct RawQuery {
    year: Option<String>,
    area: Option<String>,
    standard: Option<String>,
    role: Option<String>,
    sort: Option<String>,
    order: Option<String>,
    q: Option<String>,
    geography_as_at: Option<String>,
    cut: Option<String>,
}

/// What the table of services is sorted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SortKey {
    /// By name.
    Service,
    /// By name of the area.
    Area,
    /// By WTE in post.
    InPost,
    /// By funded WTE.
    Funded,
    /// By the lowest gap on a basis.
    Gap(Basis),
    /// By the lowest cover on a basis.
    Cover(Basis),
}

impl SortKey {
    const ALL: [Self; 8] = [
        Self::Service,
        Self::Area,
        Self::InPost,
        Self::Funded,
        Self::Gap(Basis::AsReported),
        Self::Cover(Basis::AsReported),
        Self::Gap(Basis::Aged50Plus),
        Self::Cover(Basis::Aged50Plus),
    ];

    /// The word in addresses.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Service => "service",
            Self::Area => "area",
            Self::InPost => "in_post",
            Self::Funded => "funded",
            Self::Gap(Basis::AsReported) => "gap_as_reported",
            Self::Gap(Basis::Aged50Plus) => "gap_aged_50_plus",
            Self::Cover(Basis::AsReported) => "cover_as_reported",
            Self::Cover(Basis::Aged50Plus) => "cover_aged_50_plus",
        }
    }

    /// What is wanted first by whoever sorts by this: names from A, the largest gap, the lowest staffing.
    pub(super) fn descending_first(self) -> bool {
        matches!(self, Self::Gap(_))
    }

    /// The words for what the table is sorted by.
    pub(super) fn words(self) -> String {
        match self {
            Self::Service => "name of the service".into(),
            Self::Area => "area".into(),
            Self::InPost => "staff in post".into(),
            Self::Funded => "funded posts".into(),
            Self::Gap(basis) => format!("gap, {}", basis.in_a_sentence()),
            Self::Cover(basis) => format!("cover, {}", basis.in_a_sentence()),
        }
    }
}

/// What the page is asked for, read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct GapPageQuery {
    /// Audit year.
    pub(super) year: i32,
    /// Code of an area.
    pub(super) area: Option<String>,
    /// Id of the staffing standard; the round's where it is none.
    pub(super) standard: Option<String>,
    /// The role that chart and tables show.
    pub(super) role: Role,
    /// What the services are sorted by.
    pub(super) sort: SortKey,
    /// From the largest down.
    pub(super) descending: bool,
    /// Part of a service's name or code.
    pub(super) text: String,
    /// The day whose area tree is used.
    pub(super) geography_as_at: Option<NaiveDate>,
    /// The id of a data cut, in place of the data as they stand.
    pub(super) cut: Option<String>,
}

fn given(value: Option<&String>) -> Option<&str> {
    value.map(|value| value.trim()).filter(|value| !value.is_empty())
}

impl GapPageQuery {
    /// Reads a query. Without a year it is the newest round whose answers are in.
    pub(super) fn read(raw: &RawQuery, rounds: &[Round]) -> Result<Self, PageError> {
        let year = match given(raw.year.as_ref()) {
            Some(year) => year
                .parse()
                .map_err(|_| PageError::bad_request(format!("{year:?} is not an audit year, such as 2021.")))?,
            None => usual_year(rounds)?,
        };
        let sort = match given(raw.sort.as_ref()) {
            Some(word) => SortKey::ALL
                .into_iter()
                .find(|key| key.as_str() == word)
                .ok_or_else(|| PageError::bad_request(format!("The table cannot be sorted by {word:?}.")))?,
            None => SortKey::Gap(Basis::AsReported),
        };
        let descending = match given(raw.order.as_ref()) {
            Some("ascending") => false,
            Some("descending") => true,
            Some(word) => return Err(PageError::bad_request(format!("{word:?} is not an order."))),
            None => sort.descending_first(),
        };
        let role = match given(raw.role.as_ref()) {
            Some(word) => Role::ALL
                .into_iter()
                .find(|role| role.as_str() == word)
                .ok_or_else(|| PageError::bad_request(format!("{word:?} is not a role (nurse, administrator).")))?,
            None => Role::Nurse,
        };
        let geography_as_at = given(raw.geography_as_at.as_ref())
            .map(|day| {
                day.parse().map_err(|_| PageError::bad_request(format!("{day:?} is not a day, such as 2022-07-01.")))
            })
            .transpose()?;
        Ok(Self {
            year,
            area: given(raw.area.as_ref()).map(ToOwned::to_owned),
            standard: given(raw.standard.as_ref()).map(ToOwned::to_owned),
            role,
            sort,
            descending,
            text: given(raw.q.as_ref()).unwrap_or_default().to_owned(),
            geography_as_at,
            cut: given(raw.cut.as_ref()).map(ToOwned::to_owned),
        })
    }

    /// The address of the page as asked, under another path where it is not the page itself.
    pub(super) fn address(&self, path: &str) -> String {
        let year = self.year.to_string();
        let day = self.geography_as_at.map(|day| day.to_string()).unwrap_or_default();
        address(
            path,
            &[
                ("year", &year),
                ("area", self.area.as_deref().unwrap_or_default()),
                ("standard", self.standard.as_deref().unwrap_or_default()),
                ("role", self.role.as_str()),
                ("sort", self.sort.as_str()),
                ("order", if self.descending { "descending" } else { "ascending" }),
                ("q", &self.text),
                ("geography_as_at", &day),
                ("cut", self.cut.as_deref().unwrap_or_default()),
            ],
        )
    }

    /// The address of a page about the same services that plans for them: cost, funding.
    pub(super) fn plan(&self, path: &str) -> String {
        let year = self.year.to_string();
        let day = self.geography_as_at.map(|day| day.to_string()).unwrap_or_default();
        let area = self.area.as_deref().unwrap_or_default();
        let standard = self.standard.as_deref().unwrap_or_default();
        address(path, &[("year", &year), ("area", area), ("standard", standard), ("geography_as_at", &day)])
    }

    /// The words for the direction of the sort.
    pub(super) fn direction_words(&self) -> &'static str {
        match (self.sort, self.descending) {
            (SortKey::Service | SortKey::Area, false) => "from A to Z",
            (SortKey::Service | SortKey::Area, true) => "from Z to A",
            (_, false) => "from the lowest",
            (_, true) => "from the highest",
        }
    }

    /// The same page for another year.
    pub(super) fn of_year(&self, year: i32) -> String {
        // A cut is of one year: others beside it are of the data as they stand.
        Self { year, cut: self.cut.clone().filter(|_| year == self.year), ..self.clone() }.address("/gaps")
    }

    /// The same page for another area, or for all.
    pub(super) fn of_area(&self, area: Option<&str>) -> String {
        Self { area: area.map(ToOwned::to_owned), ..self.clone() }.address("/gaps")
    }

    /// The same page by another standard.
    pub(super) fn of_standard(&self, id: &str) -> String {
        Self { standard: Some(id.to_owned()), ..self.clone() }.address("/gaps")
    }

    /// The report that the page is of.
    pub(super) fn asked(&self) -> GapQuery {
        GapQuery {
            year: self.year,
            area: self.area.clone(),
            standard: self.standard.clone(),
            geography_as_at: self.geography_as_at,
            cut: self.cut.clone(),
        }
    }

    /// The same page for another role.
    pub(super) fn of_role(&self, role: Role) -> String {
        Self { role, ..self.clone() }.address("/gaps")
    }

    /// The same page sorted by a column: the other way round where it is sorted by it already.
    pub(super) fn sorted_by(&self, sort: SortKey) -> String {
        let descending = if self.sort == sort { !self.descending } else { sort.descending_first() };
        Self { sort, descending, ..self.clone() }.address("/gaps") + "#services"
    }

    /// The same page without the filter by name.
    pub(super) fn without_text(&self) -> String {
        Self { text: String::new(), ..self.clone() }.address("/gaps")
    }
}

/// The newest round whose answers are in, else the newest.
pub(in crate::web) fn usual_year(rounds: &[Round]) -> Result<i32, PageError> {
    let over = |round: &&Round| round.status.is_over();
    let newest = rounds.iter().filter(over).max_by_key(|round| round.year);
    let round = newest.or(rounds.last()).ok_or_else(|| {
        PageError::not_found("There is no round yet, so there is no staffing gap. The audit team sets rounds up.")
    })?;
    Ok(round.year)
}
