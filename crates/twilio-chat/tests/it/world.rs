//! What a test's world is made of: a clock that stands still, randomness from a seed, a way to die.

use std::{
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use jiff::{SignedDuration, Timestamp};
use tokio::sync::Notify;
use twilio_chat::sys::{Clock, FailurePoints, Point, Random};

/// When every test begins.
const BEGINNING: &str = "2026-11-22T10:00:00Z";

/// Moves only when told to.
#[derive(Debug)]
pub(crate) struct FakeClock(Mutex<Timestamp>);

impl FakeClock {
    pub(crate) fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(BEGINNING.parse().unwrap())))
    }

    pub(crate) fn set(&self, now: Timestamp) {
        let mut hands = self.0.lock().unwrap();
        assert!(*hands <= now, "the clock can't go back from {hands} to {now}");
        *hands = now;
    }
}

impl Clock for FakeClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().unwrap()
    }
}

/// What was called and posted, in order.
#[derive(Debug)]
pub(crate) struct Trace {
    clock: Arc<FakeClock>,
    lines: Mutex<Vec<(Timestamp, String)>>,
}

impl Trace {
    pub(crate) fn new(clock: Arc<FakeClock>) -> Arc<Self> {
        Arc::new(Self { clock, lines: Mutex::default() })
    }

    pub(crate) fn note(&self, line: String) {
        self.lines.lock().unwrap().push((self.clock.now(), line));
    }

    pub(crate) fn lines(&self) -> Vec<(Timestamp, String)> {
        self.lines.lock().unwrap().clone()
    }
}

/// `pause` after `at`.
pub(crate) fn later(at: Timestamp, pause: Duration) -> Timestamp {
    at + SignedDuration::try_from(pause).unwrap()
}

/// The same numbers for the same seed (splitmix64).
#[derive(Debug)]
pub(crate) struct Seeded(Mutex<u64>);

impl Seeded {
    pub(crate) fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self(Mutex::new(seed)))
    }

    pub(crate) fn next(&self) -> u64 {
        let mut state = self.0.lock().unwrap();
        *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = *state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// From 0 up to, not including, `end`.
    pub(crate) fn below(&self, end: u64) -> u64 {
        self.next() % end
    }

    /// True so many times in a hundred.
    pub(crate) fn percent(&self, chance: u64) -> bool {
        self.below(100) < chance
    }

    /// One of these.
    pub(crate) fn pick<T: Copy>(&self, of: &[T]) -> T {
        of[usize::try_from(self.below(of.len().try_into().unwrap())).unwrap()]
    }
}

impl Random for Seeded {
    fn fill(&self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let drawn = self.next().to_le_bytes();
            chunk.copy_from_slice(&drawn[..chunk.len()]);
        }
    }
}

/// Where the process can die.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Death {
    /// At one of the product's own points.
    At(Point),
    /// While Twilio is being called, after it has taken the request.
    DuringCall,
}

/// Ends the process at the wanted place. A dead process does nothing more, whatever still holds a part of it.
#[derive(Default)]
pub(crate) struct Mortality {
    wanted: Mutex<Option<Death>>,
    dead: AtomicBool,
    died: Notify,
}

impl Mortality {
    pub(crate) fn plan(&self, death: Option<Death>) {
        *self.wanted.lock().unwrap() = death;
    }

    /// Whether life ends here.
    pub(crate) fn comes(&self, here: Death) -> bool {
        let mut wanted = self.wanted.lock().unwrap();
        if *wanted == Some(here) {
            *wanted = None;
            self.dead.store(true, Ordering::SeqCst);
            self.died.notify_one();
        }
        self.dead.load(Ordering::SeqCst)
    }

    /// Ends when the process dies.
    pub(crate) async fn death(&self) {
        while !self.dead.load(Ordering::SeqCst) {
            self.died.notified().await;
        }
    }
}

impl FailurePoints for Mortality {
    fn stops_at(&self, point: Point) -> bool {
        self.comes(Death::At(point))
    }
}

impl fmt::Debug for Mortality {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mortality").field("wanted", &self.wanted).finish_non_exhaustive()
    }
}
