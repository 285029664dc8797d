//! `/healthz`, `/readyz`, `/metrics`: whether the process lives, whether it can work, what it counts.

use crate::context::Merchant;
use crate::store::cases;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{StatusCode, header};
use std::fmt::Write as _;

/// The process lives.
pub(super) async fn healthz() -> &'static str {
    "ok"
}

/// The database answers.
pub(super) async fn readyz(State(merchant): State<Merchant>) -> Response {
    let open = merchant
        .db()
        .read(|tx| Box::pin(async move { cases::open_count(tx).await }))
        .await;
    match open {
        Ok(_) => "ready".into_response(),
        Err(error) => {
            tracing::warn!(%error, "Not ready: the database does not answer");
            (
                StatusCode::SERVICE_UNAVAILABLE,
                "the database does not answer",
            )
                .into_response()
        }
    }
}

/// Prometheus' text.
pub(super) async fn metrics(State(merchant): State<Merchant>) -> Response {
    let mut page = service::metrics::render();
    let facts = merchant
        .db()
        .read(|tx| {
            Box::pin(async move {
                let open = cases::open_count(tx).await?;
                let jobs = ::store::jobs::counts(tx).await?;
                Ok::<_, ::store::StoreError>((open, jobs))
            })
        })
        .await;
    if let Ok((open, jobs)) = facts {
        let _ = writeln!(page, "# TYPE tongbao_merchant_cases_open gauge");
        let _ = writeln!(page, "tongbao_merchant_cases_open {open}");
        let _ = writeln!(page, "# TYPE tongbao_merchant_jobs gauge");
        let _ = writeln!(
            page,
            "tongbao_merchant_jobs{{state=\"waiting\"}} {}",
            jobs.waiting
        );
        let _ = writeln!(
            page,
            "tongbao_merchant_jobs{{state=\"failed\"}} {}",
            jobs.failed
        );
    }
    let kind = [(
        header::CONTENT_TYPE,
        "text/plain; version=0.0.4; charset=utf-8",
    )];
    (kind, page).into_response()
}
