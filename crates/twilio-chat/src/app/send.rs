//! Sending one message on behalf of a caller who waits for the answer: API and command line.

use std::time::Duration;

use hub_domain::{
    address::{Address, AddressError, Channel},
    ids::MessageId,
    message::{Message, Origin},
    sending::Blocked,
    status::{DeliveryStatus, MessageStatus},
};
use hub_store::{LeaseRequest, NewOutbound, StoreError, Submitted};
use thiserror::Error;
use tokio::sync::broadcast::error::RecvError;

use super::{App, Sender};

/// Longest text taken by the compatible endpoints.
pub const MAX_CHARS: usize = 1500;

/// A message as a caller asks for it.
#[derive(Clone, Debug)]
pub struct SendRequest {
    /// The recipient as typed.
    pub to: String,
    /// The text.
    pub body: String,
    /// Through the Messaging Service, or from the default sender.
    pub through: Through,
    /// On whose behalf.
    pub origin: Origin,
}

/// Which of our senders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Through {
    /// The Messaging Service if there is one, else the default sender.
    ServiceFirst,
    /// The default sender if there is one, else the Messaging Service.
    NumberFirst,
    /// The Messaging Service; without one it is an error.
    Service,
}

/// Where a message stands when its caller stops waiting.
#[derive(Clone, Debug)]
pub enum Sent {
    /// Twilio has it.
    Accepted(Message),
    /// Twilio refused it, or it must not leave.
    Refused(Message),
    /// It is on disk and will be sent, or is being looked up.
    Open(Message),
}

/// Why nothing was written.
#[derive(Debug, Error)]
pub enum SendError {
    /// No recipient.
    #[error("no recipient")]
    NoRecipient,
    /// No text.
    #[error("no text")]
    NoText,
    /// Longer than [`MAX_CHARS`].
    #[error("the text has {0} characters; at most {MAX_CHARS} fit")]
    TooLong(usize),
    /// The recipient can't be read as a number.
    #[error(transparent)]
    Recipient(#[from] AddressError),
    /// There is no Twilio account yet.
    #[error("Twilio is not set up")]
    Unconfigured,
    /// The Messaging Service was asked for and there is none.
    #[error("no Messaging Service is set up")]
    NoService,
    /// The recipient asked for silence.
    #[error("blocked: {0:?}")]
    Blocked(Blocked),
    /// The store failed; nothing was accepted.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl App {
    /// Writes a message down and waits a while for its first attempt, which the running workers make.
    pub async fn send(&self, request: &SendRequest) -> Result<Sent, SendError> {
        let message = self.outbound(request)?;
        let id = message.id;
        let mut changes = self.store().subscribe();
        let row = match self.store().submit(message, None, self.world().now()).await? {
            Submitted::Queued { row, .. } | Submitted::Duplicate(row) => row,
            Submitted::Blocked(blocked) => return Err(SendError::Blocked(blocked)),
        };
        let settled = async {
            loop {
                match changes.recv().await {
                    Ok(event) if event.message != row => {}
                    Ok(_) | Err(RecvError::Lagged(_)) => {
                        let sent = self.standing(id).await?;
                        if !matches!(sent, Sent::Open(_)) {
                            return Ok(sent);
                        }
                    }
                    Err(RecvError::Closed) => return self.standing(id).await,
                }
            }
        };
        match tokio::time::timeout(self.timing().send_wait, settled).await {
            Ok(sent) => sent,
            Err(_) => self.standing(id).await,
        }
    }

    /// Writes a message down and makes its first attempt in this process, beside a running `serve` or
    /// without one. `worker` names this process's lease.
    pub async fn send_here(&self, request: &SendRequest, worker: String) -> Result<Sent, SendError> {
        let message = self.outbound(request)?;
        let id = message.id;
        let lease = LeaseRequest { owner: worker, lasts: self.timing().lease };
        match self.store().submit(message, Some(lease), self.world().now()).await? {
            Submitted::Queued { lease: Some(job), .. } => self.deliver(job).await?,
            Submitted::Queued { lease: None, .. } | Submitted::Duplicate(_) => {}
            Submitted::Blocked(blocked) => return Err(SendError::Blocked(blocked)),
        }
        self.standing(id).await
    }

    async fn standing(&self, id: MessageId) -> Result<Sent, SendError> {
        let message = self.store().message_by_id(id).await?.ok_or(StoreError::NotFound("message"))?;
        Ok(match message.status {
            MessageStatus::Reported(
                DeliveryStatus::Failed | DeliveryStatus::Canceled | DeliveryStatus::Undelivered,
            ) => Sent::Refused(message),
            MessageStatus::Reported(_) => Sent::Accepted(message),
            MessageStatus::Pending
            | MessageStatus::Unknown
            | MessageStatus::Held
            | MessageStatus::Received => Sent::Open(message),
        })
    }

    /// Checks a request and chooses its sender.
    fn outbound(&self, request: &SendRequest) -> Result<NewOutbound, SendError> {
        let (to, body) = (request.to.trim(), request.body.trim());
        if to.is_empty() {
            return Err(SendError::NoRecipient);
        }
        if body.is_empty() {
            return Err(SendError::NoText);
        }
        let chars = body.chars().count();
        if chars > MAX_CHARS {
            return Err(SendError::TooLong(chars));
        }
        let to = Address::from_typed(to)?;
        let account = self.account().ok_or(SendError::Unconfigured)?;
        let (from, service) = account.sender.choose(request.through, &to)?;
        Ok(NewOutbound {
            id: self.world().message_id(),
            to,
            from,
            service,
            body: body.to_owned(),
            origin: request.origin,
        })
    }

    /// How long a caller of [`App::send`] waits at most.
    pub fn send_wait(&self) -> Duration {
        self.timing().send_wait
    }
}

impl Sender {
    /// Our address (empty when a service chooses) and the service to send through.
    fn choose(&self, through: Through, to: &Address) -> Result<(String, Option<String>), SendError> {
        let number = self.default_from.as_ref().map(|from| (on_channel_of(from, to), None));
        let service = self.messaging_service.as_ref().map(|service| (String::new(), Some(service.clone())));
        let chosen = match through {
            Through::ServiceFirst => service.or(number),
            Through::NumberFirst => number.or(service),
            Through::Service => return service.ok_or(SendError::NoService),
        };
        chosen.ok_or(SendError::Unconfigured)
    }
}

/// Twilio wants both ends on one channel: a WhatsApp recipient is written to from our WhatsApp address.
fn on_channel_of(from: &Address, to: &Address) -> String {
    match (to.channel(), from.channel()) {
        (Channel::WhatsApp, Channel::Sms) => format!("whatsapp:{from}"),
        _ => from.as_str().to_owned(),
    }
}
