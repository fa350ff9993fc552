//! The recovery's units: what a walk saw, what was missed, statuses that stay open, held messages.

use std::time::Duration;

use hub_domain::{
    address::Address,
    attempt::AttemptOutcome,
    incoming::Elsewhere,
    job::JobKind,
    media::MediaState,
    message::{ConversationMode, Direction, Media, Origin},
    recovery::{Progress, Walk},
    remote::RemoteFacts,
    sending::Blocked,
    status::DeliveryStatus,
};
use hub_store::{Approved, Asked, Begun, Kept, Listed, NewSend, Recorded, SendSubmitted};

use crate::{
    harness::{TestStore, fresh},
    words::{ANNA, US, accepted, ambiguous, at, inbound, message_id, outbound, sid},
};

const MINUTE: Duration = Duration::from_mins(1);

pub(crate) fn listed(message_sid: &str, direction: Direction, second: i64) -> Listed {
    let facts = RemoteFacts {
        sid: sid(message_sid),
        direction,
        them: Address::from_provider(ANNA).unwrap(),
        us: US.to_owned(),
        service: None,
        body: message_sid.to_owned(),
        media_count: 0,
        status: (direction == Direction::Outbound).then_some(DeliveryStatus::Delivered),
        error_code: None,
        created_at: Some(at(second)),
        segments: None,
        price: None,
        price_unit: None,
    };
    Listed { facts, is_news: true }
}

pub(crate) async fn begin(hub: &TestStore, second: i64) -> (Progress, Walk) {
    let progress = Progress::at_first_start(at(0));
    let begun = hub.begin_walk("w".to_owned(), progress, true, at(second)).await.unwrap();
    let walk = begun.walk.clone().unwrap();
    (begun, walk)
}

pub(crate) async fn keep(hub: &TestStore, limit: usize, second: i64) -> usize {
    let ids = (0..limit).map(|_| (message_id(), message_id())).collect();
    hub.keep_missed(ids, Elsewhere::default(), at(second)).await.unwrap().looked_at
}

pub(crate) async fn end(hub: &TestStore, progress: &Progress, walk: Walk, second: i64) {
    let done = progress.after_page(&walk, &[], None);
    hub.page_done("w".to_owned(), walk, done, at(second)).await.unwrap();
}

/// The first can't leave for eleven hours, and the others wait for it.
async fn hold(hub: &TestStore, rows: &[i64]) {
    for second in [1_000, 40_000, 40_000] {
        for job in hub.lease(at(second)).await {
            let (attempt, begun) = hub.begin(job, at(second)).await;
            if let Begun::Call(_) = begun {
                let not_sent = AttemptOutcome::NotSent { reason: "no route".to_owned() };
                hub.finish(job, attempt, not_sent, at(second)).await;
            }
        }
    }
    for row in rows {
        assert_eq!(hub.status(*row).await, "held");
    }
}

#[tokio::test]
async fn missed_texts_are_kept_oldest_first_each_with_its_job() {
    let hub = fresh().await;
    let (progress, walk) = begin(&hub, 1_000).await;
    assert_eq!(hub.recovery_progress("w".to_owned()).await.unwrap(), Some(progress.clone()));
    // As listed: newest first, two within one second.
    let page: Vec<_> = [("SM4", 30), ("SM3", 20), ("SM2", 20), ("SM1", 10)]
        .map(|(name, second)| listed(name, Direction::Inbound, second))
        .into();
    for _ in 0..2 {
        hub.note_listed(walk.clone(), page.clone(), MINUTE, at(1_000)).await.unwrap();
    }
    end(&hub, &progress, walk.clone(), 1_000).await;
    assert_eq!(keep(&hub, 3, 1_000).await, 3);
    assert_eq!(keep(&hub, 3, 1_000).await, 1);
    assert_eq!(keep(&hub, 3, 1_000).await, 0);
    let order: Vec<_> = hub.all().await.into_iter().map(|message| message.body).collect();
    assert_eq!(order, ["SM1", "SM2", "SM3", "SM4"]);
    assert_eq!(hub.open_jobs(JobKind::Reply).await.len(), 4);
    let report = hub.recoveries(None, 10).await.unwrap().remove(0);
    assert_eq!((report.inbound, report.outbound, report.ended_at), (4, 0, Some(at(1_000))));
    assert!(!hub.is_recovered(report.id).await.unwrap());
}

