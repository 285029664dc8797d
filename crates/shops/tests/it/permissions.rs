//! Nobody reads another's, and nobody sends another's forms.

use crate::browser::{Browser, hidden_fields};
use crate::school::School;
use http::StatusCode;
use money::Fen;

testdb::on_both_engines! {
    steps: crate::school::steps;

    async fn another_ones_order_does_not_exist(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let stranger = school.stranger().await;
        let number = school.order(&token, &[1], "39.00").await;
        assert_eq!(school.get("/order/", Some(&stranger)).await.body, "[]");
        for action in ["pay", "cancel"] {
            let path = format!("/order/{number}/{action}/");
            let theirs = school.post(&path, Some(&stranger), "").await;
            let none = school.post(&path.replace(&number, "0123"), Some(&stranger), "").await;
            assert_eq!(theirs.status, StatusCode::NOT_FOUND, "{action}");
            assert_eq!(theirs.body, none.body, "{action}");
            assert_eq!(school.post(&path, None, "").await.status, StatusCode::UNAUTHORIZED);
        }
        let browser = Browser::default();
        browser.log_in(&school, "stranger", "stranger1").await;
        for path in [format!("/orders/{number}"), format!("/staff/orders/{number}")] {
            let answer = browser.get(&school, &path).await;
            assert!(answer.status.is_client_error(), "{path}");
            assert!(!answer.body.contains("Python"), "{path}");
        }
        let shown = browser.get(&school, &format!("/pay/success?out_trade_no={number}")).await;
        assert_eq!(shown.status, StatusCode::FORBIDDEN);
        assert!(!shown.body.contains(&format!(">{number}<")));
        assert_eq!(school.listed(&token, &number).await["status"], 0);
    }

    async fn lessons_are_for_those_who_bought_them(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let browser = Browser::logged_in(&school, "root").await;
        let nobody = Browser::default();
        let path = "/learn/1/1";
        let anonymous = nobody.get(&school, path).await;
        assert_eq!(anonymous.status, StatusCode::SEE_OTHER);
        assert!(anonymous.location().starts_with("/login?next="));
        let unbought = browser.get(&school, path).await;
        assert_eq!(unbought.status, StatusCode::FORBIDDEN);
        assert!(!unbought.body.contains("安装 Python"));
        let number = school.order(&token, &[1], "39.00").await;
        school.pay(&number, Fen::new(3_900)).await;
        school.settle().await;
        assert!(browser.page(&school, path).await.contains("安装 Python"));
        assert!(browser.page(&school, "/my/courses").await.contains("Python 零基础入门"));
        assert_eq!(browser.get(&school, "/learn/1/99").await.status, StatusCode::NOT_FOUND);
        assert_eq!(browser.get(&school, "/learn/2/1").await.status, StatusCode::FORBIDDEN);
        let stranger = Browser::default();
        school.stranger().await;
        stranger.log_in(&school, "stranger", "stranger1").await;
        assert_eq!(stranger.get(&school, path).await.status, StatusCode::FORBIDDEN);
    }

    async fn the_back_office_is_for_staff(db: store::Db) {
        let school = School::open(db).await;
        let browser = Browser::logged_in(&school, "root").await;
        for path in ["/staff/orders", "/staff/orders/0123", "/staff/courses"] {
            assert_eq!(Browser::default().get(&school, path).await.status, StatusCode::SEE_OTHER);
            assert_eq!(browser.get(&school, path).await.status, StatusCode::FORBIDDEN, "{path}");
        }
        let shown = browser.page(&school, "/courses/1").await;
        for (path, field) in [("/staff/courses/1", "price"), ("/staff/orders/0123/refund", "amount")] {
            // Also with the good token of another form.
            let mut fields = hidden_fields(&shown, "/buy");
            fields.push((field.to_owned(), "0.01".to_owned()));
            let answer = browser.post(&school, path, &fields).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
        }
        let price = school.get("/course/free/1/", None).await.json();
        assert_eq!(price["price"], "39.00");
    }

    async fn a_form_without_its_token_does_nothing(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        let browser = Browser::logged_in(&school, "root").await;
        let number = school.order(&token, &[1], "39.00").await;
        for path in [
            "/buy".to_owned(),
            "/cart/add".to_owned(),
            "/cart/remove".to_owned(),
            "/checkout".to_owned(),
            "/logout".to_owned(),
            "/login".to_owned(),
            "/register".to_owned(),
            format!("/orders/{number}/cancel"),
            format!("/orders/{number}/pay"),
        ] {
            let forged = [("csrf_token", "0"), ("course", "1"), ("price", "39.00")];
            let forged = forged.map(|(name, value)| (name.to_owned(), value.to_owned()));
            for fields in [&forged[..], &forged[1..]] {
                let answer = browser.post(&school, &path, fields).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path}");
            }
        }
        assert_eq!(school.listed(&token, &number).await["status"], 0);
        assert_eq!(browser.get(&school, "/my/courses").await.status, StatusCode::OK);
    }
}
