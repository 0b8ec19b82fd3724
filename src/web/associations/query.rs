//! What a page of the associations is asked for, and the addresses that ask for something else.

use crate::app::associations::AssociationQuery;
use crate::app::kpis::Size;
use crate::domain::round::Round;
use crate::web::errors::PageError;
use crate::web::forms::{Posted, address};
use crate::web::gaps::query::usual_year;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Asked {
    /// Of the associations.
    pub(super) query: AssociationQuery,
    /// A service to ring.
    pub(super) service: Option<String>,
}

impl Asked {
    /// Reads the query of an address. Without a year it is the newest round whose answers are in. Covariates may come one
    /// by one, as boxes of a form send them, or joined by commas.
    pub(super) fn read(raw: &str, rounds: &[Round]) -> Result<Self, PageError> {
        let form = Posted::read(raw.as_bytes());
        let given = |name: &str| form.first(name).map(str::trim).filter(|value| !value.is_empty());
        let own = |name: &str| given(name).map(ToOwned::to_owned);
        let year = |name: &str| {
            let word = given(name)?;
            let year = word.parse().ok().filter(|year| (1900..=2999).contains(year));
            Some(year.ok_or_else(|| PageError::bad_request(format!("{word:?} is not an audit year, such as 2021."))))
        };
        let covariates = form.all("covariates").iter().flat_map(|value| value.split(','));
        let mut covariates: Vec<String> =
            covariates.map(str::trim).filter(|key| !key.is_empty()).map(ToOwned::to_owned).collect();
        covariates.sort();
        covariates.dedup();
        let query = AssociationQuery {
            year: year("year").unwrap_or_else(|| usual_year(rounds))?,
            since: year("since").transpose()?,
            plan: own("plan"),
            setting: own("setting"),
            size: given("size").map(|word| word.parse::<Size>().map_err(PageError::bad_request)).transpose()?,
            area: own("area"),
            covariates,
            cut: own("cut"),
        };
        Ok(Self { query, service: own("service") })
    }

    /// An address that asks for the same of another page.
    pub(super) fn address(&self, path: &str) -> String {
        let query = &self.query;
        let (year, since) = (query.year.to_string(), query.since.map(|year| year.to_string()));
        address(
            path,
            &[
                ("year", &year),
                ("since", since.as_deref().unwrap_or_default()),
                ("plan", query.plan.as_deref().unwrap_or_default()),
                ("setting", query.setting.as_deref().unwrap_or_default()),
                ("size", query.size.map(Size::as_str).unwrap_or_default()),
                ("area", query.area.as_deref().unwrap_or_default()),
                ("covariates", &query.covariates.join(",")),
                ("service", self.service.as_deref().unwrap_or_default()),
                ("cut", query.cut.as_deref().unwrap_or_default()),
            ],
        )
    }

    /// The address of a pair, or of a file of it.
    pub(super) fn pair(&self, exposure: &str, kpi: i32, file: &str) -> String {
        self.address(&format!("/associations/{exposure}/{kpi}{file}"))
    }

    /// `2021`, or `2019-2021` of a change, for the names of files.
    pub(super) fn span(&self) -> String {
        match self.query.since {
            Some(since) => format!("{since}-{}", self.query.year),
            None => self.query.year.to_string(),
        }
    }
}
