//! The exam: a bad day, played against somebody's own merchant back end, and what each mistake in it
//! would cost.

mod card;
mod examinee;
mod http;
mod judged;
mod paper;
mod rows;
mod sit;

pub use card::{Card, Line, Outcome};
pub use examinee::{Delivery, Examinee, Order, Reply};
pub use http::{HttpExaminee, HttpSpec};
pub use rows::Row;
pub use sit::{Exam, ExamError};
