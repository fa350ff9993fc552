//! The pages of fixed answers, as forms post them: the auto-reply and the hours, words, consents.

use std::time::Duration;

use hub_domain::access::Role;

use crate::{hub::TestHub, talk::ANNA};

/// Closes what a template might put it into.
const HOSTILE: &str = r#"</textarea><script>alert("x")</script>'"#;

#[tokio::test]
async fn an_admin_changes_the_auto_reply_and_sees_what_customers_get() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    assert!(hub.sees(&ewa, "/auto-reply").await.text().contains("żadna automatyczna odpowiedź"));
    let fields = [("enabled", "on"), ("body", "Dzień dobry!\r\nOddzwonimy.")];
    let saved = hub.posts(&ewa, "/auto-reply", &fields).await;
    assert_eq!(saved.header("location"), "/auto-reply?done=auto-reply-on");
    let page = hub.sees(&ewa, "/auto-reply?done=auto-reply-on").await;
    assert!(page.text().contains("Auto-odpowiedź jest włączona."));
    assert!(page.text().contains("<p class=\"hub-bubble\">Dzień dobry!\nOddzwonimy.</p>"));
    assert!(page.text().contains(r#"href="/auto-reply" aria-current="page""#), "the navigation has it");
    hub.phone(ANNA).writes("Halo?");
    hub.advance(Duration::from_secs(5)).await;
    assert_eq!(hub.phone(ANNA).got(), ["Dzień dobry!\nOddzwonimy."], "as the page said");
    let off = hub.posts(&ewa, "/auto-reply", &[("body", "Oddzwonimy.")]).await;
    assert_eq!(off.header("location"), "/auto-reply?done=auto-reply-off");
    let kept = hub.app().auto_reply().await.unwrap();
    assert!(!kept.enabled && kept.message == "Oddzwonimy.");
}

#[tokio::test]
async fn a_refused_auto_reply_stays_in_its_form_and_changes_nothing() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    let before = hub.app().auto_reply().await.unwrap();
    let long = format!("{HOSTILE}{}", "ż".repeat(640));
    for (body, words) in [(" \r\n ", "jest wymagana"), (&long, "nie może przekraczać 640 znaków")] {
        let refused = hub.posts(&ewa, "/auto-reply", &[("enabled", "on"), ("body", body)]).await;
        assert!(refused.status == 422 && refused.text().contains(words), "{words}");
        assert!(refused.text().contains(r#"name="enabled" checked"#), "{words}");
    }
    let refused = hub.posts(&ewa, "/auto-reply", &[("body", &long)]).await;
    assert!(refused.text().contains(&"ż".repeat(640)) && !refused.text().contains("<script>alert"));
    assert_eq!(hub.app().auto_reply().await.unwrap(), before);
    hub.posts(&ewa, "/auto-reply", &[("enabled", "on"), ("body", HOSTILE)]).await;
    assert!(!hub.sees(&ewa, "/auto-reply").await.text().contains("<script>alert"));
}

#[tokio::test]
async fn hours_are_set_shown_and_refused_with_what_was_typed() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    let bad = [("open-2", "on"), ("from-2", "rano"), ("to-2", "17:00"), ("away", "Jutro <b>")];
    let refused = hub.posts(&ewa, "/auto-reply/hours", &bad).await;
    assert!(refused.status == 422 && refused.text().contains("Dzień: środa."));
    assert!(refused.text().contains(r#"name="from-2" value="rano""#));
    assert!(refused.text().contains("Jutro &#60;b&#62;</textarea>"), "{}", refused.text());
    let long = "ż".repeat(641);
    let refused = hub.posts(&ewa, "/auto-reply/hours", &[("away", &long)]).await;
    assert!(refused.status == 422 && refused.text().contains("najwyżej 640 znaków"));
    // A minute of one day a week, at another time than now.
    let open = [("open-0", "on"), ("from-0", "03:00"), ("to-0", "03:01"), ("away", "Wrócimy rano.")];
    let saved = hub.posts(&ewa, "/auto-reply/hours", &open).await;
    assert_eq!(saved.header("location"), "/auto-reply?done=hours");
    let page = hub.sees(&ewa, "/auto-reply?done=hours").await;
    assert!(page.text().contains("Godziny zapisane.") && page.text().contains(r#"name="open-0" checked"#));
    assert!(page.text().contains(r#"<p class="hub-bubble">Wrócimy rano.</p>"#));
    hub.phone(ANNA).writes("Halo?");
    hub.advance(Duration::from_secs(5)).await;
    assert_eq!(hub.phone(ANNA).got(), ["Wrócimy rano."]);
}

#[tokio::test]
async fn an_operator_looks_at_the_auto_reply_and_may_not_change_it() {
    let mut hub = TestHub::start().await;
    hub.session().await;
    let ola = hub.joins("ola", Role::Operator).await;
    let page = hub.sees(&ola, "/auto-reply").await;
    assert!(page.status == 200 && page.text().contains("Zmienić to może administrator."));
    assert!(
        !page.text().contains("btn-primary")
            && page.text().contains("<fieldset class=\"hub-form\" disabled>")
    );
    for path in ["/auto-reply", "/auto-reply/hours"] {
        assert_eq!(hub.posts(&ola, path, &[("enabled", "on"), ("body", "Halo")]).await.status, 403, "{path}");
    }
    assert!(!hub.app().auto_reply().await.unwrap().enabled);
}
