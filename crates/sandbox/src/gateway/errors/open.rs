//! The errors of the open platform's own methods.

super::code::family! {
    APP_NOT_ISV = "40004" "APP_NOT_ISV" "应用不是第三方应用";
    GRANT_TYPE_INVALID = "40004" "GRANT_TYPE_INVALID" "授权类型无效";
    AUTH_CODE_NOT_EXIST = "40004" "AUTH_CODE_NOT_EXIST" "授权码不存在";
    AUTH_CODE_NOT_VALID = "40004" "AUTH_CODE_NOT_VALID" "授权码已失效";
    APP_ID_NOT_CONSISTENT = "40004" "APP_ID_NOT_CONSISTENT" "应用与授权的应用不一致";
    AUTH_TOKEN_NOT_FOUND = "40004" "AUTH_TOKEN_NOT_FOUND" "应用授权令牌不存在";
    REFRESH_TOKEN_NOT_EXIST = "40004" "REFRESH_TOKEN_NOT_EXIST" "刷新令牌不存在";
    REFRESH_TOKEN_TIME_OUT = "40004" "REFRESH_TOKEN_TIME_OUT" "刷新令牌已过期";
}
