//! A sandbox with a trade in every state, to look at its pages: prints the addresses and serves
//! them until it is stopped.
//!
//! `cargo run -p tongbao-sandbox --example pages [address]`, 127.0.0.1:8699 unless another is given.

use futures::future::BoxFuture;
use kernel::{Clock, ManualClock, OsRng, Timestamp};
use money::Fen;
use sandbox::app::ask_trade::ask_trade;
use sandbox::app::close_trade::TradeRef;
use sandbox::app::open_trade::{OpenTrade, open_trade};
use sandbox::app::pay_trade::{FundChannel, PayTrade, pay_trade};
use sandbox::app::precreate::qr_address;
use sandbox::app::refund_trade::{RefundTrade, refund_trade};
use sandbox::domain::{Offer, PayChannels, Product, Timeout};
use sandbox::worlds::WorldName;
use sandbox::{
    Answer, App, BuyerSpec, NewApp, NoticeSender, Outgoing, Password, Profile, Sandbox,
    SandboxParts, SendError,
};
use service::password::Passwords;
use std::error::Error;
use std::sync::Arc;

/// Answers every second notice wrongly.
#[derive(Debug)]
struct Shop(std::sync::atomic::AtomicUsize);

impl NoticeSender for Shop {
    fn post(&self, _: Outgoing) -> BoxFuture<'_, Result<Answer, SendError>> {
        let turn = self.0.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let body = if turn.is_multiple_of(2) {
            "error"
        } else {
            "success"
        };
        let answer = Answer {
            status: 200,
            body: body.into(),
        };
        Box::pin(async move { Ok(answer) })
    }
}

fn offer(number: &str, subject: &str, fen: i64, product: Product) -> Offer {
    Offer {
        out_trade_no: number.to_owned(),
        product,
        total_amount: Fen::new(fen),
        subject: subject.to_owned(),
        body: None,
        passback_params: None,
        notify_url: Some("http://127.0.0.1:8601/order/success/".to_owned()),
        charset: "utf-8".to_owned(),
        timeout: Timeout::Default,
        qr_timeout_ms: None,
        store_id: None,
        terminal_id: None,
        payer: None,
        by_app_id: None,
        channels: PayChannels::Any,
        signing: None,
    }
}

fn open(app: &App, offer: Offer, back: bool) -> OpenTrade {
    OpenTrade {
        app: app.clone(),
        offer,
        return_url: back.then(|| "http://127.0.0.1:8601/pay/success".to_owned()),
        quit_url: None,
    }
}

/// The merchant's wish to give all of a trade back.
fn whole_refund(app: &App, out_trade_no: String) -> RefundTrade {
    let wanted = TradeRef {
        app_id: app.app_id.clone(),
        out_trade_no: Some(out_trade_no),
        trade_no: None,
    };
    RefundTrade {
        wanted,
        profile: Profile::Production,
        amount: Fen::new(8_800),
        out_request_no: Some("R20260821000031".to_owned()),
        reason: Some("学员申请退款".to_owned()),
        back: Vec::new(),
    }
}

