//! Messages that look like Alipay's and are not about what happened: each must be refused.

use crate::keys::{KeyRing, Keys};
use crate::net::{Answer, Request, Unreached};
use crate::world::World;
use alipay::{Charset, Params, form, sign};
use kernel::Timestamp;
use money::Fen;

/// What is wrong with a message.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Lie {
    /// Alipay never signed it.
    Unsigned,
    /// Alipay signed it with another application's key.
    WrongKey,
    /// Genuine, for another amount.
    Amount,
    /// Genuine, for another seller.
    Seller,
    /// Genuine, from another application whose trade has the same number.
    App,
}

impl Lie {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Unsigned,
        Self::WrongKey,
        Self::Amount,
        Self::Seller,
        Self::App,
    ];
}

/// What a message says: which trade, how much.
#[derive(Clone, Debug)]
pub struct Claim {
    /// The trade's number.
    pub out_trade_no: String,
    /// What it costs.
    pub amount: Fen,
    /// Tells this message from others.
    pub notify_id: String,
}

fn fields(claim: &Claim, ring: &KeyRing, amount: Fen, at: Timestamp) -> Params {
    let yuan = amount.to_string();
    let now = at.china();
    let trade_no = format!("{}22001499160501589436", at.china_day());
    Params::from([
        ("gmt_create", now.as_str()),
        ("charset", "utf-8"),
        ("gmt_payment", now.as_str()),
        ("notify_time", now.as_str()),
        ("subject", "课程"),
        ("buyer_id", "2088722003899169"),
        ("invoice_amount", yuan.as_str()),
        ("version", "1.0"),
        ("notify_id", claim.notify_id.as_str()),
        ("notify_type", "trade_status_sync"),
        ("out_trade_no", claim.out_trade_no.as_str()),
        ("total_amount", yuan.as_str()),
        ("trade_status", "TRADE_SUCCESS"),
        ("trade_no", trade_no.as_str()),
        ("auth_app_id", ring.app_id),
        ("receipt_amount", yuan.as_str()),
        ("point_amount", "0.00"),
        ("buyer_pay_amount", yuan.as_str()),
        ("app_id", ring.app_id),
        ("sign_type", "RSA2"),
        ("seller_id", ring.seller_id),
    ])
}

fn body(params: &Params) -> Vec<u8> {
    form::encode(params, Charset::Utf8)
        .unwrap_or_default()
        .into_bytes()
}

fn signed(mut params: Params, key: &alipay::keys::PrivateKey) -> Params {
    let text = sign::notice_text(&params);
    if let Ok(signature) = sign::sign(key, sign::SignType::Rsa2, text.as_bytes()) {
        params.set("sign", &signature);
    }
    params
}

/// The body of a notice that claims a payment and lies in one respect.
#[must_use]
pub fn lying_notice(claim: &Claim, lie: Lie, at: Timestamp) -> Vec<u8> {
    let keys = Keys::of_process();
    let ring = if lie == Lie::App {
        &keys.other
    } else {
        &keys.courses
    };
    let amount = if lie == Lie::Amount {
        Fen::new(claim.amount.fen() + 1)
    } else {
        claim.amount
    };
    let mut params = fields(claim, ring, amount, at);
    if lie == Lie::Seller {
        params.set("seller_id", "2088000000000009");
    }
    match lie {
        Lie::Unsigned => {}
        Lie::WrongKey => params = signed(params, &keys.other.alipay),
        Lie::Amount | Lie::Seller | Lie::App => params = signed(params, &ring.alipay),
    }
    body(&params)
}

/// The body of a genuine notice of a payment, signed as Alipay would.
#[must_use]
pub fn genuine_notice(claim: &Claim, at: Timestamp) -> Vec<u8> {
    let ring = &Keys::of_process().courses;
    body(&signed(fields(claim, ring, claim.amount, at), &ring.alipay))
}

/// The query of a return that Alipay signed, although nobody paid.
#[must_use]
pub fn hasty_return(claim: &Claim, at: Timestamp) -> String {
    let ring = &Keys::of_process().courses;
    let yuan = claim.amount.to_string();
    let now = at.china();
    let trade_no = format!("{}22001499160501589436", at.china_day());
    let params = Params::from([
        ("charset", "utf-8"),
        ("out_trade_no", claim.out_trade_no.as_str()),
        ("method", "alipay.trade.page.pay.return"),
        ("total_amount", yuan.as_str()),
        ("trade_no", trade_no.as_str()),
        ("auth_app_id", ring.app_id),
        ("version", "1.0"),
        ("app_id", ring.app_id),
        ("sign_type", "RSA2"),
        ("seller_id", ring.seller_id),
        ("timestamp", now.as_str()),
    ]);
    form::encode(&signed(params, &ring.alipay), Charset::Utf8).unwrap_or_default()
}

impl World {
    /// Posts a body to an address where notices are taken.
    ///
    /// # Errors
    /// When nobody is there.
    pub async fn post_notice(&self, url: &str, body: Vec<u8>) -> Result<Answer, Unreached> {
        self.network().call(&Request::form(url, body)).await
    }
}
