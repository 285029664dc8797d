//! The wallet's one page: who, how much, and what went in and out; or the login to it.

use super::frame::shell;
use crate::app::accounts::{balance, movements};
use crate::app::find_trade::list_apps;
use crate::app::preauth::find_freeze;
use crate::app::wallet::claim::waiting_for;
use crate::cashier::{
    Asked, Buyer, Counter, LeaveFields, LoginFields, LoginForm, grouped, opened, seller_name,
};
use crate::control::cut;
use crate::domain::App;
use crate::domain::app::seller_account;
use axum::extract::{Query, State};
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Redirect, Response};
use ledger::{Entry, Side};
use serde::Deserialize;
use service::form_body::FormBody;
use service::i18n::Lang;
use service::problem::Problem;

/// Bills on a page.
const PAGE: i64 = 20;

#[derive(askama::Template)]
#[template(path = "wallet/login.html")]
struct LoginPage {
    lang: Lang,
    login: LoginForm,
}

#[derive(askama::Template)]
#[template(path = "wallet/overview.html")]
struct OverviewPage {
    lang: Lang,
    logon_id: String,
    balance: String,
    scan_problem: Option<String>,
    scan_typed: String,
    gifts: Vec<GiftCard>,
    holds: Vec<HoldCard>,
    bills: Vec<BillLine>,
    first_page: bool,
    older: Option<String>,
    csrf_token: String,
}

/// Something to take.
struct GiftCard {
    id: String,
    amount: String,
    message: String,
}

/// Money that a seller wants to be held.
struct HoldCard {
    code: String,
    amount: String,
    title: String,
}

/// A movement of the account, as its owner reads it.
struct BillLine {
    what: String,
    with: String,
    at: String,
    amount: String,
    comes_in: bool,
    balance: String,
}

/// Which bills.
#[derive(Deserialize)]
pub(super) struct BillQuery {
    before: Option<String>,
}

/// The wallet, or its login.
pub(super) async fn page(
    State(counter): State<Counter>,
    Query(query): Query<BillQuery>,
    asked: Asked,
) -> Result<Response, Problem> {
    match counter.buyer(&asked.headers).await? {
        None => Ok(show_login(&counter, LoginForm::default(), &asked)),
        Some(buyer) => {
            let showing = Showing {
                // A cursor that is none shows the newest.
                before: query.before.and_then(|seq| seq.parse().ok()),
                ..Showing::default()
            };
            show(&counter, &buyer, showing, &asked).await
        }
    }
}

/// What the page shows beside the account.
#[derive(Default)]
pub(super) struct Showing {
    /// Bills older than this one.
    pub(super) before: Option<i64>,
    /// What is wrong with the code that was typed.
    pub(super) scan_problem: Option<String>,
    /// What was typed.
    pub(super) scan_typed: String,
}

/// The wallet of a buyer.
pub(super) async fn show(
    counter: &Counter,
    buyer: &Buyer,
    showing: Showing,
    asked: &Asked,
) -> Result<Response, Problem> {
    let lang = asked.lang;
    let cx = counter.cx();
    let user_id = &buyer.account.user_id;
    let entries = movements(cx, user_id, showing.before, PAGE + 1).await?;
    let (entries, last) = cut(entries, PAGE, |entry| entry.seq.to_string());
    let apps = list_apps(cx).await?;
    let gifts = waiting_for(cx, &buyer.account).await?;
    let holds = find_freeze::waiting_for(cx, user_id).await?;
    let token = counter.token(&asked.headers, Some(buyer));
    let status = if showing.scan_problem.is_some() {
        StatusCode::UNPROCESSABLE_ENTITY
    } else {
        StatusCode::OK
    };
    let page = OverviewPage {
        lang,
        logon_id: buyer.account.logon_id.to_string(),
        balance: grouped(balance(cx, user_id).await?),
        scan_problem: showing.scan_problem,
        scan_typed: showing.scan_typed,
        older: last.map(|last| format!("/wallet?before={last}")),
        gifts: gifts
            .into_iter()
            .map(|gift| GiftCard {
                id: gift.gift_id,
                amount: grouped(gift.amount),
                message: gift.message,
            })
            .collect(),
        holds: holds
            .into_iter()
            .map(|hold| HoldCard {
                code: hold.code,
                amount: grouped(hold.amount),
                title: hold.title,
            })
            .collect(),
        bills: entries
            .iter()
            .map(|entry| line(entry, &apps, lang))
            .collect(),
        first_page: showing.before.is_none(),
        csrf_token: token.value,
    };
    Ok(shell(lang, &asked.uri, lang.pick("我的钱包", "My wallet"))
        .status(status)
        .cookie(token.set_cookie)
        .page(&page))
}

fn line(entry: &Entry, apps: &[App], lang: Lang) -> BillLine {
    let comes_in = entry.side == Side::Credit;
    let seller = apps
        .iter()
        .find(|app| seller_account(&app.app_id) == entry.other_account)
        .map(|app| seller_name(app, lang));
    let (what, with) = match entry.code.as_str() {
        "top_up" => (
            lang.pick("充值", "Top-up").to_owned(),
            lang.pick("银行卡", "Bank card").to_owned(),
        ),
        "withdraw" => (
            lang.pick("提现", "Withdrawal").to_owned(),
            lang.pick("银行卡", "Bank card").to_owned(),
        ),
        "give" | "gift" => (lang.pick("转账", "Transfer").to_owned(), entry.memo.clone()),
        "refund" => (
            format!("{} · {}", lang.pick("退款", "Refund"), entry.memo),
            seller.unwrap_or_default(),
        ),
        _ => (entry.memo.clone(), seller.unwrap_or_default()),
    };
    let sign = if comes_in { "+" } else { "−" };
    BillLine {
        what,
        with,
        // Seconds would only fill the line of a phone.
        at: entry.at.china().get(..16).unwrap_or_default().to_owned(),
        amount: format!("{sign}{}", grouped(entry.amount)),
        comes_in,
        balance: grouped(entry.credit_balance),
    }
}

fn show_login(counter: &Counter, form: LoginForm, asked: &Asked) -> Response {
    let lang = asked.lang;
    let token = counter.token(&asked.headers, None);
    let status = form.status();
    let page = LoginPage {
        lang,
        login: form.ready(counter, "/wallet/login".to_owned(), token.value),
    };
    shell(
        lang,
        &asked.uri,
        lang.pick("登录支付宝", "Log in to Alipay"),
    )
    .status(status)
    .cookie(token.set_cookie)
    .page(&page)
}

/// Opens the wallet, or says what is wrong.
pub(super) async fn log_in(
    State(counter): State<Counter>,
    asked: Asked,
    FormBody(fields): FormBody<LoginFields>,
) -> Result<Response, Problem> {
    let lang = asked.lang;
    let before = counter.buyer(&asked.headers).await?;
    counter.check(&asked.headers, before.as_ref(), &fields.csrf_token)?;
    match opened(&counter, fields, lang).await? {
        Ok(cookie) => Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/wallet")).into_response()),
        Err(form) => Ok(show_login(&counter, form, &asked)),
    }
}

/// Closes the wallet in this browser.
pub(super) async fn log_out(
    State(counter): State<Counter>,
    asked: Asked,
    FormBody(fields): FormBody<LeaveFields>,
) -> Result<Response, Problem> {
    let buyer = counter.buyer(&asked.headers).await?;
    counter.check(&asked.headers, buyer.as_ref(), &fields.csrf_token)?;
    let cookie = counter.sessions().end(&asked.headers).await?;
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/wallet")).into_response())
}
