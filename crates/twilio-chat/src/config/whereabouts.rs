//! What has to be known before all the rest can be read: where the data are, and what seals the keys kept there.
//!
//! Keys entered in the panel complete a configuration that may be no whole one without them.

use std::path::PathBuf;

use secrecy::SecretString;

use super::{
    RawConfig,
    names::{access::APP_SECRET_KEY, application::DB_PATH},
    read::Reader,
};

/// Where the data are.
#[derive(Debug)]
pub struct Whereabouts {
    /// The database file.
    pub database: PathBuf,
    /// Seals the keys in it; without it a key file beside it does.
    pub secret_key: Option<SecretString>,
}

impl Whereabouts {
    /// Reads these two; what is wrong with them is told with the whole configuration.
    pub fn of(raw: &RawConfig) -> Self {
        let mut reader = Reader::new(raw);
        Self { database: reader.text(&DB_PATH).into(), secret_key: reader.secret(&APP_SECRET_KEY) }
    }
}
