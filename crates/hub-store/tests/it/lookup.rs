//! What becomes of a call whose answer was lost, from Twilio's list of messages.

use hub_domain::{
    ids::AttemptId,
    job::JobKind,
    message::Origin,
    reconcile::{Finding, WhyAsk},
};
use hub_store::{Begun, Finished, LeasedJob, LookedUp, Settlement};

use crate::{
    harness::{LEASE_SECONDS, TestStore, fresh},
    words::{
        ANNA, PIOTR, absent, accepted, ambiguous, at, failure, found, named, not_sent, outbound, refused,
        report, sid, unreadable,
    },
};

/// A message whose answer was lost at 0, and its lookup in hand at 120.
async fn lost(hub: &TestStore) -> (i64, AttemptId, LeasedJob) {
    let (row, attempt) = hub.send(ANNA, ambiguous(), at(0)).await;
    (row, attempt, hub.lease_lookup(at(120)).await)
}

#[tokio::test]
async fn a_message_found_in_the_list_is_bound_to_it() {
    let hub = fresh().await;
    let (row, attempt, lookup) = lost(&hub).await;
    hub.apply_status(report("SM1", "delivered"), at(50)).await.unwrap();
    assert_eq!(hub.look(lookup, found("SM1"), at(121)).await, Settlement::Found(sid("SM1")));
    // What the list says, and what came for this SID before we knew whose it is.
    assert_eq!((hub.status(row).await, hub.sid(row).await.as_deref()), ("delivered", Some("SM1")));
    assert!(!hub.reconcile_facts(attempt).await.unwrap().open);
    assert_eq!(hub.outcomes(row).await, ["accepted"]);
    assert!(hub.jobs(10).await.unwrap().is_empty());
}

#[tokio::test]
async fn the_error_shown_in_the_list_is_kept() {
    let hub = fresh().await;
    let (row, _, lookup) = lost(&hub).await;
    let status = hub_domain::status::DeliveryStatus::Undelivered;
    let seen = LookedUp { status: Some(status), error_code: Some(21610), ..found("SM1") };
    hub.look(lookup, seen, at(121)).await;
    let message = hub.row(row).await;
    assert_eq!((message.status.as_str(), message.error_code), ("undelivered", Some(21610)));
    assert_eq!(hub.silenced(ANNA).await.as_deref(), Some("twilio_21610"));
}

#[tokio::test]
async fn twilio_saying_twice_that_it_has_nothing_allows_one_new_attempt() {
    let hub = fresh().await;
    let (row, _, lookup) = lost(&hub).await;
    assert_eq!(hub.look(lookup, absent(), at(121)).await, Settlement::LookAgain);
    assert!(hub.lease(at(240)).await.is_empty());
    let lookup = hub.lease_lookup(at(241)).await;
    assert_eq!(hub.look(lookup, absent(), at(241)).await, Settlement::SendAgain);
    assert_eq!((hub.status(row).await, hub.outcomes(row).await), ("pending", vec!["absent".to_owned()]));
    assert!(hub.open_jobs(JobKind::Reconcile).await.is_empty());
    let job = hub.lease_one(at(241)).await;
    let (attempt, _) = hub.call(job, at(241)).await;
    hub.finish(job, attempt, accepted("SM2"), at(242)).await;
    assert_eq!((hub.status(row).await, hub.sid(row).await.as_deref()), ("queued", Some("SM2")));
    assert_eq!(hub.outcomes(row).await, ["absent", "accepted"]);
}

#[tokio::test]
async fn a_message_lost_twice_is_held_for_a_person() {
    let hub = fresh().await;
    let (row, _, lookup) = lost(&hub).await;
    hub.look(lookup, absent(), at(121)).await;
    let lookup = hub.lease_lookup(at(241)).await;
    hub.look(lookup, absent(), at(241)).await;
    let job = hub.lease_one(at(241)).await;
    let (attempt, _) = hub.call(job, at(241)).await;
    hub.finish(job, attempt, ambiguous(), at(242)).await;
    let lookup = hub.lease_lookup(at(400)).await;
    assert_eq!(hub.look(lookup, absent(), at(400)).await, Settlement::LookAgain);
    let lookup = hub.lease_lookup(at(520)).await;
    assert_eq!(hub.look(lookup, absent(), at(520)).await, Settlement::Held(WhyAsk::LostTwice));
    let message = hub.row(row).await;
    assert_eq!((message.status.as_str(), message.error_text.as_deref()), ("held", Some("lost_twice")));
    assert_eq!((hub.counts().await.unwrap().held, hub.jobs(10).await.unwrap().len()), (1, 0));
    // A callback that comes after all settles it.
    hub.apply_status(named(attempt, "SM3", "sent"), at(600)).await.unwrap();
    assert_eq!((hub.status(row).await, hub.counts().await.unwrap().held), ("sent", 0));
}

