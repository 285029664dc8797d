//! The pages on which a person pays, walked as a browser walks them.

use crate::browser::{Browser, Page};
use crate::support::{Bench, RETURN, code, keys, link, page_link};
use alipay::sign::{self, SignType};
use alipay::{Charset, form};
use http::StatusCode;
use kernel::time::HOUR_MS;
use serde_json::{Value, json};
use store::Db;

const QUERY: &str = "alipay.trade.query";
pub(crate) const BUYER: &str = "buyer@sandbox.com";
pub(crate) const POOR: &str = "poor@sandbox.com";

/// The cashier of a fresh desktop order.
pub(crate) async fn at_cashier(
    bench: &Bench,
    browser: &Browser<'_>,
    number: &str,
    amount: &str,
) -> Page {
    let visit = bench.open(&page_link(number, amount)).await.unwrap();
    browser.open(&format!("/cashier/{visit}")).await
}

pub(crate) async fn pays(browser: &Browser<'_>, page: &Page, password: &str) -> Page {
    browser
        .submit(page, "/pay", &[("pay_password", password)])
        .await
}

async fn balance(bench: &Bench, logon_id: &str) -> String {
    let account = bench.look(&format!("accounts/{logon_id}")).await;
    account["balance"].as_str().unwrap().to_owned()
}

pub(crate) async fn status(bench: &Bench, number: &str) -> String {
    let node = bench.node(QUERY, &json!({"out_trade_no": number})).await;
    node["trade_status"]
        .as_str()
        .unwrap_or(code(&node))
        .to_owned()
}

/// A phone's link; `more` goes into `biz_content`.
fn wap_link(number: &str, more: &Value) -> String {
    let mut biz = json!({
        "out_trade_no": number, "product_code": "QUICK_WAP_WAY",
        "total_amount": "5.00", "subject": "摄影入门",
    });
    biz.as_object_mut()
        .unwrap()
        .extend(more.as_object().unwrap().clone());
    link("alipay.trade.wap.pay", &biz)
}

