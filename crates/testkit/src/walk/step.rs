//! One step of a walk.

use super::course::Walk;
use super::plan::Deed;
use crate::forger::{Claim, Lie, hasty_return, lying_notice};
use crate::invariants::{Facts, Order};
use crate::net::{Answer, Rates};
use crate::people::{Bought, Manner};
use crate::world::{BUYER, COURSES, MERCHANT, POOR_BUYER, WorldError};
use kernel::time::{DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS};
use money::Fen;

impl Walk {
    /// Lets one thing happen. A service that refuses or is down is part of the game.
    pub(super) async fn step(&mut self) -> Result<(), WorldError> {
        match Deed::draw(self.world.rng()) {
            Deed::Buy => self.buy().await,
            Deed::Open => self.open().await,
            Deed::Pay => self.pay().await,
            Deed::PayAgain => self.pay_again().await,
            Deed::Attempt => self.attempt().await?,
            Deed::PayTwice => self.pay_twice().await?,
            Deed::Cancel => self.cancel().await,
            Deed::Close => self.close().await?,
            Deed::Refund => self.refund().await?,
            Deed::Return => self.hasty_return().await?,
            Deed::Lie => self.lie().await?,
            Deed::LateMoney => self.late_money().await?,
            Deed::Wait => self.wait().await?,
            Deed::Weather => self.weather(),
            Deed::Restart => {
                self.world.tell("merchant and shop are started again");
                self.world.restart().await?;
            }
        }
        // A worker that lags behind is as good as one that is quick.
        if self.pick(4) > 0 {
            self.world.settle().await?;
        }
        Ok(())
    }

    fn number(&mut self) -> u64 {
        self.numbers += 1;
        self.numbers
    }

    fn keep(&mut self, whose: usize, what: &str, bought: Result<Bought, Answer>) {
        let who = self.learners[whose].username.clone();
        match bought {
            Ok(bought) => {
                self.world
                    .tell(&format!("{who} {what}: {}", bought.out_trade_no));
                self.links.push((whose, bought));
            }
            Err(answer) => {
                let said: String = answer.text().chars().take(120).collect();
                self.world
                    .tell(&format!("{who} {what}: refused, {} {said}", answer.status));
            }
        }
    }

    async fn buy(&mut self) {
        let whose = self.pick(self.learners.len());
        let mut wanted = Vec::new();
        for _ in 0..=self.pick(2) {
            let course = self.courses[self.pick(self.courses.len())];
            if !wanted.contains(&course) {
                wanted.push(course);
            }
        }
        let manner = Manner {
            course_list: self.pick(2) == 0,
            phone: self.pick(3) == 0,
        };
        let bought = self.learners[whose].buy(&self.world, &wanted, manner).await;
        if let Ok(bought) = bought {
            self.keep(whose, &format!("buys {wanted:?} {manner:?}"), bought);
        }
    }

    /// Mostly one of the latest links, sometimes an old one.
    fn some_link(&self) -> Option<(usize, Bought)> {
        let count = self.links.len();
        let latest = count.min(4);
        let index = match count {
            0 => return None,
            _ if self.pick(3) > 0 => count - 1 - self.pick(latest),
            _ => self.pick(count),
        };
        self.links.get(index).cloned()
    }

    async fn open(&mut self) {
        if let Some((_, bought)) = self.some_link() {
            let answer = self.world.open_link(&bought).await;
            let status = answer.map(|answer| answer.map(|answer| answer.status));
            self.world.tell(&format!(
                "a buyer opens {}: {status:?}",
                bought.out_trade_no
            ));
        }
    }

    async fn pay(&mut self) {
        if let Some((_, bought)) = self.some_link() {
            self.pay_by(&bought).await;
        }
    }

    async fn pay_by(&self, bought: &Bought) {
        let buyer = if self.pick(12) == 0 {
            POOR_BUYER
        } else {
            BUYER
        };
        let answer = self.world.pay(bought, buyer).await;
        let status = answer.map(|answer| {
            (
                answer.status,
                answer.text().chars().take(90).collect::<String>(),
            )
        });
        self.world
            .tell(&format!("{buyer} pays {}: {status:?}", bought.out_trade_no));
    }

