//! Looking at a database from outside: which steps ran there, without running any.

use crate::migrate::{self, BoxError};
use crate::postgres::Target;
use crate::{Engine, Step, StoreError};
use refinery::Migration;
use rusqlite::OpenFlags;
use std::path::{Path, PathBuf};
use std::time::Duration;
use tokio_postgres::NoTls;

/// What a database says about its schema, compared with the steps of this program.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Inspection {
    /// Which engine it runs on.
    pub engine: Engine,
    /// What ran there and is known to this program, in order.
    pub applied: Vec<StepName>,
    /// What has not run there; opening the database would run it.
    pub missing: Vec<StepName>,
    /// What ran there and has another text or name in this program, which refuses to open it then.
    pub changed: Vec<StepName>,
    /// What ran there and is unknown to this program, which refuses to open it then: a newer one
    /// was here.
    pub unknown: Vec<StepName>,
}

/// A step by its number and name.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct StepName {
    /// Its number.
    pub version: i32,
    /// Its name.
    pub name: String,
}

/// One line of a history.
struct Ran {
    step: StepName,
    checksum: String,
}

impl Inspection {
    fn new(engine: Engine) -> Self {
        Self {
            engine,
            applied: Vec::new(),
            missing: Vec::new(),
            changed: Vec::new(),
            unknown: Vec::new(),
        }
    }

    /// Compares the steps of one block with its history.
    fn compare(&mut self, known: &[Migration], ran: Vec<Ran>) {
        for migration in known {
            let version = migration.version();
            if !ran.iter().any(|ran| ran.step.version == version) {
                let name = migration.name().to_owned();
                self.missing.push(StepName { version, name });
            }
        }
        for Ran { step, checksum } in ran {
            let known = known.iter().find(|known| known.version() == step.version);
            match known {
                None => self.unknown.push(step),
                Some(known)
                    if known.name() == step.name && known.checksum().to_string() == checksum =>
                {
                    self.applied.push(step);
                }
                Some(_) => self.changed.push(step),
            }
        }
    }
}

/// Looks at a file, which has to be there.
pub(crate) async fn sqlite(path: PathBuf, steps: Vec<Step>) -> Result<Inspection, StoreError> {
    let what = path.display().to_string();
    let broken = |source: BoxError| StoreError::Open { what, source };
    let looked = tokio::task::spawn_blocking(move || look_at_file(&path, &steps)).await;
    looked
        .map_err(BoxError::from)
        .and_then(|looked| looked)
        .map_err(broken)
}

fn look_at_file(path: &Path, steps: &[Step]) -> Result<Inspection, BoxError> {
    // SQLite itself would not say that the file is missing, only that it cannot open it.
    let path = path.canonicalize()?;
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let connection = match as_closed(&path) {
        Some(uri) => rusqlite::Connection::open_with_flags(uri, flags)?,
        None => rusqlite::Connection::open_with_flags(path, flags)?,
    };
    connection.busy_timeout(PATIENCE)?;
    let mut inspection = Inspection::new(Engine::Sqlite);
    for (history, known) in migrate::blocks(steps, migrate::sqlite_text)? {
        let mut ran = Vec::new();
        if connection.table_exists(None, history.as_str())? {
            let mut statement = connection.prepare(&lines_of(&history))?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                let (version, name) = (row.get(0)?, row.get(1)?);
                let step = StepName { version, name };
                let checksum = row.get(2)?;
                ran.push(Ran { step, checksum });
            }
        }
        inspection.compare(&known, ran);
    }
    Ok(inspection)
}

/// The file as one that nobody has open, when no log lies beside it: a look at it as usual would
/// make that log and leave it there.
fn as_closed(path: &Path) -> Option<String> {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    if Path::new(&log).exists() {
        return None;
    }
    let path = path.to_str()?.replace('%', "%25");
    let path = path.replace('?', "%3f").replace('#', "%23");
    Some(format!("file:{path}?immutable=1"))
}

/// Looks at a schema; one that is not there is empty.
pub(crate) async fn postgres(target: &Target, steps: &[Step]) -> Result<Inspection, StoreError> {
    let looked = tokio::time::timeout(PATIENCE, look_at_server(target, steps)).await;
    looked
        .map_err(BoxError::from)
        .and_then(|looked| looked)
        .map_err(|source| StoreError::Open {
            what: target.name(),
            source,
        })
}

async fn look_at_server(target: &Target, steps: &[Step]) -> Result<Inspection, BoxError> {
    let (client, connection) = target.config.connect(NoTls).await?;
    // It ends by itself once its client is gone.
    tokio::spawn(connection);
    client.batch_execute(READ_ONLY).await?;
    let mut inspection = Inspection::new(Engine::Postgres);
    for (history, known) in migrate::blocks(steps, migrate::postgres_text)? {
        let mut ran = Vec::new();
        let exists = client
            .query_opt(EXISTS, &[&target.schema, &history])
            .await?;
        if exists.is_some() {
            for row in client.query(&lines_of(&history), &[]).await? {
                let (version, name) = (row.try_get(0)?, row.try_get(1)?);
                let step = StepName { version, name };
                let checksum = row.try_get(2)?;
                ran.push(Ran { step, checksum });
            }
        }
        inspection.compare(&known, ran);
    }
    Ok(inspection)
}

fn lines_of(history: &str) -> String {
    format!("SELECT version, name, checksum FROM {history} ORDER BY version")
}

const EXISTS: &str = "SELECT 1 FROM pg_tables WHERE schemaname = $1 AND tablename = $2";
const READ_ONLY: &str = "START TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY";
/// For a database that does not answer.
const PATIENCE: Duration = Duration::from_secs(10);
