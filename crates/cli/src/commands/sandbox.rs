//! `tongbao sandbox`: the offline Alipay alone.

use crate::args::SandboxArgs;
use crate::demo::{Folder, LateControl, public_host};
use crate::exit::Failure;
use crate::printer;
use crate::running::Running;
use anyhow::Context as _;
use kernel::{BusinessClock, Clock, MovableClock, OsRng, Rng, SystemClock};
use sandbox::{BuyerSpec, NewApp, Profile, Sandbox, SandboxParts};
use service::password::Passwords;
use service::schedule::Schedule;
use service::telemetry::LogOptions;
use std::sync::Arc;
use store::{Db, DbOptions};

/// The one application that a new sandbox has.
const APP: &str = "main";

/// Runs it until it is asked to stop.
pub(crate) async fn run(args: SandboxArgs) -> Result<(), Failure> {
    service::telemetry::init(&LogOptions {
        filter: "warn".to_owned(),
        json: None,
    })?;
    let listener = std::net::TcpListener::bind(args.listen)
        .with_context(|| format!("cannot listen on {}", args.listen))?;
    let address = listener.local_addr()?;
    let folder = Arc::new(Folder::open(&args.data)?);
    let secrets = folder.secrets()?;
    let server = args.database.as_deref();
    let options = DbOptions {
        url: folder.database(server, "sandbox"),
        schema: "sandbox".to_owned(),
        steps: sandbox::steps(),
        max_connections: 24,
    };
    let db = Db::open(options)
        .await
        .context("the sandbox's database cannot be used")?;
    db.write(|tx| Box::pin(async move { store::jobs::release_all(tx).await }))
        .await?;

    let wall: Arc<dyn Clock> = Arc::new(SystemClock);
    let clock = BusinessClock::new(Arc::clone(&wall), folder.clock_offset_ms()?);
    let shared: Arc<dyn Clock> = Arc::new(clock.clone());
    let rng: Arc<dyn Rng> = Arc::new(OsRng);
    let control = LateControl::new(Arc::clone(&shared));
    let sandbox = Sandbox::open(SandboxParts {
        db: db.clone(),
        clock: shared,
        wall,
        rng: Arc::clone(&rng),
        passwords: Passwords::new(rng),
        sender: Arc::new(sandbox::HttpSender::new()?),
        public_url: origin(address),
        control_token: Some(secrets.control_token),
        clock_control: Some(Arc::new(control.clone())),
        demo: false,
    })
    .await?;
    sandbox.ensure_buyer(BuyerSpec::default_buyer()).await?;
    let app = NewApp {
        name: APP.to_owned(),
        app_public_key: None,
        profile: Profile::Production,
    };
    sandbox.ensure_app(app).await?;

    let movable: Arc<dyn MovableClock> = Arc::new(clock.clone());
    let kept = Arc::clone(&folder);
    let schedule = Schedule::new(movable, vec![sandbox.worker()]).on_move(Arc::new(move |_| {
        if let Err(error) = kept.keep_clock_offset_ms(clock.offset_ms()) {
            tracing::error!("The clock's offset is not kept: {error:#}");
        }
    }));
    control.moves(Arc::new(schedule));

    let mut running = Running::new()?;
    running.serve("the sandbox", listener, sandbox.router())?;
    running.work(sandbox.worker());
    let place = folder.path().join("sandbox");
    sandbox::files::write(&sandbox, &place, APP).await?;
    printer::say(format!(
        "The offline Alipay listens on {}/gateway.do",
        origin(address)
    ));
    printer::say(format!(
        "Addresses and keys for any SDK: {}",
        place.join("sandbox.json").display()
    ));
    let ended = running.until_stopped().await;
    db.close().await;
    Ok(ended?)
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
