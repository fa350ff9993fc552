//! Use cases: what the hub does, in domain words. One file a noun.
//!
//! Called by the web, the jobs and the command line; calls the store and the clients. Knows neither HTTP
//! requests nor SQL.

pub mod assistant;
pub mod auth;
pub mod auto_reply;
pub mod automation;
pub mod backfill;
pub mod by_hand;
pub mod chat;
pub mod connected;
pub mod consents;
pub mod contents;
pub mod deliver;
pub mod desk;
pub mod health;
pub mod held;
pub mod history;
pub mod inbox;
pub mod knowledge;
pub mod latest;
pub mod listeners;
pub mod live;
pub mod media;
mod media_folder;
pub mod people;
pub mod receive;
pub mod reconcile;
pub mod recovery;
pub mod remote;
pub mod reply;
pub mod retriever;
pub mod secrets;
pub mod send;
pub mod send_message;
pub mod sending;
pub mod setup;
mod troubled;
pub mod webhooks;

use std::sync::{Arc, Mutex, OnceLock, RwLock, atomic::AtomicBool};

use hub_clients::{breaker::BreakerLimits, twilio::TwilioClient};
use hub_domain::{
    address::Address,
    meter::{Meter, meter},
    price::Prices,
    throttle::Throttle,
    timing::Timing,
};
use hub_store::{ReplyPolicy, Store};

pub use self::media_folder::MediaFolder;
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
    policy: Arc<ReplyPolicy>,
    models: assistant::Models,
    /// The keys in use and what is made of them.
    connected: RwLock<Arc<connected::Connected>>,
    /// Rings when it was replaced.
    reconnected: tokio::sync::watch::Sender<()>,
    /// Where keys may be changed: not in the demo, not at the command line.
    keys: OnceLock<secrets::Keys>,
    /// How many calls that create a message may be under way.
    throttle: Mutex<Throttle>,
    /// Twilio took our account since the start.
    account_taken: AtomicBool,
    facts: Facts,
    turns: health::Turns,
    recovery: recovery::Schedule,
    own_numbers: recovery::own_numbers::OwnNumbers,
    probing: tokio::sync::Mutex<()>,
    auth: auth::Auth,
    public: Option<setup::PublicSide>,
    looks: setup::Looks,
    contents: contents::Shelf,
    media: MediaFolder,
    /// Held while a file is written and referred to, and while files are removed.
    media_turn: tokio::sync::Mutex<()>,
    prices: Prices,
    live: live::Live,
    knowledge: Arc<knowledge::Knowledge>,
    meaning: Arc<knowledge::Meaning>,
    builds: knowledge::Builds,
    /// Who may ask the knowledge base's model now.
    answering: Arc<knowledge::Gate>,
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
    /// What a model says comes from the simulator: to be labelled so wherever it is shown.
    pub simulated_model: bool,
    /// Hub and simulator together.
    pub demo: bool,
    /// Inbound and status webhooks are checked.
    pub signatures_checked: bool,
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
    /// The model that may answer.
    pub models: assistant::ModelParts,
    /// Its Twilio account and how it sends.
    pub connected: connected::Connected,
    /// Its own address as others reach it, if it has one.
    pub public: Option<setup::PublicSide>,
    /// What it says of itself.
    pub facts: Facts,
    /// Where it keeps attachments.
    pub media: MediaFolder,
    /// What a text is taken to cost.
    pub prices: Prices,
    /// Its knowledge base.
    pub knowledge: Arc<knowledge::Knowledge>,
    /// Finds in it what is near in meaning, with the service that the keys open.
    pub meaning: Arc<knowledge::Meaning>,
}

impl App {
    /// Puts the parts together; starts nothing.
    pub fn new(parts: Parts) -> Self {
        let Parts {
            store,
            world,
            timing,
            policy,
            models,
            connected,
            public,
            facts,
            media,
            prices,
            knowledge,
            meaning,
        } = parts;
        meaning.ask_with(connected.models.embedder.clone());
        let inner = Inner {
            store,
            world,
            timing,
            policy: Arc::new(policy),
            models: assistant::Models::new(models),
            connected: RwLock::new(Arc::new(connected)),
            reconnected: tokio::sync::watch::Sender::new(()),
            keys: OnceLock::new(),
            throttle: Mutex::new(Throttle::new(sending::MOST_CALLS)),
            account_taken: AtomicBool::new(false),
            facts,
            turns: health::Turns::default(),
            recovery: recovery::Schedule::default(),
            own_numbers: recovery::own_numbers::OwnNumbers::default(),
            probing: tokio::sync::Mutex::new(()),
            auth: auth::Auth::default(),
            public,
            looks: setup::Looks::default(),
            contents: contents::Shelf::default(),
            media,
            media_turn: tokio::sync::Mutex::new(()),
            prices,
            live: live::Live::default(),
            knowledge,
            meaning,
            builds: knowledge::Builds::default(),
            answering: Arc::new(knowledge::Gate::new(BreakerLimits::of_models(&timing))),
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

    /// How messages are answered, with or without a model and from which numbers as the keys are now.
    fn reply_policy(&self) -> Arc<ReplyPolicy> {
        let (policy, model_available) = (&self.inner.policy, self.connected().models.assistant.is_some());
        let policy = if policy.model_available == model_available {
            Arc::clone(policy)
        } else {
            Arc::new(ReplyPolicy { model_available, ..ReplyPolicy::clone(policy) })
        };
        self.with_own_numbers(policy)
    }

    fn auth(&self) -> &auth::Auth {
        &self.inner.auth
    }

    pub(crate) fn facts(&self) -> &Facts {
        &self.inner.facts
    }

    /// What a text takes, and about what it costs to that recipient.
    pub fn meter(&self, text: &str, to: Option<&Address>) -> Meter {
        meter(text, to, &self.inner.prices)
    }
}
