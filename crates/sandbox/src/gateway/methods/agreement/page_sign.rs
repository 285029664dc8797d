//! `alipay.user.agreement.page.sign`: a link; whoever opens it reads what is agreed and signs.

use super::terms::{EFFECT_S, Unsaid, terms, whole};
use super::words::not_done;
use crate::app::agreement::ask_agreement::{AskAgreement, ask_agreement};
use crate::domain::agreement::ASK_MS;
use crate::gateway::methods::{Call, Landing, Led};
use crate::gateway::offer::url_param;
use kernel::time::SECOND_MS;

pub(super) async fn page_sign(mut call: Call<'_>) -> Led {
    let now = call.cx.now();
    let terms = terms(&mut call.biz, Unsaid::default(), now)?;
    let effect_s = whole(&call.biz, "effect_time", 1, EFFECT_S)?;
    let wish = AskAgreement {
        app: call.caller.app.clone(),
        terms,
        notify_url: url_param(call.read, "notify_url")?,
        return_url: url_param(call.read, "return_url")?,
        charset: call.read.charset_name.clone(),
        ask_ms: effect_s.map_or(ASK_MS, |seconds| seconds * SECOND_MS),
    };
    let agreement = ask_agreement(call.cx, wish).await.map_err(not_done)?;
    let page = format!("/consent/agreement/{}", agreement.code);
    Ok((Landing::Page(page), call.biz.warnings))
}
