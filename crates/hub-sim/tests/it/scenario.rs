//! The shop's busy day, played.

use std::collections::BTreeSet;
use std::time::Duration;

use hub_sim::{Scenario, Status, WebhookKind};

use crate::desk::{Desk, OURS};

fn desk() -> Desk {
    Desk::with(|config| config.numbers.push(format!("whatsapp:{OURS}")))
}

#[test]
fn the_day_is_played_in_order_at_the_speed_that_was_asked_for() {
    let desk = desk();
    let shop = Scenario::named("shop").unwrap();
    let ends = desk.sim.play(&shop, OURS, Duration::from_mins(1));
    // 8:05 to 17:55, a minute a second.
    assert_eq!(ends.to_string(), "2026-11-22T10:09:50Z");
    assert_eq!(desk.sim.messages().len(), 1, "the first text comes at once");
    assert_eq!(desk.sim.play(&shop, OURS, Duration::ZERO), ends, "one day at a time");
    desk.advance(Duration::from_secs(14));
    assert_eq!(desk.sim.messages().len(), 1);
    desk.advance(Duration::from_secs(1));
    assert_eq!(desk.sim.messages().len(), 2);
    let webhooks = desk.run();
    let inbound: Vec<_> = webhooks.iter().filter(|webhook| webhook.kind == WebhookKind::Inbound).collect();
    assert_eq!(inbound.len(), shop.len());
}

#[test]
fn the_day_has_everything_a_shop_meets() {
    let desk = desk();
    let shop = Scenario::named("shop").unwrap();
    assert_eq!(shop.people().map(|(_, address)| address).collect::<BTreeSet<_>>().len(), 12);
    desk.sim.play(&shop, OURS, Duration::ZERO);
    let webhooks = desk.sim.due_webhooks();
    let inbound = || webhooks.iter().filter(|webhook| webhook.kind == WebhookKind::Inbound);
    let names: BTreeSet<_> = inbound().filter_map(|webhook| webhook.param("ProfileName")).collect();
    assert!(names.contains("Żaneta") && names.len() >= 5, "{names:?}");
    assert!(inbound().any(|webhook| webhook.param("NumMedia") == Some("1")));
    assert!(inbound().any(|webhook| webhook.param("Body") == Some("STOP")));
    assert!(inbound().any(|webhook| webhook.param("ButtonText").is_some()));
    assert!(inbound().any(|webhook| webhook.param("Body").unwrap().contains('ż')));
    assert_eq!(desk.sim.people().len(), 12);
    assert_eq!(desk.sim.people()[..2], ["+48500100302", "whatsapp:+48500100301"], "as they wrote");
    let account = desk.sim.numbers();
    assert!(inbound().all(|webhook| account.contains(&webhook.param("To").unwrap().to_owned())));
}

#[tokio::test]
async fn one_of_its_phones_is_switched_off() {
    let desk = desk();
    desk.sim.play(&Scenario::named("shop").unwrap(), OURS, Duration::ZERO);
    let sid = desk.create(&[("To", "+48500100311"), ("From", OURS), ("Body", "Jest!")]).await.sid();
    desk.run();
    let message = desk.sim.message(&sid).unwrap();
    assert_eq!((message.status, message.error_code), (Status::Undelivered, Some(30003)));
}

#[test]
fn every_named_story_is_there_and_a_bad_one_says_why() {
    for name in Scenario::NAMES {
        assert!(!Scenario::named(name).unwrap().is_empty());
    }
    assert!(Scenario::named("circus").is_none());
    let who = r#"{"people": [], "steps": [{"at": "8:00", "who": "Nikt"}]}"#;
    assert_eq!(Scenario::parse(who).unwrap_err().0, "nobody is called Nikt");
    let when =
        r#"{"people": [{"name": "A", "number": "+48500100300"}], "steps": [{"at": "25:00", "who": "A"}]}"#;
    assert_eq!(Scenario::parse(when).unwrap_err().0, "25:00 is no time of day");
}
