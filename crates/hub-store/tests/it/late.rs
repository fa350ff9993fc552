//! Answers that were written in time and whose turn to leave comes late.

use hub_domain::{message::Origin, reply::ReplyDecision};
use hub_store::{Approved, Begun, LeasedJob, ReplySettled, Submitted};

use crate::{
    harness::{TestStore, fresh, worker},
    replies::echo,
    words::{ANNA, accepted, at, inbound, outbound, part_ids},
};

/// The first second in which an answer to a text of second 0 is late.
const LATE: i64 = 15 * 60 + 1;

/// Anna writes in that second and is answered at once; the answer and its job.
async fn answered(hub: &TestStore, number: i64, body: &str, second: i64) -> (i64, LeasedJob) {
    let before = hub.written().await.len();
    let text = hub.receive(inbound(&format!("SM{number}")).saying(body), at(second)).await;
    let reply = hub.lease(at(second)).await.into_iter().find(|job| job.message == text).unwrap();
    let settled = hub.settle_reply(reply, echo().into(), None, part_ids(), at(second)).await.unwrap();
    assert!(matches!(settled, ReplySettled::Decided(ReplyDecision::Answer { .. })), "{settled:?}");
    let answer = hub.written().await[before].row;
    let job = hub.lease(at(second)).await.into_iter().find(|job| job.message == answer);
    (answer, job.unwrap_or(LeasedJob { message: answer, ..reply }))
}

async fn reason(hub: &TestStore, row: i64) -> (&'static str, Option<String>) {
    let message = hub.row(row).await;
    (message.status.as_str(), message.error_text)
}

#[tokio::test]
async fn an_answer_leaves_within_a_quarter_of_an_hour_of_its_text_or_waits_for_a_person() {
    for (second, is_held) in [(LATE - 1, false), (LATE, true)] {
        let hub = fresh().await;
        let (row, job) = answered(&hub, 1, "halo", 0).await;
        let (_, begun) = hub.begin(job, at(second)).await;
        assert_eq!(begun == Begun::Held, is_held, "{begun:?}");
        if is_held {
            assert_eq!(reason(&hub, row).await, ("held", Some("stale_reply".to_owned())));
            assert_eq!(hub.outcomes(row).await, [""; 0]);
            // A person may send it however late.
            assert_eq!(hub.approve_held(row, at(second + 1)).await.unwrap(), Approved::Queued);
            let job = hub.lease_one(at(2 * LATE)).await;
            hub.call(job, at(2 * LATE)).await;
        }
    }
}

#[tokio::test]
async fn of_several_that_would_leave_late_the_one_to_the_latest_text_is_left() {
    let hub = fresh().await;
    let (first, job) = answered(&hub, 1, "raz", 0).await;
    let (second, _) = answered(&hub, 2, "dwa", 1).await;
    assert_eq!(hub.begin(job, at(2 * LATE)).await.1, Begun::Held);
    let job = hub.lease_one(at(2 * LATE)).await;
    assert_eq!(hub.begin(job, at(2 * LATE)).await.1, Begun::Held);
    assert_eq!(reason(&hub, first).await, ("canceled", Some("superseded".to_owned())));
    assert_eq!(reason(&hub, second).await, ("held", Some("stale_reply".to_owned())));
}

#[tokio::test]
async fn an_opt_out_cancels_a_late_answer_first() {
    let hub = fresh().await;
    let (row, job) = answered(&hub, 1, "halo", 0).await;
    hub.receive(inbound("SM2").saying("STOP"), at(5)).await;
    assert!(matches!(hub.begin(job, at(LATE)).await.1, Begun::Blocked(_)));
    assert_eq!(reason(&hub, row).await, ("canceled", Some("opted_out".to_owned())));
}

#[tokio::test]
async fn the_rest_of_an_answer_that_was_begun_in_time_leaves_late_too() {
    let hub = fresh().await;
    let (first, job) = answered(&hub, 1, &"a".repeat(1600), 0).await;
    let (attempt, _) = hub.call(job, at(LATE - 1)).await;
    hub.finish(job, attempt, accepted("SMours"), at(LATE - 1)).await;
    let rest = hub.lease_one(at(LATE)).await;
    assert_ne!(rest.message, first);
    hub.call(rest, at(LATE)).await;
}

#[tokio::test]
async fn what_is_no_machines_answer_leaves_however_late() {
    let hub = fresh().await;
    let others = Origin::ALL.into_iter().filter(|origin| !origin.is_automatic_reply());
    for (number, origin) in others.enumerate() {
        let message = outbound(origin, ANNA, "Dzień dobry");
        let submitted = hub.submit(message, Some(worker("w")), at(1)).await.unwrap();
        let Submitted::Queued { lease: Some(job), .. } = submitted else { panic!("{submitted:?}") };
        let (attempt, _) = hub.call(job, at(2 * LATE)).await;
        hub.finish(job, attempt, accepted(&format!("SM{number}")), at(2 * LATE)).await;
    }
}
