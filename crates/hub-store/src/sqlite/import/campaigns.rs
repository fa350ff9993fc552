//! Multi-SMS batches with their recipients.

use rusqlite::{Connection, Row, params};

use super::{consents, values};
use crate::{
    import::{ImportError, ImportNote, ImportPlan, ImportReport},
    sqlite::unit::Unit,
};

pub(super) fn bring(
    unit: &Unit<'_>,
    original: &Connection,
    plan: ImportPlan<'_>,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    let mut read = original.prepare(
        "SELECT id, body, sender_identity, status, error, created_at, scheduled_at, started_at, completed_at
         FROM multi_sms_batches ORDER BY id",
    )?;
    let mut rows = read.query(())?;
    while let Some(row) = rows.next()? {
        let campaign = campaign(unit, row, plan, report)?;
        recipients(unit, original, row.get(0)?, campaign, plan, report)?;
    }
    let orphans = values::count(
        original,
        "SELECT count(*) FROM multi_sms_recipients
         WHERE batch_id IS NULL OR batch_id NOT IN (SELECT id FROM multi_sms_batches)",
        (),
    )?;
    for _ in 0..orphans {
        report.note(ImportNote::OrphanedRecipient);
        report.campaign_recipients.leave_out();
    }
    Ok(())
}

/// The row of a campaign that is new; `None` when it was here before.
fn campaign(
    unit: &Unit<'_>,
    row: &Row<'_>,
    plan: ImportPlan<'_>,
    report: &mut ImportReport,
) -> Result<Option<i64>, ImportError> {
    let now = plan.now.as_microsecond();
    let body = values::text(row, 1)?.unwrap_or_default();
    let told = values::micros(row, 5)?;
    let created_at = told.unwrap_or(now);
    let id = values::text(row, 0)?.unwrap_or_default();
    let word = values::word(row, 3)?.unwrap_or_default();
    let status = match word.as_str() {
        done @ ("completed" | "completed_with_errors" | "failed") => done,
        _ => "interrupted",
    };
    let written = unit.run(
        "INSERT INTO campaign (body, sender, status, error, created_at, scheduled_at, started_at,
           completed_at, imported_at, original_key)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (original_key) DO NOTHING",
        params![
            body,
            values::word(row, 2)?,
            status,
            values::word(row, 4)?,
            created_at,
            values::micros(row, 6)?,
            values::micros(row, 7)?,
            values::micros(row, 8)?,
            now,
            match told {
                Some(told) => values::fingerprint([id.as_bytes(), &told.to_le_bytes(), body.as_bytes()]),
                // As with a reminder.
                None => values::fingerprint([id.as_bytes(), body.as_bytes(), b"no time"]),
            },
        ],
    )?;
    let new = written > 0;
    report.campaigns.count(new);
    if new && status == "interrupted" {
        report.note(ImportNote::UnfinishedCampaign);
    }
    Ok(new.then(|| unit.last_row()))
}

/// Recipients come with their campaign or, when that was here before, not again.
fn recipients(
    unit: &Unit<'_>,
    original: &Connection,
    batch: i64,
    campaign: Option<i64>,
    plan: ImportPlan<'_>,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    let mut read = original.prepare_cached(
        "SELECT number_raw, number_normalized, status, sid, error, created_at, sent_at
         FROM multi_sms_recipients WHERE batch_id = ?1 ORDER BY id",
    )?;
    let mut rows = read.query([batch])?;
    while let Some(row) = rows.next()? {
        report.campaign_recipients.count(campaign.is_some());
        if let (Some(number), Some(error)) = (values::word(row, 1)?, values::word(row, 4)?)
            && let Ok(them) = values::party(Some(&number))
        {
            // Without a time it is older than whatever they said since.
            let at = values::moment(row, 5)?.or(values::moment(row, 6)?).unwrap_or_default();
            consents::failed(unit, &them.address, &error, || Ok(None), at)?;
        }
        let Some(campaign) = campaign else { continue };
        let word = values::word(row, 2)?.unwrap_or_default();
        let status = match word.as_str() {
            known @ ("pending" | "sent" | "invalid") => known,
            _ => "failed",
        };
        unit.run(
            "INSERT INTO campaign_recipient (campaign, typed, to_address, status, sid, error, created_at, sent_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![
                campaign,
                values::text(row, 0)?.unwrap_or_default(),
                values::word(row, 1)?,
                status,
                values::word(row, 3)?,
                values::word(row, 4)?,
                values::micros(row, 5)?.unwrap_or(plan.now.as_microsecond()),
                values::micros(row, 6)?,
            ],
        )?;
    }
    Ok(())
}
