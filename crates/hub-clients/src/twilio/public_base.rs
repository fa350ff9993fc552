//! The public base URL in the spellings that Twilio may sign.
//!
//! Twilio's back end is inconsistent about ports: a signature may cover the URL with its port (written or the
//! scheme's own) or without any, and official validators accept both. User and password are never signed.
//! Everything else is kept byte for byte as configured, so no URL library may rewrite it.

use std::fmt::Write;

use thiserror::Error;

/// Longest URL shown in a log.
const MAX_SHOWN: usize = 300;

/// The configured base can't be the address of webhooks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the public base URL must be http:// or https:// with a host, without query, fragment and spaces")]
pub struct InvalidBaseUrl;

/// Base URLs without a trailing slash: first as configured, then with or without the port.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct BaseUrls([String; 2]);

impl BaseUrls {
    pub(super) fn parse(configured: &str) -> Result<Self, InvalidBaseUrl> {
        let (scheme, rest) = configured.split_once("://").ok_or(InvalidBaseUrl)?;
        let own_port = match scheme.to_ascii_lowercase().as_str() {
            "https" => "443",
            "http" => "80",
            _ => return Err(InvalidBaseUrl),
        };
        if rest.contains(|c: char| matches!(c, '?' | '#' | '\\') || c.is_whitespace() || c.is_control()) {
            return Err(InvalidBaseUrl);
        }
        let (authority, path) = rest.find('/').and_then(|at| rest.split_at_checked(at)).unwrap_or((rest, ""));
        let address = authority.rsplit_once('@').map_or(authority, |(_, address)| address);
        let (host, port) = host_and_port(address)?;
        let path = path.trim_end_matches('/');

        let bare = format!("{scheme}://{host}{path}");
        let full = format!("{scheme}://{host}:{}{path}", port.unwrap_or(own_port));
        Ok(Self(if port.is_some() { [full, bare] } else { [bare, full] }))
    }

    pub(super) fn variants(&self) -> &[String; 2] {
        &self.0
    }

    /// The URL of a request for the log: names of the query without values, which may be a person's words.
    pub(super) fn shown(&self, raw_target: &str) -> String {
        let [configured, _] = &self.0;
        let (path, query) = raw_target.split_once('?').unwrap_or((raw_target, ""));
        let mut shown = format!("{configured}{path}");
        for (index, pair) in query.split('&').filter(|pair| !pair.is_empty()).enumerate() {
            let name = pair.split('=').next().unwrap_or_default();
            let separator = if index == 0 { '?' } else { '&' };
            let _ = write!(shown, "{separator}{name}=…");
        }
        if let Some((end, _)) = shown.char_indices().nth(MAX_SHOWN) {
            shown.truncate(end);
            shown.push('…');
        }
        shown
    }
}

/// Splits at the port's colon, which in `[::1]:8080` is not the first one.
fn host_and_port(address: &str) -> Result<(&str, Option<&str>), InvalidBaseUrl> {
    let host_end =
        if address.starts_with('[') { address.find(']').map(|at| at + 1) } else { address.find(':') };
    let (host, after) = address.split_at_checked(host_end.unwrap_or(address.len())).ok_or(InvalidBaseUrl)?;
    let port = match after.strip_prefix(':') {
        Some(port) if port.parse::<u16>().is_ok() && port.bytes().all(|b| b.is_ascii_digit()) => Some(port),
        None if after.is_empty() => None,
        Some(_) | None => return Err(InvalidBaseUrl),
    };
    let unclosed = host.starts_with('[') && !host.ends_with(']');
    if host.is_empty() || unclosed { Err(InvalidBaseUrl) } else { Ok((host, port)) }
}

#[cfg(test)]
mod tests;
