//! A large installation. Slow to make, so it runs only when asked for:
//! `HUB_IMPORT_ROWS=1000000 cargo test --profile fast -p hub-store --test it -- --ignored --nocapture million`.

use std::{fs, time::Duration};

use super::{House, all_added, lines};

/// The goal for a million messages on a machine that does nothing else.
const GOAL: Duration = Duration::from_mins(1);

#[test]
#[ignore = "takes a minute and 2 GB of disk"]
#[expect(clippy::disallowed_methods, reason = "measures real time, and its size is set from outside")]
fn a_large_installation_arrives_whole() {
    let rows: u64 = std::env::var("HUB_IMPORT_ROWS").map_or(1_000_000, |text| text.parse().unwrap());
    let house = House::new();
    let original = house.used_original(rows);
    let (begun, before) = (std::time::Instant::now(), cpu());
    let report = house.import(&original);
    let (took, cpu) = (begun.elapsed(), cpu().saturating_sub(before));
    let memory = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let memory = memory.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    let verdict = if took <= GOAL { "ok" } else { "missed" };
    println!("{rows} messages in {took:.1?} (goal {GOAL:?}: {verdict}), {cpu:.1?} of CPU, {memory}");

    assert_eq!(report.messages, all_added(rows));
    let sums = "SELECT direction, count(*), sum(length(body)), min(created_at), max(created_at)";
    let told = lines(&house.raw(), &format!("{sums} FROM message GROUP BY direction"));
    let micros = "CAST(strftime('%s', created_at) AS INTEGER) * 1000000";
    let expect = sums.replace("(created_at)", &format!("({micros})"));
    assert_eq!(told, lines(&original.file, &format!("{expect} FROM messages GROUP BY direction")));
}

/// Time this thread has had a processor; zero where the system doesn't tell.
fn cpu() -> Duration {
    let stat = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = stat.split(' ').next().and_then(|text| text.parse().ok());
    Duration::from_nanos(nanos.unwrap_or(0))
}
