//! Holds a call's fields against what the documents say of them. A field of the wrong type, one
//! that is too long or missing is refused. A word that the documents do not list is odd: refused
//! where an application wants it strict, told otherwise. A field that no document knows is told.

use super::field::{Document, Field, Kind};
use super::{agreement, bill, fund, open, preauth, royalty, trade};
use crate::domain::{PayChannels, Profile};
use crate::gateway::biz::Biz;
use crate::gateway::errors::Fault;
use crate::gateway::methods::in_family;

/// A family, a line.
const FAMILIES: &[&[Document]] = &[
    trade::ALL,
    royalty::ALL,
    bill::ALL,
    fund::ALL,
    preauth::ALL,
    agreement::ALL,
    open::ALL,
];

/// How many unknown fields are named; a header does not hold any number.
const MOST_NAMED: usize = 6;
/// How much of a field's name is told, in characters.
const MOST_CHARS: usize = 48;

/// What Alipay's own sandbox does not look at (7.2).
const NOT_IN_ALIPAYS_SANDBOX: [&str; 2] = ["ext_user_info", "extend_params"];

/// Where the common parameters stand, which people like to put into the content.
const COMMON: [&str; 4] = ["notify_url", "return_url", "app_auth_token", "sign_type"];

fn documents() -> impl Iterator<Item = &'static Document> {
    FAMILIES.iter().copied().flatten()
}

/// Checks the fields of a call; what is to be told goes into the warnings of `biz`, also where
/// something is refused.
pub(in crate::gateway) fn check(method: &str, biz: &mut Biz) -> Result<(), Fault> {
    let Some(document) = documents().find(|document| document.method == method) else {
        return Ok(());
    };
    let mut unknown = Vec::new();
    let looked = look(biz, document.parts, &mut unknown);
    tell(biz, &unknown);
    looked.map_err(|fault| in_family(fault, document.invalid))
}

fn look(biz: &mut Biz, parts: &[&[Field]], unknown: &mut Vec<String>) -> Result<(), Fault> {
    for name in biz.names() {
        let known = parts.iter().copied().flatten();
        if !known.clone().any(|field| field.name == name) {
            unknown.push(biz.path(&shortened(name)));
        }
    }
    for field in parts.iter().copied().flatten() {
        if biz.has(field.name) {
            one(biz, field, unknown)?;
        } else if field.required {
            return Err(biz.wrong(field.name, "缺失或为空。", "is missing or empty."));
        }
    }
    Ok(())
}

fn shortened(name: &str) -> String {
    let plain = |c: char| if c.is_control() { '?' } else { c };
    name.chars().take(MOST_CHARS).map(plain).collect()
}

fn one(biz: &mut Biz, field: &Field, unknown: &mut Vec<String>) -> Result<(), Fault> {
    let name = field.name;
    if biz.profile == Profile::AlipaySandbox && NOT_IN_ALIPAYS_SANDBOX.contains(&name) {
        let zh = "在支付宝的沙箱里不支持，未检查，已忽略。";
        let en = "is neither supported nor looked at in Alipay's own sandbox.";
        return biz.odd(name, zh, en);
    }
    match field.kind {
        Kind::Own => Ok(()),
        Kind::Text(most) => biz.text(name, most).map(|_| ()),
        Kind::Price => price(biz, name),
        Kind::Whole { least, most } => whole(biz, name, least, most),
        Kind::OneOf(words) => one_of(biz, name, words),
        Kind::Truth => truth(biz, name),
        Kind::Days { most } => days(biz, name, most),
        Kind::Channels => channels(biz, name),
        Kind::Words => biz.texts(name).map(|_| ()),
        Kind::AnyObject => biz.object(name).map(|_| ()),
        Kind::Object(fields) => match biz.object(name)? {
            Some(mut inner) => within(biz, &mut inner, fields, unknown),
            None => Ok(()),
        },
        Kind::Each { most, fields } => {
            let items = biz.list(name)?.unwrap_or_default();
            if items.len() > most {
                let zh = format!("最多 {most} 条。");
                return Err(biz.wrong(name, &zh, &format!("has more than {most} entries.")));
            }
            items
                .into_iter()
                .try_for_each(|mut item| within(biz, &mut item, fields, unknown))
        }
    }
}

fn within(
    biz: &mut Biz,
    inner: &mut Biz,
    fields: &[Field],
    unknown: &mut Vec<String>,
) -> Result<(), Fault> {
    let looked = look(inner, &[fields], unknown);
    biz.warnings.join(&inner.warnings);
    looked
}

fn price(biz: &mut Biz, name: &str) -> Result<(), Fault> {
    match biz.amount(name)? {
        Some(amount) if !amount.is_payable() => biz.odd(
            name,
            "按文档应在 0.01 到 100000000.00 元之间。",
            "should be from 0.01 to 100000000.00 yuan, say the documents.",
        ),
        _ => Ok(()),
    }
}

