//! The wallet's accounts with what they hold.

use super::desk::{Place, shell};
use super::overview::AccountLine;
use crate::app::accounts::list_after;
use crate::cashier::grouped;
use crate::context::Context;
use axum::extract::{OriginalUri, Query, State};
use axum::response::Response;
use serde::Deserialize;
use service::i18n::Lang;
use service::problem::Problem;

/// Accounts on a page.
const PAGE: usize = 20;

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
    let most = i64::try_from(PAGE).unwrap_or(i64::MAX).saturating_add(1);
    let mut found = list_after(&cx, &query.after, most).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|(account, _)| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("after", account.logon_id.as_str());
        format!("/accounts?{}", query.finish())
    });
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
