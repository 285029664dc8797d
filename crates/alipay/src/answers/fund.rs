//! What transfers and accounts answer.

use super::read::{answer, item};
use crate::{
    AlipayTime,
    requests::{AccountQuery, OldTransfer, OldTransferQuery, Transfer, TransferQuery},
    words::words,
};
use money::Fen;

words! {
    /// Where a transfer stands.
    TransferStatus {
        /// It arrived.
        Success = "SUCCESS",
        /// It failed; nothing moved.
        Fail = "FAIL",
        /// It is under way: ask again.
        Dealing = "DEALING",
        /// It came back (a card refused it, for example).
        Refund = "REFUND",
        /// It waits for its payer.
        WaitPay = "WAIT_PAY",
        /// Nobody paid it in time.
        Closed = "CLOSED",
        /// It was made (old transfers).
        Init = "INIT",
        /// Alipay does not know (old transfers): ask again.
        Unknown = "UNKNOWN",
    }
}

impl TransferStatus {
    /// Returns `true` when nothing will change any more. A transfer to a card may still come back
    /// after `SUCCESS`.
    #[must_use]
    pub const fn is_settled(&self) -> bool {
        matches!(
            self,
            Self::Success | Self::Fail | Self::Refund | Self::Closed
        )
    }
}

answer! {
    /// What `alipay.fund.trans.uni.transfer` answers. Look at `status`.
    TransferResponse of Transfer {
        /// The merchant's number.
        out_biz_no: String,
        /// Alipay's number, 32 digits.
        order_id: Option<String>,
        /// Alipay's number of the movement, 32 digits.
        pay_fund_order_id: Option<String>,
        /// Where it stands.
        status: TransferStatus,
        /// When.
        trans_date: Option<AlipayTime>,
        /// How much.
        amount: Option<Fen>,
        /// Where a red packet is opened.
        link: Option<String>,
        /// More about the status.
        sub_status: Option<String>,
        /// The number of the settlement.
        settle_serial_no: Option<String>,
    }
}

answer! {
    /// What `alipay.fund.trans.common.query` answers.
    TransferQueryResponse of TransferQuery {
        /// Alipay's number.
        order_id: Option<String>,
        /// Alipay's number of the movement.
        pay_fund_order_id: Option<String>,
        /// The merchant's number.
        out_biz_no: Option<String>,
        /// How much; only for `SUCCESS`.
        trans_amount: Option<Fen>,
        /// Where it stands.
        status: TransferStatus,
        /// When it was paid.
        pay_date: Option<AlipayTime>,
        /// When it will have arrived.
        arrival_time_end: Option<AlipayTime>,
        /// Alipay's fee.
        order_fee: Option<Fen>,
        /// Why it failed.
        error_code: Option<String>,
        /// The same in words.
        fail_reason: Option<String>,
        /// More about the status.
        sub_status: Option<String>,
        /// Who got it (`2088…`).
        receiver_user_id: Option<String>,
        /// Who got it, as newer applications know them.
        receiver_open_id: Option<String>,
        /// As it was sent.
        passback_params: Option<String>,
    }
}

item! {
    /// A card that stands for an account: money sent to it arrives there.
    ExtCardInfo {
        /// Its number.
        card_no: Option<String>,
        /// Whose it is.
        bank_acc_name: Option<String>,
        /// The bank.
        card_bank: Option<String>,
        /// The bank's branch.
        card_branch: Option<String>,
        /// Where the branch is.
        card_location: Option<String>,
        /// The branch's number for transfers.
        card_deposit: Option<String>,
        /// Whether it can be used.
        status: Option<String>,
    }
}

item! {
    /// The account in its parts.
    AmountDetail {
        /// At Alipay.
        acs: Option<String>,
        /// At the bank.
        bank: Option<String>,
    }
}

answer! {
    /// What `alipay.fund.account.query` answers.
    AccountQueryResponse of AccountQuery {
        /// What can be spent.
        available_amount: Fen,
        /// What is frozen.
        freeze_amount: Option<Fen>,
        /// All of it, at the end of the last day.
        total_amount: Option<Fen>,
        /// The card that stands for the account, when it has one.
        ext_card_info: Option<ExtCardInfo>,
        /// The account in its parts.
        amount_detail: Option<AmountDetail>,
    }
}

answer! {
    /// What `alipay.fund.trans.toaccount.transfer` answers: it was sent.
    OldTransferResponse of OldTransfer {
        /// The merchant's number.
        out_biz_no: String,
        /// Alipay's number.
        order_id: String,
        /// When.
        pay_date: Option<AlipayTime>,
    }
}

answer! {
    /// What `alipay.fund.trans.order.query` answers.
    OldTransferQueryResponse of OldTransferQuery {
        /// Alipay's number.
        order_id: Option<String>,
        /// The merchant's number.
        out_biz_no: Option<String>,
        /// Where it stands.
        status: TransferStatus,
        /// When it was paid.
        pay_date: Option<AlipayTime>,
        /// When it will have arrived.
        arrival_time_end: Option<AlipayTime>,
        /// Alipay's fee.
        order_fee: Option<Fen>,
        /// Why it failed, in words.
        fail_reason: Option<String>,
        /// Why it failed.
        error_code: Option<String>,
    }
}
