//! `alipay.fund.auth.operation.cancel`: the order closes, or all that it held goes back.

use super::words::{not_done, numbers, wanted};
use crate::app::preauth::undo_freeze::{UndoFreeze, undo_freeze};
use crate::gateway::methods::words::put;
use crate::gateway::methods::{Answered, Call};
use crate::gateway::offer::url_param;
use serde_json::Map;

pub(super) async fn cancel(mut call: Call<'_>) -> Answered {
    let wish = UndoFreeze {
        wanted: wanted(&mut call)?,
        remark: call.biz.required("remark", 100)?,
        notify_url: url_param(call.read, "notify_url")?,
    };
    let undone = undo_freeze(call.cx, wish).await;
    let ((freeze, operation), cancelled) = undone.map_err(not_done)?;
    let mut node = Map::new();
    numbers(&mut node, &freeze, &operation);
    put(&mut node, "action", cancelled.as_str());
    Ok((node, call.biz.warnings))
}
