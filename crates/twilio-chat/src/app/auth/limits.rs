//! How often a password may be tried: by address, and by account whoever asks. In memory; a restart forgets.
//!
//! Nobody can lock an owner out: once an account's tries are used up, an address that has not tried it yet
//! still has one, which is all that somebody who knows the password needs. The printed link is not limited.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use jiff::{SignedDuration, Timestamp};

/// Keys remembered by each limit; when full, those with the most tries left are forgotten first.
const KEPT: usize = 10_000;

/// Tries of one address, on any account.
const BY_ADDRESS: Pace = Pace { tries: 10, every: SignedDuration::from_mins(1) };
/// Tries of one account, from anywhere.
const BY_ACCOUNT: Pace = Pace { tries: 20, every: SignedDuration::from_hours(1) };
/// The try of an address on an account whose own are used up.
const SPARE: Pace = Pace { tries: 1, every: SignedDuration::from_hours(1) };

#[derive(Clone, Copy, Debug)]
struct Pace {
    tries: i32,
    every: SignedDuration,
}

/// A generic cell rate: each key has one moment, at which all of its tries will be back.
#[derive(Debug, Default)]
struct Limit(Mutex<HashMap<String, Timestamp>>);

#[derive(Debug, Default)]
pub(super) struct Limits {
    addresses: Limit,
    accounts: Limit,
    spare: Limit,
}

impl Limits {
    /// Counts a try and says whether it may be made.
    pub(super) fn allow(&self, address: &str, account: &str, now: Timestamp) -> bool {
        let pair = format!("{address} {account}");
        // The first try of an address spends its spare one, so that who guessed has none left.
        let fresh = self.spare.take(&pair, SPARE, now);
        self.addresses.take(address, BY_ADDRESS, now)
            && (self.accounts.take(account, BY_ACCOUNT, now) || fresh)
    }
}

impl Limit {
    fn take(&self, key: &str, pace: Pace, now: Timestamp) -> bool {
        let mut cells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let step = pace.every / pace.tries;
        let back = cells.get(key).copied().filter(|back| *back > now).unwrap_or(now);
        let next = back.saturating_add(step).unwrap_or(Timestamp::MAX);
        if next.duration_since(now) > pace.every {
            return false;
        }
        if cells.len() >= KEPT && !cells.contains_key(key) {
            make_room(&mut cells, now);
        }
        cells.insert(key.to_owned(), next);
        true
    }
}

fn make_room(cells: &mut HashMap<String, Timestamp>, now: Timestamp) {
    cells.retain(|_, back| *back > now);
    if cells.len() >= KEPT {
        let mut moments: Vec<Timestamp> = cells.values().copied().collect();
        moments.sort_unstable();
        let middle = moments.get(KEPT / 2).copied().unwrap_or(now);
        cells.retain(|_, back| *back > middle);
    }
}

#[cfg(test)]
mod tests;
