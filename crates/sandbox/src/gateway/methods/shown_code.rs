//! The code that a buyer shows and a seller reads: what the methods that take one share.

use crate::domain::PaymentCode;
use crate::domain::payment_code::Scene;
use crate::gateway::biz::{Biz, invalid_parameter};
use crate::gateway::errors::{Fault, SubCode};

/// How the code was read; a bar code unless said.
pub(super) fn scene(biz: &Biz, field: &'static str) -> Result<Scene, Fault> {
    match biz.text(field, 32)? {
        None => Ok(Scene::default()),
        Some(text) => Scene::parse(&text).ok_or_else(|| {
            invalid_parameter(
                field,
                "须为 bar_code（付款码）或 security_code（刷脸）。",
                "is bar_code or security_code.",
            )
        }),
    }
}

/// The code itself. `invalid` is what the method calls one that is none.
pub(super) fn read(biz: &Biz, scene: Scene, invalid: SubCode) -> Result<PaymentCode, Fault> {
    let code = biz.required("auth_code", 64)?;
    PaymentCode::parse(scene, &code).map_err(|error| {
        Fault::new(
            invalid,
            "auth_code 的格式不对：付款码是以 25 至 30 开头的 16 至 24 位数字，刷脸码是 fp 开头的 35 个字符。",
            format!("auth_code is none: {error}."),
        )
    })
}

/// A code that nobody shows now.
pub(super) fn not_shown(invalid: SubCode) -> Fault {
    Fault::new(
        invalid,
        "付款码不存在、已用过，或已超过一分钟（按沙箱的业务时钟）。请让买家刷新付款码；控制接口 POST accounts/{logon_id}/payment-codes 可以得到一个。",
        "Nobody shows that code, it was used, or it is older than a minute on the sandbox's business clock. POST accounts/{logon_id}/payment-codes of the control API shows a new one.",
    )
}
