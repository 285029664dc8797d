//! `alipay.user.agreement.unsign`: the merchant ends an agreement.

use super::wanted::wanted;
use super::words::not_done;
use crate::app::agreement::end_agreement;
use crate::gateway::methods::{Answered, Call};
use crate::gateway::offer::url_param;
use serde_json::Map;

pub(super) async fn unsign(call: Call<'_>) -> Answered {
    let wanted = wanted(&call).await?;
    let notify_url = url_param(call.read, "notify_url")?;
    let app_id = &call.caller.app.app_id;
    end_agreement::unsign(call.cx, app_id, wanted, notify_url)
        .await
        .map_err(not_done)?;
    Ok((Map::new(), call.biz.warnings))
}
