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

#[tokio::test]
async fn words_are_added_changed_switched_tried_and_deleted() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    let fields = [("word", "Godziny"), ("answer", "Od 9\r\ndo 17."), ("description", "co <i>dzień</i>")];
    let added = hub.posts(&ewa, "/listeners", &fields).await;
    assert_eq!(added.header("location"), "/listeners?done=word-added");
    let page = hub.sees(&ewa, "/listeners?done=word-added").await;
    assert!(page.text().contains("Słowo dodane.") && page.text().contains("<strong>/news</strong>"));
    assert!(page.text().contains("Od 9\ndo 17.") && !page.text().contains("<i>dzień"));
    hub.phone(ANNA).writes("godziny?");
    hub.advance(Duration::from_secs(5)).await;
    assert_eq!(hub.phone(ANNA).got(), ["Od 9\ndo 17."]);
    let id = hub.app().listeners().await.unwrap().last().unwrap().id.to_string();
    let change = async |action: &str, answer: &str| {
        let fields = [("id", id.as_str()), ("action", action), ("answer", answer)];
        hub.posts(&ewa, "/listeners/change", &fields).await
    };
    assert_eq!(change("save", "Od 10.").await.header("location"), "/listeners?done=word-changed");
    let says = async |text: &str, words: &str| {
        let tried = hub.posts(&ewa, "/listeners/try", &[("text", text)]).await;
        assert!(tried.status == 200 && tried.text().contains(words), "{text}: {words}");
    };
    says("GODZINY!", r#"<p class="hub-bubble">Od 10.</p>"#).await;
    says("stop", "obsługuje sam Twilio").await;
    says("wypisz", "klient dostanie jedno potwierdzenie").await;
    says("o której otwieracie?", "Żadne słowo nie pasuje").await;
    says("/news co nowego?", "jest chwilowo niedostępna").await;
    assert_eq!(change("off", "").await.header("location"), "/listeners?done=word-off");
    says("godziny", "Żadne słowo nie pasuje").await;
    assert_eq!(change("on", "").await.header("location"), "/listeners?done=word-on");
    assert_eq!(change("fly", "").await.status, 422);
    assert_eq!(change("delete", "").await.header("location"), "/listeners?done=word-deleted");
    let gone = change("delete", "").await;
    assert!(gone.status == 422 && gone.text().contains("Tego słowa już nie ma"));
    assert_eq!(hub.messages().await.len(), 2, "trying sends nothing");
}

#[tokio::test]
async fn a_refused_word_stays_in_its_form() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    hub.posts(&ewa, "/listeners", &[("word", "adres"), ("answer", "Rynek 1")]).await;
    let long = "ż".repeat(641);
    for (word, answer, words) in [
        ("/adres", HOSTILE, "bez / na początku"),
        ("?!", HOSTILE, "bez / na początku"),
        (HOSTILE, " ", "Wpisz odpowiedź, najwyżej 640 znaków."),
        ("cennik", long.as_str(), "Wpisz odpowiedź, najwyżej 640 znaków."),
        ("ADRES", HOSTILE, "Takie słowo już jest"),
    ] {
        let refused = hub.posts(&ewa, "/listeners", &[("word", word), ("answer", answer)]).await;
        assert!(refused.status == 422 && refused.text().contains(words), "{word}");
        assert!(!refused.text().contains("<script>alert"), "{word}");
        assert!(answer != long || refused.text().contains(&long));
    }
    let id = hub.app().listeners().await.unwrap().last().unwrap().id;
    let fields = [("id", &*id.to_string()), ("action", "save"), ("answer", &long), ("description", HOSTILE)];
    let refused = hub.posts(&ewa, "/listeners/change", &fields).await;
    assert!(refused.status == 422 && refused.text().contains("Wpisz odpowiedź"));
    assert!(refused.text().contains("<details open>") && refused.text().contains(&long));
    assert!(!refused.text().contains("<script>alert"));
    let by_api =
        hub.post(&format!("/api/listeners/{id}"), &serde_json::json!({ "answer": long })).await.unwrap();
    assert_eq!(by_api.status, 400);
    assert_eq!(hub.app().listeners().await.unwrap().last().unwrap().answer.as_deref(), Some("Rynek 1"));
}

