//! A small client for servers on this machine: JSON in, JSON out, and a clear word for "cut off".

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;
use ureq::Agent;

const REQUEST_LIMIT: Duration = Duration::from_secs(20);

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    /// HTTP's status code.
    pub(crate) status: u16,
    /// The whole body.
    pub(crate) text: String,
}

impl Answer {
    /// The body as JSON.
    pub(crate) fn json(&self) -> Result<Value> {
        serde_json::from_str(&self.text).with_context(|| format!("not JSON: {}", self.text))
    }

    /// The body as JSON, when the status is 2xx.
    pub(crate) fn good(&self) -> Result<Value> {
        if !(200..300).contains(&self.status) {
            bail!("answered {}: {}", self.status, self.text);
        }
        self.json()
    }
}

/// A client that keeps its connections.
#[derive(Clone)]
pub(crate) struct Web {
    agent: Agent,
}

impl Web {
    /// A client whose requests end within 20 s.
    pub(crate) fn new() -> Self {
        Self::within(REQUEST_LIMIT)
    }

    /// A client whose requests end within that time.
    pub(crate) fn within(limit: Duration) -> Self {
        let config = Agent::config_builder()
            .timeout_global(Some(limit))
            .http_status_as_error(false)
            .max_redirects(0)
            .proxy(None)
            .build();
        Self {
            agent: config.into(),
        }
    }

    /// Reads; an error means that no whole answer came.
    pub(crate) fn get(&self, url: &str, authorization: Option<&str>) -> Result<Answer> {
        let mut request = self.agent.get(url);
        if let Some(value) = authorization {
            request = request.header("Authorization", value);
        }
        read(url, request.call())
    }

    /// Sends JSON; an error means that no whole answer came.
    pub(crate) fn post(
        &self,
        url: &str,
        authorization: Option<&str>,
        body: &Value,
    ) -> Result<Answer> {
        let mut request = self
            .agent
            .post(url)
            .header("Content-Type", "application/json");
        if let Some(value) = authorization {
            request = request.header("Authorization", value);
        }
        read(url, request.send(body.to_string()))
    }
}

fn read(
    url: &str,
    answer: Result<ureq::http::Response<ureq::Body>, ureq::Error>,
) -> Result<Answer> {
    let mut answer = answer.with_context(|| format!("no answer from {url}"))?;
    let status = answer.status().as_u16();
    let text = answer
        .body_mut()
        .read_to_string()
        .with_context(|| format!("cut off: {url}"))?;
    Ok(Answer { status, text })
}
