//! The walk down Twilio's list.

use std::{collections::BTreeSet, time::Duration};

use hub_sim::{Content, CreateFault, Faults, File, PhoneText};
use serde_json::json;

use super::{HOUR, MINUTE, SECOND, lists, running};
use crate::{
    hub::TestHub,
    setup::Setup,
    talk::{ANNA, PIOTR},
};

/// 24 hours without a hub, in which so many people wrote, one after the other.
async fn outage(hub: &mut TestHub, texts: u32) -> BTreeSet<String> {
    hub.kill();
    let number = hub.number().to_owned();
    let pause = 24 * HOUR / texts;
    let mut sids = BTreeSet::new();
    for text in 0..texts {
        sids.insert(hub.sim.phone_sends(PhoneText {
            from: format!("+48500100{:03}", text % 500),
            to: number.clone(),
            body: format!("tekst {text}"),
            ..PhoneText::default()
        }));
        hub.post_webhooks().await;
        hub.jump(pause);
    }
    // Twilio tries a second time where nobody listened.
    hub.post_webhooks().await;
    sids
}

fn kept(hub: &TestHub) -> Vec<String> {
    hub.on_disk("SELECT sid FROM message WHERE direction = 'inbound' ORDER BY row")
}

#[tokio::test]
async fn after_a_day_without_the_hub_1000_texts_are_back_within_5_minutes_none_twice_none_answered_late() {
    let mut hub = running().await;
    let sids = outage(&mut hub, 1_000).await;
    let (before, calls) = (hub.now(), hub.trace.lines().len());
    hub.restart().await;
    hub.run().await;
    hub.advance(5 * MINUTE).await;
    let kept = kept(&hub);
    assert_eq!(kept.len(), 1_000);
    assert_eq!(kept.iter().cloned().collect::<BTreeSet<_>>(), sids);
    assert!(lists(&hub, calls) <= 6, "{} lists were read", lists(&hub, calls));

    // Who wrote in the last 15 minutes is answered; the others have one held answer each.
    let late = hub.on_disk(
        "SELECT q.sid FROM message a JOIN message q ON q.row = a.reply_to
         WHERE a.sid IS NOT NULL AND a.created_at - q.remote_created_at > 900000000",
    );
    assert_eq!(late, Vec::<String>::new());
    assert!(
        hub.taken()
            .iter()
            .all(|sent| sent.created.duration_since(before) < jiff::SignedDuration::from_mins(5))
    );
    let fresh = hub.on_disk("SELECT sid FROM message WHERE reply_decision = 'answered_template'").len();
    assert_eq!(hub.taken().len(), fresh);
    assert!((8..=11).contains(&fresh), "{fresh} were answered");
    let undecided =
        hub.on_disk("SELECT sid FROM message WHERE direction = 'inbound' AND reply_decision IS NULL");
    assert_eq!(undecided, Vec::<String>::new());
    let most = hub.on_disk(
        "SELECT CAST(max(held) AS TEXT) FROM (SELECT count(*) AS held FROM message WHERE status = 'held' GROUP BY contact)",
    );
    assert_eq!(most, ["1"]);

    // Oldest first, as they were written.
    let order = hub.on_disk("SELECT body FROM message WHERE direction = 'inbound' ORDER BY row");
    let texts: Vec<String> = (0..1_000).map(|text| format!("tekst {text}")).collect();
    assert_eq!(order, texts);
    let report = &hub.reports().await[0];
    assert_eq!((&report["inbound"], &report["outbound"]), (&json!(1_000), &json!(0)));
    assert!(report["held"].as_u64().unwrap() >= 490);
    hub.advance(HOUR).await;
    assert_eq!(self::kept(&hub).len(), 1_000);
    assert_eq!(hub.reports().await.len(), 1);
}

#[tokio::test]
async fn a_first_start_takes_nothing_that_is_older_than_15_minutes() {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy").start().await;
    hub.kill();
    hub.phone(ANNA).writes("Dawno temu");
    hub.advance(HOUR).await;
    hub.phone(PIOTR).writes("Przed chwilą");
    hub.advance(14 * MINUTE).await;
    hub.restart().await;
    hub.advance(2 * HOUR).await;
    assert_eq!(hub.on_disk("SELECT body FROM message WHERE direction = 'inbound'"), ["Przed chwilą"]);
}

