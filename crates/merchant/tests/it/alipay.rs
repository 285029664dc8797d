//! A small Alipay: trades and refunds in memory, signed answers, and faults on demand.

use ::alipay::Params;
use ::alipay::keys::PrivateKey;
use ::alipay::testing::{paid_notice, signed_answer, signed_notice};
use ::alipay::transport::{
    BoxFuture, HttpRequest, HttpResponse, Transport, TransportError, TransportErrorKind,
};
use kernel::{Clock, ManualClock};
use money::Fen;
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};

/// What goes wrong with the next call of a method.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Fault {
    /// Nothing reached Alipay.
    LostBefore,
    /// It happened, and the answer was lost.
    LostAfter,
    /// `20000`: Alipay itself does not know.
    Busy,
    /// Refused, with this sub code.
    Refuse(&'static str),
    /// `fund_change=N`: taken, nothing said.
    Taken,
}

#[derive(Clone, Debug)]
struct Trade {
    number: String,
    amount: Fen,
    status: &'static str,
    paid_at: Option<String>,
    refunds: HashMap<String, Fen>,
}

#[derive(Default)]
struct State {
    trades: HashMap<(String, String), Trade>,
    faults: HashMap<String, VecDeque<Fault>>,
    gates: HashMap<String, Arc<Gate>>,
    calls: Vec<(String, Value)>,
    notices: u64,
}

/// Holds the answer of one call back.
#[derive(Default)]
pub(crate) struct Gate {
    reached: tokio::sync::Notify,
    opened: tokio::sync::Notify,
}

impl Gate {
    /// Waits until the call is there.
    pub(crate) async fn reached(&self) {
        self.reached.notified().await;
    }

    /// Lets its answer go.
    pub(crate) fn open(&self) {
        self.opened.notify_one();
    }
}

#[derive(Clone)]
pub(crate) struct FakeAlipay {
    state: Arc<Mutex<State>>,
    clock: ManualClock,
}

pub(crate) const APP_A: &str = "2021000000000001";
pub(crate) const APP_B: &str = "2021000000000002";
pub(crate) const APP_C: &str = "2021000000000003";

pub(crate) fn seller_of(app_id: &str) -> String {
    app_id.replacen("2021", "2088", 1)
}

/// Making a key takes long; one of each serves all tests.
pub(crate) fn keys(app_id: &str) -> &'static (PrivateKey, PrivateKey) {
    static KEYS: OnceLock<HashMap<&'static str, (PrivateKey, PrivateKey)>> = OnceLock::new();
    let make = || PrivateKey::generate(2048).expect("a key");
    let all = KEYS.get_or_init(|| {
        let ids = [APP_A, APP_B, APP_C];
        ids.into_iter().map(|id| (id, (make(), make()))).collect()
    });
    &all[app_id]
}

