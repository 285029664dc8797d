//! How a trade's state lies in the columns of its row.

use crate::domain::{
    Born, CloseReason, Offer, PayChannels, Payer, Payment, Timeout, Trade, TradeState,
};
use crate::store::agreements::read_signing;
use ::store::{Row, StoreError};
use kernel::Timestamp;
use money::Fen;

/// The columns that the state decides.
#[derive(Default)]
pub(super) struct Columns<'a> {
    pub(super) state: &'static str,
    pub(super) trade_no: Option<&'a str>,
    pub(super) created_at: Option<Timestamp>,
    pub(super) expires_at: Option<Timestamp>,
    pub(super) buyer_user_id: Option<&'a str>,
    pub(super) buyer_logon_id: Option<&'a str>,
    pub(super) fund_channel: Option<&'a str>,
    pub(super) paid_at: Option<Timestamp>,
    pub(super) close_reason: Option<&'static str>,
    pub(super) ended_at: Option<Timestamp>,
}

impl<'a> Columns<'a> {
    pub(super) fn of(state: &'a TradeState) -> Self {
        match state {
            TradeState::Asked => Self {
                state: "asked",
                ..Self::default()
            },
            TradeState::Waiting(born) => Self::born("waiting", born),
            TradeState::Paid(born, payment) => Self::born("paid", born).paid(payment),
            TradeState::Finished(born, payment, at) => Self {
                ended_at: Some(*at),
                ..Self::born("finished", born).paid(payment)
            },
            TradeState::Closed(born, payment, why, at) => {
                let columns = Self {
                    close_reason: Some(why.as_str()),
                    ended_at: Some(*at),
                    ..Self::born("closed", born)
                };
                match payment {
                    Some(payment) => columns.paid(payment),
                    None => columns,
                }
            }
        }
    }

    fn born(state: &'static str, born: &'a Born) -> Self {
        Self {
            state,
            trade_no: Some(&born.trade_no),
            created_at: Some(born.created_at),
            expires_at: Some(born.expires_at),
            ..Self::default()
        }
    }

    fn paid(self, payment: &'a Payment) -> Self {
        Self {
            buyer_user_id: Some(&payment.buyer_user_id),
            buyer_logon_id: Some(&payment.buyer_logon_id),
            fund_channel: Some(&payment.fund_channel),
            paid_at: Some(payment.paid_at),
            ..self
        }
    }
}

/// `default`, `after:5400000`, `midnight`, `at:1703141316789`.
pub(super) fn timeout_text(timeout: Timeout) -> String {
    match timeout {
        Timeout::Default => "default".to_owned(),
        Timeout::After(span) => format!("after:{span}"),
        Timeout::Midnight => "midnight".to_owned(),
        Timeout::At(at) => format!("at:{}", at.ms()),
    }
}

fn read_timeout(text: &str) -> Option<Timeout> {
    match text.split_once(':') {
        None if text == "default" => Some(Timeout::Default),
        None if text == "midnight" => Some(Timeout::Midnight),
        Some(("after", span)) => span.parse().ok().map(Timeout::After),
        Some(("at", ms)) => ms.parse().ok().map(Timestamp::from_ms).map(Timeout::At),
        _ => None,
    }
}

fn inconsistent(row: &Row, what: &str) -> StoreError {
    StoreError::Inconsistent {
        table: "sandbox_trades",
        id: row.text("trade_id").unwrap_or_default().to_owned(),
        what: what.to_owned(),
    }
}

fn owned(row: &Row, column: &'static str) -> Result<Option<String>, StoreError> {
    Ok(row.opt_text(column)?.map(str::to_owned))
}

pub(super) fn read(row: &Row) -> Result<Trade, StoreError> {
    let timeout = read_timeout(row.text("timeout")?)
        .ok_or_else(|| inconsistent(row, "the timeout is none"))?;
    Ok(Trade {
        trade_id: row.parse("trade_id")?,
        app_id: row.text("app_id")?.to_owned(),
        seller_id: row.text("seller_id")?.to_owned(),
        offer: Offer {
            out_trade_no: row.text("out_trade_no")?.to_owned(),
            product: row.parse("product")?,
            total_amount: Fen::new(row.int("total_amount")?),
            subject: row.text("subject")?.to_owned(),
            body: owned(row, "body")?,
            passback_params: owned(row, "passback_params")?,
            notify_url: owned(row, "notify_url")?,
            charset: row.text("charset")?.to_owned(),
            timeout,
            qr_timeout_ms: row.opt_int("qr_timeout_ms")?,
            store_id: owned(row, "store_id")?,
            terminal_id: owned(row, "terminal_id")?,
            payer: match owned(row, "payer_user_id")? {
                None => None,
                Some(user_id) => Some(Payer {
                    user_id,
                    logon_id: owned(row, "payer_logon_id")?.unwrap_or_default(),
                }),
            },
            by_app_id: owned(row, "by_app_id")?,
            channels: PayChannels::of_column(row.opt_text("pay_channels")?)
                .ok_or_else(|| inconsistent(row, "the payment channels are none"))?,
            signing: match row.opt_text("signing")? {
                None => None,
                Some(text) => Some(
                    read_signing(text)
                        .ok_or_else(|| inconsistent(row, "what is to be signed is nothing"))?,
                ),
            },
        },
        qr_code: row.text("qr_code")?.to_owned(),
        asked_at: row.time("asked_at")?,
        state: read_state(row)?,
        refunded: Fen::new(row.int("refunded")?),
    })
}

fn read_state(row: &Row) -> Result<TradeState, StoreError> {
    let state = row.text("state")?;
    if state == "asked" {
        return Ok(TradeState::Asked);
    }
    let born = Born {
        trade_no: row.text("trade_no")?.to_owned(),
        created_at: row.time("created_at")?,
        expires_at: row.time("expires_at")?,
    };
    let payment = match row.opt_time("paid_at")? {
        None => None,
        Some(paid_at) => Some(Payment {
            buyer_user_id: row.text("buyer_user_id")?.to_owned(),
            buyer_logon_id: row.text("buyer_logon_id")?.to_owned(),
            fund_channel: row.text("fund_channel")?.to_owned(),
            paid_at,
        }),
    };
    match (state, payment) {
        ("waiting", None) => Ok(TradeState::Waiting(born)),
        ("paid", Some(payment)) => Ok(TradeState::Paid(born, payment)),
        ("finished", Some(payment)) => {
            Ok(TradeState::Finished(born, payment, row.time("ended_at")?))
        }
        ("closed", payment) => {
            let reason = match row.text("close_reason")? {
                "expired" => CloseReason::Expired,
                "merchant" => CloseReason::Merchant,
                "refunded" => CloseReason::Refunded,
                _ => return Err(inconsistent(row, "the reason of its close is none")),
            };
            Ok(TradeState::Closed(
                born,
                payment,
                reason,
                row.time("ended_at")?,
            ))
        }
        _ => Err(inconsistent(row, "state and payment do not fit")),
    }
}
