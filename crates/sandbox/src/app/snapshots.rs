//! The whole world, saved and put back: accounts, ledger, trades, notices, jobs, visits, logins,
//! the fault dial and the time. What a snapshot does not hold is other snapshots, and the gateway's
//! last exchanges, which belong to what happened and not to what is.

use super::fresh::token;
use crate::context::Context;
use crate::faults::Dial;
use crate::store::snapshots::{self, Held, Snapshot, TABLE};
use service::clock_control::ClockError;
use store::{StoreError, Whole};

/// How many are kept.
pub const MOST_SNAPSHOTS: i64 = 100;
/// How long a snapshot's name may be, in characters.
const MOST_NAME: usize = 100;
/// Tables that are no part of the world.
const OUTSIDE: &[&str] = &[TABLE];

/// Why no world was saved or put back.
#[derive(Debug, thiserror::Error)]
pub enum SnapshotError {
    /// Merchant and shops live beside this sandbox and would not follow.
    #[error("in the demo merchant and shops would not follow")]
    Demo,
    /// The clock is somebody else's.
    #[error("this sandbox runs on a clock that cannot be set")]
    ClockFixed,
    /// A name that is none.
    #[error("a snapshot's name has at most {MOST_NAME} characters")]
    Name,
    /// Enough of them.
    #[error("there are {MOST_SNAPSHOTS} snapshots already; delete some")]
    TooMany,
    /// There is none of that number.
    #[error("there is no such snapshot")]
    Unknown,
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<ClockError> for SnapshotError {
    fn from(error: ClockError) -> Self {
        match error {
            ClockError::Past { .. } => Self::ClockFixed,
            ClockError::Store(error) => Self::Store(error),
        }
    }
}

const fn standalone(cx: &Context, demo: bool) -> Result<&Context, SnapshotError> {
    if demo {
        Err(SnapshotError::Demo)
    } else {
        Ok(cx)
    }
}

/// Saves the world as it is.
///
/// # Errors
/// In the demo, when there are too many, and when the database fails.
pub async fn take(cx: &Context, name: Option<String>) -> Result<Snapshot, SnapshotError> {
    let cx = standalone(cx, cx.parts().demo)?;
    let name = name.unwrap_or_default().trim().to_owned();
    if name.chars().count() > MOST_NAME {
        return Err(SnapshotError::Name);
    }
    let at = cx.now();
    let (many, whole): (i64, Whole) = cx
        .db()
        .read(|tx| {
            Box::pin(async move {
                let many = snapshots::count(tx).await?;
                Ok::<_, StoreError>((many, tx.take_whole(OUTSIDE).await?))
            })
        })
        .await?;
    if many >= MOST_SNAPSHOTS {
        return Err(SnapshotError::TooMany);
    }
    let snapshot = Snapshot {
        snapshot_id: format!("snap_{}", token(cx.rng())),
        name,
        at,
        saved_at: cx.parts().wall.now(),
        rows: i64::try_from(whole.rows()).unwrap_or(i64::MAX),
    };
    let held = Held {
        faults: serde_json::to_string(&cx.faults().show().dial).unwrap_or_default(),
        world: whole.to_text()?,
    };
    let kept = snapshot.clone();
    cx.db()
        .write(move |tx| {
            let (snapshot, held) = (snapshot.clone(), held.clone());
            Box::pin(async move { snapshots::insert(tx, &snapshot, &held).await })
        })
        .await?;
    Ok(kept)
}

/// All that were saved, newest first.
///
/// # Errors
/// When the database fails.
pub async fn list(cx: &Context) -> Result<Vec<Snapshot>, StoreError> {
    cx.db()
        .read(|tx| Box::pin(async move { snapshots::list(tx).await }))
        .await
}

/// Forgets one.
///
/// # Errors
/// When there is none of that number, or the database fails.
pub async fn delete(cx: &Context, id: &str) -> Result<(), SnapshotError> {
    let id = id.to_owned();
    let gone: Result<bool, StoreError> = cx
        .db()
        .write(move |tx| {
            let id = id.clone();
            Box::pin(async move { snapshots::delete(tx, &id).await })
        })
        .await;
    if gone? {
        Ok(())
    } else {
        Err(SnapshotError::Unknown)
    }
}

/// Puts a world in the place of this one, its time too. Jobs that were being done when it was saved
/// are done again.
///
/// # Errors
/// In the demo, when there is none of that number, and when the database fails: then nothing has
/// changed.
pub async fn restore(cx: &Context, id: &str) -> Result<Snapshot, SnapshotError> {
    let cx = standalone(cx, cx.parts().demo)?;
    let control = cx.parts().clock_control.clone();
    let control = control.ok_or(SnapshotError::ClockFixed)?;
    let wanted = id.to_owned();
    let found = cx
        .db()
        .read(move |tx| {
            let wanted = wanted.clone();
            Box::pin(async move { snapshots::find(tx, &wanted).await })
        })
        .await?;
    let (snapshot, held) = found.ok_or(SnapshotError::Unknown)?;
    let whole = Whole::parse(&held.world)?;
    let dial: Dial = serde_json::from_str(&held.faults).unwrap_or_default();
    let inside = cx.clone();
    let work = async move {
        inside
            .db()
            .write(move |tx| {
                let whole = whole.clone();
                Box::pin(async move {
                    tx.put_back_whole(&whole, OUTSIDE).await?;
                    store::jobs::release_all(tx).await?;
                    Ok::<_, StoreError>(())
                })
            })
            .await?;
        inside.forget();
        // A dial that was taken once is taken again.
        let _ = inside.faults().set(dial);
        Ok(())
    };
    control.put_back(snapshot.at, Box::pin(work)).await?;
    // A seed goes on from here in the same way each time.
    cx.begin_chance(&snapshot.snapshot_id);
    cx.wake();
    Ok(snapshot)
}
