//! Who is at the door: links, passwords, sessions and tokens, and how often each may be tried.
//!
//! Secrets leave this module once, towards the one who is to keep them; what stays here and in the store are
//! hashes.

use std::net::IpAddr;

use hub_domain::{
    access::{PanelLanguage, Role, Theme},
    ids::{SessionId, UserId},
};
use hub_store::{By, SecretHash, Session, StoreError};
use sha2::{Digest, Sha256};
use thiserror::Error;

use self::{limits::Limits, links::Links, passwords::Passwords};

mod limits;
mod links;
mod passwords;
mod sign_in;
mod tokens;
mod users;

pub use sign_in::{FirstAccount, FirstRefusal, SignInRefusal, SignedIn};
pub use tokens::NewToken;
pub use users::{AccountRefusal, PasswordChange};

/// What the door keeps in memory.
#[derive(Debug, Default)]
pub(super) struct Auth {
    links: Links,
    passwords: Passwords,
    limits: Limits,
}

/// Where a request comes from.
#[derive(Clone, Debug)]
pub struct Client {
    /// The client's address, as far as it can be believed.
    pub address: IpAddr,
    /// What the browser calls itself.
    pub agent: String,
}

impl Client {
    /// The address without its last part: enough to recognise a place, not a person.
    pub fn network(&self) -> String {
        match self.address.to_canonical() {
            IpAddr::V4(address) => {
                let [a, b, c, _] = address.octets();
                format!("{a}.{b}.{c}.0/24")
            }
            IpAddr::V6(address) => {
                let [a, b, c, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}::/48")
            }
        }
    }

    /// Whom tries are counted against: an IPv6 customer has a whole /64.
    fn counted(&self) -> String {
        match self.address.to_canonical() {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => {
                let [a, b, c, d, ..] = address.segments();
                format!("{a:x}:{b:x}:{c:x}:{d:x}")
            }
        }
    }

    /// The browser and the system, as far as they can be told in a few words.
    fn short_agent(&self) -> String {
        let first = |names: &[(&str, &'static str)]| {
            names.iter().find(|(mark, _)| self.agent.contains(mark)).map(|(_, name)| *name)
        };
        let browser = first(&[
            ("Firefox/", "Firefox"),
            ("Edg/", "Edge"),
            ("OPR/", "Opera"),
            ("Chrome/", "Chrome"),
            ("Safari/", "Safari"),
        ]);
        let system = first(&[
            ("Android", "Android"),
            ("iPhone", "iPhone"),
            ("iPad", "iPad"),
            ("Windows", "Windows"),
            ("Mac OS", "macOS"),
            ("Linux", "Linux"),
        ]);
        match (browser, system) {
            (Some(browser), Some(system)) => format!("{browser}, {system}"),
            (Some(known), None) | (None, Some(known)) => known.to_owned(),
            (None, None) => self.agent.chars().filter(|c| !c.is_control()).take(40).collect(),
        }
    }
}

/// The signed-in person behind a request; handlers find it among the request's extensions.
#[derive(Clone, Debug)]
pub struct Viewer {
    /// Who.
    pub user: UserId,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// The language they chose.
    pub language: Option<PanelLanguage>,
    /// The theme they chose.
    pub theme: Theme,
    /// Whether they have a password to change.
    pub has_password: bool,
    /// Their session.
    pub session: SessionId,
    /// Where they are.
    pub client: Client,
}

impl Viewer {
    fn of(session: Session, client: Client) -> Self {
        let user = session.user;
        Self {
            user: user.id,
            name: user.name,
            role: user.role,
            language: user.language,
            theme: user.theme,
            has_password: user.has_password,
            session: session.id,
            client,
        }
    }

    /// How the audit log names them.
    pub fn by(&self) -> By {
        By { name: self.name.clone(), network: self.client.network() }
    }
}

/// Why nothing can be said about a name and a password.
#[derive(Debug, Error)]
pub enum AuthError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Too many people sign in at this moment.
    #[error("too many passwords are being checked")]
    Busy,
    /// Hashing failed.
    #[error("a password could not be hashed: {0}")]
    Hash(String),
}

fn hash(secret: &str) -> SecretHash {
    Sha256::digest(secret.as_bytes()).into()
}

/// Bytes as lower-case digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests;
