//! Which addresses may be called: those the operator configured, and the open internet; never what lies
//! behind us.
//!
//! An address that came from outside (a redirect, a link) could point at a database on this machine or at a
//! cloud's metadata. A name is judged by what it resolves to at the moment of the connection, so that it can't
//! turn into something else between the check and the call: see `resolver.rs`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use thiserror::Error;
use url::{Host, Url};

mod resolver;

pub(crate) use resolver::GlobalResolver;

/// How far a request may reach.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// The operator named this very host and port: anywhere.
    #[default]
    Configured,
    /// Global addresses only, on the ports of the web, whatever the name resolves to.
    Global,
}

/// A host and port that the operator configured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Consent {
    host: String,
    port: u16,
}

impl Consent {
    /// The host and port of a configured base URL; `None` if it has none.
    pub fn of(base_url: &str) -> Option<Self> {
        let url = Url::parse(base_url).ok()?;
        Some(Self { host: url.host_str()?.to_owned(), port: url.port_or_known_default()? })
    }
}

/// An address that must not be called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Forbidden {
    /// Not a web address.
    #[error("not an http or https address")]
    NotWeb,
    /// With a user name or password, which only serve to mislead.
    #[error("an address with a user name")]
    User,
    /// Neither 80 nor 443.
    #[error("a port other than 80 and 443")]
    Port,
    /// A literal address that is not a global one.
    #[error("an address of a private or special network")]
    NotGlobal,
}

/// How far a request to `url` may reach, or why there must be none.
///
/// # Errors
/// [`Forbidden`], when the address is neither configured nor one of the open internet.
pub fn reach(url: &str, configured: &[Consent]) -> Result<Reach, Forbidden> {
    let url = Url::parse(url).map_err(|_| Forbidden::NotWeb)?;
    let ("http" | "https", Some(host)) = (url.scheme(), url.host()) else { return Err(Forbidden::NotWeb) };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Forbidden::User);
    }
    let port = url.port_or_known_default().ok_or(Forbidden::Port)?;
    if configured.iter().any(|consent| url.host_str() == Some(&*consent.host) && port == consent.port) {
        return Ok(Reach::Configured);
    }
    if !matches!(port, 80 | 443) {
        return Err(Forbidden::Port);
    }
    let literal = match host {
        Host::Ipv4(address) => Some(IpAddr::V4(address)),
        Host::Ipv6(address) => Some(IpAddr::V6(address)),
        Host::Domain(_) => None,
    };
    if literal.is_some_and(|address| !is_global(address)) {
        return Err(Forbidden::NotGlobal);
    }
    Ok(Reach::Global)
}

/// An address of the open internet. Addresses that carry another one inside are as good as that one.
pub fn is_global(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_global_v4(address),
        IpAddr::V6(address) => is_global_v6(address),
    }
}

/// Networks of IPv4 that are not of the open internet, with the length of their prefix.
const SPECIAL_V4: [(Ipv4Addr, u32); 16] = [
    // This network, loopback, and everything from multicast up.
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(224, 0, 0, 0), 3),
    // Private, shared by a carrier's customers, link-local (a cloud's metadata).
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    // Protocol assignments, relays, direct delegation, benchmarks, documentation.
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 31, 196, 0), 24),
    (Ipv4Addr::new(192, 52, 193, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
];

fn is_global_v4(address: Ipv4Addr) -> bool {
    let is_in = |&(network, length): &(Ipv4Addr, u32)| {
        (address.to_bits() ^ network.to_bits()).leading_zeros() >= length
    };
    !SPECIAL_V4.iter().any(is_in)
}

/// Networks of IPv6 inside `2000::/3` that are not of the open internet.
const SPECIAL_V6: [(Ipv6Addr, u32); 4] = [
    // Protocol assignments (Teredo, ORCHID), documentation, direct delegation.
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48),
];

/// Networks of IPv6 whose addresses carry an IPv4 address, and how far from the right that one ends.
const CARRIERS: [(Ipv6Addr, u32, u32); 4] = [
    // Compatible (with it `::` and `::1`), mapped, translated (NAT64), 6to4.
    (Ipv6Addr::UNSPECIFIED, 96, 0),
    (Ipv6Addr::new(0, 0, 0, 0, 0, 0xffff, 0, 0), 96, 0),
    (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96, 0),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16, 80),
];

fn is_global_v6(address: Ipv6Addr) -> bool {
    let bits = address.to_bits();
    let is_in = |network: Ipv6Addr, length| (bits ^ network.to_bits()).leading_zeros() >= length;
    if let Some((.., shift)) = CARRIERS.into_iter().find(|(network, length, _)| is_in(*network, *length)) {
        let inner = u32::try_from((bits >> shift) & 0xffff_ffff).unwrap_or_default();
        return is_global_v4(Ipv4Addr::from_bits(inner));
    }
    // The only block given out to the open internet.
    is_in(Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3)
        && !SPECIAL_V6.iter().any(|(network, length)| is_in(*network, *length))
}

#[cfg(test)]
mod tests;
