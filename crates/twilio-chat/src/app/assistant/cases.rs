//! What should have been said: saved, and replayed when the instruction changes. Replaying sends nothing.

use hub_clients::openai::ModelError;
use hub_domain::{
    assistant::{
        Passage, Speaker, Turn,
        output::Verdict,
        prompt::{PromptMessage, PromptRole},
        settings::AssistantSettings,
    },
    ids::{ContactId, UserId},
};
use hub_store::{Case, NewCase, Proposal, Receipt, StoreError};
use serde::de::DeserializeOwned;

use super::{
    super::{App, history::Page},
    AssistantError,
    asking::{Judged, Question},
};

/// One question asked anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Replayed {
    /// `case 3`, or `receipt 17`.
    pub of: String,
    /// The customer's text.
    pub question: String,
    /// What was said, or should have been.
    pub before: String,
    /// What would be said now.
    pub now: Now,
}

/// What became of a question that was asked anew.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Now {
    /// This would be said.
    Says(String),
    /// It would be left to a person.
    Person,
    /// The model did not answer, which says nothing about the instruction.
    NoAnswer(ModelError),
}

impl App {
    /// Saves what should have been said to a customer.
    pub async fn save_case(&self, case: NewCase) -> Result<i64, StoreError> {
        self.store().save_case(case, self.world().now()).await
    }

    /// Deletes a case.
    pub async fn delete_case(&self, id: i64) -> Result<bool, StoreError> {
        self.store().delete_case(id).await
    }

    /// A page of cases, newest first.
    pub async fn cases(&self, before: Option<i64>, limit: u32) -> Result<Page<Case>, StoreError> {
        let items = self.store().cases(before, limit + 1).await?;
        Ok(page(items, limit, |case| case.id))
    }

    /// A page of receipts, newest first.
    pub async fn receipts_page(&self, before: Option<i64>, limit: u32) -> Result<Page<Receipt>, StoreError> {
        let items = self.store().receipts_page(before, limit + 1).await?;
        Ok(page(items, limit, |receipt| receipt.id))
    }

    /// One receipt.
    pub async fn receipt(&self, id: i64) -> Result<Option<Receipt>, StoreError> {
        self.store().receipt(id).await
    }

    /// The receipts of a message, oldest first.
    pub async fn receipts(&self, row: i64) -> Result<Vec<Receipt>, StoreError> {
        self.store().receipts(row).await
    }

    /// What is proposed for a person.
    pub async fn proposal(&self, participant: &str) -> Result<Option<Proposal>, StoreError> {
        match self.person(participant).await? {
            Some(person) => self.proposal_for(person.contact).await,
            None => Ok(None),
        }
    }

    /// The same for a contact.
    pub async fn proposal_for(&self, contact: ContactId) -> Result<Option<Proposal>, StoreError> {
        self.store().proposal(contact).await
    }

    /// Makes what is proposed the draft of the person who takes it.
    pub async fn take_proposal(&self, contact: ContactId, by: UserId) -> Result<bool, StoreError> {
        self.store().take_proposal(contact, Some(by), self.world().now()).await
    }

    /// Drops what is proposed for a person.
    pub async fn drop_proposal(&self, participant: &str) -> Result<bool, StoreError> {
        match self.person(participant).await? {
            Some(person) => self.drop_proposal_for(person.contact).await,
            None => Ok(false),
        }
    }

    /// The same for a contact.
    pub async fn drop_proposal_for(&self, contact: ContactId) -> Result<bool, StoreError> {
        self.store().drop_proposal(contact, self.world().now()).await
    }

    /// Asks every saved case and the last `receipts` questions anew with these settings, and gives each as it
    /// comes to `see`; `false` from it ends the replay.
    pub async fn replay(
        &self,
        settings: &AssistantSettings,
        receipts: u32,
        mut see: impl FnMut(Replayed) -> bool,
    ) -> Result<(), AssistantError> {
        let mut before = None;
        loop {
            let page = self.cases(before, 100).await?;
            for Case { id, case, .. } in page.items {
                let asked = Question {
                    profile_name: None,
                    passages: self.passages(&case.question).await,
                    history: Vec::new(),
                    newest: case.question,
                };
                if !see(self.asked_anew(settings, format!("case {id}"), asked, case.expected).await?) {
                    return Ok(());
                }
            }
            before = page.next;
            if before.is_none() {
                break;
            }
        }
        for receipt in self.store().latest_receipts(receipts).await? {
            let (of, said) = (format!("receipt {}", receipt.id), receipt.words.clone().unwrap_or_default());
            if !see(self.asked_anew(settings, of, question(&receipt), said).await?) {
                return Ok(());
            }
        }
        Ok(())
    }

    async fn asked_anew(
        &self,
        settings: &AssistantSettings,
        of: String,
        asked: Question,
        before: String,
    ) -> Result<Replayed, AssistantError> {
        let client = self.client(None)?;
        let judged = self.ask(&client, settings, &asked, "replay").await.judged;
        let now = match judged {
            Ok(Judged { verdict: Verdict::Say(text), .. }) => Now::Says(text),
            Ok(Judged { verdict: Verdict::HandOver | Verdict::Unfit(_), .. }) => Now::Person,
            Err(error) => Now::NoAnswer(error),
        };
        Ok(Replayed { of, question: asked.newest, before, now })
    }
}

/// What was read, one more than fits, as a page.
fn page<T>(mut items: Vec<T>, limit: u32, row: impl Fn(&T) -> i64) -> Page<T> {
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    let more = items.len() > limit;
    items.truncate(limit);
    let next = items.last().map(row).filter(|_| more);
    Page { items, next }
}

/// The customer's text that a receipt is about.
pub fn asked(receipt: &Receipt) -> String {
    question(receipt).newest
}

/// What a receipt keeps as JSON, which we wrote; nothing, and a line in the log, where it can't be read.
pub fn kept<T: DeserializeOwned>(json: &str) -> Vec<T> {
    serde_json::from_str(json).unwrap_or_else(|error| {
        tracing::error!(%error, "a part of a receipt can't be read");
        Vec::new()
    })
}

/// The question of a receipt, from the prompt it keeps.
fn question(receipt: &Receipt) -> Question {
    let messages: Vec<PromptMessage> = kept(&receipt.prompt);
    let passages: Vec<Passage> = kept(&receipt.passages);
    let mut history: Vec<Turn> = messages
        .into_iter()
        .filter_map(|message| {
            let speaker = match message.role {
                PromptRole::System => return None,
                PromptRole::User => Speaker::Customer,
                PromptRole::Assistant => Speaker::Us,
            };
            Some(Turn { speaker, text: message.content })
        })
        .collect();
    let newest = history.pop().map(|turn| turn.text).unwrap_or_default();
    Question { profile_name: None, passages, history, newest }
}
