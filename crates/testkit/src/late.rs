//! Money that arrives after Alipay had said that a trade is closed: a bank was slow.

use crate::forger::{Claim, genuine_notice};
use crate::keys::Keys;
use crate::net::{Link, Request};
use crate::world::{BUYER, COURSES, World};
use kernel::Timestamp;
use ledger::{Kind, NewTransfer};
use money::Fen;
use sandbox::domain::account::buyer_account;
use sandbox::domain::app::seller_account;
use store::{StoreError, params};

store::statements! {
    /// A trade that was closed without money.
    FIND_CLOSED = "SELECT trade_id, total_amount, notify_url FROM sandbox_trades
        WHERE app_id = $1 AND out_trade_no = $2 AND state = 'closed' AND paid_at IS NULL";
    /// The buyer who pays.
    FIND_BUYER = "SELECT user_id FROM sandbox_accounts WHERE logon_id = $1";
    /// The trade is paid after all.
    PAY_AFTER_ALL = "UPDATE sandbox_trades SET state = 'paid', paid_at = $2, buyer_user_id = $3,
            buyer_logon_id = 'buy***@sandbox.com', fund_channel = 'ALIPAYACCOUNT',
            close_reason = NULL, ended_at = NULL, version = version + 1
        WHERE trade_id = $1";
}

/// A notice of late money that was not acknowledged yet.
#[derive(Clone, Debug)]
pub struct LateNotice(Request);

impl World {
    /// Lets money arrive for a closed trade; `None` when there is no such trade.
    ///
    /// # Errors
    /// When the sandbox's database fails.
    pub async fn late_money(&self, out_trade_no: &str) -> Result<Option<LateNotice>, StoreError> {
        let now = self.now();
        let number = out_trade_no.to_owned();
        let [sandbox, _, _] = self.databases();
        let moved = sandbox
            .write(move |tx| {
                let number = number.clone();
                Box::pin(async move { move_money(tx, &number, now).await })
            })
            .await?;
        Ok(moved.map(|(amount, url)| {
            let claim = Claim {
                out_trade_no: out_trade_no.to_owned(),
                amount,
                notify_id: format!("late{out_trade_no}"),
            };
            let url = url.unwrap_or_else(|| format!("{COURSES}/order/success/"));
            LateNotice(Request::form(&url, genuine_notice(&claim, now)))
        }))
    }

    /// Sends a late notice over the network; `true` when it was acknowledged.
    pub async fn send_late(&self, notice: &LateNotice) -> bool {
        let answer = self.network().exchange(Link::Notice, &notice.0).await;
        answer.is_ok_and(|answer| answer.body == b"success")
    }
}

async fn move_money(
    tx: &mut store::Tx<'_>,
    number: &str,
    now: Timestamp,
) -> Result<Option<(Fen, Option<String>)>, StoreError> {
    let app_id = Keys::of_process().courses.app_id;
    let Some(trade) = tx.query_opt(&FIND_CLOSED, &params![app_id, number]).await? else {
        return Ok(None);
    };
    let trade_id = trade.text("trade_id")?;
    let amount = Fen::new(trade.int("total_amount")?);
    let buyer = tx.query_one(&FIND_BUYER, &params![BUYER]).await?;
    let user_id = buyer.text("user_id")?;
    let transfer = NewTransfer {
        transfer_id: format!("pay:{trade_id}"),
        debit: buyer_account(user_id),
        credit: seller_account(app_id),
        amount,
        code: "pay",
        memo: "late".to_owned(),
        kind: Kind::Posted,
    };
    if !ledger::transfer(tx, &transfer, now).await?.is_done() {
        return Ok(None);
    }
    tx.execute_one(&PAY_AFTER_ALL, &params![trade_id, now, user_id])
        .await?;
    Ok(Some((
        amount,
        trade.opt_text("notify_url")?.map(str::to_owned),
    )))
}
