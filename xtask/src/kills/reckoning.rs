//! After the last kill: every payment that anybody acknowledged must be there, exactly once.
//!
//! Only what the servers say over HTTP is believed. First the business clock is moved past every
//! retry, so that what was under way at the last kill has arrived.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use super::buyer::Purchase;
use crate::demo::Demo;
use crate::http::Web;

/// What each wallet is given; enough for a round.
pub(super) const WALLET_YUAN: &str = "1000000.00";
const WALLET_FEN: u64 = 100_000_000;
/// Past the last of the eight deliveries of a notice (under 25 hours).
const SETTLE_MS: u64 = 26 * 60 * 60 * 1_000;
/// All that is due within that day is done meanwhile, for thousands of orders.
const SETTLE_LIMIT: Duration = Duration::from_mins(3);
const SHOWN_DIFFERENCES: usize = 5;

/// What the reckoning found.
#[derive(Debug, Default)]
pub(super) struct Found {
    /// Statements that held.
    pub(super) held: u64,
    /// Statements that did not, in words.
    pub(super) wrong: Vec<String>,
    /// Numbers for the report.
    pub(super) notes: Vec<String>,
}

impl Found {
    fn holds(&mut self, held: bool, words: impl FnOnce() -> String) {
        if held {
            self.held = self.held.saturating_add(1);
        } else {
            self.wrong.push(words());
        }
    }
}

/// Compares what the clients were told with what merchant, shop and sandbox say now.
pub(super) fn reckon(demo: &Demo, purchases: &[Purchase]) -> Result<Found> {
    let web = Web::new();
    let clock = format!("{}/sandbox/v1/clock", demo.sandbox);
    let began = Instant::now();
    Web::within(SETTLE_LIMIT)
        .post(&clock, None, &json!({"advance_ms": SETTLE_MS}))?
        .good()
        .context("cannot move the clock")?;
    let mut found = Found::default();
    found.notes.push(format!(
        "the clock was moved past every retry in {} s",
        began.elapsed().as_secs()
    ));
    let paid = check_trades(&web, demo, purchases, &mut found)?;
    check_shop(&web, demo, purchases, &paid, &mut found)?;
    check_wallets(&web, demo, purchases, &paid, &mut found)?;
    check_books(&web, demo, &mut found)?;
    found
        .notes
        .push(format!("{} trades are paid at Alipay", paid.len()));
    Ok(found)
}

/// Every acknowledged payment is a paid trade; hands back the numbers that are paid.
fn check_trades(
    web: &Web,
    demo: &Demo,
    purchases: &[Purchase],
    found: &mut Found,
) -> Result<BTreeSet<String>> {
    let mut paid = BTreeSet::new();
    let mut acknowledged = 0_u64;
    for purchase in purchases {
        let Some(number) = &purchase.number else {
            continue;
        };
        let answer = web.get(
            &format!("{}/sandbox/v1/trades/{number}", demo.sandbox),
            None,
        )?;
        let is_paid = match answer.status {
            404 => false,
            _ => answer.good()?["trade_status"] == "TRADE_SUCCESS",
        };
        if is_paid {
            paid.insert(number.clone());
        }
        if purchase.paid {
            acknowledged = acknowledged.saturating_add(1);
            if !is_paid {
                found.wrong.push(format!(
                    "lost at Alipay: {number} was acknowledged to the buyer"
                ));
            }
        }
    }
    found.holds(acknowledged > 0, || {
        "no payment was acknowledged at all".to_owned()
    });
    Ok(paid)
}

/// The shop's orders say the same, once each, and each paid course is bought exactly once.
fn check_shop(
    web: &Web,
    demo: &Demo,
    purchases: &[Purchase],
    paid: &BTreeSet<String>,
    found: &mut Found,
) -> Result<()> {
    let mut by_user: BTreeMap<&str, Vec<&Purchase>> = BTreeMap::new();
    for purchase in purchases {
        by_user.entry(&purchase.user).or_default().push(purchase);
    }
    let before = found.wrong.len();
    let mut opened = 0_u64;
    for (user, purchases) in by_user {
        let Some(token) = purchases.first().map(|purchase| purchase.token.as_str()) else {
            continue;
        };
        let orders = web
            .get(
                &format!("{}/order/?page_size=100", demo.courses),
                Some(token),
            )?
            .good()?;
        let orders = ShopOrders::read(&orders).with_context(|| format!("the orders of {user}"))?;
        for purchase in purchases {
            let Some(number) = &purchase.number else {
                continue;
            };
            let is_paid = paid.contains(number);
            let states = orders
                .states
                .get(number.as_str())
                .cloned()
                .unwrap_or_default();
            let fine = if is_paid {
                states == [1]
            } else {
                states.len() == 1 && states != [1]
            };
            if !fine {
                let word = if is_paid { "paid" } else { "not paid" };
                found.wrong.push(format!(
                    "{number} is {word} at Alipay, the shop's states are {states:?}"
                ));
            }
            if purchase.fulfilled && !is_paid {
                found
                    .wrong
                    .push(format!("the shop acknowledged {number}, which nobody paid"));
            }
            let times = orders.bought.get(&purchase.course.id).copied().unwrap_or(0);
            if is_paid && times == 1 {
                opened = opened.saturating_add(1);
            } else if is_paid || times > 0 {
                found.wrong.push(format!(
                    "course {} of {user} is bought {times} times",
                    purchase.course.id
                ));
            }
        }
    }
    found.holds(found.wrong.len() == before, || {
        "shop and Alipay differ".to_owned()
    });
    found
        .notes
        .push(format!("{opened} courses are opened, each exactly once"));
    Ok(())
}

