//! The newest messages.

use hub_domain::message::{Direction, Message};
use hub_store::{MessageFilter, StoreError};

use super::App;

impl App {
    /// At most `limit` messages, newest first.
    pub async fn latest(&self, limit: u32, direction: Option<Direction>) -> Result<Vec<Message>, StoreError> {
        self.store().messages(MessageFilter { direction, before: None, limit }).await
    }
}
