//! Values keep their kind and content on both engines; mistakes are named.

use store::{Db, Engine, Statement, Step, StoreError, Value, params};

store::statements! {
    /// One row of each kind.
    KEEP = "INSERT INTO kinds (id, t, i, b, y) VALUES ($1, $2, $3, $4, $5)";
    /// All of it.
    SHOW = "SELECT t, i, b, y FROM kinds WHERE id = $1";
    /// An optional filter, and places in another order than their numbers.
    FILTER = "SELECT id FROM kinds WHERE i = $2 AND (CAST($1 AS TEXT) IS NULL OR t = $1)";
    /// A row for any value.
    COUNT = "SELECT CAST(COUNT(*) AS BIGINT) AS n, CAST(MAX(i) AS BIGINT) AS most FROM kinds WHERE i < $1";
    /// In an order, and no more than so many.
    FIRST = "SELECT i FROM kinds WHERE i >= $1 ORDER BY i DESC LIMIT $2";
    /// One place twice.
    TWICE = "SELECT id FROM kinds WHERE t = $1 OR id = $1";
}

const NUMERIC_SUM: Statement = Statement {
    name: "NUMERIC_SUM",
    sqlite: "SELECT SUM(i) * 1.5 AS total FROM kinds",
    postgres: "SELECT SUM(i) AS total FROM kinds",
};

fn steps() -> Vec<Step> {
    vec![Step {
        version: 1000,
        name: "kinds",
        sqlite: "CREATE TABLE kinds (id TEXT NOT NULL PRIMARY KEY, t TEXT, i BIGINT, b BOOLEAN, y BLOB);",
        postgres: "CREATE TABLE kinds (id TEXT NOT NULL PRIMARY KEY, t TEXT, i BIGINT, b BOOLEAN, y BYTEA);",
    }]
}

async fn keep(db: &Db, values: [Value; 5]) -> Result<(), StoreError> {
    db.write(move |tx| {
        let values = values.clone();
        Box::pin(async move { tx.execute_one(&KEEP, &values).await })
    })
    .await
}

async fn look(
    db: &Db,
    statement: &'static Statement,
    values: Vec<Value>,
) -> Result<Vec<store::Row>, StoreError> {
    db.read(move |tx| {
        let values = values.clone();
        Box::pin(async move { tx.query(statement, &values).await })
    })
    .await
}

