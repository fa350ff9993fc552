//! Removes what nobody needs any more, a little at a time, while the hub runs.

use tokio_util::sync::CancellationToken;

use super::service::{Running, Service};
use crate::app::App;

/// Tidies at the start and then now and again.
#[derive(Debug)]
pub(super) struct Housekeeping {
    pub(super) app: App,
}

impl Service for Housekeeping {
    fn name(&self) -> &'static str {
        "housekeeping"
    }

    fn run(self: Box<Self>, shutdown: CancellationToken) -> Running {
        Box::pin(tidy(self.app, shutdown))
    }
}

async fn tidy(app: App, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        let more = match app.tidy().await {
            Ok(removed) => removed > 0,
            Err(error) => {
                tracing::error!(%error, "old rows could not be removed; tried again later");
                false
            }
        };
        if !more && let Err(error) = app.tidy_knowledge().await {
            tracing::error!(%error, "FAISS: the working files could not be tidied; tried again later");
        }
        // Others get their turn at the writer between two rounds.
        let pause = if more { app.timing().poll } else { app.timing().tidy_every };
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}