#[tokio::test]
async fn a_callback_between_the_decision_and_the_new_attempt_prevents_it() {
    let hub = fresh().await;
    let (row, attempt, lookup) = lost(&hub).await;
    hub.look(lookup, absent(), at(121)).await;
    let lookup = hub.lease_lookup(at(241)).await;
    hub.look(lookup, absent(), at(241)).await;
    hub.apply_status(named(attempt, "SM1", "queued"), at(241)).await.unwrap();
    let job = hub.lease_one(at(242)).await;
    assert_eq!(hub.begin(job, at(242)).await.1, Begun::Settled);
    assert_eq!(hub.sid(row).await.as_deref(), Some("SM1"));
}

/// A message lost once and sent again; the second call is under way when a callback names the first one.
async fn first_call_wins(hub: &TestStore) -> (i64, AttemptId, LeasedJob) {
    let (row, first, lookup) = lost(hub).await;
    hub.look(lookup, absent(), at(121)).await;
    let lookup = hub.lease_lookup(at(241)).await;
    hub.look(lookup, absent(), at(241)).await;
    let job = hub.lease_one(at(241)).await;
    let (second, _) = hub.call(job, at(241)).await;
    hub.apply_status(named(first, "SM1", "delivered"), at(242)).await.unwrap();
    (row, second, job)
}

#[tokio::test]
async fn once_twilio_has_the_message_a_later_call_can_not_pull_it_back() {
    for outcome in [ambiguous(), not_sent(), refused(400, 21211), refused(500, 0)] {
        let hub = fresh().await;
        let (row, second, job) = first_call_wins(&hub).await;
        assert_eq!(hub.finish(job, second, outcome, at(243)).await, Finished::SettledBefore);
        assert_eq!((hub.status(row).await, hub.row(row).await.error_code), ("delivered", None));
        assert!(hub.jobs(10).await.unwrap().is_empty());
        assert!(!hub.reconcile_facts(second).await.unwrap().open);
    }
}

