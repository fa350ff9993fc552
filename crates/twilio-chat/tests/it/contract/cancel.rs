//! `POST /api/messages/<id or sid>/cancel`: a message that has not left.

use std::time::Duration;

use serde_json::json;

use super::MESSAGES;
use crate::{
    setup::Setup,
    talk::{ANNA, sid},
};

#[tokio::test]
async fn a_waiting_message_is_withdrawn_for_good() {
    let mut hub = Setup::new().with_timing(|timing| timing.send_wait = Duration::ZERO).start().await;
    hub.cut_off(true);
    hub.api_sends(ANNA, "Pomyłka").await;
    let row = hub.only_written().await.row;
    let answer = hub.order(&format!("{MESSAGES}/{row}/cancel")).await;
    let expect = json!({ "id": row, "sid": null, "status": "canceled" });
    assert_eq!((answer.status, answer.json()), (200, expect));
    assert_eq!(hub.listed().await[0]["error"], "Wycofana przed wysłaniem.");
    hub.cut_off(false);
    hub.advance(Duration::from_hours(1)).await;
    assert!(hub.taken().is_empty());
}

#[tokio::test]
async fn parts_after_a_withdrawn_one_do_not_leave() {
    let mut hub = Setup::new().with_timing(|timing| timing.send_wait = Duration::ZERO).start().await;
    hub.cut_off(true);
    hub.api_sends(ANNA, &"długi tekst ".repeat(300)).await;
    let first = hub.written().await[0].row;
    assert_eq!(hub.order(&format!("{MESSAGES}/{first}/cancel")).await.status, 200);
    hub.cut_off(false);
    hub.advance(Duration::from_mins(5)).await;
    assert!(hub.written().await.iter().all(|message| message.status.as_str() == "canceled"));
    assert!(hub.taken().is_empty());
}

#[tokio::test]
async fn what_has_left_is_409_and_what_is_not_there_404() {
    let mut hub = Setup::new().start().await;
    let sent = hub.sends(ANNA, "Hej").await;
    let words = "Wiadomość jest w drodze: na tym etapie nie można jej cofnąć ani usunąć.";
    let answer = hub.order(&format!("{MESSAGES}/{sent}/cancel")).await;
    assert_eq!((answer.status, answer.json()), (409, json!({ "error": words })));
    let heard = hub.hears(ANNA, "Halo").await;
    let words = "To wiadomość od klienta: cofnąć można tylko własną, która jeszcze nie wyszła.";
    let answer = hub.order(&format!("{MESSAGES}/{heard}/cancel")).await;
    assert_eq!((answer.status, answer.json()), (409, json!({ "error": words })));
    for name in [sid(7), "99".to_owned(), "no-sid".to_owned()] {
        assert_eq!(hub.order(&format!("{MESSAGES}/{name}/cancel")).await.status, 404);
    }
}
