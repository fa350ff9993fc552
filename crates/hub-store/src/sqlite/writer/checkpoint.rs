//! Copying the WAL into the database: in rounds on a thread beside the writer, which copies what little is left.

use std::{
    sync::{PoisonError, atomic::Ordering},
    time::Duration,
};

use rusqlite::Connection;

use super::Shared;

/// Pages in the WAL after which a checkpoint runs beside the writer (4 KiB each). The more there are, the more
/// often is a page among them that several commits wrote and that is copied once.
const PAGES: i32 = 8_000;
/// Pages written while a checkpoint ran that the writer may copy itself, for the WAL to start over.
const REST: i32 = 250;
/// Checkpoints in a row beside the writer that try to leave it so few.
const ROUNDS: usize = 6;
/// Pages in the WAL after which the writer itself checkpoints: readers have kept it from restarting.
const PAGES_LIMIT: i32 = 32_000;

/// Asks for a checkpoint where there is enough to copy, or ends one that is nearly done.
pub(super) fn after_commit(connection: &Connection, shared: &Shared) {
    let pages = shared.wal_pages.load(Ordering::Relaxed);
    if pages > PAGES_LIMIT {
        if let Err(error) = connection.execute_batch("PRAGMA wal_checkpoint(TRUNCATE)") {
            tracing::warn!(%error, "checkpoint by the writer failed");
        }
        shared.wal_pages.store(0, Ordering::Relaxed);
    } else if pages > PAGES && shared.copied.swap(false, Ordering::Acquire) {
        // What was written while it ran is little. With that copied too the WAL starts over, unless a reader
        // needs it; otherwise it would grow for as long as there is something to write.
        if let Err(error) = connection.execute_batch("PRAGMA wal_checkpoint(PASSIVE)") {
            tracing::warn!(%error, "checkpoint by the writer failed");
        }
    } else if pages > PAGES {
        shared.lock().checkpoint_wanted = true;
        shared.checkpoint.notify_one();
    }
}

/// Copies committed pages into the database beside the writer, which goes on meanwhile.
pub(super) fn beside(connection: &Connection, shared: &Shared) {
    loop {
        {
            let mut queues = shared.lock();
            while !queues.checkpoint_wanted && !queues.closed {
                queues = shared.checkpoint.wait(queues).unwrap_or_else(PoisonError::into_inner);
            }
            if queues.closed {
                return;
            }
            queues.checkpoint_wanted = false;
        }
        match copy_most(connection, shared) {
            Ok(()) => shared.copied.store(true, Ordering::Release),
            Err(error) => tracing::warn!(%error, "checkpoint failed; it is tried again"),
        }
        // At most five times a second: a checkpoint of a few pages costs the same two syncs as a large one.
        let queues = shared.lock();
        let pause = Duration::from_millis(200);
        drop(shared.checkpoint.wait_timeout_while(queues, pause, |queues| !queues.closed));
    }
}

/// Each round has less to copy than was written during the one before, as long as copying is faster than writing.
fn copy_most(connection: &Connection, shared: &Shared) -> rusqlite::Result<()> {
    for _ in 0..ROUNDS {
        let copied: i32 = connection.query_row("PRAGMA wal_checkpoint(PASSIVE)", (), |row| row.get(2))?;
        if shared.wal_pages.load(Ordering::Relaxed) - copied <= REST {
            break;
        }
    }
    Ok(())
}
