//! Automation is switched off while answers wait to leave: they are held, and leave only in time or by a person.

use hub_domain::{
    message::{ConversationMode, Origin},
    sending::Blocked,
    status::MessageStatus,
};
use hub_store::{Approved, Begun, NewOutbound, SwitchedOn};
use proptest::prelude::*;

use crate::{
    harness::{TestStore, fresh},
    words::{ANNA, PIOTR, at, ewa, inbound, outbound},
};

/// Late from then on.
const LATE: i64 = 15 * 60;

async fn switch(hub: &TestStore, on: bool, second: i64) -> SwitchedOn {
    hub.set_automation_enabled(on, ewa(), at(second)).await.unwrap()
}

fn answer(to: &str) -> NewOutbound {
    outbound(Origin::Template, to, "Oddzwonimy.")
}

/// An answer queued at 0 that was held at 1.
async fn held() -> (TestStore, i64) {
    let hub = fresh().await;
    let (row, job) = hub.queue_leased(answer(ANNA), at(0)).await;
    switch(&hub, false, 0).await;
    assert_eq!(hub.begin(job, at(1)).await.1, Begun::Held);
    let message = hub.row(row).await;
    assert_eq!(
        (message.status, message.error_text.as_deref()),
        (MessageStatus::Held, Some("automation_off"))
    );
    assert_eq!(hub.lease(at(100)).await, []);
    (hub, row)
}

/// Whether it leaves when it is taken for delivery next.
async fn leaves(hub: &TestStore, second: i64) -> bool {
    let job = hub.lease_one(at(second)).await;
    matches!(hub.begin(job, at(second)).await.1, Begun::Call(_))
}

#[tokio::test]
async fn what_is_held_leaves_when_automation_is_back_in_time() {
    let (hub, row) = held().await;
    assert_eq!(switch(&hub, true, LATE).await, SwitchedOn { let_go: 1, left: 0 });
    assert_eq!(hub.status(row).await, "pending");
    assert!(leaves(&hub, LATE).await);
}

#[tokio::test]
async fn what_is_late_by_then_waits_for_a_person() {
    let (hub, row) = held().await;
    assert_eq!(switch(&hub, true, LATE + 1).await, SwitchedOn { let_go: 0, left: 1 });
    assert_eq!((hub.status(row).await, hub.lease(at(LATE + 2)).await.len()), ("held", 0));
    // Off and on again makes it no younger, and tells of it no second time.
    switch(&hub, false, LATE + 3).await;
    assert_eq!(switch(&hub, true, LATE + 4).await, SwitchedOn::default());
    assert_eq!(hub.status(row).await, "held");
    assert_eq!(hub.approve_held(row, at(LATE + 5)).await.unwrap(), Approved::Queued);
    assert!(leaves(&hub, LATE + 6).await);
}

/// Leftovers that are late, of earlier days when automation was off.
const LEFTOVERS: i64 = 250;

#[tokio::test]
async fn leftovers_stop_nobody_elses_answer() {
    let hub = fresh().await;
    let mut queued = Vec::new();
    for number in 0..LEFTOVERS {
        queued.push(hub.queue_leased(answer(&format!("+48500{number:06}")), at(0)).await);
    }
    switch(&hub, false, 0).await;
    for (_, job) in queued {
        assert_eq!(hub.begin(job, at(1)).await.1, Begun::Held);
    }
    let all = u32::try_from(LEFTOVERS).unwrap();
    assert_eq!(switch(&hub, true, LATE + 1).await, SwitchedOn { let_go: 0, left: all });
    let mut today = Vec::new();
    for to in [ANNA, PIOTR] {
        today.push(hub.queue_leased(answer(to), at(2 * LATE)).await);
    }
    switch(&hub, false, 2 * LATE).await;
    for (_, job) in &today {
        assert_eq!(hub.begin(*job, at(2 * LATE)).await.1, Begun::Held);
    }
    // Who says it twice doesn't forget what was held before.
    switch(&hub, false, 2 * LATE + 1).await;
    hub.set_mode(PIOTR.to_owned(), ConversationMode::Human, None).await.unwrap();
    assert_eq!(switch(&hub, true, 2 * LATE + 2).await, SwitchedOn { let_go: 1, left: 1 });
    assert_eq!((hub.status(today[0].0).await, hub.status(today[1].0).await), ("pending", "held"));
}

