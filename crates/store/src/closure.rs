//! A closure on its way through the door, without its types.
//!
//! The engines are compiled once and not for each closure of every crate above: they see whether it
//! ended well, and what it returned waits for its caller.

use crate::{BoxFuture, StoreError, Tx};
use std::sync::{Arc, Mutex, PoisonError};

/// A closure as the engines see it.
pub(crate) trait Closure: Send + Sync {
    /// Runs it once, and again when it was rolled back. Returns whether its work is to be kept.
    fn run<'a>(&'a self, tx: &'a mut Tx<'_>) -> BoxFuture<'a, bool>;
    /// Puts this error in the place of what it returned.
    fn fail(&self, why: StoreError);
}

/// A closure with its types, and what its last run returned.
pub(crate) struct Typed<T, E, F> {
    closure: F,
    returned: Mutex<Option<Result<T, E>>>,
}

impl<T, E: From<StoreError>, F> Typed<T, E, F> {
    pub(crate) fn new(closure: F) -> Arc<Self> {
        Arc::new(Self {
            closure,
            returned: Mutex::default(),
        })
    }

    /// What became of it, when the engine is done with it.
    pub(crate) fn outcome(&self, done: Result<(), StoreError>) -> Result<T, E> {
        done?;
        let returned = self.slot().take();
        returned.unwrap_or_else(|| Err(StoreError::Closed.into()))
    }

    fn slot(&self) -> std::sync::MutexGuard<'_, Option<Result<T, E>>> {
        self.returned.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T, E, F> Closure for Typed<T, E, F>
where
    F: for<'a, 'c> Fn(&'a mut Tx<'c>) -> BoxFuture<'a, Result<T, E>> + Send + Sync,
    T: Send,
    E: From<StoreError> + Send,
{
    fn run<'a>(&'a self, tx: &'a mut Tx<'_>) -> BoxFuture<'a, bool> {
        // The closure itself is called with the first poll, so that its panics are caught too.
        Box::pin(async move {
            let returned = (self.closure)(tx).await;
            let keep = returned.is_ok();
            *self.slot() = Some(returned);
            keep
        })
    }

    fn fail(&self, why: StoreError) {
        *self.slot() = Some(Err(why.into()));
    }
}
