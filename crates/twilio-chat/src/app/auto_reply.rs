//! The classic auto-reply's setting, and what whoever writes now would get.

use hub_domain::{
    fixed_text::{FixedText, fixed_text},
    listeners::Listener,
    reply,
    settings::{AutoReply, AutoReplyError},
};
use hub_store::{By, ListenerRecord, StoreError};

use super::App;

/// What answers a person who writes an ordinary text now, caps and takeovers aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AnswerNow {
    /// All automatic replies are switched off.
    SwitchedOff,
    /// The assistant, in words of its own.
    Assistant,
    /// What is said outside of the business hours, as the messages it leaves as.
    Away(Vec<String>),
    /// The classic auto-reply, as the messages it leaves as.
    AutoReply(Vec<String>),
    /// The built-in bot.
    Bot,
    /// Nothing does.
    Nothing,
}

impl App {
    /// The setting in force.
    pub async fn auto_reply(&self) -> Result<AutoReply, StoreError> {
        self.store().auto_reply().await
    }

    /// Saves the setting.
    ///
    /// # Errors
    /// The inner error when the text is empty or too long; nothing changes then.
    pub async fn change_auto_reply(
        &self,
        enabled: bool,
        message: String,
        by: By,
    ) -> Result<Result<AutoReply, AutoReplyError>, StoreError> {
        self.store().change_auto_reply(enabled, message, by, self.world().now()).await
    }

    /// What answers whoever writes now.
    pub async fn answer_now(&self) -> Result<AnswerNow, StoreError> {
        if !self.automation_enabled().await? {
            return Ok(AnswerNow::SwitchedOff);
        }
        let policy = &self.inner.policy;
        let (hours, auto_reply) = (self.hours().await?, self.auto_reply().await?);
        let assistant = self.assistant().await?.settings;
        let local = policy.time_zone.to_datetime(self.world().now());
        if assistant.enabled && assistant.when.includes(hours.is_open(local)) {
            return Ok(AnswerNow::Assistant);
        }
        let listeners: Vec<Listener> = self.listeners().await?.iter().map(ListenerRecord::listener).collect();
        Ok(match fixed_text(&listeners, hours.away_at(local), &auto_reply) {
            Some(FixedText::Away(away)) => AnswerNow::Away(reply::parts(away)),
            Some(FixedText::AutoReply(setting)) => AnswerNow::AutoReply(reply::parts(&setting.message)),
            None if policy.bot_enabled_by_default => AnswerNow::Bot,
            None => AnswerNow::Nothing,
        })
    }
}
