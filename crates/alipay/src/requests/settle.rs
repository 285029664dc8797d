//! Sharing the money of a payment: settling, the relations it needs, and telling how an order went.

use super::{
    check::{MAX_TRADE_NO, RequestError},
    shape::{object, request},
};
use crate::words::words;
use money::Fen;

words! {
    /// Which way a share goes.
    RoyaltyType {
        /// From the payment to somebody else.
        Transfer = "transfer",
        /// Back, to fill up.
        Replenish = "replenish",
    }
}

words! {
    /// What an account's text is.
    AccountType {
        /// A number `2088…`.
        UserId = "userId",
        /// A login: an e-mail address or a telephone number.
        LoginName = "loginName",
        /// The user as newer applications know them.
        OpenId = "openId",
        /// A card that was registered before.
        CardAliasNo = "cardAliasNo",
    }
}

object! {
    /// One share of a payment.
    Royalty {
        /// `transfer` when absent.
        royalty_type: Option<RoyaltyType>,
        /// Who gives; the merchant when absent.
        trans_out: Option<String> [64],
        /// What `trans_out` is.
        trans_out_type: Option<AccountType>,
        /// Who gets.
        trans_in: Option<String> [64],
        /// What `trans_in` is.
        trans_in_type: Option<AccountType>,
        /// How much.
        amount: Option<Fen>,
        /// Which share instead, 1 to 100 per cent.
        amount_percentage: Option<String> [3],
        /// Why.
        desc: Option<String> [1000],
        /// The scene that was agreed with Alipay: `达人佣金`, `平台服务费`, …
        royalty_scene: Option<String> [256],
        /// The receiver's name, which is checked then.
        trans_in_name: Option<String> [64],
    }
}

impl Royalty {
    /// `amount` for the account `user_id`.
    #[must_use]
    pub fn to_user(user_id: &str, amount: Fen) -> Self {
        Self {
            royalty_type: Some(RoyaltyType::Transfer),
            trans_in: Some(user_id.to_owned()),
            trans_in_type: Some(AccountType::UserId),
            amount: Some(amount),
            ..Self::default()
        }
    }
}

object! {
    /// Whether a settlement is the last one.
    SettleExtendParams {
        /// `true` when nothing more is shared after this.
        royalty_finish: Option<String> [5],
        /// How much is finished.
        royalty_finish_amount: Option<Fen>,
    }
}

request! {
    /// `alipay.trade.order.settle`: shares the money of a payment with others, who have to be bound
    /// before. The same `out_request_no` shares once.
    Settle: "alipay.trade.order.settle" {
        /// The number of this settlement, kept for every repeat.
        out_request_no: String [64],
        /// Alipay's number of the payment.
        trade_no: String [MAX_TRADE_NO],
        /// Who gets what.
        royalty_parameters: Vec<Royalty>,
        /// Who settles.
        operator_id: Option<String> [64],
        /// Whether it is the last one.
        extend_params: Option<SettleExtendParams>,
        /// `sync` when absent; `async` answers before it was done.
        royalty_mode: Option<String> [32],
    }
    also(request) {
        if request.royalty_parameters.is_empty() {
            return Err(RequestError::Empty("royalty_parameters"));
        }
    }
    echoes(request) { vec![("trade_no", request.trade_no.as_str())] }
}

impl Settle {
    /// Shares the payment `trade_no` so.
    #[must_use]
    pub fn new(out_request_no: &str, trade_no: &str, shares: Vec<Royalty>) -> Self {
        Self {
            out_request_no: out_request_no.to_owned(),
            trade_no: trade_no.to_owned(),
            royalty_parameters: shares,
            ..Self::default()
        }
    }
}

request! {
    /// `alipay.trade.order.settle.query`: what came of a settlement.
    SettleQuery: "alipay.trade.order.settle.query" {
        /// Alipay's number of the settlement; or both of the following.
        settle_no: Option<String> [64],
        /// The number under which it was asked for.
        out_request_no: Option<String> [64],
        /// Alipay's number of the payment.
        trade_no: Option<String> [MAX_TRADE_NO],
    }
    also(request) {
        if request.settle_no.is_none()
            && (request.out_request_no.is_none() || request.trade_no.is_none())
        {
            return Err(RequestError::OneOf("`settle_no`, and `out_request_no` with `trade_no`,"));
        }
    }
    echoes(request) {
        request.out_request_no.as_deref().map(|number| ("out_request_no", number)).into_iter().collect()
    }
}

impl SettleQuery {
    /// By the merchant's number and Alipay's number of the payment.
    #[must_use]
    pub fn new(out_request_no: &str, trade_no: &str) -> Self {
        Self {
            out_request_no: Some(out_request_no.to_owned()),
            trade_no: Some(trade_no.to_owned()),
            ..Self::default()
        }
    }
}

request! {
    /// `alipay.trade.royalty.rate.query`: how much of a payment may be shared.
    RateQuery: "alipay.trade.royalty.rate.query" {
        /// The number of this question: letters, digits and `_`.
        out_request_no: String [32],
    }
}

impl RateQuery {
    /// Asks under that number.
    #[must_use]
    pub fn new(out_request_no: &str) -> Self {
        Self {
            out_request_no: out_request_no.to_owned(),
            ..Self::default()
        }
    }
}

