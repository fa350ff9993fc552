//! Use cases: what the hub does, in domain words. One file a noun.
//!
//! Called by the web, the jobs and the command line; calls the store and the clients. Knows neither HTTP
//! requests nor SQL.

pub mod auth;
pub mod auto_reply;
pub mod backfill;
pub mod deliver;
pub mod health;
pub mod held;
pub mod history;
pub mod latest;
pub mod receive;
pub mod reconcile;
pub mod recovery;
pub mod remote;
pub mod reply;
pub mod send;
pub mod send_message;

use std::sync::{
    Arc,
    atomic::{AtomicU8, Ordering},
};

use hub_clients::twilio::TwilioClient;
use hub_domain::{address::Address, timing::Timing};
use hub_store::{ReplyPolicy, Store};

use crate::sys::World;

/// Everything a use case needs. Cheap to clone.
#[derive(Clone, Debug)]
pub struct App {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    store: Store,
    world: World,
    timing: Timing,
    policy: ReplyPolicy,
    account: Option<TwilioAccount>,
    credentials: Credentials,
    facts: Facts,
    turns: health::Turns,
    recovery: recovery::Schedule,
    probing: tokio::sync::Mutex<()>,
    auth: auth::SignIn,
}

/// The Twilio account in use.
#[derive(Debug)]
pub struct TwilioAccount {
    /// Its API.
    pub client: TwilioClient,
    /// What messages leave from.
    pub sender: Sender,
    /// Where Twilio reports deliveries; `None`: nowhere.
    pub status_callback_base: Option<String>,
}

/// What messages leave from; the service goes first.
#[derive(Clone, Debug)]
pub struct Sender {
    /// A number or name of ours.
    pub default_from: Option<Address>,
    /// `MG…`
    pub messaging_service: Option<String>,
}

/// What the configuration says about the program itself.
#[derive(Clone, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, shown by the health check")]
pub struct Facts {
    /// `APP_ENV`.
    pub environment: String,
    /// `APP_DEBUG`.
    pub debug: bool,
    /// A model key is set.
    pub openai_enabled: bool,
    /// Hub and simulator together.
    pub demo: bool,
    /// Inbound and status webhooks are checked.
    pub signatures_checked: bool,
}

/// Whether Twilio took our credentials when it last said anything about them.
#[derive(Debug, Default)]
struct Credentials(AtomicU8);

/// What is known about our credentials.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CredentialState {
    /// No call was answered yet.
    Untried,
    /// Twilio takes them.
    Accepted,
    /// Twilio refuses them: nothing can leave until they are mended.
    Refused,
}

impl Credentials {
    fn note(&self, accepted: bool) {
        let before = self.0.swap(if accepted { 1 } else { 2 }, Ordering::Relaxed);
        if !accepted && before != 2 {
            tracing::error!(
                "Twilio refuses our credentials: nothing can be sent. Check TWILIO_ACCOUNT_SID and \
                 TWILIO_AUTH_TOKEN (or the API key); queued messages wait"
            );
        }
        if accepted && before == 2 {
            tracing::info!("Twilio takes our credentials again; queued messages leave");
        }
    }

    fn state(&self) -> CredentialState {
        match self.0.load(Ordering::Relaxed) {
            0 => CredentialState::Untried,
            1 => CredentialState::Accepted,
            _ => CredentialState::Refused,
        }
    }
}

/// What an [`App`] is made of.
#[derive(Debug)]
pub struct Parts {
    /// Its memory.
    pub store: Store,
    /// Its time and randomness.
    pub world: World,
    /// How long it waits.
    pub timing: Timing,
    /// How it answers.
    pub policy: ReplyPolicy,
    /// Its Twilio account, if it has one.
    pub account: Option<TwilioAccount>,
    /// What it says of itself.
    pub facts: Facts,
}

impl App {
    /// Puts the parts together; starts nothing.
    pub fn new(parts: Parts) -> Self {
        let Parts { store, world, timing, policy, account, facts } = parts;
        let inner = Inner {
            store,
            world,
            timing,
            policy,
            account,
            credentials: Credentials::default(),
            facts,
            turns: health::Turns::default(),
            recovery: recovery::Schedule::default(),
            probing: tokio::sync::Mutex::new(()),
            auth: auth::SignIn::default(),
        };
        Self { inner: Arc::new(inner) }
    }

    pub(crate) fn store(&self) -> &Store {
        &self.inner.store
    }

    pub(crate) fn world(&self) -> &World {
        &self.inner.world
    }

    pub(crate) fn timing(&self) -> &Timing {
        &self.inner.timing
    }

    pub(crate) fn facts(&self) -> &Facts {
        &self.inner.facts
    }

    /// Whether there is an account to send and receive with.
    pub fn is_configured(&self) -> bool {
        self.inner.account.is_some()
    }

    fn account(&self) -> Option<&TwilioAccount> {
        self.inner.account.as_ref()
    }
}