#[tokio::test]
async fn a_fresh_text_waits_for_its_webhook_and_counts_only_if_none_came() {
    let hub = fresh().await;
    let (progress, walk) = begin(&hub, 1_000).await;
    let page = ["SM1", "SM2"].map(|name| listed(name, Direction::Inbound, 990));
    hub.note_listed(walk.clone(), page.into(), MINUTE, at(1_000)).await.unwrap();
    end(&hub, &progress, walk, 1_000).await;
    assert_eq!(hub.recovery_due().await.unwrap().missed, Some(at(1_060)));
    assert_eq!(keep(&hub, 9, 1_059).await, 0);
    hub.receive(inbound("SM1"), at(1_010)).await;
    assert_eq!(keep(&hub, 9, 1_060).await, 2);
    assert_eq!(hub.all().await.len(), 2);
    assert_eq!(hub.recoveries(None, 10).await.unwrap()[0].inbound, 1);
}

#[tokio::test]
async fn a_walk_that_finds_nothing_leaves_no_report_and_one_that_fails_does() {
    let hub = fresh().await;
    let (progress, walk) = begin(&hub, 1_000).await;
    assert!(hub.recoveries(None, 10).await.unwrap().is_empty());
    end(&hub, &progress, walk, 1_001).await;
    let (progress, walk) = begin(&hub, 2_000).await;
    for _ in 0..3 {
        let failed =
            hub.page_failed("w".to_owned(), progress.clone(), "HTTP 500".to_owned(), false, at(2_001));
        failed.await.unwrap();
    }
    end(&hub, &progress, walk, 2_002).await;
    let reports = hub.recoveries(None, 10).await.unwrap();
    let [report] = &reports[..] else { panic!("{reports:?}") };
    assert_eq!((report.failures, report.error.as_deref()), (3, Some("HTTP 500")));
    assert!(hub.recoveries(Some(report.id), 10).await.unwrap().is_empty());
}

#[tokio::test]
async fn what_a_lookup_may_find_stays_aside_until_it_has_looked() {
    let hub = fresh().await;
    let (_, job) = hub.queue_leased(outbound(Origin::Api, ANNA, "raz"), at(0)).await;
    let (attempt, _) = hub.call(job, at(0)).await;
    hub.finish(job, attempt, ambiguous(), at(1)).await;
    let (progress, walk) = begin(&hub, 1_000).await;
    hub.note_listed(walk.clone(), vec![listed("SM1", Direction::Outbound, 1)], MINUTE, at(1_000))
        .await
        .unwrap();
    end(&hub, &progress, walk, 1_000).await;
    assert_eq!(keep(&hub, 9, 1_000).await, 1);
    assert_eq!((hub.all().await.len(), hub.recovery_due().await.unwrap().missed), (1, Some(at(1_120))));
}

