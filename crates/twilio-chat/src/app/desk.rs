//! How the hub stands, in the figures of the dashboard.

use hub_domain::{ids::MessageId, stop::Stop};
use hub_store::{Statistics, StoreError};

use super::App;

/// How the hub stands.
#[derive(Clone, Debug)]
pub struct Overview {
    /// How many messages there are.
    pub totals: Statistics,
    /// Why nothing leaves, if so.
    pub stop: Option<Stop>,
}

impl App {
    /// How the hub stands; costs the same whatever the number of messages.
    pub async fn overview(&self) -> Result<Overview, StoreError> {
        Ok(Overview { totals: self.statistics().await?, stop: self.sending_stop().await? })
    }

    /// For a form that is about to be filled in: sent twice, it is one message.
    pub fn new_message_id(&self) -> MessageId {
        self.world().message_id()
    }
}
