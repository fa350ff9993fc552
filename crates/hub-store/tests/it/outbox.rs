//! Writing a message of ours: once, with its job, or not at all.

use hub_domain::{
    attempt::AttemptOutcome,
    job::JobKind,
    message::{ConversationMode, Direction, Origin},
    sending::Blocked,
    status::DeliveryStatus,
};
use hub_store::{Begun, EventKind, NewOutbound, Submitted};

use crate::{
    harness::{fresh, worker},
    words::{ANNA, US, at, inbound, outbound, sid},
};

#[tokio::test]
async fn a_message_is_written_with_its_job_and_its_event() {
    let hub = fresh().await;
    let row = hub.queue(outbound(Origin::Api, ANNA, "Zażółć\0\r\n👋"), at(3)).await;
    let message = hub.row(row).await;
    assert_eq!(message.direction, Direction::Outbound);
    assert_eq!((message.from.as_str(), message.to.as_str()), (US, ANNA));
    assert_eq!((message.body.as_str(), message.origin), ("Zażółć\0\r\n👋", Some(Origin::Api)));
    assert_eq!((message.status.as_str(), message.sid, message.created_at), ("pending", None, at(3)));
    let jobs = hub.open_jobs(JobKind::Deliver).await;
    assert_eq!(jobs.iter().map(|job| (job.message, job.due_at)).collect::<Vec<_>>(), [(row, at(3))]);
    assert_eq!(hub.events().await.iter().map(|event| event.kind).collect::<Vec<_>>(), [EventKind::Written]);
}

#[tokio::test]
async fn one_identifier_submitted_twice_is_one_message() {
    let hub = fresh().await;
    let message = outbound(Origin::Api, ANNA, "raz");
    let row = hub.queue(message.clone(), at(0)).await;
    let second =
        hub.submit(NewOutbound { body: "dwa".to_owned(), ..message }, Some(worker("w")), at(1)).await;
    assert!(matches!(second, Ok(Submitted::Duplicate(known)) if known == row));
    assert_eq!((hub.all().await.len(), hub.open_jobs(JobKind::Deliver).await.len()), (1, 1));
    assert_eq!(hub.row(row).await.body, "raz");
}

#[tokio::test]
async fn a_job_taken_while_submitting_is_nobody_elses() {
    let hub = fresh().await;
    let (row, job) = hub.queue_leased(outbound(Origin::Cli, ANNA, "raz"), at(0)).await;
    assert_eq!((job.message, job.kind), (row, JobKind::Deliver));
    assert!(hub.lease(at(1)).await.is_empty());
    let (_, call) = hub.call(job, at(1)).await;
    assert_eq!((call.to.as_str(), call.from.as_str(), call.body.as_str()), (ANNA, US, "raz"));
}

#[tokio::test]
async fn a_message_to_someone_who_opted_out_is_not_written() {
    let hub = fresh().await;
    hub.receive(inbound("SM1").saying("STOP"), at(0)).await;
    let before = (hub.all().await, hub.jobs(100).await.unwrap(), hub.events().await);
    for origin in [Origin::Human, Origin::Api, Origin::Cli, Origin::Template, Origin::Bot] {
        for to in [ANNA, "whatsapp:+48500100200"] {
            let answer = hub.submit(outbound(origin, to, "raz"), None, at(1)).await;
            assert!(matches!(answer, Ok(Submitted::Blocked(Blocked::OptedOut))), "{origin} {to}");
        }
    }
    assert_eq!((hub.all().await, hub.jobs(100).await.unwrap(), hub.events().await), before);
}

#[tokio::test]
async fn while_a_person_is_in_charge_only_automatic_replies_are_refused() {
    let hub = fresh().await;
    hub.receive(inbound("SM1"), at(0)).await;
    hub.set_mode(ANNA.to_owned(), ConversationMode::Human, Some(at(60))).await.unwrap();
    for origin in [Origin::Template, Origin::Bot] {
        let answer = hub.submit(outbound(origin, ANNA, "raz"), None, at(1)).await;
        assert!(matches!(answer, Ok(Submitted::Blocked(Blocked::HumanInCharge))), "{origin}");
    }
    for origin in [Origin::Human, Origin::Api, Origin::Cli] {
        hub.queue(outbound(origin, ANNA, "raz"), at(1)).await;
    }
    // The takeover is over.
    hub.queue(outbound(Origin::Bot, ANNA, "raz"), at(60)).await;
}

#[tokio::test]
async fn the_sender_that_a_messaging_service_chose_is_kept() {
    let hub = fresh().await;
    let message = NewOutbound {
        from: String::new(),
        service: Some("MG1".to_owned()),
        ..outbound(Origin::Api, ANNA, "raz")
    };
    let (row, job) = hub.queue_leased(message, at(0)).await;
    let (attempt, begun) = hub.begin(job, at(0)).await;
    assert!(
        matches!(begun, Begun::Call(call) if call.from.is_empty() && call.service.as_deref() == Some("MG1"))
    );
    let outcome = AttemptOutcome::Accepted {
        sid: sid("SM1"),
        status: DeliveryStatus::Accepted,
        from: Some("+15005550001".to_owned()),
    };
    hub.finish(job, attempt, outcome, at(1)).await;
    assert_eq!((hub.row(row).await.from.as_str(), hub.status(row).await), ("+15005550001", "accepted"));
}
