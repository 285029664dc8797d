//! The exam over HTTP: a careful back end passes all of it, a naive one fails what it should.
#![expect(clippy::unused_async, reason = "axum's handlers are async")]

use crate::support::Bench;
use alipay::sign::{self, SignType};
use alipay::{Charset, Params, form};
use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::routing::{get, post};
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use sandbox::exam::{Card, Exam, HttpExaminee, HttpSpec, Outcome, Row, Waits};
use service::i18n::Lang;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::Db;

const PRICE: &str = "39.00";

/// A merchant's back end: orders, and how often each was delivered.
#[derive(Clone, Default)]
struct BackEnd {
    careful: bool,
    app_id: String,
    seller_id: String,
    delivered: Arc<Mutex<HashMap<String, u64>>>,
}

impl BackEnd {
    async fn order(State(this): State<Self>) -> String {
        let mut delivered = this.delivered.lock().unwrap();
        let number = format!("EXAM{:04}", delivered.len());
        delivered.insert(number.clone(), 0);
        format!("{{\"out_trade_no\":\"{number}\",\"total_amount\":\"{PRICE}\"}}")
    }

    async fn show(State(this): State<Self>, Path(number): Path<String>) -> String {
        let delivered = this.delivered.lock().unwrap();
        format!(
            "{{\"order\":\"{number}\",\"delivered\":{}}}",
            delivered[&number]
        )
    }

    async fn come_back(State(this): State<Self>, RawQuery(query): RawQuery) -> &'static str {
        let params = form::decode(query.unwrap_or_default().as_bytes(), Charset::Utf8).unwrap();
        if !this.careful {
            this.deliver(&params, false);
        }
        "thank you"
    }

    async fn notify(
        State(this): State<Self>,
        headers: HeaderMap,
        body: Bytes,
    ) -> (StatusCode, &'static str) {
        let kind = headers["content-type"].to_str().unwrap();
        let charset = if this.careful && kind.ends_with("GBK") {
            Charset::Gbk
        } else {
            Charset::Utf8
        };
        let Ok(params) = form::decode(&body, charset) else {
            return (StatusCode::OK, "failure");
        };
        if this.careful && !this.believes(&params, charset) {
            return (StatusCode::OK, "failure");
        }
        if params.get("trade_status") == Some("TRADE_SUCCESS") {
            this.deliver(&params, this.careful);
        }
        (StatusCode::OK, "success")
    }

    fn deliver(&self, params: &Params, once: bool) {
        let mut delivered = self.delivered.lock().unwrap();
        if let Some(times) = delivered.get_mut(params.get("out_trade_no").unwrap()) {
            *times = if once { 1 } else { *times + 1 };
        }
    }

    fn believes(&self, params: &Params, charset: Charset) -> bool {
        let bytes = charset
            .encode(&sign::notice_text(params))
            .unwrap()
            .into_owned();
        let key = crate::support::keys().alipay[0].public_key();
        let signature = params.get("sign").unwrap_or_default();
        sign::verify(key, SignType::Rsa2, &bytes, signature).is_ok()
            && params.get("app_id") == Some(&self.app_id)
            && params.get("seller_id") == Some(&self.seller_id)
            && params.get("total_amount") == Some(PRICE)
            && self
                .delivered
                .lock()
                .unwrap()
                .contains_key(params.get("out_trade_no").unwrap())
    }
}

/// Lets the back end sit the exam over a socket.
async fn examined(bench: &Bench, careful: bool, with_state: bool, orders: usize) -> Card {
    let app = bench.apps[0].clone();
    let back_end = BackEnd {
        careful,
        app_id: app.app_id.clone(),
        seller_id: app.seller_id.clone(),
        delivered: Arc::default(),
    };
    let router = Router::new()
        .route("/orders", post(BackEnd::order))
        .route("/orders/{number}", get(BackEnd::show))
        .route("/return", get(BackEnd::come_back))
        .route("/notify", post(BackEnd::notify))
        .with_state(back_end.clone());
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let home = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move { axum::serve(listener, router).await });
    let mut given = Vec::new();
    for _ in 0..orders {
        let text = BackEnd::order(State(back_end.clone())).await;
        let order: serde_json::Value = serde_json::from_str(&text).unwrap();
        given.push(sandbox::exam::Order {
            out_trade_no: order["out_trade_no"].as_str().unwrap().to_owned(),
            amount: PRICE.parse().unwrap(),
            link: None,
        });
    }
    let spec = HttpSpec {
        notify_url: format!("{home}/notify"),
        return_url: Some(format!("{home}/return")),
        order_url: (orders == 0).then(|| format!("{home}/orders")),
        orders: given,
        state_url: with_state.then(|| format!("{home}/orders/{{out_trade_no}}")),
        pause: Duration::from_millis(1),
        ..HttpSpec::default()
    };
    let examinee = HttpExaminee::new(spec).unwrap();
    let exam = Exam::new(bench.sandbox.context(), app, &examinee).unwrap();
    let exam = exam.waiting(Waits {
        rest: Duration::ZERO,
        change: Duration::from_millis(200),
    });
    let card = exam.sit().await.unwrap();
    serving.abort();
    card
}

fn failed(card: &Card) -> Vec<&'static str> {
    let failed = card
        .lines
        .iter()
        .filter(|line| matches!(line.outcome, Outcome::Failed { .. }));
    failed.map(|line| line.row.id()).collect()
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn a_careful_back_end_passes_all_of_it(db: Db) {
        let bench = Bench::new(db).await;
        let card = examined(&bench, true, true, 0).await;
        assert!(card.passed(), "{}", card.to_text(Lang::En));
        assert_eq!(card.score(), (Row::ALL.len(), Row::ALL.len()));
        assert_eq!(bench.merchant.count(), 0);
    }

    async fn a_naive_back_end_fails_what_it_should(db: Db) {
        let bench = Bench::new(db).await;
        let card = examined(&bench, false, true, 0).await;
        let text = card.to_text(Lang::En);
        assert_eq!(failed(&card), [
            "unsigned", "forged", "wrong_amount", "wrong_app", "wrong_seller", "tampered", "unknown_order",
            "forged_return", "hasty_return", "repeated", "replayed", "partial_refund", "gbk", "parallel", "out_of_order",
        ], "{text}");
        assert!(text.contains("cost: anybody forges payments"), "{text}");
    }

    async fn without_a_state_only_answers_are_judged_and_with_one_order_the_rest_is_named(db: Db) {
        let bench = Bench::new(db).await;
        let card = examined(&bench, true, false, 1).await;
        assert!(card.passed(), "{}", card.to_text(Lang::En));
        for row in [Row::Parallel, Row::OutOfOrder, Row::ForgedReturn, Row::HastyReturn] {
            assert!(matches!(card.outcome(row), Some(Outcome::NotExamined { .. })), "{row:?}");
        }
        assert!(card.to_text(Lang::Zh).contains("没有 --state-url"));
        let naive = examined(&bench, false, false, 1).await;
        assert!(failed(&naive).contains(&"forged") && !failed(&naive).contains(&"repeated"));
    }
}
