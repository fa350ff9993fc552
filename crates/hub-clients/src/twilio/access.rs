//! Which account we speak for, with which credentials, and at which address.

use base64::{Engine, engine::general_purpose::STANDARD};
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use url::Url;

/// An account at Twilio (or at something that speaks like it).
#[derive(Clone, Debug)]
pub struct TwilioAccess {
    /// `AC…`
    pub account_sid: String,
    /// What proves that we may act for it.
    pub auth: Auth,
    /// `https://api.twilio.com`, or the simulator's address.
    pub base_url: String,
}

/// Credentials of API calls.
#[derive(Clone, Debug)]
pub enum Auth {
    /// The account's auth token.
    Token(SecretString),
    /// An API key; can be withdrawn without changing the token, and doesn't sign webhooks.
    ApiKey {
        /// `SK…`
        sid: String,
        /// Its secret.
        secret: SecretString,
    },
}

/// The access as configured can't work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AccessError {
    /// The SID would not fit into a URL path.
    #[error("the account SID must be ASCII letters and digits")]
    AccountSid,
    /// The base URL is no plain http(s) address.
    #[error("the Twilio base URL must be http or https, with a host, without user, query and fragment")]
    BaseUrl,
    /// A key or secret holds characters that no header can carry.
    #[error("the Twilio credentials hold characters that cannot be sent")]
    Credentials,
}

/// The access, checked, with all that a request needs.
#[derive(Debug)]
pub(crate) struct Door {
    base: String,
    pub(crate) account_sid: String,
    account_path: String,
    /// Marked sensitive: its `Debug` shows nothing.
    pub(crate) authorization: HeaderValue,
    pub(crate) by_api_key: bool,
}

impl Door {
    pub(crate) fn open(access: &TwilioAccess) -> Result<Self, AccessError> {
        let TwilioAccess { account_sid, auth, base_url } = access;
        if account_sid.is_empty() || !account_sid.bytes().all(|b| b.is_ascii_alphanumeric()) {
            return Err(AccessError::AccountSid);
        }
        let (user, secret) = match auth {
            Auth::Token(token) => (account_sid, token),
            Auth::ApiKey { sid, secret } => (sid, secret),
        };
        check_base_url(base_url)?;
        Ok(Self {
            base: base_url.trim_end_matches('/').to_owned(),
            account_sid: account_sid.clone(),
            account_path: format!("/2010-04-01/Accounts/{account_sid}"),
            authorization: basic(user, secret)?,
            by_api_key: matches!(auth, Auth::ApiKey { .. }),
        })
    }

    /// The URL of a resource of our account; `rest` begins with `/` or `.`.
    pub(crate) fn account_url(&self, rest: &str) -> String {
        format!("{}{}{rest}", self.base, self.account_path)
    }

    /// The URL of a page link from an answer; `None` if it leads anywhere but to our own account's messages,
    /// where the credentials must not go.
    pub(crate) fn page_url(&self, link: &str) -> Option<String> {
        let absolute = if link.starts_with('/') { format!("{}{link}", self.base) } else { link.to_owned() };
        let messages = self.account_url("/Messages.json");
        let rest = absolute.strip_prefix(&messages)?;
        (rest.is_empty() || rest.starts_with('?')).then_some(absolute)
    }
}

fn check_base_url(base_url: &str) -> Result<(), AccessError> {
    let url = Url::parse(base_url).map_err(|_| AccessError::BaseUrl)?;
    let plain = matches!(url.scheme(), "http" | "https")
        && url.has_host()
        && url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none();
    if plain { Ok(()) } else { Err(AccessError::BaseUrl) }
}

fn basic(user: &str, secret: &SecretString) -> Result<HeaderValue, AccessError> {
    let secret = secret.expose_secret();
    // A colon would move the border between user and secret.
    if user.is_empty() || secret.is_empty() || user.contains(':') {
        return Err(AccessError::Credentials);
    }
    let text = format!("Basic {}", STANDARD.encode(format!("{user}:{secret}")));
    let mut value = HeaderValue::from_str(&text).map_err(|_| AccessError::Credentials)?;
    value.set_sensitive(true);
    Ok(value)
}

#[cfg(test)]
mod tests;
