//! What a change of settings changed, field by field: what the audit log keeps of it.
//!
//! Only what is in force is compared, so that saving a form that was not touched changes nothing. Whole values are
//! compared and shortened afterwards: a change beyond what may be kept is a change still. No secret is ever a field
//! here; numbers of people are masked or counted, and a long text is shortened.

use serde::{Deserialize, Serialize};

use crate::{
    address::PhoneNumber,
    assistant::settings::{AnswersWhen, AssistantSettings, OnFailure},
    hours::{Hours, Span},
    settings::{AutoReply, Guards},
    spending,
};

/// The longest value, in characters.
const LONGEST: usize = 80;

/// What can be set.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "each is the setting of that name")]
pub enum Field {
    AutoReplyEnabled,
    AutoReplyText,
    Days,
    AwayText,
    AssistantEnabled,
    Model,
    Temperature,
    Instruction,
    TargetNumber,
    Only,
    HistoryLimit,
    Segments,
    QuietSeconds,
    OnFailure,
    Draft,
    HandoverText,
    When,
    ContactTenMinutes,
    ContactDay,
    Minute,
    Countries,
    MoneyDay,
    StopsLoops,
    WordEnabled,
    WordAnswer,
    WordDescription,
    BotEnabled,
}

impl Field {
    /// Every field.
    pub const ALL: [Self; 27] = [
        Self::AutoReplyEnabled,
        Self::AutoReplyText,
        Self::Days,
        Self::AwayText,
        Self::AssistantEnabled,
        Self::Model,
        Self::Temperature,
        Self::Instruction,
        Self::TargetNumber,
        Self::Only,
        Self::HistoryLimit,
        Self::Segments,
        Self::QuietSeconds,
        Self::OnFailure,
        Self::Draft,
        Self::HandoverText,
        Self::When,
        Self::ContactTenMinutes,
        Self::ContactDay,
        Self::Minute,
        Self::Countries,
        Self::MoneyDay,
        Self::StopsLoops,
        Self::WordEnabled,
        Self::WordAnswer,
        Self::WordDescription,
        Self::BotEnabled,
    ];
}

/// What a field holds, as it may be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Never set.
    Unset,
    /// On or off.
    Switch(bool),
    /// So many people.
    People(usize),
    /// Anything else, short enough to be read in a line.
    Text(String),
}

impl Value {
    /// A text in one line, shortened.
    pub fn text(text: &str) -> Self {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if line.chars().count() <= LONGEST {
            return Self::Text(line);
        }
        let mut short: String = line.chars().take(LONGEST - 1).collect();
        short.push('…');
        Self::Text(short)
    }
}

/// One field that changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// Which.
    pub field: Field,
    /// The word it belongs to, when it is one of a word's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub word: Option<String>,
    /// Before.
    pub from: Value,
    /// From then on.
    pub to: Value,
}

impl Change {
    /// Whether what is kept of both values is the same: they differ beyond it.
    pub fn looks_alike(&self) -> bool {
        self.from == self.to
    }
}

/// What a field holds: the whole of it to compare, and what of it may be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Content {
    kept: Value,
    /// Empty where all is kept.
    whole: String,
}

impl Content {
    /// A text of any length. A form ends its lines otherwise than a file does: that is no change.
    pub fn text(text: &str) -> Self {
        Self { kept: Value::text(text), whole: text.replace("\r\n", "\n") }
    }

    /// Numbers of people, in any order.
    fn people(numbers: &[String]) -> Self {
        let mut sorted = numbers.to_vec();
        sorted.sort_unstable();
        Self { kept: Value::People(numbers.len()), whole: sorted.join("\n") }
    }

    /// A number that is known to be one, masked; whatever else was typed is not repeated.
    fn number(number: &str) -> Self {
        match PhoneNumber::parse(number) {
            _ if number.trim().is_empty() => Value::Unset.into(),
            Ok(number) => Self { kept: Value::Text(number.masked()), whole: number.as_str().to_owned() },
            Err(_) => Self { kept: Value::Text("*****".to_owned()), whole: number.to_owned() },
        }
    }
}

