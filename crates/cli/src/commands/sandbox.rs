//! `tongbao sandbox`: the offline Alipay alone.

use super::seed_data;
use crate::args::SandboxArgs;
use crate::demo::{Folder, public_host};
use crate::exit::Failure;
use crate::printer;
use crate::running::Running;
use anyhow::Context as _;
use kernel::{BusinessClock, Clock, MovableClock, OsRng, Rng, SystemClock};
use sandbox::worlds::{InFiles, InMemory, OnServer, Places, WorldName, Worlds, WorldsParts};
use sandbox::{BuyerSpec, Filled, NewApp, Profile, Sandbox, SandboxParts};
use service::late_control::LateControl;
use service::password::Passwords;
use service::schedule::Schedule;
use service::telemetry::LogOptions;
use std::path::Path;
use std::sync::Arc;
use store::{Db, DbOptions};

/// SQLite without a file.
const IN_MEMORY: &str = "sqlite::memory:";
/// What stands before a world's name in its schema's.
const WORLD_SCHEMA: &str = "world_";

/// Runs it until it is asked to stop.
pub(crate) async fn run(args: SandboxArgs) -> Result<(), Failure> {
    service::telemetry::init(&LogOptions {
        filter: "warn".to_owned(),
        json: None,
    })?;
    let listener = std::net::TcpListener::bind(args.listen)
        .with_context(|| format!("cannot listen on {}", args.listen))?;
    let address = listener.local_addr()?;
    let public_url = args.public_url.clone();
    let public_url = public_url.unwrap_or_else(|| origin(address));
    let folder = Arc::new(Folder::open(&args.data)?);
    let db = open_database(&args, &folder).await?;

    let wall: Arc<dyn Clock> = Arc::new(SystemClock);
    let ahead_ms = if args.memory {
        0
    } else {
        folder.clock_offset_ms()?
    };
    let clock = BusinessClock::new(Arc::clone(&wall), ahead_ms);
    let shared: Arc<dyn Clock> = Arc::new(clock.clone());
    let rng: Arc<dyn Rng> = Arc::new(OsRng);
    let control = LateControl::new(Arc::clone(&shared));
    let parts = SandboxParts {
        db: db.clone(),
        clock: shared,
        wall,
        rng: Arc::clone(&rng),
        passwords: Passwords::new(rng),
        sender: Arc::new(sandbox::HttpSender::new()?),
        public_url: public_url.clone(),
        control_token: Some(folder.secrets()?.control_token),
        clock_control: Some(Arc::new(control.clone())),
        demo: false,
        world: WorldName::default(),
        seed: args.seed,
    };
    let sandbox = Sandbox::open(parts.clone()).await?;
    check_seed(&args, &sandbox)?;
    let main_app = fill(&args, &sandbox).await?;
    sandbox.ensure_buyer(BuyerSpec::default_buyer()).await?;
    let app = NewApp {
        name: main_app.clone(),
        app_public_key: None,
        profile: Profile::Production,
    };
    sandbox.ensure_app(app).await?;

    let movable: Arc<dyn MovableClock> = Arc::new(clock.clone());
    let mut schedule = Schedule::new(movable, vec![sandbox.worker()]);
    if !args.memory {
        let kept = Arc::clone(&folder);
        schedule = schedule.on_move(Arc::new(move |_| {
            if let Err(error) = kept.keep_clock_offset_ms(clock.offset_ms()) {
                tracing::error!("The clock's offset is not kept: {error:#}");
            }
        }));
    }
    control.moves(Arc::new(schedule));
    let worlds = Worlds::open(worlds_parts(&args, &folder, parts), &sandbox)
        .await
        .context("the worlds of the former run cannot be opened")?;

    // Before anybody is answered: whoever waits for an answer reads the file next.
    let place = folder.path().join("sandbox");
    sandbox::files::write(&sandbox, &place, &main_app).await?;

    let mut running = Running::new()?;
    running.serve("the sandbox", listener, worlds.front(sandbox.router()))?;
    running.work(sandbox.worker());
    tell(&public_url, &place, &worlds);
    let ended = running.until_stopped().await;
    worlds.stop().await;
    db.close().await;
    Ok(ended?)
}

