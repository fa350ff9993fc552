//! The call to Twilio and everything that can go wrong with it.

use std::time::Duration;

use hub_sim::{CreateFault, Faults};

use crate::{
    hub::TestHub,
    setup::Setup,
    talk::{ANNA, PIOTR},
};

const SECOND: Duration = Duration::from_secs(1);
const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

/// A hub that answers Anna's one text while `faults` are on; neither a status callback nor the recovery gives
/// anything away.
async fn answering(faults: Faults) -> TestHub {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy").without_recovery().start().await;
    hub.sim.faults(faults);
    hub.phone(ANNA).writes("Hej");
    hub.run().await;
    hub
}

fn next(faults: &[CreateFault]) -> Faults {
    Faults { next: faults.iter().cloned().collect(), dropped_callbacks: 1.0, ..Faults::default() }
}

/// One fault of the first call: what becomes of it, when the message is Twilio's, and how many calls it took.
async fn check(fault: CreateFault, first: &str, settled_after: Duration, outcomes: &[&str]) {
    let mut hub = answering(next(std::slice::from_ref(&fault))).await;
    let row = hub.only_written().await.row;
    assert_eq!(hub.outcomes(row).await, [first], "{fault:?}");
    assert!(hub.only_written().await.sid.is_none(), "{fault:?}");
    if settled_after > SECOND {
        hub.advance(settled_after.saturating_sub(SECOND)).await;
        assert!(hub.only_written().await.sid.is_none(), "{fault:?} settled too early");
        hub.advance(SECOND).await;
    } else {
        hub.advance(settled_after).await;
    }
    assert_eq!(hub.outcomes(row).await, outcomes, "{fault:?}");
    let message = hub.only_written().await;
    assert_eq!(message.sid.unwrap().as_str(), hub.taken()[0].sid, "{fault:?}");
    assert_eq!(hub.taken().len(), 1, "{fault:?}");
    assert_eq!(hub.sim.counts().creates, outcomes.len(), "{fault:?}");
}

#[tokio::test]
async fn a_call_that_certainly_failed_is_made_again_soon() {
    check(CreateFault::Throttled, "refused", SECOND, &["refused", "accepted"]).await;
    let busy = CreateFault::Refused { status: 400, code: 21611 };
    check(busy, "refused", 10 * MINUTE, &["refused", "accepted"]).await;
}

#[tokio::test]
async fn a_lost_answer_is_looked_up_and_never_called_for_again() {
    for fault in [
        CreateFault::ErrorAfter,
        CreateFault::CutAfter,
        CreateFault::HangAfter,
        CreateFault::Garbage,
        CreateFault::Refused { status: 500, code: 20500 },
    ] {
        if matches!(fault, CreateFault::Refused { .. }) {
            check(fault, "ambiguous", 4 * MINUTE, &["absent", "accepted"]).await;
        } else {
            check(fault, "ambiguous", 2 * MINUTE, &["accepted"]).await;
        }
    }
}

#[tokio::test]
async fn a_lost_call_is_made_once_more_when_twilio_has_shown_twice_that_it_has_nothing() {
    for fault in [CreateFault::ErrorBefore, CreateFault::CutBefore, CreateFault::HangBefore] {
        check(fault, "ambiguous", 4 * MINUTE, &["absent", "accepted"]).await;
    }
}

#[tokio::test]
async fn a_callback_settles_a_lost_answer_before_any_lookup() {
    for fault in
        [CreateFault::ErrorAfter, CreateFault::CutAfter, CreateFault::HangAfter, CreateFault::Garbage]
    {
        let mut hub = answering(Faults { next: [fault].into(), ..Faults::default() }).await;
        hub.advance(5 * SECOND).await;
        let message = hub.only_written().await;
        assert_eq!(message.status.as_str(), "delivered");
        assert_eq!(hub.outcomes(message.row).await, ["accepted"]);
        assert_eq!(hub.sim.counts().requests, 1);
        hub.advance(10 * MINUTE).await;
        assert_eq!(hub.sim.counts().requests, 1, "nothing is left to look up");
    }
}