impl From<Value> for Content {
    /// A value that is kept whole.
    fn from(kept: Value) -> Self {
        Self { kept, whole: String::new() }
    }
}

/// Settings whose changes are kept.
pub trait Settings {
    /// Every field with what it holds.
    fn fields(&self) -> Vec<(Field, Content)>;

    /// What a change to `after` changes.
    fn changes(&self, after: &Self) -> Vec<Change> {
        let pairs = self.fields().into_iter().zip(after.fields());
        let changed = pairs.filter(|((_, from), (_, to))| from != to);
        changed
            .map(|((field, from), (_, to))| Change { field, word: None, from: from.kept, to: to.kept })
            .collect()
    }
}

/// A switch alone; `None`: never set.
pub fn switched(field: Field, from: Option<bool>, to: bool) -> Option<Change> {
    let from = from.map_or(Value::Unset, Value::Switch);
    let to = Value::Switch(to);
    (from != to).then_some(Change { field, word: None, from, to })
}

impl Settings for AutoReply {
    fn fields(&self) -> Vec<(Field, Content)> {
        vec![
            (Field::AutoReplyEnabled, Value::Switch(self.enabled).into()),
            (Field::AutoReplyText, Content::text(&self.message)),
        ]
    }
}

impl Settings for Hours {
    fn fields(&self) -> Vec<(Field, Content)> {
        vec![(Field::Days, days(&self.days).into()), (Field::AwayText, Content::text(&self.away))]
    }
}

impl Settings for AssistantSettings {
    fn fields(&self) -> Vec<(Field, Content)> {
        let number = |number: u32| Content::from(Value::Text(number.to_string()));
        let on_failure = match self.on_failure {
            OnFailure::Template => "template",
            OnFailure::Silence => "silence",
        };
        let when = match self.when {
            AnswersWhen::Always => "always",
            AnswersWhen::Open => "open",
            AnswersWhen::Closed => "closed",
        };
        vec![
            (Field::AssistantEnabled, Value::Switch(self.enabled).into()),
            (Field::Model, Content::text(&self.model)),
            (Field::Temperature, Value::Text(self.temperature.to_string()).into()),
            (Field::Instruction, Content::text(&self.instruction)),
            (Field::TargetNumber, Content::number(&self.target_number)),
            (Field::Only, Content::people(&self.only)),
            (Field::HistoryLimit, number(self.history_limit)),
            (Field::Segments, number(self.segments)),
            (Field::QuietSeconds, number(self.quiet_seconds)),
            (Field::OnFailure, Value::Text(on_failure.to_owned()).into()),
            (Field::Draft, Value::Switch(self.draft).into()),
            (Field::HandoverText, Content::text(&self.handover_text)),
            (Field::When, Value::Text(when.to_owned()).into()),
        ]
    }
}

impl Settings for Guards {
    fn fields(&self) -> Vec<(Field, Content)> {
        let number = |number: u32| Content::from(Value::Text(number.to_string()));
        vec![
            (Field::ContactTenMinutes, number(self.caps.contact_10_min)),
            (Field::ContactDay, number(self.caps.contact_day)),
            (Field::Minute, number(self.caps.minute)),
            (Field::Countries, Content::text(&self.countries.join(", "))),
            (Field::MoneyDay, Value::Text(spending::shown(self.money_day)).into()),
            (Field::StopsLoops, Value::Switch(self.stops_loops).into()),
        ]
    }
}

/// Monday to Sunday, a dash for a day that is closed.
fn days(days: &[Option<Span>; 7]) -> Value {
    let day = |span: &Option<Span>| {
        span.map_or_else(
            || "–".to_owned(),
            |Span { from, to }| format!("{}–{}", from.strftime("%H:%M"), to.strftime("%H:%M")),
        )
    };
    if days.iter().all(Option::is_none) {
        return Value::Unset;
    }
    // Longer than a line may be, but never longer than this.
    Value::Text(days.iter().map(day).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests;
