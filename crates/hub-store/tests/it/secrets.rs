//! Keys entered in the panel are kept as sealed, replaced, cleared, and leave a line in the log.

use hub_store::{AuditAction, By, SealedSecret};

use crate::{harness::fresh, words::at};

fn by() -> By {
    By { name: "ewa".to_owned(), network: "192.0.2.0/24".to_owned() }
}

fn sealed(sealed: &[u8]) -> SealedSecret {
    SealedSecret { name: "TWILIO_AUTH_TOKEN".to_owned(), nonce: vec![7; 24], sealed: sealed.to_owned() }
}

#[tokio::test]
async fn a_sealed_secret_is_kept_replaced_and_cleared() {
    let hub = fresh().await;
    hub.keep_secret(sealed(b"first"), by(), at(1)).await.unwrap();
    hub.keep_secret(sealed(b"second"), by(), at(2)).await.unwrap();
    let kept = hub.secrets().await.unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!((&kept[0].secret, kept[0].updated_at), (&sealed(b"second"), at(2)));
    assert_eq!(kept[0].updated_by, "ewa");
    assert!(hub.clear_secret("TWILIO_AUTH_TOKEN".to_owned(), by(), at(3)).await.unwrap());
    assert!(!hub.clear_secret("TWILIO_AUTH_TOKEN".to_owned(), by(), at(4)).await.unwrap());
    assert!(hub.secrets().await.unwrap().is_empty());
    let log = hub.audit(None, 9).await.unwrap();
    let actions: Vec<_> = log.iter().map(|entry| (entry.action, entry.subject.as_str())).collect();
    let name = "TWILIO_AUTH_TOKEN";
    let changed = (AuditAction::SecretChanged, name);
    assert_eq!(actions, [(AuditAction::SecretCleared, name), changed, changed]);
}
