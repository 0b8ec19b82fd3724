//! The files that the service exchanges: their names, columns and keys, in the order in which they must be loaded.

use chrono::NaiveDate;

/// One field of a row, typed. The database stages and merges cells without knowing which file they are of.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text, or none.
    Text(Option<String>),
    /// A small whole number: a year, a KPI, a period.
    Integer(i32),
    /// A count, or none.
    Count(Option<i64>),
    /// Degrees, or none.
    Degrees(Option<f64>),
    /// A day, or none.
    Day(Option<NaiveDate>),
}

/// What a column holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ColumnKind {
    /// A code that this file defines.
    OwnCode,
    /// The unit code of a service that this file defines.
    OwnServiceCode,
    /// The code of an area.
    Area,
    /// The code of a service.
    Service,
    /// The code of a service, or empty.
    ServiceOrNone,
    /// The code of a hospital.
    Hospital,
    /// A code of this same file or of the rows that are stored, or empty.
    SameFileOrNone,
    /// Text that may not be empty.
    Text,
    /// Text or nothing.
    TextOrNone,
    /// Text that may be empty, and is part of the key.
    TextMaybeEmpty,
    /// `nation`, `region`, `icb`, `health_board`.
    AreaKind,
    /// A calendar year.
    Year,
    /// A whole number of 0 or more.
    Count,
    /// A whole number of 0 or more, or nothing.
    CountOrNone,
    /// A day, or nothing.
    DayOrNone,
    /// Degrees north, or nothing.
    Latitude,
    /// Degrees east, or nothing.
    Longitude,
    /// 2 to 11.
    Kpi,
    /// A month or a year.
    Period,
    /// A stratum.
    Stratum,
}

/// A column of a file.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// Its name in the header, and in the table.
    pub name: &'static str,
    /// What it holds.
    pub kind: ColumnKind,
}

/// A file of the exchange.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FileKind {
    /// Areas.
    Areas,
    /// People in areas.
    AreaPopulation,
    /// Services.
    Services,
    /// Hospitals.
    Hospitals,
    /// Hip fractures by hospital and year.
    HipFractures,
    /// Expected cases by service and year, where they are not 5 × hip fractures.
    ExpectedCaseload,
    /// Answers to the questionnaire.
    Responses,
    /// KPI counts.
    KpiCounts,
}

const fn column(name: &'static str, kind: ColumnKind) -> Column {
    Column { name, kind }
}

impl FileKind {
    /// Every file, those that others refer to first.
    pub const ALL: [Self; 8] = [
        Self::Areas,
        Self::AreaPopulation,
        Self::Services,
        Self::Hospitals,
        Self::HipFractures,
        Self::ExpectedCaseload,
        Self::Responses,
        Self::KpiCounts,
    ];

    /// The table that keeps it, which is also the file's name without its ending.
    pub fn table(self) -> &'static str {
        match self {
            Self::Areas => "areas",
            Self::AreaPopulation => "area_population",
            Self::Services => "services",
            Self::Hospitals => "hospitals",
            Self::HipFractures => "hip_fractures",
            Self::ExpectedCaseload => "expected_caseload",
            Self::Responses => "responses",
            Self::KpiCounts => "kpi_counts",
        }
    }

    /// The file's name.
    pub fn file_name(self) -> String {
        format!("{}.csv", self.table())
    }

    /// The file of a name, such as `responses.csv`.
    pub fn by_file_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.file_name() == name)
    }

    /// Its columns in order.
    pub fn columns(self) -> &'static [Column] {
        use ColumnKind as K;
        const AREAS: &[Column] = &[
            column("code", K::OwnCode),
            column("name", K::Text),
            column("kind", K::AreaKind),
            column("parent_code", K::SameFileOrNone),
            column("valid_from", K::DayOrNone),
            column("valid_to", K::DayOrNone),
            column("successor_code", K::SameFileOrNone),
        ];
        const AREA_POPULATION: &[Column] = &[
            column("area_code", K::Area),
            column("year", K::Year),
            column("all_ages", K::Count),
            column("aged_50_plus", K::Count),
        ];
        const SERVICES: &[Column] = &[
            column("code", K::OwnServiceCode),
            column("name", K::Text),
            column("trust_code", K::TextOrNone),
            column("trust_name", K::TextOrNone),
            column("area_code", K::Area),
            column("valid_from", K::DayOrNone),
            column("valid_to", K::DayOrNone),
            column("successor_code", K::SameFileOrNone),
        ];
        const HOSPITALS: &[Column] = &[
            column("code", K::OwnCode),
            column("name", K::Text),
            column("area_code", K::Area),
            column("service_code", K::ServiceOrNone),
            column("valid_from", K::DayOrNone),
            column("valid_to", K::DayOrNone),
            column("latitude", K::Latitude),
            column("longitude", K::Longitude),
        ];
        const HIP_FRACTURES: &[Column] =
            &[column("hospital_code", K::Hospital), column("year", K::Year), column("hip_fractures", K::Count)];
        const EXPECTED_CASELOAD: &[Column] =
            &[column("service_code", K::Service), column("year", K::Year), column("expected", K::Count)];
        const RESPONSES: &[Column] = &[
            column("service_code", K::Service),
            column("year", K::Year),
            column("link_id", K::Text),
            column("row", K::TextMaybeEmpty),
            column("value", K::Text),
        ];
        const KPI_COUNTS: &[Column] = &[
            column("service_code", K::Service),
            column("month", K::Period),
            column("kpi", K::Kpi),
            column("stratum", K::Stratum),
            column("numerator", K::Count),
            column("denominator", K::CountOrNone),
            column("eligible", K::CountOrNone),
            column("complete", K::CountOrNone),
        ];
        match self {
            Self::Areas => AREAS,
            Self::AreaPopulation => AREA_POPULATION,
            Self::Services => SERVICES,
            Self::Hospitals => HOSPITALS,
            Self::HipFractures => HIP_FRACTURES,
            Self::ExpectedCaseload => EXPECTED_CASELOAD,
            Self::Responses => RESPONSES,
            Self::KpiCounts => KPI_COUNTS,
        }
    }

    /// How many of the first columns are the key.
    pub fn key_columns(self) -> usize {
        match self {
            Self::Areas | Self::Services | Self::Hospitals => 1,
            Self::AreaPopulation | Self::HipFractures | Self::ExpectedCaseload => 2,
            Self::Responses | Self::KpiCounts => 4,
        }
    }
}
