//! Who a message is from or to: a phone number, or any other party in the form Twilio writes it.
//!
//! An inbound message is never lost over an odd sender, so an [`Address`] takes nearly anything; what a person
//! types as a destination is held to a [`PhoneNumber`] instead.

use std::{borrow::Cow, fmt};

use serde::{Deserialize, Serialize};

pub use self::phone::{PhoneError, PhoneNumber};

mod phone;

/// A party of a conversation, as Twilio writes it: `+48500100200`, `whatsapp:+48500100200`, `MojBank`, `72400`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String")]
pub struct Address(String);

/// What an address is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AddressKind {
    /// A phone number in the international form.
    Phone,
    /// Three to eight digits.
    ShortCode,
    /// A name in place of a number; one-way.
    Alphanumeric,
    /// A phone number on WhatsApp.
    WhatsApp,
    /// A person on WhatsApp who doesn't show a number: `whatsapp:PL.` and an identifier.
    WhatsAppScoped,
    /// A Facebook Messenger identifier.
    Messenger,
    /// A person or an agent on RCS.
    Rcs,
    /// Anything else; kept, shown, never answered by itself.
    Other,
}

/// The way a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// SMS or MMS.
    Sms,
    /// WhatsApp.
    WhatsApp,
    /// Facebook Messenger.
    Messenger,
    /// RCS.
    Rcs,
    /// One we don't know.
    Other,
}

/// Why a text is not an address.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressError {
    /// Nothing but white space.
    #[error("the address is empty")]
    Empty,
    /// Longer than any real address.
    #[error("the address is longer than {MAX_BYTES} bytes")]
    TooLong,
    /// Line breaks, escapes and the like.
    #[error("the address contains control characters")]
    ControlCharacter,
    /// A destination that is not a phone number.
    #[error(transparent)]
    Phone(#[from] PhoneError),
}

const MAX_BYTES: usize = 255;

/// The channels Twilio writes in front of an address.
const PREFIXES: [(&str, Channel); 3] =
    [("whatsapp:", Channel::WhatsApp), ("messenger:", Channel::Messenger), ("rcs:", Channel::Rcs)];

/// Numbers that phone networks put in place of a withheld one; nobody reads what is sent there.
const WITHHELD: [&str; 2] = ["+266696687", "+86282452253"];

impl Address {
    /// Takes what Twilio sent, nearly whatever it is.
    pub fn from_provider(text: &str) -> Result<Self, AddressError> {
        let text = text.trim_matches(|c: char| c.is_ascii_whitespace());
        if text.trim().is_empty() {
            return Err(AddressError::Empty);
        }
        if text.len() > MAX_BYTES {
            return Err(AddressError::TooLong);
        }
        if text.contains(char::is_control) {
            return Err(AddressError::ControlCharacter);
        }
        Ok(Self(match split_prefix(text) {
            Some((prefix, _, rest)) => format!("{prefix}{rest}"),
            None => text.to_owned(),
        }))
    }

    /// Takes a destination a person typed: a phone number, alone or after `whatsapp:`.
    pub fn from_typed(text: &str) -> Result<Self, AddressError> {
        match split_prefix(text.trim()) {
            Some((_, Channel::WhatsApp, rest)) => Ok(Self::whatsapp(&PhoneNumber::from_typed(rest)?)),
            Some(_) | None => Ok(PhoneNumber::from_typed(text)?.into()),
        }
    }

    /// The address of a phone number on WhatsApp.
    pub fn whatsapp(number: &PhoneNumber) -> Self {
        Self(format!("whatsapp:{number}"))
    }

    /// The text as Twilio takes it.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What kind of party this is.
    pub fn kind(&self) -> AddressKind {
        let (channel, name) = self.parts();
        let is_phone = PhoneNumber::is_valid(name);
        match channel {
            Channel::WhatsApp if is_phone => AddressKind::WhatsApp,
            Channel::WhatsApp if is_scoped_id(name) => AddressKind::WhatsAppScoped,
            Channel::Messenger => AddressKind::Messenger,
            Channel::Rcs => AddressKind::Rcs,
            Channel::Sms if is_phone => AddressKind::Phone,
            Channel::Sms if is_short_code(name) => AddressKind::ShortCode,
            Channel::Sms if is_alphanumeric_sender(name) => AddressKind::Alphanumeric,
            Channel::WhatsApp | Channel::Sms | Channel::Other => AddressKind::Other,
        }
    }

