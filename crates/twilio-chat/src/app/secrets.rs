//! Keys entered in the panel: kept sealed, laid over the environment, in force without a restart.
//!
//! A key that was taken is on disk before it is in force; a process that ends in between takes it up at its
//! next start. Values never leave this file but into the connection.

mod seal;

use std::{fmt::Debug, io, sync::Arc};

use hub_clients::{openai::ModelError, twilio::TwilioError};
use hub_domain::secret::{BadSecret, SecretName};
use hub_store::{By, SealedSecret, StoreError};
use secrecy::SecretString;
use thiserror::Error;
use tokio::sync::Mutex;

use self::seal::Seal;
pub use self::seal::SealKey;
use super::{App, connected::Connected};

/// Values of the panel by name.
pub type Panel = Vec<(SecretName, SecretString)>;

/// Makes a connection of what is configured, with the panel's values on top.
pub trait Connector: Debug + Send + Sync {
    /// The connection of all values together.
    fn connect(&self, panel: &Panel) -> Result<Connected, ConnectError>;
    /// How one value stands.
    fn standing(&self, name: SecretName, panel: &Panel) -> Standing;
}

/// Why no connection can be made of the values.
#[derive(Clone, Debug)]
pub struct ConnectError {
    /// The variables at fault, missing or malformed.
    pub names: Vec<String>,
    /// What is wrong, in Polish.
    pub pl: String,
    /// The same in English.
    pub en: String,
}

/// A value as it may be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Of which variable.
    pub name: SecretName,
    /// Its last letters behind dots; `None`: it is not set.
    pub masked: Option<String>,
    /// Who set it.
    pub source: Source,
}

/// Who set a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nobody.
    Unset,
    /// The environment of the process.
    Environment,
    /// The `.env` file.
    DotEnv,
    /// A person in the panel.
    Panel,
}

/// The way from keys to a connection, and who has it in hand.
#[derive(Debug)]
pub(super) struct Keys {
    connector: Arc<dyn Connector>,
    key: SealKey,
    /// Held while keys are changed: one change sees the result of the other.
    changing: Mutex<()>,
}

/// What became of a change.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It is in force.
    InForce,
    /// It is kept, but the values together make no connection yet; the former one serves.
    Incomplete(ConnectError),
}

/// What a key that was tried opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verified {
    /// A Twilio account.
    Account(String),
    /// The models of its service.
    Models(Vec<String>),
}

