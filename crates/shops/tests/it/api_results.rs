//! `GET /order/success/`: who learns what became of an order.

use crate::alipay::{OTHER, SCHOOL};
use crate::school::{School, order_body};
use http::StatusCode;
use money::Fen;
use serde_json::json;

const PRICE: Fen = Fen::new(3_900);

testdb::on_both_engines! {
    steps: crate::school::steps;

    async fn a_genuine_return_learns_the_truth(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let number = school.order(&token, &[1], "39.00").await;
        let query = school.alipay.return_query(SCHOOL, &number, PRICE);
        let early = school.get(&format!("/order/success/?{query}"), None).await;
        assert_eq!((early.status, early.body.as_str()), (StatusCode::OK, "false"));
        school.alipay.pay(&number, PRICE);
        let query = school.alipay.return_query(SCHOOL, &number, PRICE);
        for path in ["/order/success/", "/order/success"] {
            let known = school.get(&format!("{path}?{query}"), None).await;
            assert_eq!((known.status, known.body.as_str()), (StatusCode::OK, "true"));
        }
        assert_eq!(school.listed(&token, &number).await["status"], 1);
    }

    async fn the_second_front_end_reads_codes(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let body = order_body(&[1], "39.00").replace("\"course\"", "\"course_list\"");
        let made = school.post("/order/pay/", Some(&token), &body).await.json();
        let number = crate::school::number_in(made["data"].as_str().expect("a link"));
        let ask = async || {
            let query = school.alipay.return_query(SCHOOL, &number, PRICE);
            school.get(&format!("/order/success/?{query}"), None).await.json()
        };
        assert_eq!(ask().await, json!({"code": 0, "msg": "失败"}));
        school.alipay.pay(&number, PRICE);
        assert_eq!(ask().await, json!({"code": 1, "msg": "成功"}));
        let again = school.post(&format!("/order/{number}/pay/"), Some(&token), "").await;
        assert_eq!(again.status, StatusCode::BAD_REQUEST, "it is paid");
    }

    async fn a_stranger_and_an_unknown_number_hear_the_same(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let stranger = school.stranger().await;
        let number = school.order(&token, &[1], "39.00").await;
        school.pay(&number, PRICE).await;
        let unknown = "0".repeat(32);
        let ask = async |query: String, token: Option<&str>| {
            school.get(&format!("/order/success/?{query}"), token).await
        };
        let named = |number: &str| format!("out_trade_no={number}");
        let refused = ask(named(&unknown), None).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN);
        let genuine = school.alipay.return_query(SCHOOL, &number, PRICE);
        let tampered = genuine.replace("39.00", "39.01");
        let unsigned = genuine.split("&sign=").next().expect("a part").to_owned();
        let others = school.alipay.return_query(OTHER, &number, PRICE);
        let unknown_but_signed = school.alipay.return_query(SCHOOL, &unknown, PRICE);
        for (query, token) in [
            (named(&number), None),
            (named(&number), Some(stranger.as_str())),
            (named(&unknown), Some(stranger.as_str())),
            (named(&unknown), Some(token.as_str())),
            (tampered, None),
            (unsigned, None),
            (others, None),
            (unknown_but_signed, Some(token.as_str())),
            ("out_trade_no=%00".to_owned(), None),
            ("out_trade_no=%00&sign=x".to_owned(), Some(token.as_str())),
            ("out_trade_no=%ff%0d%0a".to_owned(), Some(token.as_str())),
            (format!("{}&ticket=a.b.c", named(&number)), None),
            (format!("{}&ticket={stranger}", named(&number)), None),
        ] {
            let answer = ask(query.clone(), token).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{query}");
            assert_eq!(answer.body, refused.body, "{query}");
        }
        let own = ask(named(&number), Some(&token)).await;
        assert_eq!(own.body, "true");
        assert_eq!(ask(String::new(), None).await.status, StatusCode::BAD_REQUEST);
    }

    async fn asking_again_and_again_asks_alipay_once_a_second(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let number = school.order(&token, &[1], "39.00").await;
        let named = (format!("/order/success/?out_trade_no={number}"), Some(token.as_str()));
        let signed = school.alipay.return_query(SCHOOL, &number, PRICE);
        for (path, token) in [named, (format!("/order/success/?{signed}"), None)] {
            let before = school.alipay.calls();
            for _ in 0..5 {
                assert_eq!(school.get(&path, token).await.body, "false");
                assert_eq!(school.alipay.calls(), before + 1);
            }
            school.clock.advance_ms(1_000);
            assert_eq!(school.get(&path, token).await.body, "false");
            assert_eq!(school.alipay.calls(), before + 2);
        }
    }

    async fn silence_is_not_yes(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let number = school.order(&token, &[1], "39.00").await;
        school.alipay.pay(&number, PRICE);
        school.alipay.be_silent(true);
        let path = format!("/order/success/?out_trade_no={number}");
        assert_eq!(school.get(&path, Some(&token)).await.body, "false");
        school.alipay.be_silent(false);
        school.clock.advance_ms(1_000);
        assert_eq!(school.get(&path, Some(&token)).await.body, "true");
    }
}
