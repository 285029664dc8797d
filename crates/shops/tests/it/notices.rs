//! `POST /order/success/`: what Alipay's notices are answered, and that nothing else moves.

use crate::alipay::{OTHER, SCHOOL, signed};
use crate::school::School;
use http::{StatusCode, header};
use money::Fen;

const PRICE: Fen = Fen::new(3_900);

store::statements! {
    /// How many courses are open.
    OPEN = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM enrollments";
    /// How many orders are paid.
    PAID = "SELECT CAST(COUNT(*) AS BIGINT) AS n FROM orders WHERE status = 1";
}

testdb::on_both_engines! {
    steps: crate::school::steps;

    async fn a_notice_is_taken_with_one_word_however_often_it_comes(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let number = school.order(&token, &[1], "39.00").await;
        school.alipay.pay(&number, PRICE);
        let notice = signed(&school.alipay.notice(SCHOOL, &number, PRICE));
        let paths = ["/order/success/", "/order/success", "/order/success/"];
        for path in paths {
            let answer = school.notify(path, notice.clone()).await;
            assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "success"));
            let kind = answer.headers[header::CONTENT_TYPE].to_str().expect("text");
            assert!(kind.starts_with("text/plain"), "{kind}");
        }
        let together = (0..4).map(|_| school.notify("/order/success/", notice.clone()));
        for answer in futures::future::join_all(together).await {
            assert_eq!(answer.body, "success");
        }
        school.settle().await;
        assert_eq!(school.listed(&token, &number).await["status"], 1);
        assert_eq!((school.count(&OPEN).await, school.count(&PAID).await), (1, 1));
    }

    async fn what_is_not_ours_is_refused_with_one_word(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let number = school.order(&token, &[1], "39.00").await;
        let genuine = school.alipay.notice(SCHOOL, &number, PRICE);
        let with = |name: &str, value: &str| {
            let mut fields = genuine.clone();
            fields.set(name, value);
            signed(&fields)
        };
        let text = String::from_utf8(signed(&genuine)).expect("ASCII");
        let unsigned = text.split("&sign=").next().expect("a part").to_owned();
        for (what, body) in [
            ("tampered", text.replace("39.00", "0.01").into_bytes()),
            ("unsigned", unsigned.into_bytes()),
            ("empty", Vec::new()),
            ("no form", b"%%%".to_vec()),
            ("badly encoded", b"app_id=%FF%FE&sign=x".to_vec()),
            ("oversized", vec![b'a'; 1_000_000]),
            ("wrong amount", with("total_amount", "0.01")),
            ("wrong seller", with("seller_id", "2088999999999999")),
            ("unknown order", with("out_trade_no", "00000000000000000000000000000000")),
            ("another shop's", signed(&school.alipay.notice(OTHER, &number, PRICE))),
        ] {
            let answer = school.notify("/order/success/", body).await;
            assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "error"), "{what}");
        }
        school.settle().await;
        assert_eq!(school.listed(&token, &number).await["status"], 0);
        assert_eq!((school.count(&OPEN).await, school.count(&PAID).await), (0, 0));
    }

    async fn a_fault_of_ours_is_told_as_one(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let number = school.order(&token, &[1], "39.00").await;
        let notice = signed(&school.alipay.notice(SCHOOL, &number, PRICE));
        school.merchant.db().close().await;
        let answer = school.notify("/order/success/", notice).await;
        assert_eq!(answer.status, StatusCode::INTERNAL_SERVER_ERROR);
        assert_ne!(answer.body, "success");
    }
}
