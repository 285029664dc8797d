//! What an order asks to be signed with its payment, read by the rules of a signing of its own.

use super::biz::Biz;
use super::errors::Fault;
use super::methods::{EFFECT_S, Unsaid, terms, whole};
use super::offer::is_address;
use crate::domain::agreement::Signing;
use crate::domain::{Product, Profile};
use kernel::Timestamp;
use kernel::time::SECOND_MS;

/// The products of an order that say which agreement is signed with it.
const OF_AGREEMENTS: [&str; 2] = ["CYCLE_PAY_AUTH", "GENERAL_WITHHOLDING"];

/// The scene of a signing that names none: only a number of the merchant's needs another.
const DEFAULT_SCENE: &str = "DEFAULT|DEFAULT";

/// What is to be signed. Alipay takes a payment whose signing cannot be read and signs nothing with
/// it (developer.aliyun.com/ask/285567): that is told, and refused only where an application wants
/// it strict.
pub(super) fn signing(
    biz: &mut Biz,
    product: Product,
    now: Timestamp,
) -> Result<Option<Signing>, Fault> {
    if !product.signs() {
        return Ok(None);
    }
    let Some(mut inner) = biz.object("agreement_sign_params")? else {
        return Ok(None);
    };
    let read = one(biz, &mut inner, product, now);
    biz.warnings.join(&inner.warnings);
    match read {
        Ok(signing) => {
            biz.warnings.and(
                "付款时一并签约（买家可以取消勾选，只付款）：签约通知发到 sign_notify_url，没有则发到 notify_url，再没有则发到应用网关；付款通知只发到 notify_url。",
                "It is signed with the payment, unless the buyer unticks it: the notice of the signing goes to sign_notify_url, else to notify_url, else to the application's gateway; that of the payment to notify_url only.",
            );
            Ok(Some(signing))
        }
        Err(fault) if biz.profile == Profile::Strict => Err(fault),
        Err(fault) => {
            let zh = format!(
                "注意：这笔款可以付，但付款后不会签约（和支付宝一样）：{}",
                fault.explain.zh
            );
            let en = format!(
                "Note: the payment can be made, but nothing is signed with it, as at Alipay: {}",
                fault.explain.en
            );
            biz.warnings.and(&zh, &en);
            Ok(None)
        }
    }
}

fn one(biz: &Biz, inner: &mut Biz, product: Product, now: Timestamp) -> Result<Signing, Fault> {
    let outer = biz.text("product_code", 64)?;
    let outer = outer.filter(|code| OF_AGREEMENTS.contains(&code.as_str()));
    if product == Product::App && outer.is_none() && !inner.has("product_code") {
        return Err(biz.wrong(
            "product_code",
            "要随付款签约时须为 CYCLE_PAY_AUTH，或在 agreement_sign_params 里另传 product_code。",
            "is CYCLE_PAY_AUTH where something is signed with the payment, unless agreement_sign_params names one.",
        ));
    }
    let unsaid = Unsaid {
        code: outer.as_deref(),
        scene: Some(DEFAULT_SCENE),
    };
    let terms = terms(inner, unsaid, now)?;
    let effect_s = whole(inner, "effect_time", 1, EFFECT_S)?;
    let notify_url = inner.text("sign_notify_url", 256)?;
    if notify_url.as_ref().is_some_and(|text| !is_address(text)) {
        return Err(inner.wrong(
            "sign_notify_url",
            "须为 http(s):// 开头的绝对地址。",
            "is an absolute http(s) address.",
        ));
    }
    Ok(Signing {
        terms,
        notify_url,
        asked_at: now,
        until: effect_s.map(|seconds| now.plus_ms(seconds * SECOND_MS)),
    })
}
