//! A row of the table: what is sent and what it is answered; and all rows of a database, to see
//! that it left nothing there.

use crate::rest::Rest;
use crate::support::{Reply, signed};
use alipay::{Charset, Params, form};
use axum::body::Body;
use http::{Request, header};
use scraper::{Html, Selector};
use serde_json::Value;
use std::collections::BTreeMap;
use store::{Db, StoreError, Whole};

pub(super) const FORM: &str = "application/x-www-form-urlencoded";

/// What is sent and what comes of it.
pub(super) struct Row {
    /// What it is, for whoever reads that it failed.
    pub(super) what: String,
    pub(super) request: Request<Body>,
    /// The HTTP status of the answer.
    pub(super) status: u16,
    /// What [`told`] reads in the answer: the whole of a code, a part of a sentence.
    pub(super) code: String,
    /// What the answer does not hold.
    pub(super) secret: Option<String>,
    /// What may be other than before.
    pub(super) leaves: &'static [Leaves],
}

/// What a row may leave behind.
pub(super) enum Leaves {
    /// A row more in that table.
    Row(&'static str),
    /// Another value in that column of that table.
    Value(&'static str, &'static str),
}

pub(super) fn row(what: &str, request: Request<Body>, status: u16, code: &str) -> Row {
    Row {
        what: what.to_owned(),
        request,
        status,
        code: code.to_owned(),
        secret: None,
        leaves: &[],
    }
}

impl Row {
    /// The answer does not hold this.
    pub(super) fn hides(mut self, secret: &str) -> Self {
        assert!(!secret.is_empty());
        self.secret = Some(secret.to_owned());
        self
    }
}

/// A call of the second version, all of it in a form.
pub(super) fn form_of(params: &Params) -> Request<Body> {
    post("", FORM, encoded(params))
}

pub(super) fn encoded(params: &Params) -> String {
    form::encode(params, Charset::Utf8).unwrap()
}

pub(super) fn post(query: &str, content_type: &str, body: impl Into<Body>) -> Request<Body> {
    Request::post(format!("/gateway.do?charset=utf-8{query}"))
        .header(header::CONTENT_TYPE, content_type)
        .body(body.into())
        .unwrap()
}

/// A good call of application `index`.
pub(super) fn by(index: usize, method: &str, biz: &Value) -> Request<Body> {
    form_of(&signed(index, method, &biz.to_string(), &[]))
}

/// A good call of application `index` over v3. Nonces are whatever comes, each once.
pub(super) fn rest_by(index: usize, path: &str, body: &str, nonce: &str) -> Rest {
    let call = Rest::new("POST", path, body, nonce);
    let auth = call.auth.replace("0001,", &format!("000{},", index + 1));
    Rest {
        auth,
        index,
        ..call
    }
}

/// What an answer says: a code, where a browser is sent, or the words of a page.
pub(super) fn told(reply: &Reply) -> String {
    let kind = reply.header("content-type").unwrap_or_default();
    let is_gbk = kind.to_ascii_lowercase().contains("gbk");
    let charset = if is_gbk { Charset::Gbk } else { Charset::Utf8 };
    let text = charset.decode(&reply.body).unwrap_or_default();
    if let Some(to) = reply.header("location") {
        return to.to_owned();
    }
    let Ok(body) = serde_json::from_str::<Value>(&text) else {
        return words(&text);
    };
    let mut nodes = body.as_object().into_iter().flatten();
    let node = nodes.find(|(name, _)| name.ends_with("_response"));
    let node = node.map_or(&body, |(_, node)| node);
    let found = ["sub_code", "code", "type"].map(|name| node[name].as_str());
    let found = found.into_iter().flatten().next().unwrap_or_default();
    found.trim_start_matches("/problems/").to_owned()
}

/// What a page says: its error code, its warning, or its title.
fn words(page: &str) -> String {
    let page = Html::parse_document(page);
    let texts = ["#error-code", "[role=alert]", "h1"].map(|which| {
        let found = page.select(&Selector::parse(which).unwrap()).next()?;
        Some(found.text().collect::<String>())
    });
    let found = texts.into_iter().flatten().next().unwrap_or_default();
    found.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether an answer says what a row wants to hear.
pub(super) fn is_told(reply: &Reply, wanted: &str) -> bool {
    let found = told(reply);
    let is_sentence = found.contains(' ') || !found.is_ascii();
    found == wanted || (is_sentence && !wanted.is_empty() && found.contains(wanted))
}

/// All that a database holds, whatever tables it has.
pub(super) async fn everything(db: &Db) -> Whole {
    let whole: Result<Whole, StoreError> = db
        .read(|tx| Box::pin(async move { tx.take_whole(&[]).await }))
        .await;
    whole.unwrap()
}

/// The rows of each table, columns by their names, as text. An engine may hand them out in another
/// order each time.
pub(super) fn by_table(whole: &Whole) -> BTreeMap<String, Vec<String>> {
    let text = whole.to_text().unwrap();
    let tables: Vec<Value> = serde_json::from_str(&text).unwrap();
    let lines = |table: &Value| {
        let columns = table["columns"].as_array().unwrap();
        let line = |row: &Value| {
            let named = columns.iter().zip(row.as_array().unwrap());
            let named =
                named.map(|(column, value)| (column.as_str().unwrap().to_owned(), value.clone()));
            Value::Object(named.collect()).to_string()
        };
        let mut lines: Vec<String> = table["rows"].as_array().unwrap().iter().map(line).collect();
        lines.sort_unstable();
        (table["name"].as_str().unwrap().to_owned(), lines)
    };
    tables.iter().map(lines).collect()
}

/// The rows that are in one and not in the other, but for what may be left behind.
pub(super) fn moved(before: &Whole, after: &Whole, leaves: &[Leaves]) -> Vec<String> {
    if before == after {
        return Vec::new();
    }
    let (before, after) = (by_table(before), by_table(after));
    assert!(before.keys().eq(after.keys()), "tables came or went");
    let mut moved = Vec::new();
    for (table, before) in &before {
        let after = &after[table];
        if before == after {
            continue;
        }
        let mut may_grow = false;
        let mut free = Vec::new();
        for leaf in leaves {
            match leaf {
                Leaves::Row(known) if known == table => may_grow = true,
                Leaves::Value(known, column) if known == table => free.push(*column),
                _ => {}
            }
        }
        let plain = |row: &String| {
            let mut row: Value = serde_json::from_str(row).unwrap();
            let columns = row.as_object_mut().unwrap();
            columns.retain(|column, _| !free.contains(&column.as_str()));
            row.to_string()
        };
        let before: Vec<String> = before.iter().map(plain).collect();
        let after: Vec<String> = after.iter().map(plain).collect();
        let gone = before.iter().filter(|row| !after.contains(row));
        let new = after
            .iter()
            .filter(|row| !before.contains(row) && !may_grow);
        moved.extend(gone.map(|row| format!("- {table} {row}")));
        moved.extend(new.map(|row| format!("+ {table} {row}")));
        if before.len() > after.len() || (!may_grow && before.len() != after.len()) {
            moved.push(format!(
                "{table}: {} rows, then {}",
                before.len(),
                after.len()
            ));
        }
    }
    moved
}
