//! What every use case is handed: the database, clocks, chance, the way out, the applications.

use crate::chance::{Chance, Lane, derived};
use crate::domain::App;
use crate::exchanges::Exchanges;
use crate::faults::Faults;
use crate::gateway::{CallerKeys, Nonces};
use crate::notices::NoticeSender;
use crate::store::origins::Origin;
use crate::worlds::{AppIds, WorldName, Worlds};
use kernel::{Clock, Rng, Timestamp};
use service::clock_control::ClockControl;
use service::password::Passwords;
use service::worker::Worker;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, OnceLock, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard, Weak};
use store::{Db, StoreError};

/// What a sandbox is made of.
#[derive(Clone)]
pub struct SandboxParts {
    /// Its own database, opened with the sandbox's [`steps`](crate::steps).
    pub db: Db,
    /// The business clock: stamps trades, makes work due.
    pub clock: Arc<dyn Clock>,
    /// The wall clock: sessions and locks of people.
    pub wall: Arc<dyn Clock>,
    /// Where numbers and tokens come from.
    pub rng: Arc<dyn Rng>,
    /// Hashes and looks at buyers' passwords.
    pub passwords: Passwords,
    /// Delivers notices.
    pub sender: Arc<dyn NoticeSender>,
    /// The address under which browsers and programs reach it, without a slash at the end.
    pub public_url: String,
    /// Who comes from another machine needs it for the control API; without one only this machine
    /// may use it.
    pub control_token: Option<String>,
    /// Moves the business clock; without one the control API only shows it.
    pub clock_control: Option<Arc<dyn ClockControl>>,
    /// Merchant and shops live beside it: no reset, and the pages say the demo's credentials.
    pub demo: bool,
    /// What this world is called among others of a process.
    pub world: WorldName,
    /// Makes its numbers the same for the same calls; a world that began with another one keeps
    /// that. Without one chance is the system's.
    pub seed: Option<i64>,
}

impl fmt::Debug for SandboxParts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SandboxParts")
            .field("public_url", &self.public_url)
            .finish_non_exhaustive()
    }
}

/// The parts and what is kept in memory beside them. Clones share it.
#[derive(Clone)]
pub struct Context(Arc<Inner>, Lane);

struct Inner {
    parts: SandboxParts,
    chance: Chance,
    ids: OnceLock<AppIds>,
    worlds: OnceLock<Worlds>,
    callers: RwLock<Callers>,
    exchanges: Exchanges,
    faults: Faults,
    nonces: Nonces,
    worker: OnceLock<Weak<Worker>>,
}

/// Applications with their keys read.
#[derive(Default)]
struct Callers {
    known: HashMap<String, Arc<Caller>>,
    /// Counts what was forgotten: what was read before is not put in afterwards.
    forgotten: u64,
}

/// An application with its keys read.
#[derive(Debug)]
pub struct Caller {
    /// The application.
    pub app: App,
    /// Its keys.
    pub keys: CallerKeys,
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context").finish_non_exhaustive()
    }
}

impl Context {
    pub(crate) fn new(mut parts: SandboxParts, origin: &Origin) -> Self {
        parts.public_url = without_default_port(&parts.public_url);
        let inner = Inner {
            chance: Chance::new(&parts.rng, origin),
            parts,
            ids: OnceLock::new(),
            worlds: OnceLock::new(),
            callers: RwLock::default(),
            exchanges: Exchanges::default(),
            faults: Faults::default(),
            nonces: Nonces::default(),
            worker: OnceLock::new(),
        };
        Self(Arc::new(inner), Lane::Calls)
    }

    /// The same for follow-up work, whose chance is a stream of its own.
    pub(crate) fn for_jobs(&self) -> Self {
        Self(Arc::clone(&self.0), Lane::Jobs)
    }

    /// The database.
    pub fn db(&self) -> &Db {
        &self.0.parts.db
    }

    /// Where numbers and tokens come from.
    pub fn rng(&self) -> &dyn Rng {
        self.0.chance.lane(self.1)
    }

    /// Begins the chance of a seeded world anew, at a place in its history.
    pub(crate) fn begin_chance(&self, turn: &str) {
        self.0.chance.begin(turn);
    }

    /// The seed of its chance, when there is one.
    pub fn seed(&self) -> Option<i64> {
        self.0.chance.seed()
    }

    /// Where the numbers of the application of a name come from: those of a seed do not depend on
    /// what else was made before, and two worlds of one seed have other ones.
    pub(crate) fn app_rng(&self, name: &str) -> Arc<dyn Rng> {
        match self.seed() {
            Some(seed) => Arc::new(derived(seed, &["app", self.0.parts.world.as_str(), name])),
            None => Arc::clone(&self.0.parts.rng),
        }
    }

    /// Lives beside other worlds from now on: application numbers are told apart over all of them.
    pub(crate) fn join(&self, ids: AppIds) {
        // Joined once, by whoever keeps the worlds.
        let _ = self.0.ids.set(ids);
    }

    /// Whether this world may have an application of that number: no other one of the process has.
    pub(crate) fn claim_app(&self, app_id: &str) -> bool {
        let ids = self.0.ids.get();
        ids.is_none_or(|ids| ids.claim(app_id, &self.0.parts.world))
    }

