//! SQL of the settings table: one JSON value a key.

use hub_domain::{
    assistant::settings::{AssistantChoice, AssistantChoiceError, AssistantSettings},
    changes::{Field, Settings as _, switched},
    hours::{AwayTooLong, Hours, HoursChange},
    ids::ContactId,
    settings::{AutoReply, AutoReplyError, BadCountries, GuardChoice, Guards},
    takeover,
};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension};
use serde::{Serialize, de::DeserializeOwned};

use super::{audit, held, rows, unit::Unit};
use crate::{
    audit::{AuditAction, By},
    error::StoreError,
    events::EventKind,
    held::SwitchedOn,
    models::ModelChoice,
};

pub(super) const ASSISTANT: &str = "ai";
pub(super) const AUTO_REPLY: &str = "auto_reply";
const AUTOMATION_ENABLED: &str = "automation_enabled";
const BOT_ENABLED: &str = "bot_enabled";
const GUARDS: &str = "guards";
const HOURS: &str = "hours";
/// The original's name for it.
const KNOWLEDGE_MODEL: &str = "rag_chat_model";
const RECOVERY_SEEN: &str = "recovery_seen";
const TAKEOVER_MINUTES: &str = "takeover_minutes";
const CHANGED_AT: &str = "SELECT updated_at FROM setting WHERE key = ?1";
const FIND: &str = "SELECT value FROM setting WHERE key = ?1";

pub(crate) fn auto_reply(unit: &Unit<'_>) -> Result<AutoReply, StoreError> {
    Ok(parse(unit.value(FIND, [AUTO_REPLY])?)?.unwrap_or_default())
}

pub(crate) fn bot_enabled(unit: &Unit<'_>) -> Result<Option<bool>, StoreError> {
    parse(unit.value(FIND, [BOT_ENABLED])?)
}

/// On until somebody switches it off.
pub(crate) fn automation_enabled(unit: &Unit<'_>) -> Result<bool, StoreError> {
    Ok(parse(unit.value(FIND, [AUTOMATION_ENABLED])?)?.unwrap_or(true))
}

pub(crate) fn read_automation_enabled(connection: &Connection) -> Result<bool, StoreError> {
    Ok(find(connection, AUTOMATION_ENABLED)?.unwrap_or(true))
}

pub(crate) fn read_auto_reply(connection: &Connection) -> Result<AutoReply, StoreError> {
    Ok(find(connection, AUTO_REPLY)?.unwrap_or_default())
}

pub(crate) fn read_bot_enabled(connection: &Connection) -> Result<Option<bool>, StoreError> {
    find(connection, BOT_ENABLED)
}

pub(crate) fn any(connection: &Connection, names: &[&str]) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM setting WHERE key = ?1")?;
    for name in names {
        if statement.exists([name])? {
            return Ok(true);
        }
    }
    Ok(false)
}

pub(crate) fn change_auto_reply(
    unit: &mut Unit<'_>,
    enabled: bool,
    message: &str,
    by: &By,
    now: Timestamp,
) -> Result<Result<AutoReply, AutoReplyError>, StoreError> {
    let before = auto_reply(unit)?;
    let setting = match before.changed(enabled, message, now) {
        Ok(setting) => setting,
        Err(error) => return Ok(Err(error)),
    };
    put(unit, AUTO_REPLY, &setting, now)?;
    audit::note_changes(unit, before.changes(&setting), by, now)?;
    let choice = assistant(unit)?;
    if enabled && choice.enabled == Some(true) {
        // One of the two answers.
        audit::note_changes(unit, switched(Field::AssistantEnabled, choice.enabled, false), by, now)?;
        put(unit, ASSISTANT, &AssistantChoice { enabled: Some(false), ..choice }, now)?;
    }
    Ok(Ok(setting))
}

pub(crate) fn assistant(unit: &Unit<'_>) -> Result<AssistantChoice, StoreError> {
    Ok(parse(unit.value(FIND, [ASSISTANT])?)?.unwrap_or_default())
}

