//! A person writes to one of our numbers: the message, the signed webhook, Twilio's own keyword answers.

use jiff::Timestamp;

use crate::config::Ending;
use crate::message::{Direction, SimMessage, Status};
use crate::optout::{self, Keyword};
use crate::phone::PhoneText;
use crate::progress::Course;
use crate::segments;
use crate::state::{Event, State};
use crate::webhook::{Fields, Webhook, WebhookKind};

/// What only a message on WhatsApp tells.
struct WhatsAppSide {
    profile_name: Option<String>,
    button: Option<String>,
}

impl State {
    /// Takes a message from a phone; its SID.
    pub(crate) fn receive(&mut self, mut text: PhoneText, now: Timestamp) -> String {
        let has_media = !(text.media.is_empty() && text.files.is_empty());
        let sid = self.ids.sid(if has_media { "MM" } else { "SM" });
        for file in std::mem::take(&mut text.files) {
            let media = self.host(&sid, file, now);
            text.media.push(media);
        }
        let whatsapp = WhatsAppSide { profile_name: text.profile_name.take(), button: text.button.take() };
        let service_sid = self.config.service_of(&text.to).map(|service| service.sid.clone());
        let keyword = Keyword::of(&text.body);
        let message = SimMessage {
            sid: sid.clone(),
            direction: Direction::Inbound,
            from: Some(text.from.clone()),
            to: text.to.clone(),
            num_segments: segments::count(&text.body),
            body: text.body,
            media: text.media,
            status: Status::Received,
            error_code: None,
            messaging_service_sid: service_sid,
            status_callback: None,
            created: now,
            updated: now,
            sent: Some(now),
            deleted: false,
            chosen_from: None,
        };
        self.last_inbound.insert((text.to.clone(), text.from.clone()), now);
        self.post_inbound(&message, keyword, &whatsapp, &text.extra, now);
        self.keep(message);
        if let Some(answer) =
            keyword.and_then(|keyword| self.opt_outs.apply(&self.config, &text.to, &text.from, keyword))
        {
            self.reply_to_person(&text.to, &text.from, answer, now);
        }
        sid
    }

    /// Sends a message that no API call asked for.
    pub(crate) fn reply_to_person(&mut self, ours: &str, person: &str, body: &str, now: Timestamp) {
        let message = SimMessage {
            sid: self.ids.sid("SM"),
            direction: Direction::OutboundReply,
            from: Some(ours.to_owned()),
            to: person.to_owned(),
            body: body.to_owned(),
            media: Vec::new(),
            status: Status::Queued,
            error_code: None,
            messaging_service_sid: None,
            num_segments: segments::count(body),
            status_callback: None,
            created: now,
            updated: now,
            sent: None,
            deleted: false,
            chosen_from: None,
        };
        let index = self.keep(message);
        let course =
            Course { initial: Status::Queued, starts: now, ending: Ending::Delivered, error_code: None };
        self.set_off(index, course, false, now);
    }

    fn post_inbound(
        &mut self,
        message: &SimMessage,
        keyword: Option<Keyword>,
        whatsapp: &WhatsAppSide,
        extra: &[(String, String)],
        now: Timestamp,
    ) {
        let token = self.ids.token();
        let is_doubled = self.luck.chance(self.faults.duplicate_inbound);
        let url = self.inbound_url(&message.to);
        if url.is_empty() {
            return;
        }
        let from = message.from.as_deref().unwrap_or_default();
        let mut fields = Fields::default();
        match from.strip_prefix("whatsapp:") {
            Some(person) => whatsapp_fields(&mut fields, message, person, whatsapp),
            None => sms_fields(&mut fields, message, from),
        }
        fields.add("AccountSid", &self.config.account_sid).add("From", from).add("ApiVersion", "2010-04-01");
        for (number, media) in message.media.iter().enumerate() {
            fields
                .add(format!("MediaContentType{number}"), &media.content_type)
                .add(format!("MediaUrl{number}"), &media.url);
        }
        if let Some(keyword) = keyword.filter(|_| optout::is_advanced(&self.config, &message.to)) {
            fields.add("OptOutType", keyword.opt_out_type());
        }
        for (name, value) in extra {
            fields.set(name, value);
        }
        let webhook = Webhook::new(
            WebhookKind::Inbound,
            &message.sid,
            &url,
            fields.into_params(),
            &self.config.auth_token,
            token,
        );
        if is_doubled {
            self.plan(now, Event::Deliver(Box::new(webhook.clone())));
        }
        self.plan(now, Event::Deliver(Box::new(webhook)));
    }
}

fn sms_fields(fields: &mut Fields, message: &SimMessage, from: &str) {
    fields
        .add("ToCountry", country(&message.to))
        .add("ToState", "")
        .add("SmsMessageSid", &message.sid)
        .add("NumMedia", message.media.len().to_string())
        .add("ToCity", "")
        .add("FromZip", "")
        .add("SmsSid", &message.sid)
        .add("FromState", "")
        .add("SmsStatus", "received")
        .add("FromCity", "")
        .add("Body", &message.body)
        .add("FromCountry", country(from))
        .add("To", &message.to);
    add_service(fields, message);
    fields
        .add("ToZip", "")
        .add("NumSegments", message.num_segments.to_string())
        .add("MessageSid", &message.sid);
}

fn whatsapp_fields(fields: &mut Fields, message: &SimMessage, person: &str, whatsapp: &WhatsAppSide) {
    fields
        .add("SmsMessageSid", &message.sid)
        .add("NumMedia", message.media.len().to_string())
        .add("ProfileName", whatsapp.profile_name.as_deref().unwrap_or("Anna"))
        .add("MessageType", message_type(message, whatsapp))
        .add("SmsSid", &message.sid)
        .add("WaId", person.trim_start_matches('+'))
        .add("SmsStatus", "received")
        .add("Body", &message.body)
        .add("To", &message.to);
    add_service(fields, message);
    fields
        .add("NumSegments", message.num_segments.to_string())
        .add("ReferralNumMedia", "0")
        .add("MessageSid", &message.sid);
    if let Some(button) = &whatsapp.button {
        fields.add("ButtonText", button).add("ButtonPayload", button);
    }
}

/// WhatsApp's word for what came.
fn message_type(message: &SimMessage, whatsapp: &WhatsAppSide) -> &'static str {
    let kind = message.media.first().map(|media| media.content_type.split('/').next().unwrap_or_default());
    match kind {
        None if whatsapp.button.is_some() => "button",
        None => "text",
        Some("image") => "image",
        Some("audio") => "audio",
        Some("video") => "video",
        Some(_) => "document",
    }
}

fn add_service(fields: &mut Fields, message: &SimMessage) {
    if let Some(service) = &message.messaging_service_sid {
        fields.add("MessagingServiceSid", service);
    }
}

fn country(number: &str) -> &'static str {
    const PREFIXES: [(&str, &str); 5] =
        [("+1", "US"), ("+44", "GB"), ("+48", "PL"), ("+49", "DE"), ("+380", "UA")];
    PREFIXES.iter().find(|(prefix, _)| number.starts_with(prefix)).map_or("", |(_, country)| country)
}
