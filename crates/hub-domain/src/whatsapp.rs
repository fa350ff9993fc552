//! What WhatsApp asks beyond SMS: the 24-hour window, approved templates, and messages that are not text.
//!
//! Outside the window Twilio takes a free text and fails it later, so the window is our own clock over what the
//! customer sent.

use std::{borrow::Cow, collections::BTreeMap};

use jiff::{SignedDuration, Timestamp};
use thiserror::Error;

use crate::{
    address::{Address, Channel},
    keywords,
    message::Inbound,
};

/// How long after the customer's last message we may write freely.
pub const WINDOW: SignedDuration = SignedDuration::from_hours(24);

/// The longest text of a template with its variables filled in.
pub const TEMPLATE_LONGEST: usize = 1024;

/// What is kept of a name that somebody gave themselves.
const PROFILE_NAME_LONGEST: usize = 100;

/// Whether free text may be sent to a customer on WhatsApp.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// Yes, before this moment.
    Open {
        /// When it closes unless the customer writes again.
        until: Timestamp,
    },
    /// No: only an approved template.
    Closed,
}

/// The window of a conversation: 24 hours from the customer's last message. What we sent does not open it.
pub fn window(last_inbound: Option<Timestamp>, now: Timestamp) -> Window {
    match last_inbound.and_then(|at| at.checked_add(WINDOW).ok()) {
        Some(until) if now < until => Window::Open { until },
        _ => Window::Closed,
    }
}

/// Whether a message without a template may go to this address now; other channels have no window.
pub fn may_send_free_form(to: &Address, last_inbound: Option<Timestamp>, now: Timestamp) -> bool {
    to.channel() != Channel::WhatsApp || window(last_inbound, now) != Window::Closed
}

/// An approved template and what to fill in. It goes alone: Twilio refuses it beside a body or media.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    content_sid: String,
    variables: BTreeMap<String, String>,
}

/// Why a template can't be sent.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TemplateError {
    /// Not the identifier of a template.
    #[error("content_sid must be HX and 32 hexadecimal digits")]
    Sid,
    /// Not JSON, or JSON that is not an object.
    #[error("content_variables must be a JSON object, like {{\"1\":\"Anna\"}}")]
    NotAnObject,
    /// A value that is not a string.
    #[error("content_variables: the value of \"{0}\" must be a string")]
    NotAString(String),
    /// More than any template takes.
    #[error("content_variables are longer than {TEMPLATE_LONGEST} characters in all")]
    TooLong,
}

impl Template {
    /// A template by its identifier, with values by placeholder name (`1`, `2`, …).
    pub fn new(content_sid: &str, variables: BTreeMap<String, String>) -> Result<Self, TemplateError> {
        let content_sid = content_sid.trim();
        let digits = content_sid.strip_prefix("HX").ok_or(TemplateError::Sid)?;
        if digits.len() != 32 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return Err(TemplateError::Sid);
        }
        let length: usize = variables.values().map(|value| value.chars().count()).sum();
        if length > TEMPLATE_LONGEST {
            return Err(TemplateError::TooLong);
        }
        Ok(Self { content_sid: content_sid.to_owned(), variables })
    }

    /// Reads the variables from the JSON object that Twilio's API takes; an empty text stands for none.
    pub fn from_json(content_sid: &str, variables: &str) -> Result<Self, TemplateError> {
        if variables.trim().is_empty() {
            return Self::new(content_sid, BTreeMap::new());
        }
        let object: serde_json::Map<String, serde_json::Value> =
            serde_json::from_str(variables).map_err(|_| TemplateError::NotAnObject)?;
        let texts = object.into_iter().map(|(name, value)| match value.as_str() {
            Some(text) => Ok((name, text.to_owned())),
            None => Err(TemplateError::NotAString(name)),
        });
        Self::new(content_sid, texts.collect::<Result<_, _>>()?)
    }

    /// `HX…`, for `ContentSid`.
    pub fn content_sid(&self) -> &str {
        &self.content_sid
    }

    /// Values by placeholder name.
    pub const fn variables(&self) -> &BTreeMap<String, String> {
        &self.variables
    }

    /// The JSON object for `ContentVariables`; `None` when there is nothing to fill in.
    pub fn variables_json(&self) -> Option<String> {
        let object =
            || self.variables.iter().map(|(name, text)| (name.clone(), text.clone().into())).collect();
        (!self.variables.is_empty()).then(|| serde_json::Value::Object(object()).to_string())
    }
}

