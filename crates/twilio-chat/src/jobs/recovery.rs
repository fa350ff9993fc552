//! The loop of the recovery: turn after turn while something is due, then a pause.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures_util::FutureExt as _;
use tokio_util::sync::CancellationToken;

use super::service::{Running, Service};
use crate::app::{App, recovery::Turn};

/// Looks for what was missed.
#[derive(Debug)]
pub(super) struct Recovery {
    pub(super) app: App,
}

impl Service for Recovery {
    fn name(&self) -> &'static str {
        "recovery"
    }

    fn run(self: Box<Self>, shutdown: CancellationToken) -> Running {
        Box::pin(async move {
            let timing = self.app.timing();
            if self.app.is_polling() {
                tracing::warn!(
                    every_ms = u64::try_from(timing.polling_every.as_millis()).unwrap_or(u64::MAX),
                    "Twilio has no https address of ours to call: messages and delivery statuses are fetched"
                );
            }
            // A turn that is cut off leaves nothing half done: each writes in whole transactions.
            shutdown.run_until_cancelled(look(&self.app)).await;
            self.app.note_recovery(false);
        })
    }
}

async fn look(app: &App) {
    loop {
        app.note_recovery(true);
        let pause = match AssertUnwindSafe(app.recover()).catch_unwind().await {
            Ok(Ok(Turn::Did)) => continue,
            Ok(Ok(Turn::Idle(until))) => {
                let wait = Duration::try_from(until.duration_since(app.world().now())).unwrap_or_default();
                // The store may get earlier work meanwhile, and a machine's clock may be set.
                wait.clamp(app.timing().retry_base / 10, app.timing().polling_every)
            }
            Ok(Err(hub_store::StoreError::Closed)) => app.timing().retry_cap,
            Ok(Err(error)) => {
                tracing::error!(%error, "the recovery could not read or write");
                app.timing().retry_cap
            }
            Err(_) => {
                tracing::error!("the recovery panicked");
                app.timing().retry_cap
            }
        };
        tokio::time::sleep(pause).await;
    }
}

/// Does everything of the recovery that is due now, in this task; how many turns it took. For tests.
pub async fn recover_due(app: &App) -> usize {
    let mut turns = 0;
    while let Ok(Turn::Did) = app.recover().await {
        turns += 1;
    }
    turns
}
