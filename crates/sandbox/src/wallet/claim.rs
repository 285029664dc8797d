//! Taking what was given to a phone's number.

use super::frame::{self, Banner, Nothing, Sent};
use super::words;
use crate::app::login;
use crate::app::wallet::claim::{self, ClaimError, OpenWallet};
use crate::app::wallet::messages::SendCodeError;
use crate::cashier::{Asked, Buyer, Counter, LeaveFields, grouped};
use crate::domain::LogonId;
use crate::domain::card::masked_phone;
use crate::domain::gift::{Gift, GiftState};
use axum::extract::{Path, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use service::form_body::FormBody;
use service::i18n::Lang;
use service::problem::Problem;

/// What the page offers.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
enum Way {
    /// The phone's own wallet is open.
    Take,
    /// The phone has a wallet, and it is not open here.
    LogIn,
    /// The phone has no wallet yet.
    AskCode,
    /// A code is on its way.
    Open,
    /// It is over.
    Nothing,
}

#[derive(askama::Template)]
#[template(path = "wallet/claim.html")]
struct ClaimPage {
    lang: Lang,
    banner: Banner,
    gift_id: String,
    amount: String,
    message: String,
    phone: String,
    phone_full: String,
    until: Option<String>,
    way: Way,
    csrf_token: String,
    form_no: String,
}

/// What waits, and how to take it.
pub(super) async fn page(
    State(counter): State<Counter>,
    Path(gift_id): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    show(&counter, &gift_id, Banner::default(), false, &asked).await
}

async fn show(
    counter: &Counter,
    gift_id: &str,
    banner: Banner,
    code_sent: bool,
    asked: &Asked,
) -> Result<Response, Problem> {
    let (lang, cx) = (asked.lang, counter.cx());
    let Some(gift) = claim::find(cx, gift_id).await? else {
        return Err(Problem::not_found("There is no such gift."));
    };
    let buyer = counter.buyer(&asked.headers).await?;
    let way = way(counter, &gift, buyer.as_ref(), code_sent).await?;
    let token = counter.token(&asked.headers, buyer.as_ref());
    let status = banner.status();
    let banner = match (&banner.problem, &banner.done, way) {
        (None, None, Way::Nothing) => Banner::problem(over(gift.state, lang)),
        _ => banner,
    };
    let page = ClaimPage {
        lang,
        banner,
        gift_id: gift.gift_id.clone(),
        amount: grouped(gift.amount),
        message: gift.message.clone(),
        phone: masked_phone(&gift.target),
        phone_full: gift.target.clone(),
        until: gift
            .expires_at
            .filter(|_| gift.can_be_taken(cx.now()))
            .map(frame::minute),
        way,
        csrf_token: token.value,
        form_no: counter.form_no(),
    };
    let title = lang.pick("收款", "Take money");
    Ok(frame::shell(lang, &asked.uri, title)
        .status(status)
        .cookie(token.set_cookie)
        .page(&page))
}

async fn way(
    counter: &Counter,
    gift: &Gift,
    buyer: Option<&Buyer>,
    code_sent: bool,
) -> Result<Way, Problem> {
    if !gift.can_be_taken(counter.cx().now()) {
        return Ok(Way::Nothing);
    }
    if buyer.is_some_and(|buyer| buyer.account.logon_id.as_str() == gift.target) {
        return Ok(Way::Take);
    }
    let has_wallet = match gift.target.parse::<LogonId>() {
        Ok(logon_id) => login::find(counter.cx(), &logon_id).await?.is_some(),
        Err(_) => false,
    };
    Ok(match (has_wallet, code_sent) {
        (true, _) => Way::LogIn,
        (false, false) => Way::AskCode,
        (false, true) => Way::Open,
    })
}

fn over(state: GiftState, lang: Lang) -> &'static str {
    match state {
        GiftState::Done => lang.pick("这笔转账已经收了。", "It was taken already."),
        GiftState::Waiting | GiftState::Returned => lang.pick(
            "已超过 24 小时，钱退回给对方了。",
            "The 24 hours are over; the money went back.",
        ),
    }
}

