//! From configured values and those of the panel to a connection.

use std::sync::Arc;

use hub_clients::Transport;
use hub_domain::{secret::SecretName, timing::Timing};
use secrecy::ExposeSecret as _;

use super::{StartError, account, signature_check, terms};
use crate::{
    app::{
        connected::{Connected, Models},
        secrets::{ConnectError, Connector, Panel, Source, Standing},
    },
    config::{self, Config, Mode, RawConfig},
    i18n::Lang,
};

/// What was typed outside the panel, and the way out.
#[derive(Debug)]
pub struct Ground {
    /// Environment and `.env`.
    pub raw: RawConfig,
    /// Outbound HTTP.
    pub transport: Arc<dyn Transport>,
    /// How long calls wait.
    pub timing: Timing,
    /// Where webhooks arrive.
    pub port: u16,
}

impl Ground {
    fn with(&self, panel: &Panel) -> RawConfig {
        let value = |(name, value): &(SecretName, _)| {
            let value: &secrecy::SecretString = value;
            (name.as_str().to_owned(), value.expose_secret().to_owned())
        };
        self.raw.clone().with_panel(panel.iter().map(value))
    }
}

impl Connector for Ground {
    fn connect(&self, panel: &Panel) -> Result<Connected, ConnectError> {
        let config = Config::from_raw(&self.with(panel)).and_then(|config| {
            config.validate_for_serve()?;
            Ok(config)
        });
        let config = config.map_err(|error| ConnectError {
            names: error.names().map(str::to_owned).collect(),
            pl: error.describe(Lang::Pl),
            en: error.describe(Lang::En),
        })?;
        connected(&config, &self.timing, &self.transport, self.port).map_err(|error| ConnectError {
            names: Vec::new(),
            pl: error.describe(Lang::Pl),
            en: error.describe(Lang::En),
        })
    }

    fn standing(&self, name: SecretName, panel: &Panel) -> Standing {
        let shown = config::shown_value(&self.with(panel), name.as_str());
        let source = match shown {
            None => Source::Unset,
            Some((_, config::Source::Panel)) => Source::Panel,
            Some(_) => Source::Environment,
        };
        Standing { name, masked: shown.map(|(masked, _)| masked), source }
    }
}

/// The connection of a configuration.
pub(super) fn connected(
    config: &Config,
    timing: &Timing,
    transport: &Arc<dyn Transport>,
    port: u16,
) -> Result<Connected, StartError> {
    let account = match &config.mode {
        Mode::Unconfigured => None,
        Mode::Configured(access) => {
            Some(Arc::new(account(config, access, timing, Arc::clone(transport), port)?))
        }
    };
    let key = config.assistant.api_key.as_ref().or(config.knowledge.api_key.as_ref());
    Ok(Connected {
        account,
        signature: signature_check(config, port)?.map(Arc::new),
        terms: Arc::new(terms::terms(config)),
        models: Models {
            enabled: key.is_some(),
            chat: config.assistant.model.clone(),
            embedding: config.knowledge.embedding_model.clone(),
            key_masked: key.map(|key| config::masked_key(key.expose_secret())),
        },
    })
}
