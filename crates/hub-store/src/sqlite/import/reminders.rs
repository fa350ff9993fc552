//! Reminders. One whose next run lies in the past keeps it: how to go on is decided where they are run.

use rusqlite::{Connection, params};

use super::values;
use crate::{
    error::StoreError,
    import::{ImportError, ImportNote, ImportPlan, ImportReport},
    sqlite::unit::Unit,
};

/// The shortest interval the original allowed, in seconds.
const SHORTEST: i64 = 60;

pub(super) fn bring(
    unit: &Unit<'_>,
    original: &Connection,
    plan: ImportPlan<'_>,
    report: &mut ImportReport,
) -> Result<(), ImportError> {
    let now = plan.now.as_microsecond();
    let mut read = original.prepare(
        "SELECT id, to_number, body, interval_seconds, enabled, last_sent_at, next_run_at, created_at,
           updated_at
         FROM scheduled_messages ORDER BY id",
    )?;
    let mut rows = read.query(())?;
    while let Some(row) = rows.next()? {
        let (to, body) = (values::word(row, 1)?, values::text(row, 2)?.unwrap_or_default());
        let Some(to) = to.filter(|_| !body.trim().is_empty()) else {
            report.note(ImportNote::OddReminder);
            report.reminders.leave_out();
            continue;
        };
        // How often nobody knows: it waits for a person.
        let every = values::whole(row, 3)?.filter(|seconds| *seconds > 0);
        if every.is_none() {
            report.note(ImportNote::OddInterval);
        }
        let told = values::micros(row, 7)?;
        let created_at = told.unwrap_or(now);
        let id = values::text(row, 0)?.unwrap_or_default();
        // The moment of the import would make it another one at every import.
        let key = match told {
            Some(told) => values::fingerprint([id.as_bytes(), &told.to_le_bytes(), to.as_bytes()]),
            None => values::fingerprint([id.as_bytes(), to.as_bytes(), body.as_bytes(), b"no time"]),
        };
        let written = unit.run(
            "INSERT INTO reminder (to_address, body, every_seconds, enabled, last_sent_at, next_run_at,
               created_at, updated_at, imported_at, original_key)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10) ON CONFLICT (original_key) DO NOTHING",
            params![
                values::party(Some(&to))
                    .map_err(|error| StoreError::fault("reading an address", error))?
                    .address
                    .as_str(),
                body,
                every.unwrap_or(SHORTEST).max(SHORTEST),
                every.is_some() && values::switch(row, 4)?,
                values::micros(row, 5)?,
                values::micros(row, 6)?,
                created_at,
                values::micros(row, 8)?.unwrap_or(created_at),
                now,
                key,
            ],
        )?;
        report.reminders.count(written > 0);
    }
    Ok(())
}
