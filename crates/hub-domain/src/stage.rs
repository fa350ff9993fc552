//! Which of the dashboard's counts a message belongs to.

use crate::status::{DeliveryStatus, MessageStatus};

/// How far a message has come, in the words of a count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// From a customer.
    Received,
    /// Still here: not handed to Twilio, being looked up, or held for a person.
    Waiting,
    /// Twilio has it and has not said the last word.
    OnItsWay,
    /// It arrived, at least in part.
    Delivered,
    /// It did not arrive.
    Failed,
    /// It was withdrawn before it left.
    Canceled,
}

impl Stage {
    /// Of a message in this state.
    pub const fn of(status: MessageStatus) -> Self {
        match status {
            MessageStatus::Received => Self::Received,
            MessageStatus::Pending | MessageStatus::Unknown | MessageStatus::Held => Self::Waiting,
            MessageStatus::Reported(reported) => match reported {
                DeliveryStatus::Accepted
                | DeliveryStatus::Scheduled
                | DeliveryStatus::Queued
                | DeliveryStatus::Sending
                | DeliveryStatus::Sent => Self::OnItsWay,
                DeliveryStatus::PartiallyDelivered | DeliveryStatus::Delivered | DeliveryStatus::Read => {
                    Self::Delivered
                }
                DeliveryStatus::Failed | DeliveryStatus::Undelivered => Self::Failed,
                DeliveryStatus::Canceled => Self::Canceled,
            },
        }
    }

    /// A message here may be sent again by a person.
    pub const fn may_be_retried(self) -> bool {
        matches!(self, Self::Failed | Self::Canceled)
    }
}

#[cfg(test)]
mod tests {
    use super::Stage;
    use crate::status::MessageStatus;

    #[test]
    fn each_state_belongs_to_one_count() {
        for (words, stage) in [
            (&["received"][..], Stage::Received),
            (&["pending", "unknown", "held"], Stage::Waiting),
            (&["accepted", "scheduled", "queued", "sending", "sent"], Stage::OnItsWay),
            (&["partially_delivered", "delivered", "read"], Stage::Delivered),
            (&["failed", "undelivered"], Stage::Failed),
            (&["canceled"], Stage::Canceled),
        ] {
            for word in words {
                assert_eq!(Stage::of(MessageStatus::parse(word).unwrap()), stage, "{word}");
            }
        }
    }
}
