//! What settling and its relations answer.

use super::read::{answer, item};
use crate::{
    AlipayTime,
    requests::{
        AccountType, OrderinfoSync, RateQuery, RelationBind, RelationQuery, RelationUnbind, Settle,
        SettleQuery,
    },
    words::words,
};
use money::Fen;

answer! {
    /// What `alipay.trade.order.settle` answers.
    SettleResponse of Settle {
        /// Alipay's number of the payment.
        trade_no: String,
        /// Alipay's number of the settlement.
        settle_no: Option<String>,
    }
}

words! {
    /// Where a share stands.
    RoyaltyState {
        /// It went.
        Success = "SUCCESS",
        /// It did not; see `error_code`.
        Fail = "FAIL",
        /// It is under way.
        Processing = "PROCESSING",
    }
}

item! {
    /// One share of a payment, and what came of it.
    RoyaltyDetail {
        /// `transfer`, `transfer_refund`, `replenish` or `replenish_refund`.
        operation_type: String,
        /// When.
        execute_dt: Option<AlipayTime>,
        /// Who gave.
        trans_out: Option<String>,
        /// What `trans_out` is.
        trans_out_type: Option<AccountType>,
        /// Who gave, as newer applications know them.
        trans_out_open_id: Option<String>,
        /// Who got.
        trans_in: Option<String>,
        /// What `trans_in` is.
        trans_in_type: Option<AccountType>,
        /// Who got, as newer applications know them.
        trans_in_open_id: Option<String>,
        /// How much.
        amount: Fen,
        /// What came of it.
        state: RoyaltyState,
        /// Its number.
        detail_id: Option<String>,
        /// Why it failed.
        error_code: Option<String>,
        /// The same in words.
        error_desc: Option<String>,
    }
}

answer! {
    /// What `alipay.trade.order.settle.query` answers.
    SettleQueryResponse of SettleQuery {
        /// The number under which it was asked for.
        out_request_no: Option<String>,
        /// When.
        operation_dt: Option<AlipayTime>,
        /// The shares, each with its own state.
        royalty_detail_list: Vec<RoyaltyDetail>,
    }
}

words! {
    /// Whether relations were changed.
    ResultCode {
        /// All of them.
        Success = "SUCCESS",
        /// None.
        Fail = "FAIL",
    }
}

answer! {
    /// What `alipay.trade.royalty.relation.bind` answers.
    RelationBindResponse of RelationBind {
        /// Whether it was done.
        result_code: ResultCode,
    }
}

answer! {
    /// What `alipay.trade.royalty.relation.unbind` answers.
    RelationUnbindResponse of RelationUnbind {
        /// Whether it was done.
        result_code: ResultCode,
    }
}

item! {
    /// One who may get shares.
    BoundReceiver {
        /// What `account` is.
        r#type: Option<AccountType>,
        /// The account.
        account: Option<String>,
        /// The account, as newer applications know it.
        account_open_id: Option<String>,
        /// The account's name.
        name: Option<String>,
        /// Why they are bound.
        memo: Option<String>,
        /// The account's login today.
        login_name: Option<String>,
        /// Its login when it was bound.
        bind_login_name: Option<String>,
    }
}

answer! {
    /// What `alipay.trade.royalty.relation.batchquery` answers: one page.
    RelationQueryResponse of RelationQuery {
        /// Whether it was done.
        result_code: ResultCode,
        /// Who may get shares.
        receiver_list: Vec<BoundReceiver>,
        /// How many pages there are.
        total_page_num: Option<u64>,
        /// How many receivers there are.
        total_record_num: Option<u64>,
        /// Which page this is.
        current_page_num: Option<u64>,
        /// How many are on it.
        current_page_size: Option<u64>,
    }
}

answer! {
    /// What `alipay.trade.royalty.rate.query` answers.
    RateQueryResponse of RateQuery {
        /// Whose contract it is (`2088…`).
        user_id: Option<String>,
        /// How many hundredths of a payment may be shared at most.
        max_ratio: Option<u64>,
    }
}

answer! {
    /// What `alipay.trade.orderinfo.sync` answers.
    OrderinfoSyncResponse of OrderinfoSync {
        /// Alipay's number of the payment.
        trade_no: String,
        /// The merchant's number.
        out_trade_no: Option<String>,
        /// The buyer's number.
        buyer_user_id: Option<String>,
        /// The buyer, as newer applications know them.
        buyer_open_id: Option<String>,
    }
}
