//! What the kernel counts for a process: its CPU time and its memory.

use std::{fs, time::Duration};

use anyhow::Context;

/// Ticks a second in `/proc/PID/stat`: `USER_HZ`, 100 on every Linux there is.
const TICKS: u32 = 100;

/// CPU time of the process so far, its own and the kernel's for it.
pub(crate) fn cpu_time(pid: u32) -> anyhow::Result<Duration> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat"))?;
    // The name stands in parentheses and may hold anything, even a parenthesis.
    let fields = stat.rsplit_once(')').context("/proc/PID/stat without a name")?.1;
    let ticks = fields.split_ascii_whitespace().skip(11).take(2).map(str::parse::<u32>);
    let ticks: u32 = ticks.sum::<Result<u32, _>>()?;
    Ok(Duration::from_secs(1) / TICKS * ticks)
}

/// Memory of the process that lies in RAM, in MB.
pub(crate) fn resident_mb(pid: u32) -> anyhow::Result<f64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).context("no VmRSS")?;
    let kib: f64 = line.trim_end_matches("kB").trim().parse()?;
    Ok(kib * 1024.0 / 1_000_000.0)
}
