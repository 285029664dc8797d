//! Alipay's codes: what they are called, what they say, and what they mean for a caller.
//!
//! Codes that are not in this table exist (Alipay adds some every year) and are handled: every
//! error of this crate keeps them as text.

/// Codes of the gateway itself: raised before or beside the business, so money never moved.
///
/// `40004` (business failed) is not one of them; neither is `20000` (nobody knows).
pub const GATEWAY_CODES: &[&str] = &["20001", "40001", "40002", "40003", "40005", "40006"];

/// The word that stands in `msg` beside each code.
pub const MESSAGES: &[(&str, &str)] = &[
    ("10000", "Success"),
    // The space in front is Alipay's.
    ("10003", " order success pay inprocess"),
    ("20000", "Service Currently Unavailable"),
    ("20001", "Insufficient Token Permissions"),
    ("40001", "Missing Required Arguments"),
    ("40002", "Invalid Arguments"),
    ("40003", "Insufficient Conditions"),
    ("40004", "Business Failed"),
    ("40005", "Call Limited"),
    ("40006", "Permission Denied"),
];

/// A `sub_code` that is known.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct SubCode {
    /// The code it comes with.
    pub code: &'static str,
    /// Itself: `ACQ.TRADE_NOT_EXIST`.
    pub sub_code: &'static str,
    /// What Alipay says beside it, in Chinese. The real gateway often adds details.
    pub sub_msg: &'static str,
    /// What it means for the caller, in English.
    pub meaning: &'static str,
}

impl SubCode {
    /// What stands in `msg` beside its code.
    #[must_use]
    pub fn msg(&self) -> &'static str {
        message(self.code)
    }
}

/// What stands in `msg` beside a code; empty for an unknown one.
#[must_use]
pub fn message(code: &str) -> &'static str {
    MESSAGES
        .iter()
        .find(|(known, _)| *known == code)
        .map_or("", |(_, msg)| msg)
}

/// The sub code of that name.
#[must_use]
pub fn find(sub_code: &str) -> Option<&'static SubCode> {
    SUB_CODES.iter().find(|known| known.sub_code == sub_code)
}

/// Returns `true` for sub codes that mean: Alipay does not know what came of it. `AQC.` is
/// Alipay's own misspelling.
#[must_use]
pub fn is_unclear(sub_code: &str) -> bool {
    matches!(
        sub_code,
        "ACQ.SYSTEM_ERROR"
            | "AQC.SYSTEM_ERROR"
            | "SYSTEM_ERROR"
            | "aop.SYSTEM_ERROR"
            | "aop.unknow-error"
            | "isp.unknow-error"
            | "aop.ACQ.SYSTEM_ERROR"
    )
}