#[tokio::test]
async fn a_fresh_text_is_left_to_its_webhook() {
    let mut hub = running().await;
    hub.jump(3 * MINUTE);
    // The walk comes before the webhook.
    hub.phone(ANNA).writes("Hej");
    hub.run_jobs().await;
    assert_eq!(hub.on_disk("SELECT sid FROM missed").len(), 1);
    hub.run().await;
    assert_eq!(
        hub.on_disk("SELECT recovered || reply_decision FROM message WHERE body = 'Hej'"),
        ["0answered_template"]
    );
    hub.advance(10 * MINUTE).await;
    assert_eq!(hub.phone(ANNA).got(), ["Oddzwonimy"]);
    assert_eq!(hub.on_disk("SELECT sid FROM missed"), Vec::<String>::new());
    assert_eq!(hub.reports().await, Vec::<serde_json::Value>::new());
}

#[tokio::test]
async fn a_text_whose_webhook_was_lost_is_answered_within_minutes() {
    let mut hub = running().await;
    // The simulator's webhook goes nowhere.
    hub.sim.set_inbound_url(String::new());
    hub.phone(ANNA).writes("Hej");
    hub.advance(5 * MINUTE).await;
    assert_eq!(hub.phone(ANNA).got(), ["Oddzwonimy"]);
    assert_eq!(hub.reports().await[0]["inbound"], 1);
}

#[tokio::test]
async fn a_webhook_after_the_recovery_doubles_nothing() {
    let mut hub = running().await;
    let inbound = hub.sim.numbers()[0].clone();
    hub.sim.set_inbound_url(String::new());
    let picture = File { content_type: "image/jpeg".to_owned(), content: Content::Picture(1) };
    let sid = hub.phone(ANNA).attaches(vec![picture]);
    let url = hub.sim.message(&sid).unwrap().media[0].url.clone();
    hub.advance(5 * MINUTE).await;
    let row = hub.received().await[0].row;
    // Twilio's list of its attachments told which it is.
    assert_eq!((hub.received().await[0].media_count, hub.store().media(row).await.unwrap().len()), (1, 1));
    let late = [
        ("MessageSid", &*sid),
        ("From", ANNA),
        ("To", &*inbound),
        ("Body", ""),
        ("NumMedia", "1"),
        ("MediaUrl0", &*url),
        ("MediaContentType0", "image/jpeg"),
    ];
    for _ in 0..2 {
        assert_eq!(hub.twilio_posts("/twilio/inbound", &late).await.status, 200);
    }
    hub.advance(20 * MINUTE).await;
    assert_eq!((hub.store().media(row).await.unwrap().len(), hub.attachments().len()), (1, 1));
    assert_eq!(hub.phone(ANNA).got(), ["Oddzwonimy"]);
    assert_eq!(hub.received().await.len(), 1);
}

#[tokio::test]
async fn what_somebody_looked_up_before_it_was_missed_is_answered_too() {
    let mut hub = running().await;
    hub.sim.set_inbound_url(String::new());
    hub.phone(ANNA).writes("Hej");
    hub.get("/api/messages/remote").await;
    assert_eq!(hub.decisions().await, ["-"]);
    hub.advance(5 * MINUTE).await;
    assert_eq!(hub.phone(ANNA).got(), ["Oddzwonimy"]);
}

#[tokio::test]
async fn errors_in_the_middle_of_a_walk_cost_time_and_nothing_else() {
    let mut hub = running().await;
    outage(&mut hub, 1_000).await;
    hub.restart().await;
    // The first page is read, then Twilio is out of order.
    hub.dies(crate::world::Death::At(twilio_chat::sys::Point::PageCommitted));
    hub.run().await;
    hub.sim.faults(Faults { read_errors: 1.0, ..Faults::default() });
    hub.restart().await;
    hub.advance(10 * SECOND).await;
    assert_eq!(hub.reports().await[0]["error"], "HTTP 500, Twilio code 20500");
    hub.advance(2 * MINUTE).await;
    let shown = kept(&hub).len();
    assert!(shown >= 400, "with Twilio out of order for long, what was found is shown: {shown}");
    hub.sim.faults(Faults::default());
    hub.advance(3 * MINUTE).await;
    assert_eq!(kept(&hub).len(), 1_000);
    let report = &hub.reports().await[0];
    assert!(report["failures"].as_u64().unwrap() > 3 && report["ended_at"].is_string(), "{report}");
}

