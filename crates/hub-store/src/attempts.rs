//! Units of work around one call to Twilio: before it, after it, and when its answer was lost.

use hub_domain::{
    attempt::AttemptOutcome,
    ids::{AttemptId, MessageId, MessageSid},
    reconcile::{Finding, WhyAsk},
    sending::{AfterAttempt, Blocked},
    status::DeliveryStatus,
    whatsapp::Template,
};
use jiff::Timestamp;

use std::sync::Arc;

use crate::{
    LeasedJob, SendingChange, Store, StoreError, Terms,
    sqlite::{Queue, attempts},
};

/// What a deliver job may do now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Begun {
    /// The attempt is on disk: make this call.
    Call(Call),
    /// An earlier attempt has no outcome: it is being looked up, nothing may be called. The job is done.
    Lookup,
    /// The message must not leave; it is canceled. The job is done.
    Blocked(Blocked),
    /// The part of the text before this one may still leave: the job waits for it.
    Waits,
    /// Its sender's messages leave at a certain rate: the job waits until then.
    Paced(Timestamp),
    /// Twilio refuses our account and nothing leaves: the job waits.
    Stopped,
    /// A person decides about it: about the part before it too, or it would leave late, or automation is off. The job
    /// is done.
    Held,
    /// There is nothing left to send. The job is done.
    Settled,
}

/// One call to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// The message.
    pub message: MessageId,
    /// To whom.
    pub to: String,
    /// From which of our senders; empty with a service.
    pub from: String,
    /// Through which Messaging Service.
    pub service: Option<String>,
    /// The text.
    pub body: String,
    /// Public addresses of media.
    pub media_urls: Vec<String>,
    /// Instead of text and media.
    pub template: Option<Template>,
}

/// What was written after a call: about its message, and about all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// About its message.
    pub finished: Finished,
    /// What it changed for all messages.
    pub sending: Option<SendingChange>,
}

/// What was written about the message of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finished {
    /// The outcome was applied.
    Applied(AfterAttempt),
    /// A callback or a lookup had settled the attempt before.
    SettledBefore,
}

/// What a lookup needs to know.
#[derive(Clone, Debug)]
pub struct ReconcileFacts {
    /// The attempt still has no trustworthy outcome.
    pub open: bool,
    /// To whom.
    pub to: String,
    /// The text.
    pub body: String,
    /// When the call began.
    pub started_at: Timestamp,
    /// Another call to the same recipient is under way: Twilio's list can't be read fairly now.
    pub call_under_way: bool,
    /// Texts of other messages to the same recipient that are being looked up too.
    pub other_texts: Vec<String>,
}

/// What a lookup saw.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LookedUp {
    /// `None` when Twilio's list could not be read to its end.
    pub finding: Option<Finding>,
    /// The status Twilio shows for a message found.
    pub status: Option<DeliveryStatus>,
    /// Its error code.
    pub error_code: Option<u32>,
}

/// What was written after a lookup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Settlement {
    /// The message is Twilio's with this SID.
    Found(MessageSid),
    /// The job will look again.
    LookAgain,
    /// A second attempt is queued.
    SendAgain,
    /// The message is held for a person.
    Held(WhyAsk),
    /// A callback or the late answer had settled it before.
    SettledBefore,
}

impl Store {
    /// Before a call: writes the attempt, if the message may still leave and no earlier attempt is open.
    /// Asks [`hub_domain::sending::may_send`], [`hub_domain::stop::passage`] and the sender's pace in the same
    /// transaction.
    pub async fn begin_attempt(
        &self,
        job: LeasedJob,
        attempt: AttemptId,
        terms: Arc<Terms>,
        now: Timestamp,
    ) -> Result<Begun, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| attempts::begin(unit, &job, attempt, &terms, now)).await
            }
        }
    }

    /// After a call: writes its outcome and what follows ([`hub_domain::sending::after_attempt`]). What
    /// Twilio said is kept even when the lease was lost meanwhile.
    pub async fn finish_attempt(
        &self,
        job: LeasedJob,
        attempt: AttemptId,
        outcome: AttemptOutcome,
        terms: Arc<Terms>,
        jitter: u64,
        now: Timestamp,
    ) -> Result<Ended, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| {
                    attempts::end(unit, &job, attempt, &outcome, &terms, jitter, now)
                })
                .await
            }
        }
    }

    /// What a lookup of `attempt` needs to know.
    pub async fn reconcile_facts(&self, attempt: AttemptId) -> Result<ReconcileFacts, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| attempts::facts(connection, attempt)).await,
        }
    }

    /// Those of `sids` that one of our messages has.
    pub async fn known_sids(&self, sids: Vec<MessageSid>) -> Result<Vec<MessageSid>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| attempts::known(connection, sids)).await,
        }
    }

    /// After a lookup: writes what [`hub_domain::reconcile::next_step`] decides.
    pub async fn settle_lookup(
        &self,
        job: LeasedJob,
        attempt: AttemptId,
        seen: LookedUp,
        jitter: u64,
        now: Timestamp,
    ) -> Result<Settlement, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| {
                    attempts::settle(unit, &job, attempt, seen.clone(), jitter, now)
                })
                .await
            }
        }
    }
}

impl LookedUp {
    /// Nothing could be seen.
    pub const fn nothing() -> Self {
        Self { finding: None, status: None, error_code: None }
    }
}
