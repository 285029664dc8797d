//! The worker and the schedule: what runs, when, how often, and what the clock shows then.

#![expect(clippy::unwrap_used, reason = "a test ends where something is wrong")]

use futures::future::BoxFuture;
use kernel::{Clock, ManualClock, MovableClock, SeededRng, Timestamp};
use service::clock_control::{ClockControl, ClockError, ScheduleControl};
use service::schedule::Schedule;
use service::worker::{Done, JobHandler, Worker, WorkerParts, backoff_ms};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::jobs::{self, Job, JobId, NewJob};
use store::{Db, Step, StoreError};
use tokio::sync::{Barrier, Notify};
use tokio_util::sync::CancellationToken;

const START: Timestamp = Timestamp::from_ms(1_750_000_000_000);

fn steps() -> Vec<Step> {
    Vec::new()
}

/// What ran, at which millisecond after the start.
type Diary = Arc<Mutex<Vec<(String, i64)>>>;

/// Answers each job from a script: by its key, try by try, `Finished` when the script is over.
struct Scripted {
    clock: ManualClock,
    diary: Diary,
    script: Mutex<HashMap<String, Vec<Done>>>,
}

impl JobHandler for Scripted {
    fn run<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Done> {
        Box::pin(async move {
            let at = self.clock.now().since_ms(START);
            self.diary.lock().unwrap().push((job.key.clone(), at));
            assert_ne!(job.payload, "panic", "as the test wants it");
            let mut script = self.script.lock().unwrap();
            let left = script.get_mut(&job.key).filter(|left| !left.is_empty());
            left.map_or(Done::Finished, |left| left.remove(0))
        })
    }
}

struct Desk {
    db: Db,
    clock: ManualClock,
    rng: SeededRng,
    diary: Diary,
}

impl Desk {
    fn new(db: Db) -> Self {
        Self {
            db,
            clock: ManualClock::new(START),
            rng: SeededRng::new(1),
            diary: Diary::default(),
        }
    }

    fn with(&self, handler: Arc<dyn JobHandler>, parallel: usize) -> Arc<Worker> {
        Arc::new(Worker::new(WorkerParts {
            name: "test",
            db: self.db.clone(),
            clock: Arc::new(self.clock.clone()),
            rng: Arc::new(self.rng.clone()),
            handler,
            lease_ms: 60_000,
            parallel,
        }))
    }

    fn worker(&self, script: &[(&str, &[Done])]) -> Arc<Worker> {
        let script = script
            .iter()
            .map(|(key, done)| ((*key).to_owned(), done.to_vec()));
        let handler = Scripted {
            clock: self.clock.clone(),
            diary: Arc::clone(&self.diary),
            script: Mutex::new(script.collect()),
        };
        self.with(Arc::new(handler), 4)
    }

    async fn schedule(&self, key: &str, due_ms: i64) {
        self.schedule_with(key, due_ms, "{}").await;
    }

    async fn schedule_with(&self, key: &str, due_ms: i64, payload: &str) {
        let job = NewJob {
            job_id: JobId::new(&self.clock, &self.rng),
            kind: "probe",
            key: key.to_owned(),
            payload: payload.to_owned(),
            due_at: START.plus_ms(due_ms),
        };
        let added = self.db.write(move |tx| {
            let job = job.clone();
            Box::pin(async move { jobs::schedule(tx, &job).await })
        });
        added.await.unwrap();
    }

    async fn counts(&self) -> (i64, i64, i64) {
        let counts = self.db.read(|tx| Box::pin(jobs::counts(tx)));
        let counts = counts.await.unwrap();
        (counts.waiting, counts.running, counts.failed)
    }

    fn diary(&self) -> Vec<(String, i64)> {
        self.diary.lock().unwrap().clone()
    }
}

fn entries(expected: &[(&str, i64)]) -> Vec<(String, i64)> {
    expected
        .iter()
        .map(|(key, at)| ((*key).to_owned(), *at))
        .collect()
}

fn again(due_ms: i64) -> Done {
    Done::Again {
        due_at: START.plus_ms(due_ms),
        error: None,
    }
}

