//! Delivery status of an outbound message and the order in which statuses overrule each other.

use std::fmt;

/// What Twilio says of an outbound message, lowest rank first.
///
/// Callbacks arrive concurrently and unordered, and carry neither time nor sequence number, so the order is
/// total: the status of a message is the highest that was ever reported, whatever the order of arrival.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum DeliveryStatus {
    /// A Messaging Service took the message and has not chosen a sender yet.
    Accepted,
    /// Waits at Twilio for its `SendAt`.
    Scheduled,
    /// Twilio has it and will send it.
    Queued,
    /// Twilio is handing it to the carrier.
    Sending,
    /// The carrier took it. Often the last word: not every carrier reports delivery.
    Sent,
    /// Withdrawn before it was sent.
    Canceled,
    /// Never left Twilio, or was refused.
    Failed,
    /// The carrier could not deliver it.
    Undelivered,
    /// Some parts or recipients got it.
    PartiallyDelivered,
    /// On the phone.
    Delivered,
    /// Read (WhatsApp, RCS).
    Read,
}

impl DeliveryStatus {
    /// Every status, lowest rank first.
    pub const ALL: [Self; 11] = [
        Self::Accepted,
        Self::Scheduled,
        Self::Queued,
        Self::Sending,
        Self::Sent,
        Self::Canceled,
        Self::Failed,
        Self::Undelivered,
        Self::PartiallyDelivered,
        Self::Delivered,
        Self::Read,
    ];

    /// Reads Twilio's word; `None` for one we don't know (the caller keeps it in the log).
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.as_str() == word)
    }

    /// Twilio's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accepted => "accepted",
            Self::Scheduled => "scheduled",
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::Sent => "sent",
            Self::Canceled => "canceled",
            Self::Failed => "failed",
            Self::Undelivered => "undelivered",
            Self::PartiallyDelivered => "partially_delivered",
            Self::Delivered => "delivered",
            Self::Read => "read",
        }
    }

    /// Nothing but a later `read` is expected to follow.
    pub const fn is_final(self) -> bool {
        match self {
            Self::Canceled
            | Self::Failed
            | Self::Undelivered
            | Self::PartiallyDelivered
            | Self::Delivered
            | Self::Read => true,
            Self::Accepted | Self::Scheduled | Self::Queued | Self::Sending | Self::Sent => false,
        }
    }
}

impl fmt::Display for DeliveryStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Where a message stands: our own states around Twilio's.
///
/// Outbound, in order: [`Pending`](Self::Pending) → [`Unknown`](Self::Unknown) → [`Held`](Self::Held) →
/// every [`Reported`](Self::Reported). Any word of Twilio's overrules our own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum MessageStatus {
    /// Inbound: it is on our disk.
    Received,
    /// On our disk, not yet handed to Twilio.
    Pending,
    /// A call to Twilio ended without an answer we can trust; being looked up.
    Unknown,
    /// A person has to decide (could not be looked up, or must not leave by itself).
    Held,
    /// What Twilio reported, or what follows from its answer.
    Reported(DeliveryStatus),
}

impl MessageStatus {
    /// The word stored and shown by the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Pending => "pending",
            Self::Unknown => "unknown",
            Self::Held => "held",
            Self::Reported(status) => status.as_str(),
        }
    }

    /// Reads a stored word.
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "received" => Some(Self::Received),
            "pending" => Some(Self::Pending),
            "unknown" => Some(Self::Unknown),
            "held" => Some(Self::Held),
            other => DeliveryStatus::parse(other).map(Self::Reported),
        }
    }

    /// Where the message stands after `report`: only ever upwards.
    #[must_use]
    pub fn after(self, report: DeliveryStatus) -> Self {
        self.max(Self::Reported(report))
    }
}

impl fmt::Display for MessageStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The error of a message with the status that carried it. An error once seen is never erased, and the one
/// kept doesn't depend on the order of arrival: highest status first, then the lowest code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeliveryError {
    /// Twilio's error code.
    pub code: u32,
    /// The status reported together with it.
    pub status: DeliveryStatus,
}

impl DeliveryError {
    /// The error to keep of two.
    #[must_use]
    pub fn or_worse(self, other: Self) -> Self {
        let rank = |error: &Self| (error.status, std::cmp::Reverse(error.code));
        if rank(&other) > rank(&self) { other } else { self }
    }
}

#[cfg(test)]
mod tests;
