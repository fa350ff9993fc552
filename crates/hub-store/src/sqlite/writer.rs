//! Group commit: one thread, one transaction for many units, callers answered after the commit.
//!
//! A commit with `synchronous=FULL` waits for the disk; sharing it makes durability cheap. A unit that fails
//! takes nobody with it: the batch runs again with a savepoint for each. A fault that ends the whole
//! transaction (disk full, I/O error) is reported to every caller in it.

mod checkpoint;

use std::{
    collections::VecDeque,
    fmt,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        Arc, Condvar, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, AtomicI32, Ordering},
    },
    thread::JoinHandle,
};

use rusqlite::{Connection, hooks::Wal};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};

use super::{
    Bell,
    unit::{Announcements, Given, Unit},
};
use crate::error::StoreError;

/// Units in one commit at most.
const BATCH: usize = 256;
/// Places in a batch that webhooks leave to other work when there is any.
const RESERVED_FOR_WORK: usize = 64;
/// Webhooks waiting at most; one more is told to come again.
const WEBHOOK_ROOM: usize = 4096;
/// Other units waiting at most; one more waits for a place.
const WORK_ROOM: usize = 1024;

/// Which of the two queues a unit waits in. Webhooks go first: Twilio waits for them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Queue {
    Webhook,
    Work,
}

/// The writer thread and the door to it.
pub(crate) struct Writer {
    shared: Arc<Shared>,
    webhook_room: Arc<Semaphore>,
    work_room: Arc<Semaphore>,
    threads: Mutex<Vec<JoinHandle<()>>>,
}

#[derive(Default)]
struct Shared {
    queues: Mutex<Queues>,
    units: Condvar,
    checkpoint: Condvar,
    /// Pages in the WAL after the last commit.
    wal_pages: Arc<AtomicI32>,
    /// A checkpoint beside the writer has just ended.
    copied: AtomicBool,
}

#[derive(Default)]
struct Queues {
    webhooks: VecDeque<Box<dyn Waiting>>,
    work: VecDeque<Box<dyn Waiting>>,
    checkpoint_wanted: bool,
    closed: bool,
}

impl Writer {
    pub(crate) fn start(
        mut connection: Connection,
        checkpointer: Connection,
        bell: Arc<Bell>,
        given: Given,
    ) -> Result<Self, StoreError> {
        let shared = Arc::new(Shared::default());
        let spawn = |name: &str, run: Box<dyn FnOnce() + Send>| {
            std::thread::Builder::new()
                .name(name.to_owned())
                .spawn(run)
                .map_err(|error| StoreError::fault("starting a store thread", error))
        };
        let writer = Arc::clone(&shared);
        let beside = Arc::clone(&shared);
        let threads = vec![
            spawn("store-writer", Box::new(move || write_loop(&mut connection, &writer, &bell, &given)))?,
            spawn("store-checkpoint", Box::new(move || checkpoint::beside(&checkpointer, &beside)))?,
        ];
        Ok(Self {
            shared,
            webhook_room: Arc::new(Semaphore::new(WEBHOOK_ROOM)),
            work_room: Arc::new(Semaphore::new(WORK_ROOM)),
            threads: Mutex::new(threads),
        })
    }

