//! Keys in words: what each is for, how a test ended, why one is not taken.

use hub_clients::{openai::ModelError, twilio::TwilioError};
use hub_domain::secret::{BadSecret, SecretName};

use crate::{
    app::secrets::{SecretError, Verified},
    i18n::Lang,
    t,
};

pub(super) fn what(lang: Lang, name: SecretName) -> &'static str {
    match name {
        SecretName::TwilioAccountSid => t!(lang, "keys.what.account"),
        SecretName::TwilioAuthToken => t!(lang, "keys.what.token"),
        SecretName::TwilioAuthTokenPrevious => t!(lang, "keys.what.token_previous"),
        SecretName::TwilioApiKeySid => t!(lang, "keys.what.api_key"),
        SecretName::TwilioApiKeySecret => t!(lang, "keys.what.api_secret"),
        SecretName::TwilioDefaultFrom => t!(lang, "keys.what.from"),
        SecretName::TwilioMessagingServiceSid => t!(lang, "keys.what.service"),
        SecretName::OpenaiApiKey => t!(lang, "keys.what.openai"),
        SecretName::SecondOpenai => t!(lang, "keys.what.second"),
    }
}

pub(super) fn verified(lang: Lang, verified: &Verified) -> String {
    match verified {
        Verified::Account(account) => t!(lang, "keys.test.account", account = account),
        Verified::Models(models) => t!(lang, "keys.test.models", count = models.len()),
    }
}

/// Why a key is not taken or does not work; `None`: the store failed.
pub(super) fn refused(lang: Lang, error: &SecretError) -> Option<String> {
    Some(match error {
        SecretError::Store(_) => return None,
        SecretError::Seal(error) => {
            tracing::error!(%error, "the sealing key can't be read or written");
            t!(lang, "keys.refused.seal").to_owned()
        }
        SecretError::Fixed => t!(lang, "keys.refused.fixed").to_owned(),
        SecretError::Bad(BadSecret::Empty) => t!(lang, "keys.refused.empty").to_owned(),
        SecretError::Bad(BadSecret::NotAnAccount) => t!(lang, "keys.refused.no_account").to_owned(),
        SecretError::Bad(BadSecret::TooShort) => t!(lang, "keys.refused.short").to_owned(),
        SecretError::Bad(BadSecret::NotAModelKey) => t!(lang, "keys.refused.no_model_key").to_owned(),
        SecretError::TooLong => t!(lang, "keys.refused.too_long").to_owned(),
        SecretError::Malformed(error) => lang.pick_owned(&error.pl, &error.en).to_owned(),
        SecretError::Untestable => t!(lang, "keys.refused.untestable").to_owned(),
        SecretError::Refused(error) => twilio(lang, error),
        SecretError::Model(error) => model(lang, error),
    })
}

pub(in crate::web::panel) fn twilio(lang: Lang, error: &TwilioError) -> String {
    match error {
        TwilioError::Refused { http_status: 401 | 403, .. } => {
            t!(lang, "keys.test.twilio.unauthorised").to_owned()
        }
        TwilioError::Refused { http_status, message, .. } => {
            t!(lang, "keys.test.twilio.refused", status = http_status, message = message)
        }
        TwilioError::Transport(error) => t!(lang, "keys.test.twilio.no_answer", error = error),
        TwilioError::Unreadable(_) => t!(lang, "keys.test.twilio.unreadable").to_owned(),
    }
}

fn model(lang: Lang, error: &ModelError) -> String {
    match error {
        ModelError::Unauthorised(_) => t!(lang, "keys.test.model.unauthorised").to_owned(),
        ModelError::Throttled { out_of_credit: true, .. } => t!(lang, "keys.test.model.credit").to_owned(),
        ModelError::Throttled { .. } => t!(lang, "keys.test.model.slow").to_owned(),
        ModelError::Refused { http_status, message } => {
            t!(lang, "keys.test.model.refused", status = http_status, message = message)
        }
        ModelError::Overloaded { http_status, .. } => {
            t!(lang, "keys.test.model.trouble", status = http_status)
        }
        ModelError::Unreachable(_) | ModelError::NoAnswer(_) => {
            t!(lang, "keys.test.model.no_answer").to_owned()
        }
        ModelError::TooLarge | ModelError::Unreadable(_) | ModelError::Empty | ModelError::Filtered => {
            t!(lang, "keys.test.model.unreadable").to_owned()
        }
    }
}
