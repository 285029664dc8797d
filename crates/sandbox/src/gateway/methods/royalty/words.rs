//! The words that the methods of shares share.

use crate::app::royalty::party::Named;
use crate::domain::royalty::ShareRefusal;
use crate::gateway::biz::{Biz, invalid_parameter};
use crate::gateway::errors::Fault;
use crate::gateway::errors::royalty::{
    ALLOC_AMOUNT_VALIDATE_ERROR, ALREADY_FINISH_ALLOC, ILLEGAL_SETTLE_STATE, RECEIVER_INVALID,
    SETTLE_DISCORDANT, SHARER_NOT_ENOUGH,
};

/// An account that a share names by a field and, beside it, the field's type.
pub(in crate::gateway::methods) fn named(biz: &Biz, field: &str) -> Result<Option<Named>, Fault> {
    let Some(account) = biz.text(field, 128)? else {
        return Ok(None);
    };
    let type_field = format!("{field}_type");
    let kind = match biz.text(&type_field, 64)? {
        None => "userId".to_owned(),
        Some(kind) if ["userId", "loginName", "openId", "cardAliasNo"].contains(&kind.as_str()) => {
            kind
        }
        Some(_) => {
            return Err(invalid_parameter(
                &type_field,
                "须为 userId、loginName、openId 或 cardAliasNo。",
                "is userId, loginName, openId or cardAliasNo.",
            ));
        }
    };
    Ok(Some(Named { kind, account }))
}

/// Why nothing was shared, as Alipay words it.
pub(in crate::gateway::methods) fn not_shared(refusal: &ShareRefusal) -> Fault {
    let (what, zh) = match refusal {
        ShareRefusal::State => (
            ILLEGAL_SETTLE_STATE,
            "只有已付款、未关闭的交易可以分账。".to_owned(),
        ),
        ShareRefusal::Finished => (
            ALREADY_FINISH_ALLOC,
            "之前的请求已用 royalty_finish 声明分账完结。".to_owned(),
        ),
        ShareRefusal::Exceeds { left } => (
            ALLOC_AMOUNT_VALIDATE_ERROR,
            format!("金额超出可分（可退回）的 {left} 元。"),
        ),
        ShareRefusal::NotBound(account) => (
            RECEIVER_INVALID,
            format!(
                "{account} 不是已绑定的分账接收方，请先调用 alipay.trade.royalty.relation.bind。"
            ),
        ),
        ShareRefusal::Differs => (
            SETTLE_DISCORDANT,
            "同一个 out_request_no 以前用过不同的内容。".to_owned(),
        ),
        ShareRefusal::Nothing => (
            ALLOC_AMOUNT_VALIDATE_ERROR,
            "按 amount_percentage 算出的金额不足 0.01 元。".to_owned(),
        ),
        ShareRefusal::NotEnough(user_id) => {
            (SHARER_NOT_ENOUGH, format!("出账账户 {user_id} 余额不足。"))
        }
    };
    Fault::new(what, zh, format!("Refused: {refusal}."))
}
