//! Calls to the outside: always with timeouts, never following redirects, answers bounded, and, for
//! addresses that a customer wrote down, never into our own network.

use bytes::{Bytes, BytesMut};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Url};

/// Where a client may connect to.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub enum Reach {
    /// Anywhere: addresses that we configured ourselves.
    Anywhere,
    /// Public addresses only: addresses that a customer wrote down. What a name resolves to is
    /// checked at each connection, so that a name cannot change its mind after a check.
    PublicOnly,
}

/// How a client behaves.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ClientOptions {
    /// Where it may connect to.
    pub reach: Reach,
    /// Time for a connection, milliseconds.
    pub connect_ms: u64,
    /// Time for the whole call, milliseconds.
    pub total_ms: u64,
}

impl Default for ClientOptions {
    fn default() -> Self {
        Self {
            reach: Reach::Anywhere,
            connect_ms: 5_000,
            total_ms: 15_000,
        }
    }
}

/// Why a call gave nothing.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// The address is none that may be called.
    #[error("`{0}` is not a public http or https address")]
    Address(String),
    /// The answer is longer than allowed.
    #[error("the answer has more than {0} bytes")]
    TooLarge(usize),
    /// The call failed on its way.
    #[error("the call failed")]
    Transport(#[source] reqwest::Error),
}

/// A client with timeouts and without redirects.
///
/// # Errors
/// When TLS cannot be set up.
pub fn build(options: ClientOptions) -> Result<reqwest::Client, CallError> {
    let mut builder = reqwest::Client::builder()
        .connect_timeout(Duration::from_millis(options.connect_ms))
        .timeout(Duration::from_millis(options.total_ms))
        .redirect(reqwest::redirect::Policy::none())
        .user_agent(concat!("tongbao/", env!("CARGO_PKG_VERSION")))
        .no_proxy();
    if options.reach == Reach::PublicOnly {
        builder = builder.dns_resolver(Arc::new(PublicDns));
    }
    builder.build().map_err(CallError::Transport)
}

/// Reads an answer of at most `max_bytes`.
///
/// # Errors
/// When it is longer, or breaks off.
pub async fn read_answer(
    mut response: reqwest::Response,
    max_bytes: usize,
) -> Result<Bytes, CallError> {
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(CallError::Transport)? {
        if body.len().saturating_add(chunk.len()) > max_bytes {
            return Err(CallError::TooLarge(max_bytes));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body.freeze())
}

/// Checks an address that a customer wrote down: http or https, no password in it, and no literal
/// address of a private network. Names are checked when they are resolved.
///
/// # Errors
/// When it is none that may be called.
pub fn check_public(text: &str) -> Result<Url, CallError> {
    let refuse = || CallError::Address(text.chars().take(200).collect());
    let url = Url::parse(text).map_err(|_| refuse())?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.username().is_empty()
        && url.password().is_none();
    let public = match url.host() {
        Some(Host::Ipv4(address)) => is_public(IpAddr::V4(address)),
        Some(Host::Ipv6(address)) => is_public(IpAddr::V6(address)),
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.').to_ascii_lowercase();
            name != "localhost" && !name.ends_with(".localhost")
        }
        None => false,
    };
    if plain && public {
        Ok(url)
    } else {
        Err(refuse())
    }
}

/// Whether an address is reachable for everybody: none of the blocks that IANA set aside for
/// private networks, this machine, documentation, or translation.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let shared = a == 100 && (64..128).contains(&b);
    let benchmark = a == 198 && (b == 18 || b == 19);
    let protocol = a == 192 && b == 0 && c == 0;
    !(a == 0
        || a >= 240
        || shared
        || benchmark
        || protocol
        || address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_multicast()
        || address.is_documentation())
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, ..] = address.segments();
    // Global unicast is 2000::/3. Teredo, 6to4 and documentation lie in it and lead elsewhere.
    let global = first & 0xE000 == 0x2000;
    let teredo = first == 0x2001 && second < 0x0200;
    let documentation = (first == 0x2001 && second == 0x0DB8) || first == 0x3FFF;
    let six_to_four = first == 0x2002;
    global && !(teredo || documentation || six_to_four)
}

/// Resolves names and drops every address that is not public.
#[derive(Clone, Copy, Debug)]
struct PublicDns;

impl Resolve for PublicDns {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let public: Vec<SocketAddr> = found.filter(|at| is_public(at.ip())).collect();
            if public.is_empty() {
                return Err(CallError::Address(name.as_str().to_owned()).into());
            }
            Ok::<Addrs, Box<dyn std::error::Error + Send + Sync>>(Box::new(public.into_iter()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_own_network_is_not_called() {
        for text in [
            "http://127.0.0.1/",
            "http://localhost:8600/",
            "http://api.localhost/",
            "http://10.1.2.3/",
            "http://192.168.0.1/",
            "http://172.16.0.1/",
            "http://169.254.169.254/latest/meta-data",
            "http://100.64.0.1/",
            "http://0.0.0.0/",
            "http://2130706433/",
            "http://0x7f.1/",
            "http://[::1]/",
            "http://[::ffff:10.0.0.1]/",
            "http://[fe80::1]/",
            "http://[fd00::1]/",
            "http://[64:ff9b::7f00:1]/",
            "http://[2002:7f00:1::]/",
            "http://user:secret@example.com/",
            "ftp://example.com/",
            "file:///etc/passwd",
            "not an address",
        ] {
            assert!(check_public(text).is_err(), "{text}");
        }
        for text in [
            "https://example.com/hook?x=1",
            "http://8.8.8.8/",
            "https://[2606:4700::1111]/",
        ] {
            assert!(check_public(text).is_ok(), "{text}");
        }
    }

    #[tokio::test]
    async fn a_name_that_leads_home_is_not_resolved() {
        let error = PublicDns.resolve("localhost".parse().unwrap()).await;
        assert!(error.is_err());
        assert!(build(ClientOptions::default()).is_ok());
    }
}
