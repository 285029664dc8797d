//! Messages that only look genuine, or are genuine and about something else.

use super::tools::{Scene, stories};
use kernel::time::MINUTE_MS;
use money::Fen;
use testkit::forger::{Claim, Lie, hasty_return, lying_notice};
use testkit::people::Bought;
use testkit::world::{COURSES, MERCHANT};

fn claim(scene: &Scene, bought: &Bought, n: usize) -> Claim {
    Claim {
        out_trade_no: bought.out_trade_no.clone(),
        amount: Fen::new(scene.course.1),
        notify_id: format!("lie{n:031}"),
    }
}

stories! {
    async fn no_lie_is_acknowledged_and_none_changes_anything(scene: &mut Scene) {
        let bought = scene.buy().await;
        let doors = [
            (format!("{COURSES}/order/success/"), "error"),
            (format!("{COURSES}/order/success"), "error"),
            (format!("{MERCHANT}/notify/alipay"), "failure"),
            (format!("{MERCHANT}/notify/alipay/"), "failure"),
        ];
        let mut n = 0;
        for (door, refusal) in doors {
            for lie in Lie::ALL {
                n += 1;
                let body = lying_notice(&claim(scene, &bought, n), lie, scene.world.now());
                let answer = scene.world.post_notice(&door, body).await.expect("somebody is there");
                let said = (answer.status.as_u16(), answer.text());
                assert_eq!(said, (200, refusal.to_owned()), "{lie:?} at {door}");
            }
        }
        scene.advance(MINUTE_MS).await;
        assert_eq!(scene.state(&bought).await, "open");
        assert_eq!(scene.open_courses().await, 0);
        // It can still be paid, and what comes then is believed.
        scene.pay(&bought).await;
        assert_eq!(scene.state(&bought).await, "paid");
    }

    async fn a_return_that_nobody_paid_for_is_only_a_hint(scene: &mut Scene) {
        let bought = scene.buy().await;
        let query = hasty_return(&claim(scene, &bought, 1), scene.world.now());
        let answer = scene.learner.result(&scene.world, &query).await.expect("the shop is there");
        assert_eq!(answer.text(), "false");
        scene.settle().await;
        assert_eq!(scene.state(&bought).await, "open");
    }

    async fn a_return_before_the_notice_asks_and_finds_the_payment(scene: &mut Scene) {
        let bought = scene.buy().await;
        scene.world.set_weather(testkit::net::Rates::default(), testkit::net::Rates::DOWN);
        scene.pay(&bought).await;
        assert_eq!(scene.state(&bought).await, "open");
        let query = hasty_return(&claim(scene, &bought, 1), scene.world.now());
        let answer = scene.learner.result(&scene.world, &query).await.expect("the shop is there");
        assert_eq!(answer.text(), "true");
        scene.settle().await;
        assert_eq!(scene.open_courses().await, 1);
    }
}
