//! Removing what nobody needs any more, a little at a time.

use jiff::Timestamp;

use crate::{
    Store, StoreError,
    sqlite::{Queue, tidy},
};

impl Store {
    /// Removes some events older than a week (live panels resume from them), some keys of sends and some identifiers of
    /// deleted ones older than a week, and some SIDs of what was deleted more than a day ago, at most 500 rows in all.
    /// Returns how many there were; call again until there are none.
    ///
    /// Messages, attempts and status reports are never touched.
    pub async fn tidy(&self, now: Timestamp) -> Result<usize, StoreError> {
        match self {
            Self::Sqlite(db) => db.write(Queue::Work, move |unit| tidy::tidy(unit, now)).await,
        }
    }
}