#[tokio::test]
async fn once_twilio_has_the_message_a_later_call_is_not_looked_up_to_the_end() {
    for seen in [found("SM2"), absent(), LookedUp { finding: Some(Finding::Doubtful), ..absent() }] {
        let hub = fresh().await;
        let (row, _, lookup) = lost(&hub).await;
        hub.look(lookup, absent(), at(121)).await;
        let lookup = hub.lease_lookup(at(241)).await;
        let first = lookup.attempt.unwrap();
        hub.look(lookup, absent(), at(241)).await;
        let job = hub.lease_one(at(241)).await;
        let (second, _) = hub.call(job, at(241)).await;
        hub.finish(job, second, ambiguous(), at(242)).await;
        hub.apply_status(named(first, "SM1", "delivered"), at(243)).await.unwrap();
        let lookup = hub.lease_lookup(at(400)).await;
        assert_eq!(hub.look(lookup, seen, at(400)).await, Settlement::SettledBefore);
        assert_eq!((hub.status(row).await, hub.sid(row).await.as_deref()), ("delivered", Some("SM1")));
        assert!(hub.jobs(10).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn a_doubtful_match_is_held_for_a_person() {
    let hub = fresh().await;
    let (row, _, lookup) = lost(&hub).await;
    let seen = LookedUp { finding: Some(Finding::Doubtful), ..absent() };
    assert_eq!(hub.look(lookup, seen, at(121)).await, Settlement::Held(WhyAsk::Doubtful));
    assert_eq!(hub.status(row).await, "held");
}

#[tokio::test]
async fn a_list_that_can_not_be_read_is_tried_for_a_while_and_then_a_person_is_asked() {
    let hub = fresh().await;
    let (row, _, mut lookup) = lost(&hub).await;
    let mut now = at(121);
    let mut looks = 1;
    loop {
        let settled = hub.look(lookup, unreadable(), now).await;
        if settled == Settlement::Held(WhyAsk::NoListing) {
            break;
        }
        assert_eq!(settled, Settlement::LookAgain);
        looks += 1;
        now = hub.next_due().await.unwrap().unwrap();
        lookup = hub.lease_lookup(now).await;
        assert_eq!(lookup.failures, 0);
    }
    assert_eq!((looks, hub.status(row).await), (30, "held"));
}

#[tokio::test]
async fn an_unreadable_list_is_not_a_sign_of_absence() {
    let hub = fresh().await;
    let (_, _, lookup) = lost(&hub).await;
    hub.look(lookup, absent(), at(121)).await;
    let lookup = hub.lease_lookup(at(241)).await;
    assert_eq!(hub.look(lookup, unreadable(), at(241)).await, Settlement::LookAgain);
    let lookup = hub.lease_lookup(at(400)).await;
    assert_eq!(hub.look(lookup, absent(), at(400)).await, Settlement::SendAgain);
}

/// Two messages with the same text to the same person, both lost; their lookups in hand.
async fn both_lost(hub: &TestStore) -> [(i64, AttemptId, LeasedJob); 2] {
    let (first, one) = hub.send(ANNA, ambiguous(), at(0)).await;
    let (second, two) = hub.send(ANNA, ambiguous(), at(1)).await;
    let jobs = hub.lease(at(130)).await;
    let of = |row| *jobs.iter().find(|job| job.message == row).unwrap();
    [(first, one, of(first)), (second, two, of(second))]
}

#[tokio::test]
async fn two_lookups_can_not_take_the_same_message() {
    let hub = fresh().await;
    let [(first, _, one), (second, _, two)] = both_lost(&hub).await;
    assert_eq!(hub.look(one, found("SM1"), at(130)).await, Settlement::Found(sid("SM1")));
    assert_eq!(hub.look(two, found("SM1"), at(130)).await, Settlement::LookAgain);
    assert_eq!((hub.sid(first).await.as_deref(), hub.sid(second).await), (Some("SM1"), None));
    assert_eq!(hub.known_sids(vec![sid("SM1"), sid("SM2")]).await.unwrap(), [sid("SM1")]);
    let two = hub.lease_lookup(at(140)).await;
    assert_eq!((two.message, two.failures), (second, 0));
    assert_eq!(hub.look(two, found("SM2"), at(140)).await, Settlement::Found(sid("SM2")));
}

#[tokio::test]
async fn a_certain_claim_takes_a_concluded_sid_away_and_the_loser_is_looked_up_again() {
    let hub = fresh().await;
    let [(first, loser, one), (second, owner, two)] = both_lost(&hub).await;
    hub.look(one, found("SM2"), at(130)).await;
    hub.apply_status(failure("SM2", "undelivered", 30003), at(131)).await.unwrap();
    assert_eq!((hub.status(first).await, hub.row(first).await.error_code), ("undelivered", Some(30003)));
    // Now Twilio names the attempt that SM2 came from.
    hub.apply_status(named(owner, "SM2", "delivered"), at(132)).await.unwrap();
    let message = hub.row(second).await;
    assert_eq!((message.sid, message.status.as_str()), (Some(sid("SM2")), "delivered"));
    assert_eq!(message.error_code, Some(30003));
    assert_eq!(hub.status_reports(second).await.unwrap().len(), 2);
    let message = hub.row(first).await;
    assert_eq!((message.sid, message.status.as_str(), message.error_code), (None, "unknown", None));
    assert!(hub.status_reports(first).await.unwrap().is_empty());
    assert!(hub.reconcile_facts(loser).await.unwrap().open);
    assert_eq!(hub.look(two, absent(), at(133)).await, Settlement::SettledBefore);
    let again = hub.lease_lookup(at(133)).await;
    assert_eq!((again.message, again.attempt), (first, Some(loser)));
    assert_eq!(hub.look(again, found("SM1"), at(133)).await, Settlement::Found(sid("SM1")));
}

#[tokio::test]
async fn the_late_answer_confirms_a_concluded_sid() {
    let hub = fresh().await;
    let [(first, one, lookup), (_, two, _)] = both_lost(&hub).await;
    hub.look(lookup, found("SM1"), at(130)).await;
    hub.apply_status(named(one, "SM1", "sent"), at(131)).await.unwrap();
    // From now on nobody takes it away.
    hub.apply_status(named(two, "SM1", "sent"), at(132)).await.unwrap();
    assert_eq!(hub.sid(first).await.as_deref(), Some("SM1"));
}

#[tokio::test]
async fn a_lookup_knows_of_other_calls_to_the_same_person() {
    let hub = fresh().await;
    let (_, attempt, _) = lost(&hub).await;
    let facts = hub.reconcile_facts(attempt).await.unwrap();
    assert!(facts.open && !facts.call_under_way && facts.other_texts.is_empty());
    assert_eq!((facts.to.as_str(), facts.body.as_str(), facts.started_at), (ANNA, "Dzień dobry", at(0)));
    // Others to somebody else, or with an answer, don't matter.
    let (_, job) = hub.queue_leased(outbound(Origin::Api, PIOTR, "do Piotra"), at(121)).await;
    hub.call(job, at(121)).await;
    hub.send(PIOTR, ambiguous(), at(121)).await;
    hub.send(ANNA, accepted("SM9"), at(121)).await;
    let facts = hub.reconcile_facts(attempt).await.unwrap();
    assert!(!facts.call_under_way && facts.other_texts.is_empty());
    let (_, job) = hub.queue_leased(outbound(Origin::Api, ANNA, "druga"), at(122)).await;
    let (second, _) = hub.call(job, at(122)).await;
    assert!(hub.reconcile_facts(attempt).await.unwrap().call_under_way);
    hub.finish(job, second, ambiguous(), at(123)).await;
    let facts = hub.reconcile_facts(attempt).await.unwrap();
    assert_eq!((facts.call_under_way, facts.other_texts), (false, vec!["druga".to_owned()]));
}

#[tokio::test]
async fn an_attempt_under_way_is_not_open_for_a_lookup() {
    let hub = fresh().await;
    let (_, job) = hub.queue_leased(outbound(Origin::Api, ANNA, "raz"), at(0)).await;
    let (attempt, _) = hub.call(job, at(0)).await;
    assert!(!hub.reconcile_facts(attempt).await.unwrap().open);
    let job = hub.lease_one(at(LEASE_SECONDS)).await;
    hub.begin(job, at(LEASE_SECONDS)).await;
    assert!(hub.reconcile_facts(attempt).await.unwrap().open);
}
