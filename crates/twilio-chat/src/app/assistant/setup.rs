//! How the assistant is set up: what is in force, and changes to it.

use hub_clients::openai::ModelError;
use hub_domain::{
    assistant::settings::{AssistantChoice, AssistantChoiceError, AssistantSettings},
    hours::{AwayTooLong, Hours, HoursChange},
    settings::{BadCountries, GuardChoice, Guards},
    spending::Micros,
};
use hub_store::{By, ModelChoice, StoreError};
use jiff::Timestamp;

use super::super::App;

/// The setup in force, for people.
#[derive(Clone, Debug)]
pub struct AssistantView {
    /// What is in force.
    pub settings: AssistantSettings,
    /// When a person last changed it.
    pub changed_at: Option<Timestamp>,
    /// There is a key.
    pub has_key: bool,
    /// Its end behind bullets; empty without one.
    pub key_preview: String,
    /// The service fails and is left alone until then.
    pub left_alone_until: Option<Timestamp>,
}

impl App {
    /// The setup in force.
    pub async fn assistant(&self) -> Result<AssistantView, StoreError> {
        let (choice, changed_at) = self.store().assistant_choice().await?;
        let auto_reply = self.store().auto_reply().await?;
        let connected = self.connected();
        Ok(AssistantView {
            settings: choice.beside(auto_reply.enabled, &self.inner.policy.assistant),
            changed_at,
            has_key: connected.models.assistant.is_some(),
            key_preview: connected.models.key_preview.clone(),
            left_alone_until: self.inner.models.left_alone_until(self.world().now()),
        })
    }

    /// Changes what `change` mentions.
    ///
    /// # Errors
    /// The inner error when a value is outside of its limits; nothing changes then.
    pub async fn change_assistant(
        &self,
        change: AssistantChoice,
        by: By,
    ) -> Result<Result<AssistantChoice, AssistantChoiceError>, StoreError> {
        let base = self.inner.policy.assistant.clone();
        self.store().change_assistant(change, base, by, self.world().now()).await
    }

    /// The models that can write, as their service lists them; none without a key.
    pub async fn available_models(&self) -> Result<Vec<String>, ModelError> {
        let Some(client) = self.connected().models.assistant.clone() else { return Ok(Vec::new()) };
        let mut models = client.models().await?;
        models.retain(|name| writes(name));
        Ok(models)
    }

    /// The model that answers from the knowledge base: the one a person chose, else the configured one.
    pub async fn knowledge_model(&self) -> Result<String, StoreError> {
        let chosen = self.store().knowledge_model().await?;
        Ok(chosen.unwrap_or_else(|| self.connected().models.knowledge_chat.clone()))
    }

    /// Chooses models by name; what their service has is not asked.
    pub async fn choose_models(&self, choice: ModelChoice, by: By) -> Result<(), StoreError> {
        self.store().choose_models(choice, by, self.world().now()).await
    }

    /// The guards in force, and what was spent today.
    pub async fn guards(&self) -> Result<(Guards, Micros), StoreError> {
        let choice = self.store().guard_choice().await?;
        let spent = self.store().spent(self.world().now()).await?;
        Ok((choice.over(&self.inner.policy.guards), spent))
    }

    /// Changes what `change` mentions of the guards.
    ///
    /// # Errors
    /// The inner error when there is no country or an unknown one; nothing changes then.
    pub async fn change_guards(
        &self,
        change: GuardChoice,
        by: By,
    ) -> Result<Result<GuardChoice, BadCountries>, StoreError> {
        let base = self.inner.policy.guards.clone();
        self.store().change_guards(change, base, by, self.world().now()).await
    }

    /// The business hours.
    pub async fn hours(&self) -> Result<Hours, StoreError> {
        self.store().business_hours().await
    }

    /// Changes what `change` mentions of the business hours.
    ///
    /// # Errors
    /// The inner error when the away text is too long; nothing changes then.
    pub async fn change_hours(
        &self,
        change: HoursChange,
        by: By,
    ) -> Result<Result<Hours, AwayTooLong>, StoreError> {
        self.store().change_hours(change, by, self.world().now()).await
    }
}

/// Whether a model of that name can write: not one that makes vectors or hears.
fn writes(name: &str) -> bool {
    !name.contains("embedding") && !name.starts_with("whisper")
}
