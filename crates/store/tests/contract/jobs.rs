//! Jobs: one waits at most, each is claimed once, a lease that runs out is claimed again.

use futures::future::join_all;
use kernel::{ManualClock, SeededRng, Timestamp};
use std::collections::HashSet;
use store::jobs::{self, Counts, Job, JobId, NewJob, Scheduled};
use store::{BoxFuture, Db, Step, StoreError, Tx};

fn steps() -> Vec<Step> {
    Vec::new()
}

fn at(ms: i64) -> Timestamp {
    Timestamp::from_ms(ms)
}

/// A job whose id comes from `seed`.
fn job(seed: u64, key: &str, due_at: i64) -> NewJob {
    NewJob {
        job_id: JobId::new(&ManualClock::new(at(0)), &SeededRng::new(seed)),
        kind: "ask_again",
        key: key.to_owned(),
        payload: format!("{{\"seed\":{seed}}}"),
        due_at: at(due_at),
    }
}

async fn write<T, F>(db: &Db, change: F) -> T
where
    F: for<'a, 'c> Fn(&'a mut Tx<'c>) -> BoxFuture<'a, Result<T, StoreError>>
        + Send
        + Sync
        + 'static,
    T: Send + 'static,
{
    db.write(change).await.expect("written")
}

async fn schedule(db: &Db, job: NewJob) -> Scheduled {
    write(db, move |tx| {
        let job = job.clone();
        Box::pin(async move { jobs::schedule(tx, &job).await })
    })
    .await
}

async fn claim(db: &Db, now: i64, owner: &'static str, limit: i64) -> Vec<Job> {
    write(db, move |tx| {
        Box::pin(async move { jobs::claim(tx, at(now), 1_000, owner, limit).await })
    })
    .await
}

async fn finish(db: &Db, job: &Job, owner: &'static str) -> bool {
    let job = job.clone();
    write(db, move |tx| {
        let job = job.clone();
        Box::pin(async move { jobs::finish(tx, &job, owner).await })
    })
    .await
}

async fn retry(db: &Db, job: &Job, owner: &'static str, due_at: i64) -> bool {
    let job = job.clone();
    write(db, move |tx| {
        let job = job.clone();
        Box::pin(async move { jobs::retry(tx, &job, owner, at(due_at), Some("no answer")).await })
    })
    .await
}

async fn next_due(db: &Db) -> Option<i64> {
    let next = jobs::next_due(db).await;
    next.expect("looked").map(Timestamp::ms)
}

async fn counts(db: &Db) -> (i64, i64, i64) {
    let counts: Result<Counts, StoreError> = db
        .read(|tx| Box::pin(async { jobs::counts(tx).await }))
        .await;
    let Counts {
        waiting,
        running,
        failed,
    } = counts.expect("counted");
    (waiting, running, failed)
}

fn keys(jobs: &[Job]) -> Vec<&str> {
    jobs.iter().map(|job| job.key.as_str()).collect()
}

