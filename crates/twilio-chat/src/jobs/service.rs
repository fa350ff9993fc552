//! What runs beside the webhooks until told to stop.

use std::pin::Pin;

use tokio_util::sync::CancellationToken;

/// The future of a running service.
pub type Running = Pin<Box<dyn Future<Output = ()> + Send>>;

/// A loop of the hub. It ends soon after `shutdown`, and no fault of one turn ends it earlier.
pub trait Service: Send {
    /// For the log.
    fn name(&self) -> &'static str;

    /// Runs until `shutdown`.
    fn run(self: Box<Self>, shutdown: CancellationToken) -> Running;
}
