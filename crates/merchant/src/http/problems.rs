//! What a caller is told when a use case refuses: one place, so that a new refusal does not compile
//! until it has a status and a name.

use crate::app::{
    CheckError, CloseOrderError, PayOrderError, PlaceOrderError, QueryOrderError, RefundOrderError,
};
use crate::domain::{InvalidNumber, RefundRefusal};
use http::StatusCode;
use service::problem::Problem;

impl From<QueryOrderError> for Problem {
    fn from(error: QueryOrderError) -> Self {
        match error {
            QueryOrderError::NotFound(order) => {
                Self::not_found(format!("You have no order `{order}`."))
            }
            QueryOrderError::Store(error) => Self::from(error),
        }
    }
}

impl From<InvalidNumber> for Problem {
    fn from(error: InvalidNumber) -> Self {
        let field = match error {
            InvalidNumber::Number => "number",
            InvalidNumber::Subject => "subject",
            InvalidNumber::Expiry => "expires_in_s",
        };
        invalid(field, &error.to_string())
    }
}

impl From<PlaceOrderError> for Problem {
    fn from(error: PlaceOrderError) -> Self {
        match error {
            PlaceOrderError::NoApp(app) => {
                invalid("app_id", &format!("you have no application `{app}`"))
            }
            PlaceOrderError::Invalid(error) => error.into(),
            PlaceOrderError::Amount => Self::new(
                StatusCode::BAD_REQUEST,
                "invalid-amount",
                "The amount cannot be read",
            )
            .detail("`total_amount` is 0.01 to 100000000.00.")
            .with("field", "total_amount"),
            PlaceOrderError::ExistsWithDifferent(field) => Self::conflict(
                "order-exists",
                format!("An order of this number exists with another `{field}`."),
            )
            .with("field", field),
            PlaceOrderError::KeyReused => key_reused(),
            PlaceOrderError::Sign(error) => Self::internal(&error),
            PlaceOrderError::Store(error) => error.into(),
            PlaceOrderError::Killed(error) => Self::internal(&error),
        }
    }
}

impl From<PayOrderError> for Problem {
    fn from(error: PayOrderError) -> Self {
        match error {
            PayOrderError::NotFound(error) => error.into(),
            PayOrderError::NotPayable(state) => Self::conflict(
                "order-not-payable",
                format!("The order is {state} and cannot be paid."),
            )
            .with("state", state),
            PayOrderError::TooManyAttempts => Self::conflict(
                "too-many-attempts",
                "The order was tried too often; place a new one.",
            ),
            PayOrderError::Place(error) => error.into(),
        }
    }
}

impl From<CheckError> for Problem {
    fn from(error: CheckError) -> Self {
        match error {
            CheckError::NotFound(error) => error.into(),
            CheckError::NoApp(_) | CheckError::Killed(_) => Self::internal(&error),
            CheckError::Store(error) => error.into(),
        }
    }
}

impl From<CloseOrderError> for Problem {
    fn from(error: CloseOrderError) -> Self {
        match error {
            CloseOrderError::NotFound(error) => error.into(),
            CloseOrderError::KeyReused => key_reused(),
            CloseOrderError::Check(error) => error.into(),
            CloseOrderError::Store(error) => error.into(),
        }
    }
}

impl From<RefundOrderError> for Problem {
    fn from(error: RefundOrderError) -> Self {
        match error {
            RefundOrderError::NotFound(error) => error.into(),
            RefundOrderError::Refused(refusal) => refusal.into(),
            RefundOrderError::Invalid(error) => error.into(),
            RefundOrderError::Reason => invalid("reason", &error.to_string()),
            RefundOrderError::ExistsWithDifferent(field) => Self::conflict(
                "refund-exists",
                format!("A refund of this number exists with another `{field}`."),
            )
            .with("field", field),
            RefundOrderError::KeyReused => key_reused(),
            RefundOrderError::Check(_) | RefundOrderError::Killed(_) => Self::internal(&error),
            RefundOrderError::Store(error) => error.into(),
        }
    }
}

impl From<RefundRefusal> for Problem {
    fn from(refusal: RefundRefusal) -> Self {
        let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
        match refusal {
            RefundRefusal::NotPaid => {
                Self::new(unprocessable, "order-not-paid", "The order is not paid")
                    .detail("Only money that came in can go back.")
            }
            RefundRefusal::ExceedsPaid { left } => Self::new(
                unprocessable,
                "refund-exceeds-paid",
                "More than can be refunded",
            )
            .detail(format!("{left} of the order can still be refunded."))
            .with("left", left.to_string()),
            RefundRefusal::NotPositive => invalid("amount", &refusal.to_string()),
        }
    }
}

pub(crate) fn invalid(field: &'static str, what: &str) -> Problem {
    Problem::new(
        StatusCode::BAD_REQUEST,
        "invalid-field",
        "A field has a value that cannot be",
    )
    .detail(format!("`{field}`: {what}."))
    .with("field", field)
}

fn key_reused() -> Problem {
    Problem::conflict(
        "idempotency-key-reused",
        "This `Idempotency-Key` was used for another request; take a new one for each request.",
    )
}
