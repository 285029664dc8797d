//! Money that goes back, once, whatever the network does.

use super::tools::{Scene, stories};
use futures::future::join_all;
use kernel::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use testkit::net::{Fault, Link, Rates};
use testkit::people::Bought;

/// A paid order and its id at the merchant.
async fn paid(scene: &Scene) -> (Bought, String) {
    let bought = scene.buy().await;
    scene.pay(&bought).await;
    let (order_id, order) = scene.order(&bought).await;
    assert_eq!(order.state, "paid");
    (bought, order_id)
}

stories! {
    async fn a_refund_moves_the_money_back(scene: &mut Scene) {
        let (bought, order_id) = paid(scene).await;
        let answer = scene.world.refund(&order_id, "R1", 100).await.expect("the service is there");
        assert!(answer.status.is_success(), "{}", answer.text());
        scene.advance(MINUTE_MS).await;
        assert_eq!(scene.trade(&bought).await.refunded, 100);
        assert_eq!(scene.order(&bought).await.1.refunded, 100);
    }

    async fn a_lost_refund_answer_keeps_the_reservation_and_pays_once(scene: &mut Scene) {
        let (bought, order_id) = paid(scene).await;
        let all = scene.course.1;
        scene.world.set_weather(Rates { lose_answer: 1_000, ..Rates::default() }, Rates::DOWN);
        let _ = scene.world.refund(&order_id, "R1", all).await;
        scene.settle().await;
        let (_, order) = scene.order(&bought).await;
        assert_eq!((order.refunded, order.reserved), (0, all));
        // Nothing is left to give back while nobody knows.
        let second = scene.world.refund(&order_id, "R2", 1).await.expect("the service is there");
        assert!(second.status.is_client_error(), "{}", second.text());
        scene.world.network().heal();
        scene.advance(DAY_MS).await;
        let (_, order) = scene.order(&bought).await;
        assert_eq!((order.refunded, order.reserved), (all, 0));
        assert_eq!(scene.trade(&bought).await.refunded, all);
    }

    async fn a_refund_request_that_arrives_after_its_retry_pays_once(scene: &mut Scene) {
        let (bought, order_id) = paid(scene).await;
        scene.world.network().fail_next(Link::Gateway, Fault::Delay { ms: 5 * HOUR_MS });
        let _ = scene.world.refund(&order_id, "R1", 100).await;
        scene.advance(DAY_MS).await;
        assert_eq!(scene.trade(&bought).await.refunded, 100);
        assert_eq!(scene.order(&bought).await.1.refunded, 100);
    }

    async fn refunds_asked_for_at_once_never_exceed_what_was_paid(scene: &mut Scene) {
        let (bought, order_id) = paid(scene).await;
        let half = scene.course.1 / 2 + 1;
        let numbers: Vec<String> = (0..8).map(|n| format!("R{n}")).collect();
        let world = &scene.world;
        let asked = numbers.iter().map(|number| world.refund(&order_id, number, half));
        let answers = join_all(asked).await;
        let taken = answers.iter().flatten().filter(|answer| answer.status.is_success());
        assert_eq!(taken.count(), 1);
        scene.advance(DAY_MS).await;
        assert_eq!(scene.trade(&bought).await.refunded, half);
    }

    async fn a_garbled_refund_answer_is_silence(scene: &mut Scene) {
        let (bought, order_id) = paid(scene).await;
        scene.world.network().fail_next(Link::Gateway, Fault::Garble);
        let _ = scene.world.refund(&order_id, "R1", 100).await;
        let (_, order) = scene.order(&bought).await;
        assert_eq!((order.refunded, order.reserved), (0, 100));
        scene.advance(DAY_MS).await;
        assert_eq!(scene.order(&bought).await.1.refunded, 100);
        assert_eq!(scene.trade(&bought).await.refunded, 100);
    }

    async fn a_refund_asked_for_twice_is_one_refund(scene: &mut Scene) {
        let (bought, order_id) = paid(scene).await;
        for _ in 0..2 {
            let answer = scene.world.refund(&order_id, "R1", 100).await;
            let answer = answer.expect("the service is there");
            assert!(answer.status.is_success(), "{}", answer.text());
        }
        scene.advance(DAY_MS).await;
        assert_eq!(scene.trade(&bought).await.refunded, 100);
        assert_eq!(scene.facts().await.refunds.len(), 1);
    }
}