#[tokio::test]
async fn lookups_wait_two_minutes_and_a_second_lost_call_ends_with_a_person() {
    let mut hub = answering(next(&[CreateFault::CutBefore, CreateFault::CutBefore])).await;
    let begun = hub.now();
    hub.advance(HOUR).await;
    let calls = hub.trace.lines().into_iter().filter(|(_, line)| line.contains("Messages.json"));
    let calls: Vec<(i64, String)> = calls
        .map(|(at, line)| (at.duration_since(begun).as_secs(), line.split(' ').next().unwrap().to_owned()))
        .collect();
    let at = |second: i64, method: &str| (second, method.to_owned());
    assert_eq!(
        calls,
        [at(0, "POST"), at(120, "GET"), at(240, "GET"), at(240, "POST"), at(360, "GET"), at(480, "GET")]
    );
    let message = hub.only_written().await;
    assert_eq!((message.status.as_str(), message.error_text.as_deref()), ("held", Some("lost_twice")));
    assert_eq!(
        hub.listed().await[0]["error"],
        "Nie wiadomo, czy Twilio wysłało tę wiadomość; sprawdź w konsoli Twilio i zdecyduj."
    );
    let health = hub.get("/api/health").await.json();
    assert_eq!((&health["queue"]["held"], &health["queue"]["deliver"]), (&1.into(), &0.into()));
}

#[tokio::test]
async fn a_message_that_shows_late_in_twilios_list_is_still_found() {
    let faults = Faults { list_lag_ms: 180_000, ..next(&[CreateFault::CutAfter]) };
    let mut hub = answering(faults).await;
    hub.advance(3 * MINUTE).await;
    assert_eq!(hub.only_written().await.status.as_str(), "unknown");
    hub.advance(MINUTE).await;
    let message = hub.only_written().await;
    assert_eq!(hub.outcomes(message.row).await, ["accepted"]);
    assert_eq!(hub.taken().len(), 1);
}

#[tokio::test]
async fn a_list_that_cannot_be_read_proves_nothing() {
    let faults = Faults { read_errors: 1.0, ..next(&[CreateFault::CutBefore]) };
    let mut hub = answering(faults).await;
    hub.advance(10 * MINUTE).await;
    assert_eq!(hub.sim.counts().creates, 1);
    hub.sim.faults(Faults::default());
    hub.advance(5 * MINUTE).await;
    assert_eq!(hub.taken().len(), 1);

    let mut hub = answering(Faults { read_errors: 1.0, ..next(&[CreateFault::CutAfter]) }).await;
    hub.advance(24 * HOUR).await;
    let message = hub.only_written().await;
    assert_eq!((message.status.as_str(), message.error_text.as_deref()), ("held", Some("no_listing")));
    assert_eq!(hub.sim.counts().creates, 1);
}

#[tokio::test]
async fn a_refused_message_is_final_and_says_what_to_do() {
    for (code, status, words) in [
        (
            21211,
            "failed",
            "Numer odbiorcy jest niepoprawny – popraw go w formacie +48 500 100 200 i wyślij ponownie. (21211)",
        ),
        (21610, "failed", "(21610)"),
        (12345, "failed", "Refused as planned (12345)"),
    ] {
        let mut hub = answering(next(&[CreateFault::Refused { status: 400, code }])).await;
        hub.advance(24 * HOUR).await;
        let shown = &hub.listed().await[0];
        assert_eq!(shown["status"], status);
        assert!(shown["error"].as_str().unwrap().ends_with(words), "{shown}");
        assert_eq!(hub.sim.counts().creates, 1);
        let opted_out = hub.store().suppression(ANNA.to_owned()).await.unwrap();
        assert_eq!(opted_out.map(|entry| entry.source).as_deref(), (code == 21610).then_some("twilio_21610"));
    }
}

#[tokio::test]
async fn refused_credentials_stop_nothing_for_good() {
    // More of it in `pressure`.
    let unauthorized = CreateFault::Refused { status: 401, code: 20003 };
    let mut hub = answering(next(&[unauthorized.clone(), unauthorized])).await;
    assert_eq!(hub.get("/api/health").await.json()["twilio"], "credentials_refused");
    hub.advance(3 * MINUTE).await;
    assert_eq!(hub.get("/api/health").await.json()["twilio"], "ok");
    let message = hub.only_written().await;
    assert_eq!(hub.outcomes(message.row).await, ["refused", "refused", "accepted"]);
}

