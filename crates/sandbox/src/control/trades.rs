//! Trades: playing the buyer, and looking.

use super::page;
use super::views::{TradeStoryView, TradeView};
use crate::app::find_trade::{self, TradeFilter};
use crate::app::pay_trade::{FundChannel, PayTrade, PayTradeError, pay_trade};
use crate::app::{login, return_address};
use crate::context::Context;
use crate::domain::account::Denied;
use crate::domain::{LogonId, Refusal, Trade};
use crate::gateway::{Landing, Opened, link_number, open_link};
use crate::store::visits::Visit;
use crate::worlds::without_world;
use axum::Json;
use axum::extract::{Path, Query, State};
use http::StatusCode;
use serde::{Deserialize, Serialize};
use service::i18n::Lang;
use service::{JsonBody, Problem};
use store::StoreError;
use utoipa::{IntoParams, ToSchema};

/// Which application is meant, when two have the number.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct WhichApp {
    pub(super) app_id: Option<String>,
}

/// The buyer's part.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PayBody {
    /// The signed link of a page or wap trade, or an app's order string: opened first, exactly as
    /// a browser or the wallet would.
    url: Option<String>,
    /// Who pays; the buyer that the trade waits for, or `buyer@sandbox.com`, unless said.
    buyer_logon_id: Option<String>,
    /// Six digits; checked when it is there.
    pay_password: Option<String>,
    /// `ALIPAYACCOUNT` (the balance) unless said, `BANKCARD` or `PCREDIT`.
    fund_channel: Option<String>,
    /// Whether the buyer also signs what the order asks to be signed (`agreement_sign_params`);
    /// `true` unless said.
    sign: Option<bool>,
}

/// What the buyer is left with.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct PaidView {
    #[serde(flatten)]
    trade: TradeView,
    /// Where the buyer's browser would go now: the link's return_url with Alipay's signature.
    return_url: Option<String>,
}

/// Plays the buyer: a precreated order is scanned and paid; a page or wap trade exists only once
/// its link was opened, here with `url`.
#[utoipa::path(post, path = "/sandbox/v1/trades/{out_trade_no}/pay", tag = "trades",
    params(("out_trade_no" = String, Path), WhichApp), request_body = PayBody,
    responses((status = 200, body = PaidView), (status = 404, description = "trade-not-opened"),
        (status = 409, description = "two applications, or the trade cannot be paid")))]
pub(super) async fn pay(
    State(cx): State<Context>,
    Path(out_trade_no): Path<String>,
    Query(which): Query<WhichApp>,
    lang: Lang,
    JsonBody(body): JsonBody<PayBody>,
) -> Result<Json<PaidView>, Problem> {
    let fund_channel: FundChannel = match &body.fund_channel {
        Some(text) => text
            .parse()
            .map_err(|error| Problem::bad_request(format!("{error}.")))?,
        None => FundChannel::default(),
    };
    let named = match body.buyer_logon_id.as_deref() {
        Some(logon_id) => Some(buyer(&cx, Some(logon_id)).await?),
        None => None,
    };
    let visit = match &body.url {
        Some(url) => Some(open(&cx, url, &out_trade_no, &which, lang).await?),
        None => None,
    };
    let mut trades = find_trade::trades_of_number(&cx, &out_trade_no, which.app_id.as_deref())
        .await
        .map_err(|error| broken(&error))?;
    if let Some(visit) = &visit {
        trades.retain(|trade| trade.trade_id == visit.trade_id);
        if trades.is_empty() {
            return Err(other_trade(&out_trade_no));
        }
    }
    let trade = only(trades, &out_trade_no)?;
    let user_id = match (named, &trade.offer.payer) {
        (Some(named), _) => named,
        // The one whom it waits for.
        (None, Some(payer)) => payer.user_id.clone(),
        (None, None) => buyer(&cx, None).await?,
    };
    let wish = PayTrade {
        trade_id: trade.trade_id,
        user_id,
        pay_password: body.pay_password,
        fund_channel,
        // A browser that opened the link would have shown this.
        shown: visit.as_ref().map(|visit| visit.shown.clone()),
        signs: body.sign.unwrap_or(true),
    };
    let paid = pay_trade(&cx, wish).await?;
    let return_url = match &visit {
        Some(visit) => return_address::return_address(&cx, visit, &paid)
            .await
            .map_err(|error| broken(&error))?,
        None => None,
    };
    Ok(Json(PaidView {
        trade: TradeView::new(&cx, &paid),
        return_url,
    }))
}

