//! Units of work of the recovery: where its walk stands, what it saw, what was missed, and the reports.

use std::time::Duration;

use hub_domain::{
    ids::MessageId,
    incoming::Elsewhere,
    recovery::{Progress, Walk},
    remote::RemoteFacts,
};
use jiff::Timestamp;

use crate::{
    Store, StoreError,
    sqlite::{Queue, recovery},
};

/// A message in Twilio's list.
#[derive(Clone, Debug)]
pub struct Listed {
    /// As Twilio has it.
    pub facts: RemoteFacts,
    /// That we lack it is worth telling; of Twilio's own answers nobody told us before either.
    pub is_news: bool,
}

/// What a walk found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recovery {
    /// Grows with every walk.
    pub id: i64,
    /// When the walk began.
    pub began_at: Timestamp,
    /// When it had seen everything; `None` while it is under way.
    pub ended_at: Option<Timestamp>,
    /// Twilio's messages were read from the beginning back to this time.
    pub floor: Timestamp,
    /// Messages from customers that we had missed.
    pub inbound: u32,
    /// Messages of ours that we did not know.
    pub outbound: u32,
    /// Statuses whose reports were overdue.
    pub statuses: u32,
    /// Answers to its messages that wait for a person's approval now.
    pub waiting: u32,
    /// How often a page could not be read.
    pub failures: u32,
    /// Why, the last time.
    pub error: Option<String>,
}

/// What the recovery of one account has to do by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RecoveryDue {
    /// When a message put aside may be kept.
    pub missed: Option<Timestamp>,
    /// When Twilio is to be asked about an open status.
    pub status: Option<Timestamp>,
    /// The last of what `missed` is the first of.
    pub last_missed: Option<Timestamp>,
    /// The last of what `status` is the first of.
    pub last_status: Option<Timestamp>,
}

/// What became of messages that were put aside.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MissedKept {
    /// How many were looked at; fewer than asked for: no more are ready.
    pub looked_at: usize,
    /// The reports of those that were new.
    pub reports: Vec<i64>,
}

impl Store {
    /// Where the walk of that name stands; `None` before its first.
    pub async fn recovery_progress(&self, name: String) -> Result<Option<Progress>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| recovery::progress(connection, &name)).await,
        }
    }

    /// Remembers where the first walk of that name will begin, unless there was one.
    pub async fn remember_progress(
        &self,
        name: String,
        progress: Progress,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| recovery::remember(unit, &name, &progress, now)).await
            }
        }
    }

    /// When the newest message was sent that was moved in from the earlier program; `None`: none was.
    pub async fn newest_moved_in(&self) -> Result<Option<Timestamp>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(recovery::newest_moved_in).await,
        }
    }

    /// Our clock was set back: what was put off further than it can be is due.
    pub async fn clock_was_set_back(&self, now: Timestamp) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => db.write(Queue::Work, move |unit| recovery::set_back(unit, now)).await,
        }
    }

    /// Begins a walk, with a report if `reported`.
    pub async fn begin_walk(
        &self,
        name: String,
        progress: Progress,
        reported: bool,
        now: Timestamp,
    ) -> Result<Progress, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| recovery::begin(unit, &name, &progress, reported, now))
                    .await
            }
        }
    }

    /// Part of a page: our copies of known messages follow, the others are put aside, to be kept once the
    /// walk is over. A fresh inbound message is left to its webhook for `grace`.
    pub async fn note_listed(
        &self,
        walk: Walk,
        listed: Vec<Listed>,
        grace: Duration,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| {
                    listed.iter().try_for_each(|seen| recovery::note(unit, &walk, seen, grace, now))
                })
                .await
            }
        }
    }

    /// A page of `walk` is noted: this is where it stands now.
    pub async fn page_done(
        &self,
        name: String,
        walk: Walk,
        progress: Progress,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| recovery::page_done(unit, &name, &walk, &progress, now))
                    .await
            }
        }
    }

    /// A page could not be read. With `anew` the walk begins again at the first page.
    pub async fn page_failed(
        &self,
        name: String,
        progress: Progress,
        error: String,
        anew: bool,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| {
                    recovery::page_failed(unit, &name, &progress, &error, anew, now)
                })
                .await
            }
        }
    }

    /// Keeps messages that were put aside and are ready, oldest first, as many as there are identifiers (of
    /// the message, and of a confirmation). A text from a customer gets its `reply` job; an opt-out by a
    /// Polish word is confirmed if it is fresh enough to be answered, and was not sent to another application's number
    /// (`elsewhere`).
    pub async fn keep_missed(
        &self,
        ids: Vec<(MessageId, MessageId)>,
        elsewhere: Elsewhere,
        now: Timestamp,
    ) -> Result<MissedKept, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Work, move |unit| recovery::keep_missed(unit, &ids, &elsewhere, now)).await
            }
        }
    }

    /// When the recovery has something to do besides its next walk.
    pub async fn recovery_due(&self) -> Result<RecoveryDue, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(recovery::due).await,
        }
    }

    /// Whether everything of a report is kept and decided about.
    pub async fn is_recovered(&self, report: i64) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| recovery::is_recovered(connection, report)).await,
        }
    }

    /// Walks that found something or failed, the latest first; only those below the report `before`.
    pub async fn recoveries(&self, before: Option<i64>, limit: u32) -> Result<Vec<Recovery>, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(move |connection| recovery::list(connection, before, limit)).await,
        }
    }
}
