//! `/v3/…`: reads a call, runs its method, writes the answer, keeps the exchange.

use super::answer::{self, Handled};
use super::{authenticate, fields};
use crate::context::Context;
use crate::gateway::errors::Fault;
use crate::gateway::errors::gateway::{
    INVALID_ARGUMENT, INVALID_CHARSET, INVALID_CONTENT_TYPE, INVALID_METHOD,
};
use crate::gateway::explain::Explain;
use crate::gateway::methods::{Method, Verb};
use crate::gateway::params::Read;
use crate::gateway::perform::{Course, Outcome, Verified, no_such_method, perform};
use crate::gateway::serve::MOST_BYTES;
use crate::gateway::{acting, encryption, multipart};
use crate::worlds::CameAs;
use alipay::Charset;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use http::{HeaderMap, header};
use serde_json::Map;
use service::i18n::Lang;

/// A call with its body read.
pub(super) struct Incoming {
    pub(super) http_method: http::Method,
    /// The verb that a proxy had to replace.
    pub(super) override_method: Option<String>,
    pub(super) path_and_query: String,
    /// The same with the prefix of a world before it, when it came so.
    pub(super) came_as: Option<String>,
    pub(super) authorization: String,
    pub(super) app_auth_token: Option<String>,
    pub(super) root_cert_sn: Option<String>,
    pub(super) encrypt_type: Option<String>,
    pub(super) content_type: String,
    pub(super) body: Bytes,
    /// The body as the signature covers it: of several parts only `data`.
    pub(super) signed_body: String,
    pub(super) lang: Lang,
}

/// `/v3/…`, whatever the verb.
pub(crate) async fn serve(State(cx): State<Context>, request: Request) -> Response {
    let lang = Lang::of(request.uri(), request.headers());
    let headers = request.headers().clone();
    let http_method = request.method().clone();
    let uri = request.uri().clone();
    let came_as = request.extensions().get::<CameAs>();
    let came_as = came_as.map(|CameAs(path)| path.clone());
    let body = match service::limits::read_body_up_to(request, MOST_BYTES).await {
        Ok(body) => body,
        Err(refusal) => return service::Problem::from(refusal).into_response(),
    };
    let path_and_query = uri.path_and_query().map_or("", |path| path.as_str());
    let mut incoming = Incoming {
        http_method,
        override_method: None,
        path_and_query: path_and_query.to_owned(),
        came_as,
        authorization: String::new(),
        app_auth_token: None,
        root_cert_sn: None,
        encrypt_type: None,
        content_type: String::new(),
        body,
        signed_body: String::new(),
        lang,
    };
    let mut handled = Handled {
        known: None,
        app_id: None,
        method_name: None,
        params: Vec::new(),
        encrypted: false,
        course: Course::default(),
        outcome: Outcome::Node(Map::new(), Explain::default()),
    };
    handled.outcome = match run(&cx, &headers, uri.path(), &mut incoming, &mut handled).await {
        Ok(outcome) => outcome,
        Err(fault) => Outcome::Fault(fault),
    };
    answer::write(&cx, &incoming, handled)
}

async fn run(
    cx: &Context,
    headers: &HeaderMap,
    path: &str,
    incoming: &mut Incoming,
    handled: &mut Handled,
) -> Result<Outcome, Fault> {
    read_headers(headers, incoming)?;
    incoming.signed_body = read_body(incoming).await?;
    let method = method(path, incoming)?;
    handled.method_name = Some(method.name);
    let known = authenticate::verify(cx, incoming).await?;
    let known = handled.known.insert(known);
    let app_id = known.caller.app.app_id.clone();
    handled.app_id = Some(app_id.clone());
    let key = encryption::key_of(incoming.encrypt_type.as_deref(), &known.caller)?;
    handled.encrypted = key.is_some();
    let content = match key {
        Some(key) if !incoming.signed_body.is_empty() => {
            encryption::open(key, &incoming.signed_body, Charset::Utf8)?
        }
        _ => {
            encryption::check_forgotten(&incoming.signed_body, &known.caller)?;
            incoming.signed_body.clone()
        }
    };
    let query = incoming.path_and_query.split_once('?');
    let query = query.map_or("", |(_, query)| query);
    let mut params = fields::params(method, &app_id, query, &content)?;
    if let Some(token) = &incoming.app_auth_token {
        params.set("app_auth_token", token);
    }
    let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
    handled.params = params.iter().map(owned).collect();
    let mut read = Read {
        params,
        charset: Charset::Utf8,
        charset_name: "UTF-8".to_owned(),
        charset_named: true,
        by_app_id: None,
    };
    let principal = acting::principal(cx, method, &known.caller, &mut read).await?;
    let call = Verified {
        cx,
        method,
        principal: &principal,
        read: &read,
        by_wallet: false,
        by_cert: known.by_cert,
        undisturbed: false,
    };
    perform(call, &mut handled.course).await
}

