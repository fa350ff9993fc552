//! `X-Twilio-Signature`: was this webhook sent by someone who knows our auth token?
//!
//! The signed text is the URL as configured at Twilio, byte for byte, followed by the form's fields sorted by
//! name. The URL is the configured public base plus the request target exactly as received: never `Host`,
//! never decoded, sorted or written anew. Nothing here is bound to a time: replays are for the inbox to drop.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
use thiserror::Error;

use super::public_base::{BaseUrls, InvalidBaseUrl};

/// Base64 of a SHA-1 HMAC.
const SIGNATURE_LEN: usize = 28;

/// Checks signatures with our tokens at our public address. Built once: the keys' hash states and the URL
/// variants are ready when a webhook comes.
pub struct SignatureCheck {
    /// The tokens as keyed hash states: the current one, then the previous one while it is rotated out.
    keys: Vec<Hmac<Sha1>>,
    base: BaseUrls,
}

/// The check can't be set up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum SignatureSetupError {
    /// No token, or an empty one, which anybody could sign with.
    #[error("checking signatures needs an auth token")]
    NoToken,
    /// The base URL can't be what Twilio calls.
    #[error(transparent)]
    BaseUrl(#[from] InvalidBaseUrl),
}

/// What of the body is signed. A body that could not be read must be refused, not passed as [`Self::None`].
#[derive(Clone, Copy)]
pub enum SignedBody<'a> {
    /// A form's fields as received: blanks, duplicates and unknown ones included.
    Form(&'a [(String, String)]),
    /// The raw bytes of JSON: its hash stands in the signed query as `bodySHA256`.
    Json(&'a [u8]),
    /// No body (GET).
    None,
}

/// Why the request is not proven to come from Twilio.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SignatureError {
    /// There is no signature.
    #[error("no signature")]
    Missing,
    /// Signed by another token, for another URL or for other content.
    #[error("the signature does not fit {signed_url}")]
    Mismatch {
        /// The URL we expected to be signed, for the log: the query's values are left out.
        signed_url: String,
    },
    /// The signature fits, the JSON body doesn't.
    #[error("the body does not fit its signed hash")]
    BodyHash,
}

impl SignatureCheck {
    /// A check with `tokens` (current first) of webhooks called at `public_base_url`, which may have a path.
    pub fn new(tokens: &[SecretString], public_base_url: &str) -> Result<Self, SignatureSetupError> {
        let keys: Option<Vec<_>> = tokens.iter().map(key).collect();
        let keys = keys.filter(|keys| !keys.is_empty()).ok_or(SignatureSetupError::NoToken)?;
        Ok(Self { keys, base: BaseUrls::parse(public_base_url)? })
    }

    /// Checks one request. `raw_target` is path and query as received, escapes untouched.
    pub fn verify(
        &self,
        raw_target: &str,
        body: SignedBody<'_>,
        signature: Option<&str>,
    ) -> Result<(), SignatureError> {
        let signature = signature.ok_or(SignatureError::Missing)?;
        let fields = match body {
            SignedBody::Form(fields) => signed_order(fields),
            SignedBody::Json(_) | SignedBody::None => Vec::new(),
        };
        let fits = self.keys.iter().any(|key| {
            let mut bases = self.base.variants().iter();
            bases.any(|base| same(sign(key.clone(), base, raw_target, &fields), signature))
        });
        if !fits {
            return Err(SignatureError::Mismatch { signed_url: self.base.shown(raw_target) });
        }
        match body {
            SignedBody::Json(raw) if !hash_fits(raw_target, raw) => Err(SignatureError::BodyHash),
            SignedBody::Json(_) | SignedBody::Form(_) | SignedBody::None => Ok(()),
        }
    }
}

fn key(token: &SecretString) -> Option<Hmac<Sha1>> {
    let token = token.expose_secret();
    if token.is_empty() { None } else { Hmac::new_from_slice(token.as_bytes()).ok() }
}

/// Names in code-point order; of a repeated name each distinct value once, in order. Comparing `name` before
/// `value` matters: sorted as joined strings, `Tag`=`z` would come after `TagX`=`1`.
fn signed_order(fields: &[(String, String)]) -> Vec<&(String, String)> {
    let mut order: Vec<_> = fields.iter().collect();
    order.sort_unstable();
    order.dedup();
    order
}

fn sign(mut mac: Hmac<Sha1>, base: &str, target: &str, fields: &[&(String, String)]) -> Hmac<Sha1> {
    mac.update(base.as_bytes());
    mac.update(target.as_bytes());
    for (name, value) in fields {
        mac.update(name.as_bytes());
        mac.update(value.as_bytes());
    }
    mac
}

/// Compares the texts: decoding the given one would accept several spellings of one signature.
fn same(mac: Hmac<Sha1>, signature: &str) -> bool {
    let mut expected = [0; SIGNATURE_LEN];
    let written = STANDARD.encode_slice(mac.finalize().into_bytes(), &mut expected);
    written == Ok(SIGNATURE_LEN) && bool::from(expected.ct_eq(signature.as_bytes()))
}

fn hash_fits(raw_target: &str, body: &[u8]) -> bool {
    let query = raw_target.split_once('?').map_or("", |(_, query)| query);
    let Some(signed) = query.split('&').find_map(|pair| pair.strip_prefix("bodySHA256=")) else {
        return false;
    };
    let actual = format!("{:x}", Bytes::copy_from_slice(&Sha256::digest(body)));
    actual.as_bytes().ct_eq(signed.as_bytes()).into()
}

/// Shows nothing of the keys.
impl fmt::Debug for SignatureCheck {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignatureCheck").field("keys", &self.keys.len()).field("base", &self.base).finish()
    }
}

/// Shows the kind and size only.
impl fmt::Debug for SignedBody<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Form(fields) => write!(f, "Form({} fields)", fields.len()),
            Self::Json(raw) => write!(f, "Json({} bytes)", raw.len()),
            Self::None => f.write_str("None"),
        }
    }
}

#[cfg(test)]
mod tests;