testdb::on_both_engines! {
    async fn one_of_a_kind_and_key_waits(db: Db) {
        assert_eq!(schedule(&db, job(1, "a", 10)).await, Scheduled::Created);
        assert_eq!(schedule(&db, job(2, "a", 5)).await, Scheduled::Exists);
        assert_eq!(schedule(&db, job(3, "b", 5)).await, Scheduled::Created);
        assert_eq!(next_due(&db).await, Some(5));
        let claimed = claim(&db, 10, "w", 9).await;
        assert_eq!(keys(&claimed), ["b", "a"]);
        assert_eq!(claimed[1].payload, "{\"seed\":1}");
        assert_eq!(claimed[1].due_at, at(10));
        assert_eq!(claimed[1].attempts, 0);
    }

    async fn what_is_scheduled_while_its_twin_runs_is_kept(db: Db) {
        schedule(&db, job(1, "a", 0)).await;
        let first = claim(&db, 0, "w", 9).await;
        assert_eq!(schedule(&db, job(2, "a", 0)).await, Scheduled::Created);
        assert!(finish(&db, &first[0], "w").await);
        let second = claim(&db, 0, "w", 9).await;
        assert_eq!(second[0].job_id, job(2, "a", 0).job_id);
        assert!(finish(&db, &second[0], "w").await);
        assert_eq!(counts(&db).await, (0, 0, 0));
        assert_eq!(next_due(&db).await, None);
    }

    async fn a_retried_job_gives_way_to_its_waiting_twin(db: Db) {
        schedule(&db, job(1, "a", 0)).await;
        let first = claim(&db, 0, "w", 9).await;
        schedule(&db, job(2, "a", 500)).await;
        assert!(retry(&db, &first[0], "w", 100).await);
        assert_eq!(counts(&db).await, (1, 0, 0));
        assert_eq!(next_due(&db).await, Some(100));
        assert_eq!(claim(&db, 100, "w", 9).await[0].job_id, job(2, "a", 0).job_id);
    }

    async fn a_retried_job_comes_back_and_counts_its_tries(db: Db) {
        schedule(&db, job(1, "a", 0)).await;
        for tries in 0..3 {
            let claimed = claim(&db, tries * 10, "w", 9).await;
            assert_eq!(claimed[0].attempts, tries);
            assert!(claim(&db, tries * 10, "w", 9).await.is_empty());
            assert!(retry(&db, &claimed[0], "w", tries * 10 + 10).await);
        }
        assert_eq!(next_due(&db).await, Some(30));
        assert!(claim(&db, 29, "w", 9).await.is_empty());
    }

    async fn a_failed_job_is_kept_and_left_alone(db: Db) {
        schedule(&db, job(1, "a", 0)).await;
        let claimed = claim(&db, 0, "w", 9).await;
        let lost = claimed[0].clone();
        let failed = write(&db, move |tx| {
            let lost = lost.clone();
            Box::pin(async move { jobs::fail(tx, &lost, "w", "never").await })
        })
        .await;
        assert!(failed);
        assert_eq!(counts(&db).await, (0, 0, 1));
        assert_eq!(next_due(&db).await, None);
        assert!(claim(&db, 1_000_000, "w", 9).await.is_empty());
        assert_eq!(schedule(&db, job(2, "a", 0)).await, Scheduled::Created);
    }

    async fn a_lease_that_ran_out_is_claimed_by_another(db: Db) {
        schedule(&db, job(1, "a", 0)).await;
        let slow = claim(&db, 0, "slow", 9).await;
        assert_eq!(next_due(&db).await, Some(1_000));
        assert!(claim(&db, 999, "quick", 9).await.is_empty());
        let again = claim(&db, 1_000, "quick", 9).await;
        assert_eq!(again[0].job_id, slow[0].job_id);
        assert_eq!(again[0].attempts, 1);
        assert!(!finish(&db, &slow[0], "slow").await);
        assert!(!retry(&db, &slow[0], "slow", 0).await);
        assert_eq!(counts(&db).await, (0, 1, 0));
        assert!(finish(&db, &again[0], "quick").await);
    }

    async fn a_restart_releases_what_ran(db: Db) {
        schedule(&db, job(1, "a", 0)).await;
        schedule(&db, job(2, "b", 0)).await;
        schedule(&db, job(3, "c", 9)).await;
        claim(&db, 0, "before", 9).await;
        schedule(&db, job(4, "a", 0)).await;
        let released = write(&db, |tx| Box::pin(async { jobs::release_all(tx).await })).await;
        assert_eq!(released, 2);
        assert_eq!(counts(&db).await, (3, 0, 0));
        let claimed = claim(&db, 9, "after", 9).await;
        assert_eq!(claimed.len(), 3);
        assert_eq!(keys(&claimed)[2], "c");
    }

    async fn waiting_jobs_are_moved_and_dropped(db: Db) {
        schedule(&db, job(1, "a", 100)).await;
        let moved = |key: &'static str| {
            write(&db, move |tx| {
                Box::pin(async move { jobs::reschedule(tx, "ask_again", key, at(50)).await })
            })
        };
        assert!(moved("a").await);
        assert!(!moved("b").await);
        assert_eq!(next_due(&db).await, Some(50));
        let cancelled = || {
            write(&db, |tx| {
                Box::pin(async { jobs::cancel(tx, "ask_again", "a").await })
            })
        };
        assert!(cancelled().await);
        assert!(!cancelled().await);
        assert_eq!(counts(&db).await, (0, 0, 0));
    }

    async fn eight_workers_never_claim_the_same_job(db: Db) {
        write(&db, |tx| {
            Box::pin(async {
                for seed in 0..400 {
                    jobs::schedule(tx, &job(seed, &format!("k{seed}"), 0)).await?;
                }
                Ok(())
            })
        })
        .await;
        let workers = ["a", "b", "c", "d", "e", "f", "g", "h"].map(|owner| {
            let db = db.clone();
            tokio::spawn(async move {
                let mut all = Vec::new();
                loop {
                    let claimed = claim(&db, 0, owner, 7).await;
                    if claimed.is_empty() {
                        return all;
                    }
                    for job in &claimed {
                        assert!(finish(&db, job, owner).await);
                    }
                    all.extend(claimed);
                }
            })
        });
        let mut ids = Vec::new();
        for worker in join_all(workers).await {
            ids.extend(worker.expect("no panic").into_iter().map(|job| job.job_id));
        }
        assert_eq!(ids.len(), 400);
        assert_eq!(ids.iter().collect::<HashSet<_>>().len(), 400);
    }

    async fn every_statement_prepares(db: Db) {
        testdb::prepare_all(&db, &store::statements()).await;
    }
}
