//! `/user/login/`, `/user/register/`, and what a token is worth.

use crate::school::{School, request};
use axum::body::Body;
use http::{StatusCode, header};
use kernel::time::DAY_MS;

store::statements! {
    /// Takes a user out by hand, as a database of another day would not have it.
    REMOVE_USER = "DELETE FROM users WHERE username = 'gone'";
}

testdb::on_both_engines! {
    steps: crate::school::steps;

    async fn the_token_of_somebody_who_is_not_there_orders_nothing(db: store::Db) {
        let school = School::open(db).await;
        let gone = r#"{"username":"gone","password":"zxc123456"}"#;
        let registered = school.post("/user/register/", None, gone).await;
        assert!(registered.status.is_success(), "{}", registered.body);
        let login = school.post("/user/login/", None, gone).await.json();
        let token = login["token"].as_str().expect("a token").to_owned();
        let wanted = r#"{"subject":"s","total_amount":"39.00","pay_type":1,"course":[1]}"#;
        let removed: Result<u64, store::StoreError> = school
            .database
            .db
            .write(|tx| Box::pin(async move { tx.execute(&REMOVE_USER, &[]).await }))
            .await;
        assert_eq!(removed.expect("removed"), 1);
        let answer = school.post("/order/pay/", Some(&token), wanted).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", answer.body);
    }

    async fn a_name_and_a_password_may_come_in_any_way(db: store::Db) {
        let school = School::open(db).await;
        let form = "application/x-www-form-urlencoded";
        let json = "application/json";
        let right = "username=root&password=zxc123456";
        let right_json = r#"{"username":"root","password":"zxc123456"}"#;
        for (path, kind, body) in [
            ("/user/login/", json, right_json),
            ("/user/login", json, right_json),
            ("/user/login/", form, right),
            ("/user/login/?username=root&password=zxc123456", json, ""),
            ("/user/login/?username=root&password=zxc123456", json, "{}"),
            ("/user/login/?username=root", json, r#"{"password":"zxc123456"}"#),
        ] {
            let request = request("POST", path, None, Body::from(body));
            let (mut parts, body) = request.into_parts();
            parts.headers.insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
            let answer = school.send(http::Request::from_parts(parts, body)).await;
            assert_eq!(answer.status, StatusCode::OK, "{path} {kind}: {}", answer.body);
            let said = answer.json();
            assert_eq!(said["username"], "root");
            let token = said["token"].as_str().expect("a token");
            assert_eq!(token.split('.').count(), 3, "a JWT has three parts");
            assert_eq!(said.as_object().expect("an object").len(), 2);
        }
    }

    async fn wrong_ones_are_refused_with_words(db: store::Db) {
        let school = School::open(db).await;
        for (path, body, status, field) in [
            ("/user/login/", r#"{"username":"root","password":"wrong1"}"#, 400, "non_field_errors"),
            ("/user/login/", r#"{"username":"nobody","password":"zxc123456"}"#, 400, "non_field_errors"),
            ("/user/login/", r#"{"username":"root"}"#, 400, "password"),
            ("/user/login/", r#"{"password":"zxc123456"}"#, 400, "username"),
            ("/user/login/", "", 400, "username"),
            ("/user/login/", "{", 400, "detail"),
            ("/user/register/", r#"{"username":"root","password":"zxc123456"}"#, 400, "username"),
            ("/user/register/", r#"{"username":"new","password":"short"}"#, 400, "password"),
            ("/user/register/", r#"{"username":"a b","password":"zxc123456"}"#, 400, "username"),
        ] {
            let answer = school.post(path, None, body).await;
            assert_eq!(answer.status.as_u16(), status, "{path} {body}");
            let said = answer.json();
            assert!(!said[field].is_null(), "{body}: {said}");
            assert!(said["data"].is_string(), "{body}: {said}");
        }
    }

    async fn a_registered_user_is_logged_in(db: store::Db) {
        let school = School::open(db).await;
        let token = school.stranger().await;
        let mine = school.get("/order/", Some(&token)).await;
        assert_eq!((mine.status, mine.body.as_str()), (StatusCode::OK, "[]"));
        assert_eq!(school.token("stranger", "stranger1").await.split('.').count(), 3);
    }

    async fn many_wrong_passwords_have_to_wait(db: store::Db) {
        let school = School::open(db).await;
        let wrong = r#"{"username":"root","password":"wrong1"}"#;
        let mut last = StatusCode::OK;
        for _ in 0..21 {
            last = school.post("/user/login/", None, wrong).await.status;
        }
        assert_eq!(last, StatusCode::TOO_MANY_REQUESTS);
        school.clock.advance_ms(60_000);
        school.root().await;
    }

    async fn going_through_many_names_has_to_wait_too(db: store::Db) {
        let school = School::open(db).await;
        // What goes well is not counted.
        school.root().await;
        let mut answers = Vec::new();
        for number in 0..=300 {
            let wrong = format!(r#"{{"username":"name{number}","password":"wrong1"}}"#);
            answers.push(school.post("/user/login/", None, &wrong).await.status);
        }
        let last = answers.pop();
        assert_eq!(last, Some(StatusCode::TOO_MANY_REQUESTS));
        assert!(answers.iter().all(|status| *status == StatusCode::BAD_REQUEST));
        school.clock.advance_ms(500);
        school.root().await;
    }

    async fn only_a_good_token_opens_the_api(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        for scheme in ["jwt", "JWT", "Jwt"] {
            let request = http::Request::get("/order/")
                .header(header::AUTHORIZATION, format!("{scheme} {token}"))
                .body(Body::empty())
                .expect("a request");
            assert_eq!(school.send(request).await.status, StatusCode::OK, "{scheme}");
        }
        let mut tampered = token.clone();
        let last = tampered.pop();
        tampered.push(if last == Some('A') { 'B' } else { 'A' });
        for bad in [None, Some("x"), Some("a.b.c"), Some(tampered.as_str())] {
            let answer = school.get("/order/", bad).await;
            assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{bad:?}");
            assert!(answer.headers.contains_key(header::WWW_AUTHENTICATE));
        }
        school.clock.advance_ms(7 * DAY_MS - 1_000);
        assert_eq!(school.get("/order/", Some(&token)).await.status, StatusCode::OK);
        school.clock.advance_ms(1_000);
        let expired = school.get("/order/", Some(&token)).await;
        assert_eq!(expired.status, StatusCode::UNAUTHORIZED);
    }
}
