//! Proof that the store still works, and how much waits in it.

use hub_domain::job::JobKind;
use jiff::Timestamp;
use rusqlite::Connection;

use crate::{
    Store, StoreError,
    sqlite::{Queue, rows},
};

/// What waits in the store.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Jobs by kind.
    pub jobs: Vec<JobCount>,
    /// Messages that a person has to decide about.
    pub held: u32,
}

/// Jobs of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JobCount {
    /// The kind.
    pub kind: JobKind,
    /// Waiting or being worked on.
    pub open: u32,
    /// Failed too often; they wait for a person.
    pub set_aside: u32,
    /// When the first of the open ones was written.
    pub oldest: Option<Timestamp>,
}

impl Store {
    /// Commits one row: `Ok` means that a message could be accepted now.
    pub async fn probe(&self, now: Timestamp) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(db) => {
                db.write(Queue::Webhook, move |unit| {
                    unit.run(
                        "INSERT INTO heartbeat (id, at) VALUES (1, ?1) ON CONFLICT (id) DO UPDATE SET at = excluded.at",
                        [now.as_microsecond()],
                    )?;
                    Ok(())
                })
                .await
            }
        }
    }

    /// How much waits.
    pub async fn counts(&self) -> Result<Counts, StoreError> {
        match self {
            Self::Sqlite(db) => db.read(count).await,
        }
    }
}

fn count(connection: &Connection) -> Result<Counts, StoreError> {
    let jobs = connection
        .prepare_cached(
            "SELECT kind, sum(set_aside = 0), sum(set_aside), min(CASE WHEN set_aside = 0 THEN created_at END)
             FROM job GROUP BY kind",
        )?
        .query_map((), |row| {
            Ok(JobCount {
                kind: rows::word(row, 0, JobKind::parse)?,
                open: row.get(1)?,
                set_aside: row.get(2)?,
                oldest: rows::optional_time(row, 3)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    let held = connection
        .prepare_cached("SELECT count(*) FROM message WHERE status = 'held'")?
        .query_row((), |row| row.get(0))?;
    Ok(Counts { jobs, held })
}
