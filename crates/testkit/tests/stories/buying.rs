//! Buying a course, whatever happens to the notice.

use super::tools::{Scene, stories};
use kernel::time::{DAY_MS, HOUR_MS, MINUTE_MS};
use testkit::net::{Fault, Link, Rates};
use testkit::people::Manner;
use testkit::world::POOR_BUYER;

stories! {
    async fn a_paid_course_opens(scene: &mut Scene) {
        let bought = scene.buy().await;
        assert_eq!(scene.state(&bought).await, "open");
        assert_eq!(scene.open_courses().await, 0);
        scene.pay(&bought).await;
        assert_eq!(scene.state(&bought).await, "paid");
        assert_eq!(scene.open_courses().await, 1);
    }

    async fn a_course_paid_from_a_phone_opens(scene: &mut Scene) {
        let bought = scene.buy_as(Manner { phone: true, course_list: true }).await;
        scene.pay(&bought).await;
        assert_eq!(scene.state(&bought).await, "paid");
        assert_eq!(scene.open_courses().await, 1);
    }

    async fn an_empty_purse_pays_nothing(scene: &mut Scene) {
        let bought = scene.buy().await;
        let answer = scene.world.pay(&bought, POOR_BUYER).await.expect("Alipay is there");
        assert!(!answer.status.is_success(), "{}", answer.text());
        scene.settle().await;
        assert_eq!(scene.trade(&bought).await.state, "waiting");
        assert_eq!(scene.open_courses().await, 0);
    }

    async fn a_lost_notice_comes_again(scene: &mut Scene) {
        let bought = scene.buy().await;
        scene.world.network().fail_next(Link::Notice, Fault::LoseRequest);
        scene.pay(&bought).await;
        assert_eq!(scene.open_courses().await, 0);
        scene.advance(4 * MINUTE_MS).await;
        assert_eq!(scene.state(&bought).await, "paid");
        assert_eq!(scene.open_courses().await, 1);
    }

    async fn a_notice_whose_answer_was_lost_comes_again_and_changes_nothing(scene: &mut Scene) {
        let bought = scene.buy().await;
        scene.world.network().fail_next(Link::Notice, Fault::LoseAnswer);
        scene.pay(&bought).await;
        assert_eq!(scene.state(&bought).await, "paid");
        scene.advance(4 * MINUTE_MS).await;
        assert_eq!(scene.world.network().acknowledged().len(), 1);
        assert_eq!(scene.open_courses().await, 1);
    }

    async fn a_garbled_notice_is_refused_and_comes_again(scene: &mut Scene) {
        let bought = scene.buy().await;
        scene.world.network().fail_next(Link::Notice, Fault::Garble);
        scene.pay(&bought).await;
        assert_eq!(scene.open_courses().await, 0);
        scene.advance(4 * MINUTE_MS).await;
        assert_eq!(scene.state(&bought).await, "paid");
        assert_eq!(scene.open_courses().await, 1);
    }

    async fn a_doubled_notice_opens_a_course_once(scene: &mut Scene) {
        let bought = scene.buy().await;
        scene.world.network().fail_next(Link::Notice, Fault::Double);
        scene.pay(&bought).await;
        assert_eq!(scene.world.network().acknowledged().len(), 2);
        assert_eq!(scene.state(&bought).await, "paid");
        assert_eq!(scene.open_courses().await, 1);
    }

    async fn a_notice_a_day_late_finds_the_order_paid_by_asking(scene: &mut Scene) {
        let bought = scene.buy().await;
        scene.world.network().fail_next(Link::Notice, Fault::Delay { ms: DAY_MS });
        scene.world.set_weather(Rates::default(), Rates::DOWN);
        scene.pay(&bought).await;
        scene.advance(12 * HOUR_MS).await;
        assert_eq!(scene.state(&bought).await, "paid");
        assert_eq!(scene.open_courses().await, 1);
        scene.advance(DAY_MS).await;
        assert_eq!(scene.open_courses().await, 1);
    }

    async fn a_kill_at_any_instant_loses_no_payment(scene: &mut Scene) {
        scene.world.set_kills(400);
        let mut paid = Vec::new();
        for _ in 0..12 {
            let bought = scene.learner.buy(&scene.world, &[scene.course], Manner::default()).await;
            if let Ok(Ok(bought)) = bought {
                let answer = scene.world.pay(&bought, testkit::world::BUYER).await;
                if answer.is_ok_and(|answer| answer.status.is_success()) {
                    paid.push(bought);
                }
            }
            scene.advance(MINUTE_MS).await;
            scene.world.restart().await.expect("merchant and shop start again");
        }
        scene.world.set_kills(0);
        scene.advance(DAY_MS).await;
        assert!(!paid.is_empty());
        for bought in &paid {
            assert_eq!(scene.state(bought).await, "paid");
        }
        assert_eq!(scene.open_courses().await, 1);
    }
}