object! {
    /// One who may get shares.
    RoyaltyReceiver {
        /// What `account` is: a number, a login, an open id.
        #[serde(rename = "type")]
        kind: Option<AccountType>,
        /// The account.
        account: Option<String> [100],
        /// The account's name; needed for logins.
        name: Option<String> [64],
        /// Why they are bound.
        memo: Option<String> [256],
        /// The account, as newer applications know it.
        account_open_id: Option<String> [128],
    }
}

impl RoyaltyReceiver {
    /// The account `user_id` (`2088…`).
    #[must_use]
    pub fn user(user_id: &str) -> Self {
        Self {
            kind: Some(AccountType::UserId),
            account: Some(user_id.to_owned()),
            ..Self::default()
        }
    }

    /// The login `account` of somebody called `name`.
    #[must_use]
    pub fn login(account: &str, name: &str) -> Self {
        Self {
            kind: Some(AccountType::LoginName),
            account: Some(account.to_owned()),
            name: Some(name.to_owned()),
            ..Self::default()
        }
    }
}

/// Rules of both lists.
fn receivers(list: &[RoyaltyReceiver]) -> Result<(), RequestError> {
    if list.is_empty() {
        return Err(RequestError::Empty("receiver_list"));
    }
    for receiver in list {
        if receiver.kind.is_none() {
            return Err(RequestError::Empty("type"));
        }
        if receiver.account.is_none() && receiver.account_open_id.is_none() {
            return Err(RequestError::OneOf("`account` and `account_open_id`"));
        }
        if receiver.kind == Some(AccountType::LoginName) && receiver.name.is_none() {
            return Err(RequestError::Rule(
                "a receiver named by a login needs its `name`",
            ));
        }
    }
    Ok(())
}

request! {
    /// `alipay.trade.royalty.relation.bind`: allows these to get shares. Binding again is fine.
    RelationBind: "alipay.trade.royalty.relation.bind" {
        /// The number of this request.
        out_request_no: String [32],
        /// Whom, at most 20.
        receiver_list: Vec<RoyaltyReceiver> [20],
    }
    also(request) { receivers(&request.receiver_list)?; }
}

request! {
    /// `alipay.trade.royalty.relation.unbind`: these get no shares any more.
    RelationUnbind: "alipay.trade.royalty.relation.unbind" {
        /// The number of this request.
        out_request_no: String [32],
        /// Whom, at most 20.
        receiver_list: Vec<RoyaltyReceiver> [20],
    }
    also(request) { receivers(&request.receiver_list)?; }
}

request! {
    /// `alipay.trade.royalty.relation.batchquery`: who may get shares, page by page.
    RelationQuery: "alipay.trade.royalty.relation.batchquery" {
        /// The number of this request.
        out_request_no: String [32],
        /// Which page, from 1 on.
        page_num: Option<u32>,
        /// How many on a page, 1 to 100; 20 when absent.
        page_size: Option<u32>,
    }
    also(request) {
        if request.page_size.is_some_and(|size| !(1..=100).contains(&size)) {
            return Err(RequestError::Rule("`page_size` is 1 to 100"));
        }
    }
}

impl RelationBind {
    /// Allows these.
    #[must_use]
    pub fn new(out_request_no: &str, receivers: Vec<RoyaltyReceiver>) -> Self {
        Self {
            out_request_no: out_request_no.to_owned(),
            receiver_list: receivers,
            ..Self::default()
        }
    }
}

impl RelationUnbind {
    /// Removes these.
    #[must_use]
    pub fn new(out_request_no: &str, receivers: Vec<RoyaltyReceiver>) -> Self {
        Self {
            out_request_no: out_request_no.to_owned(),
            receiver_list: receivers,
            ..Self::default()
        }
    }
}

impl RelationQuery {
    /// The first page.
    #[must_use]
    pub fn new(out_request_no: &str) -> Self {
        Self {
            out_request_no: out_request_no.to_owned(),
            ..Self::default()
        }
    }
}

request! {
    /// `alipay.trade.orderinfo.sync`: tells Alipay how an order went on. The same `out_request_no`
    /// is taken once.
    OrderinfoSync: "alipay.trade.orderinfo.sync" {
        /// Alipay's number of the payment.
        trade_no: String [MAX_TRADE_NO],
        /// The number of this message, kept for every repeat.
        out_request_no: String [64],
        /// `CREDIT_AUTH` or `CREDIT_DEDUCT`.
        biz_type: String [64],
        /// The number of an earlier message.
        orig_request_no: Option<String> [64],
        /// JSON text, such as `{"status":"COMPLETE"}`.
        order_biz_info: Option<String> [2018],
    }
    echoes(request) { vec![("trade_no", request.trade_no.as_str())] }
}

impl OrderinfoSync {
    /// Tells `order_biz_info` (JSON text) about the payment `trade_no`.
    #[must_use]
    pub fn new(trade_no: &str, out_request_no: &str, biz_type: &str, order_biz_info: &str) -> Self {
        Self {
            trade_no: trade_no.to_owned(),
            out_request_no: out_request_no.to_owned(),
            biz_type: biz_type.to_owned(),
            order_biz_info: Some(order_biz_info.to_owned()),
            ..Self::default()
        }
    }
}
