//! A few read-only connections, one caller each; more callers wait their turn.

use std::{
    fmt,
    sync::{Arc, Mutex, PoisonError},
};

use rusqlite::Connection;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::StoreError;

pub(crate) struct Readers {
    idle: Mutex<Vec<Connection>>,
    places: Arc<Semaphore>,
}

impl Readers {
    pub(crate) fn open(
        count: usize,
        connect: impl Fn() -> Result<Connection, StoreError>,
    ) -> Result<Self, StoreError> {
        let idle = (0..count.max(1)).map(|_| connect()).collect::<Result<Vec<_>, _>>()?;
        let places = Arc::new(Semaphore::new(idle.len()));
        Ok(Self { idle: Mutex::new(idle), places })
    }

    pub(crate) async fn read<T, F>(self: Arc<Self>, work: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
    {
        let place = Arc::clone(&self.places).acquire_owned().await.map_err(|_| StoreError::Closed)?;
        let connection = self.lock().pop().ok_or(StoreError::Closed)?;
        let lent = Lent { readers: Arc::clone(&self), connection: Some(connection), _place: place };
        tokio::task::spawn_blocking(move || match lent.connection.as_ref() {
            Some(connection) => in_snapshot(connection, work),
            None => Err(StoreError::Closed),
        })
        .await
        .map_err(|error| StoreError::fault("a read", error))?
    }

    /// Closes the connections; one that is lent is closed when its read ends.
    pub(crate) fn close(&self) {
        self.places.close();
        self.lock().clear();
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// All statements of one read see the same state.
fn in_snapshot<T>(
    connection: &Connection,
    work: impl FnOnce(&Connection) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    connection.prepare_cached("BEGIN")?.execute(())?;
    let result = work(connection);
    connection.prepare_cached("ROLLBACK")?.execute(())?;
    result
}

/// Gives the connection back whatever happens to the read, and only then its place: a caller that stops
/// waiting leaves its read running.
struct Lent {
    readers: Arc<Readers>,
    connection: Option<Connection>,
    _place: OwnedSemaphorePermit,
}

impl Drop for Lent {
    fn drop(&mut self) {
        if let Some(connection) = self.connection.take() {
            if !connection.is_autocommit() {
                // A read that panicked left its snapshot open; dropping the transaction can't lose anything.
                let _ = connection.execute_batch("ROLLBACK");
            }
            if !self.readers.places.is_closed() {
                self.readers.lock().push(connection);
            }
        }
    }
}

impl fmt::Debug for Readers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Readers").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
