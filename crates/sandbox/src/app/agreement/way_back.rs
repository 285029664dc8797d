//! The way back to the merchant, for whoever signed.

use crate::context::Context;
use crate::domain::agreement::{Agreement, AgreementState};
use crate::notices::returns::signed_address;
use alipay::{Charset, Params};
use store::StoreError;

/// Where the signer's browser goes: the merchant's address, the agreement and Alipay's signature
/// behind its own query. None without an address, and for an agreement that nobody signed.
///
/// # Errors
/// When the database or the signature fails.
pub async fn way_back(cx: &Context, agreement: &Agreement) -> Result<Option<String>, StoreError> {
    let (Some(return_url), Some(signer), Some(signed_at)) = (
        &agreement.return_url,
        &agreement.signer,
        agreement.signed_at,
    ) else {
        return Ok(None);
    };
    let Some(caller) = cx.caller(&agreement.app_id).await? else {
        return Ok(None);
    };
    if agreement.state != AgreementState::Normal {
        return Ok(None);
    }
    let terms = &agreement.terms;
    let signed_at = signed_at.china();
    let mut params = Params::from([
        ("charset", agreement.charset.as_str()),
        ("method", "alipay.user.agreement.page.sign.return"),
        ("sign", ""),
        ("agreement_no", &agreement.agreement_no),
        ("alipay_user_id", &signer.user_id),
        ("alipay_logon_id", &signer.logon_id),
        ("personal_product_code", terms.product.as_str()),
        ("sign_scene", &terms.sign_scene),
        ("status", agreement.state.as_str()),
        ("sign_time", &signed_at),
        ("valid_time", &signed_at),
        ("invalid_time", &agreement.invalid_time()),
        ("auth_app_id", &agreement.app_id),
        ("version", "1.0"),
        ("app_id", &agreement.app_id),
        ("sign_type", caller.keys.sign_type.as_str()),
        ("timestamp", &cx.now().china()),
    ]);
    if let Some(number) = &terms.external_agreement_no {
        params.set("external_agreement_no", number);
    }
    let charset = Charset::parse(&agreement.charset).unwrap_or(Charset::Gbk);
    signed_address(return_url, params, charset, &caller.keys)
        .map(Some)
        .map_err(|error| StoreError::Inconsistent {
            table: "sandbox_apps",
            id: agreement.app_id.clone(),
            what: format!("its Alipay key cannot sign: {error}"),
        })
}
