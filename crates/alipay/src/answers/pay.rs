//! What payments answer that are neither a page nor a QR code, and cancelling.

use super::read::{answer, item};
use crate::{
    AlipayTime,
    requests::{Cancel, Create, Pay},
    words::words,
};
use money::Fen;

item! {
    /// One source of the money of a payment.
    FundBill {
        /// `ALIPAYACCOUNT` (balance), `BANKCARD`, `PCREDIT` (Huabei), `COUPON`, `POINT`,
        /// `DISCOUNT`, `MCARD`, `MDISCOUNT`, `MCOUPON`, `PCARD`, …
        fund_channel: String,
        /// How much came from it.
        amount: Fen,
        /// How much of that was money.
        real_amount: Option<Fen>,
        /// The kind of card: `DEBIT_CARD`, `CREDIT_CARD`.
        fund_type: Option<String>,
        /// The bank.
        bank_code: Option<String>,
    }
}

item! {
    /// A voucher that was used.
    Voucher {
        /// Its number.
        id: String,
        /// Its name.
        name: Option<String>,
        /// `ALIPAY_FIX_VOUCHER`, `ALIPAY_DISCOUNT_VOUCHER`, `ALIPAY_ITEM_VOUCHER`, …
        r#type: Option<String>,
        /// What it was worth.
        amount: Fen,
        /// The merchant's share of that.
        merchant_contribute: Option<Fen>,
        /// Others' share.
        other_contribute: Option<Fen>,
        /// A remark.
        memo: Option<String>,
        /// The template that it was made from.
        template_id: Option<String>,
        /// What the buyer had paid for it.
        purchase_buyer_contribute: Option<Fen>,
        /// What the merchant had paid towards it.
        purchase_merchant_contribute: Option<Fen>,
        /// What Alipay had paid towards it.
        purchase_ant_contribute: Option<Fen>,
    }
}

answer! {
    /// What `alipay.trade.pay` answers with `10000`. Alipay advises to confirm by a query or the
    /// notice before goods go out. `10003` never becomes one of these: see
    /// [`crate::Why::Accepted`].
    PayResponse of Pay {
        /// Alipay's number.
        trade_no: String,
        /// The merchant's number.
        out_trade_no: String,
        /// What the order is over.
        total_amount: Fen,
        /// What the merchant gets.
        receipt_amount: Option<Fen>,
        /// What the buyer paid.
        buyer_pay_amount: Option<Fen>,
        /// What was paid in points.
        point_amount: Option<Fen>,
        /// What an invoice may be over.
        invoice_amount: Option<Fen>,
        /// When it was paid.
        gmt_payment: Option<AlipayTime>,
        /// Where the money came from.
        fund_bill_list: Vec<FundBill>,
        /// Which vouchers were used.
        voucher_detail_list: Vec<Voucher>,
        /// The buyer's account with most of it starred out.
        buyer_logon_id: Option<String>,
        /// The buyer's number.
        buyer_user_id: Option<String>,
        /// The buyer, as newer applications know them.
        buyer_open_id: Option<String>,
        /// `CORPORATE` or `PRIVATE`.
        buyer_user_type: Option<String>,
        /// The shop's name.
        store_name: Option<String>,
        /// JSON text of the articles that were cheaper.
        discount_goods_detail: Option<String>,
        /// How frozen money was taken: `CREDIT_PREAUTH_PAY`, …
        auth_trade_pay_mode: Option<String>,
        /// The merchant's discount.
        mdiscount_amount: Option<Fen>,
        /// Alipay's discount.
        discount_amount: Option<Fen>,
        /// What is left on the card that paid.
        card_balance: Option<Fen>,
        /// Alipay's fee.
        charge_amount: Option<Fen>,
        /// Which fee that is.
        charge_flags: Option<String>,
        /// The number of the settlement.
        settlement_id: Option<String>,
        /// How a payment that answers early goes on: `ASYNC_DELAY_PAY`, `ASYNC_REALTIME_PAY`, …
        async_payment_mode: Option<String>,
        /// What was paid in advance.
        advance_amount: Option<Fen>,
        /// What was paid by instalments.
        hyb_amount: Option<Fen>,
        /// How credit was used.
        credit_pay_mode: Option<String>,
    }
}

answer! {
    /// What `alipay.trade.create` answers: the trade exists and waits for its buyer.
    CreateResponse of Create {
        /// The merchant's number.
        out_trade_no: String,
        /// Alipay's number, for `my.tradePay`.
        trade_no: String,
    }
}

words! {
    /// What a cancel did.
    CancelAction {
        /// Nobody had paid; the trade is closed.
        Close = "close",
        /// It was paid; all of it went back.
        Refund = "refund",
    }
}

answer! {
    /// What `alipay.trade.cancel` answers.
    CancelResponse of Cancel {
        /// Alipay's number, when there was a trade.
        trade_no: Option<String>,
        /// The merchant's number.
        out_trade_no: Option<String>,
        /// `Y` when the same cancel has to be sent again.
        retry_flag: Option<String>,
        /// What was done; `None` when there was no trade to cancel.
        action: Option<CancelAction>,
        /// When money went back, in some contracts.
        gmt_refund_pay: Option<AlipayTime>,
        /// The number of the refund's settlement, in some contracts.
        refund_settlement_id: Option<String>,
    }
}

impl CancelResponse {
    /// Returns `true` when the same cancel has to be sent again.
    #[must_use]
    pub fn has_to_be_repeated(&self) -> bool {
        self.retry_flag.as_deref() == Some("Y")
    }
}