    async fn pay_again(&mut self) {
        let Some((whose, bought)) = self.some_link() else {
            return;
        };
        let phone = self.pick(2) == 0;
        let learner = self.learners[whose].clone();
        let again = learner
            .pay_again(&self.world, bought.order_no(), phone)
            .await;
        if let Ok(again) = again {
            self.keep(
                whose,
                &format!("asks for another link for {}", bought.order_no()),
                again,
            );
        }
    }

    /// The merchant's own page offers another way to pay, a QR code perhaps.
    async fn attempt(&mut self) -> Result<(), WorldError> {
        let facts = self.world.facts().await?;
        let Some((order_id, order)) = self.some_order(&facts, Order::is_pending) else {
            return Ok(());
        };
        let product = ["page", "wap", "qr"][self.pick(3)];
        let key = format!("attempt-{}", self.number());
        let attempt = self.world.attempt(order_id, product, &key).await;
        let mut owners = self.links.iter();
        let owner = owners.find(|(_, bought)| bought.order_no() == order.merchant_order_no);
        let whose = owner.map_or(0, |(whose, _)| *whose);
        if let Ok(attempt) = attempt {
            self.keep(
                whose,
                &format!("is offered {product} for {order_id}"),
                attempt,
            );
        }
        Ok(())
    }

    /// An impatient buyer pays by two links of one order, before anybody hears of either.
    async fn pay_twice(&mut self) -> Result<(), WorldError> {
        self.attempt().await?;
        let Some((_, latest)) = self.links.last().cloned() else {
            return Ok(());
        };
        let order_no = latest.order_no().to_owned();
        let mut same = self
            .links
            .iter()
            .filter(|(_, link)| link.order_no() == order_no);
        if let Some((_, first)) = same.next().cloned() {
            self.pay_by(&first).await;
            if first.out_trade_no != latest.out_trade_no {
                self.pay_by(&latest).await;
            }
        }
        Ok(())
    }

    async fn cancel(&mut self) {
        let Some((whose, bought)) = self.some_link() else {
            return;
        };
        let learner = self.learners[whose].clone();
        let answer = learner.cancel(&self.world, bought.order_no()).await;
        let status = answer.map(|answer| answer.status);
        self.world.tell(&format!(
            "{} cancels {}: {status:?}",
            learner.username, bought.out_trade_no
        ));
    }

