//! Names to addresses, global ones only: what this resolver doesn't return, no connection is made to.

use std::{io, net::SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use super::is_global;

/// Resolves as the system does and drops every address that is not of the open internet.
#[derive(Clone, Copy, Debug)]
pub(crate) struct GlobalResolver;

impl Resolve for GlobalResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            // The port is the caller's; the client puts its own in place of 0.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let kept: Addrs = Box::new(only_global(found)?.into_iter());
            Ok(kept)
        })
    }
}

/// One address that is not global spoils the name: someone mixes them to see which is taken.
pub(super) fn only_global(found: impl Iterator<Item = SocketAddr>) -> io::Result<Vec<SocketAddr>> {
    let found: Vec<SocketAddr> = found.collect();
    if found.is_empty() || found.iter().any(|address| !is_global(address.ip())) {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "not a global address"));
    }
    Ok(found)
}
