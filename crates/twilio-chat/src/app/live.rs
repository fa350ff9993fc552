//! What changes, told to everybody who watches: one relay from the store, however many there are.
//!
//! A watcher that comes back says what it saw last and gets what it missed, once each; one that has missed too
//! much, or falls behind, is told to read everything anew. Nothing here asks the store for a single watcher
//! while changes flow.

use std::sync::Arc;

use hub_store::{Event, Store, StoreError};
use thiserror::Error;
use tokio::sync::{
    Mutex, OwnedSemaphorePermit, Semaphore,
    broadcast::{self, error::RecvError, error::TryRecvError},
    watch,
};
use tokio_util::sync::CancellationToken;

use super::{
    App,
    knowledge::{Phase, Progressed},
};

/// Watchers at once; a panel needs one a browser.
const WATCHERS: usize = 500;
/// Changes kept for a watcher that is slow to take them.
const KEPT: usize = 1024;
/// Missed changes told one by one; more are a reason to read everything anew.
const MISSED: u32 = 1000;
/// Changes told at once.
const TOGETHER: usize = 256;

/// The relay and its watchers.
#[derive(Debug)]
pub(super) struct Live {
    changes: broadcast::Sender<Event>,
    places: Arc<Semaphore>,
    /// Whether the relay runs; it does while anybody watches.
    relay: Arc<Mutex<bool>>,
    ended: CancellationToken,
}

/// Why nobody can watch now.
#[derive(Debug, Error)]
pub enum WatchError {
    /// Too many do.
    #[error("{WATCHERS} watch already")]
    Full,
    /// What was missed can't be read.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// What a watcher is told.
#[derive(Clone, Debug)]
pub enum Told {
    /// These changes, in order; never empty.
    Changes(Vec<Event>),
    /// Too much to tell: read everything anew. It then stands at the change with this number.
    Reset(i64),
    /// How far a build of the knowledge base is. No change of the store: it has no number and is not told again.
    Building(Box<Progressed>),
    /// Nothing happens; the line is alive.
    Nothing,
}

/// One watcher.
#[derive(Debug)]
pub struct Watcher {
    app: App,
    changes: broadcast::Receiver<Event>,
    building: watch::Receiver<Progressed>,
    /// The last change told.
    last: i64,
    /// To be told first.
    first: Option<Told>,
    _place: OwnedSemaphorePermit,
}

impl Default for Live {
    fn default() -> Self {
        Self {
            changes: broadcast::channel(KEPT).0,
            places: Arc::new(Semaphore::new(WATCHERS)),
            relay: Arc::default(),
            ended: CancellationToken::new(),
        }
    }
}

impl App {
    /// Watches from the change after `after` on, or from now.
    pub async fn watch(&self, after: Option<i64>) -> Result<Watcher, WatchError> {
        let live = &self.inner.live;
        let place = Arc::clone(&live.places).try_acquire_owned().map_err(|_| WatchError::Full)?;
        // The relay first: what is committed while the missed changes are read comes through it.
        let changes = self.join_relay().await?;
        let (oldest, newest) = self.store().event_bounds().await?;
        let mut watcher = Watcher {
            app: self.clone(),
            changes,
            building: self.watch_all_of_a_build(),
            last: newest,
            first: None,
            _place: place,
        };
        let Some(after) = after.filter(|after| *after != newest) else { return Ok(watcher) };
        let known = after < newest && (after >= oldest - 1);
        let missed = if known { self.store().events_after(after, MISSED + 1).await? } else { Vec::new() };
        let told_one_by_one = known && u32::try_from(missed.len()).is_ok_and(|missed| missed <= MISSED);
        watcher.first = Some(match missed.last().map(|event| event.id) {
            Some(last) if told_one_by_one => {
                watcher.last = last;
                Told::Changes(missed)
            }
            Some(_) | None => Told::Reset(newest),
        });
        Ok(watcher)
    }

    /// A build that went on between the reading of a page and its first look at the stream is told of as well.
    fn watch_all_of_a_build(&self) -> watch::Receiver<Progressed> {
        let mut building = self.watch_building();
        if building.borrow_and_update().phase != Phase::Nothing {
            building.mark_changed();
        }
        building
    }

    /// Every watcher's stream ends: the program stops.
    pub fn end_watching(&self) {
        self.inner.live.ended.cancel();
    }

