//! The fields of the methods of bills (4.12).

use super::field::{Document, Field, own, text, truth};
use crate::gateway::errors::SubCode;
use crate::gateway::errors::bill::{BILL_INVALID_PARAMETER, INVAILID_ARGUMENTS};

const fn of(
    method: &'static str,
    invalid: SubCode,
    parts: &'static [&'static [Field]],
) -> Document {
    Document {
        method,
        invalid,
        parts,
    }
}

const FILE: &[Field] = &[
    own("bill_type"),
    own("bill_date"),
    text("smid", 20),
    truth("secure"),
];

const LOG: &[Field] = &[
    own("start_time"),
    own("end_time"),
    own("alipay_order_no"),
    own("merchant_order_no"),
    own("page_no"),
    own("page_size"),
    text("trans_code", 64),
    text("bill_user_id", 32),
    text("agreement_no", 64),
];

pub(super) const ALL: &[Document] = &[
    of(
        "alipay.data.dataservice.bill.downloadurl.query",
        INVAILID_ARGUMENTS,
        &[FILE],
    ),
    of(
        "alipay.data.bill.accountlog.query",
        BILL_INVALID_PARAMETER,
        &[LOG],
    ),
    of(
        "alipay.data.bill.balance.query",
        BILL_INVALID_PARAMETER,
        &[&[text("bill_user_id", 32)]],
    ),
];
