//! The classic auto-reply's setting.

use hub_domain::settings::{AutoReply, AutoReplyError};
use hub_store::StoreError;

use super::App;

impl App {
    /// The setting in force.
    pub async fn auto_reply(&self) -> Result<AutoReply, StoreError> {
        self.store().auto_reply().await
    }

    /// Saves the setting.
    ///
    /// # Errors
    /// The inner error when the text is empty or too long; nothing changes then.
    pub async fn change_auto_reply(
        &self,
        enabled: bool,
        message: String,
    ) -> Result<Result<AutoReply, AutoReplyError>, StoreError> {
        self.store().change_auto_reply(enabled, message, self.world().now()).await
    }
}
