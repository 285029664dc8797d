//! What asking for bills and the account's book answers.

use super::read::{answer, item};
use crate::{
    AlipayTime, Secret,
    requests::{AccountLog, Balance, BillDownload},
};
use money::Fen;

answer! {
    /// What `alipay.data.dataservice.bill.downloadurl.query` answers.
    BillDownloadResponse of BillDownload {
        /// Where the bill is, for 30 seconds. Whoever has the address has the bill.
        bill_download_url: Secret,
        /// `EMPTY_DATA_WITH_BILL_FILE` when the bill is there and has no lines.
        bill_file_code: Option<String>,
    }
}

impl BillDownloadResponse {
    /// Returns `true` when the bill is there and has no lines.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.bill_file_code.as_deref() == Some("EMPTY_DATA_WITH_BILL_FILE")
    }
}

item! {
    /// One movement on the account.
    AccountLogItem {
        /// When.
        trans_dt: AlipayTime,
        /// Its number.
        account_log_id: String,
        /// Alipay's number of the order.
        alipay_order_no: Option<String>,
        /// The merchant's number of the order.
        merchant_order_no: Option<String>,
        /// How much.
        trans_amount: Fen,
        /// What was on the account after it.
        balance: Option<Fen>,
        /// What kind of movement: `交易`, `转账`, `收费`, …
        r#type: Option<String>,
        /// The other account.
        other_account: Option<String>,
        /// A remark.
        trans_memo: Option<String>,
        /// `收入` (in) or `支出` (out).
        direction: Option<String>,
        /// Which product it came from.
        bill_source: Option<String>,
        /// Numbers of the business.
        biz_nos: Option<String>,
        /// The business before that.
        biz_orig_no: Option<String>,
        /// What it was for.
        biz_desc: Option<String>,
        /// The merchant's number of the refund.
        merchant_out_refund_no: Option<String>,
        /// More about it.
        complement_info: Option<String>,
        /// The shop's name.
        store_name: Option<String>,
    }
}

answer! {
    /// What `alipay.data.bill.accountlog.query` answers: one page.
    AccountLogResponse of AccountLog {
        /// Which page this is.
        page_no: Option<u64>,
        /// How many fit on a page.
        page_size: Option<u64>,
        /// How many movements there are.
        total_size: Option<u64>,
        /// The movements of this page.
        detail_list: Vec<AccountLogItem>,
    }
}

answer! {
    /// What `alipay.data.bill.balance.query` answers.
    BalanceResponse of Balance {
        /// All of it.
        total_amount: Option<Fen>,
        /// What can be spent.
        available_amount: Fen,
        /// What is frozen.
        freeze_amount: Option<Fen>,
        /// What is not settled yet.
        settle_amount: Option<Fen>,
    }
}