    /// A place at the relay, which is started for the first.
    async fn join_relay(&self) -> Result<broadcast::Receiver<Event>, StoreError> {
        let live = &self.inner.live;
        let mut running = live.relay.lock().await;
        let watcher = live.changes.subscribe();
        if !*running {
            let from = self.store().subscribe();
            let (_, last) = self.store().event_bounds().await?;
            let relay = Relay { app: self.clone(), last };
            tokio::spawn(relay.run(from));
            *running = true;
        }
        Ok(watcher)
    }
}

impl Watcher {
    /// The last change told, or that it began after.
    pub fn last(&self) -> i64 {
        self.last
    }

    /// What happens next; `None`: the stream ends.
    pub async fn next(&mut self) -> Option<Told> {
        if let Some(first) = self.first.take() {
            return Some(first);
        }
        let ended = self.app.inner.live.ended.clone();
        let mut together = Vec::new();
        while together.is_empty() {
            let next = tokio::time::timeout(self.app.timing().heartbeat, self.changes.recv());
            let next = tokio::select! {
                () = ended.cancelled() => return None,
                // The sender lives as long as the app, which this watcher holds.
                Ok(()) = self.building.changed() => {
                    return Some(Told::Building(Box::new(self.building.borrow_and_update().clone())));
                }
                next = next => next,
            };
            match next {
                Err(_) => return Some(Told::Nothing),
                Ok(Ok(event)) => self.take(event, &mut together),
                Ok(Err(RecvError::Lagged(_))) => return self.reset().await,
                Ok(Err(RecvError::Closed)) => return None,
            }
        }
        while together.len() < TOGETHER {
            match self.changes.try_recv() {
                Ok(event) => self.take(event, &mut together),
                Err(TryRecvError::Lagged(_)) => return self.reset().await,
                Err(TryRecvError::Empty | TryRecvError::Closed) => break,
            }
        }
        Some(Told::Changes(together))
    }

    /// What was told before is not told again.
    fn take(&mut self, event: Event, together: &mut Vec<Event>) {
        if event.id > self.last {
            self.last = event.id;
            together.push(event);
        }
    }

    /// It fell behind: it starts anew from here.
    async fn reset(&mut self) -> Option<Told> {
        self.changes = self.changes.resubscribe();
        let (_, newest) = self.app.store().event_bounds().await.ok()?;
        self.last = newest;
        Some(Told::Reset(newest))
    }
}

/// Passes on what the store announces, and what other processes wrote, in order and without gaps.
struct Relay {
    app: App,
    /// The last change passed on.
    last: i64,
}

impl Relay {
    async fn run(mut self, mut from: broadcast::Receiver<Event>) {
        let app = self.app.clone();
        let (live, watch) = (&app.inner.live, app.timing().watch);
        loop {
            let next = tokio::select! {
                () = live.ended.cancelled() => return,
                next = tokio::time::timeout(watch, from.recv()) => next,
            };
            let caught_up = match next {
                Ok(Ok(event)) if event.id <= self.last => Ok(()),
                Ok(Ok(event)) if event.id == self.last + 1 => {
                    self.pass_on(event);
                    Ok(())
                }
                // Another process wrote in between, or this one was too slow, or it is time to look.
                Ok(Ok(_) | Err(RecvError::Lagged(_))) | Err(_) => self.catch_up(app.store()).await,
                Ok(Err(RecvError::Closed)) => return,
            };
            match caught_up {
                Ok(()) => {}
                Err(StoreError::Closed) => return,
                Err(error) => {
                    tracing::warn!(%error, "changes can't be read; watchers wait for the next look");
                }
            }
            let mut running = live.relay.lock().await;
            if live.changes.receiver_count() == 0 {
                *running = false;
                return;
            }
        }
    }

    async fn catch_up(&mut self, store: &Store) -> Result<(), StoreError> {
        loop {
            let missed = store.events_after(self.last, MISSED).await?;
            if missed.is_empty() {
                return Ok(());
            }
            for event in missed {
                self.pass_on(event);
            }
        }
    }

    fn pass_on(&mut self, event: Event) {
        self.last = event.id;
        // Nobody watching is no error.
        let _ = self.app.inner.live.changes.send(event);
    }
}
