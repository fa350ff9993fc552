//! The settings pages and the switch over automation, as forms post them.

use std::time::Duration;

use axum::{body::Body, http::Request};
use hub_domain::access::Role;
use serde_json::json;

use crate::{
    hub::TestHub,
    people::PASSWORD,
    setup::Setup,
    talk::{ANNA, encoded, form},
};

const NEW_PASSWORD: &str = "wieczorna herbata z Kubą";

#[tokio::test]
async fn language_and_theme_are_kept_for_each_person() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    let piotr = hub.joins("piotr", Role::Operator).await;
    let back = "/settings/audit?before=9";
    let fields = [("language", "en"), ("theme", "dark"), ("back", back)];
    let saved = hub.posts(&ewa, "/settings/preferences", &fields).await;
    assert_eq!(saved.header("location"), "/settings/audit?before=9&done=preferences");
    let page = hub.sees(&ewa, "/").await;
    assert!(page.text().contains(r#"<html lang="en" data-theme="dark" data-bs-theme="dark">"#));
    assert!(page.text().contains("Messages") && !page.text().contains("Wiadomości"));
    let page = hub.sees(&piotr, "/").await;
    assert!(page.text().contains(r#"<html lang="pl" data-theme="system" data-bs-theme="light">"#));
    let away = hub.posts(&ewa, "/settings/preferences", &[("back", "//evil.example")]).await;
    assert_eq!(away.header("location"), "/?done=preferences");
}

#[tokio::test]
async fn a_password_is_changed_by_who_knows_it_and_ends_the_other_sessions() {
    let mut hub = TestHub::start().await;
    let other = hub.session().await;
    let here = hub.enters("ewa", PASSWORD, "192.0.2.1").await.cookie();
    for (present, new, words) in [
        ("zgaduję i zgaduję", NEW_PASSWORD, "Obecne hasło jest nieprawidłowe."),
        (PASSWORD, "krótkie", "co najmniej 12 znaków"),
        (PASSWORD, "haslohaslo123", "zbyt łatwe"),
    ] {
        let refused = hub.posts(&here, "/settings/password", &[("present", present), ("new", new)]).await;
        assert_eq!(refused.status, 422, "{words}");
        assert!(refused.text().contains(words), "{words}");
    }
    let changed =
        hub.posts(&here, "/settings/password", &[("present", PASSWORD), ("new", NEW_PASSWORD)]).await;
    assert_eq!(changed.header("location"), "/settings?done=password");
    assert!(hub.sees(&here, "/settings?done=password").await.text().contains("Hasło zmienione."));
    assert_eq!(hub.sees(&other, "/").await.status, 303);
    assert_eq!(hub.enters("ewa", PASSWORD, "192.0.2.2").await.status, 403);
    assert_eq!(hub.enters("ewa", NEW_PASSWORD, "192.0.2.2").await.status, 303);
}

#[tokio::test]
async fn sessions_are_listed_and_ended_from_the_account_page() {
    let mut hub = TestHub::start().await;
    let here = hub.session().await;
    let there = hub.enters("ewa", PASSWORD, "198.51.100.9").await.cookie();
    let page = hub.sees(&here, "/settings").await;
    assert_eq!(page.text().matches("name=\"session\"").count(), 1, "not the one in use");
    assert!(page.text().contains("198.51.100.0/24") && !page.text().contains("198.51.100.9"));
    hub.posts(&here, "/settings/sessions/end", &[]).await;
    assert_eq!(hub.sees(&there, "/").await.status, 303);
    assert_eq!(hub.sees(&here, "/").await.status, 200);
}

#[tokio::test]
async fn an_admin_adds_people_and_changes_what_they_may() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    let fields = [("name", "piotr"), ("password", PASSWORD), ("role", "operator")];
    let added = hub.posts(&ewa, "/settings/users", &fields).await;
    assert_eq!(added.header("location"), "/settings/users?done=user-added");
    let twice = hub.posts(&ewa, "/settings/users", &fields).await;
    assert!(twice.status == 422 && twice.text().contains("Ktoś już ma tę nazwę"));
    let piotr = hub.enters("piotr", PASSWORD, "192.0.2.1").await.cookie();
    assert_eq!(hub.sees(&piotr, "/settings/users").await.status, 403);
    let id = hub.app().user_named("piotr").await.unwrap().unwrap().id.to_string();
    let change = async |action: &str| {
        let fields = [("user", id.as_str()), ("action", action), ("password", NEW_PASSWORD)];
        hub.posts(&ewa, "/settings/users/change", &fields).await
    };
    assert_eq!(change("admin").await.status, 303);
    assert_eq!(hub.sees(&piotr, "/settings/users").await.status, 200);
    assert_eq!(change("password").await.status, 303);
    assert_eq!(hub.sees(&piotr, "/").await.status, 303, "their sessions ended");
    assert_eq!(hub.enters("piotr", NEW_PASSWORD, "192.0.2.1").await.status, 303);
    assert_eq!(change("disable").await.status, 303);
    assert_eq!(change("fly").await.status, 422);
    let me = hub.app().user_named("ewa").await.unwrap().unwrap().id.to_string();
    let last = hub.posts(&ewa, "/settings/users/change", &[("user", &me), ("action", "disable")]).await;
    assert!(last.status == 422 && last.text().contains("Musi zostać choć jeden administrator"));
    assert_eq!(hub.sees(&ewa, "/").await.status, 200);
    let log = hub.sees(&ewa, "/settings/audit").await;
    for words in ["dodano osobę", "nadano rolę administratora", "ustawiono hasło osobie", "zablokowano osobę"]
    {
        assert!(log.text().contains(words), "{words}");
    }
    assert!(!log.text().contains(PASSWORD) && !log.text().contains(NEW_PASSWORD));
}

#[tokio::test]
async fn a_token_is_shown_once_works_and_is_revoked() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    let refused = hub.posts(&ewa, "/settings/tokens", &[("name", "sklep")]).await;
    assert!(refused.status == 422 && refused.text().contains("Zaznacz choć jedno uprawnienie."));
    let fields = [("name", "sklep <b>"), ("scope", "read"), ("scope", "metrics")];
    let made = hub.posts(&ewa, "/settings/tokens", &fields).await;
    let (_, rest) = made.text().split_once(r#"value="hub_"#).unwrap();
    let secret = format!("hub_{}", rest.split('"').next().unwrap());
    let page = hub.sees(&ewa, "/settings/tokens").await;
    assert!(!page.text().contains(&secret) && !page.text().contains("sklep <b>"));
    let calls = async || {
        let request = Request::get("/api/messages").header("authorization", format!("Bearer {secret}"));
        hub.ask(request.body(Body::empty()).unwrap()).await.status
    };
    assert_eq!(calls().await, 200);
    let id = hub.app().tokens().await.unwrap()[0].id.0.to_string();
    assert_eq!(hub.posts(&ewa, "/settings/tokens/revoke", &[("token", &id)]).await.status, 303);
    assert_eq!(calls().await, 401);
}

#[tokio::test]
async fn the_audit_log_leads_to_older_pages() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    for turn in 0..60 {
        let on = if turn % 2 == 0 { "false" } else { "true" };
        hub.posts(&ewa, "/automation", &[("on", on)]).await;
    }
    let page = hub.sees(&ewa, "/settings/audit").await;
    assert_eq!(page.text().matches("<tr>").count(), 51, "fifty lines and the head");
    let (_, rest) = page.text().split_once(r#"href="/settings/audit?before="#).unwrap();
    let before = rest.split('"').next().unwrap();
    let older = hub.sees(&ewa, &format!("/settings/audit?before={before}")).await;
    assert_eq!(older.text().matches("<tr>").count(), 12);
    assert!(older.text().contains("utworzono pierwsze konto"));
    assert!(!older.text().contains(r#"href="/settings/audit?before="#), "there is nothing older");
}

#[tokio::test]
async fn one_click_of_anybody_stops_every_automatic_reply() {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy.").start().await;
    hub.session().await;
    let ola = hub.joins("ola", Role::Operator).await;
    let off = hub.posts(&ola, "/automation", &[("on", "false"), ("back", "/settings")]).await;
    assert_eq!(off.header("location"), "/settings?done=automation-off");
    hub.phone(ANNA).writes("Halo?");
    hub.run().await;
    assert_eq!(hub.decisions().await, ["automation_off"]);
    assert!(hub.sees(&ola, "/").await.text().contains(r#"role="switch" aria-checked="false""#));
    // With htmx only the switch comes back, and a notice.
    let request = form("/automation").header("cookie", &ola).header("hx-request", "true");
    let on = hub.ask(request.body(Body::from(encoded(&[("on", "true")]))).unwrap()).await;
    assert!(on.text().contains(r#"role="switch" aria-checked="true""#) && !on.text().contains("<html"));
    assert!(on.header("hx-trigger").contains("hub:toast"));
    hub.phone(ANNA).writes("Halo?");
    hub.advance(std::time::Duration::from_secs(5)).await;
    assert_eq!(hub.phone(ANNA).got(), ["Oddzwonimy."]);
}

/// An answer waits for a Twilio that is away, and the switch is turned meanwhile.
async fn switched_off_while_an_answer_waits() -> (TestHub, String) {
    let mut hub = Setup::new().with_auto_reply("Oddzwonimy.").start().await;
    let ewa = hub.session().await;
    hub.cut_off(true);
    hub.phone(ANNA).writes("Halo?");
    hub.advance(Duration::from_secs(5)).await;
    assert_eq!(hub.only_written().await.status.as_str(), "pending");
    hub.posts(&ewa, "/automation", &[("on", "false")]).await;
    hub.cut_off(false);
    hub.advance(Duration::from_mins(5)).await;
    assert_eq!((hub.only_written().await.status.as_str(), hub.taken().len()), ("held", 0));
    (hub, ewa)
}

#[tokio::test]
async fn an_answer_that_waited_is_held_and_leaves_when_automation_is_back_in_time() {
    let (mut hub, ewa) = switched_off_while_an_answer_waits().await;
    let thread = hub.sees(&ewa, "/chat/+48500100200").await;
    assert!(thread.text().contains("automat wyłączono, zanim wyszła"), "{}", thread.text());
    let on = hub.posts(&ewa, "/automation", &[("on", "true")]).await;
    assert_eq!(on.header("location"), "/?done=automation-on");
    hub.advance(Duration::from_secs(5)).await;
    assert_eq!(hub.phone(ANNA).got(), ["Oddzwonimy."]);
}

#[tokio::test]
async fn an_answer_that_is_late_by_then_waits_and_the_notice_says_so() {
    let (mut hub, ewa) = switched_off_while_an_answer_waits().await;
    hub.advance(Duration::from_mins(11)).await;
    let on = hub.posts(&ewa, "/automation", &[("on", "true")]).await;
    assert_eq!(on.header("location"), "/?done=automation-on-left");
    assert!(hub.sees(&ewa, "/?done=automation-on-left").await.text().contains("jest już spóźniona"));
    hub.advance(Duration::from_mins(5)).await;
    let message = hub.only_written().await;
    assert_eq!((message.status.as_str(), hub.taken().len()), ("held", 0));
    let approved = hub.post(&format!("/api/messages/{}/approve", message.row), &json!({})).await.unwrap();
    assert_eq!(approved.status, 200);
    hub.advance(Duration::from_secs(5)).await;
    assert_eq!(hub.phone(ANNA).got(), ["Oddzwonimy."]);
}

#[tokio::test]
async fn what_can_not_be_shown_says_what_to_do() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    let html = |path: &str| Request::get(path).header("accept", "text/html").body(Body::empty()).unwrap();
    let missing = hub.ask(html("/no-such-page")).await;
    assert!(missing.status == 404 && missing.text().contains("Nie ma takiej strony."));
    assert!(missing.header("content-security-policy").contains("default-src 'self'"));
    assert_eq!(hub.ask(html("/api/no-such")).await.text(), "");
    let elsewhere =
        form("/settings/preferences").header("cookie", &ewa).header("sec-fetch-site", "cross-site");
    let refused = hub.ask(elsewhere.body(Body::from("theme=dark")).unwrap()).await;
    assert!(refused.status == 403 && refused.text().contains("Żądanie odrzucone."));
    // A fragment is left as it is, and a notice tells.
    let fragment = form("/settings/preferences").header("cookie", &ewa).header("hx-request", "true");
    let fragment = fragment.header("sec-fetch-site", "cross-site").body(Body::from("theme=dark")).unwrap();
    let refused = hub.ask(fragment).await;
    assert_eq!((refused.status, refused.text()), (403, ""));
    assert!(refused.header("hx-trigger").contains("hub:toast"));
}

#[tokio::test]
async fn assets_are_kept_by_browsers_for_good_and_compressed() {
    let hub = TestHub::start().await;
    let page = hub.ask(Request::get("/sign-in").body(Body::empty()).unwrap()).await;
    let (_, rest) = page.text().split_once(r#"href="/assets/hub.css"#).unwrap();
    let version = rest.split('"').next().unwrap();
    let get = async |path: &str| {
        let request = Request::get(path).header("accept-encoding", "br").body(Body::empty()).unwrap();
        hub.ask(request).await
    };
    let kept = get(&format!("/assets/hub.css{version}")).await;
    assert_eq!(kept.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(kept.header("content-encoding"), "br");
    for stale in ["/assets/hub.css", "/assets/hub.css?v=000000000000"] {
        assert_eq!(get(stale).await.header("cache-control"), "no-cache", "{stale}");
    }
    assert_eq!(get("/assets/../Cargo.toml").await.status, 404);
}

/// The states of the first steps, in order, as the fragment shows them.
async fn steps(hub: &TestHub, cookie: &str) -> Vec<String> {
    let request = Request::get("/setup").header("cookie", cookie).header("hx-request", "true");
    let fragment = hub.ask(request.body(Body::empty()).unwrap()).await;
    let states = fragment.text().split("<li class=\"hub-step-").skip(1);
    states.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn the_first_steps_are_ticked_as_they_are_done() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    assert!(hub.sees(&ewa, "/").await.text().contains("Pierwsze kroki"));
    assert_eq!(hub.trace.lines(), [], "showing the page calls nobody");
    assert_eq!(steps(&hub, &ewa).await, ["done", "done", "done", "open", "open", "open"]);
    hub.phone(ANNA).writes("Halo?");
    hub.run().await;
    assert_eq!(steps(&hub, &ewa).await, ["done", "done", "done", "open", "done", "open"]);
    hub.api_sends(ANNA, "Dzień dobry").await;
    hub.posts(&ewa, "/automation", &[("on", "true")]).await;
    hub.advance(std::time::Duration::from_secs(5)).await;
    assert_eq!(steps(&hub, &ewa).await, Vec::<String>::new(), "the card goes away");
    assert!(!hub.sees(&ewa, "/").await.text().contains("Pierwsze kroki"));
}

#[tokio::test]
async fn a_step_at_fault_says_why_and_many_watchers_make_one_look() {
    let mut hub = TestHub::start().await;
    let ewa = hub.session().await;
    hub.cut_off(true);
    for _ in 0..5 {
        assert_eq!(steps(&hub, &ewa).await[1..3], ["fault", "fault"]);
    }
    assert_eq!(hub.trace.lines().len(), 2, "one call to Twilio and one to our own address");
    let page = hub.sees(&ewa, "/setup").await;
    assert!(page.text().contains("Twilio nie odpowiada.") && page.text().contains("Nic nie odpowiada pod"));
    hub.cut_off(false);
    hub.jump(std::time::Duration::from_secs(15));
    assert_eq!(steps(&hub, &ewa).await[1..3], ["done", "done"]);
}
