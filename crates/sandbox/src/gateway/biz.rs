//! `biz_content`: JSON read from its raw text, so that an amount keeps every digit that was sent.

use super::errors::Fault;
use super::errors::gateway::ILLEGAL_JSON;
use super::errors::trade::INVALID_PARAMETER;
use super::explain::Explain;
use super::methods::Fields;
use super::object::Object;
use crate::domain::Profile;
use alipay::Params;
use money::Fen;
use serde_json::value::RawValue;

/// The fields of a call's `biz_content`, and what is odd about it without being wrong.
#[derive(Debug)]
pub(super) struct Biz {
    fields: Vec<(String, Box<RawValue>)>,
    /// What stands before the names of its fields: empty, or `goods_detail[0].` inside of one.
    place: String,
    pub(super) profile: Profile,
    pub(super) warnings: Explain,
}

fn invalid(name: &str, zh: &str, en: &str) -> Fault {
    Fault::new(
        INVALID_PARAMETER,
        format!("biz_content.{name} {zh}"),
        format!("biz_content.{name} {en}"),
    )
}

impl Biz {
    /// Reads a call's fields from where its method has them; a call without `biz_content` has none.
    pub(super) fn read(params: &Params, place: Fields, profile: Profile) -> Result<Self, Fault> {
        if place == Fields::TopLevel {
            let raw = |(name, value): (&str, &str)| {
                let value = serde_json::value::to_raw_value(value).ok()?;
                Some((name.to_owned(), value))
            };
            return Ok(Self {
                fields: params.iter().filter_map(raw).collect(),
                place: String::new(),
                profile,
                warnings: Explain::default(),
            });
        }
        let fields = match params.non_empty("biz_content") {
            None => Vec::new(),
            Some(text) => {
                let object: Object = serde_json::from_str(text).map_err(|error| {
                    Fault::new(
                        ILLEGAL_JSON,
                        format!("biz_content 不是合法的 JSON 对象：{error}。"),
                        format!("biz_content is no JSON object: {error}."),
                    )
                })?;
                object.0
            }
        };
        Ok(Self {
            fields,
            place: String::new(),
            profile,
            warnings: Explain::default(),
        })
    }

    /// The fields of an object inside.
    fn inside(&self, object: Object, place: String) -> Self {
        Self {
            fields: object.0,
            place,
            profile: self.profile,
            warnings: Explain::default(),
        }
    }

