//! How the assistant is set up: what a person chose in the panel, over what the environment says.

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The setup in force.
#[derive(Clone, Debug, PartialEq)]
pub struct AssistantSettings {
    /// Answers customers by itself.
    pub enabled: bool,
    /// The model's name.
    pub model: String,
    /// 0 to 2; 0 is 0.
    pub temperature: f64,
    /// Who the model is and how it answers.
    pub instruction: String,
    /// Default recipient of texts that a person asks the model for.
    pub target_number: String,
    /// Only these people are answered ([`crate::address::Address::person_key`]); empty: everyone.
    pub only: Vec<String>,
    /// Texts of the conversation that the model reads.
    pub history_limit: u32,
    /// Segments an answer may take.
    pub segments: u32,
    /// Several texts within so many seconds get one answer.
    pub quiet_seconds: u32,
    /// What follows when the model can't answer.
    pub on_failure: OnFailure,
    /// Proposes everywhere; a person sends.
    pub draft: bool,
    /// Said once when a person is asked for; empty: nothing.
    pub handover_text: String,
    /// When it answers.
    pub when: AnswersWhen,
}

/// What follows when the model can't answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnFailure {
    /// The text of the classic auto-reply, if there is one.
    Template,
    /// Nothing.
    Silence,
}

/// When the assistant answers, by the business hours.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnswersWhen {
    /// Day and night.
    Always,
    /// In business hours.
    Open,
    /// Outside of them.
    Closed,
}

impl AnswersWhen {
    /// Whether it answers while somebody is there, or while nobody is.
    pub const fn includes(self, is_open: bool) -> bool {
        match self {
            Self::Always => true,
            Self::Open => is_open,
            Self::Closed => !is_open,
        }
    }
}

impl Default for AssistantSettings {
    fn default() -> Self {
        Self {
            enabled: false,
            model: "gpt-4o-mini".to_owned(),
            temperature: 0.7,
            instruction: String::new(),
            target_number: String::new(),
            only: Vec::new(),
            history_limit: 20,
            segments: 6,
            quiet_seconds: 6,
            on_failure: OnFailure::Template,
            draft: false,
            // Plain letters keep it one segment.
            handover_text: "Dziekujemy, odpisze na to czlowiek.".to_owned(),
            when: AnswersWhen::Always,
        }
    }
}

/// What a person chose; `None`: the environment's value, or the program's own.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
#[expect(missing_docs, reason = "each is the choice of the field of the same name")]
pub struct AssistantChoice {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub enabled: Option<bool>,
    #[serde(rename = "system_prompt", skip_serializing_if = "Option::is_none")]
    pub instruction: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub temperature: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub history_limit: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub segments: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quiet_seconds: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub on_failure: Option<OnFailure>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub draft: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub handover_text: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<AnswersWhen>,
}

/// Why a choice can't be saved.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum AssistantChoiceError {
    /// Not from 0 to 2.
    #[error("the temperature is from 0 to 2")]
    Temperature,
    /// Longer than 8,000 characters.
    #[error("the instruction is longer than {LONGEST_INSTRUCTION} characters")]
    Instruction,
    /// A number outside of its limits.
    #[error("a number is outside of its limits")]
    Limit,
}

/// The longest instruction, in characters.
pub const LONGEST_INSTRUCTION: usize = 8_000;

impl AssistantChoice {
    /// The choice with `change` made to it: what `change` leaves open stays.
    pub fn with(self, change: Self) -> Result<Self, AssistantChoiceError> {
        if change.temperature.is_some_and(|value| !(0.0..=2.0).contains(&value)) {
            return Err(AssistantChoiceError::Temperature);
        }
        if change.instruction.as_ref().is_some_and(|text| text.chars().count() > LONGEST_INSTRUCTION) {
            return Err(AssistantChoiceError::Instruction);
        }
        let fits = |value: Option<u32>, least: u32, most: u32| {
            value.is_none_or(|value| (least..=most).contains(&value))
        };
        let short = change.handover_text.as_ref().is_none_or(|text| text.chars().count() <= 640);
        if !(fits(change.history_limit, 1, 200)
            && fits(change.segments, 1, 20)
            && fits(change.quiet_seconds, 0, 60)
            && short)
        {
            return Err(AssistantChoiceError::Limit);
        }
        Ok(Self {
            enabled: change.enabled.or(self.enabled),
            model: change.model.or(self.model).filter(|name| !name.trim().is_empty()),
            temperature: change.temperature.or(self.temperature),
            instruction: change.instruction.or(self.instruction),
            target_number: change.target_number.or(self.target_number),
            only: change.only.or(self.only),
            history_limit: change.history_limit.or(self.history_limit),
            segments: change.segments.or(self.segments),
            quiet_seconds: change.quiet_seconds.or(self.quiet_seconds),
            on_failure: change.on_failure.or(self.on_failure),
            draft: change.draft.or(self.draft),
            handover_text: change.handover_text.or(self.handover_text),
            when: change.when.or(self.when),
        })
    }

    /// The setup in force while the classic auto-reply is on or off: one of the two answers, and what somebody
    /// switched on goes before what the environment says.
    pub fn beside(self, auto_reply_enabled: bool, base: &AssistantSettings) -> AssistantSettings {
        let chosen = self.enabled.is_some();
        let settings = self.over(base);
        AssistantSettings { enabled: settings.enabled && (chosen || !auto_reply_enabled), ..settings }
    }

    /// The choice over `base`.
    pub fn over(self, base: &AssistantSettings) -> AssistantSettings {
        let base = base.clone();
        AssistantSettings {
            enabled: self.enabled.unwrap_or(base.enabled),
            model: self.model.filter(|name| !name.trim().is_empty()).unwrap_or(base.model),
            temperature: self.temperature.unwrap_or(base.temperature),
            instruction: self.instruction.unwrap_or(base.instruction),
            target_number: self.target_number.unwrap_or(base.target_number),
            only: self.only.unwrap_or(base.only),
            history_limit: self.history_limit.unwrap_or(base.history_limit),
            segments: self.segments.unwrap_or(base.segments),
            quiet_seconds: self.quiet_seconds.unwrap_or(base.quiet_seconds),
            on_failure: self.on_failure.unwrap_or(base.on_failure),
            draft: self.draft.unwrap_or(base.draft),
            handover_text: self.handover_text.unwrap_or(base.handover_text),
            when: self.when.unwrap_or(base.when),
        }
    }
}

#[cfg(test)]
mod tests;
