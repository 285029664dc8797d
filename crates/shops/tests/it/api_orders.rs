//! `/order/pay/` and what can be done with an order, line by line of the contract.

use crate::school::{
    FRONT_END, PUBLIC_URL, School, biz_content, number_in, order_body, param, request,
};
use axum::body::Body;
use http::{StatusCode, header};
use money::Fen;
use serde_json::{Value, json};
use tower::ServiceExt;

testdb::on_both_engines! {
    steps: crate::school::steps;

    async fn both_bodies_get_the_answer_that_they_read(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let body = r#"{"subject":"好课","total_amount":177.0,"pay_type":"0","course":[1,"2"]}"#;
        for path in ["/order/pay/", "/order/pay"] {
            let answer = school.post(path, Some(&token), body).await;
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
            let url = answer.json().as_str().expect("a bare JSON string").to_owned();
            assert!(url.starts_with("https://alipay.test/gateway.do?"), "{url}");
            assert_eq!(param(&url, "method"), "alipay.trade.page.pay");
            assert_eq!(param(&url, "return_url"), format!("{PUBLIC_URL}/pay/success"));
            assert_eq!(param(&url, "notify_url"), format!("{PUBLIC_URL}/order/success/"));
            let content = biz_content(&url);
            assert_eq!(content["subject"], "好课");
            assert_eq!(content["total_amount"], "177.00");
            let order = school.listed(&token, &number_in(&url)).await;
            assert_eq!(order["status"], 0);
            assert_eq!(order["pay_type"], 0);
            assert_eq!(order["total_amount"], "177.00");
            assert_eq!(order["courses"][0], json!({"id": 1, "course_name": "Python 零基础入门",
                "quantity": 1, "price": "39.00", "real_price": "39.00"}));
            assert_eq!(order["courses"][1]["id"], 2);
        }
        let body = r#"{"subject":"好课","total_amount":"39","pay_type":1,"course_list":[1]}"#;
        let answer = school.post("/order/pay/", Some(&token), body).await;
        assert_eq!(answer.status, StatusCode::CREATED, "{}", answer.body);
        let said = answer.json();
        assert_eq!(said["code"], 1);
        assert!(said["msg"].is_string());
        number_in(said["data"].as_str().expect("a link"));
    }

    async fn a_phone_gets_the_phones_cashier(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let mut request =
            request("POST", "/order/pay/", Some(&token), Body::from(order_body(&[1], "39.00")));
        let phone = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Mobile/15E148";
        request.headers_mut().insert(header::USER_AGENT, header::HeaderValue::from_static(phone));
        let answer = school.send(request).await;
        let url = answer.json().as_str().expect("a link").to_owned();
        assert_eq!(param(&url, "method"), "alipay.trade.wap.pay");
    }

    async fn equal_amounts_are_equal_however_written(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        for raw in ["138", "138.0", "138.00", r#""138""#, r#""138.0""#, r#""138.00""#] {
            let body = format!(r#"{{"subject":"s","total_amount":{raw},"pay_type":1,"course":[2]}}"#);
            let answer = school.post("/order/pay/", Some(&token), &body).await;
            assert_eq!(answer.status, StatusCode::OK, "{raw}: {}", answer.body);
        }
    }

    async fn what_is_wrong_is_refused_in_the_form_that_is_read(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let whole = |message: &str| json!({"non_field_errors": [message], "data": message});
        let wechat = "暂不支持微信支付";
        let exact = [
            (r#""total_amount":"38.99","pay_type":1,"course":[1]"#, whole("价格不合法")),
            (r#""total_amount":1000000000000,"pay_type":1,"course":[1]"#, whole("价格不合法")),
            (r#""total_amount":"38.99","pay_type":1,"course_list":[1]"#, whole("订单总价错误!")),
            (
                r#""total_amount":"39.00","pay_type":2,"course":[1]"#,
                json!({"pay_type": [wechat], "data": wechat}),
            ),
        ];
        for (fields, wanted) in exact {
            let body = format!(r#"{{"subject":"好课",{fields}}}"#);
            let answer = school.post("/order/pay/", Some(&token), &body).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}");
            assert_eq!(answer.json(), wanted, "{body}");
        }
        let long = "长".repeat(300);
        let amount = |raw: &str| format!(r#"{{"subject":"s","total_amount":{raw},"pay_type":1,"course":[1]}}"#);
        let course = |raw: &str| format!(r#"{{"subject":"s","total_amount":"39.00","pay_type":1,"course":{raw}}}"#);
        let mut table: Vec<(String, &str)> = Vec::new();
        for raw in ["1.005", "-1", "1e3", "39e0", r#""3.9e1""#, r#""-39.00""#, r#""+39""#, r#""NaN""#, "null", "true", "[]", "\"\""] {
            table.push((amount(raw), "total_amount"));
        }
        for raw in ["[99]", "[1,1]", "[]", "1", "null", r#"["x"]"#, "[1.5]", "[null]", "[-1]"] {
            table.push((course(raw), "course"));
        }
        table.push((amount("NaN"), "detail"));
        table.push(("[]".to_owned(), "detail"));
        table.push((String::new(), "detail"));
        table.push((r#"{"total_amount":"39.00","pay_type":1,"course":[1]}"#.to_owned(), "subject"));
        for subject in ["", " ", "a\\nb", long.as_str()] {
            let body = format!(r#"{{"subject":"{subject}","total_amount":"39.00","pay_type":1,"course":[1]}}"#);
            table.push((body, "subject"));
        }
        for pay_type in ["3", "-1", "1.0", r#""x""#, "true"] {
            let body = format!(r#"{{"subject":"s","total_amount":"39.00","pay_type":{pay_type},"course":[1]}}"#);
            table.push((body, "pay_type"));
        }
        for (body, field) in table {
            let answer = school.post("/order/pay/", Some(&token), &body).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{body}: {}", answer.body);
            let said = answer.json();
            assert!(!said[field].is_null(), "{body}: {said}");
            assert!(said["data"].as_str().is_some_and(|data| !data.is_empty()), "{body}: {said}");
        }
        assert_eq!(school.get("/order/", Some(&token)).await.body, "[]", "nothing was ordered");
    }

    async fn odd_bodies_get_clear_answers(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let emoji = r#"{"subject":"🦀 课程","total_amount":"39.00","pay_type":1,"course":[1]}"#;
        assert_eq!(school.post("/order/pay/", Some(&token), emoji).await.status, StatusCode::OK);
        let gbk = b"{\"subject\":\"\xbf\xce\xb3\xcc\",\"total_amount\":\"39.00\",\"course\":[1]}";
        let request = request("POST", "/order/pay/", Some(&token), Body::from(gbk.to_vec()));
        let answer = school.send(request).await;
        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert!(answer.json()["data"].is_string());
        let huge = format!(r#"{{"subject":"{}"}}"#, "x".repeat(1_000_000));
        let answer = school.post("/order/pay/", Some(&token), &huge).await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(answer.json()["detail"].is_string());
        for token in [None, Some("bad")] {
            let answer = school.post("/order/pay/", token, emoji).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
        }
    }

    async fn what_costs_nothing_is_bought_at_once(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let answer = school.post("/order/pay/", Some(&token), &order_body(&[3], "0.00")).await;
        assert_eq!(answer.status, StatusCode::OK);
        assert_eq!(answer.json(), json!({"data": "购买成功"}));
        let orders = school.get("/order/", Some(&token)).await.json();
        assert_eq!(orders[0]["status"], 1);
        assert!(orders[0]["pay_time"].is_string());
        let again = school.post("/order/pay/", Some(&token), &order_body(&[3], "0.00")).await;
        assert_eq!(again.status, StatusCode::BAD_REQUEST, "bought already");
        assert!(again.json()["course"].is_array());
        let other = school.stranger().await;
        let body = r#"{"subject":"s","total_amount":0,"pay_type":1,"course_list":[3]}"#;
        let answer = school.post("/order/pay/", Some(&other), body).await;
        assert_eq!(answer.status, StatusCode::CREATED);
        let said = answer.json();
        let page = said["data"].as_str().expect("the result page");
        assert!(page.starts_with(&format!("{PUBLIC_URL}/pay/success?out_trade_no=")));
        let shown = school.get(page.strip_prefix(PUBLIC_URL).expect("ours"), None).await;
        assert_eq!(shown.status, StatusCode::OK);
        assert!(shown.body.contains("您已成功购买"), "{}", shown.body);
    }

    async fn a_changed_price_is_not_charged(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let staff = crate::browser::Browser::logged_in(&school, "staff").await;
        staff.submit(&school, "/staff/courses", "/staff/courses/1", &[("price", "49.00"), ("on_sale", "yes")]).await;
        let old = school.post("/order/pay/", Some(&token), &order_body(&[1], "39.00")).await;
        assert_eq!(old.status, StatusCode::BAD_REQUEST);
        assert_eq!(old.json()["data"], "价格不合法");
        let number = school.order(&token, &[1], "49.00").await;
        staff.submit(&school, "/staff/courses", "/staff/courses/1", &[("price", "9.00")]).await;
        assert_eq!(school.listed(&token, &number).await["total_amount"], "49.00");
        let gone = school.post("/order/pay/", Some(&token), &order_body(&[1], "9.00")).await;
        assert!(gone.json()["course"].is_array(), "no longer on sale: {}", gone.body);
    }

    async fn an_order_is_paid_again_and_cancelled(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let number = school.order(&token, &[1], "39.00").await;
        for slash in ["/", ""] {
            let path = format!("/order/{number}/pay{slash}");
            let again = school.post(&path, Some(&token), "").await;
            assert_eq!(again.status, StatusCode::OK, "{}", again.body);
            assert_eq!(number_in(again.json().as_str().expect("a bare string")), number);
        }
        school.alipay.open(&number, Fen::new(3_900));
        for _ in 0..2 {
            let cancel = school.post(&format!("/order/{number}/cancel/"), Some(&token), "").await;
            assert_eq!(cancel.status, StatusCode::OK, "{}", cancel.body);
            assert_eq!(cancel.json(), json!({"data": "订单已取消"}));
        }
        assert_eq!(school.listed(&token, &number).await["status"], 2);
        let late = school.post(&format!("/order/{number}/pay/"), Some(&token), "").await;
        assert_eq!(late.status, StatusCode::BAD_REQUEST);
        assert!(late.json()["data"].is_string());
        let paid = school.order(&token, &[2], "138.00").await;
        school.pay(&paid, Fen::new(13_800)).await;
        school.settle().await;
        for action in ["cancel", "pay"] {
            let answer = school.post(&format!("/order/{paid}/{action}/"), Some(&token), "").await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{action}");
            assert!(answer.json()["data"].is_string());
        }
        let none = school.post("/order/0123/pay/", Some(&token), "").await;
        assert_eq!(none.status, StatusCode::NOT_FOUND);
    }

    async fn an_order_whose_link_nobody_opened_is_cancelled_at_once(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let number = school.order(&token, &[1], "39.00").await;
        for _ in 0..2 {
            let cancel = school.post(&format!("/order/{number}/cancel/"), Some(&token), "").await;
            assert_eq!(cancel.status, StatusCode::OK, "{}", cancel.body);
            assert_eq!(cancel.json(), json!({"data": "订单已取消"}));
            assert_eq!(school.listed(&token, &number).await["status"], 2);
        }
        let pay = school.post(&format!("/order/{number}/pay/"), Some(&token), "").await;
        assert_eq!(pay.status, StatusCode::BAD_REQUEST, "nobody gets a new link");
        for _ in 0..20 {
            school.clock.advance_ms(5 * kernel::time::MINUTE_MS);
            school.settle().await;
        }
        assert_eq!(school.listed(&token, &number).await["status"], 2);
    }

    async fn an_order_that_never_got_a_link_ends(db: store::Db) {
        let school = School::open(db).await;
        school.shop.keep_tidy().await.expect("scheduled");
        let token = school.root().await;
        let broken = school.without_merchant().await;
        let mut numbers = Vec::new();
        for (course, yuan) in [(1, "39.00"), (2, "138.00")] {
            school.clock.advance_ms(1);
            let body = Body::from(order_body(&[course], yuan));
            let answer = broken.clone().oneshot(request("POST", "/order/pay/", Some(&token), body));
            let answer = answer.await.expect("a router never fails");
            assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
            let orders = school.get("/order/", Some(&token)).await.json();
            numbers.push(orders[0]["out_trade_no"].as_str().expect("a number").to_owned());
        }
        let staff = crate::browser::Browser::logged_in(&school, "staff").await;
        let dearer = [("price", "49.00"), ("on_sale", "yes")];
        staff.submit(&school, "/staff/courses", "/staff/courses/1", &dearer).await;
        let old = school.post(&format!("/order/{}/pay/", numbers[0]), Some(&token), "").await;
        assert_eq!(old.status, StatusCode::BAD_REQUEST, "{}", old.body);
        assert!(old.json()["data"].is_string());
        let same = school.post(&format!("/order/{}/pay/", numbers[1]), Some(&token), "").await;
        assert_eq!(same.status, StatusCode::OK, "{}", same.body);
        school.pay(&numbers[1], Fen::new(13_800)).await;
        school.settle().await;
        school.clock.advance_ms(29 * kernel::time::MINUTE_MS);
        school.settle().await;
        assert_eq!(school.listed(&token, &numbers[0]).await["status"], 0);
        school.clock.advance_ms(2 * kernel::time::MINUTE_MS);
        school.settle().await;
        assert_eq!(school.listed(&token, &numbers[0]).await["status"], 3);
        assert_eq!(school.listed(&token, &numbers[1]).await["status"], 1);
    }

    async fn configured_front_ends_may_call(db: store::Db) {
        let school = School::open(db).await;
        let preflight = |origin: &'static str| {
            http::Request::options("/order/pay/")
                .header(header::ORIGIN, origin)
                .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
                .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "authorization,content-type")
                .body(Body::empty())
                .expect("a request")
        };
        let ours = school.send(preflight(FRONT_END)).await;
        assert_eq!(ours.headers[header::ACCESS_CONTROL_ALLOW_ORIGIN], FRONT_END);
        let theirs = school.send(preflight("https://evil.test")).await;
        assert!(!theirs.headers.contains_key(header::ACCESS_CONTROL_ALLOW_ORIGIN));
        let body: Value = school.get("/course/free/", None).await.json();
        assert_eq!(body["count"], 12);
    }
}
