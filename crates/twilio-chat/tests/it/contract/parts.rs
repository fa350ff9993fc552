//! `POST /api/messages` with a long text: parts in order.

use std::time::Duration;

use hub_sim::{CreateFault, Faults};
use serde_json::{Value, json};

use super::MESSAGES;
use crate::{
    hub::TestHub,
    setup::Setup,
    talk::{ANNA, PIOTR},
};

/// So many sentences of 100 characters.
fn sentences(count: usize) -> String {
    let sentence = |number: usize| format!("{number:04}{}. ", "x".repeat(94));
    (0..count).map(sentence).collect::<String>().trim_end().to_owned()
}

fn fault(next: impl IntoIterator<Item = CreateFault>) -> Faults {
    Faults { next: next.into_iter().collect(), ..Faults::default() }
}

fn refused() -> CreateFault {
    CreateFault::Refused { status: 400, code: 21614 }
}

async fn statuses(hub: &TestHub) -> Vec<&'static str> {
    hub.written().await.iter().map(|message| message.status.as_str()).collect()
}

#[tokio::test]
async fn a_long_text_leaves_in_parts_in_the_original_shape() {
    let mut hub = TestHub::start().await;
    let text = sentences(40);
    let answer = hub.api_sends(ANNA, &text).await;
    assert_eq!(answer.status, 200);
    let taken = hub.taken();
    let sids: Vec<&str> = taken.iter().map(|message| &*message.sid).collect();
    assert_eq!(
        answer.json(),
        json!({
            "success": true,
            "sid": sids[0],
            "sids": sids,
            "status": "queued",
            "parts": 3,
            "characters": 3999,
            "message": "SMS wysłany do +48500100200 w 3 częściach",
        })
    );
    let bodies: Vec<&str> = taken.iter().map(|message| &*message.body).collect();
    assert!(bodies.iter().all(|body| body.chars().count() <= 1500));
    assert_eq!(bodies.join(" "), text);
    assert_eq!(hub.written().await.len(), 3);
    hub.advance(Duration::from_secs(5)).await;
    assert_eq!(hub.phone(ANNA).got(), bodies);
}

#[tokio::test]
async fn fifteen_hundred_characters_are_one_message() {
    let mut hub = TestHub::start().await;
    for (length, parts) in [(1500, 1), (1501, 2)] {
        let answer = hub.api_sends(ANNA, &"ą".repeat(length)).await.json();
        assert_eq!((&answer["parts"], &answer["characters"]), (&json!(parts), &json!(length)));
        assert_eq!(answer.get("sids").is_some(), parts > 1);
    }
    hub.run().await;
}

#[tokio::test]
async fn a_refused_part_is_500_and_keeps_the_others_from_leaving() {
    let mut hub = TestHub::start().await;
    hub.sim.faults(fault([CreateFault::Fine, refused()]));
    let answer = hub.api_sends(ANNA, &sentences(40)).await;
    assert_eq!(answer.status, 500);
    let body = answer.json();
    assert_eq!((&body["success"], &body["parts_sent"]), (&json!(false), &json!(1)));
    assert!(body["error"].as_str().unwrap().contains("(21614)"), "{body}");
    hub.run().await;
    assert_eq!(hub.taken().len(), 1);
    assert_eq!(&statuses(&hub).await[1..], ["failed", "canceled"]);
    let last = hub.get(&format!("{MESSAGES}?limit=1")).await.json()["items"][0].clone();
    assert_eq!(last["error"], "Nie wysłano: wcześniejsza część tej wiadomości nie wyszła.");
}

#[tokio::test]
async fn a_part_waits_for_the_one_before_however_long_that_takes() {
    let mut hub = Setup::new().with_timing(|timing| timing.send_wait = Duration::ZERO).start().await;
    hub.sim.faults(fault([CreateFault::CutBefore]));
    let text = sentences(40);
    let answer = hub.api_sends(ANNA, &text).await;
    assert_eq!((answer.status, &answer.json()["sids"]), (202, &json!([null, null, null])));
    hub.run().await;
    assert_eq!(statuses(&hub).await, ["unknown", "pending", "pending"]);
    hub.advance(Duration::from_secs(100)).await;
    assert_eq!((hub.taken().len(), statuses(&hub).await), (0, vec!["unknown", "pending", "pending"]));
    hub.advance(Duration::from_mins(10)).await;
    assert_eq!(hub.phone(ANNA).got().join(" "), text);
}

