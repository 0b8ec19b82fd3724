//! `/associations`: what staffing, vacancies, governance and monitoring have to do with performance.

use poem::web::Data;
use poem_openapi::param::{Header, Query};
use poem_openapi::payload::Json;
use poem_openapi::types::ToJSON as _;
use poem_openapi::{ApiResponse, OpenApi};
use sha2::{Digest as _, Sha256};

use super::Tag;
use super::association_shapes::{AssociationList, PairDetail};
use super::key::Key;
use super::kpi_shapes::{ServiceSetting, ServiceSize};
use super::problem::Refusal;
use super::responses::none_match;
use crate::app::App;
use crate::app::associations::{self, AssociationQuery};

/// The operations on associations.
#[derive(Debug)]
pub struct Associations;

/// Associations, or word that the reader has them already.
#[derive(Debug, ApiResponse)]
#[expect(clippy::large_enum_variant, reason = "there is one, and it is written out at once")]
enum Found {
    /// The associations.
    #[oai(status = 200)]
    Here(
        Json<AssociationList>,
        /// The SHA-256 of the answer, in quotes.
        #[oai(header = "ETag")]
        String,
    ),
    /// They are those of `If-None-Match`.
    #[oai(status = 304)]
    NotModified(
        /// The SHA-256 of the answer, in quotes.
        #[oai(header = "ETag")]
        String,
    ),
}

#[OpenApi(tag = "Tag::Associations")]
impl Associations {
    /// Get the associations of a round
    ///
    /// Each exposure of the analysis plan beside each KPI: the test that fits its kind with the size and a 95% interval, p
    /// and q, a quasi-binomial model (not for KPI 2 and 3, which are over an estimate), what it comes to without the largest
    /// service, and what has to be known before it is read. With `exposure` and `outcome` both given, `pair` has every
    /// service. Observational: it says how services differ, not why they do. The same data give the same bytes.
    #[oai(path = "/associations", method = "get", operation_id = "get_associations")]
    #[expect(clippy::too_many_arguments, reason = "each is a parameter of the request")]
    async fn get(
        &self,
        key: Key,
        app: Data<&App>,
        /// The audit year of the KPIs.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        year: Query<i32>,
        /// An exposure alone, such as `nurse_wte_per_1000_cases`.
        #[oai(validator(pattern = "^[a-z0-9_]{1,60}$"))]
        exposure: Query<Option<String>>,
        /// A KPI alone.
        #[oai(validator(minimum(value = "2"), maximum(value = "11")))]
        outcome: Query<Option<i32>>,
        /// An earlier audit year: then changes since it are laid side by side, in the services linked in both rounds.
        #[oai(validator(minimum(value = "1900"), maximum(value = "2999")))]
        since: Query<Option<i32>>,
        /// Services of this setting alone.
        setting: Query<Option<ServiceSetting>>,
        /// Services of this size alone.
        size: Query<Option<ServiceSize>>,
        /// Services in this area or below it alone.
        #[oai(validator(pattern = "^[A-Za-z0-9]{1,20}$"))]
        area: Query<Option<String>>,
        /// What models hold alike, joined by commas: `records`, and exposures of the plan.
        #[oai(validator(pattern = "^[a-z0-9_]{1,60}(,[a-z0-9_]{1,60}){0,9}$"))]
        covariates: Query<Option<String>>,
        /// The id of an analysis plan; by default the newest.
        #[oai(validator(pattern = "^[a-z0-9_]{1,60}$"))]
        plan: Query<Option<String>>,
        /// Of this data cut; by default of the data as they stand now.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        cut: Query<Option<String>>,
        /// The ETag of the answer that the reader has.
        #[oai(name = "If-None-Match")]
        if_none_match: Header<Option<String>>,
    ) -> Result<Found, Refusal<404, 422>> {
        let covariates = covariates.0.iter().flat_map(|keys| keys.split(',')).map(ToOwned::to_owned).collect();
        let query = AssociationQuery {
            year: year.0,
            since: since.0,
            plan: plan.0,
            setting: setting.0.map(|setting| setting.code().to_owned()),
            size: size.0.map(Into::into),
            area: area.0,
            covariates,
            cut: cut.0,
        };
        let (exposure, outcome) = (exposure.0, outcome.0);
        let list = app
            .run(move |app| {
                if let (Some(exposure), Some(kpi)) = (&exposure, outcome) {
                    let pair = associations::pair(app, &key.0, &query, exposure, kpi)?;
                    let wanted = |cell: &crate::domain::association::Association| {
                        cell.exposure == pair.exposure && cell.kpi == kpi
                    };
                    return Ok(AssociationList::new(&pair.report, query.since, wanted, Some(PairDetail::new(&pair))));
                }
                let report = associations::report(app, &key.0, &query, &|_, _| {})?;
                let list = AssociationList::new(
                    &report,
                    query.since,
                    |cell| {
                        exposure.as_ref().is_none_or(|exposure| cell.exposure.key() == exposure)
                            && outcome.is_none_or(|kpi| cell.kpi == kpi)
                    },
                    None,
                );
                if list.items.is_empty() {
                    let asked = exposure.as_deref().unwrap_or_default();
                    let hint = "Ask without `exposure` and `outcome` for all that the plan has.";
                    return Err(crate::app::AppError::not_found("association", asked, hint));
                }
                Ok(list)
            })
            .await?;
        let etag = format!("\"{}\"", data_encoding::HEXLOWER.encode(&Sha256::digest(list.to_json_string())));
        if none_match(if_none_match.0.as_deref(), &etag) {
            return Ok(Found::NotModified(etag));
        }
        Ok(Found::Here(Json(list), etag))
    }
}
