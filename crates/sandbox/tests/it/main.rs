//! The sandbox from outside: requests in, answers, notices and books out, on both engines.
#![expect(clippy::unwrap_used, reason = "a test ends where something is wrong")]

mod many;
mod support;

mod acting;
mod agreements;
mod app_pay;
mod bad_input;
mod bills;
mod bodies;
mod books;
mod browser;
mod cashier;
mod certificates;
mod changes;
mod console;
mod control;
mod counter;
mod deductions;
mod exam;
mod faults;
mod forms;
mod gateway;
mod hostile;
mod hostile_rest;
mod modes;
mod money;
mod notices;
mod oauth;
mod pages;
mod payment_code;
mod preauth;
mod rest;
mod royalty;
mod sdk;
mod sdk_faces;
mod sdk_money;
mod sdk_people;
mod sdk_trade;
mod snapshots;
mod through;
mod timeouts;
mod transfers;
mod wallet;
mod worlds;
