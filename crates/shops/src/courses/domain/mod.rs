//! What a school sells and what may happen to an order, without a database or a page in sight.

mod basket;
mod course;
mod order;
mod user;

pub use basket::{Basket, BasketRefusal, Wanted, judge};
pub use course::{Course, Lesson, Offer};
pub use order::{
    Detail, Dialect, Order, OrderRefund, PayType, Status, may_be_number, order_number_of,
};
pub use user::{Credentials, CredentialsRefusal, User, UserId};
