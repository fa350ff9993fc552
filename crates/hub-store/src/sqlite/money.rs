//! SQL of the ledger: what messages and models cost, day by day.

use hub_domain::{
    address::Address,
    spending::{self, Micros},
};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::unit::Unit;
use crate::error::StoreError;

const OF_DAY: &str = "SELECT micros FROM spending WHERE day = ?1";

/// Spent on the day of `now`.
pub(crate) fn spent(unit: &Unit<'_>, now: Timestamp) -> Result<Micros, StoreError> {
    Ok(unit.value::<i64>(OF_DAY, [day(now)])?.map_or(0, unsigned))
}

pub(crate) fn read_spent(connection: &Connection, now: Timestamp) -> Result<Micros, StoreError> {
    let found: Option<i64> =
        connection.prepare_cached(OF_DAY)?.query_row([day(now)], |row| row.get(0)).optional()?;
    Ok(found.map_or(0, unsigned))
}

/// Counts what a message will about cost, or a call to a model did.
pub(crate) fn spend(unit: &Unit<'_>, cost: Micros, now: Timestamp) -> Result<(), StoreError> {
    add(unit, signed(cost), now)
}

/// Counts a held message that a person lets go, unless it was counted before it came to be held.
pub(crate) fn release(unit: &Unit<'_>, row: i64, to: &Address, now: Timestamp) -> Result<(), StoreError> {
    let body: Option<String> =
        unit.value("SELECT body FROM message WHERE row = ?1 AND coalesce(cost, 0) = 0", [row])?;
    let Some(body) = body else { return Ok(()) };
    let cost = spending::estimate(unit.prices(), to, &body);
    unit.run("UPDATE message SET cost = ?2 WHERE row = ?1", (row, signed(cost)))?;
    spend(unit, cost, now)
}

/// Puts Twilio's price in place of the estimate. Only a price in decimal digits counts, and only in the ledger's
/// currency.
pub(crate) fn correct(
    unit: &Unit<'_>,
    row: i64,
    price: &str,
    currency: Option<&str>,
) -> Result<(), StoreError> {
    if !spending::corrects(unit.prices(), currency) {
        return Ok(());
    }
    let Some(price) = spending::parse_amount(price.trim().trim_start_matches('-')) else {
        return Ok(());
    };
    let known: Option<(Option<i64>, i64)> = unit
        .prepare("SELECT cost, created_at FROM message WHERE row = ?1 AND direction = 'outbound'")?
        .query_row([row], |found| Ok((found.get(0)?, found.get(1)?)))
        .optional()?;
    // What this hub did not write is not in its ledger.
    let Some((Some(cost), written_at)) = known else { return Ok(()) };
    if cost == signed(price) {
        return Ok(());
    }
    unit.run("UPDATE message SET cost = ?2 WHERE row = ?1", (row, signed(price)))?;
    let written_at = Timestamp::from_microsecond(written_at).unwrap_or(Timestamp::UNIX_EPOCH);
    add(unit, signed(price) - cost, written_at)
}

fn add(unit: &Unit<'_>, micros: i64, at: Timestamp) -> Result<(), StoreError> {
    unit.run(
        "INSERT INTO spending (day, micros) VALUES (?1, max(?2, 0))
         ON CONFLICT (day) DO UPDATE SET micros = max(micros + ?2, 0)",
        (day(at), micros),
    )?;
    Ok(())
}

fn day(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d").to_string()
}

fn signed(micros: Micros) -> i64 {
    i64::try_from(micros).unwrap_or(i64::MAX)
}

fn unsigned(micros: i64) -> Micros {
    u64::try_from(micros).unwrap_or(0)
}
