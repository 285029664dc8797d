//! A schema per test on a server that somebody else runs.

use kernel::{Clock, OsRng, Rng, SystemClock, time::HOUR_MS};
use tokio::sync::OnceCell;
use tokio_postgres::{Client, NoTls};

/// A schema's name, free to use. Dropped, the schema goes.
#[derive(Debug)]
pub(crate) struct Schema {
    server: String,
    name: String,
}

impl Schema {
    /// Thinks up a name; the store makes the schema.
    pub(crate) async fn reserve() -> Self {
        let server = server();
        // What a killed test left behind goes with the first test of a later run.
        SWEPT.get_or_init(|| sweep(&server)).await;
        let chance = OsRng.next_u64();
        let name = format!("{PREFIX}{:012x}_{chance:016x}", SystemClock.now().ms());
        Self { server, name }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The server's address, told not to wait for its disk, and whose connections these are.
    pub(crate) fn url(&self) -> String {
        let separator = if self.server.contains('?') { '&' } else { '?' };
        format!(
            "{}{separator}options=-c%20synchronous_commit%3Doff&application_name={}",
            self.server, self.name
        )
    }
}

impl Drop for Schema {
    fn drop(&mut self) {
        let (server, name) = (self.server.clone(), self.name.clone());
        // On a thread of its own: the test's runtime may be ending, or panicking.
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build();
            if let Ok(runtime) = runtime {
                runtime.block_on(async {
                    if let Some(client) = connect(&server).await {
                        remove(&client, &name).await;
                    }
                });
            }
        });
        // A schema that stays is swept later.
        let _ = thread.join();
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "tests are told by the environment where the server is"
)]
fn server() -> String {
    std::env::var(VARIABLE).unwrap_or_else(|_| {
        panic!("run through `cargo xtask`, which starts a PostgreSQL, or set {VARIABLE}")
    })
}

async fn connect(server: &str) -> Option<Client> {
    let (client, connection) = tokio_postgres::connect(server, NoTls).await.ok()?;
    tokio::spawn(connection);
    Some(client)
}

/// A test that ended without closing its database may have left connections inside transactions.
async fn remove(client: &Client, name: &str) {
    let words = format!(
        "SET lock_timeout = '5s';
         SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = '{name}';
         DROP SCHEMA IF EXISTS {name} CASCADE"
    );
    let _ = client.batch_execute(&words).await;
}

async fn sweep(server: &str) {
    let Some(client) = connect(server).await else {
        return;
    };
    let oldest = format!("{PREFIX}{:012x}", SystemClock.now().plus_ms(-HOUR_MS).ms());
    let left_over = "SELECT CAST(nspname AS TEXT) FROM pg_namespace \
         WHERE nspname LIKE $1 AND CAST(nspname AS TEXT) COLLATE \"C\" < $2 LIMIT 50";
    let pattern = format!("{}%", PREFIX.replace('_', "\\_"));
    let rows = client.query(left_over, &[&pattern, &oldest]).await;
    for row in rows.unwrap_or_default() {
        remove(&client, row.get(0)).await;
    }
}

static SWEPT: OnceCell<()> = OnceCell::const_new();
const VARIABLE: &str = "TONGBAO_TEST_POSTGRES";
const PREFIX: &str = "test_";