#[tokio::test]
async fn a_part_is_held_with_the_one_before() {
    let mut hub = Setup::new().with_timing(|timing| timing.send_wait = Duration::ZERO).start().await;
    hub.sim.faults(fault([CreateFault::CutBefore, CreateFault::CutBefore]));
    hub.api_sends(ANNA, &sentences(20)).await;
    hub.advance(Duration::from_mins(30)).await;
    assert_eq!(statuses(&hub).await, ["held", "held"]);
    assert!(hub.taken().is_empty());
}

#[tokio::test]
async fn another_text_does_not_wait_for_parts_for_ever() {
    let mut hub = Setup::new().with_timing(|timing| timing.send_wait = Duration::ZERO).start().await;
    hub.sim.faults(fault([CreateFault::CutBefore]));
    hub.api_sends(ANNA, &sentences(20)).await;
    hub.api_sends(ANNA, "Inna sprawa").await;
    hub.api_sends(PIOTR, "Do Piotra").await;
    hub.run().await;
    assert_eq!(hub.phone(PIOTR).got().len() + hub.taken().len(), 1);
    hub.advance(Duration::from_secs(65)).await;
    assert_eq!(hub.phone(ANNA).got(), ["Inna sprawa"]);
    hub.advance(Duration::from_mins(10)).await;
    assert_eq!(hub.phone(ANNA).got().len(), 3);
}

#[tokio::test]
async fn the_command_line_sends_parts_too() {
    let mut hub = TestHub::start().await;
    let request = twilio_chat::app::send::SendRequest {
        to: ANNA.to_owned(),
        body: sentences(20),
        fold: false,
        through: twilio_chat::app::send::Through::NumberFirst,
        origin: hub_domain::message::Origin::Cli,
    };
    let sent = hub.app().send_here(&request, "cli:1".to_owned()).await.unwrap();
    assert_eq!((sent.parts.len(), sent.accepted()), (2, 2));
    hub.advance(Duration::from_secs(5)).await;
    assert_eq!(hub.phone(ANNA).got().join(" "), request.body);
    assert_eq!(hub.get("/api/messages/stats").await.json()["outbound"], Value::from(2));
}

/// A state that is not better than that of the worst part.
#[tokio::test]
async fn parts_that_wait_make_the_whole_wait() {
    let mut hub = Setup::new().with_timing(|timing| timing.send_wait = Duration::ZERO).start().await;
    hub.sim.faults(fault([CreateFault::Fine, CreateFault::CutBefore]));
    let body = json!({ "to": ANNA, "body": sentences(40) });
    assert_eq!(hub.keyed(MESSAGES, "k1", &body).await.status, 202);
    hub.advance(Duration::from_secs(5)).await;
    assert_eq!(statuses(&hub).await, ["delivered", "unknown", "pending"]);
    let again = hub.keyed(MESSAGES, "k1", &body).await;
    assert_eq!((again.status, &again.json()["status"]), (202, &json!("queued")));
    hub.advance(Duration::from_mins(10)).await;
    let again = hub.keyed(MESSAGES, "k1", &body).await;
    assert_eq!((again.status, &again.json()["status"]), (200, &json!("delivered")));
}

