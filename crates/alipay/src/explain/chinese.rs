//! What to do about each cause, in Chinese.

use super::Cause;

impl Cause {
    /// What to change, in Chinese; [`Cause::fix`] says the same in English.
    #[must_use]
    pub fn fix_in_chinese(&self) -> String {
        match self {
            Self::NotAMessage(error) => format!("请给出完整的报文（{error}）"),
            Self::MalformedAnswer(error) => format!("请原样给出收到的应答（{error}）"),
            Self::SignatureCutOff { bytes, expected } => {
                format!("签名只有 {bytes} 字节，应为 {expected} 字节，请完整复制")
            }
            Self::KeySizeDiffers {
                signed_bits,
                key_bits,
            } => format!(
                "签名来自 {signed_bits} 位的密钥，而这里的公钥是 {key_bits} 位，请换成签名方的公钥（RSA2 至少 2048 位）"
            ),
            Self::ExtraParameters(names) => {
                format!(
                    "{} 没有参与签名：只签真正发送的参数，也只发送签过名的参数",
                    names.join("、")
                )
            }
            Self::DecodedTwice(names) => {
                format!("只做一次 URL 解码：{} 里的 + 变成了空格", names.join("、"))
            }
            Self::AmountRetyped(names) => {
                format!(
                    "{} 请保持原文（两位小数），不要转成数字再写出来",
                    names.join("、")
                )
            }
            other => other.fixed_text_in_chinese().to_owned(),
        }
    }

    const fn fixed_text_in_chinese(&self) -> &'static str {
        match self {
            Self::NoSignature => "缺少参数 sign；没有签名的应答是支付宝认出调用方之前的报错",
            Self::NoKey => "请给出签名方的公钥：通知、同步返回和应答用支付宝公钥，请求用应用公钥",
            Self::SignatureNotBase64 => "sign 应为带填充的标准 base64，请原样复制",
            Self::PlusBecameSpace => {
                "sign 里的 + 变成了空格：发送前做 URL 编码（+ 写成 %2B），并且只解码一次"
            }
            Self::SignatureNotDecoded => "sign 仍是 URL 编码的样子，请解码恰好一次",
            Self::WrongKey => {
                "签名用的私钥与这个应用的公钥不是一对：核对应用私钥（沙箱与正式环境不同），或把对应的应用公钥上传到这个应用"
            }
            Self::AppKeyInsteadOfAlipays => {
                "应该配置支付宝公钥的地方填了应用自己的公钥，请从控制台复制支付宝公钥"
            }
            Self::AlipaysKeyInsteadOfApps => "应用公钥的位置上填了支付宝公钥，请上传应用公钥",
            Self::SignTypeDiffers => "签名算法与 sign_type 不一致：RSA2 是 SHA-256，RSA 是 SHA-1",
            Self::SignTypeLeftOut => "请求的待签名串包含 sign_type，只去掉 sign",
            Self::SignTypeKept => "这种报文的待签名串保留 sign_type，只去掉 sign",
            Self::ValuesEncoded => "应对原始值签名，签完再对每个值做 URL 编码发送",
            Self::NotDecoded => "验签前每个值恰好 URL 解码一次",
            Self::HtmlDecoded => {
                "链接经过了 HTML：&timestamp、&notify_url 等被当成字符实体。请从网络面板复制链接，或在 HTML 里把 & 写成 &amp;"
            }
            Self::HtmlEscaped => {
                "值被做了 HTML 转义（&quot;、&amp;），请在签名前还原，或关闭框架的转义"
            }
            Self::CharsetRenamed => "charset 的写法在签名后被改动（如 utf8 与 utf-8），请保持一致",
            Self::OtherCharset => {
                "签名和发送须用同一字符集，并把 charset 放在 URL 的查询串里；否则网关按 GBK 读取"
            }
            Self::BizContentRewritten => {
                "biz_content 在签名后被重新序列化，请只序列化一次并原样发送"
            }
            Self::AnswerRewritten => "请对收到的节点原文验签，不要解析后重新生成",
            Self::WhiteSpace => "值的首尾多了或少了空白，请先去掉空白再签名，或原样发送",
            Self::SortedOtherwise => "参数须按名称的 ASCII 字节顺序排序后再拼接",
            Self::EmptiesSigned => "空值参数不参与签名",
            _ => "密钥是对的，但被签名的不是这段文本：请与 signed_text 逐字比较",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Cause;

    #[test]
    fn both_languages_name_the_same_parameters() {
        for cause in [
            Cause::ExtraParameters(vec!["lang".to_owned()]),
            Cause::DecodedTwice(vec!["lang".to_owned()]),
            Cause::AmountRetyped(vec!["lang".to_owned()]),
        ] {
            assert!(cause.fix().contains("lang"));
            assert!(cause.fix_in_chinese().contains("lang"));
        }
        assert_ne!(
            Cause::WrongKey.fix_in_chinese(),
            Cause::ContentChanged.fix_in_chinese()
        );
    }
}
