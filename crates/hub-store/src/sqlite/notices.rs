//! SQL of the dashboard's notices.

use hub_domain::{parts::BEFORE_HELD, reply::Held};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::{rows, settings, unit::Unit};
use crate::{
    error::StoreError,
    notices::{Notices, Recovered},
};

/// From the few that are held; the second condition on the state is that of the index.
const HELD_FOR: &str = "SELECT count(*) FROM message
     WHERE status = 'held' AND status NOT IN ('received', 'delivered') AND error_text = ?1";
/// An answer in parts is one answer: what waits for its first part is not counted.
const WAITING: &str = "SELECT count(*) FROM message a CROSS JOIN message i ON i.row = a.reply_to
     WHERE a.status = 'held' AND a.status NOT IN ('received', 'delivered') AND i.recovery > ?1
       AND a.error_text IS NOT ?2";

pub(crate) fn read(connection: &Connection) -> Result<Notices, StoreError> {
    let held_for = |reason: &str| connection.prepare_cached(HELD_FOR)?.query_row([reason], |row| row.get(0));
    Ok(Notices {
        recovered: recovered(connection)?,
        held_by_money: held_for(Held::MoneyCap.as_str())?,
        held_behind_a_part: held_for(BEFORE_HELD)?,
    })
}

fn recovered(connection: &Connection) -> Result<Option<Recovered>, StoreError> {
    let seen = settings::read_recovery_seen(connection)?;
    let (messages, report): (u32, Option<i64>) = connection
        .prepare_cached(
            "SELECT coalesce(sum(inbound + outbound), 0), max(id) FROM recovery
             WHERE id > ?1 AND inbound + outbound + statuses + failures > 0",
        )?
        .query_row([seen], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let Some(report) = report.filter(|_| messages > 0) else { return Ok(None) };
    // They were kept from old to new.
    let end = |order: &str| {
        connection
            .prepare_cached(&format!(
                "SELECT coalesce(remote_created_at, created_at) FROM message WHERE recovery > ?1
                 ORDER BY recovery {order}, row {order} LIMIT 1"
            ))?
            .query_row([seen], |row| rows::time(row, 0))
            .optional()
    };
    Ok(Some(Recovered {
        report,
        messages,
        from: end("ASC")?,
        to: end("DESC")?,
        waiting: connection.prepare_cached(WAITING)?.query_row((seen, BEFORE_HELD), |row| row.get(0))?,
    }))
}

pub(crate) fn see(unit: &mut Unit<'_>, report: i64, now: Timestamp) -> Result<(), StoreError> {
    // Nobody has seen a report that is yet to come, whatever was posted.
    let newest = unit.value::<Option<i64>>("SELECT max(id) FROM recovery", ())?.flatten().unwrap_or(0);
    let seen = report.min(newest);
    // Another panel may have shown more by now.
    if seen > settings::recovery_seen(unit)? { settings::set_recovery_seen(unit, seen, now) } else { Ok(()) }
}
