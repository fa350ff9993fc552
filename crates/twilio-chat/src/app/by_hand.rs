//! Sending from a thread: a text that a person (or a program in their place) writes, and failed messages once
//! more. Answers at once; what becomes of it is told by the changes.

use hub_domain::{
    address::{Address, Channel},
    ids::{ContactId, MessageId, UserId},
    message::{Message, Origin},
    whatsapp::Template,
};
use hub_store::{HandAsked, HandSend, HandSent, HandTo, NewOutbound, Retried, Retry, StoreError};

use super::{
    App,
    send::{SendError, Through, folded, in_parts},
};

/// To whom.
#[derive(Clone, Debug)]
pub enum HandTarget {
    /// Somebody we know, over the addresses last used.
    Contact(ContactId),
    /// A number as typed.
    Typed(String),
}

/// A text from a thread.
#[derive(Clone, Debug)]
pub struct HandRequest {
    /// Made by the caller's client: the same again is the same text.
    pub id: MessageId,
    /// To whom.
    pub to: HandTarget,
    /// The text.
    pub body: String,
    /// Sent in place of a text: what WhatsApp takes once its 24 hours are over.
    pub template: Option<Template>,
    /// With plain letters where that makes it shorter to send.
    pub fold: bool,
    /// A signed-in person, who takes the conversation over, or a program.
    pub origin: Origin,
    /// Which person.
    pub author: Option<UserId>,
}

impl App {
    /// Writes a text down; its parts, in order. They leave by the running workers.
    pub async fn send_by_hand(&self, request: HandRequest) -> Result<Vec<Message>, SendError> {
        let texts = texts(&request)?;
        let to = match &request.to {
            HandTarget::Contact(contact) => HandTo::Contact(*contact),
            HandTarget::Typed(typed) => HandTo::Address(Address::from_typed(typed.trim())?),
        };
        // What was sent is answered so, whatever way a text would go now.
        let asked = HandAsked {
            id: request.id,
            to: to.clone(),
            texts: texts.clone(),
            template: request.template.clone(),
        };
        if let Some(before) = self.store().sent_by_hand(asked).await? {
            return self.sent_by_hand(before).await;
        }
        let first = self.begin_by_hand(&request).await?;
        let mut parts: Vec<NewOutbound> = texts
            .into_iter()
            .map(|body| NewOutbound { id: self.world().message_id(), body, ..first.clone() })
            .collect();
        if let Some(part) = parts.first_mut() {
            part.id = request.id;
        }
        let send = HandSend { to, parts, author: request.author };
        let written = self.store().send_by_hand(send, self.world().now()).await?;
        self.sent_by_hand(written).await
    }

    async fn sent_by_hand(&self, sent: HandSent) -> Result<Vec<Message>, SendError> {
        match sent {
            HandSent::Queued(rows) | HandSent::Repeated(rows) => Ok(self.store().messages_at(rows).await?),
            HandSent::Gone => Err(SendError::Gone),
            HandSent::OtherMessage => Err(SendError::KeyReused),
            HandSent::Blocked(blocked) => Err(SendError::Blocked(blocked)),
        }
    }

    /// A message without content yet. An answer leaves from the address last used.
    async fn begin_by_hand(&self, request: &HandRequest) -> Result<NewOutbound, SendError> {
        let template = request.template.clone();
        let typed = match &request.to {
            HandTarget::Typed(typed) => Address::from_typed(typed.trim())?,
            HandTarget::Contact(contact) => {
                let route = self.store().last_route(*contact).await?.ok_or(SendError::NoRecipient)?;
                if template.is_some() && route.theirs.channel() != Channel::WhatsApp {
                    return Err(SendError::NotWhatsApp);
                }
                let through = Through::Route { from: route.ours, service: route.service };
                return Ok(NewOutbound {
                    template,
                    ..self.outbound(route.theirs, &through, request.origin)?
                });
            }
        };
        Ok(NewOutbound { template, ..self.outbound(typed, &Through::ServiceFirst, request.origin)? })
    }

    /// Sends a message that did not arrive once more, with the parts that waited for it.
    pub async fn retry(
        &self,
        row: i64,
        id: MessageId,
        origin: Origin,
        author: Option<UserId>,
    ) -> Result<Retried, StoreError> {
        let Some(details) = self.store().message_details(row).await? else { return Ok(Retried::NotFound) };
        let later = details.entry.part..details.entry.parts;
        let ids = std::iter::once(id).chain(later.map(|_| self.world().message_id())).collect();
        self.store().retry(Retry { row, ids, origin, author }, self.world().now()).await
    }
}

/// The text in the parts it is sent in; a template goes alone, without one.
fn texts(request: &HandRequest) -> Result<Vec<String>, SendError> {
    if request.template.is_some() {
        return Ok(vec![String::new()]);
    }
    let body = request.body.trim();
    if body.is_empty() {
        return Err(SendError::NoText);
    }
    let (body, _) = folded(body, request.fold);
    if body.trim().is_empty() {
        return Err(SendError::NoText);
    }
    in_parts(&body)
}
