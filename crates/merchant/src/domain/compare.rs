//! Who a message speaks of and of how much, held against what we expect.

use super::TestBugs;
use money::Fen;

/// What a message about a trade must say to count for an attempt.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Expected<'a> {
    /// The application that the attempt was opened with.
    pub app_id: &'a str,
    /// Who gets the money, when the application's seller is known.
    pub seller_id: Option<&'a str>,
    /// What is to be paid.
    pub amount: Fen,
}

/// What a message about a trade says. What it does not carry is `None`: a query's answer names no
/// application and no seller, because only the one asked can have signed it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Told<'a> {
    /// The application that it speaks for.
    pub app_id: Option<&'a str>,
    /// Who got the money.
    pub seller_id: Option<&'a str>,
    /// The whole amount of the trade.
    pub amount: Option<Fen>,
}

/// What a genuine message told differently. It never changes an order.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Mismatch {
    /// Another application.
    App,
    /// Another payee.
    Seller,
    /// Another amount.
    Amount,
}

/// Returns what a message tells differently, the gravest first; `None` when it fits.
#[must_use]
pub fn compare(expected: &Expected<'_>, told: &Told<'_>, bugs: TestBugs) -> Option<Mismatch> {
    let differs = |wanted: Option<&str>, found: Option<&str>| match (wanted, found) {
        (Some(wanted), Some(found)) => wanted != found,
        (None, _) | (_, None) => false,
    };
    if differs(Some(expected.app_id), told.app_id) && !bugs.notice_for_other_app_accepted {
        return Some(Mismatch::App);
    }
    if differs(expected.seller_id, told.seller_id) && !bugs.seller_not_compared {
        return Some(Mismatch::Seller);
    }
    match told.amount {
        Some(amount) if amount != expected.amount && !bugs.amount_not_compared => {
            Some(Mismatch::Amount)
        }
        Some(_) | None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_difference_is_named() {
        let expected = Expected {
            app_id: "A",
            seller_id: Some("S"),
            amount: Fen::new(100),
        };
        let fits = Told {
            app_id: Some("A"),
            seller_id: Some("S"),
            amount: Some(Fen::new(100)),
        };
        let check = |told: Told<'_>| compare(&expected, &told, TestBugs::default());
        assert_eq!(check(fits), None);
        let app = Told {
            app_id: Some("B"),
            ..fits
        };
        assert_eq!(check(app), Some(Mismatch::App));
        let seller = Told {
            seller_id: Some("T"),
            ..fits
        };
        assert_eq!(check(seller), Some(Mismatch::Seller));
        let amount = Told {
            amount: Some(Fen::new(99)),
            ..fits
        };
        assert_eq!(check(amount), Some(Mismatch::Amount));
    }
}