    /// The names of all fields, as they came.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        self.fields.iter().map(|(name, _)| name.as_str())
    }

    /// Where a field stands: `goods_detail[0].price`.
    pub(super) fn path(&self, name: &str) -> String {
        format!("{}{name}", self.place)
    }

    /// The refusal of a field.
    pub(super) fn wrong(&self, name: &str, zh: &str, en: &str) -> Fault {
        invalid(&self.path(name), zh, en)
    }

    /// What the documents forbid and real clients do: refused where the application wants it
    /// strict, told in the answer's header otherwise.
    pub(super) fn odd(&mut self, name: &str, zh: &str, en: &str) -> Result<(), Fault> {
        if self.profile == Profile::Strict {
            return Err(self.wrong(name, zh, en));
        }
        let path = self.path(name);
        let zh = format!("注意：biz_content.{path} {zh}");
        let en = format!("Note: biz_content.{path} {en}");
        self.warnings.and(&zh, &en);
        Ok(())
    }

    fn raw(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found
            .map(|(_, raw)| raw.get().trim())
            .filter(|raw| *raw != "null")
    }

    /// A text of at most `most` characters; a number is read as its digits, as the gateway does.
    /// Empty means none.
    pub(super) fn text(&self, name: &str, most: usize) -> Result<Option<String>, Fault> {
        let Some(raw) = self.raw(name) else {
            return Ok(None);
        };
        let text = match raw.as_bytes().first() {
            Some(b'"') => serde_json::from_str::<String>(raw)
                .map_err(|_| self.wrong(name, "不是合法的字符串。", "is no valid string."))?,
            Some(b'-' | b'0'..=b'9') => raw.to_owned(),
            _ => {
                return Err(self.wrong(name, "须为字符串。", "must be a string."));
            }
        };
        if text.chars().count() > most {
            return Err(self.wrong(
                name,
                &format!("最多 {most} 个字符。"),
                &format!("has more than {most} characters."),
            ));
        }
        if text
            .chars()
            .any(|c| c.is_control() && !matches!(c, '\n' | '\r' | '\t'))
        {
            return Err(self.wrong(name, "含有控制字符。", "holds control characters."));
        }
        Ok(Some(text).filter(|text| !text.is_empty()))
    }

    /// A text that must be there.
    pub(super) fn required(&self, name: &str, most: usize) -> Result<String, Fault> {
        self.text(name, most)?
            .ok_or_else(|| self.wrong(name, "缺失或为空。", "is missing or empty."))
    }

    /// A merchant's number: at most 64 letters, digits and `_`. What else real clients put into
    /// one is odd; what no number can hold is refused.
    pub(super) fn number(&mut self, name: &str) -> Result<Option<String>, Fault> {
        let Some(text) = self.text(name, 64)? else {
            return Ok(None);
        };
        if !text.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(self.wrong(
                name,
                "只能由字母、数字和下划线组成。",
                "consists of letters, digits and _ only.",
            ));
        }
        if !text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_') {
            self.odd(
                name,
                "按文档只能由字母、数字和下划线组成。",
                "should consist of letters, digits and _ only, say the documents.",
            )?;
        }
        Ok(Some(text))
    }

    /// An amount in yuan, a string or a number, read digit by digit. Empty means none.
    pub(super) fn amount(&self, name: &str) -> Result<Option<Fen>, Fault> {
        let Some(raw) = self.raw(name) else {
            return Ok(None);
        };
        let text = match raw.strip_prefix('"') {
            Some(_) => self.text(name, 40)?,
            None => Some(raw.to_owned()),
        };
        let Some(text) = text else {
            return Ok(None);
        };
        match Fen::parse_yuan(&text) {
            Ok(amount) => Ok(Some(amount)),
            Err(error) => Err(self.wrong(
                name,
                "须为人民币元，最多两位小数，不带正负号和指数，例如 88.88。",
                &format!("is no amount: {error}."),
            )),
        }
    }

    /// The texts of an array of strings, `query_options`; anything else is no option.
    pub(super) fn options(&self) -> Vec<String> {
        self.raw("query_options")
            .and_then(|raw| serde_json::from_str(raw).ok())
            .unwrap_or_default()
    }

    /// The fields of an object, or of one that is written as a text.
    pub(super) fn object(&self, name: &str) -> Result<Option<Self>, Fault> {
        let Some(raw) = self.raw(name) else {
            return Ok(None);
        };
        let text: String = match raw.strip_prefix('"') {
            Some(_) => serde_json::from_str(raw).unwrap_or_default(),
            None => raw.to_owned(),
        };
        if text.is_empty() {
            return Ok(None);
        }
        match serde_json::from_str::<Object>(&text) {
            Ok(object) => {
                let place = format!("{}.", self.path(name));
                Ok(Some(self.inside(object, place)))
            }
            Err(_) => Err(self.wrong(name, "须为 JSON 对象。", "must be a JSON object.")),
        }
    }

    /// The objects of an array, or of one that is written as a text.
    pub(super) fn list(&self, name: &str) -> Result<Option<Vec<Self>>, Fault> {
        let Some(raw) = self.raw(name) else {
            return Ok(None);
        };
        let text: String = match raw.strip_prefix('"') {
            Some(_) => serde_json::from_str(raw).unwrap_or_default(),
            None => raw.to_owned(),
        };
        if text.is_empty() {
            return Ok(None);
        }
        let Ok(objects) = serde_json::from_str::<Vec<Object>>(&text) else {
            let zh = "须为 JSON 对象的数组。";
            return Err(self.wrong(name, zh, "must be an array of JSON objects."));
        };
        let path = self.path(name);
        let read = |(index, object)| self.inside(object, format!("{path}[{index}]."));
        Ok(Some(objects.into_iter().enumerate().map(read).collect()))
    }

    /// The texts of an array of strings, or of one that is written as a text.
    pub(super) fn texts(&self, name: &str) -> Result<Option<Vec<String>>, Fault> {
        let Some(raw) = self.raw(name) else {
            return Ok(None);
        };
        let text: String = match raw.strip_prefix('"') {
            Some(_) => serde_json::from_str(raw).unwrap_or_default(),
            None => raw.to_owned(),
        };
        let read = serde_json::from_str(&text);
        read.map(Some)
            .map_err(|_| self.wrong(name, "须为字符串数组。", "must be an array of strings."))
    }

    /// Whether a field is `true` or `false` without quotes.
    pub(super) fn is_bare_truth(&self, name: &str) -> bool {
        matches!(self.raw(name), Some("true" | "false"))
    }

    /// Whether a field is there with some value.
    pub(super) fn has(&self, name: &str) -> bool {
        self.raw(name).is_some_and(|raw| raw != "\"\"")
    }
}

