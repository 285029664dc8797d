//! Orders in the sandbox: opened, paid and given back there too, so that a merchant who asks the
//! gateway hears what the notices say; and none of its own notices goes out for them.

use super::examinee::Order;
use super::paper::Told;
use super::sit::{Exam, ExamError};
use crate::app::close_trade::TradeRef;
use crate::app::find_trade::trades_of_number;
use crate::app::fresh::Fresh;
use crate::app::login;
use crate::app::pay_trade::{FundChannel, PayTrade, pay_trade};
use crate::app::refund_trade::{RefundTrade, refund_trade};
use crate::domain::{Trade, TradeId, TradeState};
use crate::gateway::{Opened, open_link};
use crate::store::trades::{self, Key};
use crate::{BuyerSpec, LogonId};
use money::Fen;
use service::i18n::Lang;
use store::StoreError;

/// What goes back in a partial refund. An order costs more, or it would be the whole of it.
pub(super) const BACK: Fen = Fen::new(1);

impl Exam<'_> {
    /// Another order that can be examined; none when there are no more.
    pub(super) async fn next_order(&self) -> Result<Option<Order>, ExamError> {
        let order = self.examinee.order().await.map_err(ExamError::NoOrder)?;
        let Some(order) = order else {
            return Ok(None);
        };
        if order.amount <= BACK {
            return Err(ExamError::NoOrder(format!(
                "{} costs {}; a part of it is given back, so it must cost 0.02 or more",
                order.out_trade_no, order.amount
            )));
        }
        self.open(&order).await?;
        Ok(Some(order))
    }

    /// Opens the order's link as a browser would, and keeps the sandbox's own notices back.
    async fn open(&self, order: &Order) -> Result<(), ExamError> {
        let before = self.trade(order).await?;
        if before.is_some_and(|trade| !waits(&trade)) {
            return Err(over(order));
        }
        if let Some(link) = order.link.as_deref() {
            self.follow(order, link).await?;
        }
        match self.trade(order).await? {
            Some(trade) if waits(&trade) => Ok(self.keep_quiet(&trade.trade_id).await?),
            Some(_) => Err(over(order)),
            None => Ok(()),
        }
    }

    async fn follow(&self, order: &Order, link: &str) -> Result<(), ExamError> {
        let query = link.split_once('?').map_or("", |(_, query)| query);
        match open_link(self.cx, query, Lang::En).await {
            Opened::Landing(_) => Ok(()),
            Opened::NotALink => Err(ExamError::Link(link.chars().take(60).collect())),
            Opened::Refused {
                sub_code,
                sub_msg,
                explain,
            } => Err(ExamError::Refused {
                number: order.out_trade_no.clone(),
                why: explain.unwrap_or(sub_msg),
                advice: if sub_code.starts_with("isv.") {
                    " Configure the back end with the keys and the app_id of this sandbox's sandbox.json."
                } else {
                    ""
                },
            }),
        }
    }

    async fn trade(&self, order: &Order) -> Result<Option<Trade>, StoreError> {
        let app_id = Some(self.pen.app.app_id.as_str());
        let found = trades_of_number(self.cx, &order.out_trade_no, app_id).await?;
        Ok(found.into_iter().next())
    }

    async fn keep_quiet(&self, trade_id: &TradeId) -> Result<(), StoreError> {
        let (trade_id, fresh) = (trade_id.clone(), Fresh::take(self.cx));
        let quiet = self.cx.db().write(move |tx| {
            let (trade_id, now) = (trade_id.clone(), fresh.now);
            Box::pin(async move {
                let Some(mut trade) = trades::lock(tx, Key::Id(&trade_id)).await? else {
                    return Ok::<_, StoreError>(());
                };
                trade.offer.notify_url = None;
                let why = "an exam tells of it instead";
                trades::save(tx, &trade, now, "examined", why).await
            })
        });
        quiet.await
    }

    /// Pays the order in the sandbox where it is known there.
    pub(super) async fn pay(&self, order: Order) -> Result<Told, ExamError> {
        let trade = self.trade(&order).await?;
        let mut told = self.fresh(order);
        let logon_id: Option<LogonId> = BuyerSpec::default_buyer().logon_id.parse().ok();
        let buyer = match logon_id {
            Some(logon_id) => login::find(self.cx, &logon_id).await?,
            None => None,
        };
        let (Some(trade), Some(buyer)) = (trade, buyer) else {
            return Ok(told);
        };
        let wish = PayTrade {
            trade_id: trade.trade_id,
            user_id: buyer.user_id.clone(),
            pay_password: None,
            fund_channel: FundChannel::Balance,
            shown: None,
            signs: true,
        };
        match pay_trade(self.cx, wish).await {
            Ok(paid) => {
                if let Some(born) = paid.born() {
                    told.trade_no.clone_from(&born.trade_no);
                }
                told.buyer_id = buyer.user_id;
                Ok(told)
            }
            Err(error) => Err(ExamError::NotPaid {
                number: told.order.out_trade_no,
                why: error.to_string(),
            }),
        }
    }

    /// Gives a part back in the sandbox, where the order was paid there.
    pub(super) async fn give_back(&self, told: &Told) -> Result<(), ExamError> {
        let Some(trade) = self.trade(&told.order).await? else {
            return Ok(());
        };
        let app = &self.pen.app;
        let wish = RefundTrade {
            wanted: TradeRef {
                app_id: app.app_id.clone(),
                out_trade_no: Some(told.order.out_trade_no.clone()),
                trade_no: None,
            },
            profile: app.profile,
            amount: BACK,
            out_request_no: Some(super::paper::REFUND_NO.to_owned()),
            reason: None,
            back: Vec::new(),
        };
        if trade.payment().is_some()
            && let Err(error) = refund_trade(self.cx, wish).await
        {
            // The notice tells of it all the same; only who asks hears otherwise.
            tracing::warn!("nothing was given back in the sandbox: {error}");
        }
        Ok(())
    }
}

/// Whether it can still be paid.
const fn waits(trade: &Trade) -> bool {
    matches!(trade.state, TradeState::Asked | TradeState::Waiting(_))
}

fn over(order: &Order) -> ExamError {
    ExamError::NoOrder(format!(
        "{} is paid or closed already; give an order that waits for its buyer",
        order.out_trade_no
    ))
}
