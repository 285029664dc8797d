//! `/gateway.do`: reads a call, runs its method, writes the answer, keeps the exchange.

use super::errors::Fault;
use super::errors::gateway::MISSING_METHOD;
use super::explain::Explain;
use super::methods::Method;
use super::params::{self, Raw, Read};
use super::perform::{self, Course, Outcome, Verified};
use super::struck::is_struck;
use super::write::write;
use super::{acting, authenticate, encryption, multipart};
use crate::context::{Caller, Context};
use crate::faults::What;
use alipay::Charset;
use alipay::sign::SignType;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::header;
use serde_json::Map;
use service::i18n::Lang;
use std::sync::Arc;

/// How large a call may be, bytes.
pub(crate) const MOST_BYTES: usize = 1024 * 1024;

/// A call with its body read.
pub(super) struct Incoming {
    pub(super) http_method: &'static str,
    pub(super) query: String,
    pub(super) content_type: String,
    pub(super) body: Bytes,
    /// The parameters in a body of several parts, as a form would hold them.
    pub(super) parts: Option<Bytes>,
    pub(super) lang: Lang,
    /// A wallet opens it, not a browser or a server.
    pub(super) by_wallet: bool,
}

impl Incoming {
    /// The parameters beside the URL's.
    fn raw(&self) -> Raw<'_> {
        let (content_type, body) = match &self.parts {
            Some(form) => ("", form),
            None => (self.content_type.as_str(), &self.body),
        };
        Raw {
            query: &self.query,
            content_type,
            body,
        }
    }
}

/// Who is answered, and how.
pub(super) struct Signer {
    pub(super) caller: Arc<Caller>,
    /// As the call was signed, so is the answer.
    pub(super) sign_type: SignType,
    /// The answer names the certificate that vouches for it.
    pub(super) by_cert: bool,
    /// The content of the answer is encrypted.
    pub(super) encrypted: bool,
}

/// What became of a call, and how its answer is to be written.
pub(super) struct Handled {
    pub(super) method: Option<&'static Method>,
    pub(super) method_name: Option<String>,
    pub(super) charset: Charset,
    /// Only a caller that is known gets a signature.
    pub(super) signer: Option<Signer>,
    pub(super) read: Option<Read>,
    pub(super) signed_text: Option<String>,
    pub(super) course: Course,
    pub(super) outcome: Outcome,
}

/// `GET /gateway.do`.
pub(crate) async fn get(State(cx): State<Context>, request: Request) -> Response {
    respond(&cx, "GET", request).await
}

/// `POST /gateway.do`.
pub(crate) async fn post(State(cx): State<Context>, request: Request) -> Response {
    respond(&cx, "POST", request).await
}

async fn respond(cx: &Context, http_method: &'static str, request: Request) -> Response {
    let lang = Lang::of(request.uri(), request.headers());
    let query = request.uri().query().unwrap_or_default().to_owned();
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let content_type = content_type.and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default().to_owned();
    let body = match service::limits::read_body_up_to(request, MOST_BYTES).await {
        Ok(body) => body,
        Err(refusal) => return service::Problem::from(refusal).into_response(),
    };
    let parts = multipart::as_form(&content_type, &body).await;
    let incoming = Incoming {
        http_method,
        query,
        content_type,
        body,
        parts,
        lang,
        by_wallet: false,
    };
    let handled = handle(cx, &incoming).await;
    write(cx, &incoming, handled)
}

pub(super) async fn handle(cx: &Context, incoming: &Incoming) -> Handled {
    let mut handled = Handled {
        method: None,
        method_name: named_method(incoming),
        charset: Charset::Gbk,
        signer: None,
        read: None,
        signed_text: None,
        course: Course::default(),
        outcome: Outcome::Node(Map::new(), Explain::default()),
    };
    handled.method = handled.method_name.as_deref().and_then(Method::parse);
    match run(cx, incoming, &mut handled).await {
        Ok(outcome) => handled.outcome = outcome,
        Err(fault) => {
            if fault.signed_text.is_some() {
                handled.signed_text.clone_from(&fault.signed_text);
            }
            handled.outcome = Outcome::Fault(fault);
        }
    }
    handled
}

/// The method that a call names, read leniently: an error goes into its node or onto its page even
/// when the rest cannot be read.
pub(super) fn named_method(incoming: &Incoming) -> Option<String> {
    let named = named(incoming, "method")?;
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'_';
    (named.len() <= 128 && named.bytes().all(plain)).then_some(named)
}

