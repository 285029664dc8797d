//! A walk from its beginning to its end: steps, the invariants after each, and a rest.

use super::outcome::{Fall, Seen, Walked};
use super::plan::{WalkOptions, late_policy};
use crate::late::LateNotice;
use crate::people::{Bought, Learner};
use crate::world::{World, WorldError, WorldOptions};
use kernel::time::HOUR_MS;

/// A walk under way.
pub(crate) struct Walk {
    pub(crate) world: World,
    pub(crate) learners: Vec<Learner>,
    pub(crate) courses: Vec<(i64, i64)>,
    pub(crate) links: Vec<(usize, Bought)>,
    pub(crate) late: Vec<LateNotice>,
    pub(crate) numbers: u64,
    /// What went wrong in a step itself, such as a lie that was believed.
    pub(crate) believed: Vec<String>,
}

/// Walks once. The outer error is of the machinery, the inner one a find.
///
/// # Errors
/// When the world does not open or a database fails.
pub async fn walk(seed: u64, options: &WalkOptions) -> Result<Result<Walked, Fall>, WorldError> {
    let world = World::open(WorldOptions {
        engine: options.engine,
        bugs: options.bugs,
        late_policy: late_policy(seed),
        ..WorldOptions::new(seed)
    })
    .await?;
    let mut walk = Walk::begin(world).await?;
    for step in 0..options.steps {
        walk.step().await?;
        let mut broken = std::mem::take(&mut walk.believed);
        broken.extend(walk.world.broken().await?);
        if step % PROOF_EVERY == 0 {
            broken.extend(walk.world.unproved().await?);
        }
        if !broken.is_empty() {
            return Ok(Err(walk.fall(seed, broken)));
        }
    }
    let broken = walk.end().await?;
    if !broken.is_empty() {
        return Ok(Err(walk.fall(seed, broken)));
    }
    let seen = walk.seen(u64::from(options.steps)).await?;
    let story = walk.world.story();
    Ok(Ok(Walked { seen, story }))
}

/// Proving the books reads all of them; the cheaper checks see most things at once.
const PROOF_EVERY: u32 = 8;

impl Walk {
    async fn begin(world: World) -> Result<Self, WorldError> {
        let gone = |why| format!("the shop is not there: {why:?}");
        let mut learners = Vec::new();
        learners.extend(Learner::log_in(&world, "root").await.map_err(gone)?);
        learners.extend(Learner::register(&world, "alice").await.map_err(gone)?);
        let courses = world.courses().await.map_err(gone)?;
        if learners.len() != 2 || courses.is_empty() {
            return Err("the shop has no learners or no courses".into());
        }
        Ok(Self {
            world,
            learners,
            courses,
            links: Vec::new(),
            late: Vec::new(),
            numbers: 0,
            believed: Vec::new(),
        })
    }

    async fn end(&mut self) -> Result<Vec<String>, WorldError> {
        self.world
            .tell("the network works again, everything comes to rest");
        self.world.network().heal();
        self.world.set_kills(0);
        // A slow bank's notice comes until it is heard.
        while !self.late.is_empty() {
            self.send_late().await;
            self.world.advance_ms(HOUR_MS).await?;
        }
        Ok(self.world.come_to_rest().await?)
    }

    pub(crate) async fn send_late(&mut self) {
        let mut left = Vec::new();
        for notice in std::mem::take(&mut self.late) {
            if !self.world.send_late(&notice).await {
                left.push(notice);
            }
        }
        self.late = left;
    }

    pub(crate) fn pick(&self, bound: usize) -> usize {
        let bound = u64::try_from(bound).unwrap_or(u64::MAX);
        usize::try_from(self.world.rng().below(bound)).unwrap_or_default()
    }

    fn fall(&self, seed: u64, broken: Vec<String>) -> Fall {
        Fall {
            seed,
            broken,
            story: self.world.story(),
        }
    }

    async fn seen(&self, steps: u64) -> Result<Seen, WorldError> {
        let facts = self.world.facts().await?;
        let (exchanges, faults) = self.world.network().counts();
        let count = |n: usize| u64::try_from(n).unwrap_or_default();
        Ok(Seen {
            steps,
            exchanges,
            faults,
            orders: count(facts.orders.len()),
            payments: count(
                facts
                    .trades
                    .values()
                    .filter(|t| t.paid_at.is_some())
                    .count(),
            ),
            refunds: count(facts.refunds.len()),
        })
    }
}