/// The sub codes that this crate knows, by code.
pub const SUB_CODES: &[SubCode] = &[
    known(
        "20000",
        "isp.unknow-error",
        "服务暂不可用（业务系统不可用）",
        "nobody knows what came of it; ask again",
    ),
    known(
        "20000",
        "aop.unknow-error",
        "服务暂不可用（网关自身的未知错误）",
        "nobody knows what came of it; ask again",
    ),
    known(
        "20000",
        "aop.SYSTEM_ERROR",
        "服务暂不可用",
        "nobody knows what came of it; ask again (seen in Alipay's sandbox)",
    ),
    known(
        "20001",
        "aop.invalid-auth-token",
        "无效的访问令牌",
        "the user's token is not valid",
    ),
    known(
        "20001",
        "aop.auth-token-time-out",
        "访问令牌已过期",
        "the user's token has expired",
    ),
    known(
        "20001",
        "aop.invalid-app-auth-token",
        "无效的应用授权令牌",
        "app_auth_token is not valid",
    ),
    known(
        "20001",
        "aop.invalid-app-auth-token-no-api",
        "商户未授权当前接口",
        "the merchant has not authorised this method",
    ),
    known(
        "20001",
        "aop.app-auth-token-time-out",
        "应用授权令牌已过期",
        "app_auth_token has expired",
    ),
    known(
        "20001",
        "aop.no-product-reg-by-partner",
        "商户未签约任何产品",
        "the merchant has signed up for no product",
    ),
    known(
        "40001",
        "isv.missing-method",
        "缺少方法名参数",
        "method is missing",
    ),
    known(
        "40001",
        "isv.missing-signature",
        "缺少签名参数",
        "sign is missing",
    ),
    known(
        "40001",
        "isv.missing-signature-type",
        "缺少签名类型参数",
        "sign_type is missing",
    ),
    known(
        "40001",
        "isv.missing-signature-key",
        "缺少签名配置",
        "the application has no key at Alipay",
    ),
    known(
        "40001",
        "isv.missing-app-id",
        "缺少appId参数",
        "app_id is missing",
    ),
    known(
        "40001",
        "isv.missing-timestamp",
        "缺少时间戳参数",
        "timestamp is missing",
    ),
    known(
        "40001",
        "isv.missing-version",
        "缺少版本参数",
        "version is missing",
    ),
    known(
        "40002",
        "isv.invalid-parameter",
        "参数无效",
        "a parameter is not valid",
    ),
    known(
        "40002",
        "isv.invalid-method",
        "不存在的方法名",
        "there is no such method",
    ),
    known(
        "40002",
        "isv.invalid-format",
        "无效的数据格式",
        "format is not JSON",
    ),
    known(
        "40002",
        "isv.invalid-signature-type",
        "无效的签名类型",
        "sign_type is neither RSA2 nor RSA",
    ),
    known(
        "40002",
        "isv.invalid-signature",
        "无效签名",
        "the signature does not fit; see `tongbao explain`",
    ),
    known(
        "40002",
        "isv.invalid-app-id",
        "无效的AppID参数",
        "no application has this app_id (sandbox and production have different ones)",
    ),
    known(
        "40002",
        "isv.invalid-timestamp",
        "非法的时间戳参数",
        "timestamp has not the form yyyy-MM-dd HH:mm:ss",
    ),
    known(
        "40002",
        "isv.invalid-charset",
        "字符集错误",
        "charset is neither utf-8 nor gbk",
    ),
    known(
        "40002",
        "isv.invalid-encrypt-type",
        "无效的加密类型",
        "encrypt_type is not AES",
    ),
    known(
        "40002",
        "isv.invalid-encrypt",
        "解密异常",
        "the gateway could not decrypt",
    ),
    known(
        "40002",
        "isv.missing-signature-config",
        "验签出错, 未配置对应签名算法的公钥或者证书",
        "no public key is configured at Alipay for this sign_type",
    ),
    known(
        "40002",
        "isv.not-support-app-auth",
        "本接口不支持第三方代理调用",
        "this method takes no app_auth_token",
    ),
    known(
        "40002",
        "isv.code-invalid",
        "授权码code无效",
        "the authorisation code is not valid (used already, or too old)",
    ),
    known(
        "40002",
        "isv.illegal-json",
        "非法的JSON",
        "biz_content is no JSON",
    ),
    known(
        "40002",
        "isv.suspected-attack",
        "疑似攻击",
        "a value looks like an attack to the gateway",
    ),
    known(
        "40003",
        "isv.decryption-error-unknown",
        "解密出错, 未知错误",
        "the gateway could not decrypt",
    ),
    known(
        "40005",
        "isv.app-call-limited",
        "应用调用次数超限",
        "the application calls too often",
    ),
    known(
        "40005",
        "isv.method-call-limited",
        "接口调用次数超限",
        "this method is called too often",
    ),
    known(
        "40006",
        "isv.insufficient-isv-permissions",
        "ISV权限不足",
        "the application has not signed up for this product",
    ),
    known(
        "40006",
        "isv.insufficient-user-permissions",
        "用户权限不足",
        "the user has not granted this",
    ),
    known(
        "40004",
        "ACQ.SYSTEM_ERROR",
        "系统错误",
        "nobody knows what came of it; ask again",
    ),
    known(
        "40004",
        "ACQ.INVALID_PARAMETER",
        "参数无效",
        "a field of biz_content is missing or not valid",
    ),
    known(
        "40004",
        "ACQ.ACCESS_FORBIDDEN",
        "无权限使用接口",
        "the application has not signed up for this product",
    ),
    known(
        "40004",
        "ACQ.EXIST_FORBIDDEN_WORD",
        "订单信息中包含违禁词",
        "the subject or body has a forbidden word",
    ),
    known(
        "40004",
        "ACQ.PARTNER_ERROR",
        "应用APP_ID填写错误",
        "app_id does not fit the seller",
    ),
    known(
        "40004",
        "ACQ.TOTAL_FEE_EXCEED",
        "订单总金额不在允许范围内",
        "the amount is too small or too large",
    ),
    known(
        "40004",
        "ACQ.PAYMENT_AUTH_CODE_INVALID",
        "支付授权码无效",
        "the buyer's payment code is not valid any more",
    ),
    known(
        "40004",
        "ACQ.CONTEXT_INCONSISTENT",
        "交易信息被篡改",
        "the out_trade_no exists with another amount or subject; use a new number",
    ),
    known(
        "40004",
        "ACQ.TRADE_HAS_SUCCESS",
        "交易已被支付",
        "the order is paid already; check that it is yours",
    ),
    known(
        "40004",
        "ACQ.TRADE_HAS_CLOSE",
        "交易已经关闭",
        "the trade is closed or fully refunded; use a new number",
    ),
    known(
        "40004",
        "ACQ.BUYER_BALANCE_NOT_ENOUGH",
        "买家余额不足",
        "the buyer's balance is too low",
    ),
    known(
        "40004",
        "ACQ.BUYER_BANKCARD_BALANCE_NOT_ENOUGH",
        "用户银行卡余额不足",
        "the buyer's card has too little",
    ),
    known(
        "40004",
        "ACQ.ERROR_BALANCE_PAYMENT_DISABLE",
        "余额支付功能关闭",
        "the buyer has switched off paying by balance",
    ),
    known(
        "40004",
        "ACQ.BUYER_SELLER_EQUAL",
        "买卖家不能相同",
        "the buyer is the seller",
    ),
    known(
        "40004",
        "ACQ.TRADE_BUYER_NOT_MATCH",
        "交易买家不匹配",
        "the order belongs to another buyer",
    ),
    known(
        "40004",
        "ACQ.BUYER_ENABLE_STATUS_FORBID",
        "买家状态非法",
        "the buyer's account is restricted",
    ),
    known(
        "40004",
        "ACQ.PAYMENT_FAIL",
        "支付失败",
        "the payment failed; ask, then use a new number",
    ),
    known(
        "40004",
        "ACQ.BUYER_PAYMENT_AMOUNT_DAY_LIMIT_ERROR",
        "买家付款日限额超限",
        "the buyer's limit of the day is used up",
    ),
    known(
        "40004",
        "ACQ.BUYER_PAYMENT_AMOUNT_MONTH_LIMIT_ERROR",
        "买家付款月额度超限",
        "the buyer's limit of the month is used up",
    ),
    known(
        "40004",
        "ACQ.BEYOND_PAY_RESTRICTION",
        "商户收款额度超限",
        "the merchant's limit is used up",
    ),
    known(
        "40004",
        "ACQ.BEYOND_PER_RECEIPT_RESTRICTION",
        "商户收款金额超过月限额",
        "the merchant's limit of the month is used up",
    ),
    known(
        "40004",
        "ACQ.SELLER_BEEN_BLOCKED",
        "商家账号被冻结",
        "the merchant's account is frozen",
    ),
    known(
        "40004",
        "ACQ.ERROR_BUYER_CERTIFY_LEVEL_LIMIT",
        "买家未通过人行认证",
        "the buyer is not certified",
    ),
    known(
        "40004",
        "ACQ.PAYMENT_REQUEST_HAS_RISK",
        "支付有风险",
        "Alipay's risk control refuses",
    ),
    known(
        "40004",
        "ACQ.NO_PAYMENT_INSTRUMENTS_AVAILABLE",
        "没用可用的支付工具",
        "the buyer has no means of payment that is allowed here",
    ),
    known(
        "40004",
        "ACQ.INVALID_STORE_ID",
        "商户门店编号无效",
        "store_id is not valid",
    ),
    known(
        "40004",
        "ACQ.TRADE_NOT_EXIST",
        "交易不存在",
        "there is no such trade; normal before the buyer has opened the cashier",
    ),
    known(
        "40004",
        "ACQ.SELLER_BALANCE_NOT_ENOUGH",
        "卖家余额不足",
        "the seller's balance does not cover the refund",
    ),
    known(
        "40004",
        "ACQ.REFUND_AMT_NOT_EQUAL_TOTAL",
        "退款金额超限",
        "the refunds would exceed what was paid, or a partial refund has no number",
    ),
    known(
        "40004",
        "ACQ.REASON_TRADE_BEEN_FREEZEN",
        "请求退款的交易被冻结",
        "the trade is frozen",
    ),
    known(
        "40004",
        "ACQ.TRADE_HAS_FINISHED",
        "交易已完结",
        "the time for refunds is over",
    ),
    known(
        "40004",
        "ACQ.TRADE_STATUS_ERROR",
        "交易状态非法",
        "the trade is not in a state that allows this",
    ),
    known(
        "40004",
        "ACQ.REASON_TRADE_STATUS_INVALID",
        "交易状态异常",
        "the trade is not in a state that allows this",
    ),
    known(
        "40004",
        "ACQ.DISCORDANT_REPEAT_REQUEST",
        "不一致的请求",
        "the same out_request_no came with another amount",
    ),
    known(
        "40004",
        "ACQ.REASON_TRADE_REFUND_FEE_ERR",
        "退款金额无效",
        "the refund's amount is not valid",
    ),
    known(
        "40004",
        "ACQ.TRADE_NOT_ALLOW_REFUND",
        "当前交易不允许退款",
        "this trade cannot be refunded",
    ),
    known(
        "40004",
        "ACQ.NOW_TIME_AFTER_EXPIRE_TIME_ERROR",
        "当前时间已超过允许支付的时间",
        "time_expire has passed already",
    ),
    known(
        "40004",
        "ACQ.INVALID_RECEIVE_ACCOUNT",
        "收款账号不正确",
        "seller_id is not bound to the contract",
    ),
];

const fn known(
    code: &'static str,
    sub_code: &'static str,
    sub_msg: &'static str,
    meaning: &'static str,
) -> SubCode {
    SubCode {
        code,
        sub_code,
        sub_msg,
        meaning,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sound() {
        for (index, row) in SUB_CODES.iter().enumerate() {
            assert!(!row.msg().is_empty(), "{}", row.sub_code);
            assert!(!row.sub_msg.is_empty() && !row.meaning.is_empty());
            let twice = SUB_CODES[..index]
                .iter()
                .any(|other| other.sub_code == row.sub_code);
            assert!(!twice, "{} stands twice", row.sub_code);
            assert!(
                row.code != "20000" || is_unclear(row.sub_code),
                "{}",
                row.sub_code
            );
        }
        assert_eq!(
            find("ACQ.TRADE_NOT_EXIST").map(SubCode::msg),
            Some("Business Failed")
        );
        assert!(is_unclear("AQC.SYSTEM_ERROR") && !is_unclear("ACQ.TRADE_NOT_EXIST"));
    }
}