impl FakeAlipay {
    pub(crate) fn new(clock: ManualClock) -> Self {
        Self {
            state: Arc::default(),
            clock,
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next call of that method goes wrong.
    pub(crate) fn fault(&self, method: &str, fault: Fault) {
        let mut state = self.lock();
        state
            .faults
            .entry(method.to_owned())
            .or_default()
            .push_back(fault);
    }

    /// The next call of that method is done, and its answer held back.
    pub(crate) fn hold(&self, method: &str) -> Arc<Gate> {
        let gate = Arc::<Gate>::default();
        self.lock().gates.insert(method.to_owned(), gate.clone());
        gate
    }

    fn gate_of(&self, request: &HttpRequest) -> Option<Arc<Gate>> {
        let mut state = self.lock();
        let held = state.gates.keys();
        let named = held.filter(|method| request.url.contains(&format!("method={method}&")));
        let method = named.min_by_key(|method| method.len()).cloned()?;
        state.gates.remove(&method)
    }

    /// How often a method was called, and with what.
    pub(crate) fn calls(&self, method: &str) -> Vec<Value> {
        let state = self.lock();
        let calls = state.calls.iter().filter(|(name, _)| name == method);
        calls.map(|(_, biz)| biz.clone()).collect()
    }

    /// The buyer opens the cashier.
    pub(crate) fn open(&self, app_id: &str, number: &str, fen: i64) {
        let mut state = self.lock();
        let nth = state.trades.len();
        let trade = Trade {
            number: format!("20260821220014991605{nth:08}"),
            amount: Fen::new(fen),
            status: "WAIT_BUYER_PAY",
            paid_at: None,
            refunds: HashMap::new(),
        };
        let key = (app_id.to_owned(), number.to_owned());
        state.trades.entry(key).or_insert(trade);
    }

    /// The buyer pays.
    pub(crate) fn pay(&self, app_id: &str, number: &str, fen: i64) {
        self.open(app_id, number, fen);
        let at = self.clock.now().china();
        let mut state = self.lock();
        let key = (app_id.to_owned(), number.to_owned());
        let trade = state.trades.get_mut(&key).expect("opened above");
        trade.status = "TRADE_SUCCESS";
        trade.paid_at = Some(at);
    }

    /// Alipay closes the trade by itself.
    pub(crate) fn expire(&self, app_id: &str, number: &str) {
        let mut state = self.lock();
        let key = (app_id.to_owned(), number.to_owned());
        state.trades.get_mut(&key).expect("a trade").status = "TRADE_CLOSED";
    }

    /// What was refunded of a trade.
    pub(crate) fn refunded(&self, app_id: &str, number: &str) -> i64 {
        let state = self.lock();
        let key = (app_id.to_owned(), number.to_owned());
        let sum = state
            .trades
            .get(&key)
            .map(|t| t.refunds.values().map(|f| f.fen()).sum());
        sum.unwrap_or_default()
    }

    /// The fields of a notice of a paid trade, with a number of its own.
    pub(crate) fn notice(&self, app_id: &str, number: &str, yuan: &str) -> Params {
        let mut state = self.lock();
        state.notices += 1;
        let mut fields = paid_notice(app_id, &seller_of(app_id), number, yuan);
        fields.set("notify_id", &format!("2026082101222{:021}", state.notices));
        let key = (app_id.to_owned(), number.to_owned());
        if let Some(trade) = state.trades.get(&key) {
            fields.set("trade_no", &trade.number);
        }
        fields
    }

    /// The body of a notice, signed for the application that it names.
    pub(crate) fn sign(fields: &Params) -> Vec<u8> {
        let app_id = fields
            .get("app_id")
            .expect("a notice names its application");
        signed_notice(&keys(app_id).1, fields)
    }

    fn call(&self, request: &HttpRequest) -> Result<HttpResponse, TransportError> {
        let url = url::Url::parse(&request.url).expect("an address");
        let query: HashMap<String, String> = url.query_pairs().into_owned().collect();
        let body = form_urlencoded::parse(&request.body).find(|(name, _)| name == "biz_content");
        let biz: Value = body
            .map(|(_, text)| serde_json::from_str(&text).expect("JSON"))
            .unwrap_or_default();
        let (method, app_id) = (query["method"].clone(), query["app_id"].clone());
        let mut state = self.lock();
        state.calls.push((method.clone(), biz.clone()));
        let fault = state.faults.get_mut(&method).and_then(VecDeque::pop_front);
        let lost = |kind| TransportError {
            kind,
            detail: "as the test wants it".to_owned(),
        };
        if fault == Some(Fault::LostBefore) {
            return Err(lost(TransportErrorKind::Timeout));
        }
        if let Some(Fault::Refuse(sub_code)) = fault {
            return Ok(signed_answer(&keys(&app_id).1, &method, &refusal(sub_code)));
        }
        if fault == Some(Fault::Busy) {
            let node = json!({"code": "20000", "msg": "Service Currently Unavailable",
                "sub_code": "isp.unknow-error", "sub_msg": "系统繁忙"});
            return Ok(signed_answer(&keys(&app_id).1, &method, &node));
        }
        let at = self.clock.now().china();
        let mut node = perform(&mut state, &method, &app_id, &biz, &at);
        match fault {
            Some(Fault::LostAfter) => return Err(lost(TransportErrorKind::Lost)),
            Some(Fault::Taken) => node["fund_change"] = json!("N"),
            _ => {}
        }
        Ok(signed_answer(&keys(&app_id).1, &method, &node))
    }
}

impl Transport for FakeAlipay {
    fn send(&self, request: HttpRequest) -> BoxFuture<'_, Result<HttpResponse, TransportError>> {
        let gate = self.gate_of(&request);
        let result = self.call(&request);
        Box::pin(async move {
            if let Some(gate) = gate {
                gate.reached.notify_one();
                gate.opened.notified().await;
            }
            result
        })
    }
}

fn refusal(sub_code: &str) -> Value {
    json!({"code": "40004", "msg": "Business Failed", "sub_code": sub_code, "sub_msg": "不"})
}

fn perform(state: &mut State, method: &str, app_id: &str, biz: &Value, at: &str) -> Value {
    let number = biz["out_trade_no"].as_str().unwrap_or_default().to_owned();
    if method == "alipay.trade.precreate" {
        return json!({"code": "10000", "msg": "Success", "out_trade_no": number,
            "qr_code": format!("https://qr.alipay.com/{number}")});
    }
    let Some(trade) = state.trades.get_mut(&(app_id.to_owned(), number.clone())) else {
        return refusal("ACQ.TRADE_NOT_EXIST");
    };
    match method {
        "alipay.trade.query" => {
            let mut node = json!({"code": "10000", "msg": "Success", "trade_no": trade.number,
                "out_trade_no": number, "trade_status": trade.status,
                "total_amount": trade.amount.to_string()});
            if let Some(paid_at) = &trade.paid_at {
                node["send_pay_date"] = json!(paid_at);
            }
            node
        }
        "alipay.trade.close" if trade.status == "WAIT_BUYER_PAY" => {
            trade.status = "TRADE_CLOSED";
            json!({"code": "10000", "msg": "Success", "trade_no": trade.number,
                "out_trade_no": number})
        }
        "alipay.trade.close" => refusal("ACQ.TRADE_STATUS_ERROR"),
        "alipay.trade.refund" => refund(trade, biz, &number, at),
        "alipay.trade.fastpay.refund.query" => {
            let request = biz["out_request_no"].as_str().unwrap_or_default();
            match trade.refunds.get(request) {
                Some(amount) => json!({"code": "10000", "msg": "Success",
                    "trade_no": trade.number, "out_trade_no": number,
                    "out_request_no": request, "refund_status": "REFUND_SUCCESS",
                    "total_amount": trade.amount.to_string(),
                    "refund_amount": amount.to_string()}),
                None => json!({"code": "10000", "msg": "Success"}),
            }
        }
        other => panic!("the small Alipay has no {other}"),
    }
}

fn refund(trade: &mut Trade, biz: &Value, number: &str, at: &str) -> Value {
    let request = biz["out_request_no"].as_str().expect("a number").to_owned();
    let text = match &biz["refund_amount"] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let amount = Fen::parse_yuan(&text).expect("an amount");
    let sum = |trade: &Trade| Fen::sum(trade.refunds.values().copied()).expect("it fits");
    let again = trade.refunds.contains_key(&request);
    if !again {
        if !matches!(trade.status, "TRADE_SUCCESS") {
            return refusal("ACQ.TRADE_STATUS_ERROR");
        }
        if sum(trade).checked_add(amount).expect("it fits") > trade.amount {
            return refusal("ACQ.REASON_TRADE_REFUND_FEE_ERR");
        }
        trade.refunds.insert(request, amount);
        if sum(trade) == trade.amount {
            trade.status = "TRADE_CLOSED";
        }
    }
    json!({"code": "10000", "msg": "Success", "trade_no": trade.number,
        "out_trade_no": number, "fund_change": if again { "N" } else { "Y" },
        "refund_fee": sum(trade).to_string(), "gmt_refund_pay": at})
}
