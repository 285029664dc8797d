//! The courses shop through its front door, with a merchant service behind it and a small Alipay
//! behind that, on both engines.

mod alipay;
mod api_orders;
mod api_results;
mod api_users;
mod browser;
mod catalogue;
mod fulfilment;
mod notices;
mod odd_texts;
mod pages;
mod permissions;
mod refunds;
mod schema;
mod school;
mod upkeep;