/// Why a key is not taken.
#[derive(Debug, Error)]
pub enum SecretError {
    /// This process has keys of its own: the demo, a command.
    #[error("keys can't be changed here")]
    Fixed,
    /// Plainly not that key.
    #[error("not that key")]
    Bad(BadSecret),
    /// Not in a form that can be used.
    #[error("the value can't be used")]
    Malformed(ConnectError),
    /// There is nothing to try it with.
    #[error("nothing to try it with")]
    Untestable,
    /// Twilio refused it, or can't be asked.
    #[error(transparent)]
    Refused(#[from] TwilioError),
    /// The service of the models refused it, or can't be asked.
    #[error(transparent)]
    Model(#[from] ModelError),
    /// The sealing key can't be read or written.
    #[error("the sealing key: {0}")]
    Seal(#[from] io::Error),
    /// Longer than can be sealed.
    #[error("too long")]
    TooLong,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What was sealed, and the names of what can't be opened.
pub fn opened(key: &SealKey, sealed: &[SealedSecret]) -> io::Result<(Panel, Vec<SecretName>)> {
    let seal: Option<Seal> = if sealed.is_empty() { None } else { key.existing()? };
    let (mut panel, mut unreadable) = (Panel::new(), Vec::new());
    for secret in sealed {
        let Some(name) = SecretName::parse(&secret.name) else { continue };
        match seal.as_ref().and_then(|seal| seal.open(secret)) {
            Some(value) => panel.push((name, value)),
            None => unreadable.push(name),
        }
    }
    Ok((panel, unreadable))
}

impl App {
    /// At start: lets keys be changed, and takes up those entered before.
    pub async fn take_up_keys(&self, connector: Arc<dyn Connector>, key: SealKey) -> Result<(), SecretError> {
        let keys = Keys { connector, key, changing: Mutex::new(()) };
        if self.inner.keys.set(keys).is_err() {
            return Err(SecretError::Fixed);
        }
        if self.store().secrets().await?.is_empty() {
            return Ok(());
        }
        if let Outcome::Incomplete(error) = self.reload_keys().await? {
            tracing::error!(names = ?error.names, "the keys of the panel can't be used with the others");
        }
        Ok(())
    }

    /// Takes up what the store holds now.
    pub async fn reload_keys(&self) -> Result<Outcome, SecretError> {
        let keys = self.keys()?;
        let turn = keys.changing.lock().await;
        let (panel, unreadable) = self.panel(keys).await?;
        if !unreadable.is_empty() {
            tracing::error!(
                names = ?unreadable,
                "keys of the panel were sealed under another key: enter them again in the settings"
            );
        }
        let outcome = self.put_in_force(keys, &panel).await;
        drop(turn);
        outcome
    }

    /// Keeps a key and puts it in force.
    pub async fn save_secret(&self, name: SecretName, typed: &str, by: By) -> Result<Outcome, SecretError> {
        let value = SecretString::from(name.accept(typed).map_err(SecretError::Bad)?);
        let keys = self.keys()?;
        let _turn = keys.changing.lock().await;
        let panel = self.panel_with(keys, name, value.clone()).await?;
        if let Err(error) = keys.connector.connect(&panel)
            && error.names.iter().any(|at_fault| at_fault == name.as_str())
        {
            return Err(SecretError::Malformed(error));
        }
        let seal = keys.key.or_new(self.world())?;
        let sealed = seal.seal(name, &value, self.nonce()).ok_or(SecretError::TooLong)?;
        self.store().keep_secret(sealed, by, self.world().now()).await?;
        self.put_in_force(keys, &panel).await
    }

    /// Forgets a key of the panel: the environment's counts again.
    pub async fn clear_secret(&self, name: SecretName, by: By) -> Result<Outcome, SecretError> {
        let keys = self.keys()?;
        let _turn = keys.changing.lock().await;
        self.store().clear_secret(name.as_str().to_owned(), by, self.world().now()).await?;
        let (panel, _) = self.panel(keys).await?;
        self.put_in_force(keys, &panel).await
    }

    /// Asks its service whether it takes the key, with a value that is not saved if one is given.
    pub async fn try_secret(&self, name: SecretName, typed: Option<&str>) -> Result<Verified, SecretError> {
        let connected = match typed {
            None => self.connected(),
            Some(typed) => {
                let value = SecretString::from(name.accept(typed).map_err(SecretError::Bad)?);
                let keys = self.keys()?;
                let panel = self.panel_with(keys, name, value).await?;
                Arc::new(keys.connector.connect(&panel).map_err(SecretError::Malformed)?)
            }
        };
        if name.is_twilio() {
            let account = connected.account.as_ref().ok_or(SecretError::Untestable)?;
            account.client.account().await?;
            return Ok(Verified::Account(account.client.account_sid().to_owned()));
        }
        let models = &connected.models;
        let client = if name == SecretName::OpenaiApiKey { &models.assistant } else { &models.knowledge };
        let client = client.as_ref().ok_or(SecretError::Untestable)?;
        Ok(Verified::Models(client.models().await?))
    }

    /// How every key stands, and which were sealed under another key.
    pub async fn secrets(&self) -> Result<(Vec<Standing>, Vec<SecretName>), SecretError> {
        let keys = self.keys()?;
        let (panel, unreadable) = self.panel(keys).await?;
        let standing = |name| keys.connector.standing(name, &panel);
        Ok((SecretName::ALL.into_iter().map(standing).collect(), unreadable))
    }

    /// Whether a key would still be set without the panel's.
    pub fn is_set_outside_of_panel(&self, name: SecretName) -> Result<bool, SecretError> {
        Ok(self.keys()?.connector.standing(name, &Panel::new()).masked.is_some())
    }

    fn keys(&self) -> Result<&Keys, SecretError> {
        self.inner.keys.get().ok_or(SecretError::Fixed)
    }

    /// The panel's values, and the names of those that can't be opened.
    async fn panel(&self, keys: &Keys) -> Result<(Panel, Vec<SecretName>), SecretError> {
        let records = self.store().secrets().await?;
        let sealed: Vec<_> = records.into_iter().map(|record| record.secret).collect();
        Ok(opened(&keys.key, &sealed)?)
    }

    async fn panel_with(
        &self,
        keys: &Keys,
        name: SecretName,
        value: SecretString,
    ) -> Result<Panel, SecretError> {
        let (mut panel, _) = self.panel(keys).await?;
        panel.retain(|(known, _)| *known != name);
        panel.push((name, value));
        Ok(panel)
    }

    /// From here on everything uses these; a queue that Twilio had stopped over other keys goes on.
    async fn put_in_force(&self, keys: &Keys, panel: &Panel) -> Result<Outcome, SecretError> {
        match keys.connector.connect(panel) {
            Ok(connected) => {
                self.reconnect(connected);
                self.inner.models.forget_failures();
                self.inner.answering.forget_failures();
                self.take_up_sending().await?;
                Ok(Outcome::InForce)
            }
            Err(error) => Ok(Outcome::Incomplete(error)),
        }
    }

    fn nonce(&self) -> [u8; 24] {
        let mut nonce = [0; 24];
        for (to, from) in nonce.iter_mut().zip(self.world().secret()) {
            *to = from;
        }
        nonce
    }
}
