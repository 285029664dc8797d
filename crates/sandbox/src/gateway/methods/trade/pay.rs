//! `alipay.trade.pay`: the seller read the buyer's code. 10000 when it is paid at once, 10003 while
//! the buyer is asked on the phone.

use super::words::{day_limit, no_channel, refused};
use crate::app::pay_by_code::{PaidByCode, PayByCode, PayByCodeError, pay_by_code};
use crate::domain::{Product, Trade};
use crate::gateway::biz::Biz;
use crate::gateway::errors::Fault;
use crate::gateway::errors::trade::{
    BUYER_BALANCE_NOT_ENOUGH, BUYER_SELLER_EQUAL, PAYMENT_AUTH_CODE_INVALID,
};
use crate::gateway::methods::{Answered, Call, shown_code};
use crate::gateway::offer;
use serde_json::{Map, Value, json};

pub(super) async fn pay(call: Call<'_>) -> Answered {
    match product_of(&call.biz)? {
        Product::Capture => super::capture::capture(call).await,
        Product::Deduct => super::deduct::deduct(call).await,
        _ => by_code(call).await,
    }
}

/// What a call is: money that was frozen, an agreement, or a code.
fn product_of(biz: &Biz) -> Result<Product, Fault> {
    let code = biz.text("product_code", 64)?.unwrap_or_default();
    let is = |product: Product| product.codes().contains(&code.as_str());
    if is(Product::Capture) || biz.has("auth_no") {
        Ok(Product::Capture)
    } else if is(Product::Deduct) || biz.has("agreement_params") {
        Ok(Product::Deduct)
    } else {
        Ok(Product::Pay)
    }
}

async fn by_code(mut call: Call<'_>) -> Answered {
    let app = &call.caller.app;
    let scene = shown_code::scene(&call.biz, "scene")?;
    let read = offer::read(call.read, &mut call.biz, app, Product::Pay, call.cx.now())?;
    let code = shown_code::read(&call.biz, scene, PAYMENT_AUTH_CODE_INVALID)?;
    let wish = PayByCode {
        app: app.clone(),
        offer: read,
        code,
    };
    let fields = match pay_by_code(call.cx, wish).await {
        Ok(PaidByCode::Paid(trade)) => paid(&trade),
        Ok(PaidByCode::Asking(trade)) => {
            call.biz.warnings.and(
                "金额超过免密限额，买家要在手机上确认（钱包的付款码页，或控制接口 POST trades/{out_trade_no}/pay、/refuse）。请先查询，未付款再撤销。",
                "The amount needs the buyer's payment password on the phone (the wallet's page of payment codes, or POST trades/{out_trade_no}/pay or /refuse of the control API). Query, then cancel if unpaid.",
            );
            asking(&trade)
        }
        Err(error) => return Err(not_paid(error)),
    };
    Ok((fields, call.biz.warnings))
}

fn not_paid(error: PayByCodeError) -> Fault {
    match error {
        PayByCodeError::CodeInvalid => shown_code::not_shown(PAYMENT_AUTH_CODE_INVALID),
        PayByCodeError::BuyerIsSeller => Fault::new(
            BUYER_SELLER_EQUAL,
            "付款码属于收款账号本身，请换一个买家。",
            "The code is the seller's own. Let somebody else pay.",
        ),
        PayByCodeError::BalanceNotEnough { balance } => Fault::new(
            BUYER_BALANCE_NOT_ENOUGH,
            format!(
                "买家余额只有 {balance} 元。充值后重新出示付款码，同一个 out_trade_no 可以再试。"
            ),
            format!(
                "The buyer's balance is {balance}. After a top-up a new code may pay under the same out_trade_no."
            ),
        ),
        PayByCodeError::DayLimit { left } => day_limit(left),
        PayByCodeError::Channel => no_channel(),
        PayByCodeError::Refused(refusal) => refused(&refusal),
        PayByCodeError::Store(error) => error.into(),
    }
}

/// The fields of a payment that happened.
pub(in crate::gateway::methods) fn paid(trade: &Trade) -> Map<String, Value> {
    let mut node = Map::new();
    let total = trade.offer.total_amount.to_string();
    let mut add = |name: &str, value: &str| node.insert(name.to_owned(), value.into());
    for name in [
        "buyer_pay_amount",
        "invoice_amount",
        "receipt_amount",
        "total_amount",
    ] {
        add(name, &total);
    }
    add("point_amount", "0.00");
    add("out_trade_no", &trade.offer.out_trade_no);
    if let Some(born) = trade.born() {
        add("trade_no", &born.trade_no);
    }
    if let Some(store_id) = &trade.offer.store_id {
        add("store_name", store_id);
    }
    if let Some(payment) = trade.payment() {
        add("buyer_logon_id", &payment.buyer_logon_id);
        add("buyer_user_id", &payment.buyer_user_id);
        add("buyer_user_type", "PRIVATE");
        add("gmt_payment", &payment.paid_at.china());
        let bill = json!([{"amount": total, "fund_channel": payment.fund_channel}]);
        node.insert("fund_bill_list".to_owned(), bill);
    }
    node
}

/// The fields while the buyer is asked.
fn asking(trade: &Trade) -> Map<String, Value> {
    let mut node = Map::new();
    let mut add = |name: &str, value: &str| node.insert(name.to_owned(), value.into());
    add("code", "10003");
    // The space in front is Alipay's.
    add("msg", " order success pay inprocess");
    for name in [
        "buyer_pay_amount",
        "invoice_amount",
        "point_amount",
        "receipt_amount",
    ] {
        add(name, "0.00");
    }
    add("out_trade_no", &trade.offer.out_trade_no);
    add("total_amount", &trade.offer.total_amount.to_string());
    if let Some(born) = trade.born() {
        add("trade_no", &born.trade_no);
    }
    if let Some(payer) = &trade.offer.payer {
        add("buyer_logon_id", &payer.logon_id);
        add("buyer_user_id", &payer.user_id);
        if let Some(open_id) = crate::domain::open_id::open_id(&trade.app_id, &payer.user_id) {
            add("open_id", &open_id);
        }
    }
    node
}
