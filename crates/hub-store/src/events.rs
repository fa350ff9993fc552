//! What changed, for live panels: written in the transaction of its cause, kept for resuming.

use hub_domain::ids::ContactId;
use jiff::Timestamp;

use crate::{Store, StoreError, sqlite::rows};

/// One change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Grows with every change; what `Last-Event-ID` carries.
    pub id: i64,
    /// What kind of change.
    pub kind: EventKind,
    /// Whose thread; 0 when it is about all.
    pub contact: ContactId,
    /// The message's row; 0 when it is about all.
    pub message: i64,
    /// When.
    pub at: Timestamp,
}

/// Kinds of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EventKind {
    /// A customer wrote.
    Received,
    /// A message of ours was written down, to be sent.
    Written,
    /// The state of a message changed.
    Status,
    /// A message was deleted.
    Deleted,
    /// A thread was read, or marked unread. No message, here and below: its row is 0.
    Read,
    /// Somebody else is in charge of a conversation.
    Mode,
    /// A text that is being written was saved or thrown away.
    Draft,
    /// Somebody got another name.
    Named,
    /// Somebody was put on the suppression list by hand, or taken off it.
    Consent,
    /// A text was left to a person, or seen to.
    Attention,
    /// A setting changed; it belongs to no contact, whose number is 0.
    Settings,
    /// Twilio refuses our account: nothing leaves.
    SendingStopped,
    /// Messages leave again.
    SendingResumed,
}

impl EventKind {
    /// Every kind.
    pub const ALL: [Self; 13] = [
        Self::Received,
        Self::Written,
        Self::Status,
        Self::Deleted,
        Self::Read,
        Self::Mode,
        Self::Draft,
        Self::Named,
        Self::Consent,
        Self::Attention,
        Self::Settings,
        Self::SendingStopped,
        Self::SendingResumed,
    ];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Written => "written",
            Self::Status => "status",
            Self::Deleted => "deleted",
            Self::Read => "read",
            Self::Mode => "mode",
            Self::Draft => "draft",
            Self::Named => "named",
            Self::Consent => "consent",
            Self::Attention => "attention",
            Self::Settings => "settings",
            Self::SendingStopped => "sending_stopped",
            Self::SendingResumed => "sending_resumed",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }
}

impl Store {
    /// Changes after `id`, oldest first, at most `limit`.
    pub async fn events_after(&self, id: i64, limit: u32) -> Result<Vec<Event>, StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.read(move |connection| {
                    let mut statement = connection.prepare_cached(
                        "SELECT id, kind, contact, message, at FROM event WHERE id > ?1 ORDER BY id LIMIT ?2",
                    )?;
                    let events = statement.query_map((id, limit), |row| {
                        Ok(Event {
                            id: row.get(0)?,
                            kind: rows::word(row, 1, EventKind::parse)?,
                            contact: ContactId(row.get(2)?),
                            message: row.get(3)?,
                            at: rows::time(row, 4)?,
                        })
                    })?;
                    Ok(events.collect::<Result<_, _>>()?)
                })
                .await
            }
        }
    }

    /// The identifiers of the oldest and of the newest change that are kept; both 0 when none is.
    pub async fn event_bounds(&self) -> Result<(i64, i64), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.read(move |connection| {
                    // Two statements: with both in one SQLite reads the whole table.
                    let edge = |sql| connection.prepare_cached(sql)?.query_row((), |row| row.get(0));
                    let oldest = edge("SELECT coalesce(min(id), 0) FROM event")?;
                    Ok((oldest, edge("SELECT coalesce(max(id), 0) FROM event")?))
                })
                .await
            }
        }
    }
}