pub(super) async fn buyer(cx: &Context, logon_id: Option<&str>) -> Result<String, Problem> {
    let logon_id = logon_id.unwrap_or("buyer@sandbox.com");
    let parsed: LogonId = logon_id
        .parse()
        .map_err(|error| Problem::bad_request(format!("{error}.")))?;
    let found = login::find(cx, &parsed).await.map_err(|e| broken(&e))?;
    found
        .map(|account| account.user_id)
        .ok_or_else(|| no_such_buyer(logon_id))
}

fn no_such_buyer(logon_id: &str) -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "no-such-buyer",
        "There is no such buyer",
    )
    .detail(format!(
        "Nobody has the logon id {logon_id}. POST /sandbox/v1/accounts opens an account."
    ))
}

fn other_trade(out_trade_no: &str) -> Problem {
    Problem::new(
        StatusCode::UNPROCESSABLE_ENTITY,
        "other-trade",
        "The link belongs to another trade",
    )
    .detail(format!(
        "The link's out_trade_no or application is not that of {out_trade_no}."
    ))
}

/// Why nobody can pay the trade any more, in the words for a buyer without a link.
async fn cannot_be_paid(
    cx: &Context,
    out_trade_no: &str,
    which: &WhichApp,
) -> Result<Option<Problem>, Problem> {
    let app_id = which.app_id.as_deref();
    let found = find_trade::trades_of_number(cx, out_trade_no, app_id).await;
    let mut found = found.map_err(|error| broken(&error))?;
    if found.len() != 1 {
        return Ok(None);
    }
    let trade = found.remove(0);
    let caller = cx.caller(&trade.app_id).await;
    let profile = caller.map_err(|error| broken(&error))?;
    let profile = profile.map_or_else(Default::default, |caller| caller.app.profile);
    let refusal = trade.meet(profile, cx.now()).err();
    Ok(refusal.map(|refusal| PayTradeError::from(refusal).into()))
}

/// Opens a link of that number as a browser would.
async fn open(
    cx: &Context,
    url: &str,
    out_trade_no: &str,
    which: &WhichApp,
    lang: Lang,
) -> Result<Visit, Problem> {
    let not_a_link = || {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "not-a-link",
            "The url is neither a page link nor an order string",
        )
        .detail(
            "Give the signed link of alipay.trade.page.pay or alipay.trade.wap.pay, …/gateway.do?…, or the order string of alipay.trade.app.pay.",
        )
    };
    let query = query_of(url).ok_or_else(not_a_link)?;
    // A link of another order is not touched.
    if link_number(&query).is_some_and(|number| number != out_trade_no) {
        return Err(other_trade(out_trade_no));
    }
    match open_link(cx, &query, lang).await {
        Opened::Landing(Landing::Cashier(visit)) => Ok(visit),
        Opened::Landing(Landing::Page(_)) | Opened::NotALink => Err(not_a_link()),
        Opened::Refused {
            sub_code,
            sub_msg,
            explain,
        } => {
            let ended = [
                "ACQ.TRADE_HAS_SUCCESS",
                "ACQ.TRADE_HAS_CLOSE",
                "ACQ.TRADE_EXPIRED",
            ];
            if ended.contains(&sub_code.as_str())
                && let Some(problem) = cannot_be_paid(cx, out_trade_no, which).await?
            {
                return Err(problem);
            }
            let problem = Problem::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "link-refused",
                "The gateway refused the link",
            )
            .detail(explain.unwrap_or_else(|| sub_msg.clone()))
            .with("sub_code", sub_code)
            .with("sub_msg", sub_msg);
            Err(problem)
        }
    }
}

/// The parameters in a link to the gateway, or an order string, which is nothing but parameters.
fn query_of(text: &str) -> Option<String> {
    let text = text.trim();
    if !text.contains("://") {
        return text.contains('=').then(|| text.to_owned());
    }
    let url = url::Url::parse(text).ok()?;
    // Which world an address names does not matter: the signature says whose link it is.
    let is_gateway = url.path().ends_with("/gateway.do");
    is_gateway.then(|| without_world(url.query().unwrap_or_default()))
}

/// The one trade of a number.
pub(super) fn only(mut trades: Vec<Trade>, out_trade_no: &str) -> Result<Trade, Problem> {
    match trades.len() {
        0 => Err(Problem::new(
            StatusCode::NOT_FOUND,
            "trade-not-opened",
            "No trade of that number exists yet",
        )
        .detail(format!(
            "{out_trade_no} was never opened. A page or wap trade begins when a browser opens its link: send that link as `url`. A QR code's order must be precreated first."
        ))),
        1 => Ok(trades.remove(0)),
        _ => {
            let apps: Vec<String> = trades.into_iter().map(|trade| trade.app_id).collect();
            Err(Problem::conflict(
                "two-applications",
                format!("Several applications have the number {out_trade_no}; say which with ?app_id=."),
            )
            .with("app_ids", apps))
        }
    }
}

