//! `alipay.trade.royalty.relation.bind`, `.unbind` and `.batchquery`: who may get shares.

use crate::app::royalty::party::Named;
use crate::app::royalty::relations::{self, Receiver, RelationError};
use crate::gateway::biz::invalid_parameter;
use crate::gateway::errors::Fault;
use crate::gateway::errors::royalty::{
    INVALID_RECEIVER_TYPE, RECEIVER_LIST_EMPTY, RECEIVER_LIST_OVERLOAD, USER_NOT_EXIST,
    USERNAME_NOT_MATCH,
};
use crate::gateway::methods::words::{put, put_some};
use crate::gateway::methods::{Answered, Call};
use serde_json::{Map, Value};

/// How many receivers one call may name.
const MOST_RECEIVERS: usize = 20;

pub(super) async fn bind(call: Call<'_>) -> Answered {
    let receivers = receivers(&call)?;
    let done = relations::bind(call.cx, &call.caller.app.app_id, receivers).await;
    answer(call, done)
}

pub(super) async fn unbind(call: Call<'_>) -> Answered {
    let receivers = receivers(&call)?;
    let done = relations::unbind(call.cx, &call.caller.app.app_id, receivers).await;
    answer(call, done)
}

fn receivers(call: &Call<'_>) -> Result<Vec<Receiver>, Fault> {
    let _ = call.biz.required("out_request_no", 32)?;
    let list = call.biz.list("receiver_list")?.unwrap_or_default();
    if list.is_empty() {
        return Err(Fault::new(
            RECEIVER_LIST_EMPTY,
            "receiver_list 缺失或为空。",
            "receiver_list is missing or empty.",
        ));
    }
    if list.len() > MOST_RECEIVERS {
        return Err(Fault::new(
            RECEIVER_LIST_OVERLOAD,
            format!("一次最多 {MOST_RECEIVERS} 个接收方，请分几次调用。"),
            format!("A call names {MOST_RECEIVERS} receivers at most; make several."),
        ));
    }
    list.iter()
        .map(|item| {
            let kind = item.required("type", 32)?;
            if !["userId", "loginName", "openId"].contains(&kind.as_str()) {
                return Err(Fault::new(
                    INVALID_RECEIVER_TYPE,
                    "receiver_list 里的 type 须为 userId、loginName 或 openId。",
                    "The type of a receiver is userId, loginName or openId.",
                ));
            }
            let name = item.text("name", 64)?;
            if kind == "loginName" && name.is_none() {
                return Err(invalid_parameter(
                    "receiver_list.name",
                    "在 type 为 loginName 时必填。",
                    "is required where the type is loginName.",
                ));
            }
            let account = match item.text("account_open_id", 128)? {
                Some(open_id) if kind == "openId" => open_id,
                _ => item.required("account", 128)?,
            };
            Ok(Receiver {
                named: Named { kind, account },
                name,
                memo: item.text("memo", 64)?,
            })
        })
        .collect()
}

fn answer(call: Call<'_>, done: Result<(), RelationError>) -> Answered {
    match done {
        Ok(()) => {
            let mut node = Map::new();
            put(&mut node, "result_code", "SUCCESS");
            Ok((node, call.biz.warnings))
        }
        Err(RelationError::NoSuchUser(account)) => Err(Fault::new(
            USER_NOT_EXIST,
            format!("沙箱没有账号 {account}；账号见 GET /sandbox/v1/accounts。"),
            format!("The sandbox has no account {account}. GET /sandbox/v1/accounts lists them."),
        )),
        Err(RelationError::OtherName(account)) => Err(Fault::new(
            USERNAME_NOT_MATCH,
            format!("{account} 的姓名不是这个；沙箱账户默认叫「沙箱环境」。"),
            format!("The owner of {account} has another name; by default it is 沙箱环境."),
        )),
        Err(RelationError::Store(error)) => Err(error.into()),
    }
}

fn number(call: &Call<'_>, name: &str, default: i64, most: i64) -> Result<i64, Fault> {
    let Some(text) = call.biz.text(name, 9)? else {
        return Ok(default);
    };
    let number = text
        .parse()
        .ok()
        .filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| {
        invalid_parameter(
            name,
            &format!("须为 1 至 {most} 的整数。"),
            &format!("is a whole number from 1 to {most}."),
        )
    })
}

pub(super) async fn list(call: Call<'_>) -> Answered {
    let _ = call.biz.required("out_request_no", 32)?;
    let page = number(&call, "page_num", 1, 100_000)?;
    let size = number(&call, "page_size", 20, 100)?;
    let app_id = &call.caller.app.app_id;
    let (found, count) = relations::list(call.cx, app_id, size, (page - 1) * size).await?;
    let shown = found.iter().map(|(relation, logon_id)| {
        let mut item = Map::new();
        put(&mut item, "account", relation.account.clone());
        put(&mut item, "type", relation.kind.clone());
        put_some(&mut item, "name", relation.name.as_ref());
        put_some(&mut item, "memo", relation.memo.as_ref());
        put_some(&mut item, "login_name", logon_id.as_ref());
        if relation.kind == "loginName" {
            put(&mut item, "bind_login_name", relation.account.clone());
        }
        Value::Object(item)
    });
    let mut node = Map::new();
    node.insert("receiver_list".to_owned(), Value::Array(shown.collect()));
    put(&mut node, "result_code", "SUCCESS");
    put(&mut node, "current_page_num", page.to_string());
    put(&mut node, "current_page_size", found.len().to_string());
    put(
        &mut node,
        "total_page_num",
        count
            .div_euclid(size)
            .saturating_add(i64::from(count.rem_euclid(size) > 0))
            .to_string(),
    );
    put(&mut node, "total_record_num", count.to_string());
    Ok((node, call.biz.warnings))
}
