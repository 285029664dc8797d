//! Where a request comes from.

use axum::extract::{ConnectInfo, FromRequestParts};
use http::request::Parts;
use std::convert::Infallible;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// The address of the other end of the connection; 0.0.0.0 in process.
///
/// Headers such as `X-Forwarded-For` are not believed: anybody can send them.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct ClientIp(pub IpAddr);

impl ClientIp {
    /// Whether the request comes from this machine. In process it does.
    pub fn is_local(self) -> bool {
        self.0.to_canonical().is_loopback() || self.0.is_unspecified()
    }

    /// The key of a rate limit: the address, or the /64 network of an IPv6 one, which one customer has.
    pub fn rate_key(self) -> String {
        match self.0.to_canonical() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
            }
        }
    }
}

impl fmt::Display for ClientIp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for ClientIp {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Self::Rejection> {
        let info = parts.extensions.get::<ConnectInfo<SocketAddr>>();
        Ok(Self(
            info.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |info| info.0.ip()),
        ))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_customer_is_one_key() {
        let key = |text: &str| ClientIp(text.parse().unwrap()).rate_key();
        assert_eq!(key("203.0.113.9"), "203.0.113.9");
        assert_eq!(key("::ffff:203.0.113.9"), "203.0.113.9");
        assert_eq!(key("2001:db8:1:2:3::4"), key("2001:db8:1:2:ffff::9"));
        assert!(ClientIp("::1".parse().unwrap()).is_local());
        assert!(!ClientIp("10.0.0.1".parse().unwrap()).is_local());
    }
}
