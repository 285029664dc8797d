//! Why a signature does not hold, by the SDK's sign doctor, in both languages.

use super::explain::Explain;
use super::params::Read;
use alipay::explain::{Cause, Keys, explain};
use alipay::form;
use alipay::keys::PublicKey;
use alipay::{Charset, Params};

/// The longest text that is examined: thousands of texts are tried, each as long as this one.
const MOST_BYTES: usize = 32 * 1024;

/// What the doctor found.
#[derive(Debug)]
pub(super) struct Diagnosis {
    pub(super) explain: Explain,
    /// The digest is another than `sign_type` names.
    pub(super) other_digest: bool,
}

/// Examines a call whose signature does not hold.
pub(super) async fn diagnose(read: &Read, app: &PublicKey, alipay: &PublicKey) -> Diagnosis {
    if let Some(simple) = at_a_glance(read) {
        return simple;
    }
    let Some(text) = text(&read.params) else {
        return plain();
    };
    let (app, alipay) = (app.clone(), alipay.clone());
    // Arithmetic on big numbers, and many digests: not for the threads that serve.
    let examined = tokio::task::spawn_blocking(move || {
        let keys = Keys {
            app: Some(&app),
            alipay: Some(&alipay),
        };
        explain(&text, keys).causes
    });
    let Ok(causes) = examined.await else {
        return plain();
    };
    let other_digest = causes.contains(&Cause::SignTypeDiffers);
    let mut found = Explain::default();
    for cause in &causes {
        let zh = format!("{}。", cause.fix_in_chinese());
        found.and(&zh, &capitalised(&cause.fix()));
    }
    if causes.is_empty() || causes == [Cause::ContentChanged] {
        let and = plain().explain;
        found.and(&and.zh, &and.en);
    }
    if !read.charset_named {
        found.and(
            "另外：URL 里没有 charset，网关按 GBK 读取参数；请把 charset=utf-8 放到 URL 的查询串里。",
            "Besides: the URL names no charset, so the gateway read GBK; put charset=utf-8 into the URL's query.",
        );
    }
    Diagnosis {
        explain: found,
        other_digest,
    }
}

/// What needs no arithmetic.
fn at_a_glance(read: &Read) -> Option<Diagnosis> {
    let sign = read.params.non_empty("sign")?;
    if !sign.contains(' ') {
        return None;
    }
    Some(Diagnosis {
        explain: Explain::new(
            format!("{}。", Cause::PlusBecameSpace.fix_in_chinese()),
            capitalised(&Cause::PlusBecameSpace.fix()),
        ),
        other_digest: false,
    })
}

/// The parameters as the doctor reads them: a query in the charset that they name.
fn text(params: &Params) -> Option<String> {
    let text = form::encode(params, Charset::Utf8).ok()?;
    (text.len() <= MOST_BYTES).then_some(text)
}

fn plain() -> Diagnosis {
    Diagnosis {
        explain: Explain::new(
            "签名与参数或应用公钥不符。逐字比较网关的验签字符串与你签名的字符串；若完全相同，则私钥不是这个应用的（app_private_key 见 sandbox.json）。",
            "The signature does not fit these parameters and this application's public key. Compare the gateway's text with yours, letter by letter; when they are the same, the private key is another application's (sandbox.json names the right one).",
        ),
        other_digest: false,
    }
}

/// As a sentence; the name of a parameter stays as it is written.
fn capitalised(text: &str) -> String {
    let first = text.split(' ').next().unwrap_or_default();
    if first.contains('_') {
        return format!("{text}.");
    }
    let mut letters = text.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    format!("{first}{}.", letters.as_str())
}
