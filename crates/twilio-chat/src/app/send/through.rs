//! From where a message leaves: which of our senders, and on which channel.

use hub_domain::address::{Address, Channel};

use super::SendError;
use crate::app::Sender;

/// Which of our senders.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Through {
    /// The Messaging Service if there is one, else the default sender.
    ServiceFirst,
    /// The default sender if there is one, else the Messaging Service.
    NumberFirst,
    /// The Messaging Service; without one it is an error.
    Service,
    /// This Messaging Service of the account's.
    ThisService(String),
    /// The address or the service that a conversation goes through.
    Route {
        /// Our address; empty while a service has not chosen one.
        from: String,
        /// The service.
        service: Option<String>,
    },
}

impl Sender {
    /// Our address (empty when a service chooses) and the service to send through.
    pub(super) fn choose(
        &self,
        through: &Through,
        to: &Address,
    ) -> Result<(String, Option<String>), SendError> {
        let number = || {
            let from = self.default_from.as_ref().map(|from| on_channel_of(from, to)).transpose()?;
            Ok::<_, SendError>(from.map(|from| (from, None)))
        };
        let service = self.messaging_service.as_ref().map(|service| (String::new(), Some(service.clone())));
        let chosen = match through {
            Through::ServiceFirst if service.is_some() => service,
            Through::ServiceFirst => number()?,
            // A default sender that can't write there doesn't matter where a service can.
            Through::NumberFirst => match (number(), service) {
                (Ok(number), service) => number.or(service),
                (Err(_), Some(service)) => Some(service),
                (Err(error), None) => return Err(error),
            },
            Through::Service => return service.ok_or(SendError::NoService),
            Through::ThisService(sid) => Some((String::new(), Some(sid.clone()))),
            Through::Route { from, service } => Some((from.clone(), service.clone())),
        };
        chosen.ok_or(SendError::Unconfigured)
    }
}

/// Twilio wants both ends on one channel: a WhatsApp recipient is written to from our WhatsApp address, any other from
/// the number alone. A name or a short code is on no other channel than its own.
fn on_channel_of(from: &Address, to: &Address) -> Result<String, SendError> {
    let number = || from.phone().ok_or(SendError::SenderChannel);
    match (to.channel(), from.channel()) {
        (Channel::WhatsApp, Channel::Sms) => Ok(format!("whatsapp:{}", number()?)),
        (Channel::Sms, Channel::WhatsApp) => Ok(number()?.to_owned()),
        _ => Ok(from.as_str().to_owned()),
    }
}
