//! Texts that no form sends: NUL, other control characters, bytes that are no text.

use crate::browser::Browser;
use crate::school::School;
use http::StatusCode;
use serde_json::json;

testdb::on_both_engines! {
    steps: crate::school::steps;

    async fn the_api_answers_them_in_its_own_form(db: store::Db) {
        let school = School::open(db).await;
        let token = school.root().await;
        for text in ["%00", "a%00b", "%01", "%1b%5b"] {
            let found = school.get(&format!("/course/search/?search={text}"), None).await;
            assert_eq!(found.status, StatusCode::OK, "{text}: {}", found.body);
            let empty = json!({"count": 0, "next": null, "previous": null, "results": []});
            assert_eq!(found.json(), empty, "{text}");
        }
        let long = "x".repeat(65);
        for name in ["a\\u0000b", "\\u0000", "a\\u0007b", long.as_str()] {
            for path in ["/user/login/", "/user/register/"] {
                let body = format!(r#"{{"username":"{name}","password":"zxc123456"}}"#);
                let answer = school.post(path, None, &body).await;
                assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path} {name}: {}", answer.body);
                let said = answer.json();
                assert!(said["username"].is_array() && said["data"].is_string(), "{said}");
            }
        }
        for number in ["%ff", "%00", "0123%00", "%0a"] {
            for action in ["pay", "cancel"] {
                let path = format!("/order/{number}/{action}/");
                let answer = school.post(&path, Some(&token), "").await;
                assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}: {}", answer.body);
                assert!(answer.json()["data"].is_string(), "{path}");
            }
        }
        let course = school.get("/course/free/%ff/", None).await;
        assert_eq!(course.status, StatusCode::NOT_FOUND);
        assert!(course.json()["detail"].is_string());
    }

    async fn the_pages_are_not_there(db: store::Db) {
        let school = School::open(db).await;
        let staff = Browser::logged_in(&school, "staff").await;
        for path in [
            "/orders/%ff", "/orders/%00", "/staff/orders/%ff", "/staff/orders/%00",
            "/courses/%ff", "/courses/%00", "/learn/%ff", "/learn/1/%ff",
        ] {
            let answer = staff.get(&school, path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}: {}", answer.body);
            assert!(answer.body.contains("没有这个页面"), "{path}");
        }
        for path in ["/search?q=%00", "/staff/orders?q=%00"] {
            assert_eq!(staff.get(&school, path).await.status, StatusCode::OK, "{path}");
        }
    }
}
