//! The exam: a bad day, played against somebody's own merchant back end, and what each mistake in it
//! would cost.

mod alone;
mod card;
mod examinee;
mod eyes;
mod http;
mod judged;
mod orders;
mod paper;
mod refusals;
mod repeats;
mod rows;
mod sit;
mod till;

pub use card::{Card, Line, Outcome};
pub use examinee::{Delivery, Examinee, Order, Reply};
pub use eyes::Waits;
pub use http::{HttpExaminee, HttpSpec};
pub use orders::NoOrder;
pub use rows::Row;
pub use sit::{Exam, ExamError, Listener};
