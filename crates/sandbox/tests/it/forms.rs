//! The cashier's forms against other sites, against what shops write and against what people type.

use crate::browser::Browser;
use crate::cashier::{BUYER, POOR, at_cashier, pays, status};
use crate::support::{Bench, sign_params, unsigned};
use alipay::{Charset, form};
use http::StatusCode;
use serde_json::json;
use store::Db;

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn a_form_of_another_site_moves_nothing(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "zh");
        let page = at_cashier(&bench, &browser, "X1", "9.90").await;
        let page = browser.log_in(&page, BUYER).await;
        let (path, right) = page.form("/pay", &[("pay_password", "111111")]);
        let stranger = Browser::new(&bench, "zh");
        let theirs = stranger.open(&page.path).await;
        let theirs = stranger.log_in(&theirs, POOR).await;
        let (_, others) = theirs.form("/pay", &[("pay_password", "111111")]);
        for (body, status) in [
            ("pay_password=111111".to_owned(), StatusCode::UNPROCESSABLE_ENTITY),
            ("pay_password=111111&csrf_token=".to_owned(), StatusCode::FORBIDDEN),
            (others, StatusCode::FORBIDDEN),
        ] {
            let reply = browser.post(&path, body).await;
            assert_eq!(reply.status, status);
            let page = browser.arrive(path.clone(), reply).await;
            let again = page.link("重新打开付款页").expect("a way on");
            assert!(path.starts_with(&again));
        }
        // The right token from another site, and without the cookie.
        let request = browser.request("POST", &path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "cross-site");
        let reply = bench.send(request.body(right.clone().into()).unwrap()).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN);
        let reply = Browser::new(&bench, "en").post(&path, right.clone()).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN);
        assert!(reply.text().contains("This page is out of date"));
        assert_eq!(status(&bench, "X1").await, "WAIT_BUYER_PAY");
        for action in ["login", "logout", "cancel"] {
            let path = path.replace("/pay", &format!("/{action}"));
            let body = "csrf_token=x&logon_id=a&password=b".to_owned();
            assert_eq!(browser.post(&path, body).await.status, StatusCode::FORBIDDEN);
        }
        let reply = browser.post(&path, right).await;
        assert_eq!(reply.status, StatusCode::SEE_OTHER);
    }

    async fn what_the_shop_writes_stays_text(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "zh");
        let subject = "<script>alert(1)</script> 🎓 \"'&amp;";
        let biz = json!({
            "out_trade_no": "S1", "product_code": "FAST_INSTANT_TRADE_PAY",
            "total_amount": "9.90", "subject": subject,
        });
        // Nobody wants to know, and nobody wants the buyer back.
        let params = sign_params(unsigned(0, "alipay.trade.page.pay", &biz.to_string()), 0);
        let query = form::encode(&params, Charset::Utf8).unwrap();
        let visit = bench.open(&format!("/gateway.do?{query}")).await.unwrap();
        let page = browser.open(&format!("/cashier/{visit}")).await;
        page.says(subject);
        assert!(!page.has("main script"));
        let page = browser.log_in(&page, BUYER).await;
        page.says(subject);
        let page = pays(&browser, &page, "111111").await;
        page.says(subject);
        assert!(!page.has("main script"));
        assert_eq!((page.link("返回商家"), page.refresh), (None, None));
    }

    async fn a_payment_password_is_six_digits(db: Db) {
        let bench = Bench::new(db).await;
        let browser = Browser::new(&bench, "zh");
        let page = at_cashier(&bench, &browser, "B1", "9.90").await;
        let mut page = browser.log_in(&page, BUYER).await;
        for password in ["", "11111", "1111111", "１１１１１１", "abcdef"] {
            page = pays(&browser, &page, password).await;
            assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY, "{password}");
            page.says("支付密码是六位数字。");
        }
        // None of these was a try.
        page = pays(&browser, &page, "000000").await;
        page.says("还可以试 4 次");
        let huge = format!("pay_password={}", "1".repeat(200_000));
        let reply = browser.post(&page.path, huge).await;
        assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(reply.text().contains("<h1>"));
    }
}
