//! Sub codes that stand without a family in front: bills, transfers, holds, agreements, tokens.

use super::table::rows;

rows! {
    "40004" "SYSTEM_ERROR" "" "nobody knows what came of it; ask again";
    "40004" "SYSTEM_BUSY" "" "nobody knows what came of it; ask again";
    "40004" "INVALID_PARAMETER" "" "a field of biz_content is missing or not valid";
    "40004" "ILLEGAL_ARGUMENT" "" "a field of biz_content is missing or not valid";
    "40004" "PARAM_ILLEGAL" "" "a field of biz_content is missing or not valid";
    "40004" "INVAILID_ARGUMENTS" "入参不合法" "a field of biz_content is missing or not valid";
    "40004" "SYSTEM_RATE_LIMIT" "" "called too often; later";
    "40004" "USER_RATE_LIMIT" "" "called too often for this user; later";
    // Bills.
    "40004" "NO_BILL_DATA" "" "nothing happened in that time";
    "40004" "BILL_NOT_EXIST" "账单不存在" "there is no such bill (yet)";
    "40004" "UNKNOWN_ERROR" "未知错误" "nobody knows; ask again";
    "40004" "UNKNOW_ERROR" "未知错误" "nobody knows; ask again (Alipay's other spelling)";
    "40004" "BILL_DATE_BEFORE_REGISTRATION" "" "the date lies before the account was opened";
    "40004" "TYPE_NOT_SUPPORTED" "" "there is no bill of this bill_type";
    "40004" "AGREEMENT_CHECK_FAIL" "" "the contract does not allow it";
    "40004" "USER_AGREEMENT_CHECK_FAIL" "" "the user's agreement does not allow it";
    "40004" "ISV_BUSINESS_FAILED" "" "the provider may not ask for this";
    // Transfers and accounts.
    "40004" "PAYER_BALANCE_NOT_ENOUGH" "" "the payer has too little";
    "40004" "BALANCE_IS_NOT_ENOUGH" "" "the payer has too little";
    "40004" "PAYEE_NOT_EXIST" "" "there is no such payee, or the name is another one";
    "40004" "PAYEE_USER_INFO_ERROR" "" "the payee has another name";
    "40004" "PAYEE_USERINFO_STATUS_ERROR" "" "the payee's account is not in a normal state";
    "40004" "PAYEE_USER_TYPE_ERROR" "" "this kind of account cannot be paid";
    "40004" "PAYEE_ACCOUNT_NOT_EXSIT" "" "the payee's account does not exist";
    "40004" "PAYER_PAYEE_CANNOT_SAME" "" "payer and payee are the same";
    "40004" "EXCEED_LIMIT_SM_AMOUNT" "" "more than is allowed at once";
    "40004" "EXCEED_LIMIT_DM_AMOUNT" "" "more than is allowed in a day";
    "40004" "EXCEED_LIMIT_MM_AMOUNT" "" "more than is allowed in a month";
    "40004" "EXCEED_LIMIT_SM_MIN_AMOUNT" "" "less than is allowed at once";
    "40004" "EXCEED_LIMIT_PERSONAL_SM_AMOUNT" "" "more than a person may get at once";
    "40004" "EXCEED_LIMIT_ENT_SM_AMOUNT" "" "more than a company may get at once";
    "40004" "PAYMENT_INFO_INCONSISTENCY" "" "this out_biz_no was used for another transfer";
    "40004" "MEMO_REQUIRED_IN_TRANSFER_ERROR" "" "a large transfer has to have a remark";
    "40004" "REMARK_HAS_SENSITIVE_WORD" "" "the remark has a forbidden word";
    "40004" "PERMIT_CHECK_PERM_LIMITED" "" "the payer is not allowed to do this";
    "40004" "SECURITY_CHECK_FAILED" "" "Alipay's risk control refuses";
    "40004" "NO_ACCOUNT_RECEIVE_PERMISSION" "" "the payee may not receive";
    "40004" "PRODUCT_NOT_SIGN" "" "the merchant has not signed up for this product";
    "40004" "REQUEST_PROCESSING" "" "it is under way; ask what came of it";
    "40004" "PROCESS_FAIL" "" "it was not carried out";
    "40004" "USER_NOT_EXIST" "" "there is no such user";
    "40004" "CURRENCY_NOT_SUPPORT" "" "this currency is not taken";
    "40004" "ORDER_NOT_EXIST" "" "there is no such order (yet)";
    "40004" "NO_ORDER_PERMISSION" "" "the order is another merchant's";
    "40004" "ILLEGAL_ACCOUNT_STATUS_EXCEPTION" "" "the account is not in a normal state";
    "40004" "ORDER_ID_INVALID" "" "order_id is not valid";
    "40004" "NO_PERMISSION_ACCOUNT" "" "the account is not the caller's";
    "40004" "TRUSTEESHIP_ACCOUNT_NOT_EXIST" "" "there is no such trust account";
    "40004" "USER_AGREEMENT_VERIFY_FAIL" "" "the user's agreement does not allow it";
    "40004" "AUTH_USERID_IS_NOT_MATCH" "" "the user is another one than the one who allowed it";
    "40004" "ALIPAY_ACCOUNT_NOT_EXIST" "" "there is no such account";
    "40004" "AUTH_CODE_ERROR" "" "the authorisation code is wrong";
    "40004" "NO_PERMISSION" "" "not allowed";
    // Holds.
    "40004" "UNIQUE_VIOLATION" "" "the numbers were used already; ask what came of it";
    "40004" "PAYMENT_AUTH_CODE_INVALID" "支付授权码无效" "the buyer's payment code is not valid any more";
    "40004" "MONEY_NOT_ENOUGH" "" "the buyer has too little";
    "40004" "FREEZE_ALREADY_SUCCESS" "" "the hold is in force already";
    "40004" "ORDER_ALREADY_CLOSED" "" "the hold is closed already";
    "40004" "ORDER_ALREADY_FINISH" "" "the hold is used up already";
    "40004" "AUTH_ORDER_NOT_EXIST" "" "there is no such hold";
    "40004" "REQUEST_AMOUNT_EXCEED" "" "more than is held";
    "40004" "ILLEGAL_STATUS" "" "the hold is not in a state that allows this";
    "40004" "CANCEL_OPERATION_TIME_OUT" "" "too late to cancel; unfreeze instead";
    // Shares.
    "40004" "RELATION_QUANTITY_LIMIT" "" "too many receivers are bound";
    "40004" "PRODUCT_UNSIGN" "" "the merchant has not signed up for this product";
    "40004" "RECEIVER_LIST_EMPTY" "" "receiver_list is empty";
    "40004" "RECEIVER_LIST_OVERLOAD" "" "receiver_list has too many receivers";
    "40004" "INVALID_RECEIVER_TYPE" "" "a receiver's type is none";
    "40004" "USERNAME_NOT_MATCH" "" "the receiver has another name";
    "40004" "RECEIVER_ACCOUNT_NOT_CERTIFY" "" "the receiver has not proved who they are";
    "40004" "RECEIVER_ACCOUNT_NO_BALANCE" "" "the receiver's account has no balance";
    "40004" "RECEIVER_ACCOUNT_STATE_INVALID" "" "the receiver's account is not in a normal state";
    "40004" "OPENID_APPID_NOT_MATCH" "" "the open id is of another application";
    "40004" "MERCHANT_TRADE_NOT_MATCH" "" "the trade is another merchant's";
    // Agreements.
    "40004" "USER_NOT_EXIST_ERROR" "" "there is no such user";
    "40004" "PRODUCT_CODE_NOT_SUPPORTED_ERROR" "" "there is no such product";
    "40004" "USER_AGREEMENT_NOT_EXIST" "" "there is no such agreement";
    "40004" "AUTHOREE_IS_NOT_MATCH" "" "the agreement is another merchant's";
    "40004" "ILLEGAL_EXECUTION_TIME" "" "deduct_time is not valid";
    "40004" "ILLEGAL_AGREEMENT" "" "the agreement does not allow this";
    // Tokens.
    "40004" "APP_NOT_ISV" "" "the application is no service provider";
    "40004" "GRANT_TYPE_INVALID" "" "grant_type is none";
    "40004" "AUTH_CODE_NOT_EXIST" "" "there is no such app_auth_code";
    "40004" "AUTH_CODE_NOT_VALID" "" "app_auth_code was used already, or is too old";
    "40004" "APP_ID_NOT_CONSISTENT" "" "the code is another application's";
    "40004" "AUTH_TOKEN_NOT_FOUND" "" "there is no such app_auth_token";
    "40004" "REFRESH_TOKEN_NOT_EXIST" "" "there is no such refresh token";
    "40004" "REFRESH_TOKEN_NOT_VALID" "" "the refresh token is not valid";
    "40004" "REFRESH_TOKEN_TIME_OUT" "" "the refresh token has expired";
}
