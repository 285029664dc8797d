//! Where trades and refunds do not fit the ledger's transfers.

use ::store::{StoreError, Tx, params};

/// How many differences of one kind are written out.
pub const MOST: i64 = 50;

::store::statements! {
    /// Paid trades without the transfer that paid them, or with another amount.
    UNPAID = "SELECT t.trade_id, t.total_amount, CAST(COALESCE(l.amount, 0) AS BIGINT) AS moved FROM sandbox_trades t LEFT JOIN ledger_transfers l ON l.transfer_id = 'pay:' || t.trade_id WHERE t.paid_at IS NOT NULL AND (l.amount IS NULL OR l.amount <> t.total_amount) ORDER BY t.trade_id LIMIT $1";
    /// Payments of no paid trade, since the last start over. What ought to be is taken away as a whole: a
    /// join by a number that is put together first would look at every pair.
    STRAY = "SELECT s.transfer_id FROM (SELECT transfer_id FROM ledger_transfers WHERE code = 'pay' EXCEPT SELECT 'pay:' || trade_id FROM sandbox_trades WHERE paid_at IS NOT NULL) s WHERE EXISTS (SELECT 1 FROM ledger_postings p WHERE p.transfer_id = s.transfer_id AND p.seq > (SELECT COALESCE(MAX(up_to_seq), 0) FROM sandbox_resets)) ORDER BY s.transfer_id LIMIT $1";
    /// Trades whose refunds do not sum to what they say went back.
    MISREFUNDED = "SELECT t.trade_id, t.refunded, CAST(COALESCE(r.total, 0) AS BIGINT) AS total FROM sandbox_trades t LEFT JOIN (SELECT trade_id, SUM(amount) AS total FROM sandbox_refunds GROUP BY trade_id) r ON r.trade_id = t.trade_id WHERE t.refunded <> COALESCE(r.total, 0) ORDER BY t.trade_id LIMIT $1";
    /// Refunds without their transfer, or with another amount.
    UNREFUNDED = "SELECT r.trade_id, r.out_request_no, r.amount, CAST(COALESCE(l.amount, 0) AS BIGINT) AS moved FROM sandbox_refunds r LEFT JOIN ledger_transfers l ON l.transfer_id = 'refund:' || r.trade_id || ':' || r.out_request_no WHERE l.amount IS NULL OR l.amount <> r.amount ORDER BY r.trade_id LIMIT $1";
    /// Payments that took or gave the money elsewhere than the trade says.
    MISPAID = "SELECT t.trade_id, l.debit, l.credit FROM sandbox_trades t JOIN ledger_transfers l ON l.transfer_id = 'pay:' || t.trade_id WHERE t.paid_at IS NOT NULL AND (l.debit <> CASE t.fund_channel WHEN 'BANKCARD' THEN 'house:bank' WHEN 'PCREDIT' THEN 'house:lender' ELSE 'buyer:' || t.buyer_user_id END OR l.credit <> 'seller:' || t.app_id) ORDER BY t.trade_id LIMIT $1";
    /// Refunds that took or gave the money elsewhere than the trade says.
    MISGIVEN = "SELECT r.trade_id, r.out_request_no, l.debit, l.credit FROM sandbox_refunds r JOIN sandbox_trades t ON t.trade_id = r.trade_id JOIN ledger_transfers l ON l.transfer_id = 'refund:' || r.trade_id || ':' || r.out_request_no WHERE l.debit <> 'seller:' || t.app_id OR l.credit <> CASE t.fund_channel WHEN 'BANKCARD' THEN 'house:bank' WHEN 'PCREDIT' THEN 'house:lender' ELSE 'buyer:' || t.buyer_user_id END ORDER BY r.trade_id, r.out_request_no LIMIT $1";
    /// Transfers for refunds that nobody knows of, since the last start over.
    STRAY_REFUND = "SELECT s.transfer_id FROM (SELECT transfer_id FROM ledger_transfers WHERE code = 'refund' EXCEPT SELECT 'refund:' || trade_id || ':' || out_request_no FROM sandbox_refunds) s WHERE EXISTS (SELECT 1 FROM ledger_postings p WHERE p.transfer_id = s.transfer_id AND p.seq > (SELECT COALESCE(MAX(up_to_seq), 0) FROM sandbox_resets)) ORDER BY s.transfer_id LIMIT $1";
}

/// What differs, in words.
///
/// # Errors
/// What the engine said.
pub async fn differences(tx: &mut Tx<'_>) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    for row in tx.query(&UNPAID, &params![MOST]).await? {
        found.push(format!(
            "trade {} was paid with {} fen, but the ledger moved {}",
            row.text("trade_id")?,
            row.int("total_amount")?,
            row.int("moved")?
        ));
    }
    for row in tx.query(&STRAY, &params![MOST]).await? {
        let transfer_id = row.text("transfer_id")?;
        found.push(format!("transfer {transfer_id} pays no paid trade"));
    }
    for row in tx.query(&MISREFUNDED, &params![MOST]).await? {
        found.push(format!(
            "trade {} says {} fen went back, its refunds say {}",
            row.text("trade_id")?,
            row.int("refunded")?,
            row.int("total")?
        ));
    }
    for row in tx.query(&UNREFUNDED, &params![MOST]).await? {
        found.push(format!(
            "refund {} of trade {} is {} fen, but the ledger moved {}",
            row.text("out_request_no")?,
            row.text("trade_id")?,
            row.int("amount")?,
            row.int("moved")?
        ));
    }
    for row in tx.query(&MISPAID, &params![MOST]).await? {
        found.push(format!(
            "the payment of trade {} went from {} to {}, and the trade says otherwise",
            row.text("trade_id")?,
            row.text("debit")?,
            row.text("credit")?
        ));
    }
    for row in tx.query(&MISGIVEN, &params![MOST]).await? {
        found.push(format!(
            "refund {} of trade {} went from {} to {}, and the trade says otherwise",
            row.text("out_request_no")?,
            row.text("trade_id")?,
            row.text("debit")?,
            row.text("credit")?
        ));
    }
    for row in tx.query(&STRAY_REFUND, &params![MOST]).await? {
        let transfer_id = row.text("transfer_id")?;
        found.push(format!("transfer {transfer_id} is of no refund"));
    }
    Ok(found)
}
