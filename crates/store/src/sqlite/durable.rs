//! Answers wait for the disk on a thread of their own, so that the writer does not have to.
//!
//! The writer commits into the log without a sync (`synchronous=NORMAL`) and tells nobody. This thread
//! syncs the log and then answers those whose commits were in it, which is what
//! `synchronous=FULL` does in the writer; meanwhile the writer is at the next closures. A look may see
//! a commit that is not on the disk yet; its answer waits for the same sync. So whoever has an answer
//! has what a power cut leaves. Before the log is copied into the file SQLite syncs it itself.
//!
//! When the log cannot be synced nobody knows what of it is there, so everybody is told that it
//! failed, and nothing more is written until the file is opened anew.

use super::call::Call;
use crate::StoreError;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Condvar, Mutex, PoisonError};

/// What the writer's connection tells of its log.
#[derive(Debug, Default)]
pub(super) struct Log {
    /// Commits that were begun: a look may see them.
    begun: AtomicU64,
    /// Commits that are in the log.
    written: AtomicU64,
    /// Pages that are in the log.
    pages: AtomicUsize,
}

impl Log {
    /// A commit begins.
    pub(super) fn begins(&self) {
        self.begun.fetch_add(1, Ordering::SeqCst);
    }

    /// A commit is in the log, which has so many pages now.
    pub(super) fn written(&self, pages: usize) {
        self.pages.store(pages, Ordering::Relaxed);
        self.written.fetch_add(1, Ordering::SeqCst);
    }

    /// How many pages there were after the last commit.
    pub(super) fn pages(&self) -> usize {
        self.pages.load(Ordering::Relaxed)
    }
}

/// Where the log stands before a batch.
#[derive(Clone, Copy, Default)]
pub(super) struct Before {
    begun: u64,
    written: u64,
}

/// Who is to be answered when the disk has it.
enum Told {
    /// A batch of the writer's.
    Batch {
        begun: u64,
        written: u64,
        calls: Vec<Box<dyn Call>>,
    },
    /// A look, and which commits it may have seen.
    Look { begun: u64, call: Box<dyn Call> },
}

/// Where writer and readers leave those who wait for the disk. Clones share it.
#[derive(Clone)]
pub(super) struct Durable {
    told: Sender<Told>,
    shared: Arc<Shared>,
}

struct Shared {
    log: Arc<Log>,
    /// Commits that the disk has.
    on_disk: AtomicU64,
    /// Batches that wait for the disk.
    ahead: Mutex<usize>,
    one_less: Condvar,
    broken: AtomicBool,
}

impl Durable {
    /// The thread's work is returned: somebody has to run it.
    pub(super) fn new(log: Arc<Log>, database: &Path) -> (Self, impl FnOnce() + Send + 'static) {
        let (path, mut file) = (beside(database), None);
        Self::with(log, move || {
            if file.is_none() {
                file = Some(open(&path)?);
            }
            file.as_ref().map_or(Ok(()), File::sync_data)
        })
    }

    fn with(
        log: Arc<Log>,
        sync: impl FnMut() -> std::io::Result<()> + Send + 'static,
    ) -> (Self, impl FnOnce() + Send + 'static) {
        let (told, waiting) = channel();
        let shared = Arc::new(Shared {
            log,
            on_disk: AtomicU64::new(0),
            ahead: Mutex::new(0),
            one_less: Condvar::new(),
            broken: AtomicBool::new(false),
        });
        let thread = Arc::clone(&shared);
        let work = move || serve(&thread, &waiting, sync);
        (Self { told, shared }, work)
    }

    /// Waits until the disk is not further behind than it should be.
    pub(super) fn catch_up(&self) {
        let ahead = self
            .shared
            .ahead
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let many = |ahead: &mut usize| *ahead >= BATCHES_AHEAD;
        drop(self.shared.one_less.wait_while(ahead, many));
    }

    /// Whether nothing can be written any more.
    pub(super) fn is_broken(&self) -> bool {
        self.shared.broken.load(Ordering::SeqCst)
    }

