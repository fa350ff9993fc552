//! Status callbacks: in any order, repeated, early, unknown.

use hub_domain::message::StatusReport;
use hub_store::StatusApplied;
use tokio::task::JoinSet;

use crate::{
    harness::{TestStore, fresh},
    words::{ANNA, accepted, at, failure, inbound, named, report},
};

async fn apply(hub: &TestStore, report: StatusReport) -> StatusApplied {
    hub.apply_status(report, at(10)).await.unwrap()
}

fn orders(of: usize) -> Vec<Vec<usize>> {
    if of == 0 {
        return vec![Vec::new()];
    }
    let with_last = |order: Vec<usize>| {
        (0..of).map(move |place| [&order[..place], &[of - 1], &order[place..]].concat()).collect::<Vec<_>>()
    };
    orders(of - 1).into_iter().flat_map(with_last).collect()
}

#[tokio::test]
async fn every_order_of_six_reports_ends_in_the_same_place() {
    let hub = fresh().await;
    let mut messages = JoinSet::new();
    let orders = orders(6);
    assert_eq!(orders.len(), 720);
    let hub = std::sync::Arc::new(hub);
    for (number, order) in orders.into_iter().enumerate() {
        let hub = std::sync::Arc::clone(&hub);
        messages.spawn(async move {
            let sid = format!("SM{number}");
            let (row, _) = hub.send(&format!("+48500{:06}", 100_000 + number), accepted(&sid), at(0)).await;
            let reports = [
                report(&sid, "queued"),
                report(&sid, "sending"),
                report(&sid, "sent"),
                failure(&sid, "failed", 30003),
                failure(&sid, "undelivered", 30008),
                failure(&sid, "undelivered", 30005),
            ];
            for place in &order {
                apply(&hub, reports[*place].clone()).await;
            }
            let message = hub.row(row).await;
            assert_eq!(
                (message.status.as_str(), message.error_code),
                ("undelivered", Some(30005)),
                "{order:?}"
            );
            assert_eq!(hub.status_reports(row).await.unwrap().len(), 6);
        });
    }
    messages.join_all().await;
}

#[tokio::test]
async fn a_late_report_never_pulls_a_message_back() {
    let hub = fresh().await;
    let (row, _) = hub.send(ANNA, accepted("SM1"), at(0)).await;
    assert_eq!(apply(&hub, report("SM1", "delivered")).await, StatusApplied::Moved);
    assert_eq!(apply(&hub, report("SM1", "sent")).await, StatusApplied::Unchanged);
    assert_eq!(apply(&hub, report("SM1", "delivered")).await, StatusApplied::Unchanged);
    assert_eq!(hub.status(row).await, "delivered");
    assert_eq!(apply(&hub, report("SM1", "read")).await, StatusApplied::Moved);
    assert_eq!(hub.status(row).await, "read");
}

#[tokio::test]
async fn an_error_once_seen_is_not_erased() {
    let hub = fresh().await;
    let (row, _) = hub.send(ANNA, accepted("SM1"), at(0)).await;
    apply(&hub, failure("SM1", "undelivered", 30003)).await;
    apply(&hub, report("SM1", "delivered")).await;
    let message = hub.row(row).await;
    assert_eq!((message.status.as_str(), message.error_code), ("delivered", Some(30003)));
}

#[tokio::test]
async fn every_report_is_logged_also_one_with_an_unknown_status() {
    let hub = fresh().await;
    let (row, _) = hub.send(ANNA, accepted("SM1"), at(0)).await;
    assert_eq!(apply(&hub, failure("SM1", "teleported", 1)).await, StatusApplied::UnknownStatus);
    assert_eq!(apply(&hub, report("SM1", "sent")).await, StatusApplied::Moved);
    assert_eq!(apply(&hub, report("SM1", "sent")).await, StatusApplied::Unchanged);
    let log: Vec<_> = hub.status_reports(row).await.unwrap();
    let words: Vec<_> = log.iter().map(|report| (report.status.as_str(), report.error_code)).collect();
    assert_eq!(words, [("teleported", Some(1)), ("sent", None), ("sent", None)]);
    assert_eq!(hub.status(row).await, "sent");
}

#[tokio::test]
async fn a_report_that_comes_before_its_sid_is_known_is_applied_once_it_is() {
    let hub = fresh().await;
    assert_eq!(apply(&hub, failure("SM1", "undelivered", 30003)).await, StatusApplied::UnknownSid);
    assert_eq!(apply(&hub, report("SM1", "sent")).await, StatusApplied::UnknownSid);
    let (row, _) = hub.send(ANNA, accepted("SM1"), at(20)).await;
    let message = hub.row(row).await;
    assert_eq!((message.status.as_str(), message.error_code), ("undelivered", Some(30003)));
    assert_eq!(hub.status_reports(row).await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_report_about_a_customers_message_changes_nothing() {
    let hub = fresh().await;
    let row = hub.receive(inbound("SM1"), at(0)).await;
    assert_eq!(apply(&hub, report("SM1", "delivered")).await, StatusApplied::UnknownSid);
    assert_eq!(hub.status(row).await, "received");
}

#[tokio::test]
async fn a_report_that_names_an_attempt_of_somebody_else_is_kept_for_its_sid() {
    let hub = fresh().await;
    let strange = named(crate::words::attempt_id(), "SM1", "sent");
    assert_eq!(apply(&hub, strange).await, StatusApplied::UnknownSid);
    let (row, _) = hub.send(ANNA, accepted("SM1"), at(20)).await;
    assert_eq!(hub.status(row).await, "sent");
}
