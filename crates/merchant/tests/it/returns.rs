//! A browser's return is a hint: it makes us ask, and proves nothing.

use crate::alipay::{APP_A, APP_C, Fault, keys, seller_of};
use crate::shop::Shop;
use ::alipay::{Charset, Params, canonical, form};
use merchant::app::{ReturnVerdict, Scope, receive_return};
use merchant::domain::OrderState;
use store::Db;

fn fields(app_id: &str, number: &str, yuan: &str) -> Params {
    Params::from([
        ("charset", "utf-8"),
        ("out_trade_no", number),
        ("method", "alipay.trade.page.pay.return"),
        ("total_amount", yuan),
        ("trade_no", "2026082122001499160500000000"),
        ("auth_app_id", app_id),
        ("version", "1.0"),
        ("app_id", app_id),
        ("sign_type", "RSA2"),
        ("seller_id", &seller_of(app_id)),
        ("timestamp", "2026-08-21 09:31:00"),
    ])
}

fn query(mut fields: Params) -> String {
    let app_id = fields.get("app_id").expect("an application").to_owned();
    canonical::sign_notice(&mut fields, &keys(&app_id).1, Charset::Utf8).expect("a signature");
    form::encode(&fields, Charset::Utf8).expect("UTF-8")
}

async fn take(shop: &Shop, query: &str) -> ReturnVerdict {
    let scope = Scope::Merchant("school".to_owned());
    receive_return(&shop.merchant, &scope, query)
        .await
        .expect("the database is there")
}

fn state(verdict: &ReturnVerdict) -> Option<OrderState> {
    match verdict {
        ReturnVerdict::Genuine(order) => Some(order.state),
        ReturnVerdict::Mismatched | ReturnVerdict::Forged => None,
    }
}

testdb::on_both_engines! {
    steps: merchant::steps;

    async fn a_return_makes_us_ask_and_the_answer_counts(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        let back = query(fields(APP_A, "A1", "39.00"));
        assert_eq!(state(&take(&shop, &back).await), Some(OrderState::Open), "not paid yet");
        shop.alipay.pay(APP_A, "A1", 3_900);
        shop.alipay.fault("alipay.trade.query", Fault::LostBefore);
        assert_eq!(state(&take(&shop, &back).await), Some(OrderState::Open), "nobody answered");
        assert_eq!(state(&take(&shop, &back).await), Some(OrderState::Paid));
        let asked = shop.alipay.calls("alipay.trade.query").len();
        assert_eq!(state(&take(&shop, &back).await), Some(OrderState::Paid));
        assert_eq!(shop.alipay.calls("alipay.trade.query").len(), asked, "known: not asked");
        // What the shop's own address carries is not signed and does no harm.
        let more = format!("{back}&from=cart");
        assert_eq!(state(&take(&shop, &more).await), Some(OrderState::Paid));
    }

    async fn a_return_that_does_not_fit_asks_nothing(db: Db) {
        let shop = Shop::new(db).await;
        shop.order("A1").await;
        shop.alipay.pay(APP_A, "A1", 3_900);
        let mut stranger = fields(APP_A, "A1", "39.00");
        stranger.set("seller_id", "2088000000009999");
        for odd in [
            fields(APP_A, "A1", "0.01"),
            fields(APP_A, "NOBODY", "39.00"),
            fields(APP_C, "A1", "39.00"),
            stranger,
        ] {
            assert_eq!(take(&shop, &query(odd)).await, ReturnVerdict::Mismatched);
        }
        let forged = query(fields(APP_A, "A1", "39.00")).replace("39.00", "38.00");
        for odd in [forged.as_str(), "", "app_id=1", "%zz"] {
            assert_eq!(take(&shop, odd).await, ReturnVerdict::Forged);
        }
        let mall = Scope::Merchant("mall".to_owned());
        let back = query(fields(APP_A, "A1", "39.00"));
        let elsewhere = receive_return(&shop.merchant, &mall, &back);
        assert_eq!(elsewhere.await.unwrap(), ReturnVerdict::Mismatched);
        assert_eq!(shop.alipay.calls("alipay.trade.query").len(), 0);
        assert_eq!(shop.state("A1").await, OrderState::Open);
    }
}
