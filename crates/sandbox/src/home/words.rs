//! The words of states, steps and times, and a trade as a line of a table.

use crate::domain::trade::{CloseReason, TradeState};
use crate::domain::{Product, Trade};
use service::i18n::Lang;

/// A state as a coloured word.
#[derive(Clone, Copy, Debug)]
pub(super) struct Tag {
    /// The class beside `tag`.
    pub(super) class: &'static str,
    /// What it says.
    pub(super) text: &'static str,
}

/// How a trade stands.
pub(super) fn state(trade: &Trade, lang: Lang) -> Tag {
    let (class, zh, en) = match &trade.state {
        TradeState::Asked => ("", "等待买家", "No buyer yet"),
        TradeState::Waiting(_) => ("tag-info", "等待付款", "Waiting"),
        TradeState::Paid(..) if trade.refunded.is_positive() => {
            ("tag-ok", "已付款 · 部分退款", "Paid, partly refunded")
        }
        TradeState::Paid(..) => ("tag-ok", "已付款", "Paid"),
        TradeState::Finished(..) => ("tag-ok", "已结束", "Finished"),
        TradeState::Closed(_, _, CloseReason::Expired, _) => ("tag-warn", "超时关闭", "Expired"),
        TradeState::Closed(_, _, CloseReason::Merchant, _) => {
            ("tag-warn", "商家关闭", "Closed by the shop")
        }
        TradeState::Closed(_, _, CloseReason::Refunded, _) => ("", "全额退款", "Refunded"),
    };
    Tag {
        class,
        text: lang.pick(zh, en),
    }
}

/// A product's name.
pub(super) fn product(product: Product, lang: Lang) -> &'static str {
    match product {
        Product::Page => lang.pick("电脑网站", "Desktop page"),
        Product::Wap => lang.pick("手机网站", "Phone page"),
        Product::App => lang.pick("App 支付", "App"),
        Product::Precreate => lang.pick("当面付扫码", "QR code"),
        Product::Pay => lang.pick("付款码", "Payment code"),
        Product::Create => lang.pick("当面付下单", "Order for a buyer"),
        Product::Jsapi => lang.pick("小程序", "Mini program"),
        Product::Capture => lang.pick("预授权转支付", "Capture of frozen money"),
        Product::Deduct => lang.pick("商家扣款", "Deduction by agreement"),
    }
}

/// A step of a trade's history: its tone and its name.
pub(super) fn step(what: &str, lang: Lang) -> (&'static str, &'static str) {
    match what {
        "asked" => ("", lang.pick("商家发起", "Asked for")),
        "opened" => ("", lang.pick("再次打开", "Opened again")),
        "created" => ("", lang.pick("交易创建", "Created")),
        "paid" => ("ok", lang.pick("付款成功", "Paid")),
        "refunded" => ("warn", lang.pick("退款", "Refunded")),
        "closed" => ("warn", lang.pick("交易关闭", "Closed")),
        "finished" => (
            "ok",
            lang.pick("交易结束，不可退款", "Finished, no more refunds"),
        ),
        _ => ("", lang.pick("其他", "Other")),
    }
}

/// A trade in a table.
#[derive(Clone, Debug)]
pub(super) struct TradeLine {
    pub(super) trade_id: String,
    pub(super) out_trade_no: String,
    pub(super) subject: String,
    pub(super) amount: String,
    pub(super) app: String,
    pub(super) product: &'static str,
    pub(super) state: Tag,
    pub(super) asked_at: String,
}

impl TradeLine {
    /// The line of a trade; `apps` know the names.
    pub(super) fn of(trade: &Trade, apps: &[crate::domain::App], lang: Lang) -> Self {
        let app = apps.iter().find(|app| app.app_id == trade.app_id);
        Self {
            trade_id: trade.trade_id.to_string(),
            out_trade_no: trade.offer.out_trade_no.clone(),
            subject: trade.offer.subject.clone(),
            amount: trade.offer.total_amount.to_string(),
            app: app.map_or_else(|| trade.app_id.clone(), |app| app.name.clone()),
            product: product(trade.offer.product, lang),
            state: state(trade, lang),
            asked_at: trade.asked_at.china(),
        }
    }
}
