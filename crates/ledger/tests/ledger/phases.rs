//! Transfers in one phase and in two, told in the script's language.

use super::script::run;
use super::steps;
use store::Db;

testdb::on_both_engines! {
    async fn money_goes_from_one_account_to_another(db: Db) {
        run(&db, "
            account  bank
            account  buyer  debits_within_credits
            account  shop
            transfer T1 bank buyer 100.00        -> created
            transfer T2 buyer shop 88.88         -> created
            balance  buyer 11.12 held 0.00
            balance  shop 88.88 held 0.00
            balance  bank -100.00 held 0.00
            transfer T3 buyer shop 11.13         -> exceeds_credits
            transfer T3 buyer shop 11.12         -> created
            balance  buyer 0.00 held 0.00
        ").await;
    }

    async fn a_repeat_is_recognised(db: Db) {
        run(&db, "
            account  bank
            account  buyer  debits_within_credits
            account  shop
            transfer T1 bank buyer 100.00        -> created
            transfer T1 bank buyer 100.00        -> exists
            transfer T1 bank buyer 100.01        -> exists_with_different_amount
            transfer T1 bank shop 100.00         -> exists_with_different_credit
            transfer T1 shop buyer 100.00        -> exists_with_different_debit
            pending  T1 bank buyer 100.00        -> exists_with_different_kind
            # also when the account has nothing left
            transfer T2 buyer shop 100.00        -> created
            transfer T2 buyer shop 100.00        -> exists
            balance  buyer 0.00 held 0.00
        ").await;
    }

    async fn what_is_held_cannot_be_spent(db: Db) {
        run(&db, "
            account  bank
            account  buyer  debits_within_credits
            account  shop   debits_within_credits
            transfer T1 bank buyer 100.00        -> created
            pending  P1 buyer shop 60.00         -> created
            balance  buyer 100.00 held 60.00
            transfer T2 buyer shop 40.01         -> exceeds_credits
            # what is held for the shop is not the shop's yet
            transfer T3 shop bank 0.01           -> exceeds_credits
            transfer T2 buyer shop 40.00         -> created
            post     X1 P1 60.00                 -> created
            balance  buyer 0.00 held 0.00
            balance  shop 100.00 held 0.00
        ").await;
    }

    async fn a_held_amount_is_posted_in_part_and_the_rest_released(db: Db) {
        run(&db, "
            account  bank
            account  buyer  debits_within_credits
            account  shop
            transfer T1 bank buyer 100.00        -> created
            pending  P1 buyer shop 60.00         -> created
            post     X1 P1 60.01                 -> exceeds_pending_amount
            post     X1 P1 25.00                 -> created
            post     X1 P1 25.00                 -> exists
            post     X1 P1 24.00                 -> exists_with_different_amount
            post     X2 P1 1.00                  -> pending_already_posted
            void     X3 P1                       -> pending_already_posted
            balance  buyer 75.00 held 0.00
            balance  shop 25.00 held 0.00
        ").await;
    }

    async fn a_voided_amount_is_free_again(db: Db) {
        run(&db, "
            account  bank
            account  buyer  debits_within_credits
            account  shop
            transfer T1 bank buyer 100.00        -> created
            pending  P1 buyer shop 100.00        -> created
            void     V1 P1                       -> created
            void     V1 P1                       -> exists
            void     V2 P1                       -> pending_already_voided
            post     X1 P1 1.00                  -> pending_already_voided
            post     V1 P1 1.00                  -> exists_with_different_kind
            void     V3 T1                       -> pending_not_pending
            void     V3 V1                       -> pending_not_pending
            void     V3 P9                       -> pending_not_found
            void     V1 P9                       -> exists_with_different_pending_id
            transfer T2 buyer shop 100.00        -> created
            balance  buyer 0.00 held 0.00
        ").await;
    }

    async fn nobody_pays_back_more_than_is_owed(db: Db) {
        run(&db, "
            account  shop   credits_within_debits
            account  sales
            transfer T1 shop sales 50.00         -> created
            pending  P1 sales shop 30.00         -> created
            transfer T2 sales shop 20.01         -> exceeds_debits
            transfer T2 sales shop 20.00         -> created
            pending  P2 sales shop 0.01          -> exceeds_debits
            post     X1 P1 30.00                 -> created
            balance  shop 0.00 held 0.00
        ").await;
    }

    async fn an_unknown_account_is_named(db: Db) {
        run(&db, "
            account  shop
            transfer T1 nobody shop 1.00         -> debit_account_not_found
            transfer T1 shop nobody 1.00         -> credit_account_not_found
            transfer T1 shop shop 1.00           -> accounts_must_differ
            transfer T1 shop nobody 0.00         -> amount_must_be_positive
            transfer T1 shop nobody -1.00        -> amount_must_be_positive
        ").await;
    }
}
