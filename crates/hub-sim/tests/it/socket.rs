//! The simulator on a real socket of this machine.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::routing::post;
use http::HeaderMap;
use hub_sim::{Counts, CreateFault, Faults, Now, Pace, SimConfig, Simulator, serve, sign};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::desk::{MESSAGES, OURS, PERSON};

/// A test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(10);

/// A simulator and a little hub that hears its webhooks.
struct Town {
    sim: Simulator,
    address: SocketAddr,
    hub: SocketAddr,
    heard: mpsc::UnboundedReceiver<(HeaderMap, String)>,
    shutdown: CancellationToken,
    server: JoinHandle<()>,
}

impl Town {
    async fn start() -> Self {
        let (tell, heard) = mpsc::unbounded_channel();
        let hub = axum::Router::new()
            .route(
                "/hook",
                post(|State(tell): State<mpsc::UnboundedSender<_>>, headers: HeaderMap, body: String| async move {
                    let _ = tell.send((headers, body));
                    ([("content-type", "text/xml")], "<Response/>")
                }),
            )
            .with_state(tell);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let hub_address = listener.local_addr().unwrap();
        tokio::spawn(async move { axum::serve(listener, hub).await });

        let config = SimConfig { pace: Pace::INSTANT, ..SimConfig::default() };
        let sim = Simulator::new(config, standing_clock());
        sim.set_inbound_url(format!("http://{hub_address}/hook"));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let shutdown = CancellationToken::new();
        let server = tokio::spawn(serve(listener, sim.clone(), shutdown.clone()));
        Self { sim, address, hub: hub_address, heard, shutdown, server }
    }

    async fn stop(self) {
        self.shutdown.cancel();
        self.server.await.unwrap();
    }

    /// Sends a raw request and reads until the simulator closes the connection.
    async fn request(&self, method: &str, path: &str, headers: &str, body: &str) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let request = format!(
            "{method} {path} HTTP/1.1\r\nhost: sim\r\nconnection: close\r\ncontent-length: {}\r\n{headers}\r\n{body}",
            body.len()
        );
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        // A reset instead of a clean end is as good a cut.
        let _ = stream.read_to_string(&mut answer).await;
        answer
    }

    async fn create(&self) -> String {
        let headers = "authorization: Basic \
            QUMwMTIzNDU2Nzg5YWJjZGVmMDEyMzQ1Njc4OWFiY2RlZjpzaW11bGF0ZWQtYXV0aC10b2tlbg==\r\n";
        let callback = format!("http://{}/hook", self.hub);
        let form = form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("To", PERSON), ("From", OURS), ("Body", "x"), ("StatusCallback", &callback)])
            .finish();
        self.request("POST", MESSAGES, headers, &form).await
    }

    async fn hear(&mut self) -> (HeaderMap, Vec<(String, String)>) {
        let (headers, body) = tokio::time::timeout(PATIENCE, self.heard.recv()).await.unwrap().unwrap();
        (headers, form_urlencoded::parse(body.as_bytes()).into_owned().collect())
    }
}

fn standing_clock() -> Now {
    Arc::new(|| "2026-11-22T10:00:00Z".parse().unwrap())
}

#[tokio::test]
async fn a_cut_closes_the_connection_without_a_byte() {
    let town = Town::start().await;
    for (fault, accepted) in [(CreateFault::CutBefore, 0), (CreateFault::CutAfter, 1)] {
        town.sim.faults(Faults { next: [fault].into(), ..Faults::default() });
        assert_eq!(town.create().await, "");
        assert_eq!(town.sim.counts().accepted, accepted);
    }
    town.sim.faults(Faults { down: true, ..Faults::default() });
    assert_eq!(town.create().await, "");
    town.sim.faults(Faults::default());
    assert!(town.create().await.starts_with("HTTP/1.1 201 Created\r\n"));
    town.stop().await;
}

#[tokio::test]
async fn a_hang_lasts_until_the_client_gives_up_or_shutdown() {
    let town = Town::start().await;
    town.sim.faults(Faults { next: [CreateFault::HangAfter].into(), ..Faults::default() });
    let patience = Duration::from_millis(50);
    assert!(tokio::time::timeout(patience, town.create()).await.is_err());
    assert_eq!(
        town.sim.counts(),
        Counts { creates: 1, accepted: 1, hidden: 1, requests: 1, ..town.sim.counts() }
    );
    town.stop().await;
}

#[tokio::test]
async fn latency_is_waited_for() {
    let town = Town::start().await;
    town.sim.faults(Faults { latency_min_ms: 60_000, ..Faults::default() });
    assert!(tokio::time::timeout(Duration::from_millis(50), town.create()).await.is_err());
    town.stop().await;
}

