//! Who is who: services, hospitals and their expected cases.

use chrono::NaiveDate;

/// A Fracture Liaison Service. Its key is the audit's unit code, `[A-Z0-9]{3,8}`, which is not an ODS code.
#[derive(Debug, Clone, PartialEq)]
pub struct Service {
    /// Unit code.
    pub code: String,
    /// Name as printed.
    pub name: String,
    /// ODS code of the host trust; community interest companies have none.
    pub trust_code: Option<String>,
    /// Name of the host trust.
    pub trust_name: Option<String>,
    /// Host area: an ICB, a health board or a nation.
    pub area_code: String,
    /// First day of the service, if known.
    pub valid_from: Option<NaiveDate>,
    /// Last day of the service, if it has ended.
    pub valid_to: Option<NaiveDate>,
    /// The service that took over.
    pub successor_code: Option<String>,
}

/// A hospital of the National Hip Fracture Database, mapped to a service or to none.
#[derive(Debug, Clone, PartialEq)]
pub struct Hospital {
    /// NHFD hospital code.
    pub code: String,
    /// Name as printed.
    pub name: String,
    /// The area it lies in.
    pub area_code: String,
    /// The service that covers it; `None` is an unmapped hospital.
    pub service_code: Option<String>,
    /// First day of the mapping, if known.
    pub valid_from: Option<NaiveDate>,
    /// Last day of the mapping, if it has ended.
    pub valid_to: Option<NaiveDate>,
    /// Degrees north.
    pub latitude: Option<f64>,
    /// Degrees east.
    pub longitude: Option<f64>,
}

/// True where something valid `from`–`to` (both inclusive, open where `None`) exists on some day of the calendar year.
pub fn valid_in_year(from: Option<NaiveDate>, to: Option<NaiveDate>, year: i32) -> bool {
    use chrono::Datelike as _;
    from.is_none_or(|d| d.year() <= year) && to.is_none_or(|d| d.year() >= year)
}

/// True where `code` has the form of a unit code: three to eight capitals and digits.
pub fn is_service_code(code: &str) -> bool {
    (3..=8).contains(&code.len()) && code.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
}
