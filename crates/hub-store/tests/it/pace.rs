//! A sender's messages leave at its rate, across processes; a person's overtakes; a full queue pauses the sender.

use std::sync::Arc;

use hub_domain::{
    message::Origin,
    pace::{Rate, Rates},
};
use hub_store::{Begun, LeasedJob, NewOutbound, SqliteOptions, Store, Submitted, Terms};

use crate::{
    harness::{TestStore, fresh},
    words::{accepted, at, at_ms, attempt_id, outbound, refused},
};

/// One segment a second, but for one service.
fn terms() -> Arc<Terms> {
    let by_sender = [("MG1".to_owned(), Rate::default())].into();
    let rates = Rates { usual: Rate::per_second(1), by_sender };
    Arc::new(Terms { rates, ..Terms::default() })
}

/// A message to a person of its own.
fn to(number: usize, origin: Origin) -> NewOutbound {
    outbound(origin, &format!("+485001002{number:02}"), "raz")
}

/// Begins the delivery of a message written now and finishes the call if there is one.
async fn leaves(hub: &TestStore, message: NewOutbound, second: i64) -> Begun {
    let (_, job) = hub.queue_leased(message, at(second)).await;
    goes_on(hub, job, second).await
}

async fn goes_on(hub: &TestStore, job: LeasedJob, second: i64) -> Begun {
    let (attempt, now) = (attempt_id(), at(second));
    let begun = hub.begin_attempt(job, attempt, terms(), now).await.unwrap();
    if matches!(begun, Begun::Call(_)) {
        hub.finish(job, attempt, accepted(&format!("SM{}", job.message)), now).await;
    }
    begun
}

#[tokio::test]
async fn each_message_gets_a_moment_and_goes_straight_through_then() {
    let hub = fresh().await;
    // The burst of a second, then one a second; the fifth asks again when the last moment given has passed.
    assert!(matches!(leaves(&hub, to(0, Origin::Api), 0).await, Begun::Call(_)));
    assert!(matches!(leaves(&hub, to(1, Origin::Api), 0).await, Begun::Call(_)));
    for (number, moment) in [(2, 1), (3, 2), (4, 3), (5, 4), (6, 5)] {
        assert_eq!(leaves(&hub, to(number, Origin::Api), 0).await, Begun::Paced(at(moment)), "{number}");
    }
    assert!(hub.lease(at_ms(999)).await.is_empty());
    assert_eq!(hub.next_due().await.unwrap(), Some(at(1)));
    for (second, row) in [(1, 3), (2, 4), (3, 5)] {
        let job = hub.lease_one(at(second)).await;
        assert_eq!((job.message, job.failures), (row, 0));
        assert!(matches!(goes_on(&hub, job, second).await, Begun::Call(_)), "{second}");
    }
    // These had no moment of their own yet.
    for second in [4, 5] {
        let job = hub.lease_one(at(second)).await;
        assert!(matches!(goes_on(&hub, job, second).await, Begun::Call(_)), "{second}");
    }
    assert_eq!(hub.next_due().await.unwrap(), None);
    for row in 1..=7 {
        assert_eq!(hub.outcomes(row).await, ["accepted"], "each was called for once");
    }
}

#[tokio::test]
async fn a_person_waits_for_a_few_seconds_of_a_campaign_and_no_longer() {
    let hub = fresh().await;
    for number in 0..50 {
        leaves(&hub, to(number, Origin::Api), 0).await;
    }
    assert_eq!(leaves(&hub, to(60, Origin::Human), 0).await, Begun::Paced(at(4)));
    assert_eq!(leaves(&hub, to(61, Origin::OptOutConfirmation), 0).await, Begun::Paced(at(5)));
    // Nor does a later one: the campaign has not taken the moments before it meanwhile.
    assert_eq!(leaves(&hub, to(62, Origin::Human), 1).await, Begun::Paced(at(6)));
}

#[tokio::test]
async fn a_moment_outlives_the_process() {
    let hub = fresh().await;
    for number in 0..3 {
        leaves(&hub, to(number, Origin::Api), 0).await;
    }
    hub.close();
    let again = Store::open_sqlite(&SqliteOptions::new(hub.path())).unwrap();
    let worker = crate::harness::worker("w");
    let kind = hub_domain::job::JobKind::Deliver;
    assert!(again.lease_jobs(worker.clone(), kind, 10, at_ms(999)).await.unwrap().is_empty());
    let job = again.lease_jobs(worker, kind, 10, at(1)).await.unwrap()[0];
    let begun = again.begin_attempt(job, attempt_id(), terms(), at(1)).await.unwrap();
    assert!(matches!(begun, Begun::Call(_)), "{begun:?}");
    // Nor does one that was not written yet come before them.
    let submitted = again.submit(to(9, Origin::Api), Some(crate::harness::worker("w")), at(1)).await.unwrap();
    let Submitted::Queued { lease: Some(job), .. } = submitted else { panic!("{submitted:?}") };
    let begun = again.begin_attempt(job, attempt_id(), terms(), at(1)).await.unwrap();
    assert_eq!(begun, Begun::Paced(at(2)));
}

