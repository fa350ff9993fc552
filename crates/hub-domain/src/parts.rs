//! The parts of a long text: each leaves only after the one before it has left.

use crate::status::{DeliveryStatus, MessageStatus};

/// What a part has to do, seen from the part before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartTurn {
    /// The one before has left.
    Leave,
    /// The one before may still leave.
    Wait,
    /// A person decides about the one before, so about this one too.
    Hold,
    /// The one before will never arrive: this one would make no sense.
    Cancel,
}

/// Whether a part may leave, by where the part before it stands; `None` when that one was deleted, which happens
/// to no part that a later one waits for.
pub const fn turn(before: Option<MessageStatus>) -> PartTurn {
    use DeliveryStatus as D;
    match before {
        Some(MessageStatus::Pending | MessageStatus::Unknown) => PartTurn::Wait,
        Some(MessageStatus::Held) => PartTurn::Hold,
        Some(MessageStatus::Reported(D::Canceled | D::Failed | D::Undelivered)) => PartTurn::Cancel,
        Some(
            MessageStatus::Received
            | MessageStatus::Reported(
                D::Accepted
                | D::Scheduled
                | D::Queued
                | D::Sending
                | D::Sent
                | D::PartiallyDelivered
                | D::Delivered
                | D::Read,
            ),
        )
        | None => PartTurn::Leave,
    }
}

/// Whether a message may leave yet. While a later part of its text may, a part stays: without it nothing would tell
/// the later one to wait, or not to go at all.
pub const fn may_still_leave(status: MessageStatus) -> bool {
    matches!(status, MessageStatus::Pending | MessageStatus::Unknown | MessageStatus::Held)
}

/// Stored at a part held because the one before is held.
pub const BEFORE_HELD: &str = "part_before_held";

#[cfg(test)]
mod tests;
