//! API tokens. Only hashes of secrets come here.

use hub_domain::{access::Scopes, ids::TokenId};
use jiff::Timestamp;

use crate::{
    SecretHash, Store, StoreError,
    audit::By,
    sqlite::{Queue, tokens},
};

/// A token as listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenRecord {
    /// The token.
    pub id: TokenId,
    /// What it is for, in its maker's words.
    pub name: String,
    /// What it may do.
    pub scopes: Scopes,
    /// Who made it.
    pub created_by: String,
    /// When.
    pub created_at: Timestamp,
    /// When its last use was noted.
    pub used_at: Option<Timestamp>,
    /// Since when it is refused.
    pub revoked_at: Option<Timestamp>,
}

impl Store {
    /// Adds a token.
    pub async fn add_token(
        &self,
        secret: SecretHash,
        name: String,
        scopes: Scopes,
        by: By,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| tokens::add(unit, &secret, &name, &scopes, &by, now)).await
            }
        }
    }

    /// The token of this secret, unless it is revoked.
    pub async fn token(&self, secret: SecretHash) -> Result<Option<TokenRecord>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| tokens::find(connection, secret)).await,
        }
    }

    /// Notes that a token was used.
    pub async fn touch_token(&self, id: TokenId, now: Timestamp) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => db.write(Queue::Work, move |unit| tokens::touch(unit, id, now)).await,
        }
    }

    /// The tokens, the newest first; revoked ones too. At most 200.
    pub async fn tokens(&self) -> Result<Vec<TokenRecord>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(tokens::list).await,
        }
    }

    /// Refuses a token from now on. `false`: there is none, or it was revoked before.
    pub async fn revoke_token(&self, id: TokenId, by: By, now: Timestamp) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(db) => db.write(Queue::Work, move |unit| tokens::revoke(unit, id, &by, now)).await,
        }
    }
}