fn retry() -> Done {
    Done::Retry {
        error: "lost".to_owned(),
    }
}

testdb::on_both_engines! {
    async fn only_what_is_due_runs(db: Db) {
        let desk = Desk::new(db);
        let worker = desk.worker(&[]);
        desk.schedule("now", 0).await;
        desk.schedule("later", 5_000).await;
        assert_eq!(worker.run_due().await.unwrap(), 1);
        assert_eq!(worker.run_due().await.unwrap(), 0);
        assert_eq!(worker.next_due().await.unwrap(), Some(START.plus_ms(5_000)));
        assert_eq!(desk.diary(), entries(&[("now", 0)]));
        assert_eq!(worker.ran(), 1);
    }

    async fn a_failed_job_is_kept_and_not_tried_again(db: Db) {
        let desk = Desk::new(db);
        let fail = Done::Fail { error: "never".to_owned() };
        let worker = desk.worker(&[("bad", &[fail])]);
        desk.schedule("bad", 0).await;
        assert_eq!(worker.run_due().await.unwrap(), 1);
        desk.clock.advance_ms(86_400_000);
        assert_eq!(worker.run_due().await.unwrap(), 0);
        assert_eq!(desk.counts().await, (0, 0, 1));
        assert_eq!(worker.next_due().await.unwrap(), None);
    }

    async fn a_retry_waits_longer_each_time(db: Db) {
        let desk = Desk::new(db);
        let worker = desk.worker(&[("flaky", &[retry(), retry(), retry()])]);
        desk.schedule("flaky", 0).await;
        let mut waits = Vec::new();
        while let Some(due) = worker.next_due().await.unwrap() {
            waits.push(due.since_ms(desk.clock.now()));
            desk.clock.move_to(due);
            assert_eq!(worker.run_due().await.unwrap(), 1);
        }
        assert_eq!(waits.len(), 4);
        for (wait, least) in waits.iter().zip([0, 1_000, 2_000, 4_000]) {
            assert!((least..=least + least / 10).contains(wait), "{waits:?}");
        }
        assert_eq!(desk.counts().await, (0, 0, 0));
    }

    async fn a_panic_is_a_failed_try(db: Db) {
        let desk = Desk::new(db);
        let worker = desk.worker(&[]);
        desk.schedule_with("bomb", 0, "panic").await;
        desk.schedule("fine", 0).await;
        assert_eq!(worker.run_due().await.unwrap(), 2);
        assert_eq!(desk.counts().await, (1, 0, 0));
        let due = worker.next_due().await.unwrap().unwrap();
        assert!(due > START);
    }

    async fn again_is_exact(db: Db) {
        let desk = Desk::new(db);
        let worker = desk.worker(&[("notice", &[again(240_000), again(840_000)])]);
        desk.schedule("notice", 0).await;
        let schedule = Schedule::new(Arc::new(desk.clock.clone()), vec![worker]);
        assert_eq!(schedule.advance_to(START.plus_ms(900_000)).await.unwrap(), 3);
        assert_eq!(desk.diary(), entries(&[("notice", 0), ("notice", 240_000), ("notice", 840_000)]));
        assert_eq!(schedule.now(), START.plus_ms(900_000));
    }

    async fn two_workers_step_through_time_in_order(db: Db) {
        let desk = Desk::new(db);
        let other = testdb::sqlite(steps()).await;
        let second = Desk { db: other.db.clone(), diary: Arc::clone(&desk.diary), clock: desk.clock.clone(), rng: desk.rng.clone() };
        desk.schedule("a1", 1_000).await;
        desk.schedule("a3", 3_000).await;
        desk.schedule("a9", 9_000).await;
        second.schedule("b2", 2_000).await;
        second.schedule("b3", 3_000).await;
        let workers = vec![
            desk.worker(&[("a1", &[again(2_500)])]),
            second.worker(&[("b2", &[again(2_000), again(2_000)])]),
        ];
        let moves = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&moves);
        let schedule = Schedule::new(Arc::new(desk.clock.clone()), workers)
            .on_move(Arc::new(move |now| seen.lock().unwrap().push(now.since_ms(START))));
        assert_eq!(schedule.advance_to(START.plus_ms(8_000)).await.unwrap(), 7);
        assert_eq!(desk.diary(), entries(&[
            ("a1", 1_000), ("b2", 2_000), ("b2", 2_000), ("b2", 2_000), ("a1", 2_500),
            ("a3", 3_000), ("b3", 3_000),
        ]));
        assert_eq!(*moves.lock().unwrap(), [1_000, 2_000, 2_500, 3_000, 8_000]);
        assert_eq!(schedule.advance_to(START).await.unwrap(), 0);
        assert_eq!(schedule.now(), START.plus_ms(8_000));
        desk.schedule("now", 0).await;
        assert_eq!(schedule.settle().await.unwrap(), 1);
    }

    async fn what_a_crash_left_running_waits_again(db: Db) {
        let desk = Desk::new(db);
        desk.schedule("left", 0).await;
        let taken = desk.db.write(|tx| Box::pin(jobs::claim(tx, START, 60_000, "dead", 9)));
        assert_eq!(taken.await.unwrap().len(), 1);
        let worker = desk.worker(&[]);
        assert_eq!(worker.run_due().await.unwrap(), 0);
        assert_eq!(worker.recover().await.unwrap(), 1);
        assert_eq!(worker.run_due().await.unwrap(), 1);
        assert_eq!(desk.counts().await, (0, 0, 0));
    }
}

