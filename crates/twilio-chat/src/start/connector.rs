//! From configured values and those of the panel to a connection.

use std::sync::Arc;

use hub_clients::{
    Transport,
    openai::{ModelAccess, ModelAccessError, ModelClient},
};
use hub_domain::{secret::SecretName, timing::Timing};
use secrecy::{ExposeSecret as _, SecretString};

use super::{StartError, account, signature_check, terms};
use crate::{
    app::{
        connected::{Connected, Models},
        knowledge::Embedder,
        secrets::{ConnectError, Connector, Panel, Source, Standing},
    },
    config::{self, BaseUrl, Config, Mode, RawConfig},
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
    /// Keys of models that no header can carry.
    fn unusable_model_keys(&self, config: &Config) -> Vec<String> {
        let (assistant, knowledge) = (&config.assistant, &config.knowledge);
        let keys = [
            (SecretName::OpenaiApiKey, &assistant.base_url, &assistant.api_key),
            (SecretName::SecondOpenai, &knowledge.base_url, &knowledge.api_key),
        ];
        let unusable = |(name, base_url, key): (SecretName, &BaseUrl, &Option<SecretString>)| {
            let opened = model(base_url, key.as_ref()?, &self.timing, &self.transport);
            opened.is_err().then(|| name.as_str().to_owned())
        };
        keys.into_iter().filter_map(unusable).collect()
    }

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
            names: self.unusable_model_keys(&config),
            pl: error.describe(Lang::Pl),
            en: error.describe(Lang::En),
        })
    }

    fn standing(&self, name: SecretName, panel: &Panel) -> Standing {
        let shown = config::shown_value(&self.with(panel), name.as_str());
        let source = match shown {
            None => Source::Unset,
            Some((_, config::Source::Panel)) => Source::Panel,
            Some((_, config::Source::DotEnv { .. })) => Source::DotEnv,
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
    let open = |base_url: &BaseUrl, key: Option<&SecretString>| {
        key.map(|key| model(base_url, key, timing, transport)).transpose()
    };
    let (assistant, knowledge) = (&config.assistant, &config.knowledge);
    let key = config.assistant.api_key.as_ref().or(config.knowledge.api_key.as_ref());
    Ok(Connected {
        account,
        signature: signature_check(config, port)?.map(Arc::new),
        terms: Arc::new(terms::terms(config)),
        models: Models {
            assistant: open(&assistant.base_url, assistant.api_key.as_ref())?,
            knowledge: open(&knowledge.base_url, knowledge.api_key.as_ref())?,
            embedder: Embedder::of(knowledge, transport, timing)?.map(Arc::new),
            key_preview: assistant.api_key.as_ref().map(key_preview).unwrap_or_default(),
            knowledge_chat: knowledge.model.clone(),
            knowledge_context: knowledge.context_tokens(),
            enabled: key.is_some(),
            chat: config.assistant.model.clone(),
            embedding: config.knowledge.embedding_model.clone(),
            key_masked: key.map(|key| config::masked_key(key.expose_secret())),
        },
    })
}

/// A client of a service of models.
pub(super) fn model(
    base_url: &BaseUrl,
    key: &SecretString,
    timing: &Timing,
    transport: &Arc<dyn Transport>,
) -> Result<Arc<ModelClient>, ModelAccessError> {
    let access = ModelAccess { base_url: base_url.as_str().to_owned(), api_key: key.clone() };
    ModelClient::new(&access, Arc::clone(transport), timing.model_timeout).map(Arc::new)
}

/// The last four characters behind bullets; of a short key nothing is shown.
fn key_preview(key: &SecretString) -> String {
    let key = key.expose_secret();
    let shown = key.char_indices().rev().nth(3).map_or(0, |(at, _)| at);
    let end = if key.chars().count() >= 12 { key.get(shown..).unwrap_or_default() } else { "" };
    format!("••••••••{end}")
}
