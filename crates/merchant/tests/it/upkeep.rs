//! What runs beside the orders: events that were missed, and what is forgotten in time.

use crate::shop::{Shop, wish};
use merchant::app::{PlaceOrder, RequestKey, Scope, place_order};
use store::Db;
use store::outbox::{self, Event, EventId};

const DAY: i64 = 86_400_000;
const FORGED: &str = "SELECT COUNT(*) AS n FROM forged_notices";
const KEYS: &str = "SELECT COUNT(*) AS n FROM idempotency";

testdb::on_both_engines! {
    steps: merchant::steps;

    async fn a_subscriber_gets_what_was_written_where_nobody_knew_it(db: Db) {
        let shop = Shop::new(db).await;
        shop.merchant.unsubscribe_all();
        shop.paid("A1").await;
        shop.settle().await;
        assert_eq!(shop.events.kinds(), Vec::<String>::new());
        shop.merchant.subscribe(shop.events.clone());
        assert_eq!(shop.merchant.catch_up().await.unwrap(), 1);
        assert_eq!(shop.merchant.catch_up().await.unwrap(), 0, "it waits already");
        shop.settle().await;
        assert_eq!(shop.events.kinds(), ["order.paid"]);
        assert_eq!(shop.merchant.catch_up().await.unwrap(), 0);
    }

    async fn an_order_may_have_more_events_than_are_read_at_once(db: Db) {
        let shop = Shop::new(db).await;
        let order = shop.order("A1").await.order;
        let subject = order.id.to_string();
        let (clock, now) = (shop.clock.clone(), shop.merchant.now());
        let written = shop.db.write(move |tx| {
            let (subject, clock) = (subject.clone(), clock.clone());
            Box::pin(async move {
                for _ in 0..1_001 {
                    let event = Event {
                        event_id: EventId::new(&clock, &kernel::OsRng),
                        kind: "refund.failed".to_owned(),
                        owner: "school".to_owned(),
                        subject: subject.clone(),
                        payload: "{}".to_owned(),
                        at: now,
                    };
                    outbox::append(tx, event).await?;
                }
                Ok::<_, store::StoreError>(())
            })
        });
        written.await.unwrap();
        shop.paid("A1").await;
        shop.settle().await;
        let kinds = shop.events.kinds();
        assert_eq!(kinds.len(), 1_002);
        assert_eq!(kinds.last().map(String::as_str), Some("order.paid"));
    }

    async fn forged_notices_do_not_fill_the_disk(db: Db) {
        let shop = Shop::new(db).await;
        for n in 0..80 {
            shop.notify_raw(Scope::Any, format!("app_id={n}").into_bytes()).await;
        }
        assert_eq!(shop.count(FORGED).await, 51);
        let times = "SELECT CAST(SUM(times) AS BIGINT) AS n FROM forged_notices";
        assert_eq!(shop.count(times).await, 80);
    }

    async fn old_keys_and_counts_are_forgotten(db: Db) {
        let shop = Shop::new(db).await;
        shop.merchant.keep_tidy().await.unwrap();
        shop.merchant.keep_tidy().await.unwrap();
        let key = RequestKey { key: "k".to_owned(), request_hash: "h".to_owned() };
        place_order(&shop.merchant, PlaceOrder { key: Some(key), ..wish("A1") }).await.unwrap();
        shop.notify_raw(Scope::Any, b"app_id=1".to_vec()).await;
        shop.advance(6 * DAY).await;
        assert_eq!((shop.count(FORGED).await, shop.count(KEYS).await), (1, 1));
        shop.advance(3 * DAY).await;
        assert_eq!((shop.count(FORGED).await, shop.count(KEYS).await), (0, 1));
        shop.advance(23 * DAY).await;
        assert_eq!(shop.count(KEYS).await, 0);
        assert_eq!(shop.count("SELECT COUNT(*) AS n FROM jobs").await, 1);
    }
}
