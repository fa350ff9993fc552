//! The Twilio account of a configuration: complete, absent, or a fault that says what is missing.

use hub_domain::address::Address;
use secrecy::SecretString;

use super::{
    names::twilio::{
        TWILIO_ACCOUNT_SID, TWILIO_API_KEY_SECRET, TWILIO_API_KEY_SID, TWILIO_AUTH_TOKEN,
        TWILIO_AUTH_TOKEN_PREVIOUS, TWILIO_DEFAULT_FROM, TWILIO_MESSAGING_SERVICE_SID,
    },
    problem::{Fault, Problem},
    read::Reader,
    values,
    variable::Variable,
};

/// Whether the hub has a Twilio account to work with.
#[derive(Clone, Debug)]
pub enum Mode {
    /// Everything needed to send is there.
    Configured(Box<TwilioAccess>),
    /// No credentials at all: the panel shows how to set them up.
    Unconfigured,
}

/// A Twilio account and the sender of its messages.
#[derive(Clone, Debug)]
pub struct TwilioAccess {
    /// `AC…`
    pub account_sid: String,
    /// Sends and checks signatures; absent only beside an API key.
    pub auth_token: Option<SecretString>,
    /// Still checks signatures while the token is being replaced.
    pub auth_token_previous: Option<SecretString>,
    /// Sends in place of the token.
    pub api_key: Option<ApiKey>,
    /// What messages leave from.
    pub sender: Sender,
}

/// An API key of the account.
#[derive(Clone, Debug)]
pub struct ApiKey {
    /// `SK…`
    pub sid: String,
    /// Its secret.
    pub secret: SecretString,
}

/// What messages leave from; at least one is there, and the service goes first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sender {
    /// A number or name of ours.
    pub default_from: Option<Address>,
    /// `MG…`
    pub messaging_service_sid: Option<String>,
}

/// Reads the account. With a fault noted the result is of no use.
pub(super) fn read(reader: &mut Reader<'_>) -> Mode {
    let account_sid = reader.sid(&TWILIO_ACCOUNT_SID);
    let auth_token = reader.secret(&TWILIO_AUTH_TOKEN);
    let auth_token_previous = reader.secret(&TWILIO_AUTH_TOKEN_PREVIOUS);
    let key_sid = reader.sid(&TWILIO_API_KEY_SID);
    let key_secret = reader.secret(&TWILIO_API_KEY_SECRET);
    let sender = Sender {
        default_from: reader.optional(&TWILIO_DEFAULT_FROM, values::sender),
        messaging_service_sid: reader.sid(&TWILIO_MESSAGING_SERVICE_SID),
    };
    note_missing(reader);
    let api_key = key_sid.zip(key_secret).map(|(sid, secret)| ApiKey { sid, secret });
    account_sid.map_or(Mode::Unconfigured, |account_sid| {
        let access = TwilioAccess { account_sid, auth_token, auth_token_previous, api_key, sender };
        Mode::Configured(Box::new(access))
    })
}

/// Asks only what is set, not whether it is well-formed: one mistake, one line in the report.
fn note_missing(reader: &mut Reader<'_>) {
    let raw = reader.raw;
    let mut missing = |variable: &'static Variable, present: Option<&'static Variable>| {
        if let Some(present) = present {
            let fault = Fault::MissingCompanion { present: present.name };
            reader.problems.push(Problem::missing(variable, fault));
        }
    };
    let set = |variable: &'static Variable| raw.is_set(variable).then_some(variable);

    let account = set(&TWILIO_ACCOUNT_SID);
    let token = set(&TWILIO_AUTH_TOKEN);
    let previous = set(&TWILIO_AUTH_TOKEN_PREVIOUS);
    let (key_sid, key_secret) = (set(&TWILIO_API_KEY_SID), set(&TWILIO_API_KEY_SECRET));
    let key = key_sid.or(key_secret);

    let credentials = token.or(key).or(previous);
    if account.is_none() {
        missing(&TWILIO_ACCOUNT_SID, credentials);
    }
    if token.is_none() {
        missing(&TWILIO_AUTH_TOKEN, previous.or(account.filter(|_| key.is_none())));
    }
    if key_sid.is_none() {
        missing(&TWILIO_API_KEY_SID, key_secret);
    }
    if key_secret.is_none() {
        missing(&TWILIO_API_KEY_SECRET, key_sid);
    }
    let sender = set(&TWILIO_DEFAULT_FROM).or(set(&TWILIO_MESSAGING_SERVICE_SID));
    if account.or(credentials).is_some() && sender.is_none() {
        reader.problems.push(Problem::missing(&TWILIO_DEFAULT_FROM, Fault::MissingSender));
    }
}
