use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_767_225_600 + second).unwrap()
}

fn allowed(tries: impl IntoIterator<Item = bool>) -> usize {
    tries.into_iter().filter(|allowed| *allowed).count()
}

#[test]
fn an_address_has_ten_tries_and_one_more_every_six_seconds() {
    let limits = Limits::default();
    let tries = (0..30).map(|account| limits.allow("203.0.113.7", &account.to_string(), at(0)));
    assert_eq!(allowed(tries), 10);
    assert!(!limits.allow("203.0.113.7", "a", at(5)));
    assert!(limits.allow("203.0.113.7", "b", at(6)));
    assert!(!limits.allow("203.0.113.7", "c", at(6)));
    assert!(limits.allow("203.0.113.8", "d", at(6)), "another address has its own");
}

#[test]
fn an_account_has_twenty_tries_an_hour_however_patient_one_address_is() {
    let limits = Limits::default();
    let hour = (0..600).map(|try_| limits.allow("203.0.113.7", "ewa", at(try_ * 6)));
    // Twenty at once, and those that come back within the hour.
    assert_eq!(allowed(hour), 39);
    let next = (600..1200).map(|try_| limits.allow("203.0.113.7", "ewa", at(try_ * 6)));
    assert_eq!(allowed(next), 20);
}

#[test]
fn an_owner_is_not_locked_out_by_whoever_guesses_elsewhere() {
    let limits = Limits::default();
    for try_ in 0..200 {
        limits.allow("203.0.113.7", "ewa", at(try_ * 6));
    }
    assert!(!limits.allow("203.0.113.7", "ewa", at(1200)));
    assert!(limits.allow("198.51.100.2", "ewa", at(1200)), "the owner's first try");
    assert!(!limits.allow("198.51.100.2", "ewa", at(1201)), "nobody has two");
}

#[test]
fn memory_is_bounded_and_who_tries_most_is_remembered() {
    let limit = Limit::default();
    for _ in 0..10 {
        limit.take("guesser", BY_ADDRESS, at(0));
    }
    for other in 0..25_000 {
        limit.take(&other.to_string(), BY_ADDRESS, at(0));
    }
    assert!(limit.0.lock().unwrap().len() <= KEPT);
    assert!(!limit.take("guesser", BY_ADDRESS, at(0)));
}
