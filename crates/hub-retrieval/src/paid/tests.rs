use std::fs;

use super::*;

fn key(text: &str) -> PaidKey {
    PaidKey::of("model", text)
}

#[test]
fn what_was_added_is_there_after_opening_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(".work/paid");
    let mut paid = PaidVectors::open(&path).unwrap();
    paid.add(&[(key("a"), vec![1.0, -2.5]), (key("b"), vec![0.5])]).unwrap();
    paid.add(&[(key("c"), vec![3.0])]).unwrap();
    let mut paid = PaidVectors::open(&path).unwrap();
    assert_eq!(paid.get(&key("a")).unwrap(), Some(vec![1.0, -2.5]));
    assert_eq!(paid.get(&key("c")).unwrap(), Some(vec![3.0]));
    assert_eq!([key("a"), key("b"), key("d")].map(|key| paid.numbers(&key)), [Some(2), Some(1), None]);
    assert_eq!(paid.get(&PaidKey::of("another model", "a")).unwrap(), None);
}

#[test]
fn a_torn_tail_is_dropped_wherever_it_was_torn() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("paid");
    let mut paid = PaidVectors::open(&path).unwrap();
    paid.add(&[(key("a"), vec![1.0, 2.0])]).unwrap();
    let first = fs::read(&path).unwrap().len();
    paid.add(&[(key("b"), vec![3.0, 4.0])]).unwrap();
    let all = fs::read(&path).unwrap();
    for length in first..all.len() {
        fs::write(&path, &all[..length]).unwrap();
        let mut paid = PaidVectors::open(&path).unwrap();
        assert!(paid.numbers(&key("b")).is_none(), "{length}");
        assert_eq!(fs::read(&path).unwrap().len(), first, "{length}");
        paid.add(&[(key("c"), vec![5.0])]).unwrap();
        let mut paid = PaidVectors::open(&path).unwrap();
        assert_eq!(paid.get(&key("a")).unwrap(), Some(vec![1.0, 2.0]), "{length}");
        assert_eq!(paid.get(&key("c")).unwrap(), Some(vec![5.0]), "{length}");
    }
}

#[test]
fn a_changed_bit_is_no_vector() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("paid");
    PaidVectors::open(&path).unwrap().add(&[(key("a"), vec![1.0])]).unwrap();
    let all = fs::read(&path).unwrap();
    for place in 0..all.len() {
        let mut changed = all.clone();
        changed[place] ^= 1;
        fs::write(&path, &changed).unwrap();
        assert!(PaidVectors::open(&path).unwrap().numbers(&key("a")).is_none(), "{place}");
    }
}

#[test]
fn a_text_that_was_paid_for_again_has_the_newer_vector() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("paid");
    let mut paid = PaidVectors::open(&path).unwrap();
    paid.add(&[(key("a"), vec![1.0, 2.0])]).unwrap();
    paid.add(&[(key("a"), vec![3.0])]).unwrap();
    for mut paid in [paid, PaidVectors::open(&path).unwrap()] {
        assert_eq!((paid.numbers(&key("a")), paid.get(&key("a")).unwrap()), (Some(1), Some(vec![3.0])));
    }
}
