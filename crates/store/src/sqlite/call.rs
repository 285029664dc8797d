//! A closure on its way to a thread, and its answer on the way back.

use super::Connection;
use crate::closure::Closure;
use crate::{Script, StoreError, Tx};
use rusqlite::InterruptHandle;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, Waker};
use tokio::sync::oneshot;

/// A closure as a thread sees it, whatever it returns.
pub(super) trait Call: Send {
    /// Runs it once, and again when it was rolled back. Returns whether its work is to be kept.
    fn run(&mut self, connection: &mut Connection) -> bool;
    /// Puts this error in the place of what it returned.
    fn fail(&mut self, why: StoreError);
    /// Hands over what the last run returned.
    fn answer(self: Box<Self>);
    /// Returns `false` when nobody waits for the answer any more.
    fn is_awaited(&self) -> bool;
    /// Interrupts what runs on this connection when the caller leaves, until told otherwise.
    fn interrupt_with(&self, connection: Option<InterruptHandle>);
}

/// How a caller that leaves stops what runs for it. Locked while it does, so that it never meets
/// what runs for the next one.
type Running = Arc<Mutex<Option<InterruptHandle>>>;

/// Held by the caller as long as it waits.
pub(super) struct Waits(Running);

impl Drop for Waits {
    fn drop(&mut self) {
        let running = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(connection) = &*running {
            connection.interrupt();
        }
    }
}

/// A closure and its caller, who is told when it is done.
pub(super) struct ClosureCall {
    closure: Arc<dyn Closure>,
    caller: oneshot::Sender<()>,
    running: Running,
}

impl ClosureCall {
    pub(super) fn new(closure: Arc<dyn Closure>) -> (Self, Waits, oneshot::Receiver<()>) {
        let (caller, answer) = oneshot::channel();
        let running = Running::default();
        let waits = Waits(Arc::clone(&running));
        let call = Self {
            closure,
            caller,
            running,
        };
        (call, waits, answer)
    }

    fn broke(&self, rule: &'static str) -> bool {
        self.closure.fail(StoreError::Closure(rule));
        false
    }
}

impl Call for ClosureCall {
    fn run(&mut self, connection: &mut Connection) -> bool {
        // The savepoint is rolled back after a panic, so nothing half done is seen.
        let ran = catch_unwind(AssertUnwindSafe(|| {
            let mut tx = Tx::on_sqlite(connection);
            // Statements on this engine never wait, so one poll is all it takes.
            let polled = (self.closure.run(&mut tx))
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()));
            (polled, tx.has_failed())
        }));
        match ran {
            Ok((Poll::Ready(true), true)) => self.broke(WENT_ON),
            Ok((Poll::Ready(keep), _)) => keep,
            Ok((Poll::Pending, _)) => self.broke(WAITED),
            Err(_) => self.broke(PANICKED),
        }
    }

    fn fail(&mut self, why: StoreError) {
        self.closure.fail(why);
    }

    fn answer(self: Box<Self>) {
        // The caller may have given up waiting; the work stands all the same.
        let _ = self.caller.send(());
    }

    fn is_awaited(&self) -> bool {
        !self.caller.is_closed()
    }

    fn interrupt_with(&self, connection: Option<InterruptHandle>) {
        *self.running.lock().unwrap_or_else(PoisonError::into_inner) = connection;
    }
}

/// A script: its statements run as they stand, whoever has to run it again.
pub(super) struct ScriptCall {
    script: Script,
    result: Result<(), StoreError>,
    caller: oneshot::Sender<Result<(), StoreError>>,
}

impl ScriptCall {
    pub(super) fn new(script: Script) -> (Self, oneshot::Receiver<Result<(), StoreError>>) {
        let (caller, answer) = oneshot::channel();
        let call = Self {
            script,
            result: Ok(()),
            caller,
        };
        (call, answer)
    }
}

impl Call for ScriptCall {
    fn run(&mut self, connection: &mut Connection) -> bool {
        let mut lines = self.script.lines.iter();
        self.result = lines.try_for_each(|(statement, values)| {
            match connection.execute(statement, values)? {
                1 => Ok(()),
                changed => Err(StoreError::Affected {
                    statement: statement.name,
                    changed,
                    wanted: 1,
                }),
            }
        });
        self.result.is_ok()
    }

    fn fail(&mut self, why: StoreError) {
        self.result = Err(why);
    }

    fn answer(self: Box<Self>) {
        // The caller may have given up waiting; the work stands all the same.
        let _ = self.caller.send(self.result);
    }

    fn is_awaited(&self) -> bool {
        !self.caller.is_closed()
    }

    /// Only looks are stopped; a script is the writer's.
    fn interrupt_with(&self, _connection: Option<InterruptHandle>) {}
}

pub(crate) const WENT_ON: &str = "went on after a statement had failed";
pub(crate) const WAITED: &str = "waited for something else than the transaction";
pub(crate) const PANICKED: &str = "panicked";
