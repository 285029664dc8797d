//! `alipay.trade.royalty.rate.query`: how much of a trade may be shared out, in hundredths.

use crate::domain::royalty::MOST_PERCENT;
use crate::gateway::biz::invalid_parameter;
use crate::gateway::methods::words::put;
use crate::gateway::methods::{Answered, Call};
use serde_json::Map;

pub(super) fn rate(call: Call<'_>) -> Answered {
    let number = call.biz.required("out_request_no", 32)?;
    let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'_';
    if !number.bytes().all(plain) {
        return Err(invalid_parameter(
            "out_request_no",
            "只能由字母、数字和下划线组成。",
            "consists of letters, digits and _ only.",
        ));
    }
    let mut node = Map::new();
    put(&mut node, "user_id", &*call.caller.app.seller_id);
    put(&mut node, "max_ratio", MOST_PERCENT.to_string());
    Ok((node, call.biz.warnings))
}
