//! Keeps the search index up with the messages, beside the webhooks and never in their way.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::app::App;

/// Between two steps at least. A step that took long, because the store is busy, is followed by a pause
/// [`REST`] times as long.
const BREATH: Duration = Duration::from_millis(5);
const REST: u32 = 4;

/// Indexes until `stop`: whenever work is announced, and now and then for messages of other processes.
pub async fn index(app: App, stop: CancellationToken) {
    let mut signal = app.store().work_signal();
    loop {
        let began = app.world().now();
        let pause = match app.index_messages().await {
            Ok(0) => None,
            Ok(_) => {
                let took = Duration::try_from(app.world().now().duration_since(began)).unwrap_or_default();
                Some(BREATH.max(took * REST))
            }
            Err(error) => {
                tracing::warn!(%error, "messages can't be indexed for search; it is tried again");
                Some(app.timing().index_pause)
            }
        };
        let rested = async {
            match pause {
                Some(pause) => tokio::time::sleep(pause).await,
                // What becomes of it doesn't matter: either way it is time to look.
                None => drop(tokio::time::timeout(app.timing().index_pause, signal.changed()).await),
            }
        };
        tokio::select! {
            () = stop.cancelled() => return,
            () = rested => {}
        }
    }
}
