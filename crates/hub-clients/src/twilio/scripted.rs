//! An account for tests, over a scripted transport.

use std::sync::Arc;

use secrecy::SecretString;

use super::{Auth, DEFAULT_TIMEOUT, TwilioAccess, TwilioClient};
pub(crate) use crate::transport::scripted::{Answer, Scripted, answer};

pub(crate) const ACCOUNT: &str = "AC00000000000000000000000000000001";
pub(crate) const SID: &str = "SM00000000000000000000000000000001";

pub(crate) fn access() -> TwilioAccess {
    TwilioAccess {
        account_sid: ACCOUNT.to_owned(),
        auth: Auth::Token(SecretString::from("hush-token")),
        base_url: "https://api.twilio.com".to_owned(),
    }
}

pub(crate) fn client(transport: Arc<Scripted>) -> TwilioClient {
    TwilioClient::new(&access(), transport, DEFAULT_TIMEOUT).unwrap()
}
