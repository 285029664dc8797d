//! Why something was refused, in both languages: passwords, codes, cards.

use crate::app::wallet::cards::{BindError, CardRefusal};
use crate::app::wallet::messages::SendCodeError;
use crate::cashier::locked;
use crate::domain::account::Denied;
use crate::domain::message::CodeRefusal;
use service::i18n::Lang;
use service::problem::Problem;

/// Why a payment password was not taken.
pub(crate) fn denied(lang: Lang, denied: Denied) -> String {
    match (lang, denied) {
        (Lang::Zh, Denied::Wrong { left }) => format!("密码不对，还可以试 {left} 次。"),
        (Lang::En, Denied::Wrong { left: 1 }) => {
            "The password is wrong; one try is left.".to_owned()
        }
        (Lang::En, Denied::Wrong { left }) => {
            format!("The password is wrong; {left} tries are left.")
        }
        (lang, Denied::Locked { until }) => locked(lang, until),
    }
}

/// Why a code was not taken.
pub(crate) fn code_refused(lang: Lang, refusal: CodeRefusal) -> String {
    match refusal {
        CodeRefusal::NoneSent => lang
            .pick("请先获取验证码。", "Ask for a code first.")
            .to_owned(),
        CodeRefusal::Old => lang
            .pick(
                "验证码已过期，请重新获取。",
                "The code is too old; ask for a new one.",
            )
            .to_owned(),
        CodeRefusal::Used => lang
            .pick(
                "验证码已用过，请重新获取。",
                "The code was used; ask for a new one.",
            )
            .to_owned(),
        CodeRefusal::Wrong { left: 0 } => lang
            .pick(
                "验证码错误次数过多，请重新获取。",
                "Too many wrong codes; ask for a new one.",
            )
            .to_owned(),
        CodeRefusal::Wrong { left } => match lang {
            Lang::Zh => format!("验证码不对，还可以试 {left} 次。"),
            Lang::En => format!("The code is wrong; tries left: {left}."),
        },
    }
}

/// Too many codes were asked for.
pub(crate) fn too_many(lang: Lang, until: kernel::Timestamp) -> String {
    let until = until.china();
    match lang {
        Lang::Zh => format!("验证码发送过于频繁，请在 {until} 之后再试。"),
        Lang::En => format!("Too many codes were sent. Try again after {until} (China time)."),
    }
}

/// Why a card was not bound, in words.
pub(crate) fn bind_problem(error: BindError, lang: Lang) -> Result<String, Problem> {
    Ok(match error {
        BindError::Store(error) | BindError::Send(SendCodeError::Store(error)) => {
            return Err(error.into());
        }
        BindError::Number(_) => lang
            .pick(
                "卡号不对：16 到 19 位数字，请核对每一位。",
                "The card number is wrong: 16 to 19 digits, check each of them.",
            )
            .to_owned(),
        BindError::Card(CardRefusal::NotYours) => lang
            .pick(
                "这张卡已绑在别的钱包里。",
                "The card is bound to another wallet.",
            )
            .to_owned(),
        BindError::Card(_) => lang
            .pick(
                "沙箱没有发过这样的卡，或手机号与银行预留的不一致。",
                "The sandbox issued no such card, or its bank knows another phone.",
            )
            .to_owned(),
        BindError::Send(SendCodeError::TooMany(refused)) => too_many(lang, refused.until),
        BindError::Code(refusal) => code_refused(lang, refusal),
    })
}

/// Why a card was not charged, in words.
pub(crate) fn card_words(refusal: CardRefusal, lang: Lang) -> String {
    match refusal {
        CardRefusal::Unknown | CardRefusal::NotYours => lang
            .pick("这张卡不在您的钱包里。", "The card is not in your wallet.")
            .to_owned(),
        CardRefusal::BalanceNotEnough => lang
            .pick(
                "银行卡余额不足，没有扣款。",
                "The card holds too little; nothing was taken.",
            )
            .to_owned(),
        CardRefusal::DayLimit { left } => match lang {
            Lang::Zh => format!("超过银行卡每日限额，今天还可以用 {left} 元。"),
            Lang::En => format!("Over the card's daily limit; {left} yuan are left today."),
        },
    }
}
