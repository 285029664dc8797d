//! A small Alipay: trades in memory, signed answers, and silence on demand.

use ::alipay::Params;
use ::alipay::keys::PrivateKey;
use ::alipay::testing::{paid_notice, signed_answer, signed_notice};
use ::alipay::transport::{
    BoxFuture, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind,
};
use kernel::{Clock, ManualClock};
use money::Fen;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

pub(crate) const SCHOOL: &str = "2021000000000001";
pub(crate) const OTHER: &str = "2021000000000002";
pub(crate) const GATEWAY: &str = "https://alipay.test/gateway.do";

#[derive(Clone, Debug)]
struct Trade {
    number: String,
    amount: Fen,
    status: &'static str,
    paid_at: Option<String>,
    refunds: HashMap<String, Fen>,
}

#[derive(Clone)]
pub(crate) struct FakeAlipay {
    trades: Arc<Mutex<HashMap<String, Trade>>>,
    silent: Arc<AtomicBool>,
    calls: Arc<AtomicUsize>,
    clock: ManualClock,
}

pub(crate) fn seller_of(app_id: &str) -> String {
    app_id.replacen("2021", "2088", 1)
}

/// Making a key takes long; one pair of each serves all tests.
pub(crate) fn keys(app_id: &str) -> &'static (PrivateKey, PrivateKey) {
    static KEYS: OnceLock<HashMap<&'static str, (PrivateKey, PrivateKey)>> = OnceLock::new();
    let make = || PrivateKey::generate(2048).expect("a key");
    let pairs = || [SCHOOL, OTHER].map(|id| (id, (make(), make())));
    &KEYS.get_or_init(|| pairs().into_iter().collect())[app_id]
}

