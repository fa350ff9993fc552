//! Coming in and going out: the first account, passwords, the printed link, sessions, limits.

use std::time::Duration;

use axum::{body::Body, http::Request};
use hub_domain::access::Role;
use hub_store::{AuditAction, UserChange};

use crate::{
    hub::TestHub,
    people::{PASSWORD, by},
    setup::Setup,
};

const HOME: &str = "192.0.2.7";
const MINUTE: Duration = Duration::from_secs(60);

async fn with_ewa() -> TestHub {
    let mut hub = TestHub::start().await;
    hub.session().await;
    hub
}

async fn follows(hub: &TestHub, link: &str) -> crate::wire::Answer {
    hub.ask(Request::get(format!("/sign-in?token={link}")).body(Body::empty()).unwrap()).await
}

async fn log(hub: &TestHub) -> Vec<(AuditAction, String)> {
    let entries = hub.app().audit(None, 100).await.unwrap();
    entries.into_iter().rev().map(|entry| (entry.action, entry.actor)).collect()
}

#[tokio::test]
async fn the_printed_link_opens_the_first_account() {
    let hub = TestHub::start().await;
    let link = hub.app().new_sign_in_link();
    let asked = follows(&hub, &link).await;
    assert_eq!((asked.status, asked.header("set-cookie")), (200, ""));
    assert!(asked.text().contains("Utwórz pierwsze konto") && asked.text().contains(&link));
    // What is wrong with the form does not use the link up.
    for (name, password, words) in [
        ("ewa", "za krótkie", "co najmniej 12 znaków"),
        ("ewa", "password1234", "zbyt łatwe do odgadnięcia"),
        ("ewa nowak", PASSWORD, "bez spacji"),
    ] {
        let refused = hub.makes_first_account(&link, name, password).await;
        assert_eq!(refused.status, 422, "{password}");
        assert!(refused.text().contains(words), "{password}: {}", refused.text());
        assert!(!refused.text().contains(password), "a password is not sent back");
    }
    assert!(hub.app().users().await.unwrap().is_empty());
    let made = hub.makes_first_account(&link, "ewa", PASSWORD).await;
    assert_eq!(made.header("location"), "/");
    assert_eq!(hub.sees(&made.cookie(), "/settings/users").await.status, 200, "the first one is an admin");
    // Once only, and never for a second first one.
    let other = hub.app().new_sign_in_link();
    for link in [&link, &other] {
        assert_eq!(hub.makes_first_account(link, "piotr", PASSWORD).await.status, 403);
    }
    assert_eq!(hub.app().users().await.unwrap().len(), 1);
    assert_eq!(log(&hub).await, [(AuditAction::FirstUser, "ewa".to_owned())]);
}

