//! `alipay.trade.order.settle`: shares out a paid trade.

use super::words::{named, not_shared};
use crate::app::royalty::settle::{self as app, Settle, SettleError, Share};
use crate::domain::royalty::{Operation, Part};
use crate::gateway::biz::{Biz, invalid_parameter};
use crate::gateway::errors::Fault;
use crate::gateway::errors::trade::TRADE_NOT_EXIST;
use crate::gateway::methods::words::put;
use crate::gateway::methods::{Answered, Call};
use serde_json::Map;

/// How many shares one call may have.
const MOST_SHARES: usize = 50;

pub(super) async fn settle(mut call: Call<'_>) -> Answered {
    let out_request_no = call.biz.required("out_request_no", 64)?;
    let trade_no = call.biz.required("trade_no", 64)?;
    let later = match call.biz.text("royalty_mode", 64)?.as_deref() {
        None | Some("sync") => false,
        Some("async") => true,
        Some(_) => {
            return Err(invalid_parameter(
                "royalty_mode",
                "须为 sync 或 async。",
                "is sync or async.",
            ));
        }
    };
    let finishes = match call.biz.object("extend_params")? {
        Some(more) => more.text("royalty_finish", 8)?.as_deref() == Some("true"),
        None => false,
    };
    let seller_id = call.caller.app.seller_id.clone();
    let list = call.biz.list("royalty_parameters")?.unwrap_or_default();
    if (list.is_empty() && !finishes) || list.len() > MOST_SHARES {
        return Err(invalid_parameter(
            "royalty_parameters",
            "须有 1 至 50 条。",
            "has 1 to 50 shares.",
        ));
    }
    let mut shares = Vec::new();
    for item in &list {
        shares.push(share(item, &seller_id)?);
    }
    let wish = Settle {
        app: call.caller.app.clone(),
        trade_no,
        out_request_no,
        shares,
        finishes,
        later,
    };
    let (trade, settle_no) = match app::settle(call.cx, wish).await {
        Ok(done) => done,
        Err(SettleError::NoTrade) => {
            return Err(Fault::new(
                TRADE_NOT_EXIST,
                "这个应用没有这个 trade_no 的交易。",
                "This application has no trade of that trade_no.",
            ));
        }
        Err(SettleError::Refused(refusal)) => return Err(not_shared(&refusal)),
        Err(SettleError::Store(error)) => return Err(error.into()),
    };
    if later {
        call.biz.warnings.and(
            "async：几秒后（沙箱业务时钟）才分账；结果用 alipay.trade.order.settle.query 查询，也会作为消息 alipay.trade.order.settle.notify 发到应用网关。",
            "async: the money moves some seconds later on the sandbox's business clock. Ask with alipay.trade.order.settle.query, or wait for the message alipay.trade.order.settle.notify to the application's gateway.",
        );
    }
    let mut node = Map::new();
    if let Some(born) = trade.born() {
        put(&mut node, "trade_no", born.trade_no.clone());
    }
    put(&mut node, "settle_no", settle_no);
    Ok((node, call.biz.warnings))
}

fn share(item: &Biz, seller_id: &str) -> Result<Share, Fault> {
    let operation = match item.text("royalty_type", 150)?.as_deref() {
        None | Some("transfer") => Operation::Transfer,
        Some("replenish") => Operation::Replenish,
        Some(_) => {
            return Err(invalid_parameter(
                "royalty_parameters.royalty_type",
                "须为 transfer 或 replenish。",
                "is transfer or replenish.",
            ));
        }
    };
    let part = part(item)?;
    let (seller_field, other_field) = match operation {
        Operation::Transfer => ("trans_out", "trans_in"),
        _ => ("trans_in", "trans_out"),
    };
    if let Some(named) = named(item, seller_field)?
        && named.account != seller_id
    {
        return Err(invalid_parameter(
            &format!("royalty_parameters.{seller_field}"),
            &format!("须为这个应用的收款账号 {seller_id}，可以不传。"),
            &format!("is this application's seller, {seller_id}, or left out."),
        ));
    }
    let other = named(item, other_field)?.ok_or_else(|| {
        invalid_parameter(
            &format!("royalty_parameters.{other_field}"),
            "缺失或为空。",
            "is missing or empty.",
        )
    })?;
    Ok(Share {
        operation,
        other,
        part,
        description: item.text("desc", 1000)?,
    })
}

/// An amount, or a percentage where there is none (4.11).
fn part(item: &Biz) -> Result<Part, Fault> {
    let amount = item.amount("amount")?;
    if let (None, Some(text)) = (amount, item.text("amount_percentage", 3)?) {
        let percent = text
            .parse()
            .ok()
            .filter(|percent| (1..=100).contains(percent));
        return percent.map(Part::Percentage).ok_or_else(|| {
            item.wrong(
                "amount_percentage",
                "须为 1 到 100 的整数。",
                "is a whole number from 1 to 100.",
            )
        });
    }
    amount
        .filter(|amount| amount.is_payable())
        .map(Part::Amount)
        .ok_or_else(|| {
            item.wrong(
                "amount",
                "缺失或不大于 0；不传 amount 时按 amount_percentage 分账。",
                "is missing or nothing; without it amount_percentage counts.",
            )
        })
}
