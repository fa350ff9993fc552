use super::*;

/// `x` is a 429, `.` any other answer, each to a call of its own.
fn check(answers: &str, expect: u32) {
    let mut throttle = Throttle::new(32);
    for answer in answers.chars() {
        let began = throttle.begin();
        throttle.answered(began, answer == 'x');
    }
    assert_eq!(throttle.allowed(), expect, "{answers}");
}

#[test]
fn halved_by_each_429_and_one_more_after_each_round_without() {
    check("", 32);
    check("....", 32);
    check("x", 16);
    check("xx", 8);
    check("xxxxxxxxx", 1);
    check("xxxxx.", 2);
    check("xxxxx...", 3);
    check("xxxxx......", 4);
    check("xxxxx.x.", 2);
    check(&format!("x{}", ".".repeat(16)), 17);
    check(&format!("x{}", ".".repeat(10_000)), 32);
}

#[test]
fn a_burst_of_429s_counts_once() {
    let mut throttle = Throttle::new(32);
    let began: Vec<Began> = (0..32).map(|_| throttle.begin()).collect();
    for call in began {
        throttle.answered(call, true);
    }
    assert_eq!(throttle.allowed(), 16);
}

#[test]
fn one_call_is_always_allowed() {
    assert_eq!(Throttle::new(0).allowed(), 1);
}
