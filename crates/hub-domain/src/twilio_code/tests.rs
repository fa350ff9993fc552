use super::*;

#[test]
fn what_to_do_about_an_answer() {
    use CodeAction as A;
    for (http_status, code, expect) in [
        (401, Some(20003), A::StopQueue),
        (401, None, A::StopQueue),
        (403, Some(20003), A::StopQueue),
        (403, Some(20005), A::StopQueue),
        (403, None, A::Final),
        (404, Some(20404), A::Final),
        (408, None, A::Reconcile),
        (429, Some(20429), A::RetryLater),
        (429, None, A::RetryLater),
        (503, Some(20429), A::RetryLater),
        (400, Some(21211), A::Final),
        (400, Some(21610), A::FinalOptOut),
        (400, Some(21611), A::RetryMuchLater),
        (400, Some(63018), A::RetryLater),
        (400, Some(99999), A::Final),
        (400, None, A::Final),
        (500, Some(20500), A::Reconcile),
        (400, Some(20500), A::Reconcile),
        (500, None, A::Reconcile),
        (502, None, A::Reconcile),
        (504, Some(21211), A::Reconcile),
        (201, None, A::Reconcile),
        (302, None, A::Reconcile),
    ] {
        assert_eq!(action(http_status, code), expect, "{http_status} {code:?}");
    }
}

#[test]
fn every_code_we_meet_is_explained() {
    for code in [
        20003, 20404, 20429, 20500, 21211, 21212, 21408, 21601, 21602, 21603, 21604, 21606, 21608, 21610,
        21611, 21612, 21614, 21617, 21620, 21623, 21654, 21655, 21656, 21701, 21703, 21704, 21705, 30001,
        30002, 30003, 30004, 30005, 30006, 30007, 30008, 30017, 30018, 30036, 30410, 30500, 35111, 35114,
        35115, 35118, 63003, 63013, 63015, 63016, 63018, 63021, 63024, 63027, 63028, 63032, 63033, 63038,
        63049, 20001, 20009, 21266, 21402, 21403, 21609, 21619, 21659, 21660, 21910, 30032, 30034, 30044,
        30409, 63007,
    ] {
        assert_eq!(advice(code).map(|advice| advice.code), Some(code));
    }
    assert_eq!(advice(0), None);
    assert_eq!(advice(21610).map(|advice| advice.action), Some(CodeAction::FinalOptOut));
}

#[test]
fn the_table_is_sorted_and_readable() {
    assert!(TABLE.is_sorted_by(|a, b| a.code < b.code));
    for advice in TABLE {
        for text in [advice.pl, advice.en] {
            let length = text.chars().count();
            assert!((20..=160).contains(&length), "{}: {length} characters", advice.code);
            assert!(text.ends_with('.') && text.contains(" – "), "{}: {text}", advice.code);
        }
        assert_ne!(advice.pl, advice.en, "{}", advice.code);
    }
}
