//! The many further fields of the trade answers, for those who need them.

use super::{
    FundBill, Item, QueryResponse, RefundQueryResponse, RefundResponse, RoyaltyState, Voucher,
    read::item,
};
use crate::AlipayTime;
use money::Fen;

item! {
    /// Everything that `alipay.trade.query` is documented to answer beside what [`QueryResponse`]
    /// has. Lists come only when `query_options` asked for them.
    QueryDetails {
        /// `SELLER_NOT_RECEIVED` while the money is on its way.
        additional_status: Option<String>,
        /// The currency of the price.
        trans_currency: Option<String>,
        /// The currency of the settlement.
        settle_currency: Option<String>,
        /// How much is settled.
        settle_amount: Option<Fen>,
        /// The currency that the buyer paid in.
        pay_currency: Option<String>,
        /// How much of it.
        pay_amount: Option<Fen>,
        /// The rate from price to settlement, a decimal.
        settle_trans_rate: Option<String>,
        /// The rate from payment to price, a decimal.
        trans_pay_rate: Option<String>,
        /// What the buyer paid; `0.00` in the sandbox.
        buyer_pay_amount: Option<Fen>,
        /// What was paid in points.
        point_amount: Option<Fen>,
        /// What an invoice may be over.
        invoice_amount: Option<Fen>,
        /// What the merchant gets; `0.00` in the sandbox.
        receipt_amount: Option<Fen>,
        /// The merchant's shop.
        store_id: Option<String>,
        /// The till.
        terminal_id: Option<String>,
        /// The shop's name.
        store_name: Option<String>,
        /// The buyer's number.
        buyer_user_id: Option<String>,
        /// The buyer, as newer applications know them.
        buyer_open_id: Option<String>,
        /// `CORPORATE` or `PRIVATE`.
        buyer_user_type: Option<String>,
        /// Where the money came from.
        fund_bill_list: Vec<FundBill>,
        /// Which vouchers were used.
        voucher_detail_list: Vec<Voucher>,
        /// JSON text of the articles that were cheaper.
        discount_goods_detail: Option<String>,
        /// The merchant's discount.
        mdiscount_amount: Option<Fen>,
        /// Alipay's discount.
        discount_amount: Option<Fen>,
        /// How frozen money was taken.
        auth_trade_pay_mode: Option<String>,
        /// As it was sent.
        passback_params: Option<String>,
        /// In which cashier it was paid.
        cashier_type: Option<String>,
        /// The scene of a recurring payment.
        period_scene: Option<String>,
        /// Alipay's fee.
        charge_amount: Option<Fen>,
        /// Which fee that is.
        charge_flags: Option<String>,
        /// The buyer's instalments with Huabei.
        hb_fq_pay_info: Option<HbFqPayInfo>,
        /// JSON text with more, in some contracts.
        ext_infos: Option<String>,
        /// What is settled already.
        trade_settle_info: Option<TradeSettleInfo>,
    }
}

item! {
    /// Instalments with Huabei.
    HbFqPayInfo {
        /// Into how many the buyer divided the payment.
        user_install_num: Option<String>,
    }
}

item! {
    /// What of a payment is settled already.
    TradeSettleInfo {
        /// Each settlement.
        trade_settle_detail_list: Vec<TradeSettleDetail>,
        /// What is not settled yet.
        trade_unsettled_amount: Option<Fen>,
    }
}

item! {
    /// One settlement of a payment.
    TradeSettleDetail {
        /// What was done: `replenish`, `transfer`, …
        operation_type: Option<String>,
        /// Its number.
        operation_serial_no: Option<String>,
        /// When.
        operation_dt: Option<AlipayTime>,
        /// Who gave.
        trans_out: Option<String>,
        /// Who got.
        trans_in: Option<String>,
        /// How much.
        amount: Fen,
    }
}