/// One trade in each state; returns what to open.
async fn fill(
    sandbox: &Sandbox,
    clock: &ManualClock,
    app: &App,
) -> Result<Vec<(String, String)>, Box<dyn Error>> {
    let cx = sandbox.context();
    let buyer = sandbox.ensure_buyer(BuyerSpec::default_buyer()).await?;
    let poor = BuyerSpec {
        logon_id: "poor@sandbox.com".to_owned(),
        balance: Fen::new(100),
        login_password: Password::Plain("111111".to_owned()),
        pay_password: Password::Plain("111111".to_owned()),
    };
    sandbox.ensure_buyer(poor).await?;
    let mut addresses = Vec::new();
    let mut visit =
        |what: &str, id: &str| addresses.push((what.to_owned(), format!("/cashier/{id}")));
    let pay = |trade_id| PayTrade {
        trade_id,
        user_id: buyer.user_id.clone(),
        pay_password: None,
        fund_channel: FundChannel::Balance,
        shown: None,
        signs: true,
    };
    let page = Product::Page;

    let mut old = offer("20260807000001", "Linux 系统管理（2026 春）", 19_900, page);
    old.timeout = Timeout::After(3_600_000);
    let expired = open_trade(cx, open(app, old, true)).await?;
    visit("expired", &expired.visit_id);
    for number in 2..30 {
        let number = format!("202608070000{number:02}");
        let one = offer(&number, "Python 从入门到实践", 3_900, page);
        let opened = open_trade(cx, open(app, one, true)).await?;
        pay_trade(cx, pay(opened.trade_id)).await?;
        clock.advance_ms(41_000_000);
        sandbox.worker().run_due().await?;
    }
    let one = offer("20260821000030", "Rust 编程：所有权与并发", 12_900, page);
    let paid = open_trade(cx, open(app, one, true)).await?;
    pay_trade(cx, pay(paid.trade_id.clone())).await?;
    visit("paid", &paid.visit_id);
    let one = offer("20260821000031", "数据结构与算法", 8_800, page);
    let back = open_trade(cx, open(app, one, false)).await?;
    visit("refunded", &back.visit_id);
    let trade = pay_trade(cx, pay(back.trade_id)).await?.offer;
    refund_trade(cx, whole_refund(app, trade.out_trade_no)).await?;
    let one = offer("20260821000032", "不回商家的付款", 100, page);
    let alone = open_trade(cx, open(app, one, false)).await?;
    pay_trade(cx, pay(alone.trade_id)).await?;
    visit("paid without a way back", &alone.visit_id);
    sandbox.worker().run_due().await?;

    let one = offer(
        "20260821000033",
        "前端工程师：从 HTML 到 React",
        29_900,
        page,
    );
    visit(
        "desktop",
        &open_trade(cx, open(app, one, true)).await?.visit_id,
    );
    let one = offer(
        "20260821000034",
        "摄影入门（手机网页支付）",
        5_900,
        Product::Wap,
    );
    visit(
        "phone",
        &open_trade(cx, open(app, one, true)).await?.visit_id,
    );
    let one = offer(
        "20260821000035",
        "当面付：<script>alert(1)</script> 🎓",
        1,
        Product::Precreate,
    );
    let code = qr_address(cx, &ask_trade(cx, app, &one).await?);
    let code = code.rsplit_once("/qr/").map_or("", |(_, code)| code);
    addresses.push(("code".to_owned(), format!("/qr/{code}")));
    Ok(addresses)
}

#[tokio::main]
#[expect(clippy::print_stdout, reason = "it prints addresses")]
async fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::args().nth(1);
    let address = address.unwrap_or_else(|| "127.0.0.1:8699".to_owned());
    let listener = tokio::net::TcpListener::bind(&address).await?;
    let database = testdb::sqlite(sandbox::steps()).await;
    let clock = ManualClock::new(Timestamp::parse_china("2026-08-07 09:30:00")?);
    let rng = Arc::new(OsRng);
    let shared: Arc<dyn Clock> = Arc::new(clock.clone());
    let sandbox = Sandbox::open(SandboxParts {
        db: database.db.clone(),
        clock: Arc::clone(&shared),
        wall: shared,
        rng: rng.clone(),
        passwords: Passwords::cheap(rng),
        sender: Arc::new(Shop(std::sync::atomic::AtomicUsize::new(0))),
        public_url: format!("http://{address}"),
        control_token: None,
        clock_control: None,
        demo: true,
        world: WorldName::default(),
        seed: None,
    })
    .await?;
    let new = |name: &str| NewApp {
        name: name.to_owned(),
        app_public_key: None,
        profile: Profile::Production,
    };
    let app = sandbox.ensure_app(new("courses")).await?;
    sandbox.ensure_app(new("acme-bikes")).await?;
    for (what, path) in fill(&sandbox, &clock, &app).await? {
        println!("{what}\thttp://{address}{path}");
    }
    let shutdown = service::lifecycle::Shutdown::new();
    service::server::serve(listener, sandbox.router(), &shutdown).await?;
    Ok(())
}
