//! The page that pays: what for, how much, out of which wallet, and the six digits.

use super::amount::grouped;
use super::counter::{Asked, Buyer, Counter};
use super::login::{LoginForm, locked};
use super::visit::{self, Bill};
use super::watch;
use crate::app::accounts::balance;
use crate::app::find_trade::VisitStory;
use crate::app::pay_trade::{FundChannel, PayTrade, PayTradeError, pay_trade};
use crate::app::wallet::cards;
use crate::app::wallet::pay_by_card::{PayByCard, PayByCardError, Proof, pay_by_card};
use crate::domain::account::{Denied, is_pay_password};
use crate::wallet::words;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use money::Fen;
use serde::Deserialize;
use service::form_body::FormBody;
use service::i18n::Lang;
use service::problem::Problem;

#[derive(askama::Template)]
#[template(path = "cashier/pay.html")]
struct PayPage {
    lang: Lang,
    visit_id: String,
    bill: Bill,
    logon_id: String,
    balance: String,
    enough: bool,
    cards: Vec<CardChoice>,
    takes: Takes,
    locked: bool,
    ticked: &'static str,
    problem: Option<String>,
    csrf_token: String,
    demo: bool,
}

/// What the merchant leaves to the buyer.
struct Takes {
    balance: bool,
    cards: bool,
}

/// A card of the wallet to pay with.
struct CardChoice {
    number: String,
    name: String,
    balance: String,
}

#[derive(askama::Template)]
#[template(path = "cashier/phone_login.html")]
struct PhoneLoginPage {
    lang: Lang,
    visit_id: String,
    bill: Bill,
    login: LoginForm,
}

/// Asks for the payment password, or for the login first.
pub(super) async fn page(
    State(counter): State<Counter>,
    Path(visit_id): Path<String>,
    asked: Asked,
) -> Result<Response, Problem> {
    let story = match visit::find(&counter, &visit_id, &asked).await? {
        Ok(story) => story,
        Err(page) => return Ok(page),
    };
    if let Some(ended) = visit::ended(&counter, &story, &asked).await? {
        return Ok(ended);
    }
    if let Some(buyer) = counter.buyer(&asked.headers).await? {
        return show(&counter, &story, &buyer, Said::default(), &asked).await;
    }
    let form = LoginForm::default();
    Ok(show_login(&counter, &story, form, &asked))
}

/// The login page of a phone, which has no code beside it.
pub(super) fn show_login(
    counter: &Counter,
    story: &VisitStory,
    form: LoginForm,
    asked: &Asked,
) -> Response {
    let lang = asked.lang;
    let token = counter.token(&asked.headers, None);
    let status = form.status();
    let visit_id = story.visit.visit_id.clone();
    let action = format!("/cashier/{visit_id}/login");
    let page = PhoneLoginPage {
        lang,
        visit_id,
        bill: Bill::of(story, lang),
        login: form.ready(counter, action, token.value),
    };
    Counter::shell(
        lang,
        &asked.uri,
        lang.pick("登录支付宝", "Log in to Alipay"),
    )
    .status(status)
    .cookie(token.set_cookie)
    .page(&page)
}

/// What is shown again after a try.
#[derive(Default)]
struct Said {
    problem: Option<String>,
    /// The buyer wants to sign nothing.
    declines: bool,
}

async fn show(
    counter: &Counter,
    story: &VisitStory,
    buyer: &Buyer,
    said: Said,
    asked: &Asked,
) -> Result<Response, Problem> {
    let lang = asked.lang;
    let cx = counter.cx();
    let balance = balance(cx, &buyer.account.user_id).await?;
    let channels = &story.trade.offer.channels;
    let takes = Takes {
        balance: channels.allow(FundChannel::Balance.as_str()),
        cards: channels.allow(FundChannel::BankCard.as_str()),
    };
    let cards = if takes.cards {
        card_choices(counter, buyer, lang).await?
    } else {
        Vec::new()
    };
    let token = counter.token(&asked.headers, Some(buyer));
    let status = if said.problem.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    // The account as it stood before this request: a try that locked it has said so itself.
    let lock = buyer.account.pay_tries.may_try(cx.now()).err();
    let problem = said
        .problem
        .or_else(|| lock.map(|denied| denied_text(lang, denied)));
    let page = PayPage {
        lang,
        visit_id: story.visit.visit_id.clone(),
        bill: Bill::of(story, lang),
        logon_id: buyer.account.logon_id.to_string(),
        balance: grouped(balance),
        enough: balance >= story.trade.offer.total_amount,
        cards,
        takes,
        locked: lock.is_some(),
        ticked: tick(said.declines),
        problem,
        csrf_token: token.value,
        demo: cx.parts().demo,
    };
    Ok(
        Counter::shell(lang, &asked.uri, lang.pick("确认付款", "Confirm payment"))
            .status(status)
            .script(watch::SCRIPT_HREF)
            .cookie(token.set_cookie)
            .page(&page),
    )
}

