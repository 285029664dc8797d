//! Which agreement a call means.

use super::terms::{product, scene};
use crate::app::agreement::find_agreement::AgreementRef;
use crate::app::login;
use crate::domain::LogonId;
use crate::domain::open_id::user_of;
use crate::gateway::biz::invalid_parameter;
use crate::gateway::errors::Fault;
use crate::gateway::errors::agreement::{PRODUCT_CODE_NOT_SUPPORTED, USER_NOT_EXIST_ERROR};
use crate::gateway::errors::trade::INVALID_PARAMETER;
use crate::gateway::methods::Call;

/// The scene of an agreement that was signed for none.
const NO_SCENE: &str = "DEFAULT|DEFAULT";

pub(super) async fn wanted(call: &Call<'_>) -> Result<AgreementRef, Fault> {
    let biz = &call.biz;
    if let Some(number) = biz.text("agreement_no", 64)? {
        return Ok(AgreementRef::Number(number));
    }
    let external_agreement_no = biz.text("external_agreement_no", 32)?;
    let user_id = user(call).await?;
    if external_agreement_no.is_none() && user_id.is_none() {
        return Err(invalid_parameter(
            "agreement_no",
            "、external_agreement_no、alipay_user_id（或 alipay_open_id、alipay_logon_id）至少传一个。",
            ", external_agreement_no or the user must be there.",
        ));
    }
    let product = product(biz, "personal_product_code").map_err(|mut fault| {
        // A word that is none is another error than none at all.
        if biz.has("personal_product_code") && fault.what == INVALID_PARAMETER {
            fault.what = PRODUCT_CODE_NOT_SUPPORTED;
            PRODUCT_CODE_NOT_SUPPORTED
                .sub_msg
                .clone_into(&mut fault.sub_msg);
        }
        fault
    })?;
    Ok(AgreementRef::Wanted {
        external_agreement_no,
        product,
        sign_scene: scene(biz)?.unwrap_or_else(|| NO_SCENE.to_owned()),
        user_id,
    })
}

/// The user that a call names, if it does.
async fn user(call: &Call<'_>) -> Result<Option<String>, Fault> {
    let (biz, cx) = (&call.biz, call.cx);
    let found = if let Some(user_id) = biz.text("alipay_user_id", 32)? {
        login::find_by_user(cx, &user_id).await?
    } else if let Some(open_id) = biz.text("alipay_open_id", 128)? {
        match user_of(&call.caller.app.app_id, &open_id) {
            Some(user_id) => login::find_by_user(cx, &user_id).await?,
            None => None,
        }
    } else if let Some(logon_id) = biz.text("alipay_logon_id", 100)? {
        match logon_id.parse::<LogonId>() {
            Ok(logon_id) => login::find(cx, &logon_id).await?,
            Err(_) => None,
        }
    } else {
        return Ok(None);
    };
    let account = found.ok_or_else(|| {
        Fault::new(
            USER_NOT_EXIST_ERROR,
            "沙箱没有这个用户。账号见 GET /sandbox/v1/accounts。",
            "The sandbox has no such user. GET /sandbox/v1/accounts lists them.",
        )
    })?;
    Ok(Some(account.user_id))
}
