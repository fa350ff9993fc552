use super::*;
use crate::{ids::MessageSid, status::DeliveryStatus};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + second).unwrap()
}

const REFUSED: Fingerprint = Fingerprint([1; 16]);

fn stopped(http_status: u16, code: Option<u32>, by_reading: bool) -> Stop {
    Stop { since: at(0), http_status, code, credentials: REFUSED, probe_at: at(60), by_reading }
}

#[test]
fn a_reading_stops_for_wrong_credentials_and_ends_its_own_stop_only() {
    for (http_status, code, expect) in
        [(401, None, true), (401, Some(20003), true), (401, Some(70051), false), (403, None, false)]
    {
        assert_eq!(stops(http_status, code), expect, "{http_status} {code:?}");
    }
    let other = Fingerprint([2; 16]);
    for (by_reading, ours, expect) in [(true, REFUSED, true), (true, other, false), (false, REFUSED, false)] {
        assert_eq!(is_over(&stopped(401, None, by_reading), ours), expect, "{by_reading} {ours:?}");
    }
}

#[test]
fn refused_credentials_have_their_advice_with_and_without_a_code() {
    for (http_status, code, expect) in [
        (401, Some(20003), Some(20003)),
        (401, None, Some(20003)),
        (403, Some(20005), Some(20005)),
        (403, None, None),
    ] {
        let advice = stopped(http_status, code, false).advice();
        assert_eq!(advice.map(|advice| advice.code), expect, "{http_status} {code:?}");
    }
}

#[test]
fn who_may_pass_while_the_queue_stands_still() {
    let (refused, other) = (REFUSED, Fingerprint([2; 16]));
    let stop = stopped(401, None, false);
    for (stop, ours, now, expect) in [
        (None, refused, 0, Passage::Free),
        (Some(&stop), refused, 0, Passage::Closed),
        (Some(&stop), refused, 59, Passage::Closed),
        (Some(&stop), refused, 60, Passage::Probe),
        (Some(&stop), refused, 9_999, Passage::Probe),
        (Some(&stop), other, 0, Passage::Resume),
        (Some(&stop), other, 60, Passage::Resume),
    ] {
        assert_eq!(passage(stop, ours, at(now)), expect, "{ours:?} at {now}");
    }
}

#[test]
fn what_each_answer_says_of_the_account() {
    let refused = |http_status, code| AttemptOutcome::Refused { http_status, code, message: String::new() };
    let accepted = AttemptOutcome::Accepted {
        sid: MessageSid::parse("SM1").unwrap(),
        status: DeliveryStatus::Queued,
        from: None,
    };
    for (outcome, expect) in [
        (accepted, Verdict::Taken),
        (refused(401, Some(20003)), Verdict::Refused),
        (refused(401, None), Verdict::Refused),
        (refused(403, Some(20003)), Verdict::Refused),
        (refused(403, Some(20005)), Verdict::Refused),
        (refused(400, Some(21211)), Verdict::Taken),
        (refused(400, Some(21610)), Verdict::Taken),
        (refused(400, Some(21611)), Verdict::Taken),
        (refused(429, Some(20429)), Verdict::Silent),
        (refused(500, Some(20500)), Verdict::Silent),
        (AttemptOutcome::NotSent { reason: String::new() }, Verdict::Silent),
        (AttemptOutcome::Ambiguous { reason: String::new() }, Verdict::Silent),
    ] {
        assert_eq!(verdict(&outcome), expect, "{outcome:?}");
    }
}
