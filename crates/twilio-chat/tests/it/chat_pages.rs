//! The inbox's pages and forms, as a browser without scripts uses them.

use std::time::Duration;

use hub_domain::access::Role;

use crate::{
    hub::TestHub,
    setup::Setup,
    talk::{ANNA, PIOTR},
};

/// Long enough for a message to arrive.
const MINUTE: Duration = Duration::from_mins(1);
const ID: &str = "0193a6f0-0000-7000-8000-000000000001";
const HOSTILE: &str = r#""><img src=x onerror=alert(1)>"#;
const AS_TEXT: &str = "&#34;&#62;&#60;img src=x onerror=alert(1)&#62;";
const CONTENT_SID: &str = "HX0123456789abcdef0123456789abcdef";

async fn with_a_text(body: &str) -> TestHub {
    let mut hub = TestHub::start().await;
    hub.phone(ANNA).writes(body);
    hub.run().await;
    hub
}

async fn contact_of(hub: &TestHub, key: &str) -> i64 {
    hub.store().person(vec![key.to_owned()]).await.unwrap().unwrap().contact.0
}

#[tokio::test]
async fn a_thread_opens_by_any_spelling_of_its_number() {
    let mut hub = with_a_text("Dzień dobry").await;
    let ewa = hub.session().await;
    for name in ["+48500100200", "48500100200", "500100200", "whatsapp%3A%2B48500100200", "+48%20500-100-200"]
    {
        let page = hub.sees(&ewa, &format!("/chat/{name}?view=unread")).await;
        assert!(page.status == 200 && page.text().contains("Dzień dobry"), "{name}");
    }
    let unknown = hub.sees(&ewa, &format!("/chat/{PIOTR}")).await;
    assert!(unknown.status == 200 && unknown.text().contains("Tu zacznie się rozmowa"));
    assert_eq!(hub.sees(&ewa, "/chat/nikt").await.status, 404);
    let opened = hub.sees(&ewa, "/inbox/open?to=500+100+201").await;
    assert_eq!(opened.header("location"), format!("/chat/{PIOTR}"));
    assert_eq!(hub.sees(&ewa, "/inbox/open?to=abc").await.header("location"), "/chat?number=bad");
}

#[tokio::test]
async fn a_form_sends_once_however_often_it_is_posted() {
    let mut hub = with_a_text("Halo").await;
    let ewa = hub.session().await;
    let contact = contact_of(&hub, ANNA).await.to_string();
    let back = format!("/chat/{ANNA}?view=unread");
    let fields =
        [("id", ID), ("contact", &contact), ("to", ANNA), ("body", "Jestem\r\ntutaj"), ("back", &back)];
    for _ in 0..2 {
        assert_eq!(hub.posts(&ewa, "/inbox/send", &fields).await.header("location"), back);
    }
    hub.advance(MINUTE).await;
    let sent = hub.only_written().await;
    assert_eq!((sent.body.as_str(), sent.id.to_string().as_str()), ("Jestem\ntutaj", ID));
    let page = hub.sees(&ewa, &back).await;
    assert!(page.text().contains("doręczona") && page.text().contains("<bdi>ewa</bdi>"));
    assert!(page.text().contains("Człowiek<span class=\"chat-until\">"), "who answers is in charge");
}

#[tokio::test]
async fn a_text_that_may_not_leave_comes_back_with_the_reason() {
    let mut hub = with_a_text("STOP").await;
    let ewa = hub.session().await;
    let locked = hub.sees(&ewa, &format!("/chat/{ANNA}")).await;
    assert!(
        locked.text().contains("wypisała się z wiadomości") && !locked.text().contains("id=\"chat-body\"")
    );
    let fields = [("id", ID), ("to", "12"), ("body", HOSTILE), ("back", "//evil.example")];
    let refused = hub.posts(&ewa, "/inbox/send", &fields).await;
    assert_eq!(refused.status, 400);
    let fields = [("id", ID), ("to", PIOTR), ("body", " "), ("back", "/chat")];
    let refused = hub.posts(&ewa, "/inbox/send", &fields).await;
    assert!(refused.status == 400 && refused.text().contains("id=\"chat-body\""), "still in the composer");
    let contact = contact_of(&hub, ANNA).await.to_string();
    let fields = [("id", ID), ("contact", &contact), ("to", ANNA), ("body", "Wróć"), ("back", "/chat")];
    let refused = hub.posts(&ewa, "/inbox/send", &fields).await;
    assert_eq!(refused.status, 409);
    assert!(hub.written().await.iter().all(|message| message.body != "Wróć"));
}

