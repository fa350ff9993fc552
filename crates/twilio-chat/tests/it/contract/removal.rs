//! `POST /api/messages/<sid>/redact`, `DELETE /api/messages/<sid>`.

use std::time::Duration;

use serde_json::json;

use super::MESSAGES;
use crate::{
    hub::TestHub,
    setup::Setup,
    talk::{ANNA, sid},
};

#[tokio::test]
async fn a_text_is_blanked_at_twilio_and_here() {
    let mut hub = TestHub::start().await;
    for sid in [hub.sends(ANNA, "Tajne").await, hub.hears(ANNA, "Też tajne").await] {
        let status = hub.sim.message(&sid).unwrap().status.as_str();
        let answer = hub.order(&format!("{MESSAGES}/{sid}/redact")).await;
        assert_eq!(
            (answer.status, answer.json()),
            (200, json!({ "sid": sid, "body": "", "status": status }))
        );
        assert_eq!(hub.sim.message(&sid).unwrap().body, "");
    }
    assert!(hub.listed().await.iter().all(|item| item["body"] == ""));
    let left = hub.on_disk("SELECT count(*) || '' FROM message WHERE body <> '' OR other_fields IS NOT NULL");
    assert_eq!(left, ["0"]);
}

#[tokio::test]
async fn a_text_that_cannot_be_blanked_is_400_and_stays() {
    let mut hub = TestHub::start().await;
    let on_its_way = hub.api_sends(ANNA, "W drodze").await.json()["sid"].as_str().unwrap().to_owned();
    for sid in [on_its_way, sid(7)] {
        let answer = hub.order(&format!("{MESSAGES}/{sid}/redact")).await;
        assert_eq!((answer.status, answer.json()["error"].is_string()), (400, true));
    }
    assert_eq!(hub.only_written().await.body, "W drodze");
    hub.run().await;
}

#[tokio::test]
async fn a_message_is_deleted_at_twilio_and_here() {
    let mut hub = TestHub::start().await;
    let question = hub.hears(ANNA, "Pytanie").await;
    let answer_sid = hub.sends(ANNA, "Odpowiedź").await;
    let answer = hub.delete(&format!("{MESSAGES}/{answer_sid}")).await;
    assert_eq!(
        (answer.status, answer.json()),
        (200, json!({ "sid": answer_sid, "deleted_remote": true, "deleted_local": true }))
    );
    assert!(hub.sim.message(&answer_sid).unwrap().deleted);
    let line = hub.get("/api/conversations").await.json()["items"][0].clone();
    assert_eq!((&line["message_count"], &line["last_message"]["body"]), (&json!(1), &json!("Pytanie")));
    assert_eq!(hub.get("/api/messages/stats").await.json()["outbound"], 0);
    hub.delete(&format!("{MESSAGES}/{question}")).await;
    assert_eq!(hub.get("/api/conversations").await.json()["count"], 0);
    for table in ["message", "media", "attempt", "status_report", "job"] {
        assert_eq!(hub.on_disk(&format!("SELECT count(*) || '' FROM {table}")), ["0"], "{table}");
    }
}

#[tokio::test]
async fn a_message_that_only_twilio_has_is_deleted_there() {
    let hub = TestHub::start().await;
    let sid = hub.phone(ANNA).writes("Hej");
    hub.sim.due_webhooks();
    let answer = hub.delete(&format!("{MESSAGES}/{sid}")).await;
    let expect = json!({ "sid": sid, "deleted_remote": true, "deleted_local": false });
    assert_eq!((answer.status, answer.json()), (200, expect));
}

#[tokio::test]
async fn a_deletion_that_twilio_had_done_before_is_finished_here() {
    let mut hub = TestHub::start().await;
    let sid = hub.sends(ANNA, "Hej").await;
    hub.gone_at_twilio(&sid).await;
    let gone = hub.delete(&format!("{MESSAGES}/{sid}")).await;
    let expect = json!({ "sid": sid, "deleted_remote": true, "deleted_local": true });
    assert_eq!((gone.status, gone.json()), (200, expect));
    let again = hub.delete(&format!("{MESSAGES}/{sid}")).await;
    let words = "Nie udało się usunąć wiadomości na Twilio: Nie znaleziono wiadomości.";
    assert_eq!((again.status, again.json()), (502, json!({ "error": words })));
}

