//! What a trade, an account and a notice are, and what may become of them: values and pure
//! functions, no database, no network, no clock of its own.

pub mod account;
pub mod agreement;
pub mod app;
pub mod app_auth;
pub mod bill;
pub mod card;
pub mod certificate;
pub mod day;
pub mod filling;
pub mod form_no;
pub mod freeze;
pub mod gift;
pub mod message;
pub mod notice;
pub mod oauth;
pub mod offer;
pub mod open_id;
pub mod pay_channels;
pub mod payment_code;
pub mod person;
pub mod product;
pub mod royalty;
pub mod timeout;
pub mod trade;
pub mod transfer;

pub use account::{Account, LogonId, Tries};
pub use app::{App, AppMode, AppSettings, NoticeType, NotifyStatuses, Profile};
pub use app_auth::{AppAuth, AppAuthToken, AuthState};
pub use certificate::{AppCert, Authority, CertOwner, CertState};
pub use notice::{About, NoticeKind, TradeStatus};
pub use offer::{Offer, Payer, Shown};
pub use pay_channels::PayChannels;
pub use payment_code::PaymentCode;
pub use person::Person;
pub use product::Product;
pub use timeout::Timeout;
pub use trade::{Born, CloseReason, Payment, Refusal, Trade, TradeId, TradeState};
