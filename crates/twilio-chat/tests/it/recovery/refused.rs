//! Credentials that Twilio refuses while nobody sends.

use super::{MINUTE, running};

#[tokio::test]
async fn a_walk_that_is_refused_alarms_and_one_that_is_answered_ends_it() {
    let mut hub = running().await;
    hub.refuse_credentials(true);
    hub.advance(4 * MINUTE).await;
    let health = hub.get("/api/health").await.json();
    assert_eq!(
        (&health["twilio"], &health["sending"]["stopped"]),
        (&"credentials_refused".into(), &true.into())
    );
    assert!(health["sending"]["advice"].as_str().unwrap().contains("Account SID"), "{health}");
    hub.refuse_credentials(false);
    hub.advance(4 * MINUTE).await;
    let health = hub.get("/api/health").await.json();
    assert_eq!((&health["twilio"], &health["sending"]["stopped"]), (&"ok".into(), &false.into()));
}