/// Takes it into the open wallet.
pub(super) async fn take(
    Path(gift_id): Path<String>,
    Sent { open, .. }: Sent<Nothing>,
) -> Result<Response, Problem> {
    match claim::claim(open.cx(), &open.buyer.account, &gift_id).await {
        Ok(_) => Ok(Redirect::to("/wallet").into_response()),
        Err(error) => {
            let banner = Banner::problem(why(error, open.lang())?);
            show(&open.counter, &gift_id, banner, false, &open.asked).await
        }
    }
}

/// Sends the code that opens a wallet for the phone.
pub(super) async fn code(
    State(counter): State<Counter>,
    Path(gift_id): Path<String>,
    asked: Asked,
    FormBody(fields): FormBody<LeaveFields>,
) -> Result<Response, Problem> {
    let lang = asked.lang;
    let buyer = counter.buyer(&asked.headers).await?;
    counter.check(&asked.headers, buyer.as_ref(), &fields.csrf_token)?;
    let sent = claim::ask_for_code(counter.cx(), &gift_id).await;
    let (banner, shown) = match sent {
        Ok(()) => (Banner::default(), true),
        // The code that went before may still hold.
        Err(error @ ClaimError::Send(SendCodeError::TooMany(_))) => {
            (Banner::problem(why(error, lang)?), true)
        }
        Err(error) => (Banner::problem(why(error, lang)?), false),
    };
    show(&counter, &gift_id, banner, shown, &asked).await
}

/// What opens a wallet.
#[derive(Deserialize)]
pub(super) struct OpenFields {
    csrf_token: String,
    #[serde(default)]
    form_no: String,
    code: String,
    login_password: String,
    pay_password: String,
}

/// Opens a wallet for the phone and takes it.
pub(super) async fn open(
    State(counter): State<Counter>,
    Path(gift_id): Path<String>,
    asked: Asked,
    FormBody(fields): FormBody<OpenFields>,
) -> Result<Response, Problem> {
    let lang = asked.lang;
    let buyer = counter.buyer(&asked.headers).await?;
    counter.check(&asked.headers, buyer.as_ref(), &fields.csrf_token)?;
    let form_no = match frame::form_no(&fields.form_no, lang) {
        Ok(form_no) => form_no,
        Err(text) => return show(&counter, &gift_id, Banner::problem(text), true, &asked).await,
    };
    let open = OpenWallet {
        form_no,
        typed: fields.code,
        login_password: fields.login_password,
        pay_password: fields.pay_password,
    };
    match claim::open_and_claim(counter.cx(), &gift_id, open).await {
        Ok((account, _)) => {
            let (_, cookie) = counter.sessions().start(&account.user_id).await?;
            let next = Redirect::to("/wallet");
            Ok(([(header::SET_COOKIE, cookie)], next).into_response())
        }
        Err(error) => {
            let banner = Banner::problem(why(error, lang)?);
            show(&counter, &gift_id, banner, true, &asked).await
        }
    }
}

fn why(error: ClaimError, lang: Lang) -> Result<String, Problem> {
    Ok(match error {
        ClaimError::Store(error) | ClaimError::Send(SendCodeError::Store(error)) => {
            return Err(error.into());
        }
        ClaimError::NoSuchGift => lang
            .pick(
                "这笔转账不是给这个手机号的。",
                "This is not for the phone of this wallet.",
            )
            .to_owned(),
        ClaimError::Over(state) => over(state, lang).to_owned(),
        ClaimError::Passwords => lang
            .pick(
                "登录密码至少 6 位，支付密码是六位数字。",
                "A login password has 6 characters or more, a payment password six digits.",
            )
            .to_owned(),
        ClaimError::Send(SendCodeError::TooMany(too_many)) => words::too_many(lang, too_many.until),
        ClaimError::OtherContent => frame::other_content(lang),
        ClaimError::Code(refusal) => words::code_refused(lang, refusal),
        ClaimError::Open(error) => {
            let status = StatusCode::INTERNAL_SERVER_ERROR;
            tracing::error!(%error, %status, "A wallet was not opened");
            return Err(Problem::internal(&error));
        }
    })
}
