//! The wallet's accounts with what they hold.

use super::desk::{Place, narrowed, shell};
use super::overview::AccountLine;
use crate::app::accounts::list_after;
use crate::cashier::grouped;
use crate::context::Context;
use crate::control::cut;
use axum::extract::{OriginalUri, Query, State};
use axum::response::Response;
use serde::Deserialize;
use service::i18n::Lang;
use service::problem::Problem;

/// Accounts on a page.
const PAGE: i64 = 20;

#[derive(askama::Template)]
#[template(path = "home/accounts.html")]
struct AccountsPage {
    lang: Lang,
    accounts: Vec<AccountLine>,
    demo: bool,
    first_page: bool,
    next: Option<String>,
}

/// Which accounts.
#[derive(Deserialize)]
pub(super) struct AccountsQuery {
    #[serde(default)]
    after: String,
}

/// A page of accounts.
pub(super) async fn page(
    State(cx): State<Context>,
    Query(query): Query<AccountsQuery>,
    lang: Lang,
    OriginalUri(uri): OriginalUri,
) -> Result<Response, Problem> {
    let found = list_after(&cx, &query.after, PAGE + 1).await?;
    let (found, last) = cut(found, PAGE, |(account, _)| account.logon_id.to_string());
    let next = last.map(|last| narrowed("/accounts", &[("after", &last)]));
    let page = AccountsPage {
        lang,
        demo: cx.parts().demo,
        first_page: query.after.is_empty(),
        next,
        accounts: found
            .into_iter()
            .map(|(account, balance)| AccountLine {
                logon_id: account.logon_id.to_string(),
                user_id: account.user_id,
                balance: grouped(balance),
            })
            .collect(),
    };
    let title = lang.pick("账户", "Accounts");
    Ok(shell(lang, &uri, Place::Accounts, title).page(&page))
}
