//! The parameters of a call, from the URL's query and the form in the body, merged.

use super::errors::Fault;
use super::errors::gateway::{
    INVALID_ARGUMENT, INVALID_CHARSET, INVALID_CONTENT_TYPE, INVALID_SIGNATURE,
};
use alipay::form::{self, FormError};
use alipay::{Charset, Params};
use std::borrow::Cow;

/// A call as it came.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Raw<'a> {
    /// The URL's query without its `?`.
    pub(crate) query: &'a str,
    /// The body's `Content-Type`, empty when there is none.
    pub(crate) content_type: &'a str,
    /// The body.
    pub(crate) body: &'a [u8],
}

/// Parameters and the charset in which they came and in which the answer goes.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) params: Params,
    pub(crate) charset: Charset,
    /// As the call spelled it; `GBK` when it did not.
    pub(crate) charset_name: String,
    /// Whether it was named where the gateway looks: in the URL or the `Content-Type`.
    pub(crate) charset_named: bool,
    /// Which application acts for another one.
    pub(crate) by_app_id: Option<String>,
}

/// In which charset a call came.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    pub(crate) charset: Charset,
    name: String,
    named: bool,
}

/// Whether the URL names a charset.
pub(crate) fn names_charset(query: &str) -> bool {
    in_query(query).is_some()
}

fn in_query(query: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes())
        .find(|(name, value)| name == "charset" && !value.is_empty())
        .map(|(_, value)| value.into_owned())
}

/// What a `Content-Type` says, as far as it is one of the gateway's.
fn in_content_type(content_type: &str) -> Option<String> {
    let parameters = content_type.split(';').skip(1);
    let mut named = parameters.filter_map(|parameter| parameter.split_once('='));
    let (_, value) = named.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    let value = value.trim().trim_matches('"');
    Charset::parse(value).map(|_| value.to_owned())
}

/// The charset that the URL names, or else the body's `Content-Type`. A `charset` in the body counts
/// for nothing: without one outside of it the gateway reads the call as GBK, and answers and notifies
/// in GBK from then on. A lenient application may name one there.
pub(crate) fn charset_of(raw: Raw<'_>, lenient: Option<&str>) -> Result<Found, Fault> {
    let named = in_query(raw.query).or_else(|| in_content_type(raw.content_type));
    let Some(name) = named.or_else(|| lenient.map(str::to_owned)) else {
        return Ok(Found {
            charset: Charset::Gbk,
            name: "GBK".to_owned(),
            named: false,
        });
    };
    match Charset::parse(&name) {
        Some(charset) => Ok(Found {
            charset,
            name,
            named: true,
        }),
        None => Err(Fault::new(
            INVALID_CHARSET,
            "charset 只能是 utf-8 或 GBK。",
            "charset must be utf-8 or GBK.",
        )),
    }
}

pub(crate) fn read(raw: Raw<'_>, lenient: Option<&str>) -> Result<Read, Fault> {
    let found = charset_of(raw, lenient)?;
    let (charset, charset_named) = (found.charset, found.named);
    let refuse = |error| refusal(&error, charset_named);
    let query = charset_once(raw.query);
    let mut params = form::decode(query.as_bytes(), charset).map_err(refuse)?;
    if !raw.body.is_empty() {
        check_content_type(raw.content_type)?;
        let body = form::decode(raw.body, charset).map_err(refuse)?;
        for (name, value) in &body {
            // SDKs that post everything repeat `charset` in the URL: the same value is harmless.
            if params.get(name) == Some(value) {
                continue;
            }
            params
                .push(name, value)
                .map_err(|twice| refuse(FormError::Twice(twice)))?;
        }
    }
    Ok(Read {
        params,
        charset,
        charset_name: found.name,
        charset_named,
        by_app_id: None,
    })
}

/// SDKs that begin every address with the charset repeat it among the parameters of a link: the same
/// text twice is harmless, of any other parameter it is not.
fn charset_once(query: &str) -> Cow<'_, str> {
    let is_charset = |part: &&str| part.starts_with("charset=");
    let mut named = query.split('&').filter(is_charset);
    let Some(first) = named.next().filter(|_| named.next().is_some()) else {
        return Cow::Borrowed(query);
    };
    let mut seen = false;
    let parts = query.split('&').filter(|part| {
        let again = *part == first && seen;
        seen |= *part == first;
        !again
    });
    Cow::Owned(parts.collect::<Vec<_>>().join("&"))
}

