//! What is answered instead of the page that was asked for.

use axum::response::{IntoResponse, Response};
use service::Problem;
use std::error::Error;
use store::StoreError;

/// Another answer: the way to the login, a refusal, a problem.
pub(in crate::courses) struct Instead(Box<Response>);

impl Instead {
    /// A fault of ours; the chain is logged here and not shown.
    pub(super) fn broken(error: &(dyn Error + 'static)) -> Self {
        Problem::internal(error).into()
    }
}

impl From<Response> for Instead {
    fn from(response: Response) -> Self {
        Self(Box::new(response))
    }
}

impl From<Problem> for Instead {
    fn from(problem: Problem) -> Self {
        problem.into_response().into()
    }
}

impl From<StoreError> for Instead {
    fn from(error: StoreError) -> Self {
        Self::broken(&error)
    }
}

impl IntoResponse for Instead {
    fn into_response(self) -> Response {
        *self.0
    }
}