/// Panics unless an address is the shop's with Alipay's signed fields behind it.
#[track_caller]
fn assert_signed_return(address: &str, number: &str) {
    let query = address
        .strip_prefix(RETURN)
        .unwrap()
        .strip_prefix('&')
        .unwrap();
    let params = form::decode(query.as_bytes(), Charset::Utf8).unwrap();
    assert_eq!(params.get("out_trade_no"), Some(number));
    let text = sign::notice_text(&params);
    let signature = params.get("sign").unwrap();
    let key = keys().alipay[0].public_key();
    sign::verify(key, SignType::Rsa2, text.as_bytes(), signature).expect("Alipay's signature");
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn a_purchase_by_login(db: Db) {
        let bench = Bench::new(db).await;
        for (lang, number, seller, done, shop) in [
            ("zh", "Z1", "通宝学堂", "付款成功", "返回商家"),
            ("en", "E1", "Tongbao School", "Paid", "Back to the shop"),
        ] {
            let browser = Browser::new(&bench, lang);
            let page = at_cashier(&bench, &browser, number, "1299.50").await;
            page.says("高等数学");
            page.says("1299.50");
            page.says(seller);
            assert!(page.has("svg[role=img]"));
            let page = browser.log_in(&page, BUYER).await;
            assert!(page.path.ends_with("/pay"), "{}", page.path);
            page.says(BUYER);
            let page = pays(&browser, &page, "111111").await;
            assert_eq!(page.title(), done);
            page.says("2026-08-21 09:30:00");
            let back = page.link(shop).expect("a way back");
            assert_signed_return(&back, number);
            assert_eq!(page.refresh, Some(format!("2; url={back}")));
            assert_eq!(status(&bench, number).await, "TRADE_SUCCESS");
        }
        assert_eq!(balance(&bench, BUYER).await, "97401.00");
        bench.sandbox.worker().run_due().await.unwrap();
        assert_eq!(bench.merchant.count(), 2);
        bench.assert_balanced().await;
    }

    async fn a_purchase_by_code_frees_the_desktop(db: Db) {
        let bench = Bench::new(db).await;
        let (desktop, phone) = (Browser::new(&bench, "zh"), Browser::new(&bench, "en"));
        let page = at_cashier(&bench, &desktop, "Q1", "9.90").await;
        let state = format!("{}/state", page.path);
        assert_eq!(bench.get(&state).await.json(), json!({"state": "waiting"}));
        let code = page.link("在新窗口里当作手机打开").unwrap();
        let on_phone = phone.open(&code).await;
        on_phone.says("高等数学");
        let on_phone = phone.log_in(&on_phone, BUYER).await;
        let on_phone = pays(&phone, &on_phone, "111111").await;
        assert_eq!(on_phone.title(), "Paid");
        assert_eq!(on_phone.refresh, None);
        assert_eq!(bench.get(&state).await.json(), json!({"state": "paid"}));
        let page = desktop.open(&format!("{}/done", page.path)).await;
        assert_signed_return(&page.link("返回商家").unwrap(), "Q1");
        // The code is spent.
        let again = phone.open(&code).await;
        assert_eq!(again.title(), "This order is paid already");
    }

    async fn five_wrong_passwords_lock_paying_for_three_hours(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "zh");
        let page = at_cashier(&bench, &browser, "W1", "9.90").await;
        let mut page = browser.log_in(&page, BUYER).await;
        for left in [4, 3, 2, 1] {
            page = pays(&browser, &page, "000000").await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            page.says(&format!("支付密码不对，还可以试 {left} 次。"));
        }
        let form = page.form("/pay", &[("pay_password", "111111")]);
        page = pays(&browser, &page, "000000").await;
        page.says("密码错误次数过多，请在 2026-08-21 12:30:00 之后再试。");
        assert!(!page.has("#pay_password"));
        // The right one does not help now, nor does another page.
        let reply = browser.post(&form.0, form.1.clone()).await;
        assert!(reply.text().contains("密码错误次数过多"));
        page = browser.open(&page.path).await;
        page.says("密码错误次数过多");
        assert_eq!(status(&bench, "W1").await, "WAIT_BUYER_PAY");
        bench.clock.advance_ms(3 * HOUR_MS);
        page = browser.open(&page.path).await;
        let english = Browser::new(&bench, "en");
        let other = english.open(&page.path).await;
        english.log_in(&other, BUYER).await;
        page = pays(&browser, &page, "111111").await;
        assert_eq!(page.title(), "付款成功");
    }

    async fn a_login_says_only_that_something_is_wrong(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "en");
        let mut page = at_cashier(&bench, &browser, "L1", "9.90").await;
        for logon_id in [BUYER, "nobody@sandbox.com", "not an address", "\"><script>"] {
            let fields = [("logon_id", logon_id), ("password", "wrong")];
            page = browser.submit(&page, "/login", &fields).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
            page.says("The account or its password is wrong.");
            assert!(!page.has("main script"));
        }
        for _ in 0..4 {
            let fields = [("logon_id", BUYER), ("password", "wrong")];
            page = browser.submit(&page, "/login", &fields).await;
        }
        page.says("Try again after 2026-08-21 09:40:00");
        bench.clock.advance_ms(600_000);
        let page = browser.log_in(&page, BUYER).await;
        // Another wallet in the same browser.
        let page = browser.submit(&page, "/logout", &[]).await;
        assert!(page.has("#logon_id"));
        let page = browser.log_in(&page, POOR).await;
        page.says(POOR);
    }

    async fn too_little_money_moves_none(db: Db) {
        let bench = Bench::new(db).await;
        for (lang, number, before, after) in [
            ("zh", "P1", "余额不足，付不了这笔款。", "余额不足：账户余额 1.00 元。没有扣款。"),
            ("en", "P2", "The balance is too small", "The balance of 1.00 yuan is too small."),
        ] {
            let browser = Browser::new(&bench, lang);
            let page = at_cashier(&bench, &browser, number, "9.90").await;
            let page = browser.log_in(&page, POOR).await;
            page.says(before);
            let page = pays(&browser, &page, "111111").await;
            page.says(after);
            assert_eq!(status(&bench, number).await, "WAIT_BUYER_PAY");
        }
        assert_eq!(balance(&bench, POOR).await, "1.00");
        bench.assert_balanced().await;
    }

    async fn who_leaves_may_come_back(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "zh");
        let page = at_cashier(&bench, &browser, "C1", "9.90").await;
        let page = browser.submit(&page, "/cancel", &[]).await;
        assert_eq!(page.title(), "已取消付款");
        assert_eq!(page.link("返回商家").as_deref(), Some("http://shop.example"));
        let page = browser.open(&page.link("继续付款").unwrap()).await;
        let page = browser.log_in(&page, BUYER).await;
        let page = pays(&browser, &page, "111111").await;
        assert_eq!(page.title(), "付款成功");
        // A paid one cannot be left unpaid.
        let page = browser.open(&page.path.replace("/done", "/cancel")).await;
        assert_eq!(page.title(), "这笔订单已经付过款");

        let quit = json!({"quit_url": "https://m.shop.example/cart"});
        let visit = bench.open(&wap_link("C2", &quit)).await.unwrap();
        let page = browser.open(&format!("/cashier/{visit}")).await;
        let page = browser.submit(&page, "/cancel", &[]).await;
        assert_eq!(page.link("返回商家").as_deref(), Some("https://m.shop.example/cart"));
        let quit = json!({"quit_url": "javascript:alert(1)"});
        if let Ok(visit) = bench.open(&wap_link("C3", &quit)).await {
            let page = browser.open(&format!("/cashier/{visit}/cancel")).await;
            assert_eq!(page.link("返回商家").as_deref(), Some("http://shop.example"));
        }
    }

    async fn a_phone_s_trade_begins_when_its_buyer_confirms(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "zh");
        let visit = bench.open(&wap_link("M1", &json!({}))).await.unwrap();
        let page = browser.open(&format!("/cashier/{visit}")).await;
        assert!(page.path.ends_with("/pay"), "{}", page.path);
        assert!(!page.has(".qr"));
        assert_eq!(status(&bench, "M1").await, "ACQ.TRADE_NOT_EXIST");
        let page = browser.log_in(&page, BUYER).await;
        assert_eq!(status(&bench, "M1").await, "ACQ.TRADE_NOT_EXIST");
        let page = pays(&browser, &page, "111111").await;
        assert_eq!(page.title(), "付款成功");
        assert!(page.link("返回商家").unwrap().contains("alipay.trade.wap.pay.return"));
        assert_eq!(status(&bench, "M1").await, "TRADE_SUCCESS");

        let soon = json!({"time_expire": "2026-08-21 09:40:00"});
        let visit = bench.open(&wap_link("M2", &soon)).await.unwrap();
        bench.clock.advance_ms(600_000);
        let page = browser.open(&format!("/cashier/{visit}")).await;
        assert_eq!(page.title(), "交易已超时关闭");
    }

    async fn every_end_has_its_page(db: Db) {
        let bench = Bench::new(db).await;
        for (lang, n, titles) in [
            ("zh", "1", ["这笔订单已经付过款", "交易已全额退款", "交易已关闭", "交易已超时关闭", "二维码已失效"]),
            ("en", "2", ["This order is paid already", "The payment was refunded", "The payment is closed", "The payment has expired", "The code has expired"]),
        ] {
            let browser = Browser::new(&bench, lang);
            let back = if lang == "zh" { "返回商家" } else { "Back to the shop" };
            let number = |name: &str| format!("{name}{n}");
            let biz = json!({"out_trade_no": number("qr"), "total_amount": "1.00", "subject": "当面付"});
            let node = bench.node("alipay.trade.precreate", &biz).await;
            let qr = node["qr_code"].as_str().unwrap().to_owned();

            let paid = at_cashier(&bench, &browser, &number("paid"), "2.00").await;
            bench.paid(&number("paid"), "2.00").await;
            let page = browser.open(&paid.path).await;
            assert_eq!(page.title(), titles[0]);
            assert_signed_return(&page.link(back).unwrap(), &number("paid"));
            assert_eq!(page.refresh, None);
            for path in ["/pay", "/cancel"] {
                let page = browser.open(&format!("{}{path}", paid.path)).await;
                assert_eq!(page.title(), titles[0]);
            }

            let biz = json!({"out_trade_no": number("paid"), "refund_amount": "2.00"});
            bench.node("alipay.trade.refund", &biz).await;
            let page = browser.open(&format!("{}/done", paid.path)).await;
            assert_eq!(page.title(), titles[1]);

            let closed = at_cashier(&bench, &browser, &number("closed"), "2.00").await;
            bench.node("alipay.trade.close", &json!({"out_trade_no": number("closed")})).await;
            let page = browser.open(&closed.path).await;
            assert_eq!(page.title(), titles[2]);
            assert_eq!(page.link(back).as_deref(), Some("http://shop.example"));

            let biz = json!({
                "out_trade_no": number("late"), "product_code": "FAST_INSTANT_TRADE_PAY",
                "total_amount": "2.00", "subject": "高等数学", "timeout_express": "3h",
            });
            let visit = bench.open(&link("alipay.trade.page.pay", &biz)).await.unwrap();
            let expired = browser.open(&format!("/cashier/{visit}")).await;
            let ready = browser.log_in(&expired, BUYER).await;
            bench.clock.advance_ms(3 * HOUR_MS);
            let page = pays(&browser, &ready, "111111").await;
            assert_eq!(page.title(), titles[3]);
            let state = bench.get(&format!("{}/state", expired.path)).await;
            assert_eq!(state.json(), json!({"state": "closed"}));

            let page = browser.open(&qr).await;
            assert_eq!((page.status, page.title().as_str()), (StatusCode::GONE, titles[4]));
            for path in ["/cashier/nothing", "/cashier/nothing/pay", "/cashier/nothing/done", "/qr/nothing"] {
                assert_eq!(browser.open(path).await.status, StatusCode::NOT_FOUND, "{path}");
            }
        }
        assert_eq!(balance(&bench, BUYER).await, "100000.00");
    }

    async fn sent_at_once_many_times_it_pays_once(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "zh");
        let page = at_cashier(&bench, &browser, "D1", "1000.00").await;
        let page = browser.log_in(&page, BUYER).await;
        let (path, body) = page.form("/pay", &[("pay_password", "111111")]);
        let posts = (0..8).map(|_| browser.post(&path, body.clone()));
        for reply in futures::future::join_all(posts).await {
            assert_eq!(reply.status, StatusCode::SEE_OTHER, "{}", reply.text());
            assert!(reply.header("location").unwrap().ends_with("/done"));
        }
        assert_eq!(balance(&bench, BUYER).await, "99000.00");
        bench.sandbox.worker().run_due().await.unwrap();
        assert_eq!(bench.merchant.count(), 1);
        bench.assert_balanced().await;
    }

    async fn two_wallets_at_once_pay_once(db: Db) {
        let bench = Bench::new(db).await;
        let (one, two) = (Browser::new(&bench, "zh"), Browser::new(&bench, "zh"));
        let page = at_cashier(&bench, &one, "T1", "0.50").await;
        let first = one.log_in(&page, BUYER).await;
        let page = two.open(&page.path).await;
        let second = two.log_in(&page, POOR).await;
        let (first, second) = futures::join!(
            pays(&one, &first, "111111"),
            pays(&two, &second, "111111"),
        );
        let mut titles = [first.title(), second.title()];
        titles.sort();
        assert_eq!(titles, ["付款成功", "这笔订单已经付过款"]);
        bench.assert_balanced().await;
    }
}
