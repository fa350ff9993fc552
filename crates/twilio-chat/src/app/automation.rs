//! The switch over all automatic replies.

use hub_store::{By, StoreError};

use super::App;

impl App {
    /// Whether automatic replies may be written at all.
    pub async fn automation_enabled(&self) -> Result<bool, StoreError> {
        self.store().automation_enabled().await
    }

    /// Switches them all on or off.
    pub async fn set_automation(&self, enabled: bool, by: By) -> Result<(), StoreError> {
        self.store().set_automation_enabled(enabled, by, self.world().now()).await
    }
}
