//! Row numbers for messages brought in. Lists and threads are ordered by row, so what is older than the newest
//! message here goes below all of them.

use hub_domain::history;
use jiff::Timestamp;

use crate::{
    error::StoreError,
    sqlite::{past, unit::Unit},
};

/// Hands out row numbers, oldest message first.
#[derive(Debug)]
pub(super) struct RowNumbers {
    newest: Option<Timestamp>,
    last: i64,
}

impl RowNumbers {
    /// Beside what is here now; where nothing is, they are counted from 1.
    pub(super) fn beside(unit: &Unit<'_>) -> Result<Self, StoreError> {
        Ok(Self { newest: past::newest(unit)?, last: i64::MIN })
    }

    /// The row of the next message, written at that time; `None`: the next free one at the end.
    pub(super) fn next(&mut self, unit: &Unit<'_>, at: Timestamp) -> Result<Option<i64>, StoreError> {
        let Some(row) = history::row(at, self.newest) else { return Ok(None) };
        // Many may have the same time: none of them looks again at what those before it found taken.
        self.last = past::free_from(unit, row.max(self.last.saturating_add(1)))?;
        Ok(Some(self.last))
    }
}
