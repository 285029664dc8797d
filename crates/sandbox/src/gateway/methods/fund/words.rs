//! Why money was not sent, as Alipay words it.

use crate::app::funds::send_money::SendMoneyError;
use crate::domain::transfer::TransferRefusal;
use crate::gateway::errors::Fault;
use crate::gateway::errors::fund::{
    EXCEED_LIMIT_DM_AMOUNT, EXCEED_LIMIT_ENT_SM_AMOUNT, EXCEED_LIMIT_MM_AMOUNT,
    EXCEED_LIMIT_PERSONAL_SM_AMOUNT, EXCEED_LIMIT_SM_MIN_AMOUNT, MEMO_REQUIRED,
    PAYEE_ACCOUNT_NOT_EXSIT, PAYEE_NOT_EXIST, PAYEE_USER_INFO_ERROR, PAYER_BALANCE_NOT_ENOUGH,
    PAYER_PAYEE_CANNOT_SAME, PAYMENT_INFO_INCONSISTENCY,
};

pub(super) fn not_sent(error: SendMoneyError) -> Fault {
    match error {
        SendMoneyError::Refused(refusal) => refused(&refusal),
        SendMoneyError::Store(error) => error.into(),
    }
}

fn refused(refusal: &TransferRefusal) -> Fault {
    match refusal {
        TransferRefusal::TooLittle(least) => Fault::new(
            EXCEED_LIMIT_SM_MIN_AMOUNT,
            format!("单笔最少 {least} 元（alipay-sandbox 模式下可以是 0.01）。"),
            format!("A transfer is {least} at least (0.01 in the profile alipay-sandbox)."),
        ),
        TransferRefusal::TooMuch { most, company } => {
            let (what, zh, en) = if *company {
                (EXCEED_LIMIT_ENT_SM_AMOUNT, "企业", "company")
            } else {
                (EXCEED_LIMIT_PERSONAL_SM_AMOUNT, "个人", "person")
            };
            Fault::new(
                what,
                format!("对{zh}单笔最多 {most} 元，请拆成多笔，每笔用自己的 out_biz_no。"),
                format!(
                    "A {en} gets {most} at most at once; send several, each with a number of its own."
                ),
            )
        }
        TransferRefusal::OverLimit { most, left, month } => {
            let (what, zh, en) = if *month {
                (EXCEED_LIMIT_MM_AMOUNT, "本月", "month")
            } else {
                (EXCEED_LIMIT_DM_AMOUNT, "当天", "day")
            };
            Fault::new(
                what,
                format!("{zh}累计最多 {most} 元，还剩 {left} 元。"),
                format!("A {en} has {most} at most; {left} of it is left."),
            )
        }
        TransferRefusal::NeedsRemark => Fault::new(
            MEMO_REQUIRED,
            "单笔达到 50000.00 元时必须传 remark。",
            "From 50000.00 on remark is required.",
        ),
        TransferRefusal::NoPayee => Fault::new(
            PAYEE_NOT_EXIST,
            "沙箱没有这个收款账号：user_id、登录号见控制接口 GET accounts，或先用 POST accounts 新建。",
            "The sandbox has no such account: GET accounts of the control API lists them, POST accounts makes one.",
        ),
        TransferRefusal::NoCard => Fault::new(
            PAYEE_ACCOUNT_NOT_EXSIT,
            "收款卡号须为 15 到 19 位数字，且末位校验正确。",
            "A card's number has 15 to 19 digits, the last of which checks the others.",
        ),
        TransferRefusal::WrongName => Fault::new(
            PAYEE_USER_INFO_ERROR,
            "姓名与收款账号的实名不符：沙箱账号的实名默认为“沙箱环境”，企业账号的是应用名，可用控制接口 PUT accounts/{logon_id}/person 修改。",
            "The name is not the account owner's: a sandbox account is called 沙箱环境 (a company by its application's name) unless PUT accounts/{logon_id}/person said otherwise.",
        ),
        TransferRefusal::ToSelf => Fault::new(
            PAYER_PAYEE_CANNOT_SAME,
            "收款方是这个应用自己的账号。",
            "The payee is this application's own account.",
        ),
        TransferRefusal::BalanceNotEnough(left) => Fault::new(
            PAYER_BALANCE_NOT_ENOUGH,
            format!("商户账户可用余额只有 {left} 元；先收款，再转账。"),
            format!("The application's account has {left} to spend; be paid first."),
        ),
        TransferRefusal::Differs(what) => Fault::new(
            PAYMENT_INFO_INCONSISTENCY,
            format!(
                "这个 out_biz_no 以前用过不同的 {what}；重试须参数相同，新的转账须用新的编号。"
            ),
            format!(
                "The out_biz_no was used before with another {what}; a repeat has the same parameters, a new transfer a new number."
            ),
        ),
    }
}
