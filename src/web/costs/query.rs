//! What the pages that plan for services are asked for: whose gaps, on which basis, at which prices.

use chrono::NaiveDate;

use crate::app::costs::CostQuery;
use crate::app::gaps::GapQuery;
use crate::domain::round::Round;
use crate::domain::workforce::cost::CostingChoice;
use crate::domain::workforce::standard::Basis;
use crate::web::errors::PageError;
use crate::web::forms::{Posted, address};
use crate::web::gaps::query::usual_year;

/// The value of a field, where something was typed.
pub(in crate::web) fn given<'a>(form: &'a Posted, name: &str) -> Option<&'a str> {
    form.first(name).map(str::trim).filter(|value| !value.is_empty())
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::web) struct Asked {
    /// Audit year.
    pub(in crate::web) year: i32,
    /// Code of an area.
    pub(in crate::web) area: Option<String>,
    /// Id of a standard.
    pub(in crate::web) standard: Option<String>,
    /// One basis alone.
    pub(in crate::web) basis: Option<Basis>,
    /// The day whose area tree is used.
    pub(in crate::web) geography_as_at: Option<NaiveDate>,
    /// What posts are assumed to cost.
    pub(in crate::web) costing: CostingChoice,
}

impl Asked {
    /// Reads the query of an address. Without a year it is the newest round whose answers are in.
    pub(in crate::web) fn read(form: &Posted, rounds: &[Round]) -> Result<Self, PageError> {
        let own = |name: &str| given(form, name).map(ToOwned::to_owned);
        let year = match given(form, "year") {
            Some(word) => word
                .parse()
                .ok()
                .filter(|year| (1900..=2999).contains(year))
                .ok_or_else(|| PageError::bad_request(format!("{word:?} is not an audit year, such as 2021.")))?,
            None => usual_year(rounds)?,
        };
        let geography_as_at = given(form, "geography_as_at")
            .map(|day| {
                day.parse().map_err(|_| PageError::bad_request(format!("{day:?} is not a day, such as 2022-07-01.")))
            })
            .transpose()?;
        let basis =
            given(form, "basis").map(|word| word.parse::<Basis>().map_err(PageError::bad_request)).transpose()?;
        let on_cost = given(form, "on_cost")
            .map(|word| {
                word.parse::<f64>().map_err(|_| {
                    PageError::bad_request(format!("{word:?} is not an on-cost multiplier. Write it as 1.27."))
                })
            })
            .transpose()?;
        Ok(Self {
            year,
            area: own("area"),
            standard: own("standard"),
            basis,
            geography_as_at,
            costing: CostingChoice {
                pay_year: own("pay_year"),
                on_cost,
                supplement: own("supplement"),
                nurse_band: own("nurse_band"),
                administrator_band: own("administrator_band"),
            },
        })
    }

    /// What a use case is asked.
    pub(in crate::web) fn query(&self) -> CostQuery {
        CostQuery {
            gaps: GapQuery {
                year: self.year,
                area: self.area.clone(),
                standard: self.standard.clone(),
                geography_as_at: self.geography_as_at,
                cut: None,
            },
            costing: self.costing.clone(),
        }
    }

    /// The fields of the query, with others of a page's own.
    pub(in crate::web) fn address(&self, path: &str, own: &[(&str, &str)]) -> String {
        let word = |word: &Option<String>| word.clone().unwrap_or_default();
        let year = self.year.to_string();
        let day = self.geography_as_at.map(|day| day.to_string()).unwrap_or_default();
        let on_cost = self.costing.on_cost.map(|on_cost| on_cost.to_string()).unwrap_or_default();
        let (area, standard) = (word(&self.area), word(&self.standard));
        let (pay_year, supplement) = (word(&self.costing.pay_year), word(&self.costing.supplement));
        let (nurses, administrators) = (word(&self.costing.nurse_band), word(&self.costing.administrator_band));
        let mut fields = vec![
            ("year", year.as_str()),
            ("area", area.as_str()),
            ("standard", standard.as_str()),
            ("basis", self.basis.map(Basis::as_str).unwrap_or_default()),
            ("geography_as_at", day.as_str()),
            ("pay_year", pay_year.as_str()),
            ("on_cost", on_cost.as_str()),
            ("supplement", supplement.as_str()),
            ("nurse_band", nurses.as_str()),
            ("administrator_band", administrators.as_str()),
        ];
        fields.extend_from_slice(own);
        address(path, &fields)
    }

    /// The end of a file's name: `2021-QOQ`.
    pub(in crate::web) fn span(&self) -> String {
        let area = self.area.as_deref().unwrap_or_default();
        let area: String = area.chars().filter(char::is_ascii_alphanumeric).collect();
        if area.is_empty() { self.year.to_string() } else { format!("{}-{area}", self.year) }
    }
}