    /// What a batch of the writer's comes after.
    pub(super) fn before_batch(&self) -> Before {
        Before {
            begun: self.shared.log.begun.load(Ordering::SeqCst),
            written: self.shared.log.written.load(Ordering::SeqCst),
        }
    }

    /// Answers a batch of the writer's when the disk has what it committed, and what it saw: at once
    /// when it changed nothing and the disk was not behind.
    pub(super) fn answer_batch(&self, before: Before, calls: Vec<Box<dyn Call>>) {
        let Before { begun, written } = self.before_batch();
        if written == before.written && self.shared.on_disk.load(Ordering::SeqCst) >= before.begun {
            // Only the writer commits, so what began since then has ended and left nothing.
            self.shared.on_disk.fetch_max(begun, Ordering::SeqCst);
            for call in calls {
                call.answer();
            }
            return;
        }
        *self
            .shared
            .ahead
            .lock()
            .unwrap_or_else(PoisonError::into_inner) += 1;
        self.tell(Told::Batch {
            begun,
            written,
            calls,
        });
    }

    /// Answers a look that has ended when the disk has all that it may have seen.
    pub(super) fn answer_look(&self, mut call: Box<dyn Call>) {
        let begun = self.shared.log.begun.load(Ordering::SeqCst);
        if self.is_broken() {
            call.fail(not_on_disk());
            call.answer();
        } else if self.shared.on_disk.load(Ordering::SeqCst) >= begun {
            call.answer();
        } else {
            self.tell(Told::Look { begun, call });
        }
    }

    fn tell(&self, told: Told) {
        // Without its thread nobody is answered: callers see that the database is closed.
        let _ = self.told.send(told);
    }
}

fn serve(shared: &Shared, waiting: &Receiver<Told>, mut sync: impl FnMut() -> std::io::Result<()>) {
    let mut synced = 0;
    let mut looks = Vec::new();
    while let Ok(first) = waiting.recv() {
        let (mut calls, mut batches) = (Vec::new(), 0);
        let (mut upto, mut newest) = (shared.on_disk.load(Ordering::SeqCst), synced);
        for told in std::iter::once(first).chain(waiting.try_iter()) {
            match told {
                Told::Look { begun, call } => looks.push((begun, call)),
                Told::Batch {
                    begun,
                    written,
                    calls: more,
                } => {
                    (upto, newest) = (begun, written);
                    calls.extend(more);
                    batches += 1;
                }
            }
        }
        // What changed nothing is not in the log.
        if newest > synced {
            match sync() {
                Ok(()) => synced = newest,
                Err(error) => {
                    tracing::error!(%error, "the log cannot be synced; nothing more is written");
                    shared.broken.store(true, Ordering::SeqCst);
                }
            }
        }
        let is_broken = shared.broken.load(Ordering::SeqCst);
        if !is_broken {
            shared.on_disk.fetch_max(upto, Ordering::SeqCst);
        }
        *shared.ahead.lock().unwrap_or_else(PoisonError::into_inner) -= batches;
        shared.one_less.notify_all();
        // When the disk is given up, nothing that a look waits for will come.
        let seen = looks.extract_if(.., |(begun, _)| is_broken || *begun <= upto);
        for mut call in calls.into_iter().chain(seen.map(|(_, call)| call)) {
            if is_broken {
                call.fail(not_on_disk());
            }
            call.answer();
        }
    }
}

/// What everybody is told when the disk refused.
pub(super) fn not_on_disk() -> StoreError {
    StoreError::Commit("the log could not be synced to the disk".into())
}

fn open(path: &Path) -> std::io::Result<File> {
    // Its name has to be there after a power cut, too.
    #[cfg(unix)]
    if let Some(directory) = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
    {
        File::open(directory)?.sync_all()?;
    }
    OpenOptions::new().write(true).open(path)
}

/// The log lies beside the file, as long as a connection is open.
fn beside(database: &Path) -> PathBuf {
    let mut name = database.as_os_str().to_owned();
    name.push("-wal");
    PathBuf::from(name)
}

