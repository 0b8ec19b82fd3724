//! Whether the process is up, and whether it can do its work. For load balancers and service managers, without a key.

use poem::web::Data;
use poem::{IntoResponse, Response, handler};

use super::problem::Problem;
use crate::app::{self, App};

/// The process is up.
#[handler]
pub fn health() -> &'static str {
    "ok"
}

/// The database answers; 503 while it does not.
#[handler]
pub async fn ready(app: Data<&App>) -> Response {
    match app.run(app::ready).await {
        Ok(()) => "ready".into_response(),
        Err(cause) => {
            tracing::warn!(%cause, "not ready");
            let detail = "The database does not answer. Requests will fail until it does; try again in a moment.";
            Problem::new(503, "not_ready", detail).into_response()
        }
    }
}