async fn card_choices(
    counter: &Counter,
    buyer: &Buyer,
    lang: Lang,
) -> Result<Vec<CardChoice>, Problem> {
    let held = cards::of_user(counter.cx(), &buyer.account.user_id).await?;
    let choice = |held: &cards::Held| {
        let (zh, en) = held.card.bank.names();
        let tail = held.card.card_no.tail();
        CardChoice {
            number: held.card.card_no.to_string(),
            name: format!("{} ··· {tail}", lang.pick(zh, en)),
            balance: grouped(held.balance),
        }
    };
    Ok(held.iter().map(choice).collect())
}

/// What is sent.
#[derive(Deserialize)]
pub(super) struct PayFields {
    csrf_token: String,
    pay_password: String,
    /// A card's number; the balance when it is missing.
    card_no: Option<String>,
    /// Ticked: the buyer also signs what the page shows.
    sign: Option<String>,
}

/// Pays, or says why not. Sent twice, it pays once.
pub(super) async fn submit(
    State(counter): State<Counter>,
    Path(visit_id): Path<String>,
    asked: Asked,
    FormBody(fields): FormBody<PayFields>,
) -> Result<Response, Problem> {
    let lang = asked.lang;
    let buyer = counter.buyer(&asked.headers).await?;
    counter.check(&asked.headers, buyer.as_ref(), &fields.csrf_token)?;
    let story = match visit::find(&counter, &visit_id, &asked).await? {
        Ok(story) => story,
        Err(page) => return Ok(page),
    };
    let Some(buyer) = buyer else {
        let form = LoginForm::default();
        return Ok(show_login(&counter, &story, form, &asked));
    };
    if is_paid_by(&story, &buyer) {
        return Ok(done(&visit_id));
    }
    if let Some(ended) = visit::ended(&counter, &story, &asked).await? {
        return Ok(ended);
    }
    let signs = ticked(fields.sign.as_ref());
    let tried = try_to_pay(&counter, &story, &buyer, fields, lang).await?;
    let Some(problem) = tried else {
        return Ok(done(&visit_id));
    };
    // Another page may have paid, or the trade may have ended, while the password was looked at.
    let story = match visit::find(&counter, &visit_id, &asked).await? {
        Ok(story) => story,
        Err(page) => return Ok(page),
    };
    if is_paid_by(&story, &buyer) {
        return Ok(done(&visit_id));
    }
    if let Some(ended) = visit::ended(&counter, &story, &asked).await? {
        return Ok(ended);
    }
    let buyer = counter.buyer(&asked.headers).await?.unwrap_or(buyer);
    let said = Said {
        problem: Some(problem),
        declines: !signs,
    };
    show(&counter, &story, &buyer, said, &asked).await
}

/// How the box of what is signed with the payment is shown.
pub(super) const fn tick(declines: bool) -> &'static str {
    if declines { "" } else { " checked" }
}

/// Whether the box of what is signed with the payment is ticked.
pub(super) fn ticked(sign: Option<&String>) -> bool {
    sign.is_some_and(|sign| sign == "yes")
}

