//! The sandbox from outside: requests in, answers, notices and books out, on both engines.

mod support;

mod bad_input;
mod books;
mod control;
mod gateway;
mod money;
mod notices;
mod timeouts;
