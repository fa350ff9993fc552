//! SQL of the settings table: one JSON value a key.

use hub_domain::{
    ids::ContactId,
    settings::{AutoReply, AutoReplyError},
    takeover,
};
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension};
use serde::{Serialize, de::DeserializeOwned};

use super::{audit, unit::Unit};
use crate::{
    audit::{AuditAction, By},
    error::StoreError,
    events::EventKind,
};

pub(super) const AUTO_REPLY: &str = "auto_reply";
const AUTOMATION_ENABLED: &str = "automation_enabled";
const BOT_ENABLED: &str = "bot_enabled";
const TAKEOVER_MINUTES: &str = "takeover_minutes";
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
    now: Timestamp,
) -> Result<Result<AutoReply, AutoReplyError>, StoreError> {
    match auto_reply(unit)?.changed(enabled, message, now) {
        Ok(setting) => put(unit, AUTO_REPLY, &setting, now).map(|()| Ok(setting)),
        Err(error) => Ok(Err(error)),
    }
}

pub(crate) fn set_bot_enabled(unit: &mut Unit<'_>, enabled: bool, now: Timestamp) -> Result<(), StoreError> {
    put(unit, BOT_ENABLED, &enabled, now)
}

pub(crate) fn set_automation_enabled(
    unit: &mut Unit<'_>,
    enabled: bool,
    by: &By,
    now: Timestamp,
) -> Result<(), StoreError> {
    put(unit, AUTOMATION_ENABLED, &enabled, now)?;
    let action = if enabled { AuditAction::AutomationOn } else { AuditAction::AutomationOff };
    audit::note(unit, action, "", by, now)
}

/// How long a person stays in charge after their last message.
pub(crate) fn takeover(unit: &Unit<'_>) -> Result<SignedDuration, StoreError> {
    let minutes: Option<u32> = parse(unit.value(FIND, [TAKEOVER_MINUTES])?)?;
    Ok(minutes.map_or(takeover::LASTS, |minutes| SignedDuration::from_mins(minutes.into())))
}

pub(crate) fn set_takeover(unit: &mut Unit<'_>, minutes: u32, now: Timestamp) -> Result<(), StoreError> {
    put(unit, TAKEOVER_MINUTES, &minutes, now)
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
