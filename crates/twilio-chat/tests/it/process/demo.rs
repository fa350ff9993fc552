//! `serve --demo`: everything a person needs to try it is on the terminal, and it works.

use std::{net::Ipv4Addr, time::Duration};

use tokio::net::TcpStream;

use super::{
    http::{Caller, FORM},
    program::{Hub, Program},
    wait::until,
};

const PHONE: &str = "+48500100201";
const SIGN_IN: &str = "Zaloguj się jednorazowym linkiem (ważny 30 minut): ";

/// A caller with the session of the printed link.
async fn signed_in(hub: &Hub) -> Caller {
    let link = hub.process.line_after(SIGN_IN).await;
    let target = link.strip_prefix(&format!("http://localhost:{}", hub.port)).unwrap();
    let answer = hub.http.get(target).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/"));
    let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
    assert_eq!(hub.http.get(target).await.status, 403, "the link works once");
    hub.http.with("cookie", cookie).with("origin", format!("http://localhost:{}", hub.port))
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_from_the_virtual_phone_is_answered() {
    let program = Program::new();
    let hub = program.serve(&["--demo"]).await;
    assert_eq!(hub.port, program.port());
    let phone_page = hub.process.line_after("Wirtualny telefon: ").await;
    assert_eq!(phone_page, format!("http://localhost:{}/demo/phone", hub.port));
    let curl = hub.process.line_after("API: curl -H 'Authorization: Bearer ").await;
    let (token, url) = curl.split_once("' ").unwrap();
    assert_eq!(url, format!("http://localhost:{}/api/messages", hub.port));

    let person = signed_in(&hub).await;
    assert_eq!(person.get("/demo/phone").await.status, 200);
    let form = form_urlencoded::Serializer::new(String::new())
        .extend_pairs([("phone", PHONE), ("body", "Dzień dobry, czy jest wolny termin?")])
        .finish();
    assert_eq!(person.post("/demo/phone", &[FORM], &form).await.status, 303);

    let api = hub.http.with("authorization", format!("Bearer {token}"));
    let delivered = async || {
        let listed = api.get("/api/messages?direction=outbound").await.json();
        let reply = listed["items"].get(0)?.clone();
        (reply["status"] == "delivered").then_some(reply)
    };
    let reply = until("a delivered reply", delivered).await;
    assert_eq!(reply["to_number"], PHONE);
    let text = reply["body"].as_str().unwrap();
    assert!(text.contains("czy jest wolny termin?"), "the demo's bot echoes: {text}");
    assert_eq!(api.get("/api/messages").await.json()["count"], 2);
    let thread = person.get(&format!("/demo/phone/thread?phone=%2B{}", &PHONE[1..])).await.body;
    assert!(thread.contains(text), "{thread}");
    let page = person.get("/").await.body;
    assert!(page.contains(text) && page.contains("doręczona"), "{page}");

    let health = hub.health().await.json();
    assert_eq!(
        (&health["demo"], &health["status"], &health["env"]),
        (&true.into(), &"ok".into(), &"demo".into())
    );
    assert!(program.path("data/demo/app.db").exists());
    let real = program.files().into_iter().find(|path| !path.starts_with(program.path("data/demo")));
    assert_eq!(real, None, "only the demo's own folder is written");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_shops_day_is_played() {
    let program = Program::new();
    let hub = program.serve(&["--demo", "--demo-scenario", "shop"]).await;
    let person = signed_in(&hub).await;
    let first = async || person.get("/messages").await.body.contains("w jakich godzinach").then_some(());
    until("the first text of the day", first).await;
    let health = hub.health().await.json();
    assert_eq!((&health["simulated_model"], &health["openai_enabled"]), (&true.into(), &true.into()));
    assert_eq!(person.post("/demo/scenario", &[FORM], "").await.header("location"), "/");
    let page = person.get("/demo/phone").await.body;
    assert!(page.contains("action=\"/demo/scenario\""), "{page}");
    assert!(page.contains("phone=%2B48500100302"), "a customer's phone can be looked at: {page}");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_listens_on_this_machine_only() {
    let hub = Program::new().with("APP_HOST", "0.0.0.0").serve(&["--demo"]).await;
    assert!(TcpStream::connect((Ipv4Addr::LOCALHOST, hub.port)).await.is_ok());
    // Whoever listens on all addresses is reached at any of the loopback network.
    assert!(TcpStream::connect((Ipv4Addr::new(127, 0, 0, 2), hub.port)).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_one_on_the_same_data_is_refused() {
    let program = Program::new();
    let _hub = program.serve(&["--demo"]).await;
    let program = program.with("APP_PORT", "0");
    let error = program.refuses(&["serve", "--demo"]).await;
    assert_eq!(error, "Na danych data/demo działa już inny proces twilio-chat. Zatrzymaj go najpierw.\n");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_taken_port_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let program = Program::new().with("APP_PORT", port.to_string());
    let error = program.refuses(&["serve", "--demo"]).await;
    let expect = format!(
        "Port {port} jest zajęty przez inny program. Zatrzymaj go albo ustaw inny APP_PORT (0 wybierze wolny).\n"
    );
    assert_eq!(error, expect);
}

#[tokio::test(flavor = "multi_thread")]
async fn port_0_picks_a_free_one_and_sigterm_ends_well() {
    let hub = Program::new().with("APP_PORT", "0").serve(&["--demo"]).await;
    assert_ne!(hub.port, 0);
    // The drain is 10 s; with nothing in hand there is nothing to wait for.
    let ended =
        tokio::time::timeout(Duration::from_secs(9), hub.stop()).await.expect("no waiting for nothing");
    assert_eq!(ended.code, Some(0), "{ended:?}");
    assert!(ended.out.ends_with("Zatrzymano.\n"), "{ended:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn run_without_credentials_is_the_demo() {
    let program = Program::new();
    program.start(&["run"]).line_after("Tryb demo: ").await;
}