/// The texts are kept before the answer to them, which is still aside.
#[tokio::test]
async fn a_text_whose_answer_is_still_aside_counts_as_answered() {
    let hub = fresh().await;
    let (progress, walk) = begin(&hub, 1_000).await;
    let mut opt_out = listed("SM1", Direction::Inbound, 910);
    opt_out.facts.body = "WYPISZ".to_owned();
    let page = vec![
        listed("SM4", Direction::Outbound, 913),
        listed("SM3", Direction::Inbound, 912),
        listed("SM2", Direction::Inbound, 911),
        opt_out,
    ];
    hub.note_listed(walk.clone(), page, Duration::ZERO, at(1_000)).await.unwrap();
    end(&hub, &progress, walk, 1_000).await;
    assert_eq!(keep(&hub, 3, 1_000).await, 3);
    assert_eq!(hub.written().await, []);
    hub.note_consent(ANNA.to_owned(), true, "telefon".to_owned(), at(1_000)).await.unwrap();
    let policy = hub_store::ReplyPolicy { bot_enabled_by_default: true, ..hub_store::ReplyPolicy::default() };
    let policy = std::sync::Arc::new(policy);
    for job in hub.lease(at(1_001)).await {
        let ids = std::array::from_fn(|_| message_id());
        hub.settle_reply(job, policy.clone(), None, ids, at(1_001)).await.unwrap();
    }
    let mut decided = Vec::new();
    for message in hub.all().await {
        decided.push(hub.reply_decision(message.row).await.unwrap().unwrap());
    }
    assert_eq!(decided, ["keyword", "answered_before", "answered_before"]);
    assert_eq!(keep(&hub, 3, 1_001).await, 1);
    assert_eq!(hub.all().await.len(), 4);
}

#[tokio::test]
async fn history_is_decided_and_asks_for_nothing() {
    let hub = fresh().await;
    let seen = [Direction::Inbound, Direction::Outbound];
    let seen = seen.map(|direction| (listed(direction.as_str(), direction, 5).facts, message_id())).into();
    let kept = hub.keep_history(seen, at(1_000)).await.unwrap();
    let [Kept::New(theirs), Kept::New(_)] = kept[..] else { panic!("{kept:?}") };
    assert_eq!(hub.reply_decision(theirs).await.unwrap().as_deref(), Some("imported"));
    assert!(hub.jobs(10).await.unwrap().is_empty());
    assert_eq!(hub.recovery_due().await.unwrap(), hub_store::RecoveryDue::default());
}

/// Brought in long after: what was said last counts, not what was learned last.
#[tokio::test]
async fn a_refusal_in_the_history_counts_until_the_person_came_back() {
    for (came_back, silenced) in [(9, None), (4, Some("twilio_21610"))] {
        let hub = fresh().await;
        let mut refused = listed("SM1", Direction::Outbound, 5).facts;
        (refused.status, refused.error_code) = (Some(DeliveryStatus::Failed), Some(21610));
        let mut start = listed("SM2", Direction::Inbound, came_back).facts;
        start.body = "START".to_owned();
        let mut seen = vec![(refused, message_id()), (start, message_id())];
        seen.sort_by_key(|(facts, _)| facts.created_at);
        hub.keep_history(seen, at(1_000)).await.unwrap();
        assert_eq!(hub.silenced(ANNA).await.as_deref(), silenced, "{came_back}");
    }
}

#[tokio::test]
async fn history_is_read_even_beside_unread_texts() {
    let hub = fresh().await;
    let heard = hub.receive(inbound("SM1"), at(900)).await;
    let seen = ["SM2", "SM3"].map(|name| (listed(name, Direction::Inbound, 5).facts, message_id()));
    let kept = hub.keep_history(seen.into(), at(1_000)).await.unwrap();
    let [Kept::New(first), Kept::New(second)] = kept[..] else { panic!("{kept:?}") };
    let line = hub.line(ANNA).await;
    assert_eq!((line.unread, line.first_unread, line.attention), (1, Some(heard), None));
    // Deleting it, or the text before it, counts none of it.
    hub.delete_messages(vec![second], at(1_001)).await.unwrap();
    assert_eq!(hub.line(ANNA).await.unread, 1);
    hub.delete_messages(vec![heard], at(1_002)).await.unwrap();
    let line = hub.line(ANNA).await;
    assert_eq!((line.unread, line.first_unread), (0, None));
    // A person may mark it all the same.
    hub.mark_unread(line.person.contact, None, at(1_003)).await.unwrap();
    let line = hub.line(ANNA).await;
    assert_eq!((line.unread, line.first_unread), (1, Some(first)));
    hub.delete_messages(vec![first], at(1_004)).await.unwrap();
    assert_eq!(hub.line(ANNA).await.unread, 0);
}