#[tokio::test]
async fn a_text_of_too_many_parts_is_refused_with_their_number() {
    let mut hub = TestHub::start().await;
    let at_most = hub.api_sends(ANNA, &sentences(150)).await;
    assert_eq!((at_most.status, &at_most.json()["parts"]), (200, &json!(10)));
    hub.advance(Duration::from_mins(1)).await;
    let over = sentences(151);
    let words =
        "Ten tekst to 11 wiadomości, a naraz wyjdzie najwyżej 10. Skróć go albo wyślij w kilku osobnych.";
    let refused = hub.api_sends(ANNA, &over).await;
    assert_eq!((refused.status, refused.json()), (400, json!({ "success": false, "error": words })));
    let id = hub.app().new_message_id().to_string();
    let body = json!({ "id": id, "to": ANNA, "body": over });
    let refused = hub.post("/api/inbox/messages", &body).await.unwrap();
    assert_eq!((refused.status, refused.json()), (400, json!({ "error": words })));
    let ewa = hub.session().await;
    let refused = hub.posts(&ewa, "/inbox/send", &[("id", &id), ("to", ANNA), ("body", &over)]).await;
    assert!(refused.status == 400 && refused.text().contains(words));
    let request = twilio_chat::app::send::SendRequest {
        to: ANNA.to_owned(),
        body: over,
        fold: false,
        through: twilio_chat::app::send::Through::NumberFirst,
        origin: hub_domain::message::Origin::Cli,
    };
    let refused = hub.app().send_here(&request, "cli:1".to_owned()).await.unwrap_err();
    assert_eq!(refused.to_string(), "the text takes 11 messages; at most 10 leave at once");
    assert_eq!(hub.written().await.len(), 10);
}

#[tokio::test]
async fn a_text_without_sentences_is_cut_after_words_and_never_after_an_abbreviation() {
    let mut hub = TestHub::start().await;
    // A cut within reach of the limit would find the full stop of `ul.` or `godz.` and nothing better.
    let text = "spotkanie przy ul. Krótkiej o godz. ósmej i przy ul. Długiej po nr. dwa ".repeat(30);
    assert_eq!(hub.api_sends(ANNA, &text).await.json()["parts"], 2);
    let bodies: Vec<String> = hub.taken().iter().map(|message| message.body.clone()).collect();
    assert_eq!(bodies.join(" "), text.trim());
    assert!(bodies.iter().all(|body| body.chars().count() <= 1500 && !body.ends_with('.')), "{bodies:?}");
    assert!(bodies[0].len() > 1400, "the part is filled as far as words go");
    hub.run().await;
}

/// What a later part waits for may not vanish under it: it would leave before its turn, or without its beginning.
#[tokio::test]
async fn a_part_stays_while_a_later_one_may_leave() {
    let mut hub = Setup::new().with_timing(|timing| timing.send_wait = Duration::ZERO).start().await;
    hub.sim.faults(fault([CreateFault::Fine, CreateFault::CutBefore]));
    hub.api_sends(ANNA, &sentences(40)).await;
    hub.advance(Duration::from_secs(5)).await;
    assert_eq!(statuses(&hub).await, ["delivered", "unknown", "pending"]);
    let rows: Vec<i64> = hub.written().await.iter().map(|message| message.row).collect();
    let refused = hub.delete(&format!("{MESSAGES}/{}", rows[0])).await;
    assert_eq!(refused.status, 409);
    assert!(refused.json()["error"].as_str().unwrap().contains(&format!("/api/messages/{}/cancel", rows[1])));
    assert!(!hub.sim.message(&hub.taken()[0].sid).unwrap().deleted, "nor is it deleted at Twilio");
    hub.advance(Duration::from_mins(10)).await;
    assert_eq!(hub.delete(&format!("{MESSAGES}/{}", rows[0])).await.status, 200);
    // The others are still one text.
    let firsts = hub.on_disk("SELECT first_part || '' FROM message ORDER BY row");
    assert_eq!(firsts, [rows[1].to_string(), rows[1].to_string()]);
}

#[tokio::test]
async fn a_failed_part_stays_until_the_later_ones_are_called_off() {
    let mut hub = Setup::new().with_timing(|timing| timing.send_wait = Duration::ZERO).start().await;
    hub.cut_off(true);
    hub.api_sends(ANNA, &sentences(40)).await;
    let rows: Vec<i64> = hub.written().await.iter().map(|message| message.row).collect();
    assert_eq!(hub.order(&format!("{MESSAGES}/{}/cancel", rows[0])).await.status, 200);
    assert_eq!(hub.delete(&format!("{MESSAGES}/{}", rows[0])).await.status, 409);
    hub.cut_off(false);
    hub.advance(Duration::from_mins(5)).await;
    assert_eq!(statuses(&hub).await, ["canceled", "canceled", "canceled"]);
    assert_eq!(hub.delete(&format!("{MESSAGES}/{}", rows[0])).await.status, 200);
    assert!(hub.taken().is_empty());
}
