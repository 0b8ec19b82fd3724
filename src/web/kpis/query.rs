//! What a page of the KPIs is asked for, and the addresses that ask for something else.

use serde::Deserialize;

use crate::app::kpis::Size;
use crate::domain::round::Round;
use crate::domain::statistics::funnel::{FunnelRules, Overdispersion, Scale};
use crate::web::errors::PageError;
use crate::web::forms::address;
use crate::web::gaps::query::usual_year;

/// A view of the KPIs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Every service beside the others.
    Benchmark,
    /// Services within limits.
    Funnel,
    /// One service month by month.
    RunChart,
    /// How services are spread, by year.
    Distribution,
    /// Groups of patients.
    Strata,
    /// Numbers of red, amber and green services.
    Grades,
    /// Services and KPIs.
    HeatMap,
    /// The 80/50/80 targets.
    Scoreboard,
    /// Where services are.
    Map,
    /// People left at each step.
    Cascade,
}

impl Kind {
    /// All, those of one KPI first.
    pub(super) const ALL: [Self; 10] = [
        Self::Benchmark,
        Self::Funnel,
        Self::RunChart,
        Self::Distribution,
        Self::Strata,
        Self::Grades,
        Self::HeatMap,
        Self::Scoreboard,
        Self::Map,
        Self::Cascade,
    ];

    /// The word in addresses.
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Benchmark => "benchmark",
            Self::Funnel => "funnel",
            Self::RunChart => "run-chart",
            Self::Distribution => "distribution",
            Self::Strata => "strata",
            Self::Grades => "grades",
            Self::HeatMap => "heat-map",
            Self::Scoreboard => "scoreboard",
            Self::Map => "map",
            Self::Cascade => "cascade",
        }
    }

    /// The name of the view.
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Benchmark => "Benchmark table",
            Self::Funnel => "Funnel plot",
            Self::RunChart => "Run chart",
            Self::Distribution => "Distribution by year",
            Self::Strata => "Groups of patients",
            Self::Grades => "Red, amber and green by KPI",
            Self::HeatMap => "Services and KPIs",
            Self::Scoreboard => "80/50/80 scoreboard",
            Self::Map => "Map",
            Self::Cascade => "Cascade in people",
        }
    }

    /// Whether it is of one KPI.
    pub(super) fn is_of_one_kpi(self) -> bool {
        matches!(self, Self::Benchmark | Self::Funnel | Self::RunChart | Self::Distribution | Self::Strata)
    }

    /// Whether there is one of a KPI.
    pub(super) fn has_kpi(self, kpi: i32) -> bool {
        kpi != 1 || matches!(self, Self::Benchmark | Self::Distribution)
    }

    /// The view of an address, and the number of its KPI as it was written: `/kpis/4/funnel.svg`.
    pub(super) fn of_path(path: &str) -> Option<(Self, Option<&str>, Form)> {
        let rest = path.strip_prefix("/kpis/")?;
        let (kpi, name) = rest.split_once('/').map_or((None, rest), |(kpi, name)| (Some(kpi), name));
        let (name, form) = match name.rsplit_once('.') {
            Some((name, "svg")) => (name, Form::Picture),
            Some((name, "csv")) => (name, Form::File),
            _ => (name, Form::Page),
        };
        let kind = Self::ALL.into_iter().find(|kind| kind.as_str() == name)?;
        (kind.is_of_one_kpi() == kpi.is_some()).then_some((kind, kpi, form))
    }
}

/// As what a view is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The page.
    Page,
    /// The chart as an SVG file.
    Picture,
    /// The figures as a CSV file.
    File,
}

/// The query as it came. Everything is optional, and an empty value (a form field left alone) is none.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct RawQuery {
    year: Option<String>,
    kpi: Option<String>,
    area: Option<String>,
    setting: Option<String>,
    size: Option<String>,
    matched: Option<String>,
    service: Option<String>,
    method: Option<String>,
    scale: Option<String>,
    overdispersion: Option<String>,
    sort: Option<String>,
    order: Option<String>,
    page: Option<String>,
    cut: Option<String>,
}

