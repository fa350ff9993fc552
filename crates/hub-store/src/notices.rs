//! What the dashboard tells people without being asked: what was recovered, and what the money cap holds back.

use jiff::Timestamp;

use crate::{
    Store, StoreError,
    sqlite::{Queue, notices},
};

/// What there is to tell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Notices {
    /// Messages that were recovered and nobody has seen to it.
    pub recovered: Option<Recovered>,
    /// Automatic texts that the day's cap on money holds back.
    pub held_by_money: u32,
    /// Parts of long texts that are held only because the part before them is: who decides about that one decides
    /// about them.
    pub held_behind_a_part: u32,
}

/// Messages that were missed during an outage, of all reports that nobody has seen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Recovered {
    /// The newest of these reports.
    pub report: i64,
    /// How many messages.
    pub messages: u32,
    /// When the first of them was written; `None`: it was deleted since, and so below.
    pub from: Option<Timestamp>,
    /// When the last of them was.
    pub to: Option<Timestamp>,
    /// Answers to them that wait for a person's approval.
    pub waiting: u32,
}

impl Store {
    /// What there is to tell now.
    pub async fn notices(&self) -> Result<Notices, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(notices::read).await,
        }
    }

    /// Somebody has seen the reports of the recovery up to this one. Seen ones stay seen.
    pub async fn see_recovery(&self, report: i64, now: Timestamp) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => db.write(Queue::Work, move |unit| notices::see(unit, report, now)).await,
        }
    }
}
