//! The same typed request through v2 and v3, async and blocking, by key and by certificate: one
//! answer; and that no typed request is left out.

mod by_name;
mod families;

use alipay::{
    AlipayTime, App, CertMode, Client, Gateway, Params,
    answers::ApiMethod,
    blocking,
    canonical::verify_request,
    form,
    keys::PrivateKey,
    requests::{
        AgreementSign, AppFreeze, AppPay, OrderMethod, PageMethod, PagePay, PeriodRule, WapPay,
    },
    response::{node_name, write_envelope, write_node},
    sign::SignType,
    testing::{ScriptedTransport, answer, signed_answer, signed_v3_answer},
    transport::{HttpRequest, HttpResponse},
    v3::rest_of,
};
use money::Fen;
use serde_json::{Value, json};
use std::{
    collections::BTreeSet,
    fmt::Debug,
    fs,
    path::Path,
    sync::{Arc, LazyLock, Mutex},
};

static KEY: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::generate(2048).expect("a key"));

const NUMBER: &str = "20260821001";
const GATEWAY: &str = "http://127.0.0.1:8609/gateway.do";

fn now() -> AlipayTime {
    AlipayTime::parse("2026-08-21 09:30:00").expect("a time")
}

fn app() -> App {
    let key = KEY.public_key().clone();
    App::new("2021000000000001", GATEWAY, KEY.clone(), key)
}

fn app_in_cert_mode() -> App {
    let mode = CertMode::from_serials("app-sn", "root-sn", "alipay-sn", KEY.public_key().clone());
    App::in_cert_mode("2021000000000001", GATEWAY, Arc::new(KEY.clone()), mode)
}

/// `10000` in front, as v2 has it.
fn node(fields: &Value) -> Value {
    let mut node = json!({"code": "10000", "msg": "Success"});
    let (Some(members), Some(fields)) = (node.as_object_mut(), fields.as_object()) else {
        panic!("objects");
    };
    members.extend(fields.clone());
    node
}

/// An answer without what only v2 says.
fn plain(answer: &impl Debug) -> String {
    let text = format!("{answer:?}");
    ["\"code\", ", "\"msg\", ", "\"code\"", "\"msg\""]
        .into_iter()
        .fold(text, |text, word| text.replace(word, ""))
        .replace(", ]", "]")
}

/// The answer of v2 as it comes in certificate mode.
fn with_cert_sn(method: &str, node: &Value) -> HttpResponse {
    let text = write_node(node);
    let sign = alipay::canonical::sign_node(&text, &KEY, SignType::Rsa2, alipay::Charset::Utf8);
    let sign = sign.expect("signed");
    answer(&write_envelope(
        &node_name(method),
        &text,
        Some("alipay-sn"),
        Some(&sign),
    ))
}

