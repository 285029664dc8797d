//! A code without a camera: its address pasted, its page opened. An app's order string, which a
//! phone would hand to the wallet by itself, is opened here too.

use super::overview::{Showing, show};
use crate::cashier::{Asked, Counter};
use crate::gateway::{Opened, link_for_wallet, open_link};
use crate::worlds::without_world;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;
use service::form_body::FormBody;
use service::problem::Problem;

/// What is sent.
#[derive(Deserialize)]
pub(super) struct ScanFields {
    csrf_token: String,
    address: String,
}

/// Goes to the code's page, or says that it is none.
pub(super) async fn submit(
    State(counter): State<Counter>,
    asked: Asked,
    FormBody(fields): FormBody<ScanFields>,
) -> Result<Response, Problem> {
    let lang = asked.lang;
    let buyer = counter.buyer(&asked.headers).await?;
    counter.check(&asked.headers, buyer.as_ref(), &fields.csrf_token)?;
    let Some(buyer) = buyer else {
        return Ok(Redirect::to("/wallet").into_response());
    };
    if let Some(code) = code_of(&fields.address) {
        return Ok(Redirect::to(&format!("/qr/{code}")).into_response());
    }
    let for_wallet = link_for_wallet(&fields.address);
    let query = for_wallet
        .as_deref()
        .unwrap_or_else(|| query_of(&fields.address));
    let query = without_world(query);
    let problem = match open_link(counter.cx(), &query, lang).await {
        Opened::Landing(landing) => return Ok(Redirect::to(&landing.path()).into_response()),
        Opened::Refused {
            sub_msg, explain, ..
        } => explain.unwrap_or(sub_msg),
        Opened::NotALink => lang
            .pick("这不是付款码的地址。", "This is no payment code's address.")
            .to_owned(),
    };
    let showing = Showing {
        before: None,
        scan_problem: Some(problem),
        scan_typed: fields.address,
    };
    show(&counter, &buyer, showing, &asked).await
}

/// The parameters of a link to the gateway; an order string is nothing but parameters.
fn query_of(text: &str) -> &str {
    let text = text.trim();
    match text.split_once("/gateway.do?") {
        Some((_, query)) => query,
        None => text,
    }
}

/// The code in an address of ours, whichever of our names the address was made with; or a code
/// alone.
fn code_of(address: &str) -> Option<&str> {
    let address = address.trim();
    let path = match address.split_once("://") {
        Some((_, rest)) => rest.split_once('/')?.1,
        None => address.trim_start_matches('/'),
    };
    // Below the prefix of a world, perhaps: whose code it is shows when it is looked up.
    let path = match path
        .strip_prefix("w/")
        .and_then(|rest| rest.split_once('/'))
    {
        Some((_, inside)) => inside,
        None => path,
    };
    let code = path.strip_prefix("qr/").unwrap_or(path);
    let code = code.split(['?', '#']).next()?;
    let plain = code.len() == 32 && code.bytes().all(|byte| byte.is_ascii_hexdigit());
    plain.then_some(code)
}

#[cfg(test)]
mod tests {
    use super::code_of;

    #[test]
    fn only_a_code_is_opened() {
        let code = "0123456789abcdef0123456789abcdef";
        for address in [
            format!("http://127.0.0.1:8609/qr/{code}"),
            format!("  http://192.168.1.7:8609/qr/{code}?lang=en#x "),
            format!("/qr/{code}"),
            format!("http://127.0.0.1:8609/w/ci-1/qr/{code}"),
            code.to_owned(),
        ] {
            assert_eq!(code_of(&address), Some(code), "{address}");
        }
        for address in [
            "",
            "https://evil.example/",
            "/qr/../wallet",
            "//evil.example",
            "http://127.0.0.1:8609/qr/0123",
        ] {
            assert_eq!(code_of(address), None, "{address}");
        }
    }
}
