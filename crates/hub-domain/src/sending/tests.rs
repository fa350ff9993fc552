use super::*;
use crate::ids::MessageSid;

#[test]
fn permission_by_origin_mode_and_opt_out() {
    use ConversationMode::{Auto, Draft, Human};
    for origin in Origin::ALL {
        for (mode, opted_out, window_closed, silenced) in [
            (Auto, false, false, false),
            (Draft, false, false, false),
            (Human, false, false, false),
            (Auto, true, false, false),
            (Human, true, false, false),
            (Auto, false, true, false),
            (Human, false, true, false),
            (Auto, true, true, false),
            (Auto, false, false, true),
            (Human, false, false, true),
            (Auto, true, false, true),
            (Auto, false, true, true),
        ] {
            let is_automatic = matches!(origin, Origin::Template | Origin::Bot | Origin::Assistant);
            let confirmation = matches!(origin, Origin::OptOutConfirmation | Origin::OptInConfirmation);
            let expect = if opted_out && !confirmation {
                Err(Blocked::OptedOut)
            } else if mode != Auto && is_automatic {
                Err(Blocked::HumanInCharge)
            } else if window_closed {
                Err(Blocked::WindowClosed)
            } else if silenced && is_automatic {
                Err(Blocked::AutomationOff)
            } else {
                Ok(())
            };
            assert_eq!(
                may_send(&SendFacts { origin, opted_out, mode, window_closed, silenced }),
                expect,
                "{origin:?} {mode:?} {opted_out} {window_closed} {silenced}"
            );
        }
    }
}

#[test]
fn what_a_machine_begins_to_say_after_a_quarter_of_an_hour_is_late() {
    const LATE: i64 = 15 * 60 + 1;
    for origin in Origin::ALL {
        let machine = origin.is_automatic_reply();
        for (unattended, begins, age, expect) in [
            (true, true, LATE, machine),
            (true, true, LATE - 1, false),
            // A person let it go, or the rest of what was begun in time.
            (false, true, LATE, false),
            (true, false, LATE, false),
            // Sent in the future, by a clock that is wrong.
            (true, true, -LATE, false),
        ] {
            let asked_at = Timestamp::UNIX_EPOCH;
            let facts = LateFacts { origin, unattended, begins, asked_at };
            let now = Timestamp::from_second(age).unwrap();
            assert_eq!(leaves_late(&facts, now), expect, "{origin} {unattended} {begins} {age}");
        }
    }
}

fn refused(http_status: u16, code: Option<u32>) -> AttemptOutcome {
    AttemptOutcome::Refused { http_status, code, message: String::new() }
}

fn check(outcome: &AttemptOutcome, expect: &AfterAttempt) {
    let timing = Timing { retry_base: Duration::from_secs(2), ..Timing::default() };
    let found = after_attempt(outcome, 0, Duration::ZERO, &timing, 0);
    assert_eq!(&found, expect, "{outcome:?}");
}

#[test]
fn what_follows_each_outcome() {
    let retry = |secs| AfterAttempt::Retry { after: Duration::from_secs(secs) };
    let pause = |secs| AfterAttempt::PauseSender { after: Duration::from_secs(secs) };
    let accepted = AttemptOutcome::Accepted {
        sid: MessageSid::parse("SM1").unwrap(),
        status: DeliveryStatus::Queued,
        from: None,
    };
    check(&accepted, &AfterAttempt::Settle(DeliveryStatus::Queued));
    check(&AttemptOutcome::Ambiguous { reason: "reset".into() }, &AfterAttempt::Reconcile);
    check(&AttemptOutcome::NotSent { reason: "refused".into() }, &retry(1));
    check(&refused(400, Some(21211)), &AfterAttempt::Fail { code: Some(21211), opted_out: false });
    check(&refused(400, Some(21610)), &AfterAttempt::Fail { code: Some(21610), opted_out: true });
    check(&refused(400, None), &AfterAttempt::Fail { code: None, opted_out: false });
    check(&refused(429, Some(20429)), &retry(1));
    check(&refused(400, Some(21611)), &pause(600));
    check(&refused(401, Some(20003)), &AfterAttempt::StopQueue);
    check(&refused(500, Some(20500)), &AfterAttempt::Reconcile);
}

#[test]
fn what_could_not_leave_for_ten_hours_waits_for_a_person() {
    let timing = Timing::default();
    let old = timing.give_up_after;
    let outcome = AttemptOutcome::NotSent { reason: "no route".into() };
    assert_eq!(after_attempt(&outcome, 700, old, &timing, 0), AfterAttempt::Hold);
    assert_eq!(after_attempt(&refused(400, Some(21611)), 60, old, &timing, 0), AfterAttempt::Hold);
    // It is not the message that can't leave then.
    assert_eq!(after_attempt(&refused(401, None), 0, old, &timing, 0), AfterAttempt::StopQueue);
}
