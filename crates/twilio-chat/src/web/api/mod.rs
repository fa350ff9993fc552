//! The REST API, in the shapes of the earlier Python program where it had them.

pub(super) mod assistant;
pub(super) mod auto_reply;
pub(super) mod by_hand;
pub(super) mod consents;
pub(super) mod contacts;
pub(super) mod conversations;
pub(super) mod events;
pub(super) mod guards;
pub(super) mod health;
pub(super) mod held;
pub(super) mod inbox;
mod json_body;
pub(super) mod lenient_query;
pub(super) mod listeners;
pub(super) mod messages;
pub(super) mod meter;
pub(super) mod models;
pub(super) mod news;
mod path;
pub(super) mod recovery;
pub(super) mod remote;
pub(super) mod secrets;
mod send_key;
pub(super) mod send_message;
pub(super) mod series;
pub(super) mod thread;

use crate::i18n::Lang;

/// The API speaks Polish, as the original did: programs compare its texts.
pub(super) const LANG: Lang = Lang::Pl;
