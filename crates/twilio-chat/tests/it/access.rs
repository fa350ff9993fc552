//! Who may call what. The route table is the one source: a route added to it is tested here by being there.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Request, request::Builder},
};
use twilio_chat::web::routes::{Access, Route, routes};

use crate::{
    hub::{API_TOKEN, PUBLIC, TestHub},
    setup::Setup,
    talk::ANNA,
};

fn ask_for(route: &Route) -> Builder {
    let path = route.path.replace("{*path}", "hub.css").replace("{message}", "1").replace("{position}", "0");
    Request::builder().method(route.method).uri(path)
}

fn json(builder: Builder) -> Request<Body> {
    builder.header("content-type", "application/json").body(Body::from("{}")).unwrap()
}

#[tokio::test]
async fn every_route_that_is_not_public_refuses_whoever_lacks_its_level() {
    let mut hub = Setup::new().demo().start().await;
    let cookie = hub.session().await;
    let bearer = format!("Bearer {API_TOKEN}");
    for route in routes(true) {
        let what = format!("{} {}", route.method, route.path);
        let nobody = hub.ask(json(ask_for(&route))).await;
        let stale = hub.ask(json(ask_for(&route).header("cookie", "__Host-hub=0000; hub=0000"))).await;
        let wrong = hub.ask(json(ask_for(&route).header("authorization", "Bearer wrong"))).await;
        match route.access {
            Access::Public => assert_eq!(nobody.status, 200, "{what}"),
            Access::Twilio => {
                // A person's session is no signature, nor is a token.
                let signed_in = hub.ask(json(ask_for(&route).header("cookie", &cookie))).await;
                let token = hub.ask(json(ask_for(&route).header("authorization", &bearer))).await;
                for answer in [nobody, stale, wrong, signed_in, token] {
                    let refused = if route.method == "GET" { 403 } else { 415 };
                    assert_eq!(answer.status, refused, "{what}");
                }
            }
            Access::Api => {
                for answer in [nobody, stale, wrong] {
                    assert_eq!(answer.status, 401, "{what}");
                    assert!(answer.json()["error"].is_string(), "{what}");
                }
            }
            Access::Session => {
                let token = hub.ask(json(ask_for(&route).header("authorization", &bearer))).await;
                for answer in [nobody, stale, wrong, token] {
                    assert_eq!((answer.status, answer.header("location")), (303, "/sign-in"), "{what}");
                }
            }
        }
    }
    assert!(hub.messages().await.is_empty());
}

#[tokio::test]
async fn the_demos_routes_are_not_there_without_the_demo() {
    let mut hub = TestHub::start().await;
    let known = routes(false);
    for route in routes(true).iter().filter(|route| known.iter().all(|other| other.path != route.path)) {
        let cookie = hub.session().await;
        let answer = hub.ask(json(ask_for(route).header("cookie", cookie))).await;
        assert_eq!(answer.status, 404, "{} {}", route.method, route.path);
    }
}

#[tokio::test]
async fn a_bearer_token_must_be_exactly_ours() {
    let hub = TestHub::start().await;
    let ours = format!("Bearer {API_TOKEN}");
    for (header, status) in [
        (&*ours, 200),
        (&*ours.to_lowercase(), 200),
        ("Bearer", 401),
        ("Bearer ", 401),
        ("Bearer token-of-the-test", 401),
        ("Bearer token-of-the-tests2", 401),
        ("Basic dG9rZW4tb2YtdGhlLXRlc3Rz", 401),
        (API_TOKEN, 401),
    ] {
        let request = Request::get("/api/messages").header("authorization", header);
        assert_eq!(hub.ask(request.body(Body::empty()).unwrap()).await.status, status, "{header:?}");
    }
}

#[tokio::test]
async fn without_a_configured_token_no_bearer_token_fits() {
    let mut setup = Setup::new();
    setup.environment.retain(|(name, _)| *name != "API_TOKEN");
    let hub = setup.start().await;
    for header in ["Bearer ", "Bearer  ", "Bearer token-of-the-tests"] {
        let request = Request::get("/api/messages").header("authorization", header);
        assert_eq!(hub.ask(request.body(Body::empty()).unwrap()).await.status, 401, "{header:?}");
    }
}

#[tokio::test]
async fn a_call_with_the_cookie_must_come_from_our_pages_and_be_json() {
    let mut hub = Setup::new().demo().start().await;
    let cookie = hub.session().await;
    let json = "application/json";
    for (site, origin, kind, status) in [
        ("same-origin", PUBLIC, json, 200),
        ("same-origin", "", "application/json; charset=utf-8", 200),
        ("", PUBLIC, json, 200),
        ("", "", json, 200),
        ("none", "", json, 200),
        ("cross-site", PUBLIC, json, 403),
        ("same-site", PUBLIC, json, 403),
        ("", "https://evil.example.com", json, 403),
        ("", "https://hub.example.com.evil.example.com", json, 403),
        ("", "null", json, 403),
        ("same-origin", PUBLIC, "text/plain", 403),
        ("same-origin", PUBLIC, "application/x-www-form-urlencoded", 403),
        ("same-origin", PUBLIC, "application/jsonp", 403),
    ] {
        let mut request = Request::post("/api/auto-reply/config").header("cookie", &cookie);
        for (name, value) in [("sec-fetch-site", site), ("origin", origin)] {
            if !value.is_empty() {
                request = request.header(name, value);
            }
        }
        let request = request.header("content-type", kind).body(Body::from("{}")).unwrap();
        assert_eq!(hub.ask(request).await.status, status, "{site:?} {origin:?} {kind:?}");
    }
    // Forms of the panel need no JSON but the same origin.
    let write = |site: &str| {
        let form = Request::post("/demo/phone").header("content-type", "application/x-www-form-urlencoded");
        let form = form.header("cookie", &cookie).header("sec-fetch-site", site);
        form.body(Body::from("phone=%2B48500100200&body=Hej")).unwrap()
    };
    assert_eq!(hub.ask(write("cross-site")).await.status, 403);
    assert_eq!(hub.ask(write("same-origin")).await.status, 303);
    hub.advance(Duration::from_secs(5)).await;
    assert_eq!(hub.phone(ANNA).got(), ["Echo: Hej"]);
}

