//! The unit of work that decides about one inbound message and writes the answer.

use hub_domain::{bot::Bot, ids::MessageId, reply::ReplyDecision, sending::Blocked, settings::Caps};
use jiff::Timestamp;

use crate::{
    LeasedJob, Store, StoreError,
    sqlite::{Queue, replies},
};

/// What the decision takes from the configuration; the rest is read in the transaction.
#[derive(Clone, Copy, Debug)]
pub struct ReplyPolicy {
    /// Which bot answers when the bot is switched on.
    pub bot: Bot,
    /// Whether it is on where nobody has set the switch.
    pub bot_enabled_by_default: bool,
    /// Limits on automatic replies.
    pub caps: Caps,
}

/// What was written about one inbound message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReplySettled {
    /// The decision was carried out.
    Decided(ReplyDecision),
    /// It would have been answered, but the answer must not be sent.
    Blocked(Blocked),
    /// It had been decided before.
    DecidedBefore,
}

impl Store {
    /// Decides about the inbound message of a `reply` job and, in the same transaction, writes the answer
    /// with its `deliver` job and finishes the job. Facts, decision and effects share one transaction, so
    /// a human's message or an opt-out that committed first always wins.
    ///
    /// `answer` becomes the identifier of the answer if one is written.
    pub async fn settle_reply(
        &self,
        job: LeasedJob,
        policy: ReplyPolicy,
        answer: MessageId,
        now: Timestamp,
    ) -> Result<ReplySettled, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| replies::settle(unit, &job, &policy, answer, now)).await
            }
        }
    }
}
