//! The words of states, steps and times, and a trade as a line of a table.

use crate::domain::trade::{CloseReason, TradeState};
use crate::domain::{Product, Trade};
use crate::faults::What;
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
        "examined" => ("", lang.pick("考试，不发通知", "Examined, not told")),
        "created" => ("", lang.pick("交易创建", "Created")),
        "paid" => ("ok", lang.pick("付款成功", "Paid")),
        "signed" => ("ok", lang.pick("随付款签约", "Agreement signed")),
        "not signed" => ("warn", lang.pick("没有签约", "Nothing signed")),
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

/// What goes wrong, in words.
pub(super) fn fault(what: What, lang: Lang) -> &'static str {
    let (zh, en) = match what {
        What::Unavailable => (
            "20000 服务不可用，什么都没做",
            "20000 unavailable, nothing done",
        ),
        What::UnavailableInGbk => ("20000 服务不可用，用 GBK 回答", "20000 unavailable, in GBK"),
        What::UnsignedError => (
            "没有签名的 error_response",
            "error_response without a signature",
        ),
        What::BadGateway => ("502，什么都没做", "502, nothing done"),
        What::EffectLate => ("连接断开，过后才执行", "connection breaks, done later"),
        What::AnswerLost => ("执行了，回答丢失", "done, answer lost"),
        What::AnswerCut => ("执行了，回答断在中间", "done, answer breaks off"),
        What::AnswerSlow => ("回答很慢", "a slow answer"),
        What::WrongSignature => ("回答的签名不对", "answer with a wrong signature"),
        What::CertSnMissing => ("回答缺少 alipay_cert_sn", "answer without alipay_cert_sn"),
        What::FieldsReordered => ("回答的字段换了顺序", "answer's fields in another order"),
        What::WaitsForEver => (
            "查询永远是 WAIT_BUYER_PAY",
            "queries say WAIT_BUYER_PAY for ever",
        ),
        What::NoticeLost => ("通知丢失", "notice lost"),
        What::NoticeDoubled => ("通知同时来两次", "notice twice at once"),
        What::NoticeDelayed => ("通知迟到", "notice late"),
        What::NoticeReordered => ("通知顺序颠倒", "notices change places"),
        What::NoticeBeforeReturn => ("通知比跳转先到", "notice before the return"),
        What::NoticeInGbk => ("通知用 GBK", "notice in GBK"),
        What::NoticeWrongSignature => ("通知的签名不对", "notice with a wrong signature"),
    };
    lang.pick(zh, en)
}