/// Counts how many run at a time; each waits until `parallel` of them are there.
struct Together {
    here: AtomicUsize,
    most: AtomicUsize,
    barrier: Barrier,
}

impl JobHandler for Together {
    fn run<'a>(&'a self, _job: &'a Job) -> BoxFuture<'a, Done> {
        Box::pin(async move {
            let here = self.here.fetch_add(1, Ordering::SeqCst) + 1;
            self.most.fetch_max(here, Ordering::SeqCst);
            self.barrier.wait().await;
            self.here.fetch_sub(1, Ordering::SeqCst);
            Done::Finished
        })
    }
}

#[tokio::test]
async fn as_many_run_together_as_allowed_and_no_more() {
    let database = testdb::sqlite(steps()).await;
    let desk = Desk::new(database.db.clone());
    let handler = Arc::new(Together {
        here: AtomicUsize::new(0),
        most: AtomicUsize::new(0),
        barrier: Barrier::new(3),
    });
    for number in 0..9 {
        desk.schedule(&number.to_string(), 0).await;
    }
    let handled: Arc<dyn JobHandler> = Arc::<Together>::clone(&handler);
    assert_eq!(desk.with(handled, 3).run_due().await.unwrap(), 9);
    assert_eq!(handler.most.load(Ordering::SeqCst), 3);
}

/// Says that it began, then waits to be let go.
#[derive(Default)]
struct Held {
    began: Notify,
    go: Notify,
}

impl JobHandler for Held {
    fn run<'a>(&'a self, _job: &'a Job) -> BoxFuture<'a, Done> {
        Box::pin(async move {
            self.began.notify_one();
            self.go.notified().await;
            Done::Finished
        })
    }
}

#[tokio::test]
async fn the_loop_ends_only_after_what_runs() {
    let database = testdb::sqlite(steps()).await;
    let desk = Desk::new(database.db.clone());
    let held = Arc::new(Held::default());
    let worker = desk.with(Arc::<Held>::clone(&held), 1);
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let (worker, stop) = (Arc::clone(&worker), stop.clone());
        async move { worker.run_until(stop).await }
    });
    desk.schedule("one", 0).await;
    desk.schedule("two", 0).await;
    worker.wake();
    held.began.notified().await;
    stop.cancel();
    held.go.notify_one();
    running.await.unwrap();
    // The first came to its end, the second was not begun.
    assert_eq!(desk.counts().await, (1, 0, 0));
}

