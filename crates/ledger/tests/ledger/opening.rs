//! Opening accounts, once and again.

use super::script::{NOW, balance, open};
use super::steps;
use ledger::{Balance, Field, Limit, NewAccount, Opened};
use store::{Db, StoreError};

testdb::on_both_engines! {
    async fn an_account_is_opened_once(db: Db) {
        assert_eq!(open(&db, "buyer", Limit::DebitsWithinCredits).await, Opened::Created);
        assert_eq!(open(&db, "buyer", Limit::DebitsWithinCredits).await, Opened::Exists);
        assert_eq!(
            open(&db, "buyer", Limit::Free).await,
            Opened::ExistsWithDifferent(Field::Limit)
        );
        assert_eq!(balance(&db, "buyer").await, Some(Balance::default()));
        assert_eq!(balance(&db, "nobody").await, None);
    }

    async fn an_account_says_which_property_differs(db: Db) {
        let account = NewAccount {
            account_id: "shop".to_owned(),
            kind: "payee".to_owned(),
            limit: Limit::Free,
            owner: "acme".to_owned(),
        };
        let other_kind = NewAccount { kind: "buyer".to_owned(), ..account.clone() };
        let other_owner = NewAccount { owner: "umbra".to_owned(), ..account.clone() };
        let seen = db
            .write::<_, StoreError, _>(move |tx| {
                let accounts = [account.clone(), other_kind.clone(), other_owner.clone()];
                Box::pin(async move {
                    let mut seen = Vec::new();
                    for account in &accounts {
                        seen.push(ledger::open(tx, account, NOW).await?);
                    }
                    let found = ledger::find(tx, "shop").await?;
                    Ok((seen, found))
                })
            })
            .await
            .expect("the accounts are answered");
        let expected = vec![
            Opened::Created,
            Opened::ExistsWithDifferent(Field::Kind),
            Opened::ExistsWithDifferent(Field::Owner),
        ];
        assert_eq!(seen.0, expected);
        let found = seen.1.expect("it is there");
        assert_eq!((found.kind.as_str(), found.owner.as_str()), ("payee", "acme"));
        assert_eq!((found.limit, found.created_at), (Limit::Free, NOW));
    }
}
