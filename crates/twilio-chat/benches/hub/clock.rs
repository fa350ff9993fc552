//! The clock that measures. The program's own clock is injected; a benchmark needs the machine's.

use std::time::{Duration, Instant};

/// Now, for measuring.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures the machine's time")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// Now, for data.
#[expect(clippy::disallowed_methods, reason = "webhooks of a benchmark arrive now")]
pub(crate) fn timestamp() -> jiff::Timestamp {
    jiff::Timestamp::now()
}

/// Waits between two looks at another process, which nothing announces.
#[expect(clippy::disallowed_methods, reason = "there is no signal to wait for from another process")]
pub(crate) fn pause(duration: Duration) {
    std::thread::sleep(duration);
}

/// The middle of some durations.
pub(crate) fn median(mut all: Vec<Duration>) -> Duration {
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or_default()
}

/// The middle of some figures.
pub(crate) fn median_of(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or_default()
}