#[tokio::test]
async fn a_deletion_that_twilio_refuses_or_does_not_hear_is_502_and_nothing_goes() {
    let mut hub = TestHub::start().await;
    let sid = hub.api_sends(ANNA, "W drodze").await.json()["sid"].as_str().unwrap().to_owned();
    let refused = hub.delete(&format!("{MESSAGES}/{sid}")).await;
    let words = refused.json()["error"].as_str().unwrap().to_owned();
    assert!(words.starts_with("Nie udało się usunąć wiadomości na Twilio: ") && words.ends_with("(20009)"));
    assert_eq!(refused.status, 502);
    hub.advance(Duration::from_secs(5)).await;
    hub.cut_off(true);
    let silent = hub.delete(&format!("{MESSAGES}/{sid}")).await;
    let words =
        "Nie udało się usunąć wiadomości na Twilio: Twilio nie odpowiada. Spróbuj ponownie za chwilę.";
    assert_eq!((silent.status, silent.json()), (502, json!({ "error": words })));
    assert_eq!(hub.written().await.len(), 1);
}

#[tokio::test]
async fn a_failed_message_without_a_sid_is_deleted_by_its_number() {
    let mut hub = Setup::new().with_timing(|timing| timing.send_wait = Duration::ZERO).start().await;
    hub.api_sends("+15005550001", "Hej").await;
    hub.run().await;
    let row = hub.only_written().await.row;
    let answer = hub.delete(&format!("{MESSAGES}/{row}")).await;
    let expect = json!({ "sid": null, "deleted_remote": false, "deleted_local": true });
    assert_eq!((answer.status, answer.json()), (200, expect));
    hub.cut_off(true);
    hub.api_sends(ANNA, "Czeka").await;
    let row = hub.only_written().await.row;
    assert_eq!(hub.delete(&format!("{MESSAGES}/{row}")).await.status, 409);
    hub.may_leave_jobs();
}

#[tokio::test]
async fn a_held_message_says_that_it_waits_for_a_person() {
    let mut hub = Setup::new().with_timing(|timing| timing.send_wait = Duration::ZERO).start().await;
    let cut = hub_sim::CreateFault::CutBefore;
    hub.sim.faults(hub_sim::Faults { next: [cut.clone(), cut].into(), ..hub_sim::Faults::default() });
    hub.api_sends(ANNA, "Hej").await;
    hub.advance(Duration::from_mins(30)).await;
    let row = hub.only_written().await.row;
    let path = format!("{MESSAGES}/{row}");
    for answer in [hub.order(&format!("{path}/cancel")).await, hub.delete(&path).await] {
        assert_eq!(answer.status, 409);
        assert!(answer.json()["error"].as_str().unwrap().contains("discard"));
    }
    assert_eq!(hub.post(&format!("{path}/discard"), &json!({})).await.unwrap().status, 200);
    assert_eq!(hub.delete(&path).await.status, 200);
}

/// The model read it, may have quoted it, and a proposal may too.
#[tokio::test]
async fn what_is_redacted_or_deleted_leaves_nothing_of_its_text_in_the_database() {
    for path in ["redact", ""] {
        let mut hub = Setup::new().with_assistant().start().await;
        let says = |text: &str| crate::model::Does::Says(text.to_owned());
        hub.model.does(says("Zapisano hasło Tajne77."));
        let secret = hub.hears(ANNA, "Moje hasło to Tajne77").await;
        hub.advance(Duration::from_secs(30)).await;
        hub.model.does(says("Hasłem było Tajne77, ale proszę zadzwonić."));
        hub.hears(ANNA, "Jakie?").await;
        hub.advance(Duration::from_secs(30)).await;
        // One that was asked for by hand and came to nothing belongs to no message.
        hub.model.does(crate::model::Does::Answers(500, ""));
        let asked = json!({ "participant": ANNA, "latest": "Przypomnij" });
        assert_eq!(hub.post("/api/ai/send", &asked).await.unwrap().status, 502);
        let held = "SELECT id || '' FROM receipt WHERE prompt LIKE '%Tajne77%' OR words LIKE '%Tajne77%'";
        assert_eq!(hub.on_disk(held).len(), 3, "{path}");
        let answer = match path {
            "redact" => hub.order(&format!("{MESSAGES}/{secret}/redact")).await,
            _ => hub.delete(&format!("{MESSAGES}/{secret}")).await,
        };
        assert_eq!(answer.status, 200);
        assert_eq!(hub.on_disk(held), [""; 0], "{path}");
        assert!(hub.on_disk("SELECT body FROM message WHERE body LIKE 'Moje%'").is_empty());
        assert!(hub.on_disk("SELECT id || '' FROM receipt WHERE redacted = 0").is_empty(), "{path}");
        let shown = hub.page("/ai/receipts/2").await;
        assert!(shown.text().contains("Treść usunięto"), "{path}");
    }
}