#[tokio::test]
async fn after_a_day_whatsapp_takes_a_template_only() {
    let mut hub = TestHub::start().await;
    hub.phone(&format!("whatsapp:{ANNA}")).writes("Dzień dobry");
    hub.run().await;
    let contact = contact_of(&hub, ANNA).await.to_string();
    hub.jump(Duration::from_hours(25));
    hub.run().await;
    let ola = hub.joins("ola", Role::Operator).await;
    let page = hub.sees(&ola, &format!("/chat/{ANNA}")).await;
    assert!(
        page.text().contains("tylko zatwierdzony szablon") && page.text().contains("name=\"content_sid\"")
    );
    let fields = [("id", ID), ("contact", &contact), ("to", ANNA), ("back", "/chat"), ("content_sid", "HX1")];
    assert_eq!(hub.posts(&ola, "/inbox/send", &fields).await.status, 400);
    let fields = [
        ("id", ID),
        ("contact", &contact),
        ("back", "/chat"),
        ("content_sid", CONTENT_SID),
        ("variables", "Anna\r\n1042"),
    ];
    assert_eq!(hub.posts(&ola, "/inbox/send", &fields).await.status, 303);
    let sent = hub.only_written().await;
    let details = hub.store().message_details(sent.row).await.unwrap().unwrap();
    assert_eq!(details.entry.content_sid.as_deref(), Some(CONTENT_SID));
    hub.run().await;
}

#[tokio::test]
async fn a_failed_message_is_sent_again_by_its_button() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    let off = "+15005550303";
    hub.posts(&ewa, "/inbox/send", &[("id", ID), ("to", off), ("body", "Paczka")]).await;
    hub.advance(MINUTE).await;
    let failed = hub.only_written().await;
    let page = hub.sees(&ewa, &format!("/chat/{off}")).await;
    assert!(
        page.text().contains("(30003)")
            && page.text().contains(&format!("/inbox/messages/{}/retry", failed.row))
    );
    let path = format!("/inbox/messages/{}/retry", failed.row);
    let again = hub.posts(&ewa, &path, &[("back", "/chat?view=failed")]).await;
    assert_eq!(again.header("location"), "/chat?view=failed&done=chat-retried");
    assert_eq!(hub.posts(&ewa, &path, &[]).await.status, 409, "it is being sent again already");
    hub.advance(MINUTE).await;
    assert_eq!(hub.taken().len(), 2);
    assert!(hub.sees(&ewa, &format!("/chat/{off}")).await.text().contains("Ponowiona niżej"));
}

#[tokio::test]
async fn a_held_answer_is_sent_or_dropped_by_its_buttons() {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy").start().await;
    hub.advance(Duration::from_hours(1)).await;
    hub.kill();
    for phone in [ANNA, PIOTR] {
        hub.phone(phone).writes("Czy jest wolny termin?");
    }
    hub.advance(Duration::from_hours(1)).await;
    hub.restart().await;
    hub.advance(MINUTE).await;
    let ewa = hub.session().await;
    assert_eq!(hub.taken().len(), 0);
    for (phone, word, done) in [(ANNA, "approve", "chat-approved"), (PIOTR, "discard", "chat-discarded")] {
        let held = hub.written().await.into_iter().find(|message| message.to == phone).unwrap();
        let path = format!("/inbox/messages/{}/{word}", held.row);
        let page = hub.sees(&ewa, &format!("/chat/{phone}")).await;
        assert!(page.text().contains("wstrzymana, zdecyduj") && page.text().contains(&path), "{phone}");
        let back = format!("/chat/{phone}");
        let decided = hub.posts(&ewa, &path, &[("back", &back)]).await;
        assert_eq!(decided.header("location"), format!("{back}?done={done}"));
        assert_eq!(hub.posts(&ewa, &path, &[]).await.status, 409, "decided already");
    }
    hub.advance(MINUTE).await;
    assert_eq!(hub.phone(ANNA).got(), ["Oddzwonimy"]);
    assert_eq!(hub.taken().len(), 1);
}

