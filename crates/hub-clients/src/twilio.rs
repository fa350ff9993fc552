//! The Twilio protocol: what its webhooks look like, how they are signed, and how messages are sent.
//!
//! Written from the observed behaviour of Twilio and its official validators; the simulator has its own code
//! on purpose, so that a misunderstanding here can't confirm itself.

pub mod access;
pub mod client;
mod contents;
pub mod form;
pub mod listing;
pub mod media;
pub mod message;
mod outcome;
mod public_base;
pub mod signature;
pub mod webhooks;

pub use access::{AccessError, Auth, TwilioAccess};
pub use client::{Account, DEFAULT_TIMEOUT, NewMessage, Sender, Template, TwilioClient};
pub use listing::{MessageFilter, Page, PageCursor};
pub use media::MediaError;
pub use message::RemoteMessage;
pub use outcome::{Deleted, TwilioError};
pub use public_base::InvalidBaseUrl;
pub use signature::{SignatureCheck, SignatureError, SignatureSetupError, SignedBody};
pub use webhooks::NumberWebhook;

#[cfg(test)]
mod scripted;
