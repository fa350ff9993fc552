//! How people keep the inbox: reading, names, who is in charge, drafts, consent.

use hub_domain::{
    ids::{ContactId, UserId},
    message::ConversationMode,
};
use hub_store::{ConsentByHand, StoreError};
use jiff::Timestamp;

use super::App;

/// Longest name, in characters.
pub const LONGEST_NAME: usize = 100;
/// Longest draft, in characters: more than any text that can be sent.
pub const LONGEST_DRAFT: usize = 20_000;

impl App {
    /// Everything up to a row was read.
    pub async fn mark_read(&self, contact: ContactId, up_to: i64) -> Result<(), StoreError> {
        self.store().mark_read(contact, up_to, self.world().now()).await
    }

    /// Their texts from a row on, or their last one, are to be read again.
    pub async fn mark_unread(&self, contact: ContactId, from: Option<i64>) -> Result<(), StoreError> {
        self.store().mark_unread(contact, from, self.world().now()).await
    }

    /// Sets who is in charge, until a moment or until changed.
    pub async fn change_mode(
        &self,
        contact: ContactId,
        mode: ConversationMode,
        until: Option<Timestamp>,
    ) -> Result<(), StoreError> {
        self.store().change_mode(contact, mode, until, self.world().now()).await
    }

    /// Gives somebody a name; an empty one takes it away.
    pub async fn rename(&self, contact: ContactId, name: &str, by: Option<UserId>) -> Result<(), StoreError> {
        let name: String = name.trim().chars().take(LONGEST_NAME).collect();
        let name = Some(name).filter(|name| !name.is_empty());
        self.store().rename(contact, name, by, self.world().now()).await
    }

    /// Saves what somebody is writing; an empty text throws it away.
    pub async fn save_draft(
        &self,
        contact: ContactId,
        body: &str,
        author: Option<UserId>,
    ) -> Result<(), StoreError> {
        let body = body.chars().take(LONGEST_DRAFT).collect();
        self.store().save_draft(contact, body, author, self.world().now()).await
    }

    /// The texts left to a person have been seen to without an answer.
    pub async fn seen_to(&self, contact: ContactId) -> Result<(), StoreError> {
        self.store().seen_to(contact, self.world().now()).await
    }

    /// Records an opt-out or a new consent.
    pub async fn record_consent(
        &self,
        contact: ContactId,
        consent: ConsentByHand,
        author: Option<UserId>,
    ) -> Result<(), StoreError> {
        self.store().record_consent(contact, consent, author, self.world().now()).await
    }
}