/// What a page is asked for, read.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct KpiQuery {
    /// Which view.
    pub(super) kind: Kind,
    /// 1 to 11; of views of all KPIs it counts for nothing.
    pub(super) kpi: i32,
    /// Audit year.
    pub(super) year: i32,
    /// Only services in this area.
    pub(super) area: Option<String>,
    /// Only services of this setting.
    pub(super) setting: Option<String>,
    /// Only services of this size.
    pub(super) size: Option<Size>,
    /// Only services that count in the year before as well.
    pub(super) matched: bool,
    /// One service.
    pub(super) service: Option<String>,
    /// An XmR chart in place of a run chart.
    pub(super) xmr: bool,
    /// How the funnel is drawn.
    pub(super) rules: FunnelRules,
    /// The column that the table is sorted by.
    pub(super) sort: Option<String>,
    /// From the largest down.
    pub(super) descending: bool,
    /// Which page of the table, from 1.
    pub(super) page: usize,
    /// The id of a data cut, in place of the data as they stand.
    pub(super) cut: Option<String>,
}

fn given(value: Option<&String>) -> Option<&str> {
    value.map(|value| value.trim()).filter(|value| !value.is_empty())
}

fn one_of<T: Copy>(value: Option<&String>, what: &str, known: &[(&str, T)]) -> Result<Option<T>, PageError> {
    let Some(word) = given(value) else { return Ok(None) };
    let found = known.iter().find(|(name, _)| *name == word).map(|(_, value)| Some(*value));
    found.ok_or_else(|| {
        let names = known.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        PageError::bad_request(format!("{word:?} is not {what}; there is {names}."))
    })
}

const SCALES: [(&str, Scale); 2] = [("arcsine", Scale::Arcsine), ("score", Scale::Score)];
const SPREADS: [(&str, Overdispersion); 3] = [
    ("additive", Overdispersion::Additive),
    ("multiplicative", Overdispersion::Multiplicative),
    ("none", Overdispersion::None),
];

/// The settings that a service can answer.
pub(in crate::web) const SETTINGS: [(&str, &str); 3] =
    [("acute", "Acute hospital"), ("community", "Community"), ("other", "Other")];

impl KpiQuery {
    /// Reads a query. Without a year it is the newest round whose answers are in.
    pub(super) fn read(kind: Kind, kpi: Option<&str>, raw: &RawQuery, rounds: &[Round]) -> Result<Self, PageError> {
        let kpi = match kpi.or(given(raw.kpi.as_ref())) {
            Some(word) => word
                .parse()
                .ok()
                .filter(|kpi| (1..=11).contains(kpi))
                .ok_or_else(|| PageError::not_found(format!("There is no KPI {word:?}; the KPIs are 1 to 11.")))?,
            None => 2,
        };
        if !kind.has_kpi(kpi) {
            let name = kind.label().to_lowercase();
            let sentence =
                format!("KPI 1 is worked out from the others, so it has no {name}. See its benchmark table.");
            return Err(PageError::not_found(sentence));
        }
        let year = match given(raw.year.as_ref()) {
            Some(year) => year
                .parse()
                .ok()
                .filter(|year| (1900..=2999).contains(year))
                .ok_or_else(|| PageError::bad_request(format!("{year:?} is not an audit year, such as 2021.")))?,
            None => usual_year(rounds)?,
        };
        let sizes = Size::ALL.map(|size| (size.as_str(), size));
        let settings = SETTINGS.map(|(word, _)| (word, word));
        let page = match given(raw.page.as_ref()) {
            Some(page) => page
                .parse()
                .ok()
                .filter(|page| *page > 0)
                .ok_or_else(|| PageError::bad_request(format!("{page:?} is not the number of a page.")))?,
            None => 1,
        };
        let usual = FunnelRules::default();
        Ok(Self {
            kind,
            kpi,
            year,
            area: given(raw.area.as_ref()).map(ToOwned::to_owned),
            setting: one_of(raw.setting.as_ref(), "a setting", &settings)?.map(ToOwned::to_owned),
            size: one_of(raw.size.as_ref(), "a size", &sizes)?,
            matched: one_of(raw.matched.as_ref(), "a choice of services", &[("1", true), ("0", false)])?
                .unwrap_or_default(),
            service: given(raw.service.as_ref()).map(ToOwned::to_owned),
            xmr: one_of(raw.method.as_ref(), "a method", &[("anhoej", false), ("xmr", true)])?.unwrap_or_default(),
            rules: FunnelRules {
                scale: one_of(raw.scale.as_ref(), "a scale", &SCALES)?.unwrap_or(usual.scale),
                overdispersion: one_of(raw.overdispersion.as_ref(), "a way to widen limits", &SPREADS)?
                    .unwrap_or(usual.overdispersion),
                ..usual
            },
            sort: given(raw.sort.as_ref()).map(ToOwned::to_owned),
            descending: one_of(raw.order.as_ref(), "an order", &[("ascending", false), ("descending", true)])?
                .unwrap_or_default(),
            page,
            cut: given(raw.cut.as_ref()).map(ToOwned::to_owned),
        })
    }

