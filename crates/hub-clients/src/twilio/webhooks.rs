//! The account's numbers, and where Twilio posts what comes in, as set at a number or at a Messaging Service: read and
//! set.
//!
//! Setting is safe to repeat. The number's `StatusCallback` is left alone: it reports calls, not messages, whose
//! callback travels with each of them.

use std::time::Duration;

use hub_domain::incoming::Incoming;
use serde_json::Value;

use super::{TwilioClient, TwilioError, client::MAX_LIST_BYTES, message::text};

/// Somebody waits at a page, and asking again is safe.
const PATIENCE: Duration = Duration::from_secs(10);

const NUMBERS: &str = "/IncomingPhoneNumbers.json";

/// Numbers a page, and pages read at most.
const NUMBERS_A_PAGE: usize = 1000;
const MOST_PAGES: usize = 50;

/// A number of the account's, by itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountNumber {
    /// As Twilio writes it.
    pub number: String,
    /// Where its messages go.
    pub incoming: Incoming,
}

/// A number of the account's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NumberWebhook {
    /// `PN…`
    pub sid: String,
    /// Where its messages go.
    pub incoming: Incoming,
}

impl TwilioClient {
    /// All numbers of the account.
    pub async fn numbers(&self) -> Result<Vec<AccountNumber>, TwilioError> {
        let mut url = self.door.account_url(&format!("{NUMBERS}?PageSize={NUMBERS_A_PAGE}"));
        let mut numbers = Vec::new();
        for _ in 0..MOST_PAGES {
            let document = self.get_within(url, MAX_LIST_BYTES, self.patience()).await?;
            numbers.extend(numbers_of(&document)?.iter().filter_map(|item| {
                let number = text(item, "phone_number")?;
                Some(AccountNumber { number, incoming: read_incoming(item) })
            }));
            let Some(link) = text(&document, "next_page_uri") else { return Ok(numbers) };
            let next = self.door.page_of(NUMBERS, &link);
            url = next.ok_or(TwilioError::Unreadable("the next page is not at our account"))?;
        }
        Err(TwilioError::Unreadable("the list of numbers is too long to be read to its end"))
    }

    /// How a number is set; `None` when the account has no such number.
    pub async fn number_webhook(&self, number: &str) -> Result<Option<NumberWebhook>, TwilioError> {
        let query = form_urlencoded::Serializer::new(String::new())
            .append_pair("PhoneNumber", number)
            .append_pair("PageSize", "50")
            .finish();
        let url = self.door.account_url(&format!("{NUMBERS}?{query}"));
        let document = self.get_within(url, MAX_LIST_BYTES, self.patience()).await?;
        // The filter is a pattern: it finds longer numbers too.
        let found =
            numbers_of(&document)?.iter().find(|item| text(item, "phone_number").as_deref() == Some(number));
        found.map(read_number).transpose()
    }

    /// Has a number's messages posted to `address`, whatever was set before.
    pub async fn set_number_webhook(&self, sid: &str, address: &str) -> Result<NumberWebhook, TwilioError> {
        let url = self.door.account_url(&format!("/IncomingPhoneNumbers/{sid}.json"));
        let form = [("SmsUrl", address), ("SmsMethod", "POST"), ("SmsApplicationSid", "")];
        read_number(&self.post_within(url, &form, self.patience()).await?)
    }

    /// How a Messaging Service is set.
    pub async fn service_webhook(&self, sid: &str) -> Result<Incoming, TwilioError> {
        let document = self.get_within(self.service_url(sid), MAX_LIST_BYTES, self.patience()).await?;
        read_service(&document)
    }

    /// Has the messages of all of a Messaging Service's numbers posted to `address`.
    pub async fn set_service_webhook(&self, sid: &str, address: &str) -> Result<Incoming, TwilioError> {
        let form = [
            ("InboundRequestUrl", address),
            ("InboundMethod", "POST"),
            ("UseInboundWebhookOnNumber", "false"),
        ];
        read_service(&self.post_within(self.service_url(sid), &form, self.patience()).await?)
    }

    fn service_url(&self, sid: &str) -> String {
        format!("{}/v1/Services/{sid}", self.door.sibling("messaging"))
    }

    fn patience(&self) -> Duration {
        self.timeout.min(PATIENCE)
    }
}

fn numbers_of(document: &Value) -> Result<&Vec<Value>, TwilioError> {
    let list = document.get("incoming_phone_numbers").and_then(Value::as_array);
    list.ok_or(TwilioError::Unreadable("no list of numbers"))
}

fn read_number(document: &Value) -> Result<NumberWebhook, TwilioError> {
    let sid = text(document, "sid").filter(|sid| sid.bytes().all(|byte| byte.is_ascii_alphanumeric()));
    let sid = sid.ok_or(TwilioError::Unreadable("a number without a SID"))?;
    Ok(NumberWebhook { sid, incoming: read_incoming(document) })
}

fn read_incoming(number: &Value) -> Incoming {
    match (text(number, "sms_application_sid"), text(number, "sms_url")) {
        (Some(application), _) => Incoming::Application(application),
        (None, Some(address)) => Incoming::Address(address),
        (None, None) => Incoming::Nowhere,
    }
}

fn read_service(document: &Value) -> Result<Incoming, TwilioError> {
    if text(document, "sid").is_none() {
        return Err(TwilioError::Unreadable("no Messaging Service"));
    }
    let by_number = document.get("use_inbound_webhook_on_number").and_then(Value::as_bool);
    Ok(match text(document, "inbound_request_url") {
        _ if by_number == Some(true) => Incoming::EachNumber,
        Some(address) => Incoming::Address(address),
        None => Incoming::Nowhere,
    })
}

#[cfg(test)]
mod tests;
