//! Bills and the account's own book.

use super::{check::RequestError, shape::request};
use crate::{AlipayTime, words::words};

words! {
    /// Which bill.
    #[derive(Default)]
    BillType {
        /// Payments and refunds, of the acquiring contract.
        #[default]
        Trade = "trade",
        /// Everything that moved on the account.
        SignCustomer = "signcustomer",
        /// Marketing.
        MerchantAct = "merchant_act",
        /// Payments of second-level merchants; needs `smid`.
        TradeZftMerchant = "trade_zft_merchant",
        /// The account in direct mode.
        ZftAcc = "zft_acc",
        /// Merged settlements.
        SettlementMerge = "settlementMerge",
    }
}

request! {
    /// `alipay.data.dataservice.bill.downloadurl.query`: an address from which a bill can be
    /// fetched, **for 30 seconds**. Yesterday's is there by about 09:00, last month's by the 3rd;
    /// today and this month have none, and after six years it is gone.
    BillDownload: "alipay.data.dataservice.bill.downloadurl.query" {
        /// Which bill.
        bill_type: BillType,
        /// A day `yyyy-MM-dd` or a month `yyyy-MM`.
        bill_date: String [15],
        /// The second-level merchant, for their bills.
        smid: Option<String> [20],
        /// Whether the address is to be https.
        secure: Option<bool>,
    }
    also(request) {
        let form = request.bill_date.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        if !form || !matches!(request.bill_date.len(), 7 | 10) {
            return Err(RequestError::Rule("`bill_date` is a day yyyy-MM-dd or a month yyyy-MM"));
        }
        if request.bill_type == BillType::TradeZftMerchant && request.smid.is_none() {
            return Err(RequestError::Rule("`trade_zft_merchant` needs `smid`"));
        }
    }
}

impl BillDownload {
    /// The bill of a day (`yyyy-MM-dd`) or month (`yyyy-MM`).
    #[must_use]
    pub fn new(bill_type: BillType, bill_date: &str) -> Self {
        Self {
            bill_type,
            bill_date: bill_date.to_owned(),
            ..Self::default()
        }
    }
}

request! {
    /// `alipay.data.bill.accountlog.query`: what moved on the account, page by page; at most 31
    /// days, within one year.
    AccountLog: "alipay.data.bill.accountlog.query" {
        /// From then on, `yyyy-MM-dd HH:mm:ss`. Not needed with an order's number.
        start_time: Option<String> [32],
        /// Before then.
        end_time: Option<String> [32],
        /// Only this order, by Alipay's number; not together with the next.
        alipay_order_no: Option<String> [64],
        /// Only this order, by the merchant's number.
        merchant_order_no: Option<String> [64],
        /// Which page, from 1 on.
        page_no: Option<String> [10],
        /// How many on a page, 1000 to 2000; 2000 when absent.
        page_size: Option<String> [10],
        /// Only movements of this code.
        trans_code: Option<String> [128],
        /// Whose account, in some contracts.
        bill_user_id: Option<String> [32],
        /// By which agreement it may be read.
        agreement_no: Option<String> [64],
    }
    also(request) {
        match (&request.alipay_order_no, &request.merchant_order_no) {
            (Some(_), Some(_)) => {
                return Err(RequestError::Rule(
                    "`alipay_order_no` and `merchant_order_no` exclude each other",
                ));
            }
            (None, None) if request.start_time.is_none() || request.end_time.is_none() => {
                return Err(RequestError::OneOf(
                    "an order's number, and `start_time` with `end_time`,",
                ));
            }
            _ => {}
        }
    }
}

impl AccountLog {
    /// From `start` on and before `end`.
    #[must_use]
    pub fn between(start: AlipayTime, end: AlipayTime) -> Self {
        Self {
            start_time: Some(start.to_string()),
            end_time: Some(end.to_string()),
            ..Self::default()
        }
    }

    /// What moved for one order of the merchant's.
    #[must_use]
    pub fn of_merchant_order(merchant_order_no: &str) -> Self {
        Self {
            merchant_order_no: Some(merchant_order_no.to_owned()),
            ..Self::default()
        }
    }

    /// The same question for another page, from 1 on.
    #[must_use]
    pub fn page(mut self, page_no: u32) -> Self {
        self.page_no = Some(page_no.to_string());
        self
    }
}

request! {
    /// `alipay.data.bill.balance.query`: what is on the account.
    Balance: "alipay.data.bill.balance.query" {
        /// Whose account, in some contracts.
        bill_user_id: Option<String> [32],
    }
}
