//! Inbound webhooks made by hand, for tests that must know which of them were acknowledged.

use http::Method;
use hub_sim::{SimConfig, sign};

use super::http::{Answer, Caller, FORM, NoAnswer};

/// What a customer wrote.
#[derive(Clone, Copy, Debug)]
pub(super) struct Inbound<'a> {
    pub(super) sid: &'a str,
    pub(super) from: &'a str,
    pub(super) to: &'a str,
    pub(super) body: &'a str,
}

impl Inbound<'_> {
    /// The form and its signature for the hub on `port`.
    pub(super) fn signed(&self, port: u16) -> (String, String) {
        let SimConfig { account_sid, auth_token, .. } = SimConfig::default();
        let fields = [
            ("MessageSid", self.sid),
            ("AccountSid", &account_sid),
            ("From", self.from),
            ("To", self.to),
            ("Body", self.body),
            ("NumMedia", "0"),
        ];
        let fields: Vec<(String, String)> =
            fields.map(|(name, value)| (name.to_owned(), value.to_owned())).to_vec();
        let form = form_urlencoded::Serializer::new(String::new()).extend_pairs(&fields).finish();
        let signature = sign(&auth_token, &format!("http://127.0.0.1:{port}/twilio/inbound"), &fields);
        (form, signature)
    }

    pub(super) async fn post(&self, hub: &Caller, port: u16) -> Result<Answer, NoAnswer> {
        let (form, signature) = self.signed(port);
        let headers = [FORM, ("x-twilio-signature", &signature)];
        hub.call(Method::POST, "/twilio/inbound", &headers, &form).await
    }
}

/// The SID of the `number`th message.
pub(super) fn sid(number: u32) -> String {
    format!("SM{number:032x}")
}
