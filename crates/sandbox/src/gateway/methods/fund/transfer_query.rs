//! `alipay.fund.trans.common.query` and `alipay.fund.trans.order.query`: what came of a transfer.

use crate::app::funds::find_transfer::{TransferRef, find_transfer};
use crate::domain::transfer::{CARD_MS, Transfer, TransferProduct, TransferState};
use crate::gateway::biz::invalid_parameter;
use crate::gateway::errors::Fault;
use crate::gateway::errors::fund::{NO_ORDER_PERMISSION, ORDER_NOT_EXIST};
use crate::gateway::methods::words::{put, put_some};
use crate::gateway::methods::{Answered, Call};
use serde_json::{Map, Value};

pub(super) async fn common_query(mut call: Call<'_>) -> Answered {
    let wanted = TransferRef {
        pay_fund_order_id: call.biz.text("pay_fund_order_id", 64)?,
        order_id: call.biz.text("order_id", 64)?,
        out_biz_no: call.biz.number("out_biz_no")?,
    };
    let (product, scene) = (
        call.biz.text("product_code", 64)?,
        call.biz.text("biz_scene", 64)?,
    );
    let by_alipay = wanted.pay_fund_order_id.is_some() || wanted.order_id.is_some();
    if !by_alipay && wanted.out_biz_no.is_none() {
        return Err(one_of("pay_fund_order_id、order_id 和 out_biz_no"));
    }
    if !by_alipay && (product.is_none() || scene.is_none()) {
        return Err(invalid_parameter(
            "product_code",
            "和 biz_scene 在按 out_biz_no 查询时必填。",
            "and biz_scene must stand beside out_biz_no.",
        ));
    }
    let sent = find(&call, wanted).await?;
    let differs =
        |said: Option<String>, is: &str| !by_alipay && said.is_some_and(|said| said != is);
    if differs(product, sent.wish.product.as_str()) || differs(scene, &sent.wish.biz_scene) {
        return Err(not_there());
    }
    let mut node = node_of(&sent);
    put(
        &mut node,
        "pay_fund_order_id",
        sent.pay_fund_order_id.clone(),
    );
    if sent.state == TransferState::Success {
        put(&mut node, "trans_amount", sent.wish.amount.to_string());
    }
    put_some(&mut node, "receiver_user_id", sent.payee_user_id.as_ref());
    put_some(
        &mut node,
        "passback_params",
        sent.wish.passback_params.as_ref(),
    );
    Ok((node, call.biz.warnings))
}

pub(super) async fn order_query(mut call: Call<'_>) -> Answered {
    let wanted = TransferRef {
        pay_fund_order_id: None,
        order_id: call.biz.text("order_id", 64)?,
        out_biz_no: call.biz.number("out_biz_no")?,
    };
    if wanted.order_id.is_none() && wanted.out_biz_no.is_none() {
        return Err(one_of("order_id 和 out_biz_no"));
    }
    let sent = find(&call, wanted).await?;
    if sent.wish.product != TransferProduct::Old {
        call.biz.warnings.and(
            "注意：这笔转账由 alipay.fund.trans.uni.transfer 发起，应使用 alipay.fund.trans.common.query 查询。",
            "Note: this transfer was sent by alipay.fund.trans.uni.transfer; ask alipay.fund.trans.common.query.",
        );
    }
    Ok((node_of(&sent), call.biz.warnings))
}

fn node_of(sent: &Transfer) -> Map<String, Value> {
    let mut node = Map::new();
    put(&mut node, "order_id", sent.order_id.clone());
    put(&mut node, "out_biz_no", sent.wish.out_biz_no.clone());
    put(&mut node, "status", sent.state.on_the_wire());
    put(&mut node, "order_fee", "0.00");
    if let Some(at) = sent.ended_at {
        put(&mut node, "pay_date", at.china());
    } else {
        let until = sent.made_at.plus_ms(CARD_MS);
        put(&mut node, "arrival_time_end", until.china());
    }
    node
}

async fn find(call: &Call<'_>, wanted: TransferRef) -> Result<Transfer, Fault> {
    let app_id = &call.caller.app.app_id;
    match find_transfer(call.cx, app_id, wanted).await? {
        Some(sent) if sent.app_id == *app_id => Ok(sent),
        Some(_) => Err(Fault::new(
            NO_ORDER_PERMISSION,
            "这笔转账是另一个应用发起的。",
            "Another application sent this transfer.",
        )),
        None => Err(not_there()),
    }
}

fn not_there() -> Fault {
    Fault::new(
        ORDER_NOT_EXIST,
        "没有这笔转账：核对编号、product_code 和 biz_scene。若转账请求超时，须用原来的 out_biz_no 重试。",
        "There is no such transfer: check the number, product_code and biz_scene. After a request without an answer, repeat it with the same out_biz_no.",
    )
}

fn one_of(names: &str) -> Fault {
    invalid_parameter(
        "order_id",
        &format!("：{names} 至少传一个。"),
        "or another number of the transfer must be there.",
    )
}
