//! How the hub stands, in the figures of the dashboard.

use hub_domain::{ids::MessageId, stop::Stop};
use hub_store::{Notices, Statistics, StoreError};

use super::App;

/// How the hub stands.
#[derive(Clone, Debug)]
pub struct Overview {
    /// How many messages there are.
    pub totals: Statistics,
    /// What people are told of without asking.
    pub notices: Notices,
    /// Why nothing leaves, if so.
    pub stop: Option<Stop>,
}

impl App {
    /// How the hub stands; costs the same whatever the number of messages.
    pub async fn overview(&self) -> Result<Overview, StoreError> {
        let (totals, notices) = (self.statistics().await?, self.store().notices().await?);
        Ok(Overview { totals, notices, stop: self.sending_stop().await? })
    }

    /// Somebody has seen what was recovered, up to this report: the dashboard tells of newer ones only.
    pub async fn see_recovery(&self, report: i64) -> Result<(), StoreError> {
        self.store().see_recovery(report, self.world().now()).await
    }

    /// For a form that is about to be filled in: sent twice, it is one message.
    pub fn new_message_id(&self) -> MessageId {
        self.world().message_id()
    }
}
