//! Answering an inbound message: one durable decision, made inside the store's transaction.
//!
//! When a model has to be asked, that happens between two transactions, and the second decides anew.

use hub_domain::reply::ReplyDecision;
use hub_store::{LeasedJob, Phrased, ReplySettled, StoreError};

use super::App;
use crate::sys::Point;

impl App {
    /// Decides about the inbound message of a `reply` job and writes the answer, if there is one.
    pub(crate) async fn reply(&self, job: LeasedJob) -> Result<(), StoreError> {
        let asked = match self.settle(job, None).await? {
            ReplySettled::Ask(asked) => asked,
            settled @ (ReplySettled::Decided(_) | ReplySettled::Blocked(_) | ReplySettled::DecidedBefore) => {
                log(job, &settled);
                return Ok(());
            }
        };
        let Some(place) = self.inner.models.place() else {
            // Replies that need no model go on meanwhile.
            return self.store().give_back(job, self.after(self.timing().model_busy), None).await;
        };
        self.world().reach(Point::ModelAsked).await;
        let phrased = self.phrase(&asked).await;
        drop(place);
        self.world().reach(Point::ModelAnswered).await;
        let settled = self.settle(job, Some(phrased)).await?;
        if matches!(settled, ReplySettled::Ask(_)) {
            // Something changed while the model thought: other words are wanted.
            return self.store().give_back(job, self.world().now(), None).await;
        }
        log(job, &settled);
        Ok(())
    }

    async fn settle(&self, job: LeasedJob, phrased: Option<Phrased>) -> Result<ReplySettled, StoreError> {
        let world = self.world();
        let ids = std::array::from_fn(|_| world.message_id());
        let policy = self.reply_policy();
        let settled = self.store().settle_reply(job, policy, phrased, ids, world.now()).await?;
        if !matches!(settled, ReplySettled::Ask(_)) {
            world.reach(Point::ReplyCommitted).await;
        }
        Ok(settled)
    }
}

fn log(job: LeasedJob, settled: &ReplySettled) {
    let decision = match settled {
        ReplySettled::Decided(decision) => decision,
        ReplySettled::Blocked(blocked) => {
            tracing::info!(message.row = job.message, reply.reason = blocked.as_str(), "not answered");
            return;
        }
        ReplySettled::Ask(_) | ReplySettled::DecidedBefore => return,
    };
    match decision {
        ReplyDecision::Answer { origin, .. } => {
            tracing::info!(message.row = job.message, reply.origin = %origin, "answered automatically");
        }
        ReplyDecision::Hold { origin, why, .. } => {
            tracing::warn!(
                message.row = job.message, reply.origin = %origin, reply.reason = why.as_str(),
                "an answer is held for a person"
            );
        }
        ReplyDecision::Propose(_) => tracing::info!(message.row = job.message, "an answer is proposed"),
        ReplyDecision::HandOver { why, .. } => {
            tracing::warn!(
                message.row = job.message,
                reply.reason = why.as_str(),
                "the conversation is left to a person"
            );
        }
        ReplyDecision::Later(at) => {
            tracing::debug!(message.row = job.message, reply.at = %at, "decided later");
        }
        ReplyDecision::Nothing(reason) => {
            tracing::debug!(message.row = job.message, reply.reason = reason.as_str(), "not answered");
        }
        ReplyDecision::Ask(_) => {}
    }
}
