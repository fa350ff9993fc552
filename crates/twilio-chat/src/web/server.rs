//! Serving the router on a bound listener until told to stop.

use std::{io, time::Duration};

use axum::{Router, serve::ListenerExt};
use thiserror::Error;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// The server ended by itself.
#[derive(Debug, Error)]
#[error("the web server ended")]
pub struct ServerError(#[from] io::Error);

/// Serves until `stop`, then lets requests in hand finish, but not longer than `drain`: an idle or stalled
/// connection must not hold the shutdown up.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: CancellationToken,
    drain: Duration,
) -> Result<(), ServerError> {
    let listener = listener.tap_io(|stream| {
        // Answers are small; waiting to fill a packet only adds latency.
        if let Err(error) = stream.set_nodelay(true) {
            tracing::debug!(%error, "TCP_NODELAY refused");
        }
    });
    let stopped = stop.clone();
    let server =
        axum::serve(listener, router).with_graceful_shutdown(async move { stopped.cancelled().await });
    let overdue = async {
        stop.cancelled().await;
        tokio::time::sleep(drain).await;
    };
    tokio::select! {
        ended = server => Ok(ended?),
        () = overdue => {
            tracing::warn!("connections still open at shutdown; they are cut");
            Ok(())
        }
    }
}
