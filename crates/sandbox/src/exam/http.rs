//! A back end that is examined over HTTP.

use super::examinee::{Delivery, Examinee, Order, Reply};
use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{StreamExt, stream};
use http_body::Frame;
use http_body_util::StreamBody;
use money::Fen;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderMap};
use serde_json::Value;
use std::collections::VecDeque;
use std::future::pending;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long an answer may take: as long as Alipay waits.
const TIMEOUT: Duration = Duration::from_secs(15);
/// How much of an answer is read, bytes.
const MOST_BYTES: usize = 512 * 1024;
/// In how many pieces a slow notice comes.
const PIECES: usize = 5;

/// Where the back end is.
#[derive(Clone, Debug, Default)]
pub struct HttpSpec {
    /// Where notices are posted.
    pub notify_url: String,
    /// Where the browser comes back to.
    pub return_url: Option<String>,
    /// What makes an order with each POST and answers with its link, or with number and amount.
    pub order_url: Option<String>,
    /// The JSON body of that POST.
    pub order_body: Option<String>,
    /// Orders that wait to be paid already.
    pub orders: Vec<Order>,
    /// What shows what was delivered; `{out_trade_no}` in it is the number.
    pub state_url: Option<String>,
    /// Sent to the last two: a login, for instance.
    pub headers: HeaderMap,
    /// The pause between the pieces of a slow notice.
    pub pause: Duration,
}

/// A back end that is examined over HTTP.
#[derive(Debug)]
pub struct HttpExaminee {
    spec: HttpSpec,
    client: reqwest::Client,
    orders: Mutex<VecDeque<Order>>,
}

impl HttpExaminee {
    /// Over HTTP/1.1, without following redirects: Alipay follows none.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new(spec: HttpSpec) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(TIMEOUT)
            .no_proxy()
            .build()?;
        Ok(Self {
            orders: Mutex::new(spec.orders.clone().into()),
            spec,
            client,
        })
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Reply, String> {
        let mut response = request.send().await.map_err(|error| chain(&error))?;
        let status = response.status().as_u16();
        let mut body = Vec::new();
        while let Some(piece) = response.chunk().await.map_err(|error| chain(&error))? {
            let room = MOST_BYTES - body.len();
            body.extend_from_slice(&piece[..piece.len().min(room)]);
            if body.len() == MOST_BYTES {
                break;
            }
        }
        Ok(Reply { status, body })
    }

    async fn make_order(&self, url: &str) -> Result<Option<Order>, String> {
        let mut request = self.client.post(url).headers(self.spec.headers.clone());
        if let Some(body) = &self.spec.order_body {
            request = request
                .header(CONTENT_TYPE, "application/json")
                .body(body.clone());
        }
        let reply = self.send(request).await?;
        let text = String::from_utf8_lossy(&reply.body).into_owned();
        match order_in(&text) {
            Some(order) => Ok(Some(order)),
            None => Err(format!(
                "{url} answered {} and named no order: neither a link …gateway.do?… nor out_trade_no and total_amount",
                reply.shown()
            )),
        }
    }
}

impl Examinee for HttpExaminee {
    fn order(&self) -> BoxFuture<'_, Result<Option<Order>, String>> {
        Box::pin(async move {
            let waiting = self
                .orders
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .pop_front();
            match (&self.spec.order_url, waiting) {
                (_, Some(order)) => Ok(Some(order)),
                (Some(url), None) => self.make_order(url).await,
                (None, None) => Ok(None),
            }
        })
    }

    fn deliver(&self, delivery: Delivery) -> BoxFuture<'_, Result<Reply, String>> {
        Box::pin(async move {
            let request = self
                .client
                .post(&self.spec.notify_url)
                .header(CONTENT_TYPE, delivery.content_type)
                .header("user-agent", "Mozilla/4.0");
            let request = if delivery.slowly {
                let length = delivery.body.len();
                let body = in_pieces(&delivery.body.into(), self.spec.pause);
                request.header(CONTENT_LENGTH, length).body(body)
            } else {
                request.body(delivery.body)
            };
            self.send(request).await
        })
    }

    fn come_back(&self, query: String) -> BoxFuture<'_, Result<Option<Reply>, String>> {
        Box::pin(async move {
            let Some(url) = &self.spec.return_url else {
                return Ok(None);
            };
            let joint = if url.contains('?') { '&' } else { '?' };
            let request = self.client.get(format!("{url}{joint}{query}"));
            self.send(request).await.map(Some)
        })
    }

    fn state<'a>(&'a self, order: &'a Order) -> BoxFuture<'a, Result<Option<String>, String>> {
        Box::pin(async move {
            let Some(url) = &self.spec.state_url else {
                return Ok(None);
            };
            let url = url.replace("{out_trade_no}", &order.out_trade_no);
            let request = self.client.get(url).headers(self.spec.headers.clone());
            let reply = self.send(request).await?;
            let text = String::from_utf8_lossy(&reply.body).into_owned();
            Ok(Some(format!("{} {text}", reply.status)))
        })
    }
}

/// A body in pieces with pauses between them.
fn in_pieces(body: &Bytes, pause: Duration) -> reqwest::Body {
    let size = body.len().div_ceil(PIECES).max(1);
    let pieces: Vec<Bytes> = body
        .chunks(size)
        .map(|piece| body.slice_ref(piece))
        .collect();
    let pieces = stream::iter(pieces).then(move |piece| async move {
        let _ = tokio::time::timeout(pause, pending::<()>()).await;
        Ok::<_, std::io::Error>(Frame::data(piece))
    });
    reqwest::Body::wrap(StreamBody::new(pieces))
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

fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text = format!("{text}: {cause}");
        source = cause.source();
    }
    text
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
