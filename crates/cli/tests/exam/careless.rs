//! Back ends that fail, and exams that cannot be sat: the card, the words, the exit code.

use crate::world::World;
use axum::Router;
use axum::routing::post;
use store::Db;

/// A back end that answers every notice with these words.
async fn back_end(says: &'static str) -> String {
    let router = Router::new().route("/notify", post(move || async move { says }));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });
    format!("http://{address}/notify")
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn who_believes_everything_fails_and_is_told_what_it_costs(db: Db) {
        let world = World::open(db).await;
        let url = back_end("success").await;
        let ran = world.exam(&["--json", "--notify-url", &url, "--order", "A1=39.00"]).await;
        assert_eq!(ran.code, 1, "{}", ran.err);
        let card = ran.card();
        assert_eq!((&card["ok"], &card["failed"]), (&false.into(), &8.into()), "{card}");
        assert!(ran.rows("failed").contains(&"forged".to_owned()));
        assert_eq!(ran.rows("not_examined"), ["forged_return", "hasty_return", "parallel", "out_of_order"]);
        let text = world.exam(&["--lang", "en", "--notify-url", &url, "--order", "A1=39.00"]).await;
        assert!(text.out.contains("cost: anybody forges payments"), "{}", text.out);
        let text = world.exam(&["--lang", "zh", "--notify-url", &url, "--order", "A1=39.00"]).await;
        assert!(text.out.contains("代价：任何人都能伪造付款"), "{}", text.out);
    }

    async fn who_refuses_the_payment_is_told_what_to_look_at(db: Db) {
        let world = World::open(db).await;
        let url = back_end("failure").await;
        let ran = world.exam(&["--lang", "en", "--notify-url", &url, "--order", "A1=39.00"]).await;
        assert_eq!(ran.code, 1);
        for words in ["alipay_public_key", "unpaid order A1 of 39.00", "not examined"] {
            assert!(ran.out.contains(words), "{}", ran.out);
        }
    }

    async fn rows_that_were_not_played_are_no_pass_unless_that_is_allowed(db: Db) {
        let world = World::open(db).await;
        world.place_order("W1").await;
        let notify = format!("{}/notify/alipay", world.merchant);
        let args = ["--json", "--notify-url", &notify, "--order", "W1=39.00"];
        let ran = world.exam(&args).await;
        assert_eq!((ran.code, &ran.card()["failed"]), (1, &0.into()), "{}", ran.out);
        assert!(ran.err.contains("--allow-skipped"), "{}", ran.err);
        let placed = world.place_order("W2").await;
        let link = placed["pay"]["url"].as_str().unwrap();
        let ran = world.exam(&["--json", "--notify-url", &notify, "--order", link, "--allow-skipped"]).await;
        assert_eq!((ran.code, &ran.card()["ok"]), (0, &false.into()), "{}{}", ran.out, ran.err);
    }

    async fn what_makes_an_exam_impossible_is_said_before_it_begins(db: Db) {
        let world = World::open(db).await;
        let notify = format!("{}/notify/alipay", world.merchant);
        let placed = world.place_order("P1").await;
        let link = placed["pay"]["url"].as_str().unwrap();
        let other = world.place_order("P2").await;
        let forged = other["pay"]["url"].as_str().unwrap().replace("39.00", "38.00");
        let paid = world.exam(&["--notify-url", &notify, "--order", link, "--allow-skipped"]).await;
        assert_eq!(paid.code, 0, "{}", paid.err);
        let nowhere = format!("{}/v1/nothing-here", world.merchant);
        for (args, says) in [
            (vec!["--notify-url", "http://127.0.0.1:9/n", "--order", "A1=39.00"], "nobody listens"),
            (vec!["--notify-url", &notify, "--order", &forged], "Configure the back end with the keys"),
            (vec!["--notify-url", &notify, "--order", link], "paid or closed already"),
            (vec!["--notify-url", &notify, "--order", "A1=0.01"], "0.02 or more"),
            (vec!["--notify-url", &notify, "--order", "A1"], "names no order"),
            (vec!["--notify-url", "ftp://x/", "--order", "A1=39.00"], "notify_url"),
            (vec!["--notify-url", &notify, "--order-url", &nowhere], "names no order"),
            (vec!["--notify-url", &notify], "--order"),
            (vec!["--notify-url", &notify, "--order-command", "exit 3"], "--order-command ended"),
            (vec!["--notify-url", &notify, "--order", "A1=39.00", "--app", "mall"], "mall"),
            (
                vec!["--notify-url", &notify, "--order", "A1=39.00", "--state-url", &notify],
                "cannot be seen",
            ),
        ] {
            let ran = world.exam(&args).await;
            assert_eq!(ran.code, 2, "{args:?}: {}{}", ran.out, ran.err);
            assert!(ran.err.contains(says) && ran.out.is_empty(), "{args:?}: {}", ran.err);
        }
    }
}