impl FakeAlipay {
    pub(crate) fn new(clock: ManualClock) -> Self {
        Self {
            trades: Arc::default(),
            silent: Arc::default(),
            calls: Arc::default(),
            clock,
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Trade>> {
        self.trades.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Nobody answers from now on, or somebody does again.
    pub(crate) fn be_silent(&self, silent: bool) {
        self.silent.store(silent, Ordering::SeqCst);
    }

    /// How often somebody called.
    pub(crate) fn calls(&self) -> usize {
        self.calls.load(Ordering::SeqCst)
    }

    /// The buyer opens the cashier.
    pub(crate) fn open(&self, number: &str, amount: Fen) {
        let mut trades = self.lock();
        let nth = trades.len();
        trades.entry(number.to_owned()).or_insert(Trade {
            number: format!("20260821220014991605{nth:08}"),
            amount,
            status: "WAIT_BUYER_PAY",
            paid_at: None,
            refunds: HashMap::new(),
        });
    }

    /// The buyer pays; nobody is told.
    pub(crate) fn pay(&self, number: &str, amount: Fen) {
        self.open(number, amount);
        let at = self.clock.now().china();
        let mut trades = self.lock();
        let trade = trades.get_mut(number).expect("opened above");
        trade.status = "TRADE_SUCCESS";
        trade.paid_at = Some(at);
    }

    /// What went back of a trade.
    pub(crate) fn refunded(&self, number: &str) -> Fen {
        let trades = self.lock();
        let refunds = trades
            .get(number)
            .map(|trade| trade.refunds.values().copied());
        Fen::sum(refunds.into_iter().flatten()).expect("it fits")
    }

    /// The fields of the notice of a paid trade, with a number of its own.
    pub(crate) fn notice(&self, app_id: &str, number: &str, amount: Fen) -> Params {
        let yuan = amount.to_string();
        let mut fields = paid_notice(app_id, &seller_of(app_id), number, &yuan);
        let trades = self.lock();
        if let Some(trade) = trades.get(number) {
            fields.set("trade_no", &trade.number);
        }
        fields.set("notify_id", &format!("2026082101222{number}"));
        fields
    }

    /// The query with which a browser comes back after paying, signed for the application.
    pub(crate) fn return_query(&self, app_id: &str, number: &str, amount: Fen) -> String {
        let trade_no = self.lock().get(number).map(|trade| trade.number.clone());
        let fields = Params::from([
            ("charset", "utf-8"),
            ("out_trade_no", number),
            ("method", "alipay.trade.page.pay.return"),
            ("total_amount", &amount.to_string()),
            (
                "trade_no",
                &trade_no.unwrap_or_else(|| "2026082122001".to_owned()),
            ),
            ("auth_app_id", app_id),
            ("version", "1.0"),
            ("app_id", app_id),
            ("sign_type", "RSA2"),
            ("seller_id", &seller_of(app_id)),
            ("timestamp", &self.clock.now().china()),
        ]);
        String::from_utf8(signed(&fields)).expect("a form is ASCII")
    }

    fn call(&self, request: &HttpRequest) -> Result<HttpResponse, TransportError> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        if self.silent.load(Ordering::SeqCst) {
            return Err(TransportError {
                kind: TransportErrorKind::Timeout,
                detail: "as the test wants it".to_owned(),
            });
        }
        let query = request.url.split_once('?').map_or("", |(_, query)| query);
        let query: HashMap<String, String> = form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect();
        let body = form_urlencoded::parse(&request.body).find(|(name, _)| name == "biz_content");
        let biz: Value = body
            .map(|(_, text)| serde_json::from_str(&text).expect("JSON"))
            .unwrap_or_default();
        let (method, app_id) = (query["method"].clone(), query["app_id"].clone());
        let node = perform(&mut self.lock(), &method, &biz, &self.clock.now().china());
        Ok(signed_answer(&keys(&app_id).1, &method, &node))
    }
}

/// Signs the fields of a notice or return for the application that they name.
pub(crate) fn signed(fields: &Params) -> Vec<u8> {
    let app_id = fields.get("app_id").expect("it names its application");
    signed_notice(&keys(app_id).1, fields)
}

impl Transport for FakeAlipay {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        let result = self.call(&request);
        Box::pin(async move { result })
    }
}

fn refusal(sub_code: &str) -> Value {
    json!({"code": "40004", "msg": "Business Failed", "sub_code": sub_code, "sub_msg": "不"})
}

fn perform(trades: &mut HashMap<String, Trade>, method: &str, biz: &Value, at: &str) -> Value {
    let number = biz["out_trade_no"].as_str().unwrap_or_default();
    let Some(trade) = trades.get_mut(number) else {
        return refusal("ACQ.TRADE_NOT_EXIST");
    };
    let mut node = json!({"code": "10000", "msg": "Success", "trade_no": trade.number,
        "out_trade_no": number});
    match method {
        "alipay.trade.query" => {
            node["trade_status"] = json!(trade.status);
            node["total_amount"] = json!(trade.amount.to_string());
            if let Some(paid_at) = &trade.paid_at {
                node["send_pay_date"] = json!(paid_at);
            }
        }
        "alipay.trade.close" if trade.status == "WAIT_BUYER_PAY" => trade.status = "TRADE_CLOSED",
        "alipay.trade.close" => return refusal("ACQ.TRADE_STATUS_ERROR"),
        "alipay.trade.refund" => {
            let request = biz["out_request_no"].as_str().expect("a number").to_owned();
            let amount = biz["refund_amount"].to_string();
            let amount = Fen::parse_yuan(amount.trim_matches('"')).expect("an amount");
            let again = trade.refunds.insert(request, amount).is_some();
            node["fund_change"] = json!(if again { "N" } else { "Y" });
            let sum = Fen::sum(trade.refunds.values().copied()).expect("it fits");
            node["refund_fee"] = json!(sum.to_string());
            node["gmt_refund_pay"] = json!(at);
        }
        other => panic!("the small Alipay has no {other}"),
    }
    node
}
