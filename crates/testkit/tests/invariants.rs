//! The invariants themselves: their SQL is understood on both engines, and walks repeat.

use store::Engine;
use testkit::invariants::statements;
use testkit::walk::{WalkOptions, walk};
use testkit::{World, WorldOptions};

fn on_own_runtime<T>(work: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.expect("a runtime for the test").block_on(work)
}

fn every_fact_can_be_read(engine: Engine) {
    on_own_runtime(async {
        let options = WorldOptions {
            engine,
            ..WorldOptions::new(1)
        };
        let world = World::open(options).await.expect("the world opens");
        for (db, statements) in world.databases().into_iter().zip(statements()) {
            testdb::prepare_all(db, &statements).await;
        }
        assert!(world.broken().await.expect("the facts are read").is_empty());
    });
}

mod every_fact_can_be_read {
    #[test]
    fn sqlite() {
        super::every_fact_can_be_read(store::Engine::Sqlite);
    }

    #[test]
    fn postgres() {
        super::every_fact_can_be_read(store::Engine::Postgres);
    }
}

fn a_seed_leads_the_same_way_twice(engine: Engine) {
    let options = WalkOptions {
        engine,
        ..WalkOptions::default()
    };
    for seed in 1..=3 {
        let told = || {
            on_own_runtime(walk(seed, &options))
                .expect("the world stands")
                .expect("it holds")
        };
        let (once, again) = (told(), told());
        assert!(!once.story.is_empty());
        assert_eq!(once, again);
    }
}

mod a_seed_leads_the_same_way_twice {
    #[test]
    fn sqlite() {
        super::a_seed_leads_the_same_way_twice(store::Engine::Sqlite);
    }

    #[test]
    fn postgres() {
        super::a_seed_leads_the_same_way_twice(store::Engine::Postgres);
    }
}