pub(crate) fn guards(unit: &Unit<'_>) -> Result<GuardChoice, StoreError> {
    Ok(parse(unit.value(FIND, [GUARDS])?)?.unwrap_or_default())
}

pub(crate) fn hours(unit: &Unit<'_>) -> Result<Hours, StoreError> {
    Ok(parse(unit.value(FIND, [HOURS])?)?.unwrap_or_default())
}

pub(crate) fn read_assistant(
    connection: &Connection,
) -> Result<(AssistantChoice, Option<Timestamp>), StoreError> {
    let changed_at =
        connection.prepare_cached(CHANGED_AT)?.query_row([ASSISTANT], |row| rows::time(row, 0)).optional()?;
    Ok((find(connection, ASSISTANT)?.unwrap_or_default(), changed_at))
}

pub(crate) fn read_guards(connection: &Connection) -> Result<GuardChoice, StoreError> {
    Ok(find(connection, GUARDS)?.unwrap_or_default())
}

pub(crate) fn read_hours(connection: &Connection) -> Result<Hours, StoreError> {
    Ok(find(connection, HOURS)?.unwrap_or_default())
}

pub(crate) fn change_assistant(
    unit: &mut Unit<'_>,
    change: AssistantChoice,
    base: &AssistantSettings,
    by: &By,
    now: Timestamp,
) -> Result<Result<AssistantChoice, AssistantChoiceError>, StoreError> {
    let switched_on = change.enabled == Some(true);
    let (before, template) = (assistant(unit)?, auto_reply(unit)?);
    let choice = match before.clone().with(change) {
        Ok(choice) => choice,
        Err(error) => return Ok(Err(error)),
    };
    put(unit, ASSISTANT, &choice, now)?;
    let in_force = before.beside(template.enabled, base);
    audit::note_changes(unit, in_force.changes(&choice.clone().beside(template.enabled, base)), by, now)?;
    if switched_on && template.enabled {
        // One of the two answers; the text stays, for when the model can't.
        let off = AutoReply { enabled: false, enabled_since: None, ..template.clone() };
        put(unit, AUTO_REPLY, &off, now)?;
        audit::note_changes(unit, template.changes(&off), by, now)?;
    }
    Ok(Ok(choice))
}

pub(crate) fn change_guards(
    unit: &mut Unit<'_>,
    change: GuardChoice,
    base: &Guards,
    by: &By,
    now: Timestamp,
) -> Result<Result<GuardChoice, BadCountries>, StoreError> {
    let before = guards(unit)?;
    let choice = match before.clone().with(change) {
        Ok(choice) => choice,
        Err(error) => return Ok(Err(error)),
    };
    put(unit, GUARDS, &choice, now)?;
    audit::note_changes(unit, before.over(base).changes(&choice.clone().over(base)), by, now)?;
    Ok(Ok(choice))
}

pub(crate) fn change_hours(
    unit: &mut Unit<'_>,
    change: HoursChange,
    by: &By,
    now: Timestamp,
) -> Result<Result<Hours, AwayTooLong>, StoreError> {
    let before = hours(unit)?;
    let set = match before.clone().with(change) {
        Ok(set) => set,
        Err(error) => return Ok(Err(error)),
    };
    put(unit, HOURS, &set, now)?;
    audit::note_changes(unit, before.changes(&set), by, now)?;
    Ok(Ok(set))
}

pub(crate) fn set_bot_enabled(
    unit: &mut Unit<'_>,
    enabled: bool,
    by: &By,
    now: Timestamp,
) -> Result<(), StoreError> {
    let before = bot_enabled(unit)?;
    put(unit, BOT_ENABLED, &enabled, now)?;
    audit::note_changes(unit, switched(Field::BotEnabled, before, enabled), by, now)
}

