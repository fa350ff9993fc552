//! Where messages from before are put: below what is here, in the order of their time.

use jiff::Timestamp;

use super::unit::Unit;
use crate::error::StoreError;

/// When the newest message was written; none where there are none.
pub(crate) fn newest(unit: &Unit<'_>) -> Result<Option<Timestamp>, StoreError> {
    let at: Option<i64> =
        unit.value("SELECT created_at FROM message WHERE row = (SELECT max(row) FROM message)", ())?;
    Ok(at.and_then(|at| Timestamp::from_microsecond(at).ok()))
}

/// The first free row number from that one on.
pub(crate) fn free_from(unit: &Unit<'_>, row: i64) -> Result<i64, StoreError> {
    let mut taken = unit.prepare("SELECT 1 FROM message WHERE row = ?1")?;
    let mut free = row;
    while taken.exists([free])? {
        free += 1;
    }
    Ok(free)
}

/// A message was put there, where the index for search doesn't look by itself.
pub(crate) fn put(unit: &Unit<'_>, row: i64) -> Result<(), StoreError> {
    unit.run("INSERT INTO unindexed (message) VALUES (?1)", [row])?;
    Ok(())
}
