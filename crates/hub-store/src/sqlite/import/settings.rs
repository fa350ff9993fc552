//! Settings. One that is set here already stays; secrets stay behind.

use hub_domain::{assistant::settings::AssistantChoice, settings::AutoReply};
use rusqlite::{Connection, OptionalExtension};
use serde::Serialize;

use super::values;
use crate::{
    error::StoreError,
    import::{ImportError, ImportNote, ImportPlan, ImportReport},
    sqlite::{settings, unit::Unit},
};

/// Key of a setting that only an import writes so far.
const KNOWLEDGE_MODEL: &str = "rag_chat_model";

/// The temperature that the original worked with when 0 was set.
const IN_EFFECT: f64 = 0.7;

pub(super) fn bring(
    unit: &Unit<'_>,
    original: &Connection,
    plan: ImportPlan<'_>,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    auto_reply(unit, original, plan, report)?;
    assistant(unit, original, plan, report)?;
    application(unit, original, plan, report)
}

/// Writes a setting that nobody has set here.
pub(super) fn keep<T: Serialize>(
    unit: &Unit<'_>,
    key: &str,
    value: &T,
    plan: ImportPlan<'_>,
    report: &mut ImportReport,
) -> Result<bool, ImportError> {
    let text = serde_json::to_string(value).map_err(|error| StoreError::fault("writing a setting", error))?;
    let written = unit.run(
        "INSERT INTO setting (key, value, updated_at) VALUES (?1, ?2, ?3) ON CONFLICT (key) DO NOTHING",
        (key, text, plan.now.as_microsecond()),
    )?;
    report.settings.count(written > 0);
    Ok(written > 0)
}

/// The original's auto-reply speaks only while its listener `*` is on.
fn auto_reply(
    unit: &Unit<'_>,
    original: &Connection,
    plan: ImportPlan<'_>,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    let stored = original
        .prepare("SELECT enabled, message, enabled_since FROM auto_reply_config ORDER BY rowid LIMIT 1")?
        .query_row((), |row| {
            Ok(AutoReply {
                enabled: values::switch(row, 0)?,
                message: values::text(row, 1)?.unwrap_or_default().into_owned(),
                enabled_since: values::moment(row, 2)?,
            })
        })
        .optional()?;
    let Some(mut setting) = stored else { return Ok(()) };
    let heard = original
        .prepare("SELECT enabled FROM listeners_config WHERE command = '*'")?
        .query_row((), |row| values::switch(row, 0))
        .optional()?;
    let heard = heard.unwrap_or(false);
    let muted = setting.enabled && !heard;
    if muted {
        setting = AutoReply { enabled: false, enabled_since: None, ..setting };
    }
    if keep(unit, settings::AUTO_REPLY, &setting, plan, report)? && muted {
        report.note(ImportNote::AutoReplyWasMuted);
    }
    Ok(())
}

fn assistant(
    unit: &Unit<'_>,
    original: &Connection,
    plan: ImportPlan<'_>,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    let stored = original
        .prepare(
            "SELECT enabled, system_prompt, target_number, model, temperature,
               length(trim(coalesce(api_key, ''))) > 0
             FROM ai_config ORDER BY rowid LIMIT 1",
        )?
        .query_row((), |row| {
            let setting = AssistantChoice {
                enabled: Some(values::switch(row, 0)?),
                instruction: values::word(row, 1)?,
                target_number: values::word(row, 2)?,
                model: values::word(row, 3)?,
                temperature: values::fraction(row, 4)?,
                ..AssistantChoice::default()
            };
            Ok((setting, values::switch(row, 5)?))
        })
        .optional()?;
    let Some((mut setting, has_key)) = stored else { return Ok(()) };
    if setting.temperature == Some(0.0) {
        setting.temperature = Some(IN_EFFECT);
        report.note(ImportNote::ZeroTemperature);
    }
    if has_key {
        report.note(ImportNote::ApiKeyLeftBehind);
    }
    keep(unit, settings::ASSISTANT, &setting, plan, report)?;
    Ok(())
}

fn application(
    unit: &Unit<'_>,
    original: &Connection,
    plan: ImportPlan<'_>,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    let mut read = original.prepare("SELECT key, value FROM app_settings ORDER BY rowid")?;
    let mut rows = read.query(())?;
    while let Some(row) = rows.next()? {
        let (key, value) = (values::word(row, 0)?, values::word(row, 1)?);
        if let Some(model) = value.filter(|_| key.as_deref() == Some(KNOWLEDGE_MODEL)) {
            keep(unit, KNOWLEDGE_MODEL, &model, plan, report)?;
        } else {
            report.note(ImportNote::OtherSetting);
            report.settings.leave_out();
        }
    }
    Ok(())
}
