//! Every state of a trade against everything that can happen to it: the table is the rule.

use super::*;
use crate::domain::Timeout;
use crate::domain::app::Profile;
use crate::domain::offer::{Offer, Payer};
use crate::domain::pay_channels::PayChannels;
use crate::domain::product::Product;
use kernel::Timestamp;
use money::Fen;

fn offer(product: Product) -> Offer {
    Offer {
        out_trade_no: "A1".to_owned(),
        product,
        total_amount: Fen::new(1_000),
        subject: "课程".to_owned(),
        body: None,
        passback_params: None,
        notify_url: None,
        charset: "utf-8".to_owned(),
        timeout: Timeout::Default,
        qr_timeout_ms: None,
        store_id: None,
        terminal_id: None,
        payer: (product == Product::Pay).then(|| Payer {
            user_id: payment().buyer_user_id,
            logon_id: payment().buyer_logon_id,
        }),
        by_app_id: None,
        channels: PayChannels::Any,
        signing: None,
    }
}

const NOW: Timestamp = Timestamp::from_ms(1_000_000_000);

fn born(expires_in_ms: i64) -> Born {
    Born {
        trade_no: "2026082122001000000000000001".to_owned(),
        created_at: NOW,
        expires_at: NOW.plus_ms(expires_in_ms),
    }
}

fn payment() -> Payment {
    Payment {
        buyer_user_id: "2088722000000001".to_owned(),
        buyer_logon_id: "buy***@sandbox.com".to_owned(),
        fund_channel: "ALIPAYACCOUNT".to_owned(),
        paid_at: NOW,
    }
}

fn trade(product: Product, state: TradeState) -> Trade {
    Trade {
        trade_id: "trd_01J00000000000000000000000".parse().expect("a number"),
        app_id: "9021000000000001".to_owned(),
        seller_id: "2088721000000001".to_owned(),
        offer: offer(product),
        qr_code: "c".to_owned(),
        asked_at: NOW,
        state,
        refunded: Fen::ZERO,
    }
}

fn states() -> Vec<(&'static str, TradeState)> {
    let closed = |payment, why| TradeState::Closed(born(1), payment, why, NOW);
    vec![
        ("asked", TradeState::Asked),
        ("waiting", TradeState::Waiting(born(1))),
        ("overdue", TradeState::Waiting(born(0))),
        ("paid", TradeState::Paid(born(1), payment())),
        ("finished", TradeState::Finished(born(1), payment(), NOW)),
        ("expired", closed(None, CloseReason::Expired)),
        ("closed", closed(None, CloseReason::Merchant)),
        ("refunded", closed(Some(payment()), CloseReason::Refunded)),
    ]
}

fn word(state: &TradeState) -> &'static str {
    match state {
        TradeState::Asked => "asked",
        TradeState::Waiting(_) => "waiting",
        TradeState::Paid(..) => "paid",
        TradeState::Finished(..) => "finished",
        TradeState::Closed(_, _, why, _) => why.as_str(),
    }
}

fn refusal(refusal: &Refusal) -> String {
    match refusal {
        Refusal::Status(status) => format!("no: is {status}"),
        Refusal::Differs(field) => format!("no: other {field}"),
        Refusal::Exceeds { left } => format!("no: {left} left"),
        other => format!("no: {other:?}"),
    }
}

fn cell<T>(result: Result<T, Refusal>, good: impl Fn(T) -> String) -> String {
    result.map_or_else(|why| refusal(&why), good)
}

