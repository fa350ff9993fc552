//! The configuration of the demo: hub and simulator on this machine, on data of their own.

use secrecy::{ExposeSecret, SecretString};

use super::{
    Config, ConfigError, RawConfig, Source,
    names::{access, application as app, models, twilio},
};

/// The account that the simulator offers, and the model service beside it.
#[derive(Clone, Debug)]
pub struct DemoAccount {
    /// `AC…`
    pub account_sid: String,
    /// Its token.
    pub auth_token: SecretString,
    /// A number of the account.
    pub default_from: String,
    /// Where the simulator listens.
    pub api_base_url: String,
    /// Opens its model service.
    pub model_key: SecretString,
    /// Where that is.
    pub model_base_url: String,
}

impl Config {
    /// The configuration as typed, cut off from everything real: account, model keys, database, knowledge
    /// base, network. What is left of it (port, language of answers, caps …) must be free of faults.
    pub fn demo(raw: &RawConfig, account: &DemoAccount) -> Result<Self, ConfigError> {
        let mut raw = raw.clone();
        for variable in [
            &twilio::TWILIO_AUTH_TOKEN_PREVIOUS,
            &twilio::TWILIO_API_KEY_SID,
            &twilio::TWILIO_API_KEY_SECRET,
            &twilio::TWILIO_MESSAGING_SERVICE_SID,
            &app::PUBLIC_BASE_URL,
            &access::TRUSTED_PROXIES,
        ] {
            raw.clear(variable);
        }
        for (variable, text) in [
            (&twilio::TWILIO_ACCOUNT_SID, account.account_sid.as_str()),
            (&twilio::TWILIO_AUTH_TOKEN, account.auth_token.expose_secret()),
            (&twilio::TWILIO_DEFAULT_FROM, &account.default_from),
            (&twilio::TWILIO_API_BASE_URL, &account.api_base_url),
            (&twilio::TWILIO_VALIDATE_SIGNATURE, "true"),
            (&models::OPENAI_API_KEY, account.model_key.expose_secret()),
            (&models::OPENAI_BASE_URL, &account.model_base_url),
            (&models::SECOND_OPENAI, account.model_key.expose_secret()),
            (&models::SECOND_OPENAI_BASE_URL, &account.model_base_url),
            (&app::APP_ENV, "demo"),
            (&app::APP_HOST, "127.0.0.1"),
            (&app::DB_PATH, "data/demo/app.db"),
            (&app::X1_DATA_DIR, "data/demo/X1_data"),
        ] {
            raw.set(variable, text.to_owned(), Source::Demo);
        }
        Ok(Self { demo: true, ..Self::from_raw(&raw)? })
    }
}
