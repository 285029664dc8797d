//! `alipay.trade.pay` with an `auth_no`: takes money that is held.

use super::pay::paid;
use super::words::not_taken;
use crate::app::preauth::capture::{self as app, Capture, CaptureError};
use crate::domain::Product;
use crate::domain::freeze::FreezeRefusal;
use crate::gateway::biz::invalid_parameter;
use crate::gateway::errors::Fault;
use crate::gateway::errors::trade::{
    AUTH_AMOUNT_NOT_ENOUGH, AUTH_NO_ERROR, AUTH_ORDER_HAS_CLOSED, AUTH_ORDER_HAS_FINISHED,
    AUTH_ORDER_NOT_PAID, PAYER_UNMATCHED, PRE_AUTH_PROD_CODE_INCONSISTENT,
};
use crate::gateway::methods::{Answered, Call};
use crate::gateway::offer;

pub(super) async fn capture(mut call: Call<'_>) -> Answered {
    let app = call.caller.app.clone();
    let now = call.cx.now();
    let read = offer::read(call.read, &mut call.biz, &app, Product::Capture, now)?;
    let complete = match call.biz.text("auth_confirm_mode", 32)?.as_deref() {
        None | Some("NOT_COMPLETE") => false,
        Some("COMPLETE") => true,
        Some(_) => {
            return Err(invalid_parameter(
                "auth_confirm_mode",
                "应为 COMPLETE 或 NOT_COMPLETE。",
                "is COMPLETE or NOT_COMPLETE.",
            ));
        }
    };
    let wish = Capture {
        auth_no: call.biz.required("auth_no", 64)?,
        product_code: call.biz.required("product_code", 64)?,
        buyer_id: call.biz.text("buyer_id", 28)?,
        offer: read,
        complete,
        app,
    };
    match app::capture(call.cx, wish).await {
        Ok(trade) => Ok((paid(&trade), call.biz.warnings)),
        Err(CaptureError::Store(error)) => Err(error.into()),
        Err(CaptureError::Trade(why)) => Err(not_taken(why)),
        Err(CaptureError::Hold(refusal)) => Err(not_held(&refusal)),
    }
}

fn not_held(refusal: &FreezeRefusal) -> Fault {
    match refusal {
        FreezeRefusal::Exceeds { left } => Fault::new(
            AUTH_AMOUNT_NOT_ENOUGH,
            format!("剩余冻结金额只有 {left} 元。"),
            format!("Only {left} is held."),
        ),
        FreezeRefusal::NotFrozen => Fault::new(
            AUTH_ORDER_NOT_PAID,
            "用户还没有授权，没有冻结任何资金。",
            "The buyer has not agreed; nothing is held.",
        ),
        FreezeRefusal::Finished => Fault::new(
            AUTH_ORDER_HAS_FINISHED,
            "冻结的资金已全部解冻或转支付。",
            "All that was held was let go or taken.",
        ),
        FreezeRefusal::Closed => Fault::new(
            AUTH_ORDER_HAS_CLOSED,
            "预授权已关闭，没有冻结任何资金。",
            "The hold closed; nothing is held.",
        ),
        FreezeRefusal::Unfit("buyer_id") => Fault::new(
            PAYER_UNMATCHED,
            "buyer_id 不是冻结资金的买家。",
            "buyer_id is not the buyer whose money is held.",
        ),
        FreezeRefusal::Unfit(_) => Fault::new(
            PRE_AUTH_PROD_CODE_INCONSISTENT,
            "product_code 须与冻结时相同（PRE_AUTH 或 PRE_AUTH_ONLINE）。",
            "product_code is the one of the hold, PRE_AUTH or PRE_AUTH_ONLINE.",
        ),
        _ => Fault::new(
            AUTH_NO_ERROR,
            "这个应用没有这个 auth_no 的预授权。",
            "This application holds nothing under that auth_no.",
        ),
    }
}
