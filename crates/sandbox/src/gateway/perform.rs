//! Runs the method of a call whose caller is known, for both versions of the protocol.

use super::biz::Biz;
use super::documents;
use super::errors::Fault;
use super::errors::gateway::{INVALID_METHOD, MISSING_APP_CERT_SN};
use super::explain::Explain;
use super::methods::{Call, Landing, Method, Run};
use super::params::Read;
use super::struck;
use crate::app::late_call::{self, LateCall};
use crate::context::{Caller, Context};
use crate::domain::Profile;
use crate::faults::{Struck, Target, What, When};
use alipay::{Charset, Params};
use serde_json::{Map, Value};
use store::StoreError;

/// How a call ended.
pub(super) enum Outcome {
    Node(Map<String, Value>, Explain),
    Landing(Landing, Explain),
    Fault(Fault),
}

/// What is known of a call on its way, however it ends.
#[derive(Default)]
pub(super) struct Course {
    /// The order that the call is about, when it could be read.
    pub(super) out_trade_no: Option<String>,
    /// What the fault dial does to the answer.
    pub(super) struck: Option<Struck>,
}

/// A verified call.
pub(super) struct Verified<'a> {
    pub(super) cx: &'a Context,
    pub(super) method: &'static Method,
    /// Whose call it is, or on whose behalf.
    pub(super) principal: &'a Caller,
    pub(super) read: &'a Read,
    /// A wallet opened it, not a browser or a server.
    pub(super) by_wallet: bool,
    /// The caller is known by its certificate.
    pub(super) by_cert: bool,
    /// The fault dial leaves it alone.
    pub(super) undisturbed: bool,
}

/// Runs the method.
pub(super) async fn perform(call: Verified<'_>, course: &mut Course) -> Result<Outcome, Fault> {
    let Verified { cx, method, .. } = call;
    let app = &call.principal.app;
    if !call.undisturbed {
        course.struck = strike(&call).await?;
        struck::refuse(course.struck)?;
    }
    if method.name.starts_with(FUND_OUT) && app.profile == Profile::Strict && !call.by_cert {
        return Err(only_with_certificate());
    }
    let mut biz = Biz::read(&call.read.params, method.fields, app.profile)?;
    course.out_trade_no = biz.text("out_trade_no", 64).ok().flatten();
    let checked = documents::check(method.name, &mut biz);
    let told = biz.warnings.clone();
    let handed = Call {
        cx,
        caller: call.principal,
        read: call.read,
        biz,
    };
    let outcome = match checked {
        Ok(()) => run(&call, course, handed).await,
        Err(fault) => Err(fault),
    };
    outcome.map_err(|mut fault| {
        // A name that is misspelt may be why something is missing.
        fault.explain.join(&told);
        fault
    })
}

async fn run(call: &Verified<'_>, course: &Course, handed: Call<'_>) -> Result<Outcome, Fault> {
    let method = call.method;
    match method.run {
        Run::Answer(run) => {
            let (node, explain) = run(handed).await?;
            Ok(Outcome::Node(struck::twist(course.struck, node), explain))
        }
        Run::OrderString(_) if !call.by_wallet => Err(only_for_a_wallet()),
        Run::Page(run) | Run::OrderString(run) => {
            let (landing, explain) = run(handed).await?;
            Ok(Outcome::Landing(landing, explain))
        }
    }
}

/// Money that leaves by these goes out for certificates only, say the documents.
const FUND_OUT: &str = "alipay.fund.trans.uni.";

fn only_with_certificate() -> Fault {
    Fault::new(
        MISSING_APP_CERT_SN,
        "资金支出类接口只能用证书模式调用（strict 模式按文档要求）。请在 SDK 里设置三个证书文件，见 sandbox.json 的 certs。",
        "Money goes out in certificate mode only, say the documents, and this application is treated strictly. Give the SDK the three certificate files named under certs in sandbox.json.",
    )
}

fn only_for_a_wallet() -> Fault {
    Fault::new(
        INVALID_METHOD,
        "这个接口没有服务端调用：把签名后的订单串交给客户端，由钱包打开（沙箱里可在钱包的扫一扫里粘贴，或用控制接口 POST trades/{out_trade_no}/pay 的 url 传入）。",
        "This method is not called from a server: hand the signed order string to the app, whose wallet opens it (here: paste it into the wallet's scan box, or send it as `url` to POST trades/{out_trade_no}/pay of the control API).",
    )
}

/// What goes wrong with a call. One whose effect comes late is kept for then.
async fn strike(call: &Verified<'_>) -> Result<Option<Struck>, Fault> {
    let Verified { cx, read, .. } = call;
    let app_id = &call.principal.app.app_id;
    let number = read.params.non_empty("biz_content");
    let number = number.and_then(struck::number_in);
    let target = Target {
        app_id,
        method: Some(call.method.name),
        out_trade_no: number.as_deref(),
        notify_id: None,
    };
    let struck = cx.faults().strike(When::Call, target, cx.now());
    if let Some(struck) = struck
        && struck.what == What::EffectLate
    {
        let owned = |(name, value): (&str, &str)| (name.to_owned(), value.to_owned());
        let late = LateCall {
            method: call.method.name.to_owned(),
            app_id: app_id.clone(),
            params: read.params.iter().map(owned).collect(),
            gbk: read.charset == Charset::Gbk,
            charset_name: read.charset_name.clone(),
            by_wallet: call.by_wallet,
            by_cert: call.by_cert,
        };
        late_call::keep(cx, &late, struck.delay_ms()).await?;
    }
    Ok(struck)
}

/// Does what a call asked for, whose caller heard nothing: it was verified when it came. What it
/// would be answered nobody hears.
pub(crate) async fn do_late(cx: &Context, late: LateCall) -> Result<(), StoreError> {
    let (Some(method), Some(principal)) =
        (Method::parse(&late.method), cx.caller(&late.app_id).await?)
    else {
        return Ok(());
    };
    let mut params = Params::new();
    for (name, value) in &late.params {
        params.set(name, value);
    }
    let read = Read {
        params,
        charset: if late.gbk {
            Charset::Gbk
        } else {
            Charset::Utf8
        },
        charset_name: late.charset_name,
        charset_named: true,
        by_app_id: None,
    };
    let call = Verified {
        cx,
        method,
        principal: &principal,
        read: &read,
        by_wallet: late.by_wallet,
        by_cert: late.by_cert,
        undisturbed: true,
    };
    if let Err(fault) = perform(call, &mut Course::default()).await {
        tracing::info!("A late call was refused: {}", fault.what.sub_code);
    }
    Ok(())
}

/// The answer to a name that no method has.
pub(super) fn no_such_method() -> Fault {
    let names: Vec<&str> = Method::all().map(|method| method.name).collect();
    let names = names.join(", ");
    Fault::new(
        INVALID_METHOD,
        format!("这个沙箱没有该接口。支持：{names}。"),
        format!("This sandbox has no such method. It has {names}."),
    )
}
