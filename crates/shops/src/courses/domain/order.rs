//! An order of courses: what was asked for, at which price, and what became of it.

use crate::courses::domain::UserId;
use kernel::Timestamp;
use money::Fen;

/// How an order stands. The numbers are the contract of the shop's API.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Status {
    /// 0 未支付.
    Unpaid,
    /// 1 已支付.
    Paid,
    /// 2 已取消, by its user.
    Cancelled,
    /// 3 超时取消, because nobody paid in time.
    TimedOut,
}

impl Status {
    /// Every status, in the order of their numbers.
    pub const ALL: [Self; 4] = [Self::Unpaid, Self::Paid, Self::Cancelled, Self::TimedOut];

    /// Its number.
    pub fn code(self) -> i64 {
        match self {
            Self::Unpaid => 0,
            Self::Paid => 1,
            Self::Cancelled => 2,
            Self::TimedOut => 3,
        }
    }

    /// The status of that number.
    pub fn from_code(code: i64) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.code() == code)
    }

    /// What people call it, in Chinese and English.
    pub fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Unpaid => ("未支付", "Unpaid"),
            Self::Paid => ("已支付", "Paid"),
            Self::Cancelled => ("已取消", "Cancelled"),
            Self::TimedOut => ("超时取消", "Timed out"),
        }
    }
}

/// With what an order is to be paid, as the API numbers it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum PayType {
    /// 0: Alipay in the first tutorial's numbering.
    AlipayZero,
    /// 1: Alipay in the second tutorial's.
    AlipayOne,
}

impl PayType {
    /// Its number.
    pub fn code(self) -> i64 {
        match self {
            Self::AlipayZero => 0,
            Self::AlipayOne => 1,
        }
    }

    /// The pay type of that number, among those that money can be taken with.
    pub fn from_code(code: i64) -> Option<Self> {
        [Self::AlipayZero, Self::AlipayOne]
            .into_iter()
            .find(|kind| kind.code() == code)
    }
}

/// Which of the two front ends made the order; its answers keep that shape.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Dialect {
    /// Sends `course`, reads bare JSON.
    Course,
    /// Sends `course_list`, reads `{"code", "msg", "data"}`.
    CourseList,
}

impl Dialect {
    /// How the database writes it.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Course => "course",
            Self::CourseList => "course_list",
        }
    }
}

impl std::str::FromStr for Dialect {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "course" => Ok(Self::Course),
            "course_list" => Ok(Self::CourseList),
            _ => Err(()),
        }
    }
}

/// One course in an order. Name and prices are those of the moment of ordering.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Detail {
    /// Which course; it may have been deleted since.
    pub course_id: i64,
    /// What it was called in Chinese.
    pub course_name: String,
    /// What it was called in English.
    pub course_name_en: String,
    /// How many: a course is bought once.
    pub quantity: i64,
    /// What it cost in the catalogue.
    pub price: Fen,
    /// What is paid for it.
    pub real_price: Fen,
}

/// An order.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Order {
    /// Its number, 32 hex digits, which Alipay knows it by.
    pub out_trade_no: String,
    /// Whose it is.
    pub user_id: UserId,
    /// What Alipay shows as subject.
    pub title: String,
    /// What is to be paid.
    pub total: Fen,
    /// How it stands.
    pub status: Status,
    /// With what.
    pub pay_type: PayType,
    /// Which front end made it.
    pub dialect: Dialect,
    /// A coupon's number, where there was one.
    pub coupon: Option<String>,
    /// Alipay's number of the payment.
    pub trade_no: Option<String>,
    /// When it was paid, as the merchant service knows it.
    pub paid_at: Option<Timestamp>,
    /// When its user asked to cancel it. Nobody gets a new link from then on; money that still
    /// comes by an old one wins.
    pub cancel_asked_at: Option<Timestamp>,
    /// What went back.
    pub refunded: Fen,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it last changed.
    pub updated_at: Timestamp,
    /// What is in it.
    pub details: Vec<Detail>,
}

impl Order {
    /// Returns `true` when everything that was paid went back.
    pub fn is_refunded(&self) -> bool {
        self.refunded.is_positive() && self.refunded >= self.total
    }

    /// What people call how it stands, in Chinese and English: its status, and whether it is being
    /// cancelled.
    pub fn words(&self) -> (&'static str, &'static str) {
        match (self.status, self.cancel_asked_at) {
            (Status::Unpaid, Some(_)) => ("取消中", "Being cancelled"),
            (status, _) => status.words(),
        }
    }

    /// What has not gone back, nothing unless it is [`Status::Paid`].
    pub fn refundable(&self) -> Fen {
        match self.status {
            Status::Paid => self.total.checked_sub(self.refunded).unwrap_or_default(),
            Status::Unpaid | Status::Cancelled | Status::TimedOut => Fen::ZERO,
        }
    }
}

/// Money that goes back for an order, asked for by staff or by the shop itself.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct OrderRefund {
    /// Its number, the same on every try.
    pub refund_no: String,
    /// Which order.
    pub out_trade_no: String,
    /// How much.
    pub amount: Fen,
    /// Why, as the buyer's bill says.
    pub reason: String,
    /// How it stands, in the merchant service's words; `asked` until it has answered.
    pub state: String,
    /// When it was asked for.
    pub created_at: Timestamp,
}

/// The order's number behind a number that Alipay carries: later attempts append `_2`, `_3`.
pub fn order_number_of(out_trade_no: &str) -> &str {
    match out_trade_no.split_once('_') {
        Some((number, attempt)) if attempt.bytes().all(|b| b.is_ascii_digit()) => number,
        _ => out_trade_no,
    }
}

/// Returns `true` for a text that an order's number can be; nothing else need be looked up.
pub fn may_be_number(text: &str) -> bool {
    (1..=64).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_contract_hold() {
        let codes: Vec<i64> = Status::ALL.into_iter().map(Status::code).collect();
        assert_eq!(codes, [0, 1, 2, 3]);
        for status in Status::ALL {
            assert_eq!(Status::from_code(status.code()), Some(status));
        }
        assert_eq!(Status::from_code(4), None);
        assert_eq!(PayType::from_code(0), Some(PayType::AlipayZero));
        assert_eq!(PayType::from_code(1), Some(PayType::AlipayOne));
        assert_eq!(PayType::from_code(2), None);
    }

    #[test]
    fn an_attempts_number_leads_to_its_order() {
        assert_eq!(order_number_of("0198ab"), "0198ab");
        assert_eq!(order_number_of("0198ab_2"), "0198ab");
        assert_eq!(order_number_of("0198ab_x"), "0198ab_x");
    }
}