fn check_content_type(content_type: &str) -> Result<(), Fault> {
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if essence.is_empty() || essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Ok(());
    }
    Err(Fault::new(
        INVALID_CONTENT_TYPE,
        "请求体须为 application/x-www-form-urlencoded，或格式完整的 multipart/form-data（其中的文件会被忽略）。",
        "Send the body as application/x-www-form-urlencoded, or as well-formed multipart/form-data, whose files are passed over.",
    ))
}

fn refusal(error: &FormError, charset_named: bool) -> Fault {
    if matches!(error, FormError::NotText(_)) {
        let fault = Fault::new(
            INVALID_SIGNATURE,
            "参数的字节与 charset 不符。请把 charset 放在网关 URL 的查询串里（gateway.do?charset=utf-8），并用同一字符集编码各参数值。",
            "The bytes of the parameters are not text in their charset. Put charset into the gateway's URL (gateway.do?charset=utf-8) and encode all values in it.",
        );
        return fault.sub_msg(
            "验签出错，请确认charset参数放在了URL查询字符串中且各参数值使用charset参数指示的字符集编码".to_owned(),
        );
    }
    let where_zh = if charset_named {
        ""
    } else {
        "（按 GBK 读取，因为 URL 未带 charset）"
    };
    Fault::new(
        INVALID_ARGUMENT,
        format!("参数无法读取{where_zh}：{error}。每个参数只能出现一次，值须按表单规则编码。"),
        format!(
            "The parameters cannot be read: {error}. Each name may stand once, values are form-encoded."
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_strictly(raw: Raw<'_>) -> Result<Read, Fault> {
        read(raw, None)
    }

    fn raw<'a>(query: &'a str, body: &'a str) -> Raw<'a> {
        Raw {
            query,
            content_type: "application/x-www-form-urlencoded;charset=UTF-8",
            body: body.as_bytes(),
        }
    }

    #[test]
    fn query_and_body_are_one_and_the_charset_is_named_outside_of_the_body() {
        let utf8 = read_strictly(raw(
            "charset=UTF-8&method=a",
            "charset=UTF-8&subject=%E9%AB%98",
        ))
        .unwrap();
        assert_eq!(utf8.params.get("subject"), Some("高"));
        assert_eq!(utf8.charset_name, "UTF-8");
        let body = "charset=utf-8&subject=%B8%DF";
        for unnamed in [
            "",
            "application/x-www-form-urlencoded",
            "application/x-www-form-urlencoded; charset=latin1",
        ] {
            let gbk = read_strictly(Raw {
                content_type: unnamed,
                ..raw("method=a", body)
            });
            let gbk = gbk.unwrap();
            assert_eq!(gbk.params.get("subject"), Some("高"));
            assert_eq!(
                (gbk.charset_name.as_str(), gbk.charset_named),
                ("GBK", false)
            );
        }
        let by_header = read_strictly(raw("method=a", "subject=%E9%AB%98")).unwrap();
        assert_eq!(by_header.params.get("subject"), Some("高"));
        assert_eq!(
            (by_header.charset_name.as_str(), by_header.charset_named),
            ("UTF-8", true)
        );
        // The URL comes first.
        let by_url = read_strictly(raw("charset=GBK", "subject=%B8%DF")).unwrap();
        assert_eq!(by_url.params.get("subject"), Some("高"));
    }

    #[test]
    fn doubles_and_other_bodies_are_refused() {
        let sub_code = |query, body| read_strictly(raw(query, body)).unwrap_err().what.sub_code;
        assert_eq!(
            sub_code("charset=utf-8&a=1&a=1", ""),
            "isv.invalid-parameter"
        );
        let links = "charset=utf-8&app_id=1&charset=utf-8&a=1";
        let read = read_strictly(raw(links, "")).unwrap();
        assert_eq!(read.params.iter().count(), 3, "{:?}", read.params);
        assert_eq!(
            sub_code("charset=utf-8&charset=gbk", ""),
            "isv.invalid-parameter"
        );
        assert_eq!(
            sub_code("charset=utf-8&a=1", "a=2"),
            "isv.invalid-parameter"
        );
        assert_eq!(sub_code("charset=utf-8&a=%zz", ""), "isv.invalid-parameter");
        assert_eq!(sub_code("charset=latin1", ""), "isv.invalid-charset");
        assert_eq!(sub_code("charset=utf-8&a=%ff", ""), "isv.invalid-signature");
        let multipart = Raw {
            content_type: "multipart/form-data; boundary=x",
            ..raw("charset=utf-8", "--x")
        };
        assert_eq!(
            read_strictly(multipart).unwrap_err().what.sub_code,
            "isv.invalid-content-type"
        );
    }
}
