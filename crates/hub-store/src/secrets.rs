//! Keys entered in the panel, as sealed by the caller: nothing here can open them.

use std::path::Path;

use jiff::Timestamp;

use crate::{
    Store, StoreError,
    audit::By,
    sqlite::{self, Queue, secrets},
};

/// A value that only the holder of the sealing key can read.
#[derive(Clone, PartialEq, Eq)]
pub struct SealedSecret {
    /// Of which variable.
    pub name: String,
    /// Used for this value and no other.
    pub nonce: Vec<u8>,
    /// The value, sealed under its name.
    pub sealed: Vec<u8>,
}

/// A sealed value and who entered it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SecretRecord {
    /// The value.
    pub secret: SealedSecret,
    /// When it was entered.
    pub updated_at: Timestamp,
    /// By whom.
    pub updated_by: String,
}

impl std::fmt::Debug for SealedSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SealedSecret").field("name", &self.name).finish_non_exhaustive()
    }
}

/// The values in a database file, looked at beside whoever works with it: nothing is made, brought up to date or
/// changed. A file that is not there, is another program's or older than this has none.
///
/// # Errors
/// [`StoreError::Fault`] when the file can't be read.
pub fn sealed_secrets(path: &Path) -> Result<Vec<SealedSecret>, StoreError> {
    let records = sqlite::peek(path, "secret", secrets::list)?;
    Ok(records.unwrap_or_default().into_iter().map(|record| record.secret).collect())
}

impl Store {
    /// Every value entered in the panel, by name.
    pub async fn secrets(&self) -> Result<Vec<SecretRecord>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(secrets::list).await,
        }
    }

    /// Keeps a value in place of the former one.
    pub async fn keep_secret(&self, secret: SealedSecret, by: By, now: Timestamp) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| secrets::keep(unit, &secret, &by, now)).await
            }
        }
    }

    /// Removes a value; whether there was one.
    pub async fn clear_secret(&self, name: String, by: By, now: Timestamp) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| secrets::clear(unit, &name, &by, now)).await
            }
        }
    }
}