    fn some_order<'a>(
        &self,
        facts: &'a Facts,
        wanted: impl Fn(&Order) -> bool,
    ) -> Option<(&'a String, &'a Order)> {
        let found: Vec<_> = facts
            .orders
            .iter()
            .filter(|(_, order)| wanted(order))
            .collect();
        if found.is_empty() {
            None
        } else {
            Some(found[self.pick(found.len())])
        }
    }

    async fn close(&mut self) -> Result<(), WorldError> {
        let facts = self.world.facts().await?;
        let Some((order_id, _)) = self.some_order(&facts, Order::is_pending) else {
            return Ok(());
        };
        let key = format!("close-{}", self.number());
        let answer = self.world.close(order_id, &key).await;
        let status = answer.map(|answer| answer.status);
        self.world
            .tell(&format!("the merchant closes {order_id}: {status:?}"));
        Ok(())
    }

    async fn refund(&mut self) -> Result<(), WorldError> {
        let facts = self.world.facts().await?;
        let Some((order_id, order)) = self.some_order(&facts, |order| order.paid > 0) else {
            return Ok(());
        };
        // All of it, a part, or more than there is.
        let fen = match self.pick(4) {
            0 => order.paid,
            1 => order.paid + 1,
            _ => 1 + i64::try_from(self.world.rng().below(order.paid.unsigned_abs()))?,
        };
        let refund_no = format!("R{}", self.number());
        let answer = self.world.refund(order_id, &refund_no, fen).await;
        let status = answer.map(|answer| answer.status);
        self.world.tell(&format!(
            "the merchant refunds {fen} fen of {order_id}: {status:?}"
        ));
        // A clerk who gets no clear answer asks again, with the same number.
        if self.pick(2) == 0 {
            let again = self.world.refund(order_id, &refund_no, fen).await;
            let status = again.map(|answer| answer.status);
            self.world
                .tell(&format!("the merchant repeats that refund: {status:?}"));
        }
        Ok(())
    }

    fn claim(&mut self, order: &Order) -> Claim {
        Claim {
            out_trade_no: order.merchant_order_no.clone(),
            amount: Fen::new(order.amount),
            notify_id: format!("lie{:028}", self.number()),
        }
    }

    async fn hasty_return(&mut self) -> Result<(), WorldError> {
        let facts = self.world.facts().await?;
        let found = self
            .some_order(&facts, Order::is_pending)
            .map(|(_, order)| order.clone());
        let Some(order) = found else { return Ok(()) };
        let claim = self.claim(&order);
        let query = hasty_return(&claim, self.world.now());
        let learner = &self.learners[self.pick(self.learners.len())];
        let answer = learner.result(&self.world, &query).await;
        let said = answer.map(|answer| (answer.status, answer.text()));
        self.world.tell(&format!(
            "a browser returns for {}: {said:?}",
            claim.out_trade_no
        ));
        Ok(())
    }

    async fn lie(&mut self) -> Result<(), WorldError> {
        let facts = self.world.facts().await?;
        let pending_only = self.pick(3) > 0;
        let found = self.some_order(&facts, |order| order.is_pending() || !pending_only);
        let Some(order) = found.map(|(_, order)| order.clone()) else {
            return Ok(());
        };
        let claim = self.claim(&order);
        let lie = Lie::ALL[self.pick(Lie::ALL.len())];
        let url = if self.pick(2) == 0 {
            format!("{MERCHANT}/notify/alipay")
        } else {
            format!("{COURSES}/order/success/")
        };
        let body = lying_notice(&claim, lie, self.world.now());
        let Ok(answer) = self.world.post_notice(&url, body).await else {
            return Ok(());
        };
        let said = answer.text();
        self.world.tell(&format!(
            "somebody lies ({lie:?}) about {}: {said}",
            claim.out_trade_no
        ));
        if answer.status.is_success() && said == "success" {
            let what = format!(
                "a lie ({lie:?}) about {} was acknowledged",
                claim.out_trade_no
            );
            self.believed.push(what);
        }
        Ok(())
    }

    async fn late_money(&mut self) -> Result<(), WorldError> {
        let facts = self.world.facts().await?;
        let closed = |order: &Order| order.state == "closed";
        if let Some((_, order)) = self.some_order(&facts, closed) {
            let number = order.merchant_order_no.clone();
            if let Some(notice) = self.world.late_money(&number).await? {
                self.world.tell(&format!("late money comes for {number}"));
                self.late.push(notice);
            }
        }
        self.send_late().await;
        Ok(())
    }

    async fn wait(&mut self) -> Result<(), WorldError> {
        let ms = match self.pick(6) {
            0 => 30 * SECOND_MS,
            1 => 5 * MINUTE_MS,
            2 | 3 => 40 * MINUTE_MS,
            4 => 3 * HOUR_MS,
            _ => DAY_MS,
        };
        self.world.advance_ms(ms).await?;
        self.world
            .tell(&format!("{} minutes passed", ms / MINUTE_MS));
        self.send_late().await;
        Ok(())
    }

    fn weather(&self) {
        let rates = |drawn| match drawn {
            0 | 1 => Rates::default(),
            2 => Rates::DOWN,
            _ => Rates::ROUGH,
        };
        let (gateway, notice) = (self.pick(5), self.pick(5));
        self.world.set_weather(rates(gateway), rates(notice));
        let kills = [0, 0, 100][self.pick(3)];
        self.world.set_kills(kills);
        self.world.tell(&format!(
            "weather: gateway {:?}, notices {:?}, {kills} kills in a thousand",
            rates(gateway),
            rates(notice)
        ));
    }
}