#[test]
fn every_state_against_every_event() {
    let profile = Profile::Production;
    let mut table = String::new();
    for product in Product::ALL {
        table.push_str(product.as_str());
        table.push('\n');
        for (name, state) in states() {
            let trade = trade(product, state);
            let mut asked = trade.clone();
            let user_id = payment().buyer_user_id;
            let next = |state: TradeState| word(&state).to_owned();
            let back =
                |(state, refunded): (TradeState, Fen)| format!("{} {refunded}", word(&state));
            let cells = [
                cell(
                    trade.reopen(&offer(product), Profile::Production, NOW),
                    |how| format!("{how:?}"),
                ),
                cell(trade.meet(profile, NOW), |begins| {
                    format!("begins={begins}")
                }),
                cell(trade.pay(payment(), NOW), next),
                cell(trade.close(CloseReason::Merchant, NOW), next),
                cell(trade.refund(Fen::new(300), true, profile, NOW), back),
                cell(trade.refund(Fen::new(1_000), false, profile, NOW), back),
                cell(trade.finish(NOW), next),
                cell(trade.cancel(NOW), |cancel| match cancel {
                    Cancel::Nothing => "cancel: nothing".to_owned(),
                    Cancel::Close(state) => format!("cancel: {}", word(&state)),
                    Cancel::Refund => "cancel: refund".to_owned(),
                    Cancel::Already(how) => format!("cancel: {} before", how.as_str()),
                }),
                cell(asked.refuse(&user_id), |()| "refused".to_owned()),
            ];
            for part in ["  ", name, ": ", &cells.join(" | "), "\n"] {
                table.push_str(part);
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn what_differs_is_named() {
    let page = trade(Product::Page, TradeState::Waiting(born(1)));
    let mut again = offer(Product::Page);
    again.total_amount = Fen::new(999);
    assert_eq!(
        page.reopen(&again, Profile::Production, NOW),
        Err(Refusal::Differs("total_amount"))
    );
    again = offer(Product::Page);
    again.subject = "别的".to_owned();
    assert_eq!(
        page.reopen(&again, Profile::Production, NOW),
        Err(Refusal::Differs("subject"))
    );
    // What was asked for as a code becomes a page's trade when its link is opened.
    let asked = trade(Product::Precreate, TradeState::Asked);
    assert_eq!(
        asked.reopen(&offer(Product::Page), Profile::Production, NOW),
        Ok(Reopened::Begin)
    );
    let code = offer(Product::Precreate);
    for (after_ms, wanted) in [
        (QR_LIFE_MS - 1, Reopened::Continue),
        (QR_LIFE_MS, Reopened::Replace),
    ] {
        let now = NOW.plus_ms(after_ms);
        assert_eq!(asked.reopen(&code, Profile::Production, now), Ok(wanted));
    }
}

#[test]
fn a_refund_never_exceeds_what_is_left() {
    let mut paid = trade(Product::Page, TradeState::Paid(born(1), payment()));
    paid.refunded = Fen::new(900);
    let refund = |trade: &Trade, fen, numbered| {
        trade.refund(Fen::new(fen), numbered, Profile::Production, NOW)
    };
    let left = Fen::new(100);
    assert_eq!(refund(&paid, 101, true), Err(Refusal::Exceeds { left }));
    assert_eq!(
        refund(&paid, i64::MAX, true),
        Err(Refusal::Exceeds { left })
    );
    assert_eq!(refund(&paid, 100, false), Err(Refusal::NotWhole));
    let (state, refunded) = refund(&paid, 100, true).expect("the rest");
    assert_eq!((word(&state), refunded), ("refunded", Fen::new(1_000)));
    paid.refunded = Fen::ZERO;
    let sandbox = paid.refund(Fen::new(300), true, Profile::AlipaySandbox, NOW);
    assert_eq!(sandbox, Err(Refusal::NotWhole));
}

#[test]
fn a_code_cannot_be_scanned_after_two_hours() {
    let mut asked = trade(Product::Precreate, TradeState::Asked);
    let profile = Profile::Production;
    assert_eq!(asked.meet(profile, NOW.plus_ms(QR_LIFE_MS - 1)), Ok(true));
    assert_eq!(
        asked.meet(profile, NOW.plus_ms(QR_LIFE_MS)),
        Err(Refusal::Expired)
    );
    asked.offer.qr_timeout_ms = Some(60_000);
    assert_eq!(
        asked.meet(profile, NOW.plus_ms(60_000)),
        Err(Refusal::Expired)
    );
}

#[test]
fn a_trade_for_one_buyer_is_paid_by_nobody_else() {
    let mut read = trade(Product::Pay, TradeState::Waiting(born(1)));
    let mut other = payment();
    other.buyer_user_id = "2088722000000002".to_owned();
    assert_eq!(read.pay(other.clone(), NOW), Err(Refusal::OtherBuyer));
    assert_eq!(read.refuse(&other.buyer_user_id), Err(Refusal::OtherBuyer));
    assert_eq!(read.refuse(&payment().buyer_user_id), Ok(()));
    // Who said no is not asked again, but by another code.
    assert_eq!(read.pay(payment(), NOW), Err(Refusal::NotAsked));
    let mut made = trade(Product::Create, TradeState::Waiting(born(1)));
    made.offer.payer = offer(Product::Pay).payer;
    let mut again = made.offer.clone();
    assert_eq!(
        made.reopen(&again, Profile::Production, NOW),
        Ok(Reopened::Continue)
    );
    again.payer = Some(Payer {
        user_id: other.buyer_user_id,
        logon_id: "x".to_owned(),
    });
    let reopened = made.reopen(&again, Profile::Production, NOW);
    assert_eq!(reopened, Err(Refusal::OtherBuyer));
    assert_eq!(made.refuse(&payment().buyer_user_id), Ok(()));
    assert!(made.pay(payment(), NOW).is_ok());
}

#[test]
fn a_trade_is_cancelled_within_a_day_and_as_a_whole() {
    let mut paid = trade(Product::Pay, TradeState::Paid(born(1), payment()));
    let late = NOW.plus_ms(CANCEL_WINDOW_MS);
    assert_eq!(paid.cancel(late.plus_ms(-1)), Ok(Cancel::Refund));
    assert_eq!(paid.cancel(late), Err(Refusal::CancelLate));
    paid.refunded = Fen::new(1);
    let refunded = paid.refunded;
    assert_eq!(paid.cancel(NOW), Err(Refusal::PartlyRefunded { refunded }));
}
