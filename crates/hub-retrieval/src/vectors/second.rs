//! A second thread for work on many codes, when the machine has one to spare. Under many queries at once each keeps to
//! its own thread: splitting would only add to the work. Rows themselves are gone through by one: it reads as fast as
//! the memory gives, and a second one would wait for the same.

use std::{
    num::NonZero,
    ops::Range,
    sync::{
        OnceLock,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
};

/// Processors beyond the first that nobody uses for a scan right now.
static SPARE: OnceLock<AtomicUsize> = OnceLock::new();

/// Does the work on all rows, or at once on both halves of them. A half begins at a multiple of 64.
pub(crate) fn both<T: Send>(
    rows: usize,
    is_large: bool,
    work: impl Fn(Range<usize>) -> T + Sync,
    join: impl FnOnce(T, T) -> T,
) -> T {
    let middle = (rows / 2).next_multiple_of(64).min(rows);
    let Some(_permit) = is_large.then(Permit::take).flatten() else { return work(0..rows) };
    let (first, second) = thread::scope(|scope| {
        let helper = thread::Builder::new().spawn_scoped(scope, || work(middle..rows));
        let first = work(0..middle);
        // A thread that could not be started, or that panicked, leaves its half to this one.
        let second = helper.ok().and_then(|helper| helper.join().ok());
        (first, second.unwrap_or_else(|| work(middle..rows)))
    });
    join(first, second)
}

struct Permit(&'static AtomicUsize);

impl Permit {
    fn take() -> Option<Self> {
        let spare = SPARE.get_or_init(|| {
            AtomicUsize::new(thread::available_parallelism().map_or(1, NonZero::get).saturating_sub(1))
        });
        let taken = spare.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |spare| spare.checked_sub(1));
        taken.ok().map(|_| Self(spare))
    }
}

impl Drop for Permit {
    fn drop(&mut self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}
