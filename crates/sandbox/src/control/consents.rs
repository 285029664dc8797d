//! Playing the buyer where no payment is asked for: a hold, an agreement, a login.

use super::trades::{broken, buyer};
use crate::app::agreement::ask_agreement::AgreementError;
use crate::app::pay_trade::PayTradeError;
use crate::app::preauth::ask_freeze::FreezeError;
use crate::consent::play::{NoConsent, NotPlayed, Played, Word, open};
use crate::context::Context;
use crate::domain::freeze::FreezeRefusal;
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde::{Deserialize, Serialize};
use service::i18n::Lang;
use service::{JsonBody, Problem};
use utoipa::ToSchema;

/// The buyer's part.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConsentBody {
    /// Where the question stands: the signed link of alipay.user.agreement.page.sign (also as
    /// `alipays://…?sign_params=…`), the order string of alipay.fund.auth.order.app.freeze, a QR
    /// code's address, the address of a login with Alipay, or the page itself.
    url: String,
    /// `agree` unless said, or `refuse`.
    answer: Option<String>,
    /// Who answers; the buyer for whom it waits, or `buyer@sandbox.com`, unless said.
    buyer_logon_id: Option<String>,
    /// Six digits; checked when it is there.
    pay_password: Option<String>,
}

/// What the buyer is left with.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct ConsentView {
    /// `freeze`, `agreement` or `oauth`.
    kind: &'static str,
    /// The `auth_no`, the `agreement_no`, or the `app_id` of a login.
    number: String,
    /// Where it stands: the wire's word, `agreed` or `refused` for a login.
    state: &'static str,
    /// Where the buyer's browser would go now, with what Alipay adds to it.
    return_url: Option<String>,
}

impl From<Played> for ConsentView {
    fn from(played: Played) -> Self {
        Self {
            kind: played.kind,
            number: played.number,
            state: played.state,
            return_url: played.return_url,
        }
    }
}

/// Plays the buyer who is asked for a hold, an agreement or a login: opens the address as their
/// browser or wallet would, and answers.
#[utoipa::path(post, path = "/sandbox/v1/consents", tag = "consents", request_body = ConsentBody,
    responses((status = 200, body = ConsentView), (status = 404, description = "no-such-buyer"),
        (status = 409, description = "nobody is asked there any more, or it cannot be agreed to"),
        (status = 422, description = "not-a-consent, or the gateway refused the link")))]
pub(super) async fn answer(
    State(cx): State<Context>,
    lang: Lang,
    JsonBody(body): JsonBody<ConsentBody>,
) -> Result<Json<ConsentView>, Problem> {
    let agrees = match body.answer.as_deref() {
        None | Some("agree") => true,
        Some("refuse") => false,
        Some(_) => return Err(Problem::bad_request("answer is agree or refuse.")),
    };
    let named = match body.buyer_logon_id.as_deref() {
        Some(logon_id) => Some(buyer(&cx, Some(logon_id)).await?),
        None => None,
    };
    let consent = open(&cx, &body.url, lang).await.map_err(not_opened)?;
    let user_id = match named {
        Some(named) => named,
        // The one for whom it waits.
        None => match consent.waits_for(&cx).await.map_err(|e| broken(&e))? {
            Some(user_id) => user_id,
            None => buyer(&cx, None).await?,
        },
    };
    let word = if agrees {
        Word::Agree {
            user_id: &user_id,
            pay_password: body.pay_password.as_deref(),
        }
    } else {
        Word::Refuse
    };
    let played = consent.answer(&cx, word).await.map_err(not_played)?;
    Ok(Json(played.into()))
}

fn not_opened(error: NoConsent) -> Problem {
    let unprocessable = |slug, title| Problem::new(StatusCode::UNPROCESSABLE_ENTITY, slug, title);
    match error {
        NoConsent::NotOne => unprocessable("not-a-consent", "Nobody is asked at that address")
            .detail("Give the signed link of alipay.user.agreement.page.sign, the order string of alipay.fund.auth.order.app.freeze, a QR code's address, that of a login with Alipay, or of a page of agreement."),
        NoConsent::Payment => unprocessable("not-a-consent", "The link asks for a payment")
            .detail("POST trades/{out_trade_no}/pay plays the buyer of a payment."),
        NoConsent::Refused {
            sub_code,
            sub_msg,
            explain,
        } => unprocessable("link-refused", "The gateway refused the link")
            .detail(explain.unwrap_or_else(|| sub_msg.clone()))
            .with("sub_code", sub_code)
            .with("sub_msg", sub_msg),
        NoConsent::Store(error) => broken(&error),
    }
}

fn not_played(error: NotPlayed) -> Problem {
    match error {
        NotPlayed::Gone => not_waiting("nobody is asked there any more"),
        NotPlayed::Store(error)
        | NotPlayed::Freeze(FreezeError::Store(error))
        | NotPlayed::Agreement(AgreementError::Store(error)) => broken(&error),
        NotPlayed::Freeze(FreezeError::Password(denied))
        | NotPlayed::Agreement(AgreementError::Password(denied)) => {
            PayTradeError::Password(denied).into()
        }
        NotPlayed::Freeze(FreezeError::NoSuchBuyer)
        | NotPlayed::Agreement(AgreementError::NoSuchBuyer) => PayTradeError::NoSuchBuyer.into(),
        NotPlayed::Freeze(FreezeError::Refused(FreezeRefusal::MoneyNotEnough(balance))) => {
            PayTradeError::BalanceNotEnough { balance }.into()
        }
        NotPlayed::Freeze(FreezeError::Refused(FreezeRefusal::NoChannel)) => Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "fund-channel-refused",
            "The hold leaves only channels that nobody has here",
        )
        .detail("Nothing was held; see its enable_pay_channels."),
        NotPlayed::Freeze(FreezeError::Refused(refusal)) => not_waiting(&format!("{refusal:?}")),
        NotPlayed::Agreement(AgreementError::Refused(refusal)) => {
            not_waiting(&format!("{refusal:?}"))
        }
    }
}

fn not_waiting(why: &str) -> Problem {
    Problem::conflict(
        "consent-not-waiting",
        format!("Nothing was agreed to: {why}."),
    )
}
