//! The pool, and how a closure runs on it: in a transaction, again after a race.

use super::columns::Columns;
use super::looks::{self, Asked, Looks};
use super::session::{Line, Session};
use super::together::{Texts, Waiting, send};
use crate::closure::Closure;
use crate::migrate;
use crate::sqlite::{PANICKED, WAITED, WENT_ON};
use crate::stats::{Counters, Stats};
use crate::{Row, Script, Statement, Step, StoreError, Tx, Value};
use deadpool_postgres::{
    Manager, ManagerConfig, Object, Pool, PoolError, RecyclingMethod, Runtime,
};
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::Poll;
use std::time::Duration;
use tokio::sync::{mpsc, oneshot};
use tokio_postgres::NoTls;

/// Where to: a server and one schema of it.
pub(crate) struct Target {
    pub(crate) config: tokio_postgres::Config,
    pub(crate) schema: String,
}

/// A pool of connections to one schema.
pub(crate) struct Postgres {
    lender: Arc<Lender>,
    looks: Arc<Looks>,
    asked: mpsc::Sender<Asked>,
    scripts: mpsc::Sender<Waiting>,
    /// Everybody at work holds it for reading; who closes waits for all of them.
    gate: tokio::sync::RwLock<()>,
}

/// Lends connections, and counts what they did.
pub(super) struct Lender {
    pool: Pool,
    columns: Arc<Columns>,
    counters: Counters,
}

impl Target {
    /// Reads a URL of ours. `None` when it is none, or the schema's name needs quoting.
    pub(crate) fn parse(url: &str, schema: &str) -> Option<Self> {
        let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
        let starts_well = !schema.starts_with(|first: char| first.is_ascii_digit());
        if schema.is_empty() || schema.len() > 63 || !starts_well || !schema.bytes().all(plain) {
            return None;
        }
        let mut config: tokio_postgres::Config = url.parse().ok()?;
        let mut options = config.get_options().unwrap_or_default().to_owned();
        options.push_str(" -c search_path=");
        options.push_str(schema);
        // Nobody waits for a lock for ever, and a process that hangs does not hold any for ever.
        options.push_str(" -c lock_timeout=30s -c idle_in_transaction_session_timeout=60s");
        config.options(options.trim_start());
        if config.get_application_name().is_none() {
            config.application_name("tongbao");
        }
        Some(Self {
            config,
            schema: schema.to_owned(),
        })
    }

    /// How it is called in errors; holds no password.
    pub(crate) fn name(&self) -> String {
        format!(
            "schema {} of the PostgreSQL database {}",
            self.schema,
            self.config.get_dbname().unwrap_or("of the user")
        )
    }
}

impl Postgres {
    /// Brings the schema up to date and makes the pool. Connections are opened when needed.
    pub(crate) async fn open(
        target: Target,
        steps: &[Step],
        max_connections: usize,
    ) -> Result<Self, StoreError> {
        migrate::postgres(&target.config, &target.schema, &target.name(), steps).await?;
        let name = target.name();
        let manager = Manager::from_config(
            target.config,
            NoTls,
            ManagerConfig {
                recycling_method: RecyclingMethod::Fast,
            },
        );
        let pool = Pool::builder(manager)
            .max_size(max_connections.max(1))
            .runtime(Runtime::Tokio1)
            .wait_timeout(Some(WAIT))
            .create_timeout(Some(CONNECT))
            .build()
            .map_err(|error| StoreError::Open {
                what: name,
                source: Box::new(error),
            })?;
        let lender = Arc::new(Lender {
            pool,
            columns: Arc::default(),
            counters: Counters::default(),
        });
        let (scripts, queue) = mpsc::channel(QUEUE);
        let queue = Arc::new(tokio::sync::Mutex::new(queue));
        let texts = Arc::new(Texts::default());
        for _ in 0..BATCHES_AT_ONCE {
            let (lender, queue, texts) = (lender.clone(), queue.clone(), texts.clone());
            // It ends with the sender, which this value holds.
            tokio::spawn(async move { serve(&lender, &queue, &texts).await });
        }
        let looks = Arc::new(Looks::default());
        let (asked, queue) = mpsc::channel(QUEUE);
        let queue = Arc::new(tokio::sync::Mutex::new(queue));
        for _ in 0..looks::SEATS {
            let (lender, looks, queue) = (lender.clone(), looks.clone(), queue.clone());
            tokio::spawn(async move { looks::serve(&lender, &looks, &queue).await });
        }
        Ok(Self {
            lender,
            looks,
            asked,
            scripts,
            gate: tokio::sync::RwLock::new(()),
        })
    }

