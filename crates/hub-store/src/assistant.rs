//! The assistant's memory: how it is set up, receipts of its calls, what it proposes, what it should have said.

use hub_domain::{
    assistant::{
        Turn,
        settings::{AssistantChoice, AssistantChoiceError, AssistantSettings},
    },
    ids::{ContactId, UserId},
    spending::Micros,
};
use jiff::Timestamp;

use crate::{
    By, Store, StoreError,
    sqlite::{Queue, proposals, receipts, replies, settings},
};

/// One call to a model, to be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewReceipt {
    /// `answer`, `draft`, `news`, `send` or `knowledge`.
    pub purpose: &'static str,
    /// The model that was asked.
    pub model: String,
    /// The messages it was told, as JSON.
    pub prompt: String,
    /// The passages among them, as JSON.
    pub passages: String,
    /// What it wrote, before that was judged.
    pub words: Option<String>,
    /// Why it wrote nothing.
    pub error: Option<String>,
    /// Tokens read.
    pub prompt_tokens: Option<u32>,
    /// Tokens written.
    pub completion_tokens: Option<u32>,
    /// What that cost, where the price is known.
    pub cost: Option<Micros>,
    /// How long it took.
    pub millis: u32,
}

/// A receipt as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// Its row.
    pub id: i64,
    /// The inbound message it was asked about.
    pub message: Option<i64>,
    /// The first part of the answer.
    pub answer: Option<i64>,
    /// What it was asked for.
    pub purpose: String,
    /// What became of its words.
    pub decision: String,
    /// The model that was asked.
    pub model: String,
    /// The messages it was told, as JSON.
    pub prompt: String,
    /// The passages among them, as JSON.
    pub passages: String,
    /// What it wrote, before that was judged.
    pub words: Option<String>,
    /// Why it wrote nothing.
    pub error: Option<String>,
    /// Tokens read.
    pub prompt_tokens: Option<u32>,
    /// Tokens written.
    pub completion_tokens: Option<u32>,
    /// What that cost, where the price is known.
    pub cost: Option<Micros>,
    /// How long it took.
    pub millis: u32,
    /// When.
    pub created_at: Timestamp,
    /// A text that the model was told is to be gone: so is what it was told and what it wrote.
    pub redacted: bool,
}

/// An answer that a model proposes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal {
    /// The inbound message it would answer.
    pub message: i64,
    /// The text.
    pub body: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// What was said, and what should have been.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewCase {
    /// The customer's text.
    pub question: String,
    /// What was said to it.
    pub said: String,
    /// What should have been.
    pub expected: String,
}

/// A case as kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its row.
    pub id: i64,
    /// What it is about.
    pub case: NewCase,
    /// When it was saved.
    pub created_at: Timestamp,
}

impl Store {
    /// What people chose of the assistant, and when.
    pub async fn assistant_choice(&self) -> Result<(AssistantChoice, Option<Timestamp>), StoreError> {
        match self {
            Self::Sqlite(db) => db.read(settings::read_assistant).await,
        }
    }

    /// Changes what `change` mentions, over `base`, which counts where nobody chose. Switching the assistant on
    /// switches the classic auto-reply off.
    ///
    /// # Errors
    /// The inner error when a value is outside of its limits; nothing is written then.
    pub async fn change_assistant(
        &self,
        change: AssistantChoice,
        base: AssistantSettings,
        by: By,
        now: Timestamp,
    ) -> Result<Result<AssistantChoice, AssistantChoiceError>, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| {
                    settings::change_assistant(unit, change.clone(), &base, &by, now)
                })
                .await
            }
        }
    }

    /// The last texts with a person, oldest first, as a model reads them.
    pub async fn conversation_turns(&self, contact: ContactId, limit: u32) -> Result<Vec<Turn>, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.read(move |connection| replies::turns(connection, contact, i64::MAX, limit)).await
            }
        }
    }

    /// Keeps the receipt of a call that a person asked for; `answer` is the first part of what was sent, `contact`
    /// whose texts the model read.
    pub async fn keep_receipt(
        &self,
        receipt: NewReceipt,
        answer: Option<i64>,
        contact: Option<ContactId>,
        decision: &'static str,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| {
                    let about = receipts::About { message: None, answer, contact };
                    receipts::write(unit, &receipt, about, decision, now)
                })
                .await
            }
        }
    }

    /// The receipts of a message, asked about or answering, oldest first.
    pub async fn receipts(&self, row: i64) -> Result<Vec<Receipt>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| receipts::of_message(connection, row)).await,
        }
    }

    /// One receipt.
    pub async fn receipt(&self, id: i64) -> Result<Option<Receipt>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| receipts::find(connection, id)).await,
        }
    }

    /// The latest receipts of answers and drafts, newest first.
    pub async fn latest_receipts(&self, limit: u32) -> Result<Vec<Receipt>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| receipts::latest(connection, limit)).await,
        }
    }

    /// Receipts newest first, below the row `before`.
    pub async fn receipts_page(&self, before: Option<i64>, limit: u32) -> Result<Vec<Receipt>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| receipts::page(connection, before, limit)).await,
        }
    }

    /// What is proposed for a person.
    pub async fn proposal(&self, contact: ContactId) -> Result<Option<Proposal>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| proposals::find(connection, contact)).await,
        }
    }

    /// Drops what is proposed for a person; `false` when nothing was.
    pub async fn drop_proposal(&self, contact: ContactId, now: Timestamp) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| proposals::discard(unit, contact, now)).await
            }
        }
    }

    /// Makes what is proposed for a person the draft of whoever takes it; `false` when nothing was.
    pub async fn take_proposal(
        &self,
        contact: ContactId,
        by: Option<UserId>,
        now: Timestamp,
    ) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| proposals::take(unit, contact, by, now)).await
            }
        }
    }

    /// Saves what should have been said; the row.
    pub async fn save_case(&self, case: NewCase, now: Timestamp) -> Result<i64, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| receipts::save_case(unit, &case, now)).await
            }
        }
    }

    /// Deletes a case; `false` when there is none of that row.
    pub async fn delete_case(&self, id: i64) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(db) => db.write(Queue::Work, move |unit| receipts::delete_case(unit, id)).await,
        }
    }

    /// Cases newest first, below the row `before`.
    pub async fn cases(&self, before: Option<i64>, limit: u32) -> Result<Vec<Case>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| receipts::cases(connection, before, limit)).await,
        }
    }
}
