//! A reader's thread: each look is a transaction of its own on a connection that cannot write.

use super::Connection;
use super::call::Call;
use super::writer::Message;
use crate::StoreError;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use tokio::sync::mpsc;

/// The queue that the readers share: whoever is free takes the next.
pub(super) type SharedQueue = Mutex<mpsc::Receiver<Message>>;

/// Serves the queue until it is closed and empty.
pub(super) fn serve(path: &Path, queue: &SharedQueue) {
    let mut open = None;
    loop {
        let message = {
            let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
            match queue.blocking_recv() {
                Some(Message::Call(call)) => call,
                Some(Message::Close) => {
                    queue.close();
                    continue;
                }
                None => return,
            }
        };
        look(path, &mut open, message);
    }
}

fn look(path: &Path, open: &mut Option<Connection>, mut call: Box<dyn Call>) {
    // A look changes nothing: when nobody waits for it there is no reason to begin.
    if !call.is_awaited() {
        return;
    }
    // Opened with the first look, so that an idle database keeps few files open.
    if open.is_none() {
        match Connection::reader(path) {
            Ok(connection) => *open = Some(connection),
            Err(error) => {
                call.fail(StoreError::Open {
                    what: format!("{} for reading", path.display()),
                    source: Box::new(error),
                });
                return call.answer();
            }
        }
    }
    if let Some(connection) = open {
        match connection.run("BEGIN DEFERRED") {
            Ok(()) => {
                call.interrupt_with(Some(connection.interrupt_handle()));
                if call.is_awaited() {
                    call.run(connection);
                }
                call.interrupt_with(None);
                connection.abandon();
            }
            Err(error) => call.fail(StoreError::Commit(Box::new(error))),
        }
    }
    call.answer();
}
