//! What a browser sees when a link is wrong: Alipay answers 200 and a GBK page, not JSON.

use super::errors::Fault;
use crate::notices::form::fitting;
use alipay::Charset;
use askama::Template;
use service::i18n::Lang;

#[derive(Template)]
#[template(path = "gateway_error.html")]
struct ErrorPage<'a> {
    code: &'a str,
    reason: &'a str,
    explain: Option<&'a str>,
    trace_id: &'a str,
}

/// The page in GBK. The code stands there without its `isv.`, as Alipay shows it.
pub(super) fn error_page(fault: &Fault, trace_id: &str, lang: Lang) -> Vec<u8> {
    let sub_code = fault.what.sub_code;
    let page = ErrorPage {
        code: sub_code.strip_prefix("isv.").unwrap_or(sub_code),
        reason: &fault.sub_msg,
        explain: fault.explain.text(lang),
        trace_id,
    };
    // Rendering into a text cannot fail but by a template that formats wrongly.
    let text = page.render().unwrap_or_else(|_| fault.sub_msg.clone());
    let text = fitting(&text, Charset::Gbk);
    Charset::Gbk
        .encode(&text)
        .map(std::borrow::Cow::into_owned)
        .unwrap_or_default()
}
