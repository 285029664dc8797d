//! The network itself: it delivers, loses, holds back and repeats, the same way for the same seed.

use super::{Answer, Fault, Link, Rates, Request};
use axum::Router;
use kernel::{Clock, SeededRng, Timestamp};
use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Why no answer came.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Unreached {
    /// There is no site of that address, or it is down: nothing was sent.
    NoSite,
    /// The request or the answer was lost; nobody knows which.
    Silence,
}

/// A notice that its receiver acknowledged: from then on it is the receiver's to remember.
#[derive(Clone, Debug)]
pub struct Acknowledged {
    /// Where it was sent.
    pub url: String,
    /// What it said.
    pub fields: BTreeMap<String, String>,
    /// When it was acknowledged.
    pub at: Timestamp,
}

/// A request that is held back.
#[derive(Debug)]
struct Held {
    due_at: Timestamp,
    link: Link,
    request: Request,
}

#[derive(Default)]
struct State {
    sites: BTreeMap<String, Router>,
    rates: BTreeMap<Link, Rates>,
    next: BTreeMap<Link, VecDeque<Fault>>,
    held: Vec<Held>,
    acknowledged: Vec<Acknowledged>,
    faults: u64,
    exchanges: u64,
}

/// Sites by origin and faults between them. Clones share it.
#[derive(Clone)]
pub struct Network {
    clock: Arc<dyn Clock>,
    rng: SeededRng,
    state: Arc<Mutex<State>>,
}

impl std::fmt::Debug for Network {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Network").finish_non_exhaustive()
    }
}

impl Network {
    /// A network without sites and without faults.
    #[must_use]
    pub fn new(clock: Arc<dyn Clock>, rng: SeededRng) -> Self {
        Self {
            clock,
            rng,
            state: Arc::default(),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Puts a site on the network, in place of the one that was there.
    pub fn put_site(&self, origin: &str, site: Router) {
        self.state().sites.insert(origin.to_owned(), site);
    }

    /// Takes a site off the network.
    pub fn take_site(&self, origin: &str) {
        self.state().sites.remove(origin);
    }

    /// From now on faults happen so often on that link.
    pub fn set_rates(&self, link: Link, rates: Rates) {
        self.state().rates.insert(link, rates);
    }

    /// No more faults; what is held back still arrives.
    pub fn heal(&self) {
        let mut state = self.state();
        state.rates.clear();
        state.next.clear();
    }

    /// The next exchange on that link has this fault.
    pub fn fail_next(&self, link: Link, fault: Fault) {
        let mut state = self.state();
        state.next.entry(link).or_default().push_back(fault);
    }

    /// How many exchanges there were, and how many of them had a fault.
    #[must_use]
    pub fn counts(&self) -> (u64, u64) {
        let state = self.state();
        (state.exchanges, state.faults)
    }

    /// Every notice that was acknowledged so far.
    #[must_use]
    pub fn acknowledged(&self) -> Vec<Acknowledged> {
        self.state().acknowledged.clone()
    }

    /// When the next request that is held back arrives.
    #[must_use]
    pub fn next_held(&self) -> Option<Timestamp> {
        self.state().held.iter().map(|held| held.due_at).min()
    }

    /// Lets everything arrive whose time has come; returns how many requests that were.
    pub async fn deliver_held(&self) -> usize {
        let now = self.clock.now();
        let due: Vec<Held> = {
            let mut state = self.state();
            let (due, later) = std::mem::take(&mut state.held)
                .into_iter()
                .partition(|held| held.due_at <= now);
            state.held = later;
            due
        };
        for held in &due {
            // Nobody waits for the answer any more.
            if let Some(site) = self.site(&held.request) {
                self.deliver(&site, held.link, &held.request).await;
            }
        }
        due.len()
    }

    /// Sends a request over a link that has faults.
    ///
    /// # Errors
    /// When no answer came, for whatever reason.
    pub async fn exchange(&self, link: Link, request: &Request) -> Result<Answer, Unreached> {
        let fault = self.draw(link);
        let site = self.site(request).ok_or(Unreached::NoSite)?;
        match fault {
            None => Ok(self.deliver(&site, link, request).await),
            Some(Fault::LoseRequest) => Err(Unreached::Silence),
            Some(Fault::LoseAnswer) => {
                self.deliver_unheard(&site, request).await;
                Err(Unreached::Silence)
            }
            Some(Fault::Delay { ms }) => {
                let due_at = self.clock.now().plus_ms(ms);
                self.state().held.push(Held {
                    due_at,
                    link,
                    request: request.clone(),
                });
                Err(Unreached::Silence)
            }
            Some(Fault::Garble) if link == Link::Notice => {
                let mut garbled = request.clone();
                turn_a_bit(&mut garbled.body);
                Ok(self.deliver(&site, link, &garbled).await)
            }
            Some(Fault::Garble) => {
                let mut answer = self.deliver(&site, link, request).await;
                turn_a_bit(&mut answer.body);
                Ok(answer)
            }
            Some(Fault::Double) => {
                self.deliver(&site, link, request).await;
                Ok(self.deliver(&site, link, request).await)
            }
        }
    }

    /// Sends a request over a link without faults: a browser's, a test's.
    ///
    /// # Errors
    /// When there is no such site.
    pub async fn call(&self, request: &Request) -> Result<Answer, Unreached> {
        let site = self.site(request).ok_or(Unreached::NoSite)?;
        Ok(request.send_to(&site).await)
    }

    fn site(&self, request: &Request) -> Option<Router> {
        self.state().sites.get(&request.origin()).cloned()
    }

    fn draw(&self, link: Link) -> Option<Fault> {
        let mut state = self.state();
        state.exchanges += 1;
        let scripted = state.next.get_mut(&link).and_then(VecDeque::pop_front);
        let rates = state.rates.get(&link).copied().unwrap_or_default();
        let fault = scripted.or_else(|| rates.draw(&self.rng));
        state.faults += u64::from(fault.is_some());
        fault
    }

    async fn deliver(&self, site: &Router, link: Link, request: &Request) -> Answer {
        let answer = request.send_to(site).await;
        if link == Link::Notice && answer.status.is_success() && answer.body == b"success" {
            let fields = url::form_urlencoded::parse(&request.body)
                .into_owned()
                .collect();
            let acknowledged = Acknowledged {
                url: request.url.clone(),
                fields,
                at: self.clock.now(),
            };
            self.state().acknowledged.push(acknowledged);
        }
        answer
    }

    /// The answer is lost, so nothing counts as acknowledged by it.
    async fn deliver_unheard(&self, site: &Router, request: &Request) {
        request.send_to(site).await;
    }
}

fn turn_a_bit(bytes: &mut [u8]) {
    let middle = bytes.len() / 2;
    if let Some(byte) = bytes.get_mut(middle) {
        *byte ^= 1;
    }
}
