//! The demo's addresses: all bound before anything else happens, so that a taken port is said at
//! once and nothing is half started.

use anyhow::bail;
use std::io::ErrorKind;
use std::net::{IpAddr, SocketAddr, TcpListener, UdpSocket};

/// How many ports belong to the demo from its first: merchant service, five shops, spare, sandbox.
const SPAN: u16 = 10;
/// The ports that listen today, counted from the first.
const MERCHANT: u16 = 0;
const COURSES: u16 = 1;
const SANDBOX: u16 = 9;

/// The bound listeners and the addresses that links and QR codes carry.
#[derive(Debug)]
pub(crate) struct Ports {
    /// Merchant service, start page and console.
    pub(crate) merchant: TcpListener,
    /// The course shop.
    pub(crate) courses: TcpListener,
    /// The offline Alipay.
    pub(crate) sandbox: TcpListener,
    public_host: String,
    base: u16,
}

impl Ports {
    /// Binds all of them.
    ///
    /// # Errors
    /// When one is taken: names it and a command with a `--port-base` that is free.
    pub(crate) fn bind(host: IpAddr, base: u16) -> anyhow::Result<Self> {
        if base == 0 || base.checked_add(SPAN - 1).is_none() {
            bail!("--port-base {base} leaves no room for {SPAN} ports; choose 1024 to 65526");
        }
        let bind = |offset: u16| {
            let address = SocketAddr::new(host, base + offset);
            TcpListener::bind(address).map_err(|error| match error.kind() {
                ErrorKind::AddrInUse => match free_base(host, base) {
                    Some(free) => anyhow::anyhow!(
                        "port {} is taken; this would work: tongbao demo --port-base {free}",
                        address.port()
                    ),
                    None => anyhow::anyhow!("port {} is taken", address.port()),
                },
                _ => anyhow::anyhow!(error).context(format!("cannot listen on {address}")),
            })
        };
        let ports = Self {
            merchant: bind(MERCHANT)?,
            courses: bind(COURSES)?,
            sandbox: bind(SANDBOX)?,
            public_host: public_host(host),
            base,
        };
        for listener in [&ports.merchant, &ports.courses, &ports.sandbox] {
            listener.set_nonblocking(true)?;
        }
        Ok(ports)
    }

    fn url(&self, offset: u16) -> String {
        format!("http://{}:{}", self.public_host, self.base + offset)
    }

    /// Where the merchant service is reached.
    pub(crate) fn merchant_url(&self) -> String {
        self.url(MERCHANT)
    }

    /// Where the course shop is reached.
    pub(crate) fn courses_url(&self) -> String {
        self.url(COURSES)
    }

    /// Where the offline Alipay is reached.
    pub(crate) fn sandbox_url(&self) -> String {
        self.url(SANDBOX)
    }
}

/// The first base above `taken` whose ports are all free just now.
fn free_base(host: IpAddr, taken: u16) -> Option<u16> {
    (1..200_u16).find_map(|step| {
        let base = taken.checked_add(step.checked_mul(SPAN)?)?;
        let last = base.checked_add(SPAN - 1)?;
        let free = |port| TcpListener::bind(SocketAddr::new(host, port)).is_ok();
        (base..=last).all(free).then_some(base)
    })
}

/// The host that others reach this machine by: itself, or for 0.0.0.0 its address on the network.
pub(crate) fn public_host(host: IpAddr) -> String {
    let host = if host.is_unspecified() {
        network_address().unwrap_or(host)
    } else {
        host
    };
    match host {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => format!("[{address}]"),
    }
}

/// The address that this machine would send from. Connecting a datagram socket sends nothing: it
/// only asks the routing table (the address is reserved for documents, nobody answers there).
fn network_address() -> Option<IpAddr> {
    let socket = UdpSocket::bind("0.0.0.0:0").ok()?;
    socket.connect("192.0.2.1:9").ok()?;
    socket
        .local_addr()
        .ok()
        .map(|address| address.ip())
        .filter(|ip| !ip.is_unspecified())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::Ipv4Addr;

    const HOST: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);

    #[test]
    fn a_taken_port_is_named_with_a_command_that_works() {
        let base = free_base(HOST, 21_000).expect("ten free ports");
        let taken = TcpListener::bind(SocketAddr::new(HOST, base + SANDBOX)).expect("it was free");
        let error = Ports::bind(HOST, base)
            .expect_err("one is taken")
            .to_string();
        assert!(
            error.contains(&format!("port {} is taken", base + SANDBOX)),
            "{error}"
        );
        let advice = error.rsplit(' ').next().expect("a number");
        let other = advice.parse().expect("a port");
        drop(taken);
        let ports = Ports::bind(HOST, other).expect("the advice works");
        assert_eq!(ports.merchant_url(), format!("http://127.0.0.1:{other}"));
        assert_eq!(
            ports.sandbox_url(),
            format!("http://127.0.0.1:{}", other + 9)
        );
        assert_eq!(
            ports.courses_url(),
            format!("http://127.0.0.1:{}", other + 1)
        );
    }

    #[test]
    fn a_base_without_room_is_refused() {
        assert!(Ports::bind(HOST, 0).is_err());
        assert!(Ports::bind(HOST, 65_530).is_err());
    }
}