/// A button pressed or an entry of a list chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Press<'a> {
    /// What the customer read on it.
    pub text: &'a str,
    /// What the author of the template put behind it; the customer never saw it.
    pub payload: Option<&'a str>,
}

/// The press that a message stands for, if it does.
pub fn press(inbound: &Inbound) -> Option<Press<'_>> {
    let label = field(inbound, "ButtonText").or_else(|| field(inbound, "ListTitle"));
    let payload = field(inbound, "ButtonPayload").or_else(|| field(inbound, "ListId"));
    let written = Some(inbound.body.trim()).filter(|body| !body.is_empty());
    let text = match (label, payload) {
        (None, None) => return None,
        (Some(label), _) => label,
        (None, Some(payload)) => written.unwrap_or(payload),
    };
    Some(Press { text, payload })
}

/// The text to keep of a message: its own to the byte, or for a press without one what was pressed.
pub fn written(inbound: &Inbound) -> &str {
    match press(inbound) {
        Some(press) if inbound.body.trim().is_empty() => press.text,
        Some(_) | None => &inbound.body,
    }
}

/// The name that a customer gave themselves on WhatsApp, on one line.
pub fn profile_name(inbound: &Inbound) -> Option<String> {
    let name = field(inbound, "ProfileName")?;
    let shown = name.chars().map(|character| if character.is_control() { ' ' } else { character });
    Some(shown.take(PROFILE_NAME_LONGEST).collect::<String>().trim().to_owned())
        .filter(|name| !name.is_empty())
}

/// The text that keywords, bot and assistant read.
///
/// For a button it is what the customer read on it, not the payload, with one exception: a payload that is a
/// keyword counts, because a template's author who put `STOP` behind "No offers, please" means it.
pub fn spoken(inbound: &Inbound) -> &str {
    match press(inbound) {
        Some(Press { payload: Some(payload), .. }) if keywords::classify(payload).is_some() => payload,
        Some(Press { text, .. }) => text,
        None => &inbound.body,
    }
}

/// The text to show for a message: its own; else what was pressed, where it points to, or that it is a
/// contact card. Empty for pictures and other media, which show themselves.
pub fn display_body(inbound: &Inbound) -> Cow<'_, str> {
    if !inbound.body.trim().is_empty() {
        return Cow::Borrowed(&inbound.body);
    }
    if let Some(press) = press(inbound) {
        return Cow::Borrowed(press.text);
    }
    if let Some(location) = location(inbound) {
        return Cow::Owned(location);
    }
    let card = |kind: &str| ["text/vcard", "text/x-vcard", "text/directory"].contains(&kind);
    let is_card = inbound.media.iter().any(|media| media.content_type.as_deref().is_some_and(card));
    Cow::Borrowed(if is_card { "👤 vCard" } else { "" })
}

/// `📍 52.2297,21.0122 Kawiarnia, Złota 1`.
fn location(inbound: &Inbound) -> Option<String> {
    let latitude = field(inbound, "Latitude")?;
    let longitude = field(inbound, "Longitude")?;
    let mut text = format!("📍 {latitude},{longitude}");
    let mut names: Vec<&str> =
        ["Label", "Address"].into_iter().filter_map(|name| field(inbound, name)).collect();
    names.dedup();
    if !names.is_empty() {
        text.push(' ');
        text.push_str(&names.join(", "));
    }
    Some(text)
}

/// A field of the webhook beyond the common ones, without surrounding white space; `None` when it says nothing.
fn field<'a>(inbound: &'a Inbound, name: &str) -> Option<&'a str> {
    let (_, value) = inbound.other_fields.iter().find(|(known, _)| known == name)?;
    Some(value.trim()).filter(|value| !value.is_empty())
}

#[cfg(test)]
mod tests;