#[tokio::test]
async fn a_walk_goes_on_where_a_dead_process_left_it() {
    let mut hub = running().await;
    outage(&mut hub, 1_000).await;
    hub.restart().await;
    hub.dies(crate::world::Death::At(twilio_chat::sys::Point::PageCommitted));
    hub.run().await;
    assert!(!hub.is_alive());
    assert_eq!(hub.on_disk("SELECT sid FROM missed").len(), 400);
    let calls = hub.trace.lines().len();
    hub.restart().await;
    hub.run().await;
    assert_eq!(lists(&hub, calls), 2, "two pages were left");
    assert_eq!(kept(&hub).len(), 1_000);
    hub.advance(5 * MINUTE).await;
}

#[tokio::test]
async fn texts_that_come_while_the_list_is_read_are_not_lost_and_push_none_out() {
    let mut hub = running().await;
    outage(&mut hub, 900).await;
    for _ in 0..3 {
        hub.restart().await;
        hub.dies(crate::world::Death::At(twilio_chat::sys::Point::PageCommitted));
        hub.run().await;
        // Nobody hears these either; the pages move.
        for number in 0..20 {
            hub.phone(PIOTR).writes(&format!("w trakcie {number}"));
        }
        hub.advance(SECOND).await;
    }
    hub.restart().await;
    hub.advance(5 * MINUTE).await;
    assert_eq!(kept(&hub).len(), 960);
    assert_eq!(kept(&hub).into_iter().collect::<BTreeSet<_>>().len(), 960);
}

#[tokio::test]
async fn a_hub_without_connection_walks_again_with_growing_pauses() {
    let mut hub = running().await;
    hub.cut_off(true);
    let calls = hub.trace.lines().len();
    hub.advance(HOUR).await;
    let tries = hub.trace.lines()[calls..].iter().filter(|(_, line)| line == "GET → not sent").count();
    assert!((60..130).contains(&tries), "{tries} tries in an hour");
    assert_eq!(hub.reports().await.len(), 1, "one report, however long it lasts");
    hub.cut_off(false);
    hub.advance(2 * MINUTE).await;
    assert!(hub.reports().await[0]["ended_at"].is_string());
}

#[tokio::test]
async fn an_opt_out_among_the_missed_counts_and_an_old_one_is_not_confirmed() {
    let mut hub = running().await;
    hub.kill();
    hub.phone(ANNA).writes("WYPISZ");
    hub.advance(HOUR).await;
    hub.phone(PIOTR).writes("WYPISZ");
    hub.advance(2 * MINUTE).await;
    hub.restart().await;
    hub.advance(5 * MINUTE).await;
    assert_eq!(hub.on_disk("SELECT person FROM suppression ORDER BY person"), [ANNA, PIOTR]);
    assert!(hub.phone(ANNA).got().is_empty());
    assert_eq!(hub.phone(PIOTR).got().len(), 1);
    assert_eq!(hub.decisions().await, ["keyword", "keyword"]);
}

#[tokio::test]
async fn a_lost_call_of_ours_is_the_lookups_to_find_and_not_history() {
    let mut hub = running().await;
    hub.sim.faults(Faults {
        next: [CreateFault::CutAfter].into(),
        dropped_callbacks: 1.0,
        ..Faults::default()
    });
    hub.phone(ANNA).writes("Hej");
    hub.jump(3 * MINUTE);
    hub.advance(10 * MINUTE).await;
    let message = hub.only_written().await;
    assert_eq!(hub.outcomes(message.row).await, ["accepted"]);
    assert_eq!(hub.taken().len(), 1);
    assert_eq!(hub.on_disk("SELECT sid FROM missed"), Vec::<String>::new());
}

#[tokio::test]
async fn a_hub_with_a_wrong_clock_still_finds_everything() {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy").start().await;
    hub.phone(ANNA).writes("Na początek");
    hub.advance(2 * HOUR).await;
    hub.twilios_clock_is_behind(HOUR);
    hub.sim.set_inbound_url(String::new());
    hub.phone(ANNA).writes("Godzinę temu, mówi Twilio");
    hub.advance(10 * MINUTE).await;
    assert_eq!(hub.received().await.len(), 2);
    // Too late by Twilio's clock: a doubt goes to a person, never to the customer.
    assert_eq!(hub.decisions().await, ["answered_template", "held_stale"]);
    hub.advance(Duration::from_hours(3)).await;
    assert_eq!(hub.received().await.len(), 2);
}
