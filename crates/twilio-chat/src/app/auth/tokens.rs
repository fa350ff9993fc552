//! API tokens: made once shown, kept as hashes, refused when revoked.

use hub_domain::{access::Scopes, ids::TokenId};
use hub_store::{By, StoreError, TokenRecord};
use jiff::SignedDuration;
use secrecy::SecretString;

use super::{hash, hex};
use crate::app::App;

/// Begins every token, so that people and secret scanners know what they found.
const TOKEN_PREFIX: &str = "hub_";
/// Longest name of a token, in characters; more is cut.
const LONGEST_NAME: usize = 80;
/// A token's use is noted at most so often.
const NOTE_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// A token just made: the only time its secret is seen.
#[derive(Debug)]
pub struct NewToken {
    /// What a caller sends.
    pub secret: SecretString,
}

impl App {
    /// Makes a token.
    pub async fn add_token(&self, name: &str, scopes: Scopes, by: By) -> Result<NewToken, StoreError> {
        let secret = format!("{TOKEN_PREFIX}{}", hex(&self.world().secret()));
        let name: String = name.trim().chars().filter(|c| !c.is_control()).take(LONGEST_NAME).collect();
        self.store().add_token(hash(&secret), name, scopes, by, self.world().now()).await?;
        Ok(NewToken { secret: secret.into() })
    }

    /// The token of this secret, if it is good now.
    pub async fn token(&self, secret: &str) -> Result<Option<TokenRecord>, StoreError> {
        // What can't be one of ours costs no look into the store.
        if !secret.starts_with(TOKEN_PREFIX) {
            return Ok(None);
        }
        let Some(token) = self.store().token(hash(secret)).await? else { return Ok(None) };
        let now = self.world().now();
        if token.used_at.is_none_or(|used| now.duration_since(used) >= NOTE_EVERY)
            && let Err(error) = self.store().touch_token(token.id, now).await
        {
            tracing::warn!(%error, "the use of a token could not be noted");
        }
        Ok(Some(token))
    }

    /// The tokens, the newest first.
    pub async fn tokens(&self) -> Result<Vec<TokenRecord>, StoreError> {
        self.store().tokens().await
    }

    /// Refuses a token from now on.
    pub async fn revoke_token(&self, id: TokenId, by: By) -> Result<bool, StoreError> {
        self.store().revoke_token(id, by, self.world().now()).await
    }
}
