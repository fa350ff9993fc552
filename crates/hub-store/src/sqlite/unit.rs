//! What a unit of work sees while it runs inside the writer's transaction.

use hub_domain::{ids::ContactId, price::Prices, timing::Timing};
use jiff::Timestamp;
use rusqlite::{CachedStatement, Connection, OptionalExtension, Params, types::FromSql};

use super::tallies::Tallies;
use crate::{
    error::StoreError,
    events::{Event, EventKind},
};

/// What every unit of this process reckons with.
#[derive(Clone, Debug, Default)]
pub(crate) struct Given {
    /// How long things wait.
    pub(crate) timing: Timing,
    /// What a text is taken to cost.
    pub(crate) prices: Prices,
}

/// One unit inside the shared transaction: statements, and what to announce once the commit is on disk.
#[derive(Debug)]
pub(crate) struct Unit<'c> {
    connection: &'c Connection,
    given: &'c Given,
    pub(crate) announcements: Announcements,
}

/// What the rest of the program hears of after the commit; nothing is announced of a unit rolled back.
#[derive(Debug, Default)]
pub(crate) struct Announcements {
    pub(crate) work: bool,
    pub(crate) events: Vec<Event>,
    /// Added to the kept counts before the commit.
    pub(crate) tallies: Tallies,
}

impl Announcements {
    /// Adds those of another unit.
    pub(crate) fn append(&mut self, mut other: Self) {
        self.work |= other.work;
        self.events.append(&mut other.events);
        self.tallies.append(&other.tallies);
    }
}

impl<'c> Unit<'c> {
    pub(crate) fn new(connection: &'c Connection, given: &'c Given) -> Self {
        Self { connection, given, announcements: Announcements::default() }
    }

    /// How long things wait in this process.
    pub(crate) fn timing(&self) -> Timing {
        self.given.timing
    }

    /// What a text is taken to cost.
    pub(crate) fn prices(&self) -> &'c Prices {
        &self.given.prices
    }

    /// For what readers ask too.
    pub(crate) fn connection(&self) -> &'c Connection {
        self.connection
    }

    /// A statement, parsed once per connection.
    pub(crate) fn prepare(&self, sql: &str) -> Result<CachedStatement<'c>, StoreError> {
        Ok(self.connection.prepare_cached(sql)?)
    }

    /// Runs a statement and returns how many rows it changed.
    pub(crate) fn run(&self, sql: &str, params: impl Params) -> Result<usize, StoreError> {
        Ok(self.prepare(sql)?.execute(params)?)
    }

    /// The first column of the first row, if there is one.
    pub(crate) fn value<T: FromSql>(&self, sql: &str, params: impl Params) -> Result<Option<T>, StoreError> {
        Ok(self.prepare(sql)?.query_row(params, |row| row.get(0)).optional()?)
    }

    /// The row number of the last insert.
    pub(crate) fn last_row(&self) -> i64 {
        self.connection.last_insert_rowid()
    }

    /// Announces that a job may be due.
    pub(crate) fn work(&mut self) {
        self.announcements.work = true;
    }

    /// The counts that this unit changes.
    pub(crate) fn tallies(&mut self) -> &mut Tallies {
        &mut self.announcements.tallies
    }

    /// Writes a change for live panels and announces it.
    pub(crate) fn event(
        &mut self,
        kind: EventKind,
        contact: ContactId,
        message: i64,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        self.run(
            "INSERT INTO event (kind, contact, message, at) VALUES (?1, ?2, ?3, ?4)",
            (kind.as_str(), contact.0, message, now.as_microsecond()),
        )?;
        let id = self.last_row();
        self.announcements.events.push(Event { id, kind, contact, message, at: now });
        Ok(())
    }
}
