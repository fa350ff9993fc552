//! Our numbers and Messaging Services as resources: where each sends what comes in.
//!
//! Until somebody sets one, it posts to the account's own address.

use std::collections::BTreeMap;

use http::StatusCode;
use serde_json::{Value, json};

use crate::checks::is_web_address;
use crate::config::{Service, SimConfig};
use crate::form::Form;
use crate::reply::{Refusal, Reply};
use crate::state::State;

/// What was set, by SID.
#[derive(Debug, Default)]
pub(crate) struct Settings(BTreeMap<String, Setting>);

#[derive(Clone, Debug)]
struct Setting {
    url: String,
    method: String,
    application_sid: String,
    /// Of a service: its numbers decide.
    by_number: bool,
}

impl State {
    /// The numbers whose digits contain those of the filter.
    pub(crate) fn list_numbers(&self, query: &Form) -> Reply {
        let wanted = query.filled("PhoneNumber").unwrap_or_default().trim_start_matches('+');
        let numbers = numbers(&self.config).into_iter().filter(|(_, number)| number.contains(wanted));
        let found: Vec<Value> = numbers.map(|(sid, number)| self.number_json(&sid, &number)).collect();
        let document = json!({ "incoming_phone_numbers": found, "page": 0, "next_page_uri": null });
        Reply::Json(StatusCode::OK, document)
    }

    /// One number.
    pub(crate) fn fetch_number(&self, sid: &str) -> Reply {
        match numbers(&self.config).into_iter().find(|(known, _)| known == sid) {
            Some((sid, number)) => Reply::Json(StatusCode::OK, self.number_json(&sid, &number)),
            None => Reply::Refused(Refusal::not_found(&self.number_path(sid))),
        }
    }

    /// Sets a number.
    pub(crate) fn update_number(&mut self, sid: &str, form: &Form) -> Reply {
        if !numbers(&self.config).iter().any(|(known, _)| known == sid) {
            return Reply::Refused(Refusal::not_found(&self.number_path(sid)));
        }
        let mut setting = self.setting(sid);
        if let Err(refusal) = set(&mut setting, form, "SmsUrl", "SmsMethod") {
            return Reply::Refused(refusal);
        }
        if let Some(application) = form.value("SmsApplicationSid") {
            application.clone_into(&mut setting.application_sid);
        }
        self.settings.0.insert(sid.to_owned(), setting);
        self.fetch_number(sid)
    }

    /// Has a number's messages posted to that address.
    pub(crate) fn set_number_url(&mut self, number: &str, url: String) {
        if let Some((sid, _)) = numbers(&self.config).into_iter().find(|(_, known)| known == number) {
            let setting = Setting { url, ..self.setting(&sid) };
            self.settings.0.insert(sid, setting);
        }
    }

    /// One Messaging Service.
    pub(crate) fn fetch_service(&self, sid: &str) -> Reply {
        match self.config.messaging_services.iter().find(|service| service.sid == sid) {
            Some(service) => Reply::Json(StatusCode::OK, self.service_json(service)),
            None => Reply::Refused(Refusal::not_found(&format!("/Services/{sid}"))),
        }
    }

    /// Sets a Messaging Service.
    pub(crate) fn update_service(&mut self, sid: &str, form: &Form) -> Reply {
        if !self.config.messaging_services.iter().any(|service| service.sid == sid) {
            return Reply::Refused(Refusal::not_found(&format!("/Services/{sid}")));
        }
        let mut setting = self.setting(sid);
        if let Err(refusal) = set(&mut setting, form, "InboundRequestUrl", "InboundMethod") {
            return Reply::Refused(refusal);
        }
        if let Some(by_number) = form.filled("UseInboundWebhookOnNumber") {
            setting.by_number = by_number == "true";
        }
        self.settings.0.insert(sid.to_owned(), setting);
        self.fetch_service(sid)
    }

    /// Where a message to that sender of ours is posted; empty: nowhere.
    pub(crate) fn inbound_url(&self, to: &str) -> String {
        if let Some(service) = self.config.service_of(to) {
            let setting = self.setting(&service.sid);
            if !setting.by_number {
                return setting.url;
            }
        }
        let number = numbers(&self.config).into_iter().find(|(_, number)| number == to);
        let Some((sid, _)) = number else { return self.config.inbound_url.clone() };
        let setting = self.setting(&sid);
        // What an application would do with it is not simulated.
        if setting.application_sid.is_empty() { setting.url } else { String::new() }
    }

    fn setting(&self, sid: &str) -> Setting {
        self.settings.0.get(sid).cloned().unwrap_or_else(|| Setting {
            url: self.config.inbound_url.clone(),
            method: "POST".to_owned(),
            application_sid: String::new(),
            by_number: false,
        })
    }

    fn number_path(&self, sid: &str) -> String {
        format!("/2010-04-01/Accounts/{}/IncomingPhoneNumbers/{sid}.json", self.config.account_sid)
    }

    fn number_json(&self, sid: &str, number: &str) -> Value {
        let setting = self.setting(sid);
        json!({
            "sid": sid,
            "account_sid": self.config.account_sid,
            "friendly_name": number,
            "phone_number": number,
            "capabilities": { "sms": true, "mms": false, "voice": true, "fax": false },
            "sms_url": setting.url,
            "sms_method": setting.method,
            "sms_application_sid": setting.application_sid,
            "status_callback": "",
            "voice_url": "",
            "uri": self.number_path(sid),
        })
    }

    fn service_json(&self, service: &Service) -> Value {
        let setting = self.setting(&service.sid);
        json!({
            "sid": service.sid,
            "account_sid": self.config.account_sid,
            "friendly_name": "Simulated service",
            "inbound_request_url": Some(&setting.url).filter(|url| !url.is_empty()),
            "inbound_method": setting.method,
            "use_inbound_webhook_on_number": setting.by_number,
            "status_callback": null,
            "url": format!("https://messaging.twilio.com/v1/Services/{}", service.sid),
        })
    }
}

/// The account's phone numbers, each with the SID of its resource.
fn numbers(config: &SimConfig) -> Vec<(String, String)> {
    let pools = config.messaging_services.iter().flat_map(|service| &service.numbers);
    let mut numbers: Vec<(String, String)> = Vec::new();
    for number in config.numbers.iter().chain(pools).filter(|number| number.starts_with('+')) {
        if !numbers.iter().any(|(_, known)| known == number) {
            numbers.push((format!("PN{:032x}", numbers.len() + 1), number.clone()));
        }
    }
    numbers
}

fn set(setting: &mut Setting, form: &Form, url: &str, method: &str) -> Result<(), Refusal> {
    if let Some(address) = form.value(url) {
        if !address.is_empty() && !is_web_address(address) {
            return Err(Refusal::bad(21402, format!("{url} is not a valid URL: {address}")));
        }
        address.clone_into(&mut setting.url);
    }
    if let Some(word) = form.filled(method) {
        if !matches!(word, "GET" | "POST") {
            return Err(Refusal::bad(21403, format!("{method} must be GET or POST")));
        }
        word.clone_into(&mut setting.method);
    }
    Ok(())
}