item! {
    /// Everything that `alipay.trade.refund` is documented to answer beside what
    /// [`RefundResponse`] has.
    RefundDetails {
        /// The buyer's account with most of it starred out.
        buyer_logon_id: Option<String>,
        /// The buyer's number.
        buyer_user_id: Option<String>,
        /// The buyer, as newer applications know them.
        buyer_open_id: Option<String>,
        /// Where the money went.
        refund_detail_item_list: Vec<FundBill>,
        /// What really went back to the buyer, without vouchers.
        send_back_fee: Option<Fen>,
        /// The shop's name.
        store_name: Option<String>,
        /// What the buyer got of this refund.
        present_refund_buyer_amount: Option<Fen>,
        /// What Alipay got of its discount.
        present_refund_discount_amount: Option<Fen>,
        /// What the merchant got of its discount.
        present_refund_mdiscount_amount: Option<Fen>,
        /// What went back of instalments.
        refund_hyb_amount: Option<Fen>,
        /// `true` when it goes back to a bank card, which takes days.
        has_deposit_back: Option<String>,
    }
}

item! {
    /// Everything that `alipay.trade.fastpay.refund.query` is documented to answer beside what
    /// [`RefundQueryResponse`] has.
    RefundQueryDetails {
        /// Alipay's number.
        trade_no: Option<String>,
        /// Why.
        refund_reason: Option<String>,
        /// What the order was over.
        total_amount: Option<Fen>,
        /// Where the money went.
        refund_detail_item_list: Vec<FundBill>,
        /// What really went back to the buyer, without vouchers.
        send_back_fee: Option<Fen>,
        /// What the buyer got of this refund.
        present_refund_buyer_amount: Option<Fen>,
        /// What Alipay got of its discount.
        present_refund_discount_amount: Option<Fen>,
        /// What the merchant got of its discount.
        present_refund_mdiscount_amount: Option<Fen>,
        /// What became of it at the bank.
        deposit_back_info: Option<DepositBackInfo>,
        /// The same of every part, when `query_options` asked for the list.
        deposit_back_info_list: Vec<DepositBackInfo>,
        /// Which shares were taken back.
        refund_royaltys: Vec<RefundRoyalty>,
        /// Why a later refund failed.
        error_code: Option<String>,
    }
}

item! {
    /// A refund on its way to a bank card. When the bank refuses, the money goes to the buyer's
    /// balance.
    DepositBackInfo {
        /// Whether there is one.
        has_deposit_back: Option<String>,
        /// `S` arrived, `F` refused by the bank, `P` on its way.
        dback_status: Option<String>,
        /// How much.
        dback_amount: Option<Fen>,
        /// When the bank said so.
        bank_ack_time: Option<AlipayTime>,
        /// When it should be there.
        est_bank_receipt_time: Option<AlipayTime>,
    }
}

item! {
    /// A share that was taken back.
    RefundRoyalty {
        /// How much.
        refund_amount: Fen,
        /// `transfer` or `replenish`.
        royalty_type: Option<String>,
        /// What came of it.
        result_code: Option<RoyaltyState>,
        /// Who gave it back.
        trans_out: Option<String>,
        /// Their login.
        trans_out_email: Option<String>,
        /// Who got it back.
        trans_in: Option<String>,
        /// Their login.
        trans_in_email: Option<String>,
    }
}

impl QueryResponse {
    /// All further fields.
    ///
    /// # Errors
    /// The name of a list with a broken entry.
    pub fn details(&self) -> Result<QueryDetails, &'static str> {
        QueryDetails::item(&self.node.fields)
    }
}

impl RefundResponse {
    /// All further fields.
    ///
    /// # Errors
    /// The name of a list with a broken entry.
    pub fn details(&self) -> Result<RefundDetails, &'static str> {
        RefundDetails::item(&self.node.fields)
    }
}

impl RefundQueryResponse {
    /// All further fields.
    ///
    /// # Errors
    /// The name of a list with a broken entry.
    pub fn details(&self) -> Result<RefundQueryDetails, &'static str> {
        RefundQueryDetails::item(&self.node.fields)
    }
}
