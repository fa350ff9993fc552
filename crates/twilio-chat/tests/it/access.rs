//! Who may call what. The route table is the one source: a route added to it is tested here by being there.

use std::time::Duration;

use axum::{
    body::Body,
    http::{Request, request::Builder},
};
use hub_domain::access::{Role, Scope};
use hub_store::UserChange;
use tower::ServiceExt as _;
use twilio_chat::web::routes::{Access, Route, routes};

use crate::{
    hub::{API_TOKEN, PUBLIC, TestHub},
    people::by,
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

/// Callers who lack something, each with the header that says who they are.
struct Strangers {
    /// No header, or one that proves nothing (any more).
    unknown: Vec<(&'static str, String)>,
    /// A signed-in operator.
    operator: String,
    /// A signed-in admin.
    admin: String,
}

impl Strangers {
    async fn of(hub: &mut TestHub) -> Self {
        let expired = hub.session().await;
        let revoked = hub.token("read,send,admin,metrics").await;
        let token = hub.app().tokens().await.unwrap()[0].id;
        assert!(hub.app().revoke_token(token, by()).await.unwrap());
        hub.jump(Duration::from_hours(13));
        let disabled = hub.joins("piotr", Role::Admin).await;
        let operator = hub.joins("ola", Role::Operator).await;
        let admin = hub.joins("adam", Role::Admin).await;
        let piotr = hub.app().user_named("piotr").await.unwrap().unwrap();
        hub.app().change_user(piotr.id, UserChange::Disabled(true), by()).await.unwrap().unwrap();
        let unknown = vec![
            ("x-nothing", "1".to_owned()),
            ("cookie", "__Host-hub=0000; hub=0000".to_owned()),
            ("cookie", expired),
            ("cookie", disabled),
            ("authorization", "Bearer wrong".to_owned()),
            ("authorization", "Bearer hub_wrong".to_owned()),
            ("authorization", revoked),
        ];
        Self { unknown, operator, admin }
    }
}

#[tokio::test]
async fn every_route_that_is_not_public_refuses_whoever_lacks_its_level() {
    let mut hub = Setup::new().demo().start().await;
    let strangers = Strangers::of(&mut hub).await;
    let configured = ("authorization", format!("Bearer {API_TOKEN}"));
    let mut wrong_scope = Vec::new();
    for scope in Scope::ALL {
        let others: Vec<&str> =
            Scope::ALL.iter().filter(|other| **other != scope).map(|other| other.as_str()).collect();
        wrong_scope.push((scope, hub.token(&others.join(",")).await));
    }
    for route in routes(true) {
        let what = format!("{} {}", route.method, route.path);
        let ask = async |(header, value): &(&str, String)| {
            hub.ask(json(ask_for(&route).header(*header, value))).await
        };
        match route.access {
            Access::Public => check_public(&hub, &route, &strangers).await,
            Access::Twilio => {
                // A person's session is no signature, nor is a token.
                let signed_in = ("cookie", strangers.admin.clone());
                for caller in strangers.unknown.iter().chain([&signed_in, &configured]) {
                    let refused = if route.method == "GET" { 403 } else { 415 };
                    assert_eq!(ask(caller).await.status, refused, "{what} as {caller:?}");
                }
            }
            Access::Api(scope) => {
                for caller in &strangers.unknown {
                    let answer = ask(caller).await;
                    assert_eq!(answer.status, 401, "{what} as {caller:?}");
                    assert!(answer.json()["error"].is_string(), "{what}");
                }
                let (_, token) = wrong_scope.iter().find(|(lacking, _)| *lacking == scope).unwrap();
                assert_eq!(ask(&("authorization", token.clone())).await.status, 403, "{what}: scope");
                if !Role::Operator.may(scope) {
                    assert_eq!(
                        ask(&("cookie", strangers.operator.clone())).await.status,
                        403,
                        "{what}: role"
                    );
                }
            }
            Access::Session(role) => {
                for caller in strangers.unknown.iter().chain([&configured]) {
                    let answer = ask(caller).await;
                    assert_eq!(
                        (answer.status, answer.header("location")),
                        (303, "/sign-in"),
                        "{what} as {caller:?}"
                    );
                }
                if role == Role::Admin {
                    assert_eq!(
                        ask(&("cookie", strangers.operator.clone())).await.status,
                        403,
                        "{what}: role"
                    );
                }
            }
        }
    }
    assert!(hub.messages().await.is_empty());
}

/// Anybody may look; a change has to come from our own pages.
async fn check_public(hub: &TestHub, route: &Route, strangers: &Strangers) {
    let what = format!("{} {}", route.method, route.path);
    for (header, value) in &strangers.unknown {
        if route.method == "GET" {
            let answer = hub.ask(json(ask_for(route).header(*header, value))).await;
            assert_eq!(answer.status, 200, "{what}");
        } else {
            let elsewhere = ask_for(route).header("sec-fetch-site", "cross-site").header(*header, value);
            assert_eq!(hub.ask(json(elsewhere)).await.status, 403, "{what}");
        }
    }
}

#[tokio::test]
async fn a_level_is_enough_for_the_routes_that_ask_for_it() {
    let mut hub = Setup::new().demo().start().await;
    let strangers = Strangers::of(&mut hub).await;
    for route in routes(true).into_iter().filter(|route| route.method == "GET") {
        let what = route.path;
        let status = match route.access {
            Access::Public | Access::Twilio => continue,
            // What asks Twilio for a message answers that there is none.
            Access::Api(_) if what.contains('{') || what.ends_with("/remote") => continue,
            // The demo's keys are the simulator's own: nobody may look at them or change them.
            Access::Api(_) if what == "/api/secrets" => continue,
            // What is about somebody or a message answers that there is none; one only leads to a thread.
            Access::Session(_) if what.contains('{') || what == "/inbox/open" => continue,
            // There is nothing yet to make an archive or an index of.
            Access::Api(_) | Access::Session(_)
                if ["/export", "/build", "/estimate"].iter().any(|end| what.ends_with(end)) =>
            {
                continue;
            }
            Access::Api(scope) => {
                let token = hub.token(scope.as_str()).await;
                let router = hub.line.router().expect("the process lives");
                // The head is enough: a stream of changes has no end.
                let answer = router.oneshot(json(ask_for(&route).header("authorization", token))).await;
                answer.unwrap().status().as_u16()
            }
            Access::Session(Role::Operator) => hub.sees(&strangers.operator, what).await.status,
            Access::Session(Role::Admin) => hub.sees(&strangers.admin, what).await.status,
        };
        assert_eq!(status, 200, "{what}");
    }
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
async fn a_fragment_without_a_session_sends_the_whole_page_to_sign_in() {
    let hub = TestHub::start().await;
    let fragment = Request::get("/messages").header("hx-request", "true").body(Body::empty()).unwrap();
    let answer = hub.ask(fragment).await;
    assert_eq!((answer.status, answer.header("hx-redirect")), (401, "/sign-in"));
    assert_eq!(answer.text(), "");
}

#[tokio::test]
async fn what_a_browser_shows_has_the_security_headers() {
    let mut hub = Setup::new().demo().start().await;
    for path in [
        "/",
        "/messages",
        "/sign-in",
        "/settings",
        "/settings/users",
        "/settings/tokens",
        "/settings/audit",
        "/demo/phone",
        "/assets/hub.css",
        "/api/health",
        "/api/messages",
    ] {
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
            ("strict-transport-security", "max-age=31536000"),
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
    assert!(page.text().contains("Pierwsze kroki") && page.text().contains("na stronie Klucze"));
    let mut hub = Setup::new().unsigned().start().await;
    assert!(hub.page("/").await.text().contains("Podpisy Twilio NIE są sprawdzane"));
    let mut hub = TestHub::start().await;
    let page = hub.page("/").await;
    assert!(!page.text().contains("NIE są sprawdzane"));
}