    /// How a message to or from this address travels.
    pub fn channel(&self) -> Channel {
        match (self.parts().0, self.kind()) {
            (Channel::Sms, AddressKind::Other) => Channel::Other,
            (channel, _) => channel,
        }
    }

    /// The phone number in it, whatever the channel.
    pub fn phone(&self) -> Option<&str> {
        Some(self.parts().1).filter(|name| PhoneNumber::is_valid(name))
    }

    /// The same for one person on every channel: the phone number, or else the whole address in lower case.
    pub fn person_key(&self) -> Cow<'_, str> {
        match self.phone() {
            Some(phone) => Cow::Borrowed(phone),
            None if self.0.contains(char::is_uppercase) => Cow::Owned(self.0.to_lowercase()),
            None => Cow::Borrowed(&self.0),
        }
    }

    /// Whether a person who can read an answer may be there. Banks, short codes and unknown channels are
    /// machines or dead ends: an answer costs money and may start a loop.
    pub fn can_be_answered_automatically(&self) -> bool {
        match self.kind() {
            AddressKind::Phone | AddressKind::WhatsApp => {
                self.phone().is_some_and(|phone| !WITHHELD.contains(&phone))
            }
            AddressKind::WhatsAppScoped => true,
            AddressKind::ShortCode
            | AddressKind::Alphanumeric
            | AddressKind::Messenger
            | AddressKind::Rcs
            | AddressKind::Other => false,
        }
    }

    /// For logs: enough to tell two apart, not enough to know the person.
    pub fn masked(&self) -> String {
        match self.kind() {
            AddressKind::ShortCode | AddressKind::Alphanumeric => self.0.clone(),
            AddressKind::Phone
            | AddressKind::WhatsApp
            | AddressKind::WhatsAppScoped
            | AddressKind::Messenger
            | AddressKind::Rcs
            | AddressKind::Other => {
                let (_, name) = self.parts();
                let prefix = self.0.strip_suffix(name).unwrap_or_default();
                format!("{prefix}{}", phone::mask(name))
            }
        }
    }

    /// Channel and the name on it. Without a prefix it is SMS.
    fn parts(&self) -> (Channel, &str) {
        match split_prefix(&self.0) {
            Some((_, channel, name)) => (channel, name),
            None => (Channel::Sms, &self.0),
        }
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<PhoneNumber> for Address {
    fn from(number: PhoneNumber) -> Self {
        Self(number.into_string())
    }
}

impl TryFrom<String> for Address {
    type Error = AddressError;

    fn try_from(text: String) -> Result<Self, AddressError> {
        Self::from_provider(&text)
    }
}

/// The prefix as Twilio writes it, its channel, and what follows.
fn split_prefix(text: &str) -> Option<(&'static str, Channel, &str)> {
    PREFIXES.into_iter().find_map(|(prefix, channel)| {
        let (head, rest) = text.split_at_checked(prefix.len())?;
        head.eq_ignore_ascii_case(prefix).then_some((prefix, channel, rest))
    })
}

/// `PL.` and an identifier.
fn is_scoped_id(name: &str) -> bool {
    name.split_once('.').is_some_and(|(country, id)| {
        country.len() == 2
            && country.bytes().all(|b| b.is_ascii_alphabetic())
            && !id.is_empty()
            && id.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
    })
}

fn is_short_code(name: &str) -> bool {
    (3..=8).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_digit())
}

fn is_alphanumeric_sender(name: &str) -> bool {
    name.len() <= 11
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ')
        && name.bytes().any(|b| b.is_ascii_alphabetic())
}

#[cfg(test)]
mod tests;
