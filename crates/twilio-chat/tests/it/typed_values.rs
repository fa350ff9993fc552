//! What callers of the API write in place of a switch, a number or a person: understood, or refused with the name
//! of its field, and never taken for something else.

use serde_json::{Value, json};

use crate::{
    hub::TestHub,
    news_api::with_articles,
    setup::Setup,
    talk::{ANNA, PIOTR},
};

async fn posts(hub: &mut TestHub, path: &str, body: Value) -> (u16, Value) {
    let answer = hub.post(path, &body).await.unwrap();
    (answer.status, answer.json())
}

#[tokio::test]
async fn an_address_that_cannot_be_read_is_an_error_in_json() {
    let mut hub = TestHub::start().await;
    let gone = (404, json!({ "error": "Nie znaleziono rekordu." }));
    assert_eq!(posts(&mut hub, "/api/listeners/abc", json!({ "enabled": true })).await, gone);
    for path in ["/api/messages/%FF", "/api/contacts/%FF/thread", "/api/ai/receipts/x"] {
        let answer = hub.get(path).await;
        assert_eq!((answer.status, answer.json()["error"].is_string()), (404, true), "{path}");
    }
}
