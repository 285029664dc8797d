//! Orders that end without money, and money that comes all the same.

use super::tools::{Scene, play_with, stories};
use kernel::time::{DAY_MS, MINUTE_MS};
use merchant::LatePolicy;
use store::Engine;
use testkit::net::{Fault, Link, Rates};

stories! {
    async fn an_order_that_nobody_pays_ends_after_alipay_says_so(scene: &mut Scene) {
        let bought = scene.buy().await;
        scene.world.open_link(&bought).await.expect("Alipay is there");
        scene.advance(3 * DAY_MS).await;
        assert_eq!(scene.trade(&bought).await.state, "closed");
        assert_eq!(scene.state(&bought).await, "closed");
        assert_eq!(scene.open_courses().await, 0);
    }

    async fn while_alipay_is_silent_no_order_is_closed(scene: &mut Scene) {
        let bought = scene.buy().await;
        scene.world.open_link(&bought).await.expect("Alipay is there");
        scene.world.set_weather(Rates::DOWN, Rates::DOWN);
        scene.advance(2 * DAY_MS).await;
        let state = scene.state(&bought).await;
        assert!(["open", "paying"].contains(&state.as_str()), "{state}");
        scene.world.network().heal();
        scene.advance(DAY_MS).await;
        assert_eq!(scene.state(&bought).await, "closed");
    }

    async fn a_cancelled_order_can_no_longer_be_paid(scene: &mut Scene) {
        let bought = scene.buy().await;
        scene.world.open_link(&bought).await.expect("Alipay is there");
        let answer = scene.learner.cancel(&scene.world, bought.order_no()).await;
        let answer = answer.expect("the shop is there");
        assert!(answer.status.is_success(), "{}", answer.text());
        scene.settle().await;
        assert_eq!(scene.trade(&bought).await.state, "closed");
        let answer = scene.world.pay(&bought, testkit::world::BUYER).await;
        assert!(!answer.expect("Alipay is there").status.is_success());
        assert_eq!(scene.state(&bought).await, "closed");
    }

    async fn a_payment_faster_than_the_cancel_wins(scene: &mut Scene) {
        let bought = scene.buy().await;
        // Paid, and the shop has not heard of it yet.
        scene.world.network().fail_next(Link::Notice, Fault::LoseRequest);
        scene.pay(&bought).await;
        let answer = scene.learner.cancel(&scene.world, bought.order_no()).await;
        answer.expect("the shop is there");
        scene.advance(10 * MINUTE_MS).await;
        assert_eq!(scene.state(&bought).await, "paid");
        assert_eq!(scene.open_courses().await, 1);
    }

    async fn a_close_whose_answer_was_lost_is_asked_again(scene: &mut Scene) {
        let bought = scene.buy().await;
        scene.world.open_link(&bought).await.expect("Alipay is there");
        // The query gets through, the close has its effect, and nobody says so.
        scene.world.set_weather(Rates { lose_answer: 1_000, ..Rates::default() }, Rates::DOWN);
        let (order_id, _) = scene.order(&bought).await;
        let _ = scene.world.close(&order_id, "close-1").await;
        scene.advance(MINUTE_MS).await;
        assert_ne!(scene.state(&bought).await, "closed");
        scene.world.network().heal();
        scene.advance(DAY_MS).await;
        assert_eq!(scene.state(&bought).await, "closed");
    }

    async fn a_second_payment_goes_back(scene: &mut Scene) {
        let first = scene.buy().await;
        scene.world.open_link(&first).await.expect("Alipay is there");
        let again = scene.learner.pay_again(&scene.world, first.order_no(), true).await;
        let second = again.expect("the shop is there").expect("the shop gives a link");
        assert_ne!(first.out_trade_no, second.out_trade_no);
        // Both cashiers are open; the buyer pays in both before anybody hears of it.
        scene.world.set_weather(Rates::default(), Rates::DOWN);
        scene.pay(&first).await;
        scene.pay(&second).await;
        scene.world.network().heal();
        scene.advance(DAY_MS).await;
        let kept = scene.trade(&first).await.kept() + scene.trade(&second).await.kept();
        assert_eq!(kept, scene.course.1);
        assert_eq!(scene.state(&first).await, "paid");
        assert_eq!(scene.open_courses().await, 1);
    }

    async fn a_notice_after_close_starts_a_refund(scene: &mut Scene) {
        let state = late(scene).await;
        assert_eq!(state, "late_paid");
        assert_eq!(scene.open_courses().await, 0);
    }
}

/// Lets money come for an order that ended; returns what the order is then.
async fn late(scene: &mut Scene) -> String {
    let bought = scene.buy().await;
    scene
        .world
        .open_link(&bought)
        .await
        .expect("Alipay is there");
    scene.advance(3 * DAY_MS).await;
    assert_eq!(scene.state(&bought).await, "closed");
    let notice = scene
        .world
        .late_money(&bought.out_trade_no)
        .await
        .expect("the money moves");
    let notice = notice.expect("the trade was closed");
    assert!(
        scene.world.send_late(&notice).await,
        "the notice is acknowledged"
    );
    scene.advance(MINUTE_MS).await;
    scene.state(&bought).await
}

fn late_money_is_kept(engine: Engine) {
    play_with(engine, LatePolicy::Accept, async |scene| {
        assert_eq!(late(scene).await, "paid");
        assert_eq!(scene.open_courses().await, 1);
    });
}

fn late_money_waits_for_somebody(engine: Engine) {
    play_with(engine, LatePolicy::Hold, async |scene| {
        assert_eq!(late(scene).await, "attention");
        assert_eq!(scene.open_courses().await, 0);
        assert!(!scene.facts().await.cases.is_empty());
    });
}

mod late_money_is_kept_where_the_policy_says_so {
    #[test]
    fn sqlite() {
        super::late_money_is_kept(store::Engine::Sqlite);
    }

    #[test]
    fn postgres() {
        super::late_money_is_kept(store::Engine::Postgres);
    }
}

mod late_money_waits_for_somebody_where_the_policy_says_so {
    #[test]
    fn sqlite() {
        super::late_money_waits_for_somebody(store::Engine::Sqlite);
    }

    #[test]
    fn postgres() {
        super::late_money_waits_for_somebody(store::Engine::Postgres);
    }
}