#[tokio::test]
async fn the_clock_does_not_move_under_a_running_job() {
    let database = testdb::sqlite(steps()).await;
    let desk = Desk::new(database.db.clone());
    let held = Arc::new(Held::default());
    let worker = desk.with(Arc::<Held>::clone(&held), 1);
    desk.schedule("one", 0).await;
    let running = tokio::spawn({
        let worker = Arc::clone(&worker);
        async move { worker.run_due().await }
    });
    held.began.notified().await;
    let schedule = Arc::new(Schedule::new(Arc::new(desk.clock.clone()), vec![worker]));
    let moving = tokio::spawn({
        let schedule = Arc::clone(&schedule);
        async move { schedule.advance_to(START.plus_ms(600_000)).await }
    });
    tokio::task::yield_now().await;
    assert_eq!(schedule.now(), START);
    held.go.notify_one();
    assert_eq!(running.await.unwrap().unwrap(), 1);
    moving.await.unwrap().unwrap();
    assert_eq!(schedule.now(), START.plus_ms(600_000));
}

/// Each job leaves another one behind and ends only after that one began, until one is not begun.
struct Stream {
    desk: Desk,
    begun: Notify,
    broken: AtomicBool,
}

impl JobHandler for Stream {
    fn run<'a>(&'a self, job: &'a Job) -> BoxFuture<'a, Done> {
        Box::pin(async move {
            self.begun.notify_waiters();
            if !self.broken.load(Ordering::SeqCst) {
                let next = self.begun.notified();
                self.desk.schedule(&format!("{}+", job.key), 0).await;
                let patience = Duration::from_millis(1_500);
                if tokio::time::timeout(patience, next).await.is_err() {
                    self.broken.store(true, Ordering::SeqCst);
                }
            }
            Done::Finished
        })
    }
}

#[tokio::test]
async fn work_without_end_keeps_nobody_waiting_for_ever() {
    let database = testdb::sqlite(steps()).await;
    let desk = Desk::new(database.db.clone());
    let stream = Arc::new(Stream {
        desk: Desk::new(database.db.clone()),
        begun: Notify::new(),
        broken: AtomicBool::new(false),
    });
    let worker = desk.with(Arc::<Stream>::clone(&stream), 2);
    desk.schedule("a", 0).await;
    let stop = CancellationToken::new();
    let running = tokio::spawn({
        let (worker, stop) = (Arc::clone(&worker), stop.clone());
        async move { worker.run_until(stop).await }
    });
    while worker.ran() < 2 {
        tokio::task::yield_now().await;
    }
    let waited = tokio::time::timeout(Duration::from_secs(20), worker.run_due()).await;
    stop.cancel();
    assert!(waited.expect("the stream was held up").unwrap() >= 1);
    running.await.unwrap();
    assert_eq!(desk.counts().await, (0, 0, 0));
}

#[tokio::test]
async fn the_control_does_not_turn_time_back() {
    let database = testdb::sqlite(steps()).await;
    let desk = Desk::new(database.db.clone());
    desk.schedule("minute", 60_000).await;
    let worker = desk.worker(&[]);
    let schedule = Arc::new(Schedule::new(Arc::new(desk.clock.clone()), vec![worker]));
    let control = ScheduleControl::new(schedule);
    let refused = control.advance_to(START.plus_ms(-1), true).await;
    assert!(matches!(refused, Err(ClockError::Past { .. })));
    assert_eq!(
        control
            .advance_to(START.plus_ms(90_000), true)
            .await
            .unwrap(),
        1
    );
    assert_eq!(control.now(), START.plus_ms(90_000));
    assert_eq!(desk.diary(), entries(&[("minute", 60_000)]));
}

#[tokio::test]
async fn a_closed_database_is_an_error_and_not_an_end() {
    let database = testdb::sqlite(steps()).await;
    let desk = Desk::new(database.db.clone());
    let worker = desk.worker(&[]);
    database.db.close().await;
    assert!(matches!(worker.run_due().await, Err(StoreError::Closed)));
}

#[test]
fn the_wait_doubles_up_to_an_hour() {
    assert_eq!(
        [0, 1, 5, 11, 12, 13, i64::MAX].map(backoff_ms),
        [
            1_000, 2_000, 32_000, 2_048_000, 3_600_000, 3_600_000, 3_600_000
        ]
    );
    assert_eq!(backoff_ms(-1), 1_000);
}
