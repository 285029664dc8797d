//! The texts of looks that are asked together, each made once.
//!
//! `SELECT a FROM t WHERE b = $1`, asked twice, becomes a look for each row of values:
//! `SELECT found.*, asked.… FROM (VALUES (0, $1::text), (1, $2::text)) AS asked (…), LATERAL (…) AS found`.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

/// The column that says which of the looks a row is for: their place, from 0 on.
pub(super) const ASKED: &str = "tongbao_asked";

/// There are as many as statements that look, times the powers of two up to how many are sent
/// together; a [`Statement`](crate::Statement) is a constant.
#[derive(Default)]
pub(super) struct LookTexts(Mutex<HashMap<(&'static str, usize), Option<&'static str>>>);

impl LookTexts {
    /// The text for so many looks. `None` when they have to be asked one by one, also when the types
    /// of the parameters are not to be had now.
    pub(super) async fn of<F>(
        &self,
        text: &'static str,
        looks: usize,
        types: impl FnOnce() -> F,
    ) -> Option<&'static str>
    where
        F: Future<Output = Option<Vec<String>>>,
    {
        if !can_be_asked_together(text) {
            return None;
        }
        for known in [(text, looks), (text, GIVEN_UP)] {
            if let Some(known) = self.known().get(&known) {
                return *known;
            }
        }
        let types = types().await?;
        let written: &'static str = Box::leak(together(text, &types, looks)?.into_boxed_str());
        // Two may come here at once; the second text is the same and stays unused.
        *self.known().entry((text, looks)).or_insert(Some(written))
    }

    /// The server did not take the text: from now on they are asked one by one.
    pub(super) fn give_up(&self, text: &'static str) {
        let mut known = self.known();
        known.retain(|(of, _), _| *of != text);
        known.insert((text, GIVEN_UP), None);
    }

    fn known(
        &self,
    ) -> std::sync::MutexGuard<'_, HashMap<(&'static str, usize), Option<&'static str>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A join does not keep an order, and a limit takes no column.
fn can_be_asked_together(text: &str) -> bool {
    text.starts_with("SELECT ")
        && text.contains('$')
        && !["ORDER BY", "LIMIT", "OFFSET", " FOR "]
            .iter()
            .any(|word| text.contains(word))
}

fn together(text: &str, types: &[String], looks: usize) -> Option<String> {
    let mut rows = Vec::with_capacity(looks);
    for look in 0..looks {
        let mut row = look.to_string();
        for (at, ty) in types.iter().enumerate() {
            let number = look * types.len() + at + 1;
            write!(row, ", ${number}::{ty}").ok()?;
        }
        rows.push(format!("({row})"));
    }
    let columns: Vec<String> = (1..=types.len()).map(|at| format!("{VALUE}{at}")).collect();
    let mut parts = text.split('$');
    let mut look = parts.next()?.to_owned();
    for part in parts {
        // `$1` is the first value.
        look.push_str("asked.");
        look.push_str(VALUE);
        look.push_str(part);
    }
    Some(format!(
        "SELECT found.*, asked.{ASKED} FROM (VALUES {}) AS asked ({ASKED}, {}), LATERAL ({look}) AS found",
        rows.join(", "),
        columns.join(", ")
    ))
}

const VALUE: &str = "tongbao_value_";
/// No number of looks.
const GIVEN_UP: usize = 0;

#[cfg(test)]
mod tests {
    use super::{can_be_asked_together, together};

    #[test]
    fn a_look_is_written_for_several() {
        let types = ["int8".to_owned(), "text".to_owned()];
        let text = "SELECT a FROM t WHERE b = $1 AND c = $2 AND d <> $1";
        assert_eq!(
            together(text, &types, 2).as_deref(),
            Some(
                "SELECT found.*, asked.tongbao_asked FROM \
                 (VALUES (0, $1::int8, $2::text), (1, $3::int8, $4::text)) \
                 AS asked (tongbao_asked, tongbao_value_1, tongbao_value_2), \
                 LATERAL (SELECT a FROM t WHERE b = asked.tongbao_value_1 \
                 AND c = asked.tongbao_value_2 AND d <> asked.tongbao_value_1) AS found"
            )
        );
    }

    #[test]
    fn what_a_join_would_change_is_not() {
        assert!(can_be_asked_together("SELECT a FROM t WHERE b = $1"));
        for text in [
            "SELECT a FROM t",
            "SELECT a FROM t WHERE b = $1 ORDER BY a",
            "SELECT a FROM t WHERE b = $1 LIMIT $2",
            "SELECT a FROM t WHERE b = $1 FOR UPDATE",
            "WITH x AS (SELECT 1) SELECT a FROM x WHERE b = $1",
            "UPDATE t SET a = $1",
        ] {
            assert!(!can_be_asked_together(text), "{text}");
        }
    }
}
