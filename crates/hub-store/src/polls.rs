//! Statuses that stay open: whom Twilio is asked about, and what it said.

use hub_domain::{ids::MessageSid, remote::RemoteFacts};
use jiff::Timestamp;

use crate::{
    Store, StoreError,
    sqlite::{Queue, polls},
};

/// What Twilio said about one message of ours.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The message.
    pub row: i64,
    /// As Twilio has it; `None` when it doesn't have it any more.
    pub seen: Option<RemoteFacts>,
}

impl Store {
    /// Messages whose status it is time to ask Twilio for, the longest overdue first.
    pub async fn open_statuses(
        &self,
        limit: u32,
        now: Timestamp,
    ) -> Result<Vec<(i64, MessageSid)>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| polls::due(connection, limit, now)).await,
        }
    }

    /// Twilio could not say how these stand, each perhaps for a reason of its own: they are asked about later.
    pub async fn put_off_statuses(&self, rows: Vec<i64>, now: Timestamp) -> Result<(), StoreError> {
        if rows.is_empty() {
            return Ok(());
        }
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| {
                    rows.iter().try_for_each(|row| polls::put_off(unit, *row, now))
                })
                .await
            }
        }
    }

    /// After asking: statuses move up, and each message that is still open gets its next question, or none
    /// ([`hub_domain::recovery::next_question`]). How many statuses changed; a report tells of them.
    pub async fn settle_statuses(&self, asked: Vec<Asked>, now: Timestamp) -> Result<usize, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| {
                    let mut changed = 0;
                    for asked in &asked {
                        changed += usize::from(polls::settle(unit, asked, now)?);
                    }
                    polls::tell(unit, changed, now)?;
                    Ok(changed)
                })
                .await
            }
        }
    }
}
