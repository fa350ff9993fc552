use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap()
}

fn sid(n: u32) -> MessageSid {
    MessageSid::parse(&format!("SM{n:032x}")).unwrap()
}

fn candidate(n: u32, body: &str, second: i64) -> Candidate {
    Candidate {
        sid: sid(n),
        body: body.into(),
        created_at: Some(at(second)),
        outbound_api: true,
        bound_elsewhere: false,
    }
}

fn check(candidates: &[Candidate], expect: &Finding) {
    let sought = Sought { body: "oddzwonimy", started_at: at(0), window: SignedDuration::from_secs(35) };
    assert_eq!(&look(&sought, candidates), expect, "{candidates:?}");
}

#[test]
fn only_a_free_outbound_message_of_the_time_counts() {
    let ours = candidate(1, "oddzwonimy", 2);
    check(&[], &Finding::Absent);
    check(std::slice::from_ref(&ours), &Finding::Found(sid(1)));
    check(&[Candidate { bound_elsewhere: true, ..ours.clone() }], &Finding::Absent);
    check(&[Candidate { outbound_api: false, ..ours.clone() }], &Finding::Absent);
    check(&[candidate(1, "inny tekst", -301)], &Finding::Absent);
    check(&[candidate(1, "inny tekst", 336)], &Finding::Absent);
    check(&[candidate(1, "oddzwonimy", -299)], &Finding::Found(sid(1)));
    check(&[Candidate { created_at: None, ..ours.clone() }], &Finding::Found(sid(1)));
    check(&[candidate(2, "inny tekst", 3)], &Finding::Doubtful);
    check(&[candidate(2, "inny tekst", 3), ours.clone()], &Finding::Found(sid(1)));
    check(&[candidate(3, "oddzwonimy", 5), ours], &Finding::Found(sid(1)));
    // The nearest in time, not the first: the earlier one belongs to an earlier call.
    let earlier = candidate(4, "oddzwonimy", -60);
    check(&[earlier, candidate(5, "oddzwonimy", 1)], &Finding::Found(sid(5)));
}

fn step(finding: Option<Finding>, ambiguous: u32, absent: u32, failed: u32) -> NextStep {
    let history = History { ambiguous_attempts: ambiguous, absent_looks: absent, failed_looks: failed };
    next_step(finding, history, &Timing::default(), 0)
}

#[test]
fn our_text_at_a_strange_time_is_a_doubt_and_never_absent() {
    let day = 24 * 3600;
    check(&[candidate(1, "oddzwonimy", -400)], &Finding::Doubtful);
    check(&[candidate(1, "oddzwonimy", 400)], &Finding::Doubtful);
    check(&[candidate(1, "oddzwonimy", 30 * day)], &Finding::Doubtful);
    check(&[candidate(1, "oddzwonimy", -day)], &Finding::Doubtful);
    // The day before yesterday's answer to the same person is another one.
    check(&[candidate(1, "oddzwonimy", -2 * day)], &Finding::Absent);
}

#[test]
fn a_second_call_needs_two_complete_empty_listings_and_happens_once() {
    assert_eq!(step(Some(Finding::Found(sid(1))), 1, 0, 0), NextStep::Settle(sid(1)));
    assert_eq!(step(Some(Finding::Absent), 1, 0, 0), NextStep::LookAgain(Duration::from_mins(2)));
    assert_eq!(step(Some(Finding::Absent), 1, 1, 0), NextStep::SendAgain);
    assert_eq!(step(Some(Finding::Absent), 2, 0, 0), NextStep::LookAgain(Duration::from_mins(2)));
    assert_eq!(step(Some(Finding::Absent), 2, 1, 0), NextStep::AskPerson(WhyAsk::LostTwice));
    assert_eq!(step(Some(Finding::Doubtful), 1, 0, 0), NextStep::AskPerson(WhyAsk::Doubtful));
}

#[test]
fn a_list_that_cannot_be_read_is_tried_for_long_and_never_leads_to_a_call() {
    assert!(matches!(step(None, 1, 1, 0), NextStep::LookAgain(_)));
    assert!(matches!(step(None, 1, 1, 28), NextStep::LookAgain(_)));
    assert_eq!(step(None, 1, 1, 29), NextStep::AskPerson(WhyAsk::NoListing));
}
