//! A closure on its way to a thread, and its answer on the way back.

use super::Connection;
use crate::{BoxFuture, Script, StoreError, Tx};
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

/// A closure with its types.
pub(super) struct TypedCall<T, E, F> {
    closure: F,
    result: Option<Result<T, E>>,
    caller: oneshot::Sender<Result<T, E>>,
    running: Running,
}

impl<T, E, F> TypedCall<T, E, F> {
    pub(super) fn new(closure: F) -> (Self, Waits, oneshot::Receiver<Result<T, E>>) {
        let (caller, answer) = oneshot::channel();
        let running = Running::default();
        let waits = Waits(Arc::clone(&running));
        let call = Self {
            closure,
            result: None,
            caller,
            running,
        };
        (call, waits, answer)
    }
}

impl<T, E, F> Call for TypedCall<T, E, F>
where
    F: for<'a, 'c> Fn(&'a mut Tx<'c>) -> BoxFuture<'a, Result<T, E>> + Send + Sync,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run(&mut self, connection: &mut Connection) -> bool {
        self.result = None;
        let closure = &self.closure;
        // The savepoint is rolled back after a panic, so nothing half done is seen.
        let ran = catch_unwind(AssertUnwindSafe(|| {
            let mut tx = Tx::on_sqlite(connection);
            // Statements on this engine never wait, so one poll is all it takes.
            let polled = (closure)(&mut tx)
                .as_mut()
                .poll(&mut Context::from_waker(Waker::noop()));
            (polled, tx.has_failed())
        }));
        let result = match ran {
            Ok((Poll::Ready(Ok(_)), true)) => Err(StoreError::Closure(WENT_ON).into()),
            Ok((Poll::Ready(result), _)) => result,
            Ok((Poll::Pending, _)) => Err(StoreError::Closure(WAITED).into()),
            Err(_) => Err(StoreError::Closure(PANICKED).into()),
        };
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    fn fail(&mut self, why: StoreError) {
        self.result = Some(Err(why.into()));
    }

    fn answer(self: Box<Self>) {
        if let Some(result) = self.result {
            // The caller may have given up waiting; the work stands all the same.
            let _ = self.caller.send(result);
        }
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
