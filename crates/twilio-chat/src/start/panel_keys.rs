//! Keys entered in the panel, for whoever starts beside a hub or before one: on top of the environment and `.env`.
//!
//! Only looks into the database, which may not be there yet, and changes nothing in it.

use std::{io::ErrorKind, path::Path};

use hub_domain::secret::SecretName;
use hub_store::SealedSecret;
use secrecy::ExposeSecret as _;

use super::{StartError, folder, seal_key_beside};
use crate::{
    app::secrets,
    config::{Config, ConfigError, RawConfig, Whereabouts},
};

/// What was typed, and what was entered in the panel.
#[derive(Debug)]
pub struct Entered {
    /// All of it, the panel's on top.
    pub raw: RawConfig,
    /// Entered, and sealed under a key that is not here any more.
    pub unreadable: Vec<SecretName>,
}

impl Entered {
    /// Looks for the panel's keys in the data that `typed` names.
    pub fn beside(typed: &RawConfig) -> Result<Self, StartError> {
        let Whereabouts { database, secret_key } = Whereabouts::of(typed);
        let records = sealed_in(&database)?;
        let key = seal_key_beside(&database, secret_key);
        let (panel, unreadable) = secrets::opened(&key, &records).map_err(StartError::SealKey)?;
        let values =
            panel.iter().map(|(name, value)| (name.as_str().to_owned(), value.expose_secret().to_owned()));
        Ok(Self { raw: typed.clone().with_panel(values), unreadable })
    }

    /// The configuration that holds: with the panel's keys, unless they make none with the rest and what was typed
    /// does alone.
    pub fn in_force(
        &self,
        typed: &RawConfig,
        serves: impl Fn(&Config) -> Result<(), ConfigError>,
    ) -> Result<Config, ConfigError> {
        let read = |raw: &RawConfig| {
            let config = Config::from_raw(raw)?;
            serves(&config).map(|()| config)
        };
        read(&self.raw).or_else(|error| read(typed).map_err(|_| error))
    }
}

fn sealed_in(database: &Path) -> Result<Vec<SealedSecret>, StartError> {
    match database.try_exists() {
        Ok(true) => hub_store::sealed_secrets(database)
            .map_err(|source| StartError::Store { path: database.to_owned(), source }),
        Ok(false) => Ok(Vec::new()),
        // There can't be any; whoever needs the folder tells how to mend it.
        Err(error) if error.kind() == ErrorKind::NotADirectory => Ok(Vec::new()),
        Err(source) => Err(StartError::Folder { folder: folder(database).to_owned(), source }),
    }
}