#[tokio::test]
async fn without_a_link_nobody_makes_the_first_account() {
    let hub = TestHub::start().await;
    let page = hub.ask(Request::get("/sign-in").body(Body::empty()).unwrap()).await;
    assert!(page.text().contains("Witaj w Twilio Chat") && !page.text().contains("<form"));
    assert_eq!(hub.makes_first_account("", "ewa", PASSWORD).await.status, 403);
    assert_eq!(hub.enters("ewa", PASSWORD, HOME).await.status, 403);
    assert!(hub.app().users().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_name_and_its_password_sign_in_and_nothing_else_does() {
    let hub = with_ewa().await;
    let entered = hub.enters("EWA", PASSWORD, HOME).await;
    assert_eq!(entered.header("location"), "/");
    let cookie = entered.header("set-cookie");
    let (pair, flags) = cookie.split_once(';').unwrap();
    assert!(pair.starts_with("__Host-hub=") && pair.len() == 11 + 64, "{pair}");
    assert_eq!(flags, " Path=/; HttpOnly; SameSite=Lax; Max-Age=2592000; Secure");
    assert_eq!(hub.sees(pair, "/").await.status, 200);
    let mut texts = Vec::new();
    for (name, password) in
        [("ewa", "poranna kawa z zosią"), ("piotr", PASSWORD), ("", PASSWORD), ("ewa", "")]
    {
        let refused = hub.enters(name, password, HOME).await;
        assert_eq!((refused.status, refused.header("set-cookie")), (403, ""), "{name:?}");
        assert!(!refused.text().contains(PASSWORD));
        texts.push(refused.text().contains("Nazwa lub hasło się nie zgadza."));
    }
    assert_eq!(texts, [true; 4], "nobody learns which of the two is wrong");
    let refused = (AuditAction::SignInRefused, "ewa".to_owned());
    assert_eq!(log(&hub).await.iter().filter(|line| **line == refused).count(), 2);
}

#[tokio::test]
async fn the_link_signs_the_owner_in_once_whatever_the_password() {
    let mut hub = with_ewa().await;
    let link = hub.app().new_sign_in_link();
    // A link preview must not use it up.
    let previewed = Request::head(format!("/sign-in?token={link}")).body(Body::empty()).unwrap();
    assert_eq!(hub.ask(previewed).await.header("set-cookie"), "");
    let cookie = follows(&hub, &link).await.cookie();
    assert!(!cookie.contains(&link));
    assert_eq!(hub.sees(&cookie, "/settings/users").await.status, 200);
    assert_eq!(follows(&hub, &link).await.status, 403);
    assert_eq!(follows(&hub, "").await.status, 403);
    let late = hub.app().new_sign_in_link();
    hub.jump(30 * MINUTE);
    assert_eq!(follows(&hub, &late).await.status, 403);
    hub.restart().await;
    assert_eq!(hub.sees(&cookie, "/").await.status, 200, "a session outlives the process");
}

#[tokio::test]
async fn the_demos_link_signs_in_without_an_account_to_make() {
    let hub = Setup::new().demo().start().await;
    let cookie = follows(&hub, &hub.app().new_sign_in_link()).await.cookie();
    assert_eq!(hub.sees(&cookie, "/settings/users").await.status, 200);
    let again = follows(&hub, &hub.app().new_sign_in_link()).await.cookie();
    assert_ne!(cookie, again);
    assert_eq!(hub.app().users().await.unwrap().len(), 1);
    assert_eq!(hub.enters("demo", "", HOME).await.status, 403, "nobody has no password");
}

#[tokio::test]
async fn a_session_ends_when_idle_and_at_last() {
    let mut hub = with_ewa().await;
    let cookie = hub.session().await;
    for _ in 0..65 {
        hub.jump(11 * 60 * MINUTE);
        assert_eq!(hub.sees(&cookie, "/").await.status, 200);
    }
    hub.jump(5 * 60 * MINUTE);
    assert_eq!(hub.sees(&cookie, "/").await.status, 303, "thirty days");
    let cookie = hub.enters("ewa", PASSWORD, HOME).await.cookie();
    hub.jump(12 * 60 * MINUTE);
    assert_eq!(hub.sees(&cookie, "/").await.status, 303, "twelve idle hours");
}

#[tokio::test]
async fn signing_in_makes_a_new_session_of_the_browsers_old_one() {
    let mut hub = with_ewa().await;
    let old = hub.session().await;
    let body = crate::talk::encoded(&[("name", "ewa"), ("password", PASSWORD)]);
    let request = crate::talk::form("/sign-in").header("cookie", &old).body(Body::from(body)).unwrap();
    let new = hub.ask(request).await.cookie();
    assert_ne!(old, new);
    assert_eq!(hub.sees(&old, "/").await.status, 303);
    assert_eq!(hub.sees(&new, "/").await.status, 200);
}

#[tokio::test]
async fn signing_out_ends_this_session_or_all_of_them() {
    let hub = with_ewa().await;
    let here = hub.enters("ewa", PASSWORD, HOME).await.cookie();
    let there = hub.enters("ewa", PASSWORD, HOME).await.cookie();
    let out = hub.posts(&here, "/sign-out", &[]).await;
    assert_eq!((out.status, out.header("location")), (303, "/sign-in"));
    assert!(
        out.header("set-cookie").starts_with("__Host-hub=; ")
            && out.header("set-cookie").contains("Max-Age=0")
    );
    assert_eq!(hub.sees(&here, "/").await.status, 303);
    assert_eq!(hub.sees(&there, "/").await.status, 200);
    let here = hub.enters("ewa", PASSWORD, HOME).await.cookie();
    hub.posts(&here, "/sign-out", &[("everywhere", "true")]).await;
    assert_eq!(hub.sees(&there, "/").await.status, 303);
}

#[tokio::test]
async fn guessing_is_slowed_down_and_never_locks_the_owner_out() {
    let hub = with_ewa().await;
    // One address, ten tries a minute, until the account's own tries are used up.
    let mut statuses = Vec::new();
    for _ in 0..11 {
        statuses.push(hub.enters("ewa", "zgaduję i zgaduję", HOME).await.status);
    }
    assert_eq!(statuses[..10], [403; 10]);
    assert_eq!(statuses[10], 429);
    assert_eq!(hub.enters("piotr", PASSWORD, HOME).await.status, 429, "whomever it tries next");
    hub.jump(MINUTE);
    for _ in 0..10 {
        hub.enters("ewa", "zgaduję i zgaduję", HOME).await;
    }
    hub.jump(MINUTE);
    assert_eq!(hub.enters("ewa", PASSWORD, HOME).await.status, 429, "even with the right one");
    let owner = hub.enters("ewa", PASSWORD, "198.51.100.4").await;
    assert_eq!(owner.status, 303, "from another address");
    let link = hub.app().new_sign_in_link();
    assert_eq!(follows(&hub, &link).await.status, 303, "and by the link");
    assert!(log(&hub).await.contains(&(AuditAction::SignInLimited, "ewa".to_owned())));
}

#[tokio::test]
async fn only_a_trusted_proxy_is_believed_about_the_client() {
    let mut hub = Setup::new().with("TRUSTED_PROXIES", "10.0.0.0/8").start().await;
    hub.session().await;
    let tries = async |peer: &str, forwarded: String| {
        let fields = [("name", "ewa"), ("password", "zgaduję i zgaduję")];
        let request = crate::talk::form("/sign-in").header("x-forwarded-for", forwarded);
        let mut request = request.body(Body::from(crate::talk::encoded(&fields))).unwrap();
        let peer: std::net::IpAddr = peer.parse().unwrap();
        request.extensions_mut().insert(twilio_chat::web::client::Peer(peer));
        hub.ask(request).await.status
    };
    // A stranger's own header changes nothing: all are one address.
    for try_ in 0..10 {
        assert_eq!(tries("203.0.113.9", format!("198.51.100.{try_}")).await, 403);
    }
    assert_eq!(tries("203.0.113.9", "198.51.100.99".to_owned()).await, 429);
    // Through the proxy each client is its own, and what it invented before the proxy's word is not read.
    assert_eq!(tries("10.0.0.1", "1.2.3.4, 203.0.113.9".to_owned()).await, 429);
    assert_eq!(tries("10.0.0.1", "203.0.113.9, 198.51.100.7, 10.0.0.2".to_owned()).await, 403);
}

#[tokio::test]
async fn a_disabled_person_is_out_at_once() {
    let hub = with_ewa().await;
    let cookie = hub.joins("piotr", Role::Operator).await;
    let piotr = hub.app().user_named("piotr").await.unwrap().unwrap().id;
    hub.app().change_user(piotr, UserChange::Disabled(true), by()).await.unwrap().unwrap();
    assert_eq!(hub.sees(&cookie, "/").await.status, 303);
    assert_eq!(hub.enters("piotr", PASSWORD, HOME).await.status, 403);
}

#[tokio::test]
async fn passwords_and_secrets_are_kept_as_hashes_only() {
    let mut hub = with_ewa().await;
    let cookie = hub.session().await;
    let token = hub.token("read").await;
    let (session, token) = (cookie.split_once('=').unwrap().1, token.strip_prefix("Bearer ").unwrap());
    let kept = hub.on_disk("SELECT password FROM user");
    assert!(kept[0].starts_with("$argon2id$v=19$m=65536,t=3,p=1$"), "{kept:?}");
    let mut files = hub.files();
    files.retain(|file| [PASSWORD, session, token].iter().any(|secret| contains(file, secret)));
    assert!(files.is_empty(), "a secret lies on disk");
}

fn contains(file: &[u8], secret: &str) -> bool {
    file.windows(secret.len()).any(|window| window == secret.as_bytes())
}

#[tokio::test]
async fn an_api_tokens_use_is_noted_and_each_has_its_own_idempotency_keys() {
    let mut hub = with_ewa().await;
    let mut sids = Vec::new();
    for _ in 0..2 {
        let token = hub.token("send").await;
        let body = serde_json::json!({ "to": crate::talk::ANNA, "body": "raz" }).to_string();
        let request = Request::post("/api/messages").header("authorization", token);
        let request = request.header("idempotency-key", "1").body(Body::from(body)).unwrap();
        sids.push(hub.call(request).await.unwrap().json()["sid"].clone());
    }
    assert_ne!(sids[0], sids[1]);
    let used = hub.app().tokens().await.unwrap().into_iter().map(|token| token.used_at);
    assert_eq!(used.collect::<Vec<_>>(), [Some(hub.now()); 2]);
    hub.advance(Duration::from_secs(10)).await;
}
