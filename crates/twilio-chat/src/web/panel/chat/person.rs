//! How a person, their address, and what they need are called.

use hub_domain::{
    address::{Address, PhoneNumber},
    attention::Attention,
    message::{Direction, Message, Origin},
};
use hub_store::InboxLine;

pub(super) use crate::web::panel::words::{contact as shown, origin_words};
use crate::{i18n::Lang, t};

/// Their name, or else their number as people write it.
pub(super) fn name(line: &InboxLine) -> String {
    line.name.clone().unwrap_or_else(|| number(line))
}

/// Their number as people write it; without one, the address they last used.
pub(super) fn number(line: &InboxLine) -> String {
    match (PhoneNumber::parse(&line.person.key), &line.last) {
        (Ok(number), _) => number.display_grouped(),
        (Err(_), Some(last)) => shown(other(last)),
        (Err(_), None) => line.person.key.clone(),
    }
}

/// What stands in their picture's place: the first letter of a name; nothing for a number.
pub(super) fn initial(name: &str) -> String {
    let first = name.chars().next().filter(|first| first.is_alphabetic());
    first.map(|first| first.to_uppercase().to_string()).unwrap_or_default()
}

/// The address on their side of a message.
pub(super) fn other(message: &Message) -> &str {
    match message.direction {
        Direction::Inbound => &message.from,
        Direction::Outbound => &message.to,
    }
}

/// The way a message to or from an address travels.
pub(super) fn channel(address: &str) -> &'static str {
    use hub_domain::address::Channel;
    match Address::from_provider(address).map(|address| address.channel()) {
        Ok(Channel::WhatsApp) => "WhatsApp",
        Ok(Channel::Messenger) => "Messenger",
        Ok(Channel::Rcs) => "RCS",
        Ok(Channel::Sms | Channel::Other) | Err(_) => "SMS",
    }
}

pub(super) fn attention_words(lang: Lang, why: Attention) -> &'static str {
    match why {
        Attention::Held => t!(lang, "chat.attention.held"),
        Attention::Handoff => t!(lang, "chat.attention.handoff"),
        Attention::Unanswered => t!(lang, "chat.attention.unanswered"),
        Attention::CapReached => t!(lang, "chat.attention.cap_reached"),
    }
}

/// The picture beside an origin's words.
pub(super) const fn origin_icon(origin: Origin) -> &'static str {
    match origin {
        Origin::Human | Origin::HandOver => "people",
        Origin::Api | Origin::Cli => "gear",
        Origin::Template => "reply",
        Origin::Bot => "ear",
        Origin::Assistant => "spark",
        Origin::Campaign => "layers",
        Origin::Reminder => "bell",
        Origin::Digest => "news",
        Origin::OptOutConfirmation | Origin::OptInConfirmation => "check",
    }
}
