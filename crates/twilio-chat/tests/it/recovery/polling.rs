//! A hub that Twilio can't call: everything is fetched.

use super::{MINUTE, SECOND};
use crate::{
    setup::Setup,
    talk::{ANNA, PIOTR},
};

#[tokio::test]
async fn texts_are_answered_and_statuses_followed_without_any_webhook() {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy").polling().start().await;
    hub.advance(20 * MINUTE).await;
    hub.sim.set_inbound_url(String::new());
    hub.phone(ANNA).writes("Hej");
    hub.advance(20 * SECOND).await;
    assert_eq!(hub.phone(ANNA).got(), ["Oddzwonimy"]);
    assert!(hub.sim.webhook_log().is_empty());
    hub.advance(20 * SECOND).await;
    assert_eq!(hub.only_written().await.status.as_str(), "delivered");
    assert_eq!(hub.get("/api/health").await.json()["receiving"], "polling");
    assert_eq!(hub.reports().await, Vec::<serde_json::Value>::new(), "what comes as it should is no news");
    hub.phone(PIOTR).writes("WYPISZ");
    hub.advance(20 * SECOND).await;
    assert_eq!(hub.phone(PIOTR).got().len(), 1, "confirmed as ever");
}
