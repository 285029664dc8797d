//! Cursors and limits of lists.

use service::Problem;

/// How many things a list shows at most.
const MOST: i64 = 200;
/// How many it shows unless asked.
const USUAL: i64 = 50;

/// The wanted length of a list.
pub(super) fn limit(text: Option<&str>) -> Result<i64, Problem> {
    let Some(text) = text else {
        return Ok(USUAL);
    };
    match text.parse::<i64>() {
        Ok(limit) if (1..=MOST).contains(&limit) => Ok(limit),
        _ => Err(Problem::bad_request(format!("limit is from 1 to {MOST}."))),
    }
}

/// A list of at most `limit` from one that was asked for one more, and where the next begins.
pub(crate) fn cut<T>(
    mut found: Vec<T>,
    limit: i64,
    cursor: impl Fn(&T) -> String,
) -> (Vec<T>, Option<String>) {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if found.len() <= limit {
        return (found, None);
    }
    found.truncate(limit);
    let next = found.last().map(cursor);
    (found, next)
}
