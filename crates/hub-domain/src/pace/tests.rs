use proptest::prelude::*;

use super::*;

/// So many milliseconds after the beginning.
fn at(millis: i64) -> Timestamp {
    Timestamp::from_millisecond(1_767_225_600_000 + millis).unwrap()
}

fn leaving(segments: u32) -> Leaving {
    Leaving { segments, urgent: false, slot: None }
}

const TEN: Rate = Rate::per_second(10);

/// What a sender of ten segments a second, whose next segment is due after `next` ms, says to a message at 0.
fn check(next: i64, message: Leaving, expect: Turn, next_after: i64) {
    let pace = Pace { next_at: at(next), ..Pace::default() };
    let (turn, after) = pace.turn(&message, TEN, &Timing::default(), at(0));
    assert_eq!((turn, after.next_at), (expect, at(next_after)), "{next} {message:?}");
}

#[test]
fn a_moment_by_what_is_before_it() {
    let urgent = Leaving { urgent: true, ..leaving(1) };
    let reserved = |slot| Leaving { slot: Some(at(slot)), ..leaving(1) };
    // Nothing before it, or less than the burst of a second.
    check(-60_000, leaving(1), Turn::Now, 100);
    check(0, leaving(10), Turn::Now, 1_000);
    check(1_000, leaving(1), Turn::Now, 1_100);
    // More than that: a moment of its own.
    check(1_100, leaving(1), Turn::At(at(100)), 1_200);
    check(4_000, leaving(7), Turn::At(at(3_000)), 4_700);
    // Too far off for a moment, but not for a person's message.
    check(4_100, leaving(1), Turn::AskAgain(at(3_100)), 4_100);
    check(60_000, urgent, Turn::At(at(59_000)), 60_100);
    // Its moment has come, or not yet; it doesn't pay twice.
    check(60_000, reserved(0), Turn::Now, 60_000);
    check(60_000, reserved(-5), Turn::Now, 60_000);
    check(60_000, reserved(1), Turn::At(at(1)), 60_000);
}

#[test]
fn those_without_a_moment_ask_again_one_after_the_other() {
    let mut pace = Pace { next_at: at(10_000), ..Pace::default() };
    let mut asked = Vec::new();
    for segments in [1, 5, 1] {
        let (turn, after) = pace.turn(&leaving(segments), TEN, &Timing::default(), at(0));
        pace = after;
        asked.push(turn);
    }
    assert_eq!(asked, [9_000, 9_100, 9_600].map(|millis| Turn::AskAgain(at(millis))));
    assert_eq!(pace.next_at, at(10_000));
}

#[test]
fn a_full_queue_at_twilio_stops_the_sender_those_with_a_moment_included() {
    let paused = Pace::default().paused(Duration::from_mins(10), at(0));
    let reserved = Leaving { slot: Some(at(100)), ..leaving(1) };
    for rate in [TEN, Rate::default()] {
        for message in [leaving(1), reserved] {
            let (turn, _) = paused.turn(&message, rate, &Timing::default(), at(200));
            assert_eq!(turn, Turn::AskAgain(at(600_000)), "{rate:?} {message:?}");
            let (turn, _) = paused.turn(&message, rate, &Timing::default(), at(600_000));
            assert_eq!(turn, Turn::Now, "{rate:?} {message:?}");
        }
        // A person's message keeps its place, but the queue is as full for it.
        let urgent = Leaving { urgent: true, ..leaving(1) };
        let (turn, _) = paused.turn(&urgent, rate, &Timing::default(), at(200));
        assert!(matches!(turn, Turn::At(when) | Turn::AskAgain(when) if when == at(600_000)), "{turn:?}");
    }
    // A shorter pause doesn't end a longer one.
    assert_eq!(paused.paused(Duration::from_secs(1), at(0)), paused);
}

#[test]
fn without_a_limit_nothing_waits_and_nothing_is_kept() {
    let (turn, after) = Pace::default().turn(&leaving(1_000), Rate::default(), &Timing::default(), at(0));
    assert_eq!((turn, after), (Turn::Now, Pace::default()));
}

#[test]
fn a_senders_own_rate_goes_before_the_usual_one() {
    let by_sender = [("MG1".to_owned(), Rate::per_second(100))].into();
    let rates = Rates { usual: TEN, by_sender };
    assert_eq!((rates.of("MG1"), rates.of("+15005550006")), (Rate::per_second(100), TEN));
}

#[test]
fn only_an_sms_weighs_by_its_segments() {
    let long = "ą".repeat(200);
    assert_eq!(weight("+48500100200", "Hej", false, false), 1);
    assert_eq!(weight("+48500100200", &long, false, false), 3);
    assert_eq!(weight("+48500100200", "", false, false), 1);
    assert_eq!(weight("+48500100200", &long, true, false), 1);
    assert_eq!(weight("+48500100200", &long, false, true), 1);
    assert_eq!(weight("whatsapp:+48500100200", &long, false, false), 1);
}

proptest! {
    /// Whoever comes when: no more segments leave in a while than rate and burst allow, everything leaves, and
    /// a person waits no longer than the few seconds that others may be ahead.
    #[test]
    fn no_sender_is_faster_than_its_rate(
        arrivals in prop::collection::vec((0_i64..20_000, 1_u32..8, prop::bool::weighted(0.1)), 1..120),
    ) {
        let timing = Timing::default();
        // When each looks again, whether it is urgent, and what it was given.
        let mut waiting: Vec<(Timestamp, Leaving, i64)> = arrivals
            .iter()
            .map(|&(millis, segments, urgent)| (at(millis), Leaving { segments, urgent, slot: None }, millis))
            .collect();
        let (mut pace, mut left, mut asked) = (Pace::default(), Vec::new(), 0);
        while let Some(first) = (0..waiting.len()).min_by_key(|index| waiting[*index].0) {
            let (now, message, came) = waiting.swap_remove(first);
            let (turn, after) = pace.turn(&message, TEN, &timing, now);
            pace = after;
            asked += 1;
            prop_assert!(asked < 20_000, "they ask for ever");
            match turn {
                Turn::Now => left.push((now, message, came)),
                Turn::At(slot) => waiting.push((slot, Leaving { slot: Some(slot), ..message }, came)),
                Turn::AskAgain(again) => {
                    prop_assert!(again > now);
                    waiting.push((again, message, came));
                }
            }
        }
        prop_assert_eq!(left.len(), arrivals.len());
        for (index, (from, ..)) in left.iter().enumerate() {
            for (upto, (until, ..)) in left.iter().enumerate().skip(index) {
                let segments: u32 = left[index..=upto].iter().map(|(_, message, _)| message.segments).sum();
                let last = left[upto].1.segments;
                let seconds = until.duration_since(*from).as_secs_f64();
                prop_assert!(f64::from(segments - last) <= 10.0 * (seconds + 1.0) + 0.1, "{segments} in {seconds} s");
            }
        }
    }
}