#[tokio::test]
async fn attachments_of_a_recovered_text_are_fetched_when_its_webhook_comes_later() {
    let hub = fresh().await;
    let (progress, walk) = begin(&hub, 1_000).await;
    let missed = vec![listed("SM1", Direction::Inbound, 5)];
    hub.note_listed(walk.clone(), missed, MINUTE, at(1_000)).await.unwrap();
    end(&hub, &progress, walk, 1_000).await;
    assert_eq!(keep(&hub, 9, 1_000).await, 1);
    let media =
        Media { url: "https://api.twilio.com/M1".to_owned(), content_type: Some("image/png".to_owned()) };
    for second in [1_001, 1_002] {
        let webhook = inbound("SM1").with_media(vec![media.clone()]);
        let recorded = hub.record(webhook, at(second)).await;
        let Recorded::Duplicate(row) = recorded else { panic!("{recorded:?}") };
        let states: Vec<_> = hub.attachments(row).await.unwrap().iter().map(|found| found.state).collect();
        assert_eq!(states, [MediaState::Waiting]);
    }
    assert_eq!(hub.open_jobs(JobKind::Media).await.len(), 1);
}

#[tokio::test]
async fn an_open_status_is_due_with_growing_pauses_and_a_final_one_never() {
    let hub = fresh().await;
    let (row, _) = hub.send(ANNA, accepted("SM1"), at(0)).await;
    let seen = |status| {
        let facts = RemoteFacts { status: Some(status), ..listed("SM1", Direction::Outbound, 0).facts };
        vec![Asked { row, seen: Some(facts) }]
    };
    let mut due = Vec::new();
    while let Some(next) = hub.recovery_due().await.unwrap().status {
        assert!(hub.open_statuses(9, next - jiff::SignedDuration::from_secs(1)).await.unwrap().is_empty());
        assert_eq!(hub.open_statuses(9, next).await.unwrap().len(), 1);
        due.push(next.duration_since(at(0)).as_secs() / 60);
        hub.settle_statuses(seen(DeliveryStatus::Sent), next).await.unwrap();
    }
    assert_eq!(due, [10, 60, 360, 1440]);
    assert_eq!(hub.status(row).await, "sent");

    let (other, _) = hub.send(ANNA, accepted("SM2"), at(0)).await;
    assert!(hub.recovery_due().await.unwrap().status.is_some());
    hub.apply_status(crate::words::report("SM2", "delivered"), at(3)).await.unwrap();
    assert_eq!((hub.status(other).await, hub.recovery_due().await.unwrap().status), ("delivered", None));
}

#[tokio::test]
async fn whatever_a_message_was_held_for_a_person_may_send_it_anew() {
    let hub = fresh().await;
    let (row, job) = hub.queue_leased(outbound(Origin::Api, ANNA, "raz"), at(0)).await;
    let (attempt, _) = hub.call(job, at(0)).await;
    hub.finish(job, attempt, ambiguous(), at(1)).await;
    let lookup = hub.lease_lookup(at(200)).await;
    let doubtful = hub_store::LookedUp {
        finding: Some(hub_domain::reconcile::Finding::Doubtful),
        status: None,
        error_code: None,
    };
    hub.look(lookup, doubtful, at(200)).await;
    assert_eq!(hub.status(row).await, "held");
    hub.set_mode(ANNA.to_owned(), ConversationMode::Human, None).await.unwrap();
    assert_eq!(hub.approve_held(row, at(300)).await.unwrap(), Approved::Queued);
    assert_eq!(hub.approve_held(row, at(300)).await.unwrap(), Approved::NotHeld);
    let job = hub.lease_one(at(301)).await;
    let (attempt, _) = hub.call(job, at(301)).await;
    hub.finish(job, attempt, accepted("SM9"), at(302)).await;
    assert_eq!((hub.status(row).await, hub.row(row).await.error_text), ("queued", None));
}

