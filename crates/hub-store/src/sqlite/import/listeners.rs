//! Listeners: which commands in a customer's text are acted upon.

use rusqlite::{Connection, params};

use super::values;
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
        "SELECT command, enabled, description, created_at, updated_at FROM listeners_config ORDER BY rowid",
    )?;
    let mut rows = read.query(())?;
    while let Some(row) = rows.next()? {
        let Some(command) = values::word(row, 0)? else {
            report.note(ImportNote::OddListener);
            report.listeners.leave_out();
            continue;
        };
        let created_at = values::micros(row, 3)?.unwrap_or(plan.now.as_microsecond());
        let written = unit.run(
            "INSERT INTO listener (command, enabled, description, created_at, updated_at)
             VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (command) DO UPDATE
               SET enabled = excluded.enabled, description = excluded.description,
                 created_at = excluded.created_at, updated_at = excluded.updated_at
               WHERE listener.updated_at = 0",
            params![
                command,
                values::switch(row, 1)?,
                values::text(row, 2)?.unwrap_or_default(),
                created_at,
                values::micros(row, 4)?.unwrap_or(created_at),
            ],
        )?;
        report.listeners.count(written > 0);
    }
    Ok(())
}
