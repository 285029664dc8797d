//! Who is examined, as the exam sees them: orders, two doors, and what shows what was delivered.

use futures::future::BoxFuture;
use money::Fen;

/// An order that waits to be paid.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Order {
    /// The merchant's number.
    pub out_trade_no: String,
    /// What it costs.
    pub amount: Fen,
    /// The signed link to the cashier, when it is known.
    pub link: Option<String>,
}

/// A notice on its way.
#[derive(Clone, Debug)]
pub struct Delivery {
    /// Its form.
    pub body: Vec<u8>,
    /// Its `Content-Type`, malformed as Alipay's is.
    pub content_type: String,
    /// In pieces, with pauses between them.
    pub slowly: bool,
}

/// What was answered.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// Whether Alipay takes it for an acknowledgement: 200 and the seven bytes.
    #[must_use]
    pub fn acknowledges(&self) -> bool {
        crate::domain::notice::acknowledges(self.status, &self.body)
    }

    /// The beginning of it, for people.
    #[must_use]
    pub fn shown(&self) -> String {
        let text = String::from_utf8_lossy(&self.body);
        let mut short: String = text.trim_end().chars().take(60).collect();
        if text.chars().count() > 60 {
            short.push('…');
        }
        format!("{} {short:?}", self.status)
    }
}

/// A merchant back end.
pub trait Examinee: Send + Sync {
    /// Whether anybody listens where notices go; in words why not.
    fn reach(&self) -> BoxFuture<'_, Result<(), String>>;

    /// Another order that waits to be paid; none when there are no more.
    fn order(&self) -> BoxFuture<'_, Result<Option<Order>, String>>;

    /// Posts a notice.
    fn deliver(&self, delivery: Delivery) -> BoxFuture<'_, Result<Reply, String>>;

    /// Sends a browser back with this query; none when no return address is known.
    fn come_back(&self, query: String) -> BoxFuture<'_, Result<Option<Reply>, String>>;

    /// What shows what was delivered for an order; none when nothing does.
    fn state<'a>(&'a self, order: &'a Order) -> BoxFuture<'a, Result<Option<String>, String>>;
}
