//! Where Twilio sends what comes in, and whether that is to us.
//!
//! A number, or a Messaging Service for all of its numbers, is set to one of four things at Twilio's. Only one of
//! them brings a customer's message here.

/// What a number or a Messaging Service does with an incoming message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Incoming {
    /// Nothing: Twilio keeps the message and tells nobody.
    Nowhere,
    /// Twilio calls this address.
    Address(String),
    /// A TwiML application (`AP…`) decides; the number's own address is not looked at.
    Application(String),
    /// Of a Messaging Service: each of its numbers decides for itself.
    EachNumber,
}

impl Incoming {
    /// Whether messages come to `ours`. Compared byte for byte, as the signature covers the address as it is set;
    /// only what stands behind `#` is Twilio's own (how it retries) and never sent.
    pub fn leads_to(&self, ours: &str) -> bool {
        match self {
            Self::Address(address) => address.split('#').next() == Some(ours),
            Self::Nowhere | Self::Application(_) | Self::EachNumber => false,
        }
    }
}

#[cfg(test)]
mod tests;
