//! What stories are told with.

use merchant::LatePolicy;
use store::Engine;
use testkit::invariants::{Facts, Order, Trade};
use testkit::people::{Bought, Learner, Manner};
use testkit::{World, WorldOptions};

/// Stamps each story as two tests, one for each engine.
macro_rules! stories {
    ($(async fn $name:ident($scene:ident: $ty:ty) $body:block)+) => {$(
        async fn $name($scene: $ty) $body

        mod $name {
            #[test]
            fn sqlite() {
                $crate::tools::play(store::Engine::Sqlite, async |scene| super::$name(scene).await);
            }

            #[test]
            fn postgres() {
                $crate::tools::play(store::Engine::Postgres, async |scene| super::$name(scene).await);
            }
        }
    )+};
}
pub(crate) use stories;

/// A world in which somebody is about to buy a course.
pub(crate) struct Scene {
    pub(crate) world: World,
    pub(crate) learner: Learner,
    pub(crate) course: (i64, i64),
}

/// Plays a story in a world of its own and asks the invariants after it.
pub(crate) fn play(engine: Engine, story: impl AsyncFnOnce(&mut Scene)) {
    play_with(engine, LatePolicy::Refund, story);
}

/// The same with a policy for late money.
pub(crate) fn play_with(
    engine: Engine,
    late_policy: LatePolicy,
    story: impl AsyncFnOnce(&mut Scene),
) {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime for the story");
    runtime.block_on(async {
        let options = WorldOptions {
            engine,
            late_policy,
            ..WorldOptions::new(1)
        };
        let world = World::open(options).await.expect("the world opens");
        let learner = Learner::log_in(&world, "root")
            .await
            .expect("the shop is there");
        let courses = world.courses().await.expect("the shop is there");
        let mut scene = Scene {
            learner: learner.expect("the demo's learner logs in"),
            course: *courses.first().expect("a course is on sale"),
            world,
        };
        story(&mut scene).await;
        let broken = scene.world.broken().await.expect("the facts are read");
        assert!(broken.is_empty(), "{broken:#?}");
        let broken = scene
            .world
            .come_to_rest()
            .await
            .expect("the world comes to rest");
        assert!(broken.is_empty(), "at rest: {broken:#?}");
        for db in scene.world.databases() {
            db.close().await;
        }
    });
}

impl Scene {
    /// Orders the course from a computer.
    pub(crate) async fn buy(&self) -> Bought {
        self.buy_as(Manner::default()).await
    }

    pub(crate) async fn buy_as(&self, manner: Manner) -> Bought {
        let bought = self.learner.buy(&self.world, &[self.course], manner).await;
        bought
            .expect("the shop is there")
            .expect("the shop takes the order")
    }

    /// Pays by the link and lets everything happen that is due.
    pub(crate) async fn pay(&self, bought: &Bought) {
        let answer = self.world.pay(bought, testkit::world::BUYER).await;
        let answer = answer.expect("Alipay is there");
        assert!(answer.status.is_success(), "{}", answer.text());
        self.settle().await;
    }

    pub(crate) async fn settle(&self) {
        self.world.settle().await.expect("due work runs");
    }

    pub(crate) async fn advance(&self, ms: i64) {
        self.world.advance_ms(ms).await.expect("time passes");
    }

    pub(crate) async fn facts(&self) -> Facts {
        self.world.facts().await.expect("the facts are read")
    }

    /// The merchant's order.
    pub(crate) async fn order(&self, bought: &Bought) -> (String, Order) {
        let facts = self.facts().await;
        let found = facts.order_of_number(bought.order_no());
        let (id, order) = found.expect("the merchant has the order");
        (id.clone(), order.clone())
    }

    /// The state of the merchant's order.
    pub(crate) async fn state(&self, bought: &Bought) -> String {
        self.order(bought).await.1.state
    }

    /// Alipay's trade.
    pub(crate) async fn trade(&self, bought: &Bought) -> Trade {
        let facts = self.facts().await;
        let mut trades = facts.trades.iter();
        let found = trades.find(|((_, number), _)| *number == bought.out_trade_no);
        found.expect("Alipay has the trade").1.clone()
    }

    /// How many courses are open to the learner.
    pub(crate) async fn open_courses(&self) -> usize {
        self.facts().await.enrollments.len()
    }
}