/// Puts in what the seed data say, once; returns the application that comes first.
async fn fill(args: &SandboxArgs, sandbox: &Sandbox) -> anyhow::Result<String> {
    if let Some(file) = &args.seed_data {
        let filling = seed_data::read(file)?;
        let filled = sandbox.fill(&filling).await;
        let filled = filled.with_context(|| format!("`{}` cannot be used", file.display()))?;
        if filled == Filled::Otherwise {
            printer::say(format!(
                "`{}` is not used: `{}` was filled with other seed data before. Delete the folder to begin anew.",
                file.display(),
                args.data.display()
            ));
        }
    }
    let filling = sandbox.filling().await;
    Ok(filling
        .context("what the last start or reset left to fill cannot be filled")?
        .main_app()
        .to_owned())
}

fn tell(public_url: &str, place: &Path, worlds: &Worlds) {
    printer::say(format!(
        "The offline Alipay listens on {public_url}/gateway.do"
    ));
    printer::say(format!(
        "Addresses and keys for any SDK: {}",
        place.join("sandbox.json").display()
    ));
    for world in worlds.list() {
        printer::say(format!(
            "The world {} is at {}/",
            world.name(),
            world.sandbox().context().public_url()
        ));
    }
}

/// Opens the database of the world at the root; jobs that a killed run held are free at once.
async fn open_database(args: &SandboxArgs, folder: &Folder) -> anyhow::Result<Db> {
    let url = if args.memory {
        IN_MEMORY.to_owned()
    } else {
        folder.database(args.database.as_deref(), "sandbox")
    };
    let options = DbOptions {
        url,
        schema: "sandbox".to_owned(),
        steps: sandbox::steps(),
        max_connections: 24,
    };
    let db = Db::open(options)
        .await
        .context("the sandbox's database cannot be used")?;
    db.write(|tx| Box::pin(async move { store::jobs::release_all(tx).await }))
        .await?;
    Ok(db)
}

/// A world keeps the seed with which it began: another one would not give what it promises.
fn check_seed(args: &SandboxArgs, sandbox: &Sandbox) -> anyhow::Result<()> {
    let began_with = sandbox.context().seed();
    if args.seed.is_some() && args.seed != began_with {
        let how = began_with.map_or("without a seed".to_owned(), |seed| {
            format!("with --seed {seed}")
        });
        anyhow::bail!(
            "`{}` began {how}; start it so, or delete the folder to begin anew",
            args.data.display()
        );
    }
    Ok(())
}

/// Where the other worlds live: as the one at the root does, each in a place of its own.
fn worlds_parts(args: &SandboxArgs, folder: &Folder, parts: SandboxParts) -> WorldsParts {
    let all = folder.path().join("sandbox").join("worlds");
    let server = args
        .database
        .as_deref()
        .filter(|url| !url.starts_with("sqlite:"));
    let places: Arc<dyn Places> = match server {
        _ if args.memory => Arc::new(InMemory),
        Some(url) => Arc::new(OnServer {
            url: url.to_owned(),
            prefix: WORLD_SCHEMA.to_owned(),
        }),
        None => Arc::new(InFiles {
            folder: all.clone(),
        }),
    };
    WorldsParts {
        parts,
        places,
        folder: (!args.memory).then_some(all),
        runs: true,
    }
}

/// The origin that clients are given. The port that each of them assumes is left out: some SDKs
/// stumble over any port in an address.
fn origin(address: std::net::SocketAddr) -> String {
    let host = public_host(address.ip());
    match address.port() {
        80 => format!("http://{host}"),
        port => format!("http://{host}:{port}"),
    }
}

#[cfg(test)]
mod tests {
    use super::origin;

    #[test]
    fn only_the_usual_port_is_left_out() {
        let of = |text: &str| origin(text.parse().expect("an address"));
        assert_eq!(of("127.0.0.1:80"), "http://127.0.0.1");
        assert_eq!(of("127.0.0.1:8609"), "http://127.0.0.1:8609");
        assert_eq!(of("[::1]:80"), "http://[::1]");
        assert_eq!(of("127.0.0.1:180"), "http://127.0.0.1:180");
        // Whatever this machine's address is, nobody can reach 0.0.0.0 unless there is no other.
        let everywhere = of("0.0.0.0:8609");
        assert!(everywhere.ends_with(":8609"), "{everywhere}");
    }
}
