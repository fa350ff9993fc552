//! One person's thread as the panel opens it: who they are, over which addresses an answer leaves, and whether it
//! may.

use hub_domain::{
    address::Channel,
    ids::ContactId,
    whatsapp::{Window, window},
};
use hub_store::{Attachment, InboxLine, LastRoute, StoreError};

use super::App;

/// Somebody's thread, without its messages.
#[derive(Clone, Debug)]
pub struct Opened {
    /// Who.
    pub line: InboxLine,
    /// The addresses last used; `None` before the first message.
    pub route: Option<LastRoute>,
    /// Whether free text may be sent, where the last address is on WhatsApp.
    pub window: Option<Window>,
}

impl App {
    /// Somebody's thread; `None` when nobody has this number.
    pub async fn opened(&self, contact: ContactId) -> Result<Option<Opened>, StoreError> {
        let Some(line) = self.inbox_line(contact).await? else { return Ok(None) };
        let route = self.store().last_route(contact).await?;
        let window = match &route {
            Some(LastRoute { theirs, ours, service }) if theirs.channel() == Channel::WhatsApp => {
                let last = self.store().last_heard(theirs.clone(), ours.clone(), service.is_some()).await?;
                Some(window(last, self.world().now()))
            }
            Some(_) | None => None,
        };
        Ok(Some(Opened { line, route, window }))
    }

    /// The number of the newest change: whoever reads the pages after asking for it misses nothing that comes later.
    pub async fn newest_change(&self) -> Result<i64, StoreError> {
        self.store().event_bounds().await.map(|(_, newest)| newest)
    }

    /// The attachments of a message that came in.
    pub async fn attachments(&self, message: i64) -> Result<Vec<Attachment>, StoreError> {
        self.store().attachments(message).await
    }
}