/// What is wrong, or nothing when it is paid now.
async fn try_to_pay(
    counter: &Counter,
    story: &VisitStory,
    buyer: &Buyer,
    fields: PayFields,
    lang: Lang,
) -> Result<Option<String>, Problem> {
    let (pay_password, signs) = (fields.pay_password, ticked(fields.sign.as_ref()));
    if !is_pay_password(&pay_password) {
        let text = lang.pick(
            "支付密码是六位数字。",
            "The payment password is six digits.",
        );
        return Ok(Some(text.to_owned()));
    }
    if let Some(card_no) = fields.card_no.filter(|card_no| !card_no.is_empty()) {
        let pay = PayByCard {
            trade_id: story.trade.trade_id.clone(),
            card_no,
            proof: Proof::Password(pay_password),
            shown: story.visit.shown.clone(),
            signs,
        };
        return match pay_by_card(counter.cx(), &buyer.account, pay).await {
            Ok(_) => Ok(None),
            Err(error) => card_problem(error, lang).map(Some),
        };
    }
    let pay = PayTrade {
        trade_id: story.trade.trade_id.clone(),
        user_id: buyer.account.user_id.clone(),
        pay_password: Some(pay_password),
        fund_channel: FundChannel::Balance,
        shown: Some(story.visit.shown.clone()),
        signs,
    };
    let problem = match pay_trade(counter.cx(), pay).await {
        Ok(_) => return Ok(None),
        Err(PayTradeError::Store(error)) => return Err(error.into()),
        Err(PayTradeError::Changed) => visit::changed_words(lang).2.to_owned(),
        Err(PayTradeError::Refused(_) | PayTradeError::BalanceOnly) => lang
            .pick("这笔交易现在不能付款。", "This payment cannot be made now.")
            .to_owned(),
        Err(PayTradeError::Channel(_)) => lang
            .pick(
                "商家没有为这笔订单开放余额付款。",
                "The merchant does not take the balance for this order.",
            )
            .to_owned(),
        Err(PayTradeError::NoSuchBuyer) => lang
            .pick("这个账号已不存在。", "This account no longer exists.")
            .to_owned(),
        Err(PayTradeError::Password(denied)) => denied_text(lang, denied),
        Err(PayTradeError::BalanceNotEnough { balance }) => not_enough(lang, balance),
        Err(PayTradeError::DayLimit { left }) => day_limit(lang, left),
    };
    Ok(Some(problem))
}

/// Why a card did not pay, in words.
pub(super) fn card_problem(error: PayByCardError, lang: Lang) -> Result<String, Problem> {
    Ok(match error {
        PayByCardError::Store(error) => return Err(error.into()),
        PayByCardError::Refused(_) | PayByCardError::Barred => lang
            .pick(
                "这笔交易现在不能这样付款。",
                "This payment cannot be made like this now.",
            )
            .to_owned(),
        PayByCardError::Password(denied) => denied_text(lang, denied),
        PayByCardError::Card(refusal) => words::card_words(refusal, lang),
        PayByCardError::Code(refusal) => words::code_refused(lang, refusal),
    })
}

fn day_limit(lang: Lang, left: Fen) -> String {
    match lang {
        Lang::Zh => format!("超过您设置的每日限额，今天还可以用 {left} 元。没有扣款。"),
        Lang::En => {
            format!("Over your daily limit; {left} yuan are left today. Nothing was charged.")
        }
    }
}

pub(super) fn is_paid_by(story: &VisitStory, buyer: &Buyer) -> bool {
    story
        .trade
        .payment()
        .is_some_and(|payment| payment.buyer_user_id == buyer.account.user_id)
}

pub(super) fn done(visit_id: &str) -> Response {
    Redirect::to(&format!("/cashier/{visit_id}/done")).into_response()
}

pub(crate) fn denied_text(lang: Lang, denied: Denied) -> String {
    match (lang, denied) {
        (Lang::Zh, Denied::Wrong { left }) => format!("支付密码不对，还可以试 {left} 次。"),
        (Lang::En, Denied::Wrong { left: 1 }) => {
            "The payment password is wrong; one try is left.".to_owned()
        }
        (Lang::En, Denied::Wrong { left }) => {
            format!("The payment password is wrong; {left} tries are left.")
        }
        (lang, Denied::Locked { until }) => locked(lang, until),
    }
}

fn not_enough(lang: Lang, balance: Fen) -> String {
    match lang {
        Lang::Zh => format!("余额不足：账户余额 {balance} 元。没有扣款。"),
        Lang::En => format!("The balance of {balance} yuan is too small. Nothing was charged."),
    }
}