/// A parameter that consists of letters and digits, read before it is known in which charset.
fn named(incoming: &Incoming, wanted: &str) -> Option<String> {
    let query = incoming.query.as_bytes();
    named_in(query, wanted).or_else(|| named_in(incoming.raw().body, wanted))
}

fn named_in(form: &[u8], wanted: &str) -> Option<String> {
    form_urlencoded::parse(form)
        .find(|(name, value)| name == wanted && !value.is_empty())
        .map(|(_, value)| value.into_owned())
}

/// The application that a call names, in its query or its body, read as leniently.
pub(crate) async fn app_in_call(query: &str, content_type: &str, body: &Bytes) -> Option<String> {
    if let Some(app_id) = named_in(query.as_bytes(), "app_id") {
        return Some(app_id);
    }
    let parts = multipart::as_form(content_type, body).await;
    named_in(parts.as_ref().unwrap_or(body), "app_id")
}

/// The charset in the body of an application that is read leniently; the gateway itself does not
/// look there.
async fn lenient_charset(cx: &Context, incoming: &Incoming) -> Result<Option<String>, Fault> {
    let (Some(app_id), Some(charset)) = (named(incoming, "app_id"), named(incoming, "charset"))
    else {
        return Ok(None);
    };
    if params::names_charset(&incoming.query) || !authenticate::is_app_id(&app_id) {
        return Ok(None);
    }
    let caller = cx.caller(&app_id).await?;
    let is_lenient = caller.is_some_and(|caller| caller.app.settings.lenient_charset);
    Ok(is_lenient.then_some(charset))
}

async fn run(cx: &Context, incoming: &Incoming, handled: &mut Handled) -> Result<Outcome, Fault> {
    let lenient = lenient_charset(cx, incoming).await?;
    if let Ok(found) = params::charset_of(incoming.raw(), lenient.as_deref()) {
        handled.charset = found.charset;
    }
    let read = params::read(incoming.raw(), lenient.as_deref())?;
    let read = handled.read.insert(read);
    let Some(name) = read.params.non_empty("method") else {
        return Err(Fault::new(
            MISSING_METHOD,
            "请求缺少 method，例如 alipay.trade.query。",
            "The call has no method, such as alipay.trade.query.",
        ));
    };
    let Some(method) = Method::parse(name) else {
        return Err(perform::no_such_method());
    };
    let caller = authenticate::caller(cx, read.params.non_empty("app_id")).await?;
    let sign_type = authenticate::sign_type(&read.params, &caller)?;
    let now = cx.parts().wall.now();
    let signer = |by_cert| Signer {
        caller: Arc::clone(&caller),
        sign_type,
        by_cert,
        encrypted: false,
    };
    let verified = authenticate::verify(read, &caller, sign_type, now).await;
    let by_cert = match verified {
        Ok((text, by_cert)) => {
            handled.signed_text = Some(text);
            by_cert
        }
        Err(fault) => {
            // Alipay signs the answer that tells of a wrong signature, and none before it.
            if fault.signed_text.is_some() {
                let by_cert = read.params.non_empty("app_cert_sn").is_some();
                handled.signer = Some(signer(by_cert));
            }
            return Err(fault);
        }
    };
    let signer = handled.signer.insert(signer(by_cert));
    authenticate::check_verified(&read.params)?;
    signer.encrypted = decrypt(read, &caller)?;
    let principal = acting::principal(cx, method, &caller, read).await?;
    let call = Verified {
        cx,
        method,
        principal: &principal,
        read,
        by_wallet: incoming.by_wallet,
        by_cert,
        undisturbed: false,
    };
    let performed = perform::perform(call, &mut handled.course).await;
    if is_struck(handled.course.struck, What::UnavailableInGbk) {
        handled.charset = Charset::Gbk;
    }
    performed
}

/// Puts the plain content in the place of an encrypted one; whether there was one.
fn decrypt(read: &mut Read, caller: &Caller) -> Result<bool, Fault> {
    let encrypt_type = read.params.non_empty("encrypt_type");
    let key = encryption::key_of(encrypt_type, caller)?;
    let content = read.params.non_empty("biz_content");
    match (key, content) {
        (Some(key), Some(content)) => {
            let plain = encryption::open(key, content, read.charset)?;
            read.params.set("biz_content", &plain);
            Ok(true)
        }
        (Some(_), None) => Ok(true),
        (None, Some(content)) => {
            encryption::check_forgotten(content, caller)?;
            Ok(false)
        }
        (None, None) => Ok(false),
    }
}
