//! Answering an inbound message: one durable decision, made inside the store's transaction.

use hub_domain::reply::ReplyDecision;
use hub_store::{LeasedJob, ReplySettled, StoreError};

use super::App;
use crate::sys::Point;

impl App {
    /// Decides about the inbound message of a `reply` job and writes the answer, if there is one.
    pub(crate) async fn reply(&self, job: LeasedJob) -> Result<(), StoreError> {
        let world = self.world();
        let settled =
            self.store().settle_reply(job, self.inner.policy, world.message_id(), world.now()).await?;
        world.reach(Point::ReplyCommitted).await;
        match settled {
            ReplySettled::Decided(ReplyDecision::Answer { origin, .. }) => {
                tracing::info!(message.row = job.message, reply.origin = %origin, "answered automatically");
            }
            ReplySettled::Decided(ReplyDecision::Hold { origin, .. }) => {
                tracing::info!(
                    message.row = job.message, reply.origin = %origin,
                    "too late for a machine to answer; a person decides"
                );
            }
            ReplySettled::Decided(ReplyDecision::Later(at)) => {
                tracing::info!(message.row = job.message, reply.at = %at, "the minute's cap of replies is used up");
            }
            ReplySettled::Decided(ReplyDecision::Nothing(reason)) => {
                tracing::debug!(message.row = job.message, reply.reason = reason.as_str(), "not answered");
            }
            ReplySettled::Blocked(blocked) => {
                tracing::info!(message.row = job.message, reply.reason = blocked.as_str(), "not answered");
            }
            ReplySettled::DecidedBefore => {}
        }
        Ok(())
    }
}
