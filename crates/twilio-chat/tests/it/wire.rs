//! The wires between hub and simulator, without sockets: API calls one way, webhooks the other.

use std::{
    fmt,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use axum::{
    Router,
    body::{Body, Bytes},
    http::{HeaderMap, Request},
};
use http_body_util::BodyExt as _;
use hub_clients::{InboundResponse, OutboundRequest, Transport, TransportError, transport::BoxFuture};
use hub_sim::{ConnectionFault, Simulator, Webhook, WebhookAnswer, WebhookFailure};
use serde_json::Value;
use tower::ServiceExt as _;

use crate::{
    hub::PUBLIC,
    model::{MODEL, Model},
    world::{Death, Mortality, Trace},
};

/// Where the simulator stands for the hub.
pub(crate) const TWILIO: &str = "http://127.0.0.1:9";
/// Where attachments lie, beside it.
pub(crate) const CDN: &str = "https://cdn.example.com";

/// Where a hub without `TWILIO_API_BASE_URL` looks for it; never called.
const REAL_TWILIO: &str = "https://api.twilio.com";

/// An HTTP answer, whole.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> &str {
        str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.text()))
    }

    /// The cookie it sets, as a browser sends it back.
    pub(crate) fn cookie(&self) -> String {
        assert_eq!(self.status, 303, "{}", self.text());
        self.header("set-cookie").split(';').next().unwrap().to_owned()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

/// Asks a router as if over HTTP.
pub(crate) async fn ask(router: Router, request: Request<Body>) -> Answer {
    let (parts, body) = router.oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Answer { status: parts.status.as_u16(), headers: parts.headers, body }
}

/// The hub as Twilio reaches it: its router while the process lives.
#[derive(Clone, Default)]
pub(crate) struct HubLine(Arc<Mutex<Option<Router>>>);

impl HubLine {
    pub(crate) fn connect(&self, router: Option<Router>) {
        *self.0.lock().unwrap() = router;
    }

    pub(crate) fn router(&self) -> Option<Router> {
        self.0.lock().unwrap().clone()
    }

    /// Posts a webhook to the hub, which stands at `public_base`.
    pub(crate) async fn deliver(
        &self,
        public_base: &str,
        webhook: &Webhook,
    ) -> Result<WebhookAnswer, WebhookFailure> {
        let Some(router) = self.router() else {
            return Err(WebhookFailure::Connect("nothing listens".to_owned()));
        };
        let Some(target) = webhook.url.strip_prefix(public_base) else {
            // Another application's.
            return Ok(WebhookAnswer { status: 200, content_type: String::new(), body: String::new() });
        };
        let mut request = Request::post(target);
        for (name, value) in webhook.headers() {
            request = request.header(name, value);
        }
        let answer = ask(router, request.body(Body::from(webhook.form_body.clone())).unwrap()).await;
        Ok(WebhookAnswer {
            status: answer.status,
            content_type: answer.header("content-type").to_owned(),
            body: answer.text().to_owned(),
        })
    }
}

/// Outbound HTTP that ends at the simulator's router. Takes no time, whatever happens.
pub(crate) struct InProcess {
    pub(crate) sim: Simulator,
    pub(crate) model: Arc<Model>,
    pub(crate) mortality: Arc<Mortality>,
    pub(crate) trace: Arc<Trace>,
    /// The hub itself, as it is reached at its public address.
    pub(crate) line: HubLine,
    /// No connection can be made at all.
    pub(crate) unreachable: Arc<AtomicBool>,
    /// Every request is answered with 401.
    pub(crate) refusing: Arc<AtomicBool>,
}

impl Transport for InProcess {
    fn call(&self, request: OutboundRequest) -> BoxFuture<'_, Result<InboundResponse, TransportError>> {
        Box::pin(async move {
            if request.url.starts_with(MODEL) {
                return self.model.call(request).await;
            }
            if self.unreachable.load(Ordering::SeqCst) {
                self.trace.note(format!("{} → not sent", request.method));
                return Err(TransportError::NotSent("connection refused".to_owned()));
            }
            let path = request.url.split('?').next().unwrap_or_default();
            let line = format!("{} {}", request.method, path.rsplit('/').next().unwrap_or_default());
            let result = self.pass(request).await;
            let outcome = match &result {
                Ok(response) => response.status.to_string(),
                Err(error) => error.to_string(),
            };
            self.trace.note(format!("{line} → {outcome}"));
            if self.mortality.comes(Death::DuringCall) {
                std::future::pending::<()>().await;
            }
            result
        })
    }
}

impl InProcess {
    async fn pass(&self, request: OutboundRequest) -> Result<InboundResponse, TransportError> {
        if let Some(target) = request.url.strip_prefix(PUBLIC) {
            return self.pass_home(target).await;
        }
        if self.refusing.load(Ordering::SeqCst) {
            let body = r#"{"code":20003,"message":"Authenticate"}"#.into();
            return Ok(InboundResponse { status: 401, headers: HeaderMap::new(), body });
        }
        let theirs = [TWILIO, REAL_TWILIO, CDN].iter().find_map(|base| request.url.strip_prefix(base));
        let target = theirs.expect("the hub calls Twilio and itself only");
        let mut built = Request::builder().method(request.method).uri(target);
        *built.headers_mut().unwrap() = request.headers;
        let built = built.body(Body::from(request.body)).unwrap();
        let response = self.sim.router().oneshot(built).await.unwrap();
        if let Some(fault) = response.extensions().get::<ConnectionFault>() {
            let words = match fault {
                ConnectionFault::Cut => "connection reset",
                ConnectionFault::Hang => "timed out",
            };
            return Err(TransportError::Lost(words.to_owned()));
        }
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        if body.len() > request.max_body {
            return Err(TransportError::TooLarge);
        }
        Ok(InboundResponse { status: parts.status.as_u16(), headers: parts.headers, body })
    }

    async fn pass_home(&self, target: &str) -> Result<InboundResponse, TransportError> {
        let router = self.line.router().ok_or(TransportError::NotSent("nothing listens".to_owned()))?;
        let Answer { status, headers, body } =
            ask(router, Request::get(target).body(Body::empty()).unwrap()).await;
        Ok(InboundResponse { status, headers, body })
    }
}

impl fmt::Debug for InProcess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("InProcess")
    }
}
