//! Links and order strings that are opened without a browser.

use super::methods::{Landing, Method, Run};
use super::params::{self, Raw};
use super::perform::Outcome;
use super::serve::{Incoming, handle, named_method};
use super::write::write;
use crate::context::Context;
use bytes::Bytes;
use serde_json::Value;
use service::i18n::Lang;

/// What became of a link that was opened without a browser.
#[derive(Clone, Debug)]
pub enum Opened {
    /// A page, as a browser or wallet would see it.
    Landing(Landing),
    /// The page says why not.
    Refused {
        /// Alipay's code.
        sub_code: String,
        /// Alipay's words.
        sub_msg: String,
        /// In words what to change.
        explain: Option<String>,
    },
    /// The text is neither a page's link nor an order string.
    NotALink,
}

/// The signed link in an address that opens the wallet: `alipays://…?sign_params=…`, as an app
/// writes it. None for any other text.
pub fn link_for_wallet(text: &str) -> Option<String> {
    let address = url::Url::parse(text.trim()).ok()?;
    if !matches!(address.scheme(), "alipays" | "alipay") {
        return None;
    }
    let found = address
        .query_pairs()
        .find(|(name, _)| name == "sign_params");
    found.map(|(_, value)| value.into_owned())
}

/// The merchant's number in a link, read leniently: whoever opens it learns what is wrong with it.
pub fn link_number(query: &str) -> Option<String> {
    let raw = Raw {
        query,
        content_type: "",
        body: &[],
    };
    let read = params::read(raw, None).ok()?;
    let biz: Value = serde_json::from_str(read.params.non_empty("biz_content")?).ok()?;
    biz.get("out_trade_no")?.as_str().map(str::to_owned)
}

/// Opens a signed link or order string exactly as a browser or wallet would, by its query.
pub async fn open_link(cx: &Context, query: &str, lang: Lang) -> Opened {
    let incoming = Incoming {
        http_method: "GET",
        query: query.to_owned(),
        content_type: String::new(),
        body: Bytes::new(),
        parts: None,
        lang,
        by_wallet: true,
    };
    let method = named_method(&incoming).as_deref().and_then(Method::parse);
    if !method.is_some_and(|method| !matches!(method.run, Run::Answer(_))) {
        return Opened::NotALink;
    }
    let handled = handle(cx, &incoming).await;
    let opened = match &handled.outcome {
        Outcome::Landing(landing, _) => Opened::Landing(landing.clone()),
        Outcome::Node(..) => Opened::NotALink,
        Outcome::Fault(fault) => Opened::Refused {
            sub_code: fault.what.sub_code.to_owned(),
            sub_msg: fault.sub_msg.clone(),
            explain: fault.explain.text(lang).map(str::to_owned),
        },
    };
    let _ = write(cx, &incoming, handled);
    opened
}