#[tokio::test]
async fn a_sign_in_link_works_once() {
    let hub = TestHub::start().await;
    let link = hub.app().new_sign_in_link();
    let target = format!("/sign-in?token={link}");
    let get = || Request::get(&target).body(Body::empty()).unwrap();
    // A link preview must not use it up.
    let previewed = hub.ask(Request::head(&target).body(Body::empty()).unwrap()).await;
    assert_eq!((previewed.status, previewed.header("set-cookie")), (200, ""));
    let first = hub.ask(get()).await;
    assert_eq!((first.status, first.header("location")), (303, "/"));
    let cookie = first.header("set-cookie");
    let (pair, flags) = cookie.split_once(';').unwrap();
    assert!(pair.starts_with("__Host-hub=") && pair.len() == 11 + 64, "{pair}");
    assert_eq!(flags, " Path=/; HttpOnly; SameSite=Lax; Max-Age=43200; Secure");
    assert!(!pair.contains(&link));
    let page = Request::get("/").header("cookie", pair).body(Body::empty()).unwrap();
    assert_eq!(hub.ask(page).await.status, 200);
    let second = hub.ask(get()).await;
    assert_eq!((second.status, second.header("set-cookie")), (403, ""));
}

#[tokio::test]
async fn a_fragment_without_a_session_sends_the_whole_page_to_sign_in() {
    let hub = TestHub::start().await;
    let fragment = Request::get("/messages").header("hx-request", "true").body(Body::empty()).unwrap();
    let answer = hub.ask(fragment).await;
    assert_eq!((answer.status, answer.header("hx-redirect")), (401, "/sign-in"));
    assert_eq!(answer.text(), "");
}

#[tokio::test]
async fn a_link_and_a_session_end_by_themselves() {
    let mut hub = TestHub::start().await;
    let minutes = |count: u64| Duration::from_secs(60 * count);
    let (kept, late) = (hub.app().new_sign_in_link(), hub.app().new_sign_in_link());
    hub.jump(minutes(29));
    assert!(hub.app().sign_in(&kept).is_some());
    hub.jump(minutes(1));
    assert!(hub.app().sign_in(&late).is_none());
    assert!(hub.app().sign_in("").is_none());
    assert_eq!(hub.page("/").await.status, 200);
    hub.jump(minutes(12 * 60 - 1));
    assert_eq!(hub.page("/").await.status, 200);
    hub.jump(minutes(1));
    assert_eq!(hub.page("/").await.status, 303);
}

#[tokio::test]
async fn a_session_does_not_outlive_its_process() {
    let mut hub = TestHub::start().await;
    let cookie = hub.session().await;
    hub.restart().await;
    let page = Request::get("/").header("cookie", cookie).body(Body::empty()).unwrap();
    assert_eq!(hub.ask(page).await.status, 303);
}

#[tokio::test]
async fn what_a_browser_shows_has_the_security_headers() {
    let mut hub = Setup::new().demo().start().await;
    for path in
        ["/", "/messages", "/sign-in", "/demo/phone", "/assets/hub.css", "/api/health", "/api/messages"]
    {
        let page = hub.page(path).await;
        assert_eq!(page.status, 200, "{path}");
        let policy = page.header("content-security-policy");
        for word in ["default-src 'self'", "frame-ancestors 'none'", "object-src 'none'", "base-uri 'none'"] {
            assert!(policy.contains(word), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{path}: {policy}");
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "no-referrer"),
        ] {
            assert_eq!(page.header(name), value, "{path}");
        }
        assert!(!page.header("cache-control").is_empty(), "{path}");
        if page.header("content-type").starts_with("text/html") {
            for inline in [" style=", "<style", " onclick=", "javascript:"] {
                assert!(!page.text().contains(inline), "{path} has {inline}");
            }
        }
    }
}

#[tokio::test]
async fn what_a_customer_writes_is_shown_as_text() {
    let mut hub = Setup::new().demo().start().await;
    hub.phone(ANNA).writes("<script>alert(1)</script>&\"'");
    hub.advance(Duration::from_secs(5)).await;
    for path in ["/", "/messages", "/demo/phone", "/demo/phone/thread"] {
        let page = hub.page(path).await;
        assert!(!page.text().contains("<script>alert"), "{path}");
        assert!(page.text().contains("alert(1)"), "{path}");
    }
}

#[tokio::test]
async fn the_page_shows_what_is_left_to_set_up_and_that_signatures_are_off() {
    let mut hub = Setup::new().unconfigured().start().await;
    let page = hub.page("/").await;
    assert!(page.text().contains("Zostało kilka kroków") && page.text().contains("TWILIO_ACCOUNT_SID"));
    let mut hub = Setup::new().unsigned().start().await;
    assert!(hub.page("/").await.text().contains("Podpisy Twilio NIE są sprawdzane"));
    let mut hub = TestHub::start().await;
    let page = hub.page("/").await;
    assert!(!page.text().contains("NIE są sprawdzane") && !page.text().contains("Zostało kilka kroków"));
}
