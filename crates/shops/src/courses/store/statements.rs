//! Every statement of the shop in one list.

use crate::courses::store::{
    cart, courses, enrollments, events, lessons, order_list, orders, refunds, users,
};

/// Every statement that the courses shop runs, for the test that prepares each on both engines.
pub fn all() -> Vec<&'static store::Statement> {
    [
        users::ALL,
        courses::ALL,
        lessons::ALL,
        orders::ALL,
        order_list::ALL,
        enrollments::ALL,
        cart::ALL,
        events::ALL,
        refunds::ALL,
    ]
    .into_iter()
    .flatten()
    .collect()
}
