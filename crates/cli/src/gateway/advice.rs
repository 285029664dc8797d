//! What to do about a refusal: by its sub code where that is known, else by its code.

use alipay::Refusal;

/// What to do, in a sentence.
pub(super) fn advice(no: &Refusal) -> &'static str {
    let bare = no
        .sub_code
        .trim_start_matches("ACQ.")
        .trim_start_matches("isv.")
        .trim_start_matches("aop.");
    let known = BY_SUB_CODE.iter().find(|(code, _)| *code == bare);
    match known {
        Some((_, advice)) => advice,
        None => by_code(&no.code),
    }
}

fn by_code(code: &str) -> &'static str {
    match code {
        "20001" => "the token has run out or lacks rights: have the merchant authorise again",
        "40001" => "add the parameter that is named, and call again",
        "40002" => "mend the parameter that is named, and call again",
        "40003" => "complete the application in Alipay's console: its keys, or the authorisation",
        "40005" => "too many calls: wait, and call less often",
        "40006" => "sign the product's contract in Alipay's console, or wait until it is in force",
        _ => "nothing happened; mend what the message says, and call again",
    }
}

const BY_SUB_CODE: &[(&str, &str)] = &[
    (
        "TRADE_NOT_EXIST",
        "check number and application; before the buyer has opened the cashier there is no trade yet, so ask again later",
    ),
    (
        "TRADE_HAS_SUCCESS",
        "it is paid already: ask with `tongbao query`, and charge nobody twice",
    ),
    (
        "TRADE_HAS_CLOSE",
        "it is closed, or given back in full: a new payment takes a new out_trade_no",
    ),
    (
        "TRADE_STATUS_ERROR",
        "its state does not allow that: ask with `tongbao query` where it stands",
    ),
    (
        "REASON_TRADE_STATUS_INVALID",
        "its state does not allow that: ask with `tongbao query` where it stands",
    ),
    (
        "TRADE_HAS_FINISHED",
        "the time for refunds is over: pay the buyer back by `tongbao transfer`",
    ),
    (
        "CONTEXT_INCONSISTENT",
        "that out_trade_no was used with another amount, subject or buyer: take a new one",
    ),
    (
        "INVALID_PARAMETER",
        "mend the field that the message names; amounts are yuan with at most two decimals",
    ),
    (
        "TOTAL_FEE_EXCEED",
        "the amount is above what one payment may have",
    ),
    (
        "PAYMENT_AUTH_CODE_INVALID",
        "have the buyer show a fresh code (each lives for a minute and works once), and take a new out_trade_no",
    ),
    (
        "BUYER_BALANCE_NOT_ENOUGH",
        "have the buyer choose another way of paying, under a new out_trade_no",
    ),
    (
        "BUYER_BANKCARD_BALANCE_NOT_ENOUGH",
        "have the buyer choose another card, under a new out_trade_no",
    ),
    (
        "SELLER_BALANCE_NOT_ENOUGH",
        "put money on the merchant's account, then repeat with the same out_request_no",
    ),
    (
        "REFUND_AMT_NOT_EQUAL_TOTAL",
        "all refunds together are more than was paid: ask with `tongbao query` what is left",
    ),
    (
        "REASON_TRADE_REFUND_FEE_ERR",
        "all refunds together are more than was paid: ask with `tongbao query` what is left",
    ),
    (
        "DISCORDANT_REPEAT_REQUEST",
        "that out_request_no was used with another amount: repeat with the first one, or take a new number for another refund",
    ),
    (
        "TRADE_CANCEL_TIME_OUT",
        "too late to cancel: close it when unpaid, refund it when paid",
    ),
    (
        "invalid-signature",
        "the private key does not belong to this app_id at Alipay: compare the public key in its console with `tongbao keys inspect`; look closer with `tongbao explain`",
    ),
    (
        "invalid-app-id",
        "check app_id and gateway: an application of the sandbox is unknown to the real gateway, and the other way round",
    ),
    (
        "missing-signature-config",
        "paste the application's public key into Alipay's console first",
    ),
    (
        "invalid-method",
        "check the method's spelling; this gateway has none of that name",
    ),
    (
        "insufficient-isv-permissions",
        "sign the product's contract in Alipay's console for this application",
    ),
    ("invalid-timestamp", "set this machine's clock by NTP"),
    (
        "PAYEE_NOT_EXIST",
        "check the payee's account; logins need their name, too",
    ),
    (
        "PAYEE_ACCOUNT_NOT_EXSIT",
        "check the payee's account; logins need their name, too",
    ),
    (
        "PAYMENT_INFO_INCONSISTENCY",
        "that out_biz_no was used with another amount or payee: repeat with the first ones, or take a new number",
    ),
    (
        "MEMO_REQUIRED",
        "say what it is for with --remark: Alipay asks for that from 50,000 yuan on",
    ),
    (
        "PAYEE_USER_INFO_ERROR",
        "the name does not belong to that account: check both",
    ),
    (
        "PAYER_BALANCE_NOT_ENOUGH",
        "put money on the account, then repeat with the same out_biz_no",
    ),
    (
        "BALANCE_IS_NOT_ENOUGH",
        "put money on the account, then repeat with the same out_biz_no",
    ),
    (
        "BILL_NOT_EXIST",
        "there is no such bill yet: yesterday's comes by about 09:00, last month's by the 3rd; today has none",
    ),
    (
        "NO_BILL_DATA",
        "nothing moved in that time, so there is no bill",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sub_code_decides_before_the_code() {
        let advice_of = |code: &str, sub_code: &str| {
            let no = Refusal {
                code: code.to_owned(),
                sub_code: sub_code.to_owned(),
                ..Refusal::default()
            };
            advice(&no)
        };
        assert!(advice_of("40004", "ACQ.TRADE_NOT_EXIST").contains("cashier"));
        assert_eq!(
            advice_of("40004", "TRADE_NOT_EXIST"),
            advice_of("40004", "ACQ.TRADE_NOT_EXIST")
        );
        assert!(advice_of("40002", "isv.invalid-signature").contains("public key"));
        assert!(advice_of("40005", "isv.something-new").contains("wait"));
        for (index, (code, _)) in BY_SUB_CODE.iter().enumerate() {
            assert!(
                !BY_SUB_CODE[..index].iter().any(|(other, _)| other == code),
                "{code} twice"
            );
        }
    }
}
