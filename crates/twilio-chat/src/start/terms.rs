//! On what terms this process sends: the rates as configured, and a fingerprint of the credentials.
//!
//! The fingerprint goes to the database, the credentials never.

use hub_domain::stop::Fingerprint;
use hub_store::Terms;
use secrecy::{ExposeSecret, SecretString};
use sha2::{Digest as _, Sha256};

use crate::config::{Config, Mode, TwilioAccess};

/// The terms of a configuration.
pub(super) fn terms(config: &Config) -> Terms {
    let credentials = match &config.mode {
        Mode::Unconfigured => Fingerprint::default(),
        Mode::Configured(access) => fingerprint(access, config.twilio_api_base_url.as_str()),
    };
    Terms { rates: config.rates.clone(), credentials }
}

/// Another one whenever Twilio might answer otherwise.
fn fingerprint(access: &TwilioAccess, base_url: &str) -> Fingerprint {
    let secret = |secret: &Option<SecretString>| {
        secret.as_ref().map_or_else(String::new, |secret| secret.expose_secret().to_owned())
    };
    let key = access.api_key.as_ref();
    let parts = [
        base_url.to_owned(),
        access.account_sid.clone(),
        secret(&access.auth_token),
        secret(&access.auth_token_previous),
        key.map_or_else(String::new, |key| key.sid.clone()),
        key.map_or_else(String::new, |key| key.secret.expose_secret().to_owned()),
    ];
    let mut digest = Sha256::new_with_prefix("twilio-chat credentials");
    for part in parts {
        digest.update([0]);
        digest.update(part);
    }
    let mut short = [0; 16];
    for (to, from) in short.iter_mut().zip(digest.finalize()) {
        *to = from;
    }
    Fingerprint(short)
}

#[cfg(test)]
mod tests;