/// One user's orders, as the shop lists them.
struct ShopOrders {
    states: BTreeMap<String, Vec<u64>>,
    bought: BTreeMap<u64, u64>,
}

impl ShopOrders {
    fn read(list: &Value) -> Result<Self> {
        let orders = list
            .as_array()
            .or_else(|| list["results"].as_array())
            .context("no list")?;
        let mut read = Self {
            states: BTreeMap::new(),
            bought: BTreeMap::new(),
        };
        for order in orders {
            let number = order["out_trade_no"]
                .as_str()
                .context("an order without a number")?;
            let status = order["order_status"]
                .as_u64()
                .or_else(|| order["status"].as_u64());
            let status = status.context("an order without a status")?;
            read.states
                .entry(number.to_owned())
                .or_default()
                .push(status);
            if status != 1 {
                continue;
            }
            for course in order["courses"]
                .as_array()
                .context("an order without courses")?
            {
                let id = course["id"].as_u64().context("a course without an id")?;
                let times = read.bought.entry(id).or_default();
                *times = times.saturating_add(1);
            }
        }
        Ok(read)
    }
}

/// A wallet has lost exactly the prices of what it paid.
fn check_wallets(
    web: &Web,
    demo: &Demo,
    purchases: &[Purchase],
    paid: &BTreeSet<String>,
    found: &mut Found,
) -> Result<()> {
    let mut spent: BTreeMap<&str, u64> = BTreeMap::new();
    for purchase in purchases {
        let is_paid = purchase
            .number
            .as_ref()
            .is_some_and(|number| paid.contains(number));
        let price = if is_paid {
            purchase.course.price_fen
        } else {
            0
        };
        let sum = spent.entry(&purchase.wallet).or_default();
        *sum = sum.saturating_add(price);
    }
    let before = found.wrong.len();
    let wallets = spent.len();
    for (wallet, spent) in spent {
        let account = web
            .get(
                &format!("{}/sandbox/v1/accounts/{wallet}", demo.sandbox),
                None,
            )?
            .good()?;
        let balance = account["balance"]
            .as_str()
            .and_then(fen)
            .context("an account without a balance")?;
        let wanted = WALLET_FEN.saturating_sub(spent);
        if balance != wanted {
            found
                .wrong
                .push(format!("{wallet} has {balance} fen, {wanted} are right"));
        }
    }
    found.holds(found.wrong.len() == before, || {
        format!("not all of {wallets} wallets add up")
    });
    Ok(())
}

/// Both services recompute their ledgers from the postings.
fn check_books(web: &Web, demo: &Demo, found: &mut Found) -> Result<()> {
    let books = web
        .get(&format!("{}/sandbox/v1/books", demo.sandbox), None)?
        .good()?;
    found.holds(books["balanced"] == true, || {
        format!("Alipay's books: {}", shown(&books))
    });
    found.notes.push(format!(
        "Alipay's books: {} postings, balanced: {}",
        books["postings"], books["balanced"]
    ));
    let file = demo.merchant_file()?;
    let key = file["merchants"]["courses"]["api_key"]
        .as_str()
        .context("merchant.json has no API key")?;
    let url = format!("{}/v1/books/verify", demo.merchant);
    let books = web.get(&url, Some(&format!("Bearer {key}")))?.good()?;
    found.holds(books["balanced"] == true, || {
        format!("the merchant's books: {}", shown(&books))
    });
    let (postings, balanced) = (&books["postings"], &books["balanced"]);
    found.notes.push(format!(
        "the merchant's books: {postings} postings, balanced: {balanced}"
    ));
    Ok(())
}

fn shown(books: &Value) -> String {
    let differences = books["differences"].as_array().cloned().unwrap_or_default();
    let first: Vec<String> = differences
        .iter()
        .take(SHOWN_DIFFERENCES)
        .map(Value::to_string)
        .collect();
    format!("{} differences, {}", differences.len(), first.join(", "))
}

fn fen(yuan: &str) -> Option<u64> {
    let (whole, cents) = yuan.split_once('.')?;
    whole
        .parse::<u64>()
        .ok()?
        .checked_mul(100)?
        .checked_add(cents.parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_orders_is_read_with_its_paid_courses() {
        let list = json!([
            {"out_trade_no": "a", "order_status": 1, "courses": [{"id": 3}, {"id": 4}]},
            {"out_trade_no": "b", "order_status": 0, "courses": [{"id": 3}]},
        ]);
        let read = ShopOrders::read(&list).expect("the list is whole");
        assert_eq!(read.states["a"], [1]);
        assert_eq!(read.bought.get(&3), Some(&1));
        assert_eq!(read.bought.get(&9), None);
    }

    #[test]
    fn yuan_become_fen() {
        assert_eq!(fen("1000000.00"), Some(WALLET_FEN));
        assert_eq!(fen("0.05"), Some(5));
    }
}