#[tokio::test]
async fn who_was_answered_meanwhile_is_not_answered_twice() {
    for origin in Origin::ALL.into_iter().filter(|origin| !origin.is_automatic_reply()) {
        let (hub, row) = held().await;
        // Another's answer is none.
        hub.queue(outbound(Origin::Human, PIOTR, "Już"), at(2)).await;
        hub.queue(outbound(origin, ANNA, "Już"), at(2)).await;
        let expect = if origin.is_on_behalf_of_a_person() { (0, 1, "held") } else { (1, 0, "pending") };
        // However the takeover by a person ended.
        hub.set_mode(ANNA.to_owned(), ConversationMode::Auto, None).await.unwrap();
        hub.lease(at(3)).await;
        let SwitchedOn { let_go, left } = switch(&hub, true, 3).await;
        assert_eq!((let_go, left, hub.status(row).await), expect, "{origin}");
    }
}

#[tokio::test]
async fn what_a_person_sends_leaves_while_automation_is_off() {
    let (hub, row) = held().await;
    assert_eq!(hub.approve_held(row, at(2)).await.unwrap(), Approved::Queued);
    assert!(leaves(&hub, 3).await);
}

#[tokio::test]
async fn what_a_person_drops_stays_dropped() {
    let (hub, row) = held().await;
    assert!(hub.discard_held(row, at(2)).await.unwrap());
    assert_eq!(switch(&hub, true, 3).await, SwitchedOn::default());
    assert_eq!((hub.status(row).await, hub.lease(at(4)).await.len()), ("canceled", 0));
}

#[tokio::test]
async fn a_takeover_and_a_wish_for_silence_win_over_the_switch() {
    let (hub, _) = held().await;
    hub.set_mode(ANNA.to_owned(), ConversationMode::Human, None).await.unwrap();
    assert_eq!(switch(&hub, true, 2).await, SwitchedOn { let_go: 0, left: 1 });
    let (row, job) = hub.queue_leased(answer(PIOTR), at(3)).await;
    hub.receive(inbound("SMstop").from(PIOTR).saying("STOP"), at(3)).await;
    switch(&hub, false, 4).await;
    assert_eq!(hub.begin(job, at(5)).await.1, Begun::Blocked(Blocked::OptedOut));
    assert_eq!(hub.status(row).await, "canceled");
}

#[tokio::test]
async fn people_programs_and_confirmations_are_not_held() {
    let hub = fresh().await;
    switch(&hub, false, 0).await;
    for (minute, origin) in
        (1_i64..).zip(Origin::ALL.into_iter().filter(|origin| !origin.is_automatic_reply()))
    {
        let (_, job) = hub.queue_leased(outbound(origin, ANNA, "Hej"), at(60 * minute)).await;
        assert!(matches!(hub.begin(job, at(60 * minute)).await.1, Begun::Call(_)), "{origin}");
    }
}

/// A step of what may happen to a queued answer.
#[derive(Clone, Copy, Debug)]
enum Step {
    Switch(bool),
    Deliver,
    Wait(i64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        any::<bool>().prop_map(Step::Switch),
        Just(Step::Deliver),
        (1..LATE).prop_map(Step::Wait),
    ];
    proptest::collection::vec(step, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Whatever the order: nothing automatic leaves while the switch is off, nor by itself once it is late, and what
    /// was held once is let go only as long as it is not.
    #[test]
    fn nothing_leaves_while_it_is_off_and_nothing_held_leaves_late(steps in steps()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let hub = fresh().await;
            let row = hub.queue(answer(ANNA), at(0)).await;
            let (mut now, mut on, mut let_go_at) = (0, true, 0);
            for step in steps {
                match step {
                    Step::Wait(seconds) => now += seconds,
                    Step::Switch(to) => {
                        on = to;
                        if switch(&hub, to, now).await.let_go > 0 {
                            let_go_at = now;
                        }
                    }
                    Step::Deliver => {
                        let Some(job) = hub.lease(at(now)).await.pop() else { continue };
                        let (_, begun) = hub.begin(job, at(now)).await;
                        let left = matches!(begun, Begun::Call(_));
                        assert_eq!(left, on && now <= LATE, "{begun:?}");
                        assert!(let_go_at <= LATE);
                        if left {
                            return;
                        }
                        assert_eq!(hub.status(row).await, "held");
                    }
                }
            }
        });
    }
}
