//! A reader's thread: looks run in transactions on a connection that cannot write, each in one of its
//! own unless many wait.

use super::Connection;
use super::call::Call;
use super::durable::Durable;
use super::writer::Message;
use crate::StoreError;
use std::path::Path;
use std::sync::{Mutex, PoisonError};
use tokio::sync::mpsc;

/// The queue that the readers share: whoever is free takes the next.
pub(super) type SharedQueue = Mutex<mpsc::Receiver<Message>>;

/// Serves the queue until it is closed and empty, as one of so many readers.
pub(super) fn serve(path: &Path, queue: &SharedQueue, durable: &Durable, readers: usize) {
    let mut open = None;
    loop {
        let mut looks = Vec::new();
        {
            let mut queue = queue.lock().unwrap_or_else(PoisonError::into_inner);
            let Some(first) = queue.blocking_recv() else {
                return;
            };
            let mut next = Some(first);
            while let Some(message) = next {
                match message {
                    Message::Call(call) => looks.push(call),
                    Message::Close => queue.close(),
                }
                // Where more wait than there are readers, one look at the file serves several.
                let share = looks.len() < SHARED && queue.len() >= readers;
                next = if share { queue.try_recv().ok() } else { None };
            }
        }
        look(path, &mut open, looks, durable);
    }
}

fn look(
    path: &Path,
    open: &mut Option<Connection>,
    mut looks: Vec<Box<dyn Call>>,
    durable: &Durable,
) {
    // A look changes nothing: when nobody waits for it there is no reason to begin.
    looks.retain(|call| call.is_awaited());
    if looks.is_empty() {
        return;
    }
    // Opened with the first look, so that an idle database keeps few files open.
    if open.is_none() {
        match Connection::reader(path) {
            Ok(connection) => *open = Some(connection),
            Err(error) => {
                let why = error.to_string();
                for mut call in looks {
                    call.fail(StoreError::Open {
                        what: format!("{} for reading", path.display()),
                        source: why.clone().into(),
                    });
                    call.answer();
                }
                return;
            }
        }
    }
    if let Some(connection) = open {
        for mut call in looks {
            run(connection, call.as_mut());
            durable.answer_look(call);
        }
        connection.abandon();
    }
}

/// Runs a look in the transaction that is open, or in a new one.
fn run(connection: &mut Connection, call: &mut dyn Call) {
    if connection.has_no_transaction()
        && let Err(error) = connection.run("BEGIN DEFERRED")
    {
        return call.fail(StoreError::Commit(Box::new(error)));
    }
    call.interrupt_with(Some(connection.interrupt_handle()));
    let is_good = !call.is_awaited() || call.run(connection);
    call.interrupt_with(None);
    // What went wrong is not to be in the way of the next.
    if !is_good {
        connection.abandon();
    }
}

/// Looks in one transaction at most: a slow one keeps few others waiting.
const SHARED: usize = 8;