pub(crate) fn set_automation_enabled(
    unit: &mut Unit<'_>,
    enabled: bool,
    by: &By,
    now: Timestamp,
) -> Result<SwitchedOn, StoreError> {
    let before = automation_enabled(unit)?;
    let off_since = (!before).then(|| changed_at(unit, AUTOMATION_ENABLED)).transpose()?.flatten();
    // Off once more doesn't make it off since now.
    if enabled || before {
        put(unit, AUTOMATION_ENABLED, &enabled, now)?;
    }
    let action = if enabled { AuditAction::AutomationOn } else { AuditAction::AutomationOff };
    audit::note(unit, action, "", by, now)?;
    if enabled { held::automation_is_back(unit, off_since, now) } else { Ok(SwitchedOn::default()) }
}

/// How long a person stays in charge after their last message.
pub(crate) fn takeover(unit: &Unit<'_>) -> Result<SignedDuration, StoreError> {
    let minutes: Option<u32> = parse(unit.value(FIND, [TAKEOVER_MINUTES])?)?;
    Ok(minutes.map_or(takeover::LASTS, |minutes| SignedDuration::from_mins(minutes.into())))
}

pub(crate) fn set_takeover(unit: &mut Unit<'_>, minutes: u32, now: Timestamp) -> Result<(), StoreError> {
    put(unit, TAKEOVER_MINUTES, &minutes, now)
}

pub(crate) fn read_knowledge_model(connection: &Connection) -> Result<Option<String>, StoreError> {
    find(connection, KNOWLEDGE_MODEL)
}

pub(crate) fn choose_models(
    unit: &mut Unit<'_>,
    choice: &ModelChoice,
    by: &By,
    now: Timestamp,
) -> Result<(), StoreError> {
    if let Some(model) = &choice.chat {
        let chosen = AssistantChoice { model: Some(model.clone()), ..assistant(unit)? };
        put(unit, ASSISTANT, &chosen, now)?;
        audit::note(unit, AuditAction::ModelChosen, &format!("chat_model: {model}"), by, now)?;
    }
    if let Some(model) = &choice.knowledge {
        put(unit, KNOWLEDGE_MODEL, model, now)?;
        audit::note(unit, AuditAction::ModelChosen, &format!("rag_chat_model: {model}"), by, now)?;
    }
    Ok(())
}

/// The newest report of the recovery that somebody has seen; 0 when nobody has seen any.
pub(crate) fn recovery_seen(unit: &Unit<'_>) -> Result<i64, StoreError> {
    Ok(parse(unit.value(FIND, [RECOVERY_SEEN])?)?.unwrap_or(0))
}

pub(crate) fn read_recovery_seen(connection: &Connection) -> Result<i64, StoreError> {
    Ok(find(connection, RECOVERY_SEEN)?.unwrap_or(0))
}

pub(crate) fn set_recovery_seen(unit: &mut Unit<'_>, report: i64, now: Timestamp) -> Result<(), StoreError> {
    put(unit, RECOVERY_SEEN, &report, now)
}

fn changed_at(unit: &Unit<'_>, key: &str) -> Result<Option<Timestamp>, StoreError> {
    Ok(unit.prepare(CHANGED_AT)?.query_row([key], |row| rows::time(row, 0)).optional()?)
}

fn put<T: Serialize>(unit: &mut Unit<'_>, key: &str, value: &T, now: Timestamp) -> Result<(), StoreError> {
    let text = serde_json::to_string(value).map_err(|error| StoreError::fault("writing a setting", error))?;
    unit.run(
        "INSERT INTO setting (key, value, updated_at) VALUES (?1, ?2, ?3)
         ON CONFLICT (key) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at",
        (key, text, now.as_microsecond()),
    )?;
    unit.event(EventKind::Settings, ContactId(0), 0, now)
}

fn find<T: DeserializeOwned>(connection: &Connection, key: &str) -> Result<Option<T>, StoreError> {
    let text = connection.prepare_cached(FIND)?.query_row([key], |row| row.get(0)).optional()?;
    parse(text)
}

fn parse<T: DeserializeOwned>(text: Option<String>) -> Result<Option<T>, StoreError> {
    text.map(|text| serde_json::from_str(&text))
        .transpose()
        .map_err(|error| StoreError::fault("reading a setting", error))
}