    /// The word for the scale of the funnel.
    pub(super) fn scale_word(&self) -> &'static str {
        SCALES.iter().find(|(_, scale)| *scale == self.rules.scale).map_or("arcsine", |(word, _)| word)
    }

    /// The word for what widens its limits.
    pub(super) fn overdispersion_word(&self) -> &'static str {
        SPREADS.iter().find(|(_, how)| *how == self.rules.overdispersion).map_or("additive", |(word, _)| word)
    }

    /// The address of the view as asked, as a page, a picture or a file.
    pub(super) fn address(&self, form: Form) -> String {
        let extension = match form {
            Form::Page => "",
            Form::Picture => ".svg",
            Form::File => ".csv",
        };
        let kind = self.kind.as_str();
        let path = if self.kind.is_of_one_kpi() {
            format!("/kpis/{}/{kind}{extension}", self.kpi)
        } else {
            format!("/kpis/{kind}{extension}")
        };
        let (year, page) = (self.year.to_string(), self.page.to_string());
        let usual = FunnelRules::default();
        let paged = form == Form::Page && self.page > 1;
        address(
            &path,
            &[
                ("year", &year),
                ("area", self.area.as_deref().unwrap_or_default()),
                ("setting", self.setting.as_deref().unwrap_or_default()),
                ("size", self.size.map(Size::as_str).unwrap_or_default()),
                ("matched", if self.matched { "1" } else { "" }),
                ("service", self.service.as_deref().unwrap_or_default()),
                ("method", if self.xmr { "xmr" } else { "" }),
                ("scale", if self.rules.scale == usual.scale { "" } else { self.scale_word() }),
                (
                    "overdispersion",
                    if self.rules.overdispersion == usual.overdispersion { "" } else { self.overdispersion_word() },
                ),
                ("sort", self.sort.as_deref().unwrap_or_default()),
                ("order", if self.sort.is_some() && self.descending { "descending" } else { "" }),
                ("cut", self.cut.as_deref().unwrap_or_default()),
                ("page", if paged { &page } else { "" }),
            ],
        )
    }

    /// The address of another view of the same year and KPI, with the filters that it shares.
    pub(super) fn of_kind(&self, kind: Kind) -> String {
        let plain = Self { sort: None, page: 1, rules: FunnelRules::default(), xmr: false, ..self.clone() };
        Self { kind, ..plain }.address(Form::Page)
    }

    /// The same view sorted by a column: the other way round where it is sorted by it already.
    pub(super) fn sorted_by(&self, key: &str, numeric: bool) -> String {
        let here = self.sort.as_deref() == Some(key);
        let descending = if here { !self.descending } else { numeric };
        Self { sort: Some(key.to_owned()), descending, page: 1, ..self.clone() }.address(Form::Page) + "#table"
    }

    /// Another page of the table.
    pub(super) fn at_page(&self, page: usize) -> String {
        Self { page, ..self.clone() }.address(Form::Page) + "#table"
    }
}