#[tokio::test]
async fn senders_do_not_wait_for_each_other() {
    let hub = fresh().await;
    for number in 0..4 {
        leaves(&hub, to(number, Origin::Api), 0).await;
    }
    let other = NewOutbound { from: "+15005550001".to_owned(), ..to(10, Origin::Api) };
    assert!(matches!(leaves(&hub, other, 0).await, Begun::Call(_)));
    for number in 20..40 {
        let service = Some("MG1".to_owned());
        let through = NewOutbound { from: String::new(), service, ..to(number, Origin::Api) };
        assert!(matches!(leaves(&hub, through, 0).await, Begun::Call(_)), "{number}");
    }
}

#[tokio::test]
async fn a_long_text_takes_as_much_as_its_segments() {
    let hub = fresh().await;
    let long = NewOutbound { body: "a".repeat(400), ..to(0, Origin::Api) };
    assert!(matches!(leaves(&hub, long, 0).await, Begun::Call(_)));
    assert_eq!(leaves(&hub, to(1, Origin::Api), 0).await, Begun::Paced(at(2)));
}

#[tokio::test]
async fn a_full_queue_at_twilio_pauses_the_sender_once_for_all() {
    let hub = fresh().await;
    let unlimited = Arc::new(Terms::default());
    let mut jobs = Vec::new();
    for number in 0..5 {
        jobs.push(hub.queue_leased(to(number, Origin::Api), at(0)).await.1);
    }
    let (attempt, _) = hub.call(jobs[0], at(0)).await;
    hub.finish(jobs[0], attempt, refused(400, 21611), at(0)).await;
    for job in &jobs[1..] {
        assert_eq!(hub.begin_on(&unlimited, *job, at(1)).await, Begun::Paced(at(600)));
    }
    let other = NewOutbound { from: "+15005550001".to_owned(), ..to(10, Origin::Api) };
    let (_, job) = hub.queue_leased(other, at(1)).await;
    assert!(matches!(hub.begin_on(&unlimited, job, at(1)).await, Begun::Call(_)));
    assert!(hub.lease(at(110)).await.is_empty());
    let due = hub.lease_jobs(crate::harness::worker("w"), hub_domain::job::JobKind::Deliver, 10, at(600));
    let due = due.await.unwrap();
    assert_eq!(due.len(), 5 + 1, "the call of the other sender had no outcome");
    let ours: Vec<_> = due.into_iter().filter(|due| due.message <= 5).collect();
    for job in ours {
        assert!(matches!(hub.begin_on(&unlimited, job, at(600)).await, Begun::Call(_)));
    }
    assert_eq!(hub.outcomes(1).await, ["refused", "-"]);
    assert_eq!(hub.outcomes(2).await, ["-"], "it was never called for in the pause");
}

#[tokio::test]
async fn what_waits_for_its_pace_keeps_its_place_in_the_conversation() {
    let hub = fresh().await;
    for number in 0..50 {
        leaves(&hub, to(number, Origin::Api), 0).await;
    }
    let first = leaves(&hub, to(60, Origin::Api), 0).await;
    let Begun::Paced(moment) = first else { panic!("{first:?}") };
    let first_row = 51;
    let second = hub.queue(to(60, Origin::Api), at(0)).await;
    // Long after the hold of a minute: nothing is wrong with the first, so it is not overtaken.
    assert!(moment < at(60), "{moment}");
    for number in 70..99 {
        leaves(&hub, to(number, Origin::Human), 1).await;
    }
    let mut left = Vec::new();
    for second in 1..400 {
        for job in hub.lease(at(second)).await {
            if let Begun::Call(_) = goes_on(&hub, job, second).await {
                left.push(job.message);
            }
        }
    }
    let place = |row: i64| left.iter().position(|left| *left == row).unwrap();
    assert!(place(first_row) < place(second));
    assert_eq!(hub.next_due().await.unwrap(), None);
}

#[tokio::test]
async fn one_given_back_can_be_taken_again_by_who_had_it() {
    let hub = fresh().await;
    leaves(&hub, to(0, Origin::Api), 0).await;
    leaves(&hub, to(1, Origin::Api), 0).await;
    let (_, job) = hub.queue_leased(to(2, Origin::Api), at(0)).await;
    assert_eq!(goes_on(&hub, job, 0).await, Begun::Paced(at(1)));
    let cli = || crate::harness::worker("cli:1");
    assert_eq!(hub.lease_job(cli(), job.id, at_ms(999)).await.unwrap(), None);
    let again = hub.lease_job(cli(), job.id, at(1)).await.unwrap().unwrap();
    assert_eq!(hub.lease_job(cli(), job.id, at(1)).await.unwrap(), None, "one has it in hand");
    assert!(matches!(goes_on(&hub, again, 1).await, Begun::Call(_)));
    assert_eq!(hub.lease_job(cli(), job.id, at(1)).await.unwrap(), None, "it is done");
}
