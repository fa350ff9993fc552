//! The page of the classic auto-reply, as forms post it.

use hub_domain::access::Role;

use crate::{hub::TestHub, setup::Setup};

#[tokio::test]
async fn an_admin_saves_the_auto_reply_and_sees_what_a_customer_gets() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    let page = hub.sees(&ewa, "/auto-reply").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Auto-odpowiedź jest wyłączona"));
    assert!(page.text().contains("nigdy oba naraz"));
    let saved = hub.posts(&ewa, "/auto-reply", &[("enabled", "true"), ("body", " Oddzwonimy. ")]).await;
    assert_eq!((saved.status, saved.header("location")), (303, "/auto-reply?done=auto-reply"));
    let setting = hub.app().auto_reply().await.unwrap();
    assert!(setting.enabled && setting.message == "Oddzwonimy.");
    let page = hub.sees(&ewa, "/auto-reply?done=auto-reply").await;
    assert!(page.text().contains("Auto-odpowiedź zapisana."));
    assert!(page.text().contains(r#"id="reply-text">Oddzwonimy.</blockquote>"#));
    hub.posts(&ewa, "/auto-reply", &[("body", "Oddzwonimy.")]).await;
    assert!(!hub.app().auto_reply().await.unwrap().enabled, "an empty box is off");
}

#[tokio::test]
async fn an_operator_looks_at_the_auto_reply_and_changes_nothing() {
    let mut hub = TestHub::start().await;
    hub.session().await;
    let piotr = hub.joins("piotr", Role::Operator).await;
    let page = hub.sees(&piotr, "/auto-reply").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Ustawienia zmienia administrator."));
    let refused = hub.posts(&piotr, "/auto-reply", &[("enabled", "true"), ("body", "Hej")]).await;
    assert_eq!(refused.status, 403);
    assert!(!hub.app().auto_reply().await.unwrap().enabled);
}

#[tokio::test]
async fn a_refused_auto_reply_says_why_and_keeps_what_was_typed() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    let empty = hub.posts(&ewa, "/auto-reply", &[("enabled", "true"), ("body", "  ")]).await;
    assert!(empty.status == 422 && empty.text().contains("Wpisz treść, żeby włączyć"));
    let long = format!("\n<script>alert(1)</script></textarea>{}", "ż".repeat(640));
    let refused = hub.posts(&ewa, "/auto-reply", &[("enabled", "true"), ("body", &long)]).await;
    assert!(refused.status == 422 && refused.text().contains("najwyżej 640 znaków. Skróć"));
    assert!(refused.text().contains(&"ż".repeat(640)));
    assert!(!refused.text().contains("<script>alert"), "a text, not a tag");
    assert!(!hub.app().auto_reply().await.unwrap().enabled);
}

#[tokio::test]
async fn the_page_says_that_auto_reply_takes_over_from_the_assistant() {
    let mut hub = Setup::new().with_assistant().start().await;
    let ewa = hub.session().await;
    assert!(hub.sees(&ewa, "/auto-reply").await.text().contains("Teraz odpowiada AI."));
    hub.posts(&ewa, "/auto-reply", &[("enabled", "true"), ("body", "Oddzwonimy")]).await;
    assert!(!hub.app().assistant().await.unwrap().settings.enabled);
    assert!(!hub.sees(&ewa, "/auto-reply").await.text().contains("Teraz odpowiada AI."));
}

#[tokio::test]
async fn what_a_model_was_told_is_for_admins() {
    let hub = TestHub::start().await;
    for (scopes, status) in [("read,send,metrics", 403), ("admin", 200)] {
        let token = hub.token(scopes).await;
        let request = axum::http::Request::get("/api/ai/receipts/1").header("authorization", token);
        assert_eq!(
            hub.ask(request.body(axum::body::Body::empty()).unwrap()).await.status,
            status,
            "{scopes}"
        );
    }
}
