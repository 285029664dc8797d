//! The errors of the gateway itself.

super::code::family! {
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
}
