//! The words and tones of messages that every page uses: numbers, origins, states.

use hub_domain::{
    address::{Address, PhoneNumber},
    message::Origin,
    spending::{self, Micros},
    status::{DeliveryStatus, MessageStatus},
};

use crate::{i18n::Lang, t};

/// A number as people write it; the channel only where it is not SMS.
pub(super) fn contact(address: &str) -> String {
    let parsed = Address::from_provider(address).ok();
    let phone = parsed.as_ref().and_then(Address::phone).and_then(|phone| PhoneNumber::parse(phone).ok());
    match phone {
        Some(phone) if address.starts_with("whatsapp:") => format!("WhatsApp {}", phone.display_grouped()),
        Some(phone) => phone.display_grouped(),
        None => address.to_owned(),
    }
}

/// An amount as people of the language write it.
pub(super) fn amount(lang: Lang, amount: Micros) -> String {
    decimal(lang, &spending::shown(amount))
}

/// A number with the decimal mark of the language.
pub(super) fn decimal(lang: Lang, shown: &str) -> String {
    match lang {
        Lang::Pl => shown.replace('.', ","),
        Lang::En => shown.to_owned(),
    }
}

pub(super) fn origin_words(lang: Lang, origin: Origin) -> &'static str {
    match origin {
        Origin::Human => t!(lang, "panel.origin.human"),
        Origin::Api => t!(lang, "panel.origin.api"),
        Origin::Cli => t!(lang, "panel.origin.cli"),
        Origin::Template => t!(lang, "panel.origin.template"),
        Origin::Bot => t!(lang, "panel.origin.bot"),
        Origin::Assistant => t!(lang, "panel.origin.assistant"),
        Origin::HandOver => t!(lang, "panel.origin.handover"),
        Origin::Campaign => t!(lang, "panel.origin.campaign"),
        Origin::Reminder => t!(lang, "panel.origin.reminder"),
        Origin::Digest => t!(lang, "panel.origin.digest"),
        Origin::OptOutConfirmation => t!(lang, "panel.origin.optout"),
        Origin::OptInConfirmation => t!(lang, "panel.origin.optin"),
    }
}

pub(super) fn status_words(lang: Lang, status: MessageStatus) -> &'static str {
    use DeliveryStatus as D;
    match status {
        MessageStatus::Received => t!(lang, "status.received"),
        MessageStatus::Pending => t!(lang, "status.pending"),
        MessageStatus::Unknown => t!(lang, "status.unknown"),
        MessageStatus::Held => t!(lang, "status.held"),
        MessageStatus::Reported(D::Accepted) => t!(lang, "status.accepted"),
        MessageStatus::Reported(D::Scheduled) => t!(lang, "status.scheduled"),
        MessageStatus::Reported(D::Queued) => t!(lang, "status.queued"),
        MessageStatus::Reported(D::Sending) => t!(lang, "status.sending"),
        MessageStatus::Reported(D::Sent) => t!(lang, "status.sent"),
        MessageStatus::Reported(D::Canceled) => t!(lang, "status.canceled"),
        MessageStatus::Reported(D::Failed) => t!(lang, "status.failed"),
        MessageStatus::Reported(D::Undelivered) => t!(lang, "status.undelivered"),
        MessageStatus::Reported(D::PartiallyDelivered) => t!(lang, "status.partially_delivered"),
        MessageStatus::Reported(D::Delivered) => t!(lang, "status.delivered"),
        MessageStatus::Reported(D::Read) => t!(lang, "status.read"),
    }
}

/// How a state looks; its words say the same.
pub(super) fn tone(status: MessageStatus) -> &'static str {
    use DeliveryStatus as D;
    match status {
        MessageStatus::Reported(D::Delivered | D::Read | D::PartiallyDelivered) => "good",
        MessageStatus::Reported(D::Failed | D::Undelivered | D::Canceled) => "bad",
        MessageStatus::Unknown | MessageStatus::Held => "open",
        MessageStatus::Received
        | MessageStatus::Pending
        | MessageStatus::Reported(D::Accepted | D::Scheduled | D::Queued | D::Sending | D::Sent) => "calm",
    }
}
