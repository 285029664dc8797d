//! The catalogue as JSON.

use crate::school::School;
use http::StatusCode;
use money::Fen;

testdb::on_both_engines! {
    steps: crate::school::steps;

    async fn every_course_is_listed_page_by_page(db: store::Db) {
        let school = School::open(db).await;
        for path in ["/course/free/", "/course/free"] {
            let answer = school.get(path, None).await;
            assert_eq!(answer.status, StatusCode::OK);
            let first = answer.json();
            assert_eq!(first["count"], 12);
            assert_eq!(first["previous"], serde_json::Value::Null);
            let results = first["results"].as_array().expect("a list");
            assert_eq!(results.len(), 10);
            let priced = results.iter().filter(|course| course["price"] != "0.00").count();
            assert!(priced >= 3);
            let next = first["next"].as_str().expect("another page");
            let path = next.strip_prefix("https://school.test").expect("ours").to_owned();
            let second = school.get(&path, None).await.json();
            assert_eq!(second["results"].as_array().expect("a list").len(), 2);
            assert_eq!(second["next"], serde_json::Value::Null);
            assert!(second["previous"].is_string());
        }
        let small = school.get("/course/free/?page=2&page_size=5", None).await.json();
        assert_eq!(small["results"].as_array().expect("a list").len(), 5);
        assert!(small["next"].as_str().expect("more").contains("page_size=5"));
        for query in ["page=0", "page=3", "page=x", "page=-1", "page=99999999999999999999"] {
            let answer = school.get(&format!("/course/free/?{query}"), None).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{query}");
        }
    }

    async fn a_course_has_its_outline_and_not_its_lessons(db: store::Db) {
        let school = School::open(db).await;
        for path in ["/course/free/1/", "/course/free/1"] {
            let course = school.get(path, None).await.json();
            assert_eq!(course["id"], 1);
            assert_eq!(course["price"], "39.00");
            assert!(Fen::parse_yuan(course["price"].as_str().expect("text")).is_ok());
            assert_eq!(course["outline"].as_array().expect("a list").len(), 4);
            assert!(course["outline"][0].get("body").is_none());
        }
        for path in ["/course/free/99/", "/course/free/x/", "/course/free/-1/"] {
            assert_eq!(school.get(path, None).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let cover = school.get("/covers/1.svg", None).await;
        assert_eq!(cover.headers["content-type"], "image/svg+xml");
        assert_eq!(school.get("/covers/x.svg", None).await.status, StatusCode::NOT_FOUND);
    }

    async fn a_search_finds_names_briefs_and_teachers(db: store::Db) {
        let school = School::open(db).await;
        let count = async |text: &str| {
            let query = form_urlencoded::Serializer::new(String::new())
                .append_pair("search", text)
                .finish();
            let answer = school.get(&format!("/course/search/?{query}"), None).await;
            assert_eq!(answer.status, StatusCode::OK, "{text}");
            answer.json()["count"].as_i64().expect("a number")
        };
        assert_eq!(count("python").await, 1);
        assert_eq!(count("PYTHON").await, 1);
        assert_eq!(count("林晓岚").await, 2);
        assert_eq!(count("入门").await, 2);
        assert_eq!(count("").await, 12);
        assert_eq!(count("%").await, 0);
        assert_eq!(count("_").await, 0);
        assert_eq!(count("' OR 1=1 --").await, 0);
    }
}
