//! The file with its threads: the writer, the readers, and the queues to them.

use super::Connection;
use super::call::{ClosureCall, ScriptCall};
use super::checkpoint::Checkpoints;
use super::durable::{Before, Durable};
use super::lock::ProcessLock;
use super::reader::{self, SharedQueue};
use super::writer::{self, Message};
use crate::closure::Closure;
use crate::db::IN_MEMORY;
use crate::migrate;
use crate::stats::{Counters, Stats};
use crate::{Script, Step, StoreError};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tokio::sync::mpsc;

/// An open file. Dropping it ends the threads after what is queued.
pub(crate) struct Sqlite {
    writer: mpsc::Sender<Message>,
    /// None without a file: another connection would see another database, so the writer looks.
    readers: Option<mpsc::Sender<Message>>,
    counters: Arc<Counters>,
    /// Every thread holds the other end until it has ended.
    ended: tokio::sync::Mutex<mpsc::Receiver<()>>,
}

impl Sqlite {
    /// Opens the file, brings it up to date and starts the threads.
    pub(crate) async fn open(
        path: PathBuf,
        steps: Vec<Step>,
        readers: usize,
    ) -> Result<Self, StoreError> {
        let name = path.display().to_string();
        let readers = readers.clamp(1, MOST_READERS);
        let opened = tokio::task::spawn_blocking(move || start(&path, &steps, readers)).await;
        opened.unwrap_or_else(|error| {
            Err(StoreError::Open {
                what: name,
                source: Box::new(error),
            })
        })
    }

    pub(crate) async fn write(&self, closure: Arc<dyn Closure>) -> Result<(), StoreError> {
        call(&self.writer, closure).await
    }

    pub(crate) async fn run(&self, script: Script) -> Result<(), StoreError> {
        let (call, answer) = ScriptCall::new(script);
        let sent = self.writer.send(Message::Call(Box::new(call))).await;
        sent.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    pub(crate) async fn read(&self, closure: Arc<dyn Closure>) -> Result<(), StoreError> {
        call(self.readers.as_ref().unwrap_or(&self.writer), closure).await
    }

    pub(crate) async fn close(&self) {
        // Refused when it is closed already, which is as good.
        if let Some(readers) = &self.readers {
            let _ = readers.send(Message::Close).await;
        }
        let _ = self.writer.send(Message::Close).await;
        while self.ended.lock().await.recv().await.is_some() {}
    }

    pub(crate) fn stats(&self) -> Stats {
        self.counters.read()
    }
}

async fn call(queue: &mpsc::Sender<Message>, closure: Arc<dyn Closure>) -> Result<(), StoreError> {
    // Dropped after the answer's end, so that a thread that does not see the caller leave is
    // stopped by it.
    let (call, _waits, answer) = ClosureCall::new(closure);
    let sent = queue.send(Message::Call(Box::new(call))).await;
    sent.map_err(|_| StoreError::Closed)?;
    answer.await.map_err(|_| StoreError::Closed)
}

fn start(path: &Path, steps: &[Step], many: usize) -> Result<Sqlite, StoreError> {
    let fail = |source: Box<dyn std::error::Error + Send + Sync>| StoreError::Open {
        what: path.display().to_string(),
        source,
    };
    let has_file = path != Path::new(IN_MEMORY);
    let mut lock = None;
    if has_file {
        make_file(path).map_err(|error| fail(Box::new(error)))?;
        lock = Some(ProcessLock::take(path)?);
    }
    let mut connection = Connection::writer(path).map_err(|error| fail(Box::new(error)))?;
    migrate::sqlite(connection.raw(), steps)?;

    let counters = Arc::new(Counters::default());
    let (end, ended) = mpsc::channel(1);
    let (writer, queue) = mpsc::channel(QUEUE);
    let counted = Arc::clone(&counters);
    let thread_end = end.clone();
    let checkpoints = Checkpoints::start(path).map_err(|error| fail(Box::new(error)))?;
    let (durable, answering) = Durable::new(Arc::clone(connection.log()), path);
    let answer_end = end.clone();
    spawn("store-durable", move || {
        answering();
        drop(answer_end);
    })
    .map_err(|error| fail(Box::new(error)))?;
    // The steps were committed before there was a thread to sync them.
    durable.answer_batch(Before::default(), Vec::new());
    let answers = durable.clone();
    spawn("store-writer", move || {
        writer::serve(connection, queue, checkpoints, &answers, &counted);
        drop((lock, thread_end));
    })
    .map_err(|error| fail(Box::new(error)))?;

    if !has_file {
        return Ok(Sqlite {
            writer,
            readers: None,
            counters,
            ended: tokio::sync::Mutex::new(ended),
        });
    }
    let (readers, queue) = mpsc::channel(QUEUE);
    let queue: Arc<SharedQueue> = Arc::new(Mutex::new(queue));
    for _ in 0..many {
        let (path, queue, thread_end) = (path.to_owned(), Arc::clone(&queue), end.clone());
        let answers = durable.clone();
        spawn("store-reader", move || {
            reader::serve(&path, &queue, &answers, many);
            drop(thread_end);
        })
        .map_err(|error| fail(Box::new(error)))?;
    }
    Ok(Sqlite {
        writer,
        readers: Some(readers),
        counters,
        ended: tokio::sync::Mutex::new(ended),
    })
}

fn spawn(name: &str, serve: impl FnOnce() + Send + 'static) -> std::io::Result<()> {
    let thread = std::thread::Builder::new().name(name.to_owned());
    thread.spawn(serve).map(|_| ())
}

/// Makes the file readable by its owner only, before SQLite makes it for everybody: it holds
/// sessions and buyers.
fn make_file(path: &Path) -> std::io::Result<()> {
    if let Some(directory) = path.parent() {
        std::fs::create_dir_all(directory)?;
    }
    let mut options = std::fs::OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(|_| ())
}

/// Callers that wait for a thread before the door itself makes them wait.
const QUEUE: usize = 1024;
/// Looks at the same time, at most.
const MOST_READERS: usize = 4;
