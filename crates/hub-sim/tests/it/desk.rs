//! A simulator in process, a clock to turn, and calls to its API.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, Method, Request};
use http_body_util::BodyExt as _;
use hub_sim::{ConnectionFault, Faults, Latency, PhoneText, Rule, Service, SimConfig, Simulator, Webhook};
use jiff::Timestamp;
use serde_json::Value;
use tower::ServiceExt as _;

pub(crate) const OURS: &str = "+15005550006";
pub(crate) const PERSON: &str = "+48500100123";
pub(crate) const SERVICE: &str = "MG0123456789abcdef0123456789abcdef";
pub(crate) const CALLBACK: &str = "http://127.0.0.1:3000/twilio/status?attempt=7%20a&x=it's";
pub(crate) const MESSAGES: &str = "/2010-04-01/Accounts/AC0123456789abcdef0123456789abcdef/Messages.json";

pub(crate) struct Desk {
    pub(crate) sim: Simulator,
    router: axum::Router,
    clock: Arc<Mutex<Timestamp>>,
}

pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
    pub(crate) bytes: bytes::Bytes,
    pub(crate) fault: Option<ConnectionFault>,
    pub(crate) latency: Option<Duration>,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap_or_else(|_| panic!("not JSON: {}", self.text))
    }

    pub(crate) fn sid(&self) -> String {
        assert_eq!(self.status, 201, "{}", self.text);
        self.json()["sid"].as_str().unwrap().to_owned()
    }
}

impl Desk {
    pub(crate) fn new() -> Self {
        Self::with(|_| {})
    }

    pub(crate) fn with(change: impl FnOnce(&mut SimConfig)) -> Self {
        let mut config = SimConfig {
            inbound_url: "http://127.0.0.1:3000/twilio/inbound".into(),
            rules: Rule::magic_numbers(),
            ..SimConfig::default()
        };
        change(&mut config);
        let clock = Arc::new(Mutex::new("2026-11-22T10:00:00Z".parse().unwrap()));
        let hands = Arc::clone(&clock);
        let sim = Simulator::new(config, Arc::new(move || *hands.lock().unwrap()));
        Self { router: sim.router(), sim, clock }
    }

    pub(crate) fn with_service(advanced_opt_out: bool) -> Self {
        Self::with(|config| {
            let numbers = vec![OURS.to_owned(), "whatsapp:+48500100900".to_owned()];
            config.messaging_services = vec![Service { sid: SERVICE.into(), numbers, advanced_opt_out }];
        })
    }

    pub(crate) fn with_faults(faults: Faults) -> Self {
        let desk = Self::new();
        desk.sim.faults(faults);
        desk
    }

    pub(crate) fn advance(&self, wait: Duration) {
        let mut clock = self.clock.lock().unwrap();
        *clock += wait;
    }

    /// Moves the clock from event to event until nothing is planned; the webhooks on the way.
    pub(crate) fn run(&self) -> Vec<Webhook> {
        let mut webhooks = Vec::new();
        while let Some(due) = self.sim.next_due() {
            let mut clock = self.clock.lock().unwrap();
            *clock = due.max(*clock);
            drop(clock);
            webhooks.extend(self.sim.due_webhooks());
        }
        webhooks
    }

    pub(crate) async fn create(&self, form: &[(&str, &str)]) -> Answer {
        self.call(Method::POST, MESSAGES, form).await
    }

    /// Sends `body` from our number to the person, with a status callback.
    pub(crate) async fn send(&self, body: &str) -> Answer {
        self.create(&[("To", PERSON), ("From", OURS), ("Body", body), ("StatusCallback", CALLBACK)]).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.call(Method::GET, path, &[]).await
    }

    pub(crate) async fn call(&self, method: Method, path: &str, form: &[(&str, &str)]) -> Answer {
        let config = SimConfig::default();
        self.call_as(&config.account_sid, &config.auth_token, method, path, form).await
    }

    pub(crate) async fn call_as(
        &self,
        user: &str,
        password: &str,
        method: Method,
        path: &str,
        form: &[(&str, &str)],
    ) -> Answer {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Basic {}", STANDARD.encode(format!("{user}:{password}"))))
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        self.ask(request).await
    }

    /// Without credentials.
    pub(crate) async fn get_bare(&self, path: &str) -> Answer {
        self.ask(Request::get(path).body(Body::empty()).unwrap()).await
    }

    async fn ask(&self, request: Request<Body>) -> Answer {
        let (parts, body) = self.router.clone().oneshot(request).await.unwrap().into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            text: String::from_utf8_lossy(&body).into_owned(),
            bytes: body,
            fault: parts.extensions.get().copied(),
            latency: parts.extensions.get().map(|Latency(latency)| *latency),
        }
    }

    pub(crate) fn text(&self, from: &str, to: &str, body: &str) -> String {
        let text = PhoneText { from: from.into(), to: to.into(), body: body.into(), ..PhoneText::default() };
        self.sim.phone_sends(text)
    }
}

pub(crate) fn message_path(sid: &str) -> String {
    MESSAGES.replace(".json", &format!("/{sid}.json"))
}

pub(crate) fn statuses(webhooks: &[Webhook]) -> Vec<&str> {
    webhooks.iter().map(|webhook| webhook.param("MessageStatus").unwrap()).collect()
}
