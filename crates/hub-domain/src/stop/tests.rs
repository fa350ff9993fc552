use super::*;
use crate::{ids::MessageSid, status::DeliveryStatus};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + second).unwrap()
}

#[test]
fn who_may_pass_while_the_queue_stands_still() {
    let (refused, other) = (Fingerprint([1; 16]), Fingerprint([2; 16]));
    let stop = Stop { since: at(0), http_status: 401, code: None, credentials: refused, probe_at: at(60) };
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
