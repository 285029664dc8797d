//! A client that buys courses over HTTP as a shop's front end does, until it is cut off.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::chance::Chance;
use crate::http::{Answer, Web};
use crate::postgres::pause;

/// How long a payment may take to reach the shop while everything runs.
const PATIENCE: Duration = Duration::from_secs(15);
const PASSWORD: &str = "kill-test-9000";

/// Where a client finds the servers, and whose wallet it pays from.
#[derive(Clone, Debug)]
pub(super) struct Addresses {
    /// The course shop.
    pub(super) courses: String,
    /// The sandbox.
    pub(super) sandbox: String,
    /// The wallet's logon id.
    pub(super) wallet: String,
}

/// A course that costs something.
#[derive(Clone, Debug)]
pub(super) struct Course {
    /// The shop's number for it.
    pub(super) id: u64,
    /// In whole fen.
    pub(super) price_fen: u64,
}

/// One attempt to buy, as far as it came.
#[derive(Clone, Debug)]
pub(super) struct Purchase {
    /// The shop's user.
    pub(super) user: String,
    /// What that user's calls carry; it outlives a restart.
    pub(super) token: String,
    /// The bought course.
    pub(super) course: Course,
    /// Known once the shop answered with a link.
    pub(super) number: Option<String>,
    /// Alipay told the buyer that it is paid.
    pub(super) paid: bool,
    /// The shop said so too.
    pub(super) fulfilled: bool,
    /// Whose money it was.
    pub(super) wallet: String,
}

/// What one client lived through.
#[derive(Debug, Default)]
pub(super) struct Story {
    /// Everything it tried to buy.
    pub(super) purchases: Vec<Purchase>,
    /// The request that the kill cut off, if one was under way.
    pub(super) cut: Option<String>,
    /// What went wrong while the servers were alive.
    pub(super) trouble: Vec<String>,
}

/// Buys until a request fails; that is trouble unless the kill was already on its way.
pub(super) fn buy_until_cut(
    at: &Addresses,
    courses: &[Course],
    name: &str,
    chance: Chance,
    killed: &AtomicBool,
) -> Story {
    let story = Story::default();
    let mut shopper = Shopper {
        web: Web::new(),
        at,
        courses,
        killed,
        chance,
        story,
    };
    for turn in 0_u64.. {
        let user = format!("{name}-{turn}");
        let Err(error) = shopper.buy_all_as(&user) else {
            continue;
        };
        // The flag is set right before the kill, so what fails with the flag down failed by itself.
        if killed.load(Ordering::SeqCst) {
            shopper.story.cut = Some(format!("{error:#}"));
        } else {
            shopper.story.trouble.push(format!("{user}: {error:#}"));
        }
        break;
    }
    shopper.story
}

struct Shopper<'a> {
    web: Web,
    at: &'a Addresses,
    courses: &'a [Course],
    killed: &'a AtomicBool,
    chance: Chance,
    story: Story,
}

impl Shopper<'_> {
    /// Registers a user, who buys every course once, in an order of its own.
    fn buy_all_as(&mut self, user: &str) -> Result<()> {
        let token = self.register(user)?;
        let mut wishes = self.courses.to_vec();
        self.chance.shuffle(&mut wishes);
        for course in wishes {
            let id = course.id;
            let mut purchase = Purchase {
                user: user.to_owned(),
                token: token.clone(),
                course,
                number: None,
                paid: false,
                fulfilled: false,
                wallet: self.at.wallet.clone(),
            };
            let done = self.buy(&token, &mut purchase);
            // Kept whatever happened: how far it came decides what must be true afterwards.
            self.story.purchases.push(purchase);
            done.with_context(|| format!("buying course {id}"))?;
        }
        Ok(())
    }

    fn register(&self, user: &str) -> Result<String> {
        let url = format!("{}/user/register/", self.at.courses);
        let body = json!({"username": user, "password": PASSWORD});
        let answer = self
            .web
            .post(&url, None, &body)?
            .good()
            .context("registering")?;
        let token = answer["token"].as_str().context("the shop gave no token")?;
        Ok(format!("jwt {token}"))
    }

    fn buy(&self, token: &str, purchase: &mut Purchase) -> Result<()> {
        let link = self.order(token, &purchase.course).context("ordering")?;
        let number = number_in(&link).with_context(|| format!("no order number in {link}"))?;
        purchase.number = Some(number.to_owned());

        let url = format!("{}/sandbox/v1/trades/{number}/pay", self.at.sandbox);
        let pay = json!({"url": link, "buyer_logon_id": self.at.wallet});
        self.web.post(&url, None, &pay)?.good().context("paying")?;
        purchase.paid = true;

        let url = format!("{}/order/success/?out_trade_no={number}", self.at.courses);
        let began = Instant::now();
        while !is_true(&self.web.get(&url, Some(token))?)? {
            if began.elapsed() > PATIENCE && !self.killed.load(Ordering::SeqCst) {
                bail!(
                    "{number} is paid, the shop did not know it after {} s",
                    PATIENCE.as_secs()
                );
            }
            pause(Duration::from_millis(10));
        }
        purchase.fulfilled = true;
        Ok(())
    }

    /// Hands back the pay link.
    fn order(&self, token: &str, course: &Course) -> Result<String> {
        let (yuan, cents) = (course.price_fen / 100, course.price_fen % 100);
        let order = json!({
            "subject": "kill test",
            "total_amount": format!("{yuan}.{cents:02}"),
            "pay_type": 0,
            "course": [course.id],
        });
        let url = format!("{}/order/pay/", self.at.courses);
        let link = self.web.post(&url, Some(token), &order)?.good()?;
        Ok(link
            .as_str()
            .context("the pay link is not a bare string")?
            .to_owned())
    }
}

fn is_true(answer: &Answer) -> Result<bool> {
    Ok(answer.good().context("asking for the result")? == Value::Bool(true))
}

/// The order's number, as it stands percent-encoded in the link's business content.
fn number_in(link: &str) -> Option<&str> {
    let after = link.split_once("out_trade_no%22%3A%22")?.1;
    after.split_once("%22").map(|(number, _)| number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_number_is_read_out_of_the_link() {
        let link = "http://127.0.0.1/gateway.do?biz_content=%7B%22out_trade_no%22%3A%22ab12%22%2C%22a%22%3A1%7D";
        assert_eq!(number_in(link), Some("ab12"));
        assert_eq!(number_in("http://127.0.0.1/"), None);
    }
}
