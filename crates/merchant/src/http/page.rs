//! Lists: `{"data":[…],"next_cursor"}`.

use serde::{Deserialize, Serialize};

/// Which page of a list.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(crate) struct PageQuery {
    /// `next_cursor` of the page before.
    pub(crate) cursor: Option<String>,
    /// 1 to 100; 20 when it is not given.
    pub(crate) limit: Option<i64>,
    /// Only the order of this number.
    pub(crate) merchant_order_no: Option<String>,
    /// Only orders in this state.
    pub(crate) state: Option<String>,
}

/// One page of a list.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub(crate) struct Page<T> {
    /// Newest first.
    pub(crate) data: Vec<T>,
    /// For the next page; `null` on the last.
    pub(crate) next_cursor: Option<String>,
}

impl<T> Page<T> {
    /// Everything there is.
    pub(crate) fn whole(data: Vec<T>) -> Self {
        Self {
            data,
            next_cursor: None,
        }
    }

    /// A page of at most `limit`, from a list that was asked for one more.
    pub(crate) fn cut(mut data: Vec<T>, limit: usize, cursor: impl Fn(&T) -> String) -> Self {
        let more = data.len() > limit;
        data.truncate(limit);
        let next_cursor = more.then(|| data.last().map(cursor)).flatten();
        Self { data, next_cursor }
    }
}
