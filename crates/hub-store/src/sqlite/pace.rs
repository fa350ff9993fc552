//! SQL of pacing: each sender's state, and the moment that a delivery was given.

use std::time::Duration;

use hub_domain::pace::{Leaving, Pace, Rates, Turn, weight};
use jiff::Timestamp;
use rusqlite::OptionalExtension;

use super::{jobs, rows, unit::Unit};
use crate::{attempts::Call, error::StoreError, jobs::LeasedJob};

/// When the message of a delivery leaves. Keeps what its sender owes, and on the job the moment it was given.
pub(crate) fn turn(
    unit: &mut Unit<'_>,
    job: &LeasedJob,
    call: &Call,
    urgent: bool,
    rates: &Rates,
    now: Timestamp,
) -> Result<Turn, StoreError> {
    let sender = sender(call);
    let before = find(unit, sender)?;
    let leaving = Leaving {
        segments: weight(&call.to, &call.body, !call.media_urls.is_empty(), call.template.is_some()),
        urgent,
        slot: jobs::slot(unit, job)?,
    };
    let (turn, after) = before.turn(&leaving, rates.of(sender), &unit.timing(), now);
    if after != before {
        put(unit, sender, after)?;
    }
    match turn {
        Turn::Now => {}
        Turn::At(moment) => jobs::put_off(unit, job, moment, true)?,
        Turn::AskAgain(moment) => jobs::put_off(unit, job, moment, false)?,
    }
    Ok(turn)
}

/// Twilio's queue for the sender of this call is full.
pub(crate) fn pause(unit: &Unit<'_>, call: &Call, pause: Duration, now: Timestamp) -> Result<(), StoreError> {
    let sender = sender(call);
    put(unit, sender, find(unit, sender)?.paused(pause, now))
}

/// Whose rate a message takes from.
fn sender(call: &Call) -> &str {
    call.service.as_deref().unwrap_or(&call.from)
}

fn find(unit: &Unit<'_>, sender: &str) -> Result<Pace, StoreError> {
    let found = unit
        .prepare("SELECT next_at, tail_at, paused_until FROM pace WHERE sender = ?1")?
        .query_row([sender], |row| {
            Ok(Pace {
                next_at: rows::time(row, 0)?,
                tail_at: rows::time(row, 1)?,
                paused_until: rows::time(row, 2)?,
            })
        })
        .optional()?;
    Ok(found.unwrap_or_default())
}

fn put(unit: &Unit<'_>, sender: &str, pace: Pace) -> Result<(), StoreError> {
    unit.run(
        "INSERT INTO pace (sender, next_at, tail_at, paused_until) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (sender) DO UPDATE SET next_at = excluded.next_at, tail_at = excluded.tail_at,
           paused_until = excluded.paused_until",
        (
            sender,
            pace.next_at.as_microsecond(),
            pace.tail_at.as_microsecond(),
            pace.paused_until.as_microsecond(),
        ),
    )?;
    Ok(())
}
