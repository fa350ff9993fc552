//! What is replaced as one when keys change: the account, the check of its webhooks, the terms it sends on.
//!
//! Whoever takes it in hand keeps it to the end of what they do, so that a call and its record agree.

use std::sync::{Arc, PoisonError};

use hub_clients::{openai::ModelClient, twilio::SignatureCheck};
use hub_store::Terms;

use super::{App, TwilioAccount, knowledge::Embedder};

/// One set of keys and what is made of them.
#[derive(Debug)]
pub struct Connected {
    /// The Twilio account, if there is one.
    pub account: Option<Arc<TwilioAccount>>,
    /// The check of webhooks; `None`: they are believed, or there is no account yet.
    pub signature: Option<Arc<SignatureCheck>>,
    /// How messages leave, and a fingerprint of the keys.
    pub terms: Arc<Terms>,
    /// The models, and what is said of them.
    pub models: Models,
}

/// What the configuration says of the models, and the way to them.
#[derive(Clone, Debug)]
pub struct Models {
    /// Writes to customers; `None`: there is no key for it.
    pub assistant: Option<Arc<ModelClient>>,
    /// The knowledge base's own, with a key of its own.
    pub knowledge: Option<Arc<ModelClient>>,
    /// Makes vectors with the same key.
    pub embedder: Option<Arc<Embedder>>,
    /// The end of the assistant's key behind bullets; empty without one.
    pub key_preview: String,
    /// There is a key.
    pub enabled: bool,
    /// Which one writes.
    pub chat: String,
    /// Which one answers from the knowledge base.
    pub knowledge_chat: String,
    /// Tokens of passages that it is given at once.
    pub knowledge_context: usize,
    /// Which one makes vectors.
    pub embedding: String,
    /// The key's last letters behind dots.
    pub key_masked: Option<String>,
}

impl App {
    /// What is in force now.
    pub fn connected(&self) -> Arc<Connected> {
        // A panic with the lock in hand leaves the former set, which is whole.
        Arc::clone(&self.inner.connected.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether there is an account to send and receive with.
    pub fn is_configured(&self) -> bool {
        self.connected().account.is_some()
    }

    /// Returns when there is an account, at once if there is one.
    pub async fn until_configured(&self) {
        let mut changes = self.inner.reconnected.subscribe();
        // The sender lives as long as this app.
        let _ = changes.wait_for(|()| self.is_configured()).await;
    }

    pub(super) fn account(&self) -> Option<Arc<TwilioAccount>> {
        self.connected().account.clone()
    }

    /// Puts another set in force, for all that begins from now on.
    pub(super) fn reconnect(&self, connected: Connected) {
        self.inner.meaning.ask_with(connected.models.embedder.clone());
        *self.inner.connected.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(connected);
        self.inner.reconnected.send_replace(());
    }
}
