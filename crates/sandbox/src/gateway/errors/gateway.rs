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

    MISSING_APP_CERT_SN = "40001" "isv.missing-app-cert-sn" "缺少应用公钥证书序列号参数";
    MISSING_ROOT_CERT_SN = "40001" "isv.missing-alipay-root-cert-sn" "缺少支付宝根证书序列号参数";
    INVALID_ROOT_CERT_SN = "40002" "isv.invalid-alipay-root-cert-sn" "无效的支付宝根证书序列号";
    APP_CERT_EXPIRED = "40002" "isv.app-cert-expired" "应用公钥证书已过期";
    APP_CERT_NOT_EXIST = "40002" "isv.app-cert-not-exist" "应用公钥证书不存在";
    ALIPAY_CERT_NOT_EXIST = "40002" "isv.alipay-cert-not-exist" "支付宝公钥证书不存在";
    MISSING_ENCRYPT_KEY = "40001" "isv.missing-encrypt-key" "缺少加密配置";
    DECRYPTION_MISSING_TYPE = "40001" "isv.decryption-error-missing-encrypt-type" "解密出错，未指定加密算法";
    DECRYPTION_FAILED = "40003" "isv.decryption-error-unknown" "解密出错, 未知错误";
    MISSING_SIGNATURE_CONFIG = "40003" "isv.missing-signature-config" "验签出错, 未配置对应签名算法的公钥或者证书";
    SUSPECTED_ATTACK = "40002" "isv.suspected-attack" "疑似攻击请求";
    INVALID_APP_AUTH_TOKEN = "20001" "aop.invalid-app-auth-token" "无效的应用授权令牌";
    APP_AUTH_TOKEN_TIME_OUT = "20001" "aop.app-auth-token-time-out" "应用授权令牌已过期";
    NOT_SUPPORT_APP_AUTH = "40002" "isv.not-support-app-auth" "本接口不支持第三方代理调用";
    INSUFFICIENT_ISV_PERMISSIONS = "40006" "isv.insufficient-isv-permissions" "ISV权限不足";
}
