//! What the pass is let loose on: something of every kind, all of it somebody's.

use crate::browser::{Browser, Page};
use crate::many::{Many, One};
use crate::rest::Rest;
use crate::support::{Bench, NOTIFY, code, page_link, signed};
use crate::through::text;
use alipay::Params;
use http::StatusCode;
use serde_json::{Value, json};

pub(super) const BUYER: &str = "buyer@sandbox.com";
pub(super) const POOR: &str = "poor@sandbox.com";
/// A phone with a wallet, for which money waits.
pub(super) const PHONE: &str = "13912345678";
/// Two service providers; the second application's key is theirs.
pub(super) const PROVIDERS: [&str; 2] = ["9021000000000003", "9021000000000004"];

/// What there is. Everything is the first application's and the first buyer's unless said.
pub(super) struct Scene<'a> {
    pub(super) bench: &'a Bench,
    pub(super) buyer: Browser<'a>,
    pub(super) poor: Browser<'a>,
    /// Two worlds beside the bench's own.
    pub(super) worlds: [One<'a>; 2],
    /// What was found on the way, by a name.
    found: Vec<(&'static str, String)>,
    /// Calls that were answered well.
    pub(super) sent: Vec<(&'static str, Params)>,
    /// A call over v3 that was answered well.
    pub(super) sent_v3: Rest,
    /// Forms of the buyer's that were taken: what, path, body, and what they led to.
    pub(super) forms: Vec<(&'static str, String, String, &'static str)>,
}

/// The token of a page's forms.
fn form_token(page: &Page) -> String {
    let (_, form) = page.form("/wallet/scan", &[]);
    let mut pairs = form_urlencoded::parse(form.as_bytes());
    let token = pairs.find(|(name, _)| name == "csrf_token");
    token.unwrap().1.into_owned()
}

impl<'a> Scene<'a> {
    pub(super) async fn make(many: &'a Many) -> Self {
        let bench = &many.bench;
        let body = |name: &str| json!({"name": name});
        let mut scene = Scene {
            bench,
            buyer: Browser::new(bench, "en"),
            poor: Browser::new(bench, "en"),
            worlds: [many.make(body("a")).await, many.make(body("b")).await],
            found: Vec::new(),
            sent: Vec::new(),
            sent_v3: Rest::new(
                "POST",
                "/v3/alipay/trade/refund",
                &json!({"out_trade_no": "H1", "refund_amount": "0.20", "out_request_no": "R3"})
                    .to_string(),
                "once",
            ),
            forms: Vec::new(),
        };
        crate::through::certs(bench, 0).await;
        scene.people().await;
        scene.trades().await;
        scene.holds().await;
        scene.agreements().await;
        scene.money().await;
        scene.tokens().await;
        scene.gifts().await;
        scene.other_worlds().await;
        let taken = bench.control("snapshots", json!({})).await;
        assert_eq!(taken.status, StatusCode::CREATED);
        bench.schedule.settle().await.unwrap();
        scene
    }

    /// What was found under that name.
    pub(super) fn get(&self, name: &str) -> &str {
        let found = self.found.iter().find(|(known, _)| *known == name);
        &found.unwrap_or_else(|| panic!("no {name}")).1
    }

    pub(super) fn keep(&mut self, name: &'static str, value: impl Into<String>) {
        self.found.push((name, value.into()));
    }

    /// Calls as the first application, and remembers the call.
    pub(super) async fn call(&mut self, what: &'static str, method: &str, biz: &Value) -> Value {
        self.send(
            what,
            method,
            signed(0, method, &biz.to_string(), &[("notify_url", NOTIFY)]),
        )
        .await
    }

    pub(super) async fn send(&mut self, what: &'static str, method: &str, params: Params) -> Value {
        let node = self.bench.post(params.clone()).await.signed_node(method);
        assert!(["10000", ""].contains(&code(&node)), "{what}: {node}");
        self.sent.push((what, params));
        node
    }

    /// Sends a form of the buyer's, and remembers it.
    pub(super) async fn form(
        &mut self,
        what: &'static str,
        page: &str,
        action: &str,
        fields: &[(&str, &str)],
        to: &'static str,
    ) {
        let page = self.buyer.open(page).await;
        let (path, body) = page.form(action, fields);
        let reply = self.buyer.post(&path, body.clone()).await;
        assert!(reply.status.as_u16() < 400, "{what}: {}", reply.text());
        self.forms.push((what, path, body, to));
    }

    async fn people(&mut self) {
        let page = self.buyer.open("/wallet").await;
        let page = self.buyer.log_in(&page, BUYER).await;
        self.keep("buyer_token", form_token(&page));
        let page = self.poor.open("/wallet").await;
        let page = self.poor.log_in(&page, POOR).await;
        self.keep("poor_token", form_token(&page));
        for (name, who) in [("buyer", BUYER), ("poor", POOR)] {
            let account = self.bench.look(&format!("accounts/{who}")).await;
            self.keep(name, text(&account, "user_id"));
        }
        let made = self
            .bench
            .control("accounts", json!({"logon_id": PHONE}))
            .await;
        assert_eq!(made.status, StatusCode::CREATED);
        for (name, who) in [("card", BUYER), ("poor_card", POOR)] {
            let path = format!("accounts/{who}/cards");
            let card = self
                .bench
                .control(&path, json!({"balance": "500.00"}))
                .await;
            self.keep(name, text(&card.json(), "card_no"));
        }
        let path = format!("accounts/{BUYER}/cards");
        let loose = json!({"balance": "500.00", "bound": false, "phone": PHONE});
        let loose = self.bench.control(&path, loose).await;
        self.keep("loose_card", text(&loose.json(), "card_no"));
        let person = json!({"real_name": "沙箱环境", "nick_name": "小明", "gender": "M", "province": "浙江", "city": "杭州"});
        let path = format!("accounts/{BUYER}/person");
        let set = self.bench.control_put(&path, person).await;
        assert_eq!(set.status, StatusCode::OK);
        let limit = [("amount", "50000"), ("pay_password", "111111")];
        let page = self.buyer.open("/wallet/settings").await;
        self.buyer
            .submit(&page, "/settings/limit", &limit)
            .await
            .says("50,000");
    }

    async fn trades(&mut self) {
        let paid = self.bench.paid("H1", "88.80").await;
        self.keep("trade", text(&paid, "trade_no"));
        let biz = json!({"out_trade_no": "H1", "refund_amount": "0.10", "out_request_no": "R1"});
        self.call("a refund", "alipay.trade.refund", &biz).await;
        assert_eq!(self.sent_v3.send(self.bench).await.status, StatusCode::OK);
        let order = json!({"out_trade_no": "H2", "total_amount": "8.80", "subject": "高等数学"});
        let node = self
            .call("a code for an order", "alipay.trade.precreate", &order)
            .await;
        self.keep(
            "qr",
            text(&node, "qr_code").trim_start_matches("http://127.0.0.1:8609"),
        );
        let visit = self.bench.open(&page_link("H3", "8.80")).await.unwrap();
        self.keep("visit", visit);
        let visit = self.bench.open(&page_link("H4", "8.80")).await.unwrap();
        let page = format!("/cashier/{visit}/pay");
        self.form(
            "a payment on the page",
            &page,
            "/pay",
            &[("pay_password", "111111"), ("card_no", "")],
            "/done",
        )
        .await;
        self.keep("paid_visit", visit);
        let visit = self.bench.open(&page_link("H7", "8.80")).await.unwrap();
        let page = format!("/cashier/{visit}/pay");
        let fields = [
            ("pay_password", "111111"),
            ("card_no", &*self.get("card").to_owned()),
        ];
        self.form("a payment with a card", &page, "/pay", &fields, "/done")
            .await;
        self.bench.open(&page_link("H5", "8.80")).await.unwrap();
        self.call(
            "a close",
            "alipay.trade.close",
            &json!({"out_trade_no": "H5"}),
        )
        .await;
        self.bench.open(&page_link("H8", "8.80")).await.unwrap();
        self.call(
            "a cancel",
            "alipay.trade.cancel",
            &json!({"out_trade_no": "H8"}),
        )
        .await;
        let shown = self.shown(BUYER).await;
        let biz = json!({"out_trade_no": "H6", "total_amount": "8.80", "subject": "咖啡机", "scene": "bar_code", "auth_code": shown});
        self.call("a payment by a shown code", "alipay.trade.pay", &biz)
            .await;
        // More than goes without a word: it waits on the buyer's phone.
        let shown = self.shown(BUYER).await;
        let biz = json!({"out_trade_no": "H9", "total_amount": "2000.00", "subject": "咖啡机", "scene": "bar_code", "auth_code": shown});
        let asked = self.bench.node("alipay.trade.pay", &biz).await;
        assert_eq!(code(&asked), "10003", "{asked}");
        let page = self.buyer.open("/wallet/code").await;
        let (_, form) = page.form("/wallet/code", &[]);
        let id = form
            .split("trade_id=")
            .nth(1)
            .unwrap()
            .split('&')
            .next()
            .unwrap();
        self.keep("waiting", id);
        self.keep("shown", page.all("[lang=zxx]").concat().replace(' ', ""));
    }

    /// A code that somebody's phone shows.
    async fn shown(&self, who: &str) -> String {
        let path = format!("accounts/{who}/payment-codes");
        let reply = self.bench.control(&path, json!({})).await;
        text(&reply.json(), "auth_code").to_owned()
    }

    async fn other_worlds(&mut self) {
        let [a, _] = &self.worlds;
        let paid = a.paid("N1", "10.00").await;
        let snapshot = a.control("snapshots", json!({})).await.json();
        let order = json!({"out_trade_no": "N3", "total_amount": "1.00", "subject": "x"});
        let qr = a.node("alipay.trade.precreate", &order).await;
        let path = format!("accounts/{BUYER}/payment-codes");
        let shown = a.control(&path, json!({})).await.json();
        let visit = self.bench.get(&a.link("N5", "1.00")).await;
        let visit = visit
            .header("location")
            .unwrap()
            .trim_start_matches("/w/a")
            .to_owned();
        let asked = a.look("requests").await["requests"][0].clone();
        let found = [
            ("a.trade", text(&paid, "trade_no").to_owned()),
            ("a.snapshot", text(&snapshot, "id").to_owned()),
            (
                "a.qr",
                text(&qr, "qr_code")
                    .rsplit_once("/qr/")
                    .unwrap()
                    .1
                    .to_owned(),
            ),
            ("a.shown", text(&shown, "auth_code").to_owned()),
            ("a.visit", visit),
            ("a.request", text(&asked, "trace_id").to_owned()),
        ];
        self.found.extend(found);
    }
}
