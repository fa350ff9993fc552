//! The clocks that measure: the machine's time, and the time that this process took of its processors.

use std::{
    fs,
    time::{Duration, Instant},
};

/// Now, for measuring.
#[expect(clippy::disallowed_methods, reason = "a benchmark measures the machine's time")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// What this process has used of its processors so far, ended threads too, in seconds.
pub(crate) fn processor_seconds() -> f64 {
    let used = rustix::time::clock_gettime(rustix::time::ClockId::ProcessCPUTime);
    Duration::try_from(used).unwrap_or_default().as_secs_f64()
}

/// The memory of this process that no file stands behind, in MB.
pub(crate) fn own_memory() -> f64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("RssAnon:")).unwrap_or_default();
    line.split_whitespace().next().and_then(|kb| kb.parse::<f64>().ok()).unwrap_or(0.0) / 1e3
}

/// The middle of some durations, in milliseconds.
pub(crate) fn median_ms(mut all: Vec<Duration>) -> f64 {
    all.sort_unstable();
    all.get(all.len() / 2).copied().unwrap_or_default().as_secs_f64() * 1e3
}

/// The middle of some figures.
pub(crate) fn median(mut all: Vec<f64>) -> f64 {
    all.sort_by(f64::total_cmp);
    all.get(all.len() / 2).copied().unwrap_or_default()
}
