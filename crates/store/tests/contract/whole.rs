//! All rows of a database, taken and put back, and the database that is nowhere but in memory.

use store::{Db, DbOptions, Step, StoreError, Value, Whole, params};

fn steps() -> Vec<Step> {
    vec![
        Step {
            version: 1000,
            name: "whole",
            sqlite: "CREATE TABLE parents (seq INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, elder TEXT REFERENCES parents (name));
                CREATE TRIGGER parents_stay BEFORE DELETE ON parents BEGIN SELECT RAISE(ABORT, 'parents stay'); END;",
            postgres: "CREATE TABLE parents (seq BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name TEXT NOT NULL UNIQUE, elder TEXT REFERENCES parents (name));
                CREATE FUNCTION stay() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'parents stay'; END $$;
                CREATE TRIGGER parents_stay BEFORE DELETE ON parents FOR EACH ROW EXECUTE FUNCTION stay();
                CREATE TRIGGER parents_stay_all BEFORE TRUNCATE ON parents FOR EACH STATEMENT EXECUTE FUNCTION stay();",
        },
        Step::common(
            1001,
            "children",
            "CREATE TABLE children (name TEXT NOT NULL PRIMARY KEY, parent TEXT NOT NULL REFERENCES parents (name), merry BOOLEAN NOT NULL);
             CREATE TABLE kept_out (name TEXT NOT NULL PRIMARY KEY);",
        ),
    ]
}

store::statements! {
    /// A parent.
    PARENT = "INSERT INTO parents (name, elder) VALUES ($1, $2)";
    /// A child.
    CHILD = "INSERT INTO children (name, parent, merry) VALUES ($1, $2, $3)";
    /// A row of a table that is kept out.
    OUT = "INSERT INTO kept_out (name) VALUES ($1)";
    /// All children.
    CHILDREN = "SELECT name, merry FROM children ORDER BY name";
    /// All parents.
    PARENTS = "SELECT name, CAST(seq AS BIGINT) AS seq FROM parents ORDER BY seq";
    /// What was kept out.
    OUTSIDE = "SELECT name FROM kept_out ORDER BY name";
    /// What a trigger refuses.
    DELETE_PARENTS = "DELETE FROM parents";
}

const BUT: &[&str] = &["kept_out"];

async fn add(db: &Db, parent: &'static str, elder: Option<&'static str>, child: &'static str) {
    db.write(move |tx| {
        Box::pin(async move {
            tx.execute_one(&PARENT, &params![parent, elder]).await?;
            tx.execute_one(&CHILD, &params![child, parent, true])
                .await?;
            tx.execute_one(&OUT, &params![child]).await
        })
    })
    .await
    .expect("as it should be");
}

async fn names(db: &Db, statement: &'static store::Statement) -> Vec<String> {
    let rows = db
        .look(statement, Vec::<Value>::new())
        .await
        .expect("as it should be");
    let name = |row: &store::Row| row.text("name").expect("as it should be").to_owned();
    rows.iter().map(name).collect()
}

async fn take(db: &Db) -> Whole {
    db.read(|tx| Box::pin(async move { tx.take_whole(BUT).await }))
        .await
        .expect("as it should be")
}

async fn put_back(db: &Db, whole: Whole) -> Result<(), StoreError> {
    db.write(move |tx| {
        let whole = whole.clone();
        Box::pin(async move { tx.put_back_whole(&whole, BUT).await })
    })
    .await
}

testdb::on_both_engines! {
    async fn what_was_taken_is_put_back_and_guarded_again(db: Db) {
        add(&db, "ada", None, "byron").await;
        add(&db, "bea", Some("ada"), "carl").await;
        let whole = take(&db).await;
        assert_eq!(whole.rows(), 4);
        let whole = Whole::parse(&whole.to_text().expect("as it should be")).expect("as it should be");
        add(&db, "cleo", None, "dora").await;
        put_back(&db, whole.clone()).await.expect("as it should be");
        assert_eq!(names(&db, &PARENTS).await, ["ada", "bea"]);
        assert_eq!(names(&db, &CHILDREN).await, ["byron", "carl"]);
        assert_eq!(names(&db, &OUTSIDE).await, ["byron", "carl", "dora"]);
        assert_eq!(take(&db).await, whole);
        // Numbers go on behind the highest that is there, and the triggers hold again.
        db.write(|tx| Box::pin(async move { tx.execute_one(&PARENT, &params!["zoe", "bea"]).await })).await.expect("as it should be");
        let rows = db.look(&PARENTS, Vec::<Value>::new()).await.expect("as it should be");
        assert_eq!(rows[2].int("seq").expect("as it should be"), 3);
        let deleted = db.write(|tx| Box::pin(async move { tx.execute(&DELETE_PARENTS, &[]).await })).await;
        assert!(deleted.is_err());
        assert!(rows[0].text("name").is_ok());
    }

    async fn rows_that_do_not_fit_change_nothing(db: Db) {
        add(&db, "ada", None, "byron").await;
        let text = take(&db).await.to_text().expect("as it should be");
        let orphan = Whole::parse(&text.replace("\"parents\",\"columns\":[\"seq\",\"name\",\"elder\"],\"rows\":[[1,\"ada\",null]]", "\"parents\",\"columns\":[\"seq\",\"name\",\"elder\"],\"rows\":[]")).expect("as it should be");
        assert_eq!(orphan.rows(), 1);
        assert!(put_back(&db, orphan).await.is_err());
        assert_eq!(names(&db, &PARENTS).await, ["ada"]);
        assert_eq!(names(&db, &CHILDREN).await, ["byron"]);
    }
}

#[tokio::test]
async fn a_database_in_memory_is_whole_and_alone() {
    let options = DbOptions {
        url: "sqlite::memory:".to_owned(),
        schema: "memory".to_owned(),
        steps: steps(),
        max_connections: 1,
    };
    let (one, two) = (
        Db::open(options.clone()).await.expect("as it should be"),
        Db::open(options).await.expect("as it should be"),
    );
    add(&one, "ada", None, "byron").await;
    assert_eq!(names(&one, &PARENTS).await, ["ada"]);
    assert_eq!(names(&two, &PARENTS).await, Vec::<String>::new());
    one.close().await;
    assert!(matches!(
        one.look(&PARENTS, Vec::<Value>::new()).await,
        Err(StoreError::Closed)
    ));
    two.close().await;
}
