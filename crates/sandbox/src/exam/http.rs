//! A back end that is examined over HTTP.

use super::examinee::{Delivery, Examinee, Order, Reply};
use super::eyes::pause;
use bytes::Bytes;
use futures::future::BoxFuture;
use futures::{StreamExt, stream};
use http_body::Frame;
use http_body_util::StreamBody;
use reqwest::header::{CONTENT_LENGTH, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use serde_json::Value;
use std::collections::VecDeque;
use std::fmt;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long an answer may take: as long as Alipay waits.
const TIMEOUT: Duration = Duration::from_secs(15);
/// How long a connection may take.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// How much of an answer is read, bytes.
const MOST_BYTES: usize = 512 * 1024;
/// In how many pieces a slow notice comes.
const PIECES: usize = 5;

/// Where the back end is.
#[derive(Clone, Default)]
pub struct HttpSpec {
    /// Where notices are posted.
    pub notify_url: String,
    /// Where the browser comes back to.
    pub return_url: Option<String>,
    /// What makes an order with each POST and answers with its link, or with number and amount.
    pub order_url: Option<String>,
    /// The JSON body of that POST. `{n}` in it, in the address and in the headers is another text
    /// each time.
    pub order_body: Option<String>,
    /// Orders that wait to be paid already.
    pub orders: Vec<Order>,
    /// What shows what was delivered; `{out_trade_no}` in it is the number.
    pub state_url: Option<String>,
    /// Which members of its JSON count, by name or as a pointer `/a/b`; all of it when empty.
    pub state_fields: Vec<String>,
    /// Sent when orders are made and looked at: a login, for instance.
    pub headers: Vec<(HeaderName, String)>,
    /// The pause between the pieces of a slow notice.
    pub pause: Duration,
    /// What makes `{n}` of this exam another than of the last.
    pub run: String,
}

/// Headers are logins.
impl fmt::Debug for HttpSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("HttpSpec")
            .field("notify_url", &self.notify_url)
            .finish_non_exhaustive()
    }
}

/// A back end that is examined over HTTP.
#[derive(Debug)]
pub struct HttpExaminee {
    spec: HttpSpec,
    client: reqwest::Client,
    orders: Mutex<VecDeque<Order>>,
    made: AtomicU32,
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
            .connect_timeout(CONNECT_TIMEOUT)
            .no_proxy()
            .build()?;
        Ok(Self {
            orders: Mutex::new(spec.orders.clone().into()),
            spec,
            client,
            made: AtomicU32::new(0),
        })
    }

    fn signed_in(
        &self,
        mut request: reqwest::RequestBuilder,
        n: &str,
    ) -> Result<reqwest::RequestBuilder, String> {
        for (name, text) in &self.spec.headers {
            let text = text.replace("{n}", n);
            let mut value = HeaderValue::from_str(&text)
                .map_err(|_| format!("the header {name} holds what no header can"))?;
            value.set_sensitive(true);
            request = request.header(name, value);
        }
        Ok(request)
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Reply, String> {
        let response = request.send().await.map_err(|error| chain(&error))?;
        read(response).await
    }

    async fn make_order(&self, url: &str) -> Result<Option<Order>, String> {
        let number = self.made.fetch_add(1, Ordering::Relaxed);
        let n = format!("{}{number}", self.spec.run);
        let url = url.replace("{n}", &n);
        let mut request = self.signed_in(self.client.post(&url), &n)?;
        if let Some(body) = &self.spec.order_body {
            request = request
                .header(CONTENT_TYPE, "application/json")
                .body(body.replace("{n}", &n));
        }
        let response = request.send().await.map_err(|error| chain(&error))?;
        // Shops that send the browser off at once name the link there.
        let headers = response.headers();
        let location = headers.get(LOCATION).and_then(|value| value.to_str().ok());
        if let Some(order) = location.and_then(|link| link.parse().ok()) {
            return Ok(Some(order));
        }
        let reply = read(response).await?;
        match String::from_utf8_lossy(&reply.body).parse() {
            Ok(order) => Ok(Some(order)),
            Err(why) => Err(format!("{url} answered {}; {why}", reply.shown())),
        }
    }

    /// What counts of what shows an order.
    fn picked(&self, text: &str) -> Result<String, String> {
        if self.spec.state_fields.is_empty() {
            return Ok(text.to_owned());
        }
        let json: Value = serde_json::from_str(text)
            .map_err(|_| "the state has fields to be picked, and is no JSON".to_owned())?;
        let mut picked = Vec::new();
        for field in &self.spec.state_fields {
            let found = match field.strip_prefix('/') {
                Some(_) => json.pointer(field),
                None => json.get(field),
            };
            // What is not there yet may come with the payment.
            let found = found.unwrap_or(&Value::Null);
            picked.push(format!("{field}={found}"));
        }
        Ok(picked.join(" "))
    }
}

async fn read(mut response: reqwest::Response) -> Result<Reply, String> {
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

impl Examinee for HttpExaminee {
    fn reach(&self) -> BoxFuture<'_, Result<(), String>> {
        Box::pin(async move {
            let url = url::Url::parse(&self.spec.notify_url)
                .map_err(|_| format!("`{}` is no address", self.spec.notify_url))?;
            let (Some(host), Some(port)) = (url.host_str(), url.port_or_known_default()) else {
                return Err(format!("`{url}` is no http or https address"));
            };
            let host = host.trim_matches(['[', ']']);
            let connected = tokio::net::TcpStream::connect((host, port));
            match tokio::time::timeout(CONNECT_TIMEOUT, connected).await {
                Ok(Ok(_)) => Ok(()),
                Ok(Err(error)) => Err(format!("nobody listens at {url}: {error}")),
                Err(_) => Err(format!("nobody answers at {url} within 5 seconds")),
            }
        })
    }

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
            let reply = self
                .send(self.signed_in(self.client.get(&url), "")?)
                .await?;
            // What is delivered may not be there before it was.
            if reply.status >= 400 && reply.status != 404 {
                return Err(format!("{url} answered {}", reply.shown()));
            }
            let text = String::from_utf8_lossy(&reply.body).into_owned();
            if reply.status == 404 {
                return Ok(Some(format!("404 {text}")));
            }
            Ok(Some(format!("{} {}", reply.status, self.picked(&text)?)))
        })
    }
}

/// A body in pieces with pauses between them.
fn in_pieces(body: &Bytes, between: Duration) -> reqwest::Body {
    let size = body.len().div_ceil(PIECES).max(1);
    let pieces: Vec<Bytes> = body
        .chunks(size)
        .map(|piece| body.slice_ref(piece))
        .collect();
    let pieces = stream::iter(pieces).then(move |piece| async move {
        pause(between).await;
        Ok::<_, std::io::Error>(Frame::data(piece))
    });
    reqwest::Body::wrap(StreamBody::new(pieces))
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
