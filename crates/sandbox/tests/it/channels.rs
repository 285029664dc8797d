//! Which channels a merchant leaves to the buyer: by the control API, by a code, at the cashier.

use crate::browser::Browser;
use crate::cashier::{pays, status};
use crate::support::{Bench, code, link, signed};
use http::StatusCode;
use serde_json::{Value, json};
use store::Db;

const GOOD: &str = "10000";

fn order(number: &str) -> Value {
    json!({"out_trade_no": number, "total_amount": "1.00", "subject": "课程"})
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn a_channel_that_is_left_out_does_not_pay(db: Db) {
        let bench = Bench::new(db).await;
        let mut biz = order("F1");
        biz["disable_pay_channels"] = "balance,moneyFund".into();
        assert_eq!(code(&bench.node("alipay.trade.precreate", &biz).await), GOOD);
        let refused = bench.control("trades/F1/pay", json!({})).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", refused.text());
        assert!(refused.text().contains("fund-channel-refused"), "{}", refused.text());
        let paid = bench.control("trades/F1/pay", json!({"fund_channel": "PCREDIT"})).await;
        assert_eq!(paid.status, StatusCode::OK, "{}", paid.text());
        let mut only = order("F2");
        only["enable_pay_channels"] = "balance".into();
        assert_eq!(code(&bench.node("alipay.trade.precreate", &only).await), GOOD);
        for (channel, status) in [("PCREDIT", StatusCode::UNPROCESSABLE_ENTITY), ("BANKCARD", StatusCode::UNPROCESSABLE_ENTITY), ("ALIPAYACCOUNT", StatusCode::OK)] {
            let reply = bench.control("trades/F2/pay", json!({"fund_channel": channel})).await;
            assert_eq!(reply.status, status, "{channel} {}", reply.text());
        }
        bench.assert_balanced().await;
    }

    async fn a_code_pays_no_order_that_leaves_the_balance_out(db: Db) {
        let bench = Bench::new(db).await;
        for (number, amount) in [("C1", "5.00"), ("C2", "5000.00")] {
            let shown = bench.control("accounts/buyer@sandbox.com/payment-codes", json!({})).await.json();
            let biz = json!({"out_trade_no": number, "total_amount": amount, "subject": "s", "scene": "bar_code",
                "auth_code": shown["auth_code"], "disable_pay_channels": "balance"});
            let reply = bench.call("alipay.trade.pay", &biz).await;
            let node = reply.signed_node("alipay.trade.pay");
            assert_eq!(code(&node), "ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE", "{shown} {node}");
            let asked = bench.post(signed(0, "alipay.trade.query", &json!({"out_trade_no": number}).to_string(), &[])).await;
            assert_eq!(asked.signed_node("alipay.trade.query")["trade_status"], "WAIT_BUYER_PAY");
        }
        bench.assert_balanced().await;
    }

    async fn the_cashier_offers_what_the_merchant_left(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "zh");
        let card = bench.control("accounts/buyer@sandbox.com/cards", json!({"bank": "CMB"})).await;
        assert_eq!(card.status, StatusCode::CREATED, "{}", card.text());
        for (number, field, list, balance, cards) in [
            ("H1", "disable_pay_channels", "balance", false, true),
            ("H2", "enable_pay_channels", "balance,pcredit", true, false),
            ("H3", "enable_pay_channels", "moneyFund", false, false),
        ] {
            let mut biz = order(number);
            biz["product_code"] = "FAST_INSTANT_TRADE_PAY".into();
            biz[field] = list.into();
            let visit = bench.open(&link("alipay.trade.page.pay", &biz)).await.unwrap();
            let mut page = browser.open(&format!("/cashier/{visit}/pay")).await;
            if !page.has("#pay-problem") && !page.has("input[name=pay_password]") && page.has("input[name=password]") {
                page = browser.log_in(&page, "buyer@sandbox.com").await;
            }
            assert_eq!(page.has("#means-balance") || (balance && !cards), balance, "{number} {}", page.text());
            assert_eq!(page.has("#means-1"), cards, "{number} {}", page.text());
            assert_eq!(page.link("用别的银行卡付款").is_some(), cards, "{number}");
            assert_eq!(page.has("input[name=pay_password]"), balance || cards, "{number} {}", page.text());
            if !balance && cards {
                page.says("请用银行卡");
                let fields = [("card_no", ""), ("pay_password", "111111")];
                let page = browser.submit(&page, "/pay", &fields).await;
                page.says("没有为这笔订单开放余额付款");
                assert_eq!(status(&bench, number).await, "WAIT_BUYER_PAY");
                // The card is chosen already.
                let page = pays(&browser, &page, "111111").await;
                assert_eq!(page.title(), "付款成功");
                let trade = bench.look(&format!("trades/{number}")).await;
                assert!(trade.to_string().contains("BANKCARD"), "{trade}");
            }
        }
    }

    async fn a_hold_lies_in_the_pocket_that_its_merchant_left(db: Db) {
        let bench = Bench::new(db).await;
        let wish = |number: &str, field: &str, list: Value| json!({
            "out_order_no": number, "out_request_no": format!("{number}r"), "order_title": "押金",
            "amount": "99.00", "product_code": "PRE_AUTH", field: list,
        });
        let types = |names: &[&str]| {
            let one = |name: &&str| json!({"payChannelType": name});
            // An array, or its text as the documents show it.
            json!(names.iter().map(one).collect::<Vec<_>>()).to_string()
        };
        let voucher = "alipay.fund.auth.order.voucher.create";
        for (number, field, names, from, spent) in [
            ("H1", "enable_pay_channels", &["PCREDIT_PAY", "MONEY_FUND"][..], "花呗", "100000.00"),
            ("H2", "disable_pay_channels", &["OPTIMIZED_MOTO"][..], "账户余额", "99901.00"),
        ] {
            let node = bench.node(voucher, &wish(number, field, types(names).into())).await;
            assert_eq!(code(&node), GOOD, "{node}");
            let phone = Browser::new(&bench, "zh");
            let page = phone.open(node["code_value"].as_str().unwrap()).await;
            page.says(from);
            let page = phone.log_in(&page, "buyer@sandbox.com").await;
            let page = phone.submit(&page, "/agree", &[("pay_password", "111111")]).await;
            assert_eq!(page.title(), "已冻结", "{number}");
            assert_eq!(bench.look("accounts/buyer@sandbox.com").await["balance"], spent, "{number}");
            bench.assert_balanced().await;
        }
        // What Huabei holds, Huabei pays, and gets back.
        let detail = json!({"out_order_no": "H1", "out_request_no": "H1r"});
        let auth_no = bench.node("alipay.fund.auth.operation.detail.query", &detail).await["auth_no"].clone();
        let take = json!({"out_trade_no": "T1", "total_amount": "60.00", "subject": "租金", "product_code": "PRE_AUTH", "auth_no": auth_no});
        let paid = bench.node("alipay.trade.pay", &take).await;
        assert_eq!((code(&paid), &paid["fund_bill_list"][0]["fund_channel"]), (GOOD, &json!("PCREDIT")), "{paid}");
        let back = json!({"auth_no": auth_no, "out_request_no": "u1", "amount": "39.00", "remark": "归还"});
        assert_eq!(code(&bench.node("alipay.fund.auth.order.unfreeze", &back).await), GOOD);
        let refund = json!({"out_trade_no": "T1", "refund_amount": "60.00"});
        assert_eq!(code(&bench.node("alipay.trade.refund", &refund).await), GOOD);
        assert_eq!(bench.look("accounts/buyer@sandbox.com").await["balance"], "99901.00");
        bench.assert_balanced().await;
        // The number stays with what it left.
        let again = bench.node(voucher, &wish("H9", "enable_pay_channels", types(&["PCREDIT_PAY"]).into())).await;
        assert_eq!(code(&again), GOOD);
        let other = bench.node(voucher, &wish("H9", "enable_pay_channels", types(&["MONEY_FUND"]).into())).await;
        assert_eq!(code(&other), "UNIQUE_VIOLATION");
    }

    async fn a_hold_of_channels_that_nobody_has_holds_nothing(db: Db) {
        let bench = Bench::new(db).await;
        let wish = |number: &str| json!({
            "out_order_no": number, "out_request_no": format!("{number}r"), "order_title": "押金",
            "amount": "99.00", "product_code": "PRE_AUTH", "enable_pay_channels": [{"payChannelType": "MONEY_FUND"}],
        });
        let reply = bench.call("alipay.fund.auth.order.voucher.create", &wish("H1")).await;
        assert!(reply.explain().contains("PCREDIT_PAY"), "{}", reply.explain());
        let address = reply.signed_node("alipay.fund.auth.order.voucher.create")["code_value"].clone();
        let page = Browser::new(&bench, "en").open(address.as_str().unwrap()).await;
        assert_eq!(page.title(), "There is no channel for it");
        let played = bench.control("consents", json!({"url": address})).await;
        assert_eq!(played.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", played.text());
        let shown = bench.control("accounts/buyer@sandbox.com/payment-codes", json!({})).await.json();
        let mut by_code = wish("H2");
        by_code["auth_code"] = shown["auth_code"].clone();
        assert_eq!(code(&bench.node("alipay.fund.auth.order.freeze", &by_code).await), "ILLEGAL_ARGUMENT");
        assert_eq!(bench.look("accounts/buyer@sandbox.com").await["balance"], "100000.00");
        let mut both = wish("H3");
        both["disable_pay_channels"] = json!([{"payChannelType": "OPTIMIZED_MOTO"}]);
        let reply = bench.call("alipay.fund.auth.order.voucher.create", &both).await;
        assert_eq!(code(&reply.signed_node("alipay.fund.auth.order.voucher.create")), "ILLEGAL_ARGUMENT");
        let mut strange = wish("H4");
        strange["enable_pay_channels"] = json!([{"payChannelType": "GOLD"}, {"payChannelType": "PCREDIT_PAY"}]);
        let reply = bench.call("alipay.fund.auth.order.voucher.create", &strange).await;
        assert!(reply.explain().contains("enable_pay_channels[0].payChannelType"), "{}", reply.explain());
        bench.assert_balanced().await;
    }
}
