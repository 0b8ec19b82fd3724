//! `/keys`: API keys. A key that may manage keys makes others of no more than it has itself.

use poem::web::Data;
use poem_openapi::param::{Path, Query};
use poem_openapi::payload::Json;
use poem_openapi::{ApiResponse, OpenApi};

use super::Tag;
use super::access_shapes::{ApiKey, KeyList, NewKey};
use super::accounts::Done;
use super::body::JsonBody;
use super::key::Key;
use super::paging::{default_limit, page};
use super::problem::Refusal;
use crate::app::{App, keys};

/// A key was made.
#[derive(Debug, ApiResponse)]
pub enum Made {
    /// The key, with its secret
    #[oai(status = 201)]
    Made(Json<ApiKey>),
}

/// The operations on keys.
#[derive(Debug)]
pub struct Keys;

#[OpenApi(tag = "Tag::Access")]
impl Keys {
    /// List the API keys
    ///
    /// Those that the key manages, revoked ones too, sorted by id.
    #[oai(path = "/keys", method = "get", operation_id = "list_keys")]
    async fn list(
        &self,
        key: Key,
        app: Data<&App>,
        /// Most items of one page.
        #[oai(default = "default_limit", validator(minimum(value = "1"), maximum(value = "500")))]
        limit: Query<i64>,
        /// `next` of the page before.
        after: Query<Option<String>>,
    ) -> Result<Json<KeyList>, Refusal> {
        let mut all = app.run(move |app| keys::list(app, &key.0)).await?;
        all.sort_by(|a, b| a.key.id.cmp(&b.key.id));
        let (lines, next) = page(all, after.0.as_deref(), limit.0, |line| line.key.id.clone());
        Ok(Json(KeyList { items: lines.into_iter().map(ApiKey::from).collect(), next }))
    }

    /// Make an API key
    ///
    /// The answer holds the secret, which is shown this once.
    #[oai(path = "/keys", method = "post", operation_id = "make_key")]
    async fn make(&self, key: Key, app: Data<&App>, new: JsonBody<NewKey>) -> Result<Made, Refusal<404, 422>> {
        let NewKey { name, role, service, area, expires_at } = new.0;
        let made = app.run(move |app| {
            keys::make(app, &key.0, &name, role.into(), service.as_deref(), area.as_deref(), expires_at)
        });
        let (line, secret) = made.await?;
        Ok(Made::Made(Json(ApiKey { secret: Some(secret), ..line.into() })))
    }

    /// Get an API key
    ///
    /// What it may do and when it was used last. The key itself is shown once, when it is made.
    #[oai(path = "/keys/:id", method = "get", operation_id = "get_key")]
    async fn one(
        &self,
        key: Key,
        app: Data<&App>,
        /// The key's id.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        id: Path<String>,
    ) -> Result<Json<ApiKey>, Refusal<404>> {
        Ok(Json(app.run(move |app| keys::one(app, &key.0, &id.0)).await?.into()))
    }

    /// Revoke an API key
    ///
    /// It stops to work at once. Revoking it again changes nothing.
    #[oai(path = "/keys/:id", method = "delete", operation_id = "revoke_key")]
    async fn revoke(
        &self,
        key: Key,
        app: Data<&App>,
        /// The key's id.
        #[oai(validator(pattern = "^[A-Za-z0-9-]{1,64}$"))]
        id: Path<String>,
    ) -> Result<Done, Refusal<404, 409>> {
        app.run(move |app| keys::revoke(app, &key.0, &id.0)).await?;
        Ok(Done::Done)
    }
}
