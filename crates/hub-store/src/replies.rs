//! The unit of work that decides about one inbound message and writes the answer.

use std::sync::Arc;

use hub_domain::{
    assistant::{Turn, settings::AssistantSettings},
    bot::Bot,
    ids::{ContactId, MessageId},
    incoming::Elsewhere,
    reply::{Ask, ReplyDecision, Told},
    sending::Blocked,
    settings::Guards,
};
use jiff::{Timestamp, tz::TimeZone};

use crate::{
    LeasedJob, Store, StoreError,
    assistant::NewReceipt,
    sqlite::{Queue, replies},
};

/// What the decision takes from the configuration; the rest is read in the transaction.
#[derive(Clone, Debug)]
pub struct ReplyPolicy {
    /// Which bot answers when the bot is switched on.
    pub bot: Bot,
    /// Whether it is on where nobody has set the switch.
    pub bot_enabled_by_default: bool,
    /// Limits on automatic replies, where nobody chose others.
    pub guards: Guards,
    /// The assistant, where nobody chose otherwise.
    pub assistant: AssistantSettings,
    /// There is a key to ask a model with.
    pub model_available: bool,
    /// Our own numbers ([`hub_domain::address::Address::person_key`]), besides those written to before.
    pub own_numbers: Vec<String>,
    /// Numbers of the account whose messages another application takes.
    pub elsewhere: Elsewhere,
    /// The zone of the business hours.
    pub time_zone: TimeZone,
}

impl Default for ReplyPolicy {
    fn default() -> Self {
        Self {
            bot: Bot::Echo,
            bot_enabled_by_default: false,
            guards: Guards::default(),
            assistant: AssistantSettings::default(),
            model_available: false,
            own_numbers: Vec::new(),
            elsewhere: Elsewhere::default(),
            time_zone: TimeZone::UTC,
        }
    }
}

/// An answer leaves as so many messages at most.
pub const MOST_PARTS: usize = 4;

/// What has to be asked of a model before the decision is final.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    /// What is asked for.
    pub ask: Ask,
    /// Whose conversation.
    pub contact: ContactId,
    /// As the person calls themselves.
    pub profile_name: Option<String>,
    /// The conversation before, oldest first.
    pub history: Vec<Turn>,
    /// The newest text.
    pub newest: String,
    /// The assistant as it is set up.
    pub settings: AssistantSettings,
}

/// What came of asking, with its receipt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Phrased {
    /// What may be said.
    pub told: Told,
    /// The call, if one was made.
    pub receipt: Option<NewReceipt>,
    /// What became of the model's words, where an answer leaves and that alone doesn't tell: the articles' sentences
    /// may have taken their place. A word for the receipt.
    pub became: Option<&'static str>,
}

/// What was written about one inbound message.
#[derive(Clone, Debug, PartialEq)]
pub enum ReplySettled {
    /// The decision was carried out.
    Decided(ReplyDecision),
    /// Nothing was written: a model has to be asked first, and this called again with what it said.
    Ask(Box<Wanted>),
    /// It would have been answered, but the answer must not be sent.
    Blocked(Blocked),
    /// It had been decided before.
    DecidedBefore,
}

impl Store {
    /// Decides about the inbound message of a `reply` job and, in the same transaction, writes the answer
    /// with its `deliver` jobs and finishes the job. Facts, decision and effects share one transaction, so
    /// a human's message or an opt-out that committed first always wins.
    ///
    /// When a model has to be asked, nothing is written; called again with what it said, everything is read and
    /// decided anew. `ids` become the identifiers of the answer's parts if one is written.
    pub async fn settle_reply(
        &self,
        job: LeasedJob,
        policy: Arc<ReplyPolicy>,
        phrased: Option<Phrased>,
        ids: [MessageId; MOST_PARTS],
        now: Timestamp,
    ) -> Result<ReplySettled, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| {
                    replies::settle(unit, &job, &policy, phrased.as_ref(), &ids, now)
                })
                .await
            }
        }
    }
}