fn whole(biz: &Biz, name: &str, least: i64, most: i64) -> Result<(), Fault> {
    let text = biz.text(name, 20)?.unwrap_or_default();
    let digits = text.bytes().all(|b| b.is_ascii_digit());
    let number = text.parse::<i64>().ok().filter(|_| digits);
    if number.is_some_and(|number| (least..=most).contains(&number)) {
        return Ok(());
    }
    Err(biz.wrong(
        name,
        &format!("须为 {least} 到 {most} 的整数。"),
        &format!("is a whole number from {least} to {most}."),
    ))
}

fn one_of(biz: &mut Biz, name: &str, words: &[&str]) -> Result<(), Fault> {
    let text = biz.text(name, 128)?.unwrap_or_default();
    if words.contains(&text.as_str()) {
        return Ok(());
    }
    let list = words.join("、");
    let zh = format!("按文档应为 {list}。");
    let en = format!("should be one of {}, say the documents.", words.join(", "));
    biz.odd(name, &zh, &en)
}

fn truth(biz: &mut Biz, name: &str) -> Result<(), Fault> {
    if biz.is_bare_truth(name) {
        return Ok(());
    }
    one_of(biz, name, &["true", "false"])
}

fn days(biz: &mut Biz, name: &str, most: i64) -> Result<(), Fault> {
    let text = biz.text(name, 32)?.unwrap_or_default();
    let number = text.strip_suffix('d').filter(|digits| {
        (1..=4).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
    });
    let number = number.and_then(|digits| digits.parse::<i64>().ok());
    if number.is_some_and(|number| (1..=most).contains(&number)) {
        return Ok(());
    }
    let zh = format!("按文档应为 1d 到 {most}d。");
    let en = format!("should be from 1d to {most}d, say the documents.");
    biz.odd(name, &zh, &en)
}

fn channels(biz: &mut Biz, name: &str) -> Result<(), Fault> {
    let text = biz.text(name, 128)?.unwrap_or_default();
    let strange: Vec<String> = PayChannels::names(&text)
        .filter(|channel| !PayChannels::KNOWN.contains(channel))
        .map(shortened)
        .collect();
    if strange.is_empty() {
        return Ok(());
    }
    let zh = format!(
        "含有没有文档记载的渠道 {}；渠道用英文逗号分隔，例如 balance,pcredit。",
        strange.join("、")
    );
    let en = format!(
        "names channels that no document knows: {}. Channels have commas between, such as balance,pcredit.",
        strange.join(", ")
    );
    biz.odd(name, &zh, &en)
}

/// Names the fields that no document knows.
fn tell(biz: &mut Biz, unknown: &[String]) {
    let misplaced = |name: &&String| COMMON.contains(&name.as_str());
    for name in unknown.iter().filter(misplaced).take(MOST_NAMED) {
        biz.warnings.and(
            &format!("注意：{name} 是公共参数，要放在 biz_content 外面；写在里面不起作用。"),
            &format!("Note: {name} is a common parameter and stands beside biz_content; inside it does nothing."),
        );
    }
    let others: Vec<&str> = unknown
        .iter()
        .filter(|name| !misplaced(name))
        .map(String::as_str)
        .collect();
    if others.is_empty() {
        return;
    }
    let named = others.iter().copied().take(MOST_NAMED);
    let list = named.collect::<Vec<_>>().join(", ");
    let (zh, en) = match others.len().saturating_sub(MOST_NAMED) {
        0 => (list.clone(), list),
        more => (
            format!("{list} 等，另有 {more} 个"),
            format!("{list} and {more} more"),
        ),
    };
    biz.warnings.and(
        &format!("注意：这个接口的文档里没有这些字段，支付宝不会处理：{zh}。请检查拼写和所在的层级。"),
        &format!("Note: no document of this method knows these fields, and Alipay passes them over: {en}. Check their spelling and where they stand."),
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gateway::methods::{Fields, Method};
    use std::collections::HashSet;

    #[test]
    fn every_method_with_content_has_its_fields_and_none_twice() {
        for method in Method::all().filter(|method| method.fields == Fields::BizContent) {
            let found = documents().filter(|document| document.method == method.name);
            assert_eq!(found.count(), 1, "{}", method.name);
        }
        for document in documents() {
            assert!(
                Method::parse(document.method).is_some(),
                "{}",
                document.method
            );
            let mut names = HashSet::new();
            for field in document.parts.iter().copied().flatten() {
                assert!(
                    names.insert(field.name),
                    "{} {}",
                    document.method,
                    field.name
                );
            }
        }
    }
}