    pub(crate) async fn write(&self, closure: &dyn Closure) -> Result<(), StoreError> {
        let _working = self.gate.read().await;
        let mut tries_left = TRIES;
        loop {
            tries_left -= 1;
            let mut session = self.lender.session(WRITE).await?;
            let is_kept = if run(closure, &mut session).await {
                let committed = session.commit().await;
                let is_kept = committed.is_ok();
                if let Err(error) = committed {
                    closure.fail(error);
                }
                is_kept
            } else {
                session.roll_back().await;
                false
            };
            if is_kept {
                self.lender.counters.count_commit(1);
                return Ok(());
            }
            if tries_left == 0 || !session.may_run_again() {
                return Ok(());
            }
            self.lender.counters.count_retry();
        }
    }

    pub(crate) async fn read(&self, closure: &dyn Closure) -> Result<(), StoreError> {
        let _working = self.gate.read().await;
        let mut tries_left = TRIES;
        loop {
            tries_left -= 1;
            let mut session = self.lender.session(READ).await?;
            let is_good = run(closure, &mut session).await;
            if is_good || tries_left == 0 || !session.may_run_again() {
                return Ok(());
            }
            self.lender.counters.count_retry();
        }
    }

    pub(crate) async fn run(&self, script: Script) -> Result<(), StoreError> {
        let _working = self.gate.read().await;
        let (caller, answer) = oneshot::channel();
        let sent = self.scripts.send(Waiting { script, caller }).await;
        sent.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// Runs what reads, outside of a transaction.
    pub(crate) async fn look(
        &self,
        statement: Statement,
        values: Arc<[Value]>,
    ) -> Result<Vec<Row>, StoreError> {
        let _working = self.gate.read().await;
        let (caller, answer) = oneshot::channel();
        let asked = Asked {
            statement,
            values,
            caller,
        };
        let sent = self.asked.send(asked).await;
        sent.map_err(|_| StoreError::Closed)?;
        answer.await.map_err(|_| StoreError::Closed)?
    }

    pub(crate) async fn close(&self) {
        let _nobody_works = self.gate.write().await;
        self.looks.close().await;
        self.lender.pool.close();
    }

    pub(crate) fn stats(&self) -> Stats {
        self.lender.counters.read()
    }
}

impl Lender {
    async fn session(&self, begin: &'static str) -> Result<Session, StoreError> {
        let client = self.client().await?;
        Ok(Session::new(client, begin, Arc::clone(&self.columns)))
    }

    /// A connection, until it is dropped.
    pub(super) async fn client(&self) -> Result<Object, StoreError> {
        self.pool.get().await.map_err(|error| match error {
            PoolError::Closed => StoreError::Closed,
            other => StoreError::Open {
                what: "no connection to PostgreSQL could be had".to_owned(),
                source: Box::new(other),
            },
        })
    }

    pub(super) fn max_connections(&self) -> usize {
        self.pool.status().max_size
    }

    pub(super) fn columns(&self) -> &Columns {
        &self.columns
    }

