//! What is removed after a week, and what never is.

use hub_domain::message::Origin;

use crate::{
    harness::fresh,
    words::{ANNA, accepted, at, outbound, report},
};

const WEEK: i64 = 7 * 24 * 3600;

#[tokio::test]
async fn events_go_after_a_week_a_few_at_a_time_and_reports_never() {
    let hub = fresh().await;
    let (row, _) = hub.send(ANNA, accepted("SM1"), at(0)).await;
    for second in 1..600 {
        let status = if second % 2 == 0 { "sent" } else { "sending" };
        hub.apply_status(report("SM1", status), at(second)).await.unwrap();
        hub.queue(outbound(Origin::Api, ANNA, "raz"), at(second)).await;
    }
    let before = hub.events().await.len();
    assert!(before > 550, "{before}");
    assert_eq!(hub.tidy(at(WEEK)).await.unwrap(), 0);
    let now = at(WEEK + 590);
    let mut rounds = Vec::new();
    loop {
        let removed = hub.tidy(now).await.unwrap();
        if removed == 0 {
            break;
        }
        assert!(removed <= 500, "{removed}");
        rounds.push(removed);
    }
    assert!(rounds.len() > 1, "{rounds:?}");
    let left = hub.events().await;
    assert_eq!(left.len(), before - rounds.iter().sum::<usize>());
    assert!(left.iter().all(|event| event.at >= at(590)) && !left.is_empty());
    assert_eq!(hub.status_reports(row).await.unwrap().len(), 599);
    // Numbers go on: a panel's Last-Event-ID never means another event.
    let last = left.last().unwrap().id;
    hub.tidy(at(9 * WEEK)).await.unwrap();
    hub.queue(outbound(Origin::Api, ANNA, "raz"), at(9 * WEEK)).await;
    assert!(hub.events().await.last().unwrap().id > last);
}