/// One batch is synced, the next one waits for its turn, and the writer is at a third.
const BATCHES_AHEAD: usize = 2;

#[cfg(test)]
mod tests {
    use super::super::Connection;
    use super::*;
    use rusqlite::InterruptHandle;
    use std::time::Duration;

    struct Asked(Sender<Result<(), ()>>, Result<(), ()>);

    impl Call for Asked {
        fn run(&mut self, _: &mut Connection) -> bool {
            true
        }

        fn fail(&mut self, _: StoreError) {
            self.1 = Err(());
        }

        fn answer(self: Box<Self>) {
            let _ = self.0.send(self.1);
        }

        fn is_awaited(&self) -> bool {
            true
        }

        fn interrupt_with(&self, _: Option<InterruptHandle>) {}
    }

    /// A thread whose syncs are told one by one how they end.
    fn disk() -> (Arc<Log>, Durable, Sender<std::io::Result<()>>) {
        let log = Arc::new(Log::default());
        let (end, ends) = channel();
        let sync = move || ends.recv().unwrap_or(Ok(()));
        let (durable, work) = Durable::with(Arc::clone(&log), sync);
        std::thread::spawn(work);
        (log, durable, end)
    }

    fn asked() -> (Box<dyn Call>, Receiver<Result<(), ()>>) {
        let (answer, answered) = channel();
        (Box::new(Asked(answer, Ok(()))), answered)
    }

    #[test]
    fn a_commit_and_a_look_that_may_have_seen_it_wait_for_the_disk() {
        let (log, durable, end) = disk();
        let (look, answered_look) = asked();
        durable.answer_look(look);
        assert_eq!(answered_look.recv(), Ok(Ok(())), "nothing was committed");
        let ((batch, answered), (look, answered_look)) = (asked(), asked());
        let before = durable.before_batch();
        log.begins();
        log.written(3);
        durable.answer_batch(before, vec![batch]);
        durable.answer_look(look);
        // It changes nothing, but it has seen what the disk has not.
        let (empty, answered_empty) = asked();
        let before = durable.before_batch();
        log.begins();
        durable.answer_batch(before, vec![empty]);
        let all = [&answered, &answered_look, &answered_empty];
        assert!(all.iter().all(|answered| answered.try_recv().is_err()));
        end.send(Ok(())).expect("the thread waits");
        assert!(all.iter().all(|answered| answered.recv() == Ok(Ok(()))));
    }

    #[test]
    fn what_changed_nothing_waits_for_nobody() {
        let (log, durable, _end) = disk();
        for _ in 0..2 {
            let (empty, answered) = asked();
            let before = durable.before_batch();
            log.begins();
            durable.answer_batch(before, vec![empty]);
            assert_eq!(answered.try_recv(), Ok(Ok(())), "answered on the spot");
        }
        let (look, answered) = asked();
        durable.answer_look(look);
        assert_eq!(answered.try_recv(), Ok(Ok(())), "nothing of it is missing");
    }

    #[test]
    fn after_a_sync_that_failed_nothing_is_believed() {
        let (log, durable, end) = disk();
        end.send(Err(std::io::ErrorKind::Other.into()))
            .expect("the thread waits");
        for _ in 0..2 {
            let (batch, answered) = asked();
            let before = durable.before_batch();
            log.begins();
            log.written(3);
            durable.answer_batch(before, vec![batch]);
            assert_eq!(answered.recv(), Ok(Err(())));
            assert!(durable.is_broken());
            end.send(Ok(())).expect("the thread waits");
        }
        let (empty, answered) = asked();
        durable.answer_batch(durable.before_batch(), vec![empty]);
        assert_eq!(answered.recv(), Ok(Err(())));
        // A look that was on its way when the disk refused.
        let (call, answered) = asked();
        durable.tell(Told::Look { begun: 9, call });
        assert_eq!(
            answered.recv_timeout(Duration::from_secs(10)),
            Ok(Err(())),
            "nobody waits for ever"
        );
    }
}
