//! Every word that Alipay documents for a field (4.0 to 4.17): it has a case of its own, or its
//! field takes any text.

use alipay::TradeStatus;
use alipay::{answers as a, requests as r};

/// `words!(a::TransferStatus: "…")`: each is a case, and is written as it was read.
macro_rules! words {
    ($($part:ident)::+ : $words:literal) => {
        for word in $words.split_whitespace() {
            let read = $($part)::+::parse(word);
            assert!(
                !matches!(read, $($part)::+::Other(_)),
                "{} does not know {word}",
                stringify!($($part)::+)
            );
            assert_eq!(read.as_str(), word);
        }
    };
}

#[test]
fn every_documented_word_is_a_case() {
    words!(a::TransferStatus: "SUCCESS FAIL DEALING REFUND WAIT_PAY CLOSED INIT UNKNOWN");
    words!(a::CancelAction: "close refund");
    words!(a::RefundApplyStatus: "REFUND_PROCESSING REFUND_SUCCESS REFUND_FAIL");
    words!(a::RoyaltyState: "SUCCESS FAIL PROCESSING");
    words!(a::ResultCode: "SUCCESS FAIL");
    words!(a::OperationStatus: "INIT SUCCESS CLOSED");
    words!(a::FrozenOrderStatus: "INIT AUTHORIZED FINISH CLOSED");
    words!(a::FreezeCancelAction: "close unfreeze");
    words!(a::AgreementStatus: "TEMP NORMAL STOP UNSIGN");
    words!(r::IdentityType: "ALIPAY_USER_ID ALIPAY_LOGON_ID ALIPAY_OPEN_ID BANKCARD_ACCOUNT EXPRESS_DC_STFA");
    words!(r::TransferProduct: "TRANS_ACCOUNT_NO_PWD STD_RED_PACKET TRANS_BANKCARD_NO_PWD");
    words!(r::TransferScene: "DIRECT_TRANSFER PERSONAL_COLLECTION");
    words!(r::PayeeType: "ALIPAY_USERID ALIPAY_LOGONID");
    words!(r::Scene: "bar_code security_code wave_code");
    words!(r::RoyaltyType: "transfer replenish");
    words!(r::AccountType: "userId loginName openId cardAliasNo");
    words!(r::AuthCodeType: "bar_code security_code");
    words!(r::OperationType: "FREEZE UNFREEZE PAY");
    words!(r::BillType: "trade signcustomer merchant_act trade_zft_merchant zft_acc settlementMerge");
    let statuses = [
        "WAIT_BUYER_PAY",
        "TRADE_CLOSED",
        "TRADE_SUCCESS",
        "TRADE_FINISHED",
    ];
    for word in statuses {
        assert_eq!(
            TradeStatus::parse(word).map(TradeStatus::as_str),
            Some(word)
        );
    }
}

/// Fields whose words the SDK hands on as text: it decides nothing by them, and Alipay adds to
/// them. Beside each stands what is documented.
fn texts() -> Vec<(&'static [&'static str], &'static str, &'static str)> {
    vec![
        (r::PagePay::FIELDS, "goods_type", "0 1"),
        (r::PagePay::FIELDS, "qr_pay_mode", "0 1 2 3 4"),
        (r::PagePay::FIELDS, "integration_type", "PCWEB ALIAPP"),
        (r::PagePay::FIELDS, "product_code", "FAST_INSTANT_TRADE_PAY"),
        (r::WapPay::FIELDS, "product_code", "QUICK_WAP_WAY"),
        (
            r::AppPay::FIELDS,
            "product_code",
            "QUICK_MSECURITY_PAY CYCLE_PAY_AUTH",
        ),
        (
            r::Precreate::FIELDS,
            "product_code",
            "QR_CODE_OFFLINE FACE_TO_FACE_PAYMENT",
        ),
        (r::Precreate::FIELDS, "code_type", "share_code"),
        (
            r::Pay::FIELDS,
            "product_code",
            "FACE_TO_FACE_PAYMENT CYCLE_PAY_AUTH GENERAL_WITHHOLDING PRE_AUTH PRE_AUTH_ONLINE OFFLINE_PAYMENT",
        ),
        (r::Pay::FIELDS, "auth_confirm_mode", "COMPLETE NOT_COMPLETE"),
        (
            r::PayParams::FIELDS,
            "async_type",
            "NORMAL_ASYNC NEAR_REAL_TIME_ASYNC",
        ),
        (
            r::PayParams::FIELDS,
            "retry_type",
            "NONE_AND_CLOSETRADE NONE RETY",
        ),
        (
            r::Create::FIELDS,
            "product_code",
            "FACE_TO_FACE_PAYMENT JSAPI_PAY",
        ),
        (
            r::ExtUserInfo::FIELDS,
            "cert_type",
            "IDENTITY_CARD PASSPORT OFFICER_CARD SOLDIER_CARD HOKOU",
        ),
        (
            r::SettleDetail::FIELDS,
            "trans_in_type",
            "cardAliasNo userId loginName defaultSettle",
        ),
        (r::Settle::FIELDS, "royalty_mode", "sync async"),
        (
            r::OrderinfoSync::FIELDS,
            "biz_type",
            "CREDIT_AUTH CREDIT_DEDUCT",
        ),
        (
            r::AccessParams::FIELDS,
            "channel",
            "ALIPAYAPP QRCODE QRCODEORSMS",
        ),
        (r::PeriodRule::FIELDS, "period_type", "DAY MONTH"),
        (
            r::AppToken::FIELDS,
            "grant_type",
            "authorization_code refresh_token",
        ),
        (
            a::QueryDetails::FIELDS,
            "buyer_user_type",
            "CORPORATE PRIVATE",
        ),
        (
            a::QueryDetails::FIELDS,
            "additional_status",
            "SELLER_NOT_RECEIVED",
        ),
        (a::DepositBackInfo::FIELDS, "dback_status", "S F P"),
        (
            a::RoyaltyDetail::FIELDS,
            "operation_type",
            "transfer transfer_refund replenish replenish_refund",
        ),
        (a::AccountLogItem::FIELDS, "direction", "收入 支出"),
        (a::UserInfoResponse::FIELDS, "gender", "F M"),
        (a::UserInfoResponse::FIELDS, "user_type", "1 2"),
        (a::UserInfoResponse::FIELDS, "user_status", "Q T B W"),
    ]
}

#[test]
fn every_other_documented_word_has_a_field_that_takes_it() {
    for (fields, name, words) in texts() {
        assert!(fields.contains(&name), "{name} of {words}");
        assert!(!words.is_empty());
    }
}