pub(super) fn invalid_parameter(name: &str, zh: &str, en: &str) -> Fault {
    invalid(name, zh, en)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn biz(text: &str) -> Biz {
        Biz::read(
            &Params::from([("biz_content", text)]),
            Fields::BizContent,
            Profile::Production,
        )
        .unwrap()
    }

    #[test]
    fn amounts_keep_their_digits() {
        for text in ["88.88", "\"88.88\""] {
            let read = biz(&format!("{{\"a\":{text}}}")).amount("a").unwrap();
            assert_eq!(read, Some(Fen::new(8_888)), "{text}");
        }
        assert_eq!(
            biz(r#"{"a":138}"#).amount("a").unwrap(),
            Some(Fen::new(13_800))
        );
        assert_eq!(
            biz(r#"{"a":138.0}"#).amount("a").unwrap(),
            Some(Fen::new(13_800))
        );
        for text in [
            "1.005", "-1", "1e3", "\"NaN\"", "\"1e3\"", "\"+1\"", "[]", "true", "\"１\"",
        ] {
            assert!(
                biz(&format!("{{\"a\":{text}}}")).amount("a").is_err(),
                "{text}"
            );
        }
        assert_eq!(biz("{}").amount("a").unwrap(), None);
        assert_eq!(biz(r#"{"a":""}"#).amount("a").unwrap(), None);
    }

    #[test]
    fn what_is_no_object_is_illegal_json() {
        let deep = format!("{{\"a\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
        for text in [
            "[]",
            "1",
            "{",
            "{\"a\":1,\"a\":2}",
            "{\"a\":NaN}",
            "{'a':1}",
        ] {
            let read = Biz::read(
                &Params::from([("biz_content", text)]),
                Fields::BizContent,
                Profile::Production,
            );
            assert_eq!(
                read.unwrap_err().what.sub_code,
                "isv.illegal-json",
                "{text}"
            );
        }
        let read = Biz::read(
            &Params::from([("biz_content", deep.as_str())]),
            Fields::BizContent,
            Profile::Production,
        );
        // Deep nesting is refused or skipped, never followed.
        assert!(read.is_err() || read.unwrap().text("a", 10).is_err());
    }

    #[test]
    fn numbers_are_strict_or_odd() {
        let mut odd = biz(r#"{"n":"a-1"}"#);
        assert_eq!(odd.number("n").unwrap().as_deref(), Some("a-1"));
        assert!(odd.warnings.text(service::i18n::Lang::En).is_some());
        let mut strict = biz(r#"{"n":"a-1"}"#);
        strict.profile = Profile::Strict;
        assert!(strict.number("n").is_err());
        assert!(biz(r#"{"n":"订单"}"#).number("n").is_err());
        assert!(biz(r#"{"n":"a b"}"#).number("n").is_err());
        assert_eq!(
            biz(r#"{"n":12}"#).number("n").unwrap().as_deref(),
            Some("12")
        );
        assert!(
            biz(&format!("{{\"n\":\"{}\"}}", "9".repeat(65)))
                .number("n")
                .is_err()
        );
    }
}
