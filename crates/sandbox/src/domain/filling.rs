//! Seed data: what a world holds from its first moment, as a file or the control API says it.

use super::account::LogonId;
use super::app::{AppMode, Profile};
use super::card::{Bank, is_phone};
use money::Fen;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::fmt::Display;
use std::str::FromStr;
use utoipa::ToSchema;

/// How many of each kind there may be.
const MOST: usize = 1_000;
/// The buyer that every world has.
pub const DEFAULT_BUYER: &str = "buyer@sandbox.com";

/// What a world holds from its first moment.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Filling {
    /// Applications; the first one stands at the top of `sandbox.json`. One called `main` when
    /// there is none.
    pub apps: Vec<FillApp>,
    /// Wallet accounts. `buyer@sandbox.com` is there in any case.
    pub accounts: Vec<FillAccount>,
    /// Trades that are paid, and refunded perhaps.
    pub trades: Vec<FillTrade>,
}

/// An application.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FillApp {
    /// Letters, digits, `-` and `_`.
    pub name: String,
    /// 16 digits; made when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_id: Option<String>,
    /// 16 digits; made when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seller_id: Option<String>,
    /// Its public key in any form; a pair is made when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_public_key: Option<String>,
    /// `production` unless said, `strict` or `alipay-sandbox`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile: Option<String>,
    /// `both` unless said, `key` or `cert`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mode: Option<String>,
    /// Where messages go that belong to no order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app_gateway_url: Option<String>,
}

/// A wallet account.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FillAccount {
    /// An e-mail address or a phone number.
    pub logon_id: String,
    /// In yuan, before the trades are paid; nothing unless said.
    #[serde(default)]
    #[schema(value_type = String)]
    pub balance: Fen,
    /// `111111` unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub login_password: Option<String>,
    /// Six digits; `111111` unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pay_password: Option<String>,
    /// Bank cards in the wallet.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cards: Vec<FillCard>,
}

/// A bank card.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FillCard {
    /// `ICBC` (unless said), `ABC`, `CCB` or `CMB`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bank: Option<String>,
    /// The phone that the bank knows; `13800138000` unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// In yuan; nothing unless said.
    #[serde(default)]
    #[schema(value_type = String)]
    pub balance: Fen,
}

/// A trade that was paid.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FillTrade {
    /// The merchant's number.
    pub out_trade_no: String,
    /// The name of its application; the first one unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub app: Option<String>,
    /// What for; `out_trade_no` unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub subject: Option<String>,
    /// In yuan.
    #[schema(value_type = String)]
    pub total_amount: Fen,
    /// Who paid it; `buyer@sandbox.com` unless said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub buyer: Option<String>,
    /// What went back of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub refunds: Vec<FillRefund>,
}

/// Money that went back.
#[derive(Clone, Debug, Deserialize, Eq, PartialEq, Serialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FillRefund {
    /// The refund's number.
    pub out_request_no: String,
    /// In yuan.
    #[schema(value_type = String)]
    pub amount: Fen,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A value in it that is none.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("{field}: {what}")]
pub struct FillingError {
    /// Which, such as `trades[2].app`.
    pub field: String,
    /// What is wrong and what to write.
    pub what: String,
}

impl FillingError {
    /// A value that is none.
    pub fn new(field: impl Into<String>, what: impl Display) -> Self {
        Self {
            field: field.into(),
            what: what.to_string(),
        }
    }
}

type Checked = Result<(), FillingError>;

impl Filling {
    /// The application at the top of `sandbox.json`.
    #[must_use]
    pub fn main_app(&self) -> &str {
        self.apps.first().map_or("main", |app| app.name.as_str())
    }

    /// Holds every value against what it may be, and the parts against each other.
    ///
    /// # Errors
    /// The first value that is none.
    pub fn check(&self) -> Checked {
        for (kind, many) in [
            ("apps", self.apps.len()),
            ("accounts", self.accounts.len()),
            ("trades", self.trades.len()),
        ] {
            if many > MOST {
                return Err(FillingError::new(
                    kind,
                    format!("there are {many}; at most {MOST}"),
                ));
            }
        }
        let mut names = HashSet::new();
        for (at, app) in self.apps.iter().enumerate() {
            app.check(at)?;
            if !names.insert(app.name.as_str()) {
                let field = format!("apps[{at}].name");
                return Err(FillingError::new(
                    field,
                    format!("`{}` stands twice", app.name),
                ));
            }
        }
        let mut people = HashSet::from([DEFAULT_BUYER.to_owned()]);
        let mut listed = HashSet::new();
        for (at, account) in self.accounts.iter().enumerate() {
            account.check(at)?;
            people.insert(account.logon_id.clone());
            if !listed.insert(account.logon_id.as_str()) {
                let field = format!("accounts[{at}].logon_id");
                let what = format!("`{}` stands twice", account.logon_id);
                return Err(FillingError::new(field, what));
            }
        }
        names.insert(self.main_app());
        let mut numbers = HashSet::new();
        for (at, trade) in self.trades.iter().enumerate() {
            trade.check(at)?;
            let app = trade.app.as_deref().unwrap_or(self.main_app());
            if !names.contains(app) {
                let field = format!("trades[{at}].app");
                return Err(FillingError::new(
                    field,
                    format!("no application under `apps` is called `{app}`"),
                ));
            }
            if !numbers.insert((app, trade.out_trade_no.as_str())) {
                let field = format!("trades[{at}].out_trade_no");
                return Err(FillingError::new(
                    field,
                    format!("`{}` stands twice", trade.out_trade_no),
                ));
            }
            let buyer = trade.buyer.as_deref().unwrap_or(DEFAULT_BUYER);
            if !people.contains(buyer) {
                let field = format!("trades[{at}].buyer");
                return Err(FillingError::new(
                    field,
                    format!("nobody under `accounts` is called `{buyer}`"),
                ));
            }
        }
        Ok(())
    }
}

