//! Which account we speak for, with which credentials, and at which address.

use std::sync::atomic::{AtomicBool, Ordering};

use base64::{Engine, engine::general_purpose::STANDARD};
use http::HeaderValue;
use secrecy::{ExposeSecret, SecretString};
use thiserror::Error;
use url::Url;

use crate::guard::Consent;

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
    keys: Keys,
    pub(crate) by_api_key: bool,
    /// The host and port of the base URL: the only ones that may lie behind us.
    pub(crate) consent: Vec<Consent>,
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
            keys: Keys::new(basic(user, secret)?),
            by_api_key: matches!(auth, Auth::ApiKey { .. }),
            consent: Consent::of(base_url).into_iter().collect(),
        })
    }

    /// Another token of the account, for when the first is refused.
    pub(crate) fn add_token(&mut self, token: &SecretString) -> Result<(), AccessError> {
        let account_sid = self.account_path.rsplit('/').next().unwrap_or_default();
        self.keys.other = Some(basic(account_sid, token)?);
        Ok(())
    }

    pub(crate) const fn keys(&self) -> &Keys {
        &self.keys
    }

    /// The URL of a resource of our account; `rest` begins with `/` or `.`.
    pub(crate) fn account_url(&self, rest: &str) -> String {
        format!("{}{}{rest}", self.base, self.account_path)
    }

    /// The base URL of another of Twilio's APIs (`messaging`, `content`), which have hosts of their own beside
    /// `api.`; whatever only speaks like Twilio has them all at one address.
    pub(crate) fn sibling(&self, api: &str) -> String {
        match self.base.split_once("://api.") {
            Some((scheme, rest)) if rest == "twilio.com" || rest.ends_with(".twilio.com") => {
                format!("{scheme}://{api}.{rest}")
            }
            _ => self.base.clone(),
        }
    }

    /// The URL of a page link from an answer; `None` if it leads anywhere but to our own account's messages,
    /// where the credentials must not go.
    pub(crate) fn page_url(&self, link: &str) -> Option<String> {
        self.page_of("/Messages.json", link)
    }

    /// The same for another list of the account's.
    pub(crate) fn page_of(&self, list: &str, link: &str) -> Option<String> {
        let absolute = if link.starts_with('/') { format!("{}{link}", self.base) } else { link.to_owned() };
        let rest = absolute.strip_prefix(&self.account_url(list))?;
        (rest.is_empty() || rest.starts_with('?')).then_some(absolute)
    }

    /// Whether this is an attachment of one of our own account's messages, where the credentials may go: SIDs
    /// and nothing else, so that no trick of spelling leads elsewhere.
    pub(crate) fn is_media_url(&self, url: &str) -> bool {
        let messages = self.account_url("/Messages/");
        let sids = url.strip_prefix(&messages).and_then(|rest| rest.split_once("/Media/"));
        let is_sid = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric());
        sids.is_some_and(|(message, media)| is_sid(message) && is_sid(media))
    }
}

/// The credentials a request may carry, and which of them Twilio took last. Their `Debug` shows nothing.
#[derive(Debug)]
pub(crate) struct Keys {
    first: HeaderValue,
    other: Option<HeaderValue>,
    other_works: AtomicBool,
}

impl Keys {
    const fn new(first: HeaderValue) -> Self {
        Self { first, other: None, other_works: AtomicBool::new(false) }
    }

    /// The credentials to try, the likelier first, each with whether it is the other one.
    pub(crate) fn in_turn(&self) -> impl Iterator<Item = (bool, &HeaderValue)> {
        let both = [(false, Some(&self.first)), (true, self.other.as_ref())];
        let from = usize::from(self.other_works.load(Ordering::Relaxed));
        both.into_iter().cycle().skip(from).take(2).filter_map(|(is_other, key)| Some((is_other, key?)))
    }

    /// Twilio took these.
    pub(crate) fn work(&self, is_other: bool) {
        if self.other_works.swap(is_other, Ordering::Relaxed) != is_other {
            let token = if is_other { "previous" } else { "current" };
            tracing::warn!(auth.token = token, "Twilio refused one auth token and takes the other");
        }
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
