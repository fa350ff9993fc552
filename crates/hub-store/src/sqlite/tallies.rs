//! Counts kept beside the messages: in all, and by the hour a message was written in.
//!
//! Units count in memory; what the units of one commit counted is written once, before it. So a count costs
//! the same however many messages share a commit, and no count is ever read by a unit.

use std::collections::BTreeMap;

use hub_domain::{
    message::Direction,
    series::{Counts, HourCounts, hour_of},
    stage::Stage,
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use crate::error::StoreError;

/// What to add to the kept counts; may be negative.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tallies {
    total: Total,
    hours: BTreeMap<i64, Hour>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Total {
    inbound: i64,
    outbound: i64,
    waiting: i64,
    failed: i64,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Hour {
    inbound: i64,
    outbound: i64,
    delivered: i64,
    failed: i64,
}

/// A message as it is counted.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Counted {
    pub(crate) direction: Direction,
    pub(crate) stage: Stage,
    pub(crate) written_at: Timestamp,
}

impl Tallies {
    /// A message is there now.
    pub(crate) fn add(&mut self, message: Counted) {
        self.count(message, 1);
    }

    /// A message is not there any more.
    pub(crate) fn remove(&mut self, message: Counted) {
        self.count(message, -1);
    }

    /// A message of ours came from one stage to another.
    pub(crate) fn moved(&mut self, written_at: Timestamp, before: Stage, after: Stage) {
        if before != after {
            self.stage(written_at, before, -1);
            self.stage(written_at, after, 1);
        }
    }

    /// Adds what another unit counted.
    pub(crate) fn append(&mut self, other: &Self) {
        self.total.inbound += other.total.inbound;
        self.total.outbound += other.total.outbound;
        self.total.waiting += other.total.waiting;
        self.total.failed += other.total.failed;
        for (hour, more) in &other.hours {
            let hour = self.hours.entry(*hour).or_default();
            hour.inbound += more.inbound;
            hour.outbound += more.outbound;
            hour.delivered += more.delivered;
            hour.failed += more.failed;
        }
    }

    fn count(&mut self, message: Counted, by: i64) {
        let hour = self.hours.entry(hour_of(message.written_at)).or_default();
        match message.direction {
            Direction::Inbound => {
                hour.inbound += by;
                self.total.inbound += by;
            }
            Direction::Outbound => {
                hour.outbound += by;
                self.total.outbound += by;
            }
        }
        self.stage(message.written_at, message.stage, by);
    }

    fn stage(&mut self, written_at: Timestamp, stage: Stage, by: i64) {
        let hour = self.hours.entry(hour_of(written_at)).or_default();
        match stage {
            Stage::Waiting => self.total.waiting += by,
            Stage::Delivered => hour.delivered += by,
            Stage::Failed => {
                hour.failed += by;
                self.total.failed += by;
            }
            Stage::Received | Stage::OnItsWay | Stage::Canceled => {}
        }
    }

    /// Adds everything to the kept counts.
    pub(super) fn write(&self, connection: &Connection) -> Result<(), StoreError> {
        for (name, by) in self.total.named() {
            if by != 0 {
                connection
                    .prepare_cached(
                        "INSERT INTO counter (name, value) VALUES (?1, ?2)
                         ON CONFLICT (name) DO UPDATE SET value = value + excluded.value",
                    )?
                    .execute((name, by))?;
            }
        }
        for (hour, more) in self.hours.iter().filter(|(_, more)| **more != Hour::default()) {
            connection
                .prepare_cached(
                    "INSERT INTO hour (hour, inbound, outbound, delivered, failed) VALUES (?1, ?2, ?3, ?4, ?5)
                     ON CONFLICT (hour) DO UPDATE SET inbound = inbound + excluded.inbound,
                       outbound = outbound + excluded.outbound, delivered = delivered + excluded.delivered,
                       failed = failed + excluded.failed",
                )?
                .execute((hour, more.inbound, more.outbound, more.delivered, more.failed))?;
        }
        Ok(())
    }
}

impl Total {
    /// Under the names they are kept by.
    const fn named(self) -> [(&'static str, i64); 4] {
        [(INBOUND, self.inbound), (OUTBOUND, self.outbound), (WAITING, self.waiting), (FAILED, self.failed)]
    }
}

/// Messages from customers.
pub(crate) const INBOUND: &str = "messages_inbound";
/// Messages of ours.
pub(crate) const OUTBOUND: &str = "messages_outbound";
/// Messages of ours that have not left.
pub(crate) const WAITING: &str = "waiting";
/// Messages of ours that failed.
pub(crate) const FAILED: &str = "failed";

/// A kept count.
pub(crate) fn read(connection: &Connection, name: &str) -> Result<u32, StoreError> {
    let value = connection
        .prepare_cached("SELECT value FROM counter WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?;
    Ok(value.unwrap_or(0))
}

/// The hours since `first` in which anything was written, oldest first.
pub(crate) fn hours(connection: &Connection, first: i64) -> Result<Vec<HourCounts>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT hour, inbound, outbound, delivered, failed FROM hour WHERE hour >= ?1 ORDER BY hour",
    )?;
    let hours = statement.query_map([first], |row| {
        let counts = Counts {
            inbound: row.get(1)?,
            outbound: row.get(2)?,
            delivered: row.get(3)?,
            failed: row.get(4)?,
        };
        Ok(HourCounts { hour: row.get(0)?, counts })
    })?;
    Ok(hours.collect::<Result<_, _>>()?)
}

/// Counts everything anew, after many messages came at once.
pub(crate) const RECOUNT: [&str; 3] = [
    "INSERT INTO counter (name, value)
       SELECT 'messages_' || direction, count(*) FROM message GROUP BY direction
       UNION ALL SELECT 'waiting', count(*) FROM message WHERE status IN ('pending', 'unknown', 'held')
       UNION ALL SELECT 'failed', count(*) FROM message WHERE status IN ('failed', 'undelivered')
     ON CONFLICT (name) DO UPDATE SET value = excluded.value",
    "DELETE FROM hour",
    "INSERT INTO hour (hour, inbound, outbound, delivered, failed)
       SELECT created_at / 3600000000, sum(direction = 'inbound'), sum(direction = 'outbound'),
         sum(status IN ('partially_delivered', 'delivered', 'read')), sum(status IN ('failed', 'undelivered'))
       FROM message GROUP BY 1",
];