    /// Keeps the other worlds of the process from now on.
    pub(crate) fn keep_worlds(&self, worlds: Worlds) {
        let _ = self.0.worlds.set(worlds);
    }

    /// The other worlds of the process, when this one keeps them.
    pub fn worlds(&self) -> Option<&Worlds> {
        self.0.worlds.get()
    }

    /// Where calls of v3 begin: an origin alone, because SDKs sign the path behind it. The world is
    /// known by the application.
    pub fn v3_base_url(&self) -> &str {
        let url = self.public_url();
        let prefix = self.0.parts.world.prefix();
        url.strip_suffix(prefix.as_str()).unwrap_or(url)
    }

    /// The business clock.
    pub fn clock(&self) -> &dyn Clock {
        &*self.0.parts.clock
    }

    /// What the business clock shows.
    pub fn now(&self) -> Timestamp {
        self.0.parts.clock.now()
    }

    /// Everything that it was made of.
    pub fn parts(&self) -> &SandboxParts {
        &self.0.parts
    }

    /// The address under which it is reached, without a slash at the end.
    pub fn public_url(&self) -> &str {
        &self.0.parts.public_url
    }

    /// The last exchanges of the gateway.
    pub fn exchanges(&self) -> &Exchanges {
        &self.0.exchanges
    }

    /// What goes wrong on purpose.
    pub fn faults(&self) -> &Faults {
        &self.0.faults
    }

    /// The numbers that calls of v3 have used.
    pub(crate) fn nonces(&self) -> &Nonces {
        &self.0.nonces
    }

    pub(crate) fn set_worker(&self, worker: &Arc<Worker>) {
        // Set once, by the sandbox that owns this context.
        let _ = self.0.worker.set(Arc::downgrade(worker));
    }

    /// Lets due work start now: after a commit that scheduled some.
    pub fn wake(&self) {
        if let Some(worker) = self.0.worker.get().and_then(Weak::upgrade) {
            worker.wake();
        }
    }

    /// An application with its keys read, from memory or the database.
    ///
    /// # Errors
    /// When the database fails or holds a key that is none.
    pub async fn caller(&self, app_id: &str) -> Result<Option<Arc<Caller>>, StoreError> {
        let forgotten = {
            let callers = self.callers();
            if let Some(known) = callers.known.get(app_id) {
                return Ok(Some(Arc::clone(known)));
            }
            callers.forgotten
        };
        let wanted = app_id.to_owned();
        let found = self
            .db()
            .read(move |tx| {
                let wanted = wanted.clone();
                Box::pin(async move {
                    let Some(app) = crate::store::apps::find(tx, &wanted).await? else {
                        return Ok(None);
                    };
                    let authority = crate::store::certs::find_authority(tx).await?;
                    let certs = crate::store::certs::list(tx, &wanted).await?;
                    Ok::<_, StoreError>(Some((app, authority, certs)))
                })
            })
            .await?;
        let Some((app, authority, certs)) = found else {
            return Ok(None);
        };
        let keys = CallerKeys::read(&app, authority.as_ref(), certs)?;
        let caller = Arc::new(Caller { app, keys });
        let mut callers = self.callers_mut();
        if callers.forgotten == forgotten {
            let kept = Arc::clone(&caller);
            callers.known.insert(app_id.to_owned(), kept);
        }
        Ok(Some(caller))
    }

    /// Forgets what is kept in memory of rows: others took their place.
    pub(crate) fn forget(&self) {
        let mut callers = self.callers_mut();
        callers.known.clear();
        callers.forgotten += 1;
        drop(callers);
        self.0.exchanges.clear();
    }

    /// Has an application read anew: its row or its certificates changed.
    pub(crate) fn forget_caller(&self, app_id: &str) {
        let mut callers = self.callers_mut();
        callers.known.remove(app_id);
        callers.forgotten += 1;
    }

    fn callers(&self) -> RwLockReadGuard<'_, Callers> {
        let callers = self.0.callers.read();
        callers.unwrap_or_else(PoisonError::into_inner)
    }

    fn callers_mut(&self) -> RwLockWriteGuard<'_, Callers> {
        let callers = self.0.callers.write();
        callers.unwrap_or_else(PoisonError::into_inner)
    }
}

/// The address without the port that goes without saying, and without a slash at the end. The
/// official Python SDK cannot read an address with a port in it, not even with this one.
fn without_default_port(address: &str) -> String {
    let address = address.trim_end_matches('/');
    let port = match address.split_once("://") {
        Some(("http", _)) => ":80",
        Some(("https", _)) => ":443",
        _ => return address.to_owned(),
    };
    address.strip_suffix(port).unwrap_or(address).to_owned()
}

#[cfg(test)]
mod tests {
    use super::without_default_port;

    #[test]
    fn the_default_port_goes_without_saying() {
        for (given, wanted) in [
            ("http://127.0.0.9:80", "http://127.0.0.9"),
            ("https://pay.example:443/", "https://pay.example"),
            ("http://127.0.0.1:8609/", "http://127.0.0.1:8609"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:80", "http://[::1]"),
            ("http://[fe80::80]", "http://[fe80::80]"),
        ] {
            assert_eq!(without_default_port(given), wanted);
        }
    }
}
