//! Checkpoints: what is in the log is copied into the file beside the writer, not by it.
//!
//! A checkpoint of a long log takes a tenth of a second, in which nobody is answered when the writer
//! makes it. So a thread of its own copies most of the log while the writer goes on, and what came
//! meanwhile in a second, shorter turn; the writer itself copies the rest, which is little, and its
//! next transaction begins the log anew. What is durable does not change: the log is synced before
//! anything of it is copied, and the file before the log begins anew.

use super::Connection;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread::JoinHandle;

/// The writer's side: it says when there is something to copy.
pub(super) struct Checkpoints {
    ask: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    /// Set by the thread when it has copied what it was asked for.
    copied: Arc<AtomicBool>,
    asked: bool,
}

impl Checkpoints {
    /// Starts the thread.
    pub(super) fn start(path: &Path) -> std::io::Result<Self> {
        let copied = Arc::new(AtomicBool::new(false));
        let (ask, asked) = sync_channel(1);
        let (path, told) = (path.to_owned(), Arc::clone(&copied));
        let thread = std::thread::Builder::new().name("store-checkpoint".to_owned());
        let thread = thread.spawn(move || serve(&path, &asked, &told))?;
        Ok(Self {
            ask: Some(ask),
            thread: Some(thread),
            copied,
            asked: false,
        })
    }

    /// Looks at the log after a commit, and does or begins what is to be done about it.
    pub(super) fn after_commit(&mut self, writer: &mut Connection) {
        let pages = writer.log().pages();
        if pages >= FAR_TOO_LONG || self.copied.swap(false, Ordering::AcqRel) {
            self.asked = false;
            writer.checkpoint();
        } else if pages >= LONG && !self.asked {
            // Nobody there to ask: the writer does it when it has to.
            self.asked = self
                .ask
                .as_ref()
                .is_some_and(|ask| ask.try_send(()).is_ok());
        }
    }
}

/// Waits for the thread: whoever holds the file holds it until nothing of ours writes to it.
impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.ask = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the thread that makes checkpoints panicked");
        }
    }
}

fn serve(path: &Path, asked: &Receiver<()>, copied: &AtomicBool) {
    let mut open = None;
    while asked.recv().is_ok() {
        if open.is_none() {
            match Connection::checkpointer(path) {
                Ok(connection) => open = Some(connection),
                Err(error) => tracing::warn!(%error, "no checkpoint beside the writer"),
            }
        }
        if let Some(connection) = &mut open {
            for _ in 0..TURNS {
                if connection.checkpoint() < LITTLE {
                    break;
                }
            }
        }
        copied.store(true, Ordering::Release);
    }
}

/// With this many pages (48 MiB) in the log a checkpoint is begun: it writes each changed page once,
/// however often it is in the log, and syncs the file, so it is to be seldom. A start after a crash
/// still reads the log in no time.
const LONG: usize = 12_000;
/// With this many the writer makes it itself, and everybody waits: the thread does not keep up.
const FAR_TOO_LONG: usize = 64_000;
/// As few pages the writer copies by the way.
const LITTLE: usize = 500;
/// How often the thread copies what came while it was copying.
const TURNS: u32 = 3;
