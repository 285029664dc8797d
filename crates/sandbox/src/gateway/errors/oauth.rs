//! The errors of a login with Alipay.

super::code::family! {
    GRANT_TYPE_INVALID = "40002" "isv.grant-type-invalid" "授权类型无效";
    CODE_INVALID = "40002" "isv.code-invalid" "授权码code无效";
    REFRESH_TOKEN_INVALID = "40002" "isv.refresh-token-invalid" "刷新令牌无效";
    REFRESH_TOKEN_TIME_OUT = "40002" "isv.refresh-token-time-out" "刷新令牌已过期";
    REFRESHED_TOKEN_INVALID = "40002" "isv.refreshed-token-invalid" "刷新令牌已被使用";
    UNMATCHED_APP_ID = "40002" "isv.unmatched-app-id" "令牌不属于当前应用";
    INVALID_AUTH_TOKEN = "20001" "aop.invalid-auth-token" "无效的访问令牌";
    AUTH_TOKEN_TIME_OUT = "20001" "aop.auth-token-time-out" "访问令牌已过期";
    INSUFFICIENT_USER_PERMISSIONS = "40006" "isv.insufficient-user-permissions" "用户权限不足";
}