pub(super) fn broken(error: &StoreError) -> Problem {
    Problem::internal(error)
}

impl From<PayTradeError> for Problem {
    fn from(error: PayTradeError) -> Self {
        match error {
            PayTradeError::NoSuchBuyer => no_such_buyer("of that number"),
            PayTradeError::Refused(refusal) => {
                let slug = match refusal {
                    Refusal::NotExist => "trade-not-opened",
                    Refusal::Expired => "trade-expired",
                    Refusal::Paid => "trade-already-paid",
                    Refusal::Closed | Refusal::Finished => "trade-closed",
                    Refusal::OtherBuyer => "trade-of-another-buyer",
                    Refusal::NotAsked => "no-buyer-asked",
                    Refusal::CancelLate
                    | Refusal::PartlyRefunded { .. }
                    | Refusal::Status(_)
                    | Refusal::Differs(_)
                    | Refusal::Exceeds { .. }
                    | Refusal::RefundTried
                    | Refusal::NotWhole => "trade-cannot-be-paid",
                };
                Self::conflict(slug, format!("It was not paid: {refusal}."))
            }
            PayTradeError::Changed => {
                Self::conflict("trade-changed", format!("It was not paid: {error}."))
            }
            PayTradeError::BalanceOnly => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "fund-channel-refused",
                "The application is paid from the balance only",
            )
            .detail(format!("It was not paid: {error}.")),
            PayTradeError::Channel(_) => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "fund-channel-refused",
                "The order leaves that channel out",
            )
            .detail(format!(
                "It was not paid: {error}; see its enable_pay_channels or disable_pay_channels."
            )),
            PayTradeError::Password(Denied::Wrong { left }) => Self::new(
                StatusCode::FORBIDDEN,
                "pay-password-wrong",
                "The payment password is wrong",
            )
            .with("left", left),
            PayTradeError::Password(Denied::Locked { until }) => Self::new(
                StatusCode::FORBIDDEN,
                "pay-password-locked",
                "Too many wrong payment passwords",
            )
            .with("until", until.rfc3339()),
            PayTradeError::BalanceNotEnough { balance } => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "balance-not-enough",
                "The buyer's balance is too small",
            )
            .with("balance", balance.to_string()),
            PayTradeError::DayLimit { left } => Self::new(
                StatusCode::UNPROCESSABLE_ENTITY,
                "daily-limit",
                "More than the buyer lets leave the balance in a day",
            )
            .with("left", left.to_string()),
            PayTradeError::Store(error) => Self::internal(&error),
        }
    }
}

/// A trade and its history.
#[utoipa::path(get, path = "/sandbox/v1/trades/{out_trade_no}", tag = "trades",
    params(("out_trade_no" = String, Path), WhichApp),
    responses((status = 200, body = TradeStoryView), (status = 404), (status = 409)))]
pub(super) async fn find(
    State(cx): State<Context>,
    Path(out_trade_no): Path<String>,
    Query(which): Query<WhichApp>,
) -> Result<Json<TradeStoryView>, Problem> {
    let trades = find_trade::trades_of_number(&cx, &out_trade_no, which.app_id.as_deref())
        .await
        .map_err(|error| broken(&error))?;
    let trade = only(trades, &out_trade_no)?;
    let story = find_trade::story(&cx, trade)
        .await
        .map_err(|e| broken(&e))?;
    Ok(Json(TradeStoryView::new(&cx, story)))
}

/// Which trades to list.
#[derive(Debug, Deserialize, IntoParams)]
pub(super) struct ListQuery {
    app_id: Option<String>,
    /// `asked`, `waiting`, `paid`, `finished` or `closed`.
    state: Option<String>,
    cursor: Option<String>,
    limit: Option<String>,
}

/// A page of trades.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TradeList {
    trades: Vec<TradeView>,
    next_cursor: Option<String>,
}

/// Trades, newest first.
#[utoipa::path(get, path = "/sandbox/v1/trades", tag = "trades", params(ListQuery),
    responses((status = 200, body = TradeList)))]
pub(super) async fn list(
    State(cx): State<Context>,
    Query(query): Query<ListQuery>,
) -> Result<Json<TradeList>, Problem> {
    let limit = page::limit(query.limit.as_deref())?;
    let filter = TradeFilter {
        app_id: query.app_id,
        state: query.state,
        before: query.cursor,
        limit: limit + 1,
    };
    let found = find_trade::list_trades(&cx, filter)
        .await
        .map_err(|error| broken(&error))?;
    let (found, next_cursor) = page::cut(found, limit, |trade| trade.trade_id.to_string());
    let trades = found
        .iter()
        .map(|trade| TradeView::new(&cx, trade))
        .collect();
    Ok(Json(TradeList {
        trades,
        next_cursor,
    }))
}
