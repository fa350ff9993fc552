//! The switch over all automatic replies.

use hub_store::{By, StoreError, SwitchedOn};

use super::App;

impl App {
    /// Whether automatic replies may be written at all.
    pub async fn automation_enabled(&self) -> Result<bool, StoreError> {
        self.store().automation_enabled().await
    }

    /// Switches them all on or off. What waits to leave meanwhile is held.
    pub async fn set_automation(&self, enabled: bool, by: By) -> Result<SwitchedOn, StoreError> {
        let switched = self.store().set_automation_enabled(enabled, by, self.world().now()).await?;
        if switched != SwitchedOn::default() {
            tracing::info!(
                let_go = switched.let_go,
                left = switched.left,
                "answers held while automation was off"
            );
        }
        Ok(switched)
    }
}
