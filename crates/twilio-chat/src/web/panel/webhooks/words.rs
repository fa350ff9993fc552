//! Webhooks in words: which entrance, what is set there, why it can't be read or set and what to do.

use hub_clients::twilio::TwilioError;
use hub_domain::incoming::Incoming;

use crate::{
    app::webhooks::{Entrance, WebhookError},
    i18n::Lang,
    t,
    web::panel::{keys, words},
};

pub(super) fn entrance(lang: Lang, entrance: &Entrance) -> String {
    match entrance {
        Entrance::Number(number) => t!(lang, "webhooks.number", number = words::contact(number)),
        Entrance::Service(sid) => t!(lang, "webhooks.service", sid = sid),
        Entrance::ByHand(address) => t!(lang, "webhooks.sender", sender = words::contact(address.as_str())),
    }
}

/// What is set, where that is not our address.
pub(super) fn incoming(lang: Lang, incoming: &Incoming) -> String {
    match incoming {
        Incoming::Nowhere => t!(lang, "webhooks.set_to.nothing").to_owned(),
        Incoming::Address(address) => t!(lang, "webhooks.set_to.address", address = address),
        Incoming::Application(sid) => t!(lang, "webhooks.set_to.application", sid = sid),
        Incoming::EachNumber => t!(lang, "webhooks.set_to.each_number").to_owned(),
    }
}

/// What went wrong about an entrance, and what to do.
pub(super) fn refused(lang: Lang, name: &str, error: &WebhookError) -> String {
    match error {
        WebhookError::NoAccount => t!(lang, "webhooks.no_account").to_owned(),
        WebhookError::NoAddress => t!(lang, "webhooks.no_address").to_owned(),
        WebhookError::NotOurs => t!(lang, "webhooks.not_of_account", name = words::contact(name)),
        WebhookError::NoEntrance => t!(lang, "webhooks.no_entrance").to_owned(),
        WebhookError::NotKept => t!(lang, "webhooks.not_kept").to_owned(),
        WebhookError::Twilio(TwilioError::Refused { http_status: 404, .. }) => {
            t!(lang, "webhooks.not_of_account", name = words::contact(name))
        }
        WebhookError::Twilio(error) => keys::words::twilio(lang, error),
        WebhookError::Store(_) => t!(lang, "shell.fault.store").to_owned(),
    }
}
