//! Scripts of several callers in one transaction: what SQLite does with closures, for what needs no
//! look.
//!
//! Whoever comes while a transaction is on its way is in the next one. Equal inserts of a batch
//! become one insert of several rows. When any row of it is refused, nothing of the batch is kept
//! and it is tried again in halves, down to the script that is refused.

use super::session::{Line, Session};
use crate::script::for_rows;
use crate::{Script, Statement, StoreError, Value};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use tokio::sync::oneshot;

/// A script and who waits for it.
pub(super) struct Waiting {
    pub(super) script: Script,
    pub(super) caller: oneshot::Sender<Result<(), StoreError>>,
}

/// Texts for several rows, each made once: a [`Statement`] is a constant. There are as many as
/// statements in scripts, times the powers of two up to a batch.
#[derive(Default)]
pub(super) struct Texts(Mutex<HashMap<(&'static str, usize), Option<&'static str>>>);

impl Texts {
    fn of(&self, text: &'static str, values: usize, rows: usize) -> Option<&'static str> {
        let mut known = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *known.entry((text, rows)).or_insert_with(|| {
            let written = for_rows(text, values, rows)?;
            Some(Box::leak(written.into_boxed_str()))
        })
    }

    /// Merges the scripts of a batch, in the order in which their statements have to run.
    pub(super) fn merge<'a>(&self, batch: &'a [Waiting]) -> Vec<Line<'a>> {
        let mut groups: Vec<(Statement, Vec<&Vec<Value>>)> = Vec::new();
        for (statement, values) in batch.iter().flat_map(|waiting| &waiting.script.lines) {
            match groups.iter_mut().find(|(known, _)| known == statement) {
                Some((_, rows)) => rows.push(values),
                None => groups.push((*statement, vec![values])),
            }
        }
        let mut lines = Vec::new();
        for (statement, mut rows) in groups {
            if !statement.postgres.starts_with("INSERT") {
                // Everybody locks rows that are there in the order of their ids.
                rows.sort_by(|one, other| first_text(one).cmp(first_text(other)));
            }
            let mut left = rows.as_slice();
            while !left.is_empty() {
                // Powers of two, so that few texts are prepared.
                let size = 1 << left.len().ilog2();
                let (now, later) = left.split_at(size);
                let text = self.of(statement.postgres, now[0].len(), size);
                match text {
                    Some(postgres) => {
                        let mut line = Line {
                            statement: Statement {
                                postgres,
                                ..statement
                            },
                            parameters: Vec::with_capacity(size * now[0].len()),
                            rows: u64::try_from(size).unwrap_or(u64::MAX),
                        };
                        for value in now.iter().flat_map(|row| row.iter()) {
                            line.parameters.push(value);
                        }
                        lines.push(line);
                    }
                    None => {
                        lines.extend(now.iter().map(|row| Line::new(statement, row, 1)));
                    }
                }
                left = later;
            }
        }
        lines
    }
}

fn first_text(values: &[Value]) -> &str {
    match values.first() {
        Some(Value::Text(text)) => text,
        _ => "",
    }
}

/// Sends everything and commits it.
pub(super) async fn send(session: &mut Session, lines: &[Line<'_>]) -> Result<(), StoreError> {
    let sent = session.commit_lines(lines).await;
    if sent.is_err() {
        session.roll_back().await;
    }
    sent
}