testdb::on_both_engines! {
    async fn every_kind_comes_back(db: Db) {
        let long = "通宝💰".repeat(20_000);
        let bytes: Vec<u8> = (0..=255).collect();
        for (id, text, int, truth, bytes) in [
            ("plain", "39.00", 3_900, true, bytes.clone()),
            ("long", long.as_str(), i64::MAX, false, bytes.repeat(300)),
            ("least", "", i64::MIN, false, Vec::new()),
            ("quotes", "'; DROP TABLE kinds; -- \\ \n", -1, true, vec![0]),
        ] {
            keep(&db, params![id, text, int, truth, bytes.clone()]).await.expect("kept");
            let rows = look(&db, &SHOW, params![id].to_vec()).await.expect("shown");
            assert_eq!(rows.len(), 1);
            assert_eq!(rows[0].text("t").expect("text"), text);
            assert_eq!(rows[0].opt_text("t").expect("text"), Some(text));
            assert_eq!(rows[0].int("i").expect("int"), int);
            assert_eq!(rows[0].time("i").expect("time").ms(), int);
            assert_eq!(rows[0].bool("b").expect("bool"), truth);
            assert_eq!(rows[0].bytes("y").expect("bytes"), bytes);
        }
    }

    async fn many_looks_at_once_are_each_answered_with_their_own(db: Db) {
        for number in 0..64_i64 {
            let values = params![format!("k{number}"), "t", number, true, vec![0_u8]];
            keep(&db, values).await.expect("kept");
        }
        let look = |number: i64| {
            let db = db.clone();
            tokio::spawn(async move {
                let rows = db.look(&SHOW, params![format!("k{number}")].to_vec()).await;
                rows.expect("shown").iter().map(|row| row.int("i").expect("int")).collect::<Vec<_>>()
            })
        };
        let looks: Vec<_> = (0..512).map(|turn| (turn % 80, look(turn % 80))).collect();
        for (number, answer) in looks {
            let own = if number < 64 { vec![number] } else { Vec::new() };
            assert_eq!(answer.await.expect("no panic"), own);
        }
    }

    async fn looks_of_several_kinds_at_once_hear_only_what_is_wrong_with_themselves(db: Db) {
        for number in 0..8_i64 {
            let values = params![format!("k{number}"), "t", number, true, vec![0_u8]];
            keep(&db, values).await.expect("kept");
        }
        let look = |statement: &'static Statement, values: Vec<Value>| {
            let db = db.clone();
            tokio::spawn(async move { db.look(statement, values).await })
        };
        let mut looks = Vec::new();
        for turn in 0..200_i64 {
            let number = turn % 8;
            looks.push((number, 0, look(&SHOW, params![format!("k{number}")].to_vec())));
            looks.push((number, 1, look(&COUNT, params![number].to_vec())));
            looks.push((number, 2, look(&FIRST, params![number, 3].to_vec())));
            looks.push((number, 3, look(&FILTER, params![None::<&str>, number].to_vec())));
            if turn % 10 == 0 {
                looks.push((number, 4, look(&SHOW, params!["k", "too many"].to_vec())));
                looks.push((number, 4, look(&SHOW, Vec::new())));
                looks.push((number, 4, look(&SHOW, params![number].to_vec())));
            }
        }
        for (number, kind, answer) in looks {
            let answer = answer.await.expect("no panic");
            let ints = |column: &'static str| -> Vec<i64> {
                let rows = answer.as_ref().expect("found");
                rows.iter().map(|row| row.int(column).expect("a number")).collect()
            };
            match kind {
                0 => assert_eq!(ints("i"), vec![number]),
                1 => {
                    assert_eq!(ints("n"), vec![number]);
                    let most = answer.expect("found")[0].opt_int("most").expect("a number");
                    assert_eq!(most, number.checked_sub(1).filter(|most| *most >= 0));
                }
                2 => {
                    let all: Vec<i64> = (number..8).rev().take(3).collect();
                    assert_eq!(ints("i"), all);
                }
                3 => assert_eq!(answer.expect("found").len(), 1),
                _ if db.engine() == Engine::Postgres => assert!(matches!(
                    answer,
                    Err(StoreError::Statement { statement: "SHOW", .. })
                )),
                // SQLite finds nothing under a number.
                _ => assert!(answer.map_or(true, |rows| rows.is_empty())),
            }
        }
    }

    async fn nulls_stay_nulls(db: Db) {
        let null = || None::<&str>;
        keep(&db, params!["n", null(), None::<i64>, None::<bool>, None::<Vec<u8>>])
            .await
            .expect("kept");
        let rows = look(&db, &SHOW, params!["n"].to_vec()).await.expect("shown");
        assert_eq!(rows[0].opt_text("t").expect("null"), None);
        assert_eq!(rows[0].opt_int("i").expect("null"), None);
        assert_eq!(rows[0].opt_time("i").expect("null"), None);
        assert!(matches!(
            rows[0].text("t"),
            Err(StoreError::Column { column: "t", found: "null", .. })
        ));
        assert_eq!(rows[0].opt_bytes("y").expect("null"), None);
        assert_eq!(rows[0].opt_parse::<i64>("t").expect("null"), None);
        assert!(rows[0].bytes("y").is_err());
        assert!(rows[0].bool("b").is_err());
    }

    async fn values_go_by_their_numbers(db: Db) {
        keep(&db, params!["a", "x", 1, true, vec![1_u8]]).await.expect("kept");
        keep(&db, params!["b", "y", 1, true, vec![1_u8]]).await.expect("kept");
        for (text, found) in [(Some("x"), 1), (Some("z"), 0), (None, 2)] {
            let rows = look(&db, &FILTER, params![text, 1].to_vec()).await.expect("found");
            assert_eq!(rows.len(), found, "{text:?}");
        }
        assert_eq!(look(&db, &TWICE, params!["a"].to_vec()).await.expect("found").len(), 1);
        assert_eq!(look(&db, &TWICE, params!["y"].to_vec()).await.expect("found").len(), 1);
    }

    async fn mistakes_are_named(db: Db) {
        keep(&db, params!["a", "x", 1, true, vec![1_u8]]).await.expect("kept");
        let rows = look(&db, &SHOW, params!["a"].to_vec()).await.expect("shown");
        assert!(matches!(
            rows[0].int("missing"),
            Err(StoreError::Column { column: "missing", found: "none", .. })
        ));
        assert!(rows[0].int("t").is_err());
        assert!(rows[0].text("i").is_err());
        assert!(rows[0].parse::<i64>("t").is_err());
        for values in [vec![], params!["a", "b"].to_vec()] {
            assert!(matches!(
                look(&db, &SHOW, values).await,
                Err(StoreError::Statement { statement: "SHOW", .. })
            ));
        }
        let nul = keep(&db, params!["n", "a\0b", 1, true, vec![0_u8]]).await;
        assert!(matches!(nul, Err(StoreError::ZeroByte { statement: "KEEP" })));
        let nul = look(&db, &SHOW, params!["a\0b"].to_vec()).await;
        assert!(matches!(nul, Err(StoreError::ZeroByte { statement: "SHOW" })));
        let float = look(&db, &NUMERIC_SUM, vec![]).await;
        assert!(matches!(float, Err(StoreError::Statement { statement: "NUMERIC_SUM", .. })));
    }
}
