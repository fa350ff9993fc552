//! A large installation. Slow to make, so it runs only when asked for:
//! `HUB_IMPORT_ROWS=1000000 cargo test --profile fast -p hub-store --test it -- --ignored --nocapture million`.

use std::time::Duration;

use super::{House, all_added, lines};

/// The goal for a million messages.
const GOAL: Duration = Duration::from_mins(1);

#[test]
#[ignore = "takes a minute and 2 GB of disk"]
#[expect(clippy::disallowed_methods, reason = "measures real time, and its size is set from outside")]
fn a_large_installation_arrives_in_time() {
    let rows: u64 = std::env::var("HUB_IMPORT_ROWS").map_or(1_000_000, |text| text.parse().unwrap());
    let house = House::new();
    let original = house.used_original(rows);
    let begun = std::time::Instant::now();
    let report = house.import(&original);
    let took = begun.elapsed();
    assert_eq!(report.messages, all_added(rows));
    let peak = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = peak.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
    println!("{rows} messages in {took:.1?}; {peak}");
    let sums = "SELECT direction, count(*), sum(length(body)), min(created_at), max(created_at)";
    let (ours, theirs) = (house.raw(), &original.file);
    let told = lines(&ours, &format!("{sums} FROM message GROUP BY direction"));
    let seconds = "CAST(strftime('%s', created_at) AS INTEGER) * 1000000";
    let expect = sums.replace("(created_at)", &format!("({seconds})"));
    assert_eq!(told, lines(theirs, &format!("{expect} FROM messages GROUP BY direction")));
    assert!(took <= GOAL, "{took:?}");
}
