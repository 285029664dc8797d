//! A hold: the buyer agrees with the six digits.

use super::kind::{Answered, End, Looked, Wish, asker, missing, moment};
use crate::app::pay_trade::FundChannel;
use crate::app::preauth::ask_freeze::FreezeError;
use crate::app::preauth::find_freeze::by_code;
use crate::app::preauth::freeze_money::freeze_money;
use crate::app::preauth::pocket;
use crate::cashier::grouped;
use crate::context::Context;
use crate::domain::Account;
use crate::domain::freeze::{FreezeRefusal, FreezeState};
use service::i18n::Lang;
use store::StoreError;

pub(super) async fn look(cx: &Context, code: &str, lang: Lang) -> Result<Looked, StoreError> {
    let Some((freeze, app)) = by_code(cx, code).await? else {
        return Ok(Looked::Over(missing(lang)));
    };
    if freeze.state != FreezeState::Init {
        return Ok(Looked::Over(over(freeze.state, lang)));
    }
    let from = match pocket(&freeze) {
        None => return Ok(Looked::Over(no_channel(lang))),
        Some(FundChannel::Credit) => lang.pick("花呗", "Huabei"),
        Some(_) => lang.pick("账户余额", "Balance"),
    };
    Ok(Looked::Open(Wish {
        title: lang.pick("预授权冻结", "Hold an amount"),
        lead: freeze.title,
        amount: Some(grouped(freeze.amount)),
        facts: vec![
            (lang.pick("商家", "Shop"), asker(&app, lang)),
            (lang.pick("冻结来源", "From"), from.to_owned()),
            (lang.pick("商户订单号", "Order number"), freeze.out_order_no),
            (lang.pick("授权截止", "Agree before"), moment(freeze.expires_at)),
        ],
        points: vec![
            lang.pick(
                "资金仍在您的账户里，但在解冻或转为付款之前不能使用。",
                "The money stays in your account, and cannot be spent until it is let go of or taken.",
            ),
            lang.pick(
                "商家可以从中扣款，剩余部分会退回可用余额。",
                "The shop may take some of it; the rest is yours to spend again.",
            ),
        ],
        agree: lang.pick("同意并冻结", "Agree and hold"),
        with_password: true,
        qr_address: None,
    }))
}

pub(super) async fn agree(
    cx: &Context,
    code: &str,
    account: &Account,
    password: Option<&str>,
    lang: Lang,
) -> Result<Answered, StoreError> {
    let Some((freeze, _)) = by_code(cx, code).await? else {
        return Ok(Answered::Over(missing(lang)));
    };
    // A page never agrees without the six digits.
    let password = Some(password.unwrap_or_default());
    match freeze_money(cx, &freeze.auth_no, &account.user_id, password).await {
        Ok(_) => Ok(Answered::Over(over(FreezeState::Authorized, lang))),
        Err(FreezeError::Password(denied)) => Ok(Answered::Denied(denied)),
        Err(FreezeError::Store(error)) => Err(error),
        Err(FreezeError::Refused(FreezeRefusal::MoneyNotEnough(left))) => {
            let left = grouped(left);
            Ok(Answered::Not(match lang {
                Lang::Zh => format!("可用余额只有 ¥{left}，没有冻结。"),
                Lang::En => format!("You have ¥{left} to spend; nothing was held."),
            }))
        }
        Err(FreezeError::Refused(FreezeRefusal::Unfit(_))) => Ok(Answered::Not(
            lang.pick(
                "这笔冻结在等另一位用户确认，请换那个账户登录。",
                "The hold waits for somebody else; log in as them.",
            )
            .to_owned(),
        )),
        Err(FreezeError::Refused(FreezeRefusal::NoChannel)) => Ok(Answered::Over(no_channel(lang))),
        Err(FreezeError::Refused(FreezeRefusal::Frozen)) => {
            Ok(Answered::Over(over(FreezeState::Authorized, lang)))
        }
        Err(FreezeError::Refused(FreezeRefusal::Finished)) => {
            Ok(Answered::Over(over(FreezeState::Finish, lang)))
        }
        Err(FreezeError::Refused(_)) => Ok(Answered::Over(over(FreezeState::Closed, lang))),
        Err(FreezeError::NoSuchBuyer) => Ok(Answered::Over(missing(lang))),
    }
}

fn no_channel(lang: Lang) -> End {
    End {
        class: "result-warn",
        title: lang.pick("没有可用的渠道", "There is no channel for it"),
        text: lang.pick(
            "商家只开放了这个沙箱没有的渠道，没有冻结任何资金。",
            "The shop takes only channels that this sandbox does not have. Nothing is held.",
        ),
        back: None,
    }
}

fn over(state: FreezeState, lang: Lang) -> End {
    let (class, title, text) = match state {
        FreezeState::Authorized => (
            "result-ok",
            lang.pick("已冻结", "The amount is held"),
            lang.pick(
                "可以关闭本页，回到商家继续。",
                "You can close this page and go on at the shop.",
            ),
        ),
        FreezeState::Finish => (
            "result-ok",
            lang.pick("预授权已完结", "The hold is over"),
            lang.pick(
                "冻结的资金已全部解冻或转为付款。",
                "All of it was let go of or taken.",
            ),
        ),
        FreezeState::Init | FreezeState::Closed => (
            "result-warn",
            lang.pick("预授权已关闭", "The hold is closed"),
            lang.pick(
                "没有冻结任何资金。请让商家重新发起。",
                "Nothing is held. Ask the shop to begin again.",
            ),
        ),
    };
    End {
        class,
        title,
        text,
        back: None,
    }
}
