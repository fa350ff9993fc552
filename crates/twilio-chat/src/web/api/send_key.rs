//! `Idempotency-Key`: a caller who got no answer may ask again without sending twice.

use axum::http::HeaderMap;
use hub_store::SendKey;
use sha2::{Digest as _, Sha256};

use super::json_body::JsonBody;
use crate::web::access::Caller;

/// Longer than any caller needs.
const LONGEST: usize = 255;

/// The header holds no usable key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadKey;

/// The caller's key for this send. The same words of another caller are another key; the same key for
/// another endpoint or other fields is found out by the fingerprint.
pub(super) fn send_key(
    headers: &HeaderMap,
    caller: Caller,
    endpoint: &str,
    body: &JsonBody,
) -> Result<Option<SendKey>, BadKey> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().map_err(|_| BadKey)?.trim();
    if key.is_empty() || key.len() > LONGEST {
        return Err(BadKey);
    }
    let fingerprint = Sha256::new().chain_update(endpoint).chain_update([0]).chain_update(body.canonical());
    Ok(Some(SendKey { key: format!("{}:{key}", caller.key()), fingerprint: fingerprint.finalize().into() }))
}
