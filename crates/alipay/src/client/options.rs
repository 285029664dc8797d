//! How a client calls: which gateway, how often, who watches.

use super::{Client, Hook};
use crate::{Outcome, Why, answers::Answered, poll::Timer, transport::TransportErrorKind};
use std::{fmt, sync::Arc};

/// Which of Alipay's two gateways is called.
#[derive(Clone, Copy, Debug, Default, Eq, Hash, PartialEq)]
pub enum Gateway {
    /// `/gateway.do`: every method, parameters in a form, an envelope around the answer.
    #[default]
    V2,
    /// `/v3/…`: REST with JSON, signed in headers. Methods that it lacks go through v2.
    V3,
}

/// How often a call is sent when nobody knows what came of it: once, unless said otherwise.
///
/// A call is sent again only when that is safe: when it certainly never left this machine, or
/// when nobody knows and [`Repeat`](super::Repeat) allows it. Every attempt is signed anew.
#[derive(Clone)]
pub struct Retry {
    attempts: u32,
    pause: Option<(Arc<dyn Timer>, u64)>,
}

impl Retry {
    /// At most this many attempts, at least one and at most ten, without a pause between them.
    #[must_use]
    pub fn attempts(attempts: u32) -> Self {
        Self {
            attempts: attempts.clamp(1, MAX_ATTEMPTS),
            pause: None,
        }
    }

    /// The same with pauses: that many milliseconds before the second attempt, twice as many before
    /// each further one.
    #[must_use]
    pub fn pausing(self, timer: Arc<dyn Timer>, first_ms: u64) -> Self {
        Self {
            pause: Some((timer, first_ms)),
            ..self
        }
    }

    /// Returns `true` when this outcome of that attempt is no reason to stop.
    pub(super) fn goes_on(
        &self,
        attempt: u32,
        outcome: &Outcome<Answered>,
        repeatable: bool,
    ) -> bool {
        let Outcome::Unknown(unknown) = outcome else {
            return false;
        };
        let again = match &unknown.why {
            Why::Transport(error) if error.kind == TransportErrorKind::NotSent => true,
            Why::Transport(_) => repeatable,
            Why::Status(status) => repeatable && *status >= 500,
            // 10003 waits for the buyer; asking the same again does not make him faster.
            Why::Busy(refusal) => repeatable && refusal.code != "10003",
            // Whoever answered wrongly or without a signature will do so again.
            _ => false,
        };
        again && attempt < self.attempts
    }

    pub(super) async fn wait(&self, attempt: u32) {
        if let Some((timer, first_ms)) = &self.pause {
            let doublings = attempt.saturating_sub(1).min(MAX_ATTEMPTS);
            timer.wait(first_ms.saturating_mul(1 << doublings)).await;
        }
    }
}

impl Default for Retry {
    fn default() -> Self {
        Self::attempts(1)
    }
}

impl fmt::Debug for Retry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Retry")
            .field("attempts", &self.attempts)
            .field("pauses", &self.pause.is_some())
            .finish()
    }
}

/// What a client was told beside its application and transport.
#[derive(Clone, Default)]
pub(super) struct Options {
    pub(super) gateway: Gateway,
    pub(super) retry: Retry,
    pub(super) hook: Option<Arc<dyn Hook>>,
}

impl Client {
    /// The same client over that gateway. Methods that v3 lacks, and pages, go through v2 all the
    /// same.
    #[must_use]
    pub fn with_gateway(&self, gateway: Gateway) -> Self {
        let mut client = self.clone();
        client.options.gateway = gateway;
        client
    }

    /// The same client, sending again where that is safe.
    #[must_use]
    pub fn with_retry(&self, retry: Retry) -> Self {
        let mut client = self.clone();
        client.options.retry = retry;
        client
    }

    /// The same client with somebody who is told of every attempt.
    #[must_use]
    pub fn with_hook(&self, hook: Arc<dyn Hook>) -> Self {
        let mut client = self.clone();
        client.options.hook = Some(hook);
        client
    }

    /// The same client, calling for the merchant who gave this `app_auth_token` to a service
    /// provider. Clones are cheap: one for each merchant, or one for each call.
    #[must_use]
    pub fn on_behalf_of(&self, app_auth_token: &str) -> Self {
        let mut client = self.clone();
        client.app = self.app.on_behalf_of(app_auth_token);
        client
    }

    /// Which gateway is called.
    #[must_use]
    pub const fn gateway(&self) -> Gateway {
        self.options.gateway
    }
}

const MAX_ATTEMPTS: u32 = 10;