#[tokio::test]
async fn parts_follow_the_decision_about_the_part_before_them() {
    for approved in [true, false] {
        let hub = fresh().await;
        let parts = (1..=3).map(|part| outbound(Origin::Api, ANNA, &format!("część {part}"))).collect();
        let sent = hub.submit_send(NewSend { parts, key: None }, None, at(0)).await.unwrap();
        let SendSubmitted::Queued { rows, .. } = sent else { panic!("{sent:?}") };
        hold(&hub, &rows).await;
        assert_eq!(hub.approve_held(rows[1], at(9)).await.unwrap(), Approved::PartBeforeHeld);
        if approved {
            assert_eq!(hub.approve_held(rows[0], at(9)).await.unwrap(), Approved::Queued);
        } else {
            assert!(hub.discard_held(rows[0], at(9)).await.unwrap());
        }
        for row in rows {
            assert_eq!(hub.status(row).await, if approved { "pending" } else { "canceled" });
        }
    }
}

#[tokio::test]
async fn who_opted_out_is_not_written_to_by_approval() {
    let hub = fresh().await;
    let row = hub.queue(outbound(Origin::Api, ANNA, "raz"), at(0)).await;
    hold(&hub, &[row]).await;
    hub.receive(inbound("SM1").saying("STOP"), at(1)).await;
    assert_eq!(hub.approve_held(row, at(2)).await.unwrap(), Approved::Blocked(Blocked::OptedOut));
    assert_eq!(hub.status(row).await, "held");
    assert!(hub.discard_held(row, at(3)).await.unwrap());
    assert!(!hub.discard_held(row, at(3)).await.unwrap());
}

#[tokio::test]
async fn what_a_clock_ahead_put_off_is_due_once_the_clock_is_right() {
    const AHEAD: i64 = 90 * 24 * 3600;
    let hub = fresh().await;
    let (_, walk) = begin(&hub, AHEAD).await;
    let text = listed("SM1", Direction::Inbound, AHEAD);
    hub.note_listed(walk, vec![text], MINUTE, at(AHEAD)).await.unwrap();
    hub.send(ANNA, accepted("SMours"), at(AHEAD)).await;
    hub.clock_was_set_back(at(0)).await.unwrap();
    let due = hub.recovery_due().await.unwrap();
    assert_eq!((due.missed, due.status), (Some(at(0)), Some(at(0))));
    // What waits as long as it may goes on waiting.
    hub.clock_was_set_back(at(-60)).await.unwrap();
    assert_eq!(hub.recovery_due().await.unwrap(), due);
}

#[tokio::test]
async fn a_question_that_is_put_off_ends_with_the_day() {
    const ASKED: i64 = 600;
    let hub = fresh().await;
    let (row, _) = hub.send(ANNA, accepted("SMours"), at(0)).await;
    assert_eq!(hub.open_statuses(9, at(ASKED)).await.unwrap().len(), 1);
    hub.put_off_statuses(vec![row], at(ASKED)).await.unwrap();
    assert!(hub.open_statuses(9, at(ASKED)).await.unwrap().is_empty());
    assert_eq!(hub.open_statuses(9, at(2 * ASKED)).await.unwrap().len(), 1);
    hub.put_off_statuses(vec![row], at(24 * 3600 + 1)).await.unwrap();
    assert_eq!(hub.recovery_due().await.unwrap().status, None);
}

#[tokio::test]
async fn statuses_settled_by_asking_are_told_in_one_report() {
    let hub = fresh().await;
    for (number, to) in [ANNA, "+48500100300"].into_iter().enumerate() {
        let ours = format!("SM{number}");
        let (row, _) = hub.send(to, accepted(&ours), at(0)).await;
        let mut seen = listed(&ours, Direction::Outbound, 0).facts;
        seen.them = Address::from_provider(to).unwrap();
        for second in [700, 701] {
            let asked = Asked { row, seen: Some(seen.clone()) };
            hub.settle_statuses(vec![asked], at(second)).await.unwrap();
        }
    }
    let told: Vec<_> = hub.recoveries(None, 9).await.unwrap();
    let told: Vec<_> = told.iter().map(|report| (report.inbound, report.statuses, report.ended_at)).collect();
    assert_eq!(told, [(0, 2, Some(at(700)))]);
}