#[tokio::test]
async fn hostile_texts_and_names_are_text() {
    let mut hub = with_a_text(HOSTILE).await;
    let ewa = hub.session().await;
    let contact = contact_of(&hub, ANNA).await;
    let path = format!("/inbox/{contact}/name");
    hub.posts(&ewa, &path, &[("name", HOSTILE), ("back", "/chat")]).await;
    hub.posts(&ewa, "/inbox/send", &[("id", ID), ("to", ANNA), ("body", HOSTILE)]).await;
    hub.run().await;
    let row = hub.only_written().await.row;
    for path in [
        "/chat".to_owned(),
        format!("/chat/{ANNA}"),
        "/contacts".to_owned(),
        "/chat?q=%22%3E%3Cimg".to_owned(),
        format!("/inbox/{contact}/delete"),
        format!("/inbox/messages/{row}?back=/chat/%22%3E%3Cimg"),
    ] {
        let page = hub.sees(&ewa, &path).await;
        assert!(page.status == 200 && !page.text().contains("<img src=x"), "{path}");
    }
    assert!(hub.sees(&ewa, &format!("/chat/{ANNA}")).await.text().contains(AS_TEXT));
}

#[tokio::test]
async fn only_an_admin_deletes_and_after_a_question() {
    let mut hub = with_a_text("Do usunięcia").await;
    let ewa = hub.session().await;
    let ola = hub.joins("ola", Role::Operator).await;
    let path = format!("/inbox/{}/delete", contact_of(&hub, ANNA).await);
    assert_eq!(hub.sees(&ola, &path).await.status, 403);
    assert_eq!(hub.posts(&ola, &path, &[]).await.status, 403);
    assert!(!hub.sees(&ola, &format!("/chat/{ANNA}")).await.text().contains("/delete"));
    assert!(hub.sees(&ewa, &path).await.text().contains("Usunąć całą rozmowę"));
    assert_eq!(hub.messages().await.len(), 1);
    assert_eq!(hub.posts(&ewa, &path, &[]).await.header("location"), "/chat?done=chat-deleted");
    assert!(hub.messages().await.is_empty());
}

#[tokio::test]
async fn a_long_thread_is_read_page_by_page_and_grows_at_its_end() {
    let mut hub = TestHub::start().await;
    for number in 0..60 {
        hub.phone(ANNA).writes(&format!("tekst numer {number}."));
    }
    hub.run().await;
    let ewa = hub.session().await;
    let contact = contact_of(&hub, ANNA).await;
    let has = |page: &str, number: usize| page.contains(&format!("tekst numer {number}.<"));
    let newest = hub.sees(&ewa, &format!("/inbox/{contact}/thread")).await.text().to_owned();
    assert!(has(&newest, 59) && has(&newest, 10) && !has(&newest, 9) && newest.contains("chat-earlier"));
    let first = hub.received().await[10].row;
    let earlier = hub.sees(&ewa, &format!("/inbox/{contact}/thread?before={first}")).await.text().to_owned();
    assert!(has(&earlier, 0) && has(&earlier, 9) && !has(&earlier, 10));
    assert!(!earlier.contains("chat-earlier") && earlier.contains("chat-later"));
    hub.phone(ANNA).writes("tekst numer 60.");
    hub.run().await;
    let grown = hub.sees(&ewa, &format!("/inbox/{contact}/thread?from={first}")).await.text().to_owned();
    assert!(has(&grown, 10) && has(&grown, 60) && !has(&grown, 9) && grown.contains("chat-earlier"));
    let whole = hub.sees(&ewa, &format!("/inbox/{contact}/thread?from=1")).await.text().to_owned();
    assert!(has(&whole, 0) && !whole.contains("chat-earlier"), "nothing is before its beginning");
}

#[tokio::test]
async fn nobody_can_be_named_who_is_not_there() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    assert_eq!(hub.posts(&ewa, "/inbox/999/name", &[("name", "Nikt")]).await.status, 404);
}