/// The method that stands under a path for a verb.
fn method(path: &str, incoming: &Incoming) -> Result<&'static Method, Fault> {
    let name = path
        .strip_prefix("/v3/")
        .unwrap_or_default()
        .replace('/', ".");
    let found = Method::parse(&name).filter(|method| method.v3_path() == path);
    let Some(method) = found else {
        return Err(no_such_method());
    };
    let Some(verb) = method.v3 else {
        return Err(Fault::new(
            INVALID_METHOD,
            format!("{name} 没有 v3 路径，请用 /gateway.do 调用。"),
            format!("{name} has no path in v3; call it through /gateway.do."),
        ));
    };
    let wanted = match verb {
        Verb::Get => "GET",
        Verb::Post => "POST",
    };
    let sent = incoming.http_method.as_str();
    if sent == wanted || incoming.override_method.as_deref() == Some(wanted) {
        return Ok(method);
    }
    Err(Fault::new(
        INVALID_METHOD,
        format!("{path} 应使用 {wanted}，而不是 {sent}。"),
        format!("{path} is called with {wanted}, not with {sent}."),
    ))
}

/// Reads the headers that say something about the call; none of them may stand twice.
fn read_headers(headers: &HeaderMap, incoming: &mut Incoming) -> Result<(), Fault> {
    incoming.content_type = one(headers, "content-type")?.unwrap_or_default();
    incoming.authorization = one(headers, header::AUTHORIZATION.as_str())?.unwrap_or_default();
    incoming.app_auth_token = one(headers, "alipay-app-auth-token")?;
    incoming.root_cert_sn = one(headers, "alipay-root-cert-sn")?;
    incoming.encrypt_type = one(headers, "alipay-encrypt-type")?;
    if incoming.http_method == http::Method::POST {
        incoming.override_method = one(headers, "x-http-method-override")?;
    }
    Ok(())
}

fn one(headers: &HeaderMap, name: &str) -> Result<Option<String>, Fault> {
    let mut values = headers.get_all(name).iter();
    let (first, second) = (values.next(), values.next());
    let text = first.map(|value| value.to_str().map(str::to_owned));
    match (text.transpose(), second) {
        (Ok(text), None) => Ok(text.filter(|text| !text.is_empty())),
        _ => Err(Fault::new(
            INVALID_ARGUMENT,
            format!("请求头 {name} 只能出现一次，且只含 ASCII 字符。"),
            format!("The header {name} may stand once, in ASCII."),
        )),
    }
}

/// The body as text; of several parts the one that is called `data`.
async fn read_body(incoming: &Incoming) -> Result<String, Fault> {
    let form = multipart::as_form(&incoming.content_type, &incoming.body).await;
    if let Some(form) = form {
        let mut data = form_urlencoded::parse(&form).filter(|(name, _)| name == "data");
        let (first, second) = (data.next(), data.next());
        if second.is_some() {
            return Err(Fault::new(
                INVALID_ARGUMENT,
                "请求体里的 data 只能出现一次。",
                "The body may have one part that is called data.",
            ));
        }
        return Ok(first
            .map(|(_, value)| value.into_owned())
            .unwrap_or_default());
    }
    let essence = incoming.content_type.split(';').next().unwrap_or_default();
    if essence
        .trim()
        .to_ascii_lowercase()
        .starts_with("multipart/")
    {
        return Err(Fault::new(
            INVALID_CONTENT_TYPE,
            "multipart/form-data 请求体格式不完整。",
            "The multipart/form-data body is not well-formed.",
        ));
    }
    String::from_utf8(incoming.body.to_vec()).map_err(|_| {
        Fault::new(
            INVALID_CHARSET,
            "v3 的请求体须为 UTF-8。",
            "A body of v3 is UTF-8.",
        )
    })
}
