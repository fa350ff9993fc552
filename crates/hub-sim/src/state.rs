//! Everything the simulator remembers, behind one mutex. Methods are added where their subject is.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::time::Duration;

use jiff::Timestamp;
use serde::Serialize;

use crate::answers::WebhookRecord;
use crate::config::SimConfig;
use crate::faults::Faults;
use crate::media::Shelf;
use crate::message::{SimMessage, Status};
use crate::numbers::Settings;
use crate::optout::OptOuts;
use crate::phone::PhoneText;
use crate::random::Random;
use crate::webhook::Webhook;

/// How the creates so far went: `creates = accepted + refused + lost`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Came in (past the credentials).
    pub creates: usize,
    /// Became messages.
    pub accepted: usize,
    /// Answered with an error and not processed.
    pub refused: usize,
    /// Not processed and not answered.
    pub lost: usize,
    /// Among the accepted: those whose sender could not learn it from the answer.
    pub hidden: usize,
    /// Attachments asked for with the account's credentials at the place that needs none.
    pub leaked: usize,
    /// API requests of any kind, wrong credentials included.
    pub requests: usize,
    /// Webhook attempts handed out and answered, or failed.
    pub webhooks: usize,
}

/// The account's memory.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) config: SimConfig,
    pub(crate) faults: Faults,
    pub(crate) counts: Counts,
    /// Oldest first; a message's index never changes.
    pub(crate) messages: Vec<SimMessage>,
    pub(crate) by_sid: HashMap<String, usize>,
    pub(crate) by_to: HashMap<String, Vec<usize>>,
    pub(crate) by_from: HashMap<String, Vec<usize>>,
    /// The last time that person (second) wrote to that sender of ours (first).
    pub(crate) last_inbound: HashMap<(String, String), Timestamp>,
    pub(crate) opt_outs: OptOuts,
    pub(crate) shelf: Shelf,
    /// What was set at numbers and services.
    pub(crate) settings: Settings,
    /// When the last text of the story being played comes.
    pub(crate) story_ends: Option<Timestamp>,
    /// What is going to happen, by time and then in the order it was planned.
    agenda: BTreeMap<(Timestamp, u64), Event>,
    planned: u64,
    /// Webhooks whose time has come.
    pub(crate) outbox: VecDeque<Webhook>,
    pub(crate) webhook_log: VecDeque<WebhookRecord>,
    pub(crate) ids: Random,
    pub(crate) luck: Random,
}

/// Something on the agenda.
#[derive(Debug)]
pub(crate) enum Event {
    /// A message reaches its next status.
    Step(Step),
    /// A person writes.
    Write(Box<PhoneText>),
    /// A webhook is to be sent.
    Deliver(Box<Webhook>),
}

/// A message reaches a status.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    pub(crate) index: usize,
    pub(crate) status: Status,
    pub(crate) error_code: Option<u32>,
}

impl State {
    pub(crate) fn new(config: SimConfig) -> Self {
        // Two streams: a change of the fault plan doesn't change the SIDs.
        let (ids, luck) = (Random::new(config.seed), Random::new(!config.seed));
        Self {
            config,
            faults: Faults::default(),
            counts: Counts::default(),
            messages: Vec::new(),
            by_sid: HashMap::new(),
            by_to: HashMap::new(),
            by_from: HashMap::new(),
            last_inbound: HashMap::new(),
            opt_outs: OptOuts::default(),
            shelf: Shelf::default(),
            settings: Settings::default(),
            story_ends: None,
            agenda: BTreeMap::new(),
            planned: 0,
            outbox: VecDeque::new(),
            webhook_log: VecDeque::new(),
            ids,
            luck,
        }
    }

    /// Keeps a new message and returns its index.
    pub(crate) fn keep(&mut self, message: SimMessage) -> usize {
        let index = self.messages.len();
        self.by_sid.insert(message.sid.clone(), index);
        self.by_to.entry(message.to.clone()).or_default().push(index);
        if let Some(from) = &message.from {
            self.by_from.entry(from.clone()).or_default().push(index);
        }
        self.messages.push(message);
        index
    }

    /// The message of that SID unless it was deleted.
    pub(crate) fn find(&self, sid: &str) -> Option<(usize, &SimMessage)> {
        let index = *self.by_sid.get(sid)?;
        let message = self.messages.get(index)?;
        (!message.deleted).then_some((index, message))
    }

    /// Puts an event on the agenda.
    pub(crate) fn plan(&mut self, at: Timestamp, event: Event) {
        self.planned += 1;
        self.agenda.insert((at, self.planned), event);
    }

    /// Takes the next event whose time has come.
    pub(crate) fn next_event(&mut self, now: Timestamp) -> Option<(Timestamp, Event)> {
        let entry = self.agenda.first_entry()?;
        (entry.key().0 <= now).then(|| {
            let ((at, _), event) = entry.remove_entry();
            (at, event)
        })
    }

    /// When the next thing happens; webhooks that wait already are due at `now`.
    pub(crate) fn next_due(&self, now: Timestamp) -> Option<Timestamp> {
        if self.outbox.is_empty() { self.agenda.keys().next().map(|(at, _)| *at) } else { Some(now) }
    }
}

/// `at` and some time more; the end of time if there is no such moment.
pub(crate) fn later(at: Timestamp, wait: Duration) -> Timestamp {
    at.checked_add(wait).unwrap_or(Timestamp::MAX)
}
