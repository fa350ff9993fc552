//! Receiving from Twilio: an inbound message or a status report becomes durable, then is acknowledged.

use hub_domain::message::{Inbound, StatusReport};
use hub_store::{Recorded, StatusApplied, StoreError};

use super::App;
use crate::sys::Point;

/// Takes what webhooks bring. The product stores it; a benchmark may measure the way to here alone.
pub trait Receiver: Clone + Send + Sync + 'static {
    /// Makes an inbound message durable. `Ok` means that it is on disk.
    fn receive(&self, inbound: Inbound) -> impl Future<Output = Result<Recorded, StoreError>> + Send;

    /// Makes a status report durable and applies it.
    fn report(&self, report: StatusReport) -> impl Future<Output = Result<StatusApplied, StoreError>> + Send;
}

impl Receiver for App {
    async fn receive(&self, inbound: Inbound) -> Result<Recorded, StoreError> {
        let (world, sid, from) = (self.world(), inbound.sid.clone(), inbound.from.masked());
        let media = inbound.media.len();
        let recorded =
            self.store().record_inbound(inbound, world.message_id(), world.message_id(), world.now()).await?;
        world.reach(Point::InboundCommitted).await;
        let repeated = !matches!(recorded, Recorded::New(_));
        tracing::info!(
            message.sid = %sid, message.from = %from, message.media = media, message.repeated = repeated,
            "Inbound webhook hit"
        );
        Ok(recorded)
    }

    async fn report(&self, report: StatusReport) -> Result<StatusApplied, StoreError> {
        let (sid, status, code) = (report.sid.clone(), report.status.clone(), report.error_code);
        let applied = self.store().apply_status(report, self.world().now()).await?;
        self.world().reach(Point::StatusCommitted).await;
        tracing::info!(
            message.sid = %sid, message.status = %status, twilio.code = code, message.applied = ?applied,
            "Message status update"
        );
        Ok(applied)
    }
}
