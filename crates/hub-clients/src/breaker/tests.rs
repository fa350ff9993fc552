use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + second).unwrap()
}

fn limits() -> BreakerLimits {
    BreakerLimits { failures: 3, pause: Duration::from_secs(10), longest: Duration::from_secs(30) }
}

fn opened() -> Breaker {
    let mut breaker = Breaker::new(limits());
    for _ in 0..3 {
        breaker.allow(at(0)).unwrap();
        breaker.note(false, at(0));
    }
    breaker
}

#[test]
fn it_opens_after_so_many_failures_in_a_row() {
    let mut breaker = Breaker::new(limits());
    for worked in [false, false, true, false, false] {
        breaker.allow(at(0)).unwrap();
        breaker.note(worked, at(0));
    }
    assert_eq!(breaker.open_until(at(0)), None);
    breaker.note(false, at(0));
    assert_eq!(breaker.allow(at(9)), Err(LeftAlone(at(10))));
    assert_eq!(breaker.open_until(at(9)), Some(at(10)));
}

#[test]
fn one_trial_after_the_pause_closes_it_or_doubles_the_pause() {
    let mut breaker = opened();
    breaker.allow(at(10)).unwrap();
    assert_eq!(breaker.allow(at(10)), Err(LeftAlone(at(20))), "one trial at a time");
    breaker.note(true, at(11));
    breaker.allow(at(11)).unwrap();

    let mut breaker = opened();
    let mut now = 10;
    for pause in [20, 30, 30] {
        breaker.allow(at(now)).unwrap();
        breaker.note(false, at(now));
        assert_eq!(breaker.allow(at(now + pause - 1)), Err(LeftAlone(at(now + pause))));
        now += pause;
    }
}

#[test]
fn a_trial_nobody_reports_about_is_given_to_another() {
    let mut breaker = opened();
    breaker.allow(at(10)).unwrap();
    assert!(breaker.allow(at(19)).is_err());
    breaker.allow(at(20)).unwrap();
}

#[test]
fn late_failures_do_not_prolong_the_pause_and_a_late_success_ends_it() {
    let mut breaker = opened();
    breaker.note(false, at(5));
    assert_eq!(breaker.open_until(at(5)), Some(at(10)));
    breaker.note(true, at(6));
    breaker.allow(at(6)).unwrap();
}