#[tokio::test]
async fn an_operator_tries_words_and_may_not_change_them() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    hub.posts(&ewa, "/listeners", &[("word", "adres"), ("answer", "Rynek 1")]).await;
    let ola = hub.joins("ola", Role::Operator).await;
    let page = hub.sees(&ola, "/listeners").await;
    assert!(page.status == 200 && page.text().contains("Rynek 1"));
    assert!(!page.text().contains("/listeners/change") && !page.text().contains(r#"name="word""#));
    assert!(
        hub.posts(&ola, "/listeners/try", &[("text", "adres")]).await.text().contains("Klient dostanie:")
    );
    assert_eq!(hub.posts(&ola, "/listeners", &[("word", "x"), ("answer", "y")]).await.status, 403);
    assert_eq!(hub.posts(&ola, "/listeners/change", &[("id", "3"), ("action", "delete")]).await.status, 403);
}

#[tokio::test]
async fn a_consent_is_written_down_by_anybody_and_shown_with_its_proof() {
    let mut hub = TestHub::start().await;
    hub.session().await;
    let ola = hub.joins("ola", Role::Operator).await;
    assert!(hub.sees(&ola, "/consents").await.text().contains("Nikt się nie wypisał."));
    hub.phone(ANNA).writes("WYPISZ");
    hub.advance(Duration::from_secs(5)).await;
    let page = hub.sees(&ola, "/consents").await;
    assert!(page.text().contains("+48 500 100 200") && page.text().contains("napisał to SMS-em"));
    let page = hub.sees(&ola, "/consents?who=500100200").await;
    assert!(page.text().contains(r#"<p class="hub-bubble">WYPISZ</p>"#) && page.text().contains("wypisany"));
    let fields = [("who", "500 100 200"), ("choice", "in"), ("note", HOSTILE)];
    let noted = hub.posts(&ola, "/consents", &fields).await;
    assert_eq!(noted.header("location"), "/consents?who=%2B48500100200&done=consent-noted");
    let page = hub.sees(&ola, noted.header("location")).await;
    assert!(page.text().contains("Zapisano.") && page.text().contains("dostaje wiadomości"));
    assert!(page.text().contains("wpis ręczny") && !page.text().contains("<script>alert"));
    let (_, rest) = page.text().split_once(r#"href="/api/consents/"#).unwrap();
    let export = hub.sees(&ola, &format!("/api/consents/{}", rest.split('"').next().unwrap())).await;
    assert_eq!(export.status, 200);
    assert_eq!(export.json()["history"].as_array().unwrap().len(), 2);
    assert!(hub.sees(&ola, "/consents").await.text().contains("Nikt się nie wypisał."));
}

#[tokio::test]
async fn a_consent_without_number_choice_or_ground_is_refused() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    let long = "ż".repeat(2001);
    for (who, choice, note, words) in [
        (ANNA, "in", " \r\n ", "Podaj treść albo podstawę"),
        (ANNA, "in", long.as_str(), "najwyżej 2000 znaków"),
        (ANNA, "maybe", "Telefon 3 maja", "Zaznacz, czy to zgoda, czy wypis."),
        (HOSTILE, "out", "Telefon 3 maja", "Nie mogę odczytać numeru."),
    ] {
        let refused = hub.posts(&ewa, "/consents", &[("who", who), ("choice", choice), ("note", note)]).await;
        assert!(refused.status == 422 && refused.text().contains(words), "{words}");
        assert!(refused.text().contains(note.trim()) && !refused.text().contains("<script>alert"), "{words}");
    }
    let unknown = hub.sees(&ewa, "/consents?who=%3Cscript%3Ealert&before=zz").await;
    assert!(unknown.status == 200 && unknown.text().contains("nic nie wiemy"));
    assert!(!unknown.text().contains("<script>alert"));
    assert_eq!(hub.app().consent_of(ANNA).await.unwrap().map(|_| ()), None);
}

#[tokio::test]
async fn consents_are_reached_by_a_tab_of_contacts() {
    let hub = TestHub::start().await;
    let ola = hub.joins("ola", Role::Operator).await;
    for (path, here) in [
        ("/contacts", "/contacts"),
        ("/contacts?view=opted_out", "/contacts?view=opted_out"),
        ("/consents", "/consents"),
    ] {
        let page = hub.sees(&ola, path).await;
        let tabs = page.text().split("class=\"hub-tabs\"").nth(1).unwrap().split("</nav>").next().unwrap();
        let open: Vec<&str> =
            tabs.split("<a href=\"").skip(1).filter(|tab| tab.contains("aria-current")).collect();
        assert!(open.len() == 1 && open[0].starts_with(&format!("{here}\"")), "{path}: {open:?}");
        assert!(tabs.contains("href=\"/consents\""), "{path}");
        let rail = page.text().split("class=\"hub-rail\"").nth(1).unwrap().split("</nav>").next().unwrap();
        assert!(rail.contains("href=\"/contacts\" aria-current=\"page\""), "{path}: where one is");
    }
}

#[tokio::test]
async fn every_text_for_customers_is_measured_where_it_is_written() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    hub.posts(&ewa, "/listeners", &[("word", "godziny"), ("answer", "6-14")]).await;
    for (path, meters) in [
        ("/auto-reply", &["body-meter", "away-meter"][..]),
        ("/listeners", &["answer-meter", "meter-3"]),
        ("/ai", &["handover-meter"]),
    ] {
        let page = hub.sees(&ewa, path).await;
        assert!(page.text().contains("/assets/meter.js"), "{path}");
        for meter in meters {
            assert!(page.text().contains(&format!("hub-meter\" id=\"{meter}\"")), "{path}: {meter}");
            assert!(page.text().contains(&format!("{meter}\">")), "{path}: the field names {meter}");
        }
    }
}
