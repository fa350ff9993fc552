//! Where a request comes from: the connection's peer, or what a proxy we trust says of it.

use std::net::{IpAddr, Ipv4Addr};

use axum::http::{Extensions, HeaderMap, header::USER_AGENT};

use super::Web;
use crate::app::auth::Client;

/// The other end of the connection; the server puts it among each request's extensions.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

/// The client of a request. A header is believed only from a proxy of `TRUSTED_PROXIES`, and of its list only
/// what the last of them added: everything before may be invented.
pub(super) fn of(web: &Web, extensions: &Extensions, headers: &HeaderMap) -> Client {
    let peer = extensions.get::<Peer>().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |peer| peer.0);
    let trusted = &web.settings.trusted_proxies;
    let mut address = peer;
    let forwarded = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok());
    let hops: Vec<&str> = forwarded.flat_map(|value| value.split(',')).map(str::trim).collect();
    for hop in hops.into_iter().rev() {
        if !trusted.contains(address) {
            break;
        }
        let Ok(before) = hop.parse() else { break };
        address = before;
    }
    let agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    Client { address, agent: agent.to_owned() }
}
