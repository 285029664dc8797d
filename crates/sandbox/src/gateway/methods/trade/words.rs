//! The words that the trade methods share: which trade is meant, and why not.

use crate::app::close_trade::TradeRef;
use crate::app::take_money::NotTaken;
use crate::domain::Refusal;
use crate::gateway::biz::invalid_parameter;
use crate::gateway::errors::Fault;
use crate::gateway::errors::trade::{
    BUYER_BALANCE_NOT_ENOUGH, BUYER_DAY_LIMIT, CONTEXT_INCONSISTENT, DISCORDANT_REPEAT_REQUEST,
    NO_PAYMENT_INSTRUMENTS, REFUND_AMT_NOT_EQUAL_TOTAL, REFUND_FEE_ERR, TRADE_BUYER_NOT_MATCH,
    TRADE_CANCEL_TIME_OUT, TRADE_EXPIRED, TRADE_HAS_CLOSE, TRADE_HAS_FINISHED, TRADE_HAS_SUCCESS,
    TRADE_NOT_ALLOW_REFUND, TRADE_NOT_EXIST, TRADE_STATUS_ERROR,
};
use crate::gateway::methods::Call;
use money::Fen;

/// Which trade a call means.
pub(super) fn trade_ref(call: &mut Call<'_>) -> Result<TradeRef, Fault> {
    let wanted = TradeRef {
        app_id: call.caller.app.app_id.clone(),
        out_trade_no: call.biz.number("out_trade_no")?,
        trade_no: call.biz.number("trade_no")?,
    };
    if wanted.key().is_none() {
        return Err(invalid_parameter(
            "out_trade_no",
            "和 trade_no 至少传一个。",
            "or trade_no must be there.",
        ));
    }
    Ok(wanted)
}

/// The answer for a trade that no buyer opened: it comes with amounts of nothing, as Alipay's does.
pub(super) fn not_exist(wanted: &TradeRef, asked: bool) -> Fault {
    let (zh, en) = if asked {
        (
            "这笔交易还不存在：买家尚未打开付款链接（手机网站支付要到确认付款、扫码支付要到扫码才创建交易）。这不是失败，请稍后再查。",
            "The trade does not exist yet: no buyer opened the link (a phone's trade begins when the buyer confirms, a QR code's with the scan). That is no failure; ask again later.",
        )
    } else {
        (
            "这个应用没有这个编号的交易。请核对 out_trade_no、trade_no 和 app_id。",
            "This application has no trade of that number. Check out_trade_no, trade_no and app_id.",
        )
    };
    let mut fault = Fault::new(TRADE_NOT_EXIST, zh, en);
    for name in [
        "buyer_pay_amount",
        "invoice_amount",
        "point_amount",
        "receipt_amount",
    ] {
        fault = fault.field(name, "0.00");
    }
    match &wanted.out_trade_no {
        Some(number) => fault.field("out_trade_no", number),
        None => fault,
    }
}

/// A refusal of the domain as Alipay words it.
pub(super) fn refused(refusal: &Refusal) -> Fault {
    let (what, zh): (_, &str) = match refusal {
        Refusal::NotExist => (
            TRADE_NOT_EXIST,
            "买家尚未打开链接或扫码，或者没有这个编号的交易。",
        ),
        Refusal::Expired => (
            TRADE_EXPIRED,
            "这笔交易已超过付款时间，请换一个 out_trade_no 重新下单。",
        ),
        Refusal::Paid => (
            TRADE_HAS_SUCCESS,
            "这个 out_trade_no 已经付款；新的订单请使用新的编号。",
        ),
        Refusal::Closed => (
            TRADE_HAS_CLOSE,
            "这笔交易已经关闭（未付款关闭，或已全额退款）。",
        ),
        Refusal::Finished => (TRADE_HAS_FINISHED, "交易已超过可退款期限。"),
        Refusal::Status(_) => (
            TRADE_STATUS_ERROR,
            "交易的当前状态不允许这个操作，请先查询交易状态。",
        ),
        Refusal::Differs("refund_amount") => (
            DISCORDANT_REPEAT_REQUEST,
            "同一个 out_request_no 以前用过另一个金额；重试要用原来的金额，新的退款要用新的 out_request_no。",
        ),
        Refusal::Differs(_) => (
            CONTEXT_INCONSISTENT,
            "这个 out_trade_no 以前用过不同的内容（金额、标题或描述）；请保持一致，或换一个编号。",
        ),
        Refusal::OtherBuyer => (
            TRADE_BUYER_NOT_MATCH,
            "这笔交易属于另一位买家；同一个 out_trade_no 只能由同一位买家付款。",
        ),
        Refusal::NotAsked => (TRADE_STATUS_ERROR, "没有买家在付这笔交易。"),
        Refusal::CancelLate => (
            TRADE_CANCEL_TIME_OUT,
            "付款超过 24 小时的交易不能撤销，请用 alipay.trade.refund 退款。",
        ),
        Refusal::PartlyRefunded { .. } => (
            REFUND_FEE_ERR,
            "这笔交易已有部分退款，不能撤销；剩余金额请用 alipay.trade.refund 退款。",
        ),
        Refusal::RefundTried => (
            TRADE_NOT_ALLOW_REFUND,
            "支付宝的沙箱对每笔交易只受理一次退款请求，不论成功与否；这笔交易已请求过（alipay-sandbox 模式）。",
        ),
        Refusal::Exceeds { .. } => (REFUND_FEE_ERR, "累计退款金额超过了订单金额。"),
        Refusal::NotWhole => (
            REFUND_AMT_NOT_EQUAL_TOTAL,
            "部分退款必须传 out_request_no；alipay-sandbox 模式下每笔交易只能一次全额退款。",
        ),
    };
    Fault::new(what, zh, format!("Refused: {refusal}."))
}

/// Why money that needs nobody's word was not taken, as Alipay words it.
pub(super) fn not_taken(why: NotTaken) -> Fault {
    match why {
        NotTaken::Refused(refusal) => refused(&refusal),
        NotTaken::NotEnough(left) => Fault::new(
            BUYER_BALANCE_NOT_ENOUGH,
            format!("买家余额只有 {left} 元；没有扣款，同一个 out_trade_no 可以再试。"),
            format!(
                "The buyer has {left}; nothing was taken, and the same out_trade_no may try again."
            ),
        ),
        NotTaken::DayLimit(left) => day_limit(left),
        NotTaken::Channel(_) => no_channel(),
    }
}

/// The buyer's own limit.
pub(super) fn day_limit(left: Fen) -> Fault {
    Fault::new(
        BUYER_DAY_LIMIT,
        format!("买家自己设了每日限额，今天还可以付 {left} 元。"),
        format!("The buyer has set a daily limit; {left} yuan are left today."),
    )
}

/// The order does not leave the balance to its buyer.
pub(super) fn no_channel() -> Fault {
    Fault::new(
        NO_PAYMENT_INSTRUMENTS,
        "订单的 enable_pay_channels / disable_pay_channels 不允许用余额（balance）付款，而这里只能用余额。",
        "The order's enable_pay_channels or disable_pay_channels leaves out the balance, the only channel here.",
    )
}
