//! Why nothing was done about an agreement, as Alipay words it.

use crate::app::agreement::ask_agreement::AgreementError;
use crate::domain::agreement::AgreementRefusal;
use crate::gateway::errors::Fault;
use crate::gateway::errors::agreement::{
    AGREEMENT_INVALID_PARAMETER, AUTHOREE_IS_NOT_MATCH, USER_AGREEMENT_NOT_EXIST,
    USER_NOT_EXIST_ERROR,
};

pub(super) fn not_done(error: AgreementError) -> Fault {
    match error {
        AgreementError::Refused(refusal) => refused(&refusal),
        AgreementError::Store(error) => error.into(),
        AgreementError::Password(_) | AgreementError::NoSuchBuyer => Fault::new(
            USER_NOT_EXIST_ERROR,
            "用户不存在或支付密码被拒绝。",
            "There is no such user, or the payment password was not taken.",
        ),
    }
}

pub(super) fn refused(refusal: &AgreementRefusal) -> Fault {
    let (what, zh, en) = match refusal {
        AgreementRefusal::OtherApp => (
            AUTHOREE_IS_NOT_MATCH,
            "这个 agreement_no 是另一个应用的协议。".to_owned(),
            "The agreement_no is another application's.".to_owned(),
        ),
        AgreementRefusal::NumberUsed => (
            AGREEMENT_INVALID_PARAMETER,
            "这个 external_agreement_no 已经签过约（即使后来解约），新的协议须用新的编号。".to_owned(),
            "An agreement of that external_agreement_no was signed before; a new one needs a number of its own, even after an end.".to_owned(),
        ),
        AgreementRefusal::Differs(name) => (
            AGREEMENT_INVALID_PARAMETER,
            format!("这个 external_agreement_no 正在等待签约，但 {name} 不同；请保持一致，或换一个编号。"),
            format!("The external_agreement_no waits with another {name}; keep it, or take another number."),
        ),
        AgreementRefusal::SignedBefore => (
            AGREEMENT_INVALID_PARAMETER,
            "用户在同一场景已经有一份周期扣款协议（没有 external_agreement_no 时只能有一份）。".to_owned(),
            "The user has such an agreement with a plan for that scene; without an external_agreement_no there is one.".to_owned(),
        ),
        AgreementRefusal::NotSigned => (
            USER_AGREEMENT_NOT_EXIST,
            "用户还没有签约。".to_owned(),
            "Nobody signed it yet.".to_owned(),
        ),
        AgreementRefusal::Ended => (
            USER_AGREEMENT_NOT_EXIST,
            "协议已解约或已到期，解约后的协议查不到。".to_owned(),
            "It was ended, or its time is over; such an agreement is no longer found.".to_owned(),
        ),
        AgreementRefusal::Closed => (
            USER_AGREEMENT_NOT_EXIST,
            "用户没有签约：拒绝了，或页面已超时。".to_owned(),
            "Nobody signed it: it was refused, or its page gave up.".to_owned(),
        ),
        _ => (
            USER_AGREEMENT_NOT_EXIST,
            "这个应用没有这样的协议：核对 agreement_no，或 external_agreement_no、personal_product_code、sign_scene 和用户。".to_owned(),
            "This application has no such agreement: check agreement_no, or external_agreement_no, personal_product_code, sign_scene and the user.".to_owned(),
        ),
    };
    Fault::new(what, zh, en)
}
