//! Why is it unpaid? What is known of an order, in words, the most telling first.

use super::query_order::{OrderRef, QueryOrderError, load};
use crate::context::Merchant;
use crate::domain::{Attempt, AttemptState, Order, OrderState};
use crate::store::cases::Case;
use crate::store::{attempts, cases};
use ::store::StoreError;
use kernel::Timestamp;
use serde::Serialize;

/// What is known of an order, and when more will be.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Explanation {
    /// Our id of it.
    pub order_id: String,
    /// What it is now.
    #[schema(value_type = String)]
    pub state: OrderState,
    /// The most telling first.
    pub findings: Vec<Finding>,
    /// When Alipay is asked next, unless all has ended.
    #[schema(value_type = Option<String>)]
    pub next_check: Option<Timestamp>,
}

/// One thing that is known.
#[derive(Clone, Debug, Eq, PartialEq, Serialize, utoipa::ToSchema)]
pub struct Finding {
    /// A word that a program can read.
    pub code: &'static str,
    /// The attempt or case that it is about, when it is about one.
    pub about: Option<String>,
    /// In Chinese.
    pub zh: &'static str,
    /// In English.
    pub en: &'static str,
}

/// Says why an order is what it is.
///
/// # Errors
/// When the merchant has no such order.
pub async fn explain(
    merchant: &Merchant,
    owner: &str,
    order: &OrderRef,
) -> Result<Explanation, QueryOrderError> {
    let order = load(merchant, owner, order).await?;
    let order_id = order.order_id.clone();
    let (tries, opened) = merchant
        .db()
        .read(move |tx| {
            let order_id = order_id.clone();
            Box::pin(async move {
                let tries = attempts::of_order(tx, &order_id).await?;
                let opened = cases::of_order(tx, &order_id).await?;
                Ok::<_, StoreError>((tries, opened))
            })
        })
        .await?;
    let mut findings = vec![of_order(&order, merchant.now())];
    findings.extend(opened.iter().map(of_case));
    findings.extend(tries.iter().filter_map(of_attempt));
    Ok(Explanation {
        order_id: order.order_id.to_string(),
        state: order.state,
        findings,
        next_check: tries.iter().filter_map(|attempt| attempt.next_check).min(),
    })
}

fn finding(code: &'static str, zh: &'static str, en: &'static str) -> Finding {
    Finding {
        code,
        about: None,
        zh,
        en,
    }
}

fn of_order(order: &Order, now: Timestamp) -> Finding {
    match order.state {
        OrderState::Paid => finding("paid", "订单已支付。", "The order is paid."),
        OrderState::Closed => finding(
            "closed",
            "订单已关闭：支付宝确认不会再有款项进入。",
            "The order is closed: Alipay confirmed that no money can come any more.",
        ),
        OrderState::LatePaid => finding(
            "late_paid",
            "款项在订单关闭之后到账，正在原路退回。",
            "The money came after the order was closed, and goes back.",
        ),
        OrderState::Attention => finding(
            "attention",
            "款项在订单关闭之后到账，等待人工处理。",
            "The money came after the order was closed; somebody has to decide.",
        ),
        OrderState::Open | OrderState::Paying if order.closing_since.is_some() => finding(
            "closing",
            "已要求关闭，等待支付宝确认；在此之前到账的款项仍然有效。",
            "It is to be closed and Alipay has not confirmed it; money that comes before counts.",
        ),
        OrderState::Open | OrderState::Paying if now >= order.expires_at => finding(
            "expired",
            "支付时间已过，正在向支付宝确认是否有款项。",
            "Its time is over; Alipay is being asked whether money came.",
        ),
        OrderState::Open => finding(
            "unpaid",
            "尚未支付：没有支付成功的通知，查询也没有结果。",
            "Not paid: no notice of a payment came, and asking found none.",
        ),
        OrderState::Paying => finding(
            "paying",
            "买家已打开收银台，尚未付款。",
            "The buyer has opened the cashier and has not paid.",
        ),
    }
}

fn of_attempt(attempt: &Attempt) -> Option<Finding> {
    let found = match attempt.state {
        AttemptState::Created => finding(
            "not_sent",
            "尚未向支付宝发出。",
            "Alipay was not asked for it yet.",
        ),
        AttemptState::Sent => finding(
            "not_opened",
            "支付链接或二维码已给出，买家还没有打开。",
            "The link or QR code was handed out; the buyer has not opened it.",
        ),
        AttemptState::Waiting => finding(
            "waiting_for_buyer",
            "交易已创建，等待买家付款。",
            "The trade exists and waits for the buyer.",
        ),
        AttemptState::Unknown => finding(
            "no_answer",
            "支付宝没有给出明确答复，会继续查询。",
            "Alipay has not answered clearly; it is asked again.",
        ),
        AttemptState::Failed => finding(
            "refused",
            "支付宝拒绝了这次支付请求。",
            "Alipay refused this try.",
        ),
        AttemptState::Closed => finding(
            "ended",
            "这次支付已结束，没有款项。",
            "This try ended without money.",
        ),
        AttemptState::Succeeded => return None,
    };
    let about = Some(attempt.out_trade_no.clone());
    Some(Finding { about, ..found })
}

fn of_case(case: &Case) -> Finding {
    let found = match case.kind.as_str() {
        "wrong_amount" => finding(
            "wrong_amount",
            "收到签名有效的通知，但金额与订单不符，没有采用。",
            "A genuine notice told another amount than the order's; it was not believed.",
        ),
        "wrong_app" => finding(
            "wrong_app",
            "收到签名有效的通知，但属于另一个应用，没有采用。",
            "A genuine notice came for another application; it was not believed.",
        ),
        "wrong_seller" => finding(
            "wrong_seller",
            "收到签名有效的通知，但收款方不符，没有采用。",
            "A genuine notice told another payee; it was not believed.",
        ),
        "second_payment" => finding(
            "second_payment",
            "订单被重复支付，多付的款项原路退回。",
            "The order was paid twice; the second payment goes back.",
        ),
        "foreign_refund" => finding(
            "foreign_refund",
            "支付宝侧有不是由本系统发起的退款。",
            "Alipay tells of a refund that was not ours.",
        ),
        _ => finding(
            "case",
            "有一个需要人工查看的事项。",
            "There is something that somebody has to look at.",
        ),
    };
    let about = Some(case.case_id.to_string());
    Finding { about, ..found }
}
