use proptest::prelude::*;

use super::*;

#[test]
fn the_pause_doubles_and_stops_at_the_cap() {
    let timing = Timing::default();
    let longest = |failures| backoff(&timing, failures, u64::MAX - 1).as_secs_f64();
    assert!(longest(1) <= 1.0);
    assert!(longest(4) > longest(3) && longest(3) > longest(2));
    assert!(longest(40) <= 60.0);
}

proptest! {
    #[test]
    fn the_pause_is_between_half_and_full(failures in 1u32..100, jitter: u64) {
        let timing = Timing::default();
        let pause = backoff(&timing, failures, jitter);
        prop_assert!(pause >= timing.retry_base / 2 && pause <= timing.retry_cap);
    }
}
