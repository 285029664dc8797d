//! The fields of the methods of shares (4.11).

use super::field::{ANY, Document, Field, each, object, own, text, truth, whole};
use crate::gateway::errors::royalty::ROYALTY_INVALID_PARAMETER;
use crate::gateway::errors::trade::INVALID_PARAMETER;

const SHARE: &[Field] = &[
    own("royalty_type"),
    own("trans_out"),
    own("trans_out_type"),
    own("trans_in"),
    own("trans_in_type"),
    own("amount"),
    whole("amount_percentage", 1, 100),
    own("desc"),
    text("royalty_scene", ANY),
    text("trans_in_name", ANY),
];

/// How many shares the table looks at; the method says how many there may be.
const MOST_SHARES: usize = 1_000;

const SETTLE: &[Field] = &[
    own("out_request_no"),
    own("trade_no"),
    own("royalty_mode"),
    text("operator_id", 64),
    each("royalty_parameters", MOST_SHARES, SHARE),
    object(
        "extend_params",
        &[truth("royalty_finish"), text("royalty_finish_amount", 16)],
    ),
];

const RECEIVER: &[Field] = &[
    own("type"),
    own("account"),
    own("account_open_id"),
    own("name"),
    own("memo"),
    text("login_name", 128),
    text("bind_login_name", 128),
];

const RECEIVERS: &[Field] = &[
    own("out_request_no"),
    each("receiver_list", MOST_SHARES, RECEIVER),
];

pub(super) const ALL: &[Document] = &[
    Document {
        method: "alipay.trade.order.settle",
        invalid: INVALID_PARAMETER,
        parts: &[SETTLE],
    },
    Document {
        method: "alipay.trade.order.settle.query",
        invalid: ROYALTY_INVALID_PARAMETER,
        parts: &[&[own("settle_no"), own("out_request_no"), own("trade_no")]],
    },
    Document {
        method: "alipay.trade.royalty.relation.bind",
        invalid: ROYALTY_INVALID_PARAMETER,
        parts: &[RECEIVERS],
    },
    Document {
        method: "alipay.trade.royalty.relation.unbind",
        invalid: ROYALTY_INVALID_PARAMETER,
        parts: &[RECEIVERS],
    },
    Document {
        method: "alipay.trade.royalty.relation.batchquery",
        invalid: ROYALTY_INVALID_PARAMETER,
        parts: &[&[own("out_request_no"), own("page_num"), own("page_size")]],
    },
    Document {
        method: "alipay.trade.royalty.rate.query",
        invalid: ROYALTY_INVALID_PARAMETER,
        parts: &[&[own("out_request_no")]],
    },
];
