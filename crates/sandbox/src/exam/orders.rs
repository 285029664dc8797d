//! Orders as people and programs write them: a link to the cashier, an answer with one in it, JSON
//! with number and amount, or `NUMBER=AMOUNT`.

use super::examinee::Order;
use money::Fen;
use serde_json::Value;
use std::str::FromStr;

/// No order is named.
#[derive(Clone, Copy, Debug, Eq, PartialEq, thiserror::Error)]
#[error(
    "it names no order: no signed link …gateway.do?…, no JSON with out_trade_no and total_amount, and no NUMBER=AMOUNT"
)]
pub struct NoOrder;

impl FromStr for Order {
    type Err = NoOrder;

    fn from_str(text: &str) -> Result<Self, NoOrder> {
        let text = text.trim();
        order_in(text).or_else(|| plain(text)).ok_or(NoOrder)
    }
}

/// `NUMBER=AMOUNT`.
fn plain(text: &str) -> Option<Order> {
    let (number, amount) = text.split_once('=')?;
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if number.is_empty() || !number.chars().all(fits) {
        return None;
    }
    Some(Order {
        out_trade_no: number.to_owned(),
        amount: amount.parse::<Fen>().ok()?,
        link: None,
    })
}

/// The order in an answer: a link to the cashier anywhere in it, or number and amount in its JSON.
fn order_in(text: &str) -> Option<Order> {
    let unescaped = text
        .replace("\\/", "/")
        .replace("&amp;", "&")
        .replace("\\u0026", "&");
    if let Some(at) = unescaped.find("gateway.do?") {
        let begin = unescaped[..at]
            .rfind(['"', '\'', ' ', '\n', '>'])
            .map_or(0, |i| i + 1);
        let rest = &unescaped[begin..];
        let end = rest.find(['"', '\'', ' ', '\n', '<']).unwrap_or(rest.len());
        let link = &rest[..end];
        let query = link.split_once('?')?.1;
        let biz =
            form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == "biz_content")?;
        let biz: Value = serde_json::from_str(&biz.1).ok()?;
        return named(&biz, Some(link.to_owned()));
    }
    let json: Value = serde_json::from_str(text).ok()?;
    named(&json, None).or_else(|| named(json.get("data")?, None))
}

fn named(json: &Value, link: Option<String>) -> Option<Order> {
    let plain = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    };
    let amount = json.get("total_amount").or_else(|| json.get("amount"))?;
    Some(Order {
        out_trade_no: plain(json.get("out_trade_no")?)?,
        amount: plain(amount)?.parse::<Fen>().ok()?,
        link,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_is_found_in_links_forms_and_json() {
        let link = "http://127.0.0.1:8609/gateway.do?app_id=1&biz_content=%7B%22out_trade_no%22%3A%22A1%22%2C%22total_amount%22%3A%2239.00%22%7D&sign=x";
        for text in [
            format!("\"{link}\""),
            format!("{{\"pay_url\":\"{}\"}}", link.replace('/', "\\/")),
            format!("<a href=\"{}\">pay</a>", link.replace('&', "&amp;")),
        ] {
            let order = order_in(&text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (order.out_trade_no.as_str(), order.amount),
                ("A1", Fen::new(3_900))
            );
            assert_eq!(order.link.as_deref(), Some(link));
        }
        for text in [
            r#"{"out_trade_no":"A1","total_amount":"39.00"}"#,
            r#"{"code":0,"data":{"out_trade_no":"A1","amount":39.00}}"#,
        ] {
            let order = order_in(text).unwrap_or_else(|| panic!("{text}"));
            assert_eq!(
                (order.out_trade_no.as_str(), order.amount, order.link),
                ("A1", Fen::new(3_900), None)
            );
        }
        for text in [
            "",
            "{}",
            "sold out",
            r#"{"out_trade_no":"A1"}"#,
            "gateway.do?x",
        ] {
            assert_eq!(order_in(text), None, "{text}");
        }
    }
}
