use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_000_000 + second).unwrap()
}

fn sent(second: i64) -> EntryTimes {
    EntryTimes { created: Some(at(second)), sent: Some(at(second)) }
}

fn queued(second: i64) -> EntryTimes {
    EntryTimes { created: Some(at(second)), sent: None }
}

fn walked() -> Progress {
    Progress { horizon: at(-100_000), watermark: at(0), walked_at: Some(at(0)), walk: None }
}

fn page_2() -> String {
    "page 2".to_owned()
}

/// Whether the walk ends after a page of these entries that leads on.
fn check(entries: &[EntryTimes], ends: bool) {
    let progress = walked();
    let walk = progress.begin(at(500));
    assert_eq!(progress.after_page(&walk, entries, Some(page_2())).walk.is_none(), ends, "{entries:?}");
}

#[test]
fn a_walk_ends_where_the_list_is_below_its_floor() {
    let below = -15 * 60 - 1;
    check(&[sent(400), sent(300)], false);
    check(&[sent(400), sent(below + 1)], false);
    check(&[sent(400), sent(below)], true);
    check(&[queued(below), sent(300)], false);
    check(&[queued(400), queued(below)], false);
    check(&[], false);
}

#[test]
fn a_walk_ends_with_the_list() {
    let progress = walked();
    assert_eq!(progress.after_page(&progress.begin(at(500)), &[sent(400)], None).walk, None);
}

#[test]
fn the_watermark_is_the_newest_entry_of_all_pages_and_never_falls() {
    let progress = walked();
    let walk = progress.begin(at(9_000));
    let next = progress.after_page(&walk, &[sent(400), sent(300)], Some(page_2()));
    assert_eq!(next.watermark, at(0), "nothing moves before the end");
    let walk = next.walk.clone().unwrap();
    assert_eq!(walk.page, Some(page_2()));
    let done = next.after_page(&walk, &[sent(200)], None);
    assert_eq!((done.watermark, done.walked_at), (at(400), Some(at(9_000))));
    let quiet = done.after_page(&done.begin(at(9_100)), &[], None);
    assert_eq!(quiet.watermark, at(400));
    let older = done.after_page(&done.begin(at(9_100)), &[sent(-5_000)], None);
    assert_eq!(older.watermark, at(400));
}

#[test]
fn a_first_start_never_goes_below_its_horizon() {
    let first = Progress::at_first_start(at(10_000));
    assert_eq!(first.floor(), at(10_000 - 900));
    let walk = first.begin(at(10_000));
    assert!(walk.takes(sent(9_100)) && !walk.takes(sent(9_099)));
    let done = first.after_page(&walk, &[sent(9_200), sent(50)], Some(page_2()));
    assert_eq!(done.floor(), at(9_100), "the overlap must not reach into history");
}

#[test]
fn an_entry_without_a_time_is_taken_and_a_scheduled_one_goes_by_its_sending() {
    let walk = walked().begin(at(500));
    assert!(walk.takes(EntryTimes { created: None, sent: None }));
    assert!(walk.takes(EntryTimes { created: Some(at(-90_000)), sent: Some(at(10)) }));
    assert!(!walk.takes(queued(-90_000)));
}

#[test]
fn questions_come_after_10_minutes_1_hour_6_hours_and_a_day() {
    let mut after = Duration::ZERO;
    let hours: Vec<f64> = (0..)
        .map_while(|asked| next_question(asked, &Timing::default()))
        .map(|pause| {
            after += pause;
            after.as_secs_f64() / 3600.0
        })
        .collect();
    assert_eq!(hours, [1.0 / 6.0, 1.0, 6.0, 24.0]);
}

#[test]
fn a_recovered_text_was_answered_by_what_is_as_late_in_the_list_or_later() {
    for (ours, answered) in [(None, false), (Some(99), false), (Some(100), true), (Some(101), true)] {
        let ours = ours.map(at);
        assert_eq!(was_answered(at(100), ours), answered, "{ours:?}");
        assert_eq!(may_confirm(at(100), ours, at(160)), !answered, "{ours:?}");
    }
    assert!(!may_confirm(at(100), None, at(100 + 16 * 60)), "out of the blue");
}

#[test]
fn the_first_walk_after_a_move_goes_down_to_the_newest_message_brought_along() {
    const MINUTE: i64 = 60;
    const WEEK: i64 = 7 * 24 * 3600;
    for (newest, expect) in [
        // The overlap, below it.
        (-3600, -3600 - 15 * MINUTE),
        (-10 * WEEK, -WEEK),
        // Never later than a first start without a move.
        (0, -15 * MINUTE),
        (5000, -15 * MINUTE),
    ] {
        let progress = Progress::after_move_in(at(0), at(newest));
        assert_eq!((progress.floor(), progress.horizon), (at(expect), at(expect)), "{newest}");
    }
}

#[test]
fn whom_an_unanswered_question_concerns() {
    for (http_status, code, expect) in [
        (400, None, Reach::Message),
        (400, Some(20404), Reach::Message),
        (403, None, Reach::Message),
        (401, None, Reach::Everybody),
        (403, Some(20003), Reach::Everybody),
        (400, Some(20005), Reach::Everybody),
        (429, Some(20429), Reach::Everybody),
        (500, Some(20500), Reach::Twilio),
        (503, None, Reach::Twilio),
    ] {
        assert_eq!(unanswered(http_status, code), expect, "{http_status} {code:?}");
    }
}

#[test]
fn what_is_further_ahead_than_its_interval_is_due() {
    let minute = Duration::from_mins(1);
    for (ahead, expect) in [(-10, -10), (0, 0), (60, 60), (61, 0), (1_000_000, 0)] {
        assert_eq!(soon(at(ahead), minute, at(0)), at(expect), "{ahead}");
    }
    assert_eq!(soon(Timestamp::MIN, minute, at(0)), Timestamp::MIN);
    assert!(!is_too_far(None, minute, at(0)));
}
