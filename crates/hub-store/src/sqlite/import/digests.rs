//! People who get the news every day. The original keeps them in `news_config.json`, not in its database.

use std::{fs, path::Path};

use hub_domain::address::Address;
use jiff::{Timestamp, civil::Time};
use rusqlite::params;
use serde::Serialize;
use serde_json::Value;

use super::{settings, values};
use crate::{
    import::{ImportError, ImportNote, ImportPlan, ImportReport},
    sqlite::unit::Unit,
};

/// The setting with the switch over all digests.
const SWITCH: &str = "digests";

/// The original's hour for those who named none.
const HOUR: &str = "08:00";

/// The file, as far as it concerns people. Each is looked at separately: one odd entry must not lose the
/// others.
#[derive(Debug, Default)]
pub(super) struct Digests {
    enabled: Option<bool>,
    recipients: Vec<Value>,
    /// The switch or the list is not what the original writes.
    odd: bool,
}

#[derive(Debug, Serialize)]
struct Switch {
    enabled: bool,
}

/// Reads the file; without one there is nobody.
pub(super) fn read(path: Option<&Path>) -> Result<Digests, ImportError> {
    let Some(path) = path else { return Ok(Digests::default()) };
    let fault = |detail: String| ImportError::NewsConfig { path: path.to_owned(), detail };
    let text = fs::read(path).map_err(|error| fault(error.to_string()))?;
    let text = text.strip_prefix(MARK).unwrap_or(&text);
    // The position is told, the contents are not: they are people's numbers.
    let mut file: Value = serde_json::from_slice(text)
        .map_err(|error| fault(format!("line {}, column {}", error.line(), error.column())))?;
    let (enabled, odd_switch) = match file.get("enabled") {
        None | Some(Value::Null) => (None, false),
        Some(Value::Bool(enabled)) => (Some(*enabled), false),
        Some(Value::String(word)) => (Some(values::is_on(word)), true),
        Some(Value::Number(number)) => (Some(values::is_on(&number.to_string())), true),
        Some(Value::Array(_) | Value::Object(_)) => (None, true),
    };
    let (recipients, odd_list) = match file.get_mut("recipients").map(Value::take) {
        None => (Vec::new(), !file.is_object()),
        Some(Value::Array(recipients)) => (recipients, false),
        Some(_) => (Vec::new(), true),
    };
    Ok(Digests { enabled, recipients, odd: odd_switch || odd_list })
}

/// Some editors put it in front of a text.
const MARK: &[u8] = b"\xef\xbb\xbf";

pub(super) fn bring(
    unit: &Unit<'_>,
    digests: &Digests,
    plan: ImportPlan<'_>,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    if digests.odd {
        report.note(ImportNote::OddNews);
    }
    if let Some(enabled) = digests.enabled {
        settings::keep(unit, SWITCH, &Switch { enabled }, plan, report)?;
    }
    for entry in &digests.recipients {
        if let Some(recipient) = Recipient::read(entry, plan.now) {
            let new = recipient.write(unit, plan)?;
            report.digest_recipients.count(new);
        } else {
            report.note(ImportNote::OddDigestRecipient);
            report.digest_recipients.leave_out();
        }
    }
    Ok(())
}

struct Recipient<'e> {
    to: Address,
    prompt: &'e str,
    at_time: String,
    enabled: bool,
    all_categories: bool,
    last_sent_at: Option<Timestamp>,
    created_at: Timestamp,
}

impl<'e> Recipient<'e> {
    /// `None` without a usable number or hour.
    fn read(entry: &'e Value, now: Timestamp) -> Option<Self> {
        let text =
            |name: &str| entry.get(name).and_then(Value::as_str).filter(|text| !text.trim().is_empty());
        let switch = |name: &str, unset: bool| entry.get(name).and_then(Value::as_bool).unwrap_or(unset);
        let to = ["phone_normalized", "phone"]
            .into_iter()
            .filter_map(text)
            .find_map(|typed| Address::from_typed(typed).ok())?;
        let at_time = Time::strptime("%H:%M", text("time").unwrap_or(HOUR).trim()).ok()?;
        Some(Self {
            to,
            prompt: text("prompt").unwrap_or_default(),
            at_time: at_time.strftime("%H:%M").to_string(),
            enabled: switch("enabled", true),
            // Entries from before there was a choice are read as the original reads them.
            all_categories: switch("use_all_categories", true),
            // The original writes local time as if it were UTC, which may lie ahead.
            last_sent_at: text("last_sent_at").and_then(values::parse_moment).map(|at| at.min(now)),
            created_at: text("created_at").and_then(values::parse_moment).unwrap_or(now),
        })
    }

    /// `false`: this number gets a digest at this hour already.
    fn write(&self, unit: &Unit<'_>, plan: ImportPlan<'_>) -> Result<bool, ImportError> {
        let written = unit.run(
            "INSERT INTO digest_recipient (to_address, prompt, at_time, enabled, all_categories, last_sent_at,
               created_at, imported_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (to_address, at_time) DO NOTHING",
            params![
                self.to.as_str(),
                self.prompt,
                self.at_time,
                self.enabled,
                self.all_categories,
                self.last_sent_at.map(Timestamp::as_microsecond),
                self.created_at.as_microsecond(),
                plan.now.as_microsecond(),
            ],
        )?;
        Ok(written > 0)
    }
}