    pub(crate) async fn write<T, F>(&self, queue: Queue, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnMut(&mut Unit<'_>) -> Result<T, StoreError> + Send + 'static,
    {
        let room = match queue {
            Queue::Webhook => {
                Arc::clone(&self.webhook_room).try_acquire_owned().map_err(|_| StoreError::Busy)?
            }
            Queue::Work => {
                Arc::clone(&self.work_room).acquire_owned().await.map_err(|_| StoreError::Closed)?
            }
        };
        let (reply, answer) = oneshot::channel();
        let unit = Box::new(WaitingUnit { work, result: None, reply, _room: room });
        {
            let mut queues = self.shared.lock();
            if queues.closed {
                return Err(StoreError::Closed);
            }
            match queue {
                Queue::Webhook => queues.webhooks.push_back(unit),
                Queue::Work => queues.work.push_back(unit),
            }
        }
        self.shared.units.notify_one();
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// Writes what is queued, checkpoints and joins the threads.
    pub(crate) fn close(&self) {
        self.shared.lock().closed = true;
        self.shared.units.notify_all();
        self.shared.checkpoint.notify_all();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        for thread in threads {
            if thread.join().is_err() {
                tracing::error!("a store thread panicked");
            }
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.close();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queues> {
        self.queues.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The next batch; `None` when closed and empty.
    fn next_batch(&self) -> Option<Vec<Box<dyn Waiting>>> {
        let mut queues = self.lock();
        loop {
            let waiting = queues.webhooks.len() + queues.work.len();
            if waiting > 0 {
                let left_to_work = queues.work.len().min(RESERVED_FOR_WORK);
                let from_webhooks = queues.webhooks.len().min(BATCH - left_to_work);
                let from_work = queues.work.len().min(BATCH - from_webhooks);
                let mut batch = Vec::with_capacity(from_webhooks + from_work);
                batch.extend(queues.webhooks.drain(..from_webhooks));
                batch.extend(queues.work.drain(..from_work));
                return Some(batch);
            }
            if queues.closed {
                return None;
            }
            queues = self.units.wait(queues).unwrap_or_else(PoisonError::into_inner);
        }
    }
}

fn write_loop(connection: &mut Connection, shared: &Shared, bell: &Bell, given: &Given) {
    let wal_pages = Arc::clone(&shared.wal_pages);
    let hooked = connection.wal_hook(Some(move |_: &mut Wal, pages| {
        wal_pages.store(pages, Ordering::Relaxed);
        Ok(())
    }));
    if let Err(error) = hooked {
        tracing::error!(%error, "the WAL is not watched: checkpoints run only at closing");
    }
    while let Some(mut batch) = shared.next_batch() {
        match commit(connection, &mut batch, given) {
            Ok(announced) => {
                for unit in batch {
                    unit.answer(None);
                }
                announce(bell, announced);
            }
            Err(fault) => {
                tracing::error!(error = %fault, units = batch.len(), "the store could not commit");
                for unit in batch {
                    unit.answer(Some(&fault));
                }
            }
        }
        checkpoint::after_commit(connection, shared);
    }
    if let Err(error) = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
        tracing::warn!(%error, "no checkpoint at closing; the next start does it");
    }
}

/// Runs the batch in one transaction. On `Err` nothing of it is on disk.
fn commit(
    connection: &Connection,
    batch: &mut [Box<dyn Waiting>],
    given: &Given,
) -> Result<Announcements, StoreError> {
    match commit_together(connection, batch, given)? {
        Some(announced) => Ok(announced),
        None => commit_apart(connection, batch, given),
    }
}

/// Without savepoints, which cost a copy of every page a unit touches. `None`: a unit failed half way, so
/// all of the batch was undone and has to run again.
fn commit_together(
    connection: &Connection,
    batch: &mut [Box<dyn Waiting>],
    given: &Given,
) -> Result<Option<Announcements>, StoreError> {
    execute(connection, "BEGIN IMMEDIATE")?;
    let mut announced = Announcements::default();
    let alone = batch.len() == 1;
    for unit in batch.iter_mut() {
        let changes = connection.total_changes();
        let mut scope = Unit::new(connection, given);
        let kept = unit.run(&mut scope);
        if connection.is_autocommit() {
            // SQLite ended the transaction by itself (disk full, I/O error): everyone's work is gone.
            return Err(unit.failure());
        }
        if kept {
            announced.append(scope.announcements);
        } else if connection.total_changes() != changes || matches!(unit.failure(), StoreError::Fault { .. })
        {
            execute(connection, "ROLLBACK")?;
            return Ok(alone.then_some(announced));
        }
    }
    finish(connection, &announced).map(|()| Some(announced))
}

/// Each unit in a savepoint of its own: one that fails takes nobody with it.
fn commit_apart(
    connection: &Connection,
    batch: &mut [Box<dyn Waiting>],
    given: &Given,
) -> Result<Announcements, StoreError> {
    execute(connection, "BEGIN IMMEDIATE")?;
    let mut announced = Announcements::default();
    for unit in batch.iter_mut() {
        execute(connection, "SAVEPOINT unit")?;
        let mut scope = Unit::new(connection, given);
        let kept = unit.run(&mut scope);
        if connection.is_autocommit() {
            return Err(unit.failure());
        }
        if kept {
            announced.append(scope.announcements);
        } else {
            execute(connection, "ROLLBACK TO unit")?;
        }
        execute(connection, "RELEASE unit")?;
    }
    finish(connection, &announced).map(|()| announced)
}

/// Adds what the units counted to the kept counts, once for all of them, and commits.
fn finish(connection: &Connection, announced: &Announcements) -> Result<(), StoreError> {
    if let Err(error) = announced.tallies.write(connection) {
        execute(connection, "ROLLBACK")?;
        return Err(error);
    }
    execute(connection, "COMMIT")
}

/// Runs a transaction statement; on failure makes sure that no transaction stays open.
fn execute(connection: &Connection, sql: &str) -> Result<(), StoreError> {
    let done = connection.prepare_cached(sql).and_then(|mut statement| statement.execute(()));
    match done {
        Ok(_) => Ok(()),
        Err(error) => {
            if !connection.is_autocommit()
                && let Err(second) = connection.execute_batch("ROLLBACK")
            {
                tracing::error!(error = %second, "could not roll back");
            }
            Err(StoreError::fault(sql, error))
        }
    }
}

fn announce(bell: &Bell, announced: Announcements) {
    if announced.work {
        bell.work.send_modify(|count| *count = count.wrapping_add(1));
    }
    for event in announced.events {
        // No receiver is no error: nobody has a panel open.
        let _ = bell.events.send(event);
    }
}

/// A unit in the queue, whatever it returns.
trait Waiting: Send {
    /// Runs it, anew when it ran before; `false` when its effects must be undone.
    fn run(&mut self, unit: &mut Unit<'_>) -> bool;
    /// The error it ended with, for a batch that ended with it.
    fn failure(&self) -> StoreError;
    /// Tells the caller: its own result, or the fault that undid the whole batch.
    fn answer(self: Box<Self>, fault: Option<&StoreError>);
}

struct WaitingUnit<T, F> {
    work: F,
    result: Option<Result<T, StoreError>>,
    reply: oneshot::Sender<Result<T, StoreError>>,
    _room: OwnedSemaphorePermit,
}

impl<T, F> Waiting for WaitingUnit<T, F>
where
    T: Send,
    F: FnMut(&mut Unit<'_>) -> Result<T, StoreError> + Send,
{
    fn run(&mut self, unit: &mut Unit<'_>) -> bool {
        let result = catch_unwind(AssertUnwindSafe(|| (self.work)(unit))).unwrap_or_else(|_| {
            tracing::error!("a unit of work panicked");
            Err(StoreError::Corrupt("a unit of work that panicked"))
        });
        let kept = result.is_ok();
        self.result = Some(result);
        kept
    }

    fn failure(&self) -> StoreError {
        match &self.result {
            Some(Err(error)) => error.clone(),
            Some(Ok(_)) | None => StoreError::Closed,
        }
    }

    fn answer(self: Box<Self>, fault: Option<&StoreError>) {
        let result = match (fault, self.result) {
            (Some(fault), _) => Err(fault.clone()),
            (None, Some(result)) => result,
            (None, None) => Err(StoreError::Closed),
        };
        // A caller that stopped waiting (its client hung up) has nobody to tell; the effects stand.
        let _ = self.reply.send(result);
    }
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