    pub(super) fn counters(&self) -> &Counters {
        &self.counters
    }
}

/// Takes what is queued, up to a batch, and commits it in one go.
async fn serve(
    lender: &Lender,
    queue: &tokio::sync::Mutex<mpsc::Receiver<Waiting>>,
    texts: &Texts,
) {
    loop {
        let mut batch = Vec::new();
        if queue.lock().await.recv_many(&mut batch, BATCH).await == 0 {
            return;
        }
        // A batch in which one script is refused is tried in halves, so that it takes few with it.
        let mut parts = vec![batch];
        while let Some(mut part) = parts.pop() {
            if let [_] = part.as_slice() {
                for waiting in part {
                    let done = alone(lender, waiting.script).await;
                    // The caller may have given up waiting; the work stands all the same.
                    let _ = waiting.caller.send(done);
                }
            } else if commit(lender, &texts.merge(&part)).await.is_ok() {
                let closures = u64::try_from(part.len()).unwrap_or(u64::MAX);
                lender.counters.count_commit(closures);
                for waiting in part {
                    let _ = waiting.caller.send(Ok(()));
                }
            } else {
                lender.counters.count_split();
                let half = part.split_off(part.len() / 2);
                parts.extend([half, part]);
            }
        }
    }
}

async fn commit(lender: &Lender, lines: &[Line<'_>]) -> Result<(), StoreError> {
    let mut session = lender.session(WRITE).await?;
    send(&mut session, lines).await
}

async fn alone(lender: &Lender, script: Script) -> Result<(), StoreError> {
    let lines = script.lines.iter();
    let lines = lines.map(|(statement, values)| Line::new(*statement, values, 1));
    let lines: Vec<Line<'_>> = lines.collect();
    let mut tries_left = TRIES;
    loop {
        tries_left -= 1;
        let mut session = lender.session(WRITE).await?;
        match send(&mut session, &lines).await {
            Ok(()) => {
                lender.counters.count_commit(1);
                return Ok(());
            }
            Err(_) if tries_left > 0 && session.may_run_again() => lender.counters.count_retry(),
            Err(error) => return Err(error),
        }
    }
}

/// Runs the closure and holds it to the same rules as on SQLite; returns whether it ended well.
async fn run(closure: &dyn Closure, session: &mut Session) -> bool {
    let waiting = session.waiting();
    let (ran, failed) = {
        let mut tx = Tx::on_postgres(session);
        let ran = watched(closure, &mut tx, &waiting).await;
        (ran, tx.has_failed())
    };
    let broken = match ran {
        Ok(true) if failed || session.has_dropped_a_statement() => WENT_ON,
        Ok(keep) => return keep,
        Err(rule) => rule,
    };
    closure.fail(StoreError::Closure(broken));
    false
}

async fn watched(
    closure: &dyn Closure,
    tx: &mut Tx<'_>,
    waiting: &AtomicBool,
) -> Result<bool, &'static str> {
    let mut future = closure.run(tx);
    poll_fn(move |context| {
        // The transaction is rolled back after a panic, so nothing half done is seen.
        match catch_unwind(AssertUnwindSafe(|| future.as_mut().poll(context))) {
            Ok(Poll::Ready(keep)) => Poll::Ready(Ok(keep)),
            Ok(Poll::Pending) if waiting.load(Ordering::SeqCst) => Poll::Pending,
            Ok(Poll::Pending) => Poll::Ready(Err(WAITED)),
            Err(_) => Poll::Ready(Err(PANICKED)),
        }
    })
    .await
}

/// Row locks and conditions on versions do the rest; see the order of locks.
const WRITE: &str = "START TRANSACTION ISOLATION LEVEL READ COMMITTED";
/// One snapshot for all statements of a look, as SQLite gives.
const READ: &str = "START TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";
/// A closure that meets a race this often in a row has a bug in its order of locks.
const TRIES: u32 = 8;
/// Scripts in one transaction at most: much of what a statement costs the server is the same for any number of rows.
const BATCH: usize = 256;
/// Batches on their way at the same time: one is written while the server works on another.
const BATCHES_AT_ONCE: usize = 3;
/// Callers that wait for a batch before the door itself makes them wait.
const QUEUE: usize = 1024;
/// For a free connection.
const WAIT: Duration = Duration::from_secs(30);
/// For a new connection.
const CONNECT: Duration = Duration::from_secs(10);
