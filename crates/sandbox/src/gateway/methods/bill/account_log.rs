//! `alipay.data.bill.accountlog.query`: the lines of the account, by time or by an order's number.

use crate::app::account_log as app;
use crate::bills::AccountLine;
use crate::gateway::biz::{Biz, invalid_parameter};
use crate::gateway::errors::Fault;
use crate::gateway::methods::words::put;
use crate::gateway::methods::{Answered, Call};
use kernel::Timestamp;
use kernel::time::DAY_MS;
use serde_json::{Map, Value};

/// The longest stretch of time of one question.
const SPAN_MS: i64 = 31 * DAY_MS;
/// How far back one can ask.
const OLDEST_MS: i64 = 366 * DAY_MS;
/// How many lines a page has at least and at most.
const PAGE: (usize, usize) = (1_000, 2_000);

pub(super) async fn account_log(call: Call<'_>) -> Answered {
    let order_no = call.biz.text("alipay_order_no", 64)?;
    let merchant_no = call.biz.text("merchant_order_no", 64)?;
    if order_no.is_some() && merchant_no.is_some() {
        return Err(invalid_parameter(
            "alipay_order_no",
            "与 merchant_order_no 只能传一个。",
            "and merchant_order_no exclude each other.",
        ));
    }
    let exact = order_no.is_some() || merchant_no.is_some();
    let span = span(&call.biz, exact, call.cx.now())?;
    let (page_no, page_size) = page(&call.biz)?;
    let mut lines = app::account_log(call.cx, &call.caller.app, span).await?;
    lines.retain(|line| {
        order_no.as_ref().is_none_or(|no| *no == line.order_no)
            && merchant_no
                .as_ref()
                .is_none_or(|no| *no == line.merchant_no)
    });
    let total = lines.len();
    let skipped = (page_no - 1).saturating_mul(page_size);
    let shown: Vec<Value> = lines
        .iter()
        .skip(skipped)
        .take(page_size)
        .map(detail)
        .collect();
    let mut node = Map::new();
    put(&mut node, "page_no", page_no.to_string());
    put(&mut node, "page_size", page_size.to_string());
    put(&mut node, "total_size", total.to_string());
    if !shown.is_empty() {
        node.insert("detail_list".to_owned(), Value::Array(shown));
    }
    Ok((node, call.biz.warnings))
}

fn detail(line: &AccountLine) -> Value {
    let mut node = Map::new();
    put(&mut node, "trans_dt", line.at.china());
    put(&mut node, "account_log_id", line.log_id.clone());
    put(&mut node, "alipay_order_no", line.order_no.clone());
    put(&mut node, "merchant_order_no", line.merchant_no.clone());
    put(&mut node, "trans_amount", line.amount.to_string());
    put(&mut node, "balance", line.balance.to_string());
    put(&mut node, "type", line.kind);
    put(&mut node, "other_account", line.other_account.clone());
    put(&mut node, "trans_memo", line.subject.clone());
    put(&mut node, "direction", line.direction.as_str());
    put(&mut node, "bill_source", line.source);
    put(&mut node, "biz_nos", line.order_no.clone());
    put(&mut node, "biz_orig_no", line.order_no.clone());
    put(&mut node, "biz_desc", line.kind);
    if !line.out_request_no.is_empty() {
        put(
            &mut node,
            "merchant_out_refund_no",
            line.out_request_no.clone(),
        );
    }
    Value::Object(node)
}

/// From when up to when; a question for one number needs no time.
fn span(biz: &Biz, exact: bool, now: Timestamp) -> Result<(Timestamp, Timestamp), Fault> {
    let time = |name: &str| -> Result<Option<Timestamp>, Fault> {
        let Some(text) = biz.text(name, 32)? else {
            return Ok(None);
        };
        Timestamp::parse_china(&text).map(Some).map_err(|_| {
            invalid_parameter(
                name,
                "须写成 yyyy-MM-dd HH:mm:ss（北京时间）。",
                "is yyyy-MM-dd HH:mm:ss in China's time.",
            )
        })
    };
    let oldest = now.plus_ms(-OLDEST_MS);
    match (time("start_time")?, time("end_time")?) {
        (None, None) if exact => Ok((oldest, now.plus_ms(DAY_MS))),
        (Some(from), Some(to)) if from >= to => Err(invalid_parameter(
            "start_time",
            "须早于 end_time。",
            "must be before end_time.",
        )),
        (Some(from), Some(to)) if to.since_ms(from) > SPAN_MS => Err(invalid_parameter(
            "end_time",
            "与 start_time 最多相隔 31 天。",
            "is at most 31 days after start_time.",
        )),
        (Some(from), Some(_)) if from < oldest => Err(invalid_parameter(
            "start_time",
            "只能查询最近一年的。",
            "is at most a year ago.",
        )),
        (Some(from), Some(to)) => Ok((from, to)),
        _ => Err(invalid_parameter(
            "start_time",
            "和 end_time 必填（按订单号查询时可以都不传）。",
            "and end_time must be there, but for a question by an order's number.",
        )),
    }
}

fn page(biz: &Biz) -> Result<(usize, usize), Fault> {
    let number = |name: &str, default: usize, least: usize, most: usize| {
        let Some(text) = biz.text(name, 10)? else {
            return Ok(default);
        };
        text.parse()
            .ok()
            .filter(|number| (least..=most).contains(number))
            .ok_or_else(|| {
                invalid_parameter(
                    name,
                    &format!("须为 {least} 到 {most} 的整数。"),
                    &format!("is a number from {least} to {most}."),
                )
            })
    };
    Ok((
        number("page_no", 1, 1, 1_000_000)?,
        number("page_size", PAGE.1, PAGE.0, PAGE.1)?,
    ))
}
