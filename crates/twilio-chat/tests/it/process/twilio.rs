//! A simulated Twilio on a socket of this machine, and a hub that is set up for it.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use hub_sim::{Direction, Pace, PhoneText, SimConfig, SimMessage, Simulator};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;
use twilio_chat::sys::World;

use super::{
    http::{Answer, Caller},
    program::{Hub, Program},
    signed,
};

/// The bearer token of the hubs under test.
pub(super) const API_TOKEN: &str = "token-of-the-tests";
/// The number of the hub.
pub(super) const OURS: &str = "+15005550006";
/// A customer.
pub(super) const PERSON: &str = "+48500100123";

/// A simulator, served until dropped.
#[derive(Debug)]
pub(super) struct Twilio {
    pub(super) sim: Simulator,
    address: SocketAddr,
    serving: Option<Serving>,
}

#[derive(Debug)]
struct Serving {
    shutdown: CancellationToken,
    server: JoinHandle<()>,
}

impl Twilio {
    pub(super) async fn start() -> Self {
        Self::of(SimConfig::default()).await
    }

    /// With an account of one's own; messages of all of them are delivered within some milliseconds.
    pub(super) async fn of(config: SimConfig) -> Self {
        let step = Duration::from_millis(5);
        let pace = Pace { queued: step, sending: step, sent: step, delivered: step, read: step };
        let world = World::real();
        let sim = Simulator::new(SimConfig { pace, ..config }, Arc::new(move || world.now()));
        let address = (std::net::Ipv4Addr::LOCALHOST, super::program::free_port()).into();
        let mut twilio = Self { sim, address, serving: None };
        twilio.serve().await;
        twilio
    }

    /// Listens (again) where it always does.
    pub(super) async fn serve(&mut self) {
        let listener = TcpListener::bind(self.address).await.unwrap();
        let shutdown = CancellationToken::new();
        let server = tokio::spawn(hub_sim::serve(listener, self.sim.clone(), shutdown.clone()));
        self.serving = Some(Serving { shutdown, server });
    }

    /// Nobody listens any more: connections are refused.
    pub(super) async fn stop(&mut self) {
        if let Some(Serving { shutdown, server }) = self.serving.take() {
            shutdown.cancel();
            server.await.unwrap();
        }
    }

    /// A program whose account this is; its inbound messages come to it.
    pub(super) fn program(&self) -> Program {
        let config = SimConfig::default();
        let program = Program::new()
            .with("TWILIO_ACCOUNT_SID", config.account_sid)
            .with("TWILIO_AUTH_TOKEN", config.auth_token)
            .with("TWILIO_DEFAULT_FROM", OURS)
            .with("TWILIO_API_BASE_URL", format!("http://{}", self.address))
            .with("API_TOKEN", API_TOKEN)
            .with("AUTO_MAX_PER_CONTACT_DAY", "0")
            .with("AUTO_MAX_PER_CONTACT_10MIN", "0")
            .with("AUTO_MAX_PER_MINUTE", "0")
            .with("AUTO_MAX_COST_DAY", "0")
            .with("AUTO_COUNTRIES", "*")
            .with("AUTO_STOP_LOOPS", "false")
            .with("TWILIO_SEGMENTS_PER_SECOND", "0");
        self.sim.set_inbound_url(format!("http://127.0.0.1:{}/twilio/inbound", program.port()));
        program
    }

    /// A program that knows the model service beside the account.
    pub(super) fn program_with_model(&self) -> Program {
        self.program()
            .with("OPENAI_API_KEY", SimConfig::default().model_key)
            .with("OPENAI_BASE_URL", format!("http://{}/v1", self.address))
    }

    /// A customer writes; returns the SID.
    pub(super) fn person_writes(&self, body: &str) -> String {
        self.sim.phone_sends(PhoneText {
            from: PERSON.to_owned(),
            to: OURS.to_owned(),
            body: body.to_owned(),
            ..PhoneText::default()
        })
    }

    /// What the hub has sent through the API.
    pub(super) fn sent(&self) -> Vec<SimMessage> {
        let mut messages = self.sim.messages();
        messages.retain(|message| message.direction == Direction::OutboundApi);
        messages
    }
}

impl Drop for Twilio {
    fn drop(&mut self) {
        if let Some(serving) = &self.serving {
            serving.shutdown.cancel();
        }
    }
}

impl Hub {
    /// The API with the token.
    pub(super) fn api(&self) -> Caller {
        self.http.with("authorization", format!("Bearer {API_TOKEN}"))
    }

    /// Switches the classic auto-reply on.
    pub(super) async fn answers_with(&self, message: &str) {
        let setting = serde_json::json!({ "enabled": true, "message": message }).to_string();
        let answer = self.api().post("/api/auto-reply/config", &[], &setting).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }

    /// Switches the assistant on, without a quiet window, with this text for when the model can't answer.
    pub(super) async fn answers_by_model(&self, on_failure: &str, template: &str) {
        let settings = [
            ("/api/auto-reply/config", serde_json::json!({ "enabled": false, "message": template })),
            (
                "/api/ai/config",
                serde_json::json!({ "enabled": true, "quiet_seconds": 0, "on_failure": on_failure }),
            ),
        ];
        for (target, setting) in settings {
            let answer = self.api().post(target, &[], &setting.to_string()).await;
            assert_eq!(answer.status, 200, "{answer:?}");
        }
    }

    /// The health report.
    pub(super) async fn health(&self) -> Answer {
        self.http.get("/api/health").await
    }

    /// Whether no job waits or runs.
    pub(super) async fn is_quiet(&self) -> bool {
        let health = self.health().await.json();
        ["reply", "deliver", "reconcile", "media"].iter().all(|kind| health["queue"][kind] == 0)
    }

    /// Posts an inbound message as Twilio does; the status of the answer.
    pub(super) async fn receive(&self, sid: &str, body: &str) -> u16 {
        let webhook = signed::Inbound { sid, from: PERSON, to: OURS, body };
        webhook.post(&self.http, self.port).await.map_or(0, |answer| answer.status)
    }
}
