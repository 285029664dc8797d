//! `/gateway.do`: reads a call, runs its method, writes the answer, keeps the exchange.

use super::answer::{self, Signer};
use super::authenticate;
use super::biz::Biz;
use super::errors::Fault;
use super::errors::gateway::{INVALID_METHOD, MISSING_METHOD, UNKNOWN_ERROR};
use super::explain::Explain;
use super::methods::{Call, Landing, Method, Run};
use super::multipart;
use super::page::error_page;
use super::params::{self, Raw, Read};
use crate::context::{Caller, Context};
use crate::exchanges::Exchange;
use crate::faults::What;
use alipay::Charset;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderValue, StatusCode, header};
use serde_json::{Map, Value};
use service::i18n::Lang;
use std::sync::Arc;

/// How large a call may be, bytes.
const MOST_BYTES: usize = 1024 * 1024;

/// A call with its body read.
struct Incoming {
    http_method: &'static str,
    query: String,
    content_type: String,
    body: Bytes,
    /// The parameters in a body of several parts, as a form would hold them.
    parts: Option<Bytes>,
    lang: Lang,
    /// A wallet opens it, not a browser or a server.
    by_wallet: bool,
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

enum Outcome {
    Node(Map<String, Value>, Explain),
    Landing(Landing, Explain),
    Fault(Fault),
}

/// What became of a call, and how its answer is to be written.
struct Handled {
    method: Option<&'static Method>,
    method_name: Option<String>,
    charset: Charset,
    /// Only a caller that is known gets a signature.
    signer: Option<Arc<Caller>>,
    read: Option<Read>,
    signed_text: Option<String>,
    /// The order that the call is about, when it could be read.
    out_trade_no: Option<String>,
    /// What the fault dial does to the answer.
    struck: Option<What>,
    outcome: Outcome,
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

async fn handle(cx: &Context, incoming: &Incoming) -> Handled {
    let mut handled = Handled {
        method: None,
        method_name: named_method(incoming),
        charset: Charset::Gbk,
        signer: None,
        read: None,
        signed_text: None,
        out_trade_no: None,
        struck: None,
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
fn named_method(incoming: &Incoming) -> Option<String> {
    let find = |form: &[u8]| {
        form_urlencoded::parse(form)
            .find(|(name, value)| name == "method" && !value.is_empty())
            .map(|(_, value)| value.into_owned())
    };
    let named = find(incoming.query.as_bytes()).or_else(|| find(incoming.raw().body))?;
    let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'.' || b == b'_';
    (named.len() <= 128 && named.bytes().all(plain)).then_some(named)
}

async fn run(cx: &Context, incoming: &Incoming, handled: &mut Handled) -> Result<Outcome, Fault> {
    if let Ok((charset, _, _)) = params::charset_of(&incoming.query) {
        handled.charset = charset;
    }
    let read = params::read(incoming.raw())?;
    let read = handled.read.insert(read);
    let Some(name) = read.params.non_empty("method") else {
        return Err(Fault::new(
            MISSING_METHOD,
            "请求缺少 method，例如 alipay.trade.query。",
            "The call has no method, such as alipay.trade.query.",
        ));
    };
    let Some(method) = Method::parse(name) else {
        return Err(no_such_method());
    };
    let caller = authenticate::caller(cx, &read.params).await?;
    match authenticate::verify(read, &caller) {
        Ok(text) => handled.signed_text = Some(text),
        Err(fault) => {
            // Alipay signs the answer that tells of a wrong signature, and none before it.
            if fault.signed_text.is_some() {
                handled.signer = Some(caller);
            }
            return Err(fault);
        }
    }
    handled.signer = Some(Arc::clone(&caller));
    authenticate::check_verified(&read.params)?;
    handled.struck = cx.faults().of_call(name, &caller.app.app_id);
    if handled.struck == Some(What::UnavailableInGbk) {
        handled.charset = Charset::Gbk;
    }
    refuse_struck(handled.struck)?;
    let biz = Biz::read(&read.params, method.fields, caller.app.profile)?;
    handled.out_trade_no = biz.text("out_trade_no", 64).ok().flatten();
    let call = Call {
        cx,
        caller: &caller,
        read,
        biz,
    };
    match method.run {
        Run::Answer(run) => {
            let (node, explain) = run(call).await?;
            Ok(Outcome::Node(node, explain))
        }
        Run::OrderString(_) if !incoming.by_wallet => Err(only_for_a_wallet()),
        Run::Page(run) | Run::OrderString(run) => {
            let (landing, explain) = run(call).await?;
            Ok(Outcome::Landing(landing, explain))
        }
    }
}

fn no_such_method() -> Fault {
    let names: Vec<&str> = Method::all().map(|method| method.name).collect();
    let names = names.join(", ");
    Fault::new(
        INVALID_METHOD,
        format!("这个沙箱没有该接口。支持：{names}。"),
        format!("This sandbox has no such method. It has {names}."),
    )
}

fn only_for_a_wallet() -> Fault {
    Fault::new(
        INVALID_METHOD,
        "这个接口没有服务端调用：把签名后的订单串交给客户端，由钱包打开（沙箱里可在钱包的扫一扫里粘贴，或用控制接口 POST trades/{out_trade_no}/pay 的 url 传入）。",
        "This method is not called from a server: hand the signed order string to the app, whose wallet opens it (here: paste it into the wallet's scan box, or send it as `url` to POST trades/{out_trade_no}/pay of the control API).",
    )
}

/// An answer before it is sent.
struct Written {
    trace_id: String,
    status: StatusCode,
    content_type: &'static str,
    body: Bytes,
    location: Option<String>,
    code: String,
    explain: Option<String>,
}

fn write(cx: &Context, incoming: &Incoming, handled: Handled) -> Response {
    let written = put_down(cx, incoming, &handled);
    let body = if handled.struck == Some(What::AnswerLost) {
        cut_off()
    } else {
        Body::from(written.body.clone())
    };
    let mut response = (written.status, body).into_response();
    let headers = response.headers_mut();
    let content_type = HeaderValue::from_static(written.content_type);
    headers.insert(header::CONTENT_TYPE, content_type);
    let mut set = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(http::HeaderName::from_static(name), value);
        }
    };
    set("trace_id", &written.trace_id);
    if let Some(explain) = &written.explain {
        let encoded = percent_encoding::utf8_percent_encode(explain, EXPLAIN_ESCAPED);
        set("x-sandbox-explain", &encoded.to_string());
    }
    if let Some(location) = &written.location {
        set("location", location);
    }
    keep(cx, incoming, handled, written);
    response
}

fn put_down(cx: &Context, incoming: &Incoming, handled: &Handled) -> Written {
    let trace_id = kernel::uuid_v7_hex(cx.clock(), cx.rng());
    let is_page = handled.method.is_some_and(Method::is_page);
    let (code, explain) = match &handled.outcome {
        Outcome::Landing(_, explain) => ("10000", explain),
        Outcome::Node(fields, explain) => {
            let own = fields.get("code").and_then(Value::as_str);
            (own.unwrap_or("10000"), explain)
        }
        Outcome::Fault(fault) => (fault.what.sub_code, &fault.explain),
    };
    let body = match &handled.outcome {
        Outcome::Landing(..) => Vec::new(),
        Outcome::Fault(fault) if is_page => error_page(fault, &trace_id, incoming.lang),
        Outcome::Fault(fault) => json(handled, &answer::failure(fault)),
        Outcome::Node(fields, _) if handled.method.is_some_and(|method| !method.coded) => {
            json(handled, &Value::Object(fields.clone()))
        }
        Outcome::Node(fields, _) => json(handled, &answer::success(fields.clone())),
    };
    let (status, location) = match &handled.outcome {
        Outcome::Landing(landing, _) => (StatusCode::FOUND, Some(landing.path())),
        Outcome::Node(..) | Outcome::Fault(_) => (StatusCode::OK, None),
    };
    let content_type = match handled.charset {
        Charset::Utf8 if !is_page => "text/html;charset=utf-8",
        Charset::Utf8 | Charset::Gbk => "text/html;charset=GBK",
    };
    Written {
        trace_id,
        status,
        content_type,
        body: body.into(),
        location,
        code: code.to_owned(),
        explain: explain.text(incoming.lang).map(str::to_owned),
    }
}

/// A body that breaks off: what was asked is done, and nobody hears of it.
fn cut_off() -> Body {
    let broken = std::io::Error::other("cut off by the fault dial");
    Body::from_stream(futures::stream::iter([Err::<Bytes, _>(broken)]))
}

/// A call that the fault dial lets fail, after its signature was checked.
fn refuse_struck(struck: Option<What>) -> Result<(), Fault> {
    if !matches!(struck, Some(What::Unavailable | What::UnavailableInGbk)) {
        return Ok(());
    }
    Err(Fault::new(
        UNKNOWN_ERROR,
        "沙箱的故障开关（faults）让这次调用失败，什么都没有执行。",
        "The sandbox's fault dial let this call fail; nothing was done.",
    ))
}

fn json(handled: &Handled, node: &Value) -> Vec<u8> {
    let node_name = match &handled.method_name {
        Some(name) => alipay::response::node_name(name),
        None => "error_response".to_owned(),
    };
    let signer = handled.signer.as_deref().map(|caller| Signer {
        caller,
        wrongly: handled.struck == Some(What::WrongSignature),
    });
    answer::write(&node_name, node, signer, handled.charset)
}

/// Everything but what stands in a header as it is.
const EXPLAIN_ESCAPED: &percent_encoding::AsciiSet = &percent_encoding::NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~');

fn keep(cx: &Context, incoming: &Incoming, handled: Handled, written: Written) {
    let params: Vec<(String, String)> = handled.read.as_ref().map_or_else(Vec::new, |read| {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        read.params.iter().map(owned).collect()
    });
    let param = |wanted: &str| {
        let found = params.iter().find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.clone())
    };
    cx.exchanges().keep(Exchange {
        trace_id: written.trace_id,
        at: cx.now(),
        http_method: incoming.http_method.to_owned(),
        query: incoming.query.clone(),
        content_type: incoming.content_type.clone(),
        body: incoming.body.clone(),
        app_id: param("app_id"),
        method: param("method"),
        out_trade_no: handled.out_trade_no,
        signed_text: handled.signed_text,
        params,
        answer: written.body,
        status: written.status.as_u16(),
        code: written.code,
        explain: written.explain,
    });
}

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

/// The merchant's number in a link, read leniently: whoever opens it learns what is wrong with it.
pub fn link_number(query: &str) -> Option<String> {
    let raw = Raw {
        query,
        content_type: "",
        body: &[],
    };
    let read = params::read(raw).ok()?;
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
