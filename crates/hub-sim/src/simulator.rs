//! The simulator as its users hold it: a cheap handle with every operation.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::Notify;

use crate::answers::{WebhookAnswer, WebhookFailure, WebhookRecord};
use crate::config::{Now, Rule, SimConfig};
use crate::faults::Faults;
use crate::message::SimMessage;
use crate::model::ModelSimulator;
use crate::phone::{PhoneBubble, PhoneText};
use crate::scenario::Scenario;
use crate::state::{Counts, State};
use crate::webhook::Webhook;
use crate::{api, control, media};

/// Delivers a webhook right now and tells what came of it.
pub type Deliver = Arc<dyn Fn(Webhook) -> DeliverFuture + Send + Sync>;

/// What [`Deliver`] returns.
pub type DeliverFuture = Pin<Box<dyn Future<Output = Result<WebhookAnswer, WebhookFailure>> + Send>>;

/// A simulated Twilio account. Clones are handles to the same account.
///
/// In process: call [`router`](Self::router) for the API, move the clock, and post what
/// [`due_webhooks`](Self::due_webhooks) returns. Over HTTP: [`serve`](crate::serve).
#[derive(Clone)]
pub struct Simulator {
    shared: Arc<Shared>,
}

struct Shared {
    now: Now,
    state: Mutex<State>,
    deliver: Mutex<Option<Deliver>>,
    changed: Notify,
    model: ModelSimulator,
    /// API requests being answered.
    under_way: Arc<AtomicUsize>,
}

impl fmt::Debug for Simulator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Simulator").field("counts", &self.counts()).finish_non_exhaustive()
    }
}

impl Simulator {
    /// A new account with no messages.
    pub fn new(config: SimConfig, now: Now) -> Self {
        let model = ModelSimulator::new(config.model_key.clone(), config.seed, Arc::clone(&now));
        let state = Mutex::new(State::new(config));
        Self {
            shared: Arc::new(Shared {
                now,
                state,
                model,
                deliver: Mutex::new(None),
                changed: Notify::new(),
                under_way: Arc::default(),
            }),
        }
    }

    /// The model service, on the same router.
    pub fn model(&self) -> &ModelSimulator {
        &self.shared.model
    }

    /// Twilio's REST API under `/2010-04-01` and the control API under `/sim`.
    pub fn router(&self) -> axum::Router {
        api::router(self.clone())
            .merge(media::cdn(self.clone()))
            .merge(control::router(self.clone()))
            .merge(self.shared.model.router())
    }

    /// Sets where inbound messages are posted.
    pub fn set_inbound_url(&self, url: String) {
        self.lock().config.inbound_url = url;
    }

    /// Sets where one number's messages are posted: to another application, say.
    pub fn set_number_url(&self, number: &str, url: String) {
        self.lock().set_number_url(number, url);
    }

    /// Sets where the hub reaches this API (`http://127.0.0.1:4010`): attachments are named under it.
    pub fn set_api_url(&self, url: String) {
        self.lock().config.api_url = url;
    }

    /// Sets how a callback that overtakes the answer of its create is delivered. Without it such a callback is
    /// simply due at once.
    pub fn set_deliver(&self, deliver: Deliver) {
        *self.shared.deliver.lock().unwrap_or_else(PoisonError::into_inner) = Some(deliver);
    }

    /// Replaces the plan of faults.
    pub fn faults(&self, faults: Faults) {
        self.lock().faults = faults;
    }

    /// The plan of faults with what is left of its script.
    pub fn fault_plan(&self) -> Faults {
        self.lock().faults.clone()
    }

    /// Replaces how messages to certain numbers end.
    pub fn set_rules(&self, rules: Vec<Rule>) {
        self.lock().config.rules = rules;
    }

    /// A person writes: records the message, queues its signed webhook; returns the SID.
    pub fn phone_sends(&self, text: PhoneText) -> String {
        self.change(|state, now| state.receive(text, now))
    }

    /// Plays a story whose people write to `ours`; an hour of it takes `hour`. Returns when its last text comes.
    pub fn play(&self, scenario: &Scenario, ours: &str, hour: Duration) -> Timestamp {
        self.change(|state, now| state.play(scenario, ours, hour, now))
    }

    /// Takes the webhooks whose time has come, in order.
    pub fn due_webhooks(&self) -> Vec<Webhook> {
        self.settled().outbox.drain(..).collect()
    }

    /// When the next thing happens by itself.
    pub fn next_due(&self) -> Option<Timestamp> {
        let now = self.now();
        self.lock().next_due(now)
    }

    /// Tells what came of a webhook: logs it, sends what the answer asks for, retries as Twilio would.
    pub fn webhook_answered(&self, webhook: &Webhook, result: &Result<WebhookAnswer, WebhookFailure>) {
        self.change(|state, now| state.answered(webhook, result, now));
    }

    /// Every message of the account, oldest first, deleted ones included.
    pub fn messages(&self) -> Vec<SimMessage> {
        self.settled().messages.clone()
    }

    /// One message, deleted or not.
    pub fn message(&self, sid: &str) -> Option<SimMessage> {
        let state = self.settled();
        state.messages.get(*state.by_sid.get(sid)?).cloned()
    }

    /// What that person's phone shows, oldest first.
    pub fn phone_thread(&self, number: &str) -> Vec<PhoneBubble> {
        self.settled().thread(number)
    }

    /// Who has written so far, in the order of their first texts.
    pub fn people(&self) -> Vec<String> {
        self.settled().people()
    }

    /// How the creates so far went.
    pub fn counts(&self) -> Counts {
        self.lock().counts
    }

    /// The latest webhook attempts, oldest first.
    pub fn webhook_log(&self) -> Vec<WebhookRecord> {
        self.lock().webhook_log.iter().cloned().collect()
    }

    /// Our senders: those of the account and of its services.
    pub fn numbers(&self) -> Vec<String> {
        let state = self.lock();
        let pools = state.config.messaging_services.iter().flat_map(|service| &service.numbers);
        let mut numbers: Vec<String> = Vec::new();
        for number in state.config.numbers.iter().chain(pools) {
            if !numbers.contains(number) {
                numbers.push(number.clone());
            }
        }
        numbers
    }

    pub(crate) fn now(&self) -> Timestamp {
        (self.shared.now)()
    }

    pub(crate) fn under_way(&self) -> Arc<AtomicUsize> {
        Arc::clone(&self.shared.under_way)
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.shared.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state with everything done whose time has come.
    pub(crate) fn settled(&self) -> MutexGuard<'_, State> {
        let now = self.now();
        let mut state = self.lock();
        state.settle(now);
        state
    }

    /// Changes the state and wakes whoever waits for the next event.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State, Timestamp) -> T) -> T {
        let now = self.now();
        let mut state = self.lock();
        state.settle(now);
        let result = change(&mut state, now);
        drop(state);
        self.shared.changed.notify_one();
        result
    }

    /// Ends at the next change of the agenda.
    pub(crate) async fn changed(&self) {
        self.shared.changed.notified().await;
    }

    /// Delivers a callback before its create is answered, or makes it due at once.
    pub(crate) async fn deliver_now(&self, webhook: Webhook) {
        let deliver = self.shared.deliver.lock().unwrap_or_else(PoisonError::into_inner).clone();
        match deliver {
            Some(deliver) => {
                let result = deliver(webhook.clone()).await;
                self.webhook_answered(&webhook, &result);
            }
            None => self.change(|state, _| state.outbox.push_front(webhook)),
        }
    }
}
