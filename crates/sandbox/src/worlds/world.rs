//! One world: opened, running, stopped.

use super::app_ids::AppIds;
use super::clock::WorldClock;
use super::keep::WorldError;
use super::name::WorldName;
use super::parts::WorldsParts;
use super::record::{Folder, Record};
use crate::app::find_trade::list_apps;
use crate::{Sandbox, SandboxParts};
use kernel::Timestamp;
use service::late_control::LateControl;
use service::schedule::Schedule;
use std::fmt;
use std::sync::Arc;
use store::Db;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

/// A world that is open.
pub struct World {
    name: WorldName,
    main_app: String,
    made_at: Timestamp,
    sandbox: Sandbox,
    router: axum::Router,
    stop: CancellationToken,
    work: tokio::sync::Mutex<Option<JoinHandle<()>>>,
}

impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("World")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl World {
    /// Opens the database of a world and lets it run.
    pub(super) async fn open(
        parts: &WorldsParts,
        ids: &AppIds,
        name: WorldName,
        clock: WorldClock,
        seed: Option<i64>,
        record: &Record,
    ) -> Result<Self, WorldError> {
        let db = Db::open(parts.places.options(&name)).await?;
        // Nobody else has it: what a killed run held is free at once.
        db.write(|tx| Box::pin(async move { store::jobs::release_all(tx).await }))
            .await?;
        let control = LateControl::new(clock.clock());
        let sandbox = Sandbox::open(SandboxParts {
            db,
            clock: clock.clock(),
            clock_control: Some(Arc::new(control.clone())),
            public_url: format!("{}{}", parts.parts.public_url, name.prefix()),
            world: name.clone(),
            seed,
            demo: false,
            ..parts.parts.clone()
        })
        .await?;
        sandbox.context().join(ids.clone());
        for app in list_apps(sandbox.context()).await? {
            if !sandbox.context().claim_app(&app.app_id) {
                tracing::warn!(
                    "The application {} is in another world, too; the world `{name}` is reached by its path only",
                    app.app_id
                );
            }
        }
        control.moves(Arc::new(schedule(parts, &name, &clock, &sandbox)));
        let stop = CancellationToken::new();
        let work = parts.runs.then(|| {
            let (worker, stop) = (sandbox.worker(), stop.clone());
            tokio::spawn(async move { worker.run_until(stop).await })
        });
        Ok(Self {
            name,
            main_app: record.main_app.clone(),
            made_at: record.made_at,
            router: sandbox.router(),
            sandbox,
            stop,
            work: tokio::sync::Mutex::new(work),
        })
    }

    /// What it is called.
    pub fn name(&self) -> &WorldName {
        &self.name
    }

    /// The application at the top of its `sandbox.json`.
    pub fn main_app(&self) -> &str {
        &self.main_app
    }

    /// When it was made, by the wall clock.
    pub fn made_at(&self) -> Timestamp {
        self.made_at
    }

    /// The sandbox that it is.
    pub fn sandbox(&self) -> &Sandbox {
        &self.sandbox
    }

    /// Its routes, below its prefix.
    pub(super) fn router(&self) -> axum::Router {
        self.router.clone()
    }

    /// Lets what runs come to its end and closes the database; a second time is harmless.
    pub(super) async fn stop(&self) {
        self.stop.cancel();
        if let Some(work) = self.work.lock().await.take() {
            // It was asked to end; how it did is in the log.
            let _ = work.await;
        }
        self.sandbox.context().db().close().await;
    }
}

/// Moves the world's clock, and keeps it after each move.
fn schedule(
    parts: &WorldsParts,
    name: &WorldName,
    clock: &WorldClock,
    sandbox: &Sandbox,
) -> Schedule {
    let schedule = Schedule::new(clock.movable(), vec![sandbox.worker()]);
    let Some(all) = &parts.folder else {
        return schedule;
    };
    let (folder, clock) = (Folder::of(all, name), clock.clone());
    schedule.on_move(Arc::new(move |_| {
        if let Err(error) = folder.keep_clock(clock.to_keep()) {
            tracing::error!("A world's clock is not kept: {error}");
        }
    }))
}
