//! The proxies in front of us whose word about the client's address is taken.

use std::net::IpAddr;

/// A list of addresses and networks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies(Vec<Network>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Network {
    address: IpAddr,
    prefix_bits: u32,
}

impl TrustedProxies {
    /// Reads `127.0.0.1, 10.0.0.0/8, fd00::/8`.
    pub fn parse(text: &str) -> Option<Self> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(network).collect::<Option<_>>().map(Self)
    }

    /// Whether this peer is one of them. An IPv4 address counts as itself in its IPv6 clothes too.
    pub fn contains(&self, peer: IpAddr) -> bool {
        let peer = peer.to_canonical();
        self.0.iter().any(|network| network.contains(peer))
    }
}

impl Network {
    fn contains(&self, peer: IpAddr) -> bool {
        let (differing, bits) = match (self.address, peer) {
            (IpAddr::V4(ours), IpAddr::V4(peer)) => (u128::from(ours.to_bits() ^ peer.to_bits()), 32),
            (IpAddr::V6(ours), IpAddr::V6(peer)) => (ours.to_bits() ^ peer.to_bits(), 128),
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => return false,
        };
        // A prefix of nothing shifts everything out, which `>>` alone would refuse to do.
        differing.checked_shr(bits - self.prefix_bits).unwrap_or(0) == 0
    }
}

fn network(text: &str) -> Option<Network> {
    let (address, prefix) = text.split_once('/').map_or((text, None), |(ip, bits)| (ip, Some(bits)));
    let address: IpAddr = address.parse().ok()?;
    let most = if address.is_ipv4() { 32 } else { 128 };
    let prefix_bits = match prefix {
        Some(bits) => bits.parse().ok().filter(|bits| *bits <= most)?,
        None => most,
    };
    Some(Network { address, prefix_bits })
}

#[cfg(test)]
mod tests;