/// Which methods were asked.
#[derive(Default)]
pub(crate) struct Roll(Mutex<BTreeSet<&'static str>>);

impl Roll {
    fn note(&self, method: &'static str) {
        self.0.lock().expect("no panic before").insert(method);
    }

    /// Calls through four clients and says which addresses were called through v2 and v3.
    async fn same<R>(&self, request: &R, fields: Value) -> [String; 2]
    where
        R: ApiMethod + Sync,
        R::Answer: Debug,
    {
        let method = R::METHOD;
        self.note(method);
        let v2_answer = signed_answer(&KEY, method, &node(&fields));
        let in_v3 = match rest_of(method) {
            Some(_) => signed_v3_answer(&KEY, 200, &fields, now().unix_ms()),
            None => v2_answer.clone(),
        };
        let in_cert_mode = with_cert_sn(method, &node(&fields));
        let answers = [v2_answer.clone(), in_v3, in_cert_mode, v2_answer];
        let script = Arc::new(ScriptedTransport::new(answers.map(Ok)));
        let client = Client::new(app(), script.clone());
        let by_cert = Client::new(app_in_cert_mode(), script.clone());
        let blocking = blocking::Client::new(app(), Arc::new(AtOnce(script.clone())));
        let outcomes = [
            ("v2", client.execute(request, now()).await),
            (
                "v3",
                client
                    .with_gateway(Gateway::V3)
                    .execute(request, now())
                    .await,
            ),
            ("certificates", by_cert.execute(request, now()).await),
            ("blocking", blocking.execute(request, now())),
        ];
        let said = outcomes.map(|(face, outcome)| match outcome.done() {
            Some(answer) => plain(&answer),
            None => panic!("{method} through {face}"),
        });
        assert!(
            said.iter().all(|answer| *answer == said[0]),
            "{method}: {said:?}"
        );
        let sent: [HttpRequest; 4] = script.requests().try_into().expect("four calls");
        assert!(sent[2].url.contains("app_cert_sn=app-sn&"));
        assert!(
            sent[2].url.contains("alipay_root_cert_sn=root-sn"),
            "{}",
            sent[2].url
        );
        let path = |url: &str| url.strip_prefix("http://127.0.0.1:8609").map(str::to_owned);
        let [v2, v3, _, at_once] = sent
            .each_ref()
            .map(|sent| path(&sent.url).expect("the gateway's"));
        let start = format!("/gateway.do?app_id=2021000000000001&method={method}&");
        assert!(v2.starts_with(&start) && at_once.starts_with(&start));
        match rest_of(method) {
            Some(rest) => {
                assert!(v3.starts_with(&format!("/v3/{}", method.replace('.', "/"))));
                assert_eq!(sent[1].method, rest.verb.as_str(), "{method}");
            }
            None => assert!(v3.starts_with("/gateway.do?"), "{method}"),
        }
        [v2, v3]
    }

    fn page<M: PageMethod>(&self, request: &M) {
        self.note(M::METHOD);
        for app in [app(), app_in_cert_mode()] {
            let link = app.page_url(request, None, None, now()).expect("a link");
            let (_, query) = link.split_once('?').expect("a query");
            says(query, M::METHOD);
        }
    }

    fn order_string<M: OrderMethod>(&self, request: &M) {
        self.note(M::METHOD);
        for app in [app(), app_in_cert_mode()] {
            says(
                &app.order_string(request, now()).expect("a text"),
                M::METHOD,
            );
        }
    }
}

/// A signed form that names that method.
fn says(text: &str, method: &str) {
    let params: Params = form::decode(text.as_bytes(), alipay::Charset::Utf8).expect("a form");
    assert_eq!(params.get("method"), Some(method));
    let key = KEY.public_key();
    verify_request(&params, key, SignType::Rsa2, alipay::Charset::Utf8).expect("signed");
}

fn links_and_texts(roll: &Roll) {
    let fen = Fen::new(100);
    roll.page(&PagePay::new(NUMBER, "课", fen));
    roll.page(&WapPay::new(NUMBER, "课", fen, "https://shop.example/"));
    roll.page(&AgreementSign::recurring(
        "A1",
        "INDUSTRY|EDU",
        PeriodRule::monthly("2026-09-01", fen),
    ));
    roll.order_string(&AppPay::new(NUMBER, "课", fen));
    roll.order_string(&AppFreeze::new("O1", "F1", "押金", fen));
}

/// The script for a client that blocks.
pub(crate) struct AtOnce(pub(crate) Arc<ScriptedTransport>);

impl blocking::Transport for AtOnce {
    fn send(
        &self,
        request: HttpRequest,
    ) -> Result<HttpResponse, alipay::transport::TransportError> {
        use std::{future::Future, pin::pin, task};
        let mut answer = pin!(alipay::transport::Transport::send(&*self.0, request));
        let mut context = task::Context::from_waker(task::Waker::noop());
        match answer.as_mut().poll(&mut context) {
            task::Poll::Ready(answer) => answer,
            task::Poll::Pending => panic!("a script is never waited for"),
        }
    }
}

/// The method behind every typed request, read where the requests are written.
fn typed() -> BTreeSet<String> {
    let mut methods = BTreeSet::new();
    for file in
        fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/requests")).expect("requests")
    {
        let text = fs::read_to_string(file.expect("a file").path()).expect("a text");
        for line in text.lines().map(str::trim) {
            let written = line.starts_with("const METHOD: &'static str = \"");
            let made = line.ends_with("\" {") && line.contains(": \"alipay.");
            if (written || made)
                && let Some(method) = line.split('"').nth(1)
            {
                methods.insert(method.to_owned());
            }
        }
    }
    methods
}

#[tokio::test]
async fn every_typed_method_has_one_answer_through_four_clients() {
    let roll = Roll::default();
    families::payments(&roll).await;
    families::refunds_and_shares(&roll).await;
    families::money_out_and_bills(&roll).await;
    families::frozen_money(&roll).await;
    families::agreements_tokens_and_certificates(&roll).await;
    links_and_texts(&roll);
    let asked = roll.0.into_inner().expect("no panic before");
    let asked: BTreeSet<String> = asked.into_iter().map(str::to_owned).collect();
    assert_eq!(typed(), asked, "a typed request and no row, or the reverse");
    assert!(
        asked.len() >= 40,
        "the requests were not found: {}",
        asked.len()
    );
    println!("{} typed methods", asked.len());
}