#[tokio::test]
async fn when_twilio_was_down_every_reply_is_delivered_exactly_once_afterwards() {
    for cut_off in [true, false] {
        let mut hub = Setup::new().with_bot().start().await;
        if cut_off {
            hub.cut_off(true);
        } else {
            hub.sim.faults(Faults { down: true, ..Faults::default() });
        }
        for number in 0..20 {
            let person = [ANNA, PIOTR][number % 2];
            hub.phone(person).writes(&format!("{number}"));
            hub.advance(7 * SECOND).await;
        }
        hub.advance(5 * MINUTE).await;
        assert!(hub.taken().is_empty());
        hub.cut_off(false);
        hub.sim.faults(Faults::default());
        hub.advance(HOUR).await;
        let mut taken: Vec<String> = hub.taken().into_iter().map(|message| message.body).collect();
        taken.sort_by_key(|body| body[6..].parse::<u32>().unwrap());
        assert_eq!(taken, (0..20).map(|number| format!("Echo: {number}")).collect::<Vec<_>>());
        assert!(hub.written().await.iter().all(|message| message.status.as_str() == "delivered"));
    }
}

#[tokio::test]
async fn what_could_not_leave_for_ten_hours_is_held_for_a_person() {
    let mut hub = TestHub::start().await;
    hub.cut_off(true);
    hub.api_sends(ANNA, "Hej").await;
    hub.advance(Duration::from_mins(599)).await;
    assert_eq!(hub.only_written().await.status.as_str(), "pending");
    hub.advance(2 * MINUTE).await;
    let message = hub.only_written().await;
    assert_eq!((message.status.as_str(), message.error_text.as_deref()), ("held", Some("could_not_leave")));
    hub.cut_off(false);
    hub.advance(HOUR).await;
    assert!(hub.taken().is_empty());
}

#[tokio::test]
async fn an_undelivered_message_shows_its_code_and_advice() {
    let mut hub = TestHub::start().await;
    for (to, status, code) in [
        ("+15005550303", "undelivered", "(30003)"),
        ("+15005550307", "failed", "(30007)"),
        ("+15005550399", "sent", ""),
    ] {
        assert_eq!(hub.api_sends(to, "Przypomnienie").await.status, 200);
        hub.advance(MINUTE).await;
        let shown = &hub.listed().await[0];
        assert_eq!(shown["status"], status);
        let error = shown["error"].as_str().unwrap_or_default();
        assert!(error.ends_with(code) && error.is_empty() == code.is_empty(), "{error}");
    }
}

#[tokio::test]
async fn two_lost_messages_of_one_text_to_one_person_are_both_found() {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy").start().await;
    hub.sim.faults(next(&[CreateFault::CutAfter, CreateFault::HangAfter]));
    hub.phone(ANNA).writes("Hej");
    hub.phone(ANNA).writes("Halo");
    hub.advance(10 * MINUTE).await;
    let found: Vec<_> = hub.written().await.into_iter().map(|m| m.sid.unwrap().to_string()).collect();
    let taken: Vec<_> = hub.taken().into_iter().map(|message| message.sid).collect();
    assert_eq!((found.len(), taken.len(), hub.sim.counts().creates), (2, 2, 2));
    assert!(found[0] != found[1] && found.iter().all(|sid| taken.contains(sid)));
}

#[tokio::test]
async fn messages_of_one_conversation_leave_in_the_order_they_were_written() {
    let mut hub = Setup::new().with_bot().start().await;
    hub.sim.faults(next(&[CreateFault::Throttled, CreateFault::Throttled]));
    for number in 0..5 {
        hub.phone(ANNA).writes(&format!("{number}"));
    }
    hub.advance(2 * MINUTE).await;
    let taken: Vec<String> = hub.taken().into_iter().map(|message| message.body).collect();
    assert_eq!(taken.len(), 5);
    assert_eq!(taken, ["Echo: 0", "Echo: 1", "Echo: 2", "Echo: 3", "Echo: 4"]);
}

#[tokio::test]
async fn the_messaging_service_goes_first_and_tells_which_number_it_took() {
    let service = "MG0123456789abcdef0123456789abcdef";
    let setup = Setup::new().with("TWILIO_MESSAGING_SERVICE_SID", service).with_sim(|sim| {
        let numbers = vec!["+48500100900".to_owned()];
        sim.messaging_services =
            vec![hub_sim::Service { sid: service.to_owned(), numbers, advanced_opt_out: false }];
    });
    let mut hub = setup.start().await;
    let answer = hub.api_sends(ANNA, "Dzień dobry").await;
    assert_eq!((answer.status, &answer.json()["status"]), (200, &"accepted".into()));
    hub.advance(MINUTE).await;
    assert_eq!(hub.taken()[0].messaging_service_sid.as_deref(), Some(service));
    assert_eq!(hub.listed().await[0]["status"], "delivered");
}
