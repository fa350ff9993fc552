//! The virtual phone of a person: what is typed on it and what it shows.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::media::File;
use crate::message::{Direction, Media, SimMessage, Status};
use crate::state::State;

/// A message typed on a phone.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PhoneText {
    /// The person: `+E164` or `whatsapp:+E164`.
    pub from: String,
    /// One of our numbers.
    pub to: String,
    /// The text.
    #[serde(default)]
    pub body: String,
    /// Attached files that lie elsewhere.
    #[serde(default)]
    pub media: Vec<Media>,
    /// Attached files that this account keeps, after those.
    #[serde(default)]
    pub files: Vec<File>,
    /// WhatsApp: the person's own name.
    #[serde(default)]
    pub profile_name: Option<String>,
    /// WhatsApp: the button that was pressed, as shown; `body` stays what it is.
    #[serde(default)]
    pub button: Option<String>,
    /// Webhook fields that replace or join the usual ones.
    #[serde(default)]
    pub extra: Vec<(String, String)>,
}

/// One message on a phone's screen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct PhoneBubble {
    /// Its SID.
    pub sid: String,
    /// The person wrote it; otherwise we did.
    pub is_mine: bool,
    /// Our number.
    pub other: Option<String>,
    /// The text.
    pub body: String,
    /// Attached files.
    pub media: Vec<Media>,
    /// Where it stands.
    pub status: Status,
    /// A real phone would show it: written by the person, or delivered.
    pub has_arrived: bool,
    /// Why it failed.
    pub error_code: Option<u32>,
    /// When it was written.
    pub at: Timestamp,
}

impl State {
    /// Whoever has written, in the order of their first texts.
    pub(crate) fn people(&self) -> Vec<String> {
        let mut people: Vec<(usize, &String)> = self
            .by_from
            .iter()
            .filter_map(|(from, messages)| {
                let first = *messages.first()?;
                let is_person = self.messages.get(first)?.direction == Direction::Inbound;
                is_person.then_some((first, from))
            })
            .collect();
        people.sort_unstable();
        people.into_iter().map(|(_, from)| from.clone()).collect()
    }

    /// Everything between that person and us, oldest first.
    pub(crate) fn thread(&self, number: &str) -> Vec<PhoneBubble> {
        let from = self.by_from.get(number).into_iter().flatten();
        let to = self.by_to.get(number).into_iter().flatten();
        let mut indices: Vec<usize> = from.chain(to).copied().collect();
        indices.sort_unstable();
        indices.into_iter().filter_map(|index| self.messages.get(index)).map(bubble).collect()
    }
}

fn bubble(message: &SimMessage) -> PhoneBubble {
    let is_mine = message.direction == Direction::Inbound;
    PhoneBubble {
        sid: message.sid.clone(),
        is_mine,
        other: if is_mine { Some(message.to.clone()) } else { message.from.clone() },
        body: message.body.clone(),
        media: message.media.clone(),
        status: message.status,
        has_arrived: is_mine
            || matches!(
                message.status,
                Status::Sent | Status::Delivered | Status::PartiallyDelivered | Status::Read
            ),
        error_code: message.error_code,
        at: message.created,
    }
}
