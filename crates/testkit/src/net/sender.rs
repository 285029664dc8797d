//! The way of a notice from the sandbox to whoever is to hear it.

use super::{Link, Network, Request};
use futures::future::BoxFuture;
use sandbox::notices::Outgoing;
use sandbox::{Answer, NoticeSender, SendError};

/// Carries notices over the network.
#[derive(Clone, Debug)]
pub struct NoticeLink(pub Network);

impl NoticeSender for NoticeLink {
    fn post(&self, outgoing: Outgoing) -> BoxFuture<'_, Result<Answer, SendError>> {
        Box::pin(async move {
            let request = Request {
                method: http::Method::POST,
                url: outgoing.url,
                headers: vec![
                    ("content-type".to_owned(), outgoing.content_type),
                    ("user-agent".to_owned(), outgoing.user_agent.to_owned()),
                ],
                body: outgoing.body,
            };
            let answer = self.0.exchange(Link::Notice, &request).await;
            let answer = answer.map_err(|_| SendError::Failed("nobody answers".to_owned()))?;
            Ok(Answer {
                status: answer.status.as_u16(),
                body: answer.body,
            })
        })
    }
}
