//! A person's decision about a held message: send it after all, or drop it.

use hub_domain::{message::Message, sending::Blocked};
use hub_store::{Approved, StoreError};
use thiserror::Error;

use super::App;
use crate::sys::Point;

/// Why a decision could not be carried out.
#[derive(Debug, Error)]
pub enum HeldError {
    /// The message is not held, or is gone.
    #[error("the message is not held")]
    NotHeld,
    /// It is a part of a text, and the part before it is held too.
    #[error("the part before is held")]
    PartBeforeHeld,
    /// It must not leave.
    #[error("the message must not leave")]
    Blocked(Blocked),
    /// It could not be written.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl App {
    /// Sends a held message anew.
    pub async fn approve(&self, message: &Message) -> Result<Message, HeldError> {
        match self.store().approve_held(message.row, self.world().now()).await? {
            Approved::Queued => {}
            Approved::Blocked(blocked) => return Err(HeldError::Blocked(blocked)),
            Approved::PartBeforeHeld => return Err(HeldError::PartBeforeHeld),
            Approved::NotHeld => return Err(HeldError::NotHeld),
        }
        self.world().reach(Point::ApprovalCommitted).await;
        tracing::info!(message.row = message.row, "a held message was approved");
        self.store().message(message.row).await?.ok_or(HeldError::NotHeld)
    }

    /// Drops a held message.
    pub async fn discard(&self, message: &Message) -> Result<Message, HeldError> {
        if !self.store().discard_held(message.row, self.world().now()).await? {
            return Err(HeldError::NotHeld);
        }
        tracing::info!(message.row = message.row, "a held message was discarded");
        self.store().message(message.row).await?.ok_or(HeldError::NotHeld)
    }
}
