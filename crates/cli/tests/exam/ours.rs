//! Our own back ends sit the exam, and pass all of it.

use crate::world::{World, answer, http_client};
use sandbox::exam::Row;
use serde_json::{Value, json};
use store::Db;

/// Everything that was asked of it held.
fn passed_all(ran: &crate::world::Ran) {
    assert_eq!(ran.code, 0, "{}\n{}", ran.out, ran.err);
    assert_eq!(ran.rows("passed").len(), Row::ALL.len(), "{}", ran.out);
    assert_eq!(ran.card()["ok"], true);
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn the_merchant_service_passes_all_of_it(db: Db) {
        let world = World::open(db).await;
        let ran = world.exam(&[
            "--json",
            "--notify-url", &format!("{}/notify/alipay", world.merchant),
            "--return-url", &format!("{}/order/success/", world.courses),
            "--order-url", &format!("{}/v1/orders", world.merchant),
            "--order-body",
            r#"{"merchant_order_no":"E{n}","subject":"考试","total_amount":"39.00","product":"page"}"#,
            "--header", "Authorization: env:COURSES_KEY",
            "--header", "Idempotency-Key: {n}",
            "--state-url", &format!("{}/v1/orders/{{out_trade_no}}", world.merchant),
            "--state-field", "paid_amount",
            "--state-field", "/paid_at",
        ]).await;
        passed_all(&ran);
        // Each row is told of while it is played.
        assert!(ran.err.contains("21/21 out_of_order: passed"), "{}", ran.err);
    }

    async fn the_course_shop_passes_all_of_it(db: Db) {
        let world = World::open(db).await;
        let token = token(&world).await;
        let mut args = vec!["--json".to_owned()];
        for (name, value) in [
            ("--notify-url", format!("{}/order/success/", world.courses)),
            ("--return-url", format!("{}/order/success/", world.courses)),
            ("--header", format!("Authorization: jwt {token}")),
            ("--state-url", format!("{}/order/success/?out_trade_no={{out_trade_no}}", world.courses)),
        ] {
            args.extend([name.to_owned(), value]);
        }
        for link in links(&world, &token).await {
            args.extend(["--order".to_owned(), link]);
        }
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        passed_all(&world.exam(&args).await);
        // Paid, each once, and opened.
        let mine = answer(asks(&world, "/order/", &token)).await;
        let paid = mine.as_array().unwrap();
        assert_eq!(paid.len(), 6);
        for order in paid {
            assert_eq!(order["status"], 1, "{order}");
        }
    }
}

fn asks(world: &World, path: &str, token: &str) -> reqwest::RequestBuilder {
    http_client()
        .get(format!("{}{path}", world.courses))
        .header("authorization", format!("jwt {token}"))
}

fn posts(world: &World, path: &str, body: &Value) -> reqwest::RequestBuilder {
    http_client()
        .post(format!("{}{path}", world.courses))
        .header("content-type", "application/json")
        .body(body.to_string())
}

async fn token(world: &World) -> String {
    let who = json!({"username": "root", "password": "zxc123456"});
    let said = answer(posts(world, "/user/login/", &who)).await;
    said["token"].as_str().unwrap().to_owned()
}

/// Six orders of a course each: nobody may buy one twice.
async fn links(world: &World, token: &str) -> Vec<String> {
    let page = answer(asks(world, "/course/free/?page_size=50", token)).await;
    let courses = page["results"].as_array().unwrap().iter();
    let priced = courses.filter(|course| course["price"] != "0.00").take(6);
    let mut links = Vec::new();
    for course in priced {
        let order = json!({
            "subject": course["name"], "total_amount": course["price"], "pay_type": 1, "course": [course["id"]],
        });
        let request = posts(world, "/order/pay/", &order);
        let request = request.header("authorization", format!("jwt {token}"));
        links.push(answer(request).await.as_str().unwrap().to_owned());
    }
    assert_eq!(links.len(), 6);
    links
}
