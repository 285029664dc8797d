//! The books say false when somebody spoils them.

use crate::support::Bench;
use sandbox::app::books::prove_few;
use serde_json::json;
use store::{Db, Engine, Statement, StoreError};

async fn spoil(db: &Db, sqlite: &'static str, postgres: &'static str) {
    let statement = Statement {
        name: "SPOIL",
        sqlite,
        postgres,
    };
    let spoiled: Result<u64, StoreError> = db
        .write(move |tx| Box::pin(async move { tx.execute(&statement, &[]).await }))
        .await;
    spoiled.expect("the change");
}

testdb::on_both_engines! {
    steps: sandbox::steps;

    async fn a_spoiled_balance_or_trade_is_found(db: Db) {
        let bench = Bench::new(db.clone()).await;
        bench.paid("B1", "10.00").await;
        bench.node("alipay.trade.refund", &json!({
            "out_trade_no": "B1", "refund_amount": "4.00", "out_request_no": "r1",
        })).await;
        let books = bench.look("books").await;
        assert_eq!(books["balanced"], true, "{books}");
        // Two top-ups, a payment, a refund, two postings each.
        assert_eq!(books["postings"], 8);
        assert_eq!(books["differences"], json!([]));

        // A page proves what is small on the way, and no more.
        let cx = bench.sandbox.context();
        assert!(prove_few(cx, 8).await.unwrap().is_some_and(|books| books.balanced));
        assert!(prove_few(cx, 7).await.unwrap().is_none());

        let one_fen = "UPDATE sandbox_trades SET refunded = refunded + 1";
        spoil(&db, one_fen, one_fen).await;
        let books = bench.look("books").await;
        assert_eq!(books["balanced"], false);
        assert_eq!(books["differences"].as_array().unwrap().len(), 2, "{books}");
        let back = "UPDATE sandbox_trades SET refunded = refunded - 1";
        spoil(&db, back, back).await;
        bench.assert_balanced().await;

        let balance = "UPDATE ledger_balances SET credits_posted = credits_posted + 1";
        spoil(&db, balance, balance).await;
        let books = bench.look("books").await;
        assert_eq!(books["balanced"], false);
        assert!(!books["differences"].as_array().unwrap().is_empty());
    }

    async fn money_of_the_wrong_pocket_is_found(db: Db) {
        let bench = Bench::new(db.clone()).await;
        bench.paid("B3", "10.00").await;
        bench.node("alipay.trade.refund", &json!({
            "out_trade_no": "B3", "refund_amount": "4.00", "out_request_no": "r1",
        })).await;
        bench.assert_balanced().await;
        for (change, back) in [
            ("UPDATE sandbox_trades SET fund_channel = 'BANKCARD'", "UPDATE sandbox_trades SET fund_channel = 'ALIPAYACCOUNT'"),
            ("UPDATE sandbox_trades SET fund_channel = 'PCREDIT'", "UPDATE sandbox_trades SET fund_channel = 'ALIPAYACCOUNT'"),
            ("UPDATE sandbox_trades SET buyer_user_id = 'x' || buyer_user_id", "UPDATE sandbox_trades SET buyer_user_id = SUBSTR(buyer_user_id, 2)"),
        ] {
            spoil(&db, change, change).await;
            let books = bench.look("books").await;
            assert_eq!(books["balanced"], false, "{change}");
            // The payment and the refund.
            assert_eq!(books["differences"].as_array().unwrap().len(), 2, "{books}");
            spoil(&db, back, back).await;
            bench.assert_balanced().await;
        }
    }

    async fn a_refund_that_nobody_knows_of_is_found(db: Db) {
        let bench = Bench::new(db.clone()).await;
        bench.paid("B4", "10.00").await;
        bench.node("alipay.trade.refund", &json!({
            "out_trade_no": "B4", "refund_amount": "4.00", "out_request_no": "r1",
        })).await;
        let forget = "UPDATE sandbox_refunds SET out_request_no = 'r2'";
        spoil(&db, forget, forget).await;
        let books = bench.look("books").await;
        assert_eq!(books["balanced"], false);
        let stray = |text: &serde_json::Value| text.as_str().unwrap().ends_with(":r1 is of no refund");
        assert!(books["differences"].as_array().unwrap().iter().any(stray), "{books}");
    }

    async fn postings_cannot_be_spoiled_and_when_they_are_it_shows(db: Db) {
        let bench = Bench::new(db.clone()).await;
        bench.paid("B2", "10.00").await;
        let statement = Statement {
            name: "CHANGE_POSTING",
            sqlite: "UPDATE ledger_postings SET amount = amount + 1",
            postgres: "UPDATE ledger_postings SET amount = amount + 1",
        };
        let refused = db.write(move |tx| Box::pin(async move {
            tx.execute(&statement, &[]).await
        })).await;
        assert!(refused.is_err());
        bench.assert_balanced().await;
        if db.engine() == Engine::Postgres {
            let off = "ALTER TABLE ledger_postings DISABLE TRIGGER USER";
            spoil(&db, off, off).await;
            let change = "UPDATE ledger_postings SET amount = amount + 1 WHERE seq = 1";
            spoil(&db, change, change).await;
        } else {
            for trigger in ledger_triggers(&db).await {
                let drop: &'static str = Box::leak(format!("DROP TRIGGER {trigger}").into_boxed_str());
                spoil(&db, drop, drop).await;
            }
            let change = "UPDATE ledger_postings SET amount = amount + 1 WHERE seq = 1";
            spoil(&db, change, change).await;
        }
        let books = bench.look("books").await;
        assert_eq!(books["balanced"], false, "{books}");
    }
}

async fn ledger_triggers(db: &Db) -> Vec<String> {
    let statement = Statement {
        name: "TRIGGERS",
        sqlite: "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'ledger_postings'",
        postgres: "SELECT 1",
    };
    db.read(move |tx| {
        Box::pin(async move {
            let rows = tx.query(&statement, &[]).await?;
            rows.iter()
                .map(|row| Ok::<_, StoreError>(row.text("name")?.to_owned()))
                .collect()
        })
    })
    .await
    .unwrap_or_else(|error: StoreError| panic!("{error}"))
}
