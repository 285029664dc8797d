//! Alipay's own errors: one table of codes and words, and the value that carries one of them.

use super::explain::Explain;
use serde_json::{Map, Value};

/// One error of the gateway or of the business behind it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SubCode {
    /// The gateway's code, five digits.
    pub code: &'static str,
    /// What went wrong exactly.
    pub sub_code: &'static str,
    /// The same in Alipay's words.
    pub sub_msg: &'static str,
}

impl SubCode {
    /// The words that go with the code.
    #[must_use]
    pub fn msg(self) -> &'static str {
        match self.code {
            "20000" => "Service Currently Unavailable",
            "40001" => "Missing Required Arguments",
            "40002" => "Invalid Arguments",
            "40004" => "Business Failed",
            _ => "Success",
        }
    }
}

macro_rules! sub_codes {
    ($($name:ident = $code:literal $sub_code:literal $sub_msg:literal;)+) => {
        $(pub(crate) const $name: SubCode = SubCode {
            code: $code,
            sub_code: $sub_code,
            sub_msg: $sub_msg,
        };)+

        /// Every error that the sandbox answers, for documents and tests.
        pub const SUB_CODES: &[SubCode] = &[$($name),+];
    };
}

sub_codes! {
    UNKNOWN_ERROR = "20000" "aop.unknow-error" "服务暂不可用（网关自身的未知错误）";
    MISSING_METHOD = "40001" "isv.missing-method" "缺少方法名参数";
    MISSING_SIGNATURE = "40001" "isv.missing-signature" "缺少签名参数";
    MISSING_SIGN_TYPE = "40001" "isv.missing-signature-type" "缺少签名类型参数";
    MISSING_APP_ID = "40001" "isv.missing-app-id" "缺少appId参数";
    MISSING_TIMESTAMP = "40001" "isv.missing-timestamp" "缺少时间戳参数";
    MISSING_VERSION = "40001" "isv.missing-version" "缺少版本参数";
    INVALID_ARGUMENT = "40002" "isv.invalid-parameter" "参数无效";
    INVALID_METHOD = "40002" "isv.invalid-method" "不存在的方法名";
    INVALID_FORMAT = "40002" "isv.invalid-format" "无效的数据格式";
    INVALID_SIGN_TYPE = "40002" "isv.invalid-signature-type" "无效的签名类型";
    INVALID_SIGNATURE = "40002" "isv.invalid-signature" "验签出错，建议检查签名字符串或签名私钥与应用公钥是否匹配";
    INVALID_APP_ID = "40002" "isv.invalid-app-id" "无效的AppID参数";
    INVALID_TIMESTAMP = "40002" "isv.invalid-timestamp" "非法的时间戳参数";
    INVALID_CHARSET = "40002" "isv.invalid-charset" "字符集错误";
    INVALID_ENCRYPT_TYPE = "40002" "isv.invalid-encrypt-type" "无效的加密类型";
    INVALID_CONTENT_TYPE = "40002" "isv.invalid-content-type" "无效的Content-Type";
    ILLEGAL_JSON = "40002" "isv.illegal-json" "非法的JSON格式";
    SYSTEM_ERROR = "40004" "ACQ.SYSTEM_ERROR" "系统错误";
    INVALID_PARAMETER = "40004" "ACQ.INVALID_PARAMETER" "参数无效";
    TOTAL_FEE_EXCEED = "40004" "ACQ.TOTAL_FEE_EXCEED" "订单总金额不在允许范围内";
    CONTEXT_INCONSISTENT = "40004" "ACQ.CONTEXT_INCONSISTENT" "交易信息被篡改";
    TRADE_HAS_SUCCESS = "40004" "ACQ.TRADE_HAS_SUCCESS" "交易已被支付";
    TRADE_HAS_CLOSE = "40004" "ACQ.TRADE_HAS_CLOSE" "交易已经关闭";
    TRADE_NOT_EXIST = "40004" "ACQ.TRADE_NOT_EXIST" "交易不存在";
    TRADE_STATUS_ERROR = "40004" "ACQ.TRADE_STATUS_ERROR" "交易状态不合法";
    TRADE_HAS_FINISHED = "40004" "ACQ.TRADE_HAS_FINISHED" "交易已完结";
    TRADE_EXPIRED = "40004" "ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR" "当前时间已超过允许支付的时间";
    INVALID_RECEIVE_ACCOUNT = "40004" "ACQ.INVALID_RECEIVE_ACCOUNT" "卖家不在设置的收款账户列表之中";
    SELLER_BALANCE_NOT_ENOUGH = "40004" "ACQ.SELLER_BALANCE_NOT_ENOUGH" "卖家余额不足";
    REFUND_AMT_NOT_EQUAL_TOTAL = "40004" "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL" "退款金额超限";
    REFUND_FEE_ERR = "40004" "ACQ.REASON_TRADE_REFUND_FEE_ERR" "退款金额无效";
    DISCORDANT_REPEAT_REQUEST = "40004" "ACQ.DISCORDANT_REPEAT_REQUEST" "不一致的请求";
}

/// An error on its way to the caller.
#[derive(Clone, Debug)]
pub(crate) struct Fault {
    pub(crate) what: SubCode,
    /// Alipay's words, sometimes with a detail behind them.
    pub(crate) sub_msg: String,
    /// In words what to change.
    pub(crate) explain: Explain,
    /// Ordinary fields that come along.
    pub(crate) fields: Map<String, Value>,
    /// What was verified, when it came so far.
    pub(crate) signed_text: Option<String>,
}

impl Fault {
    pub(crate) fn new(what: SubCode, zh: impl Into<String>, en: impl Into<String>) -> Self {
        Self {
            what,
            sub_msg: what.sub_msg.to_owned(),
            explain: Explain::new(zh, en),
            fields: Map::new(),
            signed_text: None,
        }
    }

    pub(crate) fn sub_msg(mut self, words: String) -> Self {
        self.sub_msg = words;
        self
    }

    pub(crate) fn field(mut self, name: &str, value: &str) -> Self {
        self.fields.insert(name.to_owned(), value.into());
        self
    }

    /// The database failed: nobody knows what became of the call.
    pub(crate) fn broken(error: &store::StoreError) -> Self {
        tracing::error!(error = %error, "A gateway call failed");
        Self::new(
            UNKNOWN_ERROR,
            "沙箱内部出错，详见沙箱日志；结果未知，请用同样的参数重试或查询。",
            "The sandbox failed, see its log. The outcome is unknown: query, or try again with the same parameters.",
        )
    }
}

impl From<store::StoreError> for Fault {
    fn from(error: store::StoreError) -> Self {
        Self::broken(&error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_error_stands_once() {
        let names: HashSet<_> = SUB_CODES.iter().map(|code| code.sub_code).collect();
        assert_eq!(names.len(), SUB_CODES.len());
        assert!(SUB_CODES.iter().all(|code| code.msg() != "Success"));
    }
}