fn parsed<T: FromStr<Err: Display>>(field: &str, text: Option<&String>) -> Checked {
    let tried = text.map(|text| text.parse::<T>());
    match tried {
        Some(Err(error)) => Err(FillingError::new(field, error)),
        _ => Ok(()),
    }
}

fn within(field: String, amount: Fen, least: Fen) -> Checked {
    if amount < least || amount > Fen::MAX_PAYABLE {
        let what = format!("is from {least} to {} yuan, not {amount}", Fen::MAX_PAYABLE);
        return Err(FillingError::new(field, what));
    }
    Ok(())
}

impl FillApp {
    fn check(&self, at: usize) -> Checked {
        let field = |name: &str| format!("apps[{at}].{name}");
        let is_number =
            |text: &String| text.len() == 16 && text.bytes().all(|b| b.is_ascii_digit());
        for (name, value) in [("app_id", &self.app_id), ("seller_id", &self.seller_id)] {
            if !value.as_ref().is_none_or(is_number) {
                return Err(FillingError::new(field(name), "has 16 digits"));
            }
        }
        parsed::<Profile>(&field("profile"), self.profile.as_ref())?;
        parsed::<AppMode>(&field("mode"), self.mode.as_ref())
    }
}

impl FillAccount {
    fn check(&self, at: usize) -> Checked {
        let field = |name: &str| format!("accounts[{at}].{name}");
        parsed::<LogonId>(&field("logon_id"), Some(&self.logon_id))?;
        within(field("balance"), self.balance, Fen::ZERO)?;
        let six = |text: &String| super::account::is_pay_password(text);
        if !self.pay_password.as_ref().is_none_or(six) {
            return Err(FillingError::new(field("pay_password"), "is six digits"));
        }
        for (number, card) in self.cards.iter().enumerate() {
            let field = |name: &str| format!("accounts[{at}].cards[{number}].{name}");
            parsed::<Bank>(&field("bank"), card.bank.as_ref())?;
            if !card.phone.as_deref().is_none_or(is_phone) {
                return Err(FillingError::new(
                    field("phone"),
                    "is 11 digits that begin with 1",
                ));
            }
            within(field("balance"), card.balance, Fen::ZERO)?;
        }
        Ok(())
    }
}

impl FillTrade {
    fn check(&self, at: usize) -> Checked {
        let field = |name: &str| format!("trades[{at}].{name}");
        if !is_number(&self.out_trade_no) {
            return Err(FillingError::new(field("out_trade_no"), NUMBER));
        }
        within(field("total_amount"), self.total_amount, Fen::new(1))?;
        let subject = self.subject.as_ref().map(|text| text.chars().count());
        if subject.is_some_and(|chars| !(1..=256).contains(&chars)) {
            return Err(FillingError::new(
                field("subject"),
                "has 1 to 256 characters",
            ));
        }
        let mut left = self.total_amount.fen();
        let mut numbers = HashSet::new();
        for (number, refund) in self.refunds.iter().enumerate() {
            let field = |name: &str| format!("trades[{at}].refunds[{number}].{name}");
            if !is_number(&refund.out_request_no) || !numbers.insert(&refund.out_request_no) {
                let what = format!("{NUMBER}, each once in a trade");
                return Err(FillingError::new(field("out_request_no"), what));
            }
            within(field("amount"), refund.amount, Fen::new(1))?;
            left -= refund.amount.fen();
            if left < 0 {
                let what = format!(
                    "more goes back than the {} that were paid",
                    self.total_amount
                );
                return Err(FillingError::new(field("amount"), what));
            }
        }
        Ok(())
    }
}

const NUMBER: &str = "has 1 to 64 letters, digits and _";

fn is_number(text: &str) -> bool {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    (1..=64).contains(&text.len()) && text.bytes().all(plain)
}
