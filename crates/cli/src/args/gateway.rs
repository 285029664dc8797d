//! Which application calls which gateway: the same flags for every command of the API.

use std::path::PathBuf;

/// Which application, and which gateway. Flags win over the environment, and that over the file.
#[derive(Clone, Debug, Default, clap::Args)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(next_help_heading = "Application and gateway")]
pub(crate) struct GatewayArgs {
    /// A TOML file with the application's keys; the one of `tongbao serve` will do [env: TONGBAO_CONFIG].
    #[arg(long, value_name = "FILE", conflicts_with = "sandbox")]
    pub(crate) config: Option<PathBuf>,
    /// Takes everything from the `sandbox.json` of an offline Alipay, or from its data folder;
    /// the environment is not asked then [env: TONGBAO_SANDBOX].
    #[arg(long, value_name = "FILE")]
    pub(crate) sandbox: Option<PathBuf>,
    /// Which application of that file, when it has several: `mall`, `acme.main` [env: TONGBAO_APP].
    #[arg(long, value_name = "NAME")]
    pub(crate) app: Option<String>,
    /// The application's id [env: TONGBAO_APP_ID].
    #[arg(long, value_name = "ID")]
    pub(crate) app_id: Option<String>,
    /// The gateway's address, as `https://openapi.alipay.com/gateway.do` [env: TONGBAO_GATEWAY].
    #[arg(long, value_name = "URL")]
    pub(crate) gateway: Option<String>,
    /// The application's private key: a file, or `env:NAME` [env: TONGBAO_APP_PRIVATE_KEY].
    #[arg(long, value_name = "FILE")]
    pub(crate) app_private_key: Option<String>,
    /// Alipay's public key, not the application's own [env: TONGBAO_ALIPAY_PUBLIC_KEY].
    #[arg(long, value_name = "FILE")]
    pub(crate) alipay_public_key: Option<String>,
    /// Certificate mode: the application's certificate [env: TONGBAO_APP_CERT].
    #[arg(long, value_name = "FILE")]
    pub(crate) app_cert: Option<String>,
    /// Certificate mode: Alipay's certificate [env: TONGBAO_ALIPAY_CERT].
    #[arg(long, value_name = "FILE")]
    pub(crate) alipay_cert: Option<String>,
    /// Certificate mode: Alipay's root certificates [env: TONGBAO_ALIPAY_ROOT_CERT].
    #[arg(long, value_name = "FILE")]
    pub(crate) alipay_root_cert: Option<String>,
    /// Uses the certificates when a file names both them and Alipay's public key.
    #[arg(long)]
    pub(crate) cert_mode: bool,
    /// Believes the issuer beside Alipay's certificate: only for Alipay's own remote sandbox.
    #[arg(long)]
    pub(crate) trust_sandbox_issuer: bool,
    /// The AES key for encrypted content: a file, or `env:NAME` [env: TONGBAO_CONTENT_KEY].
    #[arg(long, value_name = "FILE")]
    pub(crate) content_key: Option<String>,
    /// For service providers, the merchant's `app_auth_token`: a file, or `env:NAME`
    /// [env: TONGBAO_APP_AUTH_TOKEN].
    #[arg(long, value_name = "FILE")]
    pub(crate) app_auth_token: Option<String>,
    /// Calls the v3 gateway, where it has the method.
    #[arg(long)]
    pub(crate) v3: bool,
    /// A proxy, as `http://proxy.example:3128`; the system's when left out [env: TONGBAO_PROXY].
    #[arg(long, value_name = "URL")]
    pub(crate) proxy: Option<String>,
    /// How long a call may take, in milliseconds [default: 15000].
    #[arg(long, value_name = "MS", value_parser = clap::value_parser!(u64).range(1..=600_000))]
    pub(crate) timeout_ms: Option<u64>,
    /// How often a call is sent when no answer came, where repeating is safe [default: 1].
    #[arg(long, value_name = "TIMES", value_parser = clap::value_parser!(u32).range(1..=10))]
    pub(crate) attempts: Option<u32>,
    /// Prints one JSON object, also when the call is refused or its outcome unknown.
    #[arg(long, help_heading = "Output")]
    pub(crate) json: bool,
    /// Says on stderr what is sent and answered, without secrets.
    #[arg(short, long, help_heading = "Output")]
    pub(crate) verbose: bool,
}
