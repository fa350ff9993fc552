//! Row numbers for messages brought in. Lists and threads are ordered by row, so what is older than
//! everything here has to go below it.

use rusqlite::Connection;

use super::values;
use crate::{error::StoreError, import::ImportError, sqlite::unit::Unit};

/// Hands out row numbers, oldest message first.
#[derive(Debug)]
pub(super) struct RowNumbers {
    next: i64,
    below: u64,
}

impl RowNumbers {
    /// Counts how many messages of the original are older than our oldest; those go below it, into negative
    /// numbers if need be. The others are numbered as if they came in now.
    pub(super) fn around(unit: &Unit<'_>, original: &Connection) -> Result<Self, ImportError> {
        let Some(oldest) = unit.value::<i64>("SELECT row FROM message ORDER BY row LIMIT 1", ())? else {
            return Ok(Self { next: 0, below: 0 });
        };
        let at: i64 = unit
            .value("SELECT created_at FROM message WHERE row = ?1", [oldest])?
            .ok_or(StoreError::NotFound("message"))?;
        // Written as the original writes times, which sort as texts.
        let below = values::count(
            original,
            "SELECT count(*) FROM messages
             WHERE created_at < strftime('%Y-%m-%dT%H:%M:%S', ?1 / 1000000, 'unixepoch')",
            [at],
        )?;
        Ok(Self { next: oldest.saturating_sub_unsigned(below), below })
    }

    /// The row of the next message; `None`: the next free one at the end.
    pub(super) fn next(&mut self) -> Option<i64> {
        self.below = self.below.checked_sub(1)?;
        let row = self.next;
        self.next += 1;
        Some(row)
    }
}
