//! Removes what nobody needs any more, a little at a time, while the hub runs.

use tokio_util::sync::CancellationToken;

use crate::app::App;

/// What this loop is called in the log.
pub(crate) const NAME: &str = "housekeeping";

/// Tidies at the start and then now and again, until `shutdown`.
pub(crate) async fn run(app: App, shutdown: CancellationToken) {
    while !shutdown.is_cancelled() {
        let more = match app.tidy().await {
            Ok(removed) => removed > 0,
            Err(error) => {
                tracing::error!(service = NAME, %error, "old rows could not be removed; tried again later");
                false
            }
        };
        // Others get their turn at the writer between two rounds.
        let pause = if more { app.timing().poll } else { app.timing().tidy_every };
        tokio::select! {
            () = shutdown.cancelled() => {}
            () = tokio::time::sleep(pause) => {}
        }
    }
}