#[tokio::test]
async fn more_requests_at_once_than_the_account_may_have_are_throttled() {
    let town = Town::start().await;
    let next = [CreateFault::Slow { ms: 60_000 }].into();
    town.sim.faults(Faults { concurrent_requests: 1, next, ..Faults::default() });
    let mut slow = Box::pin(town.create());
    let second = async {
        until(|| (town.sim.counts().accepted == 1).then_some(())).await;
        town.create().await
    };
    let answer = tokio::select! {
        answer = second => answer,
        _ = &mut slow => panic!("the first answer takes a minute"),
    };
    assert!(answer.starts_with("HTTP/1.1 429"), "{answer}");
    assert!(answer.contains("twilio-concurrent-requests: "), "{answer}");
    drop(slow);
    town.sim.faults(Faults::default());
    assert!(town.create().await.starts_with("HTTP/1.1 201"));
    town.stop().await;
}

#[tokio::test]
async fn webhooks_are_posted_signed() {
    let mut town = Town::start().await;
    let phone = format!(r#"{{"from": "{PERSON}", "to": "{OURS}", "body": "Cześć"}}"#);
    let answer = town.request("POST", "/sim/phone", "content-type: application/json\r\n", &phone).await;
    assert!(answer.starts_with("HTTP/1.1 201"), "{answer}");
    let (headers, fields) = town.hear().await;
    let url = format!("http://{}/hook", town.hub);
    assert_eq!(headers["x-twilio-signature"], sign(&SimConfig::default().auth_token, &url, &fields));
    assert_eq!(headers["user-agent"], "TwilioProxy/1.1");
    assert!(headers["content-type"].to_str().unwrap().starts_with("application/x-www-form-urlencoded"));
    assert!(headers.contains_key("i-twilio-idempotency-token"));
    assert!(fields.contains(&("Body".to_owned(), "Cześć".to_owned())));

    assert!(town.create().await.starts_with("HTTP/1.1 201"));
    let mut statuses = Vec::new();
    for _ in 0..3 {
        let (_, fields) = town.hear().await;
        statuses
            .extend(fields.into_iter().filter(|(name, _)| name == "MessageStatus").map(|(_, value)| value));
    }
    statuses.sort();
    assert_eq!(statuses, ["delivered", "sending", "sent"]);
    let thread = town.request("GET", &format!("/sim/phone/{PERSON}"), "", "").await;
    assert!(thread.contains("Cześć") && thread.contains(r#""status":"delivered""#), "{thread}");
    town.stop().await;
}

#[tokio::test]
async fn a_callback_is_answered_before_the_create_is() {
    let mut town = Town::start().await;
    town.sim.faults(Faults { callback_first: 1.0, ..Faults::default() });
    assert!(town.create().await.starts_with("HTTP/1.1 201"));
    // Already logged when the answer is here: no waiting.
    assert!(town.sim.webhook_log().iter().any(|record| record.message_status.as_deref() == Some("sending")));
    let (_, fields) = town.hear().await;
    assert!(fields.contains(&("MessageStatus".to_owned(), "sending".to_owned())));
    town.stop().await;
}

#[tokio::test]
async fn webhooks_never_leave_this_machine_and_failures_are_logged() {
    let town = Town::start().await;
    for url in ["http://192.0.2.1/hook", "https://127.0.0.1/hook", "nonsense"] {
        town.sim.set_inbound_url(url.to_owned());
        let phone = format!(r#"{{"from": "{PERSON}", "to": "{OURS}", "body": "x"}}"#);
        town.request("POST", "/sim/phone", "content-type: application/json\r\n", &phone).await;
    }
    let log = until(|| Some(town.sim.webhook_log()).filter(|log| log.len() == 6)).await;
    assert!(log.iter().all(|record| record.error.as_ref().is_some_and(|(code, _)| *code == 11205)));
    town.stop().await;
}

#[tokio::test]
async fn the_control_api_sets_faults_and_refuses_foreign_numbers() {
    let town = Town::start().await;
    let json = "content-type: application/json\r\n";
    let set = town.request("POST", "/sim/faults", json, r#"{"throttled": 1.0}"#).await;
    assert!(set.starts_with("HTTP/1.1 200"), "{set}");
    assert!(town.create().await.starts_with("HTTP/1.1 429"));
    let foreign = format!(r#"{{"from": "{PERSON}", "to": "+15005550099"}}"#);
    assert!(town.request("POST", "/sim/phone", json, &foreign).await.starts_with("HTTP/1.1 400"));
    let rules = r#"[{"to": "*123", "ending": "failed", "error_code": 30007}]"#;
    assert!(town.request("POST", "/sim/rules", json, rules).await.starts_with("HTTP/1.1 200"));
    for (path, expect) in [
        ("/sim/numbers", r#"["+15005550006","+48500100900","whatsapp:+48500100900"]"#),
        ("/sim/messages", "[]"),
        ("/sim/webhooks", "[]"),
        ("/sim/counts", r#""refused":1"#),
        ("/sim/faults", r#""throttled":1.0"#),
    ] {
        let answer = town.request("GET", path, "", "").await;
        assert!(answer.contains(expect), "{path}: {answer}");
    }
    town.stop().await;
}

/// Gives the other tasks their turns until there is a result.
async fn until<T>(mut found: impl FnMut() -> Option<T>) -> T {
    let search = async {
        loop {
            match found() {
                Some(result) => return result,
                None => tokio::task::yield_now().await,
            }
        }
    };
    tokio::time::timeout(PATIENCE, search).await.unwrap()
}
